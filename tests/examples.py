"""How much is looked at: everything in CI, less where somebody waits."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")

SLOW = os.environ.get("BROADSHEET_SLOW") == "1"  # long sweeps, too, and all examples of properties


def examples(number: int, least: int = 10, share: int = 8) -> int:
    """How many examples of a property are tried, of so many in CI: one in `share`."""
    return number if SLOW else max(least, number // share)


def every(step: int) -> int:
    """How far apart lie those of a sweep that are tried: in CI, all are."""
    return 1 if SLOW else step


def some(cases: Iterable[T], step: int) -> list[T]:
    """Every so many of the cases of a sweep; in CI, all of them."""
    return list(cases)[:: every(step)]
