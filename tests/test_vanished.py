"""Addresses that were published and no longer are: which of them are told, where, and with which line to paste."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from newsroom import Built, Site


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def told(built: Built) -> dict[str, str]:
    """The source at which each address is told that has vanished."""
    return {found.message.partition(" was ")[0]: found.path for found in built.of("vanished-page")}


def test_a_storys_page_that_vanishes_is_told_once_with_the_line_to_paste(site: Site) -> None:
    site.story("eu/a.md").story("eu/b.md", topics=["Peace"], authors=["Ada"], series="War").good()
    site.move("content/eu/b.md", "content/world/b.md")
    found = site.build().one("vanished-page")
    assert (found.path, found.severity) == ("content/world/b.md", "warn")
    assert "/eu/2025/04/b/" in found.message
    assert "aliases: [/eu/2025/04/b/]" in found.hint
    site.good()
    site.remove("content/world/b.md")
    found = site.build().one("vanished-page")
    assert found.path == "content"
    assert "aliases: [/world/2025/04/b/]" in found.hint


def test_an_alias_at_the_former_address_leaves_nothing_to_tell(site: Site) -> None:
    site.story("eu/a.md").story("eu/b.md").good()
    site.edit("content/eu/b.md", 'title: "b"', 'title: "b"\nslug: c\naliases: [/eu/2025/04/b/]').good()
    assert site.has("/eu/2025/04/b/")


@pytest.mark.parametrize("line", ["draft: true", "expires: 2025-12-01", "embargo: 2026-12-01", "status: withdrawn"])
def test_a_page_whose_story_is_hidden_or_withdrawn_has_not_vanished(site: Site, line: str) -> None:
    site.story("eu/a.md").story("eu/b.md", aliases=["/eu/2025/03/old/"]).good()
    built = site.edit("content/eu/b.md", 'title: "b"', f'title: "b"\n{line}').build()
    assert built.ok
    assert built.of("vanished-page") == []


@pytest.mark.parametrize("permalink", ["/{slug}/", "/{region}/{slug}/", "/{region}/{yyyy}/{slug}/"])
def test_lists_that_vanish_with_their_stories_are_not_told(site: Site, permalink: str) -> None:
    site.configure(f'permalinks: {{article: "{permalink}"}}\n')
    for n in range(32):
        site.story(f"eu/2025-01-{n % 28 + 1:02}-s{n}.md", date=None, topics=["Peace"], authors=["Ada"], series="War")
    site.story("world/w.md").good()
    assert site.has("/topics/peace/2025/")
    for n in range(1, 32):
        site.remove(f"content/eu/2025-01-{n % 28 + 1:02}-s{n}.md")
    site.remove("content/world/w.md")
    told = site.build().of("vanished-page")
    assert len(told) == 32, [finding.message for finding in told]


def test_a_vanished_page_may_stop_the_build(site: Site) -> None:
    site.story("eu/a.md").story("eu/b.md").good()
    before = site.tree()
    site.configure("checks: {vanished-page: error}\n").remove("content/eu/b.md")
    assert [finding.code for finding in site.build().errors] == ["vanished-page"]
    assert site.tree() == before


def test_all_addresses_are_told_that_another_permalink_takes_away(site: Site) -> None:
    site.story("eu/a.md").story("eu/b.md").story("eu/c.md", url="/special/own/").good()
    built = site.configure('permalinks: {article: "/{region}/{slug}/"}\n').build()
    assert told(built) == {"/eu/2025/04/a/": "content/eu/a.md", "/eu/2025/04/b/": "content/eu/b.md"}


@pytest.mark.parametrize("permalink", ["/{slug}/", "/news/{slug}/", "/{yyyy}-{mm}/{slug}/", "/{slug}/{yyyy}/{mm}/"])
def test_addresses_of_any_former_permalink_are_told(site: Site, permalink: str) -> None:
    site.configure(f'permalinks: {{article: "{permalink}"}}\n').story("eu/a.md", topics=["Peace"]).good()
    (gone,) = told(site.configure().build())
    assert gone == permalink.format(slug="a", yyyy="2025", mm="04")


def test_an_address_of_its_own_a_plain_page_and_an_alias_that_vanish_are_told(site: Site) -> None:
    site.story("eu/a.md").story("eu/own.md", url="/special/place/").write(
        "content/pages/about.md", "---\ntitle: A\n---\n"
    )
    site.story("eu/b.md", aliases=["/old/own/", "/eu/2025/03/b/", "/b.html"]).good()
    site.remove("content/eu/own.md").remove("content/pages/about.md").story("eu/b.md")
    assert told(site.build()) == {
        "/special/place/": "content",
        "/about/": "content",
        "/old/own/": "content",
        "/eu/2025/03/b/": "content/eu/b.md",
        "/b.html": "content/eu/b.md",
    }
    assert site.build().codes() == []


def test_the_story_that_moved_is_not_another_one_of_its_slug(site: Site) -> None:
    site.story("eu/talks.md").story("world/talks.md").good()
    built = site.configure('permalinks: {article: "/{region}/{slug}/"}\n').build()
    assert told(built) == {
        "/eu/2025/04/talks/": "content/eu/talks.md",
        "/world/2025/04/talks/": "content/world/talks.md",
    }


def test_many_addresses_that_a_setting_takes_away_are_told_as_one(site: Site) -> None:
    for n in range(51):
        site.story(f"eu/s{n:02}.md")
    site.good()
    found = site.configure('permalinks: {article: "/{region}/{slug}/"}\n').build().one("vanished-page")
    assert found.message.startswith(
        "51 stories have other addresses than they had (/eu/2025/04/s00/, /eu/2025/04/s01/, /eu/2025/04/s02/, …)"
    )
    assert "permalinks" in found.hint
    for n in range(51):
        site.remove(f"content/eu/s{n:02}.md")
    assert (
        site.build().one("vanished-page").message.startswith("51 pages were on the site and no longer are (/eu/s00/,")
    )


def test_what_has_vanished_is_told_alike_by_a_build_that_remembers_nothing(tmp_path: Path) -> None:
    site = Site(tmp_path / "site")
    site.story("eu/a.md", topics=["Peace"]).story("eu/b.md", url="/own/", aliases=["/old/"]).story("asia/c.md")
    site.write("content/pages/about.md", "---\ntitle: A\n---\n").good()
    shorter = 'permalinks: {article: "/{slug}/"}\n'
    site.configure(shorter).remove("content/pages/about.md").remove("content/eu/b.md")
    other = tmp_path / "other"
    shutil.copytree(site.folder, other)
    shutil.rmtree(other / ".broadsheet")
    found = told(site.build())
    assert found.keys() == {"/eu/2025/04/a/", "/asia/2025/04/c/", "/own/", "/old/", "/about/"}
    assert told(Site(other, shorter).build()) == found


def test_a_front_that_vanishes_with_its_last_story_is_a_list_without_feeds_too(site: Site) -> None:
    site.configure("feeds: {formats: []}\n").story("eu/a.md").story("world/w.md").good()
    site.remove("content/world/w.md")
    assert set(told(site.build())) == {"/world/2025/04/w/"}


def test_a_story_below_a_list_is_told_and_its_address_can_be_pasted(site: Site) -> None:
    site.story("eu/a.md").story("eu/b.md", url="/topics/energy/explained/").story("eu/c.md", url="/a,b/").good()
    site.remove("content/eu/b.md").remove("content/eu/c.md")
    found = site.build().of("vanished-page")
    assert sorted(finding.message.partition(" was ")[0] for finding in found) == ["/a,b/", "/topics/energy/explained/"]
    (hint,) = [finding.hint for finding in found if "/a,b/" in finding.message]
    assert 'aliases: ["/a,b/"]' in hint
    site.story("eu/a.md", aliases=["/a,b/"]).good()
