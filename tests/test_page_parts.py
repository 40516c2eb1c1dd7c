"""What a reader finds on a page, and in which order: the parts of an article, its languages, its labels, its notes."""

from __future__ import annotations

import json
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import html5lib
import pytest
import sample_section
from newsroom import Site
from sample_section import ARABIC, AT, CORRECTED, FEATURE, OPINION, TALKS, TURKISH


@pytest.fixture(scope="module")
def section(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = sample_section.write(tmp_path_factory.mktemp("parts") / "site")
    site.good(at=AT)
    return site


def parsed(site: Site, url: str) -> Element:
    root = html5lib.parse(site.page(url), namespaceHTMLElements=False)
    assert isinstance(root, Element)
    return root


def words(element: Element | None) -> str:
    """The text of an element, blanks collapsed."""
    assert element is not None
    return " ".join("".join(element.itertext()).split())


def having(root: Element, name: str) -> list[Element]:
    """The elements with a class, in order."""
    return [e for e in root.iter() if isinstance(e.tag, str) and name in e.get("class", "").split()]


def graph(root: Element) -> list[dict[str, object]]:
    (script,) = [e for e in root.iter("script") if e.get("type") == "application/ld+json"]
    value = json.loads(script.text or "")
    assert value["@context"] == "https://schema.org"
    return list(value["@graph"])


def article_node(root: Element) -> dict[str, object]:
    (node,) = [n for n in graph(root) if str(n["@type"]).endswith(("Article", "Posting"))]
    return node


# --- the parts of an article, in the order of the reference page ---------------------------------------------------


def test_the_parts_of_an_article_stand_in_their_order(section: Site) -> None:
    root = parsed(section, TALKS)
    text = words(root.find("body"))
    parts = [
        "Türkiye 1 min read",
        "Second round of Russia-US talks begins in Istanbul",
        "Both sides look for ways to steady the work of their embassies.",
        "Reporters wait as a delegation arrives at the consulate / AA",
        "April 9, 2025",
        "Delegations from Russia",
        "The American side",
        "A spokesperson said that the aim was to “steady the work” of both missions.",
        "Recommended",
        "Ukraine was not on the table",
        "The first round had lasted six hours.",
        "Explore",
    ]
    places = [text.find(part) for part in parts]
    assert -1 not in places, dict(zip(parts, places, strict=True))
    assert places == sorted(places)


def test_the_article_has_one_main_heading_and_its_picture_first(section: Site) -> None:
    root = parsed(section, TALKS)
    (heading,) = root.iter("h1")
    assert words(heading) == "Second round of Russia-US talks begins in Istanbul"
    article = next(root.iter("article"))
    image = next(article.iter("img"))
    assert image.get("alt") == "A car at the gate of a consulate"
    assert image.get("fetchpriority") == "high"
    assert image.get("loading") is None
    assert int(image.get("width", "0")) > int(image.get("height", "0")) > 0
    for other in [e for e in root.iter("img") if e is not image]:
        assert other.get("loading") == "lazy"


def test_the_recommended_card_stands_after_the_third_paragraph(section: Site) -> None:
    root = parsed(section, TALKS)
    (text,) = having(root, "text")
    children = [e.tag for e in text]
    assert children == ["p", "p", "p", "aside", "p", "p"]
    (card,) = [e for e in text if e.tag == "aside"]
    assert words(card).startswith("Recommended")
    assert len(list(card.iter("a"))) == 1
    others = [words(e) for e in having(root, "after")]
    assert others
    linked = [a.get("href") for e in [card, *having(root, "after")] for a in e.iter("a")]
    assert TALKS not in linked
    assert len(linked) == len(set(linked)) == 4


def test_explore_has_fifteen_headlines_of_the_region_with_bylines_where_opinion_or_feature(section: Site) -> None:
    root = parsed(section, TALKS)
    (rail,) = having(root, "explore")
    items = list(rail.iter("li"))
    assert len(items) == 15
    hrefs = [next(item.iter("a")).get("href", "") for item in items]
    assert all(href.startswith("/turkiye/") for href in hrefs)
    assert TALKS not in hrefs
    assert [words(next(item.iter("a"))) for item in items[:3]] == [
        "Tombstones tell of a game for kings",
        "What the quay knows",
        "Two consulates swap keys and paperwork",
    ]
    bylines = {words(next(item.iter("a"))): words(found[0]) for item in items if (found := having(item, "byline"))}
    assert bylines == {
        "Tombstones tell of a game for kings": "Esra Karataş and Elif Yıldırım",
        "What the quay knows": "Elif Yıldırım",
    }
    main = next(root.iter("main"))
    assert rail not in list(main.iter())


def test_the_rail_of_a_story_never_lists_the_story(section: Site) -> None:
    (rail,) = having(parsed(section, OPINION), "explore")
    hrefs = [a.get("href") for a in rail.iter("a")]
    assert OPINION not in hrefs
    assert len(list(rail.iter("li"))) == 15


# --- opinion is labelled wherever it appears -----------------------------------------------------------------------


def test_opinion_is_labelled_before_its_headline_wherever_it_appears(section: Site) -> None:
    found = 0
    for path in section.tree():
        if not path.endswith(".html"):
            continue
        root = parsed(section, "/" + path.removesuffix("index.html"))
        body = root.find("body")
        assert body is not None
        text = words(body)
        start = 0
        while (place := text.find("What the quay knows", start)) >= 0:
            assert "Opinion" in text[max(0, place - 60) : place], (path, text[max(0, place - 60) : place + 30])
            start, found = place + 1, found + 1
    assert found >= 20
    root = parsed(section, OPINION)
    assert words(next(root.iter("title"))).startswith("Opinion: What the quay knows")
    assert article_node(root)["@type"] == "OpinionNewsArticle"
    feed = ElementTree.fromstring(section.page("/feed.xml"))  # noqa: S314  # we wrote it
    (title,) = [e.text for e in feed.iter("title") if e.text and "What the quay knows" in e.text]
    assert title.startswith("Opinion")


def test_a_feature_is_labelled_and_signed(section: Site) -> None:
    root = parsed(section, FEATURE)
    assert words(having(root, "kicker")[0]).startswith("Feature Türkiye")
    assert words(having(root, "signed")[0]).startswith("By Esra Karataş and Elif Yıldırım")
    assert [a["name"] for a in article_node(root)["author"]] == ["Esra Karataş", "Elif Yıldırım"]  # type: ignore[attr-defined]


# --- languages -----------------------------------------------------------------------------------------------------


def test_a_turkish_story_speaks_turkish(section: Site) -> None:
    root = parsed(section, TURKISH)
    assert (root.get("lang"), root.get("dir")) == ("tr", "ltr")
    text = words(root.find("body"))
    assert "9 Nisan 2025" in text
    assert "1 dk" in text or "dakika" in text
    assert "İstanbul haberleri" in words(having(root, "kicker")[0])
    assert article_node(root)["inLanguage"] == "tr"
    for english in ("Recommended", "Explore", "min read", "April"):
        assert english not in text


def test_an_arabic_story_runs_from_right_to_left(section: Site) -> None:
    root = parsed(section, ARABIC)
    assert (root.get("lang"), root.get("dir")) == ("ar", "rtl")
    text = words(root.find("body"))
    assert "أبريل" in text
    assert "استكشف" in text
    assert "نوصي بقراءته" in text
    (rail,) = having(root, "explore")
    assert len(list(rail.iter("li"))) == 15
    assert article_node(root)["inLanguage"] == "ar"


def test_a_headline_in_another_language_says_so(section: Site) -> None:
    root = parsed(section, "/")
    arabic = [e for e in root.iter() if isinstance(e.tag, str) and e.get("lang") == "ar" and "خبر رقم" in words(e)]
    assert arabic
    assert all(e.get("dir") == "rtl" for e in arabic)


def test_names_keep_their_letters_for_capitals(section: Site) -> None:
    kicker = having(parsed(section, TALKS), "kicker")[0]
    named = [e for e in kicker.iter() if e.text == "Türkiye"]
    assert [e.get("lang") for e in named] == ["tr"]
    for path, data in section.tree().items():
        if path.endswith(".html"):
            assert "TÜRKIYE" not in data.decode(), path
            assert "TÜRKİYE" not in data.decode(), path  # capitals are the stylesheet's


# --- corrections ---------------------------------------------------------------------------------------------------


def test_a_correction_is_on_the_page_in_the_list_and_in_the_data(section: Site) -> None:
    root = parsed(section, CORRECTED)
    text = words(next(root.iter("article")))
    assert "Correction April 6, 2025 An earlier version gave nine as the hour." in text
    assert "Update April 7, 2025 Adds the ferry's return." in text
    assert text.index("Adds the ferry") < text.index("An earlier version")
    node = article_node(root)
    assert node["datePublished"] == "2025-04-05T10:00:00+03:00"
    assert node["dateModified"] == "2025-04-07T00:00:00+03:00"
    notes = {n["text"] for n in node["correction"]}  # type: ignore[attr-defined]
    assert notes == {"An earlier version gave nine as the hour.", "Adds the ferry's return."}
    listed = parsed(section, "/corrections/")
    assert "An earlier version gave nine as the hour." in words(listed)
    assert CORRECTED in [a.get("href") for a in listed.iter("a")]
    for path in section.tree():
        if path.endswith("index.html") and not path.startswith("old"):
            page = parsed(section, "/" + path.removesuffix("index.html"))
            assert "/corrections/" in [a.get("href") for a in page.iter("a")], path
    shard = section.page("/sitemaps/2025-04.xml")
    assert "<lastmod>2025-04-07T00:00:00+03:00</lastmod>" in shard


def test_a_story_without_updates_says_one_date_only(section: Site) -> None:
    root = parsed(section, TALKS)
    text = words(next(root.iter("article")))
    assert text.count("April 9, 2025") == 1
    assert "Updated" not in text
    node = article_node(root)
    assert node["datePublished"] == node["dateModified"] == "2025-04-09T09:45:00+03:00"


# --- structured data -----------------------------------------------------------------------------------------------


def test_every_page_defines_the_ids_that_its_data_names(section: Site) -> None:
    pages = 0
    for path, data in section.tree().items():
        if not path.endswith(".html") or b"ld+json" not in data:
            continue
        nodes = graph(parsed(section, "/" + path.removesuffix("index.html")))
        defined, named = set[str](), set[str]()
        for node in nodes:
            _ids(node, defined, named)
        assert named <= defined, path
        pages += 1
    assert pages > 40


def _ids(value: object, defined: set[str], named: set[str]) -> None:
    if isinstance(value, dict):
        if set(value) == {"@id"}:
            named.add(str(value["@id"]))
        elif "@id" in value:
            defined.add(str(value["@id"]))
        for inner in value.values():
            _ids(inner, defined, named)
    elif isinstance(value, list):
        for inner in value:
            _ids(inner, defined, named)


def test_the_data_of_an_article_says_what_the_page_says(section: Site) -> None:
    root = parsed(section, TALKS)
    node = article_node(root)
    assert node["@type"] == "NewsArticle"
    assert node["headline"] == words(next(root.iter("h1")))
    assert node["description"] == "Both sides look for ways to steady the work of their embassies."
    canonical = [e.get("href") for e in root.iter("link") if e.get("rel") == "canonical"]
    assert [node["url"]] == [node["mainEntityOfPage"]] == canonical == [f"https://example.org{TALKS}"]
    assert node["articleSection"] == "Türkiye"
    assert node["timeRequired"] == "PT1M"
    assert node["isAccessibleForFree"] is True
    (image,) = node["image"]  # type: ignore[misc]
    assert image["creditText"] == "AA"  # type: ignore[index]
    assert image["url"].startswith("https://example.org/pictures/")  # type: ignore[index]


# --- other pages ---------------------------------------------------------------------------------------------------


def test_home_leads_with_the_editors_choice_and_repeats_nothing(section: Site) -> None:
    root = parsed(section, "/")
    main = next(root.iter("main"))
    hrefs = [a.get("href", "") for a in main.iter("a")]
    stories = [href for href in hrefs if "/2025/" in href]
    assert stories[0] == TALKS
    assert len(stories) == len(set(stories)) > 10


@pytest.mark.parametrize("url", ["/", "/turkiye/", "/turkiye/2025/04/", "/topics/city/", "/authors/elif/", TALKS])
def test_landmarks_and_headings_are_in_order(section: Site, url: str) -> None:
    root = parsed(section, url)
    body = root.find("body")
    assert body is not None
    assert len(list(root.iter("main"))) == 1
    assert len(list(root.iter("h1"))) == 1
    skip = next(body.iter("a"))
    assert skip.get("href") == "#main"
    levels = [int(e.tag[1]) for e in root.iter() if isinstance(e.tag, str) and e.tag in ("h1", "h2", "h3", "h4")]
    for before, after in zip([0, *levels], levels, strict=False):
        assert after <= before + 1, levels
    ids = [e.get("id") for e in root.iter() if isinstance(e.tag, str) and e.get("id")]
    assert len(ids) == len(set(ids))
    labels = [(e.tag, e.get("aria-label")) for e in root.iter("nav")]
    assert all(label for _, label in labels)
    assert len(labels) == len(set(labels))


def test_hostile_text_comes_back_from_every_sink_as_it_was_typed(site: Site) -> None:
    hostile = (
        "</script><script>alert(1)</script> \"q\" 'a' & <b> ]]> --> {{ 7*7 }} {% x %} \u2028 é \U0001f600 $& \\u003c"
    )
    shown = " ".join(hostile.split())
    site.configure("feeds: {formats: [rss, atom, json]}\n", title=hostile)
    site.story(
        "eu/a.md", "Text.", title=hostile, description=hostile, authors=[hostile], topics=[hostile], series=hostile,
        kicker=hostile, corrections=[{"date": "2025-04-10", "kind": "note", "text": hostile}],
    ).story("eu/b.md")  # fmt: skip
    built = site.build(at="2025-04-10T12:00:00Z")
    assert built.ok, built.told()
    for path, data in site.tree().items():
        assert path.endswith((".json", ".webmanifest")) or b"<script>alert" not in data, path
        if path.endswith(".html"):
            page = html5lib.parse(data.decode(), namespaceHTMLElements=False)
            scripts = list(page.iter("script"))
            assert all(e.get("type") == "application/ld+json" for e in scripts), path
            assert not list(page.iter("b")), path
    root = parsed(site, "/eu/2025/04/a/")
    assert words(next(root.iter("h1"))) == shown
    assert words(having(root, "standfirst")[0]) == shown
    meta = {e.get("property") or e.get("name"): e.get("content") for e in root.iter("meta")}
    assert " ".join((meta["og:title"] or "").split()) == shown
    assert " ".join((meta["description"] or "").split()) == shown
    node = article_node(root)
    for key in ("headline", "description"):
        assert " ".join(str(node[key]).split()) == shown
    assert " ".join(str(node["author"][0]["name"]).split()) == shown  # type: ignore[index]
    for name, tag in (("feed.xml", "title"), ("feed.atom", "{http://www.w3.org/2005/Atom}title")):
        titles = [" ".join((e.text or "").split()) for e in ElementTree.fromstring(site.page(f"/{name}")).iter(tag)]  # noqa: S314
        assert titles.count(shown) >= 2
    assert " ".join(json.loads(site.page("/feed.json"))["items"][0]["title"].split()) in (shown, "b")
    news = ElementTree.fromstring(site.page("/news-sitemap.xml"))  # noqa: S314  # we wrote it
    title = "{http://www.google.com/schemas/sitemap-news/0.9}title"
    assert shown in [" ".join((e.text or "").split()) for e in news.iter(title)]
