"""Front matter to the model's types, one function for each kind of source.

Each takes the text between the fences with its place, and gives (matter, findings). The matter is None where the YAML
breaks off or holds no keys; otherwise it holds whatever could be read, so that later checks can go on: whether the
findings stop a build is judged elsewhere. Something unreadable that was meant to hide a story makes it a draft.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Any, TypeAlias

from broadsheet.errors import Diagnostic
from broadsheet.frontmatter import fields
from broadsheet.frontmatter.dates import day_of_name, moment
from broadsheet.frontmatter.reading import Reading
from broadsheet.frozen import FrozenMap
from broadsheet.model import AuthorMatter, HomeMatter, PageMatter, RegionMatter, StoryMatter
from broadsheet.settings import Settings
from broadsheet.yamlnodes import Mapping as Block
from broadsheet.yamlnodes import Scalar, parse
from broadsheet.yamlnodes.values import (
    boolean,
    choice,
    core_map,
    http_url,
    integer,
    items,
    kind,
    language,
    section,
    site_path,
    text,
    title,
)

MAX_BYTES = 64 * 1024
Diagnostics: TypeAlias = tuple[Diagnostic, ...]
Readers: TypeAlias = Mapping[str, Callable[[Reading, Any, str], Any]]

_STANDFIRST = {"standfirst": "description", "dek": "description", "summary": "description", "excerpt": "description"}
_UPDATED = {"lastmod": "updated", "modified": "updated"}
_DATE = {"published": "date", "pubDate": "date", "publishDate": "date"}
_PICTURE = {"cover": "image", "feature_image": "image"}
STORY_ALIASES: Mapping[str, str] = {
    **_DATE,
    **_UPDATED,
    **_STANDFIRST,
    **_PICTURE,
    "expiryDate": "expires",
    "author": "authors",
    "byline": "authors",
    "section": "region",
    "category": "region",
    "tags": "topics",
    "redirect_from": "aliases",
}
_WITHDRAWN = "A story is hidden by draft: true, embargo: or expires:; status: withdrawn leaves a notice in its place."

_STORY: Readers = {
    "title": title,
    "slug": fields.slug,
    "url": site_path,
    "date": moment,
    "updated": moment,
    "embargo": fields.hiding(moment),
    "expires": fields.hiding(moment),
    "draft": fields.hiding(boolean),
    "unlisted": fields.hiding(boolean),
    "noindex": fields.hiding(boolean),
    "description": text,
    "authors": items(text),
    "region": fields.region,
    "topics": items(text, commas=False),
    "series": text,
    "kicker": text,
    "label": choice("opinion", "analysis", "explainer", "review", "feature", "sponsored"),
    "image": fields.image,
    "pin": fields.pin,
    "related": items(fields.pick),
    "related_exclude": items(fields.pick),
    "aliases": items(site_path),
    "corrections": fields.corrections,
    "status": fields.hiding(choice("withdrawn", hint=_WITHDRAWN)),
    "lang": language,
    "dir": choice("ltr", "rtl"),
    "translation_key": text,
    "kind": choice("article", "live"),
    "source_url": http_url,
    "params": core_map,
}
_REGION: Readers = {
    "title": title,
    "description": text,
    "order": integer(-9999, 9999),
    "language": language,
    "pins": items(fields.pick),
}
_HOME: Readers = {"title": title, "description": text, "lead": items(fields.pick)}
_AUTHOR: Readers = {
    "name": title,
    "type": choice("person", "organization"),
    "role": text,
    "description": text,
    "image": fields.image,
    "links": items(fields.link),
    "lang": language,
}
_PAGE: Readers = {
    "title": title,
    "slug": fields.slug,
    "url": site_path,
    "date": moment,
    "updated": moment,
    "description": text,
    "draft": fields.hiding(boolean),
    "noindex": fields.hiding(boolean),
    "aliases": items(site_path),
    "lang": language,
    "dir": choice("ltr", "rtl"),
}
# Kind of source -> what its keys take, their other names, and those that must have a value whatever the settings say.
KINDS: Mapping[str, tuple[Readers, Mapping[str, str], tuple[str, ...]]] = {
    "story": (_STORY, STORY_ALIASES, ()),
    "region": (_REGION, _STANDFIRST | {"lang": "language"}, ()),
    "home": (_HOME, _STANDFIRST, ()),
    "author": (_AUTHOR, _STANDFIRST | _PICTURE | {"title": "name", "language": "lang"}, ("name",)),
    "page": (
        _PAGE,
        _DATE | _UPDATED | _STANDFIRST | {"redirect_from": "aliases", "language": "lang"},
        ("title",),
    ),
}
_EXAMPLES = {"title": "title: Your headline", "date": "date: 2025-04-09", "description": "description: One sentence."}


def story(
    matter: str, path: str, *, settings: Settings, zone: tzinfo, first_line: int = 2
) -> tuple[StoryMatter | None, Diagnostics]:
    """A story's front matter; `date` comes from the file's name where the front matter has none."""
    reading = Reading(path, matter, first_line, zone)
    values = _read(reading, _STORY, STORY_ALIASES)
    if values is None:
        return None, reading.diagnostics()
    if "date" not in values and "date" not in reading.marks:
        _date_from_name(reading, values)
    if reading.complete:
        _demand(reading, values, settings.schema.required)
    values.setdefault("title", "")
    values["draft"] = values.get("draft", False) or reading.hidden
    made = StoryMatter(**values, marks=FrozenMap(reading.marks))
    return (made if reading.complete else None), reading.diagnostics()


def region(matter: str, path: str, *, zone: tzinfo, first_line: int = 2) -> tuple[RegionMatter | None, Diagnostics]:
    """content/<region>/_index.md"""
    return _made(RegionMatter, Reading(path, matter, first_line, zone), "region")


def home(matter: str, path: str, *, zone: tzinfo, first_line: int = 2) -> tuple[HomeMatter | None, Diagnostics]:
    """content/_index.md"""
    return _made(HomeMatter, Reading(path, matter, first_line, zone), "home")


def author(matter: str, path: str, *, zone: tzinfo, first_line: int = 2) -> tuple[AuthorMatter | None, Diagnostics]:
    """content/authors/<id>.md"""
    return _made(AuthorMatter, Reading(path, matter, first_line, zone), "author")


def page(matter: str, path: str, *, zone: tzinfo, first_line: int = 2) -> tuple[PageMatter | None, Diagnostics]:
    """content/pages/<name>.md"""
    return _made(PageMatter, Reading(path, matter, first_line, zone), "page")


def _made(matter_type: Any, reading: Reading, kind: str) -> tuple[Any, Diagnostics]:
    readers, aliases, demanded = KINDS[kind]
    values = _read(reading, readers, aliases)
    if values is not None and reading.complete:
        _demand(reading, values, demanded)
    if values is None or not reading.complete:
        return None, reading.diagnostics()
    for key in demanded:
        values.setdefault(key, "")
    if "draft" in readers:
        values["draft"] = values.get("draft", False) or reading.hidden
    return matter_type(**values, marks=FrozenMap(reading.marks)), reading.diagnostics()


def _read(reading: Reading, readers: Readers, aliases: Mapping[str, str]) -> dict[str, Any] | None:
    """The values by canonical key, or None where the front matter holds no keys at all."""
    root = parse(reading, MAX_BYTES)
    if root is None:
        return None
    if isinstance(root, Block):
        return section(reading, root, readers, "", aliases)
    if isinstance(root, Scalar) and root.empty:
        return {}
    hint = "Write key: value lines, such as title: Your headline"
    reading.add(root, f"front matter must hold keys, not {kind(root)}", "front-matter", hint)
    return None


def _date_from_name(reading: Reading, values: dict[str, Any]) -> None:
    day, problem = day_of_name(reading.path, reading.zone)
    if day is not None:
        values["date"] = day
    elif problem:
        hint = "Correct the file's name, or write date: in the front matter."
        reading.add_at(0, 0, f"`date` in the file's name: {problem}", "date", hint)
        reading.marks["date"] = (reading.first_line, 1)


def _demand(reading: Reading, values: dict[str, Any], required: tuple[str, ...]) -> None:
    """A finding for each required key without a value; one whose value was refused already has its finding."""
    for key in required:
        if values.get(key) not in (None, "", ()):
            continue
        place = reading.marks.get(key)
        if place is None:
            hint = f"Add a line such as {_EXAMPLES.get(key, key + ': …')}"
            reading.add_at(reading.first_line - 1 or 1, 1, f"`{key}` is missing", "missing-key", hint)
        elif key in values or not (reading.told_of(key) or place[0] in (found.line for found in reading.found)):
            hint = f"Write a value, such as {_EXAMPLES.get(key, key + ': …')}"
            reading.add_at(*place, f"`{key}` is empty", "missing-key", hint)
