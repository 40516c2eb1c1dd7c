"""config.yaml to `Settings`: every key checked, every mistake told at once (docs/configuration.md)."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any, TypeAlias

from broadsheet import settings as types
from broadsheet.config.targets import deploy
from broadsheet.config.values import (
    FOLDERS,
    address,
    base_url,
    check_folders,
    check_leads,
    check_present,
    csp_source,
    extensions,
    folder,
    normal_base_url,
    permalink,
    some,
    time_zone,
    widths,
)
from broadsheet.errors import CODES, Diagnostic
from broadsheet.frozen import FrozenMap
from broadsheet.yamlnodes import Findings, Node, Scalar, Sequence
from broadsheet.yamlnodes import Mapping as Block
from broadsheet.yamlnodes import parse as parse_yaml
from broadsheet.yamlnodes.findings import shown
from broadsheet.yamlnodes.values import (
    boolean,
    choice,
    core_map,
    integer,
    items,
    kind,
    language,
    section,
    text,
    title,
    word,
)

__all__ = ["KEYS", "normal_base_url", "parse", "read_block", "read_named", "require_base_url"]

MAX_BYTES = 256 * 1024
Readers: TypeAlias = Mapping[str, Callable[[Findings, Any, str], Any]]
Read: TypeAlias = Callable[[Findings, Node, str], Any]

POLICIES = ("corrections", "ethics", "feedback", "ownership", "masthead", "principles")


def parse(
    text: str,
    path: str,
    folders: Callable[[str], Collection[str]] | None = None,
    real: Callable[[str], str | None] | None = None,
) -> tuple[types.Settings | None, tuple[Diagnostic, ...]]:
    """The settings that the text of config.yaml asks for, or None, and every mistake in it.

    `folders` gives the names of the folders in a folder of the site ("" for the site's own), to tell source folders
    that don't exist; `real` what a path in the site folder leads to (None: out of it). Settings are given only where
    there is no mistake; findings about the text itself (invisible characters) may come with them.
    """
    findings = Findings(path, text.removeprefix("\ufeff"), value_code="config", key_code="config-key")
    root = parse_yaml(findings, MAX_BYTES)
    values: dict[str, Any] = {}
    keyed = isinstance(root, Block) or (isinstance(root, Scalar) and root.empty)
    if isinstance(root, Block):
        values = section(findings, root, TOP)
    elif root is not None and not keyed:
        findings.refuse(root, f"config.yaml must hold keys, not {kind(root)}", "Begin with site: and title: below it.")
    check_folders(findings, values)
    if folders is not None and keyed and findings.complete:
        check_present(findings, values, folders)
    if real is not None:
        check_leads(findings, values, real)
    told = findings.told_of("site") or findings.told_of("site.title")
    if keyed and findings.complete and "site" not in values and not told:
        line, column = findings.marks.get("site.title") or findings.marks.get("site") or (1, 1)
        hint = "Write site: and below it, indented, title: The name of your site"
        findings.add_at(line, column, "`site.title` is missing", "config", hint)
    if not findings.complete or any(CODES[found.code].severity == "error" for found in findings.found):
        return None, findings.diagnostics()
    permalinks = values.pop("permalinks", {})
    if "article" in permalinks:
        values["article_permalink"] = permalinks["article"]
    return types.Settings(**values), findings.diagnostics()


def require_base_url(settings: types.Settings, path: str, text: str) -> tuple[Diagnostic, ...]:
    """The finding that a production build makes of settings without a base URL, which were read from `text`."""
    if settings.site.base_url:
        return ()
    lines = text.splitlines()
    line = next((number for number, line in enumerate(lines, 1) if line.startswith("site:")), 1)
    hint = "Add base_url: https://www.example.com/ below site:, or give --base-url."
    return (Diagnostic(path, line, 1, "`site.base_url` is missing", "config", hint),)


# --- blocks --------------------------------------------------------------------------------------------------------


def _block(record: Callable[..., Any], readers: Readers) -> Read:
    """A reader for a block of keys that becomes a settings record."""
    return partial(read_block, record=record, readers=readers)


def read_block(findings: Findings, node: Node, what: str, *, record: Callable[..., Any], readers: Readers) -> Any:
    return record(**section(findings, node, readers, what + "."))


def _named(reader: Read, allowed: tuple[str, ...] = ()) -> Read:
    """A reader for a block whose keys are names (of `allowed` ones, if given) and whose values are alike."""
    return partial(read_named, reader=reader, allowed=allowed)


def read_named(
    findings: Findings, node: Node, what: str, *, reader: Read, allowed: tuple[str, ...]
) -> FrozenMap[str, Any]:
    names = [key.text for key, _ in node.entries] if isinstance(node, Block) else []
    return FrozenMap(section(findings, node, dict.fromkeys(allowed or names, reader), what + "."))


def _site(findings: Findings, node: Node, what: str) -> types.SiteSettings | None:
    values = section(findings, node, SITE, what + ".")
    return types.SiteSettings(**values) if values.get("title") else None


def _permalinks(findings: Findings, node: Node, what: str) -> dict[str, str]:
    return section(findings, node, PERMALINKS, what + ".")


def _regions(findings: Findings, node: Node, what: str) -> FrozenMap[str, types.RegionSettings] | None:
    """Regions by the names of their folders; a name alone is enough."""
    if not isinstance(node, Block):
        hint = f"Write {what}: and below it a folder's name with a colon, such as europe:"
        findings.refuse(node, f"`{what}` must hold regions by folder, not {kind(node)}", hint)
        return None
    found: dict[str, types.RegionSettings] = {}
    for key, value in node.entries:
        if not key.text or "/" in key.text or "\\" in key.text or key.text[0] in "._" or not key.text.isprintable():
            hint = "Write the name of a folder in content/, such as europe."
            findings.refuse(key, f"“{shown(key.text)}” can't be the folder of a region", hint)
            continue
        if key.text in types.RESERVED:
            message = f"“{key.text}” can't be a region: pages of that name are made already"
            findings.refuse(key, message, "Choose another name for the region and its folder.")
            continue
        place = f"{what}.{key.text}"
        found[unicodedata.normalize("NFC", key.text)] = types.RegionSettings(
            **section(findings, value, REGION, place + ".")
        )
    return FrozenMap(found)


def _navigation(findings: Findings, node: Node, what: str) -> tuple[types.NavItem, ...] | None:
    if not isinstance(node, Sequence):
        hint = f"Write {what}: and below it lines such as - {{title: About, url: /about/}}"
        findings.refuse(node, f"`{what}` must be a list of links, not {kind(node)}", hint)
        return None
    found = []
    for index, item in enumerate(node.items):
        place = f"{what}.{index}"
        values = section(findings, item, LINK, place + ".")
        absent = [key for key in ("title", "url") if not values.get(key) and not findings.told_of(f"{place}.{key}")]
        if absent and not findings.told_of(place):
            hint = "Each link is {title: About, url: /about/}."
            findings.refuse(item, f"this link has no {' and no '.join(absent)}", hint)
        if values.get("title") and values.get("url"):
            found.append(types.NavItem(**values))
    return tuple(found)


def _checks(findings: Findings, node: Node, what: str) -> FrozenMap[str, Any]:
    """Severities by code; codes that protect readers or sources keep theirs."""
    written = {key.text for key, _ in node.entries} if isinstance(node, Block) else set()
    free = tuple(name for name, code in CODES.items() if not code.guarded or name in written)
    severities = _named(choice("error", "warn"), free)(findings, node, what)
    for key, value in node.entries if isinstance(node, Block) else ():
        code = CODES.get(key.text)
        if code is not None and code.guarded and severities.get(key.text, code.severity) != code.severity:
            message = f"`{key.text}` is always {'an error' if code.severity == 'error' else 'a warning'}"
            findings.refuse(value, message, "It protects readers or sources and can't be changed; remove the line.")
    return FrozenMap({name: kept for name, kept in severities.items() if not CODES[name].guarded})


# --- the keys ------------------------------------------------------------------------------------------------------

SITE: Readers = {
    "title": title,
    "description": text,
    "base_url": base_url,
    "language": language,
    "timezone": time_zone,
    "publisher": _block(types.Publisher, {"name": title, "logo": word, "policies": _named(address, POLICIES)}),
}
PERMALINKS: Readers = {"article": permalink}
LINK: Readers = {"title": title, "url": address}
REGION: Readers = {"title": title, "order": integer(-9999, 9999), "language": language}
_RAILS: Readers = {
    "recommended": _block(
        types.RecommendedSettings,
        {
            "limit": integer(0, 20),
            "after_paragraph": integer(0, 100),
            "window_days": integer(1, 36500),
            "max_per_author": integer(1, 20),
        },
    ),
    "explore": _block(
        types.ExploreSettings,
        {
            "limit": integer(0, 100),
            "mode": choice("inline", "shared"),
            "refresh": choice("script", "ssi", "none"),
        },
    ),
}
_STORY_KEYS = (
    *("title", "date", "updated", "description", "authors", "region", "topics", "series", "kicker", "label"),
    *("image", "lang", "translation_key", "source_url"),
)
TOP: Readers = {
    "site": _site,
    **dict.fromkeys(FOLDERS, folder),
    "permalinks": _permalinks,
    "regions": _regions,
    "taxonomies": items(choice("topics", "authors", "series")),
    "rails": _block(types.Rails, _RAILS),
    "nav": _navigation,
    "footer": _navigation,
    "feeds": _block(
        types.FeedSettings,
        {
            "limit": integer(1, 1000),
            "content": choice("full", "standfirst"),
            "formats": items(choice("rss", "atom", "json")),
        },
    ),
    "sitemap": _block(types.SitemapSettings, {"news": boolean}),
    "images": _block(types.ImageSettings, {"widths": widths, "formats": some("webp", "jpeg")}),
    "markdown": _block(
        types.MarkdownSettings,
        {"raw_html": choice("escape", "sanitize", "trusted"), "smart_quotes": boolean},
    ),
    "schema": _block(
        types.SchemaSettings,
        {"unknown_keys": choice("error", "warn"), "required": items(choice(*_STORY_KEYS))},
    ),
    "checks": _checks,
    "csp": _block(types.CspSettings, {"allow": items(csp_source)}),
    "deploy": deploy,
    "extensions": extensions,
    "params": core_map,
}

# The keys of blocks by the block's name, "" for the top: what schemas.py tells editors.
KEYS: Mapping[str, Readers] = {
    "": TOP,
    "site": SITE,
    "permalinks": PERMALINKS,
    "regions": REGION,
    "nav": LINK,
    "footer": LINK,
}
