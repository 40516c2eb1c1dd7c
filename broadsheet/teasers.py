"""What lists show of a story, kept apart from the rest of it; and stories of which nothing else was read.

Who asks for an article gets a `LazyArticle`, which looks like any `Article`.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Sequence
from datetime import tzinfo
from typing import Any, Protocol, TypeAlias

from broadsheet.codec import microseconds, moment
from broadsheet.frozen import FrozenMap
from broadsheet.lazily import LazySequence, Recent
from broadsheet.model import Article, Correction, ImageRef, LinkRef, Pin, StoryMatter
from broadsheet.rows import Rows

Teaser: TypeAlias = tuple[Any, ...]  # see `teaser`

_WHOLE = 15_000  # stories: an archive of no more stays at hand once they were made
_TEASED = 3_000  # … of a larger one these: as many as pages that follow each other have in common
_ARTICLE = ("path", "region", "slug", "url", "lang", "dir", "body")
_MATTER = (
    *("draft", "unlisted", "noindex", "status", "authors", "topics", "series", "label", "translation_key", "region"),
    *("related", "related_exclude", "aliases"),
)
_MOMENTS = ("embargo", "expires", "updated")
_TEASER = ("title", "description", "kicker", "kind", "source_url")
_IMAGE = ("src", "alt", "caption", "credit", "focus", "mark")


def teaser(article: Article) -> Teaser:
    """What lists and pages show of a story, and who looks for its place among others, of plain values: (article, dates,
    matter, moments, pin, corrections, links, names of pictures, looks). These are read in place of whole records."""
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
        tuple((link.kind, link.target, link.fragment, link.title, link.mark, link.query) for link in article.links),
        tuple(dict.fromkeys(ref.src for ref in named)),
        (
            (article.minutes, article.words),
            _plain(image) if image else None,
            tuple([getattr(matter, name) for name in _TEASER]),
            tuple([_plain(picture) for picture in article.pictures]),
            bool(matter.params),
        ),
    )


def standing(teaser: bytes) -> object:
    """What a teaser says of where its story stands on the site, in what lists and beside what: all but its text, the
    links in it, and its corrections' words."""
    found: Teaser = marshal.loads(teaser)  # noqa: S302  # our own bytes
    article, dates, said, moments, pin, corrections, _, pictures, _ = found
    return (article[:-1], dates, said, moments, pin, len(corrections), set(pictures))


def _instant(value: Any) -> int | None:
    return None if value is None else microseconds(value)


def _plain(picture: ImageRef) -> tuple[Any, ...]:
    return tuple([getattr(picture, name) for name in _IMAGE])


def _picture(plain: tuple[Any, ...]) -> ImageRef:
    return ImageRef(**dict(zip(_IMAGE, plain, strict=True)))


# --- stories of which the row is at hand ------------------------------------------------------------------------------


class Records(Protocol):
    """Where the parts of a story lie, by the number of its record."""

    def load(self, number: int) -> Any: ...
    def teaser(self, number: int) -> Teaser: ...
    def terms(self, number: int) -> FrozenMap[str, int]: ...


class _LazyMatter(StoryMatter):
    """The front matter of a LazyArticle: slots that are not filled are read from the record."""

    __slots__ = ("_archive", "_number")
    _archive: Records
    _number: int

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._archive.load(self._number).matter, name)


class Articles(LazySequence[Article]):
    """The stories of some rows, in their order, each made when it is first asked for."""

    def __init__(self, rows: Rows, zone: tzinfo, archive: Records) -> None:
        self._numbers = rows.numbers
        self._sources = rows.stories.source
        self._zone = zone
        self._archive = archive
        self._made: Recent[int, Article] = Recent(len(self) if len(self) <= _WHOLE else _TEASED)

    def __len__(self) -> int:
        return len(self._numbers)

    def at(self, index: int) -> Article:
        made = self._made.get(index)
        if made is None:
            number = self._numbers[index]  # IndexError ends an iteration
            made = self._made.keep(index, _lazy(number, self._sources[index], self._zone, self._archive))
        return made


class LazyArticle(Article):
    """A story of which only the row is at hand; what else `Article` has is read from its record. `source` is the digest
    of its source."""

    __slots__ = ("_archive", "_number", "source")
    _archive: Records
    _number: int
    source: bytes

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._archive.terms(self._number) if name == "terms" else getattr(self._archive.load(self._number), name)


def _setters(cls: type, names: Sequence[str]) -> tuple[Callable[[Any, Any], None], ...]:
    return tuple(getattr(cls, name).__set__ for name in names)


_SET_ARTICLE = _setters(LazyArticle, ("_archive", "_number", "source", "matter", "minutes", "words", *_ARTICLE))
_SET_DATE, _SET_PUBLISHED, _SET_LINKS, _SET_PICTURES = _setters(LazyArticle, ("date", "published", "links", "pictures"))
(_SET_PARAMS,) = _setters(_LazyMatter, ("params",))
_NO_PARAMS: FrozenMap[str, object] = FrozenMap()
_SET_MATTER = _setters(
    _LazyMatter, ("_archive", "_number", "pin", "corrections", "image", *_MOMENTS, *_MATTER, *_TEASER)
)
_NEW = object.__new__


def _lazy(number: int, source: bytes, zone: tzinfo, archive: Records) -> LazyArticle:
    found = archive.teaser(number)
    own, dates, said, moments, pin, corrections, links, _, (sizes, image, texts, pictures, has_params) = found
    article, matter = _NEW(LazyArticle), _NEW(_LazyMatter)
    values = (
        archive,
        number,
        Pin(position=pin[0], until=_moment(pin[1], zone)) if pin else None,
        tuple([Correction(date=moment(d, zone), kind=k, text=t) for d, k, t in corrections]) if corrections else (),
        _picture(image) if image else None,
        *[_moment(value, zone) for value in moments],
        *said,
        *texts,
    )
    for setter, value in zip(_SET_MATTER, values):  # noqa: B905  # equal by construction
        setter(matter, value)
    if not has_params:  # others are read from the record
        _SET_PARAMS(matter, _NO_PARAMS)
    values = (archive, number, source, matter, *sizes, *own)
    for setter, value in zip(_SET_ARTICLE, values):  # noqa: B905  # likewise
        setter(article, value)
    date = moment(dates[0], zone)
    _SET_DATE(article, date)
    _SET_PUBLISHED(article, date if dates[0] == dates[1] else moment(dates[1], zone))
    _SET_LINKS(
        article,
        tuple([LinkRef(kind=k, target=t, fragment=f, title=n, mark=m, query=q) for k, t, f, n, m, q in links])
        if links
        else (),
    )
    _SET_PICTURES(article, tuple(map(_picture, pictures)) if pictures else ())
    return article


def _moment(value: int | None, zone: tzinfo) -> Any:
    return None if value is None else moment(value, zone)
