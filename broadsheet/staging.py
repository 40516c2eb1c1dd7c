"""Files of a new site that wait beside the old one until they are published."""

from __future__ import annotations

import os

from broadsheet.digest import digest
from broadsheet.errors import OutputError
from broadsheet.files import Files
from broadsheet.frozen import FrozenMap, record


@record
class Aside:
    """Where files go until they are published, for whoever writes them: `ours` says of each path (relative to the
    output `folder`) whether the last publication put a file there, `first` what the first is called in `stage`."""

    folder: str
    stage: str
    paths: tuple[str, ...]
    ours: tuple[bool, ...]
    first: int
    adopt: bool
    dry: bool = False  # nothing is written: it is only told what would be
    places: FrozenMap[str, str] = FrozenMap()  # path -> where its bytes lie until an interrupted publication is over


@record
class SetAside:
    """A file that waits in the stage as `name`; without one, the very same bytes are already in place."""

    path: str
    digest: str
    name: str
    size: int  # bytes


def set_aside(files: Files, aside: Aside, index: int, data: bytes) -> SetAside:
    """Write the bytes of one of the paths of `aside`, unless they are in place. OutputError where somebody else's file
    is."""
    path, ours = aside.paths[index], aside.ours[index]
    target = aside.places.get(path) or os.path.join(aside.folder, path)
    found = digest(data).hex()
    current = files.read_or_none(target) if ours or os.path.lexists(target) else None
    if current == data and ours:
        return SetAside(path=path, digest=found, name="", size=len(data))
    if current is not None and not ours and current != data and not aside.adopt:
        raise OutputError(
            f"{target}: the new site has a file of this name, but Broadsheet didn't make the one that is there: "
            "move it away, or into static/"
        )
    name = str(aside.first + index)
    if not aside.dry:
        files.write(os.path.join(aside.stage, name), data)
    return SetAside(path=path, digest=found, name=name, size=len(data))
