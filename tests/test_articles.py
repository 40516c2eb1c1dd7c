"""From the bytes of a source to what the catalog knows of it."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import Site, locales, png, settings_of, source

from broadsheet import sourcetext, store
from broadsheet.articles import ParseBatch, Parsed, parse_batch
from broadsheet.digest import digest, fingerprint
from broadsheet.errors import CODES
from broadsheet.frozen import FrozenMap
from broadsheet.model import Article
from broadsheet.settings import RESERVED, SchemaSettings, Settings
from broadsheet.sources import AuthorSource, HomeSource, PageSource, RegionSource

SETTINGS = settings_of()
DATED = {"title": "T", "date": "2025-04-09"}


def parse(path: str, text: str | bytes, site: Settings = SETTINGS, **languages: str) -> Parsed:
    data = text if isinstance(text, bytes) else text.encode()
    batch = ParseBatch(
        sources=((f"content/{path}", data),), settings=site, locales=locales(), languages=FrozenMap(languages)
    )
    (parsed,) = parse_batch(batch)
    return parsed


def story(path: str, body: str = "Words.", site: Settings = SETTINGS, **matter: object) -> Article:
    """The article of a source without a finding."""
    parsed = parse(path, source(body, **{**DATED, **matter}), site)
    assert not parsed.diagnostics, [finding.format() for finding in parsed.diagnostics]
    assert isinstance(parsed.source, Article)
    return parsed.source


def told(parsed: Parsed) -> list[tuple[int, int, str]]:
    return [(finding.line, finding.column, finding.code) for finding in parsed.diagnostics]


# --- kinds of sources ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("europe/talks.md", Article),
        ("europe/talks/index.md", Article),
        ("europe/2025/deep/talks.md", Article),
        ("europe/_index.md", RegionSource),
        ("_index.md", HomeSource),
        ("authors/ada.md", AuthorSource),
        ("pages/about.md", PageSource),
    ],
)
def test_where_a_source_lies_says_what_it_is(path: str, kind: type) -> None:
    matter = {"name": "Ada"} if path.startswith("authors") else {"title": "T"}
    dated = {"date": "2025-04-09"} if kind is Article else {}
    assert isinstance(parse(path, source(**matter, **dated)).source, kind)


def test_an_index_deeper_than_a_region_is_an_error() -> None:
    parsed = parse("europe/deep/_index.md", source(title="T"))
    assert parsed.source is None
    assert told(parsed) == [(1, 1, "value")]


def test_home_regions_authors_and_pages_may_do_without_front_matter_but_a_story_may_not() -> None:
    assert isinstance(parse("_index.md", "Welcome.\n").source, HomeSource)
    assert isinstance(parse("europe/_index.md", "About Europe.\n").source, RegionSource)
    parsed = parse("europe/talks.md", "Words.\n")
    assert parsed.source is None
    assert [finding.code for finding in parsed.diagnostics] == ["front-matter"]


@pytest.mark.parametrize(
    ("path", "matter", "url"),
    [
        ("pages/about.md", {}, "/about/"),
        ("pages/about/index.md", {}, "/about/"),
        ("pages/help/contact.md", {}, "/help/contact/"),
        ("pages/help/contact/index.md", {}, "/help/contact/"),
        ("pages/about.md", {"slug": "who"}, "/who/"),
        ("pages/about.md", {"url": "/we/are.html"}, "/we/are.html"),
        ("pages/Hakkımızda.md", {"lang": "tr"}, "/hakkımızda/"),
    ],
)
def test_the_address_of_a_plain_page(path: str, matter: dict[str, str], url: str) -> None:
    page = parse(path, source(title="T", **matter)).source
    assert isinstance(page, PageSource)
    assert page.url == url


# --- addresses and regions -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "matter", "url"),
    [
        ("europe/talks.md", {}, "/europe/2025/04/talks/"),
        ("europe/2024-01-02-talks.md", {}, "/europe/2025/04/talks/"),
        ("europe/2024-01-02-talks.md", {"date": None}, "/europe/2024/01/talks/"),
        ("europe/2024-01-02-talks/index.md", {"date": None}, "/europe/2024/01/talks/"),
        ("europe/talks/index.md", {}, "/europe/2025/04/talks/"),
        ("europe/archive/2001/talks.md", {}, "/europe/2025/04/talks/"),
        ("europe/talks.md", {"region": "asia"}, "/asia/2025/04/talks/"),
        ("talks.md", {"region": "asia"}, "/asia/2025/04/talks/"),
        ("europe/talks.md", {"slug": "other"}, "/europe/2025/04/other/"),
        ("europe/talks.md", {"url": "/special.html"}, "/special.html"),
        ("europe/talks.md", {"embargo": "2025-06-01"}, "/europe/2025/04/talks/"),
        ("europe/Big Talks (final)!.md", {}, "/europe/2025/04/big-talks-final/"),
        ("turkiye/IĞDIR.md", {"lang": "tr"}, "/turkiye/2025/04/ığdır/"),
        ("asia/محادثات.md", {"lang": "ar"}, "/asia/2025/04/محادثات/"),
    ],
)
def test_the_address_of_a_story_follows_its_file_region_and_date_and_never_its_headline(
    path: str, matter: dict[str, Any], url: str
) -> None:
    assert story(path, title="One headline", **matter).url == url
    assert story(path, title="Another headline", **matter).url == url


def test_a_permalink_of_the_settings_is_used() -> None:
    site = settings_of(article_permalink="/{yyyy}/{mm}/{dd}/{slug}.html")
    assert story("europe/talks.md", site=site).url == "/2025/04/09/talks.html"


def test_a_story_without_a_region_is_an_error() -> None:
    assert told(parse("talks.md", source(**DATED))) == [(1, 1, "missing-key")]


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_a_region_cannot_have_the_name_of_pages_that_are_made_already(name: str) -> None:
    parsed = parse("europe/talks.md", source(**DATED, region=name))
    assert parsed.source is None
    assert told(parsed) == [(4, 1, "slug")]


@pytest.mark.parametrize(
    ("path", "matter"),
    [("europe/!!!.md", {}), ("europe/con.md", {}), (f"europe/{'x' * 250}.md", {}), ("con/a.md", {}), ("a:b/a.md", {})],
)
def test_names_that_cannot_be_addresses_are_errors(path: str, matter: dict[str, str]) -> None:
    parsed = parse(path, source(**DATED, **matter))
    assert parsed.source is None
    assert [finding.code for finding in parsed.diagnostics] == ["slug"]


def test_a_name_that_cannot_be_a_slug_does_not_matter_where_the_slug_or_address_is_written() -> None:
    assert story("europe/!!!.md", slug="fine").url == "/europe/2025/04/fine/"
    assert story("europe/!!!.md", url="/fine/").url == "/fine/"


def test_a_slug_at_the_limit_of_file_names_is_fine() -> None:
    assert story(f"europe/{'x' * 240}.md").slug == "x" * 240


# --- language and time ---------------------------------------------------------------------------------------------


def test_a_story_is_in_its_own_language_or_its_regions_or_the_sites() -> None:
    text = source(**DATED)
    own = parse("turkiye/a.md", source(**DATED, lang="ar"), SETTINGS, turkiye="tr").source
    regions = parse("turkiye/a.md", text, SETTINGS, turkiye="tr").source
    sites = parse("turkiye/a.md", text, settings_of(language="de")).source
    found = [(s.lang, s.dir) for s in (own, regions, sites) if isinstance(s, Article)]
    assert found == [("ar", "rtl"), ("tr", "ltr"), ("de", "ltr")]


def test_the_direction_can_be_set_against_the_language() -> None:
    assert story("a/b.md", lang="ar", dir="ltr").dir == "ltr"


def test_dates_are_in_the_sites_zone() -> None:
    site = replace(SETTINGS, site=replace(SETTINGS.site, timezone="Asia/Tokyo"))
    assert story("a/b.md", site=site).date == datetime(2025, 4, 9, tzinfo=ZoneInfo("Asia/Tokyo"))
    late = story("a/b.md", site=site, date="2025-03-31T20:00:00Z")
    assert late.date.isoformat() == "2025-04-01T05:00:00+09:00"
    assert late.url == "/a/2025/04/b/"


def test_a_story_is_ordered_by_its_embargo() -> None:
    held = story("a/b.md", embargo="2025-06-01T08:00")
    assert held.published.isoformat() == "2025-06-01T08:00:00+00:00"
    assert held.date.isoformat() == "2025-04-09T00:00:00+00:00"


def test_without_a_date_a_story_is_an_error_unless_the_settings_do_not_require_one() -> None:
    parsed = parse("a/b.md", source(title="T"))
    assert (parsed.source, [finding.code for finding in parsed.diagnostics]) == (None, ["missing-key"])
    lenient = settings_of(schema=SchemaSettings(required=("title",)))
    assert story("a/b.md", site=lenient, date=None).url == "/a/1970/01/b/"


# --- reading time --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "minutes"),
    [("", 1), ("word " * 238, 1), ("word " * 239, 2), ("word " * 2380, 10), ("字" * 500, 1), ("字" * 501, 2)],
)
def test_reading_time_is_in_whole_minutes_of_the_body_rounded_up(body: str, minutes: int) -> None:
    assert story("a/b.md", body, description="not counted " * 300).minutes == minutes


def test_words_of_two_scripts_add_up() -> None:
    assert story("a/b.md", "word " * 119 + "\n\n" + "字" * 260).minutes == 2


# --- bytes ---------------------------------------------------------------------------------------------------------


def test_a_source_that_is_not_utf8_is_told_with_the_place_of_the_byte() -> None:
    parsed = parse("a/b.md", "---\ntitle: Ayş".encode() + b"\xfee\n---\n")
    assert parsed.source is None
    assert told(parsed) == [(2, 11, "encoding")]
    assert "0xfe" in parsed.diagnostics[0].message


def test_a_source_over_the_limit_is_told_with_its_size() -> None:
    parsed = parse("a/b.md", source("x" * sourcetext.MAX_BYTES, **DATED))
    assert told(parsed) == [(1, 1, "too-large")]
    assert "512" in parsed.diagnostics[0].message


def test_a_byte_order_mark_and_line_ends_of_other_systems_make_no_difference() -> None:
    text = source("One.\n\nTwo.", **DATED)
    plain = parse("a/b.md", text)
    for other in ("\ufeff" + text, text.replace("\n", "\r\n"), text.replace("\n", "\r")):
        assert parse("a/b.md", other) == plain


def test_a_body_is_kept_under_its_digest_and_equal_sources_give_equal_values() -> None:
    text = source("Some *words*.", **DATED)
    one, other = parse("a/b.md", text), parse("a/b.md", text)
    assert one == other
    assert isinstance(one.source, Article)
    assert one.source.body == digest(one.body)
    assert "<em>words</em>" in store.decode(one.body).html
    assert fingerprint(one.source) == fingerprint(other.source)


def test_editing_the_body_changes_nothing_that_other_pages_may_know() -> None:
    before, after = story("a/b.md", "One."), story("a/b.md", "Two.")
    assert before.body != after.body
    assert replace(before, body=b"", terms=FrozenMap()) == replace(after, body=b"", terms=FrozenMap())


def test_a_batch_survives_the_way_to_a_worker_and_back() -> None:
    text = source("![x](a.png) [y](z.md)\n\n> quote", **DATED, topics=["x"], image={"src": "b.png", "alt": ""})
    batch = ParseBatch(sources=(("content/a/b.md", text.encode()),), settings=SETTINGS, locales=locales())
    sent = pickle.loads(pickle.dumps(batch))  # noqa: S301  # our own bytes
    assert pickle.loads(pickle.dumps(parse_batch(sent))) == parse_batch(batch)  # noqa: S301  # our own bytes


LINES = st.sampled_from(
    ["---", "title: T", "date: 2025-04-09", "draft: true", "darft: yes", "topics: [a, b", "image: {src: x}", "  - x",
     "# H", "> > >", "[a](b.md)", "![](c.png)", "<script>", "::: fact", ":::", "| a | b |", "|---|", "[^1]", "[^1]: n",
     "*x", "\t", "", "\0", "\ufeff", "&amp;", "\u202e", "date: 2026-02-30", "x: &a [*a]", "title: Twice"]
)  # fmt: skip


@settings(max_examples=examples(300))
@given(
    st.one_of(
        st.binary(max_size=80),
        st.text(max_size=80).map(str.encode),
        st.lists(LINES, max_size=14).map(lambda lines: "\n".join(lines).encode()),
    )
)
def test_whatever_a_writer_typed_gives_findings_and_never_an_exception(data: bytes) -> None:
    for path in ("europe/a.md", "europe/_index.md", "_index.md", "authors/a.md", "pages/a.md"):
        parsed = parse(path, data)
        for finding in parsed.diagnostics:
            assert finding.path == f"content/{path}"
            assert finding.code in CODES
            assert finding.format().startswith(f"content/{path}")
        assert parsed.source is not None or parsed.diagnostics


def test_all_errors_of_all_sources_are_told_in_one_run(site: Site) -> None:
    site.story("europe/a.md", date="2026-02-30").story("europe/b.md", colour="red", label="gossip")
    site.write("content/europe/c.md", b"\xff\xfe").write("content/europe/photo.png", png())
    site.story("europe/d.md", "[x](nowhere.md)\n\n![](photo.png)")
    built = site.build()
    found = [(finding.path.removeprefix("content/europe/"), finding.code) for finding in built.errors]
    assert found == [
        ("a.md", "date"),
        ("b.md", "unknown-key"),
        ("b.md", "value"),
        ("c.md", "encoding"),
        ("d.md", "broken-link"),
        ("d.md", "missing-alt"),
    ]
    assert not site.output.exists()
