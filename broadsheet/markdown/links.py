"""Where a link leads: to the open web, to this page, or to something that only the whole site can find."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple, TypeAlias
from urllib.parse import unquote

from markdown_it.common.normalize_url import normalizeLink

from broadsheet.patterns import pattern

SCHEMES = ("http", "https", "mailto", "tel")

Kind: TypeAlias = Literal["web", "page", "story", "site", "file", "unsafe", "empty"]

_PLAIN = pattern(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[A-Za-z0-9;/?:@&=+$,_.!~*'()#-]*)?")
_BEFORE_PATH = pattern(r"[^/?#]*")
_WEB = pattern(r"https?://[^/?#\s@]+(?:[/?#]|$)", re.IGNORECASE)  # a user name or password is never published


class Address(NamedTuple):
    """`href` is printable for "web" and "page"; `target` and `fragment` (percent-decoded) serve the other kinds, and
    `query` ("?…", printable) what is below the site's root."""

    kind: Kind
    href: str
    target: str = ""
    fragment: str = ""
    query: str = ""


def normalize(url: str) -> str:
    """The parser's percent-encoding of an address; ordinary web addresses are already as it would leave them."""
    if not _PLAIN.fullmatch(url):
        url = normalizeLink(url)
    page, _, fragment = url.partition("#")
    return f"{page}#{fragment.replace('#', '%23')}" if "#" in fragment else url


def address(href: str) -> Address:
    """Classify a normalised address. What has a scheme that isn't listed, or looks as if it had one, is unsafe.

    Entities are decoded and blanks and control characters percent-encoded before this, so that none of them can hide
    a scheme: what stands before the first colon is compared as the browser would read it.
    """
    if href.startswith(("https://", "http://")) and len(href) > 8:
        return Address("web", href) if _WEB.match(href) else Address("unsafe", href)
    if href.startswith("#"):
        return Address("page", href, fragment=unquote(href[1:])) if len(href) > 1 else Address("empty", href)
    if not href:
        return Address("empty", href)
    if href.startswith("//"):
        return address("https:" + href)
    scheme, colon, _ = _BEFORE_PATH.match(href)[0].partition(":")  # type: ignore[index]  # matches anything
    if colon:
        scheme = scheme.lower()
        sound = scheme in SCHEMES and (scheme in ("mailto", "tel") or bool(_WEB.match(href)))
        return Address("web" if sound else "unsafe", href)
    path, _, fragment = href.partition("#")
    bare, question, query = path.partition("?")
    if bare.endswith(".md"):
        return Address("story", href, unquote(bare), unquote(fragment))
    if path.startswith("/"):
        return Address("site", href, unquote(bare), unquote(fragment), question + query)
    return Address("file", href, unquote(path), unquote(fragment))
