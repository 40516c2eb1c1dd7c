"""What each story shows, as digests: the plan compares these in place of cards and bodies.

`own` stands for everything that a story's page and its item in a feed hold of the story itself; `headline`, `card` and
`entry` (its line in a sitemap) for what other files hold of it. Equal marks mean equal projections, as long as the base
(settings, site, theme's strings) is the same.

A story's marks are carried over from the last build where nothing that they are made of is another one: neither its
source nor what it takes from elsewhere (`World`). Only the others are made, from the story itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import fields
from datetime import date
from itertools import chain, compress
from operator import ne
from typing import Any, Final, TypeAlias

from broadsheet.codec import microseconds, packed
from broadsheet.columns import Stands
from broadsheet.digest import digest, fingerprint
from broadsheet.frozen import FrozenMap, record
from broadsheet.groups import groups_of
from broadsheet.model import Article
from broadsheet.pictured import place_of
from broadsheet.stretches import picked, with_values
from broadsheet.table import Table
from broadsheet.views import Views


@record
class StoryMarks:
    own: bytes
    headline: bytes
    card: bytes
    entry: bytes


@record
class World:
    """All that stories take from elsewhere, each thing with what it is: stories that have no page of their own, with
    the reason; the authors of each byline, by name; topics, series and regions by name; translations by the word that
    they share; other sources and files that a text may link to; the `clock`'s instant (microseconds since 1970), and
    whether what comes after it is shown. Only for pictures there is another place (pictured.py)."""

    apart: Mapping[str, object] = FrozenMap()
    people: Mapping[str, bytes] = FrozenMap()
    topics: Mapping[str, bytes] = FrozenMap()
    series: Mapping[str, bytes] = FrozenMap()
    regions: Mapping[str, bytes] = FrozenMap()
    translations: Mapping[str, bytes] = FrozenMap()
    others: Mapping[str, object] = FrozenMap()
    files: Mapping[str, object] = FrozenMap()
    clock: Mapping[str, int] = FrozenMap()


# Source, own, headline, card, entry; and where a public story stands: its region, when it was published, its groups.
Told: TypeAlias = tuple[bytes, bytes, bytes, bytes, bytes, str, int, str]
SOURCE: Final = 0  # columns of a table of these
OWN: Final = 1
HEADLINE: Final = 2
CARD: Final = 3
ENTRY: Final = 4
REGION: Final = 5
PUBLISHED: Final = 6
GROUPS: Final = 7
LOOKED_AT: Final = (SOURCE,)  # … which every build goes through
_MARKS = GROUPS + 1


class Remembered(Mapping[str, StoryMarks]):
    """The marks of some stories by path, as a table of `Told`; `world` is the one that they were made in."""

    def __init__(self, table: Table, world: World) -> None:
        self.table = table
        self.world = world

    def __getitem__(self, path: str) -> StoryMarks:
        _, own, headline, card, entry, *_ = self.table[path]
        return StoryMarks(own=own, headline=headline, card=card, entry=entry)

    def __iter__(self) -> Iterator[str]:
        return iter(self.table)

    def __len__(self) -> int:
        return len(self.table)

    def __contains__(self, path: object) -> bool:
        return path in self.table

    def own_of(self, path: str) -> bytes | None:
        return self.table[path][OWN] if path in self.table else None


NOTHING = Remembered(Table.of(_MARKS, {}), World())

# What `Marks.parts` gives, in words.
PARTS = (
    *("source", "path", "region", "name of the region", "whether the region has a front", "authors", "topics"),
    *("series", "links and pictures", "translations", "time of the update", "corrections that have come", "status"),
)


class Marks:
    """The marks of every story that has a page. `before` are those of the last build of the same base."""

    def __init__(self, views: Views, before: Remembered = NOTHING) -> None:
        self.views = views
        catalog = views.catalog
        self._regions = {key: mark(views.region(key)) for key in catalog.regions}
        self._people: dict[str, bytes] = {}
        self._topics: dict[tuple[str, str], bytes] = {}
        self._shown = catalog.shown  # a notice shows nothing of a withdrawn one
        self.before = before
        self.world = self._world()
        # By position, as the catalog's lists name stories; those of unlisted ones follow.
        paths, table = self._shown.path, before.table
        places = table.places(paths)
        told: Iterator[Sequence[bytes]] = (table.read(n, places, b"") for n in range(REGION))
        self._source, self.own, self.headline, self.card, self.entry = told
        gone = table.others(paths, places)
        anew = self._anew(gone)
        self._make(anew)
        made = {paths[i]: self._told(i) for i in sorted(anew)}
        was = {path: table.get(path) for path in (*made, *gone)}
        # By path, what differs: as it was, and as it is.
        self.changes: Mapping[str, tuple[Any, Told | None]] = {
            path: (then, made.get(path)) for path, then in was.items() if then != made.get(path)
        }
        self.of = Remembered(
            table.changed({path: now for path, now in made.items() if path in self.changes}, gone), self.world
        )

    def headlines(self, positions: Sequence[int]) -> bytes:
        return b"".join(picked(self.headline, positions))

    def cards(self, positions: Sequence[int]) -> bytes:
        return b"".join(picked(self.card, positions))

    def owns(self, positions: Sequence[int]) -> bytes:
        return b"".join(picked(self.own, positions))

    def person(self, key: str) -> bytes:
        found = self._people.get(key)
        if found is None:
            person = self.views.person(key)
            told = (person.id, person.name, person.url, person.type, person.role, person.links)
            found = self._people[key] = _plain((told, mark(person.picture)))
        return found

    def topic(self, key: str, taxonomy: str) -> bytes:
        found = self._topics.get((taxonomy, key))
        if found is None:
            topic = self.views.topic(key, taxonomy)
            found = self._topics[taxonomy, key] = _plain(topic and (topic.id, topic.name, topic.url))
        return found

    def region(self, key: str) -> bytes:
        return self._regions.get(key) or mark(self.views.region(key))

    def parts(self, article: Article) -> tuple[object, ...]:
        """The story's source, and all that its pages take from elsewhere: names, links, pictures, translations, and
        which of its dates have come. PARTS names them."""
        views, catalog = self.views, self.views.catalog
        matter = article.matter
        updated = views.updated(article)
        story = catalog.stand_of(article.path)
        return (
            story.source if story else b"",
            article.path,  # a file's name may say its date and address
            article.region,
            self.region(article.region),
            article.region in catalog.regions,
            [self.person(key) for key in catalog.author_ids(article)],
            [self.topic(key, "topics") for key in catalog.topic_ids(article)],
            [self.topic(key, "series") for key in catalog.series_ids(article)],
            views.links.mark(article, story.pictures if story else ()),
            tuple(views.translations.alternates(article).items()) if matter.translation_key else (),
            microseconds(updated) if updated else 0,
            len(catalog.corrections(article)) if matter.corrections else 0,
            matter.status,
        )

    # --- what is carried over ----------------------------------------------------------------------------------

    def _world(self) -> World:
        catalog, links = self.views.catalog, self.views.links
        shown = self._shown
        gone = catalog.withdrawn.stands
        withdrawn = {path: (source, "withdrawn") for path, source in zip(gone.path, gone.source, strict=True)}
        bylines = dict.fromkeys(chain.from_iterable(shown.authors))
        tags = dict.fromkeys(chain.from_iterable(shown.topics))
        return World(
            apart={**catalog.hidden, **withdrawn},
            people={name: self._persons((name,)) for name in bylines},
            topics={name: self._terms(catalog.topics_of((name,)), "topics") for name in tags},
            series={name: self._terms(catalog.series_of(name), "series") for name in dict.fromkeys(shown.series)},
            regions={key: self.region(key) + bytes([key in catalog.regions]) for key in dict.fromkeys(shown.region)},
            others=links.marks_of_others(),
            files=links.marks_of_files(),
            translations=self.views.translations.marks(),
            clock={"now": microseconds(catalog.clock.now), "future": int(catalog.clock.future)},
        )

    def _persons(self, names: tuple[str, ...]) -> bytes:
        return b"".join([self.person(key) for key in self.views.catalog.ids_of(names)])

    def _terms(self, keys: Iterable[str], taxonomy: str) -> bytes:
        return b"".join([self.topic(key, taxonomy) for key in keys])

    def _anew(self, gone: Iterable[str]) -> set[int]:
        """The places in `_shown` of the stories whose marks have to be made. `gone`: the paths of those that had marks,
        and are no longer shown."""
        shown = self._shown
        was, now = self.before.world, self.world
        found = set(compress(range(len(shown)), map(ne, self._source, shown.source)))
        changed = {shown.path[i] for i in found}.union(gone)
        changed |= _different(was.apart, now.apart) | _different(was.others, now.others)
        found |= _naming(shown.targets, changed)
        found |= _naming(shown.files, _different(was.files, now.files))
        found |= _naming(shown.authors, _different(was.people, now.people))
        found |= _naming(shown.topics, _different(was.topics, now.topics))
        found |= _named(shown.series, _different(was.series, now.series))
        found |= _named(shown.region, _different(was.regions, now.regions))
        found |= _named(shown.translation, _different(was.translations, now.translations))
        found |= self._turned(was.clock, now.clock)
        found |= _picturing(shown, self.views.facts.pictures.changed)
        return found

    def _turned(self, was: Mapping[str, int], now: Mapping[str, int]) -> set[int]:
        """The places of the stories of which an update or a correction has come since, or is still to come again."""
        if was == now:
            return set()
        told = [(i, self._shown.turns[i]) for i in compress(range(len(self._shown)), self._shown.turns)]
        if was.get("future") != now["future"]:
            return {i for i, _ in told}
        first, last = sorted((was["now"], now["now"]))
        return {i for i, turns in told if any(first <= turn <= last for turn in turns)}

    def _make(self, anew: Iterable[int]) -> None:
        """Make the marks of some stories, by place: those of the others are carried over."""
        catalog = self.views.catalog
        public = len(catalog.stands)
        source: dict[int, bytes] = {}
        own: dict[int, bytes] = {}
        rest: tuple[dict[int, bytes], ...] = ({}, {}, {})
        for i in sorted(anew):
            article = catalog.stories[i] if i < public else catalog.unlisted[i - public]
            source[i] = self._shown.source[i]
            mine = self._own(article)
            if self.own[i] != mine:
                own[i] = mine
                projected = self._projected(article) if i < public else (mine, mine, mine)
                for column, value in zip(rest, projected, strict=True):
                    column[i] = value
        self._source, self.own = with_values(self._source, source), with_values(self.own, own)
        old = (self.headline, self.card, self.entry)
        self.headline, self.card, self.entry = map(with_values, old, rest)

    def _told(self, i: int) -> Told:
        shown, public = self._shown, i < len(self.views.catalog.stands)
        where = (shown.region[i], shown.published[i], groups_of(self.views.catalog, i)) if public else ("", 0, "")
        return (self._source[i], self.own[i], self.headline[i], self.card[i], self.entry[i], *where)

    def _own(self, article: Article) -> bytes:
        return _plain(self.parts(article))

    def _projected(self, article: Article) -> tuple[bytes, bytes, bytes]:
        """The headline, card and entry of a public story, told as plain values: `fingerprint` would take five times as
        long."""
        views = self.views
        line = views.headline(article)
        headline = (line.url, line.title, line.label, line.byline, line.lang, line.dir)
        card = views.card(article)
        rest = (card.standfirst, card.kicker, self.region(article.region), str(card.date), card.minutes)
        picture = card.picture
        entry = (line.url, str(lastmod(views, article)), picture and picture.absolute, article.matter.noindex)
        return (
            _plain(headline),
            _plain((headline, rest, picture and fingerprint(picture))),
            _plain((entry, picture and picture.remote)),
        )


def lastmod(views: Views, article: Article) -> date:
    """When a story was last changed, for sitemaps."""
    return views.updated(article) or article.published


def mark(value: object) -> bytes:
    """The digest of a value that pages show; of nothing, nothing."""
    return b"" if value is None else fingerprint(value)


def plain(world: World) -> list[dict[str, object]]:
    """A world as plain values, and back: `World(*…)`."""
    return [dict(getattr(world, field.name)) for field in fields(world)]


def world_of(values: Sequence[Mapping[str, object]]) -> World:
    names = [field.name for field in fields(World)]
    known: dict[str, Mapping[str, object]] = dict(zip(names, values, strict=True))
    return World(**known)  # type: ignore[arg-type]  # what `plain` was given


def _naming(said: Sequence[tuple[str, ...]], names: Set[str]) -> set[int]:
    """The places where one of `names` is among what is said."""
    if not names or names.isdisjoint(chain.from_iterable(said)):  # nearly always, and at once
        return set()
    return {i for i, told in enumerate(said) if told and not names.isdisjoint(told)}


def _named(said: Sequence[str], names: Set[str]) -> set[int]:
    """The places where one of `names` is said."""
    return {i for i, name in enumerate(said) if name in names} if names else set()


def _picturing(shown: Stands, pictures: Set[str]) -> set[int]:
    """The places of the stories that name one of some pictures (each as `pictured.place_of` says)."""
    if not pictures:
        return set()
    told = enumerate(zip(shown.path, shown.pictures, strict=True))
    return {i for i, (path, names) in told if names and not pictures.isdisjoint(_places(path, names))}


def _places(path: str, names: Iterable[str]) -> list[str]:
    folder = path.rpartition("/")[0]
    return [place_of(folder, name) for name in names]


def _different(one: Mapping[str, object], other: Mapping[str, object]) -> set[str]:
    """The keys whose values are not the same in both."""
    if one == other:
        return set()
    return {key for key in {*one, *other} if one.get(key) != other.get(key)}


def _plain(values: object) -> bytes:
    return digest(packed(values))
