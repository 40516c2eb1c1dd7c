"""Stories' Markdown: links and pictures."""

from __future__ import annotations

import pytest
from rendering import codes, html, rendered

from broadsheet.model import Figure, ImageRef, LinkRef

# --- links ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("href", "kind", "target", "fragment"),
    [
        ("../europe/vote.md", "story", "../europe/vote.md", ""),
        ("vote.md#how-it-works", "story", "vote.md", "how-it-works"),
        ("caf%C3%A9.md", "story", "café.md", ""),
        ("café.md#é", "story", "café.md", "é"),
        ("<a story.md>", "story", "a story.md", ""),
        ("/about/", "site", "/about/", ""),
        ("/about/#us", "site", "/about/", "us"),
        ("report.pdf", "file", "report.pdf", ""),
        ("./a:b.pdf", "file", "./a:b.pdf", ""),
    ],
)
def test_links_that_the_site_must_resolve_become_markers(href: str, kind: str, target: str, fragment: str) -> None:
    result = rendered(f"See [this *story*]({href}).")
    assert result.body.html == "<p>See \0L0\0this <em>story</em>\0/L0\0.</p>\n"
    link = result.links[0]
    assert (link.kind, link.target, link.fragment) == (kind, target, fragment)
    assert result.diagnostics == ()


def test_a_links_place_and_title_are_kept() -> None:
    result = rendered('One.\n\nTwo [a](b.md "Title").')
    assert result.links == (LinkRef(kind="story", target="b.md", title="Title", mark=(12, 9)),)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[a](https://a.test/x?y=1&z)", '<a href="https://a.test/x?y=1&amp;z">a</a>'),
        ("[a](HTTP://a.test)", '<a href="HTTP://a.test">a</a>'),
        ("[a](//a.test/x)", '<a href="https://a.test/x">a</a>'),
        ("[a](mailto:desk@a.test)", '<a href="mailto:desk@a.test">a</a>'),
        ("[a](tel:+902120000000)", '<a href="tel:+902120000000">a</a>'),
        (  # a number is read in one line
            "[0212 *000-00* 00](tel:+90-212)",
            '<a href="tel:+90-212">0212\u00a0<em>000\u201100</em>\u00a000</a>',
        ),
        ("<desk@a.test>", '<a href="mailto:desk@a.test">desk@a.test</a>'),
        ("<https://a.test>", '<a href="https://a.test">https://a.test</a>'),
        ('[a](https://a.test "T \\"q\\"")', '<a href="https://a.test" title="T &quot;q&quot;">a</a>'),
        ("[a][r]\n\n[r]: https://a.test", '<a href="https://a.test">a</a>'),
    ],
)
def test_links_to_the_web_are_finished(source: str, expected: str) -> None:
    result = rendered(source)
    assert result.body.html == f"<p>{expected}</p>\n"
    assert result.links == ()
    assert result.diagnostics == ()


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "<java\tscript:alert(1)>",
        "< javascript:alert(1)>",
        "<\x01javascript:alert(1)>",
        "&#106;avascript:alert(1)",
        "&#x6A;avascript&colon;alert(1)",
        "javascript&#58;alert(1)",
        "java&Tab;script:alert(1)",
        "vbscript:x",
        "data:text/html,x",
        "data:image/png;base64,x",
        "file:///etc/passwd",
        "http:a.test",
        "https:///a",
        "ttps://a.test",
        "blob:x",
        "view-source:https://a.test",
    ],
)
def test_unsafe_addresses_leave_the_text_without_a_link(href: str) -> None:
    result = rendered(f"See [this]({href}) now.")
    assert result.body.html == "<p>See this now.</p>\n"
    assert codes(result) == ["unsafe-link"]
    assert result.diagnostics[0].line == 10


def test_an_unsafe_autolink_or_definition_is_refused_too() -> None:
    assert html("<javascript:alert(1)>") == "<p>javascript:alert(1)</p>\n"
    result = rendered("[a]\n\n[a]: javascript:x")
    assert result.body.html == "<p>a</p>\n"
    assert codes(result) == ["unsafe-link"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[text]()", "<p>text</p>\n"),
        ("a [](https://a.test)", "<p>a </p>\n"),
        ("a [ ](https://a.test) b", "<p>a   b</p>\n"),
        ("a [\u00a0](b.md) c", "<p>a \u00a0 c</p>\n"),
        ("a [\n](https://a.test) b", "<p>a \n b</p>\n"),
    ],
)
def test_empty_links_are_told(source: str, expected: str) -> None:
    result = rendered(source)
    assert result.body.html == expected
    assert codes(result) == ["empty-link"]


def test_links_within_the_page_lead_to_headings() -> None:
    result = rendered("[down](#part-two)\n\n## Part two\n\n[up](#main)\n\n[no](#part-tow)")
    assert '<a href="#part-two">down</a>' in result.body.html
    assert codes(result) == ["broken-anchor"]
    assert "#part-two" in result.diagnostics[0].hint
    assert result.diagnostics[0].line == 16


def test_a_definition_that_nothing_uses_is_told() -> None:
    result = rendered("[Note]: this\n\n[a]: /b\n\n[A]: /c\n\n[a]")
    assert codes(result) == ["unused-definition", "unused-definition"]
    assert [d.line for d in result.diagnostics] == [10, 14]


# --- pictures ------------------------------------------------------------------------------------------------------


def test_a_picture_alone_is_a_figure_with_caption_and_credit() -> None:
    result = rendered('![A red tram](tram.jpg "The \\"last\\" tram. / Quay / AA")')
    assert result.body.html == "\0B0\0\n"
    assert result.body.blocks == (Figure(picture=0),)
    picture = ImageRef(src="tram.jpg", alt="A red tram", caption="The “last” tram. / Quay", credit="AA", mark=(10, 15))
    assert result.pictures == (picture,)


@pytest.mark.parametrize(
    ("title", "caption", "credit"),
    [
        ("", "", ""),
        ("Only words", "Only words", ""),
        ("/ AA", "", "AA"),
        ("Either/or", "Either/or", ""),
        ("A / B", "A", "B"),
    ],
)
def test_a_pictures_title_is_caption_and_credit(title: str, caption: str, credit: str) -> None:
    picture = rendered(f'![x](a.jpg "{title}")').pictures[0]
    assert (picture.caption, picture.credit) == (caption, credit)


def test_alt_is_none_when_not_written() -> None:
    assert rendered("![](a.jpg)").pictures[0].alt is None
    assert rendered("![*b* `c`](a.jpg)").pictures[0].alt == "b c"


def test_a_picture_within_a_line_is_inline() -> None:
    result = rendered("Text ![a](a.png) text")
    assert result.body.html == "<p>Text \0B0\0 text</p>\n"
    assert result.body.blocks == (Figure(picture=0, inline=True),)


def test_a_linked_picture_works() -> None:
    result = rendered("[![a](a.png)](b.md)")
    assert result.body.html == "\0L0\0\0B0\0\0/L0\0\n"
    assert result.body.blocks == (Figure(picture=0),)


def test_several_pictures_in_a_paragraph_are_figures() -> None:
    result = rendered("![a](a.png)\n![b](b.png)")
    assert result.body.html == "\0B0\0\n\0B1\0\n"
    assert result.body.blocks == (Figure(picture=0), Figure(picture=1))


@pytest.mark.parametrize(
    ("src", "expected"),
    [("a%20b.jpg", "a b.jpg"), ("/static/a.jpg", "/static/a.jpg"), ("https://a.test/x.jpg", "https://a.test/x.jpg")],
)
def test_a_pictures_source_is_a_path_or_a_web_address(src: str, expected: str) -> None:
    assert rendered(f"![a]({src})").pictures[0].src == expected


@pytest.mark.parametrize("src", ["data:image/png;base64,AAAA", "javascript:x", "mailto:a@b.test"])
def test_a_picture_with_an_unsafe_address_leaves_its_text(src: str) -> None:
    result = rendered(f"![words <b>]({src})")
    assert result.body.html == "<p>words &lt;b&gt;</p>\n"
    assert codes(result) == ["unsafe-link"]
    assert result.pictures == ()


def test_findings_of_equal_pictures_in_links_stand_at_each() -> None:
    made = rendered("[![ok](a.jpg)](s.md) [![](a.jpg)](s.md)")
    assert [picture.mark[1] for picture in made.pictures] == [8, 27]
    assert [link.mark[1] for link in made.links] == [16, 35]
