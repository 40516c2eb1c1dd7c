"""How words look on a terminal: colours where they are wanted, columns that line up, bars. Elsewhere: plain text."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple, TextIO

_STYLES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "blue": "34", "cyan": "36"}
_EIGHTHS = " ▏▎▍▌▋▊▉█"
WIDEST = 100  # columns where nobody says how many there are


class Console(NamedTuple):
    """What a stream can show. `width` in columns; `shapes`: block characters and arrows can be printed."""

    colour: bool
    width: int
    shapes: bool

    def style(self, text: str, *styles: str) -> str:
        if not self.colour or not text:
            return text
        return f"\x1b[{';'.join(_STYLES[style] for style in styles)}m{text}\x1b[0m"

    def bar(self, share: float, columns: int) -> str:
        """A bar of `share` (from 0 to 1) of so many columns, padded to them; anything above nothing can be seen."""
        if not self.shapes:
            whole = max(round(share * columns), 1 if share else 0)
            return "#" * whole + " " * (columns - whole)
        eighths = max(round(share * columns * 8), 1 if share else 0)
        whole, rest = divmod(eighths, 8)
        return ("█" * whole + (_EIGHTHS[rest] if rest else "")).ljust(columns)

    def done(self, what: str, more: str = "") -> None:
        """A line that says what was done."""
        print(" ".join(part for part in (self.style(what, "bold"), more) if part))


def console(stream: TextIO | None = None) -> Console:
    """What standard output (or another stream) can show: NO_COLOR and dumb terminals are honoured."""
    stream = stream or sys.stdout
    terminal = stream.isatty()
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") in (None, "", "dumb")
    width = WIDEST
    if terminal:
        import shutil  # here: it loads every kind of compression

        width = shutil.get_terminal_size((80, 24)).columns
    shapes = (stream.encoding or "ascii").lower().replace("-", "") in ("utf8", "utf16", "utf32")
    return Console(colour=terminal and not plain, width=max(width, 40), shapes=shapes)


def columns(text: str) -> int:
    """How many columns of a terminal a text takes: two for each wide character, none for marks."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) or unicodedata.category(c) in ("Cf", "Mn", "Me") else _wide(c) for c in text
    )


def _wide(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def fitted(text: str, width: int) -> str:
    """A text in exactly so many columns: shortened with an ellipsis, or padded."""
    taken = columns(text)
    if taken <= width:
        return text + " " * (width - taken)
    kept = ""
    for character in text:
        if columns(kept + character) >= width:
            break
        kept += character
    return kept + "…" + " " * (width - 1 - columns(kept))


def isolated(text: str) -> str:
    """A text whose direction doesn't turn the line around it; what would steer a terminal is left out."""
    clean = "".join(c if c.isprintable() or c in "\u200c\u200d\u00ad" else " " for c in text)
    if any(unicodedata.bidirectional(c) in ("R", "AL") for c in clean):
        return f"\u2068{clean}\u2069"
    return clean


def widest(texts: Sequence[str], most: int) -> int:
    """The width of a column that holds these texts, or `most`."""
    return min(max(map(columns, texts), default=0), most)
