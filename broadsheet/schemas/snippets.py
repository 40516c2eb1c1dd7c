"""Completion of front matter in VS Code, whose YAML support does not look into Markdown: a snippet for each key."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from broadsheet.frontmatter import KINDS, dates, fields
from broadsheet.schemas.words import LOOKUP
from broadsheet.yamlnodes import values

_NOW = "${CURRENT_YEAR}-${CURRENT_MONTH}-${CURRENT_DATE} ${CURRENT_HOUR}:${CURRENT_MINUTE}"
_PICTURE = ["${1:photo.jpg}", "${2:What it shows, for those who can't see it}", "${3:A sentence under it}", "${4:Who}"]


def snippets() -> dict[str, Any]:
    """A snippet for a whole story, and one for each of its keys."""
    found = {"A story": _snippet("story", _story(), "The front matter of a story, between its two lines of hyphens.")}
    for key, reader in KINDS["story"][0].items():
        found[key] = _snippet(key, _lines(key, reader), LOOKUP["story"][key])
    return found


def _snippet(prefix: str, body: list[str], words: str) -> dict[str, Any]:
    return {"scope": "markdown", "prefix": prefix, "body": body, "description": words}


def _story() -> list[str]:
    return [
        *("---", "title: ${1:Headline}", f"date: {_NOW}", "description: ${2:One sentence or two.}"),
        *("authors: ${3:Name}", "topics: [${4:Topic}]", "---", "$0"),
    ]


def _lines(key: str, reader: Callable[..., Any]) -> list[str]:
    inner = reader.keywords.get("reader") if isinstance(reader, partial) else None
    if isinstance(reader, partial) and reader.func is fields.read_hiding:
        return _lines(key, reader.keywords["reader"])
    if isinstance(reader, partial) and reader.func is values.read_choice:
        return [f"{key}: ${{1|{','.join(reader.keywords['options'])}|}}"]
    if inner is not None:
        return [f"{key}:", "  - $0"]
    if reader is values.boolean:
        return [f"{key}: true"]
    if reader is dates.moment:
        return [f"{key}: {_NOW}"]
    if reader is fields.image:
        return [f"{key}:", *(f"  {name}: {value}" for name, value in zip(fields.IMAGE, _PICTURE, strict=False))]
    if reader is fields.pin:
        return [f"{key}:", "  position: ${1:1}", f"  until: {_NOW}"]
    if reader is fields.corrections:
        kinds = ",".join(fields.CORRECTION["kind"].keywords["options"])  # type: ignore[attr-defined]  # a partial
        return [f"{key}:", f"  - date: {_NOW}", f"    kind: ${{1|{kinds}|}}", "    text: $0"]
    if reader is values.core_map:
        return [f"{key}:", "  $0"]
    return [f"{key}: $0"]
