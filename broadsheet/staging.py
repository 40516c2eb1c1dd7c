"""Files of a new site that wait beside the old one until they are published."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress

from broadsheet.digest import digest
from broadsheet.errors import OutputError
from broadsheet.files import Files
from broadsheet.frozen import FrozenMap, record


@record
class Aside:
    """Where files go until they are published, for whoever writes them: `ours` says of each path (relative to the
    output `folder`) whether the last publication put a file there, `names` what each is called in `stage`."""

    folder: str
    stage: str
    paths: tuple[str, ...]
    ours: tuple[bool, ...]
    names: tuple[str, ...]
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


class Stage:
    """The folder in which new files wait, of the output that is being published."""

    def __init__(self, files: Files, folder: str) -> None:
        self._files = files
        self.folder = folder
        self._names = 0  # how many were given out
        self._alike: dict[str, bool] = {}

    def new_name(self) -> str:
        """A name that nothing in it has."""
        self._names += 1
        return str(self._names)

    def hands_down_as(self, other: str) -> bool:
        """Whether a folder made here is as it would be had it been made in another folder."""
        if other not in self._alike:
            there = self.folder if os.path.isdir(self.folder) else os.path.dirname(self.folder)
            self._alike[other] = self._files.handed_down(there) == self._files.handed_down(other)
        return self._alike[other]

    def clear(self) -> None:
        """Remove all that lies in it."""
        for place in self._places():
            self._remove(place)

    def empty(self) -> None:
        """Remove what can be removed; the rest is for who opens the output next. Nobody hears of that: what is under
        way is over already, or an error is."""
        with suppress(OSError):
            for place in self._places():
                with suppress(OSError):
                    self._remove(place)

    def _places(self) -> Sequence[str]:
        names = os.listdir(self.folder) if os.path.isdir(self.folder) else []
        return [os.path.join(self.folder, name) for name in names]

    def _remove(self, place: str) -> None:
        if os.path.isdir(place):
            self._files.remove_tree(place)
        else:
            self._files.remove(place)


def set_aside(files: Files, aside: Aside, index: int, data: bytes) -> SetAside:
    """Write the bytes of one of the paths of `aside`, unless they are in place. OutputError where somebody else's file
    is."""
    path, ours = aside.paths[index], aside.ours[index]
    target = aside.places.get(path) or os.path.join(aside.folder, path)
    found = digest(data).hex()
    current = files.read_or_none(target) if ours or os.path.lexists(target) else None
    if current == data and ours and not os.path.islink(target):  # somebody's link would lead out of the output
        return SetAside(path=path, digest=found, name="", size=len(data))
    if current is not None and not ours and current != data and not aside.adopt:
        raise OutputError(
            f"{target}: the new site has a file of this name, but Broadsheet didn't make the one that is there: "
            "move it away, or into static/, or say --adopt to replace it"
        )
    name = aside.names[index]
    if not aside.dry:
        name = _written(files, aside.stage, name, data)
    return SetAside(path=path, digest=found, name=name, size=len(data))


def _written(files: Files, stage: str, name: str, data: bytes) -> str:
    """Write a file into the stage; gives the name that it has there."""
    try:
        files.write(f"{stage}/{name}", data)
    except (IsADirectoryError, NotADirectoryError, FileExistsError):
        # A file in place of a folder: when all are staged, whoever planned both is told of it, with all other errors.
        name = f"0{int.from_bytes(digest(os.fsencode(name))[:8], 'big')}"
        files.write(f"{stage}/{name}", data)
    return name
