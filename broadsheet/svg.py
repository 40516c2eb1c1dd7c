"""Drawings (SVG): whether one may be published as it is, and how large it is shown.

A drawing is a small document that a browser may open by itself, with the site's own rights. It is published byte for
byte, so one that could run script, load from elsewhere or expand without end is refused, never mended silently.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from broadsheet.patterns import pattern

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 100
MAX_SIDE = 16_000

_SVG = "http://www.w3.org/2000/svg"
_ELEMENTS = frozenset(
    re.findall(
        r"\w+",
        """svg g defs symbol use title desc metadata path rect circle ellipse line polyline polygon text tspan textPath
    image marker mask clipPath pattern linearGradient radialGradient stop style switch view a filter feBlend
    feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight
    feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology feOffset
    fePointLight feSpecularLighting feSpotLight feTile feTurbulence""",
    )
)
# Elements of drawing programs and of licence notes: browsers do nothing with them.
_INERT = (
    "http://www.inkscape.org/",
    "http://sodipodi.sourceforge.net/",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://purl.org/dc/",
    "http://creativecommons.org/",
    "http://web.resource.org/cc/",
    "http://ns.adobe.com/",
    "http://www.bohemiancoding.com/sketch/",
    "http://www.figma.com/",
    "http://www.serif.com/",
    "http://schema.org/",
)
_FOREIGN_URL = pattern(r"url\(\s*['\"]?\s*(?!#|data:image/(?:png|jpeg|gif|webp)[;,])[^)\s]", re.IGNORECASE)
_ACTIVE_STYLE = pattern(
    r"@import|@charset|@namespace|javascript:|expression\s*\(|-moz-binding|behavior\s*:|image-set|src\s*\(|\\",
    re.IGNORECASE,
)
_HARMLESS_LINK = pattern(r"#|data:image/(?:png|jpeg|gif|webp)[;,]|$", re.IGNORECASE)
_WEB_LINK = pattern(r"https?://|#|mailto:", re.IGNORECASE)
_LENGTH = pattern(r"\s*([0-9]*\.?[0-9]+(?:e[+-]?[0-9]+)?)\s*(px|pt|pc|in|cm|mm|q|em|rem|ex)?\s*", re.IGNORECASE)
_PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4, "q": 96 / 101.6}


class UnsafeDrawingError(ValueError):
    """Why a drawing can't be published, in words for the reporter; `line` counts from 1, 0 means as a whole."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


def looks_like(data: bytes) -> bool:
    """Whether some bytes are meant to be a drawing (whatever the file's name says)."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith(b"<") and (b"<svg" in data[:65536] or b":svg" in data[:65536])


def size(data: bytes) -> tuple[int, int]:
    """Width and height in CSS pixels of a drawing that may be published; raises UnsafeDrawingError for any other."""
    from xml.parsers import expat

    if len(data) > MAX_BYTES:
        raise UnsafeDrawingError(f"it is larger than {MAX_BYTES // 1024} KiB")
    reader = _Reader()
    # Names arrive as "namespace element"; expat resolves no outside entity unless a handler for it is given.
    parser = expat.ParserCreate(namespace_separator=" ")
    reader.line = lambda: parser.CurrentLineNumber
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.ProcessingInstructionHandler = reader.instruction
    parser.EntityDeclHandler = reader.entity
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise UnsafeDrawingError("it is not well-formed XML", error.lineno) from error
    except (ValueError, LookupError) as error:
        if isinstance(error, UnsafeDrawingError):
            raise
        raise UnsafeDrawingError("its character encoding is not known") from error
    return _shown_size(reader.root)


@dataclass(slots=True)
class _Reader:
    """Meets each part of a drawing in turn, and raises UnsafeDrawingError at the first that may not stand in one."""

    root: dict[str, str] = field(default_factory=dict)
    depth: int = 0
    style: list[str] | None = None
    line: object = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        if self.depth == 0:
            if local != "svg" or namespace not in (_SVG, ""):
                self.refuse("its outermost element is not <svg>")
            self.root = attributes
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.refuse(f"its elements are nested deeper than {MAX_DEPTH}")
        if namespace in (_SVG, ""):
            if local not in _ELEMENTS:
                self.refuse(f"it holds <{local}>")
        elif not namespace.startswith(_INERT):
            self.refuse(f"it holds <{local}> of another vocabulary ({namespace[:60]})")
        for key, value in attributes.items():
            self.attribute(local, key.rpartition(" ")[2].casefold(), value)
        if local == "style":
            self.style = []

    def attribute(self, element: str, key: str, value: str) -> None:
        if key.startswith("on"):
            self.refuse(f"<{element}> has the event handler {key}")
        if key == "base":
            self.refuse("it has xml:base, which moves its links elsewhere")
        if key in ("href", "src"):
            allowed = _WEB_LINK if element == "a" else _HARMLESS_LINK
            if not allowed.match(value.strip()):
                self.refuse(f"<{element}> refers to something outside the file ({value.strip()[:60]})")
        elif _FOREIGN_URL.search(value) or (key == "style" and _ACTIVE_STYLE.search(value)):
            self.refuse(f"the {key} of <{element}> refers to something outside the file")

    def text(self, text: str) -> None:
        if self.style is not None:
            self.style.append(text)

    def end(self, name: str) -> None:
        self.depth -= 1
        if name.rpartition(" ")[2] == "style" and self.style is not None:
            sheet = "".join(self.style)
            if _FOREIGN_URL.search(sheet) or _ACTIVE_STYLE.search(sheet):
                self.refuse("its style sheet refers to something outside the file")
            self.style = None

    def instruction(self, target: str, _data: str) -> None:
        self.refuse(f"it holds the processing instruction <?{target}?>")

    def entity(self, name: str, *_rest: object) -> None:
        self.refuse(f"it declares the entity &{name};")

    def refuse(self, reason: str) -> None:
        raise UnsafeDrawingError(reason, self.line() if callable(self.line) else 0)


def _shown_size(root: dict[str, str]) -> tuple[int, int]:
    """From width and height; a missing one follows from the viewBox."""
    width, height = _pixels(root.get("width", "")), _pixels(root.get("height", ""))
    box = [float(part) for part in _numbers(root.get("viewBox", ""))]
    if len(box) == 4 and box[2] > 0 and box[3] > 0:
        ratio = box[2] / box[3]
        if width is None and height is None:
            width, height = box[2], box[3]
        elif width is None and height is not None:
            width = height * ratio
        elif height is None and width is not None:
            height = width / ratio
    if width is None or height is None:
        raise UnsafeDrawingError("it has neither a viewBox nor a width and height", 1)
    found = max(1, round(width)), max(1, round(height))
    if max(found) > MAX_SIDE:
        raise UnsafeDrawingError(f"it is larger than {MAX_SIDE} pixels", 1)
    return found


def _pixels(length: str) -> float | None:
    found = _LENGTH.fullmatch(length)
    if not found:
        return None  # none, a percentage, or something unreadable: the viewBox decides
    pixels = float(found[1]) * _PIXELS.get((found[2] or "").casefold(), 16.0)
    return pixels if 0 < pixels < float("inf") else None


def _numbers(text: str) -> list[str]:
    parts = text.replace(",", " ").split()
    return parts if len(parts) == 4 and all(_LENGTH.fullmatch(part.lstrip("+-")) for part in parts) else []
