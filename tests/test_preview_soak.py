"""A long day: edits, pages and browsers for as long as they come, and a preview that stays as it was."""

from __future__ import annotations

import os
import random
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from newsroom import NOW, Site
from previewing import Served, serving

SECONDS = float(os.environ.get("BROADSHEET_SOAKED", "60"))
STORIES = 60
FREE = 8 * 1024 * 1024  # bytes that memory may differ by: caches, fragments
WORDS = ("quoll", "numbat", "bilby", "dibbler", "galah", "potoroo")


def memory(preview: Served) -> int:
    """Bytes that the process itself holds."""
    assert preview.process
    with open(f"/proc/{preview.process.pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def open_pages(preview: Served, count: int) -> Iterator[None]:
    """As many pages are open in browsers."""
    with ExitStack() as streams:
        for n in range(count):
            stream = streams.enter_context(socket.create_connection(("127.0.0.1", preview.port)))
            query = f"page=europe/2026/01/story-{n}/index.html&seen=x"
            head = f"GET /.broadsheet/events?{query} HTTP/1.1\r\nHost: localhost:{preview.port}\r\n\r\n"
            stream.sendall(head.encode())
        yield


def edit(site: Site, chance: random.Random, n: int) -> None:
    """One of the things that people do all day."""
    name, word = f"europe/story-{chance.randrange(STORIES)}.md", chance.choice(WORDS)
    kind = n % 20
    if kind == 0:
        site.story(f"asia/new-{n % 7}.md", f"A {word}.", date="2026-01-04")
    elif kind == 1:
        site.story(name, f"About a {word}.", title=f"The {word} {n}", date="2026-01-02")
    elif kind == 2:
        site.write("templates/partials/after_article.html", f"<p>{word}</p>\n")
    elif kind == 3:
        site.write(f"content/{name}", f"---\ntitel: {word}\n---\nBroken.\n")
        time.sleep(0.4)
        site.story(name, f"Mended, said a {word}.", date="2026-01-02")
    else:
        site.story(name, f"Edit {n}: a {word}. " * 20, date="2026-01-02")


@pytest.mark.slow
def test_a_long_day_of_edits_leaves_memory_flat_and_pages_right(
    site: Site, record_property: Callable[[str, object], None]
) -> None:
    chance = random.Random(20260115)  # noqa: S311  # the same day each time
    site.configure("rails:\n  explore: {mode: shared, limit: 5}\n")
    for n in range(STORIES):
        site.story(f"europe/story-{n}.md", f"Story {n}.", date="2026-01-02", topics=[WORDS[n % 5]])
    with serving(site, "--at", NOW.isoformat()) as preview, open_pages(preview, 5):
        start = time.monotonic()
        settled, edits = 0, 0
        while time.monotonic() - start < SECONDS:
            edits += 1
            edit(site, chance, edits)
            preview.get(f"/europe/2026/01/story-{chance.randrange(STORIES)}/")
            preview.get(chance.choice(("/", "/europe/", "/feed.xml", "/nowhere/")))
            time.sleep(max(0.0, start + edits * 0.25 - time.monotonic()))
            if not settled and time.monotonic() - start > SECONDS / 3:
                settled = memory(preview)
        grown = memory(preview) - settled
        record_property("edits", edits)
        record_property("MiB", (settled >> 20, (settled + grown) >> 20))
        assert edits > SECONDS
        preview.until(lambda: not preview.state()["errors"])
        preview.exact()
        assert grown < FREE, f"{grown} bytes more after {edits} edits"
        assert "Traceback" not in preview.err()
        assert "stumbled" not in preview.err()
