"""Bodies of stories in feeds: plain HTML whose links are absolute, and nothing that can act."""

from __future__ import annotations

import html
from dataclasses import replace

import html5lib
from feed_samples import PICTURE
from hypothesis import given
from hypothesis import strategies as st

from broadsheet import feedbody
from broadsheet.contexts import EmbedPart, FactBoxPart, FigurePart, GalleryPart, Html, PullQuotePart, RecommendedPart
from broadsheet.feedbody import parts_to_html

STORY = "https://example.org/news/turkiye/2025/04/talks/"


def links_of(made):
    tree = html5lib.parseFragment(made, namespaceHTMLElements=False)
    return [
        element.get("href") or element.get("src")
        for element in tree.iter()
        if element.get("href") or element.get("src")
    ]


def test_every_link_of_a_body_is_absolute():
    parts = [
        Html(html='<p><a href="/news/a/">a</a> <a href="#fn1">b</a> <a href="https://other.example/">c</a></p>'),
        Html(html='<p><a href="../b/">d</a> <a href="mailto:a@example.org">e</a><img src="/x.png" alt=""></p>'),
        FigurePart(picture=replace(PICTURE, absolute="")),
    ]
    assert links_of(parts_to_html(parts, STORY)) == [
        "https://example.org/news/a/",
        STORY + "#fn1",
        "https://other.example/",
        "https://example.org/news/turkiye/2025/04/b/",
        "mailto:a@example.org",
        "https://example.org/x.png",
        "https://example.org/news/pictures/tram-1a2b3c4d-1240.jpg",
    ]


def test_nothing_in_a_body_can_act():
    acting = (
        '<p onclick="x()">one<script>alert(1)</script><style>p{}</style></p><iframe src="https://e.org/">f</iframe>'
        '<a href="javascript:alert(1)">two</a><img src="data:text/html,x" onerror="x()"><form><p>three</p></form>'
    )
    made = parts_to_html([Html(html=acting)], STORY)
    for word in ("script", "style", "iframe", "javascript", "onclick", "onerror", "data:", "<form"):
        assert word not in made
    for word in ("one", "two", "three"):
        assert word in made


def test_each_kind_of_part_becomes_plain_html():
    picture = replace(PICTURE, caption="Caption <1>")
    parts = [
        Html(html="<p>First.</p>"),
        RecommendedPart(),
        FigurePart(picture=picture),
        FigurePart(picture=picture, inline=True),
        GalleryPart(pictures=(picture, picture), title="Gallery & more"),
        PullQuotePart(parts=(Html(html="<p>Quoted.</p>"),), by="A <b>man</b>"),
        FactBoxPart(title="Facts", parts=(Html(html="<ul><li>One</li></ul>"), FigurePart(picture=picture))),
        EmbedPart(embed="video", url="https://video.example/1?a=1&b=2", title="Watch", provider="video.example"),
    ]
    tree = html5lib.parseFragment(parts_to_html(parts, STORY), namespaceHTMLElements=False)
    assert len(list(tree.iter("figure"))) == 4
    assert len(list(tree.iter("img"))) == 5
    assert next(tree.iter("figcaption")).text == "Caption <1> / AA"
    assert next(tree.iter("img")).attrib == {
        "src": PICTURE.absolute,
        "alt": PICTURE.alt,
        "width": "1240",
        "height": "698",
    }
    quote = next(tree.iter("blockquote"))
    assert "".join(quote.itertext()) == "Quoted.— A <b>man</b>"
    assert [strong.text for strong in tree.iter("strong")] == ["Gallery & more", "Facts"]
    link = next(tree.iter("a"))
    assert (link.get("href"), link.text) == ("https://video.example/1?a=1&b=2", "Watch")
    assert "Recommended" not in "".join(tree.itertext())


def test_the_lead_picture_comes_first_and_right_to_left_is_said():
    made = parts_to_html([Html(html="<p>نص</p>")], STORY, lead=PICTURE, lang="ar", dir="rtl")
    assert made.startswith('<div lang="ar" dir="rtl"><figure>')
    assert made.endswith("<p>نص</p></div>")


def test_a_remote_picture_is_a_link_with_its_words():
    remote = replace(PICTURE, src="https://other.example/a.jpg", absolute="", remote=True, sources=())
    made = parts_to_html([FigurePart(picture=remote)], STORY)
    link = '<a href="https://other.example/a.jpg">A tram on a bridge</a>'
    assert made == f"<p>{link} (A tram crosses the bridge. / AA)</p>"


TEXTS = st.text("ab<>&\"' /#:.é", max_size=8)
PIECES = st.one_of(
    TEXTS.map(lambda text: f"<p>{html.escape(text)}</p>"),
    TEXTS.map(lambda text: f'<p><a href="{html.escape(text)}">a</a></p>'),
    TEXTS.map(lambda text: f'<p><a href="/{html.escape(text)}">a</a></p>'),
    TEXTS.map(lambda text: f'<h2 id="{html.escape(text)}">b</h2>'),
    st.sampled_from(
        [
            '<p><a href="#fn1">1</a><em>x</em> &amp; &quot;y&quot;</p>',
            '<p class="x" onclick="y()">z</p>',
            "<script>alert(1)</script>",
            '<p><a href="//other.example/">c</a></p>',
            '<p><a href="/\\\\other.example/">c</a></p>',
            '<p><a href="javascript:alert(1)">c</a></p>',
            '<p><a href="https://a.example/" onclick="x()">c</a></p>',
            '<p><img src="x.png" onerror="alert(1)" alt=""></p>',
            "<ul><li>One</li></ul><hr><blockquote><p>Q<br>R</p></blockquote>",
        ]
    ),
)


@given(st.lists(PIECES, max_size=6))
def test_quick_and_thorough_cleaning_agree(pieces):
    """Plain markup takes a shorter way; it must end where the sanitizer would have ended."""
    text = "".join(pieces)
    quick = feedbody._plain(text, STORY)
    if quick:
        assert html5lib.serialize(html5lib.parseFragment(quick)) == html5lib.serialize(
            html5lib.parseFragment(feedbody._sanitized(text, STORY))
        )
    for word in ("<script", "onclick", "onerror", 'href="javascript'):
        assert word not in parts_to_html([Html(html=text)], STORY)


def test_an_ordinary_story_takes_the_quick_way():
    text = '<p>One <a href="/news/a/">two</a> <em>three</em>.</p><h2 id="b">Four</h2><ul><li>Five</li></ul>'
    assert feedbody._plain(text, STORY) == (
        '<p>One <a href="https://example.org/news/a/">two</a> <em>three</em>.</p><h2>Four</h2><ul><li>Five</li></ul>'
    )


def test_markup_that_spans_parts_is_kept_whole():
    made = parts_to_html(
        [Html(html="<ol><li><p>One</p>"), FigurePart(picture=PICTURE), Html(html="</li><li><p>Two</p></li></ol>")],
        STORY,
    )
    tree = html5lib.parseFragment(made, namespaceHTMLElements=False)
    assert len(list(tree.iter("ol"))) == 1
    assert [len(list(item.iter("img"))) for item in tree.iter("li")] == [1, 0]
