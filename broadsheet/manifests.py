"""How an output folder's manifest is written: which files Broadsheet made there, with their digests.

An archive has a hundred thousand files: lines, which are cut and joined at the speed of C. The first line gives the
digest of the others, so that what was torn, or changed by others, is not believed. Where few files of many have
changed, only they are written: the second line of these names the manifest that was written whole before, and now lies
beside them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import TypeAlias

from broadsheet.digest import digest
from broadsheet.frozen import FrozenMap, record

Stamp: TypeAlias = tuple[int, ...]  # as in files.py

STATE = ".broadsheet"  # below the output folder; never deployed
_HEAD = b"broadsheet manifest 2 "
_HEAD_OF_CHANGES = b"broadsheet manifest changes 1 "
_FORMER = 1  # a version that was JSON
_FEW = 5_000  # files, of which all are written each time
_SHARE = 20  # changes of more than one in so many files are too many


class Changed(Mapping[str, str]):
    """Files of a manifest with what has become different: path -> digest, "" where one is gone."""

    def __init__(self, files: Mapping[str, str], changes: Mapping[str, str]) -> None:
        self._files = files
        self._changes = changes

    def __getitem__(self, path: str) -> str:
        found = self._changes.get(path)
        if found == "":
            raise KeyError(path)
        return self._files[path] if found is None else found

    def __iter__(self) -> Iterator[str]:
        yield from (path for path in self._files if self._changes.get(path) != "")
        yield from (path for path, made in self._changes.items() if made and path not in self._files)

    def __len__(self) -> int:
        gone = [path for path, made in self._changes.items() if not made and path in self._files]
        come = [path for path, made in self._changes.items() if made and path not in self._files]
        return len(self._files) - len(gone) + len(come)

    def plain(self) -> dict[str, str]:
        """All of them, at the speed of C."""
        found = {**self._files, **self._changes}
        for path, made in self._changes.items():
            if not made:
                del found[path]
        return found


@record
class Manifest:
    """What a manifest lists: `files`, path -> digest in hex. `mark` stands for all of it. `changes` are those of them
    that are other ones than in the manifest as it was last written whole, whose mark is `whole`; "" of one that is
    gone."""

    files: Mapping[str, str]
    whole: bytes
    changes: Mapping[str, str] = FrozenMap()
    mark: bytes


def dumps(files: Mapping[str, str]) -> bytes:
    """A manifest of files: path -> digest in hex. Equal files give equal bytes. Neither may hold a line feed."""
    paths = sorted(files)
    lines = [""] * (2 * len(paths) + 1)
    lines[:-1:2] = paths
    lines[1::2] = map(files.__getitem__, paths)
    body = "\n".join(lines).encode("utf-8", "surrogatepass")
    return _HEAD + digest(body).hex().encode() + b"\n" + body


def _mark(data: bytes) -> bytes:
    """What stands for all that a manifest lists that was written whole; of nothing, nothing."""
    head = data.partition(b"\n")[0]
    return head.removeprefix(_HEAD) if head.startswith(_HEAD) else b""


@record
class Known:
    """What a manifest of this `mark` lists, as `files` gives it to who has it at hand; `stamps` are those of its two
    files, as they were put there."""

    mark: bytes
    files: Callable[[], Mapping[str, str]]
    stamps: tuple[Stamp, ...] = ()

    def manifest(self, data: Callable[[], bytes | None]) -> Manifest | None:
        """All of it; of its first file's `data` only changes are read."""
        whole, _, changed = self.mark.partition(b"+")
        told = _changes(data() or b"") if changed else (whole, {})
        if told is None or told[0] != whole:
            return None
        return Manifest(files=self.files(), whole=whole, changes=told[1], mark=self.mark)


def written(
    before: Manifest | None, files: Mapping[str, str], gone: Iterable[str], *, whole: bool
) -> tuple[Manifest, bytes]:
    """The manifest with these `files` put in and others taken out, or (`whole`) of these alone; and the bytes of its
    first file. To do so again makes no difference."""
    if before is not None and not whole:
        changes = {**before.changes, **files, **dict.fromkeys(gone, "")}
        found = Changed(before.files, changes)
        if before.whole and changes and len(found) >= _FEW and len(changes) <= 100 + len(found) // _SHARE:
            data = _dumps_changes(before.whole, changes)
            mark = _of_both(before.whole, data)
            return Manifest(files=found, whole=before.whole, changes=changes, mark=mark), data
        files = found.plain()
    data = dumps(files)
    return Manifest(files=files, whole=_mark(data), mark=_mark(data)), data


def read(data: bytes, base: Callable[[], bytes | None], known: Known | None = None) -> Manifest | None:
    """A manifest out of its first file; of this form or the former one; None where it isn't sound, or names a file
    outside of the output folder. `base` gives the other one. One that is `known` is not read line by line."""
    changes: dict[str, str] = {}
    mark = whole = _mark(data)
    if data.startswith(_HEAD_OF_CHANGES):
        told = _changes(data)
        if told is None:
            return None
        mark, (whole, changes), data = _of_both(told[0], data), told, base() or b""
        if _mark(data) != whole:
            return None
    if known and known.mark == mark and _sound(data):
        there = known.files()
        if changes or len(there) * 2 + 1 == data.count(b"\n"):
            return Manifest(files=there, whole=whole, changes=changes, mark=mark)
    files = loads(data)
    if files is None:
        return None
    return Manifest(files=Changed(files, changes) if changes else files, whole=whole, changes=changes, mark=mark)


def _dumps_changes(whole: bytes, changes: Mapping[str, str]) -> bytes:
    lines = [whole.decode(), *chain.from_iterable(sorted(changes.items())), ""]
    body = "\n".join(lines).encode("utf-8", "surrogatepass")
    return _HEAD_OF_CHANGES + digest(body).hex().encode() + b"\n" + body


def _changes(data: bytes) -> tuple[bytes, dict[str, str]] | None:
    """The mark of the manifest that was written whole, and what has become different since; None where it isn't
    sound."""
    head, _, body = data.partition(b"\n")
    if head != _HEAD_OF_CHANGES + digest(body).hex().encode():
        return None
    try:
        whole, *lines = body.decode("utf-8", "surrogatepass").split("\n")
        found = dict(zip(lines[:-1:2], lines[1::2], strict=True))
        mark = whole.encode()
    except ValueError:
        return None
    return (mark, found) if lines[-1:] == [""] and all(map(inside, found)) else None


def _of_both(whole: bytes, changes: bytes) -> bytes:
    return whole + b"+" + digest(changes).hex().encode()


def _sound(data: bytes) -> bool:
    """Whether a manifest is what was written."""
    head, ended, body = data.partition(b"\n")
    return bool(ended) and head == _HEAD + digest(body).hex().encode()


def loads(data: bytes) -> dict[str, str] | None:
    """The files of a manifest as it was last written whole, of this form or the former one; None where it isn't sound,
    or names a file outside of the output folder."""
    if data.startswith(b"{"):
        return _former(data)
    if not _sound(data):
        return None
    body = data.partition(b"\n")[2]
    try:
        text = body.decode("utf-8", "surrogatepass")
        lines = text.split("\n")
        found = dict(zip(lines[:-1:2], lines[1::2], strict=True))
    except ValueError:
        return None
    complete = lines[-1] == "" and len(found) * 2 + 1 == len(lines)
    return found if complete and _all_inside(text, found) else None


def _all_inside(text: str, paths: Mapping[str, str]) -> bool:
    """`inside` of all paths of a manifest's lines. Hardly ever does a step begin with a dot, which is seen at once."""
    doubtful = any(sign in text for sign in ("//", "/.", "/\n", "\n/", "\n.", "\n\n", "\0")) or text[:1] in "/.\n"
    return (bool(text) and not doubtful) or all(map(inside, paths))


def inside(path: str) -> bool:
    """Whether a path is relative and names a file of the site: in the output folder, and not of its state."""
    steps = path.split("/")
    return "\0" not in path and steps[0] != STATE and not {"", ".", ".."} & set(steps)


def _former(data: bytes) -> dict[str, str] | None:
    try:
        value = json.loads(data)
    except ValueError:
        return None
    if not isinstance(value, dict) or value.get("version") != _FORMER or not isinstance(value.get("files"), dict):
        return None
    found = {str(path): str(made) for path, made in value["files"].items()}
    return found if all(map(inside, found)) else None
