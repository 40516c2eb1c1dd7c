"""How an output folder's manifest is written: which files Broadsheet made there, with their digests.

A build reads and writes it whole, and an archive has a hundred thousand files: lines, which are cut and joined at the
speed of C. The first line gives the digest of the others, so that what was torn, or changed by others, is not believed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from broadsheet.digest import digest
from broadsheet.frozen import record

STATE = ".broadsheet"  # below the output folder; never deployed
_HEAD = b"broadsheet manifest 2 "
_FORMER = 1  # a version that was JSON


def dumps(files: Mapping[str, str]) -> bytes:
    """A manifest of files: path -> digest in hex. Equal files give equal bytes. Neither may hold a line feed."""
    paths = sorted(files)
    lines = [""] * (2 * len(paths) + 1)
    lines[:-1:2] = paths
    lines[1::2] = map(files.__getitem__, paths)
    body = "\n".join(lines).encode("utf-8", "surrogatepass")
    return _HEAD + digest(body).hex().encode() + b"\n" + body


def mark(data: bytes) -> bytes:
    """What stands for all that a manifest lists; of nothing, nothing."""
    head = data.partition(b"\n")[0]
    return head.removeprefix(_HEAD) if head.startswith(_HEAD) else b""


@record
class Known:
    """What a manifest of this `mark` lists, as `files` gives it to who has it at hand."""

    mark: bytes
    files: Callable[[], dict[str, str]]


def loads(data: bytes, known: Known | None = None) -> dict[str, str] | None:
    """The files of a manifest, of this form or the former one; None where it isn't sound, or names a file outside of
    the output folder. One that is `known` is not read line by line."""
    if data.startswith(b"{"):
        return _former(data)
    head, ended, body = data.partition(b"\n")
    if not ended or head != _HEAD + digest(body).hex().encode():
        return None
    if known and known.mark == mark(data):
        there = known.files()
        if len(there) * 2 == body.count(b"\n"):
            return there
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
