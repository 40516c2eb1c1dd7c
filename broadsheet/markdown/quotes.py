"""Typographic quotes, dashes and ellipses, by language, in one pass whose cost grows with the text alone."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from markdown_it.token import Token

from broadsheet.patterns import pattern


class Marks(NamedTuple):
    """The outer and inner quotation marks of a language."""

    open: str
    close: str
    inner_open: str
    inner_close: str


_CURLY = Marks("“", "”", "‘", "’")
_GERMAN = Marks("„", "“", "‚", "‘")
_GUILLEMETS = Marks("«", "»", "“", "”")
_LOW_HIGH = Marks("„", "”", "‚", "’")
_NORDIC = Marks("”", "”", "’", "’")
_CORNERS = Marks("「", "」", "『", "』")

STYLES = {
    "ar": Marks("«", "»", "‹", "›"),
    "az": _CURLY,
    "bg": Marks("„", "“", "‚", "‘"),
    "bs": _LOW_HIGH,
    "ca": _GUILLEMETS,
    "cs": _GERMAN,
    "da": _CURLY,
    "de": _GERMAN,
    "de-CH": Marks("«", "»", "‹", "›"),
    "el": _GUILLEMETS,
    "en": _CURLY,
    "es": _GUILLEMETS,
    "et": _GERMAN,
    "fa": Marks("«", "»", "‹", "›"),
    "fi": _NORDIC,
    "fr": Marks("«\u202f", "\u202f»", "“", "”"),
    "he": Marks("”", "”", "’", "’"),
    "hr": _LOW_HIGH,
    "hu": Marks("„", "”", "»", "«"),
    "hy": Marks("«", "»", "“", "”"),
    "id": _CURLY,
    "is": _GERMAN,
    "it": _GUILLEMETS,
    "ja": _CORNERS,
    "ka": Marks("„", "“", "«", "»"),
    "ku": Marks("«", "»", "‹", "›"),
    "lt": _GERMAN,
    "lv": Marks("“", "”", "‘", "’"),
    "mk": _GERMAN,
    "nb": Marks("«", "»", "‘", "’"),
    "nl": _CURLY,
    "nn": Marks("«", "»", "‘", "’"),
    "no": Marks("«", "»", "‘", "’"),
    "pl": Marks("„", "”", "«", "»"),
    "pt": _CURLY,
    "pt-PT": _GUILLEMETS,
    "ro": Marks("„", "”", "«", "»"),
    "ru": Marks("«", "»", "„", "“"),
    "sk": _GERMAN,
    "sl": _GERMAN,
    "sq": _GUILLEMETS,
    "sr": Marks("„", "“", "‚", "‘"),
    "sv": _NORDIC,
    "tr": _CURLY,
    "uk": Marks("«", "»", "„", "“"),
    "ur": Marks("“", "”", "‘", "’"),
    "zh": _CURLY,
    "zh-Hant": _CORNERS,
    "zh-TW": _CORNERS,
}

APOSTROPHE = "’"
_QUOTES = pattern("[\"']")
_ALL = pattern(r"""["']|-{2,}|\.{3,}""")
_JOINERS = "\u200c\u200d"  # between letters that are joined, or aren't, against their habit
_DASHES = {"---": "—", "--": "–", "...": "…"}
_OPENS_AFTER = frozenset("([{<«‹“‘„‚—–-/|=¿¡")
_WORD = "\ufffc"  # stands for what is left as it is: something, but not a letter to set quotes by


def marks_for(lang: str) -> Marks:
    """The quotation marks of a BCP 47 tag: the whole tag's, else its language's, else curly ones."""
    return STYLES.get(lang) or STYLES.get(lang.partition("-")[0]) or _CURLY


def typeset(text: str, lang: str) -> str:
    """Plain text with typographic marks."""
    if not _needs(text):
        return text
    edits = _edits(text, marks_for(lang))
    return _apply(text, 0, sorted(edits), edits)


def typeset_tokens(tokens: list[Token], source: str, lang: str) -> None:
    """Set the marks in a paragraph's text tokens; code, autolinks, raw HTML and escaped characters stay as they are."""
    if not _needs(source):
        return
    flat, spans = _flatten(tokens)
    edits = _edits(flat, marks_for(lang))
    places, first = sorted(edits), 0
    for token, start in spans:
        last = first
        while last < len(places) and places[last] < start + len(token.content):
            last += 1
        if last > first:
            token.content = _apply(token.content, start, places[first:last], edits)
        first = last


def _needs(text: str) -> bool:
    return '"' in text or "'" in text or "--" in text or "..." in text


def _flatten(tokens: list[Token]) -> tuple[str, list[tuple[Token, int]]]:
    """The line as one string, and where each text token that may change starts in it."""
    pieces: list[str] = []
    spans: list[tuple[Token, int]] = []
    size, literal = 0, False
    for token in tokens:
        kind = token.type
        if kind == "text" and not literal:
            spans.append((token, size))
            piece = token.content
        elif kind in ("softbreak", "hardbreak"):
            piece = "\n"
        elif kind in ("text", "text_special", "code_inline", "image"):
            piece = _WORD
        else:
            literal = kind == "link_open" and token.info == "auto"
            continue
        pieces.append(piece)
        size += len(piece)
    return "".join(pieces), spans


def _edits(text: str, marks: Marks) -> dict[int, tuple[int, str]]:
    """Position → (length replaced, replacement)."""
    edits: dict[int, tuple[int, str]] = {}
    open_marks: list[tuple[str, int]] = []  # straight mark and position of what may still be closed
    waiting = {'"': 0, "'": 0}
    pattern = _ALL if "--" in text or "..." in text else _QUOTES
    for match in pattern.finditer(text):
        at, found = match.start(), match[0]
        before = text[at - 1] if at else "\n"
        after = text[match.end()] if match.end() < len(text) else "\n"
        if found not in waiting:
            _dash(found, at, before, after, edits)
            continue
        opens = not after.isspace() and (before.isspace() or before in _OPENS_AFTER or before in waiting)
        if not opens and not waiting[found] and after.isalnum() and _attached(before):
            opens = True
        if opens and not (before in waiting and waiting[found] and not after.isalnum()):
            open_marks.append((found, at))
            waiting[found] += 1
        elif waiting[found] and not (found == "'" and before.isalnum() and after.isalnum()):
            _close(found, at, open_marks, waiting, marks, edits)
        elif found == "'":
            edits[at] = (1, APOSTROPHE)
        elif not before.isdigit():  # a digit before it: inches
            edits[at] = (1, marks.close)
    for found, at in open_marks:  # never closed: the paragraph of a longer quotation, or an elision ('tis)
        edits[at] = (1, marks.open if found == '"' else APOSTROPHE)
    return edits


def _attached(before: str) -> bool:
    """Whether it ends an Arabic word, or the part of one: conjunctions, prepositions and the article stand before a
    quotation without a blank."""
    arabic = "\u0600" <= before <= "\u08ff" and (before.isalpha() or unicodedata.combining(before) > 0)
    return arabic or before in _JOINERS


def _close(
    found: str,
    at: int,
    open_marks: list[tuple[str, int]],
    waiting: dict[str, int],
    marks: Marks,
    edits: dict[int, tuple[int, str]],
) -> None:
    """Pair a closing mark with its opener; what was opened in between was an elision or a lone mark."""
    while True:
        opener, opened_at = open_marks.pop()
        waiting[opener] -= 1
        if opener == found:
            break
        edits[opened_at] = (1, marks.open if opener == '"' else APOSTROPHE)
    edits[opened_at] = (1, marks.open if found == '"' else marks.inner_open)
    edits[at] = (1, marks.close if found == '"' else marks.inner_close)


def _dash(found: str, at: int, before: str, after: str, edits: dict[int, tuple[int, str]]) -> None:
    """Two or three hyphens between words or between blanks (not an option such as --help); three dots."""
    mark = _DASHES.get(found)
    if mark and (mark == "…" or found == "---" or before.isspace() == after.isspace()):
        edits[at] = (len(found), mark)


def _apply(text: str, start: int, places: list[int], edits: dict[int, tuple[int, str]]) -> str:
    """The stretch `text`, which starts at `start`, with the edits at `places` within it."""
    pieces: list[str] = []
    done = 0
    for place in places:
        length, mark = edits[place]
        pieces += (text[done : place - start], mark)
        done = place - start + length
    return "".join((*pieces, text[done:]))
