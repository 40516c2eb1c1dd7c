"""How a language writes dates, numbers, lists and capitals, and the theme's interface strings in it.

Languages are BCP 47 tags ("tr", "en-GB", "az-Arab"). A language that CLDR does not know falls back to its base
language, then to English. All functions are pure; those that Babel makes slow are remembered by value.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Set
from datetime import date, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, get_args

from broadsheet.errors import ContentError, Diagnostic
from broadsheet.frozen import FrozenMap
from broadsheet.patterns import pattern
from broadsheet.yamlnodes import simple, tree

if TYPE_CHECKING:
    from babel import Locale
    from yaml import Node

Direction = Literal["ltr", "rtl"]
DateStyle = Literal["full", "long", "medium", "short"]

_FALLBACK = "en"
_STYLES = get_args(DateStyle)
_RTL_LANGUAGE_TAGS = "ae apc ar arc bal bgn ckb dv fa he iw ks lrc mzn nqo ps rhg sd sdh skr syr trw ug ur yi"
_RTL_LANGUAGES = frozenset(_RTL_LANGUAGE_TAGS.split())
_RTL_SCRIPT_TAGS = "adlm arab aran hebr mand mend nkoo rohg samr syrc thaa yezi"
_RTL_SCRIPTS = frozenset(_RTL_SCRIPT_TAGS.split())
_DOTTED_I = frozenset({"tr", "az", "crh", "tt", "gag"})  # i and ı are different letters
_PLURALS = frozenset({"zero", "one", "two", "few", "many", "other"})


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

    for tag in _chain(lang):
        try:
            return Locale.parse(tag, sep="-")
        except (ValueError, UnknownLocaleError):
            continue
    return Locale.parse(_FALLBACK)


def _chain(lang: str) -> Iterator[str]:
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


# --- interface strings ---------------------------------------------------------------------------------------------


def strings(lang: str, sources: Mapping[str, str]) -> FrozenMap[str, object]:
    """The interface strings of a language, from files named "locales/<tag>.yaml" among `sources` (name → text).

    A string that a language lacks, or leaves empty, comes from the file of the same name in "locales/packaged/", then
    from its base language, then from English. Values are texts, or frozen maps:
    plural forms, and groups such as the labels. Raises ContentError for a file that can't be used.
    """
    merged: dict[str, object] = {}
    for tag in dict.fromkeys((_FALLBACK, *reversed(list(_chain(lang))))):
        for name in (f"locales/packaged/{tag}.yaml", f"locales/{tag}.yaml"):
            if name in sources:
                own = _parse(name, sources[name])
                for key in own.keys() & merged.keys():
                    if isinstance(own[key], dict) != isinstance(merged[key], dict):
                        raise _of_another_kind(name, sources[name], key, merged[key])
                    _check_places(name, sources[name], key, own[key], merged[key])
                merged = _merge(merged, own)
    return FrozenMap({key: FrozenMap(v) if isinstance(v, dict) else v for key, v in merged.items()})


def _check_places(name: str, text: str, key: str, own: object, usual: object) -> None:
    """Raise ContentError where a text has other {places} than its like: what belongs there would be lost, or braces be
    shown. A form of a plural may go without ("a story")."""
    if isinstance(own, Mapping) and isinstance(usual, Mapping):
        plural = _PLURALS.issuperset(own)
        known = {place for form in usual.values() for place in _places(form)} if plural else set[str]()
        for inner, value in own.items():
            if plural and not _places(value) <= known:
                raise _of_other_places(name, text, key, _places(value), known)
            if not plural and inner in usual:
                _check_places(name, text, key, value, usual[inner])
    elif own and _places(own) != _places(usual):
        raise _of_other_places(name, text, key, _places(own), _places(usual))


def _places(text: object) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", str(text)))


def _of_other_places(name: str, text: str, key: str, own: Set[str], usual: Set[str]) -> ContentError:
    listed = " and ".join(f"{{{place}}}" for place in sorted(usual)) or "no {place}"
    odd = ", ".join(f"{{{place}}}" for place in sorted(own - usual))
    line = _line_of(text, key)
    return _error(name, line, int(line > 0), f"“{key}” must hold {listed}" + (f", not {odd}" if odd else ""))


def _line_of(text: str, key: str) -> int:
    found = re.search(rf"^[\"']?{re.escape(key)}[\"']?[ \t]*:", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def _of_another_kind(name: str, text: str, key: str, usual: object) -> ContentError:
    """What is wrong with a string that is a text where templates look for forms or a group, or the other way round."""
    line = _line_of(text, key)
    wanted = "a text"
    if isinstance(usual, Mapping):
        wanted = f"keys with their texts: {{{', '.join(f'{form}: …' for form in usual)}}}"
    return _error(name, line, int(line > 0), f"“{key}” must hold {wanted}")


def _merge(under: Mapping[str, object], over: Mapping[str, object]) -> dict[str, object]:
    merged = dict(under)
    for key, value in over.items():
        old = merged.get(key)
        if value == "":
            continue
        if isinstance(value, dict) and isinstance(old, dict) and not _PLURALS.issuperset(value):
            merged[key] = {**old, **{name: text for name, text in value.items() if text}}
        else:
            merged[key] = value
    return merged


@lru_cache(maxsize=256)
def _parse(name: str, text: str) -> Mapping[str, object]:
    """A locale file: texts, and one level of groups. Every value is a text."""
    usual = _usual(text)
    if usual is not None:
        return usual
    import yaml  # 20 ms, for what is written unusually, or wrong

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        root = yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise _error(name, line, column, f"this is not readable YAML: {error.problem or error.context}") from None
    except yaml.YAMLError as error:
        raise _error(name, 0, 0, f"this is not readable YAML: {error}") from None
    if root is None:
        return {}
    return {key: _value(name, node) for key, node in _entries(name, root)}


def _usual(text: str) -> dict[str, object] | None:
    """A locale file as they are usually written; None for any other."""
    root = simple.read(text, 1)
    if root is None:
        return None
    found: dict[str, object] = {}
    for key, node in root.entries:
        if isinstance(node, tree.Scalar):
            found[key.text] = node.text
            continue
        inner = node.entries if isinstance(node, tree.Mapping) else ()
        group = {name.text: value.text for name, value in inner if isinstance(value, tree.Scalar)}
        if not group or len(group) < len(inner) or ("other" not in group and _PLURALS.issuperset(group)):
            return None
        found[key.text] = group
    return found


def _value(name: str, node: Node) -> object:
    from yaml.nodes import ScalarNode

    if isinstance(node, ScalarNode):
        return str(node.value)
    group = {}
    for key, inner in _entries(name, node):
        if not isinstance(inner, ScalarNode):
            mark = inner.start_mark
            raise _error(name, mark.line + 1, mark.column + 1, f"“{key}” must be a text")
        group[key] = str(inner.value)
    if "other" not in group and _PLURALS.issuperset(group):
        mark = node.start_mark
        raise _error(name, mark.line + 1, mark.column + 1, "plural forms need the form “other”")
    return group


def _entries(name: str, node: Node) -> Iterator[tuple[str, Node]]:
    from yaml.nodes import MappingNode, ScalarNode

    mark = node.start_mark
    if not isinstance(node, MappingNode):
        raise _error(name, mark.line + 1, mark.column + 1, "here must stand keys with their texts (key: text)")
    seen: set[str] = set()
    for key, value in node.value:
        place = key.start_mark
        if not isinstance(key, ScalarNode) or key.value in seen:
            raise _error(name, place.line + 1, place.column + 1, f"“{key.value}” stands here a second time")
        seen.add(key.value)
        yield str(key.value), value


def _error(name: str, line: int, column: int, message: str) -> ContentError:
    hint = "locale files hold one “key: text” a line; put texts with a colon or a brace at the start in quotes"
    return ContentError([Diagnostic(f"templates/{name}", line, column, message, "template", hint)])
