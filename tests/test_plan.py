"""The plan of a site: every file once, each at a place of its own, and collisions told with both sources."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsroom import Built, Site, article, catalog_of, planned, settings_of, source, views_of

from broadsheet import plan, urls
from broadsheet.digest import fingerprint
from broadsheet.model import LinkRef, Page, Planned
from broadsheet.places import Places


def collision(built: Built) -> tuple[str, str]:
    assert not built.ok
    finding = built.one("url-collision")
    return finding.path, finding.message


def both(built: Built, one: str, other: str) -> None:
    """There is one collision, and it names both sources."""
    path, message = collision(built)
    assert (path == one and other in message) or (path == other and one in message), (path, message)


# --- collisions ----------------------------------------------------------------------------------------------------


def test_two_stories_with_one_slug_in_one_month_collide(site: Site) -> None:
    site.story("europe/2025-04-01-talks.md", date=None).story("europe/2025-04-09-talks.md", date=None)
    both(site.build(), "content/europe/2025-04-01-talks.md", "content/europe/2025-04-09-talks.md")


def test_the_same_slug_in_another_month_or_region_does_not_collide(site: Site) -> None:
    site.story("europe/2025-04-01-talks.md").story("europe/2025-05-09-talks.md", date="2025-05-09")
    site.story("asia/talks.md")
    site.good()


def test_a_plain_file_and_a_bundle_of_one_name_collide(site: Site) -> None:
    site.story("europe/talks.md").story("europe/talks/index.md")
    both(site.build(), "content/europe/talks.md", "content/europe/talks/index.md")


def test_an_alias_and_a_story_collide(site: Site) -> None:
    site.story("europe/a.md").story("europe/b.md", aliases=["/europe/2025/04/a/"])
    both(site.build(), "content/europe/a.md", "content/europe/b.md")


def test_an_alias_of_the_story_itself_collides_with_it(site: Site) -> None:
    site.story("europe/a.md", aliases=["/europe/2025/04/a/"])
    both(site.build(), "content/europe/a.md", "content/europe/a.md")


def test_two_aliases_collide(site: Site) -> None:
    site.story("europe/a.md", aliases=["/old.html"]).story("europe/b.md", aliases=["/old.html"])
    both(site.build(), "content/europe/a.md", "content/europe/b.md")


def test_an_alias_and_a_page_that_the_site_makes_collide(site: Site) -> None:
    site.story("europe/a.md", aliases=["/corrections/"])
    both(site.build(), "content/europe/a.md", "the corrections page")


@pytest.mark.parametrize("url", ["/europe/2025/04/A/", "/EUROPE/2025/04/a/"])
def test_addresses_that_differ_in_case_collide(site: Site, url: str) -> None:
    site.story("europe/a.md").story("asia/b.md", url=url)
    built = site.build()
    both(built, "content/europe/a.md", "content/asia/b.md")
    assert "they differ only in letters" in built.one("url-collision").message


def test_addresses_that_differ_in_composed_letters_collide(site: Site) -> None:
    word = "görüşme"
    site.story("europe/a.md", url=f"/{unicodedata.normalize('NFC', word)}/")
    site.story("europe/b.md", url=f"/{unicodedata.normalize('NFD', word)}/")
    both(site.build(), "content/europe/a.md", "content/europe/b.md")


def test_file_names_that_differ_in_composed_letters_collide(site: Site) -> None:
    one, other = (f"content/europe/{unicodedata.normalize(form, 'görüşme')}.md" for form in ("NFC", "NFD"))
    text = source(title="x", date="2025-04-09")
    site.write(one, text).write(other, text)
    if one in {path.relative_to(site.folder).as_posix() for path in site.folder.rglob("*.md")}:
        both(site.build(), one, other)


def test_a_plain_page_and_a_region_collide(site: Site) -> None:
    site.story("europe/a.md").write("content/pages/europe.md", source(title="Europe"))
    both(site.build(), "content/pages/europe.md", "content/europe")


def test_regions_that_differ_in_case_collide(site: Site) -> None:
    site.story("europe/a.md").story("Europe/b.md")
    built = site.build()
    assert not built.ok
    assert {finding.path for finding in built.of("url-collision")} & {"content/Europe", "content/europe"}


def test_a_static_file_and_a_page_collide(site: Site) -> None:
    site.story("europe/a.md").write("static/europe/index.html", "mine")
    both(site.build(), "content/europe", "static/europe/index.html")


def test_a_robots_txt_of_the_sites_own_stands_in_the_place_of_ours(site: Site) -> None:
    site.story("europe/a.md").write("static/robots.txt", "mine")
    site.good()
    assert site.page("/robots.txt") == "mine"


def test_static_files_that_differ_in_case_collide(site: Site) -> None:
    site.story("eu/a.md").write("static/Logo.svg", "<svg/>").write("static/logo.svg", "<svg/>")
    both(site.build(), "static/Logo.svg", "static/logo.svg")


def test_a_file_where_another_page_needs_a_folder_is_a_collision(site: Site) -> None:
    site.story("europe/a.md").write("static/europe", "a file")
    built = site.build()
    path, message = collision(built)
    assert path == "static/europe"
    assert "content/europe/a.md" in message


def test_all_collisions_of_a_run_are_told(site: Site) -> None:
    site.story("europe/a.md").story("europe/a/index.md").story("asia/a.md").story("asia/a/index.md")
    assert len(site.build().of("url-collision")) == 2


def test_hidden_stories_collide_with_nothing(site: Site) -> None:
    site.story("europe/a.md").story("europe/a/index.md", draft=True)
    site.good()


def test_a_topic_and_a_file_of_that_name_collide(site: Site) -> None:
    site.story("europe/a.md", topics=["Energy"]).write("static/topics/Energy/index.html", "mine")
    both(site.build(), "the page of the topic Energy", "static/topics/Energy/index.html")


@pytest.mark.parametrize(
    ("matter", "place", "named"),
    [
        ({"slug": "a"}, (4, 1), "content/europe/a.md"),
        ({"url": "/europe/2025/04/a/"}, (4, 1), "content/europe/a.md"),
        ({"aliases": ["/x/", "/europe/2025/04/a/"]}, (4, 18), "content/europe/a.md"),
        ({"aliases": ["/europe/2025/04/"]}, (4, 11), "the archive of Europe, 2025-04"),
        ({"url": "/europe/2025/04/"}, (4, 1), "the archive of Europe, 2025-04"),
        ({"url": "/authors/ada/"}, (4, 1), "the page of Ada"),
        ({"url": "/feed.xml"}, (4, 1), "the feed of The Section"),
    ],
)
def test_a_collision_is_told_where_a_source_claims_the_address(
    site: Site, matter: dict[str, object], place: tuple[int, int], named: str
) -> None:
    site.story("europe/a.md", authors=["Ada"]).story("europe/b.md", **matter)
    finding = site.build().one("url-collision")
    assert finding.path == "content/europe/b.md"
    assert named in finding.message
    assert (finding.line, finding.column) == place


TAKEN = {
    "robots.txt": "robots.txt is also",
    "_headers": "_headers is also",
    "favicon.svg": "favicon.svg (the theme's favicon.svg) is also",
    "news-sitemap.xml": "news-sitemap.xml (the news sitemap) is also",
    "404.html": "404.html (templates/404.html) is also",
}


@pytest.mark.parametrize("name", TAKEN)
def test_who_needs_a_folder_where_the_site_makes_a_file_is_told_at_the_line_that_says_so(site: Site, name: str) -> None:
    site.story("europe/a.md").story("europe/b.md", aliases=["/x/", f"/{name}/y/"])
    finding = site.build().one("url-collision")
    assert (finding.path, finding.line, finding.column) == ("content/europe/b.md", 4, 18)
    assert finding.message == f"{TAKEN[name]} a folder, needed for /{name}/y/"
    assert "`aliases:`" in finding.hint
    site.story("europe/b.md", url=f"/{name}/y/")
    finding = site.build().one("url-collision")
    assert (finding.path, finding.line, finding.column) == ("content/europe/b.md", 4, 1)
    assert "`url:`" in finding.hint


@pytest.mark.parametrize("name", TAKEN)
def test_a_folder_that_is_called_like_a_file_of_the_site_is_told_as_what_is_in_it(site: Site, name: str) -> None:
    site.write(f"static/{name}/x.txt", "x").story("europe/a.md")
    finding = site.build().one("url-collision")
    assert (finding.path, finding.message) == (
        f"static/{name}/x.txt",
        f"{TAKEN[name]} a folder, needed for /{name}/x.txt",
    )
    site.remove(f"static/{name}/x.txt").story(f"{name}/b.md")
    assert [found.path for found in site.build().of("url-collision")] == [f"content/{name}/b.md"]


def test_a_file_of_ones_own_in_place_of_a_folder_is_told_at_the_line_that_needs_it(site: Site) -> None:
    site.write("static/x", "a file").story("europe/a.md", url="/x/y/")
    finding = site.build().one("url-collision")
    assert (finding.path, finding.line) == ("content/europe/a.md", 4)
    assert finding.message == "x (static/x) is also a folder, needed for /x/y/"


@pytest.mark.parametrize(
    ("matter", "key"),
    [
        ({"url": "/europe/2025/04/a/"}, "`url:`"),
        ({"slug": "a"}, "`slug:`"),
        ({"aliases": ["/europe/2025/04/a/"]}, "`aliases:`"),
    ],
)
def test_the_cure_of_a_collision_names_the_key_that_says_the_address(
    site: Site, matter: dict[str, Any], key: str
) -> None:
    site.story("europe/a.md").story("europe/b.md", **matter)
    assert key in site.build().one("url-collision").hint


@pytest.mark.parametrize("first", ["file", "folder", "static file", "both"])
def test_a_file_in_place_of_a_folder_is_told_whichever_was_published_first(site: Site, first: str) -> None:
    """`url` of a story beside what is already on the site: what was there is not gone through again."""
    wanted = {"file": ["/a/"], "folder": ["/a/index.html/b/"], "static file": [], "both": []}[first]
    for n in range(40):
        site.story(f"europe/other-{n}.md")
    for url in wanted:
        site.story(f"europe/{len(url)}.md", url=url)
    if first == "static file":
        site.write("static/a", "a file")
    assert site.build().ok
    for url in ("/a/", "/a/index.html/b/"):
        site.story(f"europe/{len(url)}.md", url=url)
    built = site.build()
    assert not built.ok
    fresh = site.build(output=str(site.folder.parent / "elsewhere"))
    assert [(f.path, f.message) for f in built.of("url-collision")] == [
        (f.path, f.message) for f in fresh.of("url-collision")
    ]
    assert len(built.of("url-collision")) == (2 if first == "static file" else 1)


names = st.sampled_from(["a", "A", "b", "é", "e\u0301", "É", "ß", "ss", "SS"])
places = st.lists(names, min_size=1, max_size=3).map("/".join)


@given(st.lists(places, min_size=1, max_size=8))
def test_places_that_are_not_refused_are_all_different_files_on_any_system(found: list[str]) -> None:
    told = Places()
    taken = [path for n, path in enumerate(found) if told.add(page_at(path, f"source {n}"))]
    refused = len(found) - len(taken)
    assert len([finding for finding in told.diagnostics if finding.code == "url-collision"]) == refused
    keys = [unicodedata.normalize("NFD", path.casefold()) for path in taken]
    assert len(keys) == len(set(keys))
    told.check()
    folders = {key[:end] for key in map(urls.collision_key, taken) for end in range(len(key)) if key[end] == "/"}
    clashes = len(told.diagnostics) - refused
    assert clashes == len(folders & {urls.collision_key(path) for path in taken})


def page_at(path: str, source: str) -> Planned:
    page = Page(path=path, template="copy", context=None, source=source)
    return Planned(path=path, template="copy", source=source, shown=(), make=lambda: page)


@pytest.mark.parametrize("path", ["../x", "a/../x", "a//b", "con/x", ".git/x", "a/" + "x" * 300, "", "a\0b", "/etc/x"])
def test_a_path_that_may_not_be_written_is_refused_with_its_source(path: str) -> None:
    told = Places()
    assert not told.add(page_at(path, "content/a.md"))
    (finding,) = told.diagnostics
    assert (finding.path, finding.code) == ("content/a.md", "unsafe-path")
    assert len(finding.message) < 400


def test_nothing_is_written_for_a_page_whose_path_is_refused(site: Site) -> None:
    long = "/" + "/".join(["a" * 200] * 12) + "/"
    site.story("europe/a.md").story("europe/b.md", url=long)
    built = site.build()
    assert not built.ok
    assert {(finding.path, finding.line) for finding in built.errors} == {("content/europe/b.md", 4)}
    assert site.tree() == {}


# --- links to paths of the site ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "known"),
    [
        ("/", True),
        ("/europe/", True),
        ("/europe", True),
        ("/europe/index.html", True),
        ("/index.html", True),
        ("/feed.xml", True),
        ("/europe/?page=2", True),
        ("/asia/", False),
        ("/feed", False),
        ("/europe/x", False),
    ],
)
def test_links_to_paths_are_checked_against_the_plan(target: str, known: bool) -> None:
    places = Places()
    for path in ("index.html", "europe/index.html", "feed.xml"):
        places.add(page_at(path, "x"))
    path, question, query = target.partition("?")
    link = LinkRef(kind="site", target=path, mark=(3, 9), query=question + query)
    found = list(plan.unknown_pages(catalog_of([]), [("content/a.md", link)], places))
    assert (
        not found
        if known
        else [(f.path, f.line, f.column, f.code) for f in found] == [("content/a.md", 3, 9, "unknown-page")]
    )


# --- the plan as a value -------------------------------------------------------------------------------------------


def test_a_plan_is_a_pure_function_whose_contexts_have_fingerprints() -> None:
    stories = [
        article(f"{region}/s{n}.md", topics=("Energy",), authors=("Ada",), terms={"dam": n % 3 + 1})
        for n in range(4)
        for region in ("asia", "europe")
    ]

    def keys() -> Mapping[str, bytes]:
        pages = planned(views_of(catalog_of(stories, settings_of(mode="shared"))))
        return {path: fingerprint((page.template, page.context, page.source)) for path, page in pages.items()}

    first = keys()
    assert first == keys()
    assert len(set(first.values())) == len(first)


def test_files_come_before_what_shows_them_and_pages_before_lists_and_documents() -> None:
    stories = [article("europe/a.md", topics=("Energy",), authors=("Ada",))]
    order = list(planned(views_of(catalog_of(stories)), {"logo.svg": "static/logo.svg"}))
    wanted = [
        "logo.svg",
        "europe/2026/01/a/index.html",
        "authors/ada/index.html",
        "topics/energy/index.html",
        "europe/index.html",
        "index.html",
        "feed.xml",
        "sitemap.xml",
        "robots.txt",
    ]
    assert sorted(wanted, key=order.index) == wanted


def test_redirects_stand_at_former_addresses_and_lead_to_the_new_one(site: Site) -> None:
    site.story("europe/a.md", aliases=["/old/place/", "/old.html"])
    site.write("content/pages/about.md", source("Us", title="About", aliases=["/who/"]))
    site.configure(base_url="https://example.org/news/")
    site.good()
    for former, now in [
        ("/old/place/", "/news/europe/2025/04/a/"),
        ("/old.html", "/news/europe/2025/04/a/"),
        ("/who/", "/news/about/"),
    ]:
        page = site.page(former)
        assert f'url={now}"' in page or f'href="{now}"' in page
        assert "noindex" in page


def test_the_404_page_does_not_change_when_a_story_is_published() -> None:
    stories = [article(f"europe/s{n}.md") for n in range(3)]
    pages = [planned(views_of(catalog_of(stories[:n]))) for n in (2, 3)]
    assert pages[0]["404.html"].context == pages[1]["404.html"].context
