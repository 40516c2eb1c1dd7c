"""Charts: curves computed, not invented, and printed as the other pictures are."""

from __future__ import annotations

import math
from collections.abc import Callable

from motifs import rays
from PIL import Image
from press import Point, Sheet, lines

# The two loudest tones of the tide: their periods in hours, and their heights, the Moon's taken as one.
MOON, SUN = 12.4206, 12.0
MOON_HEIGHT, SUN_HEIGHT = 1.0, 0.46


def tone(hours: float, period: float, height: float) -> float:
    return height * math.cos(2 * math.pi * hours / period)


def both(hours: float) -> float:
    return tone(hours, MOON, MOON_HEIGHT) + tone(hours, SUN, SUN_HEIGHT)


def lunar() -> Image.Image:
    """The Moon's tone through a week."""
    sheet = Sheet(161)
    _plot(sheet, 7, lambda hours: tone(hours, MOON, MOON_HEIGHT), 190, "ink")
    _moon(sheet, 1450, 140, 78, 1.0)
    return sheet.pull()


def solar() -> Image.Image:
    """The Sun's tone through the same week, to the same scale."""
    sheet = Sheet(162)
    _plot(sheet, 7, lambda hours: tone(hours, SUN, SUN_HEIGHT), 190, "ink")
    rays(sheet, 1450, 140, 88, 124, 24, "red")
    sheet.solid("red", sheet.mask().disc(1450, 140, 66))
    return sheet.pull()


def month() -> Image.Image:
    """Both together from one new moon to the next: two springs, two neaps, and the moons that make them."""
    sheet = Sheet(163, (1600, 760))
    _plot(sheet, 29.53, both, 160, "red", tick=29.53 / 4, width=4)
    for quarter in range(5):
        x = min(max(1600 * quarter / 4, 90), 1510)
        _moon(sheet, x, 96, 44, (0.0, 0.5, 1.0, -0.5, 0.0)[quarter])
    return sheet.pull()


def _plot(
    sheet: Sheet, days: float, height: Callable[[float], float], reach: float, ink: str, tick: float = 1, width: int = 6
) -> None:
    """Water below a curve of so many days across the sheet; `reach` is the height of the Moon's tone in pixels, `tick`
    the days between two uprights."""
    level = sheet.h * 0.6
    for number in range(1, round(days / tick)):
        x = sheet.w * number * tick / days
        sheet["ink"].rect(x - 1, 0, x + 1, sheet.h)
    hours = days * 24 / sheet.w  # a pixel
    curve: list[Point] = [(x, level - reach * height(x * hours)) for x in range(-8, sheet.w + 12, 2)]
    water = sheet.below(curve)
    sheet.cut(water)
    sheet.ink("slate", water, sheet.fade(0.5, 1.0), lines(sheet.size, 9, 0, 1, 3))
    sheet.cut(sheet.mask().stroke(curve, width + 6))
    sheet[ink].stroke(curve, width)
    mean = sheet.mask()
    for x in range(0, sheet.w, 32):
        mean.rect(x, level - 2, x + 16, level + 2)
    sheet.solid("ink", mean)


def _moon(sheet: Sheet, x: float, y: float, radius: float, light: float) -> None:
    """The moon lit from nothing (0) to the full (1); at ±0.5 the right half is lit, or the left."""
    sheet.cut(sheet.mask().disc(x, y, radius + 9))
    sheet.ink("ink", sheet.mask().disc(x, y, radius))
    lit = sheet.mask().disc(x, y, radius - 4)
    if abs(light) == 0.5:
        lit.rect(
            *((x - radius, y - radius, x, y + radius) if light > 0 else (x, y - radius, x + radius, y + radius)), 0
        )
    if light:
        sheet.cut(lit)
        sheet.ink("ochre", lit)


SCENES = {
    "europe/tide-tables/moon": lunar,
    "europe/tide-tables/sun": solar,
    "europe/tide-tables/month": month,
}
