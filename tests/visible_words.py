"""Every visible word of a source is in what was rendered, or in a finding: an independent count, by regular expression.

The source's words are taken from its characters, not from any parse, and compared with all that `Rendered` holds.
"""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from urllib.parse import unquote

import html5lib

from broadsheet.model import Embed, FactBox, Gallery, PullQuote, Rendered

_WORD = re.compile(r"[^\W_]+")
_MARKER = re.compile("\0/?[LBR][0-9]*\0")
_NOT_SHOWN = (  # syntax made of words
    (re.compile(r"(?m)^[ >*+\-\t]*(?:[0-9]{1,9}[.)][ \t>*+\-]+)+"), " "),  # numbers of lists
    (re.compile(r"(?m)^ {0,3}:::+ *(?:factbox|quote|gallery|video|post|audio|recommended)\b"), " "),
    (re.compile(r"(?m)^(?:title|by|image|alt):"), " "),
    (re.compile(r"\[\^[^\s\]]+\]"), " "),  # labels of notes
    (re.compile(r"(?m)^ {0,3}\[[^\]\n]+\]:"), " "),  # labels of definitions
    (re.compile(r"\]\[[^\]\n]*\]"), "]"),
)
_TAGS = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>|</?[a-zA-Z][^>]*>", re.DOTALL | re.IGNORECASE)


def missing_words(source: str, rendered: Rendered, *, html: bool = False) -> list[str]:
    """Words of the source that a reader neither sees nor is told of. `html`: tags were not to be shown as text."""
    for pattern, instead in _NOT_SHOWN:
        source = pattern.sub(instead, source)
    if html:
        source = _TAGS.sub(" ", source)
    have = _words("\n".join(_shown(rendered)))
    return sorted((_words(source) - have).elements())


def _words(text: str) -> Counter[str]:
    """Words, case aside (host names lose it), with entities and percent-encoding decoded."""
    return Counter(_WORD.findall(unquote(unescape(unescape(text))).lower()))


def _shown(rendered: Rendered) -> list[str]:
    found = [_html_words(rendered.body.html)]
    for block in rendered.body.blocks:
        match block:
            case FactBox(title=title, html=html):
                found += (title, _html_words(html))
            case PullQuote(html=html, by=by):
                found += (by, _html_words(html))
            case Gallery(title=title):
                found.append(title)
            case Embed():
                found += (block.url, block.title, block.by, block.text)
    for picture in rendered.pictures:
        found += (picture.src, picture.alt or "", picture.caption, picture.credit)
    for link in rendered.links:
        found += (link.target, link.fragment, link.title)
    for finding in rendered.diagnostics:
        found += (finding.message, finding.excerpt)
    return found


def _html_words(html: str) -> str:
    """Text and attribute values of some HTML, as a browser would read it."""
    tree = html5lib.parseFragment(_MARKER.sub(" ", html), treebuilder="etree", namespaceHTMLElements=False)
    pieces: list[str] = []
    for element in tree.iter():
        pieces += (element.text or "", element.tail or "", *(str(value) for value in element.attrib.values()))
    return "\n".join(pieces)


def missing_from_page(source: str, page: str, told: str, *, html: bool = False) -> list[str]:
    """Words of a source's body that neither its finished page holds nor the findings about it, `told`. `html`: tags
    were not to be shown as text."""
    for pattern, instead in _NOT_SHOWN:
        source = pattern.sub(instead, source)
    if html:
        source = _TAGS.sub(" ", source)
    return sorted((_words(source) - _words(_html_words(page) + "\n" + told)).elements())
