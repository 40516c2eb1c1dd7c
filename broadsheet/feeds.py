"""Feeds: RSS 2.0, Atom 1.0, JSON Feed 1.1 and OPML, from typed records to bytes.

Every URL here is absolute (without a base URL, as near as it gets). Equal documents and bodies give equal bytes; no
clock is read: a feed's date is that of its newest change.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from broadsheet.contexts import BodyRef, Picture
from broadsheet.frozen import record
from broadsheet.model import Direction
from broadsheet.xmlwriter import child, iso, legal, root, to_bytes

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


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


RSS_TYPE, ATOM_TYPE, JSON_TYPE = "application/rss+xml", "application/atom+xml", "application/feed+json"

# --- RSS -----------------------------------------------------------------------------------------------------------


def rss(document: FeedDocument, bodies: Sequence[str]) -> bytes:
    """RSS 2.0. `bodies` holds each item's HTML (feedbody.parts_to_html), "" where only the standfirst is given."""
    tree = root(
        "rss",
        **{
            "version": "2.0",
            "xmlns:atom": "http://www.w3.org/2005/Atom",
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
            "xmlns:media": "http://search.yahoo.com/mrss/",
        },
    )
    channel = child(tree, "channel")
    child(channel, "title", document.title)
    child(channel, "link", document.url)
    child(channel, "description", document.description or document.title)
    child(channel, "language", document.lang)
    child(channel, "copyright", document.publisher)
    if changed := document.changed:
        child(channel, "lastBuildDate", _rfc822(changed))
    child(channel, "ttl", "15")  # minutes a reader may wait before it asks again
    child(channel, "atom:link", rel="self", type=RSS_TYPE, href=document.self_url)
    if document.hub:
        child(channel, "atom:link", rel="hub", href=document.hub)
    if document.logo:
        image = child(channel, "image")
        child(image, "url", document.logo)
        child(image, "title", document.title)
        child(image, "link", document.url)
    for item, body in zip(document.items, bodies, strict=True):
        _rss_item(channel, document, item, body)
    return to_bytes(tree)


def _rss_item(channel: Element, document: FeedDocument, item: FeedItem, body: str) -> None:
    entry = child(channel, "item")
    child(entry, "title", item.shown_title)
    child(entry, "link", item.url)
    child(entry, "guid", item.id, isPermaLink="true" if item.id == item.url else "false")
    child(entry, "pubDate", _rfc822(item.published))
    for name in [author.name for author in item.authors] or [document.publisher]:
        child(entry, "dc:creator", name)
    if item.lang and item.lang != document.lang:
        child(entry, "dc:language", item.lang)
    for topic in item.topics:
        child(entry, "category", topic)
    child(entry, "description", item.standfirst or item.title)
    if body:
        child(entry, "content:encoded", body)
    if item.picture:
        _media(entry, item.picture)


def _media(entry: Element, picture: Picture) -> None:
    """Media RSS: the picture with its size, description and credit."""
    if picture.remote:
        return
    media = child(
        entry,
        "media:content",
        url=picture.absolute or picture.src,
        type=media_type(picture.src),
        medium="image",
        width=str(picture.width),
        height=str(picture.height),
    )
    if words := picture.caption or picture.alt:
        child(media, "media:description", words, type="plain")
    if picture.credit:
        child(media, "media:credit", picture.credit)


def media_type(url: str) -> str:
    """The media type of one of our published pictures, by its ending."""
    ending = url.rpartition(".")[2]
    return "image/" + {"jpg": "jpeg", "svg": "svg+xml"}.get(ending, ending)


# --- Atom ----------------------------------------------------------------------------------------------------------


def atom(document: FeedDocument, bodies: Sequence[str]) -> bytes:
    """Atom 1.0. `bodies` as for `rss`."""
    namespaces = {"xmlns": "http://www.w3.org/2005/Atom", "xmlns:media": "http://search.yahoo.com/mrss/"}
    tree = root("feed", **{**namespaces, "xml:lang": document.lang})
    child(tree, "id", document.self_url)
    child(tree, "title", document.title)
    if document.description:
        child(tree, "subtitle", document.description)
    # Atom demands a date even of a feed without entries
    child(tree, "updated", iso(document.changed or datetime(1970, 1, 1, tzinfo=UTC)))
    child(tree, "link", rel="self", type=ATOM_TYPE, href=document.self_url)
    child(tree, "link", rel="alternate", type="text/html", href=document.url)
    if document.hub:
        child(tree, "link", rel="hub", href=document.hub)
    child(child(tree, "author"), "name", document.publisher)
    child(tree, "rights", document.publisher)
    if document.logo:
        child(tree, "logo", document.logo)
    for item, body in zip(document.items, bodies, strict=True):
        _atom_entry(tree, document, item, body)
    return to_bytes(tree)


def _atom_entry(parent: Element, document: FeedDocument, item: FeedItem, body: str) -> None:
    entry = child(parent, "entry", **({"xml:lang": item.lang} if item.lang not in ("", document.lang) else {}))
    child(entry, "id", item.id)
    child(entry, "title", item.shown_title)
    child(entry, "link", rel="alternate", type="text/html", href=item.url)
    child(entry, "published", iso(item.published))
    child(entry, "updated", iso(item.changed))
    for author in item.authors:
        person = child(entry, "author")
        child(person, "name", author.name)
        if author.url:
            child(person, "uri", author.url)
    for topic in item.topics:
        child(entry, "category", term=topic)
    if item.standfirst:
        child(entry, "summary", item.standfirst)
    if body:
        child(entry, "content", body, type="html")
    if item.picture:
        _media(entry, item.picture)


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
    tree = root("opml", version="2.0")
    child(child(tree, "head"), "title", document.title)
    body = child(tree, "body")
    for entry in document.entries:
        child(
            body, "outline", type="rss", text=entry.title, title=entry.title, xmlUrl=entry.feed_url, htmlUrl=entry.url
        )
    return to_bytes(tree)


def _rfc822(when: datetime) -> str:
    from email.utils import format_datetime

    return format_datetime(when)
