"""Values that can't change: the `record` decorator for the model's types, and a frozen mapping."""

from __future__ import annotations

import operator
from collections import ChainMap
from collections.abc import Callable, ItemsView, Iterator, KeysView, Mapping, Sequence, ValuesView
from dataclasses import Field, FrozenInstanceError, dataclass
from functools import partial
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def record(cls: type[T]) -> type[T]:
    """A frozen, slotted, keyword-only dataclass: `fields` and `replace` work as for any other.

    dataclasses itself takes a tenth of a millisecond for a class, and what it writes for frozen ones, which is compiled
    on import, a whole one; there are 150: a third of what a small build takes. So the class is made here, its methods
    are ordinary functions, and it is asked about the fields when somebody wants to know. `__init__` is compiled when it
    is first needed often: it sets slots directly, in half the time. Pickling is our own too, since workers exchange
    millions of records, and that of dataclasses walks `fields()` for each.
    """
    namespace = {name: value for name, value in vars(cls).items() if name not in ("__dict__", "__weakref__")}
    own = tuple(namespace.get("__annotations__", ()))
    defaults = {name: namespace.pop(name) for name in own if name in namespace}
    for name, value in defaults.items():
        if type(value).__hash__ is None:
            raise ValueError(f"{cls.__name__}.{name}: all records would share a default that can change")
    inherited, theirs = next((_SHAPES[base] for base in cls.__mro__[1:] if base in _SHAPES), ((), {}))
    defaults = {name: value for name, value in theirs.items() if name not in own} | defaults
    own = tuple([name for name in own if name not in inherited])
    names = (*inherited, *own)
    values, known, few = values_of(names), frozenset(names), [None] * _FEW

    def init(self: Any, **given: Any) -> None:
        whole = {**defaults, **given} if defaults else given
        if few and whole.keys() == known:
            few.pop()
            for name, setter in zip(names, _SETTERS[made], strict=True):
                setter(self, whole[name])
            return
        real = _init_of(made)
        setattr(made, "__init__", real)  # noqa: B010  # from now on; by name, since methods can't be assigned to
        real(self, **given)

    def reduce(self: Any) -> tuple[Any, ...]:
        return rebuild, (made, values(self))

    def equal(self: Any, other: object) -> bool:
        return values(self) == values(other) if other.__class__ is made else NotImplemented

    def show(self: Any) -> str:
        pairs = zip(names, values(self), strict=True)
        return f"{made.__qualname__}({', '.join([f'{name}={value!r}' for name, value in pairs])})"

    methods: dict[str, Callable[..., Any]] = {"__init__": init, "__reduce__": reduce, "__eq__": equal}
    methods |= {"__hash__": lambda self: hash(values(self)), "__repr__": show}
    methods |= {"__setattr__": _refuse, "__delattr__": _refuse}
    ours = {"__doc__": cls.__doc__ or cls.__name__, "__slots__": own, "__dataclass_fields__": _Fields()}
    kind: Any = type(cls)
    made: type[T] = kind(cls.__name__, cls.__bases__, {**methods, **namespace, **ours})
    made.__qualname__ = cls.__qualname__
    _SHAPES[made] = names, defaults
    _SETTERS[made] = tuple([getattr(made, name).__set__ for name in names])
    return made


class _Fields:
    """What dataclasses knows of a record, made by it when it is first asked for."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._owner, self._name = owner, name

    def __get__(self, instance: object, _: type) -> dict[str, Field[Any]]:
        owner = self._owner
        names, defaults = _SHAPES[owner]
        hints = ChainMap(*[vars(cls).get("__annotations__", {}) for cls in owner.__mro__])
        shown = {"__annotations__": {name: hints[name] for name in names}, "__module__": owner.__module__, **defaults}
        alike: Any = dataclass(init=False, repr=False, eq=False, kw_only=True)(type(owner.__name__, (), shown))
        found: dict[str, Field[Any]] = alike.__dataclass_fields__
        setattr(owner, self._name, found)
        return found


def _init_of(cls: type) -> Callable[..., None]:
    """The `__init__` of a record: keywords, some with defaults, each into its slot."""
    names, defaults = _SHAPES[cls]
    scope: dict[str, Any] = {f"_set_{name}": setter for name, setter in zip(names, _SETTERS[cls], strict=True)}
    scope |= {f"_default_{name}": default for name, default in defaults.items()}
    asked = ", ".join(f"{name}=_default_{name}" if name in defaults else name for name in names)
    body = "; ".join(f"_set_{name}(self, {name})" for name in names) or "pass"
    exec(f"def __init__(self{', *, ' if asked else ''}{asked}): {body}", scope)  # noqa: S102  # names of fields
    made: Callable[..., None] = scope["__init__"]
    return made


def _refuse(self: object, name: str, *_: object) -> None:
    raise FrozenInstanceError(f"{type(self).__name__}.{name} can't be changed")


def is_frozen(cls: type) -> bool:
    """Whether a class is a record, or a frozen dataclass of somebody else's."""
    return cls in _SETTERS or bool(getattr(getattr(cls, "__dataclass_params__", None), "frozen", False))


def values_of(names: Sequence[str]) -> Callable[[Any], tuple[object, ...]]:
    """What gives the values of these attributes of an object."""
    if len(names) > 1:
        return operator.attrgetter(*names)
    return lambda value: tuple([getattr(value, name) for name in names])


_FEW = 16  # objects of a class: to compile its `__init__` takes as long as to make so many without
# The names of a record's fields, in order, and the defaults of some; filled once at import.
_SHAPES: dict[type, tuple[tuple[str, ...], dict[str, Any]]] = {}
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
