"""How the state is read: connections that are let go of, and parts that are read ahead."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from newsroom import Site

from broadsheet import state

# --- connections ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kept", [False, True])
def test_who_lets_go_of_a_state_leaves_no_connection_open(tmp_path: Path, kept: bool) -> None:
    found = state.State(str(tmp_path / "state.sqlite") if kept else "")
    connection = found._connection
    del found
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("select 1")


def test_no_connection_is_left_to_a_database_of_another_program(tmp_path: Path) -> None:
    place, made = tmp_path / "state.sqlite", list[sqlite3.Connection]()
    with closing(sqlite3.connect(place)) as other, other:
        other.execute("create table theirs (x)")
    connect = sqlite3.connect

    def noted(*arguments: Any, **options: Any) -> sqlite3.Connection:
        made.append(connect(*arguments, **options))
        return made[-1]

    with patch("sqlite3.connect", noted), pytest.raises(state.DamagedError):
        state.State(str(place))
    (connection,) = made
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("select 1")


# --- what is read ahead --------------------------------------------------------------------------------------------


def filled(place: Path) -> state.State:
    """A state on the disk with two shards, and three parts of a profile."""
    found = state.State(str(place / "state.sqlite"))
    parts = {"files": b"f" * 5000, "files+": b"", "marks": b"m" * 9000}
    assert found.save(state.Changes(shards={0: b"s" * 7000, 1: b"t"}, profile=(b"p", parts)))
    found.close()
    return state.State(str(place / "state.sqlite"))


def test_what_is_read_ahead_is_what_is_asked_for(tmp_path: Path) -> None:
    found = filled(tmp_path)
    wanted = [dict(found.shards()), *(found.profile(b"p", part) for part in ("files", "files+", "marks", "none"))]
    found.ahead(b"p", ["files", "files+", "marks", "none"])
    found.arrived()
    with patch.object(found, "_one", side_effect=AssertionError("read again")):
        assert [found.profile(b"p", part) for part in ("files", "files+", "marks")] == wanted[1:4]
    assert found.profile(b"p", "none") is None
    assert dict(found.shards()) == wanted[0]
    assert [found.profile(b"p", part) for part in ("files", "none")] == [wanted[1], None]
    found.close()


def test_what_was_read_ahead_and_is_written_since_is_read_again(tmp_path: Path) -> None:
    found = filled(tmp_path)
    found.ahead(b"p", ["files", "files+", "marks"])
    found.arrived()
    assert found.save(state.Changes(shards={1: b"new"}, profile=(b"p", {"files": b"other", "files+": None})))
    assert dict(found.shards())[1] == b"new"
    assert [found.profile(b"p", part) for part in ("files", "files+", "marks")] == [b"other", None, b"m" * 9000]
    found.close()


@pytest.mark.parametrize("table", ["shards", "profiles"])
def test_damage_that_is_met_ahead_is_told_to_who_asks(tmp_path: Path, table: str) -> None:
    filled(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / "state.sqlite")) as connection, connection:
        connection.execute(f"update {table} set data = x'00'")  # noqa: S608  # one of the two above
    found = state.State(str(tmp_path / "state.sqlite"))
    found.ahead(b"p", ["files"])
    with pytest.raises(state.DamagedError):
        _ = dict(found.shards()) if table == "shards" else found.profile(b"p", "files")
    found.close()


def test_no_thread_reads_on_when_a_build_forks(tmp_path: Path) -> None:
    """What another thread holds at that moment would be held for ever in the child."""
    site = Site(tmp_path / "site")
    for n in range(240):
        site.story(f"europe/s{n}.md", f"Words of {n}.", date=f"2025-12-{n % 28 + 1:02}")
    forked: list[list[str]] = []
    real = os.fork

    def fork() -> int:
        forked.append([thread.name for thread in threading.enumerate() if thread.name == "read-ahead"])
        return real()

    started: list[int] = []
    begin = state.State.ahead

    def ahead(kept: state.State, profile: bytes, parts: Any) -> None:
        started.append(1)
        begin(kept, profile, parts)

    with patch.object(os, "fork", fork), patch.object(state.State, "ahead", ahead):
        for n in (0, 1):
            site.story("europe/new.md", f"New, {n}.", date="2026-01-01")
            assert site.build(jobs=2).ok
        site.configure("rails: {explore: {limit: 3}}\n")
        assert site.build(jobs=2).ok
    assert len(started) == 3
    assert len(forked) >= 4
    assert not any(forked)
