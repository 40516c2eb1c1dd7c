"""Pictures for the stories from Europe and the Middle East."""

from __future__ import annotations

import math

from motifs import gull, mosque, mountain, person, rays, sea, star_field, sun
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
    sheet["ink"].stroke([(692, 256), (728, 268)], 6).stroke([(630, 480), (692, 256)], 3).stroke([(654, 480), (728, 268)], 3)
    sheet.ink("ink", sheet.mask().rect(690, 470, 760, 640), 0.55, lines(sheet.size, 8, 0))
    for x in (548, 612, 706):
        sheet.solid("ink", sheet.mask().rect(x, 520, x + 30, 590).disc(x + 15, 520, 15))
    for x, width in ((640, 9), (1010, 9)):
        line = sheet.mask().poly([(x - width / 2, 640 if x == 640 else 672), (x + width / 2, 640 if x == 640 else 672), (x + (x - 800) * 0.5 + width * 2, 900), (x + (x - 800) * 0.5 - width * 2, 900)])
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
        curtain = smooth([(100 + k * 120, 330 - k * 40), (460 + k * 90, 210 - k * 30), (840 + k * 60, 300 - k * 60), (1250 + k * 80, 150 - k * 20), (1640, 210)], 10)
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
    course = smooth([(-30, 300), (120, 250), (260, 330), (420, 240), (560, 300), (690, 270), (740, 420), (720, 560), (850, 640), (1010, 600), (1130, 700), (1290, 690), (1380, 560), (1480, 520), (1640, 470)], 14)
    looks = (("ochre", 1.0, 0), ("ochre", 0.4, 40), ("slate", 0.45, -30), ("ochre", 1.0, 0), ("", 0.0, 0), ("slate", 0.4, 70), ("ochre", 0.5, -45), ("red", 0.25, 30), ("ochre", 1.0, 0), ("slate", 0.5, 10))
    for k, (ink, tone, angle) in enumerate(looks):
        left, lean = k * 165.0 - 40, 60 * math.sin(k * 1.7)
        strip = sheet.mask().poly([(left + lean, -5), (left + 1700, -5), (left + 1700, 905), (left - lean, 905)])
        sheet.cut(strip)
        if ink:
            sheet.ink(ink, strip, tone, lines(sheet.size, 9, angle))
        border = [(left + lean - 2 * lean * i / 12, -5 + 910 * i / 12) for i in range(13)]
        for i in range(0, 12):
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


def pencil(sheet: Sheet, x: float, y: float, long: float, turn: float) -> None:
    """A pencil lying across the sheet, its point at (x, y)."""
    c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))

    def at(points: list[Point]) -> list[Point]:
        return [(x + a * c - b * s, y + a * s + b * c) for a, b in points]

    sheet.cut(sheet.mask().poly(at([(-14, 0), (68, -36), (long + 8, -36), (long + 8, 36), (68, 36)])))
    sheet.ink("ochre", sheet.mask().poly(at([(0, 0), (70, -27), (70, 27)])), 0.4, dots(sheet.size, 6))
    sheet.ink("red", sheet.mask().poly(at([(70, -27), (long, -27), (long, 27), (70, 27)])))
    sheet.ink("ink", sheet.mask().poly(at([(0, 0), (26, -10), (26, 10)])))
    sheet.ink("ink", sheet.mask().poly(at([(70, 9), (long, 9), (long, 27), (70, 27)])), 0.55, lines(sheet.size, 7, -turn))
    sheet["ink"].stroke(at([(0, 0), (70, -27), (long, -27), (long, 27), (70, 27), (0, 0)]), 3)


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
        sheet["ink"].stroke([(800 + near * math.cos(a), 450 + near * math.sin(a)), (800 + 308 * math.cos(a), 450 + 308 * math.sin(a))], 11 if k % 5 == 0 else 3)
    for hour, reach, width, ink in ((2.0, 170, 20, "ink"), (3.0, 170, 20, "red")):
        a = math.radians(hour * 30 - 90)
        hand = sheet.mask().taper([(800 - 34 * math.cos(a), 450 - 34 * math.sin(a)), (800 + reach * 0.6 * math.cos(a), 450 + reach * 0.6 * math.sin(a)), (800 + reach * math.cos(a), 450 + reach * math.sin(a))], width, 8)
        sheet.solid(ink, hand)
    sheet["ink"].stroke([(800, 490), (800, 190)], 9)
    sheet["red"].arc(800, 450, 215, -30, -4, 8).poly([(1016, 452), (1002, 420), (1034, 424)])
    sheet.solid("ink", sheet.mask().disc(800, 450, 24))
    sheet.cut(sheet.mask().disc(800, 450, 8))
    return sheet.pull()


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
    boxes.poly([(x - 132 * k, y - 120 * k), (x + 132 * k, y - 120 * k), (x + 80 * k, y + 20 * k), (x, y + 46 * k), (x - 80 * k, y + 20 * k)])
    sheet.cut(sheet.mask().poly([(x - 142 * k, y - 126 * k), (x + 142 * k, y - 126 * k), (x + 86 * k, y + 26 * k), (x, y + 56 * k), (x - 86 * k, y + 26 * k)]))
    sheet.ink(ink, boxes)
    sheet.cut(sheet.mask().poly([(x - 3 * k, y - 112 * k), (x + 3 * k, y - 112 * k), (x + 2 * k, y + 40 * k), (x - 2 * k, y + 40 * k)]))
    wave = sheet.mask()
    for side in (-1, 1):
        wave.taper([(x, y + 50 * k), (x + side * 90 * k, y + 60 * k), (x + side * 190 * k, y + 100 * k)], 16 * k, 2)
    sheet.cut(wave)


def palm(sheet: Sheet, x: float, base: float, k: float) -> None:
    trunk = smooth([(x, base), (x + 8 * k, base - 80 * k), (x + 2 * k, base - 150 * k)], 6)
    sheet["ink"].taper(trunk, 13 * k + 1, 7 * k + 1)
    for angle in range(-200, 25, 26):
        a = math.radians(angle)
        tip = (x + 84 * k * math.cos(a), base - 150 * k + 66 * k * math.sin(a) + 30 * k)
        frond = smooth([(x + 2 * k, base - 150 * k), (x + 44 * k * math.cos(a), base - 162 * k + 50 * k * math.sin(a)), tip], 6)
        sheet["ink"].taper(frond, 13 * k, 1)


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
        strata.stroke([(x, y + k * 40 + 10 * math.sin(x / 130 + k * 2)) for x, y in smooth([(-20, 540), (800, 500), (1640, 470)], 20)], 3)
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
        bottom = min(tunnel, key=lambda p, at=x: abs(p[0] - at))[1]
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
    sheet.cut(sheet.mask().poly(body).stroke(body, 18).stroke(handle, 44).poly(spout).stroke(spout, 16).poly(lid).stroke([*lid, lid[0]], 16))
    sheet.ink("ochre", sheet.mask().poly(body).poly(lid))
    sheet.ink("ochre", sheet.mask().poly(spout))
    sheet["ink"].stroke(handle, 24)
    shade = sheet.mask().poly([(1000, 350), *right, (1000, 760)]).poly([(980, 176), (990, 196), (998, 250), (1040, 290), (1088, 352), (1000, 352)])
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
        sheet.ink("ink", sheet.mask().poly([(x + 8, 664), (x + 58, 664), (x + 34, 762), (x + 8, 762)]), 0.4, lines(sheet.size, 7, 60))
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
        shore = [(x, 470 + k * 38 + (x - 1100) ** 2 / 5200 * (0.5 + k * 0.09) + 7 * math.sin(x / 60 + k * 2)) for x in range(-20, 1640, 10)]
        shore = [(x, y - 40) for x, y in shore]
        step = sheet.below(shore)
        sheet.cut(step)
        if k % 2:
            sheet.ink("ochre", step, 0.35 + 0.06 * k, dots(sheet.size, 7))
        else:
            sheet.ink("ochre", step)
        sheet.cut(sheet.mask().stroke(shore, 10))
        sheet["ink"].stroke([(x, y + 5) for x, y in shore], 2.5)
    for x, y, r in ((240, 520, 30), (330, 470, 22), (420, 540, 36), (150, 450, 18), (520, 450, 20), (90, 560, 34), (640, 520, 26)):
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


def lighthouse() -> Image.Image:
    sheet = Sheet(56)
    sheet.ink("slate", sheet.all())
    sheet.ink("ink", sheet.all(), sheet.fade(1.05, 0.35), lines(sheet.size, 9, 0))
    star_field(sheet, 0, 480, 90)
    lx, ly = 520.0, 215.0
    for far in (((1640, 20), (1640, 240)), ((-40, 330), (-40, 420))):
        beam = sheet.mask().poly([(lx, ly - 8), *far, (lx, ly + 14)])
        sheet.cut(beam)
        sheet.ink("ochre", beam, 0.55 if far[0][0] > 0 else 0.35, lines(sheet.size, 9, 0))
    rock = sheet.below(smooth([(-20, 700), (180, 640), (380, 580), (560, 570), (700, 620), (800, 720), (1000, 800), (1620, 850)], 8))
    sheet.cut(sheet.mask().rect(0, 660, 1600, 900))
    sea(sheet, 660, (0.5, 1.0))
    sheet.ink("ink", sheet.mask().rect(0, 660, 1600, 900), 0.4, lines(sheet.size, 9, 0, 2, 5))
    glint = sheet.mask()
    for _ in range(40):
        y = sheet.rng.uniform(670, 880)
        x = 1200 + sheet.rng.gauss(0, 150)
        glint.taper([(x - 40, y), (x, y - 1), (x + 40, y)], 1, 5)
    sheet.cut(glint)
    sheet.ink("ochre", glint)
    sheet.solid("ink", rock)
    chips = sheet.mask()
    for _ in range(60):
        x = sheet.rng.uniform(60, 900)
        y = 700 + (x - 520) ** 2 / 2600 + sheet.rng.uniform(-60, 160)
        chips.taper([(x, y), (x + 26, y + 9), (x + 60, y + 12)], 6, 1)
    chips.image.paste(0, mask=Image.eval(rock.image, lambda v: 255 - v))
    sheet.cut(chips)
    tower = [(448, 590), (478, 270), (562, 270), (592, 590)]
    sheet.cut(sheet.mask().poly([(438, 594), (470, 262), (570, 262), (602, 594)]).rect(460, 160, 580, 270))
    for k in range(4):
        t0, t1 = k / 4, (k + 0.5) / 4
        band = [(448 + 30 * (1 - t0) - 0, 590 - 320 * (1 - t0)), (592 - 30 * (1 - t0), 590 - 320 * (1 - t0)), (592 - 30 * (1 - t1), 590 - 320 * (1 - t1)), (448 + 30 * (1 - t1), 590 - 320 * (1 - t1))]
        sheet.ink("red", sheet.mask().poly(band))
    sheet.ink("ink", sheet.mask().poly([(528, 590), (526, 270), (562, 270), (592, 590)]), 0.55, lines(sheet.size, 8, 0))
    sheet["ink"].stroke([*tower, tower[0]], 5).rect(456, 258, 584, 272).rect(480, 166, 486, 260).rect(554, 166, 560, 260)
    sheet["ink"].poly([(470, 168), (570, 168), (520, 112)]).stroke([(520, 116), (520, 84)], 5)
    for x in range(458, 584, 14):
        sheet["ink"].rect(x, 236, x + 3, 260)
    sheet["ink"].rect(456, 234, 584, 238)
    sheet.ink("ochre", sheet.mask().disc(520, 214, 32))
    rays(sheet, 520, 214, 14, 33, 12)
    sheet.solid("ink", sheet.mask().rect(506, 540, 534, 592).disc(520, 540, 14))
    for y in (330, 430):
        sheet.solid("ink", sheet.mask().rect(512, y, 528, y + 30))
    sheet.cut(sheet.mask().rect(602, 520, 768, 640).poly([(584, 534), (786, 534), (746, 470), (624, 470)]))
    sheet["red"].poly([(596, 530), (774, 530), (740, 480), (630, 480)])
    sheet["ink"].stroke([(610, 530), (610, 600)], 4).stroke([(760, 530), (760, 640)], 4)
    sheet.ink("ochre", sheet.mask().rect(640, 556, 672, 592).rect(700, 556, 732, 592))
    gull(sheet["ochre"], 980, 470, 60)
    return sheet.pull()


def coffee_cup() -> Image.Image:
    """A small cup of Turkish coffee, its pot, and what the steam draws."""
    sheet = Sheet(57)
    sheet.solid("red", sheet.mask().rect(0, 0, 1600, 640))
    for k in range(5):
        plume = smooth([(560 + k * 26, 380), (470 + k * 50, 300), (640 + k * 24, 210), (540 + k * 56, 110), (650 + k * 40, -20)], 12)
        sheet.cut(sheet.mask().taper(plume, 18, 3))
    window = sheet.mask().rect(1080, 0, 1600, 420)
    sheet.cut(window)
    sheet.ink("ochre", window, sheet.fade(0.2, 1.2), dots(sheet.size, 9))
    view = sheet.mask()
    mosque(view, 1360, 400, 60, 4)
    view.rect(1080, 390, 1600, 424)
    sheet.ink("ink", view)
    sheet["ink"].rect(1068, 0, 1084, 434).rect(1330, 0, 1340, 424).rect(1060, 420, 1600, 438)
    table = sheet.mask().rect(0, 640, 1600, 900)
    sheet.solid("ochre", table)
    grain = sheet.mask()
    for k in range(13):
        y = 656 + k * 20
        grain.taper([(-10, y), (500 + 40 * (k % 4), y + 6), (1100, y - 5), (1620, y + 4)], 2, 4)
    sheet.ink("ink", grain)
    sheet.cut(sheet.mask().oval(620, 740, 330, 74))
    sheet["ink"].ring(620, 740, 318, 66, 4).ring(620, 736, 210, 40, 4)
    sheet.ink("slate", sheet.mask().oval(620, 740, 300, 58).oval(620, 738, 220, 44, 0), 0.5, lines(sheet.size, 8, 90))
    left = smooth([(430, 430), (440, 560), (500, 680), (570, 730)], 8)
    right = smooth([(670, 730), (740, 680), (800, 560), (810, 430)], 8)
    sheet.cut(sheet.mask().poly(left + right).stroke(left + right, 16).oval(620, 430, 200, 56))
    handle = smooth([(796, 480), (900, 460), (920, 560), (760, 640)], 10)
    sheet.cut(sheet.mask().stroke(handle, 44))
    sheet["ink"].stroke(handle, 30)
    sheet.cut(sheet.mask().stroke(handle, 16))
    sheet.ink("slate", sheet.mask().poly([(434, 500), (806, 500), (800, 560), (780, 600), (460, 600), (440, 560)]))
    for x in range(470, 800, 62):
        sheet.solid("red", sheet.mask().poly([(x, 516), (x + 18, 550), (x, 586), (x - 18, 550)]))
        sheet.cut(sheet.mask().poly([(x, 538), (x + 6, 550), (x, 562), (x - 6, 550)]))
    sheet.ink("ink", sheet.mask().poly([(660, 430), *right[::-1], (670, 730)]), 0.35, lines(sheet.size, 8, 60))
    sheet["ink"].stroke(left, 5).stroke(right, 5).stroke([(570, 730), (670, 730)], 5)
    sheet.cut(sheet.mask().oval(620, 430, 190, 50))
    sheet["ink"].ring(620, 430, 190, 50, 6).oval(620, 434, 168, 38)
    for k in range(4):
        sheet.ink("ochre", sheet.mask().ring(620 - 8 * k, 434, 150 - 36 * k, 32 - 8 * k, 5))
        sheet.cut(sheet.mask().ring(620 - 8 * k, 434, 150 - 36 * k, 32 - 8 * k, 5), "ink")
    pot = smooth([(1130, 740), (1080, 690), (1110, 600), (1140, 560), (1110, 510)], 8)
    other = smooth([(1290, 510), (1270, 560), (1300, 600), (1330, 690), (1280, 740)], 8)
    sheet.cut(sheet.mask().poly(pot + other).stroke(pot + other, 18).poly([(1280, 560), (1560, 440), (1580, 470), (1290, 610)]))
    sheet.ink("ochre", sheet.mask().poly(pot + other))
    sheet.ink("ink", sheet.mask().poly([(1210, 510), *other, (1210, 740)]), 0.5, lines(sheet.size, 8, 30))
    sheet["ink"].stroke(pot + other, 5).poly([(1286, 570), (1560, 450), (1572, 472), (1292, 602)]).stroke([(1100, 510), (1300, 510)], 9)
    return sheet.pull()


SCENES = {
    "europe/prime-meridian/observatory": meridian,
    "europe/seed-vault/portal": seed_vault,
    "europe/danube/ten-lands": danube,
    "europe/tide-tables/harbour-stair": tides,
    "europe/every-map-lies/circles": projection,
    "europe/summer-time/two-hands": summer_time,
    "middle-east/suez-canal/convoy": suez,
    "middle-east/qanats/section": qanat,
    "middle-east/arabic-at-the-un/assembly": assembly,
    "middle-east/qahwa/dallah": dallah,
    "middle-east/dead-sea/shorelines": dead_sea,
    "turkiye/bogaz-isiklari/fener": lighthouse,
    "turkiye/turkish-coffee/cup": coffee_cup,
}
