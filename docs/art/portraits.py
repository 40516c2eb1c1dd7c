"""Byline portraits of the newsroom's invented people, and the marks of the paper."""

from __future__ import annotations

from faces import bust, face, features, locks_of, neck, shade, spectacles
from motifs import rays
from PIL import Image
from press import Sheet, lines, smooth
from scenes_strait import ferry

SIZE = (800, 800)


def elif_() -> Image.Image:
    sheet = Sheet(81, SIZE)
    sheet.solid("slate", sheet.all())
    sheet.ink("ink", sheet.all(), sheet.fade(0.6, -0.2), lines(sheet.size, 9, 0))
    mass = smooth(
        [
            (400, 110),
            (560, 140),
            (630, 300),
            (640, 520),
            (600, 660),
            (400, 690),
            (200, 660),
            (160, 520),
            (170, 300),
            (240, 140),
            (400, 110),
        ],
        8,
    )
    sheet.cut(sheet.mask().stroke(mass, 14))
    sheet.solid("ink", sheet.mask().poly(mass))
    neck(sheet, 400, "light")
    bust(sheet, 400, "red", "shirt")
    head = face(400, 370, 150, 195, 0.3)
    shade(sheet, head, 400, 0.45, "light")
    features(sheet, 400, 370, 150, 195, 0.0, 16)
    fringe = smooth(
        [
            (244, 380),
            (258, 240),
            (400, 150),
            (560, 250),
            (556, 380),
            (530, 290),
            (440, 236),
            (380, 226),
            (300, 290),
            (244, 380),
        ],
        8,
    )
    sheet.solid("ink", sheet.mask().poly(fringe))
    locks_of(sheet, 390, 126, 205, 420, 11, 0.5)
    return sheet.pull()


def deniz() -> Image.Image:
    sheet = Sheet(82, SIZE)
    sheet.solid("red", sheet.all())
    rays(sheet, 400, 380, 300, 620, 44)
    neck(sheet, 400, "ochre")
    bust(sheet, 400, "slate", "shirt")
    head = face(400, 370, 152, 205, 0.8)
    sheet.cut(sheet.mask().stroke(head, 12))
    shade(sheet, head, 400, 0.45, "light")
    features(sheet, 400, 360, 152, 205, 0.02, 8)
    hair = smooth(
        [
            (240, 370),
            (228, 250),
            (290, 150),
            (400, 118),
            (520, 148),
            (574, 250),
            (562, 372),
            (536, 290),
            (500, 232),
            (400, 216),
            (310, 236),
            (266, 290),
            (240, 370),
        ],
        8,
    )
    sheet.cut(sheet.mask().poly(hair))
    sheet.ink("slate", sheet.mask().poly(hair), 0.7, lines(sheet.size, 6, 70))
    sheet["ink"].stroke(hair, 4)
    beard = smooth(
        [
            (250, 400),
            (262, 500),
            (320, 578),
            (400, 600),
            (480, 578),
            (538, 500),
            (552, 400),
            (520, 470),
            (470, 470),
            (400, 452),
            (330, 470),
            (282, 470),
            (250, 400),
        ],
        8,
    )
    sheet.cut(sheet.mask().poly(beard), "ochre")
    sheet.ink("ink", sheet.mask().poly(beard), 0.6, lines(sheet.size, 6, 96))
    sheet.cut(sheet.mask().oval(400, 492, 58, 17))
    sheet["ink"].stroke(smooth([(350, 488), (400, 494), (450, 486)], 6), 5)
    spectacles(sheet, 400, 360, 152, True)
    return sheet.pull()


def marta() -> Image.Image:
    sheet = Sheet(83, SIZE)
    sheet.solid("ochre", sheet.all())
    sheet.ink("ink", sheet.all(), sheet.fade(-0.3, 0.5), lines(sheet.size, 9, 30))
    bob = smooth(
        [
            (400, 130),
            (540, 160),
            (600, 290),
            (604, 480),
            (560, 540),
            (240, 540),
            (196, 480),
            (200, 290),
            (260, 160),
            (400, 130),
        ],
        8,
    )
    sheet.cut(sheet.mask().stroke(bob, 14))
    sheet.solid("red", sheet.mask().poly(bob))
    neck(sheet, 400, "light")
    bust(sheet, 400, "ink", "roll")
    head = face(400, 375, 142, 188, 0.4)
    shade(sheet, head, 400, 0.4, "light")
    features(sheet, 400, 372, 142, 188, 0.02, 14)
    fringe = smooth(
        [
            (256, 392),
            (250, 270),
            (300, 176),
            (420, 160),
            (540, 220),
            (552, 392),
            (520, 330),
            (470, 290),
            (400, 300),
            (330, 292),
            (270, 330),
            (256, 392),
        ],
        8,
    )
    sheet.solid("red", sheet.mask().poly(fringe))
    strands = sheet.mask()
    for k in range(12):
        x = 250 + k * 27
        strands.taper(smooth([(400 + (x - 400) * 0.3, 166), (x, 230), (x - 4, 296)], 5), 2, 6)
    sheet.ink("ink", strands)
    spectacles(sheet, 400, 374, 142, False)
    return sheet.pull()


def yusuf() -> Image.Image:
    sheet = Sheet(84, SIZE)
    sheet.solid("ink", sheet.all())
    sheet.cut(sheet.mask().disc(400, 380, 320))
    sheet.ink("ochre", sheet.mask().disc(400, 380, 306))
    neck(sheet, 400, "ochre")
    bust(sheet, 400, "", "shirt")
    head = face(400, 370, 150, 200, 0.6)
    sheet.cut(sheet.mask().stroke(head, 16))
    shade(sheet, head, 400, 0.5, "light")
    features(sheet, 400, 364, 150, 200, 0.0, 4)
    hair = smooth(
        [
            (244, 360),
            (226, 260),
            (262, 150),
            (350, 110),
            (470, 104),
            (560, 170),
            (576, 270),
            (558, 360),
            (546, 280),
            (520, 226),
            (420, 222),
            (300, 214),
            (262, 280),
            (244, 360),
        ],
        8,
    )
    sheet.solid("ink", sheet.mask().poly(hair))
    curls = sheet.mask()
    for k in range(26):
        x, y = 280 + sheet.rng.uniform(0, 250), 135 + sheet.rng.uniform(0, 80)
        curls.arc(x, y, 13, k * 50, k * 50 + 210, 4)
    sheet.cut(curls, "ink")
    tache = smooth(
        [(330, 466), (370, 446), (400, 452), (430, 446), (470, 466), (430, 472), (400, 468), (370, 472), (330, 466)], 6
    )
    sheet.solid("ink", sheet.mask().poly(tache))
    return sheet.pull()


def amara() -> Image.Image:
    sheet = Sheet(85, SIZE)
    sheet.solid("slate", sheet.all())
    for r in range(120, 700, 56):
        sheet.cut(sheet.mask().ring(400, 330, r, r, 12))
    sheet.ink("red", sheet.mask().disc(400, 330, 260))
    sheet.cut(sheet.mask().disc(400, 330, 260), "slate")
    neck(sheet, 400, "deep")
    bust(sheet, 400, "ochre", "")
    for k in range(9):
        x = 400 + (k - 4) * 34
        y = 668 - abs(k - 4) * 17
        sheet.solid("red" if k % 2 else "ink", sheet.mask().disc(x, y, 14))
    head = face(400, 380, 146, 190, 0.45)
    sheet.cut(sheet.mask().stroke(head, 14))
    shade(sheet, head, 400, 0.5, "deep")
    features(sheet, 400, 378, 146, 190, 0.02, 18)
    wrap = smooth(
        [
            (252, 330),
            (230, 220),
            (280, 110),
            (400, 70),
            (530, 104),
            (576, 220),
            (552, 330),
            (480, 262),
            (400, 244),
            (320, 262),
            (252, 330),
        ],
        8,
    )
    sheet.cut(sheet.mask().stroke(wrap, 14))
    sheet.solid("ochre", sheet.mask().poly(wrap))
    folds = sheet.mask()
    for k in range(7):
        folds.taper(
            smooth([(470 - k * 4, 90 + k * 6), (380 - k * 18, 140 + k * 16), (262 + k * 10, 250 + k * 9)], 6), 3, 8
        )
    sheet.ink("ink", folds)
    knot = smooth([(470, 110), (560, 60), (620, 110), (590, 180), (500, 190), (470, 110)], 6)
    sheet.cut(sheet.mask().stroke(knot, 12))
    sheet.solid("ochre", sheet.mask().poly(knot))
    sheet["ink"].stroke(knot, 5).stroke(smooth([(500, 180), (550, 120), (600, 110)], 5), 4)
    for side in (-1, 1):
        sheet.solid("ochre", sheet.mask().disc(400 + side * 152, 470, 17))
        sheet["ink"].ring(400 + side * 152, 470, 17, 17, 4)
    return sheet.pull()


def naoki() -> Image.Image:
    sheet = Sheet(86, SIZE)
    sheet.ink("red", sheet.all(), sheet.fade(0.2, 1.0), lines(sheet.size, 10, 0))
    neck(sheet, 400, "light")
    bust(sheet, 400, "ink", "scarf")
    head = face(400, 372, 148, 192, 0.55)
    sheet.cut(sheet.mask().stroke(head, 14))
    shade(sheet, head, 400, 0.4, "light")
    features(sheet, 400, 372, 148, 192, 0.03, 10)
    cap = smooth([(226, 300), (240, 190), (330, 116), (480, 112), (570, 190), (580, 296), (400, 256), (226, 300)], 8)
    peak = smooth([(236, 292), (330, 250), (460, 250), (600, 300), (500, 292), (360, 290), (236, 292)], 6)
    sheet.cut(sheet.mask().poly(cap).stroke(cap, 14).stroke(peak, 12))
    sheet.ink("slate", sheet.mask().poly(cap))
    sheet.ink("ink", sheet.mask().poly(cap), 0.4, lines(sheet.size, 6, 45))
    sheet.solid("ink", sheet.mask().poly(peak))
    for side in (-1, 1):
        sheet.solid(
            "ink",
            sheet.mask().poly(
                [(400 + side * 152, 300), (400 + side * 126, 300), (400 + side * 138, 400), (400 + side * 152, 380)]
            ),
        )
    return sheet.pull()


def agency() -> Image.Image:
    """The agency's mark: a mast that sends."""
    sheet = Sheet(87, SIZE)
    sheet.solid("slate", sheet.all())
    for k in range(5):
        for way in (180, 0):
            sheet.cut(sheet.mask().arc(400, 300, 90 + k * 62, way - 38, way + 38, 20))
    mast = sheet.mask().poly([(386, 300), (414, 300), (520, 720), (470, 720), (400, 380), (330, 720), (280, 720)])
    for k, y in enumerate((440, 540, 640)):
        half = 40 + k * 27
        mast.rect(400 - half, y, 400 + half, y + 14)
    sheet.cut(mast)
    sheet.solid("red", sheet.mask().disc(400, 290, 44))
    sheet.solid("ink", sheet.mask().rect(0, 720, 800, 800))
    return sheet.pull()


def logo() -> Image.Image:
    """The paper's mark: the morning ferry before the sun."""
    sheet = Sheet(88, SIZE)
    sheet.solid("ochre", sheet.mask().disc(400, 360, 290))
    water = sheet.mask().rect(0, 520, 800, 800)
    sheet.cut(water)
    sheet.ink("slate", water, sheet.fade(0.2, 0.9), lines(sheet.size, 12, 0, 1, 4))
    ferry(sheet, 395, 540, 1.5)
    return sheet.pull()


SCENES = {
    "authors/elif-sancaktar": elif_,
    "authors/deniz-armagan": deniz,
    "authors/marta-vesely": marta,
    "authors/yusuf-darwazi": yusuf,
    "authors/amara-tindano": amara,
    "authors/naoki-serrano": naoki,
    "authors/strait-news-agency": agency,
    "../static/logo": logo,
}
