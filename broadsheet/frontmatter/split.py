"""A source file as its front matter and its body."""

from __future__ import annotations

import re
from typing import NamedTuple

from broadsheet.errors import Diagnostic

_FENCE = re.compile(r"---[ \t]*(?:\r\n|\r|\n|\Z)")
_LONE_CR = re.compile(r"(?<=\r)---[ \t]*(?:\r|\Z)")  # line ends of old Macintosh files
_BREAK = re.compile(r"\r\n|\r|\n")
_SKELETON = "title: Your headline\n        date: 2025-04-09"


class Parts(NamedTuple):
    """Front matter without its fences, the body, and the lines of the file (from 1) on which each begins."""

    matter: str
    body: str
    matter_line: int = 1
    body_line: int = 1


def split(
    text: str, path: str, *, required: bool = True, skeleton: str = _SKELETON
) -> tuple[Parts | None, tuple[Diagnostic, ...]]:
    """The two parts of a source, or None and the finding that says why there are none.

    A byte order mark is dropped and line ends may be of any kind. Where front matter isn't `required`, a file without
    it is all body. Where it is, `skeleton` are the lines that it may begin with.
    """
    text = text.removeprefix("\ufeff")
    opening = _FENCE.match(text)
    if opening is None:
        return _unopened(text, path, skeleton if required else "")
    closing = _closing(text, opening.end()) if "\n" in text else _LONE_CR.search(text, opening.end())
    if closing is None:
        hint = "Write --- on a line of its own after the last key; the body begins below it."
        message = "the front matter that begins here has no closing ---"
        return None, (Diagnostic(path, 1, 1, message, "front-matter", hint, "---"),)
    matter = text[opening.end() : closing.start()]
    breaks = matter.count("\n") if "\r" not in matter else len(_BREAK.findall(matter))
    return Parts(matter, text[closing.end() :], 2, 3 + breaks), ()


def _closing(text: str, start: int) -> re.Match[str] | None:
    """The first line of three hyphens from `start` on; looking for a literal first saves 20 µs a file."""
    found = _FENCE.match(text, start)
    while found is None:
        start = text.find("\n---", start)
        if start < 0:
            return None
        start += 1
        found = _FENCE.match(text, start)
    return found


def _unopened(text: str, path: str, skeleton: str) -> tuple[Parts | None, tuple[Diagnostic, ...]]:
    lines = _BREAK.split(text[:2000])
    first = lines[0].strip()
    written = next((number for number, line in enumerate(lines, 1) if line.strip()), 1)
    column = 1
    if first == "+++" or (first.startswith("{") and not first.startswith(("{{", "{%"))):
        kind = "TOML" if first == "+++" else "JSON"
        message, hint = f"this front matter is in {kind}", "Write it as YAML, key: value lines between two --- lines."
    elif lines[written - 1].rstrip() == "---":
        message, hint = "the front matter must begin on the first line", "Remove the empty lines above the first ---."
    elif re.fullmatch(r"\s*[-–—]{2,}\s*", lines[written - 1]):
        message = "the front matter must begin with exactly three hyphens"
        hint = "Write --- at the beginning of the first line, and again below the last key."
    elif not skeleton:
        return Parts("", text), ()
    else:
        message = "this file has no front matter"
        hint = f"Begin the file with these lines:\n        ---\n        {skeleton}\n        ---"
        written = 1
    return None, (Diagnostic(path, written, column, message, "front-matter", hint, lines[written - 1]),)
