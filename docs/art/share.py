"""Draws templates/static/share.png, the picture that stands for a page without one where it is shared.

`python docs/art/share.py` writes it anew. A front page with its rules and columns, in the theme's colours; no letters,
so that it fits any paper in any language.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

SIZE = (1200, 675)
PAPER, INK, SOFT, LINE, ACCENT, WASH = "#fffdf9", "#1b1a18", "#b8b0a3", "#dad4c8", "#9b1c1f", "#f6f1e7"
PLACE = Path(__file__).parent.parent.parent / "templates" / "static" / "share.png"


def draw() -> Image.Image:
    page = Image.new("RGB", SIZE, WASH)
    pen = ImageDraw.Draw(page)
    pen.rectangle((150, 70, 1049, 674), fill=PAPER, outline=LINE, width=2)
    pen.rectangle((390, 112, 809, 160), fill=INK)  # the name
    pen.line((200, 192, 999, 192), fill=INK, width=2)
    pen.line((200, 198, 999, 198), fill=INK, width=1)
    pen.rectangle((200, 232, 270, 242), fill=ACCENT)  # the lead: kicker, headline, picture
    for top, end in ((258, 700), (300, 620)):
        pen.rectangle((200, top, end, top + 26), fill=INK)
    pen.rectangle((200, 350, 710, 674), fill="#58748f")
    pen.ellipse((520, 400, 620, 500), fill=ACCENT)
    pen.polygon([(200, 674), (200, 560), (330, 480), (430, 560), (540, 510), (710, 620), (710, 674)], fill="#33475b")
    pen.line((735, 232, 735, 674), fill=LINE, width=2)
    for top, lengths in ((232, (230, 190)), (370, (240, 150)), (508, (210, 225))):
        for n, length in enumerate(lengths):
            pen.rectangle((760, top + n * 26, 760 + length, top + n * 26 + 14), fill=INK)
        for n, length in enumerate((238, 226, 234)):
            pen.rectangle((760, top + 60 + n * 18, 760 + length, top + 65 + n * 18), fill=SOFT)
        pen.line((760, top + 122, 999, top + 122), fill=LINE, width=2)
    return page.quantize(16, dither=Image.Dither.NONE)


if __name__ == "__main__":
    draw().save(PLACE, optimize=True)
