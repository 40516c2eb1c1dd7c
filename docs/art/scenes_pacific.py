"""Pictures for the stories from Asia-Pacific."""

from __future__ import annotations

import math
from itertools import pairwise

from motifs import gull, mountain, rays
from PIL import Image
from press import Point, Sheet, dots, lines, smooth


def date_line() -> Image.Image:
    """Islands either side of a line that bends round them."""
    sheet = Sheet(65)
    sheet.ink("slate", sheet.all(), sheet.across(0.35, 0.9), lines(sheet.size, 14, 0, 1, 4))
    sheet.ink("ink", sheet.mask().rect(800, 0, 1600, 900), sheet.across(-0.6, 0.6), lines(sheet.size, 14, 0, 1, 4))
    line: list[Point] = [
        (720, -10),
        (720, 200),
        (800, 260),
        (800, 330),
        (1240, 330),
        (1240, 560),
        (920, 560),
        (920, 640),
        (800, 700),
        (800, 910),
    ]
    sheet.cut(sheet.mask().stroke(line, 26))
    for a, b in pairwise(line):
        long = math.hypot(b[0] - a[0], b[1] - a[1])
        n = max(1, int(long / 40))
        for k in range(n):
            p = (a[0] + (b[0] - a[0]) * k / n, a[1] + (b[1] - a[1]) * k / n)
            q = (a[0] + (b[0] - a[0]) * (k + 0.62) / n, a[1] + (b[1] - a[1]) * (k + 0.62) / n)
            sheet["red"].stroke([p, q], 12)
    groups = (
        (220, 190, 6, 34),
        (360, 520, 7, 40),
        (560, 360, 5, 26),
        (930, 440, 6, 22),
        (1100, 410, 5, 20),
        (1170, 500, 4, 18),
        (860, 650, 3, 40),
        (1040, 690, 4, 30),
        (1400, 640, 6, 28),
        (1330, 210, 5, 24),
        (150, 760, 3, 60),
        (600, 720, 4, 24),
    )
    for gx, gy, count, size in groups:
        for _ in range(count):
            x, y = gx + sheet.rng.gauss(0, 60), gy + sheet.rng.gauss(0, 34)
            r = size * sheet.rng.uniform(0.4, 1.0)
            turn = sheet.rng.uniform(0, 3)
            isle = smooth(
                [
                    (
                        x + r * (1 + 0.25 * math.sin(k * 2 + turn)) * math.cos(k * 0.785),
                        y + r * 0.7 * (1 + 0.3 * math.cos(k * 3 + turn)) * math.sin(k * 0.785),
                    )
                    for k in range(9)
                ],
                6,
            )
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
    peak = smooth(
        [
            (180, 600),
            (420, 470),
            (600, 320),
            (700, 200),
            (740, 172),
            (830, 176),
            (870, 206),
            (980, 330),
            (1180, 480),
            (1450, 600),
        ],
        8,
    )
    sheet.solid("slate", sheet.mask().poly(peak))
    snow = [*peak[20:53]]
    zig = [
        (1010, 366),
        (970, 330),
        (930, 376),
        (880, 320),
        (830, 400),
        (786, 330),
        (740, 396),
        (690, 330),
        (650, 370),
        (596, 330),
    ]
    sheet.cut(sheet.mask().poly([*(p for p in snow if p[1] < 372), *zig]))
    shade = sheet.mask().poly([*(p for p in peak if p[0] > 786), (900, 600), (840, 400)])
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
    sheet.cut(sheet.mask().poly([*top, *bottom]).stroke(top, 18))
    band = sheet.mask().poly([(170, 700), (320, 684), (1630, 668), (1630, 724), (320, 722), (150, 730)])
    sheet.ink("slate", band)
    sheet.ink("ink", sheet.mask().poly([(180, 752), (1630, 766), (1630, 800), (180, 770)]))
    glass = sheet.mask().poly(smooth([(330, 616), (440, 572), (560, 556), (560, 600), (440, 612), (330, 616)], 6))
    sheet.solid("ink", glass)
    for x in range(640, 1600, 92):
        sill = 588 - (x - 640) * 0.026
        sheet.solid("ink", sheet.mask().rect(x, sill, x + 56, sill + 46))
        sheet.cut(sheet.mask().poly([(x + 8, sill + 6), (x + 24, sill + 6), (x + 10, sill + 38), (x + 6, sill + 38)]))
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
    pen.stroke([(550, 292), (610, 110)], 7).stroke([(730, 288), (660, 110)], 7).stroke(
        [(600, 110), (670, 110)], 9
    ).stroke([(574, 220), (704, 216)], 6)
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
    sheet["ink"].stroke([(250, 690), (370, 690), (360, 480), (260, 480), (250, 690)], 7).stroke(
        [(310, 480), (310, 690)], 4
    ).rect(236, 690, 384, 704)
    return sheet.pull()


def survey() -> Image.Image:
    """A theodolite on its tripod and the lines it reads to the peaks."""
    sheet = Sheet(69)
    sheet.ink("slate", sheet.mask().rect(0, 0, 1600, 700), sheet.fade(0.75, 0.0), lines(sheet.size, 10, 0))
    mountain(
        sheet,
        [
            (560, 640),
            (720, 520),
            (860, 420),
            (1010, 300),
            (1120, 190),
            (1180, 140),
            (1230, 190),
            (1340, 330),
            (1480, 430),
            (1640, 560),
            (1640, 640),
        ],
        "",
    )
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
        sheet["ochre"].stroke(
            [((a[0] * 3 + b[0]) / 4, (a[1] * 3 + b[1]) / 4), ((a[0] + b[0] * 3) / 4, (a[1] + b[1] * 3) / 4)], 5
        )
    sheet.cut(
        sheet.mask().rect(310, 436, 436, 486).disc(372, 380, 76).poly([(240, 424), (232, 384), (476, 330), (484, 370)])
    )
    sheet["ink"].rect(318, 444, 428, 476)
    sheet.ink("ochre", sheet.mask().disc(372, 380, 66))
    sheet["ink"].ring(372, 380, 66, 66, 8).ring(372, 380, 48, 48, 3)
    for k in range(36):
        mark = math.radians(k * 10)
        sheet["ink"].stroke(
            [
                (372 + 50 * math.cos(mark), 380 + 50 * math.sin(mark)),
                (372 + 60 * math.cos(mark), 380 + 60 * math.sin(mark)),
            ],
            2.5,
        )
    tube = [(250, 420), (242, 394), (470, 342), (476, 366)]
    sheet.cut(sheet.mask().stroke([*tube, tube[0]], 8))
    sheet.solid("red", sheet.mask().poly(tube))
    sheet["ink"].poly([(466, 338), (484, 334), (490, 368), (474, 372)]).poly(
        [(236, 398), (246, 396), (252, 420), (244, 422)]
    )
    return sheet.pull()


SCENES = {
    "asia-pacific/date-line/bend": date_line,
    "asia-pacific/shinkansen/nose": bullet_train,
    "asia-pacific/tsunami-warning/buoy": tsunami_buoy,
    "asia-pacific/pillow-book/desk": pillow_book,
    "asia-pacific/everest-height/theodolite": survey,
}
