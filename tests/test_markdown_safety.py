"""Hostile and broken input: no script, no lost text, no hang, a named offender."""

from __future__ import annotations

import re

import html5lib
import pytest
from examples import examples, some
from hypothesis import example, given, settings
from hypothesis import strategies as st
from visible_words import missing_words

from broadsheet.errors import CODES
from broadsheet.markdown import Options, render
from broadsheet.markdown.limits import MAX_BYTES, MAX_FINDINGS, MAX_LEVEL
from broadsheet.model import FactBox, PullQuote, Rendered

_MARKER = re.compile("\0(/?)(L|B|R)([0-9]*)\0")


def rendered(source: str, raw_html: str = "escape", after_paragraph: int = 0) -> Rendered:
    options = Options(raw_html=raw_html, after_paragraph=after_paragraph)  # type: ignore[arg-type]
    return render(source, path="a.md", first_line=1, options=options)


def codes(result: Rendered) -> list[str]:
    return [d.code for d in result.diagnostics]


# --- raw HTML ------------------------------------------------------------------------------------------------------


def test_raw_html_is_text_by_default_and_told_once() -> None:
    result = rendered('A <b onclick="x()">b</b>\n\n<script>alert(1)</script>\n\n<div>**c**</div>')
    assert "<b" not in result.body.html
    assert "<script" not in result.body.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in result.body.html
    assert "<strong>c</strong>" in result.body.html
    assert codes(result) == ["raw-html"]
    assert (result.diagnostics[0].line, result.diagnostics[0].column) == (1, 3)


def test_html_in_code_is_not_raw_html() -> None:
    assert rendered("`<b>`\n\n    <i>\n").diagnostics == ()


def test_cleaned_html_keeps_what_is_harmless() -> None:
    result = rendered(
        "<details open><summary>More</summary>\n\nText <kbd>X</kbd><sup>2</sup>\n\n</details>", "sanitize"
    )
    assert result.body.html == (
        '<details open=""><summary>More</summary>\n<p>Text <kbd>X</kbd><sup>2</sup></p>\n</details>'
    )
    assert result.diagnostics == ()


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ("a <script>alert(1)</script> b", "<script>"),
        ('<a href="javascript:alert(1)">x</a>', "href=javascript:alert(1)"),
        ('<a href="&#106;ava&#10;script:alert(1)">x</a>', "href="),
        ('<b onclick="alert(1)">x</b>', "onclick="),
        ("<svg onload=alert(1)>", "<svg>"),
        ('<iframe src="https://a.test/v"></iframe>', "<iframe https://a.test/v>"),
        ('<img src=x onerror=alert(1) alt="A tram">', "(A tram)"),
        ("<style>p{}</style>", "<style>"),
        ("<form action=x><input name=y></form>", "<form>"),
        ("<math><mtext><script>alert(1)</script></mtext></math>", "<math>"),
        ("<base href=//evil.test>", "<base>"),
        ("<meta http-equiv=refresh content=0>", "<meta>"),
    ],
)
def test_cleaning_removes_what_runs_and_tells(source: str, told: str) -> None:
    result = rendered(source, "sanitize")
    assert told in " ".join(d.message for d in result.diagnostics if d.code == "sanitized-html")
    assert_harmless(result)


def test_cleaning_spares_what_broadsheet_made() -> None:
    source = (
        "<b>raw</b>\n\n## Head\n\n[a](x.md) and ![p](p.jpg) and[^1] <https://a.test>\n\n![q](q.jpg)\n\n"
        "| a |\n|--:|\n| 1 |\n\n"
        "::: factbox T\n<i>box</i> [c](y.md)\n:::\n\n```py\n1\n```\n\n[^1]: Note."
    )
    plain = rendered(source.replace("<b>raw</b>", "raw").replace("<i>box</i>", "box"), "escape", 2)
    cleaned = rendered(source, "sanitize", 2)

    def bones(html: str) -> str:
        return html.replace("<b>", "").replace("</b>", "").replace("<i>", "").replace("</i>", "").replace("&quot;", '"')

    def attributes(html: str) -> list[str]:
        return sorted(re.findall(r'[a-z-]+="[^"]*"', html))

    assert _MARKER.findall(cleaned.body.html) == _MARKER.findall(plain.body.html)
    assert re.sub("<[^>]*>", "", bones(cleaned.body.html)) == re.sub("<[^>]*>", "", bones(plain.body.html))
    assert attributes(cleaned.body.html) == attributes(plain.body.html)
    assert cleaned.links == plain.links or [x.target for x in cleaned.links] == [x.target for x in plain.links]
    box = cleaned.body.blocks[-1]
    assert isinstance(box, FactBox)
    assert box.html == "<p><i>box</i> \0L1\0c\0/L1\0</p>\n"
    assert cleaned.diagnostics == ()


def test_relative_links_written_as_html_are_resolved_by_the_site_too() -> None:
    result = rendered('<a href="../b.md#c">d</a> <a href="https://e.test">f</a>', "sanitize")
    assert result.body.html == '<p>\0L0\0d\0/L0\0 <a href="https://e.test">f</a></p>\n'
    assert (result.links[0].target, result.links[0].fragment) == ("../b.md", "c")


@pytest.mark.parametrize(
    "source",
    [
        '<hr id="mark0-B0">',
        '<hr id="&#109;ark0-B0">\n\n![a](a.jpg)',
        '<hr id="&#109;ark0-R"><hr id="&#109;ark1-R">',
        '<a href="#&#109;ark0-L7">x</a>',
        '<a href="#mark0-L7">x</a>',
    ],
)
def test_stand_ins_for_markers_cannot_be_forged(source: str) -> None:
    result = rendered(source, "sanitize", 1)
    assert_markers_fit(result)


def test_pictures_within_html_that_cannot_hold_them_are_not_lost() -> None:
    for tag in ("textarea", "title", "script", "select", "template", "plaintext", "iframe", "noscript", "table"):
        result = rendered(f"One <{tag}> two\n\n![a](a.jpg)\n\nthree", "sanitize")
        assert "\0B0\0" in result.body.html, tag
        assert "three" in result.body.html, tag


def test_an_unclosed_comment_hides_nothing() -> None:
    result = rendered("A\n\n<!-- oops\n\nThe rest of the story.", "sanitize")
    assert "The rest of the story." in result.body.html


def test_trusted_html_is_left_as_it_is() -> None:
    result = rendered('<div><video src="a.mp4" controls></video></div>', "trusted")
    assert result.body.html == '<div><video src="a.mp4" controls></video></div>'
    assert result.diagnostics == ()


def test_tags_left_open_cannot_multiply() -> None:
    source = "".join(f"<b title={n}>" for n in range(100)) + "\n\n" + "a\n\n" * 1000
    result = rendered(source, "sanitize")
    assert codes(result) == ["amplification"]
    assert len(result.body.html) < 1000


# --- limits --------------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("name", some(SHAPES, 2))
def test_shapes_that_cost_other_parsers_minutes(name: str) -> None:
    """Each of these must end; where a rule is quadratic or worse the suite would hang here for minutes."""
    result = rendered(SHAPES[name])
    assert "too-large" not in codes(result)
    assert_markers_fit(result)


# --- always --------------------------------------------------------------------------------------------------------

HOSTILE = st.sampled_from(
    [
        "<script>",
        "</script>",
        "<svg onload=x>",
        '<a href="javascript:x">',
        "</a>",
        "<b",
        ">",
        '"',
        "'",
        "`",
        "</p>",
        "<!--",
        "-->",
        "<![CDATA[",
        "<img src=x onerror=y>",
        "[a](javascript:x)",
        "[b](c.md)",
        "![d](e.jpg)",
        "![f](data:x)",
        "<textarea>",
        "</textarea>",
        "<table>",
        "<td>",
        "<select>",
        "<style>",
        "</style>",
        "<iframe src=x>",
        "&lt;",
        "&#0;",
        "&#x6a;",
        "\\",
        "*g*",
        "**h**",
        "- ",
        "> ",
        "# ",
        "1. ",
        "::: factbox T",
        "::: quote",
        ":::",
        "[^1]",
        "[^1]: n",
        "\x00L0\x00",
        "\x00R\x00",
        "<hr id=x>",
        "word",
        "more words",
        "<div>",
        "</div>",
        "<plaintext>",
        "<template>",
        "<math>",
        "<title>",
        "<noscript>",
        "| a | b |",
        "|--|--|",
        "|",
    ]
)


@settings(max_examples=examples(300), deadline=None)
@given(
    st.lists(st.tuples(HOSTILE, st.sampled_from(["", " ", "\n", "\n\n"])), max_size=14),
    st.sampled_from(["escape", "sanitize"]),
)
def test_nothing_runs_and_every_marker_fits(pieces: list[tuple[str, str]], raw_html: str) -> None:
    result = rendered("".join(piece + gap for piece, gap in pieces), raw_html, 1)
    assert_harmless(result)
    assert_markers_fit(result)


@settings(max_examples=examples(100), deadline=None)
@given(st.text(max_size=200), st.sampled_from(["escape", "sanitize", "trusted"]))
def test_any_text_renders(source: str, raw_html: str) -> None:
    assert_markers_fit(rendered(source, raw_html)) if raw_html != "trusted" else rendered(source, raw_html)


# What Markdown, and ours, makes something of; random characters seldom come to any of it.
MARKUP = st.sampled_from(
    [
        *(
            "Ferry",
            "2024",
            "x",
            " ",
            " ",
            "\n",
            "\n",
            "\n\n",
            "    ",
            "\t",
            "  \n",
            "*",
            "**",
            "_",
            "`",
            "```",
            "~~~",
            "~~",
        ),
        *(
            "\\",
            "!",
            "[",
            "]",
            "(",
            ")",
            "<",
            ">",
            "&amp;",
            "#",
            "## ",
            "---",
            "===",
            "|",
            ":",
            "\n- ",
            "\n1. ",
            "\n> ",
        ),
        *("\n>", "\n>     ", "\n| a | b |\n|---|---|\n| ", " | ", "\n|---|---|", "\n:::", "\n::: factbox T\n"),
        *("\n::: quote A\n", "\n::: gallery\n", "\n::: video https://v.test/x\n", "\n::: recommended", "title: x\n"),
        *(
            "[tide](/x)",
            "![a](b.png)",
            "[^1]",
            "\n[^1]: ",
            "[a]: /x\n",
            "<b>",
            "</b>",
            "<!--",
            "-->",
            "{#id}",
            '"',
            "'",
        ),
        *("\0", "\r", "é", "日本", "[a](#x)"),
    ]
)


@settings(max_examples=examples(500), deadline=None)
@given(st.lists(MARKUP, max_size=25).map("".join), st.sampled_from(["escape", "sanitize", "trusted"]))
@example("> a quotation\n>", "escape")  # which ends without a line's end
@example("1. a list\n>", "sanitize")
def test_any_markup_renders(source: str, raw_html: str) -> None:
    assert_markers_fit(rendered(source, raw_html)) if raw_html != "trusted" else rendered(source, raw_html)


def every_html(result: Rendered) -> list[str]:
    return [result.body.html, *(b.html for b in result.body.blocks if isinstance(b, FactBox | PullQuote))]


def assert_harmless(result: Rendered) -> None:
    """As a browser parses it: no element that runs or fetches, no handler, no address with another scheme."""
    for html in every_html(result):
        tree = html5lib.parseFragment(html.replace("\0", ""), treebuilder="etree", namespaceHTMLElements=False)
        for element in tree.iter():
            if not isinstance(element.tag, str):
                raise AssertionError("a comment got through")
            assert element.tag not in {
                "script",
                "style",
                "iframe",
                "img",
                "svg",
                "math",
                "form",
                "base",
                "meta",
                "object",
            }
            for name, value in element.attrib.items():
                assert not str(name).startswith("on")
                assert name != "style"
                if name in ("href", "src", "cite"):
                    assert re.match(r"https?:|mailto:|tel:|#", value, re.IGNORECASE), value


def assert_markers_fit(result: Rendered) -> None:
    """Each marker names a thing that exists, links pair up, the card is placed at most once, blocks stand once."""
    everything = "".join(every_html(result))
    assert _MARKER.sub("", everything).count("\0") == 0
    seen: list[str] = []
    for html in every_html(result):
        open_links: list[str] = []
        for closing, kind, number in _MARKER.findall(html):
            if kind == "B":
                assert int(number) < len(result.body.blocks)
                seen.append(number)
            elif kind == "R":
                seen.append("R")
            elif closing:
                assert open_links.pop() == number
            else:
                assert int(number) < len(result.links)
                open_links.append(number)
        assert not open_links
    assert len(seen) == len(set(seen))
