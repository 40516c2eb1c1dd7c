"""Typed blocks: one syntax, each mistake told with what to write instead."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from broadsheet.errors import CODES
from broadsheet.markdown import Options, render
from broadsheet.markdown.boxes import NAMES
from broadsheet.model import Embed, FactBox, Figure, Gallery, PullQuote, Rendered


def rendered(source: str, **options: object) -> Rendered:
    return render(source, path="a.md", first_line=10, options=Options(**{"after_paragraph": 0, **options}))  # type: ignore[arg-type]


def test_a_fact_box_holds_text_links_and_pictures() -> None:
    result = rendered('A.\n\n::: factbox The "treaty"\n**1936**: [text](m.md)\n\n![a](a.jpg)\n:::\n\nB.')
    assert result.body.html == "<p>A.</p>\n\0B1\0\n<p>B.</p>\n"
    box = FactBox(title="The “treaty”", html="<p><strong>1936</strong>: \0L0\0text\0/L0\0</p>\n\0B0\0\n")
    assert result.body.blocks == (Figure(picture=0), box)
    assert result.diagnostics == ()


def test_a_pull_quote_says_who_spoke() -> None:
    result = rendered("::: quote Şule García\nWe *wait*.\n:::")
    assert result.body.blocks == (PullQuote(html="<p>We <em>wait</em>.</p>\n", by="Şule García"),)


def test_a_quote_needs_no_name() -> None:
    assert rendered("::: quote\nWords.\n:::").body.blocks == (PullQuote(html="<p>Words.</p>\n"),)


def test_a_gallery_lists_pictures() -> None:
    result = rendered('::: gallery On the quay\n- ![a](a.jpg "One / AA")\n- ![b](b.jpg)\n:::')
    assert result.body.blocks == (Gallery(pictures=(0, 1), title="On the quay"),)
    assert [p.src for p in result.pictures] == ["a.jpg", "b.jpg"]
    assert result.pictures[0].credit == "AA"


def test_an_embed_is_a_card() -> None:
    source = (
        '::: video https://www.youtube.com/watch?v=1\ntitle: The "film"\nby: A. Maker\nimage: still.jpg\n\n'
        "Line one.\nLine two.\n:::"
    )
    result = rendered(source)
    assert result.body.blocks == (
        Embed(
            kind="video",
            url="https://www.youtube.com/watch?v=1",
            title="The “film”",
            by="A. Maker",
            provider="youtube.com",
            text="Line one.\nLine two.",
            picture=0,
        ),
    )
    assert result.pictures[0].alt == ""
    assert result.diagnostics == ()


@pytest.mark.parametrize("kind", ["video", "post", "audio"])
def test_each_kind_of_embed(kind: str) -> None:
    block = rendered(f"::: {kind} https://a.test/1\ntitle: T\n:::").body.blocks[0]
    assert isinstance(block, Embed)
    assert (block.kind, block.text, block.picture) == (kind, "", None)


def test_text_of_a_post_may_hold_colons_and_addresses() -> None:
    block = rendered("::: post https://a.test/1\ntitle: T\n\nNote: see https://b.test\nby: hand\n:::").body.blocks[0]
    assert isinstance(block, Embed)
    assert block.text == "Note: see https://b.test\nby: hand"


def test_a_block_interrupts_a_paragraph_and_code_is_spared() -> None:
    assert rendered("A\n::: quote\nB\n:::\nC").body.html == "<p>A</p>\n\0B0\0\n<p>C</p>\n"
    assert rendered("```\n::: nope\n```\n\n    ::: nope").diagnostics == ()


@pytest.mark.parametrize(
    ("source", "line", "message", "hint"),
    [
        ("::: factbok A\nb\n:::", 10, "no block named 'factbok'", "Did you mean 'factbox'?"),
        ("::: zzz\nb\n:::", 10, "no block named 'zzz'", "factbox, quote, gallery, video, post, audio, recommended"),
        ("A.\n\n:::\n\nB.", 12, "none is open", "open a block"),
        ("::: factbox A\nb", 10, "not closed", "only ':::'"),
        (
            "::: factbox A\nb\n\n::: quote\nc\n:::",
            10,
            "not closed before the next block opens, 3 lines below",
            "only ':::'",
        ),
        ("::: factbox\nb\n:::", 10, "no title", "::: factbox Title"),
        ("::: quote A\n:::", 10, "holds no text", ""),
        ("::: gallery A\n:::", 10, "holds no pictures", "![alt]"),
        ("::: gallery A\n- ![a](a.jpg)\n- words\n:::", 12, "'words' would not be shown", "title"),
        ("::: gallery A\n[![a](a.jpg)](b.md)\n:::", 11, "'a link' would not be shown", ""),
        ("::: video\ntitle: T\n:::", 10, "needs a web address", "https://"),
        ("::: video javascript:x\ntitle: T\n:::", 10, "needs a web address", "https://"),
        ("::: video https://a.test\n:::", 10, "has no title", "title:"),
        ("::: video https://a.test\ntitle: T\ntitel: U\n:::", 12, "'titel' is not a line", "Did you mean 'title'?"),
        ("::: video https://a.test\ntitle: T\ntitle: U\n:::", 12, "given twice", ""),
        ("::: video https://a.test\ntitle: T\nalt: U\n:::", 10, "there is none", "image:"),
        ("::: recommended now", 10, "takes no text", "Remove"),
        ("- a\n\n  ::: quote\n  b\n  :::", 12, "inside a list", "between paragraphs"),
        ("> ::: quote\n> b\n> :::", 10, "inside a list, a quotation", "between paragraphs"),
    ],
)
def test_a_mistake_is_told_where_it_is(source: str, line: int, message: str, hint: str) -> None:
    findings = [d for d in rendered(source).diagnostics if d.code == "block"]
    assert findings
    first = findings[0]
    assert message in first.message
    assert hint in first.hint
    assert (first.path, first.line) == ("a.md", line)


def test_a_block_in_a_block_is_told() -> None:
    result = rendered("::: factbox A\nb\n::: quote\nc\n:::\n:::")
    assert {d.code for d in result.diagnostics} == {"block"}
    assert "c" in result.text


def test_a_mistake_in_a_block_is_an_error() -> None:
    assert CODES["block"].severity == "error"


def test_every_example_of_the_writers_guide_is_right() -> None:
    guide = (Path(__file__).parent.parent / "docs" / "markdown.md").read_text(encoding="utf-8")
    examples = re.findall(r"(?ms)^```markdown\n(.*?)^```", guide)
    assert len(examples) >= 10
    for example in examples:
        assert rendered(example).diagnostics == (), example
    for name in NAMES:
        assert any(f"::: {name}" in example for example in examples) or name in ("post", "audio")


@pytest.mark.parametrize(
    "opening", ["::: FactBox Case", "::: youtube abc", "> ::: factbox Case\n> x\n> :::\n\n::: post-it"]
)
def test_the_closing_line_of_a_block_that_is_refused_is_no_second_mistake(opening: str) -> None:
    found = rendered(f"{opening}\nWords.\n:::\n\nAnd more.")
    assert not [d for d in found.diagnostics if "closes a block" in d.message]
    assert [d.code for d in found.diagnostics].count("block") == opening.count("::: ")
    alone = rendered(f"{opening}\nWords.\n:::\n\n:::\n")
    assert [d.message for d in alone.diagnostics if "closes a block" in d.message]


def test_a_cards_text_keeps_its_paragraphs_and_its_values_lose_quotation_marks() -> None:
    source = "::: video https://v.example.org/1\ntitle: \"Quoted: title\"\nby: 'Q'\n\nOne *as typed*.\n\nTwo.\n:::"
    (card,) = rendered(source).body.blocks
    assert isinstance(card, Embed)
    assert (card.title, card.by, card.text) == ("Quoted: title", "Q", "One *as typed*.\n\nTwo.")
    (spoken,) = rendered('::: video https://v.example.org/1\ntitle: "No" is no "yes"\n:::').body.blocks
    assert isinstance(spoken, Embed)
    assert spoken.title == "“No” is no “yes”"
