"""Hostile and broken input: no script, no lost text, a named offender."""

from __future__ import annotations

import re

import pytest
from examples import examples
from harmless import MARKER, assert_harmless, assert_markers_fit, codes, rendered
from hypothesis import example, given, settings
from hypothesis import strategies as st

from broadsheet.model import FactBox

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

    assert MARKER.findall(cleaned.body.html) == MARKER.findall(plain.body.html)
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
