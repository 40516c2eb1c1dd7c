"""The parts that page contexts are made of: pictures, headlines, cards, people, bodies, what every page has."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, TypeAlias

from broadsheet.frozen import FrozenMap, record
from broadsheet.model import Direction, Label

# --- small parts ---------------------------------------------------------------------------------------------------


@record
class Source:
    """One `<source>` of a picture: a media type and its `srcset`; `small` is the part of it that a thumbnail needs."""

    type: str
    srcset: str
    small: str = ""


@record
class Picture:
    """A picture with its text. `src` is the fallback file; width and height are its oriented pixels;
    `thumb` is the fallback of a thumbnail."""

    src: str
    width: int
    height: int
    alt: str
    caption: str = ""
    credit: str = ""
    sources: tuple[Source, ...] = ()
    absolute: str = ""  # `src` with the origin
    thumb: str = ""
    focus: tuple[float, float] = (0.5, 0.5)
    remote: bool = False  # on another host: shown as a link, never fetched; without `src`, only its text is


@record
class NavLink:
    title: str
    url: str
    lang: str = ""  # where it differs from the site's language


@record
class Headline:
    """All that a list of headlines may know about a story. `byline` is filled for opinions and features only."""

    url: str
    title: str
    label: Label
    byline: tuple[str, ...]
    lang: str
    dir: Direction


@record
class Card:
    """All that a teaser may know about a story."""

    url: str
    title: str
    label: Label
    byline: tuple[str, ...]
    lang: str
    dir: Direction
    standfirst: str
    kicker: str  # the story's own, else its region's title
    region: NavLink
    date: datetime
    minutes: int
    picture: Picture | None


@record
class Person:
    """A byline. `url` is empty when author pages are turned off."""

    id: str
    name: str
    url: str
    type: Literal["person", "organization"] = "person"
    role: str = ""
    picture: Picture | None = None
    links: tuple[str, ...] = ()


@record
class Topic:
    id: str
    name: str
    url: str


@record
class CorrectionNote:
    date: datetime
    kind: Literal["correction", "clarification", "update", "note"]
    text: str


@record
class MonthLink:
    """A month archive: the first day of the month, its page, and how many stories it holds."""

    month: date
    url: str
    count: int


@record
class YearLink:
    year: int
    url: str
    count: int


# --- bodies --------------------------------------------------------------------------------------------------------


@record
class Anchor:
    """Where a link of a body leads, and its tooltip."""

    href: str
    title: str = ""


@record
class BodyRef:
    """A story's body by digest, with what the site resolved for it, index by index (see the markers in model.py).

    `links[i]` is the target of link i, or None where the text stays without a link. The store gives the HTML itself
    to the worker that renders the page, which turns both into a sequence of `Part`s.
    """

    digest: bytes
    links: tuple[Anchor | None, ...] = ()
    pictures: tuple[Picture | None, ...] = ()


@record
class Html:
    """A stretch of finished markup. Elements may open in one part and close in a later one."""

    html: str  # a markupsafe.Markup: prints as it is
    kind: Literal["html"] = "html"


@record
class FigurePart:
    picture: Picture
    inline: bool = False
    kind: Literal["figure"] = "figure"
    linked: bool = False  # it stands in a link: what is in it can't be one


@record
class GalleryPart:
    pictures: tuple[Picture, ...]
    title: str = ""
    kind: Literal["gallery"] = "gallery"


@record
class PullQuotePart:
    parts: tuple[Part, ...]
    by: str = ""
    kind: Literal["pullquote"] = "pullquote"


@record
class FactBoxPart:
    title: str
    parts: tuple[Part, ...]
    kind: Literal["factbox"] = "factbox"


@record
class EmbedPart:
    embed: Literal["video", "post", "audio"]
    url: str
    title: str
    by: str = ""
    provider: str = ""
    text: str = ""
    picture: Picture | None = None
    kind: Literal["embed"] = "embed"


@record
class RecommendedPart:
    """Where the Recommended card stands within the text."""

    kind: Literal["recommended"] = "recommended"


Part: TypeAlias = Html | FigurePart | GalleryPart | PullQuotePart | FactBoxPart | EmbedPart | RecommendedPart

# --- what every page has -------------------------------------------------------------------------------------------


@record
class Publisher:
    name: str
    logo: Picture | None
    policies: FrozenMap[str, str]  # absolute URLs by name, as in the configuration


@record
class Site:
    title: str
    description: str
    url: str  # the home page, ready to print: "/" or "/news/"
    absolute: str  # the same with the origin
    origin: str  # "https://host", "" without a base URL
    language: str
    publisher: Publisher
    nav: tuple[NavLink, ...]
    footer: tuple[NavLink, ...]
    regions: tuple[NavLink, ...]
    corrections_url: str
    params: FrozenMap[str, object]
    share: Picture | None = None  # stands for a page that has no picture of its own, where it is shared
    csp: tuple[str, ...] = ()  # what `csp.allow` adds to the policy of each page


@record
class FeedLink:
    title: str
    url: str
    type: str  # media type


@record
class Head:
    """What `<head>` and `<html>` need, for any page."""

    url: str
    canonical: str  # absolute when there is a base URL
    title: str  # of the page itself, without the site's name
    description: str
    lang: str
    dir: Direction
    section: str = ""  # url of the navigation entry that the page belongs to
    noindex: bool = False
    picture: Picture | None = None
    feeds: tuple[FeedLink, ...] = ()
    alternates: FrozenMap[str, str] = FrozenMap()  # language -> absolute URL of a true translation


@record
class BasePage:
    """The names every template gets. `t` holds the interface strings of the page's language."""

    site: Site
    page: Head
    t: FrozenMap[str, object]
