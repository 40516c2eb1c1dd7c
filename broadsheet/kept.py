"""Columns of what is kept between builds: one is read, and brought up to date, when somebody first looks at it. Most
builds never look at half of them."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterable, Sequence
from typing import Any, overload

from broadsheet.blobs import DamagedError

_SIZE = 8  # bytes that say how many follow
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
                _ = self[number]
            self._deep = 0
        return Columns(self._size, lambda number: change(number, self[number]), self._deep + 1)


def of(columns: Iterable[Sequence[Any]]) -> Columns:
    """Columns that are there."""
    there = list(columns)
    return Columns(len(there), there.__getitem__)


def dumps(columns: Iterable[Sequence[Any]], more: object) -> bytes:
    """Columns, and some plain values that are read at once."""
    parts = [marshal.dumps(list(column), 4) for column in columns]
    head = marshal.dumps([more, list(map(len, parts))], 4)
    return b"".join((len(head).to_bytes(_SIZE, "big"), head, *parts))


def loads(data: bytes | memoryview) -> tuple[Columns, Any]:
    """What was kept, of which no column is looked at. Nonsense raises ValueError, EOFError or TypeError; in a column,
    DamagedError when it is read."""
    view = memoryview(data)
    begin = _SIZE + int.from_bytes(view[:_SIZE], "big")
    more, sizes = marshal.loads(view[_SIZE:begin])  # noqa: S302  # our own bytes: `State` checked their digest
    ends = [begin := begin + size for size in sizes]
    starts = [end - size for end, size in zip(ends, sizes, strict=True)]

    def read(number: int) -> list[Any]:
        try:
            found: list[Any] = marshal.loads(view[starts[number] : ends[number]])  # noqa: S302  # likewise
        except (ValueError, EOFError, TypeError) as error:
            raise DamagedError(str(error)) from None
        return found

    return Columns(len(sizes), read), more
