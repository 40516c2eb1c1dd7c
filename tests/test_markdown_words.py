"""Nothing a writer typed is lost: each visible word is in the page or in a finding."""

from __future__ import annotations

from pathlib import Path

import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from visible_words import missing_words

from broadsheet.markdown import Options, render
from broadsheet.markdown.words import count_words
from broadsheet.model import Body, Rendered

STORIES = sorted((Path(__file__).parent / "corpora" / "digitalgov" / "articles").rglob("*.md"))

BLOCKS = st.sampled_from(
    [
        "Alpha *beta* **gamma** `delta`.",
        "# Epsilon",
        "## Zeta\n\n### Eta",
        "- theta\n- iota\n  - kappa",
        "> lambda\n> mu",
        "1. nu\n2. xi",
        "| omicron | pi |\n|---|---|\n| rho | sigma | tau |",
        "```\nupsilon\n```",
        "    phi",
        "chi[^1]",
        "[^1]: psi",
        "[^2]: omega",
        "::: factbox Aleph\nbet\n:::",
        "::: quote Gimel\ndalet\n:::",
        "::: nosuch he\nvav\n:::",
        "::: factbox zayin",
        ":::",
        "::: video https://v.test/x\ntitle: Chet\n\ntet\n:::",
        '![yod](kaf.jpg "Lamed / Mem")',
        "![nun](javascript:samekh)",
        '[ayin](pe.md "tsadi")',
        "[qof](javascript:resh)",
        "[](shin.md)",
        "[tav]()",
        "<b>one</b> two",
        "<div title='three'>\nfour\n</div>",
        "<http://five.test>",
        "[six]: seven",
        "eight &amp; nine&copy;ten",
        "\\*eleven\\*",
        "~~twelve~~",
        "thirteen  \nfourteen",
        "::: gallery fifteen\n- ![sixteen](a.jpg)\n- seventeen\n:::",
        "[^none] eighteen",
    ]
)


@pytest.mark.parametrize("path", STORIES, ids=lambda p: p.stem[:40])
@pytest.mark.parametrize("raw_html", ["escape", "sanitize"])
def test_every_visible_word_of_a_real_story_is_shown_or_told(path: Path, raw_html: str) -> None:
    body = path.read_text(encoding="utf-8").partition("\n---\n")[2]
    rendered = render(body, path=path.name, options=Options(raw_html=raw_html))  # type: ignore[arg-type]
    assert missing_words(body, rendered, html=raw_html != "escape") == []


def test_the_real_stories_are_there() -> None:
    assert len(STORIES) == 39


@settings(max_examples=examples(200), deadline=None)
@given(st.lists(BLOCKS, max_size=8).map("\n\n".join))
def test_every_visible_word_of_any_mix_of_blocks_is_shown_or_told(source: str) -> None:
    assert missing_words(source, render(source, path="x.md")) == []


def test_the_count_notices_a_lost_word() -> None:
    rendered = render("One two.\n\nThree two.", path="x.md")
    assert missing_words("One two.\n\nThree two.", rendered) == []
    assert missing_words("One two.\n\nThree two.", Rendered(body=Body(html="<p>One two.</p>"))) == ["three", "two"]


@pytest.mark.parametrize(
    ("text", "words", "cjk"),
    [
        ("", 0, 0),
        ("one two\nthree", 3, 0),
        ("İstanbul’da görüşme", 2, 0),
        ("東京は首都 and more", 2, 5),
        ("서울 시민", 0, 4),
        ("مباحثات في إسطنبول", 3, 0),
        ("𠀋", 0, 1),
        ("em — dash", 3, 0),
    ],
)
def test_words_and_cjk_characters_are_counted_apart(text: str, words: int, cjk: int) -> None:
    assert count_words(text) == (words, cjk)


def test_text_is_what_a_reader_reads_with_blocks_on_lines_of_their_own() -> None:
    source = '## Head\n\nOne *two*\nthree [four](x.md).\n\n- five\n\n::: factbox Six\nseven\n:::\n\n![alt](a.jpg "cap")'
    rendered = render(source, path="x.md")
    assert [line for line in rendered.text.split("\n") if line] == [
        "Head",
        "One two three four.",
        "five",
        "Six",
        "seven",
    ]
    assert rendered.words == 8


def test_words_behind_the_language_of_a_code_block_are_told() -> None:
    rendered = render("~~~~ First more words\ntext\n~~~~\n\n```python\nx\n```\n", path="x.md")
    (finding,) = rendered.diagnostics
    assert (finding.line, finding.column, finding.code) == (1, 1, "code-words")
    assert "more words" in finding.message


@pytest.mark.parametrize("markup", ["<svg><text>{}</text></svg>", "<math><mi>{}</mi></math>", "<p><svg>{}</svg></p>"])
@pytest.mark.parametrize("where", ["Before.\n\n{}\n\nAfter.", "Before {} after."])
def test_words_of_a_drawing_that_is_taken_out_are_told(markup: str, where: str) -> None:
    source = where.format(markup.format("alpha beta"))
    rendered = render(source, path="x.md", options=Options(raw_html="sanitize"))
    shown = rendered.body.html + "".join(finding.message for finding in rendered.diagnostics)
    assert "alpha" in shown
    assert "beta" in shown


@pytest.mark.parametrize(
    "text",
    [
        '<span class="dropcap">T</span>he ferry.',
        'First <font color="red">Breaking</font>, more.',
        "text<!-- note -->more",
        "H<font>2</font>O &amp; <script>e</script> more",
        "<center>Hi</center>.",
        "<strike>b</strike>c [g](h.md) ![alt](p.png)",
        '<abbr title="a > b">c</abbr> d',
        "<div>i<br>j</div>\n",
    ],
)
def test_words_that_stay_are_not_told_as_lost(text: str) -> None:
    rendered = render(f"Before.\n\n{text}\n\nAfter {text}", path="x.md", options=Options(raw_html="sanitize"))
    assert not [finding for finding in rendered.diagnostics if "are lost" in finding.message]


def test_lost_words_are_told_where_they_stood_in_boxes_too() -> None:
    source = "<b>ok</b>\n\n\nlater <svg><text>two</text></svg>\n\n::: factbox F\n<svg><text>gone</text></svg>\n:::\n"
    rendered = render(source, path="x.md", options=Options(raw_html="sanitize"))
    (finding,) = [finding for finding in rendered.diagnostics if "are lost" in finding.message]
    assert finding.line == 4
    assert {"two", "gone"} <= set(finding.message.split())
