"""The comparison with a build from nothing can fail: without any one part of the bookkeeping, a page goes stale, and
the state machine notices."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from examples import some
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from newsroom import NOW, png, source, tree
from test_incremental import Newsroom
from twins import Later, Twins, differences, toolchain

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
    timeline,
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


@pytest.fixture
def twins(tmp_path: Path) -> Twins:
    """A few stories, the oldest of which links to the newest; a region's page that includes by a made-up name."""
    made = Twins(tmp_path)
    for name, place, include in (
        ("article", '{% include "partials/after_article.html" %}', '"partials/optional.html"'),
        ("region", "{% block main %}", '"partials/" ~ "optional.html"'),
    ):
        text = (THEME / f"{name}.html").read_text(encoding="utf-8")
        assert text.count(place) == 1
        line = "{% include " + include + " ignore missing %}"
        made.site.write(f"templates/{name}.html", text.replace(place, place + line))
    made.site.write("content/europe/p.png", png()).write("content/authors/ada.md", source("", name="Ada"))
    for n, name in enumerate("abcde"):
        made.site.story(
            f"europe/{name}.md",
            "Grain was sold. See [that](e.md). ![A dam](p.png)" if name == "a" else f"Of {name}.",
            date=f"2025-12-{10 + n}",
            authors=["ada"],
            description="In brief",
        )
    made.site.write("content/authors/bob.md", source("", name="Bob"))
    made.site.story("asia/opinion.md", date="2025-12-09", authors=["bob"], label="opinion", translation_key="dam")
    later = [{"date": "2026-01-15T13:00", "kind": "correction", "text": "There were two."}]
    made.site.story("europe/corrected.md", date="2025-11-20", corrections=later)
    made.site.story("europe/held.md", date="2026-01-10", embargo="2026-01-15T13:00")
    return made


def stale_after(twins: Twins, mutant: Mutant, mutation: Callable[[], AbstractContextManager[Any]]) -> list[str]:
    """What is stale after two builds with the change between them."""
    with toolchain(0), mutation():
        assert twins.site.build(NOW, mutant.door).ok
    mutant.change(twins)
    with toolchain(mutant.version), mutation():
        assert twins.site.build(mutant.at, mutant.door).ok
    with toolchain(mutant.version):
        _, wanted = twins.clean(mutant.at)
    return differences(tree(twins.site.output), wanted)


@pytest.mark.parametrize("mutant", some(MUTANTS.values(), 4), ids=some(MUTANTS, 4))
def test_with_a_part_of_the_bookkeeping_left_out_a_page_goes_stale(twins: Twins, mutant: Mutant) -> None:
    found = stale_after(twins, mutant, mutant.mutation)
    assert any(line.startswith(f"{mutant.stale}: ") for line in found), found


@pytest.mark.parametrize("mutant", MUTANTS.values(), ids=MUTANTS)
def test_with_all_of_the_bookkeeping_none_does(twins: Twins, mutant: Mutant) -> None:
    assert stale_after(twins, replace(mutant, door=Later), nullcontext) == []


# --- by the state machine ------------------------------------------------------------------------------------------


@contextmanager
def blind() -> Iterator[None]:
    """Builds of the site see every file of the output as it was."""
    real = Later.stamp
    with (
        patch.object(Later, "stamps", Blind.stamps),
        patch.object(Later, "stamp", lambda door, path: (1, 2, 3, 4) if os.path.isabs(path) else real(door, path)),
    ):
        yield


def not_ranked_again() -> AbstractContextManager[object]:
    """A story that recommends others since what can be recommended has changed keeps its key."""
    real = reach.numbers
    return patch.object(reach, "numbers", lambda stories, marks, settled, _: real(stories, marks, settled, ()))


FOUND = {
    **{
        name: MUTANTS[name].mutation
        for name in (
            "the templates a page includes",
            "partials that are not there yet",
            "files that nothing makes any more",
            "the clock",
            "the author's name",
            "where links lead",
            "the headlines of others",
            "the pages beside what has changed",
            "the cards of others",
            "the version of Broadsheet",
            "what lies in folders",
            "which keys were not carried over",
            "the lists that show what has changed",
            "the lists that a story has left",
        )
    },
    "the state of the output's files": blind,
    "the hour until which nothing changes": lambda: patch.object(timeline, "changes", lambda _: []),
    "what was ranked again": not_ranked_again,
    "a glance at the sources": lambda: patch.object(Walk, "plain", lambda _: b"as they were"),
}


@pytest.mark.slow
@pytest.mark.parametrize("mutation", FOUND.values(), ids=FOUND)
def test_the_state_machine_notices_a_part_of_the_bookkeeping_that_is_left_out(
    mutation: Callable[[], AbstractContextManager[Any]],
) -> None:
    class Mutated(Newsroom):
        def __init__(self) -> None:
            super().__init__()
            self.twins.mutation = mutation

    once = settings(
        max_examples=400,
        stateful_step_count=10,
        phases=[Phase.generate],
        report_multiple_bugs=False,
        derandomize=True,
        database=None,
    )
    with pytest.raises(AssertionError, match=r"stale|missing|should be gone|at a glance|--plan says|alone"):
        run_state_machine_as_test(Mutated, settings=once)
