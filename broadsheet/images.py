"""Pictures: what a file holds, which variants of it are published, and their bytes.

Three steps, so that a page can be planned before any pixel is touched:

- `probe` reads the header: size as shown, format (a few dozen microseconds);
- `plan` names the variants from the probe and the digest of the file alone;
- `encode` makes their bytes, in a worker. Equal bytes and recipe give equal variants, so both together are the key of
  a cache.

What comes out holds nothing but pixels: oriented, in sRGB, without EXIF, GPS, comments, thumbnails or profiles.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Literal, TypeAlias

from broadsheet.contexts import Picture, Source
from broadsheet.digest import fingerprint
from broadsheet.errors import Diagnostic
from broadsheet.frozen import record
from broadsheet.pixels import Kind as RasterKind
from broadsheet.pixels import Quality, Shape, encoded, opened, orientation
from broadsheet.settings import ImageSettings
from broadsheet.svg import UnsafeDrawingError, looks_like
from broadsheet.svg import size as drawing_size
from broadsheet.urls import Base

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

MAX_PIXELS = 60_000_000
MAX_BYTES = 64 * 1024 * 1024
MAX_HEIGHT = 16_383  # pixels; WebP holds no more
FOLDER = "/pictures/"
SMALL = 720  # pixels: the widest thumbnail, 22 rem, on a screen of two pixels to one

Format: TypeAlias = Literal["jpeg", "png", "webp", "gif", "avif", "svg"]
Kind: TypeAlias = RasterKind | Literal["svg"]  # what is published

_FORMATS: dict[str | None, Format] = {
    "JPEG": "jpeg",
    "MPO": "jpeg",  # a phone's JPEG with further pictures behind it
    "PNG": "png",
    "WEBP": "webp",
    "GIF": "gif",
    "AVIF": "avif",
}
_ENDINGS: dict[RasterKind, str] = {"webp": "webp", "jpeg": "jpg", "png": "png"}


@record
class Probe:
    """What a picture's header tells. Width and height are in pixels as shown, after its orientation is applied."""

    width: int
    height: int
    format: Format
    alpha: bool = False
    animated: bool = False


@record
class Recipe:
    """All that decides the bytes of variants, besides the picture itself."""

    widths: tuple[int, ...]
    formats: tuple[Literal["webp", "jpeg"], ...]
    quality: Quality = Quality()
    encoder: str = ""  # name and version: another one makes other bytes


@record
class Variant:
    """One published file of a picture; `path` is from the site's root."""

    path: str
    width: int
    height: int
    kind: Kind


@record
class Planned:
    """A picture's variants, format by format in the recipe's order, widths rising; `fallback` serves any reader."""

    variants: tuple[Variant, ...]
    fallback: Variant


@record
class Encoded:
    """The bytes of each variant, in the order of `Planned.variants`."""

    files: tuple[bytes, ...]


def recipe(settings: ImageSettings) -> Recipe:
    """The recipe that config.yaml asks for, with the encoder at hand."""
    import PIL

    return Recipe(widths=settings.widths, formats=settings.formats, encoder=f"pillow {PIL.__version__}")


# --- looking -------------------------------------------------------------------------------------------------------


def probe(data: bytes, path: str) -> Probe | Diagnostic:
    """What the header tells of a picture, or why it can't be published. `path` names the file in the finding."""
    if reason := _unreadable(data, path):
        return reason
    if looks_like(data):
        return _probe_drawing(data, path)
    try:
        with opened(data) as image:
            return _too_big(image, path) or _looked_at(image)
    except Exception as error:  # noqa: BLE001, RUF100  # on damaged data a decoder may raise anything
        return _broken(path, error)


def animated(path: str) -> Diagnostic:
    """The finding for a moving picture, of which the first frame is published."""
    return Diagnostic(
        path,
        0,
        0,
        "the picture moves; only its first frame is published",
        "animated-picture",
        "use a still picture, or link to a video with a ::: video block",
    )


def _unreadable(data: bytes, path: str) -> Diagnostic | None:
    if not data:
        return Diagnostic(path, 0, 0, "the picture is empty (0 bytes)", "broken-picture", "copy the file again")
    if len(data) > MAX_BYTES:
        size = f"{len(data) // 1024**2} MiB, over the limit of {MAX_BYTES // 1024**2} MiB"
        return Diagnostic(path, 0, 0, f"the picture is {size}", "too-large", "save a smaller version of it")
    return None


def _probe_drawing(data: bytes, path: str) -> Probe | Diagnostic:
    try:
        width, height = drawing_size(data)
    except UnsafeDrawingError as error:
        hint = "save it as “plain SVG” without scripts, links and outside files, or export a PNG"
        line = max(error.line, 0)
        return Diagnostic(
            path, line, min(line, 1), f"the drawing can't be published: {error.reason}", "broken-picture", hint
        )
    return Probe(width=width, height=height, format="svg", alpha=True)


def _looked_at(image: ImageFile) -> Probe:
    width, height = image.size
    if orientation(image) >= 5:
        width, height = height, width
    kind = _FORMATS[image.format]
    moving = kind != "jpeg" and bool(getattr(image, "is_animated", False))
    return Probe(width=width, height=height, format=kind, alpha=image.has_transparency_data, animated=moving)


def _too_big(image: ImageFile, path: str) -> Diagnostic | None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        size = f"{width} × {height} pixels, over the limit of {MAX_PIXELS // 1_000_000} million"
    elif max(width, height) > MAX_HEIGHT:
        size = f"{width} × {height} pixels; neither side may be over {MAX_HEIGHT}"
    else:
        return None
    return Diagnostic(path, 0, 0, f"the picture has {size}", "too-large", "save a smaller version of it")


def _broken(path: str, error: Exception) -> Diagnostic:
    from PIL import Image, UnidentifiedImageError

    hint = "open it in a picture editor and save it again as JPEG, PNG or WebP"
    if isinstance(error, Image.DecompressionBombWarning | Image.DecompressionBombError):
        words = f"the picture has more than {MAX_PIXELS // 1_000_000} million pixels"
        return Diagnostic(path, 0, 0, words, "too-large", "save a smaller version of it")
    if isinstance(error, UnidentifiedImageError):
        words = "the file is not a picture that can be read (JPEG, PNG, WebP, GIF, AVIF or SVG)"
        return Diagnostic(path, 0, 0, words, "broken-picture", hint)
    return Diagnostic(path, 0, 0, "the picture is damaged or cut off", "broken-picture", hint)


# --- planning ------------------------------------------------------------------------------------------------------


def plan(found: Probe, data_digest: bytes, name: str, how: Recipe) -> Planned:
    """The variants of a picture. `data_digest` is the digest of its bytes, `name` its file name (with any folders)."""
    start = f"{FOLDER}{_stem(name)}-{fingerprint((data_digest, how)).hex()[:8]}"
    if found.format == "svg":
        drawing = Variant(path=f"{start}.svg", width=found.width, height=found.height, kind="svg")
        return Planned(variants=(drawing,), fallback=drawing)
    variants = tuple(
        Variant(path=f"{start}-{width}.{_ENDINGS[kind]}", width=width, height=height, kind=kind)
        for kind, width, height in _shapes(found, how)
    )
    return Planned(variants=variants, fallback=max(variants, key=lambda v: (v.kind != "webp", v.width)))


def picture(
    planned: Planned,
    base: Base,
    *,
    alt: str,
    caption: str = "",
    credit: str = "",
    focus: tuple[float, float] = (0.5, 0.5),
) -> Picture:
    """A planned picture as templates see it. `src` is the largest file of the most widely read format."""
    shown = planned.fallback
    return Picture(
        src=base.href(shown.path),
        width=shown.width,
        height=shown.height,
        alt=alt,
        caption=caption,
        credit=credit,
        sources=_sources(planned, base),
        absolute=base.absolute(shown.path),
        thumb=base.href(_thumb(planned).path),
        focus=focus,
    )


def _sources(planned: Planned, base: Base) -> tuple[Source, ...]:
    """One `<source>` a format; none for a drawing, which is sharp at any width."""
    kinds = dict.fromkeys(v.kind for v in planned.variants if v.kind != "svg")
    return tuple(_source([v for v in planned.variants if v.kind == kind], base) for kind in kinds)


def _source(variants: list[Variant], base: Base) -> Source:
    """One format's; its smallest variant, at least, is small."""
    entries = [f"{base.href(v.path)} {v.width}w" for v in variants]
    small = max(1, sum(v.width <= SMALL for v in variants))
    return Source(type=f"image/{variants[0].kind}", srcset=", ".join(entries), small=", ".join(entries[:small]))


def _thumb(planned: Planned) -> Variant:
    same = [v for v in planned.variants if v.kind == planned.fallback.kind]
    return max((v for v in same if v.width <= SMALL), key=lambda v: v.width, default=same[0])


def _shapes(found: Probe, how: Recipe) -> list[Shape]:
    """Format, width and height of each variant of a picture of pixels: never wider than the picture itself."""
    widths = [width for width in how.widths if width < found.width]
    if found.width <= max(how.widths):
        widths.append(found.width)
    return [
        (kind, width, max(1, round(found.height * width / found.width)))
        for kind in _kinds(found, how)
        for width in widths
    ]


def _kinds(found: Probe, how: Recipe) -> list[RasterKind]:
    """What is transparent stays so: JPEG can't hold it, so PNG stands in for it."""
    return ["png" if kind == "jpeg" and found.alpha else kind for kind in how.formats]


def _stem(name: str) -> str:
    """The part of a file's name that is plain in any URL and on any file system: "Ayşe Fotoğraf 1.JPG" gives
    "ayse-fotograf-1"."""
    stem = name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode("ascii").casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "picture"


# --- making --------------------------------------------------------------------------------------------------------


def encode(data: bytes, path: str, how: Recipe) -> Encoded | Diagnostic:
    """The bytes of each variant, or why there are none. `path` names the file in the finding."""
    found = probe(data, path)
    if isinstance(found, Diagnostic):
        return found
    if found.format == "svg":
        return Encoded(files=(data,))
    try:
        with opened(data) as image:
            return Encoded(files=encoded(image, _shapes(found, how), how.quality, alpha=found.alpha))
    except Exception as error:  # noqa: BLE001, RUF100  # on damaged data a decoder may raise anything
        return _broken(path, error)


def damage(data: bytes, path: str) -> Diagnostic | None:
    """Why the pixels of a picture can't be decoded, if they can't. A JPEG is decoded at an eighth of its size: all of
    it is read, a fraction is made."""
    found = probe(data, path)
    if isinstance(found, Diagnostic):
        return found
    if found.format == "svg":
        return None
    try:
        with opened(data) as image:
            image.draft(image.mode, (1, 1))
            image.load()
    except Exception as error:  # noqa: BLE001, RUF100  # likewise
        return _broken(path, error)
    return None
