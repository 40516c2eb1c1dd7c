"""Stories by position: some of them in an order, by path, or in groups by what is said of them."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, ItemsView, Iterable, Iterator, Mapping, Sequence, ValuesView
from functools import cached_property
from itertools import chain, islice
from operator import gt
from typing import TypeVar

from broadsheet.columns import Stands
from broadsheet.lazily import LazySequence
from broadsheet.model import Article, Stand

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")

_A_FEW = 6  # keys, each looked for at all positions


class Chosen(LazySequence[Article]):
    """Some of the articles, in an order; `stands` are theirs, `places` where they lie among all. An article is made
    when it is asked for."""

    def __init__(self, articles: Sequence[Article], stands: Stands, places: Sequence[int]) -> None:
        self._articles = articles
        self.places = places
        self.stands = stands.some(places)

    def __len__(self) -> int:
        return len(self.places)

    def at(self, index: int) -> Article:
        return self._articles[self.places[index]]

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


class Grouped(Mapping[str, Sequence[int]]):
    """Positions by key. Those of a few keys are looked for when somebody asks, of more all at once; how many there are
    is told without any.

    `names` are all that stand for a key, or for none, each once, in the order of their first one."""

    def __init__(self, said: Sequence[tuple[str, ...]] = (), key_of: Callable[[str], str] = str) -> None:
        """`said` has the names at each position, each once; `key_of` gives the key that one stands for, "" for none."""
        self._said = said
        self.names: Sequence[str] = list(dict.fromkeys(chain.from_iterable(said)))
        self._names: dict[str, list[str]] = {}  # that stand for a key
        for name in self.names:
            if key := key_of(name):
                self._names.setdefault(key, []).append(name)
        self._found: dict[str, Sequence[int]] = {}

    def __getitem__(self, key: str) -> Sequence[int]:
        found = self._found.get(key)
        if found is None:
            names = self._names[key]
            if len(self._found) < _A_FEW:
                found = self._found[key] = self._holding(names)
            else:
                self._found = self._all()
                found = self._found[key]
        return found

    def __contains__(self, key: object) -> bool:
        return key in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def items(self) -> ItemsView[str, Sequence[int]]:
        return self._every().items()

    def values(self) -> ValuesView[Sequence[int]]:
        return self._every().values()

    def size(self, key: str) -> int:
        """How many positions a key has."""
        names = self._names[key]
        return self._counts[names[0]] if len(names) == 1 else len(self[key])

    def spread(self, spans: Sequence[tuple[T, int, int]]) -> Mapping[str, Sequence[T]]:
        """By key, in which of some `spans` (a name, and from which position up to which) it has any."""
        keys = {name: key for key, names in self._names.items() for name in names}
        found: dict[str, list[T]] = {key: [] for key in self._names}
        for span, start, end in spans:
            told = dict.fromkeys(chain.from_iterable(self._said[start:end]))
            for key in dict.fromkeys(keys[name] for name in told if name in keys):
                found[key].append(span)
        return found

    @cached_property
    def _counts(self) -> Mapping[str, int]:
        return Counter(chain.from_iterable(self._said))

    def _holding(self, names: Sequence[str]) -> Sequence[int]:
        if len(names) == 1:
            (name,) = names
            return [i for i, said in enumerate(self._said) if name in said]
        wanted = set(names)
        return [i for i, said in enumerate(self._said) if not wanted.isdisjoint(said)]

    def _every(self) -> Mapping[str, Sequence[int]]:
        if len(self._found) < len(self._names):
            self._found = self._all()
        return {key: self._found[key] for key in self._names}

    def _all(self) -> dict[str, Sequence[int]]:
        groups: dict[str, list[int]] = {key: [] for key in self._names}
        take = {name: groups[key].append for key, names in self._names.items() for name in names}
        for i, names in enumerate(self._said):
            for name in names:
                if name in take:
                    take[name](i)
        # A position may say several names of one key.
        return {key: [*dict.fromkeys(found)] if len(self._names[key]) > 1 else found for key, found in groups.items()}


def first_of(told: Sequence[int]) -> Mapping[int, int]:
    """The first position of each number, of numbers that never fall; none of others."""
    if any(map(gt, told, islice(told, 1, None))):
        return {}
    first = dict(zip(reversed(told), range(len(told) - 1, -1, -1), strict=True))  # the last one of each stays
    return dict(sorted(first.items()))


def split(members: Sequence[int], first: Mapping[int, int]) -> Iterator[tuple[int, Sequence[int]]]:
    """Positions (rising) by the number that `first` (see `first_of`; not empty) gives the beginning of; none for no
    positions."""
    starts = [bisect_left(members, place) for place in first.values()]
    for number, start, end in zip(first, starts, [*starts[1:], len(members)], strict=True):
        if start < end:
            yield number, members[start:end]
