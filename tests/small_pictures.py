"""Small pictures made for tests, and what is read from them and made of them."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from broadsheet import images
from broadsheet.errors import CODES, Diagnostic
from broadsheet.images import Encoded, Probe, Recipe

HERE = Path(__file__).parent / "images"
SMALL = Recipe(widths=(16, 32, 48), formats=("webp", "jpeg"))

RED, GREEN, BLUE, WHITE = (220, 20, 20), (20, 200, 20), (20, 20, 220), (255, 255, 255)


def quartered(size=(40, 24), mode="RGB"):
    """Red, green / blue, white."""
    width, height = size
    picture = Image.new("RGB", size, WHITE)
    picture.paste(RED, (0, 0, width // 2, height // 2))
    picture.paste(GREEN, (width // 2, 0, width, height // 2))
    picture.paste(BLUE, (0, height // 2, width // 2, height))
    return picture.convert(mode)


def saved(picture, kind="JPEG", **options):
    out = io.BytesIO()
    picture.save(out, kind, **({"quality": 95} if kind in ("JPEG", "WEBP") else {}) | options)
    return out.getvalue()


def probed(data, path="photo.jpg") -> Probe:
    found = images.probe(data, path)
    assert isinstance(found, Probe), found
    return found


def encoded(data, how=SMALL) -> tuple[bytes, ...]:
    made = images.encode(data, "photo.jpg", how)
    assert isinstance(made, Encoded), made
    return made.files


def refused(data, how=SMALL) -> Diagnostic:
    finding = images.encode(data, "world/photo.jpg", how)
    assert isinstance(finding, Diagnostic)
    assert finding.code in CODES
    assert finding.path == "world/photo.jpg"
    assert finding.hint
    return finding


def opened(data):
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def near(found, wanted, tolerance=30):
    return all(abs(a - b) <= tolerance for a, b in zip(found, wanted, strict=True))


def corners(picture):
    width, height = picture.size
    picture = picture.convert("RGB")
    return [picture.getpixel(at) for at in ((3, 3), (width - 4, 3), (3, height - 4), (width - 4, height - 4))]
