"""Lists that grow for ever: topics, series and authors with their year archives, and the archives themselves.

A front shows the latest 30; what is older lies in archives by year (or month, for regions), which never shift.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import NamedTuple, TypeAlias

from broadsheet import contexts, groups, locale
from broadsheet.contexts import NavLink
from broadsheet.groups import Group, topic
from broadsheet.marks import Marks, mark
from broadsheet.model import Page, Planned
from broadsheet.naming import Author, Term
from broadsheet.sources import AuthorSource, HomeSource, RegionSource
from broadsheet.urls import output_path
from broadsheet.views import FRONT, Views

Years: TypeAlias = Mapping[int, Sequence[int]]  # year -> positions of its stories, oldest first


def topics(marks: Marks) -> Iterator[Group]:
    """All pages of each topic, then of each series."""
    catalog = marks.views.catalog
    for taxonomy, terms, every in (
        ("topics", catalog.topics, catalog.by_topic),
        ("series", catalog.series, catalog.by_series),
    ):
        for key in every:
            term = terms[key]
            yield Group(
                name=f"pages of {taxonomy} {key}",
                of=topic(key, taxonomy),
                info=(taxonomy, marks.topic(key, taxonomy), term.name, term.url),
                plan=partial(_term, marks, term, every, taxonomy),
                lists=True,
            )


def _term(marks: Marks, term: Term, every: Mapping[str, Sequence[int]], taxonomy: str) -> Iterator[Planned]:
    members = every[term.id]
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


def authors(marks: Marks) -> Iterator[Group]:
    """All pages of each author."""
    views = marks.views
    if "authors" not in views.settings.taxonomies:
        return
    for key, author in views.catalog.authors.items():
        biography = text_of(views, author.source, author.url)
        description = author.source.matter.description if author.source else ""
        shown = (marks.person(key), author.url, description, mark(biography))
        source = author.source.path if author.source else f"the page of {author.name}"
        yield Group(
            name=f"pages of author {key}",
            of=groups.author(key),
            info=(*shown, author.name, source),
            plan=partial(_author, marks, author, shown, source, biography),
            lists=True,
        )


def _author(
    marks: Marks, author: Author, shown: tuple[object, ...], source: str, biography: contexts.BodyRef | None
) -> Iterator[Planned]:
    views = marks.views
    members = views.catalog.by_author.get(author.id, ())
    years = _by_year(views, members)
    newest = members[-FRONT:][::-1]
    yield Planned(
        path=output_path(author.url),
        template="author.html",
        source=source,
        shown=(*shown, marks.cards(newest), _counts(years)),
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
    return views.catalog.by_year(members) if len(members) > FRONT else {}


def _counts(years: Years) -> tuple[tuple[int, int], ...]:
    return tuple((year, len(found)) for year, found in years.items())


def _year_links(views: Views, url: str, years: Years) -> tuple[contexts.YearLink, ...]:
    """Links to year archives, newest first."""
    return tuple(
        contexts.YearLink(year=year, url=views.base.href(f"{url}{year:04}/"), count=len(years[year]))
        for year in sorted(years, reverse=True)
    )


def _year_archives(marks: Marks, url: str, title: str, parent: NavLink, years: Years) -> Iterator[Planned]:
    periods = [Period(url=f"{url}{year:04}/", year=year) for year in years]
    for period, older, newer in zip(periods, [None, *periods], [*periods[1:], None], strict=False):
        yield archive(marks, period, title, parent, years[period.year], older=older, newer=newer)


class Period(NamedTuple):
    """A year, or one of its months, and where its archive lies; `lang` is that of its name, "" for the site's."""

    url: str
    year: int
    month: date | None = None
    lang: str = ""

    def name(self, views: Views) -> str:
        if self.month:
            return locale.format_month(self.month, self.lang or views.settings.site.language)
        return str(self.year)

    def link(self, views: Views) -> NavLink:
        return NavLink(title=self.name(views), url=views.base.href(self.url))


def archive(
    marks: Marks,
    period: Period,
    title: str,
    parent: NavLink,
    members: Sequence[int],
    *,
    section: str = "",
    older: Period | None = None,
    newer: Period | None = None,
) -> Planned:
    """A month's or a year's archive of the stories at some positions, oldest first."""
    beside = (parent.title, parent.url, parent.lang, older.url if older else "", newer.url if newer else "")
    return Planned(
        path=output_path(period.url),
        template="archive.html",
        source=_told(title, period),
        shown=(period.url, title, beside, period.lang, section, str(period.month), marks.cards(members)),
        make=partial(_made_archive, marks.views, period, title, parent, members, section, older, newer),
    )


def _made_archive(
    views: Views,
    period: Period,
    title: str,
    parent: NavLink,
    members: Sequence[int],
    section: str,
    older: Period | None,
    newer: Period | None,
) -> Page:
    language = period.lang or views.settings.site.language
    strings = views.strings(language)
    heading = filled(strings["archive_of"], title=title, period=period.name(views))
    context = contexts.ArchivePage(
        site=views.site,
        page=views.head(period.url, heading, lang=language, section=section),
        t=strings,
        title=title,
        parent=parent,
        month=period.month,
        year=period.year,
        cards=tuple(views.card(views.catalog.stories[i]) for i in reversed(members)),
        older=older.link(views) if older else None,
        newer=newer.link(views) if newer else None,
        breadcrumbs=(views.home_link, parent),
    )
    path = output_path(period.url)
    return Page(path=path, template="archive.html", context=context, source=_told(title, period))


def _told(title: str, period: Period) -> str:
    """An archive for those who read of it in a finding."""
    return f"the archive of {title}, {f'{period.month:%Y-%m}' if period.month else period.year}"


def filled(text: object, **values: str) -> str:
    """An interface string with its {names} filled in."""
    made = str(text)
    for name, value in values.items():
        made = made.replace("{" + name + "}", value)
    return made


def text_of(views: Views, source: HomeSource | RegionSource | AuthorSource | None, url: str) -> contexts.BodyRef | None:
    """The body of a region's, home's or author's source, or None where it is empty."""
    if source is None or source.text.empty:
        return None
    text = source.text
    return views.links.body(source.path, url, text.body, text.links, text.pictures)
