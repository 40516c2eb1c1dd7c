"""Long lists, some of which are read in parts: those that somebody looks at."""

from __future__ import annotations

import marshal
from abc import abstractmethod
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import accumulate, chain, compress
from operator import itemgetter
from typing import Any, TypeAlias, TypeVar, overload

from broadsheet.errors import DamagedError

T = TypeVar("T")

# Some of a list: from a place on, up to another one.
Stretch: TypeAlias = tuple[Sequence[Any], int, int]

_SHARE = 8  # of a list that is read in parts: where more than one in so many values are asked for, all are read


def places_of(wanted: Set[Any], values: Sequence[Any]) -> dict[Any, int]:
    """The places of some values in a long list, of those that are in it: to go through it once takes a tenth of what
    it takes to sort all in."""
    return {values[place]: place for place in compress(range(len(values)), map(wanted.__contains__, values))}


class Parted(Sequence[Any]):
    """A list that is read in parts. Who goes through it has it read as a whole (`plain`)."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._whole: list[Any] | None = None

    @abstractmethod
    def at(self, place: int) -> Any:
        """The value at a place, which there is."""

    @abstractmethod
    def read(self) -> list[Any]:
        """All values."""

    def whole(self) -> list[Any]:
        found = self._whole
        if found is None:
            found = self._whole = self.read()
        return found

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, place: int) -> Any: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Any]: ...
    def __getitem__(self, place: int | slice) -> Any:
        if self._whole is not None or isinstance(place, slice):
            return self.whole()[place]
        if place < 0:
            place += self._size
        if not 0 <= place < self._size:
            raise IndexError(place)
        return self.at(place)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.whole())


class Blocks(Parted):
    """A list that is kept in blocks of so many values each."""

    def __init__(self, blocks: Sequence[memoryview], size: int, step: int) -> None:
        super().__init__(size)
        self._blocks = blocks
        self._step = step
        self._known: dict[int, list[Any]] = {}

    def at(self, place: int) -> Any:
        number, place = divmod(place, self._step)
        found = self._known.get(number)
        if found is None:
            found = self._known[number] = self._loaded(number)
        try:
            return found[place]
        except IndexError:
            raise DamagedError("a block is too short") from None

    def read(self) -> list[Any]:
        if len(self._blocks) == 1:
            found = self._loaded(0)
        else:
            found = list(chain.from_iterable(map(self._loaded, range(len(self._blocks)))))
        if len(found) != self._size:
            raise DamagedError("a block is lost")
        return found

    def _loaded(self, number: int) -> list[Any]:
        try:
            found: list[Any] = marshal.loads(self._blocks[number])  # noqa: S302  # our own bytes: the digest was right
        except (ValueError, EOFError, TypeError, IndexError) as error:
            raise DamagedError(str(error)) from None
        if not isinstance(found, list):
            raise DamagedError("a block is no list")
        return found


class Parts(Parted):
    """A list made of stretches of others, one after the other."""

    def __init__(self, pieces: Iterable[Stretch]) -> None:
        self._pieces = [(values, start, end) for values, start, end in pieces if start < end]
        sizes = [end - start for _, start, end in self._pieces]
        super().__init__(sum(sizes))
        self._starts = [0, *accumulate(sizes)]

    def at(self, place: int) -> Any:
        number = bisect_right(self._starts, place) - 1
        values, start, _ = self._pieces[number]
        try:
            return values[start + place - self._starts[number]]
        except IndexError:
            raise DamagedError("a stretch is too short") from None

    def read(self) -> list[Any]:
        found = _joined(self._pieces)
        if len(found) != len(self):
            raise DamagedError("a stretch is too short")
        return found


def plain(values: Sequence[Any]) -> list[Any]:
    """All values of a list, to go through."""
    if isinstance(values, Parted):
        return values.whole()
    return values if isinstance(values, list) else list(values)


def woven(column: Sequence[Any], pieces: Sequence[Stretch]) -> Sequence[Any]:
    """A column of stretches of another one, and of what comes between. Where that is read in parts, so is this."""
    if isinstance(column, Parted):
        return Parts(pieces)
    return _joined(pieces)


def _joined(pieces: Iterable[Stretch]) -> list[Any]:
    """The values of stretches, one after the other. Most are of one, as a rule: these are copied once, not twice."""
    made: list[Any] = []
    for values, start, end in pieces:
        some = values[start:end]
        if made or not isinstance(some, list):
            made += some
        else:
            made = some
    return made


def with_values(column: Sequence[Any], over: Mapping[int, Any], more: Sequence[Any] = ()) -> Sequence[Any]:
    """A column with some values in the places of others, and more at its end."""
    if not isinstance(column, Parted) or len(over) * _SHARE > len(column):
        made = list(column)
        for place, value in over.items():
            made[place] = value
        made += more
        return made
    pieces: list[Stretch] = []
    start = 0
    for place in sorted(over):
        pieces += [(column, start, place), ((over[place],), 0, 1)]
        start = place + 1
    return Parts([*pieces, (column, start, len(column)), (more, 0, len(more))])


class AllBut(list[int]):
    """The places from 0 up to `size`, without a few (`left_out`, rising)."""

    def __init__(self, size: int, left_out: Sequence[int]) -> None:
        starts = [0, *(place + 1 for place in left_out)]
        self.runs = list(zip(starts, [*left_out, size], strict=True))
        super().__init__(chain.from_iterable(range(start, end) for start, end in self.runs))


def picked(column: Sequence[T], places: Sequence[int]) -> Sequence[T]:
    """The values at some places, at the speed of C; of a list that is read in parts, no more than need be."""
    if isinstance(column, Parted):
        if isinstance(places, AllBut):
            return Parts((column, start, end) for start, end in places.runs)
        if len(places) * _SHARE > len(column):
            column = column.whole()
    if isinstance(places, AllBut) and isinstance(column, list | tuple):
        return list(chain.from_iterable(column[start:end] for start, end in places.runs))
    if len(places) < 2:
        return [column[n] for n in places]
    found: tuple[T, ...] = itemgetter(*places)(column)
    return found
