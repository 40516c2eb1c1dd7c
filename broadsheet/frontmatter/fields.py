"""Readers for the values that only front matter has: pictures, pins, corrections, slugs, paths of stories."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from broadsheet.frontmatter.dates import moment
from broadsheet.frontmatter.reading import Reading
from broadsheet.model import Correction, ImageRef, Pin
from broadsheet.patterns import pattern
from broadsheet.yamlnodes import Findings, Mapping, Node, Scalar, Sequence
from broadsheet.yamlnodes.findings import shown
from broadsheet.yamlnodes.values import boolean, choice, integer, is_http_url, kind, section, text, word

_SCHEME = pattern(r"[A-Za-z][A-Za-z0-9+.-]*:")
_SHARE = pattern(r"([0-9]+(?:\.[0-9]+)?|\.[0-9]+)(%?)")


def hiding(reader: Callable[[Reading, Node, str], Any]) -> Callable[[Reading, Node, str], Any]:
    """A reader of a key that hides a story: an unfit value leaves the story hidden."""
    return partial(read_hiding, reader=reader)


def read_hiding(reading: Reading, node: Node, what: str, *, reader: Callable[[Reading, Node, str], Any]) -> Any:
    value = reader(reading, node, what)
    if value is None:
        reading.hidden = True
    return value


def slug(findings: Findings, node: Node, what: str) -> str | None:
    """The last part of a story's address, one path segment."""
    written = text(findings, node, what)
    if not written:
        return written
    if "/" in written or "\\" in written or written in (".", ".."):
        hint = "Write one word or words-with-hyphens; `url:` sets a whole path."
        findings.add(node, f"`{what}` must be one part of a path, not “{shown(written)}”", "slug", hint)
        return None
    return written


def region(findings: Findings, node: Node, what: str) -> str | None:
    """The name of a region's folder."""
    written = text(findings, node, what)
    if not written:
        return written
    if "/" in written or "\\" in written or written.startswith("."):
        hint = "Write the name of a folder in content/, such as europe."
        findings.add(node, f"`{what}` must be a folder's name, not “{shown(written)}”", "unsafe-path", hint)
        return None
    return written


def pick(findings: Findings, node: Node, what: str) -> str | None:
    """The path of a story, as in a link."""
    written = word(findings, node, what)
    if written is None or not _unfit_path(written):
        return written
    hint = "Write the path of its file, such as ../europe/2025-04-09-talks.md"
    findings.refuse(node, f"`{what}` must name a story's file, not “{shown(written)}”", hint)
    return None


def _unfit_path(written: str) -> bool:
    return not written or "\\" in written or not written.isprintable() or _SCHEME.match(written) is not None


def link(findings: Findings, node: Node, what: str) -> str | None:
    """A web or mail address."""
    written = word(findings, node, what)
    if written is None or is_http_url(written) or re.fullmatch(r"mailto:[^\s<>\"]+@[^\s<>\"]+", written):
        return written
    hint = "Write the whole address, beginning with https:// or mailto:"
    findings.refuse(node, f"`{what}` must be a web or mail address, not “{shown(written)}”", hint)
    return None


# --- pictures ------------------------------------------------------------------------------------------------------


def image(findings: Findings, node: Node, what: str) -> ImageRef | None:
    """A picture: its path alone, or src, alt, caption, credit and focus."""
    if isinstance(node, Scalar):
        source = image_source(findings, node, what)
        return ImageRef(src=source, mark=(node.line, node.column)) if source else None
    if isinstance(node, Sequence):
        hint = f"Write {what}: and below it, indented, src: photo.jpg and alt: what it shows."
        findings.refuse(node, f"`{what}` must be one picture, not a list", hint)
        return None
    values = section(findings, node, IMAGE, what + ".")
    if not values.get("src"):
        if not findings.told_of(what + ".src"):
            findings.refuse(node, f"`{what}` has no src", "Write src: photo.jpg below it.")
        return None
    return ImageRef(**values, mark=(node.line, node.column))


def image_source(findings: Findings, node: Node, what: str) -> str | None:
    written = word(findings, node, what)
    if written is None or not _unfit_path(written) or is_http_url(written):
        return written
    hint = "Write the name of a file beside the story, such as photo.jpg, with / between folders."
    findings.refuse(node, f"`{what}` must be the path of a picture, not “{shown(written)}”", hint)
    return None


def focus(findings: Findings, node: Node, what: str) -> tuple[float, float] | None:
    """Two shares of width and height, "0.3 0.6" or "30% 60%"."""
    written = node.text.split() if isinstance(node, Scalar) else []
    shares = [share for share in map(_share, written) if share is not None]
    if len(written) == len(shares) == 2:
        return shares[0], shares[1]
    hint = "Write how far from the left and from the top, such as focus: 30% 60%"
    findings.refuse(node, f"`{what}` must be two shares of the picture, not {kind(node)}", hint)
    return None


def _share(written: str) -> float | None:
    found = _SHARE.fullmatch(written)
    if found is None or len(written) > 20:
        return None
    share = float(found[1]) / (100 if found[2] else 1)
    return share if share <= 1 else None


IMAGE = {"src": image_source, "alt": text, "caption": text, "credit": text, "focus": focus}

# --- pins and corrections ------------------------------------------------------------------------------------------


def pin(reading: Reading, node: Node, what: str) -> Pin | None:
    """`true`, or a position among the pins and the time until which it holds."""
    if isinstance(node, Mapping):
        return Pin(**section(reading, node, PIN, what + "."))
    return Pin() if boolean(reading, node, what) else None


PIN: dict[str, Callable[[Reading, Node, str], Any]] = {"position": integer(1, 99), "until": moment}


def corrections(reading: Reading, node: Node, what: str) -> tuple[Correction, ...] | None:
    """A list of corrections, each with date, kind and text."""
    if not isinstance(node, Sequence):
        reading.refuse(node, f"`{what}` must be a list, not {kind(node)}", _CORRECTION_HINT)
        return None
    found: list[Correction] = []
    for index, item in enumerate(node.items):
        place = f"{what}.{index}"
        reading.marks[place] = (item.line, item.column)
        if not isinstance(item, Mapping):
            reading.refuse(item, f"a correction must hold keys, not {kind(item)}", _CORRECTION_HINT)
            continue
        values = section(reading, item, CORRECTION, place + ".")
        absent = [key for key in CORRECTION if not values.get(key)]
        untold = [key for key in absent if key in values or not reading.told_of(f"{place}.{key}")]
        if untold:
            reading.refuse(item, f"this correction has no {' and no '.join(untold)}", _CORRECTION_HINT)
        if not absent:
            found.append(Correction(**values))
    return tuple(found)


_CORRECTION_HINT = "Write - {date: 2025-04-10, kind: correction, text: what was wrong} for each."
CORRECTION: dict[str, Callable[[Reading, Node, str], Any]] = {
    "date": moment,
    "kind": choice("correction", "clarification", "update", "note"),
    "text": text,
}
