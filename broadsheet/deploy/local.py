"""What there is to deploy: the files of the output folder as its last build left them, and compressed siblings."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterable, Mapping, Sequence

from broadsheet import output
from broadsheet.buildnotes import Note
from broadsheet.deploy import kinds, refusals
from broadsheet.deploy.kinds import Pages
from broadsheet.deploy.records import DeployError
from broadsheet.deploy.targets import Upload
from broadsheet.digest import digest
from broadsheet.files import Files
from broadsheet.frozen import record

SMALL = 512  # bytes: a response of one packet gains nothing


@record
class Local:
    """The site as built: `files` by path with their digests (hex), those of `siblings` among them, which are compressed
    copies and lie nowhere until they are needed; `note` is its last build's, which told the `pages`."""

    folder: str
    files: Mapping[str, str]
    siblings: frozenset[str]
    note: Note
    pages: Pages


def read(files: Files, folder: str, compress: Sequence[str]) -> Local:
    """The site in an output folder. DeployError where its last build failed, or there was none."""
    note = output.read_note(files, folder)
    if note is None:
        raise DeployError(f"{folder}: the last build didn't end well, or there was none: build the site first")
    real = os.path.realpath(folder)
    found = dict(output.listed(files, folder))
    pages = Pages(lists=frozenset(note.lists), disguised=frozenset(note.disguised))
    siblings = {}
    for path in found if compress else ():
        if kinds.compressible(path, pages) and _size(files, os.path.join(real, path)) >= SMALL:
            names = ((f"{path}.{encoding}", encoding) for encoding in compress)
            siblings.update(
                {name: kinds.sibling(found[path], encoding) for name, encoding in names if name not in found}
            )
    return Local(folder=real, files={**found, **siblings}, siblings=frozenset(siblings), note=note, pages=pages)


class Store:
    """Where the files to be put lie here: the output folder, and a cache of siblings, each made once per content.
    Without `keep` nothing is written, as a dry run promises."""

    def __init__(self, files: Files, local: Local, cache: str, *, keep: bool) -> None:
        self._files = files
        self._local = local
        self._cache = cache
        self._keep = keep

    def size(self, path: str) -> int:
        """In bytes. A sibling is made for it, if that wasn't done yet."""
        place = self._where(path)
        if path not in self._local.siblings or self._files.stamp(place):
            return _size(self._files, place)
        data = _compressed(self._read(kinds.uncompressed(path)), path)
        if self._keep:
            self._files.write(place + ".new", data)
            self._files.rename(place + ".new", place)
        return len(data)

    def sizes(self, paths: Iterable[str]) -> dict[str, int]:
        """In bytes, but of siblings that were not made yet: none is made for it."""
        return {path: stamp[1] for path in paths if (stamp := self._files.stamp(self._where(path)))}

    def check(self, paths: Iterable[str], secrets: Iterable[str]) -> None:
        """DeployError where one of these files holds a secret, or is not as the build left it."""
        hidden = [secret.encode() for secret in secrets]
        for path in paths:
            if path not in self._local.siblings:
                refusals.check_bytes(path, self._read(path), hidden)

    def upload(self, path: str, *, fresh: bool, headers: bool) -> Upload:
        return Upload(
            path=path,
            digest=self._local.files[path],
            place=self._where(path),
            size=self.size(path),
            headers=kinds.headers(path, self._local.pages, sibling=path in self._local.siblings) if headers else {},
            fresh=fresh,
        )

    def read(self, upload: Upload) -> bytes:
        """The bytes of a file. DeployError where they are not what the build made."""
        return self._files.read(upload.place) if upload.path in self._local.siblings else self._read(upload.path)

    def _read(self, path: str) -> bytes:
        data = self._files.read_or_none(os.path.join(self._local.folder, path))
        if data is None or digest(data).hex() != self._local.files[path]:
            raise DeployError(f"{path}: the file is not as the build left it: build the site again")
        return data

    def _where(self, path: str) -> str:
        if path in self._local.siblings:
            return os.path.join(self._cache, self._local.files[path])
        return os.path.join(self._local.folder, path)


def _compressed(data: bytes, path: str) -> bytes:
    if path.endswith(".gz"):
        return gzip.compress(data, 9, mtime=0)
    try:
        import brotli
    except ImportError:
        raise DeployError("compress: [br] needs the package brotli: pip install 'broadsheet[compress]'") from None
    made: bytes = brotli.compress(data, mode=brotli.MODE_TEXT, quality=11)
    return made


def _size(files: Files, place: str) -> int:
    stamp = files.stamp(place)
    return stamp[1] if stamp else 0
