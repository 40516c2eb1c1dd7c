"""Pictures for the other stories from Türkiye."""

from __future__ import annotations

import math

from motifs import gull, mosque, mountain, person, rays, sea, star_field, sun
from PIL import Image
from press import Pen, Point, Sheet, dots, lines, smooth


def talks() -> Image.Image:
    """Press in front of a consulate."""
    sheet = Sheet(21)
    sheet.ink("slate", sheet.mask().rect(0, 0, 1600, 640), sheet.fade(0.75, 0.15), lines(sheet.size, 9, 0))
    front = sheet.mask().rect(250, 210, 1350, 720)
    sheet.solid("ochre", front)
    gable = sheet.mask().poly([(560, 210), (1040, 210), (800, 96)])
    sheet.solid("ochre", gable)
    sheet["ink"].stroke([(545, 212), (800, 92), (1055, 212)], 9).rect(236, 204, 1364, 220)
    sheet["ink"].rect(236, 452, 1364, 462)
    sheet["ink"].ring(800, 168, 26, 26, 6)
    for row, top in enumerate((258, 500)):
        for x in range(300, 1330, 92):
            if 560 < x + 22 < 1040:
                continue
            pen = sheet.mask().rect(x, top, x + 44, top + 140)
            if row == 0:
                pen.disc(x + 22, top, 22)
            sheet.solid("ink", pen)
            bars = sheet.mask().rect(x + 20, top - 20, x + 23, top + 140).rect(x, top + 50, x + 44, top + 53)
            sheet.cut(bars)
    for x in range(576, 1040, 74):
        column = sheet.mask().rect(x, 230, x + 30, 690).rect(x - 7, 222, x + 37, 240).rect(x - 7, 682, x + 37, 700)
        sheet.cut(column)
        sheet.ink("ink", sheet.mask().rect(x + 18, 236, x + 30, 690), 0.6, lines(sheet.size, 6, 0))
        sheet["ink"].stroke([(x, 236), (x, 690)], 2.5).stroke([(x + 30, 236), (x + 30, 690)], 2.5)
    sheet.solid("ink", sheet.mask().rect(765, 500, 835, 700))
    for x, colours in ((470, ("", "slate", "red")), (1130, ("", "slate", "red"))):
        sheet["ink"].stroke([(x, 452), (x + (-40 if x < 800 else 40), 330)], 5)
        away = -1 if x < 800 else 1
        for k, colour in enumerate(colours):
            band = [(x + away * 40, 332 + k * 22), (x + away * 150, 344 + k * 22), (x + away * 150, 366 + k * 22), (x + away * 40, 354 + k * 22)]
            shape = sheet.mask().poly(band)
            sheet.cut(shape)
            if colour:
                sheet.ink(colour, shape)
            sheet["ink"].stroke([*band, band[0]], 2)
    ground = sheet.mask().rect(0, 700, 1600, 900)
    sheet.cut(ground)
    sheet.ink("slate", ground, 0.5, lines(sheet.size, 9, 0))
    railing = sheet["ink"]
    for x in range(0, 1600, 22):
        if not 690 < x < 910:
            railing.rect(x, 600, x + 4, 712)
    railing.rect(0, 612, 690, 618).rect(910, 612, 1600, 618).rect(0, 700, 690, 708).rect(910, 700, 1600, 708)
    crowd(sheet)
    return sheet.pull()


def crowd(sheet: Sheet) -> None:
    """Reporters from behind, with cameras on tripods and a boom."""
    for grow, keep in ((5, True), (0, False)):
        shape = sheet.mask()
        for x, base, k, gear in ((120, 940, 1.15, "camera"), (300, 960, 1.3, ""), (470, 930, 1.05, "camera"), (640, 950, 1.2, "boom"),
                                 (1010, 950, 1.2, ""), (1170, 930, 1.05, "camera"), (1330, 960, 1.3, ""), (1500, 945, 1.15, "camera")):  # fmt: skip
            shape.oval(x, base - 262 * k, (30 + grow) * 1.0 * k, (36 + grow) * k)
            shape.poly([(x - 86 * k - grow, base), (x - 78 * k - grow, base - 190 * k), (x - 36 * k, base - 226 * k - grow), (x + 36 * k, base - 226 * k - grow), (x + 78 * k + grow, base - 190 * k), (x + 86 * k + grow, base)])
            if gear == "camera":
                cx, cy = x + 104 * k, base - 250 * k
                shape.rect(cx - 52 - grow, cy - 34 - grow, cx + 46 + grow, cy + 26 + grow)
                shape.poly([(cx + 40, cy - 16 - grow), (cx + 84 + grow, cy - 30 - grow), (cx + 84 + grow, cy + 22 + grow), (cx + 40, cy + 10 + grow)])
                shape.stroke([(cx - 30, cy - 52), (cx + 40, cy - 52)], 9 + grow).stroke([(cx, cy - 52), (cx, cy - 30)], 9 + grow)
                shape.stroke([(cx, cy), (cx - 50, base)], 9 + grow).stroke([(cx, cy), (cx + 50, base)], 9 + grow)
            if gear == "boom":
                shape.stroke([(x + 40, base - 130 * k), (x + 210, base - 430 * k)], 9 + grow)
                shape.stroke([(x + 196, base - 420 * k), (x + 252, base - 440 * k)], 34 + grow)
        if keep:
            sheet.cut(shape)
        else:
            sheet.ink("ink", shape)
    lamps = sheet.mask()
    for cx, cy in ((239, 642), (591, 657), (1291, 657), (1632, 650)):
        lamps.disc(cx - 8, cy, 8)
    sheet.solid("red", lamps)


def tunel() -> Image.Image:
    sheet = Sheet(22)
    sheet.solid("ink", sheet.all())
    cx, cy = 800.0, 430.0
    for k in range(11):
        r = 690 - k * 56
        y = cy + 240 - k * 19
        band = sheet.mask().disc(cx, y - 20, r).disc(cx, y - 20, r - 26, 0)
        sheet.cut(band)
        sheet.ink("ochre" if k % 2 == 0 else "slate", band)
        bricks = sheet.mask()
        for a in range(0, 360, 6):
            t = math.radians(a + k * 3)
            bricks.stroke([(cx + (r - 30) * math.cos(t), y - 20 + (r - 30) * math.sin(t)), (cx + (r + 2) * math.cos(t), y - 20 + (r + 2) * math.sin(t))], 4)
        sheet.ink("ink", bricks)
    floor = sheet.mask().poly([(560, 900), (1040, 900), (842, 520), (758, 520)])
    sheet.solid("ink", floor)
    track = sheet.mask()
    for k in range(15):
        t = (k / 14) ** 1.8
        y, half = 520 + 380 * t, 50 + 165 * t
        track.rect(cx - half, y, cx + half, y + 3 + 13 * t)
    sheet.cut(track)
    sheet.ink("ochre", track)
    for side in (-1, 1):
        sheet.cut(sheet.mask().poly([(cx + side * 34, 520), (cx + side * 38, 520), (cx + side * 146, 900), (cx + side * 122, 900)]))
    car = sheet.mask().poly([(640, 560), (960, 560), (940, 272), (904, 244), (696, 244), (660, 272)])
    sheet.cut(sheet.mask().poly([(632, 568), (968, 568), (948, 266), (908, 236), (692, 236), (652, 266)]))
    sheet.ink("red", car)
    sheet.cut(sheet.mask().poly([(652, 440), (948, 440), (950, 456), (650, 456)]))
    for left in (682, 770, 858):
        window = sheet.mask().poly([(left, 296), (left + 62, 296), (left + 64, 410), (left - 2, 410)])
        sheet.solid("ink", window)
        sheet.solid("ochre", sheet.mask().poly([(left + 6, 304), (left + 38, 304), (left + 14, 402), (left + 5, 402)]))
    for x in (700, 900):
        sheet.cut(sheet.mask().disc(x, 504, 24))
        sheet["ink"].ring(x, 504, 24, 24, 4)
        sheet.ink("ochre", sheet.mask().disc(x, 504, 15))
    sheet.solid("ink", sheet.mask().poly([(636, 556), (964, 556), (956, 606), (644, 606)]))
    return sheet.pull()


def gobekli() -> Image.Image:
    sheet = Sheet(23)
    sheet.ink("red", sheet.mask().rect(0, 0, 1600, 520), sheet.fade(0.0, 0.75), dots(sheet.size, 9))
    sun(sheet, 1180, 330, 150, "ochre")
    far = sheet.below(sheet.ridge(430, 70, 0.45))
    sheet.solid("slate", far)
    sheet.ink("ink", far, 0.35, lines(sheet.size, 9, 20))
    near = sheet.below(sheet.ridge(520, 50, 0.4, 8, 1300))
    sheet.solid("ochre", near)
    sheet.ink("ink", near, sheet.fade(-0.4, 0.55), lines(sheet.size, 12, -6, 1, 4))
    stones = [(250, 760, 0.72), (520, 700, 0.62), (1090, 700, 0.62), (1360, 760, 0.74), (690, 830, 1.2), (960, 850, 1.26)]
    for x, base, k in stones:
        pillar(sheet, x, base, k)
    wall = sheet.mask()
    for row in range(5):
        y, x = 800 + row * 24, -30.0 + row * 17
        while x < 1630:
            wide = sheet.rng.uniform(40, 86)
            rise = 60 * (abs(x + wide / 2 - 800) / 800) ** 2
            wall.rect(x, y - rise, x + wide - 6, y - rise + 19)
            x += wide
    back = sheet.mask().poly([(0, 728), (300, 758), (800, 792), (1300, 758), (1600, 728), (1600, 900), (0, 900)])
    sheet.solid("ink", back)
    sheet.cut(wall)
    sheet.ink("ochre", wall)
    return sheet.pull()


def pillar(sheet: Sheet, x: float, base: float, k: float) -> None:
    """A T-shaped pillar with a fox or a bird pecked into it."""
    stem = [(x - 46 * k, base), (x - 42 * k, base - 250 * k), (x + 42 * k, base - 250 * k), (x + 46 * k, base)]
    head = [(x - 108 * k, base - 246 * k), (x - 102 * k, base - 352 * k), (x + 104 * k, base - 360 * k), (x + 108 * k, base - 250 * k)]
    shape = sheet.mask().poly(stem).poly(head)
    sheet.cut(sheet.mask().poly([(a + (6 if a > x else -6), b - 6) for a, b in stem]).poly([(a + (6 if a > x else -6), b - 6) for a, b in head]))
    sheet.ink("ochre", shape, 0.35, dots(sheet.size, 7))
    dark = sheet.mask().poly([(x + 16 * k, base), (x + 14 * k, base - 250 * k), (x + 46 * k, base - 250 * k), (x + 48 * k, base)])
    dark.poly([(x + 60 * k, base - 248 * k), (x + 56 * k, base - 357 * k), (x + 104 * k, base - 360 * k), (x + 108 * k, base - 250 * k)])
    sheet.ink("ink", dark, 0.6, lines(sheet.size, 8, 45))
    sheet["ink"].stroke([*stem], 5 * k).stroke([*head, head[0]], 5 * k)
    if k > 1:
        fox = [(x - 30 * k, base - 120 * k), (x - 34 * k, base - 176 * k), (x - 20 * k, base - 190 * k), (x - 24 * k, base - 212 * k), (x - 6 * k, base - 196 * k), (x + 6 * k, base - 172 * k), (x + 2 * k, base - 120 * k), (x - 6 * k, base - 120 * k), (x - 9 * k, base - 150 * k), (x - 20 * k, base - 150 * k), (x - 22 * k, base - 120 * k)]
        sheet.solid("red", sheet.mask().poly(fox))


def tulip(sheet: Sheet, x: float, y: float, k: float, ink: str, lean: float = 0.0) -> None:
    """The pointed Istanbul tulip: six dagger petals, of which three are seen."""
    stem = smooth([(x - lean * 120 * k, y + 300 * k), (x - lean * 40 * k, y + 150 * k), (x, y)], 8)
    sheet.cut(sheet.mask().stroke(stem, 13 * k))
    sheet["ink"].stroke(stem, 7 * k)
    for side in (-1, 1):
        leaf = smooth([(x - lean * 100 * k, y + 290 * k), (x + side * 66 * k, y + 190 * k), (x + side * 92 * k, y + 50 * k)], 8)
        back = smooth([(x + side * 92 * k, y + 50 * k), (x + side * 40 * k, y + 170 * k), (x - lean * 100 * k, y + 300 * k)], 8)
        shape = sheet.mask().poly(leaf + back)
        sheet.cut(shape)
        sheet.ink("slate", shape)
        sheet["ink"].stroke(leaf, 2.5 * k)
    for side in (-1, 1, 0):
        tip = (x + side * 52 * k, y - (180 if side else 205) * k)
        wide = 34 if side == 0 else 40
        left = smooth([(x - 4 * k, y + 6 * k), (x + (side * 44 - wide) * k, y - 62 * k), (x + (side * 40 - 14) * k, y - 128 * k), tip], 8)
        right = smooth([tip, (x + (side * 40 + 14) * k, y - 128 * k), (x + (side * 44 + wide) * k, y - 62 * k), (x + 4 * k, y + 6 * k)], 8)
        petal = sheet.mask().poly(left + right)
        sheet.cut(sheet.mask().stroke(left + right, 7 * k))
        sheet.solid(ink, petal)
        vein = sheet.mask()
        for shift in (-10, 0, 10):
            vein.taper([(x + side * 18 * k, y - 18 * k), (x + (side * 42 + shift) * k, y - 84 * k), (x + (side * 46 + shift * 0.3) * k, y - 138 * k)], 4 * k, 1)
        sheet.cut(vein)


def tulip_beds() -> Image.Image:
    sheet = Sheet(24)
    sheet.ink("slate", sheet.mask().rect(0, 0, 1600, 330), sheet.fade(0.6, 0.1), lines(sheet.size, 9, 0, 1, 2))
    shore = sheet.below(sheet.ridge(250, 60, 0.45))
    sheet.solid("slate", shore)
    sheet.ink("ink", shore, 0.3, lines(sheet.size, 9, 30))
    city = sheet.mask()
    mosque(city, 1170, 262, 38, 2)
    city.rect(1040, 250, 1290, 300).rect(1000, 266, 1060, 300).rect(1290, 262, 1370, 300)
    sheet.ink("ink", city)
    sheet.cut(sheet.mask().rect(0, 300, 1600, 900))
    rows = (("red", 318), ("ochre", 352), ("red", 398), ("", 460), ("ochre", 540))
    for number, (ink, y) in enumerate(rows):
        size = 5 + number * 4.2
        band = sheet.mask().poly([(0, y), (1600, y - 10), (1600, 900), (0, 900)])
        sheet.cut(band)
        sheet.ink("ink", band)
        step = size * 1.9
        for row in range(3):
            shape = sheet.mask()
            x = -size + row * step * 0.5
            while x < 1620:
                cy = y + 8 + row * size * 0.9 + sheet.rng.uniform(-2, 2)
                shape.poly([(x - size * 0.7, cy - size), (x - size * 0.2, cy - size * 0.3), (x, cy - size * 1.3), (x + size * 0.2, cy - size * 0.3), (x + size * 0.7, cy - size), (x + size * 0.6, cy + size * 0.4), (x, cy + size * 0.9), (x - size * 0.6, cy + size * 0.4)])
                x += step
            sheet.cut(shape)
            if ink:
                sheet.ink(ink, shape)
    for x, y, k, ink, lean in ((180, 560, 1.1, "red", 0.3), (430, 640, 0.95, "ochre", -0.2), (690, 590, 1.2, "red", 0.1), (960, 650, 1.0, "red", -0.3), (1200, 585, 1.15, "ochre", 0.2), (1450, 620, 1.1, "red", -0.1)):
        tulip(sheet, x, y, k, ink, lean)
    return sheet.pull()


def tulip_single() -> Image.Image:
    sheet = Sheet(25)
    sheet.solid("ochre", sheet.mask().rect(60, 60, 1540, 840))
    sheet.cut(sheet.mask().rect(84, 84, 1516, 816))
    sheet["ink"].stroke([(96, 96), (1504, 96), (1504, 804), (96, 804), (96, 96)], 3)
    for x, y, k, ink, lean in ((800, 420, 1.75, "red", 0.0), (480, 480, 1.2, "ochre", 0.4), (1120, 480, 1.2, "slate", -0.4)):
        tulip(sheet, x, y, k, ink, lean)
    sheet.cut(sheet.mask().rect(0, 842, 1600, 900))
    return sheet.pull()


def tulip_tile() -> Image.Image:
    sheet = Sheet(26)
    sheet.solid("slate", sheet.all())
    side = 320
    for row in range(-1, 4):
        for column in range(-1, 6):
            x, y = column * side + (160 if row % 2 else 0), row * side * 0.92 + 180
            star = sheet.mask()
            star.poly([(x, y - 152), (x + 132, y), (x, y + 152), (x - 132, y)])
            sheet.cut(star)
            sheet["ink"].stroke([(x, y - 152), (x + 132, y), (x, y + 152), (x - 132, y), (x, y - 152)], 5)
            for k in range(4):
                petal = [(x, y)]
                angle = math.radians(k * 90 - 90)
                for reach, spread in ((60, -0.5), (104 if k % 2 else 118, 0.0), (60, 0.5)):
                    petal.append((x + reach * math.cos(angle + spread), y + reach * math.sin(angle + spread)))
                sheet.solid("red", sheet.mask().poly(petal))
                sheet.cut(sheet.mask().taper([(x + 20 * math.cos(angle), y + 20 * math.sin(angle)), (x + 84 * math.cos(angle), y + 84 * math.sin(angle))], 7, 1))
            sheet.solid("ochre", sheet.mask().disc(x, y, 20))
            sheet["ink"].ring(x, y, 20, 20, 4)
    return sheet.pull()


def marmaray() -> Image.Image:
    """Section through the sea bed: a train in its tube, an old hull in the mud."""
    sheet = Sheet(27)
    sheet.ink("ochre", sheet.mask().rect(0, 0, 1600, 150), 0.4, dots(sheet.size, 9))
    city = sheet.mask()
    mosque(city, 260, 150, 34, 2)
    mosque(city, 1330, 152, 28, 2)
    sheet.ink("ink", city)
    water = sheet.mask().rect(0, 150, 1600, 900)
    sheet.cut(water)
    sheet.ink("slate", water, sheet.fade(0.1, 1.2), lines(sheet.size, 10, 0, 2, 6))
    bed = smooth([(-20, 300), (160, 380), (420, 470), (800, 510), (1180, 470), (1440, 380), (1620, 300)], 12)
    mud = sheet.below(bed)
    sheet.solid("ochre", mud)
    for i in range(1, 9):
        level = [(x, y + i * 44 + 8 * math.sin(x / 120 + i)) for x, y in bed]
        sheet["ink"].stroke(level, 2.5)
    deep = sheet.below([(x, y + 300) for x, y in bed])
    sheet.ink("ink", deep, 0.6, lines(sheet.size, 9, 40))
    sheet["ink"].stroke(bed, 6)
    tube = [(x, y + 150) for x, y in bed]
    sheet.cut(sheet.mask().stroke(tube, 138))
    sheet["ink"].stroke(tube, 126)
    sheet.cut(sheet.mask().stroke(tube, 96))
    sheet.ink("slate", sheet.mask().stroke(tube, 96), 0.35, lines(sheet.size, 8, 90))
    train = tube[18:56]
    sheet.cut(sheet.mask().stroke(train, 66))
    sheet["red"].stroke([(x, y + 4) for x, y in train], 60)
    sheet.cut(sheet.mask().stroke([(x, y + 22) for x, y in train], 6))
    for i in range(19, 55, 2):
        x, y = tube[i]
        sheet.solid("ink", sheet.mask().rect(x - 8, y - 18, x + 10, y + 2))
    wreck(sheet, 1130, 470)
    boat = sheet.mask().poly([(690, 128), (900, 128), (872, 160), (716, 160)]).rect(760, 100, 850, 128).rect(800, 70, 820, 100)
    sheet.solid("ink", boat)
    gull(sheet["ink"], 560, 60, 60)
    gull(sheet["ink"], 1010, 84, 44)
    return sheet.pull()


def wreck(sheet: Sheet, x: float, y: float) -> None:
    """The ribs of a wooden hull, half in the mud."""
    keel = smooth([(x - 150, y - 22), (x - 80, y + 30), (x + 40, y + 36), (x + 140, y - 30)], 8)
    sheet["ink"].stroke(keel, 9)
    for i in range(2, len(keel) - 1, 3):
        px, py = keel[i]
        rib = smooth([(px, py), (px - 12, py - 36), (px + 4, py - 64)], 5)
        sheet["ink"].taper(rib, 9, 3)


def two_clocks() -> Image.Image:
    """The same hour on the country's eastern mountain and its western shore."""
    sheet = Sheet(28)
    sheet.ink("slate", sheet.all(), sheet.across(1.05, -0.25), lines(sheet.size, 9, 0))
    star_field(sheet, 20, 380, 46)
    sun(sheet, 1290, 400, 130)
    rays(sheet, 1290, 400, 146, 230, 28)
    sea(sheet, 560, (0.4, 0.9))
    for base, high, ink in ((600, 90, "slate"), (650, 70, "ochre")):
        land = [(x, y - max(0.0, (x - 700) * 0.06) + max(0.0, (760 - x) * 0.42)) for x, y in sheet.ridge(base, high, 0.45)]
        shape = sheet.below(land)
        sheet.solid(ink, shape)
        sheet.ink("ink", shape, 0.35, lines(sheet.size, 9, 25))
    mountain(sheet, [(930, 640), (1060, 520), (1130, 420), (1180, 350), (1220, 352), (1300, 440), (1390, 500), (1560, 640)], "ochre")
    sheet.cut(sheet.mask().poly([(1130, 420), (1180, 350), (1220, 352), (1270, 408), (1240, 400), (1210, 436), (1176, 404)]))
    sheet["ink"].stroke([(1130, 420), (1180, 350), (1220, 352), (1270, 408)], 4)
    front = sheet.below([(x, y + (40 if x < 420 else 0)) for x, y in sheet.ridge(790, 34, 0.45)])
    sheet.solid("ink", front)
    tower = sheet.mask().rect(232, 470, 308, 800).poly([(222, 470), (318, 470), (270, 380)]).rect(214, 690, 326, 830)
    sheet.cut(sheet.mask().rect(226, 464, 314, 800).poly([(212, 474), (328, 474), (270, 368)]))
    sheet.ink("ochre", tower)
    sheet.ink("ink", sheet.mask().rect(278, 470, 308, 800).rect(278, 690, 326, 830), 0.5, lines(sheet.size, 7, 0))
    sheet.cut(sheet.mask().disc(270, 526, 33))
    pen = sheet["ink"]
    pen.ring(270, 526, 33, 33, 4).stroke([(270, 526), (270, 503)], 4).stroke([(270, 526), (286, 536)], 4)
    pen.stroke([(222, 472), (270, 380), (318, 472)], 4).stroke([(232, 470), (232, 690)], 3).stroke([(308, 470), (308, 690)], 3)
    for y in (584, 640):
        sheet.solid("ink", sheet.mask().rect(258, y, 282, y + 32).disc(270, y, 12))
    return sheet.pull()


def fault() -> Image.Image:
    """A field road and its fence, parted by a fault."""
    sheet = Sheet(29)
    sheet.ink("ochre", sheet.mask().rect(0, 0, 1600, 300), sheet.fade(0.05, 0.6), dots(sheet.size, 9))
    ranges = sheet.below(sheet.ridge(230, 90, 0.5))
    sheet.solid("slate", ranges)
    sheet.ink("ink", ranges, 0.4, lines(sheet.size, 9, 32))
    sheet.cut(sheet.mask().rect(0, 300, 1600, 900))
    near, slip = 560, 230
    crack = [(x, near + sheet.rng.uniform(-12, 12) + (x - 800) * 0.02) for x in range(-20, 1640, 26)]
    back = sheet.mask().poly([(-20, 300), (1640, 300), *crack[::-1]])
    front = sheet.below(crack)
    for shape, shift in ((back, 0.0), (front, float(slip))):
        strips: list[tuple[Pen, str, float, float]] = []
        for k in range(-9, 16):
            ink, tone, angle = (("ochre", 1.0, 0.0), ("", 0.0, 0.0), ("ochre", 0.5, 40.0), ("slate", 0.55, -40.0))[(k * 7) % 4]
            top = 800 + (k - 3) * 88
            foot = 800 + (k - 3) * 330 - shift * 0.0
            strip = sheet.mask().poly([(top + shift, 300), (top + 88 + shift, 300), (foot + 330 + shift, 900), (foot + shift, 900)])
            strips.append((strip, ink, tone, angle))
        road = sheet.mask().poly([(700 + shift, 300), (740 + shift, 300), (640 + shift, 900), (450 + shift, 900)])
        for strip, ink, tone, angle in strips:
            both = sheet.mask()
            both.image.paste(strip.image, mask=shape.image)
            if ink:
                sheet.ink(ink, both, tone, lines(sheet.size, 9, angle))
            edge = sheet.mask()
            edge.image.paste(strip.image, mask=shape.image)
        both = sheet.mask()
        both.image.paste(road.image, mask=shape.image)
        sheet.cut(both)
        line = sheet.mask()
        for k in range(12):
            y = 300 + 600 * (k / 12) ** 1.4
            y2 = y + 8 + 20 * (k / 12)
            x = 720 - 175 * (y - 300) / 600 + shift
            line.poly([(x - 3, y), (x + 3, y), (x + 1, y2), (x - 6, y2)])
        part = sheet.mask()
        part.image.paste(line.image, mask=shape.image)
        sheet.ink("ink", part)
        edges = sheet.mask().stroke([(700 + shift, 300), (450 + shift, 900)], 5).stroke([(740 + shift, 300), (640 + shift, 900)], 5)
        part = sheet.mask()
        part.image.paste(edges.image, mask=shape.image)
        sheet.ink("ink", part)
    sheet.cut(sheet.mask().stroke(crack, 22))
    sheet["red"].stroke(crack, 12)
    house = sheet.mask().rect(1200, 400, 1330, 480).poly([(1184, 400), (1346, 400), (1265, 340)])
    sheet.cut(house)
    sheet["red"].poly([(1184, 400), (1346, 400), (1265, 340)])
    sheet["ink"].stroke([(1200, 400), (1200, 480), (1330, 480), (1330, 400)], 4).rect(1250, 430, 1280, 480)
    for x, y, k in ((120, 400, 1.0), (180, 420, 1.2), (1440, 430, 1.2), (1510, 410, 1.0), (330, 780, 2.0), (1350, 760, 2.2)):
        poplar(sheet, x, y, k)
    person(sheet["ink"], 905, 700, 110)
    return sheet.pull()


def poplar(sheet: Sheet, x: float, base: float, k: float) -> None:
    crown = smooth([(x, base), (x - 20 * k, base - 40 * k), (x, base - 110 * k), (x + 20 * k, base - 40 * k), (x, base)], 8)
    sheet.cut(sheet.mask().stroke(crown, 6))
    sheet.solid("ink", sheet.mask().poly(crown))
    sheet.cut(sheet.mask().taper([(x - 5 * k, base - 22 * k), (x - 6 * k, base - 50 * k), (x - 1 * k, base - 90 * k)], 4 * k, 1))
    sheet["ink"].stroke([(x, base), (x, base + 14 * k)], 5 * k)


def stork(pen: Pen, x: float, y: float, span: float, turn: float) -> None:
    """A soaring stork from below: broad wings with fingers, long neck and legs; `turn` in degrees."""

    def at(points: list[Point]) -> list[Point]:
        c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
        return [(x + (a * c - b * s) * span, y + (a * s + b * c) * span) for a, b in points]

    for side in (-1, 1):
        pen.poly(at([(0.02 * side, -0.07), (0.26 * side, -0.12), (0.46 * side, -0.06), (0.44 * side, 0.03), (0.24 * side, 0.03), (0.03 * side, 0.1)]))
        for k in range(4):
            pen.poly(at([((0.40 + 0.012 * k) * side, -0.07 + 0.03 * k), ((0.56 - 0.012 * k) * side, -0.07 + 0.04 * k), ((0.42 + 0.01 * k) * side, -0.045 + 0.03 * k)]))
    pen.poly(at([(-0.045, -0.1), (0, -0.16), (0.045, -0.1), (0.04, 0.12), (0, 0.2), (-0.04, 0.12)]))
    pen.poly(at([(-0.015, -0.12), (0.015, -0.12), (0.006, -0.38), (-0.006, -0.38)]))
    pen.poly(at([(-0.012, 0.15), (0.012, 0.15), (0.006, 0.36), (-0.006, 0.36)]))


def storks() -> Image.Image:
    sheet = Sheet(30)
    sheet.ink("slate", sheet.mask().rect(0, 0, 1600, 720), sheet.fade(0.8, 0.05), lines(sheet.size, 10, 0, 1, 6))
    sun(sheet, 1240, 560, 130, "ochre")
    far = sheet.below(sheet.ridge(690, 60, 0.45))
    sheet.solid("slate", far)
    sheet.ink("ink", far, 0.3, lines(sheet.size, 9, 25))
    water = sheet.mask().rect(0, 730, 1600, 900)
    sheet.cut(water)
    sheet.ink("slate", water, 0.6, lines(sheet.size, 9, 0, 2, 4))
    pen = sheet["red"]
    deck = [(-20, 742), (1620, 726)]
    for x in (360, 1180):
        sheet.cut(sheet.mask().rect(x - 14, 520, x + 14, 800))
        pen.rect(x - 12, 520, x - 4, 800).rect(x + 4, 520, x + 12, 800).rect(x - 14, 540, x + 14, 552).rect(x - 14, 640, x + 14, 652)
    cable = [(x, 524 + 190 * (1 - ((x - 770) / 410) ** 2)) for x in range(360, 1181, 10)]
    sheet.cut(sheet.mask().stroke(deck, 14))
    pen.stroke(cable, 5).stroke([(360, 524), (-20, 690)], 5).stroke([(1180, 524), (1620, 700)], 5).stroke(deck, 10)
    for x, y in cable[::3]:
        pen.stroke([(x, y), (x, 736)], 2)
    near = sheet.below(sheet.ridge(850, 40, 0.5, 8, 600))
    sheet.solid("ink", near)
    birds = sheet.mask()
    for i in range(34):
        t = i / 33
        angle = t * 15.5
        r = 60 + 330 * (1 - t)
        x, y = 640 + 40 * math.sin(t * 9) + r * 1.35 * math.cos(angle), 90 + 470 * (1 - t) * 0.9 + r * 0.28 * math.sin(angle)
        stork(birds, x, y, 60 + 95 * (1 - t) * (0.75 + 0.25 * math.sin(angle)), math.degrees(angle) + 100)
    sheet.cut(birds)
    sheet.ink("ink", birds)
    return sheet.pull()


SCENES = {
    "turkiye/istanbul-talks/consulate": talks,
    "turkiye/tunel/funicular": tunel,
    "turkiye/gobekli-tepe/pillars": gobekli,
    "turkiye/tulips/beds": tulip_beds,
    "turkiye/tulips/single": tulip_single,
    "turkiye/tulips/tile": tulip_tile,
    "turkiye/marmaray/tube": marmaray,
    "turkiye/tek-saat/two-horizons": two_clocks,
    "turkiye/north-anatolian-fault/road": fault,
    "turkiye/storks/thermal": storks,
}
