"""The files of static/, which are published as they are: those of a folder in which nothing has changed are not looked
at one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Final, TypeAlias

from broadsheet.codec import packed
from broadsheet.copies import now_of
from broadsheet.digest import digest
from broadsheet.errors import Diagnostic
from broadsheet.files import Files, Stamp
from broadsheet.frozen import record
from broadsheet.scanning import Entry, printable, scan, shown
from broadsheet.table import Table
from broadsheet.walking import Walk

_SHOWN = (".well-known",)
# What systems and editors leave behind, and what belongs to a repository; the deploy adds .nojekyll where it is needed.
_LITTER = r"""\. (?: DS_Store | AppleDouble | LSOverride | localized | Spotlight-V100 | TemporaryItems | fseventsd
    | Trash (?: es | -\d+ )? | apdisk | directory | nfs [0-9a-f]+ | fuse_hidden \w+ | goutputstream- \w+
    | idea | vscode | editorconfig | git (?: ignore | keep | attributes | modules )? | hg (?: ignore | tags )?
    | svn | bzr | keep | nojekyll | [_\#~] .* | (?: .* \. )? sw[a-p] | .* ~ )"""
SIZE_LIMIT = 64 * 1024**2  # bytes of one file that is copied as it is

# What is kept of a folder (relative to the site folder): the mark of all that lay right in it (walking.Walk.listed;
# nothing where that doesn't tell enough), what stands for the names of its files, for their names and bytes, of each
# its name, stamp and digest, and the names of hidden ones of which every build tells.
File: TypeAlias = tuple[str, Stamp, bytes]
Row: TypeAlias = tuple[bytes, bytes, bytes, tuple[File, ...], tuple[str, ...]]
MARK: Final = 0
NAMED: Final = 1
SHOWN: Final = 2
FILES: Final = 3
HIDDEN: Final = 4
APART = frozenset([FILES])
NONE = Table.of(HIDDEN + 1, {})


@record
class Copied:
    """A file to publish: its place on the site, its path from the site folder, the digest of its bytes."""

    place: str
    path: str
    digest: bytes


class Statics:
    """The files below `folder` (static/, relative to the site folder), as a walk found them; `before` is what was kept
    of them. Raises OSError when one has to be read, and can't be."""

    def __init__(self, files: Files, folder: str, walk: Walk, before: Table, problems: list[Diagnostic]) -> None:
        self._files = files
        self._top = folder
        self._since = walk.since
        self._before = before
        top = f"{files.root}/{folder}"
        if top not in walk.folders:
            walk = files.walk([top])
        marks = {
            folder + place[len(top) :]: mark
            for place, mark in walk.listed().items()
            if place == top or place.startswith(f"{top}/")
        }
        folders = list(before)
        self._same = {name for name, mark in zip(folders, before.every(MARK), strict=True) if marks.get(name) == mark}
        self._fresh: dict[str, list[Entry]] = {}
        missed: list[str] = []
        for entry in scan(files, folder, problems, hidden=_SHOWN, walk=walk, but=self._same, missed=missed):
            self._fresh.setdefault(entry.path.rpartition("/")[0], []).append(entry)
            if entry.size > SIZE_LIMIT:
                problems.append(_too_large(entry.path))
        hidden = dict.fromkeys(filter(None, map(_hidden, missed)))
        self._hidden: dict[str, list[str]] = {}  # by folder
        for path in hidden:
            if f"{files.root}/{path}" not in walk.places:  # a folder is found by every scan
                name, _, file = path.rpartition("/")
                self._hidden.setdefault(name, []).append(file)
        for name, left in zip(folders, before.every(HIDDEN), strict=True):
            if left and name in self._same:
                hidden |= {f"{name}/{file}": None for file in left}
        problems += map(_left_out, hidden)
        odd = {place.rpartition("/")[0] for place in walk.odd}
        self._marks: dict[str, bytes] = {}
        for name in self._fresh:
            place = f"{files.root}/{name}"
            there = walk.places.get(place)
            if isinstance(there, list) and place not in odd and printable("/".join([file[0] for file in there])):
                self._marks[name] = marks[name]

    def __contains__(self, place: str) -> bool:
        """Whether a file of static/ is published at a place (relative to the site)."""
        folder, _, name = f"{self._top}/{place}".rpartition("/")
        if folder in self._fresh:
            return any(entry.path.rpartition("/")[2] == name for entry in self._fresh[folder])
        return folder in self._same and any(file[0] == name for file in self._before.value(FILES, folder))

    def folders(self) -> Mapping[str, bytes]:
        """Each folder that holds any, and what stands for their names and bytes."""
        return {name: self._shown.value(SHOWN, name) for name in self._shown}

    def right_in(self, folder: str) -> Iterator[Copied]:
        """The files right in a folder."""
        for name, _, content in self._shown.value(FILES, folder):
            path = f"{folder}/{name}"
            yield Copied(place=path[len(self._top) + 1 :], path=path, digest=content)

    @cached_property
    def names(self) -> bytes:
        """Stands for the places of all."""
        return digest(packed(sorted((name, self._shown.value(NAMED, name)) for name in self._shown)))

    def kept(self) -> Table:
        """What the next build may go by."""
        return self._shown

    @cached_property
    def _shown(self) -> Table:
        rows = {name: self._row(name, entries) for name, entries in self._fresh.items()}
        put = {name: row for name, row in rows.items() if self._before.get(name) != row}
        return self._before.changed(put, self._before.known - self._same - rows.keys())

    def _row(self, folder: str, entries: list[Entry]) -> Row:
        was: dict[str, File] = {}
        if folder in self._before:
            was = {file[0]: file for file in self._before.value(FILES, folder)}
        found: list[File] = []
        for entry in entries:
            name = entry.path.rpartition("/")[2]
            before = was.get(name)
            known = (before[1], before[2]) if before else None
            content, stamp = now_of(self._files, entry.path, entry.stamp, known, self._since)
            found.append((name, stamp, content))
        told = all(stamp for _, stamp, _ in found)  # where a file is too fresh, its folder doesn't tell of it
        return (
            self._marks.get(folder, b"") if told else b"",
            digest(packed([name for name, _, _ in found])),
            digest(packed([(name, content) for name, _, content in found])),
            tuple(found),
            tuple(self._hidden.get(folder, ())),
        )


def _hidden(path: str) -> str:
    """The hidden file or folder in a path, if somebody may have meant it to be published."""
    steps = path.split("/")
    first = next(n for n, step in enumerate(steps) if step[0] == "." and step not in _SHOWN)
    litter = re.fullmatch(_LITTER, steps[first], re.VERBOSE | re.DOTALL)  # rarely asked for: not compiled before
    return "" if litter else "/".join(steps[: first + 1])


def _left_out(path: str) -> Diagnostic:
    hint = "rename it without the dot; what servers are asked for by agreement goes into .well-known/"
    return Diagnostic(shown(path), 0, 0, "hidden, and so not published", "hidden-file", hint)


def _too_large(path: str) -> Diagnostic:
    message = f"the file is over {SIZE_LIMIT // 1024**2} MiB"
    return Diagnostic(path, 0, 0, message, "too-large", "put it on a file host")
