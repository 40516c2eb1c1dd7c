"""Pages at the former addresses (`aliases`) of stories and plain pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from broadsheet import contexts, groups
from broadsheet.digest import fingerprint
from broadsheet.grouping import Chosen
from broadsheet.groups import Group
from broadsheet.marks import Marks
from broadsheet.model import Article, Page, Planned, Trait
from broadsheet.pages import where_said
from broadsheet.sources import PageSource
from broadsheet.urls import output_path
from broadsheet.views import Views


def site(marks: Marks) -> Iterator[Planned | Group]:
    """A page at each former address; those of public stories month by month: an archive that moved here may have one
    for each story. One of a withdrawn story leads to its notice, in the notice's words."""
    views, catalog = marks.views, marks.views.catalog
    months: dict[int, list[int]] = {}
    for i in catalog.having(Trait.ALIASES):
        months.setdefault(catalog.stands.month[i], []).append(i)
    for number, some in months.items():
        of = groups.month(number)
        plan = partial(_of_month, marks, some)
        yield Group(name=f"redirects of month {number}", of=of, info=(), plan=plan, lists=True)
    for article in _aliased(catalog.unlisted):
        yield from _redirects(views, article, marks.of[article.path].own)
    notice = str(views.strings(views.settings.site.language)["withdrawn"])
    for article in _aliased(catalog.withdrawn):
        yield from _redirects(views, article, b"", notice)
    for page in catalog.sources.pages:
        if catalog.shows(page):
            yield from _redirects(views, page, fingerprint(page.matter.title))


def _aliased(stories: Chosen) -> Iterator[Article]:
    return (stories[n] for n, traits in enumerate(stories.stands.traits) if traits & Trait.ALIASES)


def _of_month(marks: Marks, positions: Sequence[int]) -> Iterator[Planned]:
    for i in positions:
        yield from _redirects(marks.views, marks.views.catalog.stories[i], marks.own[i])


def _redirects(views: Views, source: Article | PageSource, shown: bytes, title: str = "") -> Iterator[Planned]:
    for n, alias in enumerate(source.matter.aliases):
        yield Planned(
            path=output_path(alias),
            template="redirect.html",
            source=source.path,
            shown=(source.url, shown, title),
            make=partial(_redirect, views, alias, source, title),
            where=partial(where_said, source, f"aliases.{n}"),
        )


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
