"""A small section with something of everything, to be previewed, and what its open pages are told."""

from __future__ import annotations

import re
import socket
from contextlib import suppress

import pytest
from newsroom import Site, png
from previewing import Running

CONFIG = "rails:\n  explore: {mode: shared, limit: 3}\nimages: {widths: [24], formats: [jpeg]}\nfeeds: {limit: 3}\n"


@pytest.fixture
def paper(site: Site) -> Site:
    """A small section with something of everything."""
    site.configure(CONFIG)
    for n in range(4):
        site.story(f"europe/story-{n}.md", f"Body {n} of the story.", date=f"2026-01-0{n + 1}", topics=["Energy"])
    site.story("asia/tea.md", "![Tea](tea.png)\n\nTea is poured.", title="Tea")
    site.write("content/asia/tea.png", png())
    site.write("content/pages/about.md", "---\ntitle: About\n---\nAbout us.\n")
    return site.write("static/note.txt", "A note.")


def told(preview: Running, more: str) -> bytes:
    """What a page is told first that shows what it should, with `more` in its query."""
    seen = re.search(r'data-seen="(\w+)"', preview.get("/europe/").text)
    assert seen
    return heard(preview, f"page=europe/index.html&seen={seen[1]}&{more}")


def heard(preview: Running, query: str) -> bytes:
    """The first event of a stream, or nothing."""
    head = f"GET /.broadsheet/events?{query} HTTP/1.1\r\nHost: localhost:{preview.port}\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", preview.port), timeout=1) as stream:
        stream.sendall(head)
        found = b""
        with suppress(TimeoutError):
            while b"data:" not in found:
                found += stream.recv(65536)
        return found.partition(b"data: ")[2].strip()
