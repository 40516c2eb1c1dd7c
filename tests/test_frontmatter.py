"""Front matter: its fences, the kinds of sources besides stories, and what holds of any text."""

from __future__ import annotations

import os
from dataclasses import fields
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matters import ISTANBUL, PATH, story

from broadsheet import frontmatter
from broadsheet.errors import CODES
from broadsheet.frontmatter.matters import STORY_ALIASES
from broadsheet.model import StoryMatter

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
