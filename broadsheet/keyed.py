"""The files of a plan, each with its key: what it depends on, in short."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import compress
from operator import ne

from broadsheet.codec import packed
from broadsheet.digest import digest
from broadsheet.groups import Group, files
from broadsheet.lazily import LazyMapping, LazySequence
from broadsheet.model import Planned
from broadsheet.pages import Stories
from broadsheet.stretches import with_values

_ONE_BY_ONE = 4  # times as long as all at once


def key(base: bytes, closure: bytes, page: Planned) -> bytes:
    """The key of a file: equal ones give equal bytes. `base` stands for what every page depends on, `closure` for what
    of the theme pages of its kind are made with."""
    return digest(b"".join((base, closure, page.template.encode(), packed(page.shown))))


def keys(
    base: bytes, closure: bytes, stories: Stories, known: Sequence[bytes | None], missing: Sequence[int]
) -> Sequence[bytes]:
    """`key` of the pages of all stories, of which all are `known` but those whose numbers are `missing`."""
    before = b"".join((base, closure, Stories.TEMPLATE.encode()))
    if len(missing) * _ONE_BY_ONE > len(known):
        return [digest(before + packed(shown)) for shown in stories.shown()]
    return with_values(known, {number: digest(before + packed(stories.shown_by(number))) for number in missing})


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
        super().__init__({})
        self._alone: dict[str, Planned] = {}
        self._keys: dict[str, bytes | None] = {}  # of those, and of what is carried over (None), in order
        self._stories: Stories | None = None
        self._numbers: Mapping[str, int] = {}  # path -> number of the page of a story
        self._keys_of_stories: Sequence[bytes] = ()  # … and the key of each number
        self._anew: Sequence[int] = ()  # the numbers of those that are not the last build's
        self._carried: dict[str, Group] = {}  # path -> lists that are as they were
        self._keys_of_carried: Mapping[str, bytes] = {}
        self._unfolded: dict[str, Planned] = {}  # of those, the ones that were asked for
        self._first = 0  # so many of the files alone come before the stories

    def add(self, page: Planned, key: bytes) -> None:
        self._keys[page.path] = key
        self._alone[page.path] = page

    def carry(self, group: Group, paths: Iterable[str], keys: Mapping[str, bytes]) -> None:
        """Take in lists that are as they were; `keys` has theirs."""
        self._keys.update(dict.fromkeys(paths))
        self._carried.update(dict.fromkeys(paths, group))
        self._keys_of_carried = keys

    def add_stories(self, stories: Stories, numbers: Mapping[str, int]) -> None:
        """Take in pages of stories, once: path -> number. Their keys may be told later."""
        self._stories, self._numbers, self._first = stories, numbers, len(self._keys)

    def tell(self, keys: Sequence[bytes], anew: Sequence[int]) -> None:
        """The keys of the stories' pages, all numbers': those of the ones in `anew` do not come from the last build."""
        self._keys_of_stories, self._anew = keys, anew

    @cached_property
    def key_of(self) -> Mapping[str, bytes]:
        """The key of each file, in the order of the plan."""
        carried, keys = self._keys_of_carried, self._keys_of_stories
        alone = [(path, carried[path] if key is None else key) for path, key in self._keys.items()]
        found = dict(alone[: self._first])
        found.update(zip(self._numbers, map(keys.__getitem__, self._numbers.values()), strict=True))
        found.update(alone[self._first :])
        return found

    def key(self, path: str) -> bytes:
        """The key of one file."""
        if path in self._carried:
            return self._keys_of_carried[path]
        found = self._keys.get(path)
        return self._keys_of_stories[self._numbers[path]] if found is None else found

    def others(self, known: Mapping[str, bytes], *, carried: bool) -> Some:
        """The files that are not known by the keys that they have now, in the order of the plan. `carried`: what is
        known are all keys of the last build, so that no file needs a look whose key comes from there."""
        if not carried or self._stories is None:
            different = map(ne, self.key_of.values(), map(known.get, self.key_of))
            return Some(self, list(compress(self.key_of, different)))
        told = enumerate(self._keys.items())
        alone = [(n, path) for n, (path, key) in told if key is not None and known.get(path) != key]
        paths = self._stories.paths
        theirs = [n for n in self._anew if self._numbers.get(paths[n]) == n]  # the others have no place
        fresh = [paths[n] for n in theirs if known.get(paths[n]) != self._keys_of_stories[n]]
        before, after = ([path for n, path in alone if (n < self._first) is first] for first in (True, False))
        return Some(self, [*before, *fresh, *after])

    def template(self, path: str) -> str:
        """What the file at a path is made with."""
        found = self._listed(path)
        return Stories.TEMPLATE if found is None else found.template

    def lists(self, templates: Container[str]) -> list[str]:
        """The paths of the pages that only lead to others: those made with one of these templates, in order of path."""
        alone = [path for path, page in self._alone.items() if page.template in templates]
        return sorted([*alone, *(path for path, group in self._carried.items() if group.lists)])

    def stories(self) -> Iterable[str]:
        """The paths of the pages of stories."""
        return self._numbers.keys()

    def made_with(self, template: str) -> list[str]:
        """The paths of the files alone that are made with a template."""
        return [path for path, page in self._alone.items() if page.template == template]

    def apart(self) -> Iterator[Planned]:
        """The files that are no pages of stories."""
        yield from self._alone.values()
        yield from files({group.name: group for group in self._carried.values()}.values())

    def _listed(self, path: str) -> Planned | None:
        """The plan of a file that is no page of a story."""
        group = self._carried.get(path)
        if group is not None:
            if path not in self._unfolded:
                self._unfolded.update((planned.path, planned) for planned in group.plan())
            return self._unfolded[path]
        return self._alone.get(path)

    def __getitem__(self, path: str) -> Planned:
        found = self._listed(path)
        if found is not None:
            return found
        if self._stories is None:
            raise KeyError(path)
        return self._stories[self._numbers[path]]

    def __contains__(self, path: object) -> bool:
        return path in self._numbers or path in self._keys

    def __iter__(self) -> Iterator[str]:
        return iter(self.key_of)

    def __len__(self) -> int:
        return len(self._keys) + len(self._numbers)
