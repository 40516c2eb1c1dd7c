"""Feeds of a story or two, written and read again."""

from __future__ import annotations

from datetime import datetime
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

from broadsheet import feeds
from broadsheet.contexts import Picture, Source
from broadsheet.feeds import FeedAuthor, FeedDocument, FeedItem

ZONE = ZoneInfo("Europe/Istanbul")
NS = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
}
HOSTILE = [
    "</script><script>alert(1)</script>",
    "a ]]> b <![CDATA[ c",
    "\"quoted\" & 'quoted' <b>bold</b>",
    "NUL \x00 bell \x07 escape \x1b noncharacter \ufffe surrogate \ud800 end",
    "العربية \u200f و English \u202e",
    "line\u2028separator\u2029and\x85next",
    "İstanbul’da 🐪 görüşme",
]

PICTURE = Picture(
    src="/news/pictures/tram-1a2b3c4d-1240.jpg",
    width=1240,
    height=698,
    alt="A tram on a bridge",
    caption="A tram crosses the bridge.",
    credit="AA",
    sources=(Source(type="image/webp", srcset="/news/pictures/tram-1a2b3c4d-360.webp 360w"),),
    absolute="https://example.org/news/pictures/tram-1a2b3c4d-1240.jpg",
)


def parse(data):
    return ElementTree.fromstring(data)  # noqa: S314  # our own output


def item(**changes):
    values = {
        "url": "https://example.org/news/turkiye/2025/04/talks/",
        "title": "Türkiye hosts talks",
        "standfirst": "Delegations meet for a second round.",
        "authors": (FeedAuthor(name="Ayşe Yılmaz", url="https://example.org/news/authors/ayse/"),),
        "topics": ("Diplomacy", "Energy"),
        "published": datetime(2025, 4, 9, 14, 30, tzinfo=ZONE),
        "picture": PICTURE,
        "lang": "en",
    }
    return FeedItem(**(values | changes))


def document(*items, **changes):
    values = {
        "title": "The Example Post",
        "url": "https://example.org/news/",
        "self_url": "https://example.org/news/feed.xml",
        "publisher": "Example Media",
        "lang": "en",
        "description": "News of the region.",
        "items": items or (item(),),
    }
    return FeedDocument(**(values | changes))


def build(kind, made, bodies=None):
    return getattr(feeds, kind)(made, bodies if bodies is not None else [""] * len(made.items))


def channel(made, bodies=None):
    return parse(build("rss", made, bodies)).find("channel")


def entry(made, bodies=None):
    return parse(build("atom", made, bodies)).find("atom:entry", NS)


def expected(text):
    """What can arrive of a text through XML."""
    return feeds.legal(text)
