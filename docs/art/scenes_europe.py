"""Pictures for the stories from Europe."""

from __future__ import annotations

import math

from motifs import pencil, person, rays, star_field
from PIL import Image
from press import Point, Sheet, dots, lines, smooth


def meridian() -> Image.Image:
    """An observatory at night; the old line and the one satellites use."""
    sheet = Sheet(41)
    sheet.ink("slate", sheet.all())
    sheet.ink("ink", sheet.all(), sheet.fade(1.0, 0.1), lines(sheet.size, 9, 0))
    star_field(sheet, 10, 560, 120)
    for r in range(170, 900, 90):
        trail = sheet.mask()
        for _ in range(3):
            start = sheet.rng.uniform(180, 330)
            trail.arc(640, 520, r, start, start + sheet.rng.uniform(10, 32), 2.5)
        sheet.cut(trail)
    hill = sheet.below([(x, 730 - 130 * math.exp(-(((x - 640) / 420) ** 2))) for x in range(-20, 1640, 10)])
    sheet.solid("ink", hill)
    drum = sheet.mask().rect(520, 470, 760, 640)
    dome = sheet.mask().disc(640, 470, 132)
    dome.rect(400, 470, 900, 700, 0)
    sheet.cut(sheet.mask().rect(512, 462, 768, 640).disc(640, 470, 140))
    sheet.ink("ochre", drum)
    sheet.ink("red", dome)
    for k in (-96, -52, 52, 96):
        rib = [(640 + k * math.cos(t), 470 - 132 * math.sin(t)) for t in (i * math.pi / 24 for i in range(13))]
        sheet.cut(sheet.mask().stroke(rib, 3))
    slot = sheet.mask().rect(618, 326, 662, 470)
    sheet.solid("ink", slot)
    scope = sheet.mask().poly([(630, 480), (654, 480), (728, 268), (692, 256)])
    sheet.cut(sheet.mask().poly([(622, 484), (662, 484), (738, 264), (684, 246)]))
    sheet.ink("ochre", scope)
    sheet["ink"].stroke([(692, 256), (728, 268)], 6).stroke([(630, 480), (692, 256)], 3).stroke(
        [(654, 480), (728, 268)], 3
    )
    sheet.ink("ink", sheet.mask().rect(690, 470, 760, 640), 0.55, lines(sheet.size, 8, 0))
    for x in (548, 612, 706):
        sheet.solid("ink", sheet.mask().rect(x, 520, x + 30, 590).disc(x + 15, 520, 15))
    for x, width in ((640, 9), (1010, 9)):
        line = sheet.mask().poly(
            [
                (x - width / 2, 640 if x == 640 else 672),
                (x + width / 2, 640 if x == 640 else 672),
                (x + (x - 800) * 0.5 + width * 2, 900),
                (x + (x - 800) * 0.5 - width * 2, 900),
            ]
        )
        sheet.cut(line)
        sheet.ink("red" if x == 640 else "ochre", line)
    ghost = sheet.mask()
    for y in range(0, 680, 26):
        ghost.rect(1007, y, 1013, y + 13)
    sheet.cut(ghost)
    sheet.ink("ochre", ghost)
    person(sheet["ochre"], 1010, 760, 100)
    sheet.cut(sheet.mask(), "ink")
    figure = sheet.mask()
    person(figure, 1010, 762, 100)
    sheet.cut(figure)
    return sheet.pull()


def seed_vault() -> Image.Image:
    sheet = Sheet(42)
    sheet.ink("slate", sheet.all())
    sheet.ink("ink", sheet.all(), sheet.fade(1.0, 0.35), lines(sheet.size, 10, 0))
    star_field(sheet, 0, 380, 60)
    for k in range(3):
        curtain = smooth(
            [
                (100 + k * 120, 330 - k * 40),
                (460 + k * 90, 210 - k * 30),
                (840 + k * 60, 300 - k * 60),
                (1250 + k * 80, 150 - k * 20),
                (1640, 210),
            ],
            10,
        )
        veil = sheet.mask()
        for x, y in curtain[::1]:
            tall = sheet.rng.uniform(70, 180)
            veil.taper([(x, y), (x + 4, y - tall / 2), (x + 8, y - tall)], 13, 2)
        sheet.cut(veil, "ink", "slate")
        sheet.ink("ochre", veil)
    slope = [(-20.0, 560.0), (200, 470), (420, 500), (700, 380), (900, 330), (1180, 200), (1330, 260), (1620, 120)]
    mountain_side = sheet.below(smooth(slope, 6))
    sheet.cut(mountain_side)
    for _ in range(150):
        x, y = sheet.rng.uniform(0, 1600), sheet.rng.uniform(180, 880)
        long = sheet.rng.uniform(30, 110)
        cut = sheet.mask().taper([(x, y), (x + long * 0.55, y - long * 0.18), (x + long, y - long * 0.42)], 7, 1)
        cut.image.paste(0, mask=Image.eval(mountain_side.image, lambda v: 255 - v))
        sheet.ink("slate", cut)
    sheet["ink"].stroke(smooth(slope, 6), 5)
    front = [(560, 900), (600, 410), (850, 366), (890, 900)]
    side = [(850, 366), (1240, 470), (1240, 900), (890, 900)]
    sheet.cut(sheet.mask().poly([(548, 900), (590, 400), (856, 354), (1252, 464), (1252, 900)]))
    sheet.ink("slate", sheet.mask().poly(front), 0.4, lines(sheet.size, 9, 90))
    sheet.solid("ink", sheet.mask().poly(side))
    sheet["ink"].stroke([*front, front[0]], 6)
    gem = sheet.mask().poly([(606, 424), (844, 382), (852, 520), (598, 540)])
    sheet.solid("ink", gem)
    for _ in range(34):
        x, y, r = sheet.rng.uniform(616, 820), sheet.rng.uniform(424, 510), sheet.rng.uniform(9, 22)
        a = sheet.rng.uniform(0, 6)
        chip = [(x + r * math.cos(a + i * 2.1), y + r * math.sin(a + i * 2.1)) for i in range(3)]
        sheet.solid(sheet.rng.choice(("ochre", "slate", "ochre")), sheet.mask().poly(chip))
    sheet.solid("red", sheet.mask().poly([(660, 900), (670, 640), (790, 634), (800, 900)]))
    sheet["ink"].stroke([(730, 638), (730, 900)], 5)
    drift = sheet.below(smooth([(-20, 800), (300, 770), (560, 850), (900, 838), (1200, 770), (1620, 800)], 8))
    sheet.cut(drift)
    sheet.ink("slate", drift, sheet.fade(-1.4, 0.7), lines(sheet.size, 9, 6, 1, 4))
    for x, h in ((470, 96), (420, 84)):
        figure = sheet.mask()
        person(figure, x, 850, h)
        sheet.ink("ink", figure)
    return sheet.pull()


def danube() -> Image.Image:
    """The river from above, through ten lands of ten textures."""
    sheet = Sheet(43)
    course = smooth(
        [
            (-30, 300),
            (120, 250),
            (260, 330),
            (420, 240),
            (560, 300),
            (690, 270),
            (740, 420),
            (720, 560),
            (850, 640),
            (1010, 600),
            (1130, 700),
            (1290, 690),
            (1380, 560),
            (1480, 520),
            (1640, 470),
        ],
        14,
    )
    looks = (
        ("ochre", 1.0, 0),
        ("ochre", 0.4, 40),
        ("slate", 0.45, -30),
        ("ochre", 1.0, 0),
        ("", 0.0, 0),
        ("slate", 0.4, 70),
        ("ochre", 0.5, -45),
        ("red", 0.25, 30),
        ("ochre", 1.0, 0),
        ("slate", 0.5, 10),
    )
    for k, (ink, tone, angle) in enumerate(looks):
        left, lean = k * 165.0 - 40, 60 * math.sin(k * 1.7)
        strip = sheet.mask().poly([(left + lean, -5), (left + 1700, -5), (left + 1700, 905), (left - lean, 905)])
        sheet.cut(strip)
        if ink:
            sheet.ink(ink, strip, tone, lines(sheet.size, 9, angle))
        border = [(left + lean - 2 * lean * i / 12, -5 + 910 * i / 12) for i in range(13)]
        for i in range(12):
            a, b = border[i], border[i + 1]
            sheet["ink"].stroke([a, ((a[0] * 2 + b[0]) / 3, (a[1] * 2 + b[1]) / 3)], 4)
    for start in ((300, -20), (980, -20), (500, 920), (880, 920)):
        target = min(course, key=lambda p: abs(p[0] - start[0] - 120))
        stream = smooth([start, ((start[0] + target[0]) / 2 + 60, (start[1] + target[1]) / 2), target], 8)
        sheet.cut(sheet.mask().stroke(stream, 22))
        sheet["slate"].taper(stream, 6, 15)
    delta = course[-36:]
    sheet.cut(sheet.mask().stroke(course, 78))
    for shift in (70, -70):
        arm = [(x, y + shift * (i / len(delta)) ** 0.8) for i, (x, y) in enumerate(delta)]
        sheet.cut(sheet.mask().stroke(arm, 52))
        sheet["slate"].stroke(arm, 36)
    sheet["slate"].stroke(course, 60)
    for shift in (-16, 0, 16):
        ripple = [(x, y + shift) for x, y in course]
        for i in range(2 + (shift // 16) % 3, len(ripple) - 6, 9):
            sheet.cut(sheet.mask().taper(ripple[i : i + 6], 4, 2), "slate")
    for i in (20, 62, 104, 128, 160):
        x, y = course[i]
        sheet.cut(sheet.mask().disc(x, y - 52, 20))
        sheet["ink"].disc(x, y - 52, 15)
        sheet.solid("red", sheet.mask().disc(x, y - 52, 8))
    return sheet.pull()


def tides() -> Image.Image:
    """A harbour stair, the moon, and the curve of a fortnight."""
    sheet = Sheet(44)
    sheet.solid("ink", sheet.mask().rect(0, 0, 1600, 900))
    sheet.cut(sheet.mask().disc(1210, 240, 150))
    moon = sheet.mask().disc(1210, 240, 150)
    sheet.ink("ochre", moon)
    for x, y, r in ((1160, 200, 34), (1240, 300, 44), (1280, 190, 22), (1180, 300, 18), (1230, 160, 16)):
        sheet.ink("ink", sheet.mask().disc(x, y, r), 0.35, dots(sheet.size, 7))
    star_field(sheet, 0, 420, 80)
    curves: list[list[Point]] = []
    for level, reach in ((470, 1.0), (570, 0.8), (680, 0.66), (790, 0.5)):
        curve = []
        for x in range(-10, 1620, 6):
            t = x / 1600 * 28 * 2
            spring = 0.62 + 0.38 * math.cos((x - 1210) / 1600 * 4 * math.pi)
            curve.append((float(x), level - 92 * reach * spring * math.sin(t * math.pi / 2 + level)))
        curves.append(curve)
    for number, curve in enumerate(curves):
        water = sheet.below(curve)
        sheet.cut(water)
        sheet.ink("slate", water, (0.45, 0.6, 0.8, 1.0)[number], lines(sheet.size, 9, 0, 1, number + 2))
        sheet.cut(sheet.mask().stroke(curve, 9))
        sheet["red" if number == 0 else "ink"].stroke(curve, 5)
    wall = sheet.mask().rect(0, 430, 330, 900)
    steps = [(330.0, 430.0)]
    for k in range(9):
        steps += [(330 + k * 42, 470 + k * 48), (372 + k * 42, 470 + k * 48)]
    wall.poly([*steps, (708, 900), (330, 900)])
    sheet.cut(sheet.mask().rect(0, 420, 338, 900).poly([(a + 8, b - 9) for a, b in steps] + [(720, 900), (330, 900)]))
    sheet.ink("ochre", wall)
    blocks = sheet.mask()
    for row in range(10):
        y = 470 + row * 48
        blocks.rect(0, y, 330 + row * 42, y + 4)
        for x in range(40 + (row % 2) * 60, 330 + row * 42, 120):
            blocks.rect(x, y, x + 4, y + 48)
    sheet.ink("ink", blocks)
    sheet.ink("ink", sheet.mask().rect(0, 640, 560, 900), sheet.fade(-1.0, 0.9), lines(sheet.size, 10, 45))
    figure = sheet.mask()
    person(figure, 210, 430, 150)
    figure.stroke([(220, 330), (262, 300)], 6).disc(270, 318, 15)
    sheet.cut(figure)
    sheet.ink("red", figure)
    return sheet.pull()


def projection() -> Image.Image:
    """Circles of one size on the ground, swelling towards the poles of a flat map."""
    sheet = Sheet(45)
    sheet.solid("slate", sheet.mask().rect(90, 50, 1510, 850))
    for k in range(9):
        x = 90 + k * 177.5
        sheet.cut(sheet.mask().rect(x - 1.5, 50, x + 1.5, 850))
    ys = []
    for lat in (-75, -60, -45, -30, -15, 0, 15, 30, 45, 60, 75):
        y = 450 - 197 * math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))
        ys.append((lat, y))
        sheet.cut(sheet.mask().rect(90, y - 1.5, 1510, y + 1.5))
    for lat, y in ys:
        if lat % 30 and lat not in (-75, 75):
            continue
        r = 21 / math.cos(math.radians(lat))
        for k in range(8):
            x = 178 + k * 177.5
            ink = ("ochre", "red", "ochre", "ochre", "red", "ochre", "ochre", "red")[k]
            shape = sheet.mask().disc(x, y, r)
            sheet.cut(sheet.mask().disc(x, y, r + 4))
            sheet.ink(ink, shape)
    sheet["ink"].stroke([(90, 50), (1510, 50), (1510, 850), (90, 850), (90, 50)], 7)
    outer = sheet.mask().rect(0, 0, 1600, 900).rect(86, 46, 1514, 854, 0)
    sheet.cut(outer)
    for k in range(32):
        if k % 2 == 0:
            x = 90 + k * 44.4
            sheet["ink"].rect(x, 28, x + 44.4, 40).rect(x, 860, x + 44.4, 872)
    pencil(sheet, 1210, 700, 560, -28)
    return sheet.pull()


def summer_time() -> Image.Image:
    sheet = Sheet(46)
    sheet.ink("ochre", sheet.mask().rect(0, 0, 800, 900))
    night = sheet.mask().rect(800, 0, 1600, 900)
    sheet.ink("slate", night)
    sheet.ink("ink", night, sheet.fade(1.0, 0.5), lines(sheet.size, 9, 0))
    star_field(sheet, 0, 900, 110)
    sheet.ink("ochre", sheet.mask().rect(0, 0, 800, 900))
    rays(sheet, 800, 450, 360, 760, 48, "")
    sheet.ink("ink", night, 0.55, lines(sheet.size, 9, 0))
    sheet.cut(sheet.mask().disc(800, 450, 352))
    face = sheet.mask().disc(800, 450, 336)
    sheet.ink("ink", face)
    sheet.cut(sheet.mask().disc(800, 450, 318))
    half = sheet.mask().disc(800, 450, 318)
    half.rect(0, 0, 800, 900, 0)
    sheet.ink("slate", half, 0.35, lines(sheet.size, 8, 0))
    for k in range(60):
        a = math.radians(k * 6 - 90)
        near = 268 if k % 5 == 0 else 294
        sheet["ink"].stroke(
            [(800 + near * math.cos(a), 450 + near * math.sin(a)), (800 + 308 * math.cos(a), 450 + 308 * math.sin(a))],
            11 if k % 5 == 0 else 3,
        )
    for hour, reach, width, ink in ((2.0, 170, 20, "ink"), (3.0, 170, 20, "red")):
        a = math.radians(hour * 30 - 90)
        hand = sheet.mask().taper(
            [
                (800 - 34 * math.cos(a), 450 - 34 * math.sin(a)),
                (800 + reach * 0.6 * math.cos(a), 450 + reach * 0.6 * math.sin(a)),
                (800 + reach * math.cos(a), 450 + reach * math.sin(a)),
            ],
            width,
            8,
        )
        sheet.solid(ink, hand)
    sheet["ink"].stroke([(800, 490), (800, 190)], 9)
    sheet["red"].arc(800, 450, 215, -30, -4, 8).poly([(1016, 452), (1002, 420), (1034, 424)])
    sheet.solid("ink", sheet.mask().disc(800, 450, 24))
    sheet.cut(sheet.mask().disc(800, 450, 8))
    return sheet.pull()


SCENES = {
    "europe/prime-meridian/observatory": meridian,
    "europe/seed-vault/portal": seed_vault,
    "europe/danube/ten-lands": danube,
    "europe/tide-tables/harbour-stair": tides,
    "europe/every-map-lies/circles": projection,
    "europe/summer-time/two-hands": summer_time,
}
