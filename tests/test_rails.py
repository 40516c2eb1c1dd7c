"""Explore and Recommended: what stands beside a story, and that what is settled stays settled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import NOW, Site, article, catalog_of, context_at, planned, settings_of, views_of

from broadsheet.contexts import ArticlePage
from broadsheet.model import Article, Page, Pin, RegionMatter
from broadsheet.settings import RecommendedSettings
from broadsheet.sources import ParsedText, RegionSource

WORDS = ("bridge", "budget", "court", "energy", "harbour", "river", "strike", "vote")
REGIONS = ("asia", "europe")


def aged(days: float) -> datetime:
    return NOW - timedelta(days=days)


def many(count: int, region: str = "europe", **matter: Any) -> list[Article]:
    """s0 (the oldest) to the newest, a day apart, the last a day ago."""
    return [article(f"{region}/s{n}.md", date=aged(count - n), **matter) for n in range(count)]


def titles(rail: Any) -> list[str]:
    return [headline.title for headline in rail.headlines]


def plan_of(stories: Iterable[Article], **settings: Any) -> dict[str, Page]:
    return planned(views_of(catalog_of(stories, settings_of(**settings))))


def page_of(pages: dict[str, Page], story: Article) -> ArticlePage:
    context = context_at(pages, story.url)
    assert isinstance(context, ArticlePage)
    return context


# --- Explore -------------------------------------------------------------------------------------------------------


def test_an_inline_rail_holds_the_regions_latest_now_without_the_pages_own() -> None:
    stories = many(20)
    pages = plan_of([*stories, *many(3, "asia")], mode="inline")
    newest_first = [f"s{n}" for n in range(19, -1, -1)]
    assert titles(page_of(pages, stories[0]).explore) == newest_first[:15]
    assert titles(page_of(pages, stories[19]).explore) == newest_first[1:16]
    assert titles(page_of(pages, stories[10]).explore) == [t for t in newest_first if t != "s10"][:15]


def test_a_shared_rail_holds_the_fifteen_stories_published_just_before() -> None:
    stories = many(20)
    pages = plan_of([*stories, *many(3, "asia")], mode="shared")
    assert titles(page_of(pages, stories[19]).explore) == [f"s{n}" for n in range(18, 3, -1)]
    assert titles(page_of(pages, stories[15]).explore) == [f"s{n}" for n in range(14, -1, -1)]


def test_the_shared_rails_of_a_regions_first_stories_are_filled_up_with_those_after_them() -> None:
    stories = many(20)
    for few in (5, 16, 20):
        pages = plan_of([*stories[:few], *many(3, "asia")], mode="shared")
        for n in (0, 2):
            others = [f"s{i}" for i in range(min(few, 16) - 1, -1, -1) if i != n]
            assert titles(page_of(pages, stories[n]).explore) == others


def test_stories_of_one_instant_are_told_apart_by_path_in_a_shared_rail() -> None:
    stories = [article(f"europe/{name}.md", date=aged(1)) for name in "cab"]
    pages = plan_of(stories, mode="shared")
    by_name = {story.slug: titles(page_of(pages, story).explore) for story in stories}
    assert by_name == {"a": ["c", "b"], "b": ["c", "a"], "c": ["b", "a"]}
    pages = plan_of(stories, mode="shared", limit=1)
    by_name = {story.slug: titles(page_of(pages, story).explore) for story in stories}
    assert by_name == {"a": ["b"], "b": ["a"], "c": ["b"]}


@pytest.mark.parametrize("mode", ["inline", "shared"])
@pytest.mark.parametrize("limit", [0, 1, 15, 40])
def test_a_rail_is_as_long_as_configured_and_no_longer(mode: str, limit: int) -> None:
    stories = many(50)
    pages = plan_of(stories, mode=mode, limit=limit)
    assert len(page_of(pages, stories[49]).explore.headlines) == limit


def test_a_rail_shows_the_byline_of_opinions_and_features_and_of_nothing_else() -> None:
    labels = ("", "opinion", "analysis", "explainer", "review", "feature", "sponsored")
    stories = [
        article(f"europe/{label or 'news'}.md", date=aged(2), label=label, authors=("Ada Bell", "Cem Dal"))
        for label in labels
    ]
    last = article("europe/z.md", date=aged(1))
    rail = page_of(plan_of([*stories, last]), last).explore
    assert {headline.title: headline.byline for headline in rail.headlines} == {
        label or "news": ("Ada Bell", "Cem Dal") if label in ("opinion", "feature") else () for label in labels
    }


@pytest.mark.parametrize("mode", ["inline", "shared"])
def test_pins_stand_first_on_fronts_and_in_the_fragment_but_not_in_the_rail_of_a_story(mode: str) -> None:
    stories = many(5)
    stories[0] = replace(stories[0], matter=replace(stories[0].matter, pin=Pin(position=2)))
    stories[1] = replace(stories[1], matter=replace(stories[1].matter, pin=Pin(position=1)))
    gone = Pin(position=1, until=NOW)
    stories[2] = replace(stories[2], matter=replace(stories[2].matter, pin=gone))
    named = RegionSource(
        id="europe",
        path="content/europe/_index.md",
        matter=RegionMatter(title="Europe", pins=("s3.md",)),
        text=ParsedText(body=b"", empty=True),
    )
    views = views_of(catalog_of(stories, settings_of(mode=mode), regions=(named,)))
    pages = planned(views)
    order = ["s3", "s1", "s0", "s4", "s2"]
    front = context_at(pages, "/europe/")
    assert [card.title for card in (front.lead, *front.seconds, *front.briefs)] == order
    own = titles(page_of(pages, stories[4]).explore)
    assert own == ["s3", "s2", "s1", "s0"]
    if mode == "shared":
        assert titles(context_at(pages, "/fragments/explore/europe.txt").rail) == order
    else:
        assert "fragments/explore/europe.txt" not in pages


@pytest.mark.parametrize(
    ("refresh", "fragment"),
    [("script", "/fragments/explore/europe.txt"), ("ssi", "/fragments/explore/europe.txt"), ("none", "")],
)
def test_a_shared_rail_names_the_fragment_that_refreshes_it(refresh: str, fragment: str) -> None:
    stories = many(2)
    rail = page_of(plan_of(stories, mode="shared", refresh=refresh), stories[0]).explore
    assert (rail.fragment, rail.refresh) == (fragment, refresh)


@pytest.mark.parametrize("refresh", ["script", "ssi"])
def test_the_only_story_of_a_region_has_no_rail_to_refresh(refresh: str) -> None:
    (story,) = many(1)
    rail = page_of(plan_of([story], mode="shared", refresh=refresh), story).explore
    assert (rail.headlines, rail.fragment, rail.refresh) == ((), "", "none")


@pytest.mark.parametrize("refresh", ["script", "ssi"])
def test_the_only_story_of_a_region_has_no_heading_over_nothing_until_a_second_one_comes(
    site: Site, refresh: str
) -> None:
    site.configure(f"rails: {{explore: {{mode: shared, refresh: {refresh}}}}}\n")
    site.story("europe/first.md").good()
    assert not re.search('id="explore"|explore.js|#include', site.page("/europe/2025/04/first/"))
    site.story("europe/second.md").good()
    page = site.page("/europe/2025/04/first/")
    assert 'id="explore"' in page
    assert ("explore.js" in page, "#include" in page) == (refresh == "script", refresh == "ssi")


def test_the_rail_of_a_region_without_a_public_story_refreshes_nothing() -> None:
    (story,) = many(1, unlisted=True)
    pages = plan_of([story], mode="shared", refresh="script")
    rail = page_of(pages, story).explore
    assert (rail.fragment, rail.refresh) == ("", "none")
    assert "fragments/explore/europe.txt" not in pages


def test_an_inline_rail_refreshes_nothing() -> None:
    (story,) = many(1)
    rail = page_of(plan_of([story], mode="inline"), story).explore
    assert (rail.fragment, rail.refresh) == ("", "none")


def test_the_current_rail_is_as_long_as_configured_even_when_that_is_long() -> None:
    pages = plan_of(many(100), mode="shared", limit=80)
    assert len(context_at(pages, "/fragments/explore/europe.txt").rail.headlines) == 81  # one to spare for the script


def test_a_new_story_in_shared_mode_reaches_the_rails_of_the_fifteen_after_it_and_no_other() -> None:
    stories = many(60)
    late = article("europe/late.md", date=stories[30].date + timedelta(hours=1))
    before, after = plan_of(stories, mode="shared"), plan_of([*stories, late], mode="shared")
    touched = [story.slug for story in stories if page_of(before, story).explore != page_of(after, story).explore]
    assert touched == [f"s{n}" for n in range(31, 46)]


# --- settled -------------------------------------------------------------------------------------------------------


@st.composite
def archives(draw: st.DrawFn, least: int = 1, most: int = 24) -> Sequence[Article]:
    """Stories of two regions with terms, topics, authors and series; some share an instant."""
    stories = []
    for n in range(draw(st.integers(least, most))):
        terms = draw(st.sets(st.sampled_from(WORDS), max_size=4))
        stories.append(
            article(
                f"{draw(st.sampled_from(REGIONS))}/s{n}.md",
                date=aged(draw(st.integers(1, 200)) * 10),
                label=draw(st.sampled_from(("", "opinion", "feature"))),
                authors=tuple(draw(st.lists(st.sampled_from(("Ada", "Cem", "Eva")), max_size=2, unique=True))),
                topics=tuple(draw(st.lists(st.sampled_from(("Energy", "Law")), max_size=2, unique=True))),
                series=draw(st.sampled_from(("", "", "", "The Dam"))),
                terms={f"{word}": draw(st.integers(1, 3)) for word in sorted(terms)},
            )
        )
    return sorted(stories, key=lambda story: (story.published, story.path))


@settings(max_examples=examples(60))
@given(archives(least=2), st.integers(0, 6))
def test_publishing_newer_stories_changes_no_older_page_in_shared_mode_but_the_neighbours_next(
    stories: Sequence[Article], newer: int
) -> None:
    """Nor a rail, nor Recommended; a series' next instalment and the link to the next story are what may come."""
    newer = min(newer, len(stories) - 1)
    old, new = stories[: len(stories) - newer], stories[len(stories) - newer :]
    # Both regions exist throughout, with enough for a rail: a new region is news to every page's navigation.
    first = [(region, name) for region in REGIONS for name in "abc"]
    old = [*(article(f"{region}/{name}.md", date=aged(9000), title="First") for region, name in first), *old]
    before, after = (plan_of(stories, mode="shared", limit=2) for stories in (old, [*old, *new]))
    last = {
        region: max((s for s in old if s.region == region), key=lambda s: (s.published, s.path)) for region in REGIONS
    }
    for story in old:
        was, now = page_of(before, story), page_of(after, story)
        assert was.explore == now.explore
        if any(other.matter.series and other.matter.series == story.matter.series for other in new):
            continue
        assert was.recommended == now.recommended
        if story is last[story.region]:
            now = replace(now, next=was.next)
        assert was == now


@settings(max_examples=examples(60))
@given(archives(), st.integers(0, 5), st.integers(1, 3))
def test_recommended_never_holds_the_story_itself_or_one_twice_or_more_than_the_limits(
    stories: Sequence[Article], limit: int, per_author: int
) -> None:
    wanted = RecommendedSettings(limit=limit, max_per_author=per_author)
    pages = plan_of(stories, recommended=wanted)
    for story in stories:
        found = [card.url for card in page_of(pages, story).recommended]
        assert story.url not in found
        assert len(found) == len(set(found)) <= limit
        others = [other for other in stories if other.url in found and other.matter.series != "The Dam"]
        for name in ("Ada", "Cem", "Eva"):
            assert sum(name in other.matter.authors for other in others) <= per_author
        later = [other for other in others if (other.published, other.path) > (story.published, story.path)]
        assert not later


# --- Recommended ---------------------------------------------------------------------------------------------------


def recommended(story: Article, others: Iterable[Article], **settings: Any) -> list[str]:
    pages = plan_of([*others, story], **settings)
    return [card.title for card in page_of(pages, story).recommended]


def alike(name: str, days: float, **matter: Any) -> Article:
    return article(f"europe/{name}.md", date=aged(days), terms={"dam": 3, "water": 3}, **matter)


def test_the_story_most_like_it_is_recommended_first() -> None:
    others = [
        article("asia/far.md", date=aged(3), terms={"vote": 3}),
        article("asia/near.md", date=aged(9), terms={"dam": 3, "water": 2}),
    ]
    assert recommended(alike("x", 1), others)[0] == "near"


def test_editors_picks_come_first_in_their_order_and_may_be_newer() -> None:
    others = [alike(f"s{n}", n + 2) for n in range(3)] + [article("asia/pick.md", date=aged(30)), alike("newer", 0.5)]
    story = alike("x", 1, related=("../asia/pick.md", "newer.md"))
    found = recommended(story, others)
    assert found[:2] == ["pick", "newer"]
    assert len(found) == 4


def test_the_next_instalment_of_a_series_follows_the_picks() -> None:
    others = [alike("other", 4), alike("part3", 1, series="The Dam"), alike("part4", 0.5, series="The Dam")]
    others.append(article("asia/pick.md", date=aged(30)))
    story = alike("part2", 2, series="The Dam", related=("../asia/pick.md",))
    assert recommended(story, others)[:2] == ["pick", "part3"]


def test_at_most_so_many_by_one_author_unless_editors_picked_them() -> None:
    others = [alike(f"s{n}", n + 2, authors=("Ada",)) for n in range(6)] + [alike("z", 9, authors=("Cem",))]
    assert recommended(alike("x", 1), others) == ["s0", "s1", "z"]
    picked = alike("x", 1, related=("s3.md", "s4.md", "s5.md"))
    assert recommended(picked, others) == ["s3", "s4", "s5", "z"]


def test_excluded_stories_are_not_recommended_even_when_picked() -> None:
    others = [alike("a", 2), alike("b", 3)]
    assert recommended(alike("x", 1, related_exclude=("a.md",)), others) == ["b"]
    assert recommended(alike("x", 1, related=("a.md",), related_exclude=("a.md",)), others) == ["b"]


def test_a_story_that_picks_itself_is_not_recommended_under_itself() -> None:
    assert recommended(alike("x", 1, related=("x.md", "a.md", "a.md")), [alike("a", 2), alike("b", 3)]) == ["a", "b"]


def test_stories_older_than_the_window_are_not_recommended() -> None:
    others = [alike("inside", 11), alike("outside", 11.1)]
    wanted = RecommendedSettings(window_days=10)
    assert recommended(alike("x", 1), others, recommended=wanted) == ["inside"]


def test_equals_are_ordered_newest_first() -> None:
    others = [alike(name, 2) for name in ("b", "c", "a")]
    assert recommended(alike("x", 1), others) == ["c", "b", "a"]


def test_with_too_few_candidates_the_list_is_shorter() -> None:
    assert recommended(alike("x", 1), [alike("a", 2)]) == ["a"]
    assert recommended(alike("x", 1), []) == []


@pytest.mark.parametrize("hiding", [{"draft": True}, {"embargo": "2027-01-01"}, {"expires": "2025-01-01"}])
def test_a_pick_that_is_not_public_is_skipped_with_a_warning_and_comes_back(site: Site, hiding: dict[str, Any]) -> None:
    site.story("europe/hidden.md", title="Canary", date="2024-01-01", **hiding)
    site.story("europe/x.md", related=["hidden.md"])
    built = site.build()
    finding = built.one("hidden-link")
    assert (finding.path, finding.line) == ("content/europe/x.md", 4)
    assert finding.severity == "warn"
    assert not [path for path, data in site.tree().items() if b"anary" in data or "hidden" in path]
    site.story("europe/hidden.md", title="Canary", date="2024-01-01")
    site.good()
    assert "Canary" in site.page("/europe/2025/04/x/")


def test_a_pick_that_does_not_exist_is_an_error_with_a_guess(site: Site) -> None:
    site.story("europe/talks.md")
    site.story("europe/x.md", related=["talk.md"])
    built = site.build()
    assert not built.ok
    finding = built.one("missing-pick")
    assert (finding.path, finding.line, finding.hint) == ("content/europe/x.md", 4, "did you mean talks.md?")
