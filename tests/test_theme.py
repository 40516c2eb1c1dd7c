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
from template_reference import page_types
from theme_pages import THEME, render_article, rendered, tree, words
from theme_samples import (
    ARABIC,
    BODY,
    CARDS,
    FULL,
    OPINION,
    PAGES,
    PARAGRAPHS,
    SITE,
    article,
    headline,
    html,
    link,
    picture,
    poisoned,
    story,
)

from broadsheet import contexts as c

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


def test_the_day_on_which_a_plain_page_was_updated_is_a_date() -> None:
    template, context, extra = PAGES["page"]
    assert isinstance(context, c.PlainPage)
    now = replace(context, updated=story().date)
    time = tree(THEME.render(template, now, extra)).find(".//p[@class='dates']/time")
    assert (time.get("datetime"), time.text) == ("2025-04-09T09:45:00+03:00", "April 9, 2025")


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


def test_opinion_in_a_rail_has_its_byline() -> None:
    item = tree(rendered("article")).find(".//section[@aria-labelledby='explore']//li[2]")
    assert words(item) == "Opinion On pilots Ada Byron and Can Öz"
    assert OPINION["label"] in item.get("class")


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
