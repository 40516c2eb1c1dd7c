"""Pages that stand for one source each: stories, plain pages, notices for the withdrawn, redirects, the 404 page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from broadsheet import contexts, rails
from broadsheet.catalog import PageSource
from broadsheet.model import Article, Mark, Page, PageMatter, StoryMatter
from broadsheet.urls import output_path
from broadsheet.views import Views


def stories(views: Views, recommended: Sequence[Sequence[int]]) -> Iterator[Page]:
    """A page for each public and unlisted story, region by region: pages that share a rail follow each other.

    `recommended` gives for each public story the positions of those that it recommends.
    """
    catalog = views.catalog
    for members in catalog.by_region.values():
        for place, i in enumerate(members):
            previous = catalog.stories[members[place - 1]] if place else None
            following = catalog.stories[members[place + 1]] if place + 1 < len(members) else None
            cards = tuple(views.card(catalog.stories[j]) for j in recommended[i])
            yield _story(views, catalog.stories[i], cards, previous, following)
    for article in catalog.unlisted:
        yield _story(views, article, (), None, None)


def _story(
    views: Views,
    article: Article,
    recommended: tuple[contexts.Card, ...],
    previous: Article | None,
    following: Article | None,
) -> Page:
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
        recommended=recommended,
        explore=rails.explore(views, article),
        breadcrumbs=(views.home_link, views.region(article.region)),
        previous=views.headline(previous) if previous else None,
        next=views.headline(following) if following else None,
    )
    return Page(
        path=output_path(article.url), template="article.html", context=context, source=article.path, mark=_mark(matter)
    )


def plain(views: Views) -> Iterator[Page]:
    """A page for each source in content/pages/."""
    for source in views.catalog.sources.pages:
        if views.catalog.shows(source):
            yield _plain(views, source)


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
    return Page(
        path=output_path(source.url), template="page.html", context=context, source=source.path, mark=_mark(matter)
    )


def withdrawn(views: Views) -> Iterator[Page]:
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
        yield Page(
            path=output_path(article.url),
            template="withdrawn.html",
            context=context,
            source=article.path,
            mark=_mark(article.matter),
        )


def redirects(views: Views) -> Iterator[Page]:
    """A page at each former address (`aliases`) of stories and plain pages. One of a withdrawn story leads to its
    notice, in the notice's words."""
    catalog = views.catalog
    for article in (*catalog.stories, *catalog.unlisted):
        yield from _redirects(views, article.matter, article.url, article.path)
    notice = str(views.strings(views.settings.site.language)["withdrawn"])
    for article in catalog.withdrawn:
        yield from _redirects(views, article.matter, article.url, article.path, notice)
    for page in catalog.sources.pages:
        if catalog.shows(page):
            yield from _redirects(views, page.matter, page.url, page.path)


def _redirects(
    views: Views, matter: StoryMatter | PageMatter, url: str, source: str, title: str = ""
) -> Iterator[Page]:
    for n, alias in enumerate(matter.aliases):
        yield _redirect(views, alias, url, title or matter.title, source, matter.marks.get(f"aliases.{n}", (0, 0)))


def _mark(matter: StoryMatter | PageMatter) -> Mark:
    """Where a source says its address itself; nowhere if its file name does."""
    return matter.marks.get("url") or matter.marks.get("slug") or (0, 0)


def _redirect(views: Views, alias: str, url: str, title: str, source: str, mark: Mark) -> Page:
    lang = views.settings.site.language
    context = contexts.RedirectPage(
        site=views.site,
        page=views.head(url, title, lang=lang, noindex=True),
        t=views.strings(lang),
        target=views.base.href(url),
        absolute=views.base.absolute(url),
    )
    return Page(path=output_path(alias), template="redirect.html", context=context, source=source, mark=mark)


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
