"""The filters and tests that templates may use: the harmless ones of Jinja, and those that know languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from jinja2.filters import FILTERS as JINJA_FILTERS
from jinja2.tests import TESTS as JINJA_TESTS
from markupsafe import Markup, escape

from broadsheet import locale
from broadsheet.templates.escaping import escaped, markup
from broadsheet.templates.printing import of, of_list, of_text, printed
from broadsheet.xmlwriter import to_the_minute

_NOTHING = Markup("")
_SCHEMES = frozenset({"", "http", "https", "mailto", "tel"})
_BUILTIN_FILTERS = (
    "abs batch count d default dictsort first float groupby int items last length list map max "
    "min reject rejectattr reverse round select selectattr slice sort sum tojson unique"
)
_OF_TEXT = "e escape indent striptags trim truncate wordcount"
_BUILTIN_TESTS = (
    "== != < <= > >= boolean defined divisibleby eq equalto even false float ge gt greaterthan in integer iterable le "
    "lessthan lower lt mapping ne none number odd sequence string true undefined upper"
)


def fill(text: str, **values: object) -> Markup:
    """A text with its {names} filled in; text and values are escaped, save values that are markup already."""
    pieces = _filling(text)
    return markup("".join([_shown(values.get(name, f"{{{name}}}")) if name else piece for piece, name in pieces]))


@lru_cache(maxsize=256, typed=True)  # a text and markup of the same letters are two things
def _filling(text: str) -> tuple[tuple[str, str], ...]:
    """The escaped pieces of a text, and between them the names: (piece, "") or ("", name)."""
    pieces = re.split(r"\{(\w+)\}", str(escape(text)))
    return tuple(("", piece) if n % 2 else (piece, "") for n, piece in enumerate(pieces))


def _shown(value: object) -> str:
    return escaped(value) if type(value) is str else printed(value)


def join_names(names: Iterable[str], lang: str) -> Markup:
    """Names, or links around names, as a sentence lists them."""
    return markup(locale.join_names(tuple(_shown(name) for name in names), lang)) if names else _NOTHING


def href(url: str) -> str:
    """An address that a source gave, or "" where its scheme could run script: escaping alone would let that pass."""
    bare = re.sub(r"[\x00-\x20\x7f]", "", url)
    scheme = re.match(r"([^/?#:]*):", bare)
    return bare if (scheme[1].casefold() if scheme else "") in _SCHEMES else ""


def host(url: str) -> str:
    """The host of an address as readers know it, without "www."."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _isodate(when: Any) -> str:
    return str((to_the_minute(when) if isinstance(when, datetime) else when).isoformat())


FILTERS: Mapping[str, Callable[..., object]] = {
    **{name: JINJA_FILTERS[name] for name in _BUILTIN_FILTERS.split()},
    **{name: of_text(JINJA_FILTERS[name]) for name in _OF_TEXT.split()},
    "casing": of(str, "a text", locale.casing),
    "date": of(date, "a date", locale.format_date),
    "day": of(date, "a date", locale.format_day),
    "fill": of(str, "a text", fill),
    "host": of(str, "a text", host),
    "href": of(str, "a text", href),
    "isodate": of(date, "a date", _isodate),
    "join": of_list(JINJA_FILTERS["join"]),
    "join_names": join_names,
    "lower": of(str, "a text", locale.lower),
    "month": of(date, "a date", locale.format_month),
    "number": locale.format_number,
    "plural": of((int, float), "a number", locale.plural),
    "replace": of_text(JINJA_FILTERS["replace"], more=2),
    "string": of_text(JINJA_FILTERS["string"], (bool,)),
    "time": of(datetime, "a date with a time", locale.format_time),
    "urlencode": of_text(JINJA_FILTERS["urlencode"], (Mapping, tuple, list)),
    "upper": of(str, "a text", locale.upper),
}

TESTS: Mapping[str, Any] = {name: JINJA_TESTS[name] for name in _BUILTIN_TESTS.split()}
