"""What pages, feeds and data say of the same thing: the picture that stands for a page elsewhere, the name of a page,
the language of a notice, one page for one topic, the address that hosts give out."""

from __future__ import annotations

import json
import re

import pytest
from newsroom import Site, png

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="900"><rect width="9" height="9"/></svg>'


def shared(page: str) -> str:
    return re.findall(r'property="og:image" content="([^"]*)"', page)[0]


def images(page: str) -> list[str]:
    data = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[0])
    story = next(node for node in data["@graph"] if node["@type"] == "NewsArticle")
    return [image["url"] for image in story["image"]]


def test_a_drawing_does_not_stand_for_its_story_on_other_sites(site: Site) -> None:
    site.write("content/eu/draw.svg", DRAWING).story("eu/a.md", image={"src": "draw.svg", "alt": "A square"})
    site.good()
    page = site.page("/eu/2025/04/a/")
    assert shared(page).endswith("/share.png")
    own, other = images(page)
    assert own.endswith(".svg")
    assert other.endswith("/share.png")


def test_a_picture_that_other_sites_refuse_for_its_size_does_not_stand_for_its_story(site: Site) -> None:
    site.write("content/eu/tiny.png", png(90, 60)).story("eu/a.md", image={"src": "tiny.png", "alt": "A dot"})
    site.write("content/eu/wide.png", png(1300, 800)).story("eu/b.md", image={"src": "wide.png", "alt": "A field"})
    site.good()
    tiny, wide = site.page("/eu/2025/04/a/"), site.page("/eu/2025/04/b/")
    assert shared(tiny).endswith("/share.png")
    assert [url.endswith("/share.png") for url in images(tiny)] == [True]
    assert "/wide" in shared(wide)
    assert ["/wide" in url for url in images(wide)] == [True]


def test_a_drawn_logo_is_in_no_rss_channel(site: Site) -> None:
    site.edit("config.yaml", "site:\n", "site:\n  publisher: {name: P, logo: logo.svg}\n")
    site.write("static/logo.svg", DRAWING).story("eu/a.md")
    site.good()
    assert "<image>" not in site.page("/feed.xml")


def test_a_year_of_corrections_has_a_name_and_a_way_back_of_its_own(site: Site) -> None:
    notes = [{"date": f"2025-{n % 12 + 1:02}-03", "kind": "correction", "text": f"Note {n}."} for n in range(31)]
    site.story("eu/a.md", date="2024-01-02", corrections=notes).good()
    page = site.page("/corrections/2025/")
    assert "<title>Corrections of 2025" in page
    assert 'property="og:title" content="Corrections of 2025"' in page
    crumbs = page[page.index('class="crumbs"') :]
    assert 'href="/corrections/"' in crumbs[: crumbs.index("</nav>")]


def test_the_notice_of_a_withdrawn_story_speaks_the_language_of_its_region(site: Site) -> None:
    site.configure("regions:\n  turkiye: {title: Türkiye, language: tr}\n")
    site.story("turkiye/a.md").story("turkiye/b.md", status="withdrawn").story(
        "turkiye/c.md", status="withdrawn", lang="de"
    )
    site.good()
    for name in "bc":  # whatever the story's own language was
        notice = site.page(f"/turkiye/2025/04/{name}/")
        assert '<html lang="tr"' in notice
        assert "Bu haber geri çekildi" in notice


@pytest.mark.parametrize("language", ["en", "tr"])
def test_a_topic_has_one_page_whatever_languages_the_stories_that_name_it_are_in(site: Site, language: str) -> None:
    site.configure(
        "regions:\n  tr: {title: Türkiye, language: tr}\n  en: {title: World, language: en}\n", language=language
    )
    site.story("en/a.md", topics=["Internet", "IRAN", "Isı"]).story("tr/b.md", topics=["internet", "Iran", "ısı"])
    site.good()
    assert sorted(path.name for path in (site.output / "topics").iterdir() if path.is_dir()) == [
        "internet",
        "iran",
        "isi",
    ]


def test_an_address_of_ones_own_is_given_out_as_hosts_answer_it(site: Site) -> None:
    site.story("eu/a.md", url="/special/talks").story("eu/b.md", url="/special/data.html")
    site.write("content/pages/c.md", "---\ntitle: C\nurl: /who\n---\nWe.\n").good()
    assert '<link rel="canonical" href="https://example.org/special/talks/">' in site.page("/special/talks/")
    assert 'href="https://example.org/special/data.html"' in site.page("/special/data.html")
    assert 'href="https://example.org/who/"' in site.page("/who/")


def test_a_link_of_the_navigation_to_a_front_is_in_the_language_of_its_region(site: Site) -> None:
    site.configure("regions:\n  turkiye: {title: Türkiye, language: tr}\nnav:\n- {title: Türkiye, url: /turkiye/}\n")
    site.story("turkiye/a.md").story("eu/b.md").good()
    masthead = site.page("/eu/2025/04/b/").partition("<main")[0]
    assert re.search(r'<a href="/turkiye/"[^>]*lang="tr"', masthead)


def test_only_stories_can_be_picked_and_that_is_said(site: Site) -> None:
    site.story("eu/a.md", related=["../pages/about.md", "about.md", "hidden.md", "gone.md"]).story(
        "eu/hidden.md", unlisted=True
    )
    site.story("eu/gone.md", status="withdrawn").write("content/pages/about.md", "---\ntitle: About\n---\nWe.\n")
    built = site.build()
    told = [(finding.code, finding.message, finding.hint) for finding in built.findings]
    assert ("missing-pick", "“../pages/about.md” is no story: only stories can be picked", "") in told
    assert not any("/pages/about.md?" in hint for _, _, hint in told)
    assert ("hidden-link", "“hidden.md” is unlisted: no list shows it", "take the pick out") in told
    assert ("hidden-link", "“gone.md” was withdrawn: no list shows it", "take the pick out") in told
