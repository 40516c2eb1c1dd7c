"""What Broadsheet made of the files in an output folder that has no sound manifest.

A file is ours where the site's own state lists it and its bytes are those that were put there, or where it bears
Broadsheet's mark: a page's policy, and feeds, sitemaps, pictures and the like, which bear none, by their places beside
such pages. All others are somebody else's: they are kept, and named.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from html import unescape
from urllib.parse import unquote

from broadsheet import policy
from broadsheet.digest import digest
from broadsheet.errors import Diagnostic
from broadsheet.files import Files
from broadsheet.manifests import STATE, inside
from broadsheet.patterns import pattern

_NAMED = 10  # of the files that are kept; `--verify` names all
_FEED = pattern(r"((?:.+/)?)feed\.(?:xml|atom|json)")
_CANONICAL = pattern('<link rel="canonical" href="([^"<>]*)">')
_OF_SITE = pattern(
    r"feeds\.opml|(?:news-)?sitemap\.xml|sitemaps/(?:pages|\d{4}-\d{2})(?:-\d+)?\.xml|fragments/explore/[^/]+\.(?:txt|html)"
    r"|pictures/[^/]+-[0-9a-f]{8}(?:-\d+\.(?:webp|jpe?g|png|avif|gif)|\.svg)"
)


def is_page(path: str) -> bool:
    return path.endswith((".html", ".htm"))


def legible(path: str) -> str:
    """A path, which may be any bytes, as text."""
    return "".join(sign if sign.isprintable() else "�" for sign in path)


def below(folder: str) -> Iterator[str]:
    """The files below an output folder, relative to it; none that are hidden or links, nor those of an output folder
    inside of it."""
    for current, folders, names in os.walk(folder):
        if STATE in folders and current != folder:
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            place = os.path.join(current, name)
            if not name.startswith(".") and not os.path.islink(place):
                yield os.path.relpath(place, folder)


def listed(files: Files, folder: str, known: Mapping[str, str]) -> dict[str, str]:
    """Those of some files (path -> digest in hex) that lie in a folder as they were put there."""
    found = {}
    for path, made in known.items():
        place = os.path.join(folder, path)
        if inside(path) and not os.path.islink(place) and _digest(files, place) == made:
            found[path] = made
    return found


def marked(
    files: Files, folder: str, paths: Sequence[str], ours: Collection[str], believed: Collection[str]
) -> dict[str, str]:
    """Those of the paths in a folder that bear Broadsheet's mark, with their digests in hex; `ours` are others in it
    that are known to be ours. But for those `believed`, a page has to name its own address besides: another site's
    pages bear the same mark."""
    found = {}
    front = _canonical(_read(files, os.path.join(folder, "index.html")).decode(errors="replace"))
    for path in filter(is_page, paths):
        data = _read(files, os.path.join(folder, path))
        text = data.decode(errors="replace")
        here = path in believed or (front and unquote(_canonical(text)) == front + path.removesuffix("index.html"))
        if here and policy.bears(text):
            found[path] = digest(data).hex()
    known = {*ours, *found}
    for path in paths:
        feed = _FEED.fullmatch(path)
        page = f"{feed[1] or ''}index.html" if feed else "index.html" if _OF_SITE.fullmatch(path) else ""
        if page in known and (not feed or _links(files, os.path.join(folder, page), path)):
            found[path] = _digest(files, os.path.join(folder, path))
    return found


def _canonical(text: str) -> str:
    """The address that a page gives as its own; "" for none."""
    found = _CANONICAL.search(text)
    return unescape(found[1]) if found else ""


def _links(files: Files, page: str, feed: str) -> bool:
    """Whether a page names the feed beside it."""
    return f'{os.path.basename(feed)}"'.encode() in _read(files, page)


def kept(folder: str, others: Sequence[str]) -> Iterator[Diagnostic]:
    """A finding about the files of others in a folder whose manifest was lost: some may be ours after all."""
    if others:
        some = ", ".join(map(legible, others[:_NAMED]))
        more = f" and {len(others) - _NAMED:,} more" if len(others) > _NAMED else ""
        yield Diagnostic(
            folder,
            0,
            0,
            f"nothing tells that Broadsheet made {some}{more}: kept",
            "foreign-file",
            "delete what the site doesn't want any more; `build --verify` names such files again",
        )


def _read(files: Files, place: str) -> bytes:
    return files.read_or_none(place) or b""


def _digest(files: Files, place: str) -> str:
    return digest(_read(files, place)).hex()
