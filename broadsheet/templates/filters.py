"""The filters and tests that templates may use: the harmless ones of Jinja, and those that know languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from jinja2.filters import FILTERS as JINJA_FILTERS
from jinja2.tests import TESTS as JINJA_TESTS
from markupsafe import Markup, escape

from broadsheet import locale

_SCHEMES = frozenset({"", "http", "https", "mailto", "tel"})
_BUILTIN_FILTERS = (
    "abs batch count d default dictsort e escape first float groupby indent int items join last length list map max "
    "min reject rejectattr replace reverse round select selectattr slice sort string striptags sum tojson trim "
    "truncate unique urlencode wordcount"
)
_BUILTIN_TESTS = (
    "== != < <= > >= boolean defined divisibleby eq equalto even false float ge gt greaterthan in integer iterable le "
    "lessthan lower lt mapping ne none number odd sequence string true undefined upper"
)


def fill(text: str, **values: object) -> Markup:
    """A text with its {names} filled in; text and values are escaped, save values that are markup already."""
    filled = re.sub(r"\{(\w+)\}", lambda m: str(escape(values.get(m[1], m[0]))), str(escape(text)))
    return Markup(filled)  # noqa: S704  # both parts are escaped above


def join_names(names: Iterable[str], lang: str) -> Markup:
    """Names, or links around names, as a sentence lists them."""
    return Markup(locale.join_names(tuple(str(escape(name)) for name in names), lang))  # noqa: S704  # escaped


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
    return str(when.isoformat())


FILTERS: Mapping[str, Callable[..., object]] = {
    **{name: JINJA_FILTERS[name] for name in _BUILTIN_FILTERS.split()},
    "casing": locale.casing,
    "date": locale.format_date,
    "day": locale.format_day,
    "fill": fill,
    "host": host,
    "href": href,
    "isodate": _isodate,
    "join_names": join_names,
    "lower": locale.lower,
    "month": locale.format_month,
    "number": locale.format_number,
    "plural": locale.plural,
    "time": locale.format_time,
    "upper": locale.upper,
}

TESTS: Mapping[str, Any] = {name: JINJA_TESTS[name] for name in _BUILTIN_TESTS.split()}
