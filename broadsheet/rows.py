"""What is known of each source at once, kept between builds in a few hundred shards.

Rows are plain tuples: reading a hundred thousand of them takes a moment.
"""

from __future__ import annotations

import marshal
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from broadsheet import state
from broadsheet.codec import packed
from broadsheet.model import Stand

SHARDS = 256  # an edit writes one of them anew


class Row(NamedTuple):
    """A source. `stamp` is what `files.stamp` said; `source` the digest of its bytes; `number` that of its record;
    `shard` where it is kept."""

    path: str
    stamp: tuple[int, ...]
    source: bytes
    kind: str
    number: int
    body: bytes
    findings: bytes
    shard: int
    stand: Stand | None


def read_rows(kept: state.State) -> dict[str, Row]:
    """The rows of the last build. Raises DamagedError where they make no sense."""
    rows: dict[str, Row] = {}
    try:
        for _, data in kept.shards():
            for values, stood in marshal.loads(data):  # noqa: S302  # our own bytes: `State` checked their digest
                rows[values[0]] = Row._make((*values, stood and Stand._make(stood)))
    except (ValueError, EOFError, TypeError, IndexError) as error:
        raise state.DamagedError(str(error)) from None
    return rows


def shards(rows: Iterable[Row], wanted: Collection[int]) -> dict[int, bytes]:
    """Some shards, by number, as bytes."""
    groups: dict[int, list[tuple[Any, ...]]] = {number: [] for number in wanted}
    for row in rows if groups else ():
        if row.shard in groups:
            groups[row.shard].append((row[:-1], row.stand and tuple(row.stand)))
    return {number: packed(sorted(group, key=lambda row: row[0][0])) for number, group in groups.items()}
