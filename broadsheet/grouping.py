"""Stories by position: some of them in an order, by path, or in groups by what is said of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TypeVar

from broadsheet.columns import Stands
from broadsheet.lazily import LazySequence
from broadsheet.model import Article, Stand

K = TypeVar("K", bound=Hashable)


class Chosen(LazySequence[Article]):
    """Some of the articles, in an order; `stands` are theirs. An article is made when it is asked for."""

    def __init__(self, articles: Sequence[Article], stands: Stands, places: Sequence[int]) -> None:
        self._articles = articles
        self._places = places
        self.stands = stands.some(places)

    def __len__(self) -> int:
        return len(self._places)

    def at(self, index: int) -> Article:
        return self._articles[self._places[index]]

    def __repr__(self) -> str:
        return repr(list(self))


class Shown(Mapping[str, Article]):
    """The stories that have a page by path, of which one is made when it is asked for: those of some groups."""

    def __init__(self, groups: Sequence[tuple[Chosen, Mapping[str, int]]]) -> None:
        """Each group with the position of each path in it."""
        self._groups = groups

    def __getitem__(self, path: str) -> Article:
        for chosen, index in self._groups:
            if path in index:
                return chosen[index[path]]
        raise KeyError(path)

    def stand(self, path: str) -> Stand | None:
        for chosen, index in self._groups:
            if path in index:
                return chosen.stands[index[path]]
        return None

    def __contains__(self, path: object) -> bool:
        return any(path in index for _, index in self._groups)

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(index for _, index in self._groups)

    def __len__(self) -> int:
        return sum(len(index) for _, index in self._groups)

    def __repr__(self) -> str:
        return repr(dict(self))


def group(keys: Iterable[K], every: Iterable[K] = ()) -> dict[K, list[int]]:
    """The positions of each key; `every` key has some, or none."""
    groups: dict[K, list[int]] = defaultdict(list, {key: [] for key in every})
    for i, key in enumerate(keys):
        groups[key].append(i)
    return dict(groups)


class _Named(dict[str, Callable[[int], None]]):
    """By name, what takes a position into the group that the name stands for."""

    def __init__(self, key_of: Callable[[str], str]) -> None:
        self._key_of = key_of
        self.groups: dict[str, list[int]] = {}
        self.shared: set[str] = set()  # groups that several names stand for

    def __missing__(self, name: str) -> Callable[[int], None]:
        key = self._key_of(name)
        if key in self.groups:
            self.shared.add(key)
        take = self[name] = self.groups.setdefault(key, []).append if key else _nowhere
        return take


def _nowhere(_: int) -> None:
    """The name stands for no group."""


class Grouped(dict[str, Sequence[int]]):
    """Positions by key; `names` are all that stand for one, or for none, each once, in the order of their first one."""

    names: Sequence[str] = ()


def grouped(said: Iterable[tuple[str, ...]], key_of: Callable[[str], str]) -> Grouped:
    """The positions of each key that the names said at a position stand for; `key_of` gives "" for none."""
    named = _Named(key_of)
    for i, names in enumerate(said):
        for name in names:
            named[name](i)
    groups = named.groups.items()
    found = Grouped({key: [*dict.fromkeys(group)] if key in named.shared else group for key, group in groups})
    found.names = list(named)
    return found
