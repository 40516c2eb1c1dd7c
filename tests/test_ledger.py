"""What is kept of a build comes back as it was, however few parts of it were written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import event, given
from hypothesis import strategies as st

from broadsheet import ledger
from broadsheet.frozen import FrozenMap
from broadsheet.ledger import Ledger
from broadsheet.marks import Remembered, World
from broadsheet.ranks import Told

NAMES = [f"{n}" for n in range(400)]


def built(made: Mapping[str, int], at: int) -> Ledger:
    """What a build leaves that made each of these files, from a story that said a number."""
    digests = {name: bytes([value]) * 16 for name, value in made.items()}
    world = World(people=FrozenMap({"Ada": b"a"}), apart=FrozenMap({"x.md": ("b", "withdrawn"), "y.md": "draft"}))
    return Ledger(
        at=at,
        files={name: (mark, mark, (at, 1, 2, 3)) for name, mark in digests.items()},
        marks=Remembered({name: (mark,) * 5 for name, mark in digests.items()}, world),
        settled=Told(
            {name: ((name, 1, 2, 3, ("ada",), mark), "", ("other",), made[name]) for name, mark in digests.items()}
        ),
    )


def said(of: Ledger) -> tuple[Any, ...]:
    world = of.marks.world
    return (of.at, of.files, of.marks.plain, of.settled.plain, dict(world.people), dict(world.apart))


@given(
    st.integers(0, 400),
    st.lists(st.lists(st.tuples(st.sampled_from(NAMES), st.integers(-1, 9)), max_size=150), max_size=5),
)
def test_what_many_builds_leave_is_what_the_last_one_left(size: int, builds: list[list[tuple[str, int]]]) -> None:
    disk: dict[str, bytes] = {}
    there = dict.fromkeys(NAMES[:size], 0)
    for at, changes in enumerate([[], *builds]):
        for name, value in changes:
            if value < 0:
                there.pop(name, None)
            else:
                there[name] = value
        before = ledger.loads(disk.get)
        fresh = built(there, at)
        parts, patched = ledger.dumps(fresh, before)
        event("patched" if at and "files" not in parts else "written whole")
        for name, data in parts.items():
            if data is None:
                disk.pop(name, None)
            else:
                disk[name] = data
        assert said(ledger.loads(disk.get)) == said(fresh)
        assert ledger.loads(disk.get).patched == patched


def test_a_story_that_changes_writes_next_to_nothing() -> None:
    there = dict.fromkeys(NAMES, 0)
    disk = {name: data for name, data in ledger.dumps(built(there, 0), ledger.loads(lambda _: None))[0].items() if data}
    whole = sum(map(len, disk.values()))
    parts, _ = ledger.dumps(
        Ledger(**{**_fields(built(there, 0)), "files": {**built(there, 0).files, "1": (b"k" * 16, b"d" * 16, ())}}),
        ledger.loads(disk.get),
    )
    assert set(parts) == {"plain", "files+"}
    assert sum(len(data) for data in parts.values() if data) < whole / 50


def test_a_part_that_is_lost_makes_all_of_it_untold() -> None:
    disk = {k: v for k, v in ledger.dumps(built({"a": 1}, 1), ledger.loads(lambda _: None))[0].items() if v}
    for name in disk:
        found = ledger.loads({key: data for key, data in disk.items() if key != name}.get)
        assert not found.files
        assert not found.marks
        assert not found.settled


def _fields(of: Ledger) -> dict[str, Any]:
    return {name: getattr(of, name) for name in ("at", "marks", "settled")}
