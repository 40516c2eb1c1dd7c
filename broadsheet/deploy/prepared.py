"""Hosts that have a program of their own for uploading, by digest as well: here the site is laid out in a folder as
they want it (docs/deploy.md has their configuration), once their limits were checked (`limits`)."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from broadsheet.deploy import remains
from broadsheet.deploy.records import Claim, Deployed, dump_claim, dumps, load_claim, loads
from broadsheet.deploy.targets import Upload
from broadsheet.digest import digest
from broadsheet.files import Files


class PreparedTarget:
    """The site in the folder `path` (absolute), for the program of a host. What others put there stays."""

    switches = False
    keeps_headers = False

    def __init__(self, files: Files, path: str, folder: str) -> None:
        """`folder` is one of our own, where the manifest lies: the host gets everything in `path`."""
        self._files = files
        self._path = path
        self._manifest = os.path.join(folder, "deployed.json.gz")
        self._claim = os.path.join(folder, "deploying.json")
        self._coming = os.path.join(path, ".broadsheet.new")  # whatever is on its way: no file of a site is hidden
        self.where = path

    def manifest(self) -> Deployed | None:
        data = self._files.read_or_none(self._manifest)
        return loads(data, self._manifest) if data and os.path.isdir(self._path) else None

    def remains(self, base_url: str) -> Deployed | None:
        return remains.told(self._files, self._path, base_url)

    def claim(self) -> Claim | None:
        data = self._files.read_or_none(self._claim)
        return load_claim(data, self._claim) if data else None

    def probe(self, paths: Sequence[str]) -> Mapping[str, str]:
        found = ((path, self._files.read_or_none(os.path.join(self._path, path))) for path in paths)
        return {path: "" if data is None else digest(data).hex() for path, data in found}

    def altered(self, sizes: Mapping[str, int]) -> Collection[str]:
        return [path for path, size in sizes.items() if self._files.size(os.path.join(self._path, path)) != size]

    def strangers(self, paths: Collection[str]) -> Sequence[str]:
        return [path for path in paths if os.path.lexists(os.path.join(self._path, path))]

    def begin(self, claim: Claim, after: Deployed, replacing: Claim | None) -> None:
        self._files.write(self._claim + ".new", dump_claim(claim))
        self._files.rename(self._claim + ".new", self._claim)
        self._files.remove(self._coming)  # what a deploy that was killed left

    def put(self, uploads: Iterable[Upload], read: Callable[[Upload], bytes], done: Callable[[Upload], object]) -> None:
        for upload in uploads:
            self._files.write(self._coming, read(upload))
            self._files.rename(self._coming, os.path.join(self._path, upload.path))
            done(upload)

    def delete(self, paths: Sequence[str]) -> None:
        for path in paths:
            target = os.path.join(self._path, path)
            self._files.remove(target)
            self._files.remove_empty_folders(os.path.dirname(target), self._path)

    def commit(self, deployed: Deployed) -> None:
        self._files.write(self._manifest + ".new", dumps(deployed))
        self._files.rename(self._manifest + ".new", self._manifest)

    def end(self) -> None:
        self._files.remove(self._claim)

    def close(self) -> None:
        pass
