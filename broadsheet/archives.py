"""Lists that grow for ever: topics, series and authors with their year archives, and the archives themselves.

A front shows the latest 30; what is older lies in archives by year (or month, for regions), which never shift.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import pairwise
from typing import TypeAlias

from broadsheet import contexts, locale
from broadsheet.catalog import Author, Term
from broadsheet.contexts import NavLink
from broadsheet.marks import Marks, mark
from broadsheet.model import Page, Planned
from broadsheet.sources import AuthorSource, HomeSource, RegionSource
from broadsheet.urls import output_path
from broadsheet.views import FRONT, Views

Years: TypeAlias = Mapping[int, Sequence[int]]  # year -> positions of its stories, oldest first


def topics(marks: Marks) -> Iterator[Planned]:
    catalog = marks.views.catalog
    for key, members in catalog.by_topic.items():
        yield from _term(marks, catalog.topics[key], members, "topics")
    for key, members in catalog.by_series.items():
        yield from _term(marks, catalog.series[key], members, "series")


def _term(marks: Marks, term: Term, members: Sequence[int], taxonomy: str) -> Iterator[Planned]:
    years = _by_year(marks.views, members)
    newest = members[-FRONT:][::-1]
    yield Planned(
        path=output_path(term.url),
        template="topic.html",
        source=f"the page of the {'topic' if taxonomy == 'topics' else 'series'} {term.name}",
        shown=(taxonomy, marks.topic(term.id, taxonomy), term.url, marks.cards(newest), _counts(years)),
        make=partial(_made_term, marks.views, term, newest, years, taxonomy),
    )
    parent = NavLink(title=term.name, url=marks.views.base.href(term.url))
    yield from _year_archives(marks, term.url, term.name, parent, years)


def _made_term(views: Views, term: Term, newest: Sequence[int], years: Years, taxonomy: str) -> Page:
    topic = views.topic(term.id, taxonomy)
    assert topic is not None  # noqa: S101  # by_topic and by_series are empty for what has no pages
    context = contexts.TopicPage(
        site=views.site,
        page=views.head(term.url, term.name, feeds=views.feeds((term.name, term.url)) if taxonomy == "topics" else ()),
        t=views.strings(views.settings.site.language),
        topic=topic,
        taxonomy="topics" if taxonomy == "topics" else "series",
        cards=tuple(views.card(views.catalog.stories[i]) for i in newest),
        years=_year_links(views, term.url, years),
        breadcrumbs=(views.home_link,),
    )
    source = f"the page of the {'topic' if taxonomy == 'topics' else 'series'} {term.name}"
    return Page(path=output_path(term.url), template="topic.html", context=context, source=source)


def authors(marks: Marks) -> Iterator[Planned]:
    views = marks.views
    if "authors" not in views.settings.taxonomies:
        return
    for key, author in views.catalog.authors.items():
        members = views.catalog.by_author.get(key, ())
        years = _by_year(views, members)
        newest = members[-FRONT:][::-1]
        biography = text_of(views, author.source, author.url)
        description = author.source.matter.description if author.source else ""
        yield Planned(
            path=output_path(author.url),
            template="author.html",
            source=author.source.path if author.source else f"the page of {author.name}",
            shown=(
                *(marks.person(key), author.url, description, mark(biography), marks.cards(newest), _counts(years)),
            ),
            make=partial(_made_author, views, author, newest, years, biography),
        )
        parent = NavLink(title=author.name, url=views.base.href(author.url))
        yield from _year_archives(marks, author.url, author.name, parent, years)


def _made_author(
    views: Views, author: Author, newest: Sequence[int], years: Years, biography: contexts.BodyRef | None
) -> Page:
    person = views.person(author.id)
    context = contexts.AuthorPage(
        site=views.site,
        page=views.head(
            author.url,
            author.name,
            description=author.source.matter.description if author.source else "",
            picture=person.picture,
            feeds=views.feeds((author.name, author.url)) if newest else (),
        ),
        t=views.strings(views.settings.site.language),
        author=person,
        biography=biography,
        cards=tuple(views.card(views.catalog.stories[i]) for i in newest),
        years=_year_links(views, author.url, years),
        breadcrumbs=(views.home_link,),
    )
    source = author.source.path if author.source else f"the page of {author.name}"
    return Page(path=output_path(author.url), template="author.html", context=context, source=source)


def _by_year(views: Views, members: Sequence[int]) -> Years:
    """The year archives of a list of stories (positions, oldest first), oldest year first; none while its front shows
    them all."""
    if len(members) <= FRONT:
        return {}
    stories = views.catalog.stories
    found: dict[int, list[int]] = {}
    for i in members:
        found.setdefault(stories[i].date.year, []).append(i)
    return dict(sorted(found.items()))


def _counts(years: Years) -> tuple[tuple[int, int], ...]:
    return tuple((year, len(found)) for year, found in years.items())


def _year_links(views: Views, url: str, years: Years) -> tuple[contexts.YearLink, ...]:
    """Links to year archives, newest first."""
    return tuple(
        contexts.YearLink(year=year, url=views.base.href(f"{url}{year:04}/"), count=len(years[year]))
        for year in sorted(years, reverse=True)
    )


def _year_archives(marks: Marks, url: str, title: str, parent: NavLink, years: Years) -> Iterator[Planned]:
    newer = dict(pairwise(years))
    older = {b: a for a, b in newer.items()}

    def link(year: int | None) -> NavLink | None:
        return NavLink(title=str(year), url=marks.views.base.href(f"{url}{year:04}/")) if year else None

    for year, members in years.items():
        yield archive(
            marks,
            f"{url}{year:04}/",
            title,
            parent,
            members,
            year=year,
            older=link(older.get(year)),
            newer=link(newer.get(year)),
        )


def archive(
    marks: Marks,
    url: str,
    title: str,
    parent: NavLink,
    members: Sequence[int],
    *,
    year: int,
    month: date | None = None,
    lang: str = "",
    section: str = "",
    older: NavLink | None = None,
    newer: NavLink | None = None,
) -> Planned:
    """A month's or a year's archive of the stories at some positions, oldest first."""
    told = [(link.title, link.url, link.lang) if link else None for link in (parent, older, newer)]
    return Planned(
        path=output_path(url),
        template="archive.html",
        source=f"the archive of {title}, {_period(marks.views, month, year, lang)}",
        shown=(url, title, str(told), lang, section, str(month), marks.cards(members)),
        make=partial(
            _made_archive,
            marks.views,
            url,
            title,
            parent,
            members,
            year=year,
            month=month,
            lang=lang,
            section=section,
            older=older,
            newer=newer,
        ),
    )


def _made_archive(
    views: Views,
    url: str,
    title: str,
    parent: NavLink,
    members: Sequence[int],
    *,
    year: int,
    month: date | None,
    lang: str,
    section: str,
    older: NavLink | None,
    newer: NavLink | None,
) -> Page:
    language = lang or views.settings.site.language
    strings = views.strings(language)
    period = _period(views, month, year, lang)
    context = contexts.ArchivePage(
        site=views.site,
        page=views.head(
            url, _filled(strings["archive_of"], title=title, period=period), lang=language, section=section
        ),
        t=strings,
        title=title,
        parent=parent,
        month=month,
        year=year,
        cards=tuple(views.card(views.catalog.stories[i]) for i in reversed(members)),
        older=older,
        newer=newer,
        breadcrumbs=(views.home_link, parent),
    )
    source = f"the archive of {title}, {period}"
    return Page(path=output_path(url), template="archive.html", context=context, source=source)


def _period(views: Views, month: date | None, year: int, lang: str) -> str:
    return locale.format_month(month, lang or views.settings.site.language) if month else str(year)


def _filled(text: object, **values: str) -> str:
    """An interface string with its {names} filled in."""
    filled = str(text)
    for name, value in values.items():
        filled = filled.replace("{" + name + "}", value)
    return filled


def text_of(views: Views, source: HomeSource | RegionSource | AuthorSource | None, url: str) -> contexts.BodyRef | None:
    """The body of a region's, home's or author's source, or None where it is empty."""
    if source is None or source.text.empty:
        return None
    text = source.text
    return views.links.body(source.path, url, text.body, text.links, text.pictures)
