"""Values of long lists, by place."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import TypeVar

T = TypeVar("T")


def picked(column: Sequence[T], places: Sequence[int]) -> Sequence[T]:
    """The values at some places, at the speed of C."""
    if len(places) < 2:
        return [column[n] for n in places]
    found: tuple[T, ...] = itemgetter(*places)(column)
    return found
