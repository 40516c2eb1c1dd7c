"""What a browser may load on the site's behalf: the policy in each page's head, and the host's headers.

A policy starts from nothing and names what the theme needs: its inlined stylesheet by hash, files of the site itself,
and explore.js on the pages that load it. `csp.allow` adds to that; nothing can take the hash or the `'none'`s away.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterable
from functools import lru_cache
from typing import TypeAlias

from markupsafe import Markup, escape

from broadsheet.frozen import record
from broadsheet.patterns import pattern

# Stands in a page until its stylesheet is known: no text that reaches a page may hold U+0000.
MARK = Markup("\0content-security-policy\0")
_PLAIN_MARK = str.__str__(MARK)  # Markup's own methods escape what they are given

Sheets: TypeAlias = tuple[tuple[str, str], ...]  # (mark, stylesheet), see templates.Theme

# What a source without a directive is for: a script, what it reports to its host, and the pixel some report by.
SERVICE = ("script-src", "connect-src", "img-src")
# Directives that `csp.allow` may name, and in which order all are printed.
DIRECTIVES = (
    *("style-src", "script-src", "img-src", "font-src", "connect-src", "manifest-src", "media-src", "frame-src"),
    *("form-action", "frame-ancestors"),
)
_HEADER_ONLY = ("frame-ancestors",)  # browsers refuse it in a page
_NONE = "'none'"
_SELF = "'self'"
_OURS = pattern(f'"default-src {_NONE}; style-src [^;"]+; script-src [^;"]+; img-src {_SELF}[^"]*; base-uri {_NONE}"')


@record
class Headers:
    """What `_headers` says: a policy that fits every page, what only headers can say, and how long files stay fresh.

    `sample` is the context of a page that has the styles of every page, but for those that are the same wherever a
    template prints them; `template` is the one that prints it. `prefix` is the site's path ("/" or "/news/"); `script`
    is whether any page loads explore.js.
    """

    sample: object
    template: str
    prefix: str
    script: bool
    allow: tuple[str, ...] = ()


def bears(page: str) -> bool:
    """Whether a page, which may be anybody's, has a policy as they are written here."""
    return _OURS.search(page) is not None


def in_page(text: str, *, script: bool, allow: tuple[str, ...] = (), sheets: Sheets = ()) -> str:
    """A page with its policy in the place of MARK. `script`: whether it loads a script of the site; `sheets`: the
    stylesheets that marks in it stand for.

    The styles that count are those of the head, which holds no markup of writers: a style that got into the text by
    whatever way is not applied.
    """
    if _PLAIN_MARK not in text:
        return text
    return text.replace(_PLAIN_MARK, _written(styles(text, sheets), script, allow), 1)


@lru_cache(maxsize=64)
def _written(style: tuple[str, ...], script: bool, allow: tuple[str, ...]) -> str:
    """The policy as the value of an attribute in double quotes."""
    return str(escape(_policy(style, script, allow))).replace("&#39;", "'")


def styles(text: str, sheets: Sheets = ()) -> tuple[str, ...]:
    """The sources that stand for the style elements in a page's head: "'sha256-…'"."""
    # Found by plain search, and never past the head: a lazy pattern would walk the stylesheet letter by letter.
    found: dict[str, None] = {}
    at = text.find("<style")
    if at >= 0 and text.find("</head>", 0, at) >= 0:
        return ()
    while at >= 0:
        start = text.find(">", at) + 1
        stop = text.find("</style", start)
        end = text.find("</head>", stop)
        if min(start, stop, end) < 1:
            return ()
        found[_hashed(text[start:stop], sheets)] = None
        at = text.find("<style", stop, end)
    return tuple(found)


@lru_cache(maxsize=16)
def _hashed(style: str, sheets: Sheets) -> str:
    for mark, sheet in sheets:
        style = style.replace(mark, sheet)
    return f"'sha256-{b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"


@lru_cache(maxsize=64)
def _policy(style: tuple[str, ...], script: bool, allow: tuple[str, ...], *, header: bool = False) -> str:
    sources: dict[str, list[str]] = {
        "style-src": list(style),
        "script-src": [_SELF] if script else [],
        **{name: [_SELF] for name in ("img-src", "font-src", "connect-src", "manifest-src")},
        "form-action": [],
    }
    if header:
        sources["frame-ancestors"] = []
    for directive, source in allowed(allow):
        if directive not in _HEADER_ONLY or header:
            sources.setdefault(directive, []).append(source)
    printed = (f"{name} {' '.join(dict.fromkeys(sources[name])) or _NONE}" for name in DIRECTIVES if name in sources)
    return f"default-src {_NONE}; {'; '.join(printed)}; base-uri {_NONE}"


def allowed(entries: Iterable[str]) -> list[tuple[str, str]]:
    """(directive, source) pairs of `csp.allow`: "img-src https://host" is one, "https://host" one for each service."""
    pairs = []
    for entry in entries:
        directive, _, source = entry.rpartition(" ")
        pairs += [(directive, source)] if directive else [(name, source) for name in SERVICE]
    return pairs


def headers(document: Headers, sample: str, elements: Iterable[str] = ()) -> bytes:
    """`_headers`, as Netlify, Cloudflare Pages and others read it. `sample` is the sample page's text; `elements` are
    the styles that any template may print."""
    style = (*styles(sample), *(_hashed(element, ()) for element in elements))
    rules = [
        (
            f"{document.prefix}*",
            [
                ("Content-Security-Policy", _policy(style, document.script, document.allow, header=True)),
                ("X-Content-Type-Options", "nosniff"),
                ("Referrer-Policy", "strict-origin-when-cross-origin"),
                ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
                ("Cross-Origin-Opener-Policy", "same-origin"),
            ],
        ),
        (f"{document.prefix}pictures/*", [("Cache-Control", "public, max-age=31536000, immutable")]),
    ]
    lines = []
    for path, values in rules:
        lines.append(_line(path))
        lines += [f"  {name}: {_line(value)}" for name, value in values]
    return ("\n".join(lines) + "\n").encode()


def _line(text: str) -> str:
    """A value that can't begin a line of its own."""
    return "".join(c for c in text if c.isprintable())
