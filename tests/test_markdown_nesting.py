"""Cleaned HTML stands where HTML allows it, and no word of it is lost."""

from __future__ import annotations

import re

import html5lib
import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet import markdown
from broadsheet.markdown.nesting import repaired
from broadsheet.markdown.options import Options
from broadsheet.markdown.rawhtml import TAGS


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<ul><li>a</li></ul>", "<ul><li>a</li></ul>"),
        ("<div><li>a</li>\n<li>b</li></div>", "<div><ul><li>a</li>\n<li>b</li></ul></div>"),
        ("<li>a</li><p>b</p>", "<ul><li>a</li></ul><p>b</p>"),
        ("<ul><p>a</p><li>b</li></ul>", "<ul><li><p>a</p></li><li>b</li></ul>"),
        ("<ol><ul><li>a</li></ul></ol>", "<ol><li><ul><li>a</li></ul></li></ol>"),
        ("<ul>a<li>b</li></ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<ul><hr></ul>", "<ul><li><hr></li></ul>"),
        ("<h3>a<p>b</p></h3>c", "<h3>a</h3><p>b</p>c"),
        ("<h3>a <em>b<figure>c</figure></em></h3>d", "<h3>a <em>b</em></h3><figure>c</figure>d"),
        ("<span><p>a</p></span>", "<p>a</p>"),
        ('<span lang="tr">a</span>', '<span lang="tr">a</span>'),
        ("<p>a &lt;li&gt; <br>b</p>", "<p>a &lt;li&gt; <br>b</p>"),
        ('<p>a<a href="x"> <br></a>b</p>', "<p>a <br>b</p>"),
        ('<ul><a href="<a>"></a></ul>', "<ul><li></li></ul>"),
        ('<a href="x"><em>b</em></a><a href="y"><hr id="mark0-B1"></a>',) * 2,
        ('<p title="</p><li>">a</p>', '<p title="</p><li>">a</p>'),
    ],
)
def test_what_stands_in_the_wrong_place_is_set_right(before: str, after: str) -> None:
    assert repaired(before) == after


_pieces = st.lists(
    st.one_of(
        st.sampled_from(sorted(TAGS)).map(lambda tag: f"<{tag}>"),
        st.sampled_from(sorted(TAGS)).map(lambda tag: f"</{tag}>"),
        st.sampled_from(["word ", "<li>", "</li>", "<ul>", "<h2>", "<hr>", "<span>", " "]),
    ),
    max_size=30,
)


@given(_pieces)
def test_any_cleaned_markup_comes_out_balanced_with_all_its_words_and_whole_lists(pieces: list[str]) -> None:
    clean = nh3.clean("".join(pieces), tags=set(TAGS))
    found = repaired(clean)
    assert re.sub("<[^>]*>", "", found) == re.sub("<[^>]*>", "", clean)
    assert repaired(found) == found
    document = html5lib.parseFragment(found, treebuilder="etree", namespaceHTMLElements=False)
    for parent in document.iter():
        for child in parent:
            assert (child.tag == "li") == (parent.tag in ("ul", "ol")), found


def rendered(text: str) -> str:
    options = Options(raw_html="sanitize")
    return markdown.render(text, path="content/a.md", first_line=1, lang="en", options=options).body.html


def test_headings_written_as_html_take_their_place_in_the_outline() -> None:
    assert re.findall(r"<(/?h\d)", rendered("<h4>A</h4>\n\n<h4>B</h4>\n\n<h5>C</h5>\n\n## D\n\n<h1>E</h1>")) == [
        *("h2", "/h2", "h2", "/h2", "h3", "/h3", "h2", "/h2", "h2", "/h2"),
    ]


def test_links_within_the_page_that_lead_nowhere_lead_to_its_top() -> None:
    found = rendered('## Here\n\n<p><a href="#here">x</a> <a href="#gone">y</a></p>\n\n[z](#gone-too)')
    assert re.findall('href="([^"]*)"', found) == ["#here", "#main", "#main"]


def test_addresses_written_as_html_are_encoded() -> None:
    assert 'href="https://a.example/%3E"' in rendered('<p><a href="https://a.example/>">x</a></p>')
    assert 'href="https://a.example/#%2311"' in rendered("[x](https://a.example/##11)")


def test_addresses_with_a_password_are_not_printed() -> None:
    for text in ("[x](https://me:secret@a.example/)", '<p><a href="https://me:secret@a.example/">x</a></p>'):
        assert "secret" not in rendered(text)
    assert 'href="https://a.example/@me"' in rendered("[x](https://a.example/@me)")
