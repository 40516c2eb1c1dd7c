"""What is kept of a build comes back as it was, however few parts of it were written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from broadsheet import ledger
from broadsheet.frozen import FrozenMap
from broadsheet.ledger import KEY, NOTHING_MADE, Ledger
from broadsheet.marks import Remembered, World
from broadsheet.ranks import Told
from broadsheet.state import DamagedError

NAMES = [f"{n}" for n in range(400)]


def left(by: Mapping[str, int], at: int, before: Ledger = NOTHING_MADE) -> Ledger:
    """What a build leaves that made each of these files, from a story that said a number, after another one."""
    known = {path: digest[0] for path, digest in before.files.column(KEY).items()}
    fresh = {name: value for name, value in by.items() if known.get(name) != value}
    digests = {name: bytes([value]) * 16 for name, value in fresh.items()}
    gone = [name for name in known if name not in by]
    world = World(people=FrozenMap({"Ada": b"a"}), apart=FrozenMap({"x.md": ("b", "withdrawn"), "y.md": "draft"}))
    settled = {name: (1, 2, 3, ("ada",), mark, "", ("other",), fresh[name]) for name, mark in digests.items()}
    return replace(
        NOTHING_MADE,
        at=at,
        files=before.files.changed({name: (mark, mark, (at, 1, 2, 3)) for name, mark in digests.items()}, gone),
        marks=Remembered(
            before.marks.table.changed(
                {name: (mark, mark, mark, mark, mark, "europe", 1, "month 1 ") for name, mark in digests.items()}, gone
            ),
            world,
        ),
        lists=before.lists.changed({name: (mark, (f"{name}/index.html",)) for name, mark in digests.items()}, gone),
        settled=Told(before.settled.table.changed(settled, gone)),
        pictures=before.pictures.changed(
            {name: ("europe", "a.png", mark, mark, mark, mark, "a-1.png", False) for name, mark in digests.items()},
            gone,
        ),
        picture_folders=before.picture_folders.changed({name: (mark,) for name, mark in digests.items()}, gone),
        statics=before.statics.changed(
            {name: (mark, mark, mark, (("a.txt", (at, 1, 2, 3), mark),), (".b",)) for name, mark in digests.items()},
            gone,
        ),
    )


def said(of: Ledger) -> tuple[Any, ...]:
    world = of.marks.world
    return (
        of.at,
        dict(of.files),
        dict(of.marks),
        dict(of.settled),
        dict(of.lists),
        dict(of.pictures),
        dict(of.picture_folders),
        dict(of.statics),
        dict(world.people),
        dict(world.apart),
    )


def keep(disk: dict[str, bytes], parts: Mapping[str, bytes | None]) -> None:
    for name, data in parts.items():
        if data is None:
            disk.pop(name, None)
        else:
            disk[name] = data


@given(
    st.integers(0, 400),
    st.lists(st.lists(st.tuples(st.sampled_from(NAMES), st.integers(-1, 9)), max_size=150), max_size=5),
)
def test_what_many_builds_leave_is_what_the_last_one_left(size: int, builds: list[list[tuple[str, int]]]) -> None:
    disk: dict[str, bytes] = {}
    there = dict.fromkeys(NAMES[:size], 0)
    in_memory = NOTHING_MADE
    for at, changes in enumerate([[], *builds]):
        for name, value in changes:
            if value < 0:
                there.pop(name, None)
            else:
                there[name] = value
        before = ledger.loads(disk.get)
        fresh = left(there, at, before)
        assert {name: mark.own[0] for name, mark in fresh.marks.items()} == there
        kept, parts = ledger.dumps(fresh, before)
        event("patched" if at and "files" not in parts else "written whole")
        keep(disk, parts)
        found = ledger.loads(disk.get)
        assert said(found) == said(kept) == said(fresh)
        assert found.files.patched == kept.files.patched
        # Who builds again and again goes on from what it holds, and writes the same.
        in_memory, others = ledger.dumps(left(there, at, in_memory), in_memory)
        assert said(in_memory) == said(found)
        assert others.keys() == parts.keys()


def test_a_story_that_changes_writes_next_to_nothing() -> None:
    disk: dict[str, bytes] = {}
    kept, parts = ledger.dumps(left(dict.fromkeys(NAMES, 0), 0), NOTHING_MADE)
    keep(disk, parts)
    whole = sum(map(len, disk.values()))
    changed = replace(kept, files=kept.files.changed({"1": (b"k" * 16, b"d" * 16, ())}, []))
    _, parts = ledger.dumps(changed, kept)
    assert set(parts) == {"plain", "files+"}
    assert sum(len(data) for data in parts.values() if data) < whole / 50


def test_a_part_that_is_lost_is_noticed_when_it_is_needed() -> None:
    disk: dict[str, bytes] = {}
    keep(disk, ledger.dumps(left({"a": 1}, 1), NOTHING_MADE)[1])
    for name in disk:
        found = ledger.loads({key: data for key, data in disk.items() if key != name}.get)
        if name == "plain":
            assert said(found) == said(NOTHING_MADE)
        else:
            with pytest.raises(DamagedError):
                said(found)
