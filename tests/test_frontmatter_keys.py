"""Front matter: every key and alias, near misses of them, and what is missing."""

from __future__ import annotations

import pickle
from dataclasses import fields
from datetime import datetime

import pytest
from matters import ISTANBUL, bad, story

from broadsheet.errors import CODES
from broadsheet.frontmatter.matters import STORY_ALIASES
from broadsheet.frozen import FrozenMap
from broadsheet.model import Correction, ImageRef, Pin, StoryMatter

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
