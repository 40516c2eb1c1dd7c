"""Pictures that can't be shown leave their text and nothing else; those in a line keep what is said of them."""

from __future__ import annotations

import pytest
from newsroom import Site, png

LENIENT = "checks: {missing-picture: warn, remote-picture: warn}\n"


def text_of(site: Site, url: str = "/eu/2025/04/a/") -> str:
    return site.page(url).partition('class="text')[2].partition("</article>")[0]


@pytest.fixture
def paper(site: Site) -> Site:
    """A paper in which missing pictures are warnings, with a draft that has one beside it."""
    site.configure(LENIENT)
    site.story("eu/draft/index.md", draft=True)
    return site.write("content/eu/draft/x.png", png())


PLACES = {
    "the lead": {"image": {"src": "{src}", "alt": "Words for it"}},
    "a line": {"body": "Before ![Words for it]({src}) after."},
    "a paragraph": {"body": "![Words for it]({src})"},
    "a gallery": {"body": "::: gallery\n![Words for it]({src})\n\n![Words for it]({src})\n:::"},
    "an embed": {"body": "::: video https://v.example/1\ntitle: A film\nimage: {src}\nalt: Words for it\n:::"},
    "a link": {"body": "[![Words for it]({src})](https://w.example/)"},
}


@pytest.mark.parametrize("src", ["draft/x.png", "nowhere.jpg"])
@pytest.mark.parametrize("place", PLACES)
def test_a_picture_that_can_not_be_shown_is_its_text(paper: Site, place: str, src: str) -> None:
    matter = dict(PLACES[place])
    body = str(matter.pop("body", "Words of the story."))
    if "image" in matter:
        matter["image"] = {"src": src, "alt": "Words for it"}
    paper.story("eu/a.md", body.replace("{src}", src), **matter)
    built = paper.build()
    assert built.ok, built.told()
    assert {finding.code for finding in built.findings} == {"hidden-link" if "draft" in src else "missing-picture"}
    for page in (paper.page("/eu/2025/04/a/"), paper.page("/feed.xml")):
        assert "Picture on another site" not in page
        assert 'href=""' not in page
    assert "Words for it" in paper.page("/eu/2025/04/a/")


def test_a_picture_without_words_that_can_not_be_shown_leaves_nothing(paper: Site) -> None:
    paper.configure("checks: {missing-picture: warn, missing-alt: warn}\n")
    paper.story("eu/a.md", "Before.\n\n![](nowhere.jpg)\n\nAfter.")
    assert paper.build().ok
    assert text_of(paper).split() == ['">', "<p>Before.</p>", "<p>After.</p>", "</div>"]


def test_an_authors_picture_that_can_not_be_shown_is_no_link(paper: Site) -> None:
    paper.write("content/authors/ada.md", "---\nname: Ada\nimage: {src: nowhere.jpg, alt: Ada at work}\n---\nWrites.\n")
    paper.story("eu/a.md", authors=["ada"])
    assert paper.build().ok
    page = paper.page("/authors/ada/")
    assert "Picture on another site" not in page
    assert "Ada at work" in page


WITHIN = {
    "a line": "Before {picture} after.",
    "an item": "- Before {picture} after.\n- More.",
    "a cell": "| A | B |\n| - | - |\n| {picture} x | y |",
    "a heading": "## Before {picture}\n\nMore.",
    "emphasis": "Before *{picture}* after.",
}


@pytest.mark.parametrize("src", ["p.png", "https://elsewhere.example/p.png"])
@pytest.mark.parametrize("place", WITHIN)
def test_what_is_said_of_a_picture_in_a_line_is_printed_with_it(site: Site, place: str, src: str) -> None:
    site.configure(LENIENT)
    site.write("content/eu/p.png", png(400, 300))
    site.story("eu/a.md", WITHIN[place].format(picture=f'![A ferry]({src} "In the evening. / Ada Lovelace")'))
    built = site.build()
    assert built.ok, built.told()
    for page in (text_of(site), site.page("/feed.xml")):
        assert page.count("In the evening.") == 1
        assert page.count("Ada Lovelace") == 1


def test_a_remote_picture_keeps_its_credit_in_feeds(site: Site) -> None:
    site.configure(LENIENT)
    site.story("eu/a.md", '![A ferry](https://elsewhere.example/p.png "In the evening. / Ada Lovelace")')
    assert site.build().ok
    assert "A ferry&lt;/a&gt; (In the evening. / Ada Lovelace)" in site.page("/feed.xml")


@pytest.mark.parametrize("src", ["nowhere.jpg", "https://elsewhere.example/p.png"])
def test_a_linked_picture_keeps_its_words_and_leaves_no_empty_link(site: Site, src: str) -> None:
    site.configure("checks: {missing-picture: warn, remote-picture: warn, missing-alt: warn}\n")
    said = f'![]({src} "In the evening. / Ada")'
    site.story("eu/a.md", f"[{said}](https://w.example/) and [![]({src})](https://w.example/)")
    assert site.build().ok
    for page in (text_of(site), site.page("/feed.xml")):
        assert page.count("In the evening.") == 1
        assert page.count("Ada") == 1
    assert '/"></a>' not in text_of(site)
