"""A look at all files of a site that was begun before the build that needs it, in other processes: meanwhile this one
loads what a build is made of, and what it remembers."""

from __future__ import annotations

import marshal
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import TypeAlias

from broadsheet.digest import digest
from broadsheet.files import Files, Stamp
from broadsheet.frozen import FrozenMap, record
from broadsheet.lazily import LazyMapping
from broadsheet.walking import Place, Walk, beside, dumps

STATE = os.path.join(".broadsheet", "state.sqlite")  # below the site folder

# What is told of published files: what stands for all their stamps; and where it is not what it was, the stamp of each
# (absolute).
Published: TypeAlias = tuple[bytes, Mapping[str, Stamp]]
# A walk in plain values: places, each as bytes; the odd ones; where these and the folders lead; the mark of each place,
# and when it was changed last.
Plain: TypeAlias = tuple[dict[str, bytes], list[str], dict[str, str], dict[str, bytes], dict[str, int]]


@record
class Look:
    """A look at some `folders` (absolute), and at what was published: both tell what is there once it is known. `kept`
    is the stamp of the site's state before anybody looked (None: whoever builds begins with the look)."""

    folders: tuple[str, ...]
    walk: Callable[[], Walk]
    published: Callable[[], Published] = lambda: (b"", FrozenMap())
    kept: Stamp | None = None


def done(walk: Walk) -> Look:
    """A look that is over, at nothing but folders."""
    walk = replace(walk, marks=walk.listed())
    return Look(folders=walk.folders, walk=lambda: walk)


@contextmanager
def begun(files: Files, folders: Sequence[str]) -> Iterator[Callable[[], Walk]]:
    """Begin to look at all that lies in some folders; gives what waits for what there is."""
    act, walk_of = elsewhere(files, folders)
    with beside(act) as asked:
        yield cache(lambda: walk_of(asked()))


def elsewhere(files: Files, folders: Sequence[str]) -> tuple[Callable[[], Plain], Callable[[Plain], Walk]]:
    """A walk for another process: what it does, and what makes the walk of what it says. Each folder is sent as bytes:
    most are as they were, and nobody asks what lies in them."""
    since = files.now()  # before anybody looks, wherever that is

    def act() -> Plain:
        found = files.walk(folders)
        packed = {place: dumps(there) for place, there in found.places.items()}
        marks = {place: digest(data) for place, data in packed.items()}  # as `listed` has it
        return packed, list(found.odd), dict(found.leads), marks, dict(found.changed())

    def walk_of(plain: Plain) -> Walk:
        packed, odd, leads, marks, changes = plain
        return Walk(
            folders=tuple(folders),
            since=since,
            places=_Places(packed),
            odd=frozenset(odd),
            leads=leads,
            marks=marks,
            changes=changes,
        )

    return act, walk_of


class _Places(LazyMapping[Place]):
    """What lies in folders."""

    def __init__(self, packed: Mapping[str, bytes]) -> None:
        super().__init__(packed)
        self._packed = packed

    def __getitem__(self, place: str) -> Place:
        found: Place = marshal.loads(self._packed[place])  # noqa: S302  # our own bytes, of a moment ago
        return found
