"""What is known of each source at once, kept between builds.

Most sources are stories. What is known of these lies in columns, one a field, in the order of publication: an archive
of a hundred thousand is read in a moment, and gone through field by field. What has become different since the columns
were last written whole is kept beside them, so that an edit writes little.
"""

from __future__ import annotations

import marshal
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple

from broadsheet import kept as kept_columns
from broadsheet import state
from broadsheet.columns import Stands
from broadsheet.frozen import FrozenMap
from broadsheet.kept import Columns
from broadsheet.model import Stand
from broadsheet.stretches import picked, places_of, woven

_WHOLE, _PATCH = 0, 1  # the two parts that the state holds
_A_FEW = 8  # paths
_FEWER = 3  # of these at once
_SHARE = 20  # a patch of more than one in so many rows is one too large


class Row(NamedTuple):
    """A source. `stamp` is what `files.stamp` said (`walking.pack`; empty: not to be trusted); `source` the digest of
    its bytes; `kind` "article", "other" or "unread" (its errors are in `findings`); `number` that of its record."""

    path: str
    stamp: bytes
    source: bytes
    kind: str
    number: int
    body: bytes
    findings: bytes
    stand: Stand | None


_OWN = ("path", "stamp", "source", "number", "body", "findings")
_FOLDER = "folder"  # in which a source lies: told by its path, and asked of all in every build
_NAMES = (*_OWN, _FOLDER, *Stand._fields[2:])  # of the columns; a stand begins with path and source, too
_AT = {name: number for number, name in enumerate(_NAMES)}
_SHARED = (_FOLDER, "authors", "topics")  # columns in which the same values come again and again
# Of these a build looks at few values.
_APART = frozenset([_AT[name] for name in ("stamp", "number", "body", "slug", "sites")])
_KIND = "article"


class Rows(Mapping[str, Row]):
    """The rows of a site by path. `stories` are the stands of all stories in (published, path) order; `numbers`,
    `bodies` and `findings` belong to these, place by place; `others` are the rows of other sources."""

    def __init__(self, columns: Columns, others: Mapping[str, Row], put: Mapping[str, Row] = FrozenMap()) -> None:
        """`columns` as _NAMES follow each other; `put` are some of the rows, which are at hand."""
        self._columns = columns
        self.others = others
        self._put = put
        self._looked = 0  # how many were looked for one by one
        # Not by a method of these: a preview would have to look for what only they hold on to.
        self.stories = Stands(len(columns[_AT["path"]]), lambda name: columns[_AT[name]])

    def load(self) -> None:
        """Have at hand what nearly every build looks at."""
        for number in range(len(_NAMES)):
            if number not in _APART:
                _ = self._columns[number]

    def _column(self, name: str) -> Sequence[Any]:
        return self._columns[_AT[name]]

    @property
    def numbers(self) -> Sequence[int]:
        return self._column("number")

    @property
    def bodies(self) -> Sequence[bytes]:
        return self._column("body")

    @property
    def findings(self) -> Sequence[bytes]:
        return self._column("findings")

    @cached_property
    def place(self) -> Mapping[str, int]:
        """The place of each story by its path."""
        return dict(zip(self.stories.path, range(len(self.stories)), strict=True))

    def __getitem__(self, path: str) -> Row:
        found = self._put.get(path) or self.others.get(path)
        if found is not None:
            return found
        place = self._place_of(path)
        if place is None:
            raise KeyError(path)
        path, stamp, source, number, body, findings = [self._column(name)[place] for name in _OWN]
        return Row(path, stamp, source, _KIND, number, body, findings, self.stories[place])

    def __iter__(self) -> Iterator[str]:
        yield from self.stories.path
        yield from self.others

    def __len__(self) -> int:
        return len(self.stories) + len(self.others)

    def __contains__(self, path: object) -> bool:
        return path in self._put or path in self.others or (isinstance(path, str) and self._place_of(path) is not None)

    def stamps_but(self, folders: Set[str]) -> Mapping[str, bytes]:
        """The stamp of every source that lies right in none of some folders."""
        places = [place for place, folder in enumerate(self._column(_FOLDER)) if folder not in folders]
        told = zip(picked(self.stories.path, places), picked(self._column("stamp"), places), strict=True)
        found: dict[str, bytes] = dict(told)
        others = {path: row.stamp for path, row in self.others.items() if path.rpartition("/")[0] not in folders}
        return found | others

    def source(self, path: str) -> bytes:
        """The digest of what one source says."""
        found = self._put.get(path) or self.others.get(path)
        if found is not None:
            return found.source
        place = self._place_of(path)
        if place is None:
            raise KeyError(path)
        return self.stories.source[place]

    def sources(self) -> dict[str, bytes]:
        """The digest of what every source says."""
        found: dict[str, bytes] = dict(zip(self.stories.path, self.stories.source, strict=True))
        return found | {path: row.source for path, row in self.others.items()}

    def changed(self, put: Mapping[str, Row], gone: Collection[str]) -> Rows:
        """These rows with some others in their places, and without those of the paths in `gone`."""
        if not put and not gone:
            return self
        leaving = {*put, *gone}
        fresh = sorted([row for row in put.values() if row.stand], key=_order)
        lost = sorted(self._places_of(leaving))
        others = {path: row for path, row in self.others.items() if path not in leaving}
        others |= {path: row for path, row in put.items() if not row.stand}
        columns = self._columns.changed(_change(self.stories, lost, fresh))
        return Rows(columns, others, {path: row for path, row in self._put.items() if path not in leaving} | dict(put))

    def _places_of(self, paths: Collection[str]) -> list[int]:
        """The places of those that are stories here."""
        if "place" in vars(self) or len(paths) <= _FEWER:
            return [place for path in paths if (place := self._place_of(path)) is not None]
        return list(places_of(set(paths), self.stories.path).values())

    def _place_of(self, path: str) -> int | None:
        """The place of one that is a story here. For few, to look through all takes less than to sort all in."""
        if "place" not in vars(self) and self._looked < _A_FEW:
            self._looked += 1
            with suppress(ValueError):
                return self.stories.path.index(path)
            return None
        return self.place.get(path)

    # --- as they are kept --------------------------------------------------------------------------------------

    def whole(self) -> bytes:
        return kept_columns.dumps(self._columns, _plain(self.others.values()), _APART)

    def some(self, paths: Iterable[str]) -> bytes:
        """The rows of some paths, and which of these have none."""
        here = sorted(path for path in paths if path in self)
        return marshal.dumps((_plain([self[path] for path in here]), sorted(set(paths) - set(here))), 4)


NONE = Rows(kept_columns.of([()] * len(_NAMES)), {})


def _change(
    stories: Stands, lost: Sequence[int], fresh: Sequence[Row]
) -> Callable[[int, Sequence[Any]], Sequence[Any]]:
    """What makes columns of these without the places in `lost` (rising), and with `fresh` rows where they belong."""
    coming = [(_place(stories, row), 0) for row in fresh]  # they rise, too
    steps = sorted([*coming, *((place, 1) for place in lost)])
    told: list[tuple[bool, int, int]] = []  # stretches: whether of `fresh`, from which place up to which
    start = taken = 0
    for place, more in steps:
        if place > start:
            told.append((False, start, place))
        if not more:
            begin = told.pop()[1] if told and told[-1][0] else taken  # many that come together are one stretch
            taken += 1
            told.append((True, begin, taken))
        start = place + more
    told.append((False, start, len(stories)))
    stands = [row.stand for row in fresh]

    def change(number: int, column: Sequence[Any]) -> Sequence[Any]:
        name, known = _NAMES[number], dict[Any, Any]()
        if name == _FOLDER:
            values = [row.path.rpartition("/")[0] for row in fresh]
        else:
            values = list(map(attrgetter(name), fresh if name in _OWN else stands))
        if name in _SHARED:  # what is shared is held once among those that have come
            values = [known.setdefault(value, value) for value in values]
        return woven(column, [(values if new else column, start, end) for new, start, end in told])

    return change


def _place(stories: Stands, row: Row) -> int:
    """Before which of the stories a row belongs."""
    published, path = _order(row)
    first = bisect_left(stories.published, published)
    return bisect_left(stories.path, path, first, bisect_right(stories.published, published, first))


def _order(row: Row) -> tuple[int, str]:
    assert row.stand is not None  # noqa: S101  # a story's
    return row.stand.published, row.path


def _plain(rows: Iterable[Row]) -> list[tuple[Any, ...]]:
    return [(*row[:-1], row.stand and tuple(row.stand)) for row in rows]


def _rows(plain: Iterable[tuple[Any, ...]]) -> dict[str, Row]:
    return {values[0]: Row._make((*values[:-1], values[-1] and Stand._make(values[-1]))) for values in plain}


class Kept(NamedTuple):
    """Rows as a state holds them. `patched`: the paths whose rows have become different since the columns were written
    whole; None: they never were."""

    rows: Rows = NONE
    patched: frozenset[str] | None = None


def read_rows(kept: state.State) -> Kept:
    """The rows of the last build. Raises DamagedError where they make no sense."""
    parts = dict(kept.shards())
    if _WHOLE not in parts and kept.meta("parsed") is None:
        return Kept()
    try:
        columns, others = kept_columns.loads(parts[_WHOLE], _APART)
        if len(columns) != len(_NAMES):
            raise ValueError(len(columns))
        put, gone = marshal.loads(parts[_PATCH])  # noqa: S302  # our own bytes: `State` checked their digest
        patch = _rows(put)
        return Kept(Rows(columns, _rows(others)).changed(patch, gone), frozenset([*patch, *gone]))
    except (ValueError, EOFError, TypeError, IndexError, KeyError) as error:
        raise state.DamagedError(str(error)) from None


def kept(rows: Rows, patched: frozenset[str] | None) -> Kept:
    """How some rows are to be kept: where too many are different, all are written anew."""
    if patched is None or len(patched) > 100 + len(rows) // _SHARE:
        return Kept(rows, frozenset())
    return Kept(rows, patched)


def parts(kept: Kept) -> dict[int, bytes]:
    """What the state is to hold of some rows, by number."""
    patch = {_PATCH: kept.rows.some(kept.patched or ())}
    return patch if kept.patched else {_WHOLE: kept.rows.whole(), **patch}
