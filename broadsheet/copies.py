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
        was = self._before.get(path)
        if was is not None and was[0] == stamp:
            self.known[path] = was
            return was[1]
        found = digest(self._files.read(path))
        if settled(stamp, self._since):
            self.known[path] = (stamp, found)
        return found
