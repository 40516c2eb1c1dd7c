"""Pictures for the stories from the Americas."""

from __future__ import annotations

import math

from motifs import gull, mountain, person, sun
from PIL import Image
from press import Point, Sheet, dots, lines, smooth


def locks() -> Image.Image:
    """A flight of lock chambers stepping up to a lake."""
    sheet = Sheet(71)
    sheet.ink("ochre", sheet.mask().rect(0, 0, 1600, 330), sheet.fade(0.1, 0.7), dots(sheet.size, 9))
    for base, tone in ((240, 0.3), (290, 0.5)):
        woods = sheet.below(sheet.ridge(base, 60, 0.5, 8, 420))
        sheet.solid("slate", woods)
        sheet.ink("ink", woods, tone, lines(sheet.size, 8, 30))
    sheet.solid("slate", sheet.mask().rect(0, 318, 1600, 380))
    chambers = ((1090, 1620, 372), (560, 1090, 520), (30, 560, 668))
    shore = sheet.mask().rect(0, 372, 1600, 900)
    sheet.cut(shore)
    sheet.ink("ochre", shore)
    sheet.ink("ink", shore, 0.3, lines(sheet.size, 10, -12))
    for left, right, top in chambers:
        basin = sheet.mask().rect(left, top, right, 900)
        sheet.cut(basin)
        sheet.ink("slate", basin, sheet.fade(0.3, 1.1), lines(sheet.size, 10, 0, 2, 3))
        sheet["ink"].rect(left, top - 3, right, top + 4)
    sheet.ink("slate", sheet.mask().rect(0, 816, 30, 900))
    for x, top, foot in ((1090, 340, 700), (560, 488, 850), (30, 636, 900)):
        sheet.cut(sheet.mask().rect(x - 32, top - 8, x + 32, 900))
        sheet.ink("red", sheet.mask().rect(x - 24, top, x + 24, foot))
        for y in range(int(top) + 26, int(foot), 46):
            sheet["ink"].rect(x - 24, y, x + 24, y + 7)
        sheet["ink"].stroke([(x - 24, top), (x - 24, foot)], 5).stroke([(x + 24, top), (x + 24, foot)], 5)
    floor = [(0, 880), (530, 880), (530, 800), (1060, 800), (1060, 690), (1600, 690), (1600, 900), (0, 900)]
    sheet.cut(sheet.mask().poly(floor))
    sheet.ink("ochre", sheet.mask().poly(floor))
    sheet.ink("ink", sheet.mask().poly(floor), 0.45, lines(sheet.size, 9, 40))
    sheet["ink"].stroke(floor[:6], 6)
    hull = [(610, 478), (1030, 478), (1052, 440), (1040, 580), (1000, 610), (640, 610), (612, 580)]
    sheet.cut(sheet.mask().poly(hull).stroke([*hull, hull[0]], 14))
    sheet.ink("ink", sheet.mask().poly(hull))
    sheet.solid("red", sheet.mask().poly([(612, 560), (1042, 560), (1000, 610), (640, 610)]))
    colours = ("red", "ochre", "slate", "ochre", "ink", "red", "slate")
    for row in range(4):
        for k in range(8):
            x, y = 706 + k * 38, 444 - row * 32
            sheet.cut(sheet.mask().rect(x - 2, y - 2, x + 37, y + 33))
            sheet.ink(colours[(k * 2 + row * 3) % 7], sheet.mask().rect(x, y, x + 34, y + 29))
    sheet.cut(sheet.mask().rect(622, 292, 698, 478))
    sheet["ink"].stroke([(626, 478), (626, 300), (694, 300), (694, 478)], 5)
    for y in range(314, 470, 30):
        sheet["ink"].rect(636, y, 684, y + 12)
    sheet.solid("red", sheet.mask().rect(640, 256, 676, 300))
    for x in (160, 330):
        tug = (
            sheet.mask()
            .poly([(x - 70, 640), (x + 80, 630), (x + 56, 684), (x - 54, 684)])
            .rect(x - 24, 586, x + 30, 640)
        )
        if x == 330:
            sheet.cut(tug)
            sheet.ink("ink", tug)
            sheet.solid("ochre", sheet.mask().rect(x - 14, 598, x + 20, 618))
    return sheet.pull()


def fields() -> Image.Image:
    """Farmland from orbit, with the satellite that sees it."""
    sheet = Sheet(72)
    size, looks = (
        160,
        (
            ("ochre", 1.0, 0),
            ("slate", 0.45, 0),
            ("ochre", 0.45, 45),
            ("slate", 0.8, -45),
            ("red", 0.45, 90),
            ("ochre", 0.7, 90),
            ("", 0.0, 0),
        ),
    )
    for row in range(6):
        for column in range(10):
            x, y = column * size, row * size
            field = sheet.mask().rect(x + 4, y + 4, x + size - 4, y + size - 4)
            ink, tone, angle = looks[(column * 5 + row * 3 + (column * row) % 4) % 7]
            if ink:
                sheet.ink(ink, field, tone, lines(sheet.size, 8, angle))
            if (column * 3 + row * 5) % 4 < 2:
                disc = sheet.mask().disc(x + 80, y + 80, 72)
                sheet.cut(sheet.mask().disc(x + 80, y + 80, 76))
                ink = ("slate", "ochre", "red", "ink")[(column + row * 2) % 4]
                sheet.ink(ink, disc, 1.0 if ink != "ink" else 0.6, lines(sheet.size, 7, 20))
                a = sheet.rng.uniform(0, 6)
                sheet.cut(
                    sheet.mask().taper(
                        [
                            (x + 80, y + 80),
                            (x + 80 + 36 * math.cos(a), y + 80 + 36 * math.sin(a)),
                            (x + 80 + 73 * math.cos(a), y + 80 + 73 * math.sin(a)),
                        ],
                        3,
                        6,
                    )
                )
                if (column + row) % 3 == 0:
                    wedge = [(x + 80, y + 80)] + [
                        (x + 80 + 72 * math.cos(a + t * 0.1), y + 80 + 72 * math.sin(a + t * 0.1)) for t in range(12)
                    ]
                    sheet.cut(sheet.mask().poly(wedge))
                    sheet.ink("ochre", sheet.mask().poly(wedge))
    river = smooth(
        [(-20, 640), (200, 600), (420, 700), (640, 620), (820, 720), (1080, 660), (1300, 760), (1620, 700)], 12
    )
    sheet.cut(sheet.mask().stroke(river, 66))
    sheet["slate"].stroke(river, 50)
    sheet["ink"].stroke([(1180, -10), (1160, 400), (1220, 910)], 7)
    satellite(sheet, 560, 330)
    return sheet.pull()


def satellite(sheet: Sheet, x: float, y: float) -> None:
    def at(points: list[Point]) -> list[Point]:
        c, s = math.cos(-0.45), math.sin(-0.45)
        return [(x + a * c - b * s, y + a * s + b * c) for a, b in points]

    shadow = sheet.mask().poly([(a + 46, b + 60) for a, b in at([(-330, -60), (330, -60), (330, 60), (-330, 60)])])
    sheet.ink("ink", shadow, 0.6, lines(sheet.size, 7, 0))
    sheet.cut(
        sheet.mask()
        .poly(at([(-346, -74), (346, -74), (346, 74), (-346, 74)]))
        .poly(at([(-90, -110), (90, -110), (90, 120), (-90, 120)]))
    )
    for side in (-1, 1):
        sheet.ink(
            "slate", sheet.mask().poly(at([(side * 110, -58), (side * 330, -58), (side * 330, 58), (side * 110, 58)]))
        )
        for k in range(6):
            u = side * (110 + k * 44)
            sheet["ink"].stroke(at([(u, -58), (u, 58)]), 4)
        sheet["ink"].stroke(at([(side * 110, 0), (side * 330, 0)]), 4).stroke(at([(side * 70, 0), (side * 110, 0)]), 9)
    sheet.ink("ochre", sheet.mask().poly(at([(-72, -92), (72, -92), (72, 92), (-72, 92)])))
    sheet.ink("ink", sheet.mask().poly(at([(14, -92), (72, -92), (72, 92), (14, 92)])), 0.5, lines(sheet.size, 7, 30))
    sheet["ink"].stroke(at([(-72, -92), (72, -92), (72, 92), (-72, 92), (-72, -92)]), 5)
    cx, cy = at([(-4, 34)])[0]
    sheet["ink"].disc(cx, cy, 38)
    sheet.ink("red", sheet.mask().disc(cx, cy, 24))
    sheet.cut(sheet.mask().disc(cx, cy, 24), "ink")
    sheet.cut(sheet.mask().disc(cx - 8, cy - 8, 7))


def inca_road() -> Image.Image:
    """A stair over the terraces and a bridge of grass."""
    sheet = Sheet(73)
    sheet.ink("red", sheet.mask().rect(0, 0, 1600, 500), sheet.fade(0.0, 0.5), dots(sheet.size, 9))
    sun(sheet, 300, 190, 84, "ochre")
    mountain(sheet, [(200, 620), (420, 380), (560, 200), (620, 120), (690, 230), (820, 420), (1000, 620)], "slate")
    mountain(sheet, [(760, 640), (960, 420), (1080, 300), (1170, 230), (1300, 380), (1480, 480), (1640, 640)], "slate")
    depth = sheet.mask().rect(0, 610, 1600, 900)
    sheet.cut(depth)
    sheet.ink("slate", depth)
    sheet.ink("ink", depth, sheet.fade(-0.9, 1.1), lines(sheet.size, 10, 0))
    stream = smooth([(880, 610), (850, 680), (900, 760), (830, 830), (850, 920)], 10)
    sheet.cut(sheet.mask().taper(stream, 10, 74))
    for k in range(9):
        base = 470 + k * 50
        left = sheet.mask().poly(
            [(-10, base - 120), (180 + k * 44, base - 40), (240 + k * 50, base + 60), (240 + k * 40, 910), (-10, 910)]
        )
        sheet.cut(left)
        sheet.ink("ochre", left)
        sheet.ink("ink", left, (0.2, 0.5)[k % 2], lines(sheet.size, 8, 90 if k % 2 else 0))
        sheet["ink"].stroke([(-10, base - 120), (180 + k * 44, base - 40), (240 + k * 50, base + 60)], 4)
        right = sheet.mask().poly(
            [
                (1610, base - 150),
                (1430 - k * 30, base - 50),
                (1370 - k * 34, base + 60),
                (1380 - k * 24, 910),
                (1610, 910),
            ]
        )
        sheet.cut(right)
        sheet.ink("ochre", right)
        sheet.ink("ink", right, (0.5, 0.25)[k % 2], lines(sheet.size, 8, 90 if k % 2 else 0))
        sheet["ink"].stroke([(1610, base - 150), (1430 - k * 30, base - 50), (1370 - k * 34, base + 60)], 4)
    deck = smooth([(500, 650), (640, 716), (800, 742), (960, 716), (1130, 640)], 14)
    rail = smooth([(490, 590), (640, 668), (800, 696), (960, 668), (1140, 580)], 14)
    sheet.cut(sheet.mask().stroke(deck, 30).stroke(rail, 14))
    sheet["ink"].stroke(deck, 16).stroke(rail, 6)
    for a, b in zip(deck[::2], rail[::2], strict=False):
        sheet["ink"].stroke([a, b], 2.5)
    for a in deck[::3]:
        sheet["ochre"].stroke([(a[0] - 8, a[1]), (a[0] + 8, a[1])], 5)
        sheet.cut(sheet.mask().stroke([(a[0] - 6, a[1]), (a[0] + 6, a[1])], 4), "ink")
    stairs = sheet.mask()
    for k in range(16):
        t = k / 15
        y, half, x = 900 - 260 * t, 130 - 92 * t, 250 + 240 * t
        stairs.poly([(x - half, y), (x + half, y), (x + half - 5, y - 17 + 6 * t), (x - half + 5, y - 17 + 6 * t)])
    sheet.cut(stairs)
    for k in range(16):
        t = k / 15
        y, half, x = 900 - 260 * t, 130 - 92 * t, 250 + 240 * t
        sheet["ink"].stroke([(x - half, y), (x + half, y)], 4)
    for x, y, h in ((770, 736, 84), (830, 738, 78)):
        figure = sheet.mask()
        person(figure, x, y, h)
        sheet.cut(sheet.mask().disc(x, y - h * 0.9, 12))
        sheet.solid("red", figure)
        sheet["ink"].rect(x - 16, y - h * 0.8, x - 4, y - h * 0.45)
    gull(sheet["ink"], 930, 130, 130, 0.22)
    return sheet.pull()


def census() -> Image.Image:
    """Streets of houses read as holes in a card."""
    sheet = Sheet(74)
    sheet.solid("slate", sheet.all())
    for row in range(3):
        base = 210 + row * 150
        for k in range(16):
            x, wide = k * 104 - 40 + (row % 2) * 50, 84
            high = 62 + (k * 37 + row * 17) % 42
            ink = ("ochre", "", "red", "ochre", "")[(k * 3 + row) % 5]
            wall = sheet.mask().rect(x, base - high, x + wide, base)
            roof = [(x - 8, base - high), (x + wide + 8, base - high), (x + wide / 2, base - high - 40)]
            sheet.cut(wall)
            sheet.cut(sheet.mask().poly(roof))
            if ink:
                sheet.ink(ink, wall)
            sheet.ink("ink", sheet.mask().poly(roof))
            for wx in (14, 50):
                lit = (k + row + wx) % 3
                sheet.solid(
                    "ink" if lit else "ochre",
                    sheet.mask().rect(x + wx, base - high + 16, x + wx + 20, base - high + 40),
                )
        sheet.solid("ink", sheet.mask().rect(0, base, 1600, base + 10))
    card = [(160, 400), (230, 340), (1500, 340), (1500, 850), (160, 850)]
    sheet.cut(sheet.mask().poly(card).stroke([*card, card[0]], 20))
    sheet.ink("ochre", sheet.mask().poly(card), 0.35, dots(sheet.size, 8))
    sheet["ink"].stroke([*card, card[0]], 6)
    for row in range(8):
        for column in range(30):
            x, y = 216 + column * 42, 400 + row * 54
            if row == 0 and column < 1:
                continue
            if (column * 7 + row * row * 5 + column * row * 3) % 8 < 2:
                sheet.cut(sheet.mask().rect(x - 2, y - 2, x + 24, y + 38))
                sheet["ink"].rect(x, y, x + 20, y + 34)
            else:
                sheet["red"].ring(x + 10, y + 17, 8, 11, 2)
    return sheet.pull()


SCENES = {
    "americas/panama-canal/locks": locks,
    "americas/landsat/fields": fields,
    "americas/inca-road/bridge": inca_road,
    "americas/census/card": census,
}
