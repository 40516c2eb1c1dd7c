"""Sitemaps and robots.txt: what is written is what a crawler finds again."""

from __future__ import annotations

from datetime import datetime, timedelta
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet import sitemaps
from broadsheet.sitemaps import (
    NewsSitemap,
    NewsUrl,
    Robots,
    RobotsGroup,
    ShardRef,
    Sitemap,
    SitemapIndex,
    SitemapUrl,
)
from broadsheet.xmlwriter import legal

ZONE = ZoneInfo("Europe/Istanbul")
NOW = datetime(2025, 4, 9, 12, tzinfo=ZONE)
NS = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
}


def parse(data):
    return ElementTree.fromstring(data)  # noqa: S314  # our own output


def news(hours, **changes):
    values = {"loc": f"https://example.org/{hours}/", "title": "Talks", "published": NOW - timedelta(hours=hours)}
    return NewsUrl(**({"lang": "tr"} | values | changes))


def test_a_shard():
    url = SitemapUrl(
        loc="https://example.org/a/?b=1&c=%C3%BC",
        lastmod=NOW,
        images=("https://example.org/pictures/1.jpg", "https://example.org/pictures/2.jpg"),
    )
    root = parse(sitemaps.sitemap(Sitemap(urls=(url, SitemapUrl(loc="https://example.org/b/")))))
    first, second = root.findall("s:url", NS)
    assert first.findtext("s:loc", namespaces=NS) == url.loc
    assert first.findtext("s:lastmod", namespaces=NS) == "2025-04-09T12:00:00+03:00"
    assert [image.text for image in first.findall("image:image/image:loc", NS)] == list(url.images)
    assert second.find("s:lastmod", NS) is None
    assert {element.tag.rpartition("}")[2] for element in root.iter()} == {"urlset", "url", "loc", "lastmod", "image"}


def test_the_index():
    shards = (
        ShardRef(loc="https://example.org/sitemap-2025-04.xml", lastmod=NOW),
        ShardRef(loc="https://example.org/n"),
    )
    root = parse(sitemaps.sitemap_index(SitemapIndex(shards=shards)))
    assert root.tag.endswith("sitemapindex")
    assert [loc.text for loc in root.findall("s:sitemap/s:loc", NS)] == [shard.loc for shard in shards]
    assert [lastmod.text for lastmod in root.findall("s:sitemap/s:lastmod", NS)] == ["2025-04-09T12:00:00+03:00"]


def test_a_shards_date_is_that_of_its_latest_change():
    urls = [SitemapUrl(loc="a", lastmod=NOW), SitemapUrl(loc="b"), SitemapUrl(loc="c", lastmod=NOW + timedelta(days=1))]
    assert sitemaps.latest(urls) == NOW + timedelta(days=1)
    assert sitemaps.latest([SitemapUrl(loc="a")]) is None


@pytest.mark.parametrize("title", ["</news:title> & \"'", "a ]]> b", "NUL \x00 \ud800 end", "العربية \u200f", "İĞÜ"])
def test_a_news_sitemap(title):
    made = NewsSitemap(publication=title, urls=(news(1, title=title, lang="tr-TR"),))
    root = parse(sitemaps.news_sitemap(made))
    found = root.find("s:url/news:news", NS)
    assert root.findtext("s:url/s:loc", namespaces=NS) == "https://example.org/1/"
    assert found.findtext("news:title", namespaces=NS) == legal(title)
    assert found.findtext("news:publication/news:name", namespaces=NS) == legal(title)
    assert found.findtext("news:publication/news:language", namespaces=NS) == "tr"
    assert found.findtext("news:publication_date", namespaces=NS) == "2025-04-09T11:00:00+03:00"


def test_a_news_sitemap_may_be_empty():
    root = parse(sitemaps.news_sitemap(NewsSitemap(publication="Post", urls=())))
    assert len(root) == 0


def test_the_newest_news_come_first():
    urls = [news(hours) for hours in (48, 30, 0)]
    assert [url.loc for url in sitemaps.newest_first(urls)] == [news(h).loc for h in (0, 30, 48)]
    assert sitemaps.newest_first(urls) == sitemaps.newest_first(reversed(urls))


@pytest.mark.parametrize(
    ("tag", "code"),
    [("en", "en"), ("en-GB", "en"), ("tr-TR", "tr"), ("zh-Hans", "zh-cn"), ("zh-TW", "zh-tw"), ("zh-Hant-HK", "zh-tw")],
)
def test_the_language_of_news(tag, code):
    assert sitemaps.news_language(tag) == code


def test_robots():
    made = sitemaps.robots(Robots(sitemaps=("https://example.org/sitemap.xml", "https://example.org/news.xml")))
    assert made == (
        b"User-agent: *\nAllow: /\n\nSitemap: https://example.org/sitemap.xml\nSitemap: https://example.org/news.xml\n"
    )
    groups = (RobotsGroup(agents=("A", "B"), disallow=("/",)), RobotsGroup(agents=("*",), allow=("/",)))
    assert sitemaps.robots(Robots(sitemaps=(), groups=groups)) == (
        b"User-agent: A\nUser-agent: B\nDisallow: /\n\nUser-agent: *\nAllow: /\n"
    )


@given(st.text(max_size=40))
def test_nothing_adds_a_line_to_robots(text):
    group = RobotsGroup(agents=("A",), allow=(text,))
    made = sitemaps.robots(Robots(sitemaps=(text,), groups=(group,))).decode()
    assert made.count("\n") == 4
    assert len(made.splitlines()) == 4


@given(st.text(st.characters(), max_size=60))
def test_any_text_gives_well_formed_sitemaps(text):
    parse(sitemaps.sitemap(Sitemap(urls=(SitemapUrl(loc=text, images=(text,)),))))
    parse(sitemaps.sitemap_index(SitemapIndex(shards=(ShardRef(loc=text),))))
    parse(sitemaps.news_sitemap(NewsSitemap(publication=text, urls=(news(1, title=text),))))
