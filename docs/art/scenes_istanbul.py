"""Pictures of Istanbul: the consulate, the hill railway, the tunnel, the light and the cup."""

from __future__ import annotations

import math

from motifs import gull, mosque, rays, sea, star_field
from PIL import Image
from press import Sheet, dots, lines, smooth


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
            band = [
                (x + away * 40, 332 + k * 22),
                (x + away * 150, 344 + k * 22),
                (x + away * 150, 366 + k * 22),
                (x + away * 40, 354 + k * 22),
            ]
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
        for x, base, k, gear in (
            (120, 940, 1.15, "camera"),
            (300, 960, 1.3, ""),
            (470, 930, 1.05, "camera"),
            (640, 950, 1.2, "boom"),
            (1010, 950, 1.2, ""),
            (1170, 930, 1.05, "camera"),
            (1330, 960, 1.3, ""),
            (1500, 945, 1.15, "camera"),
        ):
            shape.oval(x, base - 262 * k, (30 + grow) * 1.0 * k, (36 + grow) * k)
            shape.poly(
                [
                    (x - 86 * k - grow, base),
                    (x - 78 * k - grow, base - 190 * k),
                    (x - 36 * k, base - 226 * k - grow),
                    (x + 36 * k, base - 226 * k - grow),
                    (x + 78 * k + grow, base - 190 * k),
                    (x + 86 * k + grow, base),
                ]
            )
            if gear == "camera":
                cx, cy = x + 104 * k, base - 250 * k
                shape.rect(cx - 52 - grow, cy - 34 - grow, cx + 46 + grow, cy + 26 + grow)
                shape.poly(
                    [
                        (cx + 40, cy - 16 - grow),
                        (cx + 84 + grow, cy - 30 - grow),
                        (cx + 84 + grow, cy + 22 + grow),
                        (cx + 40, cy + 10 + grow),
                    ]
                )
                shape.stroke([(cx - 30, cy - 52), (cx + 40, cy - 52)], 9 + grow).stroke(
                    [(cx, cy - 52), (cx, cy - 30)], 9 + grow
                )
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
            bricks.stroke(
                [
                    (cx + (r - 30) * math.cos(t), y - 20 + (r - 30) * math.sin(t)),
                    (cx + (r + 2) * math.cos(t), y - 20 + (r + 2) * math.sin(t)),
                ],
                4,
            )
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
        sheet.cut(
            sheet.mask().poly(
                [(cx + side * 34, 520), (cx + side * 38, 520), (cx + side * 146, 900), (cx + side * 122, 900)]
            )
        )
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
    boat = (
        sheet.mask()
        .poly([(690, 128), (900, 128), (872, 160), (716, 160)])
        .rect(760, 100, 850, 128)
        .rect(800, 70, 820, 100)
    )
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


def lighthouse() -> Image.Image:
    sheet = Sheet(56)
    sheet.ink("slate", sheet.all())
    sheet.ink("ink", sheet.all(), sheet.fade(1.05, 0.35), lines(sheet.size, 9, 0))
    star_field(sheet, 0, 480, 90)
    lx, ly = 520.0, 215.0
    for far in (((1640, 20), (1640, 240)), ((-40, 330), (-40, 420))):
        beam = sheet.mask().poly([(lx, ly - 8), *far, (lx, ly + 14)])
        sheet.cut(beam)
        sheet.ink("ochre", beam, 0.55 if far[0][0] > 0 else 0.35, lines(sheet.size, 9, 0))
    rock = sheet.below(
        smooth([(-20, 700), (180, 640), (380, 580), (560, 570), (700, 620), (800, 720), (1000, 800), (1620, 850)], 8)
    )
    sheet.cut(sheet.mask().rect(0, 660, 1600, 900))
    sea(sheet, 660, (0.5, 1.0))
    sheet.ink("ink", sheet.mask().rect(0, 660, 1600, 900), 0.4, lines(sheet.size, 9, 0, 2, 5))
    glint = sheet.mask()
    for _ in range(40):
        y = sheet.rng.uniform(670, 880)
        x = 1200 + sheet.rng.gauss(0, 150)
        glint.taper([(x - 40, y), (x, y - 1), (x + 40, y)], 1, 5)
    sheet.cut(glint)
    sheet.ink("ochre", glint)
    sheet.solid("ink", rock)
    chips = sheet.mask()
    for _ in range(60):
        x = sheet.rng.uniform(60, 900)
        y = 700 + (x - 520) ** 2 / 2600 + sheet.rng.uniform(-60, 160)
        chips.taper([(x, y), (x + 26, y + 9), (x + 60, y + 12)], 6, 1)
    chips.image.paste(0, mask=Image.eval(rock.image, lambda v: 255 - v))
    sheet.cut(chips)
    tower = [(448, 590), (478, 270), (562, 270), (592, 590)]
    sheet.cut(sheet.mask().poly([(438, 594), (470, 262), (570, 262), (602, 594)]).rect(460, 160, 580, 270))
    for k in range(4):
        t0, t1 = k / 4, (k + 0.5) / 4
        band = [
            (448 + 30 * (1 - t0) - 0, 590 - 320 * (1 - t0)),
            (592 - 30 * (1 - t0), 590 - 320 * (1 - t0)),
            (592 - 30 * (1 - t1), 590 - 320 * (1 - t1)),
            (448 + 30 * (1 - t1), 590 - 320 * (1 - t1)),
        ]
        sheet.ink("red", sheet.mask().poly(band))
    sheet.ink("ink", sheet.mask().poly([(528, 590), (526, 270), (562, 270), (592, 590)]), 0.55, lines(sheet.size, 8, 0))
    sheet["ink"].stroke([*tower, tower[0]], 5).rect(456, 258, 584, 272).rect(480, 166, 486, 260).rect(
        554, 166, 560, 260
    )
    sheet["ink"].poly([(470, 168), (570, 168), (520, 112)]).stroke([(520, 116), (520, 84)], 5)
    for x in range(458, 584, 14):
        sheet["ink"].rect(x, 236, x + 3, 260)
    sheet["ink"].rect(456, 234, 584, 238)
    sheet.ink("ochre", sheet.mask().disc(520, 214, 32))
    rays(sheet, 520, 214, 14, 33, 12)
    sheet.solid("ink", sheet.mask().rect(506, 540, 534, 592).disc(520, 540, 14))
    for y in (330, 430):
        sheet.solid("ink", sheet.mask().rect(512, y, 528, y + 30))
    sheet.cut(sheet.mask().rect(602, 520, 768, 640).poly([(584, 534), (786, 534), (746, 470), (624, 470)]))
    sheet["red"].poly([(596, 530), (774, 530), (740, 480), (630, 480)])
    sheet["ink"].stroke([(610, 530), (610, 600)], 4).stroke([(760, 530), (760, 640)], 4)
    sheet.ink("ochre", sheet.mask().rect(640, 556, 672, 592).rect(700, 556, 732, 592))
    gull(sheet["ochre"], 980, 470, 60)
    return sheet.pull()


def coffee_cup() -> Image.Image:
    """A small cup of Turkish coffee, its pot, and what the steam draws."""
    sheet = Sheet(57)
    sheet.solid("red", sheet.mask().rect(0, 0, 1600, 640))
    for k in range(5):
        plume = smooth(
            [(560 + k * 26, 380), (470 + k * 50, 300), (640 + k * 24, 210), (540 + k * 56, 110), (650 + k * 40, -20)],
            12,
        )
        sheet.cut(sheet.mask().taper(plume, 18, 3))
    window = sheet.mask().rect(1080, 0, 1600, 420)
    sheet.cut(window)
    sheet.ink("ochre", window, sheet.fade(0.2, 1.2), dots(sheet.size, 9))
    view = sheet.mask()
    mosque(view, 1360, 400, 60, 4)
    view.rect(1080, 390, 1600, 424)
    sheet.ink("ink", view)
    sheet["ink"].rect(1068, 0, 1084, 434).rect(1330, 0, 1340, 424).rect(1060, 420, 1600, 438)
    table = sheet.mask().rect(0, 640, 1600, 900)
    sheet.solid("ochre", table)
    grain = sheet.mask()
    for k in range(13):
        y = 656 + k * 20
        grain.taper([(-10, y), (500 + 40 * (k % 4), y + 6), (1100, y - 5), (1620, y + 4)], 2, 4)
    sheet.ink("ink", grain)
    sheet.cut(sheet.mask().oval(620, 740, 330, 74))
    sheet["ink"].ring(620, 740, 318, 66, 4).ring(620, 736, 210, 40, 4)
    sheet.ink("slate", sheet.mask().oval(620, 740, 300, 58).oval(620, 738, 220, 44, 0), 0.5, lines(sheet.size, 8, 90))
    left = smooth([(430, 430), (440, 560), (500, 680), (570, 730)], 8)
    right = smooth([(670, 730), (740, 680), (800, 560), (810, 430)], 8)
    sheet.cut(sheet.mask().poly(left + right).stroke(left + right, 16).oval(620, 430, 200, 56))
    handle = smooth([(796, 480), (900, 460), (920, 560), (760, 640)], 10)
    sheet.cut(sheet.mask().stroke(handle, 44))
    sheet["ink"].stroke(handle, 30)
    sheet.cut(sheet.mask().stroke(handle, 16))
    sheet.ink("slate", sheet.mask().poly([(434, 500), (806, 500), (800, 560), (780, 600), (460, 600), (440, 560)]))
    for x in range(470, 800, 62):
        sheet.solid("red", sheet.mask().poly([(x, 516), (x + 18, 550), (x, 586), (x - 18, 550)]))
        sheet.cut(sheet.mask().poly([(x, 538), (x + 6, 550), (x, 562), (x - 6, 550)]))
    sheet.ink("ink", sheet.mask().poly([(660, 430), *right[::-1], (670, 730)]), 0.35, lines(sheet.size, 8, 60))
    sheet["ink"].stroke(left, 5).stroke(right, 5).stroke([(570, 730), (670, 730)], 5)
    sheet.cut(sheet.mask().oval(620, 430, 190, 50))
    sheet["ink"].ring(620, 430, 190, 50, 6).oval(620, 434, 168, 38)
    for k in range(4):
        sheet.ink("ochre", sheet.mask().ring(620 - 8 * k, 434, 150 - 36 * k, 32 - 8 * k, 5))
        sheet.cut(sheet.mask().ring(620 - 8 * k, 434, 150 - 36 * k, 32 - 8 * k, 5), "ink")
    pot = smooth([(1130, 740), (1080, 690), (1110, 600), (1140, 560), (1110, 510)], 8)
    other = smooth([(1290, 510), (1270, 560), (1300, 600), (1330, 690), (1280, 740)], 8)
    sheet.cut(
        sheet.mask()
        .poly(pot + other)
        .stroke(pot + other, 18)
        .poly([(1280, 560), (1560, 440), (1580, 470), (1290, 610)])
    )
    sheet.ink("ochre", sheet.mask().poly(pot + other))
    sheet.ink("ink", sheet.mask().poly([(1210, 510), *other, (1210, 740)]), 0.5, lines(sheet.size, 8, 30))
    sheet["ink"].stroke(pot + other, 5).poly([(1286, 570), (1560, 450), (1572, 472), (1292, 602)]).stroke(
        [(1100, 510), (1300, 510)], 9
    )
    return sheet.pull()


SCENES = {
    "turkiye/istanbul-talks/consulate": talks,
    "turkiye/tunel/funicular": tunel,
    "turkiye/marmaray/tube": marmaray,
    "turkiye/bogaz-isiklari/fener": lighthouse,
    "turkiye/turkish-coffee/cup": coffee_cup,
}
