"""The state is a memo: whatever became of it, the next build is right, and says nothing of it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from examples import SLOW, some
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import NOW, Site, png, source, tree, unwatched
from twins import Later, Twins, toolchain

from broadsheet import archive, engine, explain, state
from broadsheet.articles import ParseBatch

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twins]:
    """A site that was built, whose state tests damage and put back."""
    twins = Twins(tmp_path_factory.mktemp("state"))
    with toolchain(0):
        fill(twins.site)
        twins.check()
        shutil.copytree(twins.site.folder / ".broadsheet", twins.site.folder.parent / "kept")
        yield twins


def fill(site: Site) -> None:
    site.write("content/authors/ada.md", source("She wrote.", name="Ada"))
    site.write("content/europe/p.png", png())
    for n in range(8):
        site.story(
            f"{'asia' if n % 3 else 'europe'}/s{n}.md",
            f"Words of {n}, [as said](/europe/s0.md).",
            date=f"2025-12-{n + 10}",
            authors=["ada"],
            topics=[f"T{n % 2}"],
            image={"src": "/content/europe/p.png", "alt": "x"} if n == 0 else None,
        )


def kept(twins: Twins) -> Path:
    """The state file, as the first build left it."""
    folder = twins.site.folder / ".broadsheet"
    shutil.rmtree(folder)
    shutil.copytree(twins.site.folder.parent / "kept", folder)
    return folder / "state.sqlite"


def still_right(twins: Twins, edited: int) -> None:
    """Builds of the site that follow are right, the first of them after an edit and the loss of two pages; soon they
    have nothing to do again, though what the first one learns may be lost with the damaged file."""
    twins.site.story("asia/edited.md", f"The {edited}th edit of this.", date="2026-01-02")
    for page in ("asia/2025/12/s1/index.html", "europe/index.html"):
        (twins.site.output / page).unlink(missing_ok=True)
    twins.check()
    twins.check()
    assert twins.changes().rendered == 0


@pytest.mark.slow
@settings(max_examples=25)
@given(data=st.data(), flips=st.integers(1, 4))
def test_flipped_bytes_are_noticed(built: Twins, data: st.DataObject, flips: int) -> None:
    place = kept(built)
    content = bytearray(place.read_bytes())
    for _ in range(flips):
        content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    place.write_bytes(content)
    still_right(built, flips)


@settings(max_examples=10 if SLOW else 4)
@given(share=st.floats(0, 1))
def test_a_file_that_was_cut_off_is_noticed(built: Twins, share: float) -> None:
    place = kept(built)
    os.truncate(place, int(place.stat().st_size * share))
    still_right(built, int(share * 1000))


def of_another_program(place: Path) -> None:
    place.unlink()
    with closing(sqlite3.connect(place)) as other, other:
        other.execute("create table meta (name text primary key, data blob)")


def of_another_version(place: Path) -> None:
    with closing(sqlite3.connect(place)) as other, other:
        other.execute(f"pragma user_version = {state.VERSION + 1}")


def of_another_site(place: Path) -> None:
    twins = Twins(place.parent.parent.parent / "elsewhere")
    twins.site.story("asia/s1.md", "Not the same.", title="Another").story("asia/s9.md")
    twins.site.build()
    shutil.copyfile(twins.site.folder / ".broadsheet/state.sqlite", place)
    shutil.rmtree(twins.site.folder.parent)


def of_an_earlier_day(place: Path) -> None:
    """Put back from a backup, while the output went on."""
    content = place.read_bytes()
    site = Site.__new__(Site)
    site.folder = place.parent.parent
    site.story("asia/s2.md", "Other words.", date="2025-12-12").build(NOW, Later)
    place.write_bytes(content)


def without_a_table(place: Path) -> None:
    with closing(sqlite3.connect(place)) as other, other:
        other.execute("drop table bodies")


def with_rows_missing(place: Path) -> None:
    with closing(sqlite3.connect(place)) as other, other:
        other.execute("delete from bodies where id % 2")
        other.execute("delete from records where id % 3 = 0")
        other.execute("delete from terms where id % 3 = 1")


def with_rows_swapped(place: Path) -> None:
    """Each blob is sound, and stands where another one stood."""
    with closing(sqlite3.connect(place)) as other, other:
        for table in ("bodies", "records", "terms", "shards"):
            rows = other.execute(f"select id, data from {table} order by id").fetchall()  # noqa: S608  # a name from above
            moved = [(rows[n - 1][1], row[0]) for n, row in enumerate(rows)]
            other.executemany(f"update {table} set data = ? where id = ?", moved)  # noqa: S608  # likewise


def with_blobs_of_another_kind(place: Path) -> None:
    with closing(sqlite3.connect(place)) as other, other:
        other.execute("update profiles set data = 'text'")
        other.execute("update shards set data = x'00'")


def a_folder(place: Path) -> None:
    place.unlink()
    (place / "inside").mkdir(parents=True)


def a_full_disk(place: Path) -> None:
    place.unlink()
    place.symlink_to("/dev/full")


def an_empty_file(place: Path) -> None:
    place.write_bytes(b"")


def a_text(place: Path) -> None:
    place.write_text("Not a database.\n" * 500)


def a_torn_log(place: Path) -> None:
    place.with_name("state.sqlite-wal").write_bytes(os.urandom(9000))


DAMAGES = (
    *(of_another_program, of_another_version, of_another_site, of_an_earlier_day, without_a_table, with_rows_swapped),
    *(with_rows_missing, with_blobs_of_another_kind, a_folder, a_full_disk, an_empty_file, a_text, a_torn_log),
)


@pytest.mark.parametrize("damage", some(DAMAGES, 3))
def test_a_state_that_is_not_ours_is_never_trusted_and_never_fatal(
    built: Twins, damage: Callable[[Path], None]
) -> None:
    damage(kept(built))
    built.site.story("asia/edited.md", f"Edited for {damage.__name__}.", date="2026-01-02")
    (built.site.output / "asia/2025/12/s1/index.html").unlink(missing_ok=True)
    built.check()
    built.check()


@pytest.mark.parametrize("table", some(["records", "bodies", "terms", "shards"], 2))
def test_a_plan_and_an_explanation_do_without_a_state_that_turns_out_to_be_damaged(built: Twins, table: str) -> None:
    """At whatever step: a record is read when a page that shows it is planned or made."""
    place = kept(built)
    with closing(sqlite3.connect(place)) as other, other:
        other.execute(f"update {table} set data = x'00'")  # noqa: S608  # a name from above
    (built.site.output / "asia/2025/12/s1/index.html").unlink(missing_ok=True)
    request = engine.Request(site=str(built.site.folder), now=NOW)
    found = explain.explain(request, "/asia/2025/12/s2/", unwatched)
    assert found.source == "content/asia/s2.md"
    built.changes()  # which asks for the plan first


def test_where_no_state_can_be_kept_every_build_is_a_clean_one(tmp_path: Path) -> None:
    twins = Twins(tmp_path)
    for n in range(3):
        twins.site.story(f"asia/s{n}.md")
    twins.site.write(".broadsheet", "a file")
    for n in range(2):
        twins.check()
        twins.site.story("asia/more.md", f"Number {n}.")


def test_a_parse_is_shared_between_profiles(tmp_path: Path) -> None:
    twins = Twins(tmp_path)
    fill(twins.site)
    parsed: list[str] = []
    real = archive.parse_batch

    def counting(batch: ParseBatch) -> Any:
        parsed.extend(path for path, _ in batch.sources)
        return real(batch)

    def build(**options: Any) -> list[str]:
        parsed.clear()
        assert twins.site.build(NOW, Later, **options).ok
        return sorted(parsed)

    with patch.object(archive, "parse_batch", counting), toolchain(0):
        everything = build()
        assert len(everything) == 10
        preview = {"output": str(tmp_path / "preview"), "drafts": True, "base_url": "http://127.0.0.1:8000/"}
        assert build(**preview) == []
        assert build() == []
        twins.site.edit("content/asia/s1.md", "Words of 1", "Lines of 1")
        assert build(**preview) == ["content/asia/s1.md"]
        assert build() == []
    with toolchain(0):
        twins.check()
        twins.check(**preview)


def test_profiles_do_not_share_what_was_made(tmp_path: Path) -> None:
    """One folder, built for two addresses in turn, and two folders for one."""
    twins = Twins(tmp_path)
    fill(twins.site)
    other = str(tmp_path / "other")
    for options in (
        {},
        {"base_url": "https://elsewhere.example/x/"},
        {},
        {"output": other},
        {"drafts": True, "output": other},
    ):
        twins.check(**options)


def test_eight_builds_at_once_end_like_one(tmp_path: Path) -> None:
    """Six of one output, two of a preview beside it: all take their turns, in processes of their own."""
    twins = Twins(tmp_path)
    fill(twins.site)
    preview = {"output": str(tmp_path / "preview"), "drafts": True, "base_url": "http://127.0.0.1:8000/"}
    command = [sys.executable, str(ROOT / "build.py"), "-s", str(twins.site.folder), "--at", "2026-01-15T12:00"]
    command += ["-q", "--wait", "300", "-j", "2"]
    look = ["-D", "-o", str(preview["output"]), "-b", str(preview["base_url"])]
    processes = [
        subprocess.Popen([*command, *(look if n % 4 == 1 else [])], stderr=subprocess.PIPE, text=True) for n in range(8)
    ]
    for process in processes:
        _, errors = process.communicate(timeout=300)
        assert (process.returncode, errors) == (0, "")
    for options, output in (({}, twins.site.output), (preview, tmp_path / "preview")):
        _, wanted = twins.clean(**options)
        assert tree(output) == wanted
        twins.check(**options)


def test_two_profiles_are_built_at_once(tmp_path: Path) -> None:
    twins = Twins(tmp_path)
    fill(twins.site)
    command = [sys.executable, str(ROOT / "build.py"), "-q", "-s", str(twins.site.folder), "--at", "2026-01-15T12:00"]
    extras: list[list[str]] = [[], ["-o", str(tmp_path / "other")], ["-D", "-o", str(tmp_path / "drafts")]]
    processes = [subprocess.Popen([*command, *more], cwd=tmp_path) for more in extras]
    assert [process.wait(120) for process in processes] == [0, 0, 0]
    twins.check()
    twins.check(output=str(tmp_path / "other"))
    twins.check(output=str(tmp_path / "drafts"), drafts=True)


# --- rows that are lost ---------------------------------------------------------------------------------------------


def all_rows(place: Path) -> list[tuple[str, int]]:
    """Each row of a state file: its table, and its number there."""
    with closing(sqlite3.connect(place)) as other, other:
        tables = sorted(name for (name,) in other.execute("select name from sqlite_master where type = 'table'"))
        counts = [other.execute(f"select count(*) from {name}").fetchone()[0] for name in tables]  # noqa: S608  # names from the file's own list
    return [(name, n) for name, count in zip(tables, counts, strict=True) for n in range(count)]


def lose(place: Path, table: str, n: int) -> None:
    with closing(sqlite3.connect(place)) as other, other:
        found = other.execute(f"select * from {table} limit 1 offset ?", (n,))  # noqa: S608  # a name from `all_rows`
        names, values = [column[0] for column in found.description][:-1], found.fetchone()[:-1]
        where = " and ".join(f"{name} is ?" for name in names)
        other.execute(f"delete from {table} where {where}", values)  # noqa: S608  # likewise


@pytest.mark.slow
def test_whatever_row_is_lost_the_builds_that_follow_are_right(tmp_path: Path) -> None:
    """One that is lost must not be taken for one that never was: what it tells of sources or pages would be gone."""
    twins = Twins(tmp_path)
    with toolchain(0):
        fill(twins.site)
        twins.check()
        for n in range(2):  # so that rows and tables have patches
            twins.site.story(f"europe/late-{n}.md", "Late words.", date=f"2026-01-0{n + 2}", topics=["T0"])
            twins.check()
        site, whole = twins.site, tmp_path / "whole"
        shutil.copytree(site.folder, whole)
        lost = all_rows(site.folder / ".broadsheet/state.sqlite")
        for row in lost:
            if row[0] in ("records", "bodies", "terms", "teasers") and row[1] not in (1, 5):
                continue  # they are alike
            shutil.rmtree(site.folder)
            shutil.copytree(whole, site.folder)  # … with other stamps than the build left
            twins.check()
            lose(site.folder / ".broadsheet/state.sqlite", *row)
            site.remove("content/europe/late-0.md")
            site.edit("content/asia/s1.md", "Words of 1", "Other words of 1")
            found = twins.stale()
            assert not found, (row, found)
            assert twins.stale() == [], row
        assert {table for table, _ in lost} >= {"shards", "profiles", "meta", "ranks", "records", "terms", "teasers"}
