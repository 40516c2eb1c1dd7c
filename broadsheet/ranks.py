"""What a ranking leaves for the next one: what was found for each story, and the terms and weights of each month."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from sys import intern
from typing import Any, NamedTuple, TypeAlias

from broadsheet import related
from broadsheet.frozen import FrozenMap, record
from broadsheet.lazily import LazySequence
from broadsheet.postings import Postings, Weighed
from broadsheet.table import Table

Month: TypeAlias = dict[str, Weighed]  # what stories hold (weight 0: not in the vector), by path


class Standing(NamedTuple):
    """A public story as the ranking sees it. `said` is the digest of what its terms come from."""

    path: str
    order: int  # with the path, what stories are sorted by
    published: int  # seconds since 1970
    month: int
    authors: tuple[str, ...]
    said: bytes


class Standings:
    """The standings of all public stories, in order, field by field."""

    def __init__(self, columns: Sequence[Sequence[Any]]) -> None:
        """`columns` as the fields of `Standing` follow each other."""
        self.columns = columns
        self.path: Sequence[str] = columns[0]
        self.order: Sequence[int] = columns[1]
        self.published: Sequence[int] = columns[2]
        self.month: Sequence[int] = columns[3]
        self.authors: Sequence[tuple[str, ...]] = columns[4]

    def __len__(self) -> int:
        return len(self.path)

    def __getitem__(self, index: int) -> Standing:
        return Standing._make([column[index] for column in self.columns])


class Settled(NamedTuple):
    """What the last build knew of a story: its standing, its question in words, and what was found."""

    standing: Standing
    asked: str
    chosen: tuple[str, ...]  # paths
    cut: int


class Told(Mapping[str, Settled]):
    """What was settled for each story, by path: a table of the values of its standing, then those of `Settled`."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def __getitem__(self, path: str) -> Settled:
        *standing, asked, chosen, cut = self.table[path]
        return Settled(Standing(path, *standing), asked, chosen, cut)

    def __iter__(self) -> Iterator[str]:
        return iter(self.table)

    def __len__(self) -> int:
        return len(self.table)


MONTH = 2
ASKED, CHOSEN, CUT = range(5, 8)  # columns of the table, of which the first are those of standings
LOOKED_AT = range(CHOSEN)  # … which every build goes through
UNTOLD = Told(Table.of(CUT + 1, {}))


class Recommended(LazySequence[tuple[int, ...]]):
    """The positions of the stories that each recommends, from their paths."""

    def __init__(self, chosen: Sequence[tuple[str, ...]], index: Mapping[str, int]) -> None:
        self._chosen = chosen
        self._index = index

    def __len__(self) -> int:
        return len(self._chosen)

    def at(self, index: int) -> tuple[int, ...]:
        return tuple([self._index[path] for path in self._chosen[index]])


@record
class Result:
    """The ranking of now, story by story; the months, packed, and the totals that are new (None: gone); `postings` of
    months that had none, and are as they were."""

    settled: Told
    recommended: Sequence[tuple[int, ...]]
    months: Mapping[int, bytes | None]
    totals: dict[str, int] | None
    again: Collection[str]  # the paths of the stories that were ranked again
    anew: bool = False  # no former month is true any more: all were
    postings: Mapping[int, bytes] = FrozenMap()


class Version:
    """A candidate as it was, or as it is."""

    def __init__(self, standing: Standing, vector: related.Vector) -> None:
        self.standing = standing
        self.vector = vector


class Again(NamedTuple):
    """What was ranked again, in plain values: what is told of the stories in `put`, by path; those in `gone` are no
    more. `months`, `totals`, `postings` and `anew` as in `Result`."""

    put: Mapping[str, tuple[Any, ...]]
    gone: Sequence[str]
    months: Mapping[int, bytes | None]
    totals: dict[str, int] | None
    anew: bool = False
    postings: Mapping[int, bytes] = FrozenMap()


# Where nobody has ranked yet.
UNRANKED = Result(settled=UNTOLD, recommended=(), months={}, totals=None, again=(), anew=True)


@record
class Memory:
    """The last ranking. `month` reads one of its months, `totals` how many stories hold each term, and `postings` those
    of a month (None: they are to be made of it)."""

    settled: Told
    month: Callable[[int], Month]
    totals: Callable[[], dict[str, int]]
    postings: Callable[[int], Postings | None] = lambda _: None


def dumps(month: Month | dict[str, int]) -> bytes:
    return marshal.dumps(month, 4)


def month(data: bytes) -> Month:
    found: Month = marshal.loads(data)  # noqa: S302  # our own bytes: `State` checked their digest
    return found


def totals(data: bytes) -> dict[str, int]:
    found: dict[str, int] = marshal.loads(data)  # noqa: S302  # likewise
    return found


def names(terms: Iterable[str]) -> tuple[str, ...]:
    """The terms, interned: the same words come again and again, in memory and in what is kept of a month."""
    return tuple(map(intern, terms))


def weighed(terms: tuple[str, ...], vector: related.Vector) -> Weighed:
    weights = dict(zip(*vector, strict=True))
    return terms, bytes([weights.get(term, 0) for term in terms])
