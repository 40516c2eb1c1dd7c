"""Addresses keep their queries and anchors as they were written; findings stand where the address does."""

from __future__ import annotations

import pytest
from newsroom import Site

from broadsheet.urls import base, place_in, written

QUERIES = {
    "/search?q=Tom%26Jerry&x=a%20b": "/search?q=Tom%26Jerry&amp;x=a%20b",
    "/search?q=a%2Bb": "/search?q=a%2Bb",
    "/search?u=a%23b#part": "/search?u=a%23b#part",
    "/a%3Fb/": "/a%3Fb/",
    "/görüş/?q=ş": "/g%C3%B6r%C3%BC%C5%9F/?q=%C5%9F",
}


@pytest.mark.parametrize("address", QUERIES)
@pytest.mark.parametrize("raw", [False, True])
def test_a_link_from_the_root_keeps_what_its_query_means(site: Site, address: str, raw: bool) -> None:
    site.configure("markdown: {raw_html: sanitize}\n")
    site.story("eu/a.md", f'See <a href="{address}">there</a>.' if raw else f"See [there]({address}).")
    built = site.build()
    assert f'<a href="{QUERIES[address]}">there</a>' in site.page("/eu/2025/04/a/")
    assert built.one("unknown-page").line == 5


@pytest.mark.parametrize(
    ("address", "printed"),
    [
        ("/about/#contact", "/about/#contact"),
        ("/eu/?a=1%26b#x", "/eu/?a=1%26b#x"),
        ("/a%20b/", "/a%20b/"),
        ("/hakkımızda/", "/hakk%C4%B1m%C4%B1zda/"),
    ],
)
@pytest.mark.parametrize("key", ["nav", "footer"])
def test_navigation_leads_where_it_says(site: Site, key: str, address: str, printed: str) -> None:
    site.configure(f"{key}: [{{title: There, url: '{address}'}}]\n", base_url="https://example.org/news/")
    assert site.story("eu/a.md").build().ok
    assert f'<a href="/news{printed}">There</a>' in site.page("/eu/2025/04/a/")


def test_a_policy_is_named_by_its_whole_address(site: Site) -> None:
    site.configure(base_url="https://example.org/", publisher={"policies": {"ethics": "/about/#ethics"}})  # type: ignore[arg-type]  # nested
    assert site.story("eu/a.md").build().ok
    assert '"https://example.org/about/#ethics"' in site.page("/eu/2025/04/a/")


def test_navigation_that_leads_nowhere_is_told_with_its_place(site: Site) -> None:
    site.configure("nav:\n  - {title: Europe, url: /eu/}\n  - {title: Nothing, url: '/nope/?x=1#y'}\n")
    finding = site.story("eu/a.md").build().one("unknown-page")
    assert (finding.path, finding.line, finding.column) == ("config.yaml", 6, 28)
    assert "/nope/?x=1" in finding.message
    assert "/nope/" in finding.excerpt


def test_a_finding_about_a_link_stands_at_that_link(site: Site) -> None:
    site.story("eu/other.md")
    site.story(
        "eu/a.md",
        "Of other.md: [one](other.md?x=1) and [two](other)\nand [three](.) and [four](gone.md) and [five](gone.md).",
    )
    found = {(finding.line, finding.column) for finding in site.build().findings}
    assert found == {(5, 44), (6, 13), (6, 27), (6, 47)}


def test_many_addresses_that_begin_alike_take_no_time(site: Site) -> None:
    """Each of them is looked for in a line that holds them all."""
    body = "[x](a" + "b) [x](a".join([""] * 8000) + "c) [y](a)"
    assert {finding.code for finding in site.story("eu/a.md", body).build().findings} == {"unknown-page"}


@pytest.mark.parametrize(
    ("address", "path", "rest"),
    [
        ("/a%20b/", "/a b/", ""),
        ("/a?b=%26 c#d e", "/a", "?b=%26%20c#d%20e"),
        ("/#top", "/", "#top"),
    ],
)
def test_an_address_is_a_path_and_what_follows_it(address: str, path: str, rest: str) -> None:
    assert written(address) == (path, rest)
    assert base("https://example.org/x/").link(address).endswith(rest)


def test_the_place_of_an_address_is_not_that_of_a_longer_one() -> None:
    assert place_in("a: /about/us\nb: /about/\n", "/about/") == (2, 4)
    assert place_in("a: /about/us\n", "/nope/") == (0, 0)
    assert place_in("base_url: https://e.org/about/\n# see /en/about/\nb: /about/\n", "/about/") == (3, 4)
    assert place_in("a: https://x.org/p.png\nlogo: p.png\n", "p.png") == (2, 7)
    assert place_in("a: b\n", "/") == (0, 0)
