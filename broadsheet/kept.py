"""Columns of what is kept between builds: one is read, and brought up to date, when somebody first looks at it. Most
builds never look at half of them."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterable, Sequence, Set
from typing import Any, overload

from broadsheet.stretches import Blocks, plain

_SIZE = 8  # bytes that say how many follow
_BLOCK = 512  # values of a column that is read in parts: a block is read in a tenth of a millisecond
_DEEP = 2  # changes upon changes, before all columns are made: none holds on to those of all builds before


class Columns(Sequence[Sequence[Any]]):
    """So many columns, each of which `make` makes, by number. `deep`: the changes upon changes that this takes."""

    def __init__(self, size: int, make: Callable[[int], Sequence[Any]], deep: int = 0) -> None:
        self._size = size
        self._make = make
        self._made: dict[int, Sequence[Any]] = {}
        self._deep = deep

    @overload
    def __getitem__(self, number: int) -> Sequence[Any]: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Sequence[Any]]: ...
    def __getitem__(self, number: int | slice) -> Sequence[Any]:
        if isinstance(number, slice):
            return [self[n] for n in range(*number.indices(self._size))]
        found = self._made.get(number)
        if found is None:
            if not 0 <= number < self._size:
                raise IndexError(number)
            found = self._made[number] = self._make(number)
            if len(self._made) == self._size:
                self._make = self._made.__getitem__  # what these were made from is let go of
        return found

    def __len__(self) -> int:
        return self._size

    def changed(self, change: Callable[[int, Sequence[Any]], Sequence[Any]]) -> Columns:
        """Each of these as `change` makes it another one (new), by number."""
        if self._deep >= _DEEP:
            for number in range(self._size):
                self._made[number] = plain(self[number])
            self._make = self._made.__getitem__
            self._deep = 0
        return Columns(self._size, lambda number: change(number, self[number]), self._deep + 1)


def of(columns: Iterable[Sequence[Any]]) -> Columns:
    """Columns that are there."""
    there = list(columns)
    return Columns(len(there), there.__getitem__)


def dumps(columns: Iterable[Sequence[Any]], more: object, apart: Set[int] = frozenset()) -> bytes:
    """Columns, and some plain values that are read at once. Those numbered in `apart` can be read in parts: of these,
    most builds look at few values."""
    texts: list[bytes] = []
    told: list[tuple[int, list[int]]] = []
    for number, column in enumerate(columns):
        values = plain(column)
        step = _BLOCK if number in apart else max(1, len(values))
        blocks = [marshal.dumps(values[start : start + step], 4) for start in range(0, len(values), step)]
        texts += blocks
        told.append((len(values), list(map(len, blocks))))
    head = marshal.dumps([more, told], 4)
    return b"".join((len(head).to_bytes(_SIZE, "big"), head, *texts))


def loads(data: bytes | memoryview, apart: Set[int] = frozenset()) -> tuple[Columns, Any]:
    """What was kept, of which no column is looked at. Nonsense raises ValueError, EOFError or TypeError; in a column,
    DamagedError when it is read."""
    view = memoryview(data)
    begin = _SIZE + int.from_bytes(view[:_SIZE], "big")
    more, told = marshal.loads(view[_SIZE:begin])  # noqa: S302  # our own bytes: `State` checked their digest
    if len({length for length, _ in told}) > 1:
        raise ValueError("columns of different lengths")
    found: list[Blocks] = []
    for number, (length, sizes) in enumerate(told):
        ends = [begin := begin + size for size in sizes]
        blocks = [view[end - size : end] for end, size in zip(ends, sizes, strict=True)]
        found.append(Blocks(blocks, length, _BLOCK if number in apart else max(1, length)))
    return Columns(len(found), lambda number: found[number] if number in apart else plain(found[number])), more
