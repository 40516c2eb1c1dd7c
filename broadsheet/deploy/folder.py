"""A folder of this machine: releases side by side, and a link `current` that is switched from one to the next.

ROOT/current -> releases/20260501-060000-1a2b3c     what the web server serves
ROOT/releases/ID/                                   each deploy, unchanged files hard-linked
ROOT/manifests/ID.json.gz                           what was deployed when
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack

from broadsheet.deploy import remains
from broadsheet.deploy.records import FOLDER, BusyError, Claim, Deployed, DeployError, dumps, loads
from broadsheet.deploy.targets import Upload
from broadsheet.files import Files, LockedError

RELEASES, MANIFESTS, CURRENT, COMING = "releases", "manifests", "current", ".coming"
WRITTEN = (RELEASES, MANIFESTS, CURRENT, FOLDER)  # all that a deploy writes to in the folder


class FolderTarget:
    """Releases below `root` (absolute), of which `keep` stay."""

    switches = True
    keeps_headers = False

    def __init__(self, files: Files, root: str, keep: int) -> None:
        self._files = files
        self._root = root
        self._keep = keep
        self._stack = ExitStack()
        self.where = root

    # --- looking -----------------------------------------------------------------------------------------------

    def manifest(self) -> Deployed | None:
        name = self._current()
        return self.manifest_of(name) if name and self._files.stamp(self._manifest_place(name)) else None

    def remains(self, base_url: str) -> Deployed | None:
        name = self._current()
        return remains.told(self._files, self._at(RELEASES, name), base_url) if name else None

    def claim(self) -> Claim | None:
        return None  # the lock dies with its process, and what a dead one left is used as far as it goes

    def probe(self, paths: Sequence[str]) -> Mapping[str, str]:
        return {}

    def altered(self, sizes: Mapping[str, int]) -> Collection[str]:
        release = self._at(RELEASES, self._current())
        return [path for path, size in sizes.items() if self._files.size(os.path.join(release, path)) != size]

    def strangers(self, paths: Collection[str]) -> Sequence[str]:
        place, name = self._at(CURRENT), self._current()
        if not name:
            return [CURRENT] if os.path.lexists(place) else []
        return [path for path in paths if os.path.lexists(self._at(RELEASES, name, path))]

    # --- changing ----------------------------------------------------------------------------------------------

    def begin(self, claim: Claim, after: Deployed, replacing: Claim | None) -> None:
        try:
            self._stack.enter_context(self._files.lock(self._at(FOLDER, "lock")))
        except LockedError:
            raise BusyError(f"{self.where}: another deploy is under way: wait for it to end") from None
        except OSError as error:
            raise DeployError(f"{self.where}: it can't be written: {error.strerror}") from None
        self._before = self._current()
        self._fresh: list[str] = []
        self._link_all(frozenset(claim.paths), frozenset(after.files))

    def _link_all(self, put: Collection[str], wanted: Collection[str]) -> None:
        """Fill the coming release with what is current, files of others too. What an interrupted deploy left there of
        those that are to be `put` stays, to be compared with them."""
        coming, old = self._at(RELEASES, COMING), self._at(RELEASES, self._before)
        there = set(self._files.below(old)) if self._before else set()
        for path in list(self._files.below(coming)):
            if path not in put or path not in wanted:
                self._files.remove(os.path.join(coming, path))
        for path in there:
            if path not in put or not self._files.stamp(os.path.join(coming, path)):
                self._files.link(os.path.join(old, path), os.path.join(coming, path))

    def put(self, uploads: Iterable[Upload], read: Callable[[Upload], bytes], done: Callable[[Upload], object]) -> None:
        for upload in uploads:
            target = self._at(RELEASES, COMING, upload.path)
            data = read(upload)
            if self._files.read_or_none(target) != data:
                self._files.write(target + ".new", data)
                self._files.rename(target + ".new", target)
                self._fresh.append(target)
            done(upload)

    def delete(self, paths: Sequence[str]) -> None:
        for path in paths:
            target = self._at(RELEASES, COMING, path)
            self._files.remove(target)
            self._files.remove_empty_folders(os.path.dirname(target), self._at(RELEASES, COMING))

    def commit(self, deployed: Deployed) -> None:
        if self._current() != self._before:
            raise DeployError(f"{self.where}: another deploy was made meanwhile: run this one again")
        manifest = self._manifest_place(deployed.id)
        self._files.write(manifest, dumps(deployed))
        self._files.sync_all([*self._fresh, manifest], self._root)
        self._files.rename(self._at(RELEASES, COMING), self._at(RELEASES, deployed.id))
        self._files.point(self._at(CURRENT), f"{RELEASES}/{deployed.id}")
        self._files.sync(self._root)

    def end(self) -> None:
        for release in self.releases()[self._keep :]:
            if release != self._current():
                self._files.remove_tree(self._at(RELEASES, release))
                self._files.remove(self._manifest_place(release))

    def close(self) -> None:
        self._stack.close()

    # --- earlier releases --------------------------------------------------------------------------------------

    def releases(self) -> Sequence[str]:
        folders = set(self._files.folders(self._at(RELEASES)))
        return sorted((name for name in self._manifests() if name in folders), reverse=True)

    def manifest_of(self, release: str) -> Deployed:
        place = self._manifest_place(release)
        return loads(self._files.read_or_none(place) or b"", place)

    def mentions(self, release: str, names: Sequence[str]) -> Collection[str]:
        sought = [name.encode() for name in names]
        found = []
        for path in self.manifest_of(release).files:
            data = self._files.read_or_none(self._at(RELEASES, release, path)) or b""
            if any(name in data for name in sought):
                found.append(path)
        return found

    def restore(self, release: str, paths: Sequence[str]) -> None:
        for path in paths:
            self._files.link(self._at(RELEASES, release, path), self._at(RELEASES, COMING, path))

    def _manifests(self) -> Iterator[str]:
        for path in self._files.below(self._at(MANIFESTS)):
            if path.endswith(".json.gz"):
                yield path.removesuffix(".json.gz")

    def _manifest_place(self, release: str) -> str:
        return self._at(MANIFESTS, release + ".json.gz")

    def _current(self) -> str:
        """The release that is served; "" where there is none."""
        led = self._files.leads_to(self._at(CURRENT))
        name = led.removeprefix(RELEASES + "/")
        if led and (name == led or "/" in name or name.startswith(".")):
            raise DeployError(f"{self.where}/{CURRENT}: it leads to {led}, which is no release: remove the link")
        return name

    def _at(self, *names: str) -> str:
        return os.path.join(self._root, *names)
