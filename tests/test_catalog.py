"""What is on the site at an instant, and what the catalog keeps of what is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsroom import FUTURE, NOW, PAST, Site, article, catalog_of, planned, views_of

from broadsheet import bundles
from broadsheet.catalog import Catalog, Clock, status
from broadsheet.frozen import FrozenMap

# --- status --------------------------------------------------------------------------------------------------------

CASES = list(
    product(
        (False, True),  # draft
        (PAST, NOW, FUTURE),  # date
        (None, PAST, NOW, FUTURE),  # embargo
        (None, PAST, NOW, FUTURE),  # expires
        ("", "withdrawn"),
        (False, True),  # unlisted
    )
)


def expected(
    *, draft: bool, date: datetime, embargo: datetime | None, expires: datetime | None, withdrawn: bool, unlisted: bool
) -> str:
    """The rule in words: hidden by any of four reasons, then a notice, then a page in no list, then public."""
    if draft:
        return "draft"
    published = max(date, embargo or date)
    if published > NOW:
        if expires is not None and expires <= published:
            return "never"
        return "embargoed" if embargo is not None and embargo >= date else "scheduled"
    if expires is not None and expires <= NOW:
        return "expired"
    if withdrawn:
        return "withdrawn"
    return "unlisted" if unlisted else "public"


@pytest.mark.parametrize("drafts", [False, True])
@pytest.mark.parametrize("future", [False, True])
def test_status_of_every_combination(drafts: bool, future: bool) -> None:
    wrong = []
    for draft, date, embargo, expires, withdrawn, unlisted in CASES:
        story = article(date=date, draft=draft, embargo=embargo, expires=expires, status=withdrawn, unlisted=unlisted)
        # A preview's switches show a story as if it were no draft, or as if its time had come.
        rule = expected(
            draft=draft and not drafts,
            date=min(date, NOW) if future else date,
            embargo=min(embargo, NOW) if future and embargo else embargo,
            expires=expires,
            withdrawn=withdrawn == "withdrawn",
            unlisted=unlisted,
        )
        found = status(story, Clock(now=NOW, drafts=drafts, future=future))
        if found != rule:
            wrong.append((story.matter, found, rule))
    assert not wrong, wrong[:3]


def test_a_story_is_public_from_its_very_instant_and_expired_from_its_very_instant() -> None:
    second = timedelta(seconds=1)
    story = article(date=NOW, expires=NOW + second * 10)
    seen = [status(story, Clock(now=NOW + second * n)) for n in (-1, 0, 9, 10)]
    assert seen == ["scheduled", "public", "public", "expired"]


def test_an_embargo_holds_a_story_back_whatever_its_date() -> None:
    story = article(date=PAST, embargo=FUTURE)
    assert status(story, Clock(now=NOW)) == "embargoed"
    assert status(story, Clock(now=FUTURE)) == "public"


def test_the_zone_in_which_the_clock_is_read_does_not_matter() -> None:
    story = article(date=datetime(2026, 1, 15, 15, 0, tzinfo=ZoneInfo("Europe/Istanbul")))
    for zone in ("UTC", "America/New_York", "Asia/Tokyo"):
        assert status(story, Clock(now=NOW.astimezone(ZoneInfo(zone)))) == "public"


# --- order ---------------------------------------------------------------------------------------------------------


def test_stories_stand_in_order_of_embargo_or_date_and_then_path() -> None:
    stories = [
        article("a/z.md", date=NOW - timedelta(days=3)),
        article("a/b.md", date=NOW - timedelta(days=5)),
        article("a/a.md", date=NOW - timedelta(days=3)),
        article("b/held.md", date=NOW - timedelta(days=9), embargo=NOW - timedelta(days=1)),
    ]
    catalog = catalog_of(stories)
    assert [story.path for story in catalog.stories] == [
        "content/a/b.md",
        "content/a/a.md",
        "content/a/z.md",
        "content/b/held.md",
    ]


@given(st.permutations(range(8)))
def test_the_order_in_which_sources_are_found_does_not_matter(order: list[int]) -> None:
    stories = [article(f"r{n % 2}/s{n}.md", date=NOW - timedelta(days=n // 2), topics=("x",)) for n in range(8)]
    one, other = catalog_of(stories), catalog_of([stories[i] for i in order])
    assert list(one.stories) == list(other.stories)
    assert one.by_region == other.by_region
    assert one.by_topic == other.by_topic


def test_an_embargo_orders_a_story_but_its_date_makes_the_address(site: Site) -> None:
    site.story("europe/held.md", date="2025-03-01", embargo="2025-06-02T08:00")
    site.story("europe/other.md", date="2025-05-01")
    site.good()
    assert site.has("/europe/2025/03/held/")
    front = site.page("/europe/")
    assert front.index("/europe/2025/03/held/") < front.index("/europe/2025/05/other/")


# --- nothing hidden is left in the catalog -------------------------------------------------------------------------

HIDING: Sequence[Mapping[str, Any]] = (
    {"draft": True},
    {"date": FUTURE},
    {"embargo": FUTURE},
    {"expires": PAST},
)


def everything_in(catalog: Catalog) -> str:
    """The text of all that a catalog offers to those who make pages."""
    names = [name for name in vars(catalog) if name not in ("sources", "hidden", "settings", "clock", "_fold")]
    assert "stories" in names
    return " ".join(repr(getattr(catalog, name)) for name in names)


@pytest.mark.parametrize("hiding", HIDING, ids=lambda hiding: next(iter(hiding)))
def test_a_hidden_story_leaves_no_trace_in_any_structure(hiding: Mapping[str, Any]) -> None:
    canary = article(
        "canaryregion/canary.md",
        **{
            "date": PAST,
            "title": "Canary",
            "authors": ("Canary Author",),
            "topics": ("Canary Topic",),
            "series": "Canary Series",
            **hiding,
        },
    )
    catalog = catalog_of([canary, article("europe/plain.md", date=PAST, topics=("Energy",))])
    assert list(catalog.hidden) == [canary.path]
    assert "canary" not in everything_in(catalog).casefold()
    assert set(catalog.regions) == {"europe"}
    views = views_of(catalog)
    assert "canary" not in repr([*planned(views).items()]).casefold()


@pytest.mark.parametrize("kind", [{"unlisted": True}, {"status": "withdrawn"}], ids=lambda kind: next(iter(kind)))
def test_unlisted_and_withdrawn_stories_have_a_page_and_stand_in_no_list(kind: Mapping[str, Any]) -> None:
    quiet = article("europe/quiet.md", date=PAST, topics=("Quiet",), series="Quiet", authors=("Quiet",), **kind)
    catalog = catalog_of([quiet, article("europe/plain.md", date=PAST)])
    assert quiet.path in catalog.page_of
    assert [story.path for story in catalog.stories] == ["content/europe/plain.md"]
    assert "quiet" not in {*catalog.by_topic, *catalog.by_series, *catalog.by_author}
    pages = planned(views_of(catalog))
    own = "europe/2026/01/quiet/index.html"
    assert own in pages
    assert not [path for path, page in pages.items() if path != own and quiet.url in repr(page.context)]


def test_stories_whose_hour_has_not_come_are_mentioned_with_local_time() -> None:
    marks = FrozenMap({"date": (3, 7), "embargo": (4, 10)})
    istanbul = ZoneInfo("Europe/Istanbul")
    catalog = catalog_of(
        [
            article("europe/a.md", date=datetime(2026, 2, 1, 9, 30, tzinfo=istanbul), marks=marks),
            article("europe/b.md", date=PAST, embargo=datetime(2026, 2, 2, 0, 0, tzinfo=istanbul), marks=marks),
            article("europe/c.md", draft=True),
        ]
    )
    first, second = catalog.held_back()
    assert (first.path, first.line, first.column, first.code) == ("content/europe/a.md", 3, 7, "not-public")
    assert "2026-02-01 09:30" in first.message
    assert (second.line, second.column) == (4, 10)
    assert "`embargo:`" in second.hint


# --- years ---------------------------------------------------------------------------------------------------------

_days = st.integers(min_value=0, max_value=4 * 365).map(lambda days: NOW - timedelta(days=days))


@given(st.lists(st.tuples(_days, st.booleans()), max_size=12), st.sets(st.integers(0, 11)))
def test_stories_by_year_are_those_of_each_year_in_their_order(
    dated: list[tuple[datetime, bool]], some: set[int]
) -> None:
    """`True`: an embargo that lasted into the year after that of the story's archive."""
    stories = [
        article(f"europe/{n}.md", date=day, embargo=min(day + timedelta(days=200), NOW) if held else None)
        for n, (day, held) in enumerate(dated)
    ]
    catalog = catalog_of(stories)
    members = sorted(i for i in some if i < len(catalog.stories))
    wanted: dict[int, list[int]] = {}
    for i in members:
        wanted.setdefault(catalog.stands.month[i] // 12, []).append(i)
    found = catalog.by_year(members)
    assert found == wanted
    assert list(found) == sorted(wanted)


@given(st.lists(st.tuples(_days, st.booleans(), st.sampled_from(["asia", "europe"])), max_size=12))
def test_stories_by_month_are_those_of_each_region_and_month_in_the_order_of_the_first(
    dated: list[tuple[datetime, bool, str]],
) -> None:
    stories = [
        article(f"{region}/{n}.md", date=day, embargo=min(day + timedelta(days=200), NOW) if held else None)
        for n, (day, held, region) in enumerate(dated)
    ]
    catalog = catalog_of(stories)
    wanted: dict[tuple[str, int], list[int]] = {}
    for i, stand in enumerate(catalog.stands):
        wanted.setdefault((stand.region, stand.month), []).append(i)
    found = {(region, month.year * 12 + month.month - 1): i for (region, month), i in catalog.by_month.items()}
    assert list(found.items()) == list(wanted.items())


@given(st.sets(st.text("ab/", max_size=6)), st.sets(st.text("ab/", min_size=1, max_size=4)))
def test_folders_lie_in_others_where_their_paths_say_so(folders: set[str], tops: set[str]) -> None:
    tops = {top for top in tops if not top.endswith("/")}
    found = {*bundles.within(folders, tops)}
    assert found == {folder for folder in folders if any(f"{folder}/".startswith(f"{top}/") for top in tops)}
