"""What a file of the site is: when it goes out, how long it stays fresh, its type."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, TypeAlias

from broadsheet.deploy import mediatypes
from broadsheet.digest import digest
from broadsheet.frozen import record

Kind: TypeAlias = Literal["fingerprinted", "asset", "story", "list", "feed"]


@record
class Pages:
    """Which files of a site are pages, as its build noted it: those of HTML, and the `disguised`, whose names are
    another's (/story.php). `lists` are those that only lead to others: a story may have any address."""

    lists: frozenset[str] = frozenset()
    disguised: frozenset[str] = frozenset()


# What goes out together, in this order: nothing is shown before what it shows.
PHASES: tuple[tuple[Kind, ...], ...] = (("fingerprinted", "asset"), ("story",), ("list", "feed"))

# Names of one kind never hold other bytes; pages and feeds are asked for again after a minute.
CACHE: Mapping[str, str] = {
    "fingerprinted": "public, max-age=31536000, immutable",
    "asset": "public, max-age=3600",
    "story": "public, max-age=60, must-revalidate",
    "list": "public, max-age=60, must-revalidate",
    "feed": "public, max-age=300, must-revalidate",
}
# What a store that keeps headers is told, by kind and by ending; and what disguised pages are served as.
RULES: Mapping[str, str] = {
    **CACHE,
    **{f".{ending}": found for ending, found in mediatypes.LATER.items()},
    "disguised": mediatypes.HTML,
}
WORDS: Mapping[str, str] = {
    "fingerprinted": "picture",
    "asset": "asset",
    "story": "story or page",
    "list": "list",
    "feed": "feed or sitemap",
}

_FINGERPRINTED = re.compile(r"pictures/[^/]+-[0-9a-f]{8,}-\d+\.[a-z]+")
_FEED = re.compile(
    r"(?:.*/)?feed\.(?:xml|atom|json)|feeds\.opml|(?:news-)?sitemap\.xml|sitemaps/.*|robots\.txt|_headers|_redirects"
)
# Where lists mostly are, of which nobody told: fronts, archives by year and month, what taxonomies have.
_LIST = re.compile(
    r"(?:[^/]+/)?index\.html|404\.html|(?:topics|authors|series|corrections)/.*|[^/]+/\d{4}/(?:\d{2}/)?index\.html"
)
_BY_NAME = {"feed.xml": "application/rss+xml; charset=utf-8", "feed.json": "application/feed+json"}
_NAMELESS = {"_headers", "_redirects"}
_RECIPE = {"gz": "gzip 9", "br": "brotli 11"}  # a part of a sibling's digest


def kind(path: str, pages: Pages | None) -> Kind:
    """What a file is; what is compressed is what it was before. None: an older Broadsheet didn't tell which are pages;
    then the path has to do, and a file of no known type is taken for a story."""
    path = uncompressed(path)
    if pages is not None and (path in pages.lists or path in pages.disguised):
        return "list" if path in pages.lists else "story"
    if path.lower().endswith((".html", ".htm")):
        return "list" if pages is None and _LIST.fullmatch(path) else "story"
    if path.startswith("fragments/"):
        return "list"  # which pages load
    if _FINGERPRINTED.fullmatch(path):
        return "fingerprinted"
    if _FEED.fullmatch(path):
        return "feed"
    return "story" if pages is None and content_type(path, Pages()) == mediatypes.UNKNOWN else "asset"


def waits(path: str, pages: Pages | None) -> bool:
    """Whether a file that the site no longer has stays for a while: pages that readers have open still ask for it."""
    return kind(path, pages) in ("fingerprinted", "asset")


def sibling(of: str, encoding: str) -> str:
    """The digest that stands for a compressed sibling: a function of what is compressed (its digest) and how."""
    return digest(f"{_RECIPE[encoding]} of {of}".encode()).hex()


def original(path: str, files: Mapping[str, str]) -> str:
    """The file that a compressed sibling stands beside, or the file itself. It is known by its digest in `files`: a
    site may have a data.csv.gz of its own."""
    stem = uncompressed(path)
    made = stem != path and stem in files and files.get(path) == sibling(files[stem], path.rpartition(".")[2])
    return stem if made else path


def compressed(path: str) -> bool:
    """Whether a file may be a compressed sibling, by its name."""
    return uncompressed(path) != path


def uncompressed(path: str) -> str:
    """What a file was called before somebody compressed it."""
    stem, dot, last = path.rpartition(".")
    return stem if dot and last in _RECIPE and "." in stem.rpartition("/")[2] else path


def content_type(path: str, pages: Pages) -> str:
    """The type of a file that is no compressed sibling."""
    if path in pages.disguised:
        return mediatypes.HTML
    name = path.rpartition("/")[2]
    if name in _NAMELESS:
        return mediatypes.TEXT
    return _BY_NAME.get(name) or mediatypes.of(name)


def ruled_by(path: str, pages: Pages, files: Mapping[str, str]) -> tuple[str, str]:
    """Which of the RULES a file is served by."""
    whole = original(path, files)
    return kind(path, pages), "disguised" if whole in pages.disguised else f".{mediatypes.ending(whole)}"


def headers(path: str, pages: Pages, *, sibling: bool) -> dict[str, str]:
    """What a store that keeps headers keeps with a file; `sibling`: it is the compressed form of another."""
    whole = uncompressed(path) if sibling else path
    found = {"Content-Type": content_type(whole, pages), "Cache-Control": CACHE[kind(path, pages)]}
    if sibling:
        found["Content-Encoding"] = "br" if path.endswith(".br") else "gzip"
    return found


def compressible(path: str, pages: Pages) -> bool:
    """Whether a file is text for readers, which compressing makes smaller."""
    found = content_type(path, pages)
    return (path not in _NAMELESS and found.startswith("text/")) or found.partition(";")[0].endswith(("xml", "json"))
