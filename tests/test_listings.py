"""Home, fronts, archives, topics, authors and corrections: what each shows, and that none repeats itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import NOW, Site, article, catalog_of, context_at, planned, settings_of, views_of

from broadsheet import contexts
from broadsheet.model import Article, Correction, HomeMatter, Page, Pin, RegionMatter
from broadsheet.sources import HomeSource, ParsedText, RegionSource

TEXT = ParsedText(body=b"", empty=True)
REGIONS = ("asia", "europe", "turkiye")


def aged(days: float) -> datetime:
    return NOW - timedelta(days=days)


def home_source(*lead: str) -> HomeSource:
    return HomeSource(path="content/_index.md", matter=HomeMatter(lead=lead), text=TEXT)


def region_source(region: str, *pins: str) -> RegionSource:
    return RegionSource(
        id=region, path=f"content/{region}/_index.md", matter=RegionMatter(title=region, pins=pins), text=TEXT
    )


def shown_on(context: object) -> Iterator[str]:
    """The addresses of the stories that a page lists, in order, repetitions included."""
    if isinstance(context, contexts.HomePage):
        for card in (context.lead, *context.seconds):
            yield from [card.url] if card else []
        for block in context.regions:
            yield from [block.lead.url] if block.lead else []
            yield from (headline.url for headline in block.headlines)
    elif isinstance(context, contexts.RegionPage):
        for card in (context.lead, *context.seconds, *context.briefs):
            yield from [card.url] if card else []
    elif isinstance(context, contexts.ArchivePage | contexts.TopicPage | contexts.AuthorPage):
        yield from (card.url for card in context.cards)
    elif isinstance(context, contexts.ExploreFragment):
        yield from (headline.url for headline in context.rail.headlines)
    elif isinstance(context, contexts.ArticlePage):
        yield from (headline.url for headline in context.explore.headlines)


# --- nothing twice -------------------------------------------------------------------------------------------------


# (region, age in days, pinned, with topic, author and series) of each story; home picks; pins of each region; mode.
stories_of_newsroom = st.lists(
    st.tuples(st.sampled_from(REGIONS), st.integers(1, 900), st.integers(0, 5), st.booleans()), max_size=45
)
picks = st.lists(st.integers(0, 60), max_size=7)
newsrooms = st.tuples(stories_of_newsroom, picks, st.tuples(picks, picks, picks), st.sampled_from(("inline", "shared")))
PINS = {1: Pin(position=1), 2: Pin(position=2, until=aged(-5))}


def laid_out(newsroom: tuple[Any, ...]) -> dict[str, Page]:
    """The plan of a random site: stories, pins of both kinds (also of other regions' stories), home picks."""
    told, lead, pinned, mode = newsroom
    stories = [
        article(
            f"{region}/s{n}.md",
            date=aged(age),
            pin=PINS.get(pin),
            topics=("Energy",) if grouped else (),
            authors=("Ada",) if grouped else (),
            series="Dam" if grouped else "",
        )
        for n, (region, age, pin, grouped) in enumerate(told)
    ]

    def named(picked: Sequence[int]) -> list[str]:
        return ["/" + stories[n].path.removeprefix("content/") for n in picked if n < len(stories)]

    catalog = catalog_of(
        stories,
        settings_of(mode=mode),
        home=home_source(*named(lead)),
        regions=tuple(region_source(region, *named(pins)) for region, pins in zip(REGIONS, pinned, strict=True)),
    )
    views = views_of(catalog)
    pages = planned(views)
    assert not views.links.diagnostics
    return pages


@settings(max_examples=examples(50))
@given(newsrooms)
def test_no_page_lists_a_story_twice(newsroom: tuple[Any, ...]) -> None:
    pages = laid_out(newsroom)
    for path, page in pages.items():
        shown = list(shown_on(page.context))
        assert len(shown) == len(set(shown)), path


@settings(max_examples=examples(50))
@given(newsrooms)
def test_every_story_is_in_its_months_archive_and_every_archive_is_linked(newsroom: tuple[Any, ...]) -> None:
    pages = laid_out(newsroom)
    stories = {page.context.story.url for page in pages.values() if isinstance(page.context, contexts.ArticlePage)}
    archived = [
        url
        for page in pages.values()
        if isinstance(page.context, contexts.ArchivePage) and page.context.month
        for url in shown_on(page.context)
    ]
    assert sorted(archived) == sorted(stories)
    linked = {
        link.url: link.count
        for page in pages.values()
        if isinstance(page.context, contexts.RegionPage)
        for link in page.context.months
    }
    months = {
        page.context.page.url: len(page.context.cards)
        for page in pages.values()
        if isinstance(page.context, contexts.ArchivePage) and page.context.month
    }
    assert linked == months


@settings(max_examples=examples(50))
@given(newsrooms)
def test_every_link_between_pages_of_the_plan_leads_to_a_page_of_the_plan(newsroom: tuple[Any, ...]) -> None:
    pages = laid_out(newsroom)
    known = {"/" + path.removesuffix("index.html") for path in pages}
    for page in pages.values():
        assert not [link for link in links_in(page.context) if link not in known]


def links_in(context: object) -> Iterator[str]:
    """The addresses that a page's context offers to readers."""
    yield from shown_on(context)
    for name in ("breadcrumbs", "years", "months"):
        yield from (link.url for link in getattr(context, name, ()))
    for name in ("older", "newer", "parent", "previous", "next"):
        link = getattr(context, name, None)
        yield from [link.url] if link else []
    if isinstance(context, contexts.ArticlePage):
        yield from (person.url for person in context.story.authors)
        yield from (topic.url for topic in context.story.topics)
        yield from [context.story.series.url] if context.story.series else []
    if isinstance(context, contexts.BasePage):
        yield from (link.url for link in (*context.site.nav, *context.site.footer, *context.site.regions))
        yield from (feed.url for feed in context.page.feeds)
        yield context.site.corrections_url


# --- home ----------------------------------------------------------------------------------------------------------


def pages_of(stories: Sequence[Article], **sources: Any) -> dict[str, Page]:
    return planned(views_of(catalog_of(stories, **sources)))


def days(count: int, region: str = "europe", **matter: Any) -> list[Article]:
    """s0 (the oldest) to the newest, a day apart."""
    return [article(f"{region}/s{n}.md", date=aged(count - n), **matter) for n in range(count)]


def test_the_home_page_leads_with_what_editors_pick_and_then_the_latest() -> None:
    stories = days(10)
    home = context_at(pages_of(stories, home=home_source("europe/s2.md", "/europe/s8.md")), "/")
    assert home.lead.title == "s2"
    assert [card.title for card in home.seconds] == ["s8", "s9", "s7"]
    assert home.regions[0].lead.title == "s6"
    assert [headline.title for headline in home.regions[0].headlines] == ["s5", "s4", "s3", "s1", "s0"]


def test_without_picks_the_newest_story_leads_the_home_page() -> None:
    home = context_at(pages_of(days(3)), "/")
    assert home.lead.title == "s2"
    assert [card.title for card in home.seconds] == ["s1", "s0"]
    assert home.regions == ()


def test_what_is_paid_for_leads_the_home_page_only_where_it_was_picked() -> None:
    stories = [*days(3), article("europe/ad.md", date=aged(0), title="ad", label="sponsored")]
    home = context_at(pages_of(stories), "/")
    assert [home.lead.title, *(card.title for card in home.seconds)] == ["s2", "ad", "s1", "s0"]
    assert context_at(pages_of(stories, home=home_source("europe/ad.md")), "/").lead.title == "ad"
    assert context_at(pages_of(stories[-1:]), "/").lead.title == "ad"  # there is no other
    many = [article(f"europe/ad{n}.md", date=aged(0), title="ad", label="sponsored") for n in range(120)]
    assert context_at(pages_of([*days(3), *many]), "/").lead.title == "s2"


def test_a_home_pick_that_is_not_public_is_skipped_with_a_warning(site: Site) -> None:
    site.story("europe/hidden.md", title="Canary", draft=True)
    site.story("europe/open.md", title="Open")
    site.write("content/_index.md", "---\ntitle: Front\nlead: [europe/hidden.md]\n---\n")
    built = site.build()
    assert built.codes() == ["hidden-link"], built.told()
    assert built.one("hidden-link").line == 3
    assert "Canary" not in site.page("/")
    assert "Open" in site.page("/")


def test_a_site_without_a_story_builds(site: Site) -> None:
    site.write("content/europe/_index.md", "---\ntitle: Europe\n---\n")
    summary = site.good()
    assert summary.stories == 0
    assert site.has("/")
    assert site.has("/europe/")
    assert site.has("/404.html")


# --- regions -------------------------------------------------------------------------------------------------------


def test_a_region_front_shows_thirty_stories() -> None:
    front = context_at(pages_of(days(40)), "/europe/")
    cards = [front.lead, *front.seconds, *front.briefs]
    assert [card.title for card in cards] == [f"s{n}" for n in range(39, 9, -1)]
    assert len(front.seconds) == 3
    assert [crumb.title for crumb in front.breadcrumbs] == ["The Section"]


def test_month_archives_never_shift_when_stories_are_published() -> None:
    stories = [article(f"europe/s{n}.md", date=datetime(2025, 1 + n // 8, 1 + n % 8, tzinfo=UTC)) for n in range(32)]
    newer = article("europe/new.md", date=datetime(2025, 4, 20, tzinfo=UTC))
    before, after = pages_of(stories), pages_of([*stories, newer])
    archives = [path for path in before if path.startswith("europe/2025/") and path.count("/") == 3]
    assert archives == [f"europe/2025/0{n}/index.html" for n in range(1, 5)]
    changed = [path for path in archives if before[path].context != after[path].context]
    assert changed == ["europe/2025/04/index.html"]
    april = context_at(after, "/europe/2025/04/")
    assert [card.title for card in april.cards][:2] == ["new", "s31"]
    assert (april.older.url, april.newer) == ("/europe/2025/03/", None)


def test_a_month_archive_links_its_neighbours_across_years_and_gaps() -> None:
    dates = [datetime(2024, 11, 3, tzinfo=UTC), datetime(2025, 2, 3, tzinfo=UTC), datetime(2025, 9, 3, tzinfo=UTC)]
    pages = pages_of([article(f"europe/s{n}.md", date=date) for n, date in enumerate(dates)])
    middle = context_at(pages, "/europe/2025/02/")
    assert (middle.older.url, middle.newer.url) == ("/europe/2024/11/", "/europe/2025/09/")
    assert [(link.month.isoformat(), link.count) for link in context_at(pages, "/europe/").months] == [
        ("2025-09-01", 1),
        ("2025-02-01", 1),
        ("2024-11-01", 1),
    ]


def test_previous_and_next_stay_within_the_region_and_breadcrumbs_lead_up() -> None:
    stories = [article(f"{'asia' if n % 2 else 'europe'}/s{n}.md", date=aged(10 - n)) for n in range(6)]
    pages = pages_of(stories)
    page = context_at(pages, stories[2].url)
    assert (page.previous.title, page.next.title) == ("s0", "s4")
    assert [crumb.url for crumb in page.breadcrumbs] == ["/", "/europe/"]
    first, last = context_at(pages, stories[0].url), context_at(pages, stories[4].url)
    assert first.previous is None
    assert last.next is None


# --- topics and authors --------------------------------------------------------------------------------------------


def test_topics_series_and_authors_show_thirty_and_then_have_year_archives() -> None:
    stories = [
        article(
            f"europe/s{n}.md",
            date=datetime(2022 + n // 11, 3, 1 + n % 11, tzinfo=UTC),
            topics=("Energy",),
            series="Dam",
            authors=("Ada",),
        )
        for n in range(31)
    ]
    pages = pages_of(stories)
    for url in ("/topics/energy/", "/series/dam/", "/authors/ada/"):
        front = context_at(pages, url)
        assert [card.title for card in front.cards] == [f"s{n}" for n in range(30, 0, -1)]
        assert [(link.year, link.count, link.url) for link in front.years] == [
            (2024, 9, f"{url}2024/"),
            (2023, 11, f"{url}2023/"),
            (2022, 11, f"{url}2022/"),
        ]
        middle = context_at(pages, f"{url}2023/")
        assert len(middle.cards) == 11
        assert (middle.older.url, middle.newer.url) == (f"{url}2022/", f"{url}2024/")
    fewer = pages_of(stories[:30])
    for url in ("/topics/energy/", "/series/dam/", "/authors/ada/"):
        front = context_at(fewer, url)
        assert (len(front.cards), front.years) == (30, ())
        assert f"{url.strip('/')}/2023/index.html" not in fewer


def test_year_archives_of_earlier_years_never_shift() -> None:
    stories = [
        article(f"europe/s{n}.md", date=datetime(2023 + n // 20, 3, 1 + n % 20, tzinfo=UTC), topics=("Energy",))
        for n in range(40)
    ]
    newer = article("europe/new.md", date=datetime(2024, 9, 1, tzinfo=UTC), topics=("Energy",))
    before, after = pages_of(stories), pages_of([*stories, newer])
    assert context_at(before, "/topics/energy/2023/") == context_at(after, "/topics/energy/2023/")
    assert context_at(before, "/topics/energy/2024/") != context_at(after, "/topics/energy/2024/")


# --- corrections ---------------------------------------------------------------------------------------------------


def corrected(name: str, *dates: datetime, **matter: Any) -> Article:
    notes = tuple(Correction(date=date, kind="correction", text=f"{name} {date:%Y}") for date in dates)
    return article(f"europe/{name}.md", date=datetime(2020, 1, 1, tzinfo=UTC), corrections=notes, **matter)


def test_the_corrections_page_lists_the_latest_of_public_stories_first() -> None:
    stories = [
        corrected("a", datetime(2024, 5, 1, tzinfo=UTC), datetime(2025, 5, 1, tzinfo=UTC)),
        corrected("b", datetime(2024, 6, 1, tzinfo=UTC)),
        corrected("hidden", datetime(2024, 7, 1, tzinfo=UTC), draft=True),
        corrected("quiet", datetime(2024, 7, 1, tzinfo=UTC), unlisted=True),
    ]
    page = context_at(pages_of(stories), "/corrections/")
    assert [entry.note.text for entry in page.entries] == ["a 2025", "b 2024", "a 2024"]
    assert (page.year, page.years) == (0, ())


def test_more_than_thirty_corrections_get_a_page_for_each_year() -> None:
    stories = [corrected(f"s{n}", datetime(2023 + n % 3, 1 + n % 12, 1, tzinfo=UTC)) for n in range(36)]
    pages = pages_of(stories)
    page = context_at(pages, "/corrections/")
    assert len(page.entries) == 30
    assert [(link.year, link.count) for link in page.years] == [(2025, 12), (2024, 12), (2023, 12)]
    old = context_at(pages, "/corrections/2023/")
    assert (old.year, len(old.entries)) == (2023, 12)


def test_a_correction_is_on_the_story_on_the_corrections_page_and_in_its_modified_date(site: Site) -> None:
    note = {"date": "2025-06-01", "kind": "correction", "text": "An earlier version misnamed the river."}
    site.story("europe/talks.md", corrections=[note])
    site.good()
    assert "misnamed the river" in site.page("/europe/2025/04/talks/")
    assert "misnamed the river" in site.page("/corrections/")
    assert '"dateModified":"2025-06-01T00:00:00+00:00"' in site.page("/europe/2025/04/talks/").replace('": "', '":"')
