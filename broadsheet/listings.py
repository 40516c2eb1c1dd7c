"""Pages that list stories: home, region fronts and months, topics, series, authors and their years, corrections.

No page shows a story twice. Nothing here is numbered from the newest: fronts show the latest, archives are by month or
year and never shift.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from broadsheet import contexts, locale, rails
from broadsheet.catalog import AuthorSource, HomeSource, Region, RegionSource, Term
from broadsheet.contexts import NavLink
from broadsheet.model import Article, Page
from broadsheet.urls import output_path
from broadsheet.views import FRONT, Views

SECONDS = 3  # stories with a picture beside the lead
HOME_HEADLINES = 5  # of each region, below its lead


def home(views: Views) -> Page:
    """The home page: what `lead:` in content/_index.md picks, then the latest; then the regions, nothing repeated."""
    catalog = views.catalog
    source = catalog.sources.home
    latest = range(len(catalog.stories) - 1, -1, -1)
    top = list(dict.fromkeys([*_lead(views), *latest[: SECONDS + 1]]))[: max(SECONDS + 1, 1)]
    shown = set(top)
    blocks = []
    for key in catalog.regions:
        fresh = [i for i in rails.front_order(views, key, FRONT) if i not in shown][: HOME_HEADLINES + 1]
        shown.update(fresh)  # a region's front may be led by another region's story
        if fresh:
            blocks.append(
                contexts.RegionBlock(
                    region=views.region(key),
                    lead=views.card(catalog.stories[fresh[0]]),
                    headlines=tuple(views.headline(catalog.stories[i]) for i in fresh[1:]),
                )
            )
    site = views.settings.site
    context = contexts.HomePage(
        site=views.site,
        page=views.head(
            "/",
            (source.matter.title if source else "") or site.title,
            description=(source.matter.description if source else "") or site.description,
            feeds=views.feeds((site.title, "/")),
        ),
        t=views.strings(site.language),
        introduction=_text(views, source, "/"),
        lead=views.card(catalog.stories[top[0]]) if top else None,
        seconds=tuple(views.card(catalog.stories[i]) for i in top[1:]),
        regions=tuple(blocks),
    )
    return Page(
        path="index.html", template="home.html", context=context, source=source.path if source else "config.yaml"
    )


def _lead(views: Views) -> Sequence[int]:
    """The stories that content/_index.md puts first."""
    source = views.catalog.sources.home
    if source is None:
        return ()
    picked = (
        views.links.pick(source.path, target, source.matter.marks.get(f"lead.{n}", (0, 0)))
        for n, target in enumerate(source.matter.lead)
    )
    return [views.catalog.index[path] for path in picked if path is not None]


# --- regions -------------------------------------------------------------------------------------------------------


def regions(views: Views) -> Iterator[Page]:
    """The front of each region and its month archives; in `shared` mode its current rail as a fragment."""
    months: dict[str, list[date]] = {key: [] for key in views.catalog.regions}
    for key, month in views.catalog.by_month:
        months[key].append(month)
    for key, region in views.catalog.regions.items():
        found = sorted(months[key])
        yield _front(views, region, found)
        yield from _months(views, region, found)
        if views.settings.rails.explore.mode == "shared" and views.catalog.by_region[key]:
            fragment = contexts.ExploreFragment(rail=rails.current(views, key), t=views.strings(region.language))
            yield Page(
                path=output_path(rails.fragment_url(key)),
                template="explore-fragment.html",
                context=fragment,
                source=f"{views.settings.content_dir}/{key}",
            )


def _front(views: Views, region: Region, months: Sequence[date]) -> Page:
    catalog = views.catalog
    cards = [views.card(catalog.stories[i]) for i in rails.front_order(views, region.id, FRONT)]
    context = contexts.RegionPage(
        site=views.site,
        page=views.head(
            region.url,
            region.title,
            description=region.description,
            lang=region.language,
            section=region.url,
            picture=cards[0].picture if cards else None,
            feeds=views.feeds((region.title, region.url)),
        ),
        t=views.strings(region.language),
        region=views.region(region.id),
        introduction=_text(views, region.source, region.url),
        lead=cards[0] if cards else None,
        seconds=tuple(cards[1 : 1 + SECONDS]),
        briefs=tuple(cards[1 + SECONDS :]),
        months=tuple(
            contexts.MonthLink(
                month=month,
                url=views.base.href(_month_url(region, month)),
                count=len(catalog.by_month[region.id, month]),
            )
            for month in reversed(months)
        ),
        breadcrumbs=(views.home_link,),
    )
    source = region.source.path if region.source else f"{views.settings.content_dir}/{region.id}"
    return Page(path=output_path(region.url), template="region.html", context=context, source=source)


def _months(views: Views, region: Region, months: Sequence[date]) -> Iterator[Page]:
    for n, month in enumerate(months):
        yield _archive(
            views,
            _month_url(region, month),
            region.title,
            views.region(region.id),
            [views.catalog.stories[i] for i in views.catalog.by_month[region.id, month]],
            month=month,
            year=month.year,
            lang=region.language,
            section=region.url,
            older=_month_link(views, region, months[n - 1]) if n else None,
            newer=_month_link(views, region, months[n + 1]) if n + 1 < len(months) else None,
        )


def _month_url(region: Region, month: date) -> str:
    return f"{region.url}{month.year:04}/{month.month:02}/"


def _month_link(views: Views, region: Region, month: date) -> NavLink:
    """A link to a month archive; its title is the month in words."""
    return NavLink(title=locale.format_month(month, region.language), url=views.base.href(_month_url(region, month)))


# --- topics, series, authors ---------------------------------------------------------------------------------------


def topics(views: Views) -> Iterator[Page]:
    for key, members in views.catalog.by_topic.items():
        yield from _term(views, views.catalog.topics[key], members, "topics")
    for key, members in views.catalog.by_series.items():
        yield from _term(views, views.catalog.series[key], members, "series")


def _term(views: Views, term: Term, members: Sequence[int], taxonomy: str) -> Iterator[Page]:
    topic = views.topic(term.id, taxonomy)
    assert topic is not None  # noqa: S101  # by_topic and by_series are empty for what has no pages
    newest = [views.catalog.stories[i] for i in reversed(members)]
    years = _years(views, term.url, newest)
    context = contexts.TopicPage(
        site=views.site,
        page=views.head(term.url, term.name, feeds=views.feeds((term.name, term.url)) if taxonomy == "topics" else ()),
        t=views.strings(views.settings.site.language),
        topic=topic,
        taxonomy="topics" if taxonomy == "topics" else "series",
        cards=tuple(views.card(article) for article in newest[:FRONT]),
        years=years,
        breadcrumbs=(views.home_link,),
    )
    source = f"the page of the {'topic' if taxonomy == 'topics' else 'series'} {term.name}"
    yield Page(path=output_path(term.url), template="topic.html", context=context, source=source)
    if years:
        parent = NavLink(title=term.name, url=views.base.href(term.url))
        yield from _year_archives(views, term.url, term.name, parent, newest)


def authors(views: Views) -> Iterator[Page]:
    if "authors" not in views.settings.taxonomies:
        return
    for key, author in views.catalog.authors.items():
        newest = [views.catalog.stories[i] for i in reversed(views.catalog.by_author.get(key, ()))]
        person = views.person(key)
        years = _years(views, author.url, newest)
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
            biography=_text(views, author.source, author.url),
            cards=tuple(views.card(article) for article in newest[:FRONT]),
            years=years,
            breadcrumbs=(views.home_link,),
        )
        source = author.source.path if author.source else f"the page of {author.name}"
        yield Page(path=output_path(author.url), template="author.html", context=context, source=source)
        if years:
            parent = NavLink(title=author.name, url=views.base.href(author.url))
            yield from _year_archives(views, author.url, author.name, parent, newest)


def _years(views: Views, url: str, newest: Sequence[Article]) -> tuple[contexts.YearLink, ...]:
    """Links to the year archives of a list of stories, newest first; none while its front shows them all."""
    if len(newest) <= FRONT:
        return ()
    counts: dict[int, int] = {}
    for article in newest:
        counts[article.date.year] = counts.get(article.date.year, 0) + 1
    return tuple(
        contexts.YearLink(year=year, url=views.base.href(f"{url}{year:04}/"), count=counts[year])
        for year in sorted(counts, reverse=True)
    )


def _year_archives(views: Views, url: str, title: str, parent: NavLink, newest: Sequence[Article]) -> Iterator[Page]:
    by_year: dict[int, list[Article]] = {}
    for article in reversed(newest):
        by_year.setdefault(article.date.year, []).append(article)
    years = sorted(by_year)
    newer = dict(pairwise(years))
    older = {b: a for a, b in newer.items()}

    def link(year: int | None) -> NavLink | None:
        return NavLink(title=str(year), url=views.base.href(f"{url}{year:04}/")) if year else None

    for year in years:
        yield _archive(
            views,
            f"{url}{year:04}/",
            title,
            parent,
            by_year[year],
            year=year,
            older=link(older.get(year)),
            newer=link(newer.get(year)),
        )


def _archive(
    views: Views,
    url: str,
    title: str,
    parent: NavLink,
    oldest_first: Sequence[Article],
    *,
    year: int,
    month: date | None = None,
    lang: str = "",
    section: str = "",
    older: NavLink | None = None,
    newer: NavLink | None = None,
) -> Page:
    language = lang or views.settings.site.language
    strings = views.strings(language)
    period = locale.format_month(month, language) if month else str(year)
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
        cards=tuple(views.card(article) for article in reversed(oldest_first)),
        older=older,
        newer=newer,
        breadcrumbs=(views.home_link, parent),
    )
    return Page(
        path=output_path(url), template="archive.html", context=context, source=f"the archive of {title}, {period}"
    )


def _filled(text: object, **values: str) -> str:
    """An interface string with its {names} filled in."""
    filled = str(text)
    for name, value in values.items():
        filled = filled.replace("{" + name + "}", value)
    return filled


# --- corrections ---------------------------------------------------------------------------------------------------


def corrections(views: Views) -> Iterator[Page]:
    """The corrections page: the latest 30, and a page for each year when there are more."""
    entries = [
        contexts.CorrectedStory(
            story=views.headline(article),
            date=article.published,
            note=contexts.CorrectionNote(date=note.date, kind=note.kind, text=note.text),
        )
        for article in views.catalog.stories
        for note in views.catalog.corrections(article)
    ]
    entries.sort(key=lambda entry: (entry.note.date, entry.story.url), reverse=True)
    by_year: dict[int, list[contexts.CorrectedStory]] = {}
    if len(entries) > FRONT:
        for entry in entries:
            by_year.setdefault(entry.note.date.year, []).append(entry)
    years = tuple(
        contexts.YearLink(year=year, url=views.base.href(f"/corrections/{year:04}/"), count=len(found))
        for year, found in by_year.items()
    )
    yield _corrections(views, "/corrections/", entries[:FRONT], 0, years)
    for year, found in by_year.items():
        yield _corrections(views, f"/corrections/{year:04}/", found, year, years)


def _corrections(
    views: Views,
    url: str,
    entries: Sequence[contexts.CorrectedStory],
    year: int,
    years: tuple[contexts.YearLink, ...],
) -> Page:
    strings = views.strings(views.settings.site.language)
    context = contexts.CorrectionsPage(
        site=views.site,
        page=views.head(url, str(strings["corrections"]), description=str(strings["corrections_text"])),
        t=strings,
        entries=tuple(entries),
        year=year,
        years=years,
        breadcrumbs=(views.home_link,),
    )
    return Page(path=output_path(url), template="corrections.html", context=context, source="the corrections page")


def _text(views: Views, source: HomeSource | RegionSource | AuthorSource | None, url: str) -> contexts.BodyRef | None:
    """The body of a region's, home's or author's source, or None where it is empty."""
    if source is None or source.text.empty:
        return None
    text = source.text
    return views.links.body(source.path, url, text.body, text.links, text.pictures)
