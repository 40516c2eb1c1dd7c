"""Feeds: what is written is what a reader of RSS, Atom, JSON Feed and OPML finds again, however hostile the words."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from feed_samples import HOSTILE, NS, PICTURE, ZONE, build, channel, document, entry, expected, item, parse
from hypothesis import example, given
from hypothesis import strategies as st

from broadsheet import feeds
from broadsheet.contexts import FigurePart
from broadsheet.feedbody import parts_to_html
from broadsheet.feeds import FeedAuthor, OpmlDocument, OpmlEntry
from broadsheet.xmlwriter import around, element, to_bytes

# --- RSS -----------------------------------------------------------------------------------------------------------


def test_rss_channel():
    found = channel(document(hub="https://hub.example/", logo="https://example.org/logo.png"))
    assert found.findtext("title") == "The Example Post"
    assert found.findtext("link") == "https://example.org/news/"
    assert found.findtext("description") == "News of the region."
    assert found.findtext("language") == "en"
    links = {link.get("rel"): link for link in found.findall("atom:link", NS)}
    assert links["self"].get("href") == "https://example.org/news/feed.xml"
    assert links["self"].get("type") == "application/rss+xml"
    assert links["hub"].get("href") == "https://hub.example/"
    assert found.findtext("image/title") == found.findtext("title")
    assert found.findtext("image/link") == found.findtext("link")


def test_rss_item():
    found = channel(document(), ["<p>Body</p>"]).find("item")
    assert found.findtext("title") == "Türkiye hosts talks"
    assert found.findtext("link") == "https://example.org/news/turkiye/2025/04/talks/"
    assert found.find("guid").text == found.findtext("link")
    assert found.find("guid").get("isPermaLink") == "true"
    assert found.findtext("pubDate") == "Wed, 09 Apr 2025 14:30:00 +0300"
    assert [creator.text for creator in found.findall("dc:creator", NS)] == ["Ayşe Yılmaz"]
    assert [category.text for category in found.findall("category")] == ["Diplomacy", "Energy"]
    assert found.findtext("description") == "Delegations meet for a second round."
    assert found.findtext("content:encoded", namespaces=NS) == "<p>Body</p>"
    media = found.find("media:content", NS)
    assert (media.get("url"), media.get("type"), media.get("medium")) == (PICTURE.absolute, "image/jpeg", "image")
    assert (media.get("width"), media.get("height")) == ("1240", "698")
    assert media.findtext("media:description", namespaces=NS) == "A tram crosses the bridge."
    assert media.findtext("media:credit", namespaces=NS) == "AA"


def test_a_guid_that_is_no_url_says_so():
    guid = channel(document(item(guid="tag:example.org,2025:1"))).find("item/guid")
    assert (guid.text, guid.get("isPermaLink")) == ("tag:example.org,2025:1", "false")


def test_an_opinion_is_labelled_before_its_headline():
    made = document(item(label="Opinion"))
    assert channel(made).findtext("item/title") == "Opinion: Türkiye hosts talks"
    assert entry(made).findtext("atom:title", namespaces=NS) == "Opinion: Türkiye hosts talks"
    assert json.loads(build("json_feed", made))["items"][0]["title"] == "Opinion: Türkiye hosts talks"


def test_the_build_date_is_that_of_the_latest_change():
    older = item(url="https://example.org/1/", published=datetime(2025, 1, 1, tzinfo=ZONE))
    corrected = replace(older, updated=datetime(2025, 6, 1, 9, tzinfo=ZONE))
    made = channel(document(item(), corrected))
    assert parsedate_to_datetime(made.findtext("lastBuildDate")) == corrected.updated
    assert channel(document(items=())).find("lastBuildDate") is None


@given(st.datetimes(timezones=st.timezones()))
def test_dates_are_written_as_the_standard_library_has_them(when):
    """But for those of years in which clocks were not whole minutes from UTC."""
    written = channel(document(item(published=when))).findtext("item/pubDate")
    assert written == format_datetime(when) or when.utcoffset() % timedelta(minutes=1)


def test_a_story_in_another_language_says_so():
    made = document(item(lang="tr"))
    assert channel(made).findtext("item/dc:language", namespaces=NS) == "tr"
    assert entry(made).get("{http://www.w3.org/XML/1998/namespace}lang") == "tr"
    assert channel(document()).find("item/dc:language", NS) is None


def test_a_remote_picture_is_not_offered():
    made = document(item(picture=replace(PICTURE, remote=True)))
    assert channel(made).find("item/media:content", NS) is None
    assert "image" not in json.loads(build("json_feed", made))["items"][0]


def test_a_story_with_little_said_is_still_a_valid_item():
    bare = document(item(standfirst="", authors=(), topics=(), picture=None))
    found = channel(bare).find("item")
    assert found.findtext("description") == "Türkiye hosts talks"
    assert found.findtext("dc:creator", namespaces=NS) == "Example Media"
    assert json.loads(build("json_feed", bare))["items"][0]["content_text"]


# --- Atom, JSON Feed, OPML -----------------------------------------------------------------------------------------


def test_atom():
    made = document(item(updated=datetime(2025, 4, 10, 8, tzinfo=ZONE)), self_url="https://example.org/atom.xml")
    root = parse(build("atom", made, ["<p>Body & more</p>"]))
    assert root.tag == "{http://www.w3.org/2005/Atom}feed"
    assert root.findtext("atom:id", namespaces=NS) == "https://example.org/atom.xml"
    assert root.findtext("atom:updated", namespaces=NS) == "2025-04-10T08:00:00+03:00"
    links = {link.get("rel"): link.get("href") for link in root.findall("atom:link", NS)}
    assert links == {"self": "https://example.org/atom.xml", "alternate": "https://example.org/news/"}
    found = root.find("atom:entry", NS)
    assert found.findtext("atom:published", namespaces=NS) == "2025-04-09T14:30:00+03:00"
    assert found.findtext("atom:updated", namespaces=NS) == "2025-04-10T08:00:00+03:00"
    assert found.findtext("atom:author/atom:name", namespaces=NS) == "Ayşe Yılmaz"
    assert found.find("atom:content", NS).get("type") == "html"
    assert found.findtext("atom:content", namespaces=NS) == "<p>Body & more</p>"


def test_an_empty_atom_feed_still_has_its_date():
    root = parse(build("atom", document(items=())))
    assert datetime.fromisoformat(root.findtext("atom:updated", namespaces=NS)).tzinfo


def test_json_feed():
    made = document(self_url="https://example.org/feed.json")
    found = json.loads(build("json_feed", made, ["<p>Body</p>"]))
    assert found["version"] == "https://jsonfeed.org/version/1.1"
    assert found["feed_url"] == "https://example.org/feed.json"
    assert found["home_page_url"] == "https://example.org/news/"
    story = found["items"][0]
    assert story["id"] == story["url"] == "https://example.org/news/turkiye/2025/04/talks/"
    assert story["content_html"] == "<p>Body</p>"
    assert "content_text" not in story
    assert story["date_published"] == "2025-04-09T14:30:00+03:00"
    assert story["authors"] == [{"name": "Ayşe Yılmaz", "url": "https://example.org/news/authors/ayse/"}]
    assert story["image"] == PICTURE.absolute
    assert story["tags"] == ["Diplomacy", "Energy"]


@pytest.mark.parametrize("title", HOSTILE)
def test_opml(title):
    entries = (OpmlEntry(title=title, feed_url="https://example.org/feed.xml?a=1&b=2", url="https://example.org/"),)
    root = parse(feeds.opml(OpmlDocument(title=title, entries=entries)))
    outline = root.find("body/outline")
    assert outline.get("type") == "rss"
    assert outline.get("text") == expected(title)
    assert outline.get("xmlUrl") == "https://example.org/feed.xml?a=1&b=2"
    assert root.findtext("head/title") == expected(title)


# --- what must hold for any words ----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_arrive_as_words(text):
    picture = replace(PICTURE, caption=text, credit=text)
    story = item(title=text, label="Op <i>", standfirst=text, topics=(text,), authors=(FeedAuthor(name=text),))
    made = document(replace(story, picture=picture), title=text, description=text, publisher=text)
    body = parts_to_html([FigurePart(picture=picture)], "https://example.org/a/")

    rss_channel = channel(made, [body])
    assert rss_channel.findtext("title") == expected(text)
    rss_item = rss_channel.find("item")
    assert rss_item.findtext("title") == "Op <i>: " + expected(text)
    assert html.unescape(rss_item.findtext("description")) == expected(text)  # which readers of RSS take for HTML
    assert not re.search("[<]|&(?!amp;|lt;|gt;)", rss_item.findtext("description"))
    assert rss_item.findtext("category") == expected(text)
    assert rss_item.findtext("dc:creator", namespaces=NS) == expected(text)
    assert rss_item.findtext("media:content/media:credit", namespaces=NS) == expected(text)
    assert rss_item.findtext("content:encoded", namespaces=NS) == expected(body)
    assert entry(made, [body]).findtext("atom:summary", namespaces=NS) == expected(text)
    feed = json.loads(build("json_feed", made, [body]))
    assert feed["title"] == expected(text)
    assert feed["items"][0]["summary"] == expected(text)


@given(st.text(st.characters(), max_size=60), st.text(st.characters(), max_size=60))
def test_any_text_gives_well_formed_feeds(title, body):
    made = document(item(title=title, standfirst=body, topics=(title,)), title=title)
    for kind in ("rss", "atom"):
        parse(build(kind, made, [body]))
    assert json.loads(build("json_feed", made, [body]))["items"][0].get("title", "") == expected(title)


def test_equal_documents_give_equal_bytes():
    for kind in ("rss", "atom", "json_feed"):
        assert build(kind, document(item(), item(url="https://example.org/2/"))) == build(
            kind, document(item(), item(url="https://example.org/2/"))
        )


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2100, 1, 1)), st.integers(-14 * 4, 14 * 4))  # noqa: DTZ001  # given a zone below
def test_dates_keep_their_instant(naive, quarters):
    from datetime import timezone

    when = naive.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=15 * quarters)))
    made = document(item(published=when))
    assert parsedate_to_datetime(channel(made).findtext("item/pubDate")) == when
    assert datetime.fromisoformat(entry(made).findtext("atom:published", namespaces=NS)) == when


# --- XML -----------------------------------------------------------------------------------------------------------


@given(st.text(), st.text())
@example("", "")
@example("\t\n\r", "a & <b> \"c\" 'd' ]]> \t\n\r\x00\ud800\ufffe")
def test_elements_are_written_as_the_standard_library_writes_them(text, value):
    tree = ElementTree.Element("a:b", {"c": feeds.legal(value), "xml:lang": "x"})
    ElementTree.SubElement(tree, "d").text = feeds.legal(text)
    ElementTree.SubElement(tree, "e", {"f": feeds.legal(text)}).text = feeds.legal(value)
    inner = (element("d", text), element("e", value, f=text))
    written = around("a:b", inner, **{"c": value, "xml:lang": "x"})
    expected = ElementTree.tostring(tree, encoding="unicode")
    assert to_bytes(written) == f'<?xml version="1.0" encoding="utf-8"?>\n{expected}\n'.encode()


@given(st.text())
def test_no_text_loses_what_xml_can_hold(text):
    def allowed(letter):
        return letter in "\t\n" or " " <= letter <= "\ud7ff" or "\ue000" <= letter <= "\ufffd" or letter >= "\U00010000"

    assert feeds.legal(text) == "".join(letter for letter in text if allowed(letter))


@pytest.mark.parametrize("build", [feeds.rss, feeds.atom])
def test_a_story_is_written_anew_for_each_feed_that_differs(build):
    """Items are remembered: never for a feed of another publisher or language, or with another text."""
    story = item(lang="tr", authors=())
    made = [
        build(document(story, publisher=publisher, lang=lang), [body])
        for publisher in ("A", "B")
        for lang in ("tr", "en")
        for body in ("", "<p>x</p>", "<p>y</p>")
    ]
    assert len(set(made)) == 12
    assert made[0] == build(document(item(lang="tr", authors=()), publisher="A", lang="tr"), [""])
    elsewhere = replace(story, published=story.published.astimezone(ZoneInfo("Asia/Tokyo")))
    assert elsewhere == story
    assert build(document(elsewhere, publisher="A", lang="tr"), [""]) != made[0]
