"""The pixels of pictures: opening, turning, colours, scaling, saving. Everything here knows Pillow and nothing of news.

What comes out holds nothing but pixels: oriented, in sRGB, without EXIF, GPS, comments, thumbnails or profiles.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, TypeAlias

from broadsheet.frozen import record

if TYPE_CHECKING:
    from PIL import Image
    from PIL.ImageFile import ImageFile

Kind: TypeAlias = Literal["webp", "jpeg", "png"]  # what is written
Shape: TypeAlias = tuple[Kind, int, int]  # with width and height

READABLE = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")


@record
class Quality:
    """From 1 to 100; each means something else to its encoder."""

    webp: int = 78
    jpeg: int = 80


@contextmanager
def opened(data: bytes) -> Iterator[ImageFile]:
    """The picture that some bytes hold, its pixels not yet read. Damaged bytes may raise anything, here or later.

    Pillow only warns of a picture up to twice its own limit of pixels: that is an error here. Its complaints about odd
    metadata don't matter, as none is published.
    """
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(data), formats=READABLE) as image:
            yield image


def encoded(image: ImageFile, shapes: Sequence[Shape], quality: Quality, *, alpha: bool) -> tuple[bytes, ...]:
    """The bytes of a picture in each shape; widths and heights are those of the upright picture, or smaller."""
    turn = orientation(image)
    largest = max((width, height) for _, width, height in shapes)
    image.draft(image.mode, largest if turn < 5 else largest[::-1])  # a JPEG may be decoded at a half or quarter
    image.load()
    pixels = _upright(_srgb(image, alpha), turn)
    sizes = dict.fromkeys((width, height) for _, width, height in shapes)
    scaled = {size: _scaled(pixels, size) for size in sizes}
    return tuple(_saved(scaled[width, height], kind, quality) for kind, width, height in shapes)


def orientation(image: ImageFile) -> int:
    """EXIF's 1 to 8, from what stands before the pixels. Pillow's own reader for PNG would decode the whole picture."""
    from PIL import Image

    try:
        value = Image.Image.getexif(image).get(0x0112, 1)
    except Exception:  # noqa: BLE001, RUF100  # damaged EXIF may raise anything; browsers then show the picture unturned
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _upright(image: Image.Image, turn: int) -> Image.Image:
    from PIL.Image import Transpose

    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    return image.transpose(turns[turn]) if turn in turns else image


def _srgb(image: Image.Image, alpha: bool) -> Image.Image:
    """The pixels as 8-bit sRGB, RGB or RGBA, by the picture's own profile where it has a usable one."""
    mode = "RGBA" if alpha else "RGB"
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):  # 16 bits of grey: converting would clip, not scale
        image = image.convert("I").point(lambda level: level / 256).convert("L")
    elif image.mode not in ("RGB", "L", "CMYK") or alpha:
        image = image.convert(mode)
    if profile and (converted := _by_profile(image, profile, mode)):
        return converted
    return image.convert(mode)


def _by_profile(image: Image.Image, profile: bytes, mode: str) -> Image.Image | None:
    """None where the profile is damaged or for another kind of pixels: it is then ignored, as browsers do."""
    from PIL import ImageCms

    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(source):
            return None
        return ImageCms.profileToProfile(
            image,
            source,
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode=mode,
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None


def _scaled(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """A copy in another size, holding pixels only: what stood in `info` would be written into the file."""
    from PIL.Image import Resampling

    scaled = image.resize(size, Resampling.LANCZOS) if size != image.size else image.copy()
    scaled.info = {}
    return scaled


def _saved(image: Image.Image, kind: Kind, quality: Quality) -> bytes:
    out = io.BytesIO()
    if kind == "webp":
        image.save(out, "WEBP", quality=quality.webp, method=4)
    elif kind == "jpeg":
        image.save(out, "JPEG", quality=quality.jpeg, progressive=True, optimize=True)
    else:
        image.save(out, "PNG", optimize=True)
    return out.getvalue()
