"""The comparison with a build from nothing can fail: without any one part of the bookkeeping, a page goes stale, and
the state machine notices."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from examples import some
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from mutants import MUTANTS, THEME, Blind, Mutant
from newsroom import NOW, png, source, tree
from test_incremental import Newsroom
from twins import Later, Twins, differences, toolchain

from broadsheet import reach, timeline
from broadsheet.walking import Walk


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


@pytest.mark.parametrize("mutant", some(MUTANTS.values(), 4), ids=some(MUTANTS, 4))
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
