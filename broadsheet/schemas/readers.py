"""Each reader of a key's value as JSON Schema (draft 07): what it takes, as an editor's YAML 1.2 parser sees it.

An editor has typed a value before the schema is asked: `title: 2025` is a number to it and a text to us. A schema may
be looser than its reader (that 30 February doesn't exist is for the reader to say), and is never stricter: no red line
stands under what a build takes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any, TypeAlias

from broadsheet.config import KEYS as CONFIG
from broadsheet.config import read_block, read_named, targets
from broadsheet.config import values as config
from broadsheet.frontmatter import dates, fields
from broadsheet.schemas.words import LOOKUP
from broadsheet.yamlnodes import values

Schema: TypeAlias = dict[str, Any]
Readers: TypeAlias = Mapping[str, Callable[..., Any]]

_NAMES = ["string", "number", "boolean"]  # what is text to us
_WEB = r"[hH][tT][tT][pP][sS]?://\S+"
_SHARE = r"([0-9]+(\.[0-9]+)?|\.[0-9]+)%?"


def block(
    readers: Readers, words: str, *, aliases: Mapping[str, str] | None = None, demanded: Collection[str] = ()
) -> Schema:
    """A block of keys. `words` names its part of words.py; `demanded` keys must have a value."""
    canonical = {key: _entry(reader, words, key, key in demanded) for key, reader in readers.items()}
    others = {
        other: {**canonical[key], "description": f"Another name of `{key}`.", "doNotSuggest": True}
        for other, key in (aliases or {}).items()
    }
    made: Schema = {"type": "object", "additionalProperties": False, "properties": {**canonical, **others}}
    names = {key: [key, *(other for other, meant in (aliases or {}).items() if meant == key)] for key in readers}
    rules: list[Schema] = [
        {"not": {"type": "object", "required": [one, two]}}
        for same in names.values()
        for n, one in enumerate(same)
        for two in same[n + 1 :]
    ]
    for key in demanded:
        if len(names[key]) > 1:
            rules.append({"anyOf": [{"required": [name]} for name in names[key]]})
        else:
            made.setdefault("required", []).append(key)
    return {**made, "allOf": rules} if rules else made


def _entry(reader: Callable[..., Any], words: str, key: str, demanded: bool) -> Schema:
    made = of(reader, f"{words}.{key}")
    text = LOOKUP.get(words, {}).get(key)
    entry = {"description": text, **made} if text else made
    return _filled(entry) if demanded else _or_nothing(entry)


def _or_nothing(made: Schema) -> Schema:
    """A key without a value is as good as absent."""
    if "enum" in made:
        return {**made, "enum": [*made["enum"], None]}
    if "anyOf" in made:
        return {**made, "anyOf": [*made["anyOf"], {"type": "null"}]}
    if "type" in made:
        types = made["type"] if isinstance(made["type"], list) else [made["type"]]
        return {**made, "type": [*types, "null"]}
    return made


def _filled(made: Schema) -> Schema:
    return {**made, "minLength": 1} if "string" in made.get("type", ()) else made


def of(reader: Callable[..., Any], words: str) -> Schema:
    """What a reader takes. Raises KeyError for one that is not known here (a test meets it before anybody else)."""
    if isinstance(reader, partial) and reader.func in _MADE:
        return _MADE[reader.func](reader.keywords, words)
    return _PLAIN[reader](words) if reader in _PLAIN else _CUSTOM[words](words)


# --- readers that take arguments -----------------------------------------------------------------------------------


def _integer(given: Mapping[str, Any], _words: str) -> Schema:
    return {
        "type": ["integer", "string"],
        "minimum": given["low"],
        "maximum": given["high"],
        "pattern": "^[+-]?(0|[1-9][0-9]{0,17})$",
    }


def _choice(given: Mapping[str, Any], _words: str) -> Schema:
    return {"enum": list(given["options"])}


def _items(given: Mapping[str, Any], words: str) -> Schema:
    item = of(given["reader"], words)
    if "enum" in item:
        return {"anyOf": [item, {"type": "array", "items": item}]}
    alone = item if given["commas"] else {**item, "pattern": "^[^,]*$"}
    return {**alone, "type": ["array", *_types(item)], "items": item}


def _some(given: Mapping[str, Any], _words: str) -> Schema:
    item = {"enum": list(given["options"])}
    return {"anyOf": [item, {"type": "array", "items": item, "minItems": 1}]}


def _block(given: Mapping[str, Any], words: str) -> Schema:
    return block(given["readers"], words)


def _named(given: Mapping[str, Any], words: str) -> Schema:
    value = _or_nothing(of(given["reader"], words))
    if not given["allowed"]:
        return {"type": "object", "additionalProperties": value}
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": dict.fromkeys(given["allowed"], value),
    }


def _types(made: Schema) -> list[str]:
    return made["type"] if isinstance(made["type"], list) else [made["type"]]


_MADE: Mapping[Callable[..., Any], Callable[[Mapping[str, Any], str], Schema]] = {
    values.read_integer: _integer,
    values.read_choice: _choice,
    values.read_items: _items,
    fields.read_hiding: lambda given, words: of(given["reader"], words),
    config.read_some: _some,
    read_block: _block,
    read_named: _named,
}

# --- readers that take none ----------------------------------------------------------------------------------------


def _text(pattern: str = "") -> Callable[[str], Schema]:
    made: Schema = {"type": _NAMES, "pattern": pattern} if pattern else {"type": _NAMES}
    return lambda _words: made


def _string(pattern: str) -> Callable[[str], Schema]:
    made = {"type": "string", "pattern": pattern}
    return lambda _words: made


def _language() -> str:
    pattern = values.LANGUAGE.pattern.replace("a-wy-z", "A-WY-Za-wy-z").replace("x(?:", "[xX](?:")
    return rf"^\s*({re.sub(r'(?<!Y-Z)(?<!w)a-z', 'A-Za-z', pattern)})?\s*$"


def _pictures(words: str) -> Schema:
    """A picture's path alone, or a block."""
    keys = block(fields.IMAGE, words, demanded=("src",))
    return {**keys, "type": [*_NAMES, "object"], "pattern": r"^[^\\]*\S[^\\]*$"}


def _pin(words: str) -> Schema:
    keys = block(fields.PIN, words)
    return {**keys, "type": ["boolean", "string", "object"], "pattern": "^(true|false)$"}


def _corrections(words: str) -> Schema:
    return {"type": "array", "items": block(fields.CORRECTION, words, demanded=tuple(fields.CORRECTION))}


_PLAIN: Mapping[Callable[..., Any], Callable[[str], Schema]] = {
    targets.url: lambda _words: {"type": "string"},
    targets.command: lambda _words: {"type": "string", "minLength": 1},
    values.word: _text(),
    values.text: _text(),
    values.title: _text(r"^\s*(\S[^\n]*)?\s*$"),
    values.boolean: lambda _words: {"type": ["boolean", "string"], "pattern": "^(true|false)$"},
    values.language: lambda _words: {"type": ["string", "boolean"], "pattern": _language()},  # "true" is well-formed
    values.http_url: _string(rf"^\s*({_WEB})?\s*$"),
    values.site_path: _string(r"^\s*(/(?!/)[^?#\\]*)?\s*$"),
    values.core_map: lambda _words: {"type": "object"},
    dates.moment: _string(rf"^\s*(?:{dates.MOMENT.pattern})\s*$"),
    fields.slug: _text(r"^[^/\\]*$"),
    fields.region: _text(r"^\s*([^/\\.\s][^/\\]*)?$"),
    fields.pick: _text(r"^(?!\s*[A-Za-z][A-Za-z0-9+.-]*:)[^\\]*\S[^\\]*$"),
    fields.link: _string(rf"^\s*({_WEB}|mailto:\S+@\S+)\s*$"),
    fields.image: _pictures,
    fields.image_source: _text(r"^[^\\]*\S[^\\]*$"),
    fields.focus: _string(rf"^\s*{_SHARE}\s+{_SHARE}\s*$"),
    fields.pin: _pin,
    fields.corrections: _corrections,
    config.address: _string(rf"^\s*(/(?!/)[^\s\\\"<>]*|mailto:\S+@\S+|{_WEB})\s*$"),
    config.base_url: _string(rf"^\s*({_WEB})?\s*$"),
    config.folder: _text(r"^\s*(?![/~\s])[^\\]+$"),
    config.time_zone: _string(r"^\s*[A-Za-z][A-Za-z0-9_+/-]*\s*$"),
    config.permalink: _string(r"^\s*/(?=.*\{slug\})([A-Za-z0-9._~/-]|\{(region|yyyy|mm|dd|slug)\})*/\s*$"),
    config.widths: lambda words: {**of(values.items(values.integer(*config.WIDTHS)), words), "minItems": 1},
    config.extensions: lambda _words: {"type": "array", "maxItems": 0},
    config.csp_source: _text(r"\S"),
}

# --- blocks of config.yaml with rules of their own -----------------------------------------------------------------


def _site(words: str) -> Schema:
    return block(CONFIG["site"], words, demanded=("title",))


def _permalinks(words: str) -> Schema:
    return block(CONFIG["permalinks"], words)


def _regions(words: str) -> Schema:
    return {"type": "object", "additionalProperties": _or_nothing(block(CONFIG["regions"], words))}


def _navigation(words: str) -> Schema:
    return {"type": "array", "items": block(CONFIG["nav"], words, demanded=("title", "url"))}


def _checks(_words: str) -> Schema:
    from broadsheet.errors import CODES

    entries = {
        code: {"enum": [rule.severity, None], "doNotSuggest": True}
        if rule.guarded
        else {"enum": ["error", "warn", None]}
        for code, rule in CODES.items()
    }
    return {"type": "object", "additionalProperties": False, "properties": entries}


def _deploy(_words: str) -> Schema:
    kinds = {
        kind: block(
            {"type": values.choice(kind), **targets.COMMON, **readers},
            "config.deploy.targets",
            demanded=("type", *targets.REQUIRED.get(kind, ())),
        )
        for kind, readers in targets.TYPES.items()
    }
    target: Schema = {"type": "object", "required": ["type"], "properties": {"type": {"enum": list(kinds)}}}
    target["allOf"] = [{"if": {"properties": {"type": {"const": kind}}}, "then": made} for kind, made in kinds.items()]
    named = {"type": ["object", "null"], "additionalProperties": target}
    return {"type": "object", "additionalProperties": False, "properties": {"targets": named}}


_CUSTOM: Mapping[str, Callable[[str], Schema]] = {
    "config.site": _site,
    "config.permalinks": _permalinks,
    "config.regions": _regions,
    "config.nav": _navigation,
    "config.footer": _navigation,
    "config.checks": _checks,
    "config.deploy": _deploy,
}
