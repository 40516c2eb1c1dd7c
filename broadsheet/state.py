"""What a build remembers for the next one: parsed sources, and what each profile of the site published.

One SQLite file in .broadsheet/, written by whoever holds the site's lock: what was parsed in one transaction, what was
published in another. It is a memo: a file that is damaged, of another version or of another program is replaced by an
empty one, and the build that follows is a clean one. Every blob is led by its digest, so that what comes out is what
was put in.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

from broadsheet.blobs import BROKEN, PART, Ahead, checked, sealed, straight, where
from broadsheet.errors import DamagedError
from broadsheet.frozen import FrozenMap, record

__all__ = ["APPLICATION", "BROKEN", "FOLDER", "VERSION", "Changes", "DamagedError", "State", "discard", "opened"]

FOLDER = ".broadsheet"  # of what is kept between builds; below the site folder
VERSION = 7
APPLICATION = 0x42524F41  # "BROA" in the file's header: which program wrote it
_PAGE = (
    32_768  # bytes: most blobs fit in a page; a new state is written in two thirds of the time that small pages take
)
_SCHEMA = """
create table meta (name text primary key, data blob not null) without rowid;
create table shards (id integer primary key, data blob not null);
create table records (id integer primary key, data blob not null);
create table bodies (id integer primary key, data blob not null);
create table terms (id integer primary key, data blob not null);
create table teasers (id integer primary key, data blob not null);
create table profiles (name blob, part text, data blob not null, primary key (name, part));
create table ranks (profile blob, month integer, data blob not null, primary key (profile, month)) without rowid;
create table postings (profile blob, month integer, data blob not null, primary key (profile, month));
"""


_PARSED = ("records", "bodies", "terms", "teasers")  # the tables of what was parsed, by one number


@record
class Changes:
    """What a build has to keep. Records, bodies and terms were put as they came."""

    meta: Mapping[str, bytes] = FrozenMap()
    shards: Mapping[int, bytes] = FrozenMap()
    removed: Iterable[int] = ()  # ids of records
    profile: tuple[bytes, Mapping[str, bytes | None]] | None = None  # name, parts that are other ones; None: gone
    ranks: Mapping[int, bytes | None] = FrozenMap()  # of the profile's ranking, by month; None: gone
    postings: Mapping[int, bytes] = FrozenMap()  # … of months that have other ranks now, those of before are gone
    anew: bool = False  # the profile's former ranks and postings are gone


class State:
    """The state file of a site. All methods raise DamagedError where it turns out not to be ours."""

    def __init__(self, path: str, *, alone: bool = False) -> None:
        """`path`: of the file; "" for a state that nobody keeps. `alone`: no other process, forked ones included, will
        look at it. Then nothing of it is shared memory, and who cuts off its files can't end this process (SIGBUS)."""
        self._path = path
        self._alone = alone
        self._writing = False
        self._process = os.getpid()
        self._held: list[int] | None = None
        self._ahead: Ahead | None = None
        self._connection = self._opened()
        row = self._one("select max(id) from records")
        self._next = (row[0] or 0) + 1 if row else 1

    # --- reading -----------------------------------------------------------------------------------------------

    def meta(self, name: str) -> bytes | None:
        return self._blob("meta", "name", name)

    def ahead(self, profile: bytes, parts: Iterable[str]) -> None:
        """Begin to read what is large and will be asked for: the shards, and these parts of a profile. A thread does it
        beside what this one does meanwhile: hardly any of it is Python. It has to have `arrived` before a fork."""
        if self._path and not self._alone:
            self._ahead = Ahead(self._path, profile, list(parts))
            self._ahead.start()

    def arrived(self) -> None:
        """Wait until everything is read that was begun to be."""
        if self._ahead is not None:
            self._ahead.join()

    def shards(self) -> Iterator[tuple[int, memoryview]]:
        try:
            numbers = [number for (number,) in self._connection.execute("select id from shards order by id")]
        except BROKEN as error:
            raise DamagedError(str(error)) from None
        for number in numbers:
            found = self._large("shards", "id", number)
            if found is not None:
                yield number, found

    def record(self, number: int) -> bytes:
        return self._needed("records", "id", number)

    def body(self, number: int) -> bytes:
        return self._needed("bodies", "id", number)

    def terms(self, number: int) -> bytes:
        return self._needed("terms", "id", number)

    def teaser(self, number: int) -> bytes:
        return self._needed("teasers", "id", number)

    def profile(self, name: bytes, part: str) -> memoryview | None:
        return self._large("profiles", PART, name, part)

    def rank(self, profile: bytes, month: int) -> bytes | None:
        return self._blob("ranks", "profile = ? and month", profile, month)

    def postings(self, profile: bytes, month: int) -> bytes | None:
        return self._blob("postings", "profile = ? and month", profile, month)

    # --- writing -----------------------------------------------------------------------------------------------

    def put(self, data: bytes, body: bytes, terms: bytes, teaser: bytes) -> int:
        """Keep a parsed source, its body, its terms and its teaser; returns their number. Nothing is on the disk before
        `save`."""
        number = self._next
        self._next += 1
        try:
            self._begin()
            for table, blob in zip(_PARSED, (data, body, terms, teaser), strict=True):
                if blob:
                    query = f"insert into {table} values (?, ?)"  # noqa: S608  # one of the names above
                    self._connection.execute(query, (number, sealed(blob, table, number)))
        except BROKEN as error:
            raise DamagedError(str(error)) from None
        return number

    def inherited(self) -> bool:
        """Whether a forked process can read what was saved so far."""
        return bool(self._path) and not self._writing and not self._alone

    def save(self, changes: Changes) -> bool:
        """Everything at once. What can't be written (a full disk) is forgotten: False; a file that turns out to be
        damaged is removed, or nothing would ever be kept again."""
        try:
            self._save(changes)
        except (sqlite3.OperationalError, OSError):
            return False
        except BROKEN:
            self.close()
            discard(self._path)
            return False
        return True

    def _save(self, changes: Changes) -> None:
        if self._ahead is not None:
            self._ahead.forget(_places(changes))
        self._begin()
        connection = self._connection
        gone = [(number,) for number in changes.removed]
        if self._held is not None:
            self._held += [number for (number,) in gone]
            gone = []
        for table in _PARSED:
            connection.executemany(f"delete from {table} where id = ?", gone)  # noqa: S608  # likewise
        shards = [(number, sealed(data, "shards", number)) for number, data in changes.shards.items()]
        connection.executemany("insert or replace into shards values (?, ?)", shards)
        meta = [(name, sealed(data, "meta", name)) for name, data in changes.meta.items()]
        connection.executemany("insert or replace into meta values (?, ?)", meta)
        if changes.profile:
            name, parts = changes.profile
            for part, told in parts.items():
                if told is None:
                    connection.execute("delete from profiles where name = ? and part = ?", (name, part))
                else:
                    row = (name, part, sealed(told, "profiles", name, part))
                    connection.execute("insert or replace into profiles values (?, ?, ?)", row)
            self._save_ranking(name, changes)
        connection.execute("commit")
        self._writing = False

    def _save_ranking(self, profile: bytes, changes: Changes) -> None:
        if changes.anew:
            for table in ("ranks", "postings"):
                self._connection.execute(f"delete from {table} where profile = ?", (profile,))  # noqa: S608  # likewise
        months = [(profile, month) for month in changes.ranks]
        self._connection.executemany("delete from ranks where profile = ? and month = ?", months)
        self._connection.executemany("delete from postings where profile = ? and month = ?", months)
        for table, found in (("ranks", changes.ranks), ("postings", changes.postings)):
            rows = [
                (profile, month, sealed(data, table, profile, month))
                for month, data in found.items()
                if data is not None
            ]
            self._connection.executemany(f"insert or replace into {table} values (?, ?, ?)", rows)  # noqa: S608

    def hold(self) -> None:
        """From now on records that are no longer needed stay, for who still shows what they say, until `let_go`."""
        self._held = self._held or []

    def let_go(self) -> None:
        """Remove the records that were held."""
        held, self._held = self._held, None
        if held:
            self.save(Changes(removed=held))
        self._held = None if held is None else []

    def close(self) -> None:
        self.arrived()
        with suppress(sqlite3.Error):
            if self._writing:
                self._connection.execute("rollback")
            self._connection.close()

    def __del__(self) -> None:
        """A state that nobody keeps is let go of by those who look at it, the last of whom nobody knows."""
        if hasattr(self, "_connection") and os.getpid() == self._process:
            with suppress(sqlite3.Error):
                self._connection.close()

    def _begin(self) -> None:
        if not self._writing:
            self._connection.execute("begin immediate")
            self._writing = True

    # --- the file ----------------------------------------------------------------------------------------------

    def _opened(self) -> sqlite3.Connection:
        if self._path:
            os.makedirs(os.path.dirname(self._path), exist_ok=True)
        connection = sqlite3.connect(self._path, isolation_level=None, timeout=60, check_same_thread=False)
        try:
            if self._alone:
                connection.execute("pragma locking_mode = exclusive")
            connection.execute(f"pragma page_size = {_PAGE}")
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = normal")
            found = [connection.execute(f"pragma {name}").fetchone()[0] for name in ("application_id", "user_version")]
            if found == [0, 0] and not connection.execute("select 1 from sqlite_master").fetchone():
                connection.executescript(
                    f"begin; {_SCHEMA} pragma application_id = {APPLICATION}; pragma user_version = {VERSION}; commit;"
                )
            elif found != [APPLICATION, VERSION]:
                raise DamagedError("another program or version wrote it")
        except (DamagedError, *BROKEN) as error:
            connection.close()
            raise DamagedError(str(error)) from None
        return connection

    def _one(self, query: str, *values: object) -> tuple[int | None, ...] | None:
        if os.getpid() != self._process:  # forked: SQLite allows no connection that another process opened
            self._abandoned, self._connection = self._connection, sqlite3.connect(self._path, isolation_level=None)
            self._process = os.getpid()
        try:
            found: tuple[int | None, ...] | None = self._connection.execute(query, values).fetchone()
        except BROKEN as error:
            raise DamagedError(str(error)) from None
        return found

    def _blob(self, table: str, key: str, *values: object) -> bytes | None:
        row = self._one(_query(table, key), *values)
        return bytes(checked(row[0], table, *values)) if row else None

    def _large(self, table: str, key: str, *values: object) -> memoryview | None:
        """A blob that is not copied once more, and may have been read `ahead`."""
        found = self._ahead.take((table, *values)) if self._ahead else None
        if found is None:
            row = self._one(where(table, key), *values)
            found = straight(self._connection, table, row[0], *values) if row else None
        return found

    def _needed(self, table: str, key: str, *values: object) -> bytes:
        data = self._blob(table, key, *values)
        if data is None:
            raise DamagedError("a row is missing")
        return data


def _query(table: str, key: str) -> str:
    return f"select data from {table} where {key} = ?"  # noqa: S608  # names from this module


def _places(changes: Changes) -> Iterator[tuple[object, ...]]:
    """Where lies what becomes different, of what is read ahead."""
    name, parts = changes.profile or (b"", {})
    yield from (("shards", number) for number in changes.shards)
    yield from (("profiles", name, part) for part in parts)


def opened(path: str, tools: bytes, *, alone: bool = False) -> State:
    """The state at `path`; a new one where there is none, where it can't be trusted, or where other `tools` made it
    (what they kept may look different); one that nobody keeps where nothing can be written there."""
    for attempt in (path, path, ""):
        try:
            found = State(attempt, alone=alone)
            if found.meta("tools") == tools or found.meta("parsed") is None:
                return found
            found.close()
        except (DamagedError, OSError, *BROKEN):
            pass
        discard(attempt)
    raise AssertionError  # a state in memory can always be had


def discard(path: str) -> None:
    """Remove a state that is not to be trusted, with what SQLite keeps beside it."""
    for end in ("", "-wal", "-shm", "-journal") if path else ():
        with suppress(OSError):
            os.unlink(path + end)
