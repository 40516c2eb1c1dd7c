"""Headings: ids that stay the same, and levels that fit under the page's own headline."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from broadsheet.patterns import pattern

if TYPE_CHECKING:
    from markdown_it.token import Token

    from broadsheet.markdown.draft import Draft

RESERVED = ("main", "explore", "recommended", "corrections", "footnotes", "section")

_ASCII_GAPS = pattern(r"[^a-z0-9]+")
_CHOSEN = pattern(r"\s*\{#([\w.:-]+)\}\s*$")
_NOTE_IDS = ("fn-", "fnref-")


def take_id(content: Token) -> str:
    """The id that the writer chose for a heading, `## Costs {#costs}`, taken out of its text; "" without one."""
    last = content.children[-1] if content.children else None
    found = _CHOSEN.search(last.content) if last is not None and last.type == "text" else None
    if last is None or found is None:
        return ""
    last.content = last.content[: found.start()]
    return found[1]


def heading_id(text: str, lang: str, taken: dict[str, int], chosen: str = "") -> str:
    """An id for a heading, in its own script, that neither the page nor an earlier heading uses.

    `taken` counts the uses of each id and is updated; repeated headings are numbered from 2.
    """
    base = chosen or slug(text, lang) or "section"
    if base.startswith(_NOTE_IDS):
        base = f"section-{base}"
    count = taken.get(base, int(base in RESERVED))
    found = base
    while count:
        count += 1
        found = f"{base}-{count}"
        if found not in taken:
            break
    taken[base] = max(count, 1)
    taken.setdefault(found, 1)
    return found


def slug(text: str, lang: str) -> str:
    """Letters, digits and their marks in lower case, everything else a hyphen; empty when nothing is left."""
    if lang[:2] in ("tr", "az"):  # I is the capital of ı there, and İ that of i
        text = text.replace("I", "ı").replace("İ", "i")
    text = unicodedata.normalize("NFC", text.lower().replace("i\u0307", "i"))
    if text.isascii():
        return _ASCII_GAPS.sub("-", text).strip("-")
    kept = "".join(c if unicodedata.category(c)[0] in "LNM" else " " for c in text.replace("’", ""))
    return "-".join(kept.split())


def level(draft: Draft, tag: str, title: str) -> str:
    """The tag to write for a heading's tag: one level below the heading that it stands under, which may be the page's
    own. A heading that skips a level is told, and moved up; those beside it move with it.
    """
    written = int(tag[1])
    above = [step for step in draft.outline if step < written]
    depth = min(len(above) + 2, 6)
    draft.outline = [*above, written]
    if written + draft.demote > depth:
        wanted = "#" * (depth - draft.demote)
        message = (
            f"the heading '{title}' skips a level: it is written as level {written + draft.demote}, shown as {depth}"
        )
        draft.report("heading-level", message, f"Write {wanted} instead." if wanted else "")
    return f"h{depth}"
