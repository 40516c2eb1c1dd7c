"""The files of a plan, each with its key: what it depends on, in short."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import compress
from operator import ne

from broadsheet.codec import packed
from broadsheet.digest import digest
from broadsheet.lazily import LazyMapping, LazySequence
from broadsheet.model import Planned
from broadsheet.pages import Stories

_ONE_BY_ONE = 4  # times as long as all at once


def key(base: bytes, closure: bytes, page: Planned) -> bytes:
    """The key of a file: equal ones give equal bytes. `base` stands for what every page depends on, `closure` for what
    of the theme pages of its kind are made with."""
    return digest(b"".join((base, closure, page.template.encode(), packed(page.shown))))


def keys(base: bytes, closure: bytes, stories: Stories, known: Sequence[bytes | None]) -> list[bytes]:
    """`key` of the pages of all stories, of which some are `known`."""
    before = b"".join((base, closure, Stories.TEMPLATE.encode()))
    missing = [number for number, key in enumerate(known) if key is None]
    if len(missing) * _ONE_BY_ONE > len(known):
        return [digest(before + packed(shown)) for shown in stories.shown()]
    found = {number: digest(before + packed(stories.shown_by(number))) for number in missing}
    return [key or found[number] for number, key in enumerate(known)]


class Some(LazySequence[Planned]):
    """Some of the files of a plan, by their `paths`. Each is planned when it is asked for, and let go of: who goes
    through those of a whole archive never holds all of its stories."""

    def __init__(self, files: Keyed, paths: Sequence[str]) -> None:
        self._files = files
        self.paths = paths

    def __len__(self) -> int:
        return len(self.paths)

    def at(self, index: int) -> Planned:
        return self._files[self.paths[index]]

    def made_with(self, template: str) -> Some:
        return Some(self._files, [path for path in self.paths if self._files.template(path) == template])

    def not_made_with(self, *templates: str) -> Some:
        return Some(self._files, [path for path in self.paths if self._files.template(path) not in templates])


class Keyed(LazyMapping[Planned]):
    """The files of a plan by path. The page of a story is planned when it is asked for."""

    def __init__(self) -> None:
        self.key_of: dict[str, bytes] = {}
        super().__init__(self.key_of)
        self._alone: dict[str, Planned] = {}
        self._stories: list[tuple[Stories, Mapping[str, int]]] = []

    def add(self, page: Planned, key: bytes) -> None:
        self.key_of[page.path] = key
        self._alone[page.path] = page

    def add_stories(self, stories: Stories, numbers: Sequence[int], keys: Sequence[bytes]) -> None:
        """Take in some of the pages of stories, by their numbers; `keys` are those of all."""
        paths = stories.paths
        self.key_of.update(zip(map(paths.__getitem__, numbers), map(keys.__getitem__, numbers), strict=True))
        self._stories.append((stories, dict(zip(map(paths.__getitem__, numbers), numbers, strict=True))))

    def others(self, known: Mapping[str, bytes]) -> Some:
        """The files that are not known by the keys that they have now, in the order of the plan."""
        different = map(ne, self.key_of.values(), map(known.get, self.key_of))
        return Some(self, list(compress(self.key_of, different)))

    def template(self, path: str) -> str:
        """What the file at a path is made with."""
        found = self._alone.get(path)
        return Stories.TEMPLATE if found is None else found.template

    def apart(self) -> Iterator[Planned]:
        """The files that are no pages of stories."""
        return iter(self._alone.values())

    def __getitem__(self, path: str) -> Planned:
        found = self._alone.get(path)
        if found is not None:
            return found
        for stories, numbers in self._stories:
            if path in numbers:
                return stories[numbers[path]]
        raise KeyError(path)
