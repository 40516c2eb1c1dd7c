"""A story's body as plain HTML for feed readers: absolute URLs, no scripts, none of the site's own devices."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from urllib.parse import urljoin

from broadsheet.contexts import (
    EmbedPart,
    FactBoxPart,
    FigurePart,
    GalleryPart,
    Html,
    Part,
    Picture,
    PullQuotePart,
)
from broadsheet.model import Direction
from broadsheet.xmlwriter import legal

_TAGS = frozenset(
    re.findall(
        r"\w+",
        """a abbr b bdi bdo blockquote br caption cite code col colgroup dd del dfn div dl dt em figcaption figure h2 h3
        h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp small span strong sub sup table tbody td tfoot th
        thead time tr u ul var wbr""",
    )
)
# Their content is no text of the story: it goes with the element.
_DROPPED = frozenset({"script", "style", "iframe", "object", "embed", "template", "noscript", "svg", "math"})
_ATTRIBUTES = {
    "*": {"lang", "dir", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "del": {"datetime"},
    "ins": {"datetime"},
}
_SCHEMES = {"http", "https", "mailto", "tel"}


def parts_to_html(
    parts: Sequence[Part],
    base: str,
    *,
    lead: Picture | None = None,
    lang: str = "",
    dir: Direction = "ltr",  # noqa: A002  # HTML's own name
) -> str:
    """A body as HTML that stands alone. `base` is the story's absolute URL: links and pictures become absolute by it.

    The lead picture comes first, when given; the place of the Recommended card is left out. Right-to-left text says
    so, because a reader's own page may run the other way.
    """
    pieces = [_figure(lead, base)] if lead else []
    pieces += [_part(part, base) for part in parts]
    text = legal("".join(pieces))
    clean = _plain(text, base) or _sanitized(text, base)
    return f"<div{_attributes(lang=lang, dir=dir)}>{clean}</div>" if dir == "rtl" else clean


# --- cleaning ------------------------------------------------------------------------------------------------------

# Markup in which nothing needs cleaning but ids to drop and links to complete. Possessive throughout: one pass.
_PLAIN = re.compile(
    r"""[^<]*+(?:<(?:
        /?(?:p|em|strong|ul|ol|li|blockquote|figure|figcaption|h[2-6]|code|del|sup|br|hr)
        | h[2-6]\ id="[^"<>]*+"
        | a\ href="(?:/(?![/.])|\#|https?://|mailto:|tel:)(?![^"]*(?:/\.|&(?!amp;)))[\w/.~%!$&'()*+,;=:@?\#-]*+" | /a
        | img\ src="https?://[\w/.:%-]++"\ alt="[^"<>]*+"\ width="\d++"\ height="\d++"
    )>[^<]*+)*+""",
    re.VERBOSE | re.ASCII,
)
_HEADING_ID = re.compile(r'<(h[2-6]) id="[^"]*"')


def _plain(text: str, base: str) -> str:
    """The text with absolute links, several times as fast as `_sanitized`; empty where it holds anything unusual."""
    origin = _ORIGIN.match(base)
    if not origin or not _PLAIN.fullmatch(text):
        return ""
    text = text.replace('<a href="/', f'<a href="{origin[0]}/')
    text = text.replace('<a href="#', f'<a href="{escape(base.partition("#")[0])}#')
    return _HEADING_ID.sub(r"<\1", text) if ' id="' in text else text


_ORIGIN = re.compile(r"https?://[^/]+")


def _sanitized(text: str, base: str) -> str:
    import nh3

    return nh3.clean(
        text,
        tags=_TAGS,
        clean_content_tags=_DROPPED,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel=None,
        url_relative=("rewrite_with_base", base) if "://" in base else "pass_through",
    )


# --- parts ---------------------------------------------------------------------------------------------------------


def _part(part: Part, base: str) -> str:
    if isinstance(part, Html):
        return str(part.html)
    if isinstance(part, FigurePart):
        if part.linked and part.picture.remote:  # a link can't hold another one
            picture = part.picture
            return _with_words(escape(picture.alt or picture.caption or picture.src or "…"), picture)
        return _in_line(part.picture, base) if part.inline else _figure(part.picture, base)
    if isinstance(part, GalleryPart):
        return _heading(part.title) + "".join(_figure(picture, base) for picture in part.pictures)
    if isinstance(part, PullQuotePart):
        by = f"<p>— {escape(part.by)}</p>" if part.by else ""
        return f"<blockquote>{''.join(_part(inner, base) for inner in part.parts)}{by}</blockquote>"
    if isinstance(part, FactBoxPart):
        return f"<div>{_heading(part.title)}{''.join(_part(inner, base) for inner in part.parts)}</div>"
    if isinstance(part, EmbedPart):
        return _embed(part, base)
    return ""


def _heading(title: str) -> str:
    return f"<p><strong>{escape(title)}</strong></p>" if title else ""


def _figure(picture: Picture, base: str) -> str:
    if picture.remote:
        words = _in_line(picture, base)
        return f"<p>{words}</p>" if words else ""
    line = " / ".join(text for text in (picture.caption, picture.credit) if text)
    caption = f"<figcaption>{escape(line)}</figcaption>" if line else ""
    return f"<figure>{_image(picture, base)}{caption}</figure>"


def _in_line(picture: Picture, base: str) -> str:
    """The picture, and behind it what is said of it."""
    return _with_words(_image(picture, base), picture)


def _with_words(shown: str, picture: Picture) -> str:
    """Caption and credit behind a picture; a caption that stands for it is not said twice."""
    caption = "" if picture.remote and not picture.alt else picture.caption
    words = " / ".join(text for text in (caption, picture.credit) if text)
    return " ".join(filter(None, (shown, f"({escape(words)})" if words else "")))


def _image(picture: Picture, base: str) -> str:
    """The picture; one on another host becomes a link, as on the page, and one that may not be shown its text."""
    if picture.remote and not picture.src:
        return escape(picture.alt or picture.caption)
    source = picture.absolute or urljoin(base, picture.src)
    if picture.remote:
        return f"<a{_attributes(href=source)}>{escape(picture.alt or picture.caption or source)}</a>"
    size = {"width": str(picture.width), "height": str(picture.height)}
    return f"<img{_attributes(src=source, alt=picture.alt, **size)}>"


def _embed(part: EmbedPart, base: str) -> str:
    """A card for a video or a post becomes a link to it, with its words and picture."""
    picture = _figure(part.picture, base) if part.picture else ""
    words = "".join([f"<p>{escape(text)}</p>" for text in part.text.split("\n\n") if text.strip()])
    about = " · ".join(text for text in (part.by, part.provider) if text)
    link = f"<a{_attributes(href=part.url)}>{escape(part.title or part.url)}</a>"
    return f"<blockquote>{picture}{words}<p>{link}{f' ({escape(about)})' if about else ''}</p></blockquote>"


def _attributes(**attributes: str) -> str:
    return "".join(
        f' {name}="{escape(value)}"' for name, value in attributes.items() if value or name in ("alt", "href")
    )
