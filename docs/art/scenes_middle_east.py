"""Pictures for the stories from the Middle East."""

from __future__ import annotations

import math

from motifs import mountain, palm, person, sea, sun
from PIL import Image
from press import Sheet, dots, lines, smooth


def suez() -> Image.Image:
    """A convoy in a straight cut between deserts."""
    sheet = Sheet(51)
    sheet.ink("red", sheet.mask().rect(0, 0, 1600, 330), sheet.fade(-0.1, 0.55), dots(sheet.size, 9))
    sun(sheet, 470, 235, 92, "red")
    for base, high, tone in ((330, 26, 0.0), (372, 40, 0.25)):
        dune = sheet.below(sheet.ridge(base, high, 0.35, 8, 800))
        sheet.solid("ochre", dune)
        sheet.ink("ink", dune, tone, lines(sheet.size, 10, 18, 1, 3))
    canal = sheet.mask().poly([(788, 346), (826, 346), (1500, 900), (240, 900)])
    sheet.cut(canal)
    sheet.ink("slate", canal, sheet.fade(0.35, 1.0), lines(sheet.size, 10, 0, 1, 3))
    for side in (-1, 1):
        edge = [(807 + side * 19, 346), (870 + side * 630, 900)]
        sheet.cut(sheet.mask().poly([edge[0], edge[1], (edge[1][0] + side * 60, 900), (edge[0][0] + side * 4, 346)]))
        sheet["ink"].stroke(edge, 5)
    for t, name in ((0.10, "ink"), (0.24, "red"), (0.62, "ink")):
        k = 0.09 + t * 1.35
        y, x = 346 + 560 * t, 809 + 40 * t
        ship(sheet, x, y, k, name)
    for i in range(9):
        t = (i + 0.6) / 9
        for side in (-1, 1):
            x, y = 807 + side * (40 + 1000 * t**1.3), 350 + 520 * t**1.5
            palm(sheet, x + sheet.rng.uniform(-14, 14), y, 0.12 + 1.0 * t**1.4)
    return sheet.pull()


def ship(sheet: Sheet, x: float, y: float, k: float, ink: str) -> None:
    """A container ship, bow on."""
    boxes = sheet.mask()
    sheet.cut(sheet.mask().rect(x - 118 * k, y - 330 * k, x + 118 * k, y - 100 * k))
    colours = ("red", "slate", "ochre", "ink", "ochre", "slate", "red")
    for row in range(5):
        for column in range(7):
            left, top = x - 112 * k + column * 32 * k, y - 290 * k + row * 36 * k
            sheet.ink(colours[(column * 3 + row * 5) % 7], sheet.mask().rect(left, top, left + 28 * k, top + 32 * k))
    sheet.solid("ink", sheet.mask().rect(x - 90 * k, y - 332 * k, x + 90 * k, y - 300 * k))
    boxes.poly(
        [
            (x - 132 * k, y - 120 * k),
            (x + 132 * k, y - 120 * k),
            (x + 80 * k, y + 20 * k),
            (x, y + 46 * k),
            (x - 80 * k, y + 20 * k),
        ]
    )
    sheet.cut(
        sheet.mask().poly(
            [
                (x - 142 * k, y - 126 * k),
                (x + 142 * k, y - 126 * k),
                (x + 86 * k, y + 26 * k),
                (x, y + 56 * k),
                (x - 86 * k, y + 26 * k),
            ]
        )
    )
    sheet.ink(ink, boxes)
    sheet.cut(
        sheet.mask().poly(
            [(x - 3 * k, y - 112 * k), (x + 3 * k, y - 112 * k), (x + 2 * k, y + 40 * k), (x - 2 * k, y + 40 * k)]
        )
    )
    wave = sheet.mask()
    for side in (-1, 1):
        wave.taper([(x, y + 50 * k), (x + side * 90 * k, y + 60 * k), (x + side * 190 * k, y + 100 * k)], 16 * k, 2)
    sheet.cut(wave)


def qanat() -> Image.Image:
    """Shafts in a line from the mountain to the garden, and the tunnel beneath them."""
    sheet = Sheet(52)
    sheet.ink("slate", sheet.mask().rect(0, 0, 1600, 540), sheet.fade(0.6, 0.15), lines(sheet.size, 9, 0))
    mountain(sheet, [(820, 420), (960, 320), (1080, 250), (1180, 150), (1290, 240), (1420, 300), (1640, 420)], "slate")
    mountain(sheet, [(1180, 430), (1330, 330), (1420, 230), (1500, 300), (1640, 380), (1640, 430)], "ochre")
    ground = [(-20.0, 520.0), (400, 500), (900, 456), (1300, 416), (1640, 392)]
    earth = sheet.below(smooth(ground, 8))
    sheet.solid("ochre", earth)
    water_line = [(-20.0, 566.0), (300, 580), (800, 604), (1300, 628), (1640, 646)]
    strata = sheet.mask()
    for k in range(1, 10):
        strata.stroke(
            [
                (x, y + k * 40 + 10 * math.sin(x / 130 + k * 2))
                for x, y in smooth([(-20, 540), (800, 500), (1640, 470)], 20)
            ],
            3,
        )
    sheet.ink("ink", strata)
    deep = sheet.below(smooth([(-20, 640), (500, 670), (1000, 690), (1640, 720)], 8))
    sheet.ink("ink", deep, 0.7, lines(sheet.size, 10, 38))
    line = smooth(ground, 20)
    tunnel = smooth(water_line, 20)
    sheet.cut(sheet.mask().stroke(tunnel, 60))
    sheet["ink"].stroke([(x, y - 28) for x, y in tunnel], 6).stroke([(x, y + 28) for x, y in tunnel], 6)
    sheet["slate"].stroke([(x, y + 14) for x, y in tunnel], 22)
    for i in range(24, len(line) - 6, 9):
        x, y = line[i]
        bottom = min((abs(px - x), py) for px, py in tunnel)[1]
        sheet.cut(sheet.mask().rect(x - 17, y - 4, x + 17, bottom))
        sheet["ink"].rect(x - 20, y, x - 15, bottom - 24).rect(x + 15, y, x + 20, bottom - 24)
        for side in (-1, 1):
            heap = sheet.mask().poly([(x + side * 14, y + 6), (x + side * 30, y - 28), (x + side * 70, y + 6)])
            sheet.solid("ochre", heap)
            sheet["ink"].stroke([(x + side * 14, y + 4), (x + side * 30, y - 28), (x + side * 70, y + 4)], 4)
    x, y = line[42]
    for side in (-1, 1):
        sheet["ink"].stroke([(x + side * 40, y + 2), (x + side * 8, y - 96)], 7)
    sheet["ink"].stroke([(x - 30, y - 90), (x + 30, y - 90)], 9).stroke([(x, y - 86), (x, 575)], 3)
    sheet.solid("red", sheet.mask().rect(x - 12, 556, x + 12, 584))
    figure = sheet.mask()
    person(figure, x + 110, y + 2, 100)
    sheet.solid("red", figure)
    for i in range(7):
        palm(sheet, 30 + i * 62, 520 - (i % 2) * 8, 0.8 + (i % 3) * 0.18)
    sheet.solid("slate", sheet.mask().oval(70, 548, 130, 14))
    return sheet.pull()


def assembly() -> Image.Image:
    """A hemicycle of desks from above, one headphone on the nearest."""
    sheet = Sheet(53)
    sheet.solid("slate", sheet.all())
    sheet.ink("ink", sheet.all(), sheet.fade(-0.2, 0.8), lines(sheet.size, 9, 0))
    cx, cy = 800.0, 90.0
    for row in range(8):
        r = 200 + row * 92
        band = sheet.mask()
        band.arc(cx, cy, r, 8, 172, 40)
        sheet.cut(sheet.mask().arc(cx, cy, r, 8, 172, 48))
        sheet.ink("ochre", band)
        count = 10 + row * 5
        for k in range(count):
            a = math.radians(12 + 156 * k / (count - 1))
            x, y = cx + (r + 34) * math.cos(a), cy + (r + 34) * math.sin(a)
            colour = "red" if (k * 7 + row * 3) % 11 == 0 else "ink"
            sheet.cut(sheet.mask().disc(x, y, 19))
            sheet.ink(colour, sheet.mask().disc(x, y, 16))
            px, py = cx + r * math.cos(a), cy + r * math.sin(a)
            sheet.cut(sheet.mask().poly([(px - 9, py - 7), (px + 9, py - 7), (px + 9, py + 7), (px - 9, py + 7)]))
    podium = sheet.mask().rect(620, -10, 980, 70)
    sheet.cut(sheet.mask().rect(610, -10, 990, 80))
    sheet.ink("ochre", podium)
    sheet.ink("ink", sheet.mask().rect(620, 44, 980, 70), 0.6, lines(sheet.size, 7, 0))
    sheet.solid("red", sheet.mask().disc(800, 112, 24))
    return sheet.pull()


def dallah() -> Image.Image:
    """A coffee pot and cups before the terraces it came from."""
    sheet = Sheet(54)
    sheet.ink("ochre", sheet.mask().rect(0, 0, 1600, 700), sheet.fade(0.1, 0.9), dots(sheet.size, 9))
    sun(sheet, 380, 250, 110)
    for k in range(7):
        base = 330 + k * 62
        step = sheet.below([(x, base + 46 * math.sin(x / 210 + k * 0.8) - x * 0.05) for x in range(-20, 1640, 10)])
        sheet.cut(step)
        sheet.ink("slate" if k % 2 == 0 else "ochre", step, 1.0)
        sheet.ink("ink", step, 0.25 + 0.05 * k, lines(sheet.size, 9, 90 if k % 2 else 20))
        sheet["ink"].stroke([(x, base + 46 * math.sin(x / 210 + k * 0.8) - x * 0.05) for x in range(-20, 1640, 10)], 4)
    table = sheet.mask().rect(0, 740, 1600, 900)
    sheet.solid("ink", table)
    for y in (770, 806, 850):
        sheet.cut(sheet.mask().taper([(40, y), (800, y + 5), (1560, y - 2)], 2, 5))
    left = smooth([(900, 760), (870, 690), (820, 620), (850, 520), (930, 470), (920, 400), (880, 350)], 10)
    right = smooth([(1080, 350), (1040, 400), (1030, 470), (1110, 520), (1140, 620), (1090, 690), (1060, 760)], 10)
    body = left + right
    spout = smooth([(850, 560), (770, 520), (730, 430), (640, 390), (740, 380), (800, 420), (880, 470)], 8)
    handle = smooth([(1050, 390), (1210, 360), (1240, 520), (1120, 660)], 10)
    lid = [(872, 352), (1088, 352), (1040, 290), (998, 250), (990, 196), (980, 176), (970, 196), (962, 250), (920, 290)]
    sheet.cut(
        sheet.mask()
        .poly(body)
        .stroke(body, 18)
        .stroke(handle, 44)
        .poly(spout)
        .stroke(spout, 16)
        .poly(lid)
        .stroke([*lid, lid[0]], 16)
    )
    sheet.ink("ochre", sheet.mask().poly(body).poly(lid))
    sheet.ink("ochre", sheet.mask().poly(spout))
    sheet["ink"].stroke(handle, 24)
    shade = (
        sheet.mask()
        .poly([(1000, 350), *right, (1000, 760)])
        .poly([(980, 176), (990, 196), (998, 250), (1040, 290), (1088, 352), (1000, 352)])
    )
    sheet.ink("ink", shade, 0.5, lines(sheet.size, 8, 30))
    sheet["ink"].stroke(body, 5).stroke(spout, 5).stroke([*lid, lid[0]], 5)
    for y, half in ((470, 52), (640, 154), (700, 120)):
        band = sheet.mask().rect(980 - half, y - 8, 980 + half, y + 8)
        sheet.solid("red", band)
    for x in (420, 560, 1330):
        sheet.cut(sheet.mask().poly([(x - 72, 642), (x + 72, 642), (x + 42, 770), (x - 42, 770)]))
        sheet["ink"].stroke([(x - 62, 650), (x - 34, 762), (x + 34, 762), (x + 62, 650)], 5)
        sheet["ink"].oval(x, 650, 62, 13)
        sheet.ink("red", sheet.mask().poly([(x - 56, 676), (x + 56, 676), (x + 51, 696), (x - 51, 696)]))
        sheet.ink(
            "ink",
            sheet.mask().poly([(x + 8, 664), (x + 58, 664), (x + 34, 762), (x + 8, 762)]),
            0.4,
            lines(sheet.size, 7, 60),
        )
    return sheet.pull()


def dead_sea() -> Image.Image:
    """Old shorelines as steps above a falling sea."""
    sheet = Sheet(55)
    sheet.ink("slate", sheet.mask().rect(0, 0, 1600, 300), sheet.fade(0.1, 0.5), lines(sheet.size, 9, 0))
    far = sheet.below(sheet.ridge(250, 90, 0.5))
    sheet.solid("red", far)
    sheet.ink("ink", far, 0.35, lines(sheet.size, 9, 50))
    sheet.cut(sheet.mask().rect(0, 300, 1600, 900))
    sea(sheet, 300, (0.45, 0.8), seed=9)
    for k in range(11):
        shore = [
            (x, 470 + k * 38 + (x - 1100) ** 2 / 5200 * (0.5 + k * 0.09) + 7 * math.sin(x / 60 + k * 2))
            for x in range(-20, 1640, 10)
        ]
        shore = [(x, y - 40) for x, y in shore]
        step = sheet.below(shore)
        sheet.cut(step)
        if k % 2:
            sheet.ink("ochre", step, 0.35 + 0.06 * k, dots(sheet.size, 7))
        else:
            sheet.ink("ochre", step)
        sheet.cut(sheet.mask().stroke(shore, 10))
        sheet["ink"].stroke([(x, y + 5) for x, y in shore], 2.5)
    for x, y, r in (
        (240, 520, 30),
        (330, 470, 22),
        (420, 540, 36),
        (150, 450, 18),
        (520, 450, 20),
        (90, 560, 34),
        (640, 520, 26),
    ):
        sheet.cut(sheet.mask().oval(x, y + 3, r * 1.7, r * 0.75))
        sheet["ink"].ring(x, y, r * 1.5, r * 0.55, 3)
    for x, y, rx in ((1000, 640, 70), (1250, 742, 110), (840, 770, 84)):
        sheet.solid("ink", sheet.mask().oval(x, y, rx, rx * 0.3))
        sheet.cut(sheet.mask().oval(x, y + rx * 0.09, rx * 0.86, rx * 0.2))
        sheet.ink("slate", sheet.mask().oval(x, y + rx * 0.1, rx * 0.8, rx * 0.17))
    figure = sheet.mask()
    person(figure, 1420, 690, 130)
    sheet.solid("ink", figure)
    return sheet.pull()


SCENES = {
    "middle-east/suez-canal/convoy": suez,
    "middle-east/qanats/section": qanat,
    "middle-east/arabic-at-the-un/assembly": assembly,
    "middle-east/qahwa/dallah": dallah,
    "middle-east/dead-sea/shorelines": dead_sea,
}
