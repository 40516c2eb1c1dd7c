"""What the file system says about pictures that sources name: which file, its size, which variants will be made."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import replace
from itertools import compress
from typing import Any

from broadsheet import images, unfit, walking
from broadsheet.bundles import within
from broadsheet.catalog import Catalog
from broadsheet.codec import Codec
from broadsheet.digest import digest
from broadsheet.errors import Diagnostic
from broadsheet.files import Files, Stamp, settled
from broadsheet.frozen import record
from broadsheet.model import ImageRef
from broadsheet.pictured import (
    FOLDER,
    PATH,
    STAMP,
    TOLD,
    Entry,
    Looked,
    Pictured,
    SourcePicture,
    entry,
    place_of,
)
from broadsheet.table import Table
from broadsheet.urls import Base, collision_key
from broadsheet.walking import Walk

_REMOTE = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_NO_FILE = "*"  # stands for the folder where no file can change anything


@record
class Found:
    """A picture file: its path from the site folder and its stamp; `folder` is where a walk has seen it as a regular
    file, else ""."""

    path: str
    stamp: Stamp
    folder: str


def pictures(
    catalog: Catalog,
    base: Base,
    files: Files,
    recipe: images.Recipe,
    walk: Walk,
    before: tuple[Table, Table, tuple[str, ...]],
    coder: Codec,
) -> tuple[Pictured, tuple[Diagnostic, ...]]:
    """Every picture that a page of the catalog shows, and what is to be said of their files. Pictures of hidden stories
    are not even opened, nor are those that are as they were `before`: what was kept of them and of their folders then
    (made with the same recipe), and the hidden bundles of then. Where nothing has changed in a folder, its files aren't
    looked for."""
    table, seen, hidden = before
    places = list(dict.fromkeys([*_named(catalog), *(place_of(*named) for named in _named_elsewhere(catalog))]))
    where = table.places(places)
    there = _Walked(files, walk)
    look = _Look(catalog, base, files, recipe, there, coder)
    folders = table.read(FOLDER, where, "")
    doubtful = {"", *_below(set(folders), {*hidden, *catalog.hidden_bundles})}
    marks = there.marks({*folders} - {_NO_FILE})
    stale = doubtful | {folder for folder, mark in marks.items() if seen.get(folder) != (mark,)}
    again = [n for n, folder in enumerate(folders) if folder in stale]
    if again:
        paths, stamps = table.read(PATH, where, ""), table.read(STAMP, where, b"")
        again = [n for n in again if folders[n] in doubtful or not there.holds(folders[n], paths[n], stamps[n])]
    made = {places[n]: look.at(places[n], table.get(places[n])) for n in again}
    put = {place: found for place, found in made.items() if found != table.get(place)}
    known = {place: table[place] for place in put if place in table}
    now = table.changed(put, table.others(places, where))
    found = Pictured(
        now,
        there.kept(seen, {*now.every(FOLDER)}),
        base,
        coder.loads,
        # A place that had no entry is named by a story that is new itself.
        changed={place for place, was in known.items() if was[TOLD] != put[place][TOLD]} if len(table) else put.keys(),
        tried=look.tried,
    )
    return found, tuple(images.animated(path) for path in sorted(found.animated()))


def _named(catalog: Catalog) -> list[str]:
    """Where a story names a picture that its pages may show."""
    shown = catalog.shown
    told = compress(zip(shown.path, shown.pictures, strict=True), shown.pictures)
    return [place_of(path.rpartition("/")[0], src) for path, pictures in told for src in pictures]


def _named_elsewhere(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """(folder of the source, picture as written) of what is not a story, or one with errors."""
    sources = catalog.sources
    for author in sources.authors:
        if author.matter.image:
            yield posixpath.dirname(author.path), author.matter.image.src
    texts: Iterable[tuple[str, tuple[ImageRef, ...]]] = [
        *((page.path, page.text.pictures) for page in sources.pages if catalog.shows(page)),
        *((author.path, author.text.pictures) for author in sources.authors),
        *((region.path, region.text.pictures) for region in sources.regions),
        *([(sources.home.path, sources.home.text.pictures)] if sources.home else []),
        *((source.path, source.pictures) for source in unfit.shown(catalog)),
    ]
    for path, refs in texts:
        for ref in refs:
            yield posixpath.dirname(path), ref.src
    logo = catalog.settings.site.publisher.logo
    if logo:
        yield "", logo  # beside config.yaml


def _below(folders: Iterable[str], tops: Set[str]) -> list[str]:
    """Those of some folders that are one of `tops`, or lie below one: these are collision keys."""
    if not tops:
        return []
    keys = {folder: collision_key(folder) for folder in folders}
    hidden = {*within(keys.values(), tops)}
    return [folder for folder, key in keys.items() if key in hidden]


class _Walked:
    """Picture files, as a walk found them; others are asked for."""

    def __init__(self, files: Files, walk: Walk) -> None:
        self._files = files
        self._walk = walk
        top = f"{files.root}/"
        self._outside = tuple([f"{folder}/" for folder in walk.folders if not files.inside(folder.removeprefix(top))])
        self._listed = walk.listed()
        self._there: dict[str, dict[str, Stamp]] = {}

    def marks(self, folders: Iterable[str]) -> dict[str, bytes | None]:
        """What stands for all that lies right in each folder; None: nothing does."""
        return {folder: self._mark(folder) for folder in folders}

    def _mark(self, folder: str) -> bytes | None:
        place = f"{self._files.root}/{folder}"
        return None if f"{place}/".startswith(self._outside) else self._listed.get(place)

    def kept(self, seen: Table, folders: Iterable[str]) -> Table:
        """The marks of these folders, in place of those that were `seen`."""
        marks = {folder: mark for folder, mark in self.marks(folders).items() if mark}
        put = {folder: (mark,) for folder, mark in marks.items() if seen.get(folder) != (mark,)}
        return seen.changed(put, seen.known - marks.keys())

    def holds(self, folder: str, path: str, stamp: bytes) -> bool:
        """Whether a regular file still bears a stamp that was trusted."""
        name = path.rpartition("/")[2]
        place = f"{self._files.root}/{folder}"
        found = self._right_in(place).get(name)
        return found is not None and f"{place}/{name}" not in self._walk.odd and walking.pack(found) == stamp

    def trusted(self, found: Found) -> str:
        """The folder whose mark stands for a file's being as it is; nothing where none does."""
        return found.folder if found.folder and self._mark(found.folder) and self.settled(found.stamp) else ""

    def settled(self, stamp: Stamp) -> bool:
        """Whether a change after the walk would show in a stamp."""
        return settled(stamp, self._walk.since)

    def file(self, path: str) -> Found | None:
        """A file (relative to the site folder) that may be read, if there is one."""
        folder, _, name = path.rpartition("/")
        place = f"{self._files.root}/{folder}"
        stamp = self._right_in(place).get(name)
        if stamp is not None and f"{place}/{name}" not in self._walk.odd:
            return Found(path=path, stamp=stamp, folder=folder)
        if self._files.is_file(path):  # it lies elsewhere, or behind a link
            return Found(path=path, stamp=self._files.stamp(path), folder="")
        return None

    def _right_in(self, place: str) -> dict[str, Stamp]:
        """The stamps of what lies right in a folder, by name."""
        if place not in self._there:
            listed = [] if f"{place}/".startswith(self._outside) else self._walk.places.get(place)
            self._there[place] = {file[0]: file[1:] for file in listed} if isinstance(listed, list) else {}
        return self._there[place]


class _Look:
    """Looks at pictures, each file once. `tried` are the paths outside of content/ and static/ that were asked for, and
    their stamps before that."""

    def __init__(
        self, catalog: Catalog, base: Base, files: Files, recipe: images.Recipe, walked: _Walked, coder: Codec
    ) -> None:
        self.tried: dict[str, Stamp] = {}
        self._catalog = catalog
        self._base = base
        self._files = files
        self._recipe = recipe
        self._walked = walked
        self._coder = coder
        self._seen: dict[str, Looked] = {}

    def at(self, place: str, was: tuple[Any, ...] | None) -> tuple[Any, ...]:
        """What to keep of a place (an Entry); `was`: what is kept of it so far."""
        folder, _, src = place.partition("\0")
        look = _without_file(src)
        if look is not None:
            return self._entry(look, _NO_FILE)
        found = self._find(folder, src)
        if found is None:
            return self._entry(_missing(src))
        if self._catalog.in_hidden_bundle(found.path):
            return self._entry(_hidden(src), self._walked.trusted(found), found.path)
        stamp = walking.pack(found.stamp) if self._walked.settled(found.stamp) else b""
        if was and stamp and (was[PATH], was[STAMP]) == (found.path, stamp):
            return (self._walked.trusted(found), *was[PATH:])
        if found.path not in self._seen:
            try:
                self._seen[found.path] = _looked(found.path, self._files, self._recipe)
            except FileNotFoundError:  # it was there a moment ago
                return self._entry(_missing(src))
        return self._entry(self._seen[found.path], self._walked.trusted(found), found.path, stamp)

    def _entry(self, look: Looked, folder: str = "", path: str = "", stamp: bytes = b"") -> Entry:
        return entry(look, folder, path, stamp, self._base, self._coder.dumps)

    def _find(self, folder: str, src: str) -> Found | None:
        """The picture's file: beside the source, in static/, or in the site folder; never above it."""
        if "\0" in src:  # no file can be called that
            return None
        settings = self._catalog.settings
        relative = src.lstrip("/")
        for n, start in enumerate(([] if src.startswith("/") else [folder]) + [settings.static_dir, ""]):
            path = posixpath.normpath(posixpath.join(start, relative))
            if f"{path}/".startswith(("../", "./")):
                continue
            if not f"{path}/".startswith((settings.content_dir + "/", settings.static_dir + "/")):
                self.tried.setdefault(path, self._files.stamp(path))  # no scan tells of it
            if not path.startswith(settings.output_dir + "/"):
                found = self._walked.file(path)
                if found is not None:  # where another one would come first, that is looked for in every build
                    return replace(found, folder="") if n else found
        return None


def _without_file(src: str) -> Looked | None:
    """What is known of a picture that no file here can hold: one on another host, or one written into the text."""
    if _REMOTE.match(src):
        hint = "put a copy beside the story (with the right to use it); see docs/diagnostics.md to allow links instead"
        problem = ("remote-picture", f"the picture {src[:80]} is on another host", hint)
        return Looked(picture=None, problem=problem, elsewhere=src)
    if _SCHEME.match(src):
        hint = "save the picture as a file beside the story and name that file"
        return Looked(picture=None, problem=("remote-picture", "the picture is written into the text", hint))
    return None


def _missing(src: str) -> Looked:
    hint = "pictures are looked for beside the story, in static/ and in the site folder"
    return Looked(picture=None, problem=("missing-picture", f"there is no picture “{src}”", hint))


def _hidden(src: str) -> Looked:
    message = f"the picture “{src}” belongs to a story that isn't public: its text stands in its place for now"
    hint = "copy the picture beside this story if it may be shown"
    return Looked(picture=None, problem=("hidden-link", message, hint))


def _looked(path: str, files: Files, recipe: images.Recipe) -> Looked:
    data = files.read(path)
    probe = images.probe(data, path)
    if isinstance(probe, Diagnostic):
        return Looked(picture=None, problem=(probe.code, f"{path}: {probe.message}", probe.hint))
    key = digest(data)
    picture = SourcePicture(path=path, digest=key, planned=images.plan(probe, key, path, recipe))
    return Looked(picture=picture, animated=probe.animated)
