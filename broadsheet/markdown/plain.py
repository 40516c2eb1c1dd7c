"""The words of a body, told by a look at its source: for who needs to know what very many stories are about, and not
yet what their pages look like."""

from __future__ import annotations

import re
from operator import itemgetter

# Each begins with a character of its own, so that the search skips to these; what must stand before it is looked at
# behind.
_LINK = re.compile(r"\[(?<![!_]\[)([^\[\]|\n]+)\]\([^\s()<>|]*\)(?!_)")  # as most are written
_LINK_IN_CODE = re.compile(r"(?: {4}|\t).*\]\(")
_WITHIN_A_WORD = re.compile(r"\*(?<=\w\*)[*_]*\w")  # emphasis
_ENTITY = re.compile(r"&#?\w")
_NUMBER = re.compile(r"\n[ >\t*+\-\d.)]*\d{4}[.)]")  # of a list, and long enough for a term
# What makes of a source more, or less, than the words in it: brackets that are no such link, code, raw HTML, escapes,
# strokes, blocks, and ids of headings.
_MORE = ("[", "`", "<", "\\", "~", ":::", "{#", "\r")


def words_of(source: str) -> str | None:
    """Text with the words of what `render` gives as a body's visible text, in the same order: all but the numbers of
    lists, which it may hold besides where they have up to three digits. None where a look can't tell."""
    text = _LINK.sub(itemgetter(1), source)
    for mark in _MORE:
        if mark in text:
            return None
    if "*" in text and _WITHIN_A_WORD.search(text):
        return None
    if "&" in text and _ENTITY.search(text):
        return None
    if "|" in text and not _even(text):
        return None
    if ("    " in text or "\t" in text) and _LINK_IN_CODE.search(source):
        return None
    return None if _NUMBER.search(text) or _NUMBER.match(f"\n{text[:99]}") else text


def _even(text: str) -> bool:
    """Whether no row of a table can have more cells than its header, which would not be shown."""
    rows = [line.strip() for line in text.split("\n") if "|" in line]
    return len({(row.count("|"), row[0] == "|", row[-1] == "|") for row in rows}) < 2
