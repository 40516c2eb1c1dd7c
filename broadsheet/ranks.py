"""What a ranking leaves for the next one: what was found for each story, and the terms and weights of each month."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Mapping
from itertools import compress
from typing import Any, NamedTuple, TypeAlias

from broadsheet import related
from broadsheet.frozen import record
from broadsheet.lazily import LazyMapping

Weighed: TypeAlias = tuple[
    tuple[str, ...], bytes
]  # all terms of a story, and the weight of each (0: not in its vector)
Month: TypeAlias = dict[str, Weighed]  # by path


class Standing(NamedTuple):
    """A public story as the ranking sees it. `said` is the digest of what its terms come from."""

    path: str
    order: int  # with the path, what stories are sorted by
    published: int  # seconds since 1970
    month: int
    authors: tuple[str, ...]
    said: bytes


class Settled(NamedTuple):
    """What the last build knew of a story: its standing, its question in words, and what was found."""

    standing: Standing
    asked: str
    chosen: tuple[str, ...]  # paths
    cut: int


class Told(LazyMapping[Settled]):
    """What was settled for each story, by path, as plain tuples of `Settled`'s values: most of them nobody asks for."""

    def __init__(self, plain: Mapping[str, tuple[Any, ...]]) -> None:
        super().__init__(plain)
        self.plain = plain

    def __getitem__(self, path: str) -> Settled:
        standing, *rest = self.plain[path]
        return Settled(Standing._make(standing), *rest)


UNTOLD = Told({})


@record
class Memory:
    """The last ranking. `month` reads one of its months, `totals` how many stories hold each term."""

    settled: Told
    month: Callable[[int], Month]
    totals: Callable[[], dict[str, int]]


class Months:
    """The months of the last ranking as they are being changed."""

    def __init__(self, last: Memory) -> None:
        self._last = last
        self._read: dict[int, Month] = {}
        self._was: dict[str, Weighed] = {}
        self.written: dict[int, Month | None] = {}
        self._totals: dict[str, int] | None = None

    @property
    def totals(self) -> dict[str, int]:
        if self._totals is None:
            self._totals = self._last.totals()
        return self._totals

    def of(self, month: int) -> Month:
        found = self._read.get(month)
        if found is None:
            found = self._read[month] = self._last.month(month)
        return found

    def was(self, path: str) -> related.Vector:
        """The vector that a story had, of those that were put or dropped."""
        names, weights = self._was[path]
        return tuple(compress(names, weights)), weights.translate(None, b"\0")

    def put(self, month: int, path: str, weighed: Weighed) -> None:
        entries = self.of(month)
        if path in entries:
            self._was.setdefault(path, entries[path])
        entries[path] = weighed
        self.written[month] = entries

    def drop(self, month: int, path: str) -> None:
        entries = self.of(month)
        self._was.setdefault(path, entries.pop(path))
        self.written[month] = entries or None

    def count(self, shift: Mapping[str, int]) -> None:
        for term, more in shift.items():
            total = self.totals.get(term, 0) + more
            if total:
                self.totals[term] = total
            else:
                self.totals.pop(term, None)


def dumps(month: Month | dict[str, int]) -> bytes:
    return marshal.dumps(month, 4)


def month(data: bytes) -> Month:
    found: Month = marshal.loads(data)  # noqa: S302  # our own bytes: `State` checked their digest
    return found


def totals(data: bytes) -> dict[str, int]:
    found: dict[str, int] = marshal.loads(data)  # noqa: S302  # likewise
    return found
