"""Pages that stand for one source each: stories, plain pages, notices for the withdrawn, redirects, the 404 page."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from broadsheet import contexts, rails
from broadsheet.digest import fingerprint
from broadsheet.marks import Marks
from broadsheet.model import Article, Mark, Page, Planned, nowhere
from broadsheet.sources import PageSource
from broadsheet.urls import output_path
from broadsheet.views import Views


def stories(marks: Marks, recommended: Sequence[Sequence[int]]) -> Iterator[Planned]:
    """A page for each public and unlisted story, region by region: pages that share a rail follow each other.

    `recommended` gives for each public story the positions of those that it recommends.
    """
    views, catalog = marks.views, marks.views.catalog
    for members in catalog.by_region.values():
        for place, i in enumerate(members):
            rail, previous, following = _beside(views, members, place)
            shown = (
                marks.own[i],
                marks.headlines(rail),
                marks.cards(recommended[i]),
                previous is not None and marks.headline[previous],
                following is not None and marks.headline[following],
            )
            yield _planned(views, catalog.stories[i], shown, rail, recommended[i], previous, following)
    for article in catalog.unlisted:
        rail = _beside_unlisted(views, article)
        shown = (marks.of[article.path].own, marks.headlines(rail), b"", False, False)
        yield _planned(views, article, shown, rail, (), None, None)


def story(views: Views, article: Article, recommended: Sequence[Sequence[int]]) -> Page:
    """The page of one public or unlisted story, as `stories` plans it among all the others."""
    catalog = views.catalog
    i = catalog.index.get(article.path)
    if i is None:
        return _story(views, article, _beside_unlisted(views, article), (), None, None)
    members = catalog.by_region[article.region]
    rail, previous, following = _beside(views, members, bisect_left(members, i))
    return _story(views, article, rail, recommended[i], previous, following)


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
    recommended: Sequence[int],
    previous: int | None,
    following: int | None,
) -> Planned:
    # A region that only unlisted stories know has no fragment to refresh from.
    refreshes = bool(views.catalog.by_region.get(article.region))
    return Planned(
        path=output_path(article.url),
        template="article.html",
        source=article.path,
        shown=(*shown, refreshes),
        make=partial(_story, views, article, rail, recommended, previous, following),
        where=partial(_mark, article),
    )


def _story(
    views: Views,
    article: Article,
    rail: Sequence[int],
    recommended: Sequence[int],
    previous: int | None,
    following: int | None,
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
            alternates=views.alternates(article),
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
            yield made(_plain(views, source), partial(_mark, source))


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


def withdrawn(views: Views) -> Iterator[Planned]:
    """A notice at the address of each withdrawn story, with nothing of the story."""
    for article in views.catalog.withdrawn:
        lang = views.settings.site.language
        strings = views.strings(lang)
        region = views.region(article.region) if article.region in views.catalog.regions else views.home_link
        context = contexts.WithdrawnPage(
            site=views.site,
            page=views.head(article.url, str(strings["withdrawn"]), noindex=True),
            t=strings,
            region=region,
        )
        page = Page(path=output_path(article.url), template="withdrawn.html", context=context, source=article.path)
        yield made(page, partial(_mark, article))


def redirects(marks: Marks) -> Iterator[Planned]:
    """A page at each former address (`aliases`) of stories and plain pages. One of a withdrawn story leads to its
    notice, in the notice's words."""
    views, catalog = marks.views, marks.views.catalog
    for article in (*catalog.stories, *catalog.unlisted):
        if article.matter.aliases:
            yield from _redirects(views, article, marks.of[article.path].own)
    notice = str(views.strings(views.settings.site.language)["withdrawn"])
    for article in catalog.withdrawn:
        yield from _redirects(views, article, b"", notice)
    for page in catalog.sources.pages:
        if catalog.shows(page):
            yield from _redirects(views, page, fingerprint(page.matter.title))


def _redirects(views: Views, source: Article | PageSource, shown: bytes, title: str = "") -> Iterator[Planned]:
    for n, alias in enumerate(source.matter.aliases):
        yield Planned(
            path=output_path(alias),
            template="redirect.html",
            source=source.path,
            shown=(source.url, shown, title),
            make=partial(_redirect, views, alias, source, title),
            where=partial(_mark, source, f"aliases.{n}"),
        )


def _mark(source: Article | PageSource, key: str = "") -> Mark:
    """Where a source says its address itself; nowhere if its file name does."""
    marks = source.matter.marks
    return marks.get(key, (0, 0)) if key else marks.get("url") or marks.get("slug") or (0, 0)


def _redirect(views: Views, alias: str, source: Article | PageSource, notice: str) -> Page:
    lang, url, title = views.settings.site.language, source.url, notice or source.matter.title
    context = contexts.RedirectPage(
        site=views.site,
        page=views.head(url, title, lang=lang, noindex=True),
        t=views.strings(lang),
        target=views.base.href(url),
        absolute=views.base.absolute(url),
    )
    return Page(path=output_path(alias), template="redirect.html", context=context, source=source.path)


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


def made(page: Page, where: Callable[[], Mark] = nowhere) -> Planned:
    """The plan of a page of which there are so few that its context is always made."""
    return Planned(
        path=page.path,
        template=page.template,
        source=page.source,
        shown=(fingerprint(page.context),),
        make=lambda: page,
        where=where,
    )
