"""The theme: every page is valid and in order, and nothing that a source says can become markup."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import Any

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from template_reference import page_types
from theme_samples import (
    ARABIC,
    BODY,
    CARDS,
    FULL,
    OPINION,
    PAGES,
    PARAGRAPHS,
    SITE,
    SOURCES,
    article,
    card,
    headline,
    html,
    link,
    picture,
    poisoned,
    story,
)

from broadsheet import contexts as c
from broadsheet.templates import Theme, theme

THEME = theme(SOURCES)
SHEETS = [SOURCES[f"partials/{name}.css"] for name in ("style", "story", "lists")]
CSS = re.sub(r"\{#.*?#\}", "", "".join(SHEETS), flags=re.DOTALL)


def rendered(name: str) -> str:
    template, context, extra = PAGES[name]
    return THEME.render(template, context, extra, source="content/x.md")


def render_article(context: c.ArticlePage, body: tuple[c.Part, ...] = BODY) -> str:
    return THEME.render("article.html", context, {"body": body})


def tree(text: str) -> Any:
    """The parsed page; any parse error fails the test."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


def words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


# --- the pages -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_valid_html_with_its_landmarks_headings_and_ids_in_order(name: str) -> None:
    page = tree(rendered(name))
    assert len(page.findall(".//main")) == 1
    assert len(page.findall(".//h1")) == 1
    levels = [int(e.tag[1]) for e in page.iter() if re.fullmatch("h[1-6]", str(e.tag))]
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    ids = Counter(e.get("id") for e in page.iter() if e.get("id"))
    assert set(ids.values()) <= {1}
    assert {e.get("aria-labelledby") for e in page.iter() if e.get("aria-labelledby")} <= set(ids)
    if name != "redirect":
        assert page.find(".//a[@class='skip']").get("href") == "#main"
        assert "main" in ids
        assert all(nav.get("aria-label") for nav in page.iter("nav"))


@pytest.mark.parametrize("name", PAGES)
def test_no_page_has_a_script_or_style_that_a_content_policy_would_refuse(name: str) -> None:
    page = tree(rendered(name))
    assert [s.get("type") for s in page.iter("script")] in ([], ["application/ld+json"])
    for element in page.iter():
        assert not [key for key in element.attrib if str(key).startswith("on") or key == "style"]


def test_every_template_with_a_context_has_a_sample_here() -> None:
    assert {template for template, _, _ in PAGES.values()} | {"explore-fragment.html"} == set(page_types())
    assert {t: type(context).__name__ for t, context, _ in PAGES.values()}.items() <= page_types().items()


def test_the_parts_of_an_opinion_stand_in_order_and_its_author_before_the_picture() -> None:
    text = words(tree(rendered("full article")).find(".//body"))
    order = ["Opinion", "Türkiye", "1 min read", "Talks begin", "A second round"]
    order += ["By Ada Byron and Can Öz", "Updated April 10, 2025, 2:45 PM", "First published April 9, 2025, 9:45 AM"]
    order += ["The lead at dawn / AA"]
    order += [*(p[3:-4] for p in PARAGRAPHS[:3]), "Recommended", "Tide tables", "Paragraph 4.", "Paragraph 6."]
    order += ["Originally published at wire.example", "Corrections", "The day was Thursday."]
    order += [
        "Part of the series Straits",
        "Diplomacy",
        "Read next",
        "Why I sail",
        "Previous story",
        "Earlier",
        "Next story",
        "Later",
    ]
    order += ["Explore", "Ferries", "More from Türkiye", "Home"]
    place = text.index("1 min read") - 40
    for part in order:
        place = text.index(part, place) + len(part)


def test_the_date_alone_stands_under_a_story_that_was_not_updated() -> None:
    page = tree(rendered("article"))
    assert words(page.find(".//p[@class='dates']")) == "April 9, 2025"
    assert page.find(".//details") is None


def test_explore_is_a_labelled_list_outside_main_and_recommended_an_aside_within() -> None:
    page = tree(rendered("article"))
    explore = page.find(".//section[@aria-labelledby='explore']")
    assert explore is not None
    assert page.find(".//main//section[@aria-labelledby='explore']") is None
    assert explore.find("h2").text == "Explore"
    assert len(explore.findall("ol/li")) == 3
    assert page.find(".//main//aside[@aria-labelledby='recommended']/h2").text == "Recommended"


def test_recommended_goes_to_the_end_when_the_text_has_no_place_for_it() -> None:
    page = tree(render_article(article(), body=BODY[:1]))
    assert page.find(".//aside[@aria-labelledby='recommended']") is None
    assert [h.find("a").text for h in page.findall(".//aside[@aria-label='Read next']//h3")] == [c.title for c in CARDS]


@pytest.mark.parametrize("name", ["article", "full article", "home", "topic"])
def test_a_teaser_has_one_link_and_its_byline_stands_beside_it(name: str) -> None:
    cards = [e for e in tree(rendered(name)).iter("article") if "card" in e.get("class", "")]
    assert cards
    for one in cards:
        assert len(one.findall(".//a")) == 1
        assert one.find(".//a//span") is None


def test_opinion_is_labelled_before_the_headline_wherever_it_appears() -> None:
    page = tree(rendered("full article"))
    assert words(page.find("head/title")).startswith("Opinion: Talks begin")
    assert page.find(".//meta[@property='og:title']").get("content") == "Opinion: Talks begin"
    listings = [tree(rendered(name)) for name in ("home", "region", "archive", "topic", "author", "corrections")]
    for shown in [page, *listings]:
        text = words(shown.find(".//body"))
        for title in ("Talks begin", "Why I sail", "On pilots", "Later"):
            for found in re.finditer(re.escape(title), text):
                before = text[: found.start()]
                if found.start() < text.rfind("Home"):  # the trail of links at the foot names pages, not stories
                    assert re.search(r"Opinion( Europe| Türkiye 1 min read)? $", before), before[-60:]


def test_a_line_of_a_rail_has_only_a_label_that_says_whose_word_it_is() -> None:
    kinds = ("opinion", "analysis", "explainer", "review", "feature", "sponsored")
    rail = c.Rail(region=link("Türkiye"), headlines=tuple(headline(f"A {kind}", label=kind) for kind in kinds))
    page = tree(render_article(article(explore=rail)))
    lines = [words(item) for item in page.iterfind(".//section[@aria-labelledby='explore']//li")]
    shown = ["Opinion A opinion", "Analysis A analysis", "A explainer", "Review A review", "A feature"]
    assert lines == [*shown, "Sponsored A sponsored"]


@pytest.mark.parametrize("label", ["opinion", "analysis", "explainer", "review", "feature", "sponsored"])
def test_every_label_is_visible_on_the_story(label: Any) -> None:
    page = tree(render_article(article(story(label=label))))
    assert page.find(".//header/p/strong").text.casefold() == label


def test_a_title_in_another_language_says_so_and_the_label_stays_in_the_pages() -> None:
    page = tree(render_article(article(next=headline("قارب", **ARABIC, label="opinion"))))
    assert page.find(".//a[@rel='next']").attrib.items() >= {"lang": "ar", "dir": "rtl"}.items()
    rail = page.find(".//section[@aria-labelledby='explore']//li[3]/a")
    assert (rail.get("lang"), rail.get("dir")) == ("ar", "rtl")
    assert page.find(".//section[@aria-labelledby='explore']//li[1]/a").get("lang") is None
    foreign = [e.tag for e in page.findall(".//aside//article/div/*") if (e.get("lang"), e.get("dir")) == ("ar", "rtl")]
    assert foreign == ["h3"]
    assert page.find(".//a[@rel='next']/../span[@class='label']").get("lang") is None


def test_a_turkish_name_is_marked_for_its_own_capitals_on_an_english_page() -> None:
    page = tree(rendered("article"))
    assert page.find(".//header/p[@class='kicker']/a").get("lang") == "tr"
    europe = tree(render_article(article(story(kicker="Europe"))))
    assert europe.find(".//header/p[@class='kicker']/a").get("lang") is None


def test_an_arabic_page_is_right_to_left_and_speaks_arabic() -> None:
    page = tree(rendered("arabic article"))
    assert (page.get("lang"), page.get("dir")) == ("ar", "rtl")
    assert page.find(".//h2[@id='explore']").text == "استكشف"
    assert "آخر تحديث: 10 أبريل 2025، 2:45 م" in words(page.find(".//summary"))


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
    within = r'Within \(<picture class="within">.*</picture>\) a line\.'
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


def test_the_rail_refreshes_itself_only_as_asked() -> None:
    rail = article().explore
    script = tree(render_article(article(explore=replace(rail, fragment="/r/explore.html", refresh="script"))))
    assert script.find(".//section[@data-fragment='/r/explore.html']") is not None
    assert [(s.get("type"), s.get("src")) for s in script.iter("script")] == [("module", "/explore.js")]
    assert len(script.findall(".//section[@aria-labelledby='explore']//li")) == 3
    ssi = render_article(article(explore=replace(rail, fragment="/r/explore.html", refresh="ssi")))
    assert '<ol>\n<!--#include virtual="/r/explore.html" -->\n</ol>' in ssi
    assert "<script" not in ssi
    plain = render_article(article(explore=rail))
    assert "data-fragment" not in plain


def test_the_fragment_holds_the_items_of_the_rail_and_nothing_else() -> None:
    context = c.ExploreFragment(rail=article().explore, t=article().t)
    text = THEME.render("explore-fragment.html", context)
    assert re.fullmatch(r"(\s*<li[^>]*>.*?</li>)+\s*", text, re.DOTALL)
    assert text.count('lang="en" dir="ltr"') == 2


def test_the_head_tells_machines_what_the_page_says() -> None:
    page = tree(rendered("full article"))
    metas = {m.get("property") or m.get("name"): m.get("content") for m in page.iter("meta")}
    expected = {
        "description": "About Talks begin",
        "robots": "max-image-preview:large",
        "og:type": "article",
        "og:url": "https://news.example/turkiye/2025/04/talks/",
        "og:image": "https://news.example/media/lead.jpg",
        "og:image:width": "1600",
        "twitter:card": "summary_large_image",
        "article:published_time": "2025-04-09T09:45:00+03:00",
        "article:modified_time": "2025-04-10T14:45:00+03:00",
        "article:section": "Türkiye",
        "article:tag": "Diplomacy",
    }
    assert metas.items() >= expected.items()
    links = {(a.get("rel"), a.get("hreflang") or a.get("type")): a.get("href") for a in page.iter("link")}
    assert links[("canonical", None)] == metas["og:url"]
    assert links[("alternate", "tr")] == "https://news.example/tr/"
    assert links[("alternate", "application/rss+xml")] == "/feed.xml"
    hidden = tree(rendered("404"))
    assert hidden.find(".//meta[@name='robots']").get("content") == "noindex"


def test_the_front_page_names_the_paper_in_its_heading_and_the_day_of_its_newest_story() -> None:
    page = tree(rendered("home"))
    assert words(page.find(".//h1")) == "The Gazette"
    assert words(page.find(".//p[@class='dateline']")) == "Tuesday, April 8, 2025"
    assert tree(rendered("empty home")).find(".//p[@class='dateline']") is None


def test_an_archive_says_each_day_once() -> None:
    days = [h.text for h in tree(rendered("archive")).findall(".//main//h2")]
    assert days == ["8 Tue", "1 Sat"]
    assert [h.text for h in tree(rendered("year archive")).findall(".//main//h2")] == ["April 2025", "March 2025"]


def test_the_corrections_page_is_one_click_from_every_page() -> None:
    for name in set(PAGES) - {"redirect"}:
        assert tree(rendered(name)).find(".//footer//a[@href='/corrections/']") is not None, name


def test_a_withdrawn_story_leaves_only_a_notice() -> None:
    text = rendered("withdrawn")
    assert "This story has been withdrawn" in text
    assert "Talks" not in text


def test_a_redirect_leads_on_without_a_script() -> None:
    page = tree(rendered("redirect"))
    assert page.find(".//meta[@http-equiv='refresh']").get("content") == "0; url=/new/"
    assert page.find(".//link[@rel='canonical']").get("href") == "https://news.example/new/"
    assert page.find(".//main//a").get("href") == "/new/"


def test_an_ordinary_article_with_its_stylesheet_fits_the_first_round_trip() -> None:
    rail = replace(
        article().explore, headlines=tuple(headline(f"A headline of some length, number {n}") for n in range(15))
    )
    body = (html("<p>" + "Words of a story that vary. " * 20 + "</p>"),) * 8
    nav = tuple(link(f"Section {n}") for n in range(9))
    text = render_article(article(FULL, explore=rail, site=replace(SITE, nav=nav)), body)
    assert len(gzip.compress(text.encode(), 9)) < 14_600 - 3_000  # room for the words, which vary more in life


# --- escaping ------------------------------------------------------------------------------------------------------

POISON = """x"'><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}--><!--#exec -->&amp;</style></title>"""


@pytest.mark.parametrize("name", PAGES)
def test_no_text_of_a_source_can_become_markup(name: str) -> None:
    template, context, extra = PAGES[name]
    text = THEME.render(template, poisoned(context, POISON), {k: poisoned(v, POISON) for k, v in extra.items()})
    page = tree(text)
    assert [s for s in page.iter("script") if s.get("type") != "application/ld+json"] == []
    assert not [e for e in page.iter() if [key for key in e.attrib if str(key).startswith("on")]]
    assert "<!--" not in text
    assert "49" not in re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    assert POISON in "".join(page.itertext())  # it is there, as text


def test_addresses_that_could_run_script_are_not_linked() -> None:
    bad = "java\tscript:alert(1)"
    embed = c.EmbedPart(embed="post", url=bad, title="A post", provider="x.example")
    far = picture(remote=True, src=bad)
    pages = [render_article(article(story(source_url=bad, picture=far)), (embed,)), rendered("author")]
    for text in pages:
        assert not [a for a in tree(text).iter("a") if "script:" in (a.get("href") or "")]
    assert "example.org" in pages[1]


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co"]), min_size=1))
def test_any_title_comes_out_as_it_went_in(title: str) -> None:
    page = html5lib.parse(render_article(article(story(title=title))), namespaceHTMLElements=False)
    assert "".join(page.find(".//h1").itertext()) == title
    assert len(page.findall(".//h1")) == 1


# --- the stylesheet, the script, the reference ---------------------------------------------------------------------


def test_the_stylesheet_knows_no_left_and_right() -> None:
    physical = (
        r"-(left|right|top|bottom)\s*:|[\s{;](left|right|top|bottom)\s*:|(?:float|clear|text-align):\s*(left|right)"
    )
    assert not re.findall(physical, CSS)
    for name, value in re.findall(r"(margin|padding|inset):\s*([^;}]+)", CSS):
        sides = value.split()
        assert "(" in value or len(sides) < 4 or sides[1] == sides[3], (name, value)


def sheets_of(text: str) -> list[str]:
    """The first words of each stylesheet of a page."""
    marks = {":root{": "style", ".opinion>": "story", ".front ": "lists"}
    found = re.findall(r"<style>\s*(.*?)\s*</style>", text, re.DOTALL)
    return [next(name for mark, name in marks.items() if sheet.startswith(mark)) for sheet in found]


def test_a_page_brings_the_stylesheets_that_it_needs() -> None:
    wanted = {
        **{name: ["style", "story"] for name in ("article", "page")},
        **{name: ["style", "lists"] for name in ("archive", "topic", "corrections")},
        **{name: ["style", "story", "lists"] for name in ("404", "withdrawn")},
    }
    assert {name: sheets_of(rendered(name)) for name in wanted} == wanted
    own = Theme({**SOURCES, "page.html": '{% extends "base.html" %}{% block main %}{{ title }}{% endblock %}'})
    template, context, extra = PAGES["page"]
    assert sheets_of(own.render(template, context, extra)) == ["style", "story", "lists"]


@pytest.mark.parametrize("name", ["home", "region", "author"])
def test_a_way_of_ones_own_to_print_texts_needs_no_more_than_that(name: str) -> None:
    own = Theme({**SOURCES, "partials/body.html": "{% macro parts(body, t) %}<p>Ours</p>{% endmacro %}"})
    template, context, extra = PAGES[name]
    assert "<p>Ours</p>" in own.render(template, context, extra)


@pytest.mark.parametrize("name", ["home", "region", "author"])
@pytest.mark.parametrize(
    ("body", "more"),
    [
        ((), []),
        ((c.Html(html=Markup("<p>Rivers, <em>clocks</em>.</p>")), c.RecommendedPart()), []),
        ((c.Html(html=Markup('<table class="table"><tr><td>1</td></tr></table>')),), ["story"]),
        ((c.Html(html=Markup("<table><tr><td>1</td></tr></table>")),), ["story"]),
        ((c.Html(html=Markup("<FIGURE><p>1</p></FIGURE>")),), ["story"]),
        ((c.Html(html=Markup("<div CLASS = 'factbox'>1</div>")),), ["story"]),
        ((c.FigurePart(picture=picture()),), ["story"]),
        ((c.FactBoxPart(title="Facts", parts=()),), ["story"]),
    ],
)
def test_a_front_has_the_styles_of_stories_only_where_its_text_is_more_than_words(
    name: str, body: tuple[c.Part, ...], more: list[str]
) -> None:
    template, context, _ = PAGES[name]
    text = THEME.render(template, context, {"biography" if name == "author" else "introduction": body})
    assert sheets_of(text) == ["style", *more, "lists"]
    assert ('class="introduction"' in text) == bool(body)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_pair_of_colours_is_legible(mode: str) -> None:
    found = [dict(re.findall(r"--(\w+): (#\w+)", block)) for block in re.findall(r":root \{[^}]*--paper[^}]*\}", CSS)]
    tokens = {"light": found[0], "dark": found[1]}[mode]
    pairs = [
        ("ink", "paper"),
        ("soft", "paper"),
        ("accent", "paper"),
        ("ink", "wash"),
        ("soft", "wash"),
        ("paper", "ink"),
    ]
    for one, other in [*pairs, ("accent", "wash")]:
        light, dark = sorted((_luminance(tokens[one]), _luminance(tokens[other])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (one, other)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_one_script_is_under_a_kilobyte() -> None:
    assert len(SOURCES["static/explore.js"].encode()) <= 1024
    assert [name for name in SOURCES if name.endswith(".js")] == ["static/explore.js"]


def test_the_theme_says_no_word_of_its_own() -> None:
    for name, text in SOURCES.items():
        if name.endswith(".html"):
            html_only = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.DOTALL)
            bare = re.sub(r"<[^>]*>", " ", html_only)
            assert not re.search(r"[a-z]{3}", bare.replace("404", "")), (name, bare.split())


def test_opinion_in_a_rail_has_its_byline() -> None:
    item = tree(rendered("article")).find(".//section[@aria-labelledby='explore']//li[2]")
    assert words(item) == "Opinion On pilots Ada Byron and Can Öz"
    assert OPINION["label"] in item.get("class")


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


# --- what the head says of lists -----------------------------------------------------------------------------------


def test_lists_without_a_description_say_what_they_are() -> None:
    context, extra = PAGES["topic"][1:]
    page = THEME.render("topic.html", replace(context, page=replace(context.page, description="")), extra)
    (found,) = re.findall('<meta name="description" content="(.*?)">', page)
    assert context.page.title in found
    assert SITE.title in found


def test_an_updated_story_tells_both_instants_to_machines() -> None:
    page = THEME.render("article.html", article(FULL), {"body": BODY})
    assert FULL.updated
    for moment in (FULL.date, FULL.updated):
        assert f'<time datetime="{moment.isoformat()}">' in page
