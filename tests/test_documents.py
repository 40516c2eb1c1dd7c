"""Which machine-readable files a site has, and which stories are in each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from newsroom import NOW, Site, article, catalog_of, context_at, planned, settings_of, source, views_of

from broadsheet import sitemaps
from broadsheet.feeds import FeedDocument, OpmlDocument
from broadsheet.model import Article, Correction, Page
from broadsheet.settings import FeedSettings, SitemapSettings

SITE = "https://example.org"


def pages_of(stories: Sequence[Article], base_url: str = SITE + "/", **settings: Any) -> dict[str, Page]:
    return planned(views_of(catalog_of(stories, settings_of(**settings)), base_url))


def feed_at(pages: dict[str, Page], url: str) -> FeedDocument:
    document = context_at(pages, url)
    assert isinstance(document, FeedDocument)
    return document


def titles(feed: FeedDocument) -> list[str]:
    return [item.title for item in feed.items]


def aged(**age: float) -> datetime:
    return NOW - timedelta(**age)


# --- feeds ---------------------------------------------------------------------------------------------------------


def test_the_site_each_region_author_and_topic_has_a_feed_in_every_format() -> None:
    story = article("europe/a.md", topics=("Energy",), authors=("Ada",), series="Dam")
    pages = pages_of([story], feeds=FeedSettings(formats=("rss", "atom", "json")))
    found = sorted(path for path in pages if path.rsplit("/", 1)[-1].startswith("feed."))
    folders = ["", "authors/ada/", "europe/", "topics/energy/"]
    assert found == sorted(folder + name for folder in folders for name in ("feed.atom", "feed.json", "feed.xml"))


def test_one_list_names_every_feed_once() -> None:
    story = article("europe/a.md", topics=("Energy",), authors=("Ada",))
    pages = pages_of([story], base_url=SITE + "/news/", feeds=FeedSettings(formats=("atom", "rss")))
    document = context_at(pages, "/feeds.opml")
    assert isinstance(document, OpmlDocument)
    places = [f"{SITE}/news/{folder}" for folder in ("", "europe/", "topics/energy/", "authors/ada/")]
    assert [entry.url for entry in document.entries] == places
    assert [entry.feed_url for entry in document.entries] == [f"{place}feed.atom" for place in places]
    assert "feeds.opml" not in pages_of([story], feeds=FeedSettings(formats=()))


def test_the_list_of_feeds_is_a_file_that_readers_can_import(site: Site) -> None:
    site.story("europe/a.md").good()
    outlines = ElementTree.fromstring(site.page("/feeds.opml")).iter("outline")  # noqa: S314  # our own bytes
    assert [outline.get("xmlUrl") for outline in outlines] == [f"{SITE}/feed.xml", f"{SITE}/europe/feed.xml"]


def test_a_feed_holds_the_newest_stories_up_to_the_limit_newest_first() -> None:
    stories = [article(f"{'asia' if n % 2 else 'europe'}/s{n}.md", date=aged(days=20 - n)) for n in range(12)]
    pages = pages_of(stories, feeds=FeedSettings(limit=4))
    assert titles(feed_at(pages, "/feed.xml")) == ["s11", "s10", "s9", "s8"]
    assert titles(feed_at(pages, "/europe/feed.xml")) == ["s10", "s8", "s6", "s4"]


def test_a_feed_is_found_from_the_pages_that_it_is_a_feed_of() -> None:
    story = article("europe/a.md", topics=("Energy",), authors=("Ada",))
    pages = pages_of([story], base_url=SITE + "/news/")
    for url in ("/", "/europe/", "/topics/energy/", "/authors/ada/"):
        (link,) = context_at(pages, url).page.feeds
        assert link.url == f"/news{url}feed.xml"
        assert feed_at(pages, f"{url}feed.xml").self_url == SITE + link.url


def test_stories_that_ask_not_to_be_indexed_are_in_no_feed() -> None:
    pages = pages_of([article("europe/a.md", noindex=True), article("europe/b.md")])
    assert titles(feed_at(pages, "/feed.xml")) == ["b"]


def test_feeds_hold_bodies_or_standfirsts_by_the_settings(site: Site) -> None:
    site.story("europe/a.md", "The body.", description="The standfirst.")
    site.good()
    full = site.page("/feed.xml")
    assert "The body." in full
    assert "The standfirst." in full
    site.configure("feeds: {content: standfirst}\n")
    site.good()
    short = site.page("/feed.xml")
    assert "The body." not in short
    assert "The standfirst." in short


def test_every_feed_is_well_formed_and_its_links_are_absolute(site: Site) -> None:
    site.configure("feeds: {formats: [rss, atom, json]}\n", base_url=SITE + "/news/")
    site.story("europe/b.md").story("europe/a.md", "[x](b.md) <b> & \u201cq\u201d", title='A < B & "C" ]]>')
    site.build()
    for name in ("feed.xml", "feed.atom"):
        root = ElementTree.fromstring(site.page(f"/{name}"))  # noqa: S314  # our own output
        assert 'A < B & "C" ]]>' in [element.text for element in root.iter() if element.tag.endswith("title")]
    items = json.loads(site.page("/feed.json"))["items"]
    assert {item["url"] for item in items} == {f"{SITE}/news/europe/2025/04/{name}/" for name in "ab"}
    assert f'href="{SITE}/news/europe/2025/04/b/"' in next(i for i in items if i["url"].endswith("/a/"))["content_html"]


# --- sitemaps ------------------------------------------------------------------------------------------------------


def locations(pages: dict[str, Page], path: str) -> list[str]:
    return [url.loc for url in pages[path].context.urls]  # type: ignore[attr-defined]  # a sitemap of addresses


def test_sitemaps_are_split_by_month_and_earlier_months_stay_as_they_are() -> None:
    stories = [article(f"europe/s{n}.md", date=datetime(2025, 1 + n // 2, 1 + n, tzinfo=UTC)) for n in range(6)]
    newer = article("europe/new.md", date=datetime(2025, 3, 28, tzinfo=UTC))
    before, after = pages_of(stories), pages_of([*stories, newer])
    months = [f"sitemaps/2025-0{n}.xml" for n in (1, 2, 3)]
    assert [path for path in before if path.startswith("sitemaps/2")] == months
    assert [path for path in months if before[path].context != after[path].context] == months[2:]


def test_every_indexable_page_is_in_one_shard_and_nothing_else_is() -> None:
    stories = [
        article("europe/a.md", topics=("Energy",), authors=("Ada",), series="Dam"),
        article("europe/noindex.md", noindex=True),
        article("europe/unlisted.md", unlisted=True),
        article("europe/withdrawn.md", status="withdrawn"),
        article("europe/draft.md", draft=True),
        article("europe/alias.md", aliases=("/old/",)),
    ]
    pages = pages_of(stories)
    found = [loc for path in pages if path.startswith("sitemaps/") for loc in locations(pages, path)]
    assert sorted(found) == sorted(
        SITE + path
        for path in (
            *("/", "/europe/", "/topics/energy/", "/series/dam/", "/authors/ada/", "/corrections/"),
            *("/europe/2026/01/a/", "/europe/2026/01/alias/", "/europe/2026/01/"),
        )
    )
    index = pages["sitemap.xml"].context
    assert isinstance(index, sitemaps.SitemapIndex)
    assert [shard.loc for shard in index.shards] == [f"{SITE}/{p}" for p in pages if p.startswith("sitemaps/")]


def test_plain_pages_are_in_the_sitemap_unless_they_ask_not_to_be(site: Site) -> None:
    for name, more in (("about", {}), ("quiet", {"noindex": True}), ("plans", {"draft": True})):
        site.write(f"content/pages/{name}.md", source(title=name, **more))
    site.good()
    found = site.page("/sitemaps/pages.xml")
    assert f"<loc>{SITE}/about/</loc>" in found
    assert "quiet" not in found
    assert "plans" not in found


def test_the_date_of_a_story_in_the_sitemap_moves_with_editorial_updates_only() -> None:
    published, updated = datetime(2025, 3, 1, tzinfo=UTC), datetime(2025, 3, 9, tzinfo=UTC)
    note = Correction(date=datetime(2025, 4, 1, tzinfo=UTC), kind="note", text="x")
    stories = [
        article("europe/a.md", date=published),
        article("europe/b.md", date=published, updated=updated),
        article("europe/c.md", date=published, updated=updated, corrections=(note,)),
    ]
    shard = pages_of(stories)["sitemaps/2025-03.xml"].context
    *dates, archive = [url.lastmod for url in shard.urls]  # type: ignore[attr-defined]  # a sitemap of addresses
    assert dates == [published, updated, note.date]
    assert archive == published  # of its newest story


def test_year_archives_are_in_the_sitemap_once_there_are_any() -> None:
    notes = tuple(Correction(date=datetime(2025, 4, day, tzinfo=UTC), kind="note", text="x") for day in range(1, 16))
    stories = [
        article(f"europe/s{n}.md", date=datetime(2024 + n % 2, 3, 1 + n % 28, tzinfo=UTC), authors=("Ada",),
                topics=("Energy",), series="Dam", corrections=notes if n < 2 else ())
        for n in range(30)
    ]  # fmt: skip
    one_more = article("europe/last.md", date=datetime(2025, 5, 1, tzinfo=UTC), authors=("Ada",), topics=("Energy",),
                       series="Dam", corrections=notes[:1])  # fmt: skip
    few, many = pages_of(stories), pages_of([*stories, one_more])
    years = {f"{SITE}/{of}/{year}/" for of in ("authors/ada", "topics/energy", "series/dam") for year in (2024, 2025)}
    years.add(f"{SITE}/corrections/2025/")
    found = set(locations(many, "sitemaps/pages.xml"))
    assert found - set(locations(few, "sitemaps/pages.xml")) == years
    assert all(url.removeprefix(SITE + "/") + "index.html" in many for url in found)


def test_the_news_sitemap_holds_the_last_two_days_by_first_publication() -> None:
    stories = [
        article("europe/fresh.md", date=aged(hours=47)),
        article("europe/old.md", date=aged(hours=49)),
        article("europe/held.md", date=aged(days=30), embargo=aged(hours=1)),
        article("europe/updated.md", date=aged(days=3), updated=aged(hours=1)),
        article("europe/advert.md", date=aged(hours=1), label="sponsored"),
        article("europe/noindex.md", date=aged(hours=1), noindex=True),
        article("europe/future.md", date=NOW + timedelta(hours=1)),
    ]
    news = pages_of(stories)["news-sitemap.xml"].context
    assert isinstance(news, sitemaps.NewsSitemap)
    assert sorted(url.title for url in news.urls) == ["fresh", "held"]
    assert news.publication == "The Section"


def test_the_news_sitemap_may_be_empty_and_may_be_turned_off() -> None:
    old = [article("europe/a.md", date=aged(days=30))]
    assert locations(pages_of(old), "news-sitemap.xml") == []
    off = pages_of(old, sitemap=SitemapSettings(news=False))
    assert "news-sitemap.xml" not in off
    assert "news" not in repr(off["robots.txt"].context)


def test_robots_lists_the_sitemaps(site: Site) -> None:
    site.configure(base_url=SITE + "/news/")
    site.story("europe/a.md")
    site.good()
    assert f"Sitemap: {SITE}/news/sitemap.xml" in site.page("/robots.txt")
    assert f"Sitemap: {SITE}/news/news-sitemap.xml" in site.page("/robots.txt")


def test_without_a_base_url_there_are_no_sitemaps() -> None:
    pages = pages_of([article("europe/a.md")], base_url="")
    assert not [path for path in pages if "sitemap" in path]


@pytest.mark.parametrize("at", ["2026-01-15", "2027-06-01"])
def test_the_hour_of_the_build_is_in_no_file_but_the_news_sitemap(site: Site, at: str) -> None:
    site.story("europe/a.md", "Words.", date="2025-04-09")
    site.good(at="2025-12-01T10:00")
    before = site.tree()
    site.good(at=at)
    assert site.tree() == before
