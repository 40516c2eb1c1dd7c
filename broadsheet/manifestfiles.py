"""The files of an output folder's manifest: where they lie, and how they are read and replaced."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from broadsheet import manifests
from broadsheet.files import Files, Stamp
from broadsheet.manifests import STATE, Known, Manifest

_MANIFEST = "manifest"
_BASE = "manifest.base"  # as it was last written whole, where the manifest says no more than what changed since
_FORMER = "manifest.json"
_TRIES = 3


class ManifestFiles:
    """The manifest of an output folder. Who replaces it holds the folder's lock."""

    def __init__(self, files: Files, folder: str) -> None:
        self._files = files
        self._state = os.path.join(os.path.realpath(folder), STATE)
        self._manifest, self._base, self._former = (os.path.join(self._state, n) for n in (_MANIFEST, _BASE, _FORMER))

    @property
    def place(self) -> str:
        """Where it lies: a former version's until the first publication of this one."""
        former = os.path.lexists(self._former) and not os.path.lexists(self._manifest)
        return self._former if former else self._manifest

    @property
    def is_former(self) -> bool:
        """Whether a former version's is still there."""
        return os.path.lexists(self._former)

    @property
    def lies_there(self) -> bool:
        """Whether there is one, sound or not, or a part of one."""
        return any(map(os.path.lexists, (self._manifest, self._base, self._former)))

    def stamps(self) -> tuple[Stamp, ...]:
        """The stamps of its two files, of which the second need not be there."""
        return self._files.stamp(self.place), self._files.stamp(self._base)

    def places(self) -> tuple[str, str]:
        """Where they lie."""
        return self.place, self._base

    def read(self, known: Known | None = None) -> Manifest | None:
        """What it says, None where there is no sound one. It is not read where it is `known` by its stamps."""
        if known and known.mark and known.stamps == self.stamps():
            found = known.manifest(lambda: self._files.read_or_none(self.place))
            if found is not None:
                return found
        for _ in range(_TRIES):  # for who reads without the lock: one file may be replaced before the other is read
            data = self._files.read_or_none(self.place)
            found = manifests.read(data, lambda: self._files.read_or_none(self._base), known) if data else None
            if found is not None:
                return found
        return None

    def write(self, before: Manifest | None, files: Mapping[str, str], gone: Iterable[str], *, whole: bool) -> Manifest:
        """Replace it by the one that `manifests.written` gives. To do so again makes no difference."""
        after, data = manifests.written(before, files, gone, whole=whole)
        if after.changes and before and not before.changes:
            self._files.link(self._manifest, self._base)
            self._files.sync(self._base)  # a copy, where there are no hard links
            self._files.sync(self._state)
        write_synced(self._files, self._manifest, data)
        if not after.changes and os.path.lexists(self._base):
            self._files.remove(self._base)
        if self.is_former:
            self._files.remove(self._former)
        return after


def write_synced(files: Files, path: str, data: bytes) -> None:
    """Put a file in place, and wait until it is on the disk there."""
    fresh = path + ".new"
    files.write(fresh, data)
    files.sync(fresh)
    files.rename(fresh, path)
    files.sync(os.path.dirname(path))
