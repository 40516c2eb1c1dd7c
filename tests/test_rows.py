"""Rows in columns are the rows that were put, in order, however they came, and come back as they were kept."""

from __future__ import annotations

import weakref
from collections.abc import Iterator

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from broadsheet import kept as kept_columns
from broadsheet import rows, table
from broadsheet.model import Stand
from broadsheet.rows import NONE, Kept, Row, Rows
from broadsheet.state import DamagedError, State

PATHS = [f"content/europe/{name}.md" for name in "abcdefghijklmnop"]


def row(path: str, published: int | None, number: int) -> Row:
    """A story's row, or that of another source (`published` None)."""
    stand = None
    if published is not None:
        stand = Stand(
            path=path,
            source=b"%d" % number,
            url=f"/{path}/",
            region="europe",
            slug=path,
            lang="en",
            published=published,
            expires=None,
            draft=number % 2 == 0,
            unlisted=False,
            withdrawn=False,
            month=published // 3,
            shown_month=published // 3,
            authors=("Ada",) * (number % 2),
            topics=("Energy", "Water")[: number % 3],
            series="",
            pictures=(),
            targets=(),
            files=(),
            sites=(),
            related=(),
            excluded=(),
            translation="",
            turns=(),
            traits=number,
        )
    kind = "other" if published is None else "article"
    return Row(path, b"stamp %d" % number, b"%d" % number, kind, number, b"body %d" % number, b"", stand)


puts = st.tuples(st.sampled_from(PATHS), st.none() | st.integers(0, 6), st.integers(0, 9))
steps = st.lists(st.tuples(st.lists(puts, max_size=6), st.sets(st.sampled_from(PATHS), max_size=4)), max_size=6)


class Disk(State):
    """A state that holds rows in memory."""

    def __init__(self) -> None:
        super().__init__("")
        self.parts: dict[int, bytes] = {}

    def shards(self) -> Iterator[tuple[int, bytes]]:
        return iter(self.parts.items())


@given(steps, st.booleans())
def test_rows_that_were_changed_step_by_step_are_those_of_the_end(
    changes: list[tuple[list[tuple[str, int | None, int]], set[str]]], looked_at: bool
) -> None:
    """Whether somebody has `looked_at` each of them, or only at the last ones."""
    disk, there = Disk(), dict[str, Row]()
    kept = Kept()
    for given_rows, gone in changes:
        put = {path: row(path, published, number) for path, published, number in given_rows}
        leaving = {path for path in gone if path in there and path not in put}
        there = {path: known for path, known in there.items() if path not in leaving} | put
        patched = None if kept.patched is None else kept.patched.union(put, leaving)
        kept = rows.kept(kept.rows.changed(put, leaving), patched)
        disk.parts |= rows.parts(kept)
        if not looked_at and (given_rows, gone) != changes[-1]:
            continue
        event("a patch" if kept.patched else "whole")
        assert dict(kept.rows) == there
        stories = sorted((r.stand for r in there.values() if r.stand), key=lambda s: (s.published, s.path))
        assert list(kept.rows.stories) == stories
        assert list(kept.rows.stories.region) == [story.region for story in stories]
        assert dict(kept.rows.stamps_but(frozenset())) == {path: known.stamp for path, known in there.items()}
        assert kept.rows.sources() == {path: known.source for path, known in there.items()}
        found = rows.read_rows(disk)
        assert dict(found.rows) == there
        assert list(found.rows.stories) == stories
        assert (found.patched or frozenset()) == (kept.patched or frozenset())


def test_rows_that_make_no_sense_are_damage() -> None:
    disk = Disk()
    disk.parts = {0: b"nonsense", 1: b""}
    with pytest.raises(DamagedError):
        rows.read_rows(disk)


def test_columns_that_make_no_sense_are_damage_when_they_are_read() -> None:
    data = kept_columns.dumps(kept_columns.of([["a", "b"], [1, 2]]), "more")
    columns, more = kept_columns.loads(data[:-3])
    assert (list(columns[0]), more) == (["a", "b"], "more")
    with pytest.raises(DamagedError):
        _ = columns[1]


@given(st.lists(st.tuples(st.sampled_from(PATHS), st.one_of(st.none(), st.integers(0, 9))), max_size=12), st.booleans())
def test_a_table_is_what_was_put_last_however_often_it_was_changed_and_kept(
    changes: list[tuple[str, int | None]], read_again: bool
) -> None:
    made, there = table.Table.of(2, {"first": (0, 0)}).kept(), {"first": (0, 0)}
    for path, value in changes:
        put = {} if value is None else {path: (value, -value)}
        gone = [path] if value is None and path in there else []
        there = {key: held for key, held in there.items() if key not in gone} | put
        made = made.changed(put, gone).kept()
        if read_again:
            assert made.patched is not None
            whole = table.Table.of(2, {"first": (0, 0)}).kept().dumps()
            made = table.loads(whole, made.patch())
    assert dict(made) == there
    assert made.column(1) == {path: other for path, (_, other) in there.items()}
    assert len(made) == len(there)
    assert {path: made.get(path) for path in PATHS} == {path: there.get(path) for path in PATHS}
    assert {path for path in PATHS if path in made} == {path for path in PATHS if path in there}


def test_columns_hold_on_to_few_of_those_that_they_were_made_from() -> None:
    """A preview changes them at every edit, and lasts for a day."""
    made = table.Table.of(3, dict.fromkeys(PATHS, (0, 0, 0))).kept()
    known = [weakref.ref(made._columns)]
    for n in range(40):
        made = made.changed({PATHS[n % len(PATHS)]: (n, n, n)}, [])
        assert made.column(1)[PATHS[n % len(PATHS)]] == n  # one is looked at, others are not
        known.append(weakref.ref(made._columns))
    assert sum(one() is not None for one in known) <= kept_columns._DEEP + 2
    every = [list(made.column(number).values()) for number in range(3)]
    assert every[0] == every[1] == every[2]
    assert sum(one() is not None for one in known) == 1  # all are made


def test_a_column_that_two_threads_make_at_once_is_the_same_for_both() -> None:
    disk, kept = Disk(), Kept()
    for published in (3, 1, 2):
        put = {PATHS[published]: row(PATHS[published], published, published)}
        kept = rows.kept(kept.rows.changed(put, []), None if kept.patched is None else kept.patched | {*put})
        disk.parts |= rows.parts(kept)
    found = rows.read_rows(disk).rows
    assert found.stories.path == [PATHS[1], PATHS[2], PATHS[3]]
    make = found._columns._make
    number = rows._NAMES.index("url")
    assert make(number) == make(number) == found.stories.url


def test_no_rows_are_no_rows() -> None:
    assert len(NONE) == 0
    assert NONE.changed({}, []) is NONE
    assert list(Rows(kept_columns.of([[] for _ in rows._NAMES]), {}).stories) == []


names = st.lists(st.sampled_from(PATHS), unique=True)


@given(names, names, names)
def test_places_of_a_table_are_where_its_entries_lie(first: list[str], gone: list[str], asked: list[str]) -> None:
    made = table.Table.of(1, {path: (path,) for path in first})
    left = made.changed({}, [path for path in gone if path in made]).changed({"late": ("late",)}, [])
    wanted = [*asked, "late"]
    places = left.places(wanted)
    assert left.read(0, places, None) == [path if path in left else None for path in wanted]
    assert set(left.others(wanted, places)) == set(left) - set(wanted)
    assert left.column(0) == {path: path for path in left}
    assert sorted(left) == sorted({*first, "late"} - set(gone))
