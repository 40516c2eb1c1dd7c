"""The files that lie below a folder and may be read, and findings about those that may not."""

from __future__ import annotations

import errno
import os
from collections.abc import Container, Sequence
from typing import NamedTuple

from broadsheet.errors import Diagnostic
from broadsheet.files import Files, Stamp
from broadsheet.walking import Walk


class Entry(NamedTuple):
    """A regular file found by a scan. `path` is relative to the scanned site folder, with "/"."""

    path: str
    size: int  # bytes
    stamp: Stamp


def scan(
    files: Files,
    folder: str,
    problems: list[Diagnostic],
    hidden: Sequence[str] = (),
    walk: Walk | None = None,
    but: Container[str] = (),
    missed: list[str] | None = None,
) -> list[Entry]:
    """Every regular file below `folder` (relative to the site folder), sorted by path. Missing folder: none. Where the
    folder is among those of a `walk`, it is not looked at again. Files that lie right in one of the folders in `but`
    (relative likewise) are left out.

    Hidden files and folders are left out, but for names in `hidden`; `missed` gets the paths of these. What can't be a
    source (links that leave the site folder, links to folders, pipes, devices) is reported as `unsafe-path` and left
    out.
    """
    top = os.path.join(files.root, folder) if folder else files.root
    found: list[Entry] = []
    if walk is None:
        walk = files.walk([top])
    for place in walk.places:
        below = place[len(top) :]
        if not place.startswith(top) or below[:1] not in ("", "/"):
            continue
        if _is_hidden(below, hidden):
            if missed is not None:
                missed.append(folder + below)
            continue
        current = folder + below if folder else below[1:]
        if current in but:
            continue
        there = walk.places[place]  # only now: it may have to be unpacked
        if not isinstance(there, list):
            number = there if isinstance(there, int) else errno.ENOTDIR
            if number != errno.ENOENT:
                problems.append(_unreadable(current, os.strerror(number)))
            continue
        for file in there:
            name = file[0]
            path = f"{current}/{name}" if current else name
            if name[0] == "." and name not in hidden:
                if missed is not None:
                    missed.append(path)
                continue
            if walk.odd and f"{place}/{name}" in walk.odd and not _usable(files, path, problems):
                continue
            if path.isascii() or _printable(path, problems):
                found.append(_new(Entry, (path, file[2], file[1:])))
    found.sort(key=_path)
    return found


_new = tuple.__new__  # for very many entries: half as long as calling the type


def _path(entry: Entry) -> str:
    return entry.path


def _is_hidden(below: str, shown: Sequence[str]) -> bool:
    """Whether a folder, or one above it, is hidden ("/a/.b/c")."""
    return "/." in below and any(step[0] == "." and step not in shown for step in below[1:].split("/"))


def _usable(files: Files, path: str, problems: list[Diagnostic]) -> bool:
    """Whether what is not a regular file leads to one that may be read."""
    reason = files.unusable(path)
    if reason:
        problems.append(
            Diagnostic(path, 0, 0, f"{reason}: not used", "unsafe-path", "put a copy of the file here instead")
        )
    return not reason


def _printable(path: str, problems: list[Diagnostic]) -> bool:
    if printable(path):
        return True
    problems.append(
        Diagnostic(shown(path), 0, 0, "the file's name is not UTF-8: not used", "unsafe-path", "rename the file")
    )
    return False


def shown(path: str) -> str:
    """A path for people, whatever its bytes are."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def printable(names: str) -> bool:
    """Whether all names are UTF-8: those that are not are told of in every build."""
    try:
        names.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unreadable(path: str, reason: str) -> Diagnostic:
    return Diagnostic(path, 0, 0, f"can't be read: {reason}", "unsafe-path", "check the folder's permissions")
