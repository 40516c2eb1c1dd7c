"""The nouns of a news section, as frozen types. Each story's source becomes an `Article`.

Paths of sources are relative to the site folder, in POSIX form. `url` on sources and in the catalog is a path from the
site's root without the base URL's prefix, not percent-encoded ("/turkiye/2025/04/istanbul-talks/"); what templates get
is ready to print: prefixed and percent-encoded. Every datetime is aware and in the site's time zone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal, NamedTuple, TypeAlias

from broadsheet.errors import Diagnostic
from broadsheet.frozen import FrozenMap, record

Label: TypeAlias = Literal["", "opinion", "analysis", "explainer", "review", "feature", "sponsored"]
Direction: TypeAlias = Literal["ltr", "rtl"]
Mark: TypeAlias = tuple[int, int]  # line and column in the source file, both from 1

# --- front matter: what the writer typed, checked and typed (frontmatter.py makes these) ---------------------------


@record
class ImageRef:
    """A picture as named in a source; `src` is a relative path, or a remote URL."""

    src: str
    alt: str | None = None  # None: not given; "": decorative, said on purpose
    caption: str = ""
    credit: str = ""
    focus: tuple[float, float] = (0.5, 0.5)  # share of width and height from the top left corner
    mark: Mark = (0, 0)


@record
class Pin:
    position: int = 1
    until: datetime | None = None


@record
class Correction:
    date: datetime
    kind: Literal["correction", "clarification", "update", "note"]
    text: str


@record
class StoryMatter:
    """A story's front matter. `marks` gives the place of each key ("image.alt", "related.0") for later findings."""

    title: str
    slug: str = ""
    url: str = ""
    date: datetime | None = None
    updated: datetime | None = None
    embargo: datetime | None = None
    expires: datetime | None = None
    draft: bool = False
    unlisted: bool = False
    noindex: bool = False
    description: str = ""
    authors: tuple[str, ...] = ()
    region: str = ""
    topics: tuple[str, ...] = ()
    series: str = ""
    kicker: str = ""
    label: Label = ""
    image: ImageRef | None = None
    pin: Pin | None = None
    related: tuple[str, ...] = ()
    related_exclude: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    status: Literal["", "withdrawn"] = ""
    lang: str = ""
    dir: Literal["", "ltr", "rtl"] = ""
    translation_key: str = ""
    kind: Literal["article", "live"] = "article"
    source_url: str = ""
    params: FrozenMap[str, object] = FrozenMap()
    marks: FrozenMap[str, Mark] = FrozenMap()


@record
class RegionMatter:
    """content/<region>/_index.md; `pins` are paths of stories, as in links."""

    title: str = ""
    description: str = ""
    order: int | None = None
    language: str = ""
    pins: tuple[str, ...] = ()
    marks: FrozenMap[str, Mark] = FrozenMap()


@record
class HomeMatter:
    """content/_index.md; `lead` are paths of stories, as in links."""

    title: str = ""
    description: str = ""
    lead: tuple[str, ...] = ()
    marks: FrozenMap[str, Mark] = FrozenMap()


@record
class AuthorMatter:
    """content/authors/<id>.md; the body is the biography."""

    name: str
    type: Literal["person", "organization"] = "person"
    role: str = ""
    description: str = ""
    image: ImageRef | None = None
    links: tuple[str, ...] = ()
    lang: str = ""
    marks: FrozenMap[str, Mark] = FrozenMap()


@record
class PageMatter:
    """content/pages/<name>.md, a plain page such as "About"."""

    title: str
    slug: str = ""
    url: str = ""
    date: datetime | None = None
    updated: datetime | None = None
    description: str = ""
    draft: bool = False
    noindex: bool = False
    aliases: tuple[str, ...] = ()
    lang: str = ""
    dir: Literal["", "ltr", "rtl"] = ""
    marks: FrozenMap[str, Mark] = FrozenMap()


# --- bodies (markdown/ makes these) --------------------------------------------------------------------------------
# A rendered body is HTML in which what only the whole site can tell is left open. U+0000 can't come from a source
# (CommonMark replaces it), so it delimits the markers:
#   \0L3\0 … \0/L3\0   the link `links[3]` opens and closes     \0B2\0   the block `blocks[2]` stands here
#   \0R\0              where the Recommended card goes (at most one)


@record
class LinkRef:
    """A link that the site must resolve: a story's source ("../x.md"), a path from the root, or a file nearby."""

    kind: Literal["story", "site", "file"]
    target: str  # as written, percent-decoded, without query and fragment
    fragment: str = ""
    title: str = ""
    mark: Mark = (0, 0)
    query: str = ""  # of a path from the root: "?…" as it is printed, because what it means is another system's affair

    @property
    def place(self) -> str:
        """What a link to a path from the root leads to: as it is, or with a "/" after it, one of the site's addresses
        without the first "/"."""
        return self.target.removeprefix("/").removesuffix("index.html")


@record
class Figure:
    """A picture; `picture` indexes Body.pictures. `inline`: it stands within a line of text."""

    picture: int
    inline: bool = False


@record
class Gallery:
    pictures: tuple[int, ...]
    title: str = ""


@record
class PullQuote:
    html: str  # may hold markers
    by: str = ""


@record
class FactBox:
    title: str
    html: str  # may hold markers


@record
class Embed:
    """A card that stands for a video or a post: made at build time, no request until the reader follows it."""

    kind: Literal["video", "post", "audio"]
    url: str
    title: str
    by: str = ""
    provider: str = ""  # host name as shown
    text: str = ""
    picture: int | None = None


Block: TypeAlias = Figure | Gallery | PullQuote | FactBox | Embed


@record
class Body:
    html: str
    blocks: tuple[Block, ...] = ()


@record
class Rendered:
    """What Markdown rendering tells about one source besides the body's HTML itself."""

    body: Body
    links: tuple[LinkRef, ...] = ()
    pictures: tuple[ImageRef, ...] = ()
    anchors: tuple[str, ...] = ()  # ids of headings, in order
    words: int = 0  # visible words; for reading time, CJK characters are counted apart
    cjk: int = 0  # visible CJK characters
    text: str = ""  # visible text, blocks separated by newlines
    diagnostics: tuple[Diagnostic, ...] = ()


# --- the catalog ---------------------------------------------------------------------------------------------------


@record
class Article:
    """One story as parsed (memo 1): everything but the body's HTML, which is kept apart under `body`."""

    path: str
    matter: StoryMatter
    region: str
    slug: str
    url: str
    date: datetime  # in the URL, and of the month archive
    published: datetime  # the later of `embargo` and `date`: shown, ordered by, and not public before it
    lang: str
    dir: Direction
    body: bytes  # digest of the body, its key in the store
    links: tuple[LinkRef, ...] = ()
    pictures: tuple[ImageRef, ...] = ()
    anchors: tuple[str, ...] = ()
    minutes: int = 1  # reading time
    words: int = 0
    terms: FrozenMap[str, int] = FrozenMap()  # weighted terms for Recommended (related.py)


class Stand(NamedTuple):
    """What deciding needs to know of a story: when it is public, where it stands, whom and what it names. A tuple of
    plain values, because a build reads one of every story there is. Instants are microseconds since 1970."""

    path: str
    source: bytes  # digest of what the source says
    url: str
    region: str
    slug: str
    lang: str
    published: int
    expires: int | None
    draft: bool
    unlisted: bool
    withdrawn: bool
    month: int  # of the archive: year * 12 + month - 1
    shown_month: int  # of `published`, likewise
    authors: tuple[str, ...]  # as written
    topics: tuple[str, ...]
    series: str
    pictures: tuple[str, ...]  # as written, each once
    targets: tuple[str, ...]  # the sources that it links to
    files: tuple[str, ...]  # the files nearby that it links to
    sites: tuple[str, ...]  # the paths from the root that it links to (see `LinkRef.place`)
    related: tuple[str, ...]  # the sources that its Recommended shall begin with
    excluded: tuple[str, ...]  # … and that it shall not have
    translation: str  # the word that its translations share; "" for most
    turns: tuple[int, ...]  # when its update and its corrections come
    traits: int  # what else it has: a sum of the numbers in `Trait`


class Trait:
    """What few stories have, each a bit of `Stand.traits`: who looks for those that have it need not look at others."""

    NOINDEX = 1
    SPONSORED = 2
    ALIASES = 4
    CORRECTIONS = 8
    UPDATED = 16
    PIN = 32
    PICKS = 64  # `related` or `related_exclude`
    TRANSLATED = 128
    FILE_LINKS = 256  # to files nearby
    EMBARGO = 512  # its embargo is when it is published


def nowhere() -> Mark:
    return (0, 0)


@record
class Planned:
    """One file of the site before it is made: `shown` are plain values and digests that say all that its context will
    hold, so that equal ones give equal bytes; `make` gives the page."""

    path: str
    template: str
    source: str
    shown: tuple[object, ...]
    make: Callable[[], Page]
    where: Callable[[], Mark] = nowhere  # the place in the source that claims the path ("aliases.0", `url:`, `slug:`)


@record
class Page:
    """One file of the site: `path` in the output folder, rendered by `template` from `context` alone.

    `template` is a name in templates/, or "rss", "atom", "json-feed", "sitemap"… for the typed documents of feeds.py
    and sitemaps.py. `source` names what the page was made from, for errors and collisions.
    """

    path: str
    template: str
    context: object
    source: str
