"""Where the Recommended card goes in a text that holds HTML: what tags enclose is only known when all is written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from broadsheet.patterns import pattern

_TAG = pattern(
    r"<!--.*?(?:-->|$)|<(script|style|template)\b.*?(?:</\1[^<>]*+>|$)"
    r"|<(/?)([a-z][a-z0-9-]*)((?:[^<>\"']++|\"[^\"]{0,2000}+\"|'[^']{0,2000}+'){0,200}+)>",
    re.DOTALL | re.IGNORECASE,
)
_NOTE = pattern(r'<sup class="footnote-ref".*?</sup>')
_MARKUP = pattern("<[^<>]*+>|\0[^\0]*+\0")
_TAIL = 600  # letters of a paragraph's end: its last words, and the links of some notes
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())  # noqa: SIM905  # one line
_WRAPPERS = frozenset({"div", "section", "article", "main"})  # that stand for nothing, unless they bear a class


def announces(text: str) -> bool:
    """Whether what follows a paragraph belongs to it: it ends with a colon, whatever note or emphasis stands there."""
    text = text.rstrip("*_ ")
    while text.endswith("]") and (start := text.rfind("[^")) >= 0 and " " not in text[start:]:
        text = text[:start].rstrip("*_ ")
    return text.endswith((":", "："))


def moved(html: str, marker: str, after: int) -> str:
    """`html` with its marker after the paragraph with that number, counted where no element is around it; at the end of
    a shorter text, before its footnotes."""
    html = html.replace(f"{marker}\n", "").replace(marker, "")
    count, begun, place = 0, 0, len(html)
    for tag in _tags(html):
        if tag.depth:
            continue
        if tag.name == "footnotes":
            place = tag.start
            break
        if tag.name == "p" and not tag.closing:
            begun = tag.end
        elif tag.name == "p":
            count += 1
            tail = html[max(begun, tag.start - _TAIL) : tag.start]
            if count >= after and not announces(_MARKUP.sub("", _NOTE.sub("", tail)).strip()):
                place = tag.end
                break
    rest = html[place:].removeprefix("\n")
    gap = "" if place == 0 or html[place - 1] == "\n" else "\n"
    return f"{html[:place]}{gap}{marker}\n{rest}"


def around(html: str, place: int) -> str:
    """The name of the element that a place stands in; "" where none is around it."""
    names: list[str] = []
    for tag in _tags(html):
        if tag.start >= place:
            break
        names[tag.depth :] = () if tag.closing else (tag.name,)
    return names[-1] if names else ""


class _Tag(NamedTuple):
    """Where a tag begins and ends, and in how many elements its own stands."""

    start: int
    end: int
    name: str
    depth: int
    closing: bool


def _tags(html: str) -> Iterator[_Tag]:
    """The tags of what encloses something, in order: none of empty elements, bare wrappers and what opens nothing. A
    paragraph ends where another one begins."""
    stack: list[tuple[str, bool]] = []  # name, and whether it is a bare wrapper
    opened: Counter[str] = Counter()
    depth = 0
    for found in _TAG.finditer(html):
        name, at = (found[3] or "").lower(), found.start()
        if not name or name in _VOID or found[4].endswith("/"):
            continue
        closes = name if found[2] else "p" if name == "p" and stack and stack[-1][0] == "p" else ""
        while closes and opened[closes]:
            last, bare = stack.pop()
            opened[last] -= 1
            depth -= not bare
            if not bare:
                yield _Tag(at, found.end() if found[2] else at, last, depth, closing=True)
            if last == closes:
                break
        if found[2]:
            continue
        bare = name in _WRAPPERS and "class" not in found[4]
        shown = "footnotes" if name == "section" and 'class="footnotes"' in found[4] else name
        if not bare:
            yield _Tag(at, found.end(), shown, depth, closing=False)
        stack.append((name, bare))
        opened[name] += 1
        depth += not bare
