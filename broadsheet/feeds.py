"""Feeds: RSS 2.0, Atom 1.0, JSON Feed 1.1 and OPML, from typed records to bytes.

Every URL here is absolute (without a base URL, as near as it gets). Equal documents and bodies give equal bytes; no
clock is read: a feed's date is that of its newest change.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from html import escape
from typing import TypeAlias

from broadsheet.contexts import BodyRef, Picture
from broadsheet.frozen import record
from broadsheet.model import Direction
from broadsheet.xmlwriter import around, element, iso, legal, to_bytes, to_the_minute


@record
class FeedAuthor:
    name: str
    url: str = ""


@record
class FeedItem:
    """One story of a feed. `title` is the headline; `label` is shown before it ("Opinion"), in the story's language.

    `body` is None where only standfirsts are syndicated; the text itself is handed to the builders apart.
    """

    url: str
    title: str
    published: datetime
    guid: str = ""  # empty: the URL, which never changes
    label: str = ""
    standfirst: str = ""
    authors: tuple[FeedAuthor, ...] = ()
    topics: tuple[str, ...] = ()
    updated: datetime | None = None
    picture: Picture | None = None
    body: BodyRef | None = None
    lang: str = ""
    dir: Direction = "ltr"

    @property
    def id(self) -> str:
        return self.guid or self.url

    @property
    def shown_title(self) -> str:
        return f"{self.label}: {self.title}" if self.label else self.title

    @property
    def changed(self) -> datetime:
        return self.updated or self.published


@record
class FeedDocument:
    """One feed: of the site, a region, an author or a topic. `items` are newest first."""

    title: str
    url: str  # the page that the feed is of
    self_url: str
    publisher: str  # for the copyright line, and the author of a story without one
    lang: str
    items: tuple[FeedItem, ...]
    description: str = ""
    logo: str = ""
    hub: str = ""  # a WebSub hub

    @property
    def changed(self) -> datetime | None:
        return max((item.changed for item in self.items), default=None)


@record
class OpmlEntry:
    title: str
    feed_url: str
    url: str


@record
class OpmlDocument:
    title: str
    entries: tuple[OpmlEntry, ...]


REMEMBERED = 4096  # items kept as bytes: a story is in the feeds of its region, its topics and its authors
Offsets: TypeAlias = tuple[
    timedelta | None, timedelta | None
]  # of an item's dates: equal instants may read differently
_ITEMS = "\0"  # where the items of a feed come; no text in XML holds it

RSS_TYPE, ATOM_TYPE, JSON_TYPE = "application/rss+xml", "application/atom+xml", "application/feed+json"

# --- RSS -----------------------------------------------------------------------------------------------------------


def rss(document: FeedDocument, bodies: Sequence[str]) -> bytes:
    """RSS 2.0. `bodies` holds each item's HTML (feedbody.parts_to_html), "" where only the standfirst is given."""
    changed, logo = document.changed, document.logo
    channel = [
        element("title", document.title),
        element("link", document.url),
        element("description", _as_html(document.description or document.title)),
        element("language", document.lang),
        element("copyright", document.publisher),
        element("lastBuildDate", _rfc822(changed)) if changed else "",
        element("ttl", "15"),  # minutes a reader may wait before it asks again
        element("atom:link", rel="self", type=RSS_TYPE, href=document.self_url),
        element("atom:link", rel="hub", href=document.hub) if document.hub else "",
        around("image", (element("url", logo), element("title", document.title), element("link", document.url)))
        if logo and not logo.endswith(".svg")  # RSS 2.0 knows GIF, JPEG and PNG
        else "",
    ]
    namespaces = {
        "xmlns:atom": "http://www.w3.org/2005/Atom",
        "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
        "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        "xmlns:media": "http://search.yahoo.com/mrss/",
    }
    tree = around("rss", (around("channel", (*channel, _ITEMS)),), version="2.0", **namespaces)
    return _filled(tree, _rss_item, document, bodies)


@lru_cache(maxsize=REMEMBERED)
def _rss_item(publisher: str, lang: str, item: FeedItem, body: str, _offsets: Offsets) -> bytes:
    return around(
        "item",
        (
            element("title", item.shown_title),
            element("link", item.url),
            element("guid", item.id, isPermaLink="true" if item.id == item.url else "false"),
            element("pubDate", _rfc822(item.published)),
            *(element("dc:creator", name) for name in [author.name for author in item.authors] or [publisher]),
            element("dc:language", item.lang) if item.lang and item.lang != lang else "",
            *(element("category", topic) for topic in item.topics),
            element("description", _as_html(item.standfirst or item.title)),
            element("content:encoded", body) if body else "",
            _media(item.picture),
        ),
    ).encode()


def _as_html(text: str) -> str:
    """Descriptions in RSS are read as HTML: words with < and & would vanish there."""
    return escape(text, quote=False)


def _media(picture: Picture | None) -> str:
    """Media RSS: the picture with its size, description and credit."""
    if picture is None or picture.remote:
        return ""
    words = picture.caption or picture.alt
    return around(
        "media:content",
        (
            element("media:description", words, type="plain") if words else "",
            element("media:credit", picture.credit) if picture.credit else "",
        ),
        url=picture.absolute or picture.src,
        type=media_type(picture.src),
        medium="image",
        width=str(picture.width),
        height=str(picture.height),
    )


def media_type(url: str) -> str:
    """The media type of one of our published pictures, by its ending."""
    ending = url.rpartition(".")[2]
    return "image/" + {"jpg": "jpeg", "svg": "svg+xml"}.get(ending, ending)


# --- Atom ----------------------------------------------------------------------------------------------------------


def atom(document: FeedDocument, bodies: Sequence[str]) -> bytes:
    """Atom 1.0. `bodies` as for `rss`."""
    feed = [
        element("id", document.self_url),
        element("title", document.title),
        element("subtitle", document.description) if document.description else "",
        # Atom demands a date even of a feed without entries
        element("updated", iso(document.changed or datetime(1970, 1, 1, tzinfo=UTC))),
        element("link", rel="self", type=ATOM_TYPE, href=document.self_url),
        element("link", rel="alternate", type="text/html", href=document.url),
        element("link", rel="hub", href=document.hub) if document.hub else "",
        around("author", (element("name", document.publisher),)),
        element("rights", document.publisher),
        element("logo", document.logo) if document.logo else "",
    ]
    namespaces = {"xmlns": "http://www.w3.org/2005/Atom", "xmlns:media": "http://search.yahoo.com/mrss/"}
    tree = around("feed", (*feed, _ITEMS), **namespaces, **{"xml:lang": document.lang})
    return _filled(tree, _atom_entry, document, bodies)


@lru_cache(maxsize=REMEMBERED)
def _atom_entry(_publisher: str, lang: str, item: FeedItem, body: str, _offsets: Offsets) -> bytes:
    return around(
        "entry",
        (
            element("id", item.id),
            element("title", item.shown_title),
            element("link", rel="alternate", type="text/html", href=item.url),
            element("published", iso(item.published)),
            element("updated", iso(item.changed)),
            *(
                around("author", (element("name", author.name), element("uri", author.url) if author.url else ""))
                for author in item.authors
            ),
            *(element("category", term=topic) for topic in item.topics),
            element("summary", item.standfirst) if item.standfirst else "",
            element("content", body, type="html") if body else "",
            _media(item.picture),
        ),
        **({"xml:lang": item.lang} if item.lang not in ("", lang) else {}),
    ).encode()


# --- JSON Feed -----------------------------------------------------------------------------------------------------


def json_feed(document: FeedDocument, bodies: Sequence[str]) -> bytes:
    """JSON Feed 1.1. `bodies` as for `rss`."""
    feed: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": document.title,
        "home_page_url": document.url,
        "feed_url": document.self_url,
        "description": document.description,
        "icon": document.logo,
        "language": document.lang,
        "authors": [{"name": document.publisher}],
        "hubs": [{"type": "WebSub", "url": document.hub}] if document.hub else [],
    }
    feed = {key: value for key, value in feed.items() if value}
    feed["items"] = [_json_item(item, body) for item, body in zip(document.items, bodies, strict=True)]
    return json.dumps(_legal_values(feed), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _json_item(item: FeedItem, body: str) -> dict[str, object]:
    picture = item.picture
    entry: dict[str, object] = {
        "id": item.id,
        "url": item.url,
        "title": item.shown_title,
        "content_html": body,
        "content_text": "" if body else item.standfirst or item.title,
        "summary": item.standfirst,
        "image": (picture.absolute or picture.src) if picture and not picture.remote else "",
        "date_published": iso(item.published),
        "date_modified": iso(item.changed),
        "authors": [
            {"name": author.name, "url": author.url} if author.url else {"name": author.name} for author in item.authors
        ],
        "tags": list(item.topics),
        "language": item.lang,
    }
    return {key: value for key, value in entry.items() if value}


def _legal_values(value: object) -> object:
    """A JSON value with every text in it `legal`: lone surrogates could not be written, and readers copy the rest."""
    if isinstance(value, str):
        return legal(value)
    if isinstance(value, dict):
        return {key: _legal_values(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_legal_values(inner) for inner in value]
    return value


# --- OPML ----------------------------------------------------------------------------------------------------------


def opml(document: OpmlDocument) -> bytes:
    """OPML 2.0: all feeds of the site, for a reader to subscribe to at once."""
    entries = [
        element("outline", type="rss", text=entry.title, title=entry.title, xmlUrl=entry.feed_url, htmlUrl=entry.url)
        for entry in document.entries
    ]
    head = around("head", (element("title", document.title),))
    return to_bytes(around("opml", (head, around("body", entries)), version="2.0"))


def _filled(
    tree: str,
    entry: Callable[[str, str, FeedItem, str, Offsets], bytes],
    document: FeedDocument,
    bodies: Sequence[str],
) -> bytes:
    """A feed with its items in their place."""
    before, after = to_bytes(tree).split(_ITEMS.encode())
    items = (
        entry(document.publisher, document.lang, item, body, (item.published.utcoffset(), item.changed.utcoffset()))
        for item, body in zip(document.items, bodies, strict=True)
    )
    return b"".join((before, *items, after))


def _rfc822(when: datetime) -> str:
    """As `email.utils.format_datetime` has it, which takes as long to load as a feed to make."""
    when = to_the_minute(when)
    day, month = _DAYS[when.weekday()], _MONTHS[when.month - 1]
    return f"{day}, {when.day:02} {month} {when.year:04} {when:%H:%M:%S %z}"


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
