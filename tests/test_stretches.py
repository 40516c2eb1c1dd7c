"""Lists that are read in parts say what plain ones would."""

from __future__ import annotations

import marshal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet import kept, stretches
from broadsheet.errors import DamagedError
from broadsheet.stretches import AllBut, Blocks, Parted, Parts, picked, places_of, plain, with_values, woven

values = st.lists(st.integers(), max_size=40)


def parted(held: list[int], step: int = 3) -> Blocks:
    blocks = [memoryview(marshal.dumps(held[start : start + step])) for start in range(0, len(held), step)]
    return Blocks(blocks, len(held), step)


def same(found: Any, wanted: list[int]) -> None:
    """Looked at one by one, from either end, in parts, and as a whole."""
    assert len(found) == len(wanted)
    assert [found[n] for n in range(len(wanted))] == wanted
    assert [found[-n - 1] for n in range(len(wanted))] == wanted[::-1]
    for place in (len(wanted), -len(wanted) - 1):
        with pytest.raises(IndexError):
            _ = found[place]
    assert list(found) == plain(found) == wanted
    assert found[1:-1] == wanted[1:-1]


@given(values, st.integers(1, 9))
def test_blocks_hold_what_was_put_into_them(held: list[int], step: int) -> None:
    same(parted(held, step), held)


@given(values, st.lists(st.tuples(st.integers(0, 40), st.booleans())), st.data())
def test_a_woven_list_is_put_together_from_its_stretches(
    held: list[int], cuts: list[tuple[int, bool]], data: st.DataObject
) -> None:
    places = sorted({min(cut, len(held)) for cut, _ in cuts} | {0, len(held)})
    more = data.draw(st.lists(st.integers(), min_size=len(places)))
    column, pieces, wanted = parted(held), list[stretches.Stretch](), list[int]()
    for n, (start, end) in enumerate(pairwise(places)):
        pieces += [(column, start, end), (more, n, n + 1)]
        wanted += [*held[start:end], more[n]]
    found = woven(column, pieces)
    assert isinstance(found, Parts)
    same(found, wanted)
    assert woven(held, [(held if values is column else values, start, end) for values, start, end in pieces]) == wanted


def test_a_woven_list_is_no_part_of_another() -> None:
    held = [1, 2, 3]
    for pieces in ([(held, 0, 3)], [(held, 0, 2), ([4], 0, 1)], [((1, 2, 3), 0, 3)]):
        found = woven(held, pieces)
        assert isinstance(found, list)
        found.append(5)
        assert held == [1, 2, 3]


@given(st.lists(st.integers() | st.none(), max_size=40, unique=True), st.sets(st.integers()))
def test_some_values_are_found_where_they_are(held: list[int | None], others: set[int]) -> None:
    wanted = {value for value in held[::3] if value is not None} | others
    assert places_of(wanted, held) == {value: place for place, value in enumerate(held) if value in wanted}


@given(values, st.dictionaries(st.integers(0, 39), st.integers()), values, st.booleans())
def test_values_take_the_places_of_others(held: list[int], over: dict[int, int], more: list[int], whole: bool) -> None:
    over = {place: value for place, value in over.items() if place < len(held)}
    wanted = [over.get(place, value) for place, value in enumerate(held)] + more
    before = list(held)
    same(with_values(held if whole else parted(held), over, more), wanted)
    assert held == before


@given(values, st.sets(st.integers(0, 39)))
def test_all_but_some_places_are_picked(held: list[int], out: set[int]) -> None:
    places = AllBut(len(held), sorted(place for place in out if place < len(held)))
    wanted = [value for place, value in enumerate(held) if place not in out]
    same(picked(held, places), wanted)
    same(picked(parted(held), places), wanted)


def test_picking_a_few_values_reads_no_more_than_their_blocks() -> None:
    held = list(range(1000))
    column = parted(held, 10)
    assert list(picked(column, [5, 7, 995])) == [5, 7, 995]
    assert sorted(column._known) == [0, 99]
    assert column._whole is None
    assert list(picked(column, held[:300])) == held[:300]  # of many, all
    assert column._whole == held


def test_a_list_made_of_others_is_read_in_parts_as_they_are() -> None:
    column = parted(list(range(1000)), 10)
    found = with_values(column, {500: -1})
    assert (found[499], found[500], found[501]) == (499, -1, 501)
    assert sorted(column._known) == [49, 50]


def test_damaged_blocks_are_told_when_they_are_read() -> None:
    good = marshal.dumps([1, 2, 3])
    for bad in (b"", b"nonsense", good[:-2]):
        found = Blocks([memoryview(good), memoryview(bad)], 6, 3)
        assert found[0] == 1
        with pytest.raises(DamagedError):
            _ = found[4]
        with pytest.raises(DamagedError):
            list(found)
    short = Blocks([memoryview(good), memoryview(marshal.dumps([4]))], 6, 3)
    with pytest.raises(DamagedError):
        _ = short[5]
    with pytest.raises(DamagedError):
        list(short)


@given(st.lists(st.tuples(*[st.integers()] * 4), max_size=40), st.sets(st.integers(0, 3)))
def test_columns_are_kept_whole_or_in_parts(rows: list[tuple[int, ...]], apart: set[int]) -> None:
    columns = [[row[number] for row in rows] for number in range(4)]
    found, more = kept.loads(kept.dumps(columns, {"more": 1}, apart), apart)
    assert more == {"more": 1}
    assert [list(column) for column in found] == columns
    assert [isinstance(column, Parted) for column in found] == [number in apart for number in range(len(columns))]


def test_columns_of_different_lengths_are_nonsense() -> None:
    data = kept.dumps([[1, 2], [1]], None)
    with pytest.raises(ValueError, match="lengths"):
        kept.loads(data)
