"""Sitemaps and robots.txt, from typed records to bytes.

The index lists one shard a month, so that what was published long ago stays the same file; `lastmod` is the date of
the last editorial change (`dateModified` on the page), never of a build. The clock has no part in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from broadsheet.frozen import record
from broadsheet.xmlwriter import around, element, iso, legal, to_bytes

MAX_URLS = 50_000  # in one file, by the protocol
MAX_NEWS = 1_000  # by Google's rules, as the two days are
NEWS_AGE = timedelta(hours=48)  # likewise

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_IMAGE = "http://www.google.com/schemas/sitemap-image/1.1"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


@record
class SitemapUrl:
    """One page; every URL is absolute. `images` are the files themselves."""

    loc: str
    lastmod: datetime | None = None
    images: tuple[str, ...] = ()


@record
class Sitemap:
    """One shard: the stories of a month, or the pages that are not stories."""

    urls: tuple[SitemapUrl, ...]


@record
class ShardRef:
    loc: str
    lastmod: datetime | None = None


@record
class SitemapIndex:
    shards: tuple[ShardRef, ...]


@record
class NewsUrl:
    """One story of the news sitemap; `title` is the headline on the page, `published` its first publication."""

    loc: str
    title: str
    published: datetime
    lang: str


@record
class NewsSitemap:
    """The news of the last two days, newest first; may be empty."""

    publication: str
    urls: tuple[NewsUrl, ...]


@record
class RobotsGroup:
    agents: tuple[str, ...]
    allow: tuple[str, ...] = ()
    disallow: tuple[str, ...] = ()


@record
class Robots:
    sitemaps: tuple[str, ...]
    groups: tuple[RobotsGroup, ...] = (RobotsGroup(agents=("*",), allow=("/",)),)


def newest_first(urls: Iterable[NewsUrl]) -> tuple[NewsUrl, ...]:
    """News in the order in which their sitemap has them."""
    return tuple(sorted(urls, key=lambda url: (-url.published.timestamp(), url.loc)))


def latest(urls: Iterable[SitemapUrl]) -> datetime | None:
    """The `lastmod` of a shard in the index: that of its latest change."""
    return max((url.lastmod for url in urls if url.lastmod), default=None)


def sitemap(document: Sitemap) -> bytes:
    return to_bytes(around("urlset", map(_url, document.urls), **{"xmlns": _SITEMAP, "xmlns:image": _IMAGE}))


def _url(url: SitemapUrl) -> str:
    images = "".join([around("image:image", (element("image:loc", image),)) for image in url.images])
    return around("url", (element("loc", url.loc), _lastmod(url.lastmod), images))


def _lastmod(when: datetime | None) -> str:
    return element("lastmod", iso(when)) if when else ""


def sitemap_index(document: SitemapIndex) -> bytes:
    shards = (around("sitemap", (element("loc", shard.loc), _lastmod(shard.lastmod))) for shard in document.shards)
    return to_bytes(around("sitemapindex", shards, xmlns=_SITEMAP))


def news_sitemap(document: NewsSitemap) -> bytes:
    urls = (_news_url(document.publication, url) for url in document.urls)
    return to_bytes(around("urlset", urls, **{"xmlns": _SITEMAP, "xmlns:news": _NEWS}))


def _news_url(publication: str, url: NewsUrl) -> str:
    name, language = element("news:name", publication), element("news:language", news_language(url.lang))
    news = (
        around("news:publication", (name, language)),
        element("news:publication_date", iso(url.published)),
        element("news:title", url.title),
    )
    return around("url", (element("loc", url.loc), around("news:news", news)))


def news_language(lang: str) -> str:
    """The code that news sitemaps want: two or three letters ("en-GB" gives "en"), but for Chinese."""
    tag = lang.casefold().replace("_", "-")
    primary, _, rest = tag.partition("-")
    if primary == "zh":
        return "zh-tw" if rest.startswith(("hant", "tw", "hk", "mo")) else "zh-cn"
    return primary


def robots(document: Robots) -> bytes:
    """robots.txt: the groups, then where the sitemaps are."""
    blocks = [
        "\n".join(
            [f"User-agent: {_line(agent)}" for agent in group.agents]
            + [f"Allow: {_line(path)}" for path in group.allow]
            + [f"Disallow: {_line(path)}" for path in group.disallow]
        )
        for group in document.groups
    ]
    blocks.append("\n".join(f"Sitemap: {_line(url)}" for url in document.sitemaps))
    return ("\n\n".join(block for block in blocks if block) + "\n").encode()


def _line(text: str) -> str:
    """A value that can't begin a line of its own or a comment."""
    return " ".join(legal(text).replace("#", "%23").split())
