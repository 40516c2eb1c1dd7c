"""The blobs of a state file: each is led by a digest of what it says and where it stands, so that what comes out is
what was put in. Large ones are read ahead by a thread."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress

from broadsheet.digest import SIZE, digest
from broadsheet.errors import DamagedError

# What a damaged file makes of reading it: Python decodes SQLite's words, and trusts its numbers.
BROKEN = (sqlite3.Error, sqlite3.Warning, ValueError, TypeError, MemoryError)
PART = "name = ? and part"  # the key of a profile's part


class _Coming:
    """A blob that somebody reads."""

    def __init__(self) -> None:
        self._there = threading.Event()
        self._found: memoryview | None = None

    def tell(self, found: memoryview | None) -> None:
        self._found = found
        self._there.set()

    def result(self) -> memoryview | None:
        self._there.wait()
        return self._found


class Ahead(threading.Thread):
    """Reads blobs from a state file, and checks them. What it can't read is left to who asks for it."""

    def __init__(self, path: str, profile: bytes, parts: Sequence[str]) -> None:
        super().__init__(name="read-ahead", daemon=True)
        self._path = path
        wanted = [("shards", 0), ("shards", 1), *(("profiles", profile, part) for part in parts)]
        self._coming: dict[tuple[object, ...], _Coming] = {place: _Coming() for place in wanted}
        self._wanted = list(self._coming.items())

    def run(self) -> None:
        try:
            self._read()
        finally:  # whatever happens, who asks is not left waiting
            for _, coming in self._wanted:
                coming.tell(None)
            self._wanted.clear()

    def _read(self) -> None:
        connection = None
        while self._wanted:
            (place, *values), coming = self._wanted[0]
            found, table = None, str(place)
            with suppress(DamagedError, *BROKEN):
                connection = connection or sqlite3.connect(self._path, isolation_level=None)
                row = connection.execute(where(table, "id" if table == "shards" else PART), values).fetchone()
                found = straight(connection, table, row[0], *values) if row else None
            coming.tell(found)
            del self._wanted[0]  # only now: who asks is told, whatever happens
        if connection:
            connection.close()

    def take(self, place: tuple[object, ...]) -> memoryview | None:
        """A blob, once; None where it is none of those, or can't be read."""
        coming = self._coming.pop(place, None)
        return coming.result() if coming else None

    def forget(self, places: Iterable[tuple[object, ...]]) -> None:
        """These are becoming other ones."""
        for place in places:
            self.take(place)


def where(table: str, key: str) -> str:
    return f"select rowid from {table} where {key} = ?"  # noqa: S608  # names from this module


def straight(connection: sqlite3.Connection, table: str, row: int | None, *values: object) -> memoryview:
    """A blob without the copy of it that SQLite makes for the answer to a query."""
    assert row is not None  # noqa: S101  # of a row that is there
    try:
        with connection.blobopen(table, "data", row, readonly=True) as blob:
            data = blob.read()
    except BROKEN as error:
        raise DamagedError(str(error)) from None
    return checked(data, table, *values)


def sealed(data: bytes, *place: object) -> bytes:
    """A blob as it is kept: led by a digest of what it says and where it stands (table and key), so that a sound row
    in the place of another one is noticed too."""
    return digest(repr(place).encode(), data) + data


def checked(data: object, *place: object) -> memoryview:
    told = memoryview(data)[SIZE:] if isinstance(data, bytes) else memoryview(b"")
    if not isinstance(data, bytes) or digest(repr(place).encode(), told) != data[:SIZE]:
        raise DamagedError("a blob is damaged")
    return told
