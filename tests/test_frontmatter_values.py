"""Front matter: the typed values of INTERFACE, and those that do not fit."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime

import pytest
from matters import ISTANBUL, bad, good, story

from broadsheet.errors import CODES
from broadsheet.model import ImageRef, Pin, StoryMatter


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
