"""The files that `schema` writes: a schema for each kind of source and for config.yaml, and snippets for VS Code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from broadsheet.config import KEYS as CONFIG
from broadsheet.frontmatter import KINDS
from broadsheet.schemas.readers import Schema, block
from broadsheet.schemas.snippets import snippets

_TITLES = {
    "story": "Front matter of a story",
    "region": "Front matter of content/<region>/_index.md",
    "home": "Front matter of content/_index.md",
    "author": "Front matter of content/authors/<id>.md",
    "page": "Front matter of content/pages/<name>.md",
}


def documents() -> Mapping[str, str]:
    """Every file by its name, as text that ends with a line end."""
    found: dict[str, Any] = {f"{kind}.json": _source(kind) for kind in KINDS}
    found["config.json"] = _headed("config.yaml of a Broadsheet site", block(CONFIG[""], "config", demanded=("site",)))
    found["broadsheet.code-snippets"] = snippets()
    return {name: json.dumps(value, indent=2, ensure_ascii=False) + "\n" for name, value in found.items()}


def _source(kind: str) -> Schema:
    readers, aliases, demanded = KINDS[kind]
    # A story's date may stand in its file's name; what else must be there is for config.yaml to say.
    demanded = ("title",) if kind == "story" else demanded
    made = block(readers, kind, aliases=aliases, demanded=demanded)
    if not demanded:
        made["type"] = ["object", "null"]  # no front matter at all
    return _headed(_TITLES[kind], made)


def _headed(title: str, made: Schema) -> Schema:
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": title, **made}
