"""The months of the last ranking as they are being changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from itertools import compress

from broadsheet import postings, related
from broadsheet.errors import DamagedError
from broadsheet.postings import Holders, Postings, Weighed
from broadsheet.ranks import Memory, Month


class Months:
    """What the stories of each month hold, and how many hold each term in all. A month is read when somebody asks what
    one of its stories holds; who holds a term is told by its postings, which most months have."""

    def __init__(self, last: Memory) -> None:
        self._last = last
        self._read: dict[int, Month] = {}
        self._postings: dict[int, Postings] = {}
        self._was: dict[str, Weighed] = {}
        self.written: dict[int, Month | None] = {}
        self.posted: dict[int, bytes] = {}  # postings that are new: of months that are as they were
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

    def held(self, month: int, terms: Set[str], order: Sequence[str]) -> Mapping[str, Holders]:
        """Who in a month holds each of some terms, by place in `order`: the paths of its stories of now, in their
        order. Of those that were dropped nobody is told."""
        if month in self.written:
            there = self.written[month] or {}
            return postings.held((there.get(path, _NOTHING) for path in order), terms)
        found = self._postings.get(month) or self._last.postings(month)
        if found is None:
            there = self.of(month)
            if there.keys() != set(order):
                raise DamagedError("a month is not that of its stories")
            data = self.posted[month] = postings.dumps(there[path] for path in order)
            found = postings.loads(data)
        self._postings[month] = found
        return found.held(terms)

    def was(self, path: str) -> related.Vector:
        """The vector that a story had, of those that were put or dropped."""
        return vector(self._was[path])

    def take(self, month: int) -> None:
        """Have it ready to be changed: its stories of now need not be those that it holds."""
        self.written[month] = self._changing(month) or None

    def put(self, month: int, path: str, weighed: Weighed) -> None:
        entries = self._changing(month)
        if path in entries:
            self._was.setdefault(path, entries[path])
        entries[path] = weighed
        self.written[month] = entries

    def drop(self, month: int, path: str) -> None:
        entries = self._changing(month)
        self._was.setdefault(path, entries.pop(path))
        self.written[month] = entries or None

    def _changing(self, month: int) -> Month:
        self.posted.pop(month, None)
        return self.of(month)

    def count(self, shift: Mapping[str, int]) -> None:
        for term, more in shift.items():
            total = self.totals.get(term, 0) + more
            if total:
                self.totals[term] = total
            else:
                self.totals.pop(term, None)


_NOTHING: Weighed = ((), b"")


def vector(weighed: Weighed) -> related.Vector:
    """The terms that have a weight, with it."""
    names, weights = weighed
    return tuple(compress(names, weights)), weights.translate(None, b"\0")
