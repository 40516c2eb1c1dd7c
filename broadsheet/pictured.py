"""The pictures that pages name, each at the place where it is named: what one build found out of a picture, the next
need not find out again, nor even read, as long as nobody asks for it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Set
from functools import cached_property
from typing import Any, Final, TypeAlias

from broadsheet import contexts, images
from broadsheet.codec import packed
from broadsheet.digest import digest
from broadsheet.files import Stamp
from broadsheet.frozen import FrozenMap, record
from broadsheet.lazily import Recent
from broadsheet.links import PictureFacts, picture_mark
from broadsheet.table import Table
from broadsheet.urls import Base

_AT_HAND = 5_000  # facts: a story's picture is asked for by its page and by the lists that show it

# What is kept of a place: the folder in which its picture lies, where the mark of all that lies there says that it is
# as it was ("": it is looked for in every build); the picture's path from the site folder and its stamp (walking.pack);
# what pages show of it (`links.picture_mark`); the packed `Looked`; what stands for the planned variants, and the place
# of the first on the site (both empty: there are none); whether it moves.
Entry: TypeAlias = tuple[str, str, bytes, bytes, bytes, bytes, str, bool]
FOLDER: Final = 0
PATH: Final = 1
STAMP: Final = 2
TOLD: Final = 3
LOOK: Final = 4
PLANNED: Final = 5
ADDRESS: Final = 6
MOVES: Final = 7
APART = frozenset([STAMP, TOLD, LOOK, ADDRESS])  # of which a build looks at few
NONE = Table.of(MOVES + 1, {})
# What is kept of a folder of pictures: the mark of all that lay right in it (walking.Walk.listed).
MARK: Final = 0
NO_FOLDERS = Table.of(MARK + 1, {})


@record
class SourcePicture:
    """A picture file that the site shows: its path from the site folder, digest, and planned variants."""

    path: str
    digest: bytes
    planned: images.Planned


@record
class Looked:
    """What a look at a picture told: what is made of its file, or why it can't be shown (code, message, hint);
    `elsewhere` is the address of one on another host."""

    picture: SourcePicture | None
    problem: tuple[str, str, str] | None = None
    animated: bool = False
    elsewhere: str = ""


@record
class PictureGroup:
    """Some of the pictures, planned together: `paths` are theirs, each file that is the same as another one left out;
    `mark` stands for all that is planned of them."""

    number: int
    mark: bytes
    paths: tuple[str, ...]


class Pictured(Mapping[tuple[str, str], PictureFacts]):
    """What is known of each picture by the folder of the source that names it, and the name as written there.

    `table` has an `Entry` a place (`place_of`), `folders` the mark of each folder that holds any; `changed` are the
    places of which pages may show something else than in the last build; `tried` the paths outside of content/ and
    static/ that were asked for, each with its stamp before that.
    """

    def __init__(
        self,
        table: Table,
        folders: Table,
        base: Base,
        unpack: Callable[[bytes], Any],
        changed: Set[str] = frozenset(),
        tried: Mapping[str, Stamp] = FrozenMap(),
    ) -> None:
        self.table = table
        self.folders = folders
        self.changed = changed
        self.tried = tried
        self._base = base
        self._unpack = unpack
        self._facts: Recent[str, PictureFacts] = Recent(_AT_HAND)

    def __getitem__(self, named: tuple[str, str]) -> PictureFacts:
        place = place_of(*named)
        found = self._facts.get(place)
        if found is None:
            look: Looked = self._unpack(self.table.value(LOOK, place))
            found = self._facts.keep(place, facts(look, self._base))
        return found

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for place in self.table:
            folder, _, src = place.partition("\0")
            yield folder, src

    def __len__(self) -> int:
        return len(self.table)

    # --- the files that are published ----------------------------------------------------------------------------

    def groups(self) -> list[PictureGroup]:
        """All pictures, in groups of which a new one changes one. Equal files under one name have equal variants, which
        are planned once."""
        first: dict[bytes, str] = {}
        for planned, path in zip(self.table.every(PLANNED), self.table.every(PATH), strict=True):
            if planned and first.setdefault(planned, path) > path:
                first[planned] = path
        found: dict[int, list[tuple[str, bytes]]] = {}
        for planned, path in first.items():
            found.setdefault(planned[0], []).append((path, planned))
        return [
            PictureGroup(number=number, mark=digest(packed(told)), paths=tuple([path for path, _ in told]))
            for number, told in sorted((number, sorted(told)) for number, told in found.items())
        ]

    def picture(self, path: str) -> SourcePicture:
        """That of a file which is published. Raises KeyError where none is."""
        look: Looked = self._unpack(self.table.value(LOOK, self._places[path]))
        assert look.picture is not None  # noqa: S101  # or it had no variants
        return look.picture

    def paths(self) -> Collection[str]:
        """The path of each file that is published, once."""
        return self._places.keys()

    def addresses(self) -> Iterator[str]:
        """The place on the site of the first variant of each picture."""
        return filter(None, self.table.every(ADDRESS))

    def animated(self) -> set[str]:
        """The paths of those that move."""
        told = zip(self.table.every(PATH), self.table.every(MOVES), strict=True)
        return {path for path, moves in told if moves}

    @cached_property
    def _places(self) -> dict[str, str]:
        """A place that names it, for the path of each."""
        table = self.table
        told = zip(table.every(PATH), table, table.every(PLANNED), strict=True)
        return {path: place for path, place, planned in told if planned}


def place_of(folder: str, src: str) -> str:
    """The name of a place: the folder of a source, and a picture as it is written there."""
    return f"{folder}\0{src}"


def entry(look: Looked, folder: str, path: str, stamp: bytes, base: Base, pack: Callable[[object], bytes]) -> Entry:
    """What to keep of a place."""
    variants = [variant.path.removeprefix("/") for variant in look.picture.planned.variants] if look.picture else []
    return (
        folder,
        path,
        stamp,
        picture_mark(facts(look, base)),
        pack(look),
        digest(packed((look.picture.digest, variants))) if look.picture else b"",
        variants[0] if variants else "",
        look.animated,
    )


def facts(look: Looked, base: Base) -> PictureFacts:
    """How to show a picture. One that isn't ours to show is a placeholder: its text is printed, as a link where there
    is an address."""
    if look.picture is not None:
        return PictureFacts(show=images.picture(look.picture.planned, base, alt=""))
    address = look.elsewhere
    stand_in = contexts.Picture(src=address, width=0, height=0, alt="", absolute=address, remote=True)
    return PictureFacts(show=stand_in, problem=look.problem)
