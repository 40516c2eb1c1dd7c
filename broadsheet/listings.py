"""Pages that list stories: home, region fronts and months, corrections.

No page shows a story twice. Nothing here is numbered from the newest: fronts show the latest, archives are by month or
year and never shift.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import islice
from typing import TypeAlias

from broadsheet import archives, contexts, groups, rails
from broadsheet.groups import NONE, Group
from broadsheet.marks import Marks, mark
from broadsheet.model import Article, Correction, Page, Planned, Trait
from broadsheet.naming import Region
from broadsheet.urls import output_path
from broadsheet.views import FRONT, Views

SECONDS = 3  # stories with a picture beside the lead
HOME_HEADLINES = 5  # of each region, below its lead
Years: TypeAlias = Mapping[int, Sequence[int]]  # year -> positions of its stories, oldest first


def home(marks: Marks) -> Planned:
    """The home page: what `lead:` in content/_index.md picks, then the latest; then the regions, nothing repeated. What
    is paid for leads the page only where somebody picked it."""
    views, catalog = marks.views, marks.views.catalog
    source = catalog.sources.home
    latest = range(len(catalog.stories) - 1, -1, -1)
    traits = catalog.stands.traits
    first = _lead(views) or list(islice((i for i in latest if not traits[i] & Trait.SPONSORED), 1))
    top = list(dict.fromkeys([*first, *latest[: SECONDS + 1]]))[: SECONDS + 1]
    shown = set(top)
    blocks = []
    for key in catalog.regions:
        fresh = [i for i in rails.front_order(views, key, FRONT) if i not in shown][: HOME_HEADLINES + 1]
        shown.update(fresh)  # a region's front may be led by another region's story
        if fresh:
            blocks.append((key, fresh))
    introduction = archives.text_of(views, source, "/")
    return Planned(
        path="index.html",
        template="home.html",
        source=source.path if source else "config.yaml",
        shown=(
            mark(source.matter) if source else b"",
            mark(introduction),
            marks.cards(top),
            *((key, marks.region(key), marks.cards(fresh[:1]), marks.headlines(fresh[1:])) for key, fresh in blocks),
        ),
        make=partial(_home, views, top, blocks, introduction),
    )


def _home(
    views: Views, top: Sequence[int], blocks: Sequence[tuple[str, Sequence[int]]], text: contexts.BodyRef | None
) -> Page:
    site, stories, source = views.settings.site, views.catalog.stories, views.catalog.sources.home
    context = contexts.HomePage(
        site=views.site,
        page=views.head(
            "/",
            (source.matter.title if source else "") or site.title,
            description=(source.matter.description if source else "") or site.description,
            feeds=views.feeds((site.title, "/")),
        ),
        t=views.strings(site.language),
        introduction=text,
        lead=views.card(stories[top[0]]) if top else None,
        seconds=tuple(views.card(stories[i]) for i in top[1:]),
        regions=tuple(
            contexts.RegionBlock(
                region=views.region(key),
                lead=views.card(stories[fresh[0]]),
                headlines=tuple(views.headline(stories[i]) for i in fresh[1:]),
            )
            for key, fresh in blocks
        ),
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


def regions(marks: Marks) -> Iterator[Planned | Group]:
    """The front of each region and its month archives; in `shared` mode its current rail as a fragment."""
    views = marks.views
    months: dict[str, list[date]] = {key: [] for key in views.catalog.regions}
    for key, month in views.catalog.by_month:
        months[key].append(month)
    for key, region in views.catalog.regions.items():
        found = sorted(months[key])
        yield _front(marks, region, found)
        yield from _months(marks, region, found)
        if views.settings.rails.explore.mode == "shared" and views.catalog.by_region[key]:
            yield _fragment(marks, region)


def _fragment(marks: Marks, region: Region) -> Planned:
    chosen = rails.current(marks.views, region.id)
    return Planned(
        path=output_path(rails.fragment_url(region.id)),
        template="explore-fragment.html",
        source=f"{marks.views.settings.content_dir}/{region.id}",
        shown=(marks.region(region.id), region.language, marks.headlines(chosen)),
        make=partial(_made_fragment, marks.views, region, chosen),
    )


def _made_fragment(views: Views, region: Region, chosen: Sequence[int]) -> Page:
    rail = contexts.Rail(
        region=views.region(region.id),
        headlines=tuple(views.headline(views.catalog.stories[i]) for i in chosen),
    )
    return Page(
        path=output_path(rails.fragment_url(region.id)),
        template="explore-fragment.html",
        context=contexts.ExploreFragment(rail=rail, t=views.strings(region.language)),
        source=f"{views.settings.content_dir}/{region.id}",
    )


def _front(marks: Marks, region: Region, months: Sequence[date]) -> Planned:
    views = marks.views
    chosen = rails.front_order(views, region.id, FRONT)
    counts = [(month, len(views.catalog.by_month[region.id, month])) for month in reversed(months)]
    introduction = archives.text_of(views, region.source, region.url)
    return Planned(
        path=output_path(region.url),
        template="region.html",
        source=region.source.path if region.source else f"{views.settings.content_dir}/{region.id}",
        shown=(
            *(marks.region(region.id), region.title, region.description, region.language, region.url),
            *(mark(introduction), marks.cards(chosen), str(counts)),
        ),
        make=partial(_made_front, views, region, chosen, counts, introduction),
    )


def _made_front(
    views: Views,
    region: Region,
    chosen: Sequence[int],
    counts: Sequence[tuple[date, int]],
    text: contexts.BodyRef | None,
) -> Page:
    cards = [views.card(views.catalog.stories[i]) for i in chosen]
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
        introduction=text,
        lead=cards[0] if cards else None,
        seconds=tuple(cards[1 : 1 + SECONDS]),
        briefs=tuple(cards[1 + SECONDS :]),
        months=tuple(
            contexts.MonthLink(month=month, url=views.base.href(_month_url(region, month)), count=count)
            for month, count in counts
        ),
        breadcrumbs=(views.home_link,),
    )
    source = region.source.path if region.source else f"{views.settings.content_dir}/{region.id}"
    return Page(path=output_path(region.url), template="region.html", context=context, source=source)


def _months(marks: Marks, region: Region, months: Sequence[date]) -> Iterator[Group]:
    views = marks.views
    parent = views.region(region.id)
    shown = (marks.region(region.id), region.title, region.language, region.url, parent.title, parent.url, parent.lang)
    numbers = [month.year * 12 + month.month - 1 for month in months]
    for n, number in enumerate(numbers):
        older, newer = (numbers[at] if 0 <= at < len(numbers) else -1 for at in (n - 1, n + 1))
        of = groups.month(number, region.id)
        yield Group(
            name=f"archive of {of}",
            of=of,
            info=(*shown, older, newer),
            plan=partial(_month, marks, region, parent, months, n),
            lists=True,
        )


def _month(
    marks: Marks, region: Region, parent: contexts.NavLink, months: Sequence[date], at: int
) -> Iterator[Planned]:
    members = marks.views.catalog.by_month[region.id, months[at]]
    period = _period(region, months[at])
    before = _period(region, months[at - 1]) if at else None
    after = _period(region, months[at + 1]) if at + 1 < len(months) else None
    yield archives.archive(marks, period, region.title, parent, members, section=region.url, older=before, newer=after)


def _period(region: Region, month: date) -> archives.Period:
    return archives.Period(url=_month_url(region, month), year=month.year, month=month, lang=region.language)


def _month_url(region: Region, month: date) -> str:
    return f"{region.url}{month.year:04}/{month.month:02}/"


# --- corrections ---------------------------------------------------------------------------------------------------


def corrections(marks: Marks) -> Iterator[Group]:
    """The corrections page: the latest 30, and a page for each year when there are more."""
    # Which corrections have come is a part of the story's mark.
    info = (marks.owns(list(marks.views.catalog.having(Trait.CORRECTIONS))),)
    yield Group(name="corrections", of=NONE, info=info, plan=partial(_pages_of_corrections, marks), lists=True)


def _pages_of_corrections(marks: Marks) -> Iterator[Planned]:
    catalog = marks.views.catalog
    entries = [(i, note) for i in catalog.having(Trait.CORRECTIONS) for note in catalog.corrections(catalog.stories[i])]
    entries.sort(key=lambda entry: (entry[1].date, catalog.stories[entry[0]].url), reverse=True)
    by_year: dict[int, list[tuple[int, Correction]]] = {}
    if len(entries) > FRONT:
        for entry in entries:
            by_year.setdefault(entry[1].date.year, []).append(entry)
    counts = tuple((year, len(found)) for year, found in by_year.items())
    yield _corrections(marks, "/corrections/", entries[:FRONT], 0, counts)
    for year, found in by_year.items():
        yield _corrections(marks, f"/corrections/{year:04}/", found, year, counts)


def _corrections(
    marks: Marks,
    url: str,
    entries: Sequence[tuple[int, Correction]],
    year: int,
    counts: tuple[tuple[int, int], ...],
) -> Planned:
    stories = marks.views.catalog.stories
    notes = [
        (marks.headline[i], str(stories[i].published), str(note.date), note.kind, note.text) for i, note in entries
    ]
    return Planned(
        path=output_path(url),
        template="corrections.html",
        source="the corrections page",
        shown=(year, counts, *notes),
        make=partial(_made_corrections, marks.views, url, entries, year, counts),
    )


def _made_corrections(
    views: Views,
    url: str,
    entries: Sequence[tuple[int, Correction]],
    year: int,
    counts: tuple[tuple[int, int], ...],
) -> Page:
    strings = views.strings(views.settings.site.language)
    whole = contexts.NavLink(title=str(strings["corrections"]), url=views.base.href("/corrections/"))
    title = archives.filled(strings["corrections_of"], year=str(year)) if year else whole.title
    context = contexts.CorrectionsPage(
        site=views.site,
        page=views.head(url, title, description="" if year else str(strings["corrections_text"])),
        t=strings,
        entries=tuple(_corrected(views, views.catalog.stories[i], note) for i, note in entries),
        year=year,
        years=tuple(
            contexts.YearLink(year=other, url=views.base.href(f"/corrections/{other:04}/"), count=count)
            for other, count in counts
        ),
        breadcrumbs=(views.home_link, whole) if year else (views.home_link,),
    )
    return Page(path=output_path(url), template="corrections.html", context=context, source="the corrections page")


def _corrected(views: Views, article: Article, note: Correction) -> contexts.CorrectedStory:
    return contexts.CorrectedStory(
        story=views.headline(article),
        date=article.published,
        note=contexts.CorrectionNote(date=note.date, kind=note.kind, text=note.text),
    )
