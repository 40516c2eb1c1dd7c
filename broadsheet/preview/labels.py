"""What of the preview readers can't see: drafts, what is scheduled, and what was written since the last build."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from typing import Literal, TypeAlias

from broadsheet import output, state
from broadsheet.catalog import Catalog, Clock, status_at
from broadsheet.codec import microseconds
from broadsheet.files import Files
from broadsheet.frozen import FrozenMap, record
from broadsheet.manifestfiles import ManifestFiles
from broadsheet.model import Article
from broadsheet.rows import read_rows
from broadsheet.sources import PageSource
from broadsheet.toolchain import toolchain
from broadsheet.urls import output_path

Kind: TypeAlias = Literal["draft", "scheduled", "embargoed", "new", "edited", "gone"]
_HIDDEN: tuple[Kind, ...] = ("draft", "scheduled", "embargoed")  # which readers don't see even after the next build


@record
class Label:
    """How a page differs from what readers have. `url` is a path from the root, as in links; `source` is empty for a
    page that is gone."""

    kind: Kind
    text: str  # "Draft", "Scheduled for 2026-05-04 06:00"
    url: str
    title: str
    source: str


@record
class Live:
    """What readers have: the paths of the output folder, and the digest of each source in the last build. `known` is
    False where the site was never built, or by another version."""

    known: bool = False
    paths: frozenset[str] = frozenset()
    sources: Mapping[str, bytes] = FrozenMap()


def live(files: Files, output_dir: str) -> Live:
    """What the last build published, as far as can be told without waiting for one that is under way."""
    folder = os.path.join(files.root, output_dir)
    place = os.path.join(files.root, state.FOLDER, "state.sqlite")
    if not files.stamp(place) or not files.stamp(ManifestFiles(files, folder).place):
        return Live()
    with suppress(state.DamagedError, OSError, ValueError, AttributeError):
        with closing(state.State(place)) as kept:
            if kept.meta("tools") != toolchain():
                return Live()
            sources = read_rows(kept).rows.sources()
        return Live(known=True, paths=frozenset(output.listed(files, folder)), sources=sources)
    return Live()


def labels(catalog: Catalog, live: Live, paths: Mapping[str, object]) -> Mapping[str, Label]:
    """The label of each page that readers don't have as it is here, by address. `paths` are those of the preview."""
    found = {label.url: label for label in (*_of_stories(catalog, live), *_of_pages(catalog, live))}
    for path in sorted(live.paths):
        if path.endswith(".html") and path not in paths:
            url = "/" + path.removesuffix("index.html")
            found[url] = Label(kind="gone", text="Only on the live site", url=url, title=url, source="")
    return found


def _of_stories(catalog: Catalog, live: Live) -> Iterator[Label]:
    """An article is only made for its label: most have none."""
    readers = Clock(now=catalog.clock.now)
    now = microseconds(readers.now)
    for stories in (catalog.stories, catalog.unlisted, catalog.withdrawn):
        for place, story in enumerate(stories.stands):
            kind = status_at(story, now, readers)
            if kind == "draft":
                yield _label(stories[place], "draft", "Draft")
            elif kind == "scheduled" or kind == "embargoed":
                word = "Scheduled for" if kind == "scheduled" else "Embargoed until"
                article = stories[place]
                yield _label(article, kind, f"{word} {article.published:%Y-%m-%d %H:%M}")
            elif kind == "never":
                yield _label(stories[place], "scheduled", "Expires before it comes out")
            elif live.known and output_path(story.url) not in live.paths:
                yield _label(stories[place], *_NEW)
            elif live.known and live.sources.get(story.path) != story.source:
                yield _label(stories[place], "edited", "Edited since the last build")


def _of_pages(catalog: Catalog, live: Live) -> Iterator[Label]:
    readers = Clock(now=catalog.clock.now)
    for page in catalog.sources.pages:
        if page.matter.draft:
            yield _label(page, "draft", "Draft")
        elif page.matter.date and page.matter.date.timestamp() > readers.now.timestamp():
            yield _label(page, "scheduled", f"Scheduled for {page.matter.date:%Y-%m-%d %H:%M}")
        elif live.known and output_path(page.url) not in live.paths:
            yield _label(page, *_NEW)


_NEW: tuple[Kind, str] = ("new", "Not on the live site yet")


def _label(source: Article | PageSource, kind: Kind, text: str) -> Label:
    return Label(kind=kind, text=text, url=source.url, title=source.matter.title, source=source.path)


def unpublished(label: Label) -> bool:
    """Whether readers would not see the page after a build either."""
    return label.kind in _HIDDEN
