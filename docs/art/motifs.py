"""Things that stand in several pictures: water, gulls, skylines, arrows, a compass rose."""

from __future__ import annotations

import math

from press import Pen, Point, Sheet, dots, lines, smooth


def sea(sheet: Sheet, top: float, tone: tuple[float, float] = (0.35, 0.85), ink: str = "slate", seed: int = 5) -> None:
    """Water from `top` to the lower edge, in an engraver's wavy lines."""
    water = sheet.mask().rect(0, top, sheet.w, sheet.h)
    sheet.ink(ink, water, sheet.fade(tone[0] - (tone[1] - tone[0]), tone[1]), lines(sheet.size, 9, 0, 2, seed))


def gull(pen: Pen, x: float, y: float, span: float, lift: float = 0.35, value: int = 255) -> None:
    """A gull as two tapering strokes."""
    for side in (-1, 1):
        wing = smooth([(x, y), (x + side * span * 0.22, y - span * lift), (x + side * span * 0.55, y - span * 0.12)], 6)
        pen.taper(wing, span * 0.085, 1.2, value)


def mosque(pen: Pen, x: float, base: float, size: float, minarets: int = 2) -> None:
    """A domed skyline building with its minarets; `size` is the main dome's radius."""
    pen.disc(x, base - size * 0.9, size)
    pen.rect(x - size * 1.5, base - size * 0.95, x + size * 1.5, base)
    for side in (-1, 1):
        pen.disc(x + side * size * 0.95, base - size * 0.85, size * 0.5)
        pen.disc(x + side * size * 1.45, base - size * 0.45, size * 0.38)
    pen.rect(x - size * 1.9, base - size * 0.5, x + size * 1.9, base + 4)
    pen.taper([(x, base - size * 1.85), (x, base - size * 2.2)], 3, 1)
    for k in range(minarets):
        side = -1 if k % 2 == 0 else 1
        mx = x + side * size * (2.0 + 0.55 * (k // 2))
        top = base - size * 3.0
        pen.rect(mx - size * 0.09, top, mx + size * 0.09, base)
        pen.poly([(mx - size * 0.12, top), (mx + size * 0.12, top), (mx, top - size * 0.7)])
        for level in (0.12, 0.42):
            y = top + (base - top) * level
            pen.rect(mx - size * 0.16, y, mx + size * 0.16, y + size * 0.09)


def skyline(sheet: Sheet, base: float, ink: str = "ink", tone: float = 1.0) -> None:
    shape = sheet.below([(x, y) for x, y in sheet.ridge(base, 46, 0.45, 8, 900)])
    mosque(shape, 430, base - 16, 62, 4)
    mosque(shape, 905, base - 4, 42, 2)
    mosque(shape, 1230, base - 20, 54, 4)
    tower = 1480
    shape.rect(tower - 20, base - 150, tower + 20, base)
    shape.poly([(tower - 26, base - 150), (tower + 26, base - 150), (tower, base - 225)])
    x = 0.0
    while x < sheet.w:
        wide, high = sheet.rng.uniform(14, 42), sheet.rng.uniform(6, 44)
        shape.rect(x, base - high - 8, x + wide, base + 30)
        x += wide * sheet.rng.uniform(0.8, 1.6)
    shape.rect(0, base + 20, sheet.w, sheet.h, 0)
    sheet.ink(ink, shape, tone, lines(sheet.size, 6, 0))


def arrow(sheet: Sheet, x: float, y: float, long: float, way: int, ink: str) -> None:
    """A flat arrow through water; without an ink it stays paper."""
    shape = sheet.mask()
    shape.poly(
        [(x - way * long, y - 9), (x + way * long * 0.5, y - 9), (x + way * long * 0.5, y + 9), (x - way * long, y + 9)]
    )
    shape.poly([(x + way * long * 0.45, y - 30), (x + way * long, y), (x + way * long * 0.45, y + 30)])
    sheet.cut(shape)
    if ink:
        sheet.ink(ink, shape)


def rose(sheet: Sheet, x: float, y: float, r: float) -> None:
    """A compass rose of eight points."""
    sheet.cut(sheet.mask().disc(x, y, r * 1.16))
    sheet["ink"].ring(x, y, r * 1.16, r * 1.16, 4).ring(x, y, r * 1.05, r * 1.05, 2)
    for k in range(8):
        angle = math.radians(k * 45 - 90)
        reach = r if k % 2 == 0 else r * 0.62
        tip = (x + reach * math.cos(angle), y + reach * math.sin(angle))
        for side in (-1, 1):
            flank = (x + r * 0.17 * math.cos(angle + side * 0.78), y + r * 0.17 * math.sin(angle + side * 0.78))
            half = sheet.mask().poly([(x, y), tip, flank])
            if side == 1:
                sheet.ink("red" if k == 0 else "ink", half)
            else:
                sheet["ink"].stroke([(x, y), tip], 1.6).stroke([tip, flank], 1.6)


def star_field(sheet: Sheet, top: float, bottom: float, count: int) -> None:
    """Paper-white stars cut from the plates."""
    stars = sheet.mask()
    for _ in range(count):
        x, y = sheet.rng.uniform(0, sheet.w), sheet.rng.uniform(top, bottom)
        r = sheet.rng.choice((1.6, 1.6, 2.2, 3.2))
        stars.poly([(x - r * 2, y), (x, y - r * 0.5), (x + r * 2, y), (x, y + r * 0.5)])
        stars.poly([(x, y - r * 2), (x + r * 0.5, y), (x, y + r * 2), (x - r * 0.5, y)])
    sheet.cut(stars)


def sun(sheet: Sheet, x: float, y: float, radius: float, ink: str = "red") -> None:
    sheet.solid(ink, sheet.mask().disc(x, y, radius))


def rays(sheet: Sheet, x: float, y: float, inner: float, outer: float, count: int, ink: str = "") -> None:
    """Cut marks round a light, long and short in turn."""
    shape = sheet.mask()
    for k in range(count):
        angle = 2 * math.pi * k / count
        reach = outer * (1.0 if k % 2 == 0 else 0.8)
        near = (x + inner * math.cos(angle), y + inner * math.sin(angle))
        far = (x + reach * math.cos(angle), y + reach * math.sin(angle))
        middle = ((near[0] + far[0]) / 2, (near[1] + far[1]) / 2)
        shape.taper([near, middle, far], outer * 0.05, 1.5)
    sheet.cut(shape)
    if ink:
        sheet.ink(ink, shape)


def person(pen: Pen, x: float, base: float, height: float, value: int = 255) -> None:
    """A standing figure, as a silhouette."""
    h = height
    pen.disc(x, base - h * 0.9, h * 0.085, value)
    pen.poly(
        [
            (x - h * 0.12, base - h * 0.79),
            (x + h * 0.12, base - h * 0.79),
            (x + h * 0.1, base - h * 0.42),
            (x - h * 0.1, base - h * 0.42),
        ],
        value,
    )
    pen.poly(
        [(x - h * 0.1, base - h * 0.44), (x - h * 0.005, base - h * 0.44), (x - h * 0.03, base), (x - h * 0.1, base)],
        value,
    )
    pen.poly(
        [(x + h * 0.1, base - h * 0.44), (x + h * 0.005, base - h * 0.44), (x + h * 0.03, base), (x + h * 0.1, base)],
        value,
    )


def mountain(sheet: Sheet, points: list[tuple[float, float]], light: str, angle: float = 55) -> None:
    """A peak: `points` are foot, summit, foot with what lies between; the right flank lies in hatched shade."""
    outline = sheet.mask().poly(points)
    sheet.cut(outline)
    if light:
        sheet.ink(light, outline)
    peak = min(points, key=lambda p: p[1])
    right = points[points.index(peak) :]
    foot = max(p[1] for p in points)
    spine = [
        peak,
        (peak[0] - 18, peak[1] + (foot - peak[1]) * 0.3),
        (peak[0] + 26, peak[1] + (foot - peak[1]) * 0.55),
        (peak[0] - 10, foot),
    ]
    shade = sheet.mask().poly([*right, (peak[0], foot), *spine[::-1]])
    sheet.ink("ink", shade, 0.62, lines(sheet.size, 9, angle))
    sheet["ink"].stroke(points, 4)


def palm(sheet: Sheet, x: float, base: float, k: float) -> None:
    trunk = smooth([(x, base), (x + 8 * k, base - 80 * k), (x + 2 * k, base - 150 * k)], 6)
    sheet["ink"].taper(trunk, 13 * k + 1, 7 * k + 1)
    for angle in range(-200, 25, 26):
        a = math.radians(angle)
        tip = (x + 84 * k * math.cos(a), base - 150 * k + 66 * k * math.sin(a) + 30 * k)
        frond = smooth(
            [(x + 2 * k, base - 150 * k), (x + 44 * k * math.cos(a), base - 162 * k + 50 * k * math.sin(a)), tip], 6
        )
        sheet["ink"].taper(frond, 13 * k, 1)


def pencil(sheet: Sheet, x: float, y: float, long: float, turn: float) -> None:
    """A pencil lying across the sheet, its point at (x, y)."""
    c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))

    def at(points: list[Point]) -> list[Point]:
        return [(x + a * c - b * s, y + a * s + b * c) for a, b in points]

    sheet.cut(sheet.mask().poly(at([(-14, 0), (68, -36), (long + 8, -36), (long + 8, 36), (68, 36)])))
    sheet.ink("ochre", sheet.mask().poly(at([(0, 0), (70, -27), (70, 27)])), 0.4, dots(sheet.size, 6))
    sheet.ink("red", sheet.mask().poly(at([(70, -27), (long, -27), (long, 27), (70, 27)])))
    sheet.ink("ink", sheet.mask().poly(at([(0, 0), (26, -10), (26, 10)])))
    sheet.ink(
        "ink", sheet.mask().poly(at([(70, 9), (long, 9), (long, 27), (70, 27)])), 0.55, lines(sheet.size, 7, -turn)
    )
    sheet["ink"].stroke(at([(0, 0), (70, -27), (long, -27), (long, 27), (70, 27), (0, 0)]), 3)
