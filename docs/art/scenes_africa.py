"""Pictures for the stories from Africa, and the proof page of the newsroom."""

from __future__ import annotations

import math

from motifs import pencil, person, sun
from PIL import Image
from press import Point, Sheet, dots, lines, smooth


def acacia(sheet: Sheet, x: float, base: float, k: float) -> None:
    trunk = smooth([(x, base), (x + 6 * k, base - 50 * k), (x - 4 * k, base - 100 * k)], 6)
    sheet["ink"].taper(trunk, 17 * k, 8 * k)
    for side in (-1, 1):
        sheet["ink"].taper(
            smooth([(x, base - 70 * k), (x + side * 44 * k, base - 110 * k), (x + side * 84 * k, base - 132 * k)], 5),
            9 * k,
            3,
        )
    crown = sheet.mask()
    for i in range(-4, 5):
        crown.oval(x + i * 30 * k, base - 140 * k - (16 - i * i) * 1.6 * k, 38 * k, 19 * k)
    sheet.cut(crown)
    sheet.ink("slate", crown)
    sheet.ink("ink", crown, 0.55, lines(sheet.size, 7, 30))


def green_wall() -> Image.Image:
    """Half-moon basins and young trees at the edge of the dunes."""
    sheet = Sheet(61)
    sheet.ink("ochre", sheet.mask().rect(0, 0, 1600, 420), sheet.fade(0.0, 0.6), dots(sheet.size, 9))
    sun(sheet, 1210, 190, 96)
    for base, high, tone in ((320, 60, 0.0), (380, 70, 0.3)):
        dune = sheet.below(sheet.ridge(base, high, 0.3, 8, 900))
        sheet.solid("ochre", dune)
        sheet.ink("ink", dune, tone, lines(sheet.size, 10, 22, 1, 5))
    field = sheet.below(sheet.ridge(470, 14, 0.4, 8, 1200))
    sheet.solid("red", field)
    sheet.ink("ink", field, sheet.fade(-0.5, 0.5), lines(sheet.size, 10, -8))
    for row in range(5):
        y, k = 520 + row * 84 + row * row * 4, 0.5 + row * 0.26
        for column in range(-1, 9 - row):
            x = column * (190 + row * 62) + (row % 2) * 110 + 40
            moon = sheet.mask()
            outer = [
                (x + 70 * k * math.cos(a), y + 32 * k * math.sin(a)) for a in (math.pi * i / 14 for i in range(15))
            ]
            inner = [
                (x + 52 * k * math.cos(a), y + 16 * k * math.sin(a))
                for a in (math.pi * i / 14 for i in range(14, -1, -1))
            ]
            moon.poly(outer + inner)
            sheet.solid("ochre", moon)
            acacia(sheet, x, y + 10 * k, 0.36 * k)
    for x, h in ((300, 150), (360, 140), (1180, 170)):
        figure = sheet.mask()
        person(figure, x, 800, h)
        sheet.cut(sheet.mask().poly([(x - 3, 800 - h), (x + 3, 800 - h), (x, 800)]))
        sheet.solid("ink", figure)
        sheet["ink"].stroke([(x + 8, 800 - h * 0.6), (x + 60, 800 - h * 0.1)], 7)
    return sheet.pull()


def timbuktu() -> Image.Image:
    """An earthen mosque with its beams."""
    sheet = Sheet(62)
    sheet.ink("slate", sheet.mask().rect(0, 0, 1600, 700), sheet.fade(0.95, 0.05), lines(sheet.size, 10, 0))
    sun(sheet, 1330, 210, 88, "ochre")
    sheet.solid("ochre", sheet.mask().rect(0, 690, 1600, 900))
    sheet.ink("ink", sheet.mask().rect(0, 690, 1600, 900), sheet.fade(-0.8, 0.5), lines(sheet.size, 12, 0, 2, 5))
    tower = [(560, 720), (612, 190), (640, 120), (700, 96), (760, 120), (788, 190), (850, 720)]
    walls = [(60, 730), (70, 480), (560, 470), (840, 470), (1440, 486), (1450, 730)]
    sheet.cut(sheet.mask().poly(walls).poly(tower).stroke([*tower], 14).stroke(walls, 12))
    body = sheet.mask().poly(walls).poly(tower)
    for x in range(90, 1440, 96):
        if 520 < x < 880:
            continue
        cap = [(x - 26, 490), (x - 17, 430), (x, 406), (x + 17, 430), (x + 26, 490)]
        sheet.cut(sheet.mask().stroke(cap, 12).poly(cap))
        body.poly(cap)
    for x in (300, 1120):
        sheet.cut(sheet.mask().poly([(x - 70, 500), (x - 50, 330), (x, 296), (x + 50, 330), (x + 70, 500)]))
        body.poly([(x - 62, 500), (x - 44, 336), (x, 304), (x + 44, 336), (x + 62, 500)])
    sheet.ink("ochre", body)
    shade = sheet.mask().poly([(700, 96), (760, 120), (788, 190), (850, 720), (720, 720)])
    for x in range(90, 1440, 96):
        if not 520 < x < 880:
            shade.poly([(x, 406), (x + 17, 430), (x + 26, 490), (x + 30, 730), (x, 730)])
    sheet.ink("ink", shade, 0.5, lines(sheet.size, 8, 30))
    sheet["ink"].stroke(tower, 5)
    beams = sheet["ink"]
    for row in range(9):
        y, half = 200 + row * 56, 84 + row * 6.2
        for k in range(-2, 3):
            end = 700 + k * half * 0.42
            beams.rect(end - 5, y - 5, end + 22, y + 5)
        beams.rect(700 - half - 34, y - 5, 700 - half + 12, y + 5)
    for x in range(150, 1440, 96):
        if not 520 < x < 880:
            beams.rect(x, 520, x + 24, 528).rect(x, 580, x + 24, 588)
    for x in (700, 300, 1120):
        sheet.solid("ink", sheet.mask().rect(x - 30, 640, x + 30, 728).disc(x, 640, 30))
    for x, h in ((420, 120), (470, 112), (960, 120)):
        figure = sheet.mask()
        person(figure, x, 790, h)
        figure.poly(
            [(x - h * 0.14, 790 - h * 0.8), (x + h * 0.14, 790 - h * 0.8), (x + h * 0.22, 790), (x - h * 0.22, 790)]
        )
        sheet.cut(figure)
        sheet.ink("red" if x != 470 else "slate", figure)
    return sheet.pull()


def ballots() -> Image.Image:
    """Tally marks on a board, a glass box, folded papers."""
    sheet = Sheet(63)
    board = sheet.mask().rect(0, 0, 1600, 620)
    sheet.solid("ink", board)
    chalk = sheet.mask()
    for row in range(5):
        for group in range(8 if row != 3 else 5):
            x, y = 90.0 + group * 118, 60.0 + row * 108
            for k in range(4):
                w = sheet.rng.uniform(-5, 5)
                chalk.taper(
                    [(x + k * 20, y + w), (x + k * 20 + 2, y + 36), (x + k * 20 + sheet.rng.uniform(-3, 3), y + 76)],
                    9,
                    5,
                )
            if not (row == 1 and group == 7):
                chalk.taper([(x - 16, y + 62), (x + 30, y + 36), (x + 78, y + 10)], 9, 5)
    sheet.cut(chalk)
    sheet.ink("ochre", sheet.mask().rect(0, 590, 1600, 622))
    sheet.solid("ochre", sheet.mask().rect(0, 612, 1600, 900))
    grain = sheet.mask()
    for k in range(12):
        y = 640 + k * 22
        grain.taper([(-10, y), (600, y + 5), (1620, y - 3)], 2, 4)
    sheet.ink("ink", grain)
    sheet.cut(sheet.mask().rect(1060, 230, 1440, 800))
    sheet.ink("slate", sheet.mask().rect(1070, 240, 1430, 790), 0.3, lines(sheet.size, 9, 45))
    for _ in range(46):
        x, y = sheet.rng.uniform(1100, 1370), 775 - abs(sheet.rng.gauss(0, 120))
        a = sheet.rng.uniform(-0.7, 0.7)
        paper = [
            (x + u * math.cos(a) - v * math.sin(a), y + u * math.sin(a) + v * math.cos(a))
            for u, v in ((-42, -24), (42, -24), (42, 24), (-42, 24))
        ]
        paper = [(min(1424, max(1076, px)), min(786, py)) for px, py in paper]
        sheet.cut(sheet.mask().poly(paper))
        sheet["ink"].stroke([*paper, paper[0]], 3).stroke(
            [
                ((paper[0][0] + paper[1][0]) / 2, (paper[0][1] + paper[1][1]) / 2),
                ((paper[2][0] + paper[3][0]) / 2, (paper[2][1] + paper[3][1]) / 2),
            ],
            2,
        )
    pen = sheet["ink"]
    pen.stroke([(1066, 236), (1434, 236), (1434, 794), (1066, 794), (1066, 236)], 9)
    lid = sheet.mask().rect(1040, 206, 1460, 250)
    sheet.cut(sheet.mask().rect(1032, 198, 1468, 258))
    sheet.ink("red", lid)
    sheet.cut(sheet.mask().rect(1180, 220, 1320, 230))
    vote = [(1196, 226), (1210, 90), (1306, 100), (1304, 226)]
    sheet.cut(sheet.mask().poly(vote).stroke([*vote], 10))
    pen.stroke(vote, 4).stroke([(1258, 96), (1252, 224)], 3)
    sheet["red"].stroke([(1222, 150), (1232, 164), (1248, 132)], 6)
    for k in range(3):
        x = 160 + k * 270
        for layer in range(7 - k * 2):
            y = 800 - layer * 17
            sheet.cut(
                sheet.mask()
                .poly([(x, y), (x + 200, y), (x + 214, y - 14), (x + 14, y - 14)])
                .rect(x, y, x + 200, y + 10)
            )
            pen.stroke(
                [
                    (x, y),
                    (x + 200, y),
                    (x + 200, y + 12),
                    (x, y + 12),
                    (x, y),
                    (x + 14, y - 14),
                    (x + 214, y - 14),
                    (x + 200, y),
                ],
                3,
            )
    return sheet.pull()


def proof() -> Image.Image:
    """A proof page under a red pencil."""
    sheet = Sheet(76)
    sheet.solid("slate", sheet.all())
    sheet.ink("ink", sheet.all(), sheet.across(0.1, 0.6), lines(sheet.size, 9, 35))

    def at(points: list[Point]) -> list[Point]:
        c, s = math.cos(-0.12), math.sin(-0.12)
        return [(760 + a * c - b * s, 450 + a * s + b * c) for a, b in points]

    sheet.ink(
        "ink",
        sheet.mask().poly([(a + 26, b + 30) for a, b in at([(-470, -520), (470, -520), (470, 560), (-470, 560)])]),
    )
    sheet.cut(sheet.mask().poly(at([(-470, -520), (470, -520), (470, 560), (-470, 560)])))
    pen = sheet["ink"]
    pen.poly(at([(-420, -330), (300, -330), (300, -286), (-420, -286)])).poly(
        at([(-420, -268), (120, -268), (120, -226), (-420, -226)])
    )
    pen.stroke(at([(-420, -390), (420, -390)]), 9).stroke(at([(-420, -376), (420, -376)]), 3)
    for column in range(3):
        left = -420.0 + column * 290
        for row in range(26):
            v = -180 + row * 27
            if column == 1 and 3 < row < 13:
                continue
            u, end = left, left + 260 - (70 if row % 9 == 8 else 0)
            while u < end - 20:
                word = sheet.rng.uniform(22, 70)
                stop = min(end, u + word)
                pen.poly(at([(u, v), (stop, v), (stop, v + 9), (u, v + 9)]))
                u = stop + 9
    box = at([(-130, -90), (130, -90), (130, 150), (-130, 150)])
    sheet.solid("ochre", sheet.mask().poly(box))
    pen.stroke([*box, box[0]], 4)
    hill = at([(-130, 150), (-130, 60), (-60, -10), (0, 60), (50, 20), (130, 90), (130, 150)])
    pen.poly(hill)
    px, py = at([(70, -40)])[0]
    sheet.solid("red", sheet.mask().disc(px, py, 26))
    red = sheet["red"]
    loop = smooth(at([(-390, 30), (-300, -8), (-170, 16), (-190, 62), (-330, 72), (-410, 46), (-360, 16)]), 8)
    red.stroke(loop, 7)
    red.stroke(smooth(at([(-180, 44), (-150, 230), (-40, 260)]), 8), 7)
    red.stroke(at([(170, 92), (420, 92)]), 7).stroke(smooth(at([(430, 60), (460, 90), (440, 130), (470, 150)]), 6), 7)
    red.stroke(at([(180, 340), (210, 372), (256, 300)]), 9)
    pencil(sheet, 735, 715, 620, 16)
    return sheet.pull()


SCENES = {
    "africa/great-green-wall/half-moons": green_wall,
    "africa/timbuktu-manuscripts/earthen-mosque": timbuktu,
    "africa/counting-votes/tally": ballots,
    "europe/why-we-print-corrections/proof": proof,
}
