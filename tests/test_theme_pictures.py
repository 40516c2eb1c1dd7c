"""The theme's pictures: their sizes and captions, which is loaded at once, and what stands for those of other sites."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from theme_pages import THEME, render_article, rendered, tree
from theme_samples import BODY, CARDS, article, card, html, picture, story

from broadsheet import contexts as c


def test_only_the_lead_picture_is_eager_and_all_have_their_size() -> None:
    page = tree(rendered("full article"))
    images = list(page.iter("img"))
    assert [i.get("src") for i in images if i.get("fetchpriority") == "high"] == ["/media/lead.jpg"]
    assert all((i.get("loading") == "lazy") == (i.get("fetchpriority") is None) for i in images)
    assert all(i.get("width") and i.get("height") and i.get("alt") is not None for i in images)
    assert all(s.get("sizes") and s.get("srcset") and s.get("type") for s in page.iter("source"))


def test_a_thumbnail_names_only_the_files_that_it_can_use() -> None:
    webp = c.Source(type="image/webp", srcset="/a-360.webp 360w, /a-1240.webp 1240w", small="/a-360.webp 360w")
    jpeg = c.Source(type="image/jpeg", srcset="/a-360.jpg 360w, /a-1240.jpg 1240w", small="/a-360.jpg 360w")
    shown = picture("a", src="/a-1240.jpg", thumb="/a-360.jpg", sources=(webp, jpeg))
    page = tree(render_article(article(story(picture=shown), recommended=(card("Near", picture=shown),))))
    lead, thumb = page.findall(".//picture")[:2]
    assert [s.get("srcset") for s in lead.iter("source")] == [webp.srcset, jpeg.srcset]
    assert lead.find("img").get("src") == "/a-1240.jpg"
    assert [s.get("srcset") for s in thumb.iter("source")] == [webp.small]
    assert thumb.find("img").get("src") == "/a-360.jpg"


def test_a_picture_within_a_line_adds_no_space_to_it() -> None:
    said = '<small class="said">.*</small>'
    within = rf'Within \(<span class="within"><picture>.*</picture> {said}</span>\) a line\.'
    assert re.search(within, rendered("article"), re.DOTALL)


def test_a_picture_of_another_site_is_a_link_and_is_never_fetched() -> None:
    far = picture("far", remote=True, src="https://other.example/far.jpg", alt="A far shore")
    context = article(story(picture=far), recommended=(card("Far", picture=far),))
    page = tree(render_article(context, (c.FigurePart(picture=far), c.RecommendedPart())))
    assert not list(page.iter("img"))
    links = [a for a in page.iter("a") if a.get("href") == far.src]
    assert [a.text for a in links] == ["Picture on another site: A far shore"] * 2


@pytest.mark.parametrize(
    ("focus", "expected"), [((0.5, 0.5), None), ((0.1, 0.5), "at-l at-m"), ((0.9, 0.2), "at-r at-u")]
)
def test_a_cropped_picture_keeps_its_focus(focus: tuple[float, float], expected: str | None) -> None:
    page = tree(render_article(article(recommended=(card("Far", picture=picture(focus=focus)),))))
    assert page.find(".//aside//img").get("class") == expected


# --- pictures in a story without a lead ----------------------------------------------------------------------------

FIGURES = tuple(c.FigurePart(picture=picture(name, caption="", credit="")) for name in ("first", "second"))
REMOTE = c.FigurePart(picture=c.Picture(src="https://a.example/x.png", width=0, height=0, alt="A chart", remote=True))


def printed(*parts: c.Part, **changes: Any) -> str:
    body = (html("<p>One.</p>"), *parts, c.RecommendedPart())
    return THEME.render("article.html", article(story(picture=None, **changes)), {"body": body})


def test_a_picture_of_another_site_is_a_figure_only_with_a_caption() -> None:
    assert "<figure" not in printed(REMOTE)
    captioned = replace(REMOTE, picture=replace(REMOTE.picture, caption="A chart of the tides"))
    assert "<figcaption>A chart of the tides</figcaption>" in printed(captioned)


def main_images(page: str) -> list[str]:
    return re.findall("<img[^>]*>", page.partition("<main")[2].partition("</main>")[0])


def test_a_story_without_pictures_recommends_by_type_alone() -> None:
    assert "recommended" in printed()
    assert main_images(printed()) == []
    assert len(main_images(THEME.render("article.html", article(), {"body": BODY}))) > 2


def test_the_first_picture_of_a_story_without_a_lead_is_loaded_at_once() -> None:
    for parts in (FIGURES, (REMOTE, *FIGURES)):
        first, second = main_images(printed(*parts))
        assert 'fetchpriority="high"' in first
        assert "lazy" not in first
        assert 'loading="lazy"' in second


def test_a_picture_that_is_shown_again_is_loaded_at_once_only_where_it_is_first() -> None:
    first, *others = main_images(printed(FIGURES[0], FIGURES[0], FIGURES[0]))
    assert 'fetchpriority="high"' in first
    assert len(others) == 2
    assert all("fetchpriority" not in image for image in others)


def test_text_flows_around_a_picture_in_a_line_unless_it_is_as_small_as_a_sign() -> None:
    for width, flows in ((184, True), (24, False)):
        small = replace(FIGURES[0], picture=replace(FIGURES[0].picture, width=width), inline=True)
        assert ('<picture class="within">' in printed(html("<p>"), small, html("By Ada.</p>"))) == flows
        assert ('<picture class="below">' in printed(html("<p>By Ada."), small, html("</p>"))) == flows


def test_a_story_without_a_text_has_all_its_cards_at_the_end() -> None:
    page = THEME.render("article.html", article(), {"body": (html("\n"), c.RecommendedPart())})
    assert 'class="recommended"' not in page
    assert page.count('<article class="card') == len(CARDS)


def test_a_leading_picture_without_a_caption_leads_to_the_whole_picture() -> None:
    captions = re.findall("<figcaption>(.*?)</figcaption>", printed(*FIGURES))
    assert captions == [f'<a href="{FIGURES[0].picture.src}">Full-size picture</a>']


@pytest.mark.parametrize("inline", [True, False])
def test_there_is_never_a_link_in_a_link(inline: bool) -> None:
    for figure in (replace(REMOTE, inline=inline, linked=True), replace(FIGURES[0], inline=inline, linked=True)):
        page = printed(html('<a href="/x/">'), figure, html("</a>"))
        inside = page.partition('<a href="/x/">')[2].partition("</a>")[0]
        assert "<a" not in inside
        assert figure.picture.alt in inside
