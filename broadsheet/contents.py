"""The files in content/, folder by folder: what lies in one that is as it was need not be looked at file by file."""

from __future__ import annotations

import marshal
import os
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace
from typing import TypeAlias

from broadsheet.errors import Diagnostic
from broadsheet.files import Files
from broadsheet.frozen import FrozenMap, record
from broadsheet.scanning import Entry, printable, scan
from broadsheet.walking import Walk

# What a folder is known by: the mark of all that lies right in it (`Walk.listed`), and the files there that are no
# sources, by their paths.
Folder: TypeAlias = tuple[bytes, tuple[str, ...]]


@record
class Content:
    """The files below a site's content folder. `entries` are the sources in folders that are not as they were known,
    in order of path; `same` the folders that are; `others` all files that are no sources. Paths are relative to the
    site folder."""

    files: Files
    folder: str
    walk: Walk
    entries: tuple[Entry, ...]
    others: frozenset[str]
    same: Mapping[str, Folder] = FrozenMap()

    def whole(self) -> Content:
        """The same files, as if no folder had been known."""
        if not self.same:
            return self
        return look(self.files, self.folder, [], walk=self.walk)  # what is wrong with them is told already

    def folders(self, doubtful: Set[str]) -> dict[str, Folder]:
        """By what to know these folders again, once their sources are parsed; those in `doubtful` may have changed
        since."""
        others: dict[str, list[str]] = {}
        for path in self.others:
            others.setdefault(_folder(path), []).append(path)
        odd = {_folder(path) for path in self.walk.odd}
        marks, found = self.walk.listed(), dict(self.same)
        for place, current in self._places():
            if current in found or current in doubtful or place in odd:
                continue
            there = self.walk.places[place]  # only now: it may have to be unpacked
            if isinstance(there, list) and printable("/".join([current, *[file[0] for file in there]])):
                found[current] = (marks[place], tuple(sorted(others.get(current, ()))))
        return found

    def as_before(self, known: Mapping[str, Folder]) -> Iterator[str]:
        """Those of some known folders in which lies what lay there."""
        marks = self.walk.listed()
        for place, current in self._places():
            if current in known and known[current][0] == marks[place]:
                yield current

    def _places(self) -> Iterator[tuple[str, str]]:
        """Each folder, as the walk names it and relative to the site folder."""
        top = os.path.join(self.files.root, self.folder)
        for place in self.walk.places:
            if place == top or place.startswith(f"{top}/"):
                yield place, self.folder + place[len(top) :]


def look(
    files: Files,
    folder: str,
    problems: list[Diagnostic],
    *,
    walk: Walk | None = None,
    known: Mapping[str, Folder] = FrozenMap(),
) -> Content:
    """The files below the content folder (relative to the site folder), as a `walk` found them, or as they are found
    now. `known` folders are looked at file by file only where something in them is not as it was."""
    walk = walk or files.walk([os.path.join(files.root, folder)])
    walk = replace(walk, marks=walk.listed())
    nothing = Content(files=files, folder=folder, walk=walk, entries=(), others=frozenset())
    same = {current: known[current] for current in nothing.as_before(known)} if known else {}
    sources: list[Entry] = []
    others: list[str] = [path for _, paths in same.values() for path in paths]
    for entry in scan(files, folder, problems, walk=walk, but=same):
        if entry.path.endswith(".md"):
            sources.append(entry)
        else:
            others.append(entry.path)
    return Content(
        files=files, folder=folder, walk=walk, entries=tuple(sources), others=frozenset(others), same=FrozenMap(same)
    )


def folders_of(paths: Iterable[str]) -> set[str]:
    """The folders in which some files lie."""
    return {_folder(path) for path in paths}


def dumps(folders: Mapping[str, Folder]) -> bytes:
    """Folders as they are kept. Equal ones give equal bytes."""
    return marshal.dumps(sorted(folders.items()), 2)


def loads(data: bytes | None) -> Mapping[str, Folder]:
    """What `dumps` was given; nothing where there is nothing, or no sense in it."""
    try:
        return dict(marshal.loads(data)) if data else {}  # noqa: S302  # our own bytes: `State` checked their digest
    except (ValueError, EOFError, TypeError):
        return {}


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
