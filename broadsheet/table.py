"""What is kept by path from build to build, in columns: a hundred thousand entries are read and taken over at once, and
what a build leaves is written as what it has made different."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from itertools import chain
from typing import Any

from broadsheet.lazily import LazyMapping
from broadsheet.picking import picked

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

    `patched`: the paths whose entries have become different since the table was last kept whole; None: it never was.
    """

    def __init__(
        self,
        paths: Sequence[str | None],
        columns: Sequence[Sequence[Any]],
        patched: frozenset[str] | None = None,
        size: int | None = None,
    ) -> None:
        """`paths` give the place of each entry in the columns; None: there is none at this place any more. `size`:
        how many there are."""
        self._paths = paths
        self._columns = columns
        self.patched = patched
        self._size = len(paths) if size is None else size

    @classmethod
    def of(cls, width: int, entries: Mapping[str, tuple[Any, ...]]) -> Table:
        """Entries of so many values each."""
        columns = list(map(list, zip(*entries.values(), strict=True))) or [[] for _ in range(width)]
        return cls(list(entries), columns)

    @cached_property
    def _places(self) -> dict[str, int]:
        found = dict(zip(self._paths, range(len(self._paths)), strict=True))
        found.pop(None, None)
        return found  # type: ignore[return-value]  # the None is out

    def __getitem__(self, path: str) -> tuple[Any, ...]:
        place = self._places[path]
        return tuple([column[place] for column in self._columns])

    def __contains__(self, path: object) -> bool:
        return path in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return self._size

    @property
    def known(self) -> Set[str]:
        """The paths of all entries, to look for many in."""
        return self._places.keys()

    def values_of(self, number: int) -> Mapping[str, Any]:
        """One value of each entry by path, for who asks for few."""
        return _Column(self, number)

    def column(self, number: int) -> dict[str, Any]:
        """One value of each entry by path."""
        return dict(zip(self._places, self.every(number), strict=True))

    def every(self, number: int) -> Sequence[Any]:
        """One value of each entry, in the order in which their paths come."""
        column = self._columns[number]
        return column if self._size == len(self._paths) else picked(column, list(self._places.values()))

    def places(self, paths: Sequence[str]) -> Places:
        """The places of some paths, for `read`."""
        known, here, there, found = self._places, list(paths), list(self._paths), Places()
        place = at = 0
        while at < len(here):
            if place < len(there) and here[at] == there[place]:
                same = _alike(here, at, there, place)  # long stretches follow each other as they did
                found.append((place, place + same))
                place += same
                at += same
            else:
                alone = known.get(here[at], -1)
                found.append((alone, alone + 1))
                place = alone + 1 if alone >= 0 else place
                at += 1
        return found

    def read(self, number: int, places: Places, missing: object) -> list[Any]:
        """What a column holds at some places; `missing` where there is no entry."""
        column, found = self._columns[number], list[Any]()
        for start, end in places:
            if start < 0:
                found.append(missing)
            else:
                found += column[start:end]
        return found

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
        paths, columns, known = list(self._paths), list(map(list, self._columns)), dict(self._places)
        _change(paths, columns, known, put, gone)
        patched = None if self.patched is None else self.patched.union(put, gone)
        made = Table(paths, columns, patched, len(known))
        made._places = known
        return made

    # --- as it is kept -----------------------------------------------------------------------------------------

    def kept(self) -> Table:
        """This table as it is to be kept: whole, where it never was, or where too much of it is different."""
        if self.patched is not None and len(self.patched) <= 100 + self._size // _SHARE:
            return self
        if self._size == len(self._paths):
            return Table(self._paths, self._columns, frozenset())
        places = list(self._places.values())
        return Table(list(self._places), [list(picked(column, places)) for column in self._columns], frozenset())

    def dumps(self) -> bytes:
        """All of it."""
        return marshal.dumps((list(self._paths), list(map(list, self._columns))), 4)

    def patch(self) -> bytes:
        """What has become different since it was kept whole."""
        here = [path for path in self.patched or () if path in self]
        return marshal.dumps(([(path, self[path]) for path in here], list(set(self.patched or ()) - set(here))), 4)


class _Column(LazyMapping[Any]):
    """One value of each entry of a table."""

    def __init__(self, table: Table, number: int) -> None:
        super().__init__(table)
        self._table = table
        self._number = number

    def __getitem__(self, path: str) -> Any:
        return self._table[path][self._number]


def _change(
    paths: list[str | None],
    columns: Sequence[list[Any]],
    known: dict[str, int],
    put: Mapping[str, tuple[Any, ...]],
    gone: Iterable[str],
) -> None:
    """Make `Table.changed` of what one is made of: right there."""
    for path in gone:
        paths[known.pop(path)] = None
    for path, values in put.items():
        place = known.get(path)
        if place is None:
            known[path] = len(paths)
            paths.append(path)
            for column, value in zip(columns, values, strict=True):
                column.append(value)
        else:
            for column, value in zip(columns, values, strict=True):
                column[place] = value


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
        if name not in ("_paths", "_columns", "_size", "patched"):
            raise AttributeError(name)
        vars(self).update(vars(self._read()))
        return getattr(self, name)


def loads(data: bytes | memoryview, patch: bytes | memoryview | None) -> Table:
    """A kept table. Nonsense raises ValueError, EOFError, TypeError or KeyError."""
    paths, columns = marshal.loads(data)  # noqa: S302  # our own bytes: `State` checked their digest
    if patch is None:
        return Table(paths, columns, frozenset())
    put, gone = marshal.loads(patch)  # noqa: S302  # likewise
    known = dict(zip(paths, range(len(paths)), strict=True))
    _change(paths, columns, known, dict(put), [path for path in gone if path in known])  # they are nobody else's
    found = Table(paths, columns, frozenset([*(path for path, _ in put), *gone]), len(known))
    found._places = known
    return found
