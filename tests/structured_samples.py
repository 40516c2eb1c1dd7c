"""Pages of every kind that has JSON-LD, and how its graph is read."""

from __future__ import annotations

import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

from broadsheet.contexts import (
    ArchivePage,
    ArticlePage,
    AuthorPage,
    BodyRef,
    Card,
    CorrectedStory,
    CorrectionNote,
    CorrectionsPage,
    Head,
    Headline,
    HomePage,
    NavLink,
    Person,
    Picture,
    PlainPage,
    Publisher,
    Rail,
    RegionPage,
    Site,
    Story,
    Topic,
    TopicPage,
)
from broadsheet.frozen import FrozenMap
from broadsheet.structured import jsonld

ZONE = ZoneInfo("Europe/Istanbul")
ORIGIN = "https://example.org"
URL = "/news/turkiye/2025/04/talks/"
HOME = NavLink(title="Home", url="/news/")
REGION = NavLink(title="Türkiye", url="/news/turkiye/")
NONE = FrozenMap()

PICTURE = Picture(
    src="/news/pictures/tram-1240.jpg",
    width=1240,
    height=698,
    alt="A tram",
    caption="A tram crosses the bridge.",
    credit="AA",
    absolute=ORIGIN + "/news/pictures/tram-1240.jpg",
)
LOGO = Picture(src="/news/logo.png", width=600, height=60, alt="", absolute=ORIGIN + "/news/logo.png")
SHARE = Picture(src="/news/share.png", width=1200, height=675, alt="", absolute=ORIGIN + "/news/share.png")
AUTHOR = Person(
    id="ayse", name="Ayşe Yılmaz", url="/news/authors/ayse/", role="Reporter", links=("https://a.example/",)
)
BODY = BodyRef(digest=b"body")


def site(**changes):
    values = {
        "title": "The Example Post",
        "description": "News of the region.",
        "url": "/news/",
        "absolute": ORIGIN + "/news/",
        "origin": ORIGIN,
        "language": "en",
        "publisher": Publisher(
            name="Example Media",
            logo=LOGO,
            policies=FrozenMap({"corrections": ORIGIN + "/news/corrections/", "ethics": ORIGIN + "/news/ethics/"}),
        ),
        "nav": (REGION,),
        "footer": (),
        "regions": (REGION,),
        "corrections_url": "/news/corrections/",
        "params": NONE,
        "share": SHARE,
    }
    return Site(**(values | changes))


def head(url=URL, title="Talks", **changes):
    values = {"url": url, "canonical": ORIGIN + url, "title": title, "description": "", "lang": "en", "dir": "ltr"}
    return Head(**(values | changes))


def base(url=URL, title="Talks", **changes):
    return {"site": site(), "page": head(url, title, **changes), "t": NONE}


def story(**changes):
    values = {
        "url": URL,
        "title": "Türkiye hosts talks",
        "standfirst": "A second round.",
        "kicker": "Türkiye",
        "label": "",
        "region": REGION,
        "date": datetime(2025, 4, 9, 14, 30, tzinfo=ZONE),
        "updated": None,
        "minutes": 3,
        "authors": (AUTHOR,),
        "topics": (Topic(id="energy", name="Energy", url="/news/topics/energy/"),),
        "series": None,
        "picture": PICTURE,
        "body": BODY,
        "corrections": (),
        "lang": "en",
        "dir": "ltr",
        "words": 533,
    }
    return Story(**(values | changes))


def article(**changes):
    made = story(**changes)
    return ArticlePage(
        **base(title=made.title),
        story=made,
        recommended=(),
        explore=Rail(region=REGION, headlines=()),
        breadcrumbs=(HOME, REGION),
        previous=None,
        next=None,
    )


def headline(number=1):
    return Headline(url=f"/news/turkiye/{number}/", title=f"Story {number}", label="", byline=(), lang="en", dir="ltr")


def card(number=1):
    return Card(
        url=f"/news/turkiye/{number}/",
        title=f"Story {number}",
        label="",
        byline=(),
        lang="en",
        dir="ltr",
        standfirst="",
        kicker="",
        region=REGION,
        date=datetime(2025, 4, 9, tzinfo=ZONE),
        minutes=1,
        picture=None,
    )


NOTE = CorrectionNote(date=datetime(2025, 4, 10, 9, tzinfo=ZONE), kind="correction", text="There were eleven states.")
LISTS = {"cards": (card(1), card(2)), "breadcrumbs": (HOME,)}
PAGES = {
    "article": article(),
    "region": RegionPage(
        **base("/news/turkiye/", "Türkiye"),
        region=REGION,
        introduction=None,
        lead=card(1),
        seconds=(card(2),),
        briefs=(card(3),),
        months=(),
        breadcrumbs=(HOME,),
    ),
    "home": HomePage(**base("/news/", "Home"), introduction=None, lead=card(1), seconds=(), regions=()),
    "archive": ArchivePage(
        **base("/news/turkiye/2025/04/", "Türkiye, April 2025"),
        title="Türkiye",
        parent=REGION,
        month=date(2025, 4, 1),
        year=2025,
        older=None,
        newer=None,
        cards=(card(1),),
        breadcrumbs=(HOME, REGION),
    ),
    "topic": TopicPage(
        **base("/news/topics/energy/", "Energy"),
        topic=Topic(id="energy", name="Energy", url="/news/topics/energy/"),
        taxonomy="topics",
        years=(),
        **LISTS,
    ),
    "author": AuthorPage(**base("/news/authors/ayse/", "Ayşe"), author=AUTHOR, biography=None, years=(), **LISTS),
    "corrections": CorrectionsPage(
        **base("/news/corrections/", "Corrections"),
        entries=(CorrectedStory(story=headline(), date=datetime(2025, 4, 9, tzinfo=ZONE), note=NOTE),),
        year=0,
        years=(),
        breadcrumbs=(HOME,),
    ),
    "plain": PlainPage(
        **base("/news/about/", "About"), title="About", updated=NOTE.date, body=BODY, breadcrumbs=(HOME,)
    ),
}


def graph(context):
    found = json.loads(jsonld(context))
    assert found["@context"] == "https://schema.org"
    return found["@graph"]


def only(nodes, kind):
    (node,) = [node for node in nodes if node["@type"] == kind]
    return node


def walk(value):
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner)
