"""What is published as it is: the digests of files, of which most are as they were in the last build."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from broadsheet.digest import digest
from broadsheet.files import Files, Stamp, settled

# By path, as it is named: the stamp of a file, and the digest of its bytes.
Copied: TypeAlias = Mapping[str, tuple[Stamp, bytes]]


class Copies:
    """The digests of some files. One that has the stamp that it had `before` is not read."""

    def __init__(self, files: Files, before: Copied) -> None:
        self._files = files
        self._before = before
        self._since = files.now()
        self.known: dict[str, tuple[Stamp, bytes]] = {}  # what the next build may go by

    def digest(self, path: str) -> bytes:
        """That of a file (relative to the site folder, or absolute). Raises OSError where there is none."""
        stamp = self._files.stamp(path)  # first: what changes from now on has another one
        found, stamp = now_of(self._files, path, stamp, self._before.get(path), self._since)
        if stamp:
            self.known[path] = (stamp, found)
        return found


def now_of(files: Files, path: str, stamp: Stamp, was: tuple[Stamp, bytes] | None, since: int) -> tuple[bytes, Stamp]:
    """The digest of a file with this stamp, and the stamp, where it can be trusted: it was looked at `since`. `was`:
    what they were before."""
    if was is not None and was[0] == stamp:
        return was[1], stamp
    found = digest(files.read(path))
    return found, stamp if settled(stamp, since) else ()
