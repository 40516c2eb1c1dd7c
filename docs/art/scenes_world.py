"""Pictures for the stories from Africa, Asia-Pacific and the Americas, and about the newsroom."""

from __future__ import annotations

import math

from motifs import gull, mountain, person, rays, sea, star_field, sun
from PIL import Image
from press import Pen, Point, Sheet, dots, lines, smooth


def acacia(sheet: Sheet, x: float, base: float, k: float) -> None:
    trunk = smooth([(x, base), (x + 6 * k, base - 50 * k), (x - 4 * k, base - 100 * k)], 6)
    sheet["ink"].taper(trunk, 17 * k, 8 * k)
    for side in (-1, 1):
        sheet["ink"].taper(smooth([(x, base - 70 * k), (x + side * 44 * k, base - 110 * k), (x + side * 84 * k, base - 132 * k)], 5), 9 * k, 3)
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
            outer = [(x + 70 * k * math.cos(a), y + 32 * k * math.sin(a)) for a in (math.pi * i / 14 for i in range(15))]
            inner = [(x + 52 * k * math.cos(a), y + 16 * k * math.sin(a)) for a in (math.pi * i / 14 for i in range(14, -1, -1))]
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
            x = 700 + k * half * 0.42
            beams.rect(x - 5, y - 5, x + 22, y + 5)
        beams.rect(700 - half - 34, y - 5, 700 - half + 12, y + 5)
    for x in range(150, 1440, 96):
        if not 520 < x < 880:
            beams.rect(x, 520, x + 24, 528).rect(x, 580, x + 24, 588)
    for x in (700, 300, 1120):
        sheet.solid("ink", sheet.mask().rect(x - 30, 640, x + 30, 728).disc(x, 640, 30))
    for x, h in ((420, 120), (470, 112), (960, 120)):
        figure = sheet.mask()
        person(figure, x, 790, h)
        figure.poly([(x - h * 0.14, 790 - h * 0.8), (x + h * 0.14, 790 - h * 0.8), (x + h * 0.22, 790), (x - h * 0.22, 790)])
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
            x, y = 90 + group * 118, 60 + row * 108
            for k in range(4):
                w = sheet.rng.uniform(-5, 5)
                chalk.taper([(x + k * 20, y + w), (x + k * 20 + 2, y + 36), (x + k * 20 + sheet.rng.uniform(-3, 3), y + 76)], 9, 5)
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
        paper = [(x + u * math.cos(a) - v * math.sin(a), y + u * math.sin(a) + v * math.cos(a)) for u, v in ((-42, -24), (42, -24), (42, 24), (-42, 24))]
        paper = [(min(1424, max(1076, px)), min(786, py)) for px, py in paper]
        sheet.cut(sheet.mask().poly(paper))
        sheet["ink"].stroke([*paper, paper[0]], 3).stroke([((paper[0][0] + paper[1][0]) / 2, (paper[0][1] + paper[1][1]) / 2), ((paper[2][0] + paper[3][0]) / 2, (paper[2][1] + paper[3][1]) / 2)], 2)
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
            sheet.cut(sheet.mask().poly([(x, y), (x + 200, y), (x + 214, y - 14), (x + 14, y - 14)]).rect(x, y, x + 200, y + 10))
            pen.stroke([(x, y), (x + 200, y), (x + 200, y + 12), (x, y + 12), (x, y), (x + 14, y - 14), (x + 214, y - 14), (x + 200, y)], 3)
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
                    sheet.cut(sheet.mask().taper([(px, py), (px + s * nx * 22 + 14 * math.cos(a), py + s * ny * 22 + 14 * math.sin(a)), (px + s * nx * 40 + 36 * math.cos(a), py + s * ny * 40 + 36 * math.sin(a))], 4, 1))
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


def date_line() -> Image.Image:
    """Islands either side of a line that bends round them."""
    sheet = Sheet(65)
    sheet.ink("slate", sheet.all(), sheet.across(0.35, 0.9), lines(sheet.size, 14, 0, 1, 4))
    sheet.ink("ink", sheet.mask().rect(800, 0, 1600, 900), sheet.across(-0.6, 0.6), lines(sheet.size, 14, 0, 1, 4))
    line: list[Point] = [(720, -10), (720, 200), (800, 260), (800, 330), (1240, 330), (1240, 560), (920, 560), (920, 640), (800, 700), (800, 910)]
    sheet.cut(sheet.mask().stroke(line, 26))
    for a, b in zip(line, line[1:], strict=False):
        long = math.hypot(b[0] - a[0], b[1] - a[1])
        n = max(1, int(long / 40))
        for k in range(n):
            p = (a[0] + (b[0] - a[0]) * k / n, a[1] + (b[1] - a[1]) * k / n)
            q = (a[0] + (b[0] - a[0]) * (k + 0.62) / n, a[1] + (b[1] - a[1]) * (k + 0.62) / n)
            sheet["red"].stroke([p, q], 12)
    groups = ((220, 190, 6, 34), (360, 520, 7, 40), (560, 360, 5, 26), (930, 440, 6, 22), (1100, 410, 5, 20), (1170, 500, 4, 18), (860, 650, 3, 40), (1040, 690, 4, 30), (1400, 640, 6, 28), (1330, 210, 5, 24), (150, 760, 3, 60), (600, 720, 4, 24))
    for gx, gy, count, size in groups:
        for _ in range(count):
            x, y = gx + sheet.rng.gauss(0, 60), gy + sheet.rng.gauss(0, 34)
            r = size * sheet.rng.uniform(0.4, 1.0)
            turn = sheet.rng.uniform(0, 3)
            isle = smooth([(x + r * (1 + 0.25 * math.sin(k * 2 + turn)) * math.cos(k * 0.785), y + r * 0.7 * (1 + 0.3 * math.cos(k * 3 + turn)) * math.sin(k * 0.785)) for k in range(9)], 6)
            sheet.cut(sheet.mask().poly(isle).stroke(isle, 18))
            sheet.ink("ochre", sheet.mask().poly(isle))
            sheet["ink"].stroke(isle, 3)
    sheet.cut(sheet.mask().disc(240, 330, 66))
    sheet.ink("ochre", sheet.mask().disc(240, 330, 54))
    rays(sheet, 240, 330, 58, 100, 20)
    sheet.cut(sheet.mask().disc(1450, 400, 62))
    sheet.ink("ink", sheet.mask().disc(1450, 400, 54))
    sheet.cut(sheet.mask().disc(1434, 392, 44))
    sheet.ink("ink", sheet.mask().disc(1462, 386, 40))
    return sheet.pull()


def bullet_train() -> Image.Image:
    sheet = Sheet(66)
    sheet.ink("red", sheet.mask().rect(0, 0, 1600, 560), sheet.fade(0.75, -0.05), lines(sheet.size, 10, 0))
    peak = smooth([(180, 600), (420, 470), (600, 320), (700, 200), (740, 172), (830, 176), (870, 206), (980, 330), (1180, 480), (1450, 600)], 8)
    sheet.solid("slate", sheet.mask().poly(peak))
    snow = [*peak[20:53]]
    zig = [(1010, 366), (970, 330), (930, 376), (880, 320), (830, 400), (786, 330), (740, 396), (690, 330), (650, 370), (596, 330)]
    sheet.cut(sheet.mask().poly([p for p in snow if p[1] < 372] + zig))
    shade = sheet.mask().poly([p for p in peak if p[0] > 786] + [(900, 600), (840, 400)])
    sheet.ink("ink", shade, 0.4, lines(sheet.size, 9, 58))
    for k, base in enumerate((560, 610)):
        hills = sheet.below(sheet.ridge(base, 44, 0.4, 8, 500))
        sheet.solid("ochre" if k else "slate", hills)
        sheet.ink("ink", hills, 0.4, lines(sheet.size, 9, 20 + 40 * k))
    field = sheet.mask().rect(0, 640, 1600, 900)
    sheet.solid("ochre", field)
    for k in range(11):
        y = 650 + k * 24
        sheet["ink"].stroke([(0, y), (1600, y)], 2)
    top = smooth([(1630, 470), (900, 500), (520, 540), (330, 590), (190, 668), (130, 726)], 10)
    bottom = [(130, 740), (180, 770), (1630, 800)]
    sheet.cut(sheet.mask().poly(top + bottom).stroke(top, 18))
    band = sheet.mask().poly([(170, 700), (320, 684), (1630, 668), (1630, 724), (320, 722), (150, 730)])
    sheet.ink("slate", band)
    sheet.ink("ink", sheet.mask().poly([(180, 752), (1630, 766), (1630, 800), (180, 770)]))
    glass = sheet.mask().poly(smooth([(330, 616), (440, 572), (560, 556), (560, 600), (440, 612), (330, 616)], 6))
    sheet.solid("ink", glass)
    for x in range(640, 1600, 92):
        y = 588 - (x - 640) * 0.026
        sheet.solid("ink", sheet.mask().rect(x, y, x + 56, y + 46))
        sheet.cut(sheet.mask().poly([(x + 8, y + 6), (x + 24, y + 6), (x + 10, y + 38), (x + 6, y + 38)]))
    sheet["ink"].stroke(top, 5).stroke([(590, 534), (590, 770)], 3)
    sheet.cut(sheet.mask().oval(232, 690, 20, 9))
    sheet["ink"].ring(232, 690, 20, 9, 3)
    track = sheet.mask().rect(0, 806, 1600, 834)
    sheet.solid("ink", track)
    for x in range(-10, 1600, 130):
        sheet.solid("ink", sheet.mask().rect(x, 834, x + 40, 900))
    rush = sheet.mask()
    for k in range(8):
        y = 590 + k * 26
        rush.taper([(30 - k * 4 + 100, y), (70, y + 1), (-20, y)], 2, 5)
    sheet.ink("ink", rush)
    return sheet.pull()


def tsunami_buoy() -> Image.Image:
    """A buoy on the surface, its listener on the sea bed."""
    sheet = Sheet(67)
    sheet.ink("ochre", sheet.mask().rect(0, 0, 1600, 330), sheet.fade(0.7, 0.1), dots(sheet.size, 9))
    crest = smooth([(-20, 300), (220, 310), (480, 270), (760, 300), (1000, 320), (1250, 280), (1620, 300)], 10)
    water = sheet.below(crest)
    sheet.cut(water)
    sheet.ink("slate", water, sheet.fade(-0.05, 0.9), lines(sheet.size, 11, 0, 2, 8))
    sheet.ink("ink", water, sheet.fade(-0.9, 0.75), lines(sheet.size, 11, 0, 2, 8))
    sheet["ink"].stroke(crest, 5)
    bed = smooth([(-20, 780), (300, 800), (600, 770), (760, 780), (900, 800), (1180, 740), (1400, 790), (1620, 760)], 8)
    ground = sheet.below(bed)
    sheet.solid("ink", ground)
    sheet.cut(sheet.mask().stroke([(x, y + 22) for x, y in bed], 4).stroke([(x, y + 52) for x, y in bed], 4))
    for k in range(6):
        arc = sheet.mask().arc(1130, 740, 70 + k * 62, 190, 262, 8 - k * 0.8)
        sheet.cut(arc)
        sheet.ink("red", arc)
    sheet["red"].stroke([(1100, 766), (1180, 742), (1240, 900)], 10)
    sheet.cut(sheet.mask().poly([(560, 800), (680, 800), (650, 724), (590, 724)]))
    sheet.ink("ochre", sheet.mask().poly([(568, 796), (672, 796), (645, 730), (595, 730)]))
    sheet["ink"].stroke([(568, 796), (595, 730), (645, 730), (672, 796)], 4).disc(620, 712, 15)
    for k in range(8):
        sheet.cut(sheet.mask().arc(620, 700, 46 + k * 46, 248, 292, 6))
    mooring = smooth([(640, 380), (700, 520), (660, 640), (760, 780)], 10)
    sheet.cut(sheet.mask().stroke(mooring, 6))
    hull = sheet.mask().poly([(520, 296), (760, 286), (720, 386), (560, 390)])
    sheet.cut(sheet.mask().poly([(508, 288), (772, 278), (728, 396), (552, 400)]))
    sheet.ink("red", hull)
    sheet.cut(sheet.mask().poly([(530, 320), (752, 312), (748, 328), (536, 336)]))
    pen = sheet["ink"]
    pen.stroke([(550, 292), (610, 110)], 7).stroke([(730, 288), (660, 110)], 7).stroke([(600, 110), (670, 110)], 9).stroke([(574, 220), (704, 216)], 6)
    pen.stroke([(564, 250), (680, 160)], 4).stroke([(714, 246), (596, 160)], 4).stroke([(635, 110), (635, 44)], 5)
    sheet.solid("ochre", sheet.mask().rect(606, 76, 664, 106))
    for k in range(3):
        pen.arc(635, 44, 22 + k * 20, 205, 335, 4)
    gull(pen, 1080, 120, 90)
    gull(pen, 1240, 170, 60)
    gull(pen, 260, 150, 70)
    return sheet.pull()


def pillow_book() -> Image.Image:
    """A writing desk at night, behind a bamboo blind."""
    sheet = Sheet(68)
    sheet.solid("ink", sheet.all())
    sheet.cut(sheet.mask().disc(1080, 260, 150))
    sheet.ink("ochre", sheet.mask().disc(1080, 260, 150))
    hills = sheet.below(sheet.ridge(470, 70, 0.4, 8, 800))
    sheet.solid("slate", hills)
    sheet.ink("ink", hills, 0.4, lines(sheet.size, 9, 20))
    bough = smooth([(1620, 60), (1420, 150), (1240, 160), (1060, 240), (900, 210)], 10)
    sheet.cut(sheet.mask().stroke(bough, 22))
    sheet["ink"].taper(bough, 24, 4)
    for i in range(8, len(bough), 3):
        x, y = bough[i]
        for k in range(2):
            fx, fy = x + sheet.rng.gauss(0, 26), y + sheet.rng.gauss(0, 26)
            for petal in range(5):
                a = petal * 1.2566 + k
                sheet.cut(sheet.mask().disc(fx + 9 * math.cos(a), fy + 9 * math.sin(a), 8))
            sheet["red"].disc(fx, fy, 4)
    blind = sheet.mask().rect(0, 0, 560, 640)
    sheet.cut(blind)
    sheet.ink("ochre", blind, 1.0)
    for y in range(0, 640, 16):
        sheet["ink"].rect(0, y, 560, y + 4)
    for x in (90, 280, 470):
        sheet.solid("red", sheet.mask().rect(x - 14, 0, x + 14, 640))
        sheet.cut(sheet.mask().rect(x - 4, 0, x + 4, 640))
    sheet.solid("ink", sheet.mask().rect(552, 0, 580, 700))
    floor = sheet.mask().rect(0, 640, 1600, 900)
    sheet.cut(floor)
    sheet.ink("ochre", floor, 0.6, lines(sheet.size, 7, 90))
    sheet["ink"].rect(0, 636, 1600, 650).stroke([(640, 650), (520, 900)], 10).stroke([(1200, 650), (1340, 900)], 10)
    desk = [(420, 700), (1180, 700), (1260, 770), (340, 770)]
    sheet.solid("ink", sheet.mask().poly(desk).rect(370, 770, 400, 870).rect(1200, 770, 1230, 870))
    scroll = [(560, 690), (1010, 690), (1040, 756), (520, 756)]
    sheet.cut(sheet.mask().poly(scroll))
    for k in range(9):
        x = 600 + k * 46
        sheet["ink"].taper([(x, 698), (x - 2, 716), (x - 4 - k % 2 * 2, 730 + (k * 7) % 20)], 5, 2)
    for x in (548, 1024):
        sheet.cut(sheet.mask().rect(x - 22, 682, x + 22, 764))
        sheet.ink("red", sheet.mask().rect(x - 16, 686, x + 16, 760))
    brush = sheet.mask().taper([(1010, 560), (960, 640), (930, 690)], 15, 11)
    sheet.cut(sheet.mask().taper([(1014, 552), (960, 640), (926, 698)], 27, 22))
    sheet.ink("red", brush)
    sheet["ink"].taper([(934, 684), (922, 708), (912, 732)], 17, 1)
    sheet.solid("slate", sheet.mask().rect(1080, 706, 1150, 744))
    sheet["ink"].oval(1115, 724, 22, 9)
    lamp = sheet.mask().poly([(250, 690), (370, 690), (360, 480), (260, 480)])
    sheet.cut(sheet.mask().poly([(240, 700), (380, 700), (368, 470), (252, 470)]))
    sheet.ink("ochre", lamp, sheet.glow(310, 600, 150, 0.0, 0.8), dots(sheet.size, 8))
    sheet["ink"].stroke([(250, 690), (370, 690), (360, 480), (260, 480), (250, 690)], 7).stroke([(310, 480), (310, 690)], 4).rect(236, 690, 384, 704)
    return sheet.pull()


def survey() -> Image.Image:
    """A theodolite on its tripod and the lines it reads to the peaks."""
    sheet = Sheet(69)
    sheet.ink("slate", sheet.mask().rect(0, 0, 1600, 700), sheet.fade(0.75, 0.0), lines(sheet.size, 10, 0))
    mountain(sheet, [(560, 640), (720, 520), (860, 420), (1010, 300), (1120, 190), (1180, 140), (1230, 190), (1340, 330), (1480, 430), (1640, 560), (1640, 640)], "")
    mountain(sheet, [(860, 660), (1010, 540), (1120, 470), (1230, 390), (1330, 480), (1480, 560), (1640, 660)], "slate")
    mountain(sheet, [(180, 660), (330, 540), (470, 400), (540, 340), (620, 430), (740, 520), (900, 660)], "slate")
    for base, ink in ((650, "ochre"), (720, "red")):
        land = sheet.below(sheet.ridge(base, 34, 0.4, 8, 700))
        sheet.solid(ink, land)
        sheet.ink("ink", land, 0.4, lines(sheet.size, 10, -18 if ink == "ochre" else 24))
    near = sheet.below(sheet.ridge(830, 24, 0.4))
    sheet.solid("ink", near)
    eye = (430.0, 372.0)
    for peak in ((1180, 140), (540, 340), (1230, 390)):
        steps = 40
        for k in range(2, steps):
            if k % 2 == 0:
                a = (eye[0] + (peak[0] - eye[0]) * k / steps, eye[1] + (peak[1] - eye[1]) * k / steps)
                b = (eye[0] + (peak[0] - eye[0]) * (k + 0.9) / steps, eye[1] + (peak[1] - eye[1]) * (k + 0.9) / steps)
                sheet.cut(sheet.mask().stroke([a, b], 10))
                sheet["red"].stroke([a, b], 5)
    legs = (((372, 470), (230, 880)), ((372, 470), (400, 890)), ((372, 470), (540, 870)))
    for a, b in legs:
        sheet.cut(sheet.mask().stroke([a, b], 26))
    for a, b in legs:
        sheet["ink"].taper([a, ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2), b], 12, 20)
        sheet["ochre"].stroke([((a[0] * 3 + b[0]) / 4, (a[1] * 3 + b[1]) / 4), ((a[0] + b[0] * 3) / 4, (a[1] + b[1] * 3) / 4)], 5)
    sheet.cut(sheet.mask().rect(310, 436, 436, 486).disc(372, 380, 76).poly([(240, 424), (232, 384), (476, 330), (484, 370)]))
    sheet["ink"].rect(318, 444, 428, 476)
    sheet.ink("ochre", sheet.mask().disc(372, 380, 66))
    sheet["ink"].ring(372, 380, 66, 66, 8).ring(372, 380, 48, 48, 3)
    for k in range(36):
        a = math.radians(k * 10)
        sheet["ink"].stroke([(372 + 50 * math.cos(a), 380 + 50 * math.sin(a)), (372 + 60 * math.cos(a), 380 + 60 * math.sin(a))], 2.5)
    tube = [(250, 420), (242, 394), (470, 342), (476, 366)]
    sheet.cut(sheet.mask().stroke([*tube, tube[0]], 8))
    sheet.solid("red", sheet.mask().poly(tube))
    sheet["ink"].poly([(466, 338), (484, 334), (490, 368), (474, 372)]).poly([(236, 398), (246, 396), (252, 420), (244, 422)])
    return sheet.pull()


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
        tug = sheet.mask().poly([(x - 70, 640), (x + 80, 630), (x + 56, 684), (x - 54, 684)]).rect(x - 24, 586, x + 30, 640)
        if x == 330:
            sheet.cut(tug)
            sheet.ink("ink", tug)
            sheet.solid("ochre", sheet.mask().rect(x - 14, 598, x + 20, 618))
    return sheet.pull()


def fields() -> Image.Image:
    """Farmland from orbit, with the satellite that sees it."""
    sheet = Sheet(72)
    size, looks = 160, (("ochre", 1.0, 0), ("slate", 0.45, 0), ("ochre", 0.45, 45), ("slate", 0.8, -45), ("red", 0.45, 90), ("ochre", 0.7, 90), ("", 0.0, 0))
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
                sheet.cut(sheet.mask().taper([(x + 80, y + 80), (x + 80 + 36 * math.cos(a), y + 80 + 36 * math.sin(a)), (x + 80 + 73 * math.cos(a), y + 80 + 73 * math.sin(a))], 3, 6))
                if (column + row) % 3 == 0:
                    wedge = [(x + 80, y + 80)] + [(x + 80 + 72 * math.cos(a + t * 0.1), y + 80 + 72 * math.sin(a + t * 0.1)) for t in range(12)]
                    sheet.cut(sheet.mask().poly(wedge))
                    sheet.ink("ochre", sheet.mask().poly(wedge))
    river = smooth([(-20, 640), (200, 600), (420, 700), (640, 620), (820, 720), (1080, 660), (1300, 760), (1620, 700)], 12)
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
    sheet.cut(sheet.mask().poly(at([(-346, -74), (346, -74), (346, 74), (-346, 74)])).poly(at([(-90, -110), (90, -110), (90, 120), (-90, 120)])))
    for side in (-1, 1):
        sheet.ink("slate", sheet.mask().poly(at([(side * 110, -58), (side * 330, -58), (side * 330, 58), (side * 110, 58)])))
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
        left = sheet.mask().poly([(-10, base - 120), (180 + k * 44, base - 40), (240 + k * 50, base + 60), (240 + k * 40, 910), (-10, 910)])
        sheet.cut(left)
        sheet.ink("ochre", left)
        sheet.ink("ink", left, (0.2, 0.5)[k % 2], lines(sheet.size, 8, 90 if k % 2 else 0))
        sheet["ink"].stroke([(-10, base - 120), (180 + k * 44, base - 40), (240 + k * 50, base + 60)], 4)
        right = sheet.mask().poly([(1610, base - 150), (1430 - k * 30, base - 50), (1370 - k * 34, base + 60), (1380 - k * 24, 910), (1610, 910)])
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
                sheet.solid("ink" if lit else "ochre", sheet.mask().rect(x + wx, base - high + 16, x + wx + 20, base - high + 40))
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
        for panel in ([(8, -8), (36, -46), (58, -50), (40, -14)], [(46, -12), (64, -48), (76, -46), (68, -16)], [(10, 8), (40, 8), (30, 24), (12, 18)], [(44, 12), (56, 16), (54, 34), (38, 24)], [(14, 24), (30, 30), (44, 36), (26, 46)]):
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
        trunk = [(x - w * 0.6, 910), (x - w * 0.42, 400), (x - w * 0.3, -10), (x + w * 0.3, -10), (x + w * 0.42, 400), (x + w * 0.62, 910)]
        sheet.cut(sheet.mask().poly(trunk))
        sheet.ink("ink", sheet.mask().poly(trunk), 1.0 if w > 50 else 0.75, lines(sheet.size, 7, 90))
        bark = sheet.mask()
        for _ in range(18):
            bx, by = x + sheet.rng.uniform(-w * 0.35, w * 0.35), sheet.rng.uniform(0, 860)
            bark.taper([(bx, by), (bx + 3, by + 26), (bx, by + 60)], 1, 5)
        sheet.cut(bark)
    for x, y, k, turn in ((560, 250, 1.9, -18), (960, 420, 2.3, 24), (420, 610, 1.5, 40), (700, 700, 1.3, -30), (1220, 210, 1.4, -40), (1240, 690, 1.7, -12), (840, 140, 0.9, 30), (220, 260, 1.2, 14), (1430, 430, 1.0, 60), (640, 470, 0.8, -60), (1060, 130, 0.6, 10), (120, 560, 0.9, -20), (980, 780, 0.8, 20), (1500, 780, 1.1, 30), (330, 110, 0.7, -30)):  # fmt: skip
        butterfly(sheet, x, y, k, turn)
    return sheet.pull()


def proof() -> Image.Image:
    """A proof page under a red pencil."""
    sheet = Sheet(76)
    sheet.solid("slate", sheet.all())
    sheet.ink("ink", sheet.all(), sheet.across(0.1, 0.6), lines(sheet.size, 9, 35))

    def at(points: list[Point]) -> list[Point]:
        c, s = math.cos(-0.12), math.sin(-0.12)
        return [(760 + a * c - b * s, 450 + a * s + b * c) for a, b in points]

    sheet.ink("ink", sheet.mask().poly([(a + 26, b + 30) for a, b in at([(-470, -520), (470, -520), (470, 560), (-470, 560)])]))
    sheet.cut(sheet.mask().poly(at([(-470, -520), (470, -520), (470, 560), (-470, 560)])))
    pen = sheet["ink"]
    pen.poly(at([(-420, -330), (300, -330), (300, -286), (-420, -286)])).poly(at([(-420, -268), (120, -268), (120, -226), (-420, -226)]))
    pen.stroke(at([(-420, -390), (420, -390)]), 9).stroke(at([(-420, -376), (420, -376)]), 3)
    for column in range(3):
        left = -420 + column * 290
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
    from scenes_europe import pencil

    pencil(sheet, 735, 715, 620, 16)
    return sheet.pull()




SCENES = {
    "africa/great-green-wall/half-moons": green_wall,
    "africa/timbuktu-manuscripts/earthen-mosque": timbuktu,
    "africa/counting-votes/tally": ballots,
    "africa/coffee-origin/branch": coffee_branch,
    "asia-pacific/date-line/bend": date_line,
    "asia-pacific/shinkansen/nose": bullet_train,
    "asia-pacific/tsunami-warning/buoy": tsunami_buoy,
    "asia-pacific/pillow-book/desk": pillow_book,
    "asia-pacific/everest-height/theodolite": survey,
    "americas/panama-canal/locks": locks,
    "americas/landsat/fields": fields,
    "americas/inca-road/bridge": inca_road,
    "americas/census/card": census,
    "americas/monarchs/forest": monarchs,
    "europe/why-we-print-corrections/proof": proof,
}
