"""What photographers and agencies write into their pictures: caption, credit, text for those who can't see it.

XMP is asked first, then IPTC's older records (IIM), then Exif. Nothing else of it is read, and nothing of it is
published (pixels.py): it only prefills a story's front matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from broadsheet.frozen import record
from broadsheet.pixels import opened

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

_DC = "{http://purl.org/dc/elements/1.1/}"
_PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"
_IPTC = "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_MAX_XMP = 1024 * 1024  # bytes; a page of text is a thousandth of it
_MAX_TEXT = 2000  # characters
# What cameras and programs write where a person would describe the picture.
_NO_CAPTION = frozenset(
    ["default", "untitled", "image", "picture", "screenshot", "created with gimp", "sony dsc", "dcim", "charset=ascii"]
)


@record
class PhotoNotes:
    """Texts on one line each, "" where there are none."""

    caption: str = ""
    credit: str = ""
    alt: str = ""


def photo_notes(data: bytes, lang: str) -> PhotoNotes:
    """What a picture says of itself; of texts in several languages, the one in `lang`. Damaged metadata is none."""
    try:
        with opened(data) as image:
            xmp, iim, exif = _xmp(image.info.get("xmp"), lang), _iim(image), _exif(image)
    except Exception:  # noqa: BLE001, RUF100  # on damaged data a decoder may raise anything
        return PhotoNotes()
    return PhotoNotes(
        caption=_first(xmp.get("caption"), iim.get("caption"), exif.get("caption")),
        credit=_first(xmp.get("credit"), iim.get("credit"), xmp.get("by"), iim.get("by"), exif.get("by")),
        alt=_first(xmp.get("alt")),
    )


def _first(*texts: str | None) -> str:
    for text in texts:
        line = " ".join((text or "").replace("\0", " ").split())
        if line and line.casefold() not in _NO_CAPTION and not line.casefold().endswith("digital camera"):
            return line[:_MAX_TEXT]
    return ""


# --- XMP -----------------------------------------------------------------------------------------------------------


def _xmp(data: Any, lang: str) -> Mapping[str, str]:
    if not isinstance(data, bytes) or len(data) > _MAX_XMP or b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        return {}
    try:
        root = ElementTree.fromstring(data.strip(b"\0 \r\n\t"))  # noqa: S314  # short, and without entities: see above
    except (ElementTree.ParseError, ValueError):
        return {}
    found: dict[str, str] = {}
    for described in root.iter(f"{_RDF}Description"):
        for name, key in (
            (f"{_DC}description", "caption"),
            (f"{_PHOTOSHOP}Credit", "credit"),
            (f"{_DC}creator", "by"),
            (f"{_IPTC}AltTextAccessibility", "alt"),
        ):
            text = _property(described, name, lang)
            if text and key not in found:
                found[key] = text
    return found


def _property(described: ElementTree.Element, name: str, lang: str) -> str:
    """A property's text, however it is written: as an attribute, as an element, as a list or in several languages."""
    if name in described.attrib:
        return described.attrib[name]
    element = described.find(name)
    if element is None:
        return ""
    listed = list(element.iter(f"{_RDF}li"))
    if not listed:
        return element.text or ""
    if element.find(f"{_RDF}Alt") is None:
        return ", ".join(text for item in listed if (text := (item.text or "").strip()))
    by_language = {item.get(_LANG, "x-default").lower(): item.text or "" for item in listed}
    base = lang.lower().split("-")[0]
    same = (text for tag, text in by_language.items() if tag.split("-")[0] == base)
    return by_language.get(lang.lower()) or next(same, "") or by_language.get("x-default") or listed[0].text or ""


# --- IIM and Exif --------------------------------------------------------------------------------------------------


def _iim(image: ImageFile) -> Mapping[str, str]:
    from PIL import IptcImagePlugin

    records = IptcImagePlugin.getiptcinfo(image) or {}
    utf8 = _joined(records.get((1, 90))) == b"\x1b%G"
    keys = {(2, 120): "caption", (2, 110): "credit", (2, 80): "by"}
    return {key: _decoded(_joined(records[place]), utf8) for place, key in keys.items() if place in records}


def _joined(value: Any) -> bytes:
    """A record's bytes; one that may repeat comes as a list."""
    return b", ".join(value) if isinstance(value, list) else bytes(value or b"")


def _exif(image: ImageFile) -> Mapping[str, str]:
    from PIL import Image

    records = Image.Image.getexif(image)
    texts = {"caption": records.get(270), "by": records.get(315)}
    # Exif is ASCII by its standard, and UTF-8 in practice; Pillow reads it as Latin-1.
    return {
        key: _decoded(text.encode("latin-1", "replace") if isinstance(text, str) else text, False)
        for key, text in texts.items()
        if isinstance(text, str | bytes)
    }


def _decoded(data: bytes, utf8: bool) -> str:
    """Text that doesn't say how it is encoded: as UTF-8, else as programs in Türkiye wrote it, else as in the west."""
    for encoding in _encodings(utf8):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _encodings(utf8: bool) -> Iterator[str]:
    yield "utf-8"
    if not utf8:
        yield "cp1254"
