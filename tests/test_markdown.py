"""Stories' Markdown: headings, tables, footnotes, the Recommended slot."""

from __future__ import annotations

import re

import pytest
from rendering import codes, html, rendered

from broadsheet.markdown import Labels, render

# --- headings ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "lang", "expected"),
    [
        ("What we know", "en", "what-we-know"),
        ("What's “new”?", "en", "what-s-new"),
        ("İstanbul IŞIKLARI", "tr", "istanbul-ışıkları"),
        ("ISTANBUL", "en", "istanbul"),
        ("مباحثات في إسطنبول", "ar", "مباحثات-في-إسطنبول"),
        ("北京 2025", "zh", "北京-2025"),
        ("हिन्दी", "hi", "हिन्दी"),
        ("Cafe\u0301", "fr", "café"),
        ("!!!", "en", "section-2"),
        ("Main", "en", "main-2"),
        ("fn-1", "en", "section-fn-1"),
    ],
)
def test_heading_ids_are_in_the_storys_script(title: str, lang: str, expected: str) -> None:
    result = rendered(f"## {title}", lang, smart_quotes=False)
    assert result.anchors == (expected,)
    assert f'<h2 id="{expected}">' in result.body.html


def test_heading_ids_are_unique() -> None:
    result = rendered("## A\n\n## A-2\n\n## A\n\n## A\n\n## Explore")
    assert result.anchors == ("a", "a-2", "a-3", "a-4", "explore-2")


def test_a_first_level_heading_demotes_all() -> None:
    result = rendered("## Before\n\n# Top\n\n### Deep")
    assert "<h3" in result.body.html
    assert '<h2 id="top">' in result.body.html
    assert codes(result).count("heading-level") == 3  # the h1, and h3 under the headline, and h4 under h2
    assert "all headings here go down by one" in " ".join(d.message for d in result.diagnostics)


def test_a_skipped_level_is_told() -> None:
    result = rendered("## A\n\n#### B\n\n## C")
    assert codes(result) == ["heading-level"]
    assert (result.diagnostics[0].line, result.diagnostics[0].hint) == (12, "Write ### instead.")


@pytest.mark.parametrize(
    ("written", "shown"),
    [("2 4 2", "2 3 2"), ("3 3 3", "2 2 2"), ("4 3 2", "2 2 2"), ("3 5 5 4 3", "2 3 3 3 2"), ("2 3 4 5 6", "2 3 4 5 6"),
     ("6 6 2 6", "2 2 2 3"), ("2 3 1 2 3", "2 3 2 3 4"), ("3 1 2", "2 2 3")],
)  # fmt: skip
def test_headings_stand_one_level_below_what_they_belong_to(written: str, shown: str) -> None:
    source = "\n\n".join(f"{'#' * int(level)} H{n}" for n, level in enumerate(written.split()))
    assert re.findall(r"<h(\d)", rendered(source).body.html) == shown.split()


def test_a_link_to_a_heading_that_is_not_here_leads_to_the_top() -> None:
    found = html("## A\n\n[a](#a) [b](#b 'B')\n\n::: factbox Facts\n[c](#c)\n:::\n")
    assert re.findall('<a href="([^"]*)"', found) == ["#a", "#main"]
    block = rendered("::: factbox Facts\n[c](#c)\n:::\n").body.blocks[0]
    assert '<a href="#main">c</a>' in block.html


def test_an_empty_heading_is_left_out() -> None:
    result = rendered("##\n\ntext")
    assert result.body.html == "<p>text</p>\n"
    assert codes(result) == ["heading-level"]


# --- tables --------------------------------------------------------------------------------------------------------


def test_a_table_scrolls_in_a_named_region() -> None:
    out = html("| a | |\n|---|--:|\n| 1 | 2 |", labels=Labels(table="Tablo {n}"))
    assert out.startswith(
        '<div class="table-scroll" tabindex="0" role="region" aria-label="Tablo 1"><table class="table">'
    )
    assert '<th scope="col">a</th>\n<td class="right"></td>' in out
    assert '<td class="right">2</td>' in out
    assert "style=" not in out


@pytest.mark.parametrize(
    ("row", "lost"),
    [("| 1 | 2 |", False), ("| 1 |", False), ("1 | 2", False), ("| 1 | 2 | 3 |", True), ("1 | 2 | 3", True),
     ("| 1 | 2 \\| 3 |", False), ("| 1 | 2 \\|", False)],
)  # fmt: skip
def test_cells_beyond_the_header_are_told(row: str, lost: bool) -> None:
    result = rendered(f"| a | b |\n|---|---|\n{row}")
    assert codes(result) == (["table"] if lost else [])
    if lost:
        assert result.diagnostics[0].line == 12


# --- footnotes -----------------------------------------------------------------------------------------------------


def test_footnotes_are_numbered_as_read_and_link_back() -> None:
    out = html("One[^b], two[^a], again[^b].\n\n[^a]: Text *a*.\n[^b]: Text b.")
    assert '<sup class="footnote-ref"><a href="#fn-1" id="fnref-1" role="doc-noteref">1</a></sup>, two' in out
    assert 'id="fnref-1-2"' in out
    assert out.index("Text b") < out.index("Text <em>a</em>")
    assert '<section class="footnotes" role="doc-endnotes" aria-label="Footnotes">' in out
    assert '<li id="fn-2"><p>Text <em>a</em>. <a href="#fnref-2" class="footnote-back" role="doc-backlink"' in out
    assert out.count('class="footnote-back"') == 3


def test_footnotes_may_refer_to_footnotes() -> None:
    out = html("A[^a].\n\n[^a]: See[^b].\n\n[^b]: End[^a].")
    assert out.count("<li id=") == 2
    assert 'href="#fnref-1-2"' in out


def test_labels_of_footnotes_speak_the_storys_language() -> None:
    out = html("A[^a].\n\n[^a]: B.", labels=Labels(footnotes="Dipnotlar", back="{n}. atfa dön"))
    assert 'aria-label="Dipnotlar"' in out
    assert 'aria-label="1. atfa dön"' in out


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("A.\n\n[^a]: Lost words.", "Lost words."),
        ("A[^a].\n\n[^a]: One.\n\n[^a]: Other words.", "Other words."),
        ("A[^nope].", "there is no footnote 'nope'"),
    ],
)
def test_footnotes_that_do_not_match_are_told(source: str, message: str) -> None:
    result = rendered(source)
    assert codes(result) == ["footnote"]
    assert message in result.diagnostics[0].message


# --- where the Recommended card goes -------------------------------------------------------------------------------


def test_the_card_stands_after_the_third_paragraph_of_the_text() -> None:
    source = "One.\n\n![a](a.jpg)\n\n- item\n\n> quote\n\nTwo.\n\n::: factbox B\nbox\n:::\n\nThree.\n\nFour."
    out = html(source, after_paragraph=3)
    assert "<p>Three.</p>\n\0R\0\n<p>Four.</p>" in out
    assert out.count("\0R\0") == 1


@pytest.mark.parametrize("colon", ["Three things:", "**Three things:**", "三件事：", "Three things: "])
def test_the_card_never_stands_between_a_list_and_what_announces_it(colon: str) -> None:
    out = html(f"One.\n\nTwo.\n\n{colon}\n\n- a\n- b\n\nFour.\n\nFive.", after_paragraph=3)
    assert "</ul>\n<p>Four.</p>\n\0R\0\n<p>Five.</p>" in out
    assert html(f"One.\n\n{colon}\n\n- a", after_paragraph=2).endswith("</ul>\n\0R\0\n")


def test_a_short_story_has_the_card_at_its_end_before_footnotes() -> None:
    out = html("One[^a].\n\n- x\n\n[^a]: Note.", after_paragraph=3)
    assert "</ul>\n\0R\0\n<section" in out


def test_the_writer_may_place_the_card() -> None:
    for closing in ("", "\n:::", "\n\n:::"):
        out = html(f"One.\n\n::: recommended{closing}\n\nTwo.\n\nThree.\n\nFour.", after_paragraph=3)
        assert out == "<p>One.</p>\n\0R\0\n<p>Two.</p>\n<p>Three.</p>\n<p>Four.</p>\n"


def test_the_card_is_placed_once() -> None:
    result = rendered("::: recommended\n\nA.\n\n::: recommended")
    assert result.body.html.count("\0R\0") == 1
    assert codes(result) == ["block"]


def test_no_card_where_none_is_wanted() -> None:
    assert "\0" not in html("One.\n\nTwo.", after_paragraph=0)


# --- the rest ------------------------------------------------------------------------------------------------------


def test_strikethrough_lists_code_and_breaks() -> None:
    assert html("~~a~~  \nb") == "<p><s>a</s><br>\nb</p>\n"
    assert html("3. a\n4. b") == '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>\n'
    assert html("```py\nx < 1\n```") == '<pre tabindex="0"><code class="language-py">x &lt; 1\n</code></pre>\n'
    assert html("***") == "<hr>\n"


def test_line_ends_of_every_kind_are_the_same() -> None:
    assert html("a\r\nb\r\rc") == html("a\nb\n\nc")


def test_a_marker_cannot_be_typed() -> None:
    result = rendered("\0L0\0 &#0; \0R\0")
    assert "\0" not in result.body.html
    assert "\0" not in result.text


def test_findings_carry_path_line_column_and_excerpt() -> None:
    finding = rendered("One.\n\nTwo [a](vbscript:b).").diagnostics[0]
    assert (finding.path, finding.line, finding.column, finding.excerpt) == ("a.md", 12, 9, "Two [a](vbscript:b).")
    assert finding.hint


def test_the_same_source_gives_equal_results() -> None:
    source = "# A\n\n[^1] ![x](y.jpg) [z](q.md)\n\n[^1]: n"
    assert rendered(source) == rendered(source)


def test_a_writer_may_choose_a_headings_id() -> None:
    rendered = render("## Costs *and* gains {#costs}\n\n## Costs\n\n## Plans {#main}\n", path="x.md")
    assert rendered.anchors == ("costs", "costs-2", "main-2")
    assert "{#" not in rendered.body.html
    assert '<h2 id="costs">Costs <em>and</em> gains</h2>' in rendered.body.html
