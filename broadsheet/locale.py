"""How a language writes dates, numbers, lists and capitals.

Languages are BCP 47 tags ("tr", "en-GB", "az-Arab"). A language that CLDR does not know falls back to its base
language, then to English. All functions are pure; those that Babel makes slow are remembered by value.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, get_args

from broadsheet.patterns import pattern

if TYPE_CHECKING:
    from babel import Locale

Direction = Literal["ltr", "rtl"]
DateStyle = Literal["full", "long", "medium", "short"]

_FALLBACK = "en"
_STYLES = get_args(DateStyle)
_RTL_LANGUAGE_TAGS = "ae apc ar arc bal bgn ckb dv fa he iw ks lrc mzn nqo ps rhg sd sdh skr syr trw ug ur yi"
_RTL_LANGUAGES = frozenset(_RTL_LANGUAGE_TAGS.split())
_RTL_SCRIPT_TAGS = "adlm arab aran hebr mand mend nkoo rohg samr syrc thaa yezi"
_RTL_SCRIPTS = frozenset(_RTL_SCRIPT_TAGS.split())
_DOTTED_I = frozenset({"tr", "az", "crh", "tt", "gag"})  # i and ı are different letters


def direction(lang: str) -> Direction:
    """The direction of a language's script: the tag's own script decides, else the language's usual one."""
    parts = lang.casefold().replace("_", "-").split("-")
    scripts = [part for part in parts[1:] if len(part) == 4 and part.isalpha()]
    if scripts:
        return "rtl" if scripts[0] in _RTL_SCRIPTS else "ltr"
    return "rtl" if parts[0] in _RTL_LANGUAGES else "ltr"


def load(lang: str) -> None:
    """Load what is known of a language, before its first date is written."""
    _ = _locale(lang).datetime_skeletons


# --- dates and numbers ---------------------------------------------------------------------------------------------


def format_date(when: date, lang: str, style: DateStyle = "long") -> str:
    """A date, or a datetime's date in its own zone: "April 9, 2025", "9 Nisan 2025". Raises ValueError for an unknown
    style."""
    return _date(when.date() if isinstance(when, datetime) else when, lang, style)


@lru_cache(maxsize=8192)
def _date(day: date, lang: str, style: DateStyle) -> str:
    from babel.dates import format_date as babel_date

    if style not in _STYLES:
        raise ValueError(f"the style of a date is one of {', '.join(_STYLES)}, not “{style}”")
    return babel_date(day, style, _locale(lang))


def format_time(when: datetime, lang: str) -> str:
    """The hour and minute in the datetime's own zone: "2:20 PM", "14:20"."""
    # Remembered by the clock's reading: equal instants in two zones are equal keys, but read differently.
    return _time(time(when.hour, when.minute), lang)


@lru_cache(maxsize=4096)
def _time(clock: time, lang: str) -> str:
    from babel.dates import format_time as babel_time

    return babel_time(clock, "short", locale=_locale(lang))


def format_month(when: date, lang: str) -> str:
    """A month with its year: "April 2025", "Nisan 2025"."""
    return _skeleton(date(when.year, when.month, 1), lang, "yMMMM")


def format_day(when: date, lang: str) -> str:
    """A day without its month, for lists under one: "9 Wed", "9 Çar"."""
    return _skeleton(when.date() if isinstance(when, datetime) else when, lang, "Ed")


@lru_cache(maxsize=4096)
def _skeleton(day: date, lang: str, skeleton: str) -> str:
    from babel.dates import format_skeleton

    return format_skeleton(skeleton, day, locale=_locale(lang))


@lru_cache(maxsize=4096)
def format_number(n: int | float, lang: str) -> str:
    """A number with the language's separators: "12,345", "12.345". Raises ValueError for what is none."""
    from babel.numbers import format_decimal

    if not isinstance(n, int | float):
        raise ValueError(f"“{n}” is no number")  # of a template, whose author reads it

    return format_decimal(n, locale=_locale(lang))


def plural(n: int, forms: Mapping[str, object], lang: str) -> str:
    """The form of a text for a number; `forms` go by CLDR's plural categories and hold {n}."""
    text = forms.get(_category(n, lang)) or forms.get("other")
    if text is None:
        raise ValueError("the plural form “other” is missing")  # of a template, whose author reads it
    return str(text).replace("{n}", format_number(n, lang))


@lru_cache(maxsize=4096)
def _category(n: int, lang: str) -> str:
    return str(_locale(lang).plural_form(n))


def plural_forms(lang: str) -> tuple[str, ...]:
    """The plural categories that a language has, "other" last; none where CLDR does not know it."""
    known = _locale(lang)
    return (*sorted(known.plural_form.tags, key=_CATEGORIES.index), "other") if known.language == _base(lang) else ()


_CATEGORIES = ("zero", "one", "two", "few", "many")


def english_name(lang: str) -> str:
    """What English calls a language: "Polish"."""
    return str(_locale(lang).get_language_name(_FALLBACK) or lang) if plural_forms(lang) else lang


def with_territory(lang: str) -> str:
    """A language as shared pages name theirs, with the territory where most of its readers are: "pl_PL". The language
    alone where CLDR knows of none."""
    from babel.core import get_global

    tag = lang.replace("-", "_")
    if "_" in tag:
        return tag
    territory = str(get_global("likely_subtags").get(tag, "")).rpartition("_")[2]
    return f"{tag}_{territory}" if len(territory) == 2 and territory.isupper() else tag


def join_names(names: tuple[str, ...], lang: str) -> str:
    """Names as a sentence lists them: "A, B and C", "A, B ve C". English goes without the serial comma."""
    return names[0] if len(names) == 1 else _list(names, lang)


@lru_cache(maxsize=4096)
def _list(names: tuple[str, ...], lang: str) -> str:
    from babel.lists import format_list

    return format_list(names, locale="en_001" if lang.casefold() in ("en", "en-us") else _locale(lang))


@lru_cache(maxsize=256)
def _locale(lang: str) -> Locale:
    from babel import Locale, UnknownLocaleError

    for tag in chain(lang):
        try:
            return Locale.parse(tag, sep="-")
        except (ValueError, UnknownLocaleError):
            continue
    return Locale.parse(_FALLBACK)


def chain(lang: str) -> Iterator[str]:
    """The tag, then each shorter one: "zh-Hant-TW", "zh-Hant", "zh"."""
    parts = lang.replace("_", "-").split("-")
    for length in range(len(parts), 0, -1):
        yield "-".join(parts[:length])


# --- capitals ------------------------------------------------------------------------------------------------------

_GREEK_ACCENTS = pattern("[\u0300\u0301\u0313\u0314\u0342]")
_GREEK_HIATUS = pattern("([αεοηΑΕΟΗ][\u0300\u0301\u0342])([ιυΙΥ])(?!\u0308)")
_TURKISH_NAME = pattern("[ğĞıİ]|Türkiye")
_GREEK_OR = pattern(r"(?<!\w)[ήὴ](?!\w)")


def upper(text: str, lang: str) -> str:
    """Capitals as the language writes them: İstanbul → İSTANBUL in Turkish, Μάιος → ΜΑΪΟΣ in Greek."""
    base = _base(lang)
    if base in _DOTTED_I:
        return text.replace("i\u0307", "İ").replace("i", "İ").upper()
    if base == "el":
        return _upper_greek(text)
    if base == "lt":
        return text.replace("i\u0307", "i").replace("j\u0307", "j").replace("į\u0307", "į").upper()
    return text.upper()


def lower(text: str, lang: str) -> str:
    """Small letters as the language writes them: ISPARTA → ısparta in Turkish."""
    if _base(lang) in _DOTTED_I:
        return text.replace("I\u0307", "i").replace("İ", "i").replace("I", "ı").lower()
    return text.replace("İ", "i").lower()  # str.lower would leave a combining dot behind


def fold(text: str, lang: str) -> str:
    """The text for comparing without regard to case: `lower`, and ß as ss, ς as σ."""
    return lower(text, lang).casefold()


def casing(text: str, lang: str) -> str:
    """The language whose capitals a name needs, for the `lang` of an element that CSS sets in capitals.

    A Turkish name keeps its letters on a page in another language: Türkiye is TÜRKİYE, never TÜRKIYE.
    """
    return "tr" if _TURKISH_NAME.search(text) and _base(lang) not in _DOTTED_I else lang


def _upper_greek(text: str) -> str:
    """Greek capitals carry no accents, save the word "ή" (or); a hiatus that the accent showed gets its dialytika."""
    kept = _GREEK_OR.sub("\ue000", unicodedata.normalize("NFC", text))
    marked = _GREEK_HIATUS.sub("\\1\\2\u0308", unicodedata.normalize("NFD", kept))
    bare = _GREEK_ACCENTS.sub("", marked).upper().replace("\ue000", "Ή")
    return unicodedata.normalize("NFC", bare)


def _base(lang: str) -> str:
    return lang.replace("_", "-").split("-", 1)[0].casefold()
