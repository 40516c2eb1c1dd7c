"""The words of a body, told by a look at its source: for who needs to know what very many stories are about, and not
yet what their pages look like."""

from __future__ import annotations

import re
from operator import itemgetter

_LONGEST = 100_000  # characters

# Each begins with a character of its own, so that the search skips to these; what must stand before it is looked at
# behind. A link as most are written: to the open web, or to something of the site.
_ADDRESS = r"(?:https?://[\w.-]+(?:[/?#][^\s()<>|\\`\[\]]*)?|(?!//)[^\s()<>|\\`\[\]:&]+)"
_LINK = re.compile(rf"\[(?<![!_]\[)([^\[\]|\n]+)\]\({_ADDRESS}\)(?!_)")
_LINK_IN_CODE = re.compile(r"(?: {4}|\t).*\]\(")
_LETTER = r"[^\s!-/:-@\[-^`{-~]"  # may be part of a word; and so may a combining mark
_WITHIN_A_WORD = re.compile(rf"\*(?<={_LETTER}\*)[*_]*{_LETTER}")  # emphasis
_ENTITY = re.compile(r"&#?\w")
_NUMBER = re.compile(r"\n[ >\t*+\-\d.)]*\d{4}[.)]")  # of a list, and long enough for a term
_NESTED = re.compile(r"\n(?:[ \t]*(?:[>*+-]|\d{1,9}[.)])){9}")
# What makes of a source more, or less, than the words in it, or may be a mistake: brackets that are no such link, code,
# raw HTML, escapes, strokes, blocks, ids of headings; and depths that only nested lists have, which takes four spaces.
# One letter is looked for in a tenth of the time of two.
_MORE = ("[", "`", "<", "\\", "~", "\r")
_DEEP = " " * 12


def words_of(source: str) -> str | None:
    """Text with the words of what `render` gives as a body's visible text, in the same order: all but the numbers of
    lists, which it may hold besides where they have up to three digits. None where a look can't tell, or where `render`
    may report what stops a build."""
    if len(source) > _LONGEST:
        return None
    text = _LINK.sub(itemgetter(1), source)
    for mark in _MORE:
        if mark in text:
            return None
    if ":::" in text or ("{" in text and "{#" in text):
        return None
    if "*" in text and _WITHIN_A_WORD.search(text):
        return None
    if "&" in text and _ENTITY.search(text):
        return None
    if "|" in text and not _even(text):
        return None
    tabs, spaces = "\t" in text, "    " in text
    if (tabs and "\t\t" in text) or (spaces and _DEEP in text):
        return None
    if (tabs or spaces) and _LINK_IN_CODE.search(source):
        return None
    text = f"\n{text}"
    return None if _NUMBER.search(text) or _NESTED.search(text) else text


def _even(text: str) -> bool:
    """Whether all lines with bars are rows of as many cells: no table has rows longer than its header, or shorter."""
    rows = [line.rstrip() for line in text.split("\n") if "|" in line]
    return len({row.count("|") for row in rows}) == 1 and all(row[0] == row[-1] == "|" for row in rows)
