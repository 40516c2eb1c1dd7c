"""What is on the site at an instant, and what the catalog keeps of what is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsroom import NOW, Site, article, catalog_of, planned, settings_of, views_of

from broadsheet import bundles
from broadsheet.catalog import Catalog, Clock, status
from broadsheet.frozen import FrozenMap
from broadsheet.model import AuthorMatter, RegionMatter
from broadsheet.settings import RegionSettings
from broadsheet.sources import AuthorSource, ParsedText, RegionSource

PAST, FUTURE = NOW - timedelta(days=1), NOW + timedelta(days=1)
TEXT = ParsedText(body=b"", empty=True)

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
    if max(date, embargo or date) > NOW:
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


# --- regions, authors, topics --------------------------------------------------------------------------------------


def test_regions_come_from_settings_sources_and_folders_in_order_then_by_title() -> None:
    settings = settings_of(
        regions=FrozenMap({"turkiye": RegionSettings(title="Türkiye", order=1), "z": RegionSettings(title="Africa")})
    )
    sources = (
        RegionSource(id="asia", path="content/asia/_index.md", matter=RegionMatter(title="Asia", order=2), text=TEXT),
    )
    catalog = catalog_of([article("middle-east/a.md", date=PAST)], settings, regions=sources)
    assert [(region.id, region.title) for region in catalog.regions.values()] == [
        ("turkiye", "Türkiye"),
        ("asia", "Asia"),
        ("z", "Africa"),
        ("middle-east", "Middle East"),
    ]
    assert catalog.by_region["turkiye"] == []


def test_settings_win_over_a_regions_own_source() -> None:
    settings = settings_of(regions=FrozenMap({"asia": RegionSettings(title="From settings", language="tr")}))
    matter = RegionMatter(title="From source", language="ar", description="Kept")
    source = RegionSource(id="asia", path="content/asia/_index.md", matter=matter, text=TEXT)
    region = catalog_of([], settings, regions=(source,)).regions["asia"]
    assert (region.title, region.language, region.description) == ("From settings", "tr", "Kept")


def test_an_author_is_matched_by_id_and_then_by_name_and_otherwise_gets_a_plain_page() -> None:
    known = AuthorSource(id="ayse", path="content/authors/ayse.md", matter=AuthorMatter(name="Ayşe Yılmaz"), text=TEXT)
    stories = [
        article("a/1.md", date=PAST, authors=("ayse",)),
        article("a/2.md", date=PAST, authors=("AYŞE YILMAZ",)),
        article("a/3.md", date=PAST, authors=("Ayşe Yılmaz", "ayse")),
        article("a/4.md", date=PAST, authors=("Nobody Known",)),
    ]
    catalog = catalog_of(stories, settings_of(language="tr"), authors=(known,))
    assert [catalog.author_ids(story) for story in catalog.stories] == [
        ("ayse",),
        ("ayse",),
        ("ayse",),
        ("nobody-known",),
    ]
    assert catalog.authors["ayse"].name == "Ayşe Yılmaz"
    assert catalog.authors["nobody-known"].name == "Nobody Known"


def test_a_byline_is_one_author_with_its_accents_and_without() -> None:
    names = ["Jennifer González", "Jennifer Gonzalez", "JENNIFER GONZÁLEZ", "Łukasz Şen", "ليلى", "Æsa Grøn"]
    catalog = catalog_of([article(f"a/{n}.md", date=PAST, authors=(name,)) for n, name in enumerate(names)])
    assert list(catalog.by_author) == ["jennifer-gonzalez", "lukasz-sen", "ليلى", "aesa-gron"]
    assert catalog.authors["jennifer-gonzalez"].name == "Jennifer González"


def test_of_two_author_files_with_one_name_the_first_by_path_has_the_bylines() -> None:
    files = [
        AuthorSource(id=key, path=f"content/authors/{key}.md", matter=AuthorMatter(name=name), text=TEXT)
        for key, name in [("zoe", "Ada Bell"), ("ada", "ADA BELL"), ("other", "Someone Else")]
    ]
    by_name, by_id = article("a/1.md", date=PAST, authors=("Ada Bell",)), article("a/2.md", date=PAST, authors=("zoe",))
    catalog = catalog_of([by_name, by_id], authors=tuple(files))
    assert [catalog.author_ids(story) for story in (by_name, by_id)] == [("ada",), ("zoe",)]
    [found] = catalog.namesakes()
    assert (found.path, found.code) == ("content/authors/zoe.md", "ambiguous")
    assert "content/authors/ada.md" in found.message


def test_names_that_differ_by_a_plus_or_a_sharp_are_different_topics() -> None:
    story = article("a/1.md", date=PAST, topics=("C", "C++", "C#", "#MeToo", "MeToo"), authors=("!!!", "???"))
    catalog = catalog_of([story])
    assert sorted(catalog.topics) == ["c", "cplusplus", "csharp", "metoo"]
    assert list(catalog.by_author) == []  # no address can be made of these
    assert [catalog.author(key).name for key in catalog.author_ids(story)] == ["!!!", "???"]


def test_a_name_without_an_address_is_a_warning_at_its_place(site: Site) -> None:
    site.write(
        "content/eu/a.md", "---\ntitle: A\ndate: 2025-04-09\nauthors: ['???']\ntopics: [Peace, '!!!']\n---\nX.\n"
    )
    built = site.build()
    assert built.ok
    assert [(found.line, found.column) for found in built.of("no-address")] == [(4, 11), (5, 17)]
    page = site.page("/eu/2025/04/a/")
    assert "<bdi>???</bdi>" in page
    assert "/authors/" not in page


def test_what_only_unlisted_stories_know_is_in_no_list(site: Site) -> None:
    site.configure("feeds: {formats: [rss, atom, json]}\nrails: {explore: {mode: shared}}\n")
    site.story("secretplace/a.md", unlisted=True, authors=["Zelda Quux"])
    site.story("eu/b.md", authors=["Ada Bell"]).good()
    page = site.page("/secretplace/2025/04/a/")
    assert "Secretplace" in page
    assert "<bdi>Zelda Quux</bdi>" in page
    assert "/authors/zelda-quux/" not in page
    assert 'href="/secretplace/"' not in page
    for path, data in site.tree().items():
        if path != "secretplace/2025/04/a/index.html":
            assert b"ecretplace" not in data, path
            assert b"Zelda" not in data, path
            assert not path.startswith(("secretplace", "authors/zelda")), path


@pytest.mark.parametrize(("embargo", "published"), [("2025-04-08", "2025-04-09"), ("2025-04-10", "2025-04-10")])
def test_a_story_comes_out_at_the_later_of_date_and_embargo(site: Site, embargo: str, published: str) -> None:
    site.story("eu/a.md", date="2025-04-09", embargo=embargo).story("eu/b.md", date="2025-04-01")
    built = site.build(at=f"{published}T00:00:00Z")
    assert not built.of("not-public")
    site.good(at=f"{published}T00:00:00+00:00")
    day_before = f"{published[:-2]}{int(published[-2:]) - 1:02}T23:59:59+00:00"
    finding = site.build(at=day_before).one("not-public")
    assert published in finding.message
    assert f"`{'date' if published > embargo else 'embargo'}:`" in finding.hint
    assert not site.has("/eu/2025/04/a/")


def test_a_plain_page_of_the_future_is_held_back_like_a_story(site: Site) -> None:
    site.write("content/pages/about.md", "---\ntitle: About\ndate: 2026-02-01\naliases: [/us/]\n---\nUs.\n")
    site.story("eu/a.md", "[us](../pages/about.md)")
    built = site.build()
    assert built.one("not-public").where() == "content/pages/about.md:3:1"
    assert "2026-02-01 00:00" in built.one("not-public").message
    assert built.one("hidden-link").path == "content/eu/a.md"
    assert not site.has("/about/")
    assert not site.has("/us/")
    site.good(at="2026-02-01T00:00:00+00:00")
    assert site.has("/about/")
    assert site.has("/us/")


def test_corrections_and_updates_of_the_future_are_not_told_yet(site: Site) -> None:
    notes = [
        {"date": "2025-05-01", "kind": "correction", "text": "An earlier slip."},
        {"date": "2026-02-01", "kind": "correction", "text": "A later slip."},
    ]
    site.story("eu/a.md", updated="2026-03-01", corrections=notes).good()
    for url in ("/eu/2025/04/a/", "/corrections/"):
        assert "An earlier slip." in site.page(url)
    for path, data in site.tree().items():
        for word in (b"A later slip.", b"2026-02-01", b"2026-03-01"):
            assert word not in data, path
    assert '"dateModified": "2025-05-01' in site.page("/eu/2025/04/a/").replace('":"', '": "')
    site.good(at="2026-02-01T00:00:00+00:00")
    assert "A later slip." in site.page("/eu/2025/04/a/")


def test_true_translations_name_each_other_themselves_and_a_default() -> None:
    key = {"translation_key": "talks"}
    tr = article("tr/talks.md", date=PAST - timedelta(days=2), lang="tr", **key)
    en = article("eu/talks.md", date=PAST, lang="en", **key)
    second = article("eu/again.md", date=PAST + timedelta(hours=1), lang="en", **key)
    others = [
        article("eu/de.md", date=PAST, lang="de", unlisted=True, **key),
        article("eu/fr.md", date=PAST, lang="fr", status="withdrawn", **key),
        article("eu/es.md", date=FUTURE, lang="es", **key),
    ]
    views = views_of(catalog_of([tr, en, second, *others]))
    group = {
        "tr": views.base.absolute(tr.url),
        "en": views.base.absolute(en.url),
        "x-default": views.base.absolute(en.url),
    }
    assert dict(views.translations.alternates(tr)) == dict(views.translations.alternates(en)) == group
    assert [dict(views.translations.alternates(story)) for story in (second, *others)] == [{}] * 4
    [found] = [finding for finding in views.links.told_always if finding.code == "ambiguous"]
    assert found.path == second.path
    assert en.path in found.message


def test_without_a_version_in_the_sites_language_the_first_is_the_default() -> None:
    tr = article("tr/talks.md", date=PAST, lang="tr", translation_key="talks")
    de = article("de/talks.md", date=PAST - timedelta(days=2), lang="de", translation_key="talks")
    views = views_of(catalog_of([tr, de]))
    assert views.translations.alternates(tr)["x-default"] == views.base.absolute(de.url)


def test_spellings_of_a_topic_are_one_topic_which_no_newer_story_renames() -> None:
    names = ["Energy Policy", "energy policy", "energy policy", "ENERGY-POLICY"]
    catalog = catalog_of([article(f"a/{n}.md", date=PAST, topics=(name,)) for n, name in enumerate(names)])
    assert list(catalog.topics) == ["energy-policy"]
    assert catalog.topics["energy-policy"].name == "Energy Policy"
    assert len(catalog.by_topic["energy-policy"]) == 4


def test_taxonomies_that_are_turned_off_make_no_groups() -> None:
    story = article(date=PAST, topics=("X",), series="Y", authors=("Z",))
    catalog = catalog_of([story], settings_of(taxonomies=()))
    assert not [*catalog.by_topic, *catalog.by_series, *catalog.by_author]
    pages = planned(views_of(catalog))
    assert not [path for path in pages if path.startswith(("topics/", "series/", "authors/"))]


# --- time ----------------------------------------------------------------------------------------------------------


def test_a_scheduled_story_appears_when_its_hour_has_come_with_no_file_edited(site: Site) -> None:
    site.configure(timezone="Europe/Istanbul")
    site.story("europe/soon.md", date="2026-02-01T06:00")
    before = site.build(at="2026-02-01T05:59")
    assert before.ok
    assert before.codes() == ["not-public"]
    assert "2026-02-01 06:00 (Europe/Istanbul)" in before.one("not-public").message
    assert not [path for path in site.tree() if "soon" in path]
    site.good(at="2026-02-01T06:00")
    assert site.has("/europe/2026/02/soon/")


def test_an_instant_without_a_zone_is_in_the_sites(site: Site) -> None:
    site.configure(timezone="America/New_York")
    site.story("europe/soon.md", date="2026-02-01T06:00")
    assert site.build(at=datetime(2026, 2, 1, 10, 59, tzinfo=UTC)).codes() == ["not-public"]
    site.good(at=datetime(2026, 2, 1, 6, 0))  # noqa: DTZ001  # what this test is about
    site.good(at=datetime(2026, 2, 1, 11, 0, tzinfo=UTC))


def test_dates_and_addresses_are_in_the_sites_zone(site: Site) -> None:
    site.configure(timezone="Asia/Tokyo")
    site.story("asia/late.md", date="2025-04-30T20:00:00Z")
    site.good()
    page = site.page("/asia/2025/05/late/")
    assert "2025-05-01T05:00:00+09:00" in page
    assert "May 1, 2025" in page


def test_a_story_in_the_hour_that_comes_twice_is_the_first_with_a_warning(site: Site) -> None:
    site.configure(timezone="Europe/Berlin")
    site.story("europe/twice.md", date="2025-10-26T02:30")
    built = site.build()
    assert built.codes() == ["dst-overlap"], built.told()
    assert "2025-10-26T02:30:00+02:00" in site.page("/europe/2025/10/twice/")


def test_a_story_in_the_hour_that_does_not_exist_is_after_the_gap_with_a_warning(site: Site) -> None:
    site.configure(timezone="Europe/Berlin")
    site.story("europe/gap.md", date="2025-03-30T02:30")
    built = site.build()
    assert built.codes() == ["dst-gap"], built.told()
    page = site.page("/europe/2025/03/gap/")
    assert "2025-03-30T03:30:00+02:00" in page


def test_stories_of_a_month_that_comes_once_more_are_ranked_in_true_order(site: Site) -> None:
    """At 0:01 of 1 November 2009 clocks in Newfoundland went back to 23:01 of 31 October."""
    site.configure(timezone="America/St_Johns")
    hours = ["2009-10-31T23:50-02:30", "2009-11-01T00:00:30-02:30", "2009-10-31T23:30-03:30", "2009-11-01T00:30-03:30"]
    for n, hour in enumerate(hours):
        site.story(f"europe/s{n}.md", f"Ferry and harbour, {n}.", date=hour)
    site.good()
    site.edit("content/europe/s0.md", "Ferry and harbour", "Storm over the river")
    site.good()
    first = site.tree()
    site.good(full=True)
    assert site.tree() == first


def test_both_sides_of_the_repeated_hour_stand_in_true_order(site: Site) -> None:
    site.configure(timezone="Europe/Berlin")
    site.story("europe/earlier.md", date="2025-10-26T02:50:00+02:00")
    site.story("europe/later.md", date="2025-10-26T02:10:00+01:00")
    site.good()
    front = site.page("/europe/")
    assert front.index("/later/") < front.index("/earlier/")


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
