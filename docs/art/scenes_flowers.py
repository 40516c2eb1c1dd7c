"""Tulips, coffee on the branch and butterflies: what grows and what flies to it."""

from __future__ import annotations

import math

from motifs import mosque
from PIL import Image
from press import Point, Sheet, lines, smooth


def tulip(sheet: Sheet, x: float, y: float, k: float, ink: str, lean: float = 0.0) -> None:
    """The pointed Istanbul tulip: six dagger petals, of which three are seen."""
    stem = smooth([(x - lean * 120 * k, y + 300 * k), (x - lean * 40 * k, y + 150 * k), (x, y)], 8)
    sheet.cut(sheet.mask().stroke(stem, 13 * k))
    sheet["ink"].stroke(stem, 7 * k)
    for side in (-1, 1):
        leaf = smooth(
            [(x - lean * 100 * k, y + 290 * k), (x + side * 66 * k, y + 190 * k), (x + side * 92 * k, y + 50 * k)], 8
        )
        back = smooth(
            [(x + side * 92 * k, y + 50 * k), (x + side * 40 * k, y + 170 * k), (x - lean * 100 * k, y + 300 * k)], 8
        )
        shape = sheet.mask().poly(leaf + back)
        sheet.cut(shape)
        sheet.ink("slate", shape)
        sheet["ink"].stroke(leaf, 2.5 * k)
    for side in (-1, 1, 0):
        tip = (x + side * 52 * k, y - (180 if side else 205) * k)
        wide = 34 if side == 0 else 40
        left = smooth(
            [
                (x - 4 * k, y + 6 * k),
                (x + (side * 44 - wide) * k, y - 62 * k),
                (x + (side * 40 - 14) * k, y - 128 * k),
                tip,
            ],
            8,
        )
        right = smooth(
            [
                tip,
                (x + (side * 40 + 14) * k, y - 128 * k),
                (x + (side * 44 + wide) * k, y - 62 * k),
                (x + 4 * k, y + 6 * k),
            ],
            8,
        )
        petal = sheet.mask().poly(left + right)
        sheet.cut(sheet.mask().stroke(left + right, 7 * k))
        sheet.solid(ink, petal)
        vein = sheet.mask()
        for shift in (-10, 0, 10):
            vein.taper(
                [
                    (x + side * 18 * k, y - 18 * k),
                    (x + (side * 42 + shift) * k, y - 84 * k),
                    (x + (side * 46 + shift * 0.3) * k, y - 138 * k),
                ],
                4 * k,
                1,
            )
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
                shape.poly(
                    [
                        (x - size * 0.7, cy - size),
                        (x - size * 0.2, cy - size * 0.3),
                        (x, cy - size * 1.3),
                        (x + size * 0.2, cy - size * 0.3),
                        (x + size * 0.7, cy - size),
                        (x + size * 0.6, cy + size * 0.4),
                        (x, cy + size * 0.9),
                        (x - size * 0.6, cy + size * 0.4),
                    ]
                )
                x += step
            sheet.cut(shape)
            if ink:
                sheet.ink(ink, shape)
    for x, y, k, ink, lean in (
        (180, 560, 1.1, "red", 0.3),
        (430, 640, 0.95, "ochre", -0.2),
        (690, 590, 1.2, "red", 0.1),
        (960, 650, 1.0, "red", -0.3),
        (1200, 585, 1.15, "ochre", 0.2),
        (1450, 620, 1.1, "red", -0.1),
    ):
        tulip(sheet, x, y, k, ink, lean)
    return sheet.pull()


def tulip_single() -> Image.Image:
    sheet = Sheet(25)
    sheet.solid("ochre", sheet.mask().rect(60, 60, 1540, 840))
    sheet.cut(sheet.mask().rect(84, 84, 1516, 816))
    sheet["ink"].stroke([(96, 96), (1504, 96), (1504, 804), (96, 804), (96, 96)], 3)
    for x, y, k, ink, lean in (
        (800, 420, 1.75, "red", 0.0),
        (480, 480, 1.2, "ochre", 0.4),
        (1120, 480, 1.2, "slate", -0.4),
    ):
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
                petal: list[Point] = [(x, y)]
                angle = math.radians(k * 90 - 90)
                for reach, spread in ((60, -0.5), (104 if k % 2 else 118, 0.0), (60, 0.5)):
                    petal.append((x + reach * math.cos(angle + spread), y + reach * math.sin(angle + spread)))
                sheet.solid("red", sheet.mask().poly(petal))
                sheet.cut(
                    sheet.mask().taper(
                        [
                            (x + 20 * math.cos(angle), y + 20 * math.sin(angle)),
                            (x + 84 * math.cos(angle), y + 84 * math.sin(angle)),
                        ],
                        7,
                        1,
                    )
                )
            sheet.solid("ochre", sheet.mask().disc(x, y, 20))
            sheet["ink"].ring(x, y, 20, 20, 4)
    return sheet.pull()


def coffee_branch() -> Image.Image:
    sheet = Sheet(64)
    sheet.solid("ochre", sheet.all())
    sheet.ink("ink", sheet.all(), sheet.glow(800, 450, 1000, -0.0, 0.5), lines(sheet.size, 11, 0))
    branch = smooth([(-20, 720), (300, 560), (700, 470), (1100, 420), (1620, 200)], 16)
    for number, i in enumerate(range(6, len(branch) - 4, 9)):
        x, y = branch[i]
        for side in (-1, 1):
            lean = sheet.rng.uniform(-0.25, 0.25) - 0.4
            a = side * (1.15 + lean * 0.3) - 0.3
            long = sheet.rng.uniform(250, 330)
            tip = (x + long * math.cos(a), y + long * math.sin(a))
            nx, ny = -math.sin(a), math.cos(a)
            mid = ((x + tip[0]) / 2, (y + tip[1]) / 2)
            upper = smooth([(x, y), (mid[0] + nx * 62, mid[1] + ny * 62), tip], 12)
            lower = smooth([tip, (mid[0] - nx * 62, mid[1] - ny * 62), (x, y)], 12)
            leaf = sheet.mask().poly(upper + lower)
            sheet.cut(sheet.mask().poly(upper + lower).stroke(upper + lower, 12))
            sheet.ink("slate", leaf)
            half = sheet.mask().poly([*upper, *smooth([tip, mid, (x, y)], 6)])
            sheet.ink("ink", half, 0.6, lines(sheet.size, 8, 30 + number * 40))
            sheet["ink"].stroke(upper + lower, 3)
            sheet.cut(sheet.mask().taper([(x, y), mid, tip], 7, 2))
            for t in (0.25, 0.4, 0.55, 0.7):
                px, py = x + (tip[0] - x) * t, y + (tip[1] - y) * t
                for s in (-1, 1):
                    sheet.cut(
                        sheet.mask().taper(
                            [
                                (px, py),
                                (px + s * nx * 22 + 14 * math.cos(a), py + s * ny * 22 + 14 * math.sin(a)),
                                (px + s * nx * 40 + 36 * math.cos(a), py + s * ny * 40 + 36 * math.sin(a)),
                            ],
                            4,
                            1,
                        )
                    )
    sheet.cut(sheet.mask().stroke(branch, 26))
    sheet["ink"].stroke(branch, 16)
    for i in range(6, len(branch) - 4, 9):
        x, y = branch[i]
        for k in range(7):
            a = k * 0.9 + i
            bx, by = x + 40 * math.cos(a), y + 34 * math.sin(a)
            sheet.cut(sheet.mask().disc(bx, by, 29))
            sheet.ink("red" if k % 4 else "ochre", sheet.mask().disc(bx, by, 25))
            sheet["ink"].ring(bx, by, 25, 25, 3).disc(bx + 8 * math.cos(a), by + 8 * math.sin(a), 4)
            sheet.cut(sheet.mask().arc(bx, by, 16, 190, 250, 4))
    return sheet.pull()


def butterfly(sheet: Sheet, x: float, y: float, k: float, turn: float) -> None:
    c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))

    def at(points: list[Point]) -> list[Point]:
        return [(x + (a * c - b * s) * k, y + (a * s + b * c) * k) for a, b in points]

    for side in (-1, 1):
        upper = smooth(at([(0, -6), (side * 30, -58), (side * 92, -70), (side * 78, -14), (side * 10, 8)]), 6)
        lower = smooth(at([(0, 4), (side * 60, 6), (side * 66, 44), (side * 26, 58), (0, 14)]), 6)
        sheet.cut(sheet.mask().poly(upper).poly(lower).stroke(upper, 7 * k).stroke(lower, 7 * k))
        sheet["ink"].poly(upper).poly(lower)
        cells = sheet.mask()
        for panel in (
            [(8, -8), (36, -46), (58, -50), (40, -14)],
            [(46, -12), (64, -48), (76, -46), (68, -16)],
            [(10, 8), (40, 8), (30, 24), (12, 18)],
            [(44, 12), (56, 16), (54, 34), (38, 24)],
            [(14, 24), (30, 30), (44, 36), (26, 46)],
        ):
            cells.poly(at([(side * a, b) for a, b in panel]))
        sheet.solid("ochre" if side < 0 else "red", cells)
        spots = sheet.mask()
        for a, b in ((84, -62), (76, -62), (66, -62), (84, -50), (60, 38), (52, 46), (40, 52)):
            px, py = at([(side * a, b)])[0]
            spots.disc(px, py, 2.6 * k)
        sheet.cut(spots)
    sheet["ink"].taper(at([(0, -22), (0, 6), (0, 34)]), 11 * k, 4 * k)


def monarchs() -> Image.Image:
    sheet = Sheet(75)
    sheet.ink("slate", sheet.all(), sheet.fade(0.25, 0.9), lines(sheet.size, 10, 0))
    for x, w in ((120, 70), (330, 46), (1330, 60), (1500, 90), (760, 34), (1090, 40)):
        trunk = [
            (x - w * 0.6, 910),
            (x - w * 0.42, 400),
            (x - w * 0.3, -10),
            (x + w * 0.3, -10),
            (x + w * 0.42, 400),
            (x + w * 0.62, 910),
        ]
        sheet.cut(sheet.mask().poly(trunk))
        sheet.ink("ink", sheet.mask().poly(trunk), 1.0 if w > 50 else 0.75, lines(sheet.size, 7, 90))
        bark = sheet.mask()
        for _ in range(18):
            bx, by = x + sheet.rng.uniform(-w * 0.35, w * 0.35), sheet.rng.uniform(0, 860)
            bark.taper([(bx, by), (bx + 3, by + 26), (bx, by + 60)], 1, 5)
        sheet.cut(bark)
    for x, y, k, turn in (
        (560, 250, 1.9, -18),
        (960, 420, 2.3, 24),
        (420, 610, 1.5, 40),
        (700, 700, 1.3, -30),
        (1220, 210, 1.4, -40),
        (1240, 690, 1.7, -12),
        (840, 140, 0.9, 30),
        (220, 260, 1.2, 14),
        (1430, 430, 1.0, 60),
        (640, 470, 0.8, -60),
        (1060, 130, 0.6, 10),
        (120, 560, 0.9, -20),
        (980, 780, 0.8, 20),
        (1500, 780, 1.1, 30),
        (330, 110, 0.7, -30),
    ):
        butterfly(sheet, x, y, k, turn)
    return sheet.pull()


SCENES = {
    "turkiye/tulips/beds": tulip_beds,
    "turkiye/tulips/single": tulip_single,
    "turkiye/tulips/tile": tulip_tile,
    "africa/coffee-origin/branch": coffee_branch,
    "americas/monarchs/forest": monarchs,
}
