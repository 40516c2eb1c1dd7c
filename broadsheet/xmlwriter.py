"""XML as bytes: elements with text and attributes, freed of what XML can't hold."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# What XML 1.0 can't hold in any form, and carriage returns, which readers turn into line feeds.
_ILLEGAL = re.compile("[^\t\n -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    """Text without the characters that XML can't hold (control characters, lone surrogates, noncharacters)."""
    return _ILLEGAL.sub("", text)


def root(tag: str, /, **attributes: str) -> Element:
    """The outermost element. Names are written as given ("media:content"): it declares the prefixes."""
    from xml.etree.ElementTree import Element

    return Element(tag, attributes)


def child(parent: Element, tag: str, text: str = "", /, **attributes: str) -> Element:
    """A new last child of an element."""
    made = parent.makeelement(tag, {name: legal(value) for name, value in attributes.items()} if attributes else {})
    made.text = legal(text) or None
    parent.append(made)
    return made


def to_bytes(element: Element) -> bytes:
    """The document in UTF-8, with its declaration and a final newline."""
    from xml.etree.ElementTree import tostring

    text: str = tostring(element, encoding="unicode")  # twice as fast as asking for bytes
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def iso(when: datetime) -> str:
    """ISO 8601 with the zone, to the second (RFC 3339, W3C-DTF)."""
    return when.isoformat(timespec="seconds")
