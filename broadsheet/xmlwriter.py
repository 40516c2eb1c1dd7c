"""XML as text: elements with text and attributes, escaped and freed of what XML can't hold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

# What XML 1.0 can't hold in any form, and carriage returns, which readers turn into line feeds.
_ILLEGAL = "[^\t\n -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"  # compiled where it is needed: that takes 5 ms


def legal(text: str) -> str:
    """Text without the characters that XML can't hold (control characters, lone surrogates, noncharacters)."""
    printable = text.isprintable() or text.replace("\n", "").isprintable()  # most texts are; all that is, is legal
    return text if printable else re.sub(_ILLEGAL, "", text)


def element(tag: str, content: str = "", /, **attributes: str) -> str:
    """An element around plain text. Names are written as given ("media:content"): the root declares the prefixes."""
    return around(tag, (_escaped(content),), **attributes)


def around(tag: str, inner: Iterable[str], /, **attributes: str) -> str:
    """An element around others, which are XML already."""
    given = "".join([f' {name}="{_attribute(value)}"' for name, value in attributes.items()])
    content = "".join(inner)
    return f"<{tag}{given}>{content}</{tag}>" if content else f"<{tag}{given} />"


def to_bytes(root: str) -> bytes:
    """The document in UTF-8, with its declaration and a final newline."""
    return f'<?xml version="1.0" encoding="utf-8"?>\n{root}\n'.encode()


def _escaped(text: str) -> str:
    return legal(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _attribute(value: str) -> str:
    return _escaped(value).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#09;")


def iso(when: datetime) -> str:
    """ISO 8601 with the zone, to the second (RFC 3339, W3C-DTF)."""
    return to_the_minute(when).isoformat(timespec="seconds")


def to_the_minute(when: datetime) -> datetime:
    """The same instant, so many whole minutes from UTC, as stamps have it: clocks of a place once went by its own noon,
    which the time zones of those years still know."""
    offset = when.utcoffset()
    if not offset or not offset.seconds % 60:
        return when
    return when.astimezone(timezone(timedelta(minutes=round(offset / timedelta(minutes=1)))))
