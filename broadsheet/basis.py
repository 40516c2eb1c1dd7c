"""What every page of a site depends on, part by part: so that who asks can be told which part has changed.

The digest of all parts is the base of every page's key: where the base is another one, so is one of the parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from broadsheet import contexts
from broadsheet.digest import digest, fingerprint
from broadsheet.frozen import FrozenMap
from broadsheet.settings import Settings

# Parts are named "kind name"; the names of settings are those of config.yaml.
TOOLCHAIN, SETTING, STRINGS, LANGUAGE, SITE = "toolchain", "setting", "strings", "language", "site"
_UNREAD = ("checks", "schema", "output_dir", "extensions")  # by pages
_NAMES = {"article_permalink": "permalinks.article"}


def parts(
    tools: bytes,
    settings: Settings,
    locales: Mapping[str, str],
    languages: Mapping[str, str],
    site: contexts.Site,
) -> FrozenMap[str, bytes]:
    """The digest of each part: the `toolchain`, every setting ("setting rails.explore.limit"), every file of interface
    strings, the language of each region that has its own, and what every page shows of the site ("site nav")."""
    found = {TOOLCHAIN: tools}
    found |= {f"{SETTING} {_NAMES.get(name, name)}": fingerprint(value) for name, value in _leaves(settings)}
    found |= {f"{STRINGS} {name}": digest(text.encode("utf-8", "surrogatepass")) for name, text in locales.items()}
    found |= {f"{LANGUAGE} {region}": fingerprint(language) for region, language in languages.items()}
    found |= {f"{SITE} {field.name}": fingerprint(getattr(site, field.name)) for field in fields(site)}
    return FrozenMap(dict(sorted(found.items())))


def theme(sources: Mapping[str, str]) -> dict[str, bytes]:
    """The digest of each file of the theme."""
    return {name: digest(text.encode("utf-8", "surrogatepass")) for name, text in sources.items()}


def is_read(setting: str) -> bool:
    """Whether a page may be another one where only this setting is."""
    return setting.partition(".")[0] not in _UNREAD


def changed(before: Mapping[str, bytes], now: Mapping[str, bytes]) -> list[str]:
    """The names of what is new, different or gone, in order."""
    return sorted(name for name in {*before, *now} if before.get(name) != now.get(name))


def _leaves(value: object, name: str = "") -> Iterator[tuple[str, object]]:
    """The values of a record and of the records and maps in it, each with its dotted name. A map's own are its keys in
    their order, in which templates may print them."""
    if is_dataclass(value):
        found = [(field.name, getattr(value, field.name)) for field in fields(value)]
    elif isinstance(value, Mapping) and value:
        if len(value) > 1:
            yield name, tuple(value)
        found = [(key.replace("\\", r"\\").replace(".", r"\."), inner) for key, inner in value.items()]
    else:
        yield name, value
        return
    for key, inner in found:
        yield from _leaves(inner, f"{name}.{key}" if name else key)
