"""Front matter: fences, keys, aliases, dates and the other typed values of INTERFACE."""

from __future__ import annotations

import os
import pickle
from dataclasses import fields
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet import frontmatter
from broadsheet.errors import CODES, Diagnostic
from broadsheet.frontmatter.matters import STORY_ALIASES
from broadsheet.frozen import FrozenMap
from broadsheet.model import Correction, ImageRef, Pin, StoryMatter
from broadsheet.settings import SchemaSettings, Settings, SiteSettings

ISTANBUL = ZoneInfo("Europe/Istanbul")
NEW_YORK = ZoneInfo("America/New_York")
SETTINGS = Settings(site=SiteSettings(title="The Section"))
PATH = "content/europe/talks.md"


def story(
    text: str, *, path: str = PATH, zone: ZoneInfo = ISTANBUL, required: tuple[str, ...] = ("title", "date")
) -> tuple[StoryMatter | None, tuple[Diagnostic, ...]]:
    settings = Settings(site=SETTINGS.site, schema=SchemaSettings(required=required))
    return frontmatter.story(text, path, settings=settings, zone=zone)


def good(text: str, *, zone: ZoneInfo = ISTANBUL) -> StoryMatter:
    """The matter of `text` below a title and a date, which must raise no finding."""
    matter, found = story(f"title: T\ndate: 2025-04-09\n{text}\n", zone=zone)
    assert not found, [d.format() for d in found]
    assert matter is not None
    return matter


def bad(text: str, *, zone: ZoneInfo = ISTANBUL) -> list[tuple[int, int, str]]:
    """Where and what is wrong with `text`, which begins on line 4."""
    _, found = story(f"title: T\ndate: 2025-04-09\n{text}\n", zone=zone)
    for diagnostic in found:
        assert diagnostic.path == PATH
        assert diagnostic.hint
        assert diagnostic.excerpt
        assert diagnostic.code in CODES
    return [(d.line, d.column, d.code) for d in found]


# --- fences --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_a_file_is_split_into_front_matter_and_body(ends: str, start: str) -> None:
    text = start + ends.join(["--- ", "title: A", "date: x", "---\t", "", "Body", "---", "rest"])
    parts, found = frontmatter.split(text, PATH)
    assert not found
    assert parts is not None
    assert parts.matter.split(ends) == ["title: A", "date: x", ""]
    assert parts.body == ends.join(["", "Body", "---", "rest"])
    assert (parts.matter_line, parts.body_line) == (2, 5)


@pytest.mark.parametrize(
    ("text", "matter", "body", "line"),
    [
        ("---\na: b\n---", "a: b\n", "", 4),
        ("---\na: b\n---\n", "a: b\n", "", 4),
        ("---\n---\nx", "", "x", 3),
        ("---\na: |\n  ---\n----\n--- x\n---\nb", "a: |\n  ---\n----\n--- x\n", "b", 7),
    ],
)
def test_edges_of_the_fences(text: str, matter: str, body: str, line: int) -> None:
    assert frontmatter.split(text, PATH)[0] == frontmatter.Parts(matter, body, 2, line)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("Just text\n", 1, "no front matter"),
        ("", 1, "no front matter"),
        ("---\ntitle: x\nbody", 1, "no closing"),
        ("---", 1, "no closing"),
        ("\n\n---\ntitle: x\n---\n", 3, "first line"),
        ("----\ntitle: x\n----\n", 1, "three hyphens"),
        ("–––\ntitle: x\n–––\n", 1, "three hyphens"),
        ('+++\ntitle = "x"\n+++\n', 1, "TOML"),
        ('{"title": "x"}\n', 1, "JSON"),
    ],
)
def test_missing_or_other_front_matter_is_explained(text: str, line: int, words: str) -> None:
    parts, found = frontmatter.split(text, PATH)
    assert parts is None
    (diagnostic,) = found
    assert (diagnostic.line, diagnostic.column, diagnostic.code) == (line, 1, "front-matter")
    assert words in diagnostic.message
    assert "---" in diagnostic.hint


def test_a_file_that_needs_no_front_matter_may_be_all_body() -> None:
    assert frontmatter.split("Hello\n", PATH, required=False) == (frontmatter.Parts("", "Hello\n"), ())
    assert frontmatter.split("---\nx", PATH, required=False)[0] is None


@given(st.text(st.characters(codec=None) | st.sampled_from("-\r\n \ufeff"), max_size=80))
def test_splitting_loses_nothing_and_never_raises(text: str) -> None:
    parts, found = frontmatter.split(text, PATH)
    assert (parts is None) == bool(found)
    if parts is not None:
        assert text.endswith(parts.body)
        assert parts.matter in text


# --- keys ----------------------------------------------------------------------------------------------------------

FULL = """\
title: The talks
slug: talks
url: /special/talks/
date: 2025-04-09 16:30
updated: 2025-04-10T08:00:00Z
embargo: 2025-04-09T17:00+02:00
expires: 2025-05-01
draft: false
unlisted: true
noindex: true
description: A standfirst.
authors: [Elif Kaya, AA]
region: europe
topics:
  - Energy
  - Turkey
series: The long road
kicker: Diplomacy
label: analysis
image:
  src: photo.jpg
  alt: Two people
  caption: At the table.
  credit: AA
  focus: 30% 0.6
pin: {position: 2, until: 2025-04-12}
related: [../asia/x.md]
related_exclude: ./y.md
aliases: [/old/, /caf%C3%A9/]
corrections:
  - {date: 2025-04-10, kind: clarification, text: The name.}
status: withdrawn
lang: tr
dir: ltr
translation_key: talks
kind: live
source_url: https://example.com/a
params: {n: 1, deep: {x: [a]}}
"""


def test_every_key_is_read() -> None:
    matter, found = story(FULL)
    assert not found
    assert matter == StoryMatter(
        title="The talks",
        slug="talks",
        url="/special/talks/",
        date=datetime(2025, 4, 9, 16, 30, tzinfo=ISTANBUL),
        updated=datetime(2025, 4, 10, 11, tzinfo=ISTANBUL),
        embargo=datetime(2025, 4, 9, 18, tzinfo=ISTANBUL),
        expires=datetime(2025, 5, 1, tzinfo=ISTANBUL),
        unlisted=True,
        noindex=True,
        description="A standfirst.",
        authors=("Elif Kaya", "AA"),
        region="europe",
        topics=("Energy", "Turkey"),
        series="The long road",
        kicker="Diplomacy",
        label="analysis",
        image=ImageRef(
            src="photo.jpg", alt="Two people", caption="At the table.", credit="AA", focus=(0.3, 0.6), mark=(22, 3)
        ),
        pin=Pin(position=2, until=datetime(2025, 4, 12, tzinfo=ISTANBUL)),
        related=("../asia/x.md",),
        related_exclude=("./y.md",),
        aliases=("/old/", "/café/"),
        corrections=(Correction(date=datetime(2025, 4, 10, tzinfo=ISTANBUL), kind="clarification", text="The name."),),
        status="withdrawn",
        lang="tr",
        dir="ltr",
        translation_key="talks",
        kind="live",
        source_url="https://example.com/a",
        params=FrozenMap({"n": 1, "deep": FrozenMap({"x": ("a",)})}),
        marks=matter.marks if matter else FrozenMap(),
    )


def test_every_key_of_the_model_is_in_the_full_example() -> None:
    written = {line.partition(":")[0] for line in FULL.splitlines() if line[0] not in " -"}
    assert written == {field.name for field in fields(StoryMatter)} - {"marks"}


def test_marks_give_the_place_of_keys_and_items() -> None:
    matter, _ = story(FULL)
    assert matter is not None
    expected = {
        "title": (2, 1),
        "topics": (15, 1),
        "topics.1": (17, 5),
        "authors.1": (13, 22),
        "image": (21, 1),
        "image.alt": (23, 3),
        "related.0": (28, 11),
        "related_exclude.0": (29, 18),
        "aliases.1": (30, 18),
        "corrections.0": (32, 5),
        "pin.until": (27, 20),
    }
    assert {key: matter.marks[key] for key in expected} == expected


def test_matters_pickle() -> None:
    matter, _ = story(FULL)
    assert pickle.loads(pickle.dumps(matter)) == matter  # noqa: S301  # our own bytes


@pytest.mark.parametrize(
    ("alias", "canonical"),
    [
        ("published", "date"),
        ("pubDate", "date"),
        ("publishDate", "date"),
        ("lastmod", "updated"),
        ("modified", "updated"),
        ("expiryDate", "expires"),
        ("standfirst", "description"),
        ("dek", "description"),
        ("summary", "description"),
        ("excerpt", "description"),
        ("author", "authors"),
        ("byline", "authors"),
        ("section", "region"),
        ("category", "region"),
        ("tags", "topics"),
        ("cover", "image"),
        ("feature_image", "image"),
        ("redirect_from", "aliases"),
    ],
)
def test_each_alias_means_its_key_and_both_together_are_a_duplicate(alias: str, canonical: str) -> None:
    value = "2025-04-09" if canonical in ("date", "updated", "expires") else "/x/" if canonical == "aliases" else "x"
    base = "title: T\n" if canonical == "date" else "title: T\ndate: 2025-04-09\n"
    by_alias, found = story(f"{base}{alias}: {value}\n")
    by_key, _ = story(f"{base}{canonical}: {value}\n")
    assert not found
    assert by_alias is not None
    assert by_key is not None
    if canonical == "image":
        assert by_alias.image == ImageRef(src="x", mark=(4, len(alias) + 3))
    else:
        assert getattr(by_alias, canonical) == getattr(by_key, canonical)
    assert getattr(by_alias, canonical)
    assert canonical in by_alias.marks
    _, found = story(f"{base}{canonical}: {value}\n{alias}: {value}\n")
    assert [d.code for d in found] == ["duplicate-key"]
    assert canonical in found[0].message


def test_the_alias_table_holds_exactly_what_is_tested() -> None:
    assert len(STORY_ALIASES) == 18


def test_unknown_keys_get_a_suggestion() -> None:
    _, found = story("title: T\ndate: 2025-04-09\ntopcs: [a]\nimage: {src: a.jpg, al: x}\nqwerty: 1\n")
    assert [(d.line, d.code, "Did you mean" in d.hint) for d in found] == [
        (4, "unknown-key", True),
        (5, "unknown-key", True),
        (6, "unknown-key", False),
    ]
    assert found[0].hint == "Did you mean `topics`?"


@pytest.mark.parametrize(
    "key",
    [
        *["darft", "Draft", "DRAFT", "drafts", "drfat", "draf", "is_draft", "isDraft", "draft "],
        *["embrago", "Embargo", "embargoed", "embargo_until", "emargo"],
        *["expire", "expired", "expiry", "expiry_date", "expirydate", "exipres", "Expires"],
        *["unlistd", "no_index", "noIndex", "no-index", "stauts", "Status"],
        *["hidden", "private", "visibility", "password", "unpublishDate"],
        *["hold_until", "hold-for", "expiration", "expirationDate", "Date", "DATE", "dates", "pubdate", "PubDate"],
        *["publishdate", "publish_date", "Published", "publised", "published_at", "publishedAt", "publication_date"],
        *["datePublished", "releaseDate", "scheduled"],
    ],
)
def test_a_near_miss_of_a_hiding_key_is_an_error_and_hides(key: str) -> None:
    matter, found = story(f'title: T\ndate: 2025-04-09\n"{key}": true\n')
    assert [(d.line, d.column, d.code) for d in found] == [(4, 1, "hidden-key")]
    assert CODES["hidden-key"].guarded
    assert matter is not None
    assert matter.draft


@pytest.mark.parametrize("line", ["publish: false", "Publish: no", "published_: false", "public: off", "listed: false"])
def test_a_key_that_shows_a_story_hides_it_where_it_says_no(line: str) -> None:
    matter, found = story(f"title: T\ndate: 2025-04-09\n{line}\n")
    assert [d.code for d in found] == ["hidden-key"]
    assert found[0].hint.startswith("Did you mean `")
    assert matter is not None
    assert matter.draft


@pytest.mark.parametrize(
    "line",
    ["publish: true", "public: true", "publisher: x", "publication: The Times", "data: x", "update: x", "Date:"],
)
def test_a_key_that_holds_nothing_back_is_merely_unknown(line: str) -> None:
    matter, found = story(f"title: T\ndate: 2025-04-09\n{line}\n")
    assert [d.code for d in found] == ["unknown-key"]
    assert matter is not None
    assert not matter.draft


@pytest.mark.parametrize("key", ["layout", "weight", "id", "type", "subtitle", "language", "images", "templateKey"])
def test_keys_of_other_programs_are_merely_unknown(key: str) -> None:
    assert bad(f"{key}: x") == [(4, 1, "unknown-key")]


@pytest.mark.parametrize(
    "line", ["draft: yes", "draft: True", "embargo: soon", "expires: 2025-02-30", "unlisted: on", "status: draft"]
)
def test_an_unreadable_hiding_value_leaves_the_story_hidden(line: str) -> None:
    matter, found = story(f"title: T\ndate: 2025-04-09\n{line}\n")
    assert len(found) == 1
    assert CODES[found[0].code].guarded
    assert matter is not None
    assert matter.draft


def test_required_keys_are_demanded_all_at_once() -> None:
    _, found = story("description: x\nkicker:\n", required=("title", "date", "kicker", "image"))
    assert [(d.line, d.code) for d in found] == [
        (1, "missing-key"),
        (1, "missing-key"),
        (3, "missing-key"),
        (1, "missing-key"),
    ]
    assert not story("", required=())[1]


@pytest.mark.parametrize("value", ["", "''", "'   '", "~", "null", "\u200b"])
def test_an_empty_title_is_a_missing_one(value: str) -> None:
    _, found = story(f"title: {value}\ndate: 2025-04-09\n")
    assert [(d.line, d.code) for d in found if d.code != "invisible-character"] == [(2, "missing-key")]


def test_a_refused_value_is_not_also_missing() -> None:
    _, found = story("title: [a]\ndate: tomorrow\n")
    assert [d.code for d in found] == ["value", "date"]


def test_all_findings_of_a_story_come_at_once() -> None:
    text = "title: [a]\ndate: 2026-02-30\ndarft: true\ntpoics: x\nlabel: opinon\npin: maybe\nlang: en_US\nurl: x\n"
    _, found = story(text)
    assert sorted(d.line for d in found) == [2, 3, 4, 5, 6, 7, 8, 9]


def test_a_syntax_error_gives_no_matter_but_the_findings_above_it() -> None:
    matter, found = story("darft: true\ndate: 2025-04-09\ntitle: A: B\n")
    assert matter is None
    assert [(d.line, d.code) for d in found] == [(4, "yaml"), (2, "hidden-key")]


@pytest.mark.parametrize("text", ["- a\n- b\n", "only words\n", "'quoted'\n"])
def test_front_matter_holds_keys(text: str) -> None:
    matter, found = story(text)
    assert matter is None
    assert [d.code for d in found] == ["front-matter"]


def test_front_matter_has_a_size_limit() -> None:
    matter, found = story("title: " + "x" * 70_000)
    assert matter is None
    assert [d.code for d in found] == ["too-large"]


# --- values --------------------------------------------------------------------------------------------------------


def test_absent_and_empty_values_are_the_defaults() -> None:
    empty = good("\n".join(f"{f.name}:" for f in fields(StoryMatter) if f.name not in ("marks", "title", "date")))
    plain = good("")
    for field in fields(StoryMatter):
        if field.name != "marks":
            assert getattr(empty, field.name) == getattr(plain, field.name)


def test_titles_are_one_line_and_trimmed() -> None:
    assert good("description: '  a   b '").description == "a   b"
    assert good("description: |\n  one\n  two\n").description == "one two"
    _, found = story("title: |\n  one\n  two\ndate: 2025-04-09\n")
    assert [(d.line, d.code) for d in found] == [(2, "value")]
    matter, found = story("title: |\n  one\ndate: 2025-04-09\n")
    assert (matter.title if matter else None, found) == ("one", ())


@pytest.mark.parametrize("key", ["title", "description", "kicker", "caption", "alt", "credit"])
def test_entities_and_invisible_characters_are_resolved_with_a_warning(key: str) -> None:
    line = f"  {key}: Q&amp;A\u200b" if key in ("caption", "alt", "credit") else f"{key}: Q&amp;A\u200b"
    image = "image:\n  src: a.jpg\n" if key in ("caption", "alt", "credit") else ""
    title = "" if key == "title" else "title: T\n"
    matter, found = story(f"{title}date: 2025-04-09\n{image}{line}\n")
    assert [d.code for d in found] == ["html-entity", "invisible-character"]
    assert {CODES[d.code].severity for d in found} == {"warn"}
    assert matter is not None
    assert getattr(matter.image if image else matter, key) == "Q&A"


def test_a_picture_may_be_its_path_alone_and_alt_may_be_empty_on_purpose() -> None:
    assert good("image: a.jpg").image == ImageRef(src="a.jpg", mark=(4, 8))
    assert good("image: https://x.org/a.jpg").image == ImageRef(src="https://x.org/a.jpg", mark=(4, 8))
    decorative = good("image: {src: a.jpg, alt: ''}").image
    unsaid = good("image: {src: a.jpg, alt: }").image
    assert decorative is not None
    assert decorative.alt == ""
    assert unsaid is not None
    assert unsaid.alt is None


@pytest.mark.parametrize(
    "image",
    [
        "[a.jpg]",
        "{alt: x}",
        "{src: 'javascript:x'}",
        "'data:image/png,x'",
        "'C:\\a.jpg'",
        "{src: [a]}",
        "{src: }",
        "{src: ''}",
        "{src: a, focus: 1}",
    ]
    + [f"{{src: a, focus: {focus}}}" for focus in ("2 0", "'101% 5'", "a b", "0.5 0.5 0.5", "'-1 0'")],
)
def test_unfit_pictures_are_refused(image: str) -> None:
    assert [code for *_, code in bad(f"image: {image}")] == ["value"]


@pytest.mark.parametrize(("written", "focus"), [("0 1", (0, 1)), ("25% 100%", (0.25, 1)), (".5 0.125", (0.5, 0.125))])
def test_focus_is_two_shares(written: str, focus: tuple[float, float]) -> None:
    image = good(f"image: {{src: a.jpg, focus: {written}}}").image
    assert image is not None
    assert image.focus == focus


def test_pins() -> None:
    assert good("pin: true").pin == Pin()
    assert good("pin: false").pin is None
    assert good("pin: {until: 2025-04-12 10:00}").pin == Pin(until=datetime(2025, 4, 12, 10, tzinfo=ISTANBUL))
    assert bad("pin: {position: 0, unitl: 2025-04-12}") == [(4, 17, "value"), (4, 20, "unknown-key")]


@pytest.mark.parametrize(
    "text",
    [
        "corrections: {date: 2025-04-10, kind: note, text: x}",
        "corrections: [x]",
        "corrections: [{date: 2025-04-10, text: x}]",
        "corrections: [{date: 2025-04-10, kind: erratum, text: x}]",
        "corrections: [{date: 2025-04-10, kind: note, text: ''}]",
        "corrections: [{date: 2025-04-10, kind: note, text: }]",
    ],
)
def test_incomplete_corrections_are_refused(text: str) -> None:
    assert [code for *_, code in bad(text)] == ["value"]


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        ("label: Opinion", 8, "value"),
        ("kind: video", 7, "value"),
        ("dir: auto", 6, "value"),
        ("status: published", 9, "value"),
        ("slug: a/b", 7, "slug"),
        ("slug: ..", 7, "slug"),
        ("region: ../x", 9, "unsafe-path"),
        ("region: [a]", 9, "value"),
        ("url: no-slash", 6, "value"),
        ("url: /a/../b/", 6, "value"),
        ("aliases: [/ok/, 'https://x.org/']", 17, "value"),
        ("source_url: javascript:alert(1)", 13, "value"),
        ("lang: english_US", 7, "value"),
        ("authors: [{name: A}]", 11, "value"),
        ("topics: a, b", 9, "value"),
        ("related: 'https://x.org/a.md'", 10, "value"),
        ("params: x", 9, "value"),
        ("kicker: {a: b}", 9, "value"),
        ("topics: [a, a]", 13, "duplicate-item"),
    ],
)
def test_unfit_values_are_told_with_their_place(line: str, column: int, code: str) -> None:
    assert bad(line) == [(4, column, code)]


# --- dates ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2025-04-09", "2025-04-09T00:00:00+03:00"),
        ("2025-04-09 16:30", "2025-04-09T16:30:00+03:00"),
        ("2025-04-09T16:30:05", "2025-04-09T16:30:05+03:00"),
        ("2025-04-09T16:30:05.25", "2025-04-09T16:30:05.250000+03:00"),
        ("2025-04-09T16:30:05.123456789", "2025-04-09T16:30:05.123456+03:00"),
        ("2025-04-09T13:30:00Z", "2025-04-09T16:30:00+03:00"),
        ("2025-04-09t13:30z", "2025-04-09T16:30:00+03:00"),
        ("2025-04-09T09:30:00-04:00", "2025-04-09T16:30:00+03:00"),
        ("2025-04-09 09:30:00 -0400", "2025-04-09T16:30:00+03:00"),
        ("2025-04-09 15:30+02", "2025-04-09T16:30:00+03:00"),
        ("'2025-04-09'", "2025-04-09T00:00:00+03:00"),
        ("2015-02-01", "2015-02-01T00:00:00+02:00"),
    ],
)
def test_dates_are_iso_8601_in_the_zone_of_the_site(written: str, expected: str) -> None:
    date = story(f"title: T\ndate: {written}\n")[0]
    assert date is not None
    assert date.date is not None
    assert date.date.isoformat() == expected
    assert date.date.tzinfo is ISTANBUL


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("2026-02-30", "30 February 2026 does not exist"),
        ("2025-02-29", "29 February 2025 does not exist"),
        ("2026-13-01", "no month 13"),
        ("2026-04-00", "0 April 2026 does not exist"),
        ("0205-04-09", "the year 0205 is out of range"),
        ("9999-12-31", "out of range"),
        ("2026-04-09 24:00", "24:00:00 does not exist"),
        ("2026-04-09 12:60", "does not exist"),
        ("2016-12-31T23:59:60Z", "23:59:60 does not exist"),
        ("2026-04-09T12:00+25:00", "no time zone"),
        ("2026-04-09T12:00+03:75", "no time zone"),
        ("tomorrow", "must be a date"),
        ("09.04.2026", "must be a date"),
        ("2026-04-09T", "must be a date"),
        ("2026-04-09 3pm", "must be a date"),
        ("1744210800", "must be a date"),
        ("२०२५-०४-०९", "must be a date"),
        ("false", "must be a date"),
        ("[2026-04-09]", "must be text"),
    ],
)
def test_impossible_dates_are_named(written: str, words: str) -> None:
    matter, found = story(f"title: T\ndate: {written}\n")
    (diagnostic,) = found
    assert (diagnostic.line, diagnostic.column) == (3, 7)
    assert diagnostic.code == ("value" if written.startswith("[") else "date")
    assert words in diagnostic.message
    assert matter is not None
    assert matter.date is None


def test_a_loose_date_gets_its_strict_form_as_hint() -> None:
    assert story("title: T\ndate: 2025/4/9\n")[1][0].hint == "Write 2025-04-09."


def test_a_time_that_clocks_skip_moves_forward_with_a_warning() -> None:
    matter, found = story("title: T\ndate: 2025-03-09 02:30\n", zone=NEW_YORK)
    assert [d.code for d in found] == ["dst-gap"]
    assert matter is not None
    assert matter.date is not None
    assert matter.date.isoformat() == "2025-03-09T03:30:00-04:00"
    assert "2025-03-09T03:30-04:00" in found[0].hint


def test_a_time_that_clocks_show_twice_is_the_first_with_a_warning() -> None:
    matter, found = story("title: T\ndate: 2025-11-02 01:30\n", zone=NEW_YORK)
    assert [d.code for d in found] == ["dst-overlap"]
    assert matter is not None
    assert matter.date is not None
    assert matter.date.isoformat() == "2025-11-02T01:30:00-04:00"


def test_a_zone_settles_what_clocks_show_twice() -> None:
    for written in ("2025-11-02T01:30-04:00", "2025-11-02T01:30-05:00"):
        matter, found = story(f"title: T\ndate: {written}\n", zone=NEW_YORK)
        assert not found
        assert matter is not None
        assert matter.date is not None
        assert matter.date.isoformat(timespec="minutes") == written


def test_a_day_that_begins_in_a_gap_begins_when_clocks_do() -> None:
    matter, found = story("title: T\ndate: 2018-11-04\n", zone=ZoneInfo("America/Sao_Paulo"))
    assert not found
    assert matter is not None
    assert matter.date is not None
    assert matter.date.isoformat() == "2018-11-04T01:00:00-02:00"


@pytest.mark.parametrize("path", ["content/europe/2025-04-09-talks.md", "content/europe/2025-04-09-talks/index.md"])
def test_the_date_may_come_from_the_name_of_the_file(path: str) -> None:
    matter, found = story("title: T\n", path=path)
    assert not found
    assert matter is not None
    assert matter.date == datetime(2025, 4, 9, tzinfo=ISTANBUL)
    own, _ = story("title: T\ndate: 2024-01-01\n", path=path)
    assert own is not None
    assert own.date == datetime(2024, 1, 1, tzinfo=ISTANBUL)


def test_an_impossible_date_in_a_file_name_is_told_once() -> None:
    _, found = story("title: T\n", path="content/europe/2025-02-30-talks.md")
    assert [(d.line, d.code) for d in found] == [(0, "date")]
    assert "30 February 2025" in found[0].message


@given(
    st.datetimes(datetime(1000, 1, 1), datetime(9998, 12, 31)),  # noqa: DTZ001  # wall-clock times
    st.sampled_from(["Europe/Istanbul", "America/New_York", "Australia/Lord_Howe", "Africa/Monrovia", "UTC"]),
)
def test_any_wall_clock_time_becomes_one_that_exists(local: datetime, name: str) -> None:
    zone = ZoneInfo(name)
    matter, found = story(f"title: T\ndate: {local.isoformat()}\n", zone=zone)
    assert matter is not None
    assert matter.date is not None
    assert matter.date.astimezone(UTC).astimezone(zone).replace(fold=0) == matter.date.replace(fold=0)
    if not found:
        assert matter.date.replace(tzinfo=None) == local
    elif found[0].code == "dst-gap":
        assert matter.date.replace(tzinfo=None) > local


# --- the other kinds of sources ------------------------------------------------------------------------------------


def test_region_front_matter() -> None:
    matter, found = frontmatter.region(
        "title: Türkiye\ndescription: d\norder: 2\nlanguage: tr\npins: [a.md]\n",
        "content/turkiye/_index.md",
        zone=ISTANBUL,
    )
    assert not found
    assert matter is not None
    assert (matter.title, matter.order, matter.language, matter.pins) == ("Türkiye", 2, "tr", ("a.md",))
    assert matter.marks["pins.0"] == (6, 8)


def test_home_front_matter() -> None:
    matter, found = frontmatter.home(
        "title: Home\nlead:\n- europe/a.md\n- asia/b.md\n", "content/_index.md", zone=ISTANBUL
    )
    assert not found
    assert matter is not None
    assert matter.lead == ("europe/a.md", "asia/b.md")
    assert frontmatter.home("", "content/_index.md", zone=ISTANBUL)[1] == ()


def test_author_front_matter() -> None:
    text = "name: AA\ntype: organization\nrole: Agency\nimage: a.jpg\nlinks: ['https://aa.com.tr', 'mailto:a@b.org']\n"
    matter, found = frontmatter.author(text, "content/authors/aa.md", zone=ISTANBUL)
    assert not found
    assert matter is not None
    assert (matter.name, matter.type, matter.role) == ("AA", "organization", "Agency")
    assert matter.links == ("https://aa.com.tr", "mailto:a@b.org")
    matter, found = frontmatter.author("role: x\nlinks: ['javascript:x']\n", "content/authors/aa.md", zone=ISTANBUL)
    assert sorted(d.code for d in found) == ["missing-key", "value"]


def test_page_front_matter() -> None:
    text = "title: About\nslug: about\nupdated: 2025-01-02\ndraft: true\nnoindex: true\n"
    text += "aliases: /us/\ndir: rtl\nlang: ar\n"
    matter, found = frontmatter.page(text, "content/pages/about.md", zone=ISTANBUL)
    assert not found
    assert matter is not None
    assert (matter.title, matter.draft, matter.noindex, matter.aliases) == ("About", True, True, ("/us/",))
    hidden, found = frontmatter.page("title: About\ndarft: true\n", "content/pages/about.md", zone=ISTANBUL)
    assert [d.code for d in found] == ["hidden-key"]
    assert hidden is not None
    assert hidden.draft


def test_hiding_keys_where_they_mean_nothing_are_errors() -> None:
    _, found = frontmatter.author("name: A\ndraft: true\n", "content/authors/a.md", zone=ISTANBUL)
    assert [d.code for d in found] == ["hidden-key"]


# --- always --------------------------------------------------------------------------------------------------------


@given(st.text(st.characters(codec=None) | st.sampled_from("-:\n \"'"), max_size=150))
def test_any_text_gives_findings_and_never_raises(text: str) -> None:
    for read in (frontmatter.region, frontmatter.home, frontmatter.author, frontmatter.page):
        matter, found = read(text, PATH, zone=ISTANBUL)
        assert matter is not None or found
    matter, found = story(text)
    for diagnostic in found:
        assert diagnostic.code in CODES
        assert diagnostic.format()


ODD = st.sampled_from(
    [
        "",
        "~",
        "[]",
        "{}",
        "[[]]",
        "{a: b}",
        "[~]",
        "true",
        "'\\0'",
        '"\\0"',
        "2025-02-30",
        "9" * 400,
        "/",
        "-",
        "%",
        "'%'",
        "'{'",
    ]
)
KEYS = st.sampled_from([f.name for f in fields(StoryMatter)] + list(STORY_ALIASES) + ["darft", "x"])


@given(st.dictionaries(KEYS, ODD | st.text(st.characters(categories=("L", "N", "P", "Zs")), max_size=12), max_size=8))
def test_any_value_of_any_key_gives_findings_and_never_raises(keys: dict[str, str]) -> None:
    _, found = story("".join(f"{key}: {value}\n" for key, value in keys.items()))
    for diagnostic in found:
        assert diagnostic.code in CODES
        assert diagnostic.hint


WORDS = st.text(st.sampled_from("aé漢ي😀'\"#:-[]{}, "), min_size=1, max_size=20).map(
    lambda s: " ".join(f"x{s}x".split(" "))
)


@given(
    title=WORDS,
    topics=st.lists(WORDS, unique=True, max_size=4),
    authors=st.lists(WORDS, unique=True, max_size=3),
    draft=st.booleans(),
    date=st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # in UTC
    alt=st.none() | WORDS,
)
def test_what_is_written_is_read_back(
    title: str, topics: list[str], authors: list[str], draft: bool, date: datetime, alt: str | None
) -> None:
    import json

    def quoted(value: object) -> str:
        return json.dumps(value, ensure_ascii=False)

    image = {"src": "a.jpg"} | ({} if alt is None else {"alt": alt})
    text = f"title: {quoted(title)}\ntopics: {quoted(topics)}\nauthors: {quoted(authors)}\ndate: {date.isoformat()}\n"
    matter, found = story(f"{text}draft: {quoted(draft)}\nimage: {quoted(image)}\n")
    assert not found
    assert matter is not None
    assert (matter.title, matter.topics, matter.authors) == (title, tuple(topics), tuple(authors))
    assert matter.draft == draft
    assert matter.date is not None
    # As numbers: in the hour that comes twice, datetimes of two zones are never equal.
    assert matter.date.timestamp() == date.timestamp()
    assert matter.image is not None
    assert matter.image.alt == alt


# --- the documentation ---------------------------------------------------------------------------------------------


def test_the_documentation_names_every_key_and_alias() -> None:
    page = os.path.join(os.path.dirname(__file__), "..", "docs", "front-matter.md")
    with open(page, encoding="utf-8") as file:
        rows = [line for line in file if line.startswith("| `")]
    cells = {row.split("|")[1].strip().strip("`"): row.split("|")[2] for row in rows}
    for field in fields(StoryMatter):
        if field.name != "marks":
            assert field.name in cells
    for alias, canonical in STORY_ALIASES.items():
        assert f"`{alias}`" in cells[canonical]
