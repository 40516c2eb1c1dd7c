"""A stylesheet without what only its authors need: comments and white space. Browsers read both the same."""

from __future__ import annotations

import re
from itertools import pairwise

from broadsheet.patterns import pattern

# The pieces of a stylesheet. Strings, unquoted addresses, escapes and licences (`/*! … */`) stay as they are.
_PIECE = pattern(
    r"""(?P<kept>"(?:[^"\\\n]|\\[\s\S])*" | '(?:[^'\\\n]|\\[\s\S])*'
        | (?i:url)\(\s*[^"'\s)][^)]*\) | \\(?:[0-9a-fA-F]{1,6}\s?|[^\n]) | /\*![\s\S]*?\*/)
    | (?P<comment>/\*[\s\S]*?\*/)
    | (?P<space>\s+)
    | (?P<mark>[{};:,>()])
    | (?P<word>[^\s"'\\/{};:,>()]+ | /(?!\*))""",
    re.VERBOSE,
)
_TIGHT_AFTER = frozenset("{};,>(")
_TIGHT_BEFORE = frozenset("{};,>)")


def minified(text: str) -> str:
    """The stylesheet in fewer letters; as it is where it can't be read to its end (a quote left open)."""
    kinds, pieces = [], []
    end = 0
    for match in _PIECE.finditer(text):
        if match.start() != end:
            return text
        end = match.end()
        kinds.append(str(match.lastgroup))
        pieces.append(match[0])
    return text if end != len(text) else _joined(kinds, pieces)


def _joined(kinds: list[str], pieces: list[str]) -> str:
    out = [("mark", ";")]  # nothing is wanted before the first piece
    for (kind, piece), (after, _) in pairwise([*zip(kinds, pieces, strict=True), ("", "")]):
        if kind == "space":
            if out[-1][0] != "space":
                out.append(("space", " "))
        elif kind == "comment":
            if out[-1][0] in ("word", "kept") and after in ("word", "kept"):
                out.append(("kept", "/**/"))  # it keeps two words apart, without being space
        else:
            if out[-1][0] == "space" and _needless(out[-2], kind, piece):
                out.pop()
            if (kind, piece) == ("mark", "}") and out[-1] == ("mark", ";") and len(out) > 1:
                out.pop()
            out.append((kind, piece))
    return "".join(piece for _, piece in out[1:]).strip()


def _needless(before: tuple[str, str], kind: str, piece: str) -> bool:
    """Whether a space between two pieces says nothing. One is the value of `--name: ;`."""
    if before == ("mark", ":"):
        return kind != "mark" or piece not in _TIGHT_BEFORE
    return (before[0] == "mark" and before[1] in _TIGHT_AFTER) or (kind == "mark" and piece in _TIGHT_BEFORE)
