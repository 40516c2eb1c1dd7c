"""A context for every template, rich enough to reach each branch of the theme."""

from __future__ import annotations

import os
import re
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

from markupsafe import Markup

from broadsheet import contexts as c
from broadsheet.frozen import FrozenMap
from broadsheet.interface import strings
from broadsheet.themeplace import theme_folder

ZONE = timezone(timedelta(hours=3))


def sources() -> FrozenMap[str, str]:
    """The packaged theme by name."""
    root, found = theme_folder(), {}
    for folder, _, names in os.walk(root):
        for name in names:
            if name.endswith(".png"):
                continue
            path = os.path.join(folder, name)
            with open(path, encoding="utf-8") as file:
                found[os.path.relpath(path, root)] = file.read()
    return FrozenMap(found)


SOURCES = sources()


def at(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2025, month, day, hour, 45, tzinfo=ZONE)


def picture(name: str = "harbour", **changes: Any) -> c.Picture:
    made = c.Picture(
        src=f"/media/{name}.jpg",
        width=1600,
        height=900,
        alt=f"The {name}",
        caption=f"The {name} at dawn",
        credit="AA",
        sources=(c.Source(type="image/webp", srcset=f"/media/{name}-360.webp 360w"),),
        absolute=f"https://news.example/media/{name}.jpg",
    )
    return replace(made, **changes)


def link(title: str, lang: str = "") -> c.NavLink:
    return c.NavLink(title=title, url=f"/{title.lower().replace(' ', '-')}/", lang=lang)


def headline(title: str, **changes: Any) -> c.Headline:
    made = c.Headline(url=link(title).url, title=title, label="", byline=(), lang="en", dir="ltr")
    return replace(made, **changes)


def card(title: str, **changes: Any) -> c.Card:
    made = c.Card(
        url=link(title).url,
        title=title,
        label="",
        byline=(),
        lang="en",
        dir="ltr",
        standfirst="What the story is about.",
        kicker="Europe",
        region=link("Europe"),
        date=at(4, 8),
        minutes=3,
        picture=picture(),
    )
    return replace(made, **changes)


OPINION = {"label": "opinion", "byline": ("Ada Byron", "Can Öz")}
ARABIC = {"lang": "ar", "dir": "rtl"}
REGIONS = (link("Türkiye"), link("Europe"), link("Ortadoğu", "tr"))
CRUMBS = (c.NavLink(title="Home", url="/"), link("Türkiye"))
ADA = c.Person(id="ada", name="Ada Byron", url="/authors/ada/", role="Columnist", picture=picture("ada"))
ADA = replace(ADA, links=("https://www.example.org/ada", "mailto:ada@example.org", "javascript:alert(1)"))
YEARS = (c.YearLink(year=2024, url="/y/2024/", count=1234),)
NOTES = (
    c.CorrectionNote(date=at(4, 10), kind="correction", text="The day was Thursday."),
    c.CorrectionNote(date=at(4, 11), kind="note", text="Names were added."),
)
CARDS = (
    card("Tide tables"),
    card("Why I sail", **OPINION),
    card("مد وجزر", **ARABIC),
    card("March story", date=at(3, 1), picture=None),
)

SITE = c.Site(
    title="The Gazette",
    description="News of the straits",
    url="/",
    absolute="https://news.example/",
    origin="https://news.example",
    language="en",
    publisher=c.Publisher(name="Gazette Press", logo=picture("logo"), policies=FrozenMap()),
    nav=REGIONS,
    footer=(link("About"),),
    regions=REGIONS,
    corrections_url="/corrections/",
    params=FrozenMap(),
)


def base(title: str, url: str = "/page/", lang: str = "en", **changes: Any) -> dict[str, Any]:
    """The names of every page."""
    head = c.Head(
        url=url,
        canonical=f"https://news.example{url}",
        title=title,
        description=f"About {title}",
        lang=lang,
        dir="rtl" if lang == "ar" else "ltr",
        picture=picture(),
        feeds=(c.FeedLink(title="All", url="/feed.xml", type="application/rss+xml"),),
        alternates=FrozenMap({"tr": "https://news.example/tr/"}),
    )
    return {"site": SITE, "page": replace(head, **changes), "t": strings(lang, SOURCES)}


def html(text: str) -> c.Html:
    return c.Html(html=Markup(text))  # noqa: S704  # finished markup is what the type holds


PARAGRAPHS = tuple(f"<p>Paragraph {n}.</p>" for n in range(1, 8))
BODY: tuple[c.Part, ...] = (
    html("\n".join(PARAGRAPHS[:3])),
    c.RecommendedPart(),
    html("<h2 id='more'>More</h2>" + "\n".join(PARAGRAPHS[3:5]) + "<p>Within ("),
    c.FigurePart(picture=picture("icon"), inline=True),
    html(") a line.</p>"),
    c.FigurePart(picture=picture("bridge")),
    c.GalleryPart(pictures=(picture("one"), picture("two", caption="")), title="The morning"),
    c.PullQuotePart(parts=(html("<p>Quoted.</p>"),), by="The pilot"),
    c.FactBoxPart(title="Facts", parts=(html("<p>A fact.</p>"), c.FigurePart(picture=picture("map")))),
    c.EmbedPart(
        embed="video",
        url="https://videos.example/1",
        title="A film",
        by="Harbour TV",
        provider="videos.example",
        text="What it shows",
        picture=picture("still"),
    ),
    html(PARAGRAPHS[5]),
)


def story(**changes: Any) -> c.Story:
    made = c.Story(
        url="/turkiye/2025/04/talks/",
        title="Talks begin",
        standfirst="A second round starts.",
        kicker="Türkiye",
        label="",
        region=link("Türkiye"),
        date=at(4, 9),
        updated=None,
        minutes=1,
        authors=(),
        topics=(c.Topic(id="d", name="Diplomacy", url="/topics/diplomacy/"),),
        series=None,
        picture=picture("lead"),
        body=c.BodyRef(digest=b""),
        corrections=(),
        lang="en",
        dir="ltr",
    )
    return replace(made, **changes)


def article(told: c.Story | None = None, lang: str = "en", **changes: Any) -> c.ArticlePage:
    told = told or story()
    made = c.ArticlePage(
        story=told,
        recommended=CARDS,
        explore=c.Rail(
            region=link("Türkiye"),
            headlines=(headline("Ferries"), headline("On pilots", **OPINION), headline("ميناء", **ARABIC)),
        ),
        breadcrumbs=CRUMBS,
        previous=headline("Earlier"),
        next=headline("Later", **OPINION),
        **base(told.title, told.url, lang, picture=told.picture),
    )
    return replace(made, **changes)


FULL = story(
    label="opinion",
    authors=(ADA, c.Person(id="x", name="Can Öz", url="")),
    updated=at(4, 10, 14),
    series=c.Topic(id="s", name="Straits", url="/series/straits/"),
    corrections=NOTES,
    source_url="https://wire.example/1",
)
TEXT = (html("<p>Words.</p>"),)

PAGES: dict[str, tuple[str, Any, dict[str, Any]]] = {
    "article": ("article.html", article(), {"body": BODY, "jsonld": Markup('{"@graph": []}')}),
    "full article": ("article.html", article(FULL), {"body": BODY}),
    "bare article": (
        "article.html",
        article(
            story(standfirst="", picture=None, topics=()),
            recommended=(),
            previous=None,
            next=None,
            explore=c.Rail(region=link("Türkiye"), headlines=()),
        ),
        {"body": ()},
    ),
    "arabic article": ("article.html", article(FULL, "ar"), {"body": BODY}),
    "region": (
        "region.html",
        c.RegionPage(
            **base("Türkiye", "/türkiye/"),
            region=link("Türkiye"),
            introduction=c.BodyRef(digest=b""),
            lead=CARDS[0],
            seconds=CARDS[1:2],
            briefs=CARDS[2:],
            months=(c.MonthLink(month=date(2025, 4, 1), url="/m/", count=12),),
            breadcrumbs=CRUMBS,
        ),
        {"introduction": TEXT},
    ),
    "empty region": (
        "region.html",
        c.RegionPage(
            **base("Türkiye"),
            region=link("Türkiye"),
            introduction=None,
            lead=None,
            seconds=(),
            briefs=(),
            months=(),
            breadcrumbs=(),
        ),
        {"introduction": ()},
    ),
    "archive": (
        "archive.html",
        c.ArchivePage(
            **base("April 2025"),
            title="Türkiye",
            parent=link("Türkiye"),
            month=date(2025, 4, 1),
            year=2025,
            cards=CARDS,
            older=link("March 2025"),
            newer=link("May 2025"),
            breadcrumbs=CRUMBS,
        ),
        {},
    ),
    "year archive": (
        "archive.html",
        c.ArchivePage(
            **base("Ada Byron, 2025"),
            title="Ada Byron",
            parent=link("Ada Byron"),
            month=None,
            year=2025,
            cards=CARDS,
            older=None,
            newer=None,
            breadcrumbs=(),
        ),
        {},
    ),
    "home": (
        "home.html",
        c.HomePage(
            **base("The Gazette", "/"),
            introduction=None,
            lead=CARDS[0],
            seconds=CARDS[1:],
            regions=(c.RegionBlock(region=link("Europe"), lead=card("Snow"), headlines=(headline("Ice"),)),),
        ),
        {"introduction": TEXT},
    ),
    "empty home": (
        "home.html",
        c.HomePage(**base("The Gazette", "/"), introduction=None, lead=None, seconds=(), regions=()),
        {"introduction": ()},
    ),
    "topic": (
        "topic.html",
        c.TopicPage(
            **base("Energy"),
            topic=c.Topic(id="e", name="Energy", url="/topics/energy/"),
            taxonomy="topics",
            cards=CARDS,
            years=YEARS,
            breadcrumbs=CRUMBS,
        ),
        {},
    ),
    "author": (
        "author.html",
        c.AuthorPage(
            **base("Ada Byron"),
            author=ADA,
            biography=c.BodyRef(digest=b""),
            cards=CARDS,
            years=(),
            breadcrumbs=CRUMBS,
        ),
        {"biography": TEXT},
    ),
    "corrections": (
        "corrections.html",
        c.CorrectionsPage(
            **base("Corrections"),
            entries=tuple(
                c.CorrectedStory(story=headline("On pilots", **OPINION), date=at(4, 9), note=note) for note in NOTES
            ),
            year=0,
            years=YEARS,
            breadcrumbs=CRUMBS,
        ),
        {},
    ),
    "no corrections": (
        "corrections.html",
        c.CorrectionsPage(**base("Corrections"), entries=(), year=2024, years=(), breadcrumbs=CRUMBS),
        {},
    ),
    "page": (
        "page.html",
        c.PlainPage(**base("About"), title="About", updated=at(4, 9), body=c.BodyRef(digest=b""), breadcrumbs=CRUMBS),
        {"body": TEXT},
    ),
    "404": ("404.html", c.NotFoundPage(**base("Page not found", noindex=True, picture=None)), {}),
    "withdrawn": ("withdrawn.html", c.WithdrawnPage(**base("Withdrawn", noindex=True), region=link("Türkiye")), {}),
    "redirect": (
        "redirect.html",
        c.RedirectPage(**base("Moved"), target="/new/", absolute="https://news.example/new/"),
        {},
    ),
}


def poisoned(value: Any, poison: str) -> Any:
    """The value with every free text in it replaced: all that sources, configuration and translations can say. Where
    a translation is filled in, it has its {places}."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, str):
        return poison + "".join(re.findall(r"\{\w+\}", value))
    if isinstance(value, tuple):
        return tuple(poisoned(item, poison) for item in value)
    if isinstance(value, FrozenMap):
        return FrozenMap({key: poisoned(item, poison) for key, item in value.items()})
    if is_dataclass(value) and not isinstance(value, type):
        free = [f.name for f in fields(value) if not str(f.type).startswith(("Literal", "Label", "Direction"))]
        return replace(value, **{name: poisoned(getattr(value, name), poison) for name in free})
    return value
