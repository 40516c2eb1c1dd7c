"""Text for readers: trimmed, on one line, in NFC, without HTML entities or invisible characters."""

from __future__ import annotations

import html
import re
import unicodedata

from broadsheet.patterns import pattern
from broadsheet.yamlnodes.findings import Findings, Placed, shown

_ENTITY = pattern(r"&(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});")
_BREAKS = pattern("[ \t]*[\r\n\t][ \t\r\n]*")
_FLAG = pattern("\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f")  # the flags of England, Scotland and Wales
# Zero width joiners, soft hyphens, word joiners and single direction marks shape words and stay.
_INVISIBLE = pattern(
    "[\x00-\x1f\x7f-\x9f\u180e\u200b\u2028\u2029\u2061-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_BIDI = pattern("[\u202a-\u202e\u2066-\u2069]")
_SPACES = ("\x85", "\u2028", "\u2029")  # line breaks, so words stand on both sides


def clean(findings: Findings, at: Placed, text: str, what: str) -> str:
    """`text` as a reader should see it; what had to be changed is a warning at `at`. `what` is the key's name."""
    if "&" not in text and text.isprintable():
        text = text.strip(" ")
        return text if text.isascii() else unicodedata.normalize("NFC", text)
    if "&" in text and ";" in text:
        text = _without_entities(findings, at, text, what)
    text = _BREAKS.sub(" ", text.strip())
    if not text.isprintable():
        text = _without_invisible(findings, at, text, what)
    return unicodedata.normalize("NFC", text.strip())


def _without_entities(findings: Findings, at: Placed, text: str, what: str) -> str:
    decoded = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    if decoded != text:
        found = next(e for e in _ENTITY.findall(text) if html.unescape(e) != e)
        message = f"`{what}` holds the HTML entity {found}, read as “{shown(html.unescape(found))}”"
        findings.add(at, message, "html-entity", f"Write the character itself: {shown(decoded)}")
    return decoded


def _without_invisible(findings: Findings, at: Placed, text: str, what: str) -> str:
    """Without characters that no reader can see, or that turn the direction of the text around them."""
    kept = _FLAG.split(text)
    flags = [*_FLAG.findall(text), ""]
    cleaned = "".join(_INVISIBLE.sub(_replacement, part) + flag for part, flag in zip(kept, flags, strict=True))
    if not _balanced(cleaned):
        cleaned = _BIDI.sub("", cleaned)
    if cleaned != text:
        point = next((c for c in text if _INVISIBLE.match(c) or _BIDI.match(c)), "")
        name = unicodedata.name(point, "control character").lower()
        message = f"`{what}` holds an invisible character (U+{ord(point):04X}, {name}), left out"
        findings.add(
            at, message, "invisible-character", "Delete the value and type it again, or copy it as plain text."
        )
    return cleaned


def _replacement(found: re.Match[str]) -> str:
    return " " if found[0] in _SPACES else ""


def _balanced(text: str) -> bool:
    """Whether each direction control (embedding, override, isolate) is closed, innermost first."""
    closing = {"\u202a": "\u202c", "\u202b": "\u202c", "\u202d": "\u202c", "\u202e": "\u202c"}
    closing |= dict.fromkeys("\u2066\u2067\u2068", "\u2069")
    expected: list[str] = []
    for sign in _BIDI.findall(text):
        if sign in closing:
            expected.append(closing[sign])
        elif not expected or expected.pop() != sign:
            return False
    return not expected
