"""Which stories are on the site at an instant, and their order by region, topic, author, series and month.

What is not public is decided here, once, before anything else sees a story. The catalog keeps of a hidden story only
that its source exists, so that a link to it can be told from a broken one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from itertools import compress
from typing import Literal, TypeAlias

from broadsheet import naming
from broadsheet.bundles import Bundles
from broadsheet.codec import microseconds
from broadsheet.columns import Stands
from broadsheet.errors import Diagnostic, closest
from broadsheet.frozen import record
from broadsheet.grouping import Chosen, Grouped, Shown, first_of, group, split
from broadsheet.model import Article, Correction, Mark, Stand, Trait
from broadsheet.naming import Author, Folded, Region, Term
from broadsheet.settings import Settings
from broadsheet.sources import PageSource, Sources
from broadsheet.stands import in_order, stand
from broadsheet.stretches import AllBut
from broadsheet.urls import collision_key

Status: TypeAlias = Literal["public", "unlisted", "withdrawn", "draft", "embargoed", "scheduled", "never", "expired"]

_ON_SITE: tuple[Status, ...] = ("public", "unlisted", "withdrawn")
_HELD_BACK: tuple[Status, ...] = ("embargoed", "scheduled", "never")


@record
class Clock:
    """The instant a site is built for, and which hidden stories a preview shows."""

    now: datetime
    drafts: bool = False
    future: bool = False


def status(article: Article, clock: Clock) -> Status:
    """Whether and how a story is on the site at the clock's instant. A preview's switches show more."""
    return status_at(stand(article, ""), microseconds(clock.now), clock)


def status_at(story: Stand, now: int, clock: Clock) -> Status:
    """`status`; `now` is the clock's instant. Instants are compared as numbers: datetimes of one zone compare by the
    wall clock, which goes wrong where an hour is repeated."""
    if story.draft and not clock.drafts:
        return "draft"
    if story.published > now and not clock.future:
        if is_over_first(story):
            return "never"
        return "embargoed" if story.traits & Trait.EMBARGO else "scheduled"
    if story.expires is not None and story.expires <= now:
        return "expired"
    if story.withdrawn:
        return "withdrawn"
    return "unlisted" if story.unlisted else "public"


def is_over_first(story: Stand) -> bool:
    """Whether a story expires before it is published: then there is no hour at which it is on the site."""
    return story.expires is not None and story.expires <= story.published


class Catalog:
    """The public stories in (published, path) order, oldest first, and the ways to find them. Indexes are positions
    in `stories`; unlisted and withdrawn stories have pages but stand in no list. `stands` are those of `stories`, and
    all that deciding looks at: an article is only made for what is printed. `shown` are those of
    public stories, then of unlisted ones; `every` those of all articles of `sources`: of what nobody may see, too."""

    def __init__(self, sources: Sources, settings: Settings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self._now = microseconds(clock.now)
        articles, self.every = in_order(sources, settings.content_dir)
        self.sources = replace(sources, articles=articles, stands=self.every)
        self.hidden: dict[str, Status] = {}
        groups = self._by_status()
        self.stories, self.unlisted, self.withdrawn = (Chosen(articles, self.every, groups[kind]) for kind in _ON_SITE)
        self.stands = self.stories.stands
        self.shown = self.stands.with_others(self.unlisted.stands)
        self.index: Mapping[str, int] = _places(self.stands)
        apart = [(chosen, _places(chosen.stands)) for chosen in (self.unlisted, self.withdrawn)]
        self._shown = Shown([(self.stories, self.index), *apart])
        self.page_of: Mapping[str, Article] = self._shown
        stands = self.stands
        self.regions: Mapping[str, Region] = naming.regions(sources, settings, {*stands.region})
        self.by_region: Mapping[str, Sequence[int]] = group(stands.region, self.regions)
        self.by_month: Mapping[tuple[str, date], Sequence[int]] = self._by_month()
        self._fold = Folded(settings.site.language)
        self._named: dict[tuple[str, ...], tuple[str, ...]] = {}  # ids of the authors named so
        self._tagged: dict[tuple[str, ...], tuple[str, ...]] = {}  # ids of the topics named so
        bylines, hidden_bylines = dict.fromkeys(stands.authors), dict.fromkeys(self.unlisted.stands.authors)
        people, self._author_ids = naming.authors(sources, bylines, hidden_bylines, self._fold)
        self._people = people
        self.authors: Mapping[str, Author] = {key: author for key, author in people.items() if author.url}
        self.by_author = self._grouped("authors", stands.authors, self._listed)
        by_topic = Grouped(stands.topics, self._fold.slug)
        self.topics: Mapping[str, Term] = naming.terms("topics", by_topic.names, self._fold)
        self.by_topic = by_topic if "topics" in settings.taxonomies else Grouped()
        self.series: Mapping[str, Term] = naming.terms("series", stands.series, self._fold)
        self.by_series = self._grouped("series", _said(stands.series), self._fold.slug)

    def _grouped(self, taxonomy: str, said: Sequence[tuple[str, ...]], key_of: Callable[[str], str]) -> Grouped:
        return Grouped(said, key_of) if taxonomy in self.settings.taxonomies else Grouped()

    @cached_property
    def _months_begin(self) -> Mapping[int, int]:
        """The first position of each month; none where months go back: an embargo may have lasted into another one."""
        return first_of(self.stands.month)

    def _by_month(self) -> Mapping[tuple[str, date], Sequence[int]]:
        """The stories of each region by month, in the order of the first one."""
        spans = self._months_begin
        found: Mapping[tuple[str, int], Sequence[int]]
        if not spans:
            found = group(zip(self.stands.region, self.stands.month, strict=True))
        else:
            found = {
                (region, month): some
                for region, members in self.by_region.items()
                for month, some in split(members, spans)
            }
        ordered = sorted(found.items(), key=lambda item: item[1][0])
        return {(region, date(month // 12, month % 12 + 1, 1)): some for (region, month), some in ordered}

    def _by_status(self) -> Mapping[Status, Sequence[int]]:
        """The places in `every` of the stories that have a page, in their order; the others are noted."""
        now, clock, every = self._now, self.clock, self.every
        groups: dict[Status, list[int]] = {kind: [] for kind in _ON_SITE}
        doubtful: set[int] = set()
        for column in (every.draft, every.unlisted, every.withdrawn):
            doubtful.update(compress(range(len(every)), column))
        if every.expires.count(None) < len(every):
            doubtful.update(n for n, end in enumerate(every.expires) if end is not None)
        if not clock.future:
            doubtful.update(range(bisect_right(every.published, now), len(every)))
        apart = set()
        for place in sorted(doubtful):
            kind = status_at(every[place], now, clock)
            if kind != "public":
                apart.add(place)
                if kind in groups:
                    groups[kind].append(place)
                else:
                    self.hidden[every.path[place]] = kind
        public = AllBut(len(every), sorted(apart)) if apart else range(len(every))
        return {**groups, "public": public}

    def by_year(self, members: Sequence[int]) -> Mapping[int, Sequence[int]]:
        """Some of the public stories (positions, rising) by the year of the archives that they stand in, the oldest
        first."""
        if self._years_begin:
            return dict(split(members, self._years_begin))
        found: dict[int, list[int]] = {}
        for i in members:
            found.setdefault(self.stands.month[i] // 12, []).append(i)
        return dict(sorted(found.items()))

    def years(self, groups: Grouped) -> Mapping[str, Sequence[int]]:
        """The years of the archives in which the stories of each group stand, rising: as `by_year` tells of each."""
        if not self._years_begin:
            return {key: list(self.by_year(members)) for key, members in groups.items()}
        years = list(self._years_begin.items())
        ends = [*(start for _, start in years[1:]), len(self.stands)]
        return groups.spread([(year, start, end) for (year, start), end in zip(years, ends, strict=True)])

    @cached_property
    def _years_begin(self) -> Mapping[int, int]:
        found: dict[int, int] = {}
        for month, start in self._months_begin.items():
            found.setdefault(month // 12, start)
        return found

    def having(self, trait: int) -> Iterator[int]:
        """The positions of the public stories that have one of some traits (their sum)."""
        return (i for i, held in self._with_traits if held & trait)

    @cached_property
    def _with_traits(self) -> Sequence[tuple[int, int]]:
        """The positions of the public stories that have any, with them."""
        traits = self.stands.traits
        return list(zip(compress(range(len(traits)), traits), filter(None, traits), strict=True))

    def stand_of(self, path: str) -> Stand | None:
        """The stand of a story that has a page; None where there is none."""
        return self._shown.stand(path)

    def _hidden_places(self, kinds: Collection[Status]) -> Sequence[int]:
        """The places in `every` of the hidden stories of some kinds, in the order of their paths."""
        wanted = {path for path, kind in self.hidden.items() if kind in kinds}
        path = self.every.path
        return sorted([n for n, own in enumerate(path) if own in wanted], key=path.__getitem__) if wanted else ()

    def region(self, key: str) -> Region:
        """A region of the site; one that only unlisted stories know has its name and no front."""
        known = self.regions.get(key)
        return known or Region(
            id=key, title=naming.title_of(key), description="", language=self.settings.site.language, url="/"
        )

    def author(self, key: str) -> Author:
        """Who an id of `author_ids` is, also where no list may name them."""
        return self._people[key]

    def author_ids(self, article: Article) -> tuple[str, ...]:
        return self.ids_of(article.matter.authors)

    def ids_of(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The authors of a byline."""
        ids = self._named.get(names)
        if ids is None:
            ids = self._named[names] = tuple(dict.fromkeys([self._author_ids[name] for name in names]))
        return ids

    def _listed(self, name: str) -> str:
        """The id of the author of a byline; "" for one without a page."""
        key = self._author_ids[name]
        return key if key in self.authors else ""

    def topic_ids(self, article: Article) -> tuple[str, ...]:
        return self.topics_of(article.matter.topics)

    def topics_of(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The topics that some words name."""
        ids = self._tagged.get(names)
        if ids is None:
            ids = self._tagged[names] = tuple(dict.fromkeys([key for name in names if (key := self._fold.slug(name))]))
        return ids

    def series_ids(self, article: Article) -> tuple[str, ...]:
        return self.series_of(article.matter.series)

    def series_of(self, name: str) -> tuple[str, ...]:
        """The series of this name; none for the empty one."""
        key = self._fold.slug(name) if name else ""
        return (key,) if key else ()

    def shows(self, page: PageSource) -> bool:
        return self.status_of(page) == "public"

    def status_of(self, page: PageSource) -> Status:
        """Whether a plain page is on the site: drafts and pages of the future are only in previews."""
        if page.matter.draft and not self.clock.drafts:
            return "draft"
        return "public" if self.reached(page.matter.date) else "scheduled"

    def reached(self, moment: datetime | None) -> bool:
        """Whether what is dated so may be shown; without a date it may."""
        return moment is None or self.clock.future or moment.timestamp() <= self.clock.now.timestamp()

    def changed(self, position: int) -> int | None:
        """When a public story was last changed by an editor (microseconds since 1970): its update, or the last of its
        corrections that have come; None where never after it was published. It is what `Views.updated` says."""
        come = [turn for turn in self.stands.turns[position] if self.clock.future or turn <= self._now]
        latest = max(come, default=None)
        return latest if latest is not None and latest > self.stands.published[position] else None

    def corrected(self, position: int) -> Sequence[int]:
        """When those of a public story's corrections that have come were made (microseconds since 1970)."""
        turns = self.stands.turns[position]
        own = turns[1:] if self.stands.traits[position] & Trait.UPDATED else turns  # the update is the first of them
        return [turn for turn in own if self.clock.future or turn <= self._now]

    def corrections(self, article: Article) -> tuple[Correction, ...]:
        """The corrections of a story whose time has come, as written."""
        return tuple(note for note in article.matter.corrections if self.reached(note.date))

    def in_hidden_bundle(self, path: str) -> bool:
        """Whether a file lies in the folder of a story or page that isn't shown: it is as secret as its words."""
        return self._bundles.hides(path)

    @property
    def hidden_bundles(self) -> frozenset[str]:
        """The folders of the bundles of which nothing may be shown, as collision keys."""
        return self._bundles.hidden

    @cached_property
    def _bundles(self) -> Bundles:
        pages = self.sources.pages
        hidden_pages = [page.path for page in pages if not self.shows(page)]
        return Bundles(
            secret=(*self.hidden, *self.withdrawn.stands.path, *hidden_pages),
            every=lambda: (*self.every.path, *(page.path for page in pages)),
        )

    def held_back(self) -> tuple[Diagnostic, ...]:
        """One finding a story or page whose time has not come, with the local time, so that nobody looks in vain."""
        found = [
            self._not_before(page.path, moment, "date", page.matter.marks.get("date", (0, 0)))
            for page in self.sources.pages
            if (moment := page.matter.date) and self.status_of(page) == "scheduled"
        ]
        for article in [self.sources.articles[n] for n in self._hidden_places(_HELD_BACK)]:
            key = "embargo" if (article.matter.embargo == article.published) else "date"
            mark = article.matter.marks.get(key, (0, 0))
            if self.hidden[article.path] == "never":
                message, hint = f"it expires before its {key}: it will never be on the site", "make `expires:` later"
                line, column = article.matter.marks.get("expires", mark)
                found.append(Diagnostic(article.path, line, column, message, "not-public", hint))
                continue
            found.append(self._not_before(article.path, article.published, key, mark))
        return tuple(found)

    def _not_before(self, path: str, moment: datetime, key: str, mark: Mark) -> Diagnostic:
        message = f"not on the site before {moment:%Y-%m-%d %H:%M} ({self.settings.site.timezone})"
        change = f"change `{key}:`" if mark != (0, 0) else "change the date in the file's name"
        hint = f"if it should be out now, {change}; to see it, build with -F into another folder"
        return Diagnostic(path, mark[0], mark[1], message, "not-public", hint)

    def namesakes(self) -> Iterator[Diagnostic]:
        """A finding for each author's file whose name another one has already: bylines by name go to the first."""
        first: dict[str, str] = {}
        for source in sorted(self.sources.authors, key=lambda source: source.path):
            path = first.setdefault(self._fold.person(source.matter.name), source.path)
            if path != source.path:
                line, column = source.matter.marks.get("name", (0, 0))
                yield Diagnostic(
                    source.path,
                    line,
                    column,
                    f"{path} has the name “{source.matter.name}” too: bylines with this name go there",
                    "ambiguous",
                    f"in bylines of this one write its id: `authors: {source.id}`",
                )


def misnamed_regions(catalog: Catalog) -> Iterator[Diagnostic]:
    """A finding for each story whose `region:` is another one only in letters that some systems take for equal, or
    looks like a slip for a region that has a title of its own."""
    titled = _titled(catalog)
    doubles = _doubles(catalog)
    slips = {key: near for key in catalog.regions if key not in titled and (near := closest(key, titled))}
    odd = {**slips, **doubles}
    for position in [i for i, key in enumerate(catalog.stands.region) if key in odd] if odd else ():
        article = catalog.stories[position]
        key = article.region
        if article.matter.region:
            mark = article.matter.marks.get("region", (0, 0))
            if key in doubles:
                message = f"“{key}” would have the address of “{doubles[key]}”, on some systems"
                yield Diagnostic(article.path, *mark, message, "url-collision", f"write `region: {doubles[key]}`")
            else:
                message = f"“{key}” makes a region of its own"
                yield Diagnostic(article.path, *mark, message, "unknown-region", f"did you mean {slips[key]}?")


def doubled_regions(catalog: Catalog) -> frozenset[str]:
    """The collision keys of regions of which `misnamed_regions` tells that two would have one address."""
    return frozenset(map(collision_key, _doubles(catalog)))


def _titled(catalog: Catalog) -> Set[str]:
    """The regions that have a title of their own."""
    return {*catalog.settings.regions, *(source.id for source in catalog.sources.regions)}


def _doubles(catalog: Catalog) -> dict[str, str]:
    """Regions that only stories name, each with the other one that it would collide with: one with a title, a folder,
    or more stories."""
    titled, alike = _titled(catalog), dict[str, list[str]]()
    for key in catalog.regions:
        alike.setdefault(collision_key(key), []).append(key)
    found: dict[str, str] = {}
    for keys in [keys for keys in alike.values() if len(keys) > 1]:
        named = {key: [i for i, one in enumerate(catalog.stands.region) if one == key] for key in keys}
        rank = {
            key: (key in titled, any(not catalog.stories[i].matter.region for i in places), len(places))
            for key, places in named.items()
        }
        right = max(keys, key=rank.__getitem__)
        found |= {key: right for key in keys if key != right and not any(rank[key][:2])}
    return found


def order(article: Article) -> tuple[float, str]:
    """What stories are sorted by, oldest first."""
    return (article.published.timestamp(), article.path)


def _said(names: Sequence[str]) -> Sequence[tuple[str, ...]]:
    """One name at each position, or none, as several would be said."""
    return [(name,) if name else () for name in names] if any(names) else ()


def _places(stands: Stands) -> dict[str, int]:
    return dict(zip(stands.path, range(len(stands)), strict=True))
