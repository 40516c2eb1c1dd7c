"""JSON-LD: one graph a page, whose ids are stable and defined, true to what the page shows."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structured_samples import (
    AUTHOR,
    LOGO,
    NONE,
    NOTE,
    ORIGIN,
    PAGES,
    PICTURE,
    REGION,
    SHARE,
    URL,
    ZONE,
    article,
    base,
    graph,
    only,
    site,
    walk,
)

from broadsheet.contexts import (
    ExploreFragment,
    NavLink,
    NotFoundPage,
    Person,
    Publisher,
    Rail,
    RedirectPage,
    WithdrawnPage,
)
from broadsheet.structured import POLICIES, jsonld

# --- stories -------------------------------------------------------------------------------------------------------


def test_an_article_tells_what_the_page_shows():
    nodes = graph(article(updated=datetime(2025, 4, 10, 8, tzinfo=ZONE)))
    found = only(nodes, "NewsArticle")
    assert found["headline"] == "Türkiye hosts talks"
    assert found["description"] == "A second round."
    assert found["datePublished"] == "2025-04-09T14:30:00+03:00"
    assert found["dateModified"] == "2025-04-10T08:00:00+03:00"
    assert found["mainEntityOfPage"] == found["url"] == ORIGIN + URL
    assert found["inLanguage"] == "en"
    assert found["articleSection"] == "Türkiye"
    assert found["isAccessibleForFree"] is True
    assert found["timeRequired"] == "PT3M"
    assert found["wordCount"] == 533
    assert found["keywords"] == ["Energy"]
    assert found["publisher"] == {"@id": ORIGIN + "/news/#publisher"}
    assert found["image"] == [
        {
            "@type": "ImageObject",
            "url": PICTURE.absolute,
            "width": 1240,
            "height": 698,
            "caption": "A tram crosses the bridge.",
            "creditText": "AA",
        }
    ]


def test_a_story_never_updated_was_modified_when_published():
    found = only(graph(article()), "NewsArticle")
    assert found["dateModified"] == found["datePublished"]


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("", "NewsArticle"),
        ("opinion", "OpinionNewsArticle"),
        ("analysis", "AnalysisNewsArticle"),
        ("explainer", "BackgroundNewsArticle"),
        ("review", "ReviewNewsArticle"),
        ("feature", "NewsArticle"),
        ("sponsored", "Article"),
    ],
)
def test_the_type_follows_the_label(label, kind):
    assert graph(article(label=label))[0]["@type"] == kind


def test_a_live_page_is_a_live_blog_unless_it_is_sponsored():
    found = graph(article(kind="live"))[0]
    assert found["@type"] == "LiveBlogPosting"
    assert found["coverageStartTime"] == found["datePublished"]
    (update,) = found["liveBlogUpdate"]
    assert update["datePublished"] == found["dateModified"]
    assert (update["headline"], update["url"]) == (found["headline"], found["url"])
    assert update["articleBody"]
    assert graph(article(kind="live", label="sponsored"))[0]["@type"] == "Article"


def test_authors_are_one_object_each_with_the_bare_name():
    agency = Person(id="aa", name="Anadolu Agency", url="/news/authors/aa/", type="organization")
    guest = Person(id="guest", name="A Guest", url="")
    found = graph(article(authors=(AUTHOR, agency, guest)))[0]["author"]
    assert found == [
        {
            "@type": "Person",
            "name": "Ayşe Yılmaz",
            "@id": ORIGIN + "/news/authors/ayse/#person",
            "url": ORIGIN + "/news/authors/ayse/",
        },
        {
            "@type": "Organization",
            "name": "Anadolu Agency",
            "@id": ORIGIN + "/news/authors/aa/#organization",
            "url": ORIGIN + "/news/authors/aa/",
        },
        {"@type": "Person", "name": "A Guest"},
    ]


@pytest.mark.parametrize(
    ("name", "kind", "shown", "suffix"),
    [
        ("Ayşe Yılmaz", "Person", "Ayşe Yılmaz", None),
        ("Robert L. Read, PhD", "Person", "Robert L. Read", "PhD"),
        ("Scott Gottlieb, M.D.", "Person", "Scott Gottlieb", "M.D."),
        ("Amando E. Gavino, Jr.", "Person", "Amando E. Gavino", "Jr."),
        ("Ana Diaz, MBA, CPA", "Person", "Ana Diaz", "MBA, CPA"),
        ("José Ortega y Gasset", "Person", "José Ortega y Gasset", None),
        ("Office of Information Policy, DOJ", "Organization", "Office of Information Policy, DOJ", None),
        ("Standards and Technology Team", "Organization", "Standards and Technology Team", None),
        ("Can Öz / Ada Byron", "Organization", "Can Öz / Ada Byron", None),
    ],
)
def test_a_bylines_name_is_bare_and_what_names_no_one_person_is_an_organization(name, kind, shown, suffix):
    (found,) = graph(article(authors=(replace(AUTHOR, name=name),)))[0]["author"]
    assert (found["@type"], found["name"], found.get("honorificSuffix")) == (kind, shown, suffix)


def test_a_story_without_a_byline_is_by_the_publisher():
    assert graph(article(authors=()))[0]["author"] == {"@id": ORIGIN + "/news/#publisher"}


@pytest.mark.parametrize("picture", [None, replace(PICTURE, remote=True)])
def test_a_story_without_a_picture_shows_the_sites_own(picture):
    assert [image["url"] for image in graph(article(picture=picture))[0]["image"]] == [SHARE.absolute]


def test_a_picture_too_narrow_for_search_results_is_followed_by_the_sites_own():
    narrow = replace(PICTURE, width=1199)
    images = graph(article(picture=narrow))[0]["image"]
    assert [image["width"] for image in images] == [1199, 1200]
    assert len(graph(article(picture=replace(PICTURE, width=1200)))[0]["image"]) == 1


def test_corrections_are_told_with_the_text_of_the_page():
    found = graph(article(corrections=(NOTE,)))[0]["correction"]
    assert found == [
        {
            "@type": "CorrectionComment",
            "text": "There were eleven states.",
            "datePublished": "2025-04-10T09:00:00+03:00",
        }
    ]


def test_breadcrumbs_end_with_the_page():
    found = only(graph(article()), "BreadcrumbList")["itemListElement"]
    assert [(step["position"], step["name"], step["item"]) for step in found] == [
        (1, "Home", ORIGIN + "/news/"),
        (2, "Türkiye", ORIGIN + "/news/turkiye/"),
        (3, "Türkiye hosts talks", ORIGIN + URL),
    ]


# --- other pages ---------------------------------------------------------------------------------------------------


def test_the_publisher_has_its_logo_and_policies():
    found = only(graph(article()), "NewsMediaOrganization")
    assert found["name"] == "Example Media"
    assert found["url"] == ORIGIN + "/news/"
    assert found["logo"]["url"] == LOGO.absolute
    assert found["correctionsPolicy"] == ORIGIN + "/news/corrections/"
    assert found["ethicsPolicy"] == ORIGIN + "/news/ethics/"
    assert set(POLICIES) == {"corrections", "ethics", "feedback", "ownership", "masthead", "principles"}


def test_each_site_has_its_own_publisher():
    other = replace(article(), site=site(publisher=Publisher(name="Other", logo=None, policies=NONE)))
    assert only(graph(article()), "NewsMediaOrganization")["name"] == "Example Media"
    assert only(graph(other), "NewsMediaOrganization")["name"] == "Other"


def test_the_home_page_is_of_the_web_site():
    found = only(graph(PAGES["home"]), "WebSite")
    assert (found["name"], found["url"]) == ("The Example Post", ORIGIN + "/news/")


@pytest.mark.parametrize(("page", "stories"), [("region", 3), ("archive", 1), ("topic", 2)])
def test_lists_are_collections_of_their_stories(page, stories):
    nodes = graph(PAGES[page])
    found = only(nodes, "CollectionPage")["mainEntity"]
    assert found["numberOfItems"] == stories
    assert [(item["position"], item["url"]) for item in found["itemListElement"]] == [
        (number, f"{ORIGIN}/news/turkiye/{number}/") for number in range(1, stories + 1)
    ]
    assert only(nodes, "BreadcrumbList")


def test_an_author_has_a_profile():
    found = only(graph(PAGES["author"]), "ProfilePage")["mainEntity"]
    assert found["@type"] == "Person"
    assert found["@id"] == graph(article())[0]["author"][0]["@id"]
    assert found["jobTitle"] == "Reporter"
    assert found["sameAs"] == ["https://a.example/"]


def test_an_address_of_mail_is_no_page_about_somebody():
    writer = replace(AUTHOR, url="", links=("mailto:ada@a.example", "https://a.example/", "mailto:b@a.example"))
    (found,) = graph(article(authors=(writer,)))[0]["author"]
    assert (found["sameAs"], found["email"]) == (["https://a.example/"], "ada@a.example")
    assert "sameAs" not in graph(article(authors=(replace(writer, links=writer.links[:1]),)))[0]["author"][0]


def test_the_corrections_page_holds_each_note():
    found = only(graph(PAGES["corrections"]), "CollectionPage")["hasPart"]
    assert [(part["@type"], part["text"], part["about"]["url"]) for part in found] == [
        ("CorrectionComment", "There were eleven states.", ORIGIN + "/news/turkiye/1/")
    ]


def test_pages_that_are_not_for_search_have_none():
    link = NavLink(title="x", url="/x/")
    for page in (
        NotFoundPage(**base()),
        WithdrawnPage(**base(), region=REGION),
        RedirectPage(**base(), target="/x/", absolute=ORIGIN + "/x/"),
        ExploreFragment(rail=Rail(region=link, headlines=()), t=NONE),
    ):
        assert jsonld(page) == ""


# --- what must hold for any page -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_every_id_that_is_named_is_defined_once(name):
    nodes = list(walk(graph(PAGES[name])))
    defined = [node["@id"] for node in nodes if "@id" in node and "@type" in node]
    named = {node["@id"] for node in nodes if set(node) == {"@id"}}
    assert named <= set(defined)
    assert len(defined) == len(set(defined))
    assert all(identifier.startswith(ORIGIN) for identifier in defined)


@pytest.mark.parametrize("name", PAGES)
def test_equal_pages_give_equal_text(name):
    assert jsonld(PAGES[name]) == jsonld(replace(PAGES[name]))


class Scripts(HTMLParser):
    """Collects what a browser would take for the content of scripts, and all other text."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.inside = False
        self.scripts = []
        self.rest = []

    def handle_starttag(self, tag, attrs):  # noqa: ARG002  # the name it is called by
        self.inside = tag == "script"
        self.scripts.append("")

    def handle_endtag(self, tag):  # noqa: ARG002  # likewise
        self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.scripts[-1] += data
        else:
            self.rest.append(data)


HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!-- <script>",
    "]]> & \" ' \\ \\u003c",
    "NUL \x00 \x1b \ufffe \ud800",
    "line\u2028separator\u2029",
    "العربية \u202e İğü 🐪",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_stay_words(text):
    note = replace(NOTE, text=text)
    page = article(title=text, standfirst=text, authors=(replace(AUTHOR, name=text),), corrections=(note,))
    page = replace(page, site=site(title=text, publisher=Publisher(name=text, logo=None, policies=NONE)))
    made = jsonld(page)
    made.encode()
    browser = Scripts()
    browser.feed(f'<script type="application/ld+json">{made}</script>')
    browser.close()
    assert browser.scripts == [str(made)]
    assert browser.rest == []
    assert graph(page)[0]["headline"] == text
    assert only(graph(page), "NewsMediaOrganization")["name"] == text
    assert only(graph(page), "BreadcrumbList")["itemListElement"][2]["name"] == text


@given(st.text(st.characters(), max_size=80))
def test_any_headline_survives_and_ends_no_script(title):
    made = jsonld(article(title=title))
    assert not set(made) & set("<>&\u2028\u2029")
    assert json.loads(made)["@graph"][0]["headline"] == title
