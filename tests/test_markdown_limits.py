"""Input beyond all measure, and shapes that cost other parsers minutes: no hang, no lost text, a named offender."""

from __future__ import annotations

import pytest
from examples import some
from harmless import assert_harmless, assert_markers_fit, codes, rendered
from visible_words import missing_words

from broadsheet.errors import CODES
from broadsheet.markdown.limits import MAX_BYTES, MAX_FINDINGS, MAX_LEVEL


@pytest.mark.parametrize(
    "source", ["> " * 60 + "deep", "- " * 30 + "deep", "".join("  " * n + "- a\n" for n in range(30))]
)
def test_nesting_beyond_the_limit_is_an_error_not_a_loss(source: str) -> None:
    result = rendered("First.\n\n" + source)
    assert codes(result) == ["nesting"]
    assert result.diagnostics[0].line >= 3
    assert CODES["nesting"].guarded


def test_nesting_up_to_the_limit_loses_nothing() -> None:
    for source in ("> " * (MAX_LEVEL - 1) + "deep", "- " * (MAX_LEVEL // 2 - 1) + "deep"):
        result = rendered(source)
        assert result.text == "deep"
        assert result.diagnostics == ()


def test_a_source_over_the_limit_is_refused() -> None:
    assert codes(rendered("é" * (MAX_BYTES // 2 + 1))) == ["too-large"]
    assert codes(rendered("a" * 1000)) == []


def test_repeated_definitions_cannot_multiply() -> None:
    source = "[a]: https://a.test/" + "x" * 20_000 + "\n\n" + "[a] " * 3000
    result = rendered(source)
    assert codes(result) == ["amplification"]
    assert len(result.body.html) < len(source)


def test_tables_written_as_html_scroll_within_themselves_as_those_of_markdown_do() -> None:
    ours = '<div class="table-scroll" tabindex="0" role="region" aria-label="Table '
    inner = "<table><tr><td>in</td></tr></table>"
    out = rendered(f"<table><tr><td>a{inner}</td></tr></table>\n\n|b|\n|-|\n|c|\n\n{inner}", "sanitize").body.html
    assert out.count(ours) == 3
    assert out.count("</table></div>") == 3
    assert out.count("<table") == 4
    assert out.index(f'{ours}1"><table') < out.index(">a<table") < out.index(f'{ours}2"><table') < out.index(">b<")
    assert rendered("Text </table> and </div>.", "sanitize").body.html.count("div") == 0


def test_short_table_rows_cannot_multiply() -> None:
    source = "|a" * 500 + "|\n" + "|-" * 500 + "|\n" + "|x\n" * 500
    result = rendered(source)
    assert codes(result) == ["amplification"]
    assert missing_words(source, result) == []


def test_a_thousand_equal_mistakes_are_not_a_thousand_lines() -> None:
    result = rendered("#\n" * 5000)
    assert len(result.diagnostics) == MAX_FINDINGS
    assert any("more like this" in d.message for d in result.diagnostics)


SHAPES = {
    "open brackets": "[" * 9000,
    "brackets": "[" * 5000 + "a" + "]" * 5000,
    "link openers": "[a](" * 5000,
    "references": "[a]: x\n\n" + "[b][c] " * 5000,
    "pictures": "![" * 9000,
    "notes": "[^a]: x\n\n" + "[^" * 9000,
    "emphasis": "*a **a " * 6000,
    "stars": "*" * 40_000,
    "alternating": "*a_ " * 9000,
    "backticks": "".join("e" + "`" * n for n in range(280)),
    "angles": "<" * 40_000,
    "half tags": '<a x="' * 6000 + ">",
    "comments": "<!-- a -- " * 2000,
    "entities": "&a" * 20_000,
    "quotes": "\"'a " * 10_000,
    "open quotes": '"a ' * 14_000,
    "quotations": ("> " * 20 + "a\n" + "b\n") * 900,
    "stairs": "".join(">" * (n % 30 + 1) + " a\n" for n in range(2500)),
    "lists": "- a\n" * 9000,
    "wide table": "|a" * 9000 + "|\n" + "|-" * 9000 + "|\n",
    "long table": "|a|b|\n|-|-|\n" + "|a|b|\n" * 4000,
    "definitions": "".join(f"[a{n}]: x\n" for n in range(4000)),
    "titles": '[a]: b "c\n' + "d\n" * 20_000,
    "headings": "## a\n\n" * 6000,
    "blocks": "::: factbox a\nb\n:::\n" * 1500,
    "open blocks": "::: factbox a\n" * 2500,
    "blank": "\n" * 40_000,
    "spaces": " " * 40_000 + "a",
}


HTML_SHAPES = {
    "divisions": "<div>" * 100_000,
    "divisions in paragraphs": "<div>\n\n" * 900 + "a",
    "tables": "<table><tr><td>" * 900,
    "spans": "<span>" * 900 + "a " * 1000,
    "headings": "<h2><div>a" * 900,
    "items": "<li>" * 40_000,
    "unknown tags": "<x>" * 100_000,
    "instructions": "<?" * 1900,
    "half tags": '<a x="' * 60_000 + ">",
}


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.slow) if name in ("items", "half tags") else name for name in HTML_SHAPES],
)
def test_shapes_of_html_that_cost_other_cleaners_minutes(name: str) -> None:
    result = rendered(HTML_SHAPES[name], "sanitize")
    assert_markers_fit(result)
    assert_harmless(result)


def test_html_nested_beyond_the_limit_is_an_error_and_below_it_loses_nothing() -> None:
    assert codes(rendered("<div>" * 1001 + "deep", "sanitize")) == ["nesting"]
    assert "nesting" in codes(rendered("<x>" * 1001 + "deep", "sanitize"))
    result = rendered("<div>" * 1000 + "deep" + "</div>" * 1000, "sanitize")
    assert "deep" in result.body.html
    assert result.diagnostics == ()
    assert rendered("<ul>" + "<li>x" * 3000 + "</ul>", "sanitize").diagnostics == ()


@pytest.mark.parametrize("opening", ["<?", "<!A", "<!-- a -- "])
def test_more_declarations_than_any_text_has_are_refused(opening: str) -> None:
    """The parser looks for the end of each in all that follows."""
    assert codes(rendered(opening * 2001)) == ["too-large"]
    assert "2001 HTML comments or declarations" in rendered(opening * 2001).diagnostics[0].message


@pytest.mark.parametrize("raw_html", ["escape", "sanitize", "trusted"])
def test_numbers_of_no_character_are_shown_as_browsers_show_them(raw_html: str) -> None:
    source = f'<b title="&#{"1" * 5000};">A</b> &#{"9" * 5000}; B\n\n<div>&#{"0" * 5000}67;</div>'
    result = rendered(source, raw_html)
    assert_markers_fit(result)
    assert all(word in result.text for word in "AB")


@pytest.mark.parametrize("name", some(SHAPES, 4))
def test_shapes_that_cost_other_parsers_minutes(name: str) -> None:
    """Each of these must end; where a rule is quadratic or worse the suite would hang here for minutes."""
    result = rendered(SHAPES[name])
    assert "too-large" not in codes(result)
    assert_markers_fit(result)
