"""The stands of many stories, field by field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from broadsheet.lazily import LazySequence
from broadsheet.model import Stand
from broadsheet.stretches import picked, woven

_FIELDS = frozenset(Stand._fields)


class Stands(LazySequence[Stand]):
    """The stands of some stories, of which each field is a column: `stands.region[i]` is that of `stands[i]`. Who looks
    at one field of a whole archive goes through one list; a stand is made when it is asked for, and so is a column."""

    path: Sequence[str]
    source: Sequence[bytes]
    url: Sequence[str]
    region: Sequence[str]
    slug: Sequence[str]
    lang: Sequence[str]
    published: Sequence[int]
    expires: Sequence[int | None]
    draft: Sequence[bool]
    unlisted: Sequence[bool]
    withdrawn: Sequence[bool]
    month: Sequence[int]
    shown_month: Sequence[int]
    authors: Sequence[tuple[str, ...]]
    topics: Sequence[tuple[str, ...]]
    series: Sequence[str]
    pictures: Sequence[tuple[str, ...]]
    targets: Sequence[tuple[str, ...]]
    files: Sequence[tuple[str, ...]]
    sites: Sequence[tuple[str, ...]]
    related: Sequence[tuple[str, ...]]
    excluded: Sequence[tuple[str, ...]]
    translation: Sequence[str]
    turns: Sequence[tuple[int, ...]]
    traits: Sequence[int]

    def __init__(self, size: int, column: Callable[[str], Sequence[Any]]) -> None:
        """`column` gives that of a field, of `size` values."""
        self._size = size
        self._column = column

    def __getattr__(self, name: str) -> Any:  # called for what is not there yet
        if name not in _FIELDS:
            raise AttributeError(name)
        found = self._column(name)
        setattr(self, name, found)
        return found

    def __len__(self) -> int:
        return self._size

    def at(self, index: int) -> Stand:
        return Stand._make([getattr(self, name)[index] for name in Stand._fields])

    def __iter__(self) -> Iterator[Stand]:
        if not self._size:
            return iter(())  # and no column is read for it
        return map(Stand._make, zip(*[getattr(self, name) for name in Stand._fields], strict=True))

    def some(self, places: Sequence[int]) -> Stands:
        """Those at some places, in their order."""
        if places == range(self._size):
            return self
        if not places:
            return Stands(0, lambda _: ())
        return Stands(len(places), lambda name: picked(getattr(self, name), places))

    def with_others(self, others: Stands) -> Stands:
        """These, then the others."""
        if not len(others):
            return self
        return Stands(len(self) + len(others), lambda name: _joined(getattr(self, name), getattr(others, name)))


def _joined(one: Sequence[Any], other: Sequence[Any]) -> Sequence[Any]:
    return woven(one, [(one, 0, len(one)), (other, 0, len(other))])


def stands_of(stands: Iterable[Stand]) -> Stands:
    """Some stands as columns."""
    values = list(stands)
    columns: dict[str, Sequence[Any]] = dict.fromkeys(Stand._fields, ())
    columns |= dict(zip(Stand._fields, zip(*values, strict=True), strict=False))  # none of no stands
    return Stands(len(values), columns.__getitem__)
