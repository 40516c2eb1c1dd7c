"""A look at all files of a site that was begun before the build that needs it, in other processes: meanwhile this one
loads what a build is made of, and what it remembers."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TypeAlias

from broadsheet.digest import digest
from broadsheet.files import Files, Stamp
from broadsheet.frozen import FrozenMap, record
from broadsheet.lazily import LazyMapping
from broadsheet.walking import Place, Walk, beside, dumps

# What is told of published files: what stands for all their stamps; and where it is not what it was, the stamp of each
# (absolute).
Published: TypeAlias = tuple[bytes, Mapping[str, Stamp]]


@record
class Look:
    """A look at some `folders` (absolute), and at what was published: both tell what is there once it is known."""

    folders: tuple[str, ...]
    walk: Callable[[], Walk]
    published: Callable[[], Published] = lambda: (b"", FrozenMap())


def done(walk: Walk) -> Look:
    """A look that is over, at nothing but folders."""
    return Look(folders=walk.folders, walk=lambda: walk)


@contextmanager
def begun(files: Files, folders: Sequence[str]) -> Iterator[Callable[[], Walk]]:
    """Begin to look at all that lies in some folders; gives what waits for what there is. Each folder is sent as bytes:
    most are as they were, and nobody asks what lies in them."""

    def plain() -> tuple[int, dict[str, bytes], list[str], dict[str, bytes], dict[str, int]]:
        found = files.walk(folders)
        packed = {place: dumps(there) for place, there in found.places.items()}
        marks = {place: digest(data) for place, data in packed.items()}  # as `listed` has it
        return found.since, packed, list(found.odd), marks, dict(found.changed())

    with beside(plain) as asked:

        @cache
        def walk() -> Walk:
            since, packed, odd, marks, changes = asked()
            return Walk(
                folders=tuple(folders),
                since=since,
                places=_Places(packed),
                odd=frozenset(odd),
                marks=marks,
                changes=changes,
            )

        yield walk


class _Places(LazyMapping[Place]):
    """What lies in folders."""

    def __init__(self, packed: Mapping[str, bytes]) -> None:
        super().__init__(packed)
        self._packed = packed

    def __getitem__(self, place: str) -> Place:
        found: Place = marshal.loads(self._packed[place])  # noqa: S302  # our own bytes, of a moment ago
        return found
