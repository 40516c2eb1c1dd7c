"""Values that can't change: the `record` decorator for the model's types, and a frozen mapping."""

from __future__ import annotations

import operator
from collections.abc import Callable, ItemsView, Iterator, KeysView, Mapping, Sequence, ValuesView
from dataclasses import dataclass, fields
from functools import partial
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def record(cls: type[T]) -> type[T]:
    """A frozen, slotted, keyword-only dataclass that pickles fast.

    Workers and coordinator exchange millions of these; the pickling that dataclasses bring for frozen slots walks
    `fields()` in Python for each object and takes four times as long.
    """
    made = dataclass(frozen=True, slots=True, kw_only=True)(cls)
    names = [f.name for f in fields(made)]  # type: ignore[arg-type]  # the stub wants a DataclassInstance
    values = values_of(names)

    def reduce(self: Any) -> tuple[Any, ...]:
        return rebuild, (made, values(self))

    made.__reduce__ = reduce  # type: ignore[method-assign]  # a plain function is what pickle needs
    _SETTERS[made] = tuple(getattr(made, name).__set__ for name in names)
    return made


def values_of(names: Sequence[str]) -> Callable[[Any], tuple[object, ...]]:
    """What gives the values of these attributes of an object."""
    if len(names) > 1:
        return operator.attrgetter(*names)
    return lambda value: tuple([getattr(value, name) for name in names])


# Slot setters by class, filled once at import; a frozen dataclass's own __init__ takes twice as long.
_SETTERS: dict[type, tuple[Callable[[Any, Any], None], ...]] = {}


def rebuild(cls: type[T], values: tuple[object, ...]) -> T:
    made = object.__new__(cls)
    for setter, value in zip(_SETTERS[cls], values, strict=True):
        setter(made, value)
    return made


def maker(cls: type[T]) -> Callable[[tuple[object, ...]], T]:
    """What makes a dataclass from the values of its fields."""
    return partial(rebuild, cls) if cls in _SETTERS else lambda values: cls(*values)


class FrozenMap(Mapping[K, V]):
    """A mapping that can't change, hashes by content and pickles. Templates read its keys as attributes."""

    __slots__ = ("_items",)
    _items: dict[K, V]

    def __init__(self, items: Mapping[K, V] | None = None) -> None:
        object.__setattr__(self, "_items", dict(items or {}))

    def __getitem__(self, key: K) -> V:
        return self._items[key]

    def __getattr__(self, name: str) -> V:
        if name.startswith("_"):
            raise AttributeError(name=name, obj=self)
        try:
            return self._items[name]  # type: ignore[index]  # a key that isn't text is no attribute
        except KeyError:
            raise AttributeError(name=name, obj=self) from None

    def __iter__(self) -> Iterator[K]:
        return iter(self._items)

    # The mixin's own go through __getitem__ for each key.
    def items(self) -> ItemsView[K, V]:
        return self._items.items()

    def keys(self) -> KeysView[K]:
        return self._items.keys()

    def values(self) -> ValuesView[V]:
        return self._items.values()

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self.items()))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a FrozenMap can't change")

    def __repr__(self) -> str:
        return f"FrozenMap({self._items!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return FrozenMap, (self._items,)
