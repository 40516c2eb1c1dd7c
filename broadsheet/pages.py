"""Pages that stand for one source each: stories, plain pages, notices for the withdrawn, the 404 page."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from functools import partial
from itertools import accumulate, chain
from typing import Any, Literal

from broadsheet import contexts, rails, stretches
from broadsheet.codec import packed
from broadsheet.digest import digest, fingerprint
from broadsheet.groups import NONE, Group
from broadsheet.marks import Marks
from broadsheet.model import Article, Mark, Page, Planned, nowhere
from broadsheet.sources import PageSource
from broadsheet.stretches import picked
from broadsheet.urls import output_path
from broadsheet.views import Views

OF_BASE = ("site", "t")  # fields of contexts.BasePage


class Stories:
    """The pages of all public and unlisted stories, region by region, so that pages that share a rail follow each
    other. `paths` and `shown` say what there is, page by page; the plan of one is made when it is asked for."""

    TEMPLATE = "article.html"

    def __init__(self, marks: Marks, recommended: Sequence[Sequence[int]]) -> None:
        """`recommended` gives for each public story the positions of those that it recommends."""
        self._marks = marks
        self._views = marks.views
        self._recommended = recommended
        catalog = marks.views.catalog
        self._regions = list(catalog.by_region.values())
        self._starts = [0, *accumulate(len(members) for members in self._regions)]
        self._spans = dict(zip(catalog.by_region, zip(self._starts, self._regions, strict=False), strict=True))
        self.stands = catalog.stands
        places = list(chain.from_iterable(self._regions))
        addresses = [*picked(catalog.stands.url, places), *catalog.unlisted.stands.url]
        # `output_path`, at once for most addresses.
        self.paths = [url[1:] + "index.html" if url[-1] == "/" else output_path(url) for url in addresses]

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, index: int) -> Planned:
        """The plan of a page."""
        catalog = self._views.catalog
        shown = self.shown_by(index)
        if index >= self._starts[-1]:
            article = catalog.unlisted[index - self._starts[-1]]
            return _planned(self._views, article, shown, _beside_unlisted(self._views, article), None, None, ())
        members, place = self._at(index)
        i = members[place]
        beside = _beside(self._views, members, place)
        return _planned(self._views, catalog.stories[i], shown, *beside, self._recommended[i])

    def _at(self, index: int) -> tuple[Sequence[int], int]:
        """The stories of the region of a page's story, and its place among them."""
        region = bisect_right(self._starts, index) - 1
        return self._regions[region], index - self._starts[region]

    @property
    def unlisted(self) -> Sequence[int]:
        """The numbers of the pages of unlisted stories, in the order of the catalog."""
        return range(self._starts[-1], len(self.paths))

    def span(self, region: str) -> tuple[int, Sequence[int]]:
        """The number of the first page of a region's public stories, and the positions of these."""
        return self._spans.get(region, (0, ()))

    def number(self, position: int) -> int:
        """The number of the page of a public story."""
        first, members = self._spans[self.stands.region[position]]
        return first + bisect_left(members, position)

    def shown_by(self, index: int) -> tuple[object, ...]:
        """What one page shows."""
        marks, catalog = self._marks, self._views.catalog
        if index >= self._starts[-1]:
            article = catalog.unlisted[index - self._starts[-1]]
            return self._unlisted(article, _beside_unlisted(self._views, article))
        members, place = self._at(index)
        i = members[place]
        rail, previous, following = _beside(self._views, members, place)
        before, after = (False if j is None else marks.headline[j] for j in (previous, following))
        return marks.own[i], marks.headlines(rail), marks.cards(self._recommended[i]), before, after, True

    def shown(self) -> Iterator[tuple[object, ...]]:
        """What each page shows, one after the other."""
        for members in self._regions:
            yield from self._of_region(members)
        for article in self._views.catalog.unlisted:
            yield self._unlisted(article, _beside_unlisted(self._views, article))

    def _of_region(self, members: Sequence[int]) -> Iterator[tuple[object, ...]]:
        """What the page of each of a region's stories shows: the same as one by one, in a fraction of the time."""
        marks, recommended = self._marks, self._recommended
        own, card = stretches.plain(marks.own), stretches.plain(marks.card)
        heads = picked(marks.headline, members)
        rails_of = rails.marks_beside(self._views.settings.rails.explore, heads)
        before: list[bytes | Literal[False]] = [False, *heads[:-1]]
        after: list[bytes | Literal[False]] = [*heads[1:], False]
        for i, rail, previous, following in zip(members, rails_of, before, after, strict=False):
            yield own[i], rail, b"".join([card[j] for j in recommended[i]]), previous, following, True

    def _unlisted(self, article: Article, rail: Sequence[int]) -> tuple[object, ...]:
        refreshes = bool(self._views.catalog.by_region.get(article.region))
        return (self._marks.of.own_of(article.path), self._marks.headlines(rail), b"", False, False, refreshes)


def story(views: Views, article: Article, recommended: Sequence[Sequence[int]]) -> Page:
    """The page of one public or unlisted story, as `stories` plans it among all the others."""
    catalog = views.catalog
    i = catalog.index.get(article.path)
    if i is None:
        return _story(views, article, _beside_unlisted(views, article), None, None, ())
    members = catalog.by_region[article.region]
    beside = _beside(views, members, bisect_left(members, i))
    return _story(views, article, *beside, recommended[i])


def _beside(views: Views, members: Sequence[int], place: int) -> tuple[Sequence[int], int | None, int | None]:
    """The rail of a region's story, the story before it and the one after it."""
    previous = members[place - 1] if place else None
    following = members[place + 1] if place + 1 < len(members) else None
    return rails.beside(views.settings.rails.explore, members, place, own=True), previous, following


def _beside_unlisted(views: Views, article: Article) -> Sequence[int]:
    members = views.catalog.by_region.get(article.region, ())
    place = rails.place_of(views.catalog, members, article)
    return rails.beside(views.settings.rails.explore, members, place, own=False)


def _planned(
    views: Views,
    article: Article,
    shown: tuple[object, ...],
    rail: Sequence[int],
    previous: int | None,
    following: int | None,
    recommended: Sequence[int],
) -> Planned:
    return Planned(
        path=output_path(article.url),
        template=Stories.TEMPLATE,
        source=article.path,
        shown=shown,
        make=partial(_story, views, article, rail, previous, following, recommended),
        where=partial(where_said, article),
    )


def _story(
    views: Views,
    article: Article,
    rail: Sequence[int],
    previous: int | None,
    following: int | None,
    recommended: Sequence[int],
) -> Page:
    stories = views.catalog.stories
    region = views.catalog.region(article.region)
    matter = article.matter
    picture = views.picture(matter.image, article.path)
    series = next(iter(views.catalog.series_ids(article)), "")
    story = contexts.Story(
        url=views.base.href(article.url),
        title=matter.title,
        standfirst=matter.description,
        kicker=matter.kicker or region.title,
        label=matter.label,
        region=views.region(article.region),
        date=article.published,
        updated=views.updated(article),
        minutes=article.minutes,
        words=article.words,
        authors=tuple(views.person(key) for key in views.catalog.author_ids(article)),
        topics=tuple(topic for key in views.catalog.topic_ids(article) if (topic := views.topic(key))),
        series=views.topic(series, "series") if series else None,
        picture=picture,
        body=views.links.body(article.path, article.url, article.body, article.links, article.pictures),
        corrections=tuple(
            contexts.CorrectionNote(date=note.date, kind=note.kind, text=note.text)
            for note in sorted(views.catalog.corrections(article), key=lambda note: note.date, reverse=True)
        ),
        lang=article.lang,
        dir=article.dir,
        kind=matter.kind,
        source_url=matter.source_url,
        params=matter.params,
    )
    context = contexts.ArticlePage(
        site=views.site,
        page=views.head(
            article.url,
            matter.title,
            description=matter.description,
            lang=article.lang,
            direction=article.dir,
            section=region.url,
            noindex=matter.noindex or matter.unlisted,
            picture=picture,
            feeds=views.feeds((region.title, region.url)) if article.region in views.catalog.regions else (),
            alternates=views.translations.alternates(article),
        ),
        t=views.strings(article.lang),
        story=story,
        recommended=tuple(views.card(stories[i]) for i in recommended),
        explore=rails.explore(views, article, rail),
        breadcrumbs=(views.home_link, views.region(article.region)),
        previous=views.headline(stories[previous]) if previous is not None else None,
        next=views.headline(stories[following]) if following is not None else None,
    )
    return Page(path=output_path(article.url), template="article.html", context=context, source=article.path)


def amended(planned: Planned, article: Article) -> Planned:
    """The page of a story of which only what it says is new, beside the same stories as before."""
    make = planned.make
    assert isinstance(make, partial)  # noqa: S101  # see `_planned`
    views, _, *beside = make.args
    return replace(planned, make=partial(make.func, views, article, *beside))


def plain(views: Views) -> Iterator[Planned]:
    """A page for each source in content/pages/."""
    for source in views.catalog.sources.pages:
        if views.catalog.shows(source):
            yield made(_plain(views, source), partial(where_said, source))


def _plain(views: Views, source: PageSource) -> Page:
    matter = source.matter
    direction = matter.dir or None
    context = contexts.PlainPage(
        site=views.site,
        page=views.head(
            source.url,
            matter.title,
            description=matter.description,
            lang=source.lang,
            direction=direction,
            noindex=matter.noindex,
        ),
        t=views.strings(source.lang),
        title=matter.title,
        updated=matter.updated if matter.updated and views.catalog.reached(matter.updated) else matter.date,
        body=views.links.body(source.path, source.url, source.text.body, source.text.links, source.text.pictures),
        breadcrumbs=(views.home_link,),
    )
    return Page(path=output_path(source.url), template="page.html", context=context, source=source.path)


def withdrawn(marks: Marks) -> Iterator[Group]:
    """A notice at the address of each withdrawn story, with nothing of the story."""
    stands = marks.views.catalog.withdrawn.stands
    if len(stands):
        regions = [_front(marks, region) for region in stands.region]
        told = tuple(zip(stands.path, stands.url, regions, strict=True))
        yield Group(name="withdrawn", of=NONE, info=told, plan=partial(_notices, marks))


def _front(marks: Marks, region: str) -> bytes:
    """What a notice shows of a region: nothing where that has no front."""
    return marks.region(region) if region in marks.views.catalog.regions else b""


def _notices(marks: Marks) -> Iterator[Planned]:
    for article in marks.views.catalog.withdrawn:
        yield Planned(
            path=output_path(article.url),
            template="withdrawn.html",
            source=article.path,
            shown=(article.url, _front(marks, article.region)),
            make=partial(_notice, marks.views, article),
            where=partial(where_said, article),
        )


def _notice(views: Views, article: Article) -> Page:
    """In the language of the region, for whose readers it is: that of the story itself would be told of it."""
    known = article.region in views.catalog.regions
    region = views.region(article.region) if known else views.home_link
    lang = region.lang or views.settings.site.language
    strings = views.strings(lang)
    context = contexts.WithdrawnPage(
        site=views.site,
        page=views.head(article.url, str(strings["withdrawn"]), lang=lang, noindex=True),
        t=strings,
        region=region,
    )
    return Page(path=output_path(article.url), template="withdrawn.html", context=context, source=article.path)


def where_said(source: Article | PageSource, key: str = "") -> Mark:
    """Where a source says its address itself; nowhere if its file name does."""
    marks = source.matter.marks
    return marks.get(key, (0, 0)) if key else marks.get("url") or marks.get("slug") or (0, 0)


def not_found(views: Views) -> Page:
    """The 404 page: the sections and no headlines, so that a publication never changes it."""
    lang = views.settings.site.language
    strings = views.strings(lang)
    context = contexts.NotFoundPage(
        site=views.site,
        page=views.head("/404.html", str(strings["not_found"]), noindex=True),
        t=strings,
    )
    return Page(path="404.html", template="404.html", context=context, source="templates/404.html")


def told(path: str, template: str, source: str, shown: object, make: Callable[[], Page]) -> Planned:
    """The plan of a page that is known by the digest of plain values, which say all that its context will hold."""
    return Planned(path=path, template=template, source=source, shown=(digest(packed(shown)),), make=make)


def made(page: Page, where: Callable[[], Mark] = nowhere) -> Planned:
    """The plan of a page of which there are so few that its context is always made."""
    return Planned(
        path=page.path,
        template=page.template,
        source=page.source,
        shown=(_own(page.context),),
        make=lambda: page,
        where=where,
    )


def _own(context: Any) -> bytes:
    """The digest of what a context holds besides the site and the strings, which are parts of the base of every key:
    they take ten times as long as all else."""
    if not isinstance(context, contexts.BasePage):
        return fingerprint(context)
    return fingerprint(tuple(getattr(context, field.name) for field in fields(context) if field.name not in OF_BASE))
