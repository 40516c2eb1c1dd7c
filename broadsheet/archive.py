"""Every source of the site as one row, kept between builds: what it was, what it says, and where the rest of it lies.

A row holds what deciding needs, a story's stand. What lists show of it, its teaser, and the rest, its record, are read
when a page shows them: who asks for an article gets a `LazyArticle`, which looks like any `Article`.

Rows are plain tuples: reading a hundred thousand of them takes a moment.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo
from sys import intern
from typing import Any, NamedTuple, TypeAlias
from zlib import crc32
from zoneinfo import ZoneInfo

from broadsheet import articles, images, state
from broadsheet.codec import Codec, microseconds, moment, packed
from broadsheet.digest import digest
from broadsheet.errors import Diagnostic
from broadsheet.frozen import FrozenMap, record
from broadsheet.lazily import LazySequence, Recent
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
from broadsheet.sources import AuthorSource, HomeSource, PageSource, ParsedText, RegionSource, Sources
from broadsheet.stands import stand
from broadsheet.survey import Looked, SourcePicture

SHARDS = 256  # an edit writes one of them anew
_KEPT = 2_000  # records that stay decoded: a story has one page that needs its own
_WHOLE = 15_000  # stories: an archive of no more stays at hand once they were made
_TEASED = 3_000  # … of a larger one these: as many as pages that follow each other have in common
_TYPES = (
    *(Article, StoryMatter, ImageRef, Pin, Correction, LinkRef, Diagnostic),
    *(RegionSource, HomeSource, AuthorSource, PageSource, ParsedText),
    *(RegionMatter, HomeMatter, AuthorMatter, PageMatter),
    *(Looked, SourcePicture, images.Planned, images.Variant),
)
Teaser: TypeAlias = tuple[Any, ...]  # see `_teaser`


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


class Row(NamedTuple):
    """A source. `stamp` is what `files.stamp` said; `source` the digest of its bytes; `number` that of its record;
    `shard` where it is kept."""

    path: str
    stamp: tuple[int, ...]
    source: bytes
    kind: str
    number: int
    body: bytes
    findings: bytes
    shard: int
    stand: Stand | None


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
        teaser=packed(_teaser(source)) if isinstance(source, Article) else b"",
        data=codec.dumps(replace(source, terms=FrozenMap()) if isinstance(source, Article) else source),
        body=parsed.body if source is not None else b"",
        key=digest(parsed.body) if source is not None else b"",
        terms=marshal.dumps(dict(source.terms), 2) if isinstance(source, Article) else b"",
        findings=codec.dumps(parsed.diagnostics) if parsed.diagnostics else b"",
    )


class Archive:
    """The rows of a site and the state behind them."""

    def __init__(self, kept: state.State, zone: str, rows: Mapping[str, Row]) -> None:
        self.rows = dict(rows)
        self._state = kept
        self._zone: tzinfo = ZoneInfo(zone)
        self._coder = coder(zone)
        self._decoded: Recent[int, Any] = Recent(_KEPT)
        self._bodies: dict[bytes, int] = {}

    def put(self, kept: Kept, stamp: tuple[int, ...], source: bytes) -> Row:
        """Take a freshly parsed source; its former record is for the caller to remove."""
        number = self._state.put(kept.data, kept.body, kept.terms, kept.teaser)
        row = self.rows[kept.path] = Row(
            path=kept.path,
            stamp=stamp,
            source=source,
            kind=kept.kind,
            number=number,
            body=kept.key,
            findings=kept.findings,
            shard=crc32(kept.path.encode()) % SHARDS,
            stand=kept.stand and _shared(kept.stand)._replace(source=source),
        )
        return row

    def touch(self, row: Row, stamp: tuple[int, ...]) -> None:
        """Take over a source that has another stamp, and says what it said."""
        self.rows[row.path] = row._replace(stamp=stamp)

    def findings(self) -> list[Diagnostic]:
        """What parsing said of every source."""
        return [finding for row in self.rows.values() if row.findings for finding in self._coder.loads(row.findings)]

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
        """`standing` of a story's teaser."""
        return standing(self._state.teaser(number))

    def terms(self, number: int) -> FrozenMap[str, int]:
        """The terms of a story (see terms.features)."""
        found: dict[str, int] = marshal.loads(self._state.terms(number))  # noqa: S302  # our own bytes, checked
        return FrozenMap(found)

    def sources(self) -> Sources:
        """Everything parsed, by kind, each in path order."""
        rows = [self.rows[path] for path in sorted(self.rows)]
        stories = [row for row in rows if row.stand is not None]
        others = [self.load(row.number) for row in rows if row.kind == "other"]
        return Sources(
            articles=Articles(stories, self._zone, self),
            stands=[row.stand for row in stories if row.stand is not None],
            regions=tuple(s for s in others if isinstance(s, RegionSource)),
            authors=tuple(s for s in others if isinstance(s, AuthorSource)),
            pages=tuple(s for s in others if isinstance(s, PageSource)),
            home=next((s for s in others if isinstance(s, HomeSource)), None),
            unread=frozenset([row.path for row in rows if row.kind == "unread"]),
        )

    def body(self, key: bytes) -> bytes:
        """A body by its digest, as store.py encoded it."""
        if not self._bodies:
            self._bodies = {row.body: row.number for row in self.rows.values()}
        return self._state.body(self._bodies[key])


# --- shards --------------------------------------------------------------------------------------------------------


def read_rows(kept: state.State) -> dict[str, Row]:
    """The rows of the last build. Raises DamagedError where they make no sense."""
    rows: dict[str, Row] = {}
    try:
        for _, data in kept.shards():
            for values, stood in marshal.loads(data):  # noqa: S302  # our own bytes: `State` checked their digest
                rows[values[0]] = Row._make((*values, stood and Stand._make(stood)))
    except (ValueError, EOFError, TypeError, IndexError) as error:
        raise state.DamagedError(str(error)) from None
    return rows


def shards(rows: Iterable[Row], wanted: Collection[int]) -> dict[int, bytes]:
    """Some shards, by number, as bytes."""
    groups: dict[int, list[tuple[Any, ...]]] = {number: [] for number in wanted}
    for row in rows if groups else ():
        if row.shard in groups:
            groups[row.shard].append((row[:-1], row.stand and tuple(row.stand)))
    return {number: packed(sorted(group, key=lambda row: row[0][0])) for number, group in groups.items()}


# --- stories -------------------------------------------------------------------------------------------------------

_ARTICLE = ("path", "region", "slug", "url", "lang", "dir", "body")
_MATTER = (
    *("draft", "unlisted", "noindex", "status", "authors", "topics", "series", "label", "translation_key", "region"),
    *("related", "related_exclude", "aliases"),
)
_MOMENTS = ("embargo", "expires", "updated")
_TEASER = ("title", "description", "kicker")
_IMAGE = ("src", "alt", "caption", "credit", "focus", "mark")


def _teaser(article: Article) -> Teaser:
    """What lists show of a story, and who looks for its place among others, of plain values: (article, dates, matter,
    moments, pin, corrections, links, pictures, looks). Lists read these in place of whole records."""
    matter = article.matter
    image = matter.image
    named = [*([image] if image else []), *article.pictures]
    return (
        tuple([getattr(article, name) for name in _ARTICLE]),
        (microseconds(article.date), microseconds(article.published)),
        tuple([getattr(matter, name) for name in _MATTER]),
        tuple([_instant(getattr(matter, name)) for name in _MOMENTS]),
        (matter.pin.position, _instant(matter.pin.until)) if matter.pin else None,
        tuple((microseconds(note.date), note.kind, note.text) for note in matter.corrections),
        tuple((link.kind, link.target, link.fragment, link.title, link.mark) for link in article.links),
        tuple(dict.fromkeys(ref.src for ref in named)),
        (
            article.minutes,
            tuple([getattr(image, name) for name in _IMAGE]) if image else None,
            tuple([getattr(matter, name) for name in _TEASER]),
        ),
    )


def standing(teaser: bytes) -> object:
    """What a teaser says of where its story stands on the site, in what lists and beside what: all but its text, the
    links in it, and its corrections' words."""
    found: Teaser = marshal.loads(teaser)  # noqa: S302  # our own bytes
    article, dates, said, moments, pin, corrections, _, pictures, _ = found
    return (article[:-1], dates, said, moments, pin, len(corrections), set(pictures))


def article(kept: Kept, codec: Codec) -> Article:
    """A story that was just parsed, as a whole."""
    found: Article = codec.loads(kept.data)
    return found


def _instant(value: Any) -> int | None:
    return None if value is None else microseconds(value)


class _LazyMatter(StoryMatter):
    """The front matter of a LazyArticle: slots that are not filled are read from the record."""

    __slots__ = ("_archive", "_number")
    _archive: Archive
    _number: int

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._archive.load(self._number).matter, name)


class Articles(LazySequence[Article]):
    """The stories of some rows, each made when it is first asked for."""

    def __init__(self, rows: Sequence[Row], zone: tzinfo, archive: Archive) -> None:
        self._rows = rows
        self._zone = zone
        self._archive = archive
        self._made: Recent[int, Article] = Recent(len(rows) if len(rows) <= _WHOLE else _TEASED)

    def __len__(self) -> int:
        return len(self._rows)

    def at(self, index: int) -> Article:
        made = self._made.get(index)
        if made is None:
            row = self._rows[index]  # IndexError ends an iteration
            made = self._made.keep(index, _lazy(row, self._zone, self._archive))
        return made


class LazyArticle(Article):
    """A story of which only the row is at hand; what else `Article` has is read from its record. `source` is the digest
    of its source."""

    __slots__ = ("_archive", "_number", "source")
    _archive: Archive
    _number: int
    source: bytes

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._archive.terms(self._number) if name == "terms" else getattr(self._archive.load(self._number), name)


def _setters(cls: type, names: Sequence[str]) -> tuple[Callable[[Any, Any], None], ...]:
    return tuple(getattr(cls, name).__set__ for name in names)


_SET_ARTICLE = _setters(LazyArticle, ("_archive", "_number", "source", "matter", "minutes", *_ARTICLE))
_SET_DATE, _SET_PUBLISHED, _SET_LINKS = _setters(LazyArticle, ("date", "published", "links"))
_SET_MATTER = _setters(
    _LazyMatter, ("_archive", "_number", "pin", "corrections", "image", *_MOMENTS, *_MATTER, *_TEASER)
)
_NEW = object.__new__


def _lazy(row: Row, zone: tzinfo, archive: Archive) -> LazyArticle:
    found = archive.teaser(row.number)
    own, dates, said, moments, pin, corrections, links, _, (minutes, image, texts) = found
    article, matter = _NEW(LazyArticle), _NEW(_LazyMatter)
    values = (
        archive,
        row.number,
        Pin(position=pin[0], until=_moment(pin[1], zone)) if pin else None,
        tuple([Correction(date=moment(d, zone), kind=k, text=t) for d, k, t in corrections]) if corrections else (),
        ImageRef(**dict(zip(_IMAGE, image, strict=True))) if image else None,
        *[_moment(value, zone) for value in moments],
        *said,
        *texts,
    )
    for setter, value in zip(_SET_MATTER, values):  # noqa: B905  # equal by construction
        setter(matter, value)
    values = (archive, row.number, row.source, matter, minutes, *own)
    for setter, value in zip(_SET_ARTICLE, values):  # noqa: B905  # likewise
        setter(article, value)
    date = moment(dates[0], zone)
    _SET_DATE(article, date)
    _SET_PUBLISHED(article, date if dates[0] == dates[1] else moment(dates[1], zone))
    _SET_LINKS(
        article,
        tuple([LinkRef(kind=k, target=t, fragment=f, title=n, mark=m) for k, t, f, n, m in links]) if links else (),
    )
    return article


def _moment(value: int | None, zone: tzinfo) -> Any:
    return None if value is None else moment(value, zone)
