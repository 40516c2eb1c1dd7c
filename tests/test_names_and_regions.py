"""Regions, names and languages that were meant otherwise are told where they are written, with what to write."""

from __future__ import annotations

import pytest
from newsroom import Site

from broadsheet.settings import RESERVED


@pytest.mark.parametrize("titled", [False, True])
def test_a_region_in_other_capitals_is_told_where_a_story_says_it(site: Site, titled: bool) -> None:
    if titled:
        site.write("content/europe/_index.md", "---\ntitle: Europe\n---\n")
    site.story("europe/a.md").story("europe/b.md", region="Europe")
    built = site.build()
    assert built.codes() == ["url-collision"]
    finding = built.one("url-collision")
    assert (finding.path, finding.line, finding.column) == ("content/europe/b.md", 4, 1)
    assert finding.hint == "write `region: europe`"
    site.edit("content/europe/b.md", '"Europe"', "europe").good()


def test_what_follows_from_a_region_in_other_capitals_hides_no_other_collision(site: Site) -> None:
    site.story("europe/a.md").story("europe/b.md", region="Europe")
    site.story("asia/c.md", url="/x/").story("asia/d.md", url="/x/")
    site.story("asia/2025-05-04-e.md", date=None).story("asia/2025-05-05-e/index.md", date=None)
    assert {finding.path for finding in site.build().errors} == {
        "content/europe/b.md",
        "content/asia/d.md",
        "content/asia/2025-05-05-e/index.md",
    }


def test_two_folders_that_differ_in_capitals_are_both_named(site: Site) -> None:
    site.story("europe/a.md").story("Europe/b.md")
    assert all("has the same address" in finding.message for finding in site.build().errors)


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_no_region_of_the_configuration_has_a_name_that_pages_have(site: Site, name: str) -> None:
    site.configure(f"regions:\n  {name}: {{title: T}}\n").story("eu/a.md")
    (finding,) = site.build().findings
    assert (finding.path, finding.line, finding.column) == ("config.yaml", 5, 3)
    assert f"“{name}” can't be a region" in finding.message


@pytest.mark.parametrize("key", ["authors", "topics"])
def test_an_empty_name_among_others_is_none(site: Site, key: str) -> None:
    site.story("eu/a.md", **{key: ["", "Ada Lovelace"]}).good()
    assert "<bdi></bdi>" not in site.page("/eu/2025/04/a/")
    assert "Ada Lovelace" in site.page("/eu/2025/04/a/")


def test_a_series_without_letters_is_told(site: Site) -> None:
    finding = site.story("eu/a.md", series="???").build().one("no-address")
    assert (finding.line, finding.column) == (4, 1)


@pytest.mark.parametrize(
    ("folder", "hint"), [("pages", "title: Its headline"), ("authors", "name: Their name"), ("eu", "date: 2025-04-09")]
)
def test_who_forgets_the_lines_around_the_front_matter_is_shown_them(site: Site, folder: str, hint: str) -> None:
    site.write(f"content/{folder}/a.md", "title: R\n\nSome text.\n")
    finding = site.build().one("front-matter")
    assert finding.line == 1
    assert "---\n" in finding.hint
    assert hint in finding.hint


def test_an_alias_for_a_title_is_told_once(site: Site) -> None:
    site.write("content/eu/a.md", "---\ntitle: *x\ndate: 2025-04-09\n---\nText.\n")
    assert len(site.build().findings) == 1


@pytest.mark.parametrize(("name", "tag"), [("Turkish", "tr"), ("english", "en"), ("Arabic", "ar")])
def test_a_language_by_its_name_is_refused_with_its_tag(site: Site, name: str, tag: str) -> None:
    finding = site.story("eu/a.md", lang=name).build().one("value")
    assert finding.hint == f"Write {tag}"
    site.configure(language=name)
    assert site.build().findings[0].hint == f"Write {tag}"


def test_what_is_suggested_for_an_unknown_check_may_be_set(site: Site) -> None:
    site.configure("checks: {nope: warn}\n").story("eu/a.md")
    (finding,) = site.build().findings
    names = finding.hint.partition(": ")[2].rstrip(".").split(", ")
    site.configure(f"checks: {{{', '.join(f'{name}: warn' for name in names)}}}\n")
    assert site.build().ok


def test_a_site_without_an_address_is_told_with_a_line(site: Site) -> None:
    site.write("config.yaml", "params: {}\nsite:\n  title: T\n").story("eu/a.md")
    assert site.build().findings[0].where() == "config.yaml:2:1"


def test_a_configuration_that_is_not_utf8_is_told_with_its_place(site: Site) -> None:
    site.write("config.yaml", b"site:\n  title: Caf\xe9\n")
    assert site.build().findings[0].where() == "config.yaml:2:13"


def test_a_logo_that_is_not_there_is_told_with_its_place(site: Site) -> None:
    site.write("config.yaml", "site:\n  title: T\n  base_url: https://e.org/\n  publisher: {logo: nope.png}\n")
    finding = site.story("eu/a.md").build().one("missing-picture")
    assert finding.where() == "config.yaml:4:21"


def test_a_date_in_a_files_name_that_has_not_come_is_told_as_such(site: Site) -> None:
    site.story("eu/2027-01-01-a.md", date=None)
    assert "the date in the file's name" in site.build().one("not-public").hint
