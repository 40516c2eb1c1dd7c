"""Parts of portraits: heads, features, hair, glasses and clothes."""

from __future__ import annotations

import math

from press import Point, Sheet, lines, smooth


def face(x: float, y: float, wide: float, long: float, chin: float) -> list[Point]:
    """The outline of a head round (x, y): `wide` and `long` are half its size, `chin` how broad it ends (0 to 1)."""
    right = [
        (x, y - long),
        (x + wide * 0.72, y - long * 0.82),
        (x + wide, y - long * 0.25),
        (x + wide * 0.93, y + long * 0.3),
        (x + wide * (0.42 + chin * 0.35), y + long * 0.82),
        (x, y + long),
    ]
    left = [(2 * x - px, py) for px, py in reversed(right)]
    return smooth(right + left[1:], 8)


def features(sheet: Sheet, x: float, y: float, wide: float, long: float, brow: float, smile: float) -> None:
    pen = sheet["ink"]
    for side in (-1, 1):
        ex = x + side * wide * 0.42
        pen.taper(
            [
                (ex - side * wide * 0.2, y - long * (0.2 + brow)),
                (ex, y - long * (0.25 + brow)),
                (ex + side * wide * 0.24, y - long * (0.17 + brow)),
            ],
            14,
            5,
        )
        eye = smooth([(ex - 30, y - 4), (ex - 12, y - 16), (ex + 12, y - 16), (ex + 30, y - 4)], 5)
        pen.stroke(eye, 5)
        pen.disc(ex, y - 6, 9)
        pen.taper([(ex - 22, y + 10), (ex, y + 16), (ex + 22, y + 10)], 2, 3)
    pen.taper(
        smooth([(x + 6, y - 10), (x + 24, y + long * 0.24), (x + 26, y + long * 0.33), (x - 2, y + long * 0.37)], 6),
        3,
        7,
    )
    mouth = smooth(
        [
            (x - wide * 0.3, y + long * 0.6 - smile),
            (x - 8, y + long * 0.62),
            (x + 8, y + long * 0.62),
            (x + wide * 0.3, y + long * 0.6 - smile),
        ],
        6,
    )
    sheet["red"].poly([*mouth, (x + 20, y + long * 0.69), (x - 20, y + long * 0.69)])
    pen.stroke(mouth, 4)


def shade(sheet: Sheet, outline: list[Point], x: float, tone: float, skin: str) -> None:
    """Hatching on the side of the face away from the light; `skin` tints the whole."""
    whole = sheet.mask().poly(outline)
    sheet.cut(whole)
    if skin == "ochre":
        sheet.ink("ochre", whole)
    elif skin == "deep":
        sheet.ink("ochre", whole)
        sheet.ink("red", whole, 0.45, lines(sheet.size, 5, 45))
        sheet.ink("ink", whole, 0.28, lines(sheet.size, 6, -40))
    elif skin == "light":
        sheet.ink("ochre", whole, 0.35, lines(sheet.size, 5, 0))
    dark = sheet.mask().poly(
        [p for p in outline if p[0] >= x + 30] + [(x + 70, outline[0][1] + 80), (x + 110, outline[0][1] + 180)]
    )
    sheet.ink("ink", dark, tone, lines(sheet.size, 7, 40))


def bust(sheet: Sheet, x: float, ink: str, collar: str) -> None:
    body = smooth(
        [(40, 830), (90, 690), (230, 620), (340, 580), (x, 600), (460, 580), (570, 620), (710, 690), (760, 830)], 8
    )
    sheet.cut(sheet.mask().poly(body).stroke(body, 16))
    if ink:
        sheet.ink(ink, sheet.mask().poly(body))
    sheet.ink("ink", sheet.mask().poly([p for p in body if p[0] >= x] + [(x, 830)]), 0.5, lines(sheet.size, 8, 60))
    sheet["ink"].stroke(body, 5)
    if collar == "shirt":
        for side in (-1, 1):
            wing = sheet.mask().poly(
                [(x + side * 6, 660), (x + side * 96, 574), (x + side * 130, 620), (x + side * 62, 716)]
            )
            sheet.cut(wing)
            sheet["ink"].stroke(
                [
                    (x + side * 6, 660),
                    (x + side * 96, 574),
                    (x + side * 130, 620),
                    (x + side * 62, 716),
                    (x + side * 6, 660),
                ],
                4,
            )
    elif collar == "roll":
        roll = sheet.mask().rect(x - 96, 540, x + 96, 622)
        sheet.solid("ink", roll)
        for k in range(-4, 5):
            sheet.cut(sheet.mask().taper([(x + k * 21, 548), (x + k * 21 + 2, 584), (x + k * 21, 618)], 2, 5))
    elif collar == "scarf":
        wrap = smooth(
            [(x - 130, 590), (x - 60, 640), (x + 40, 646), (x + 134, 584), (x + 120, 670), (x, 716), (x - 120, 680)], 6
        )
        sheet.solid("red", sheet.mask().poly(wrap))
        sheet["ink"].stroke(wrap, 4)
        sheet.solid("red", sheet.mask().poly([(x + 30, 690), (x + 110, 664), (x + 140, 830), (x + 50, 830)]))
        sheet["ink"].stroke([(x + 30, 690), (x + 50, 830)], 4)


def neck(sheet: Sheet, x: float, skin: str) -> None:
    shade(
        sheet,
        smooth([(x - 70, 470), (x - 76, 590), (x, 640), (x + 76, 590), (x + 70, 470), (x - 70, 470)], 5),
        x - 70,
        0.55,
        skin,
    )


def spectacles(sheet: Sheet, x: float, y: float, wide: float, round_: bool) -> None:
    pen = sheet["ink"]
    for side in (-1, 1):
        ex = x + side * wide * 0.42
        if round_:
            pen.ring(ex, y - 4, 50, 48, 8)
        else:
            pen.stroke(
                [(ex - 52, y - 36), (ex + 52, y - 36), (ex + 46, y + 34), (ex - 46, y + 34), (ex - 52, y - 36)], 9
            )
        pen.stroke([(ex + side * 50, y - 16), (x + side * wide * 0.98, y - 26)], 6)
    pen.stroke([(x - wide * 0.42 + 48, y - 12), (x, y - 22), (x + wide * 0.42 - 48, y - 12)], 7)


def locks_of(sheet: Sheet, x: float, y: float, spread: float, drop: float, count: int, seed_turn: float) -> None:
    """Strands cut into a mass of hair."""
    cut = sheet.mask()
    for k in range(count):
        t = (k + 0.5) / count * 2 - 1
        strand = smooth(
            [
                (x + t * spread * 0.35, y),
                (x + t * spread * 0.9, y + drop * 0.3),
                (x + t * spread + 8 * math.sin(k + seed_turn), y + drop),
            ],
            6,
        )
        cut.taper(strand, 2, 5)
    sheet.cut(cut, "ink")
