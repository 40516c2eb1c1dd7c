"""Pictures for the stories about Istanbul and the strait."""

from __future__ import annotations

import math

from motifs import arrow, gull, rose, sea, skyline
from PIL import Image
from press import Point, Sheet, dots, lines, smooth


def ferry(sheet: Sheet, x: float, y: float, k: float, hull: str = "ink") -> None:
    """An old Bosphorus ferry seen from the side; (x, y) is the middle of its waterline and `k` its scale."""

    def at(points: list[Point]) -> list[Point]:
        return [(x + px * k, y + py * k) for px, py in points]

    house = sheet.mask()
    house.poly(at([(-165, -38), (150, -38), (128, -66), (-150, -66)]))
    house.poly(at([(-128, -66), (96, -66), (84, -92), (-118, -92)]))
    house.poly(at([(40, -92), (82, -92), (76, -116), (44, -116)]))
    sheet.cut(house)
    body = sheet.mask().poly(at([(-205, -44), (-190, -40), (170, -40), (214, -56), (186, 2), (-186, 2)]))
    sheet.solid(hull, body)
    sheet.cut(sheet.mask().poly(at([(-196, -31), (194, -36), (193, -32), (-195, -27)])))
    funnel = sheet.mask().poly(at([(-24, -92), (14, -92), (8, -158), (-22, -158)]))
    sheet.solid("red", funnel)
    sheet.solid("ink", sheet.mask().poly(at([(-23, -146), (9, -146), (8, -160), (-23, -160)])))
    pen = sheet["ink"]
    for row, (left, right, top) in enumerate(((-150, 132, -58), (-116, 82, -84))):
        px = float(left)
        while px < right:
            pen.poly(at([(px, top), (px + 11, top), (px + 11, top + (13 if row == 0 else 11)), (px, top + 12)]))
            px += 18
    for px1, px2, py in ((-166, 151, -38), (-151, 129, -66), (-119, 85, -92), (42, 78, -116)):
        pen.stroke(at([(px1, py), (px2, py)]), 2.4 * k)
    pen.poly(at([(48, -110), (73, -110), (75, -98), (47, -98)]))
    pen.stroke(at([(-150, -66), (-150, -120)]), 2 * k)
    pen.stroke(at([(120, -66), (120, -128)]), 2 * k)
    sheet.solid("red", sheet.mask().poly(at([(-150, -120), (-176, -113), (-150, -104)])))


def smoke(sheet: Sheet, start: Point, drift: float, rise: float) -> None:
    x, y = start
    shape = sheet.mask()
    for i in range(16):
        t = i / 15
        shape.disc(x - drift * t, y - rise * math.sqrt(t), 10 + 36 * t + sheet.rng.uniform(-5, 8))
    sheet.ink("ink", shape, sheet.cloud(14, 0.05, 0.55), lines(sheet.size, 8, 12, 1, 9))


def ferries() -> Image.Image:
    sheet = Sheet(11)
    sheet.ink("ochre", sheet.mask().rect(0, 0, 1600, 470), sheet.fade(0.15, 1.0), dots(sheet.size, 10))
    sheet.solid("red", sheet.mask().disc(1130, 300, 120))
    skyline(sheet, 430)
    sea(sheet, 450, (0.3, 0.85))
    glint = sheet.mask()
    for _ in range(60):
        y = sheet.rng.uniform(462, 880)
        x = 1130 + sheet.rng.gauss(0, 30 + (y - 450) * 0.28)
        long = sheet.rng.uniform(14, 50) * (0.5 + (y - 440) / 400)
        glint.taper([(x - long, y), (x, y - 2), (x + long, y)], 1, 6)
    sheet.cut(glint, "slate")
    ferry(sheet, 640, 640, 1.95)
    smoke(sheet, (630, 330), 420, 170)
    wake = sheet.mask()
    for i in range(9):
        wake.taper([(1010 - i * 8, 640 + i * 7), (620 - i * 40, 652 + i * 9), (150 - i * 40, 650 + i * 22)], 7, 1)
    sheet.cut(wake, "slate")
    for x, y, span in ((250, 250, 90), (380, 330, 60), (960, 180, 70), (1330, 150, 110), (1440, 250, 60)):
        gull(sheet["ink"], x, y, span)
    return sheet.pull()


def pilots() -> Image.Image:
    sheet = Sheet(12)
    sheet.ink("slate", sheet.mask().rect(0, 0, 1600, 420), sheet.fade(0.05, 0.7), lines(sheet.size, 9, 0, 1, 3))
    far = sheet.below(sheet.ridge(350, 90, 0.5))
    sheet.solid("ochre", far)
    near = sheet.below(sheet.ridge(410, 60, 0.5, 8, 500))
    sheet.ink("ink", near, 0.45, lines(sheet.size, 8, 24))
    sheet.cut(sheet.mask().rect(0, 440, 1600, 900))
    sea(sheet, 440, (0.3, 0.95))
    hull = sheet.mask().poly([(770, 120), (1620, 40), (1620, 900), (960, 900), (880, 700)])
    sheet.solid("red", hull)
    sheet.ink("ink", hull, sheet.across(-0.5, 0.9), lines(sheet.size, 11, 3))
    boot = sheet.mask().poly([(872, 680), (1620, 770), (1620, 900), (960, 900)])
    sheet.solid("ink", boot)
    sheet.cut(sheet.mask().poly([(770, 120), (1620, 40), (1620, 58), (776, 136)]))
    for k in range(7):
        sheet.cut(sheet.mask().rect(902, 560 + k * 30, 930 - (k % 2) * 10, 566 + k * 30))
    anchor = sheet.mask().poly([(900, 250), (980, 245), (985, 320), (910, 326)])
    sheet.solid("ink", anchor)
    ladder = sheet.mask()
    ladder.stroke([(1130, 90), (1130, 640)], 4).stroke([(1164, 87), (1164, 640)], 4)
    for y in range(110, 640, 26):
        ladder.stroke([(1126, y), (1168, y)], 4)
    sheet.cut(ladder)
    for grow, solid in ((7, False), (0, True)):
        man = sheet.mask()
        man.disc(1148, 370, 18 + grow).poly(
            [(1128 - grow, 392), (1170 + grow, 392), (1174 + grow, 466), (1126 - grow, 466)]
        )
        man.stroke([(1132, 402), (1128, 346)], 11 + 2 * grow).stroke([(1166, 402), (1168, 352)], 11 + 2 * grow)
        man.stroke([(1138, 460), (1132, 528)], 14 + 2 * grow).stroke([(1160, 460), (1166, 514)], 14 + 2 * grow)
        sheet.cut(man)
        if solid:
            sheet.ink("ink", man)
    sheet.solid("ochre", sheet.mask().poly([(1131, 396), (1167, 396), (1170, 446), (1129, 446)]))
    boat = sheet.mask().poly([(520, 690), (1010, 690), (960, 790), (600, 790)])
    sheet.solid("ink", boat)
    sheet.cut(sheet.mask().poly([(534, 704), (1003, 704), (1000, 714), (542, 714)]))
    cabin = sheet.mask().poly([(640, 690), (860, 690), (836, 592), (676, 592)])
    sheet.solid("ochre", cabin)
    for x in (690, 742, 794):
        sheet.solid("ink", sheet.mask().poly([(x, 612), (x + 38, 612), (x + 42, 650), (x - 2, 650)]))
    sheet["ink"].stroke([(760, 592), (760, 500)], 5).stroke([(730, 530), (790, 530)], 4)
    foam = sheet.mask()
    for i in range(10):
        foam.taper([(980, 786 + i * 4), (600, 796 + i * 10), (60 - i * 20, 800 + i * 15)], 12, 2)
    sheet.cut(foam, "slate")
    for x, y, span in ((210, 160, 100), (420, 230, 64), (560, 120, 76)):
        gull(sheet["ink"], x, y, span)
    return sheet.pull()


def currents() -> Image.Image:
    sheet = Sheet(13)
    sheet.ink("ochre", sheet.mask().rect(0, 0, 1600, 330), sheet.fade(0.1, 0.7), dots(sheet.size, 10))
    hills = sheet.below(sheet.ridge(250, 70, 0.5))
    sheet.solid("ochre", hills)
    sheet.ink("ink", hills, 0.4, lines(sheet.size, 8, -28))
    sheet.cut(sheet.mask().rect(0, 320, 1600, 900))
    surface = sheet.mask().rect(0, 320, 1600, 900)
    sheet.ink("slate", surface, 0.42, lines(sheet.size, 13, -3, 2, 4))
    bed: list[Point] = smooth(
        [
            (-20, 640),
            (160, 730),
            (330, 700),
            (520, 560),
            (700, 690),
            (900, 800),
            (1130, 640),
            (1330, 590),
            (1480, 720),
            (1630, 760),
        ],
        12,
    )
    middle = smooth([(-20, 600), (300, 566), (700, 520), (1100, 470), (1630, 400)], 12)
    lower = sheet.below(middle)
    sheet.solid("slate", lower)
    sheet.ink("ink", lower, sheet.fade(0.1, 0.62), lines(sheet.size, 12, 5, 2, 8))
    ground = sheet.below(bed)
    sheet.solid("ink", ground)
    for i in range(5):
        level = [(x, y + 34 + i * 34 + 6 * math.sin(x / 90 + i)) for x, y in bed]
        sheet.cut(sheet.mask().stroke(level, 3))
    for (x, y), way, ink in (((300, 430), -1, "red"), ((760, 410), -1, "red"), ((1220, 380), -1, "red")):
        arrow(sheet, x, y, 150, way, ink)
    for (x, y), way in (((330, 628), 1), ((880, 640), 1), ((1330, 505), 1)):
        arrow(sheet, x, y, 130, way, "")
    ferry(sheet, 1020, 322, 0.95)
    gull(sheet["ink"], 420, 130, 80)
    gull(sheet["ink"], 560, 180, 54)
    return sheet.pull()


SHORE_WEST: list[Point] = [
    (560, -20), (600, 60), (690, 110), (700, 170), (640, 230), (650, 300), (720, 340), (740, 400), (690, 450),
    (640, 480), (620, 540), (560, 590), (520, 640), (470, 640), (380, 600), (330, 570), (300, 590), (380, 640),
    (440, 690), (420, 740), (330, 770), (200, 790), (60, 800), (-20, 840),
]  # fmt: skip
SHORE_EAST: list[Point] = [
    (760, -20), (780, 60), (860, 130), (850, 190), (770, 240), (760, 300), (820, 350), (830, 420), (770, 470),
    (720, 500), (690, 560), (640, 610), (600, 670), (620, 720), (720, 780), (860, 830), (1010, 920),
]  # fmt: skip


def montreux() -> Image.Image:
    """A map of the strait, north at the top, drawn freely."""
    sheet = Sheet(14)
    shift = 180
    west = [(x + shift, y) for x, y in smooth(SHORE_WEST, 6)]
    east = [(x + shift, y) for x, y in smooth(SHORE_EAST, 6)]
    land = sheet.mask().poly([*west, (-20, 920), (-20, -20)]).poly([*east, (1620, 920), (1620, -20)])
    sheet.ink("slate", sheet.all(), 0.30, lines(sheet.size, 8, 0))
    for reach, width in ((46, 3), (30, 3), (15, 3)):
        rim = sheet.mask()
        rim.stroke(west, reach * 2).stroke(east, reach * 2)
        core = sheet.mask().stroke(west, reach * 2 - 2 * width).stroke(east, reach * 2 - 2 * width)
        sheet.cut(rim, "slate")
        sheet.ink("slate", rim)
        sheet.cut(core, "slate")
    sheet.cut(land)
    sheet.ink("ochre", land)
    for x in range(100, 1600, 300):
        sheet.ink("ink", sheet.mask().rect(x, 0, x + 2, 900))
    for y in range(150, 900, 300):
        sheet.ink("ink", sheet.mask().rect(0, y, 1600, y + 2))
    hills(sheet, west, east)
    sheet["ink"].stroke(west, 5).stroke(east, 5)
    course = smooth(
        [
            (845, -20),
            (870, 70),
            (955, 150),
            (885, 235),
            (890, 320),
            (960, 380),
            (930, 450),
            (860, 500),
            (830, 560),
            (780, 640),
            (760, 720),
            (640, 800),
            (420, 870),
            (300, 920),
        ],
        10,
    )
    for i in range(0, len(course) - 3, 5):
        sheet.cut(sheet.mask().stroke(course[i : i + 4], 11))
        sheet["red"].stroke(course[i : i + 4], 7)
    rose(sheet, 1385, 690, 120)
    return sheet.pull()


def hills(sheet: Sheet, west: list[Point], east: list[Point]) -> None:
    """Small engraved hills and shore towns, kept clear of the water and of each other."""
    shores = west[::2] + east[::2]
    placed: list[Point] = []
    while len(placed) < 62:
        x, y = sheet.rng.uniform(20, 1580), sheet.rng.uniform(40, 880)
        inside = x > 880 if y > 760 else True
        if min(math.hypot(x - a, y - b) for a, b in shores) < 95 or math.hypot(x - 1385, y - 690) < 220:
            continue
        if any(math.hypot((x - a) * 0.8, y - b) < 88 for a, b in placed) or (y > 760 and not inside):
            continue
        placed.append((x, y))
        wide, high = sheet.rng.uniform(34, 58), sheet.rng.uniform(20, 36)
        outline = [
            (x - wide, y + high * 0.5),
            (x - wide * 0.5, y - high * 0.2),
            (x, y - high * 0.7),
            (x + wide * 0.45, y - high * 0.1),
            (x + wide, y + high * 0.5),
        ]
        slope = smooth(outline, 6)
        sheet.cut(sheet.mask().poly(slope), "ink")
        sheet["ink"].stroke(slope, 3)
        for k in range(1, 5):
            start = slope[12 + k * 2]
            sheet["ink"].taper(
                [start, (start[0] - 4, start[1] + high * 0.25), (start[0] - 11, y + high * 0.48)], 3.5, 1
            )
    for i, (x, y) in enumerate(shores[6:-4:7]):
        side = -1 if i < len(west[6::14]) else 1
        cx = x + side * 26
        sheet.cut(sheet.mask().disc(cx, y, 11))
        sheet["ink"].disc(cx, y, 8)
        sheet.cut(sheet.mask().disc(cx, y, 3))


SCENES = {
    "turkiye/ferries/ferry": ferries,
    "turkiye/strait-pilots/pilot-ladder": pilots,
    "turkiye/strait-currents/two-layers": currents,
    "turkiye/montreux-convention/strait-map": montreux,
}
