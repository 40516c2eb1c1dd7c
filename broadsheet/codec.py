"""Records as bytes and back: how parsed sources and findings wait in the state between builds.

Only the types that are listed can come out, whatever the bytes say. `marshal` carries the plain values: in its version
2 equal values give equal bytes. Who reads bytes from a disk checks their digest first.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from broadsheet.frozen import FrozenMap, maker, values_of

_VERSION = 2  # of marshal: the last without references, which depend on who else holds a value
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_PLAIN = frozenset({str, int, float, bool, bytes, type(None)})
# Lists mark what is not plain: [tag, …]. Records have tags from 0.
_MAP, _MOMENT, _DATE = -1, -2, -3


class Codec:
    """Packs values made of `types` (records), tuples, frozen maps, moments of one time zone, dates and plain values."""

    def __init__(self, types: Sequence[type], zone: tzinfo) -> None:
        self._makers: list[Callable[[tuple[object, ...]], Any]] = [maker(kind) for kind in types]
        self._tags = {kind: tag for tag, kind in enumerate(types)}
        self._values = [values_of([field.name for field in fields(kind)]) for kind in types]
        self._zone = zone

    def dumps(self, value: object) -> bytes:
        packed: Any = self._pack(value)
        return marshal.dumps(packed, _VERSION)

    def loads(self, data: bytes) -> Any:
        """What `dumps` was given. Any damage raises ValueError, EOFError, TypeError, KeyError or IndexError, or
        MemoryError where it is a length."""
        return self._unpack(marshal.loads(data))  # noqa: S302  # the bytes are our own: their digest was checked

    def _pack(self, value: Any) -> object:
        kind = type(value)
        if kind in _PLAIN:
            return value
        if kind is tuple:
            return tuple([item if type(item) in _PLAIN else self._pack(item) for item in value])
        tag = self._tags.get(kind)
        if tag is not None:
            values = self._values[tag](value)
            return [tag, *[item if type(item) in _PLAIN else self._pack(item) for item in values]]
        if kind is datetime:
            return [_MOMENT, microseconds(value)]
        if kind is date:
            return [_DATE, value.toordinal()]
        if isinstance(value, Mapping):
            return [_MAP, *[(self._pack(key), self._pack(item)) for key, item in value.items()]]
        raise TypeError(f"a {kind.__name__} is not packed")

    def _unpack(self, value: Any) -> Any:
        kind = type(value)
        if kind is tuple:
            return tuple([self._unpack(item) if type(item) not in _PLAIN else item for item in value])
        if kind is not list:
            return value
        tag = value[0]
        if tag >= 0:
            return self._makers[tag](
                tuple([self._unpack(item) if type(item) not in _PLAIN else item for item in value[1:]])
            )
        if tag == _MOMENT:
            return moment(value[1], self._zone)
        if tag == _DATE:
            return date.fromordinal(value[1])
        return FrozenMap({self._unpack(key): self._unpack(item) for key, item in value[1:]})


def packed(values: object) -> bytes:
    """Plain values, tuples and lists as bytes: other bytes for other values, in half the time of `repr`."""
    plain: Any = values
    return marshal.dumps(plain, _VERSION)


def microseconds(value: datetime) -> int:
    """An instant as microseconds since 1970."""
    return (value - _EPOCH) // _MICROSECOND


def moment(value: int, zone: tzinfo) -> datetime:
    """The instant of so many microseconds since 1970, in a time zone."""
    return (_EPOCH + timedelta(microseconds=value)).astimezone(zone)
