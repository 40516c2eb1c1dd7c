"""A new story: its place, its front matter, its picture. Nothing that is there is ever written over."""

from __future__ import annotations

import json
import posixpath
import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from broadsheet import frontmatter, images, locale, urls
from broadsheet.errors import CODES, Diagnostic, UsageError, closest
from broadsheet.files import Files
from broadsheet.frozen import record
from broadsheet.photonotes import PhotoNotes, photo_notes
from broadsheet.scanning import scan
from broadsheet.settings import RESERVED, Settings
from broadsheet.yamlnodes import Findings, Mapping, Scalar, parse

SLUG_LIMIT = 72  # letters of a slug made from a title
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_AS_TWO_LETTERS = ("de", "gsw", "lb")  # languages that write an umlaut so where it can't be typed


@record
class Photo:
    """A picture to go with a story: its bytes, the name it will have, and what is said of it."""

    data: bytes
    name: str
    width: int
    height: int
    notes: PhotoNotes


@record
class Draft:
    """What a new story is to say. `day` dates the file's name; `folder`: it gets one, also without a picture."""

    region: str
    slug: str
    title: str
    date: datetime
    dated: bool = True  # whether the hour matters
    description: str = ""
    authors: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    series: str = ""
    label: str = ""
    kind: str = ""
    lang: str = ""
    draft: bool = True
    folder: bool = False
    photo: Photo | None = None


def region_and_slug(where: str, content: str) -> tuple[str, str, str]:
    """("europe", "talks", "2025-04-09") for "europe/2025-04-09-talks", also where it is written as a path below the
    folder of the stories; parts that are not given are ""."""
    inner = unicodedata.normalize("NFC", where).removeprefix(content + "/").removesuffix("/index.md")
    parts = [part for part in inner.removesuffix(".md").split("/") if part]
    if len(parts) > 2 or not parts or any(part in (".", "..") for part in parts):
        raise UsageError(f"{where}: write a region and a slug, such as europe/night-ferries, or a region alone")
    day, slug = urls.split_date(parts[1]) if len(parts) == 2 else ("", "")
    return parts[0], slug, day


def language(files: Files, settings: Settings, region: str) -> str:
    """The language of a region's stories."""
    configured = settings.regions.get(region)
    if configured and configured.language:
        return configured.language
    path = f"{settings.content_dir}/{region}/_index.md"
    data = files.read_or_none(path)
    parts = frontmatter.split(data.decode(errors="replace"), path, required=False)[0] if data else None
    matter = frontmatter.region(parts.matter, path, zone=ZoneInfo("UTC"))[0] if parts else None
    return (matter.language if matter else "") or settings.site.language


def check_region(files: Files, settings: Settings, region: str) -> bool:
    """Whether a region is there already. Raises UsageError for a name that can't be one, or is nearly another's."""
    known = {*files.folders(settings.content_dir), *settings.regions} - RESERVED
    if region in known:
        return True
    if region in RESERVED or (reason := urls.unsafe_name(region)):
        why = "pages of that name are made already" if region in RESERVED else reason
        raise UsageError(f"“{region}” can't be a region: {why}")
    near = closest(region, known)
    if near:
        raise UsageError(
            f"there is no region “{region}”: did you mean {near}? If a new one is meant, make its folder first: "
            f"{settings.content_dir}/{region}"
        )
    return False


def slug_of(title: str, lang: str) -> str:
    """A slug in plain Latin letters: "Görüşmeler İstanbul'da" gives "gorusmeler-istanbulda"."""
    from anyascii import anyascii

    folded = urls.slugify(locale.fold(title, lang), signs=True)
    if lang.split("-", maxsplit=1)[0].lower() in _AS_TWO_LETTERS:
        folded = folded.translate(_UMLAUTS)
    plain = urls.slugify(anyascii(folded).lower())
    if len(plain) > SLUG_LIMIT:
        plain = plain[: SLUG_LIMIT + 1].rpartition("-")[0] or plain[:SLUG_LIMIT]
    return plain


def photo(data: bytes, path: str, lang: str) -> Photo:
    """A picture with what it says of itself. Raises UsageError for what can't be published."""
    found = images.probe(data, path)
    if isinstance(found, Diagnostic):
        raise UsageError(f"{path}: {found.message}")
    stem, dot, ending = posixpath.basename(path).rpartition(".")
    name = f"{slug_of(stem if dot else ending, lang) or 'picture'}.{ending.lower() if dot else found.format}"
    notes = photo_notes(data, lang) if found.format != "svg" else PhotoNotes()
    return Photo(data=data, name=name, width=found.width, height=found.height, notes=notes)


# --- writing -------------------------------------------------------------------------------------------------------


def write(files: Files, settings: Settings, story: Draft) -> str:
    """Write a story's source, with its picture beside it; gives the source's path. Raises UsageError where something
    is there already, or where a build would refuse what it says."""
    name = f"{story.date:%Y-%m-%d}-{story.slug}"
    folder = f"{settings.content_dir}/{story.region}"
    path = f"{folder}/{name}/index.md" if story.photo or story.folder else f"{folder}/{name}.md"
    _refuse_taken(files, folder, story)
    text = source(story)
    _refuse_unfit(text, path, settings)
    target = posixpath.join(files.root, path)
    try:
        if story.photo:
            files.create(posixpath.join(posixpath.dirname(target), story.photo.name), story.photo.data)
        files.create(target, text.encode())
    except FileExistsError as error:
        raise UsageError(f"{error.filename}: it is there already; nothing was written over") from None
    return path


def _refuse_taken(files: Files, folder: str, story: Draft) -> None:
    """Refuse a slug that another story of the region has in the same month, or one that names no month."""
    for entry in scan(files, folder, []):
        inner = entry.path.removeprefix(folder + "/")
        if not inner.endswith(".md") or inner == "_index.md":
            continue
        day, slug = urls.split_date(inner.removesuffix(".md").removesuffix("/index"))
        if urls.collision_key(slug) == urls.collision_key(story.slug) and day[:7] in ("", f"{story.date:%Y-%m}"):
            raise UsageError(f"{entry.path} is there already: choose another slug, such as {story.slug}-2")


def _refuse_unfit(text: str, path: str, settings: Settings) -> None:
    parts, found = frontmatter.split(text, path)
    if parts is not None:
        zone = ZoneInfo(settings.site.timezone)
        found += frontmatter.story(parts.matter, path, settings=settings, zone=zone)[1]
    # What is required and not given yet is for the writer to fill in.
    errors = [f for f in found if CODES[f.code].severity == "error" and f.code != "missing-key"]
    if errors:
        raise UsageError("\n".join(f"{error.message}: {error.hint}" for error in errors))


def source(story: Draft) -> str:
    """The story's text: front matter, and an empty body to write into."""
    return "---\n" + "\n".join(_lines(story)) + "\n---\n\n"


def _lines(story: Draft) -> Iterator[str]:
    yield f"title: {scalar(story.title)}"
    yield f"date: {story.date:%Y-%m-%d %H:%M}" if story.dated else f"date: {story.date:%Y-%m-%d}"
    if story.draft:
        yield "draft: true"
    yield f"description: {scalar(story.description)}".rstrip()
    for key, value in (("kind", story.kind), ("label", story.label), ("series", story.series), ("lang", story.lang)):
        if value:
            yield f"{key}: {scalar(value)}"
    for key, names in (("authors", story.authors), ("topics", story.topics)):
        if len(names) == 1:
            yield f"{key}: {scalar(names[0])}"
        elif names:
            yield f"{key}:"
            yield from (f"  - {scalar(name)}" for name in names)
    if story.photo:
        notes = story.photo.notes
        yield "image:"
        yield f"  src: {scalar(story.photo.name)}"
        yield f"  alt: {scalar(notes.alt)}" if notes.alt else "  alt: # what it shows, for readers who can't see it"
        yield f"  caption: {scalar(notes.caption)}".rstrip()
        yield f"  credit: {scalar(notes.credit)}".rstrip()


def scalar(text: str) -> str:
    """A text as YAML on one line: plain where it is read back as it is, else in quotes; "" is no value."""
    line = re.sub(r"\s+", " ", text).strip()
    if not line:
        return ""
    findings = Findings("", f"k: {line}")
    node = parse(findings, 1024 * 1024)
    if not findings.found and isinstance(node, Mapping) and len(node.entries) == 1:
        value = node.entries[0][1]
        if isinstance(value, Scalar) and value.plain and not value.empty and value.text == line:
            return line
    return json.dumps(line, ensure_ascii=False)
