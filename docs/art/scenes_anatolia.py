"""Pictures from inland: stones, clocks, a fault and storks."""

from __future__ import annotations

import math

from motifs import mountain, person, rays, sea, star_field, sun
from PIL import Image
from press import Pen, Point, Sheet, dots, lines, smooth


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
    stones = [
        (250, 760, 0.72),
        (520, 700, 0.62),
        (1090, 700, 0.62),
        (1360, 760, 0.74),
        (690, 830, 1.2),
        (960, 850, 1.26),
    ]
    for x, base, k in stones:
        pillar(sheet, x, base, k)
    wall = sheet.mask()
    for row in range(5):
        left, top = -30.0 + row * 17, 800.0 + row * 24
        while left < 1630:
            wide = sheet.rng.uniform(40, 86)
            rise = 60 * (abs(left + wide / 2 - 800) / 800) ** 2
            wall.rect(left, top - rise, left + wide - 6, top - rise + 19)
            left += wide
    back = sheet.mask().poly([(0, 728), (300, 758), (800, 792), (1300, 758), (1600, 728), (1600, 900), (0, 900)])
    sheet.solid("ink", back)
    sheet.cut(wall)
    sheet.ink("ochre", wall)
    return sheet.pull()


def pillar(sheet: Sheet, x: float, base: float, k: float) -> None:
    """A T-shaped pillar with a fox or a bird pecked into it."""
    stem = [(x - 46 * k, base), (x - 42 * k, base - 250 * k), (x + 42 * k, base - 250 * k), (x + 46 * k, base)]
    head = [
        (x - 108 * k, base - 246 * k),
        (x - 102 * k, base - 352 * k),
        (x + 104 * k, base - 360 * k),
        (x + 108 * k, base - 250 * k),
    ]
    shape = sheet.mask().poly(stem).poly(head)
    sheet.cut(
        sheet.mask()
        .poly([(a + (6 if a > x else -6), b - 6) for a, b in stem])
        .poly([(a + (6 if a > x else -6), b - 6) for a, b in head])
    )
    sheet.ink("ochre", shape, 0.35, dots(sheet.size, 7))
    dark = sheet.mask().poly(
        [(x + 16 * k, base), (x + 14 * k, base - 250 * k), (x + 46 * k, base - 250 * k), (x + 48 * k, base)]
    )
    dark.poly(
        [
            (x + 60 * k, base - 248 * k),
            (x + 56 * k, base - 357 * k),
            (x + 104 * k, base - 360 * k),
            (x + 108 * k, base - 250 * k),
        ]
    )
    sheet.ink("ink", dark, 0.6, lines(sheet.size, 8, 45))
    sheet["ink"].stroke([*stem], 5 * k).stroke([*head, head[0]], 5 * k)
    if k > 1:
        fox = [
            (x - 30 * k, base - 120 * k),
            (x - 34 * k, base - 176 * k),
            (x - 20 * k, base - 190 * k),
            (x - 24 * k, base - 212 * k),
            (x - 6 * k, base - 196 * k),
            (x + 6 * k, base - 172 * k),
            (x + 2 * k, base - 120 * k),
            (x - 6 * k, base - 120 * k),
            (x - 9 * k, base - 150 * k),
            (x - 20 * k, base - 150 * k),
            (x - 22 * k, base - 120 * k),
        ]
        sheet.solid("red", sheet.mask().poly(fox))


def two_clocks() -> Image.Image:
    """The same hour on the country's eastern mountain and its western shore."""
    sheet = Sheet(28)
    sheet.ink("slate", sheet.all(), sheet.across(1.05, -0.25), lines(sheet.size, 9, 0))
    star_field(sheet, 20, 380, 46)
    sun(sheet, 1290, 400, 130)
    rays(sheet, 1290, 400, 146, 230, 28)
    sea(sheet, 560, (0.4, 0.9))
    for base, high, ink in ((600, 90, "slate"), (650, 70, "ochre")):
        land = [
            (x, y - max(0.0, (x - 700) * 0.06) + max(0.0, (760 - x) * 0.42)) for x, y in sheet.ridge(base, high, 0.45)
        ]
        shape = sheet.below(land)
        sheet.solid(ink, shape)
        sheet.ink("ink", shape, 0.35, lines(sheet.size, 9, 25))
    mountain(
        sheet,
        [(930, 640), (1060, 520), (1130, 420), (1180, 350), (1220, 352), (1300, 440), (1390, 500), (1560, 640)],
        "ochre",
    )
    sheet.cut(
        sheet.mask().poly([(1130, 420), (1180, 350), (1220, 352), (1270, 408), (1240, 400), (1210, 436), (1176, 404)])
    )
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
    pen.stroke([(222, 472), (270, 380), (318, 472)], 4).stroke([(232, 470), (232, 690)], 3).stroke(
        [(308, 470), (308, 690)], 3
    )
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
            ink, tone, angle = (("ochre", 1.0, 0.0), ("", 0.0, 0.0), ("ochre", 0.5, 40.0), ("slate", 0.55, -40.0))[
                (k * 7) % 4
            ]
            top = 800 + (k - 3) * 88
            foot = 800 + (k - 3) * 330 - shift * 0.0
            strip = sheet.mask().poly(
                [(top + shift, 300), (top + 88 + shift, 300), (foot + 330 + shift, 900), (foot + shift, 900)]
            )
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
        edges = (
            sheet.mask()
            .stroke([(700 + shift, 300), (450 + shift, 900)], 5)
            .stroke([(740 + shift, 300), (640 + shift, 900)], 5)
        )
        part = sheet.mask()
        part.image.paste(edges.image, mask=shape.image)
        sheet.ink("ink", part)
    sheet.cut(sheet.mask().stroke(crack, 22))
    sheet["red"].stroke(crack, 12)
    house = sheet.mask().rect(1200, 400, 1330, 480).poly([(1184, 400), (1346, 400), (1265, 340)])
    sheet.cut(house)
    sheet["red"].poly([(1184, 400), (1346, 400), (1265, 340)])
    sheet["ink"].stroke([(1200, 400), (1200, 480), (1330, 480), (1330, 400)], 4).rect(1250, 430, 1280, 480)
    for left, base, size in (
        (120, 400, 1.0),
        (180, 420, 1.2),
        (1440, 430, 1.2),
        (1510, 410, 1.0),
        (330, 780, 2.0),
        (1350, 760, 2.2),
    ):
        poplar(sheet, left, base, size)
    person(sheet["ink"], 905, 700, 110)
    return sheet.pull()


def poplar(sheet: Sheet, x: float, base: float, k: float) -> None:
    crown = smooth(
        [(x, base), (x - 20 * k, base - 40 * k), (x, base - 110 * k), (x + 20 * k, base - 40 * k), (x, base)], 8
    )
    sheet.cut(sheet.mask().stroke(crown, 6))
    sheet.solid("ink", sheet.mask().poly(crown))
    sheet.cut(
        sheet.mask().taper(
            [(x - 5 * k, base - 22 * k), (x - 6 * k, base - 50 * k), (x - 1 * k, base - 90 * k)], 4 * k, 1
        )
    )
    sheet["ink"].stroke([(x, base), (x, base + 14 * k)], 5 * k)


def stork(pen: Pen, x: float, y: float, span: float, turn: float) -> None:
    """A soaring stork from below: broad wings with fingers, long neck and legs; `turn` in degrees."""

    def at(points: list[Point]) -> list[Point]:
        c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
        return [(x + (a * c - b * s) * span, y + (a * s + b * c) * span) for a, b in points]

    for side in (-1, 1):
        pen.poly(
            at(
                [
                    (0.02 * side, -0.07),
                    (0.26 * side, -0.12),
                    (0.46 * side, -0.06),
                    (0.44 * side, 0.03),
                    (0.24 * side, 0.03),
                    (0.03 * side, 0.1),
                ]
            )
        )
        for k in range(4):
            pen.poly(
                at(
                    [
                        ((0.40 + 0.012 * k) * side, -0.07 + 0.03 * k),
                        ((0.56 - 0.012 * k) * side, -0.07 + 0.04 * k),
                        ((0.42 + 0.01 * k) * side, -0.045 + 0.03 * k),
                    ]
                )
            )
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
        pen.rect(x - 12, 520, x - 4, 800).rect(x + 4, 520, x + 12, 800).rect(x - 14, 540, x + 14, 552).rect(
            x - 14, 640, x + 14, 652
        )
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
        bird_x = 640 + 40 * math.sin(t * 9) + r * 1.35 * math.cos(angle)
        bird_y = 90 + 470 * (1 - t) * 0.9 + r * 0.28 * math.sin(angle)
        stork(birds, bird_x, bird_y, 60 + 95 * (1 - t) * (0.75 + 0.25 * math.sin(angle)), math.degrees(angle) + 100)
    sheet.cut(birds)
    sheet.ink("ink", birds)
    return sheet.pull()


SCENES = {
    "turkiye/gobekli-tepe/pillars": gobekli,
    "turkiye/tek-saat/two-horizons": two_clocks,
    "turkiye/north-anatolian-fault/road": fault,
    "turkiye/storks/thermal": storks,
}
