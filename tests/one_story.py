"""A site of one story, whose source says whatever a test gives it."""

from __future__ import annotations

import html5lib
from newsroom import Built, Site

A = "content/eu/a.md"


def built_from(site: Site, text: str | bytes) -> Built:
    """The result of a build whose one story has this source."""
    return site.write(A, text).build()


def text_of(html: str) -> str:
    return "".join(html5lib.parse(html, namespaceHTMLElements=False).itertext())
