"""Collections whose items are made when they are asked for."""

from __future__ import annotations

from abc import abstractmethod
from collections import OrderedDict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import TypeVar, overload

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class Recent(OrderedDict[K, T]):
    """What was made of late, at most `limit` items: pages that follow each other show the same stories, and memory
    doesn't grow with those of the whole archive. They go one by one: what is freed is used for the next one at once,
    where a thousand would be given back to the system and asked for again."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def keep(self, key: K, made: T) -> T:
        """Remember an item, in place of the oldest where there are too many."""
        if len(self) >= self._limit:
            self.popitem(last=False)
        self[key] = made
        return made


class LazySequence(Sequence[T]):
    """A sequence of which `at` makes one item."""

    @abstractmethod
    def at(self, index: int) -> T:
        """Raises IndexError where there is none."""

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        if isinstance(index, slice):
            return [self.at(n) for n in range(*index.indices(len(self)))]
        return self.at(index)


class LazyMapping(Mapping[str, T]):
    """A mapping with the keys of `plain`, from whose values `__getitem__` makes its own."""

    def __init__(self, plain: Mapping[str, object]) -> None:
        self.keyed = plain

    def __contains__(self, key: object) -> bool:
        return key in self.keyed

    def __iter__(self) -> Iterator[str]:
        return iter(self.keyed)

    def __len__(self) -> int:
        return len(self.keyed)
