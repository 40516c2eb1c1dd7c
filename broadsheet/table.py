"""What is kept by path from build to build, in columns: a hundred thousand entries are read and taken over at once, and
what a build leaves is written as what it has made different."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from functools import cached_property
from itertools import chain
from typing import Any

from broadsheet import kept
from broadsheet.kept import Columns
from broadsheet.lazily import LazyMapping
from broadsheet.stretches import places_of, with_values, woven

_A_FEW = 8  # paths, each looked for among all
_FEWER = 3  # of these at once
_STRETCH = 1024  # paths, compared at once
_SHARE = 20  # a patch of more than one in so many entries is one too large


class Places(list[tuple[int, int]]):
    """Where some paths lie in a table: one stretch after the other, each from a place up to another one. A path without
    an entry is a stretch of its own, from -1."""

    def missing(self) -> list[int]:
        """Which of the paths have no entry, by number."""
        found, number = list[int](), 0
        for start, end in self:
            if start < 0:
                found.append(number)
            number += end - start
        return found


class Table(Mapping[str, tuple[Any, ...]]):
    """Entries by path: plain values, one for each column. Tables don't change; `changed` gives another one.

    `patched`: by path, the entries that have become different since the table was last kept whole (None: the path has
    none any more); None: it never was.
    """

    def __init__(
        self,
        paths: Sequence[str | None],
        columns: Columns,
        patched: Mapping[str, tuple[Any, ...] | None] | None = None,
        size: int | None = None,
    ) -> None:
        """`paths` give the place of each entry in the columns; None: there is none at this place any more. `size`:
        how many there are."""
        self._paths = paths
        self._columns = columns
        self.patched = patched
        self._size = len(paths) if size is None else size
        self._looked: dict[str, int | None] = {}  # the places of those that were looked for one by one

    @classmethod
    def of(cls, width: int, entries: Mapping[str, tuple[Any, ...]]) -> Table:
        """Entries of so many values each."""
        columns = list(map(list, zip(*entries.values(), strict=True))) or [[] for _ in range(width)]
        return cls(list(entries), kept.of(columns))

    @cached_property
    def _places(self) -> dict[str, int]:
        found = dict(zip(self._paths, range(len(self._paths)), strict=True))
        found.pop(None, None)
        return found  # type: ignore[return-value]  # the None is out

    def _place_of(self, path: str) -> int | None:
        """The place of an entry. For few, to look through all paths takes less than to sort all in."""
        if "_places" in vars(self):
            return self._places.get(path)
        if path in self._looked:
            return self._looked[path]
        if len(self._looked) >= _A_FEW:
            return self._places.get(path)
        place = None
        with suppress(ValueError):
            place = self._paths.index(path)
        self._looked[path] = place
        return place

    def _places_of(self, paths: Set[str]) -> Mapping[str, int]:
        """The places of the entries of some paths."""
        if "_places" in vars(self) or len(paths) <= _FEWER:
            return {path: place for path in paths if (place := self._place_of(path)) is not None}
        return places_of(paths, self._paths)

    def __getitem__(self, path: str) -> tuple[Any, ...]:
        if self.patched and path in self.patched:
            values = self.patched[path]
        else:
            place = self._place_of(path)
            values = None if place is None else tuple([column[place] for column in self._columns])
        if values is None:
            raise KeyError(path)
        return values

    def __contains__(self, path: object) -> bool:
        if self.patched and path in self.patched:
            return self.patched[path] is not None  # type: ignore[index]  # it is a path
        return isinstance(path, str) and self._place_of(path) is not None

    def __iter__(self) -> Iterator[str]:
        return (path for path in self._paths if path is not None)

    def __len__(self) -> int:
        return self._size

    @property
    def known(self) -> Set[str]:
        """The paths of all entries, to look for many in."""
        return self._places.keys()

    def value(self, number: int, path: str) -> Any:
        """One value of one entry. Raises KeyError where there is none."""
        place = self._place_of(path)
        if place is None:
            raise KeyError(path)
        return self._columns[number][place]

    def values_of(self, number: int) -> Mapping[str, Any]:
        """One value of each entry by path, for who asks for few."""
        return _Column(self, number)

    def some(self, number: int, paths: Set[str]) -> dict[str, Any]:
        """One value of some entries by path, of those that there are."""
        column = self._columns[number]
        return {path: column[place] for path, place in self._places_of(paths).items()}

    def column(self, number: int) -> dict[str, Any]:
        """One value of each entry by path."""
        return dict(zip(self, self.every(number), strict=True))

    def every(self, number: int) -> Sequence[Any]:
        """One value of each entry, in the order in which their paths come."""
        column = self._columns[number]
        if self._size == len(self._paths):
            return column
        return [value for path, value in zip(self._paths, column, strict=True) if path is not None]

    def places(self, paths: Sequence[str]) -> Places:
        """The places of some paths, for `read`."""
        here, there, found = list(paths), list(self._paths), Places()
        place = at = 0
        while at < len(here):
            if place < len(there) and here[at] == there[place]:
                same = _alike(here, at, there, place)  # long stretches follow each other as they did
                found.append((place, place + same))
                place += same
                at += same
            else:
                alone = self._place_of(here[at])
                alone = -1 if alone is None else alone
                found.append((alone, alone + 1))
                place = alone + 1 if alone >= 0 else place
                at += 1
        return found

    def read(self, number: int, places: Places, missing: object) -> Sequence[Any]:
        """What a column holds at some places; `missing` where there is no entry."""
        column, none = self._columns[number], (missing,)
        return woven(column, [(none, 0, 1) if start < 0 else (column, start, end) for start, end in places])

    def holding(self, number: int, names: Set[str]) -> list[str]:
        """The paths of the entries whose tuple in a column has one of some names."""
        if not names:
            return []
        if names.isdisjoint(chain.from_iterable(self._columns[number])):  # nearly always, and at once
            return []
        told = zip(self._paths, self._columns[number], strict=True)
        return [path for path, held in told if path is not None and not names.isdisjoint(held)]

    def others(self, paths: Collection[str], places: Places) -> Collection[str]:
        """The paths that are not among `paths`, whose `places` are these."""
        there = sum(end - start for start, end in places if start >= 0)
        return () if there == self._size else self._places.keys() - set(paths)

    def changed(self, put: Mapping[str, tuple[Any, ...]], gone: Iterable[str]) -> Table:
        """This table with some entries in place of those that it has, and without those of the paths in `gone`."""
        gone = list(gone)
        if not put and not gone:
            return self
        patched = None if self.patched is None else {**self.patched, **dict.fromkeys(gone), **put}
        return _changed(self, put, gone, patched)

    # --- as it is kept -----------------------------------------------------------------------------------------

    def kept(self) -> Table:
        """This table as it is to be kept: whole, where it never was, or where too much of it is different."""
        if self.patched is not None and len(self.patched) <= 100 + self._size // _SHARE:
            return self
        if self._size == len(self._paths):
            return Table(self._paths, self._columns, {})
        columns = kept.of([list(self.every(number)) for number in range(len(self._columns))])
        return Table(list(self), columns, {})

    def dumps(self, apart: Set[int] = frozenset()) -> bytes:
        """All of it. The columns in `apart` can be read in parts."""
        return kept.dumps(self._columns, list(self._paths), apart)

    def patch(self) -> bytes:
        """What has become different since it was kept whole."""
        return marshal.dumps(dict(self.patched or {}), 4)


class _Column(LazyMapping[Any]):
    """One value of each entry of a table."""

    def __init__(self, table: Table, number: int) -> None:
        super().__init__(table)
        self._table = table
        self._number = number

    def __getitem__(self, path: str) -> Any:
        return self._table.value(self._number, path)


def _changed(
    table: Table,
    put: Mapping[str, tuple[Any, ...]],
    gone: Iterable[str],
    patched: Mapping[str, tuple[Any, ...] | None] | None,
) -> Table:
    """`Table.changed`: each column changes when it is looked at."""
    paths, size = list(table._paths), len(table)
    gone = list(gone)
    places = table._places_of({*gone, *put})
    for path in gone:
        place = places.get(path)
        if place is not None:
            paths[place] = None
            size -= 1
    over: dict[int, tuple[Any, ...]] = {}
    more: list[tuple[Any, ...]] = []
    for path, values in put.items():
        place = places.get(path)
        if place is None or paths[place] is None:
            paths.append(path)
            more.append(values)
            size += 1
        else:
            over[place] = values

    def change(number: int, column: Sequence[Any]) -> Sequence[Any]:
        own = {place: values[number] for place, values in over.items()}
        return with_values(column, own, [values[number] for values in more])

    return Table(paths, table._columns.changed(change), patched, size)


def _alike(one: list[str], start: int, other: list[str | None], begin: int) -> int:
    """How many items of two lists are the same, from two places on."""
    same, step = 0, _STRETCH
    while step:
        more = one[start + same : start + same + step]
        if more and more == other[begin + same : begin + same + step]:
            same += len(more)
            step = min(step * 2, _STRETCH)
        else:
            step //= 2
    return same


class Unread(Table):
    """A table that is read when somebody first asks for anything in it."""

    def __init__(self, read: Callable[[], Table]) -> None:
        self._read = read

    def __getattr__(self, name: str) -> Any:  # called for what is not there yet
        if name not in ("_paths", "_columns", "_size", "_looked", "patched"):
            raise AttributeError(name)
        vars(self).update(vars(self._read()))
        return getattr(self, name)


def loads(data: bytes | memoryview, patch: bytes | memoryview | None, apart: Set[int] = frozenset()) -> Table:
    """A kept table, as `Table.dumps` and `patch` gave it. Nonsense raises ValueError, EOFError, TypeError or KeyError;
    in a column, DamagedError when it is read."""
    columns, paths = kept.loads(data, apart)
    whole = Table(paths, columns, {})
    if patch is None:
        return whole
    told: dict[str, tuple[Any, ...] | None] = marshal.loads(patch)  # noqa: S302  # likewise
    put = {path: values for path, values in told.items() if values is not None}
    return _changed(whole, put, [path for path in told if path not in put], told)
