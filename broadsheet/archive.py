"""Every source of the site as one row, kept between builds: what it was, what it says, and where the rest of it lies.

A row holds what deciding needs, a story's stand. What lists show of it, its teaser, and the rest, its record, are read
when a page shows them (teasers).
"""

from __future__ import annotations

import marshal
from collections.abc import Collection
from dataclasses import replace
from datetime import tzinfo
from sys import intern
from typing import Any
from zoneinfo import ZoneInfo

from broadsheet import articles, images, state, teasers
from broadsheet.codec import Codec, packed
from broadsheet.digest import digest
from broadsheet.errors import Diagnostic
from broadsheet.frozen import FrozenMap, record
from broadsheet.lazily import Recent
from broadsheet.model import (
    Article,
    AuthorMatter,
    Correction,
    HomeMatter,
    ImageRef,
    LinkRef,
    PageMatter,
    Pin,
    RegionMatter,
    Stand,
    StoryMatter,
)
from broadsheet.pictured import Looked, SourcePicture
from broadsheet.rows import Row, Rows
from broadsheet.sources import AuthorSource, HomeSource, PageSource, ParsedText, RegionSource, Sources, Unfit, gathered
from broadsheet.stands import stand
from broadsheet.stretches import places_of
from broadsheet.teasers import Articles, Teaser

_A_FEW = 3  # times that bodies are looked for among all
_KEPT = 2_000  # records that stay decoded: a story has one page that needs its own
_TYPES = (
    *(Article, StoryMatter, ImageRef, Pin, Correction, LinkRef, Diagnostic),
    *(RegionSource, HomeSource, AuthorSource, PageSource, ParsedText, Unfit),
    *(RegionMatter, HomeMatter, AuthorMatter, PageMatter),
    *(Looked, SourcePicture, images.Planned, images.Variant),
)


@record
class Kept:
    """A parsed source on its way from a worker: `kind` is "article", "other" or "unread" (its errors are in
    `findings`)."""

    path: str
    kind: str
    stand: Stand | None
    teaser: bytes
    data: bytes
    body: bytes
    key: bytes  # digest of the body
    terms: bytes
    findings: bytes


def _shared(stand: Stand) -> Stand:
    """A stand from a worker with the words that many stories say, which came with each batch anew, held once."""
    return stand._replace(
        region=intern(stand.region),
        lang=intern(stand.lang),
        authors=tuple(map(intern, stand.authors)),
        topics=tuple(map(intern, stand.topics)),
        series=intern(stand.series),
    )


def coder(zone: str) -> Codec:
    return Codec(_TYPES, ZoneInfo(zone))


def parse_batch(batch: articles.ParseBatch) -> tuple[Kept, ...]:
    """Parse every source of a batch, ready to be kept: the work of a worker process."""
    codec = coder(batch.settings.site.timezone)
    return tuple(_keep(parsed, codec, batch.settings.content_dir) for parsed in articles.parse_batch(batch))


def _keep(parsed: articles.Parsed, codec: Codec, content_dir: str) -> Kept:
    source = parsed.source
    return Kept(
        path=parsed.path,
        kind="unread" if source is None else "article" if isinstance(source, Article) else "other",
        stand=stand(source, content_dir) if isinstance(source, Article) else None,
        teaser=packed(teasers.teaser(source)) if isinstance(source, Article) else b"",
        data=codec.dumps(replace(source, terms=FrozenMap()) if isinstance(source, Article) else source or parsed.unfit),
        body=parsed.body,
        key=digest(parsed.body) if parsed.body else b"",
        terms=marshal.dumps(dict(source.terms.items()), 2) if isinstance(source, Article) else b"",
        findings=codec.dumps(parsed.diagnostics) if parsed.diagnostics else b"",
    )


def article(kept: Kept, codec: Codec) -> Article:
    """A story that was just parsed, as a whole."""
    found: Article = codec.loads(kept.data)
    return found


class Archive:
    """The rows of a site and the state behind them. What is parsed or touched is taken in by `settle`, at once."""

    def __init__(self, kept: state.State, zone: str, rows: Rows) -> None:
        self.rows = rows
        self._put: dict[str, Row] = {}
        self._state = kept
        self._zone: tzinfo = ZoneInfo(zone)
        self._coder = coder(zone)
        self._decoded: Recent[int, Any] = Recent(_KEPT)
        self._bodies: dict[bytes, int] = {}
        self._looked = 0  # how often some were looked for

    def put(self, kept: Kept, stamp: bytes, source: bytes) -> None:
        """Take a freshly parsed source."""
        number = self._state.put(kept.data, kept.body, kept.terms, kept.teaser)
        self._put[kept.path] = Row(
            path=kept.path,
            stamp=stamp,
            source=source,
            kind=kept.kind,
            number=number,
            body=kept.key,
            findings=kept.findings,
            stand=kept.stand and _shared(kept.stand)._replace(source=source),
        )

    def touch(self, row: Row, stamp: bytes) -> None:
        """Take over a source that has another stamp, and says what it said."""
        self._put[row.path] = row._replace(stamp=stamp)

    def row(self, path: str) -> Row:
        """A source as it is now, taken in or not."""
        return self._put.get(path) or self.rows[path]

    def settle(self, gone: Collection[str]) -> tuple[frozenset[str], list[int]]:
        """Take in what was put and touched, and let go of what is gone. Gives the paths whose rows are new, different
        or gone, and the numbers of records that nothing needs any more."""
        put, before = self._put, self.rows
        old = [before[path] for path in (*put, *gone) if path in before]
        removed = [row.number for row in old if row.path not in put or put[row.path].number != row.number]
        self.rows, self._put = before.changed(put, gone), {}
        return frozenset([*put, *gone]), removed

    def findings(self) -> list[Diagnostic]:
        """What parsing said of every source."""
        told = [*self.rows.findings, *(row.findings for row in self.rows.others.values())]
        return [finding for findings in told if findings for finding in self._coder.loads(findings)]

    def load(self, number: int) -> Any:
        """A source as parsed. The last few thousand stay at hand."""
        found = self._decoded.get(number)
        if found is None:
            found = self._decoded.keep(number, self._coder.loads(self._state.record(number)))
        return found

    def teaser(self, number: int) -> Teaser:
        """What lists show of a story."""
        found: Teaser = marshal.loads(self._state.teaser(number))  # noqa: S302  # our own bytes, checked
        return found

    def place(self, number: int) -> object:
        """`teasers.standing` of a story's teaser."""
        return teasers.standing(self._state.teaser(number))

    def terms(self, number: int) -> FrozenMap[str, int]:
        """The terms of a story (see terms.features)."""
        found: dict[str, int] = marshal.loads(self._state.terms(number))  # noqa: S302  # our own bytes, checked
        return FrozenMap(found)

    def sources(self) -> Sources:
        """Everything parsed, by kind: stories in (published, path) order, the others in that of their paths."""
        rows = [row for _, row in sorted(self.rows.others.items())]
        others = [self.load(row.number) for row in rows]
        unread = frozenset([row.path for row in rows if row.kind == "unread"])
        return gathered(Articles(self.rows, self._zone, self), self.rows.stories, others, unread)

    def index(self) -> None:
        """Have at hand where each body lies: for who forks, so that no worker has to look at (and so copy) all rows."""
        if not self._bodies:
            self._bodies = dict(zip(self.rows.bodies, self.rows.numbers, strict=True))
            self._bodies |= {row.body: row.number for row in self.rows.others.values()}

    def body(self, key: bytes) -> bytes:
        """A body by its digest, as store.py encoded it."""
        return self.bodies((key,))[key]

    def bodies(self, keys: Collection[bytes]) -> dict[bytes, bytes]:
        """Some bodies by their digests."""
        if not keys:  # of a list: most pages that a preview shows
            return {}
        if self._bodies or self._looked >= _A_FEW:
            self.index()
            numbers = self._bodies
        else:  # to look for some takes a tenth of what it takes to sort all in
            self._looked += 1
            wanted, told = frozenset(keys), self.rows.numbers
            numbers = {key: told[place] for key, place in places_of(wanted, self.rows.bodies).items()}
            numbers |= {row.body: row.number for row in self.rows.others.values() if row.body in wanted}
        return {key: self._state.body(numbers[key]) for key in keys}
