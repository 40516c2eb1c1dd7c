"""One context a template: what is on each kind of page."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from broadsheet.contexts.parts import (
    BasePage,
    BodyRef,
    Card,
    CorrectionNote,
    Headline,
    MonthLink,
    NavLink,
    Person,
    Picture,
    Topic,
    YearLink,
)
from broadsheet.frozen import FrozenMap, record
from broadsheet.model import Direction, Label


@record
class Story:
    """The story of an article page. `updated` is set only where it differs from `date`."""

    url: str
    title: str
    standfirst: str
    kicker: str
    label: Label
    region: NavLink
    date: datetime
    updated: datetime | None
    minutes: int
    authors: tuple[Person, ...]
    topics: tuple[Topic, ...]
    series: Topic | None
    picture: Picture | None
    body: BodyRef
    corrections: tuple[CorrectionNote, ...]
    lang: str
    dir: Direction
    words: int = 0
    kind: Literal["article", "live"] = "article"
    source_url: str = ""
    params: FrozenMap[str, object] = FrozenMap()


@record
class Rail:
    """The Explore rail. `fragment` is the URL of the region's current rail when the page is to refresh itself by
    `refresh` ("script" or "ssi"); empty when it is not."""

    region: NavLink
    headlines: tuple[Headline, ...]
    fragment: str = ""
    refresh: Literal["script", "ssi", "none"] = "none"
    limit: int = 15  # how many headlines a refreshed rail shows at most


@record
class ArticlePage(BasePage):
    """article.html"""

    story: Story
    recommended: tuple[Card, ...]  # the first is the card within the text
    explore: Rail
    breadcrumbs: tuple[NavLink, ...]
    previous: Headline | None  # the story published before this one in the region
    next: Headline | None


@record
class RegionPage(BasePage):
    """region.html: pins first, then the latest; `lead`, `seconds` and `briefs` repeat nothing."""

    region: NavLink
    introduction: BodyRef | None
    lead: Card | None
    seconds: tuple[Card, ...]
    briefs: tuple[Card, ...]
    months: tuple[MonthLink, ...]  # newest first
    breadcrumbs: tuple[NavLink, ...]


@record
class RegionBlock:
    """A region's part of the home page."""

    region: NavLink
    lead: Card | None
    headlines: tuple[Headline, ...]


@record
class HomePage(BasePage):
    """home.html: nothing on it is repeated."""

    introduction: BodyRef | None
    lead: Card | None
    seconds: tuple[Card, ...]
    regions: tuple[RegionBlock, ...]


@record
class ArchivePage(BasePage):
    """archive.html: a month of a region, or a year of a topic, series or author."""

    title: str  # of what is archived: "Türkiye", "Energy"
    parent: NavLink
    month: date | None  # the first day of the month; None for a year archive
    year: int
    cards: tuple[Card, ...]  # newest first
    older: NavLink | None
    newer: NavLink | None
    breadcrumbs: tuple[NavLink, ...]


@record
class TopicPage(BasePage):
    """topic.html: a topic or a series."""

    topic: Topic
    taxonomy: Literal["topics", "series"]
    cards: tuple[Card, ...]  # at most 30, newest first
    years: tuple[YearLink, ...]  # when there are more than 30 stories
    breadcrumbs: tuple[NavLink, ...]


@record
class AuthorPage(BasePage):
    """author.html"""

    author: Person
    biography: BodyRef | None
    cards: tuple[Card, ...]
    years: tuple[YearLink, ...]
    breadcrumbs: tuple[NavLink, ...]


@record
class CorrectedStory:
    story: Headline
    date: datetime  # the story's own
    note: CorrectionNote


@record
class CorrectionsPage(BasePage):
    """corrections.html; `year` is 0 on the current page, which shows the latest 30."""

    entries: tuple[CorrectedStory, ...]
    year: int
    years: tuple[YearLink, ...]
    breadcrumbs: tuple[NavLink, ...]


@record
class PlainPage(BasePage):
    """page.html"""

    title: str
    updated: datetime | None
    body: BodyRef
    breadcrumbs: tuple[NavLink, ...]


@record
class NotFoundPage(BasePage):
    """404.html: the sections, no headlines."""


@record
class WithdrawnPage(BasePage):
    """withdrawn.html: a notice and nothing of the story."""

    region: NavLink


@record
class RedirectPage(BasePage):
    """redirect.html: for `aliases`."""

    target: str
    absolute: str


@record
class ExploreFragment:
    """explore-fragment.html: a region's current rail, for pages that refresh themselves; not a page."""

    rail: Rail
    t: FrozenMap[str, object]
