"""The filters and tests that templates may use: the harmless ones of Jinja, and those that know languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from jinja2 import TemplateRuntimeError, Undefined
from jinja2.filters import FILTERS as JINJA_FILTERS
from jinja2.tests import TESTS as JINJA_TESTS
from markupsafe import Markup, escape

from broadsheet import locale
from broadsheet.templates.escaping import escaped, markup
from broadsheet.templates.printing import described, of, of_list, of_text, printed
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
    """A text with its {names} filled in; text and values are escaped, save values that are markup already. Raises
    TemplateRuntimeError where the values are not those that the text has names for."""
    pieces, names = _filling(text)
    if values.keys() != names:
        raise TemplateRuntimeError(_unfit(text, sorted(names), sorted(values)))
    return markup("".join([_shown(values[name]) if name else piece for piece, name in pieces]))


@lru_cache(maxsize=256, typed=True)  # a text and markup of the same letters are two things
def _filling(text: str) -> tuple[tuple[tuple[str, str], ...], frozenset[str]]:
    """The escaped pieces of a text, and between them the names: (piece, "") or ("", name). And the names alone."""
    pieces = re.split(r"\{(\w+)\}", str(escape(text)))
    return tuple(("", piece) if n % 2 else (piece, "") for n, piece in enumerate(pieces)), frozenset(pieces[1::2])


def _unfit(text: str, names: Sequence[str], given: Sequence[str]) -> str:
    """What is wrong with what a text was to be filled with."""
    wanted = f"needs |fill({', '.join(f'{name}=…' for name in names)})" if names else "has nothing to fill in"
    odd = [name for name in given if name not in names]
    return f"“{text}” {wanted}" + (f"; it has no place for {', '.join(odd)}" if odd and names else "")


def _shown(value: object) -> str:
    return escaped(value) if type(value) is str else printed(value)


def plural(n: int | float, forms: object, lang: str) -> str:
    """The form of a text for a number. Raises TemplateRuntimeError for a text that has no forms."""
    if isinstance(forms, Undefined):
        str(forms)  # raises, naming what is missing
    if not isinstance(forms, Mapping):
        raise TemplateRuntimeError(f"{described(forms)} has no plural forms; `t.minutes` and `t.stories` have")
    return locale.plural(n, forms, lang)  # type: ignore[arg-type]  # CLDR has rules for fractions too


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
    "plural": of((int, float), "a number", plural),
    "replace": of_text(JINJA_FILTERS["replace"], more=2),
    "string": of_text(JINJA_FILTERS["string"], (bool,)),
    "time": of(datetime, "a date with a time", locale.format_time),
    "urlencode": of_text(JINJA_FILTERS["urlencode"], (Mapping, tuple, list)),
    "upper": of(str, "a text", locale.upper),
}

TESTS: Mapping[str, Any] = {name: JINJA_TESTS[name] for name in _BUILTIN_TESTS.split()}
