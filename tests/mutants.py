"""Parts of the bookkeeping of builds that can be left out, each with a change that goes wrong without it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from newsroom import NOW, png, source
from twins import Later, Twins

from broadsheet import (
    carried,
    catalog,
    closures,
    contents,
    dryrun,
    engine,
    files,
    groundwork,
    groups,
    keyed,
    links,
    marks,
    output,
    pages,
    quick,
    reach,
    survey,
    templates,
)
from broadsheet.files import Files
from broadsheet.table import Table
from broadsheet.translations import Translations
from broadsheet.walking import Walk

PAGE = "europe/2025/12/a/index.html"
THEME = Path(__file__).resolve().parent.parent / "templates"


class Blind(Later):
    """Does not see what became of a file of the output."""

    def stamps(self, paths: Sequence[str], *, alone: bool = False) -> list[files.Stamp]:  # noqa: ARG002  # as Files has it
        return [(1, 2, 3, 4) for _ in paths]

    def stamp(self, path: str) -> files.Stamp:
        return (1, 2, 3, 4) if os.path.isabs(path) else super().stamp(path)


class Timeless(Later):
    """Does not see when an inode was changed."""

    def walk(self, folders: Sequence[str]) -> Walk:
        walk = super().walk(folders)
        places = {
            place: [(*file[:3], 0, file[4]) for file in found] if isinstance(found, list) else found
            for place, found in walk.places.items()
        }
        return replace(walk, places=places)


CLOSURE = templates.Theme.closure


def without_the_optional(theme: templates.Theme, name: str) -> tuple[str, ...]:
    return tuple(part for part in CLOSURE(theme, name) if part != "partials/optional.html")


@contextmanager
def one_version() -> Iterator[None]:
    """The toolchain's digest says nothing."""
    with ExitStack() as stack:
        for module in (engine, groundwork, quick, dryrun):
            stack.enter_context(patch.object(module, "toolchain", lambda: b"always the same"))
        yield


def a_stopped_clock(now: datetime, **switches: bool) -> catalog.Clock:
    return catalog.Clock(now=NOW, **switches)


def nothing(*_: Any, **__: Any) -> Any:
    return b""


# --- what happens between two builds -------------------------------------------------------------------------------


def edit_a_partial(t: Twins) -> None:
    text = (THEME / "partials/footer.html").read_text(encoding="utf-8")
    t.site.write("templates/partials/footer.html", text + "<!-- more -->")


def add_a_partial(t: Twins) -> None:
    t.site.write("templates/partials/optional.html", "<p>Optional</p>")


def meddle(t: Twins) -> None:
    place = t.site.output / PAGE
    place.write_bytes(place.read_bytes()[:-1] + b"!")


def delete(t: Twins) -> None:
    t.site.remove("content/europe/b.md")


def wait(_: Twins) -> None:
    """Only the clock moves."""


def rename_the_author(t: Twins) -> None:
    t.site.write("content/authors/ada.md", source("", name="Ada King"))


def write_a_biography(t: Twins) -> None:
    t.site.write("content/authors/ada.md", source("She counts.", name="Ada"))


def sign_by_another(t: Twins) -> None:
    t.site.edit("content/europe/b.md", 'authors: ["ada"]', 'authors: ["bob"]')


def only_where_they_are() -> AbstractContextManager[object]:
    """The lists that a story has left are taken for such as show what they showed."""

    def lists(told: marks.Marks) -> set[str]:
        return {name for _, now in told.changes.values() if now for name in groups.in_groups(now[marks.GROUPS])}

    return patch.object(reach, "lists", lists)


def rename_the_columnist(t: Twins) -> None:
    t.site.write("content/authors/bob.md", source("", name="Bob Boole"))


def move_the_target(t: Twins) -> None:
    t.site.edit("content/europe/e.md", "date:", "slug: elsewhere\ndate:")


def translate(t: Twins) -> None:
    t.site.story("europe/yorum.md", date="2025-12-20", lang="tr", translation_key="dam")


def replace_the_picture(t: Twins) -> None:
    t.site.write("content/europe/p.png", png(40, 30, "gold"))


@contextmanager
def as_if_nothing_changed_there() -> Iterator[None]:
    """Every folder that holds pictures is taken for what it was."""
    with patch.object(survey._Walked, "_mark", lambda *_: b"as it was"):
        yield


def edit_without_a_trace(t: Twins) -> None:
    place = t.site.folder / "content/europe/a.md"
    before = place.stat()
    t.site.edit("content/europe/a.md", "Grain was sold", "Grain was lost")
    os.utime(place, ns=(before.st_atime_ns, before.st_mtime_ns))


def retitle(t: Twins) -> None:
    t.site.edit("content/europe/b.md", 'title: "b"', 'title: "Bee"')


def rename_a_file(t: Twins) -> None:
    t.site.move("content/europe/c.md", "content/europe/z.md")


def rewrite_the_standfirst(t: Twins) -> None:
    t.site.edit("content/europe/c.md", "In brief", "In short")


@contextmanager
def one_by_one(mutation: AbstractContextManager[object], share: int = 0) -> Iterator[None]:
    """The keys of stories' pages are found one by one."""
    with patch.object(keyed, "_ONE_BY_ONE", share), mutation:
        yield


def all_at_once(mutation: AbstractContextManager[object]) -> AbstractContextManager[None]:
    """… those of all stories, wherever one has to be."""
    return one_by_one(mutation, 1 << 30)


def all_carried() -> AbstractContextManager[object]:
    """What is told of the keys of stories is that all come from the last build."""
    real = keyed.Keyed.tell
    return patch.object(keyed.Keyed, "tell", lambda found, keys, _: real(found, keys, ()))


def upgrade(_: Twins) -> None:
    """The test brings the other version."""


@dataclass(frozen=True)
class Mutant:
    """A part of the bookkeeping left out, and a change that it makes go wrong."""

    change: Callable[[Twins], None]
    mutation: Callable[[], AbstractContextManager[Any]]
    stale: str  # a file that goes stale
    at: datetime = NOW
    door: Callable[[str], Files] = Later
    version: int = 0


LATER = datetime.fromisoformat("2026-01-16T12:00+00:00")
MUTANTS = {
    "the templates a page includes": Mutant(
        edit_a_partial, lambda: patch.object(closures.Closures, "_digest", nothing), "index.html"
    ),
    "partials that are not there yet": Mutant(
        add_a_partial, lambda: patch.object(templates.Theme, "closure", without_the_optional), PAGE
    ),
    "templates whose names are made up": Mutant(
        add_a_partial, lambda: patch.object(templates.Theme, "closure", without_the_optional), "europe/index.html"
    ),
    "the state of the output's files": Mutant(meddle, nullcontext, PAGE, door=Blind),
    "files that nothing makes any more": Mutant(
        delete, lambda: patch.object(output.Output, "_delete", nothing), "europe/2025/12/b/index.html"
    ),
    "the clock": Mutant(
        wait, lambda: patch.object(groundwork, "Clock", a_stopped_clock), "europe/2026/01/held/index.html", at=LATER
    ),
    "the author's name": Mutant(rename_the_author, lambda: patch.object(marks.Marks, "person", nothing), PAGE),
    "where links lead": Mutant(move_the_target, lambda: patch.object(links.Links, "mark", nothing), PAGE),
    "the bytes of pictures": Mutant(replace_the_picture, lambda: patch.object(links.Links, "mark", nothing), PAGE),
    "what lies where pictures do": Mutant(replace_the_picture, as_if_nothing_changed_there, PAGE),
    "who shows a picture that has changed": Mutant(
        replace_the_picture, lambda: patch.object(marks, "_picturing", lambda *_: set()), PAGE
    ),
    "the inode's time": Mutant(edit_without_a_trace, nullcontext, PAGE, door=Timeless),
    "the headlines of others": Mutant(
        retitle,
        lambda: all_at_once(patch.object(pages.rails, "marks_beside", lambda _, heads: [b""] * len(heads))),
        "europe/2025/12/e/index.html",
    ),
    "the pages beside what has changed": Mutant(
        retitle,
        lambda: one_by_one(patch.object(reach, "_around", lambda *_: ())),
        "europe/2025/11/corrected/index.html",
    ),
    "who recommends what has changed": Mutant(
        rename_the_columnist,
        lambda: one_by_one(patch.object(Table, "holding", lambda *_: [])),
        "europe/2025/12/a/index.html",
    ),
    "what others have become": Mutant(
        rename_the_author, lambda: patch.object(marks, "_different", lambda *_: set()), PAGE
    ),
    "who names what has changed": Mutant(
        move_the_target, lambda: patch.object(marks, "_naming", lambda *_: set()), PAGE
    ),
    "stories that hours change": Mutant(
        wait,
        lambda: patch.object(marks.Marks, "_turned", lambda *_: set()),
        "europe/2025/11/corrected/index.html",
        at=LATER,
    ),
    "who is a translation of whom": Mutant(
        translate, lambda: patch.object(Translations, "marks", lambda _: {}), "asia/2025/12/opinion/index.html"
    ),
    "the cards of others": Mutant(
        rewrite_the_standfirst, lambda: patch.object(marks.Marks, "cards", nothing), "europe/index.html"
    ),
    "the place of a source": Mutant(
        rename_a_file, lambda: patch.object(marks.Marks, "owns", nothing), "europe/feed.xml"
    ),
    "the version of Broadsheet": Mutant(upgrade, one_version, PAGE, version=1),
    "what lies in folders": Mutant(
        retitle,
        lambda: patch.object(contents.Content, "as_before", lambda _, known: iter(known)),
        "europe/2025/12/b/index.html",
    ),
    "which keys were not carried over": Mutant(retitle, all_carried, "europe/2025/12/b/index.html"),
    "the lists that show what has changed": Mutant(
        retitle, lambda: patch.object(reach, "lists", lambda _: set()), "authors/ada/index.html"
    ),
    "the lists that a story has left": Mutant(sign_by_another, only_where_they_are, "authors/ada/index.html"),
    "what lists show besides stories": Mutant(
        write_a_biography, lambda: patch.object(carried, "packed", nothing), "authors/ada/index.html"
    ),
}
