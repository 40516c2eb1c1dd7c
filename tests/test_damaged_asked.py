"""Whoever asks about a site, and whoever can't write, gets an answer: never a traceback."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from command_line import COMMAND, run
from newsroom import NOW, STATE, Site, png

AT = ["--at", NOW.isoformat()]
# Python itself would leave byte code that is cut off, for all that come after.
LIMITED = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
TABLES = ["records", "bodies", "terms", "shards", "teasers", "profiles", "meta"]


@pytest.fixture
def built(site: Site) -> Site:
    for n in range(6):
        site.story(f"eu/s{n}.md", f"Story {n} of the ferry.", topics=["Tea"])
    site.story("eu/soon.md", date="2026-03-01").build()
    return site


def damage(site: Site, table: str) -> None:
    with closing(sqlite3.connect(site.folder / STATE / "state.sqlite")) as state, state:
        column = state.execute(f"select * from {table}").description[-1][0]  # noqa: S608  # one of the names above
        middle = f"substr({column}, 1, 20) || x'00' || substr({column}, 22)"
        state.execute(f"update {table} set {column} = {middle}")  # noqa: S608  # likewise


def limit(blocks: int) -> None:
    """As `ulimit -f` does it: no file may be larger."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (blocks * 512, blocks * 512))


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("verb", [["schedule"], ["list", "all"], ["stats"]])
def test_who_asks_about_a_site_whose_state_is_damaged_is_answered(built: Site, verb: list[str], table: str) -> None:
    asked = [*verb, "-s", str(built.folder), *AT]
    whole = run(*asked)
    damage(built, table)
    assert run(*asked) == whole
    assert run(*asked) == whole


@pytest.mark.parametrize("blocks", [1, 4, 20, 60])
def test_a_build_that_may_write_no_large_file_says_so(built: Site, blocks: int) -> None:
    """As `ulimit -f` has it. Whatever it can't write, the site stands and the next build is right."""
    before = built.tree()
    built.edit("content/eu/s0.md", "Story 0", "Another")

    done = subprocess.run(
        [*COMMAND, "-s", str(built.folder), "-q", "-j", "1", *AT],
        capture_output=True,
        text=True,
        preexec_fn=partial(limit, blocks),
        env=LIMITED,
        timeout=120,
    )
    assert "Traceback" not in done.stderr
    if done.returncode:
        assert done.stderr.count("\n") <= 2, done.stderr
        assert built.tree() == before
    assert built.build().ok
    now = built.tree()
    shutil.rmtree(built.output)
    assert built.build(full=True).ok
    assert built.tree() == now


@pytest.mark.parametrize("blocks", [4, 40])
@pytest.mark.parametrize("verb", [["schedule"], ["list", "all"], ["stats"], ["check"], ["explain", "/"]])
def test_who_asks_where_nothing_can_be_written_gets_one_line(built: Site, verb: list[str], blocks: int) -> None:
    built.edit("content/eu/s0.md", "Story 0", "Another")
    command = [*COMMAND, *verb, "-s", str(built.folder), *([] if verb == ["check"] else AT)]
    told = partial(limit, blocks)
    done = subprocess.run(command, capture_output=True, text=True, preexec_fn=told, env=LIMITED, timeout=120)
    assert "Traceback" not in done.stderr
    assert done.returncode in (0, 1)
    assert done.stderr.count("\n") <= 2, done.stderr


def test_pictures_that_were_swapped_in_the_store_are_encoded_again(site: Site) -> None:
    for n, colour in enumerate(("teal", "red")):
        site.write(f"content/eu/s{n}/p.png", png(40, 30, colour)).story(f"eu/s{n}/index.md", "![A ferry](p.png)")
    site.good()
    wanted = site.tree()
    kept = [place for place in (site.folder / STATE / "pictures").rglob("*-0") if place.is_file()]
    assert len(kept) == 2
    one, other = (place.read_bytes() for place in kept)
    kept[0].write_bytes(other)
    kept[1].write_bytes(one)
    shutil.rmtree(site.output)
    site.good()
    assert site.tree() == wanted


def test_a_link_in_place_of_a_published_file_is_replaced(site: Site, tmp_path: Path) -> None:
    site.story("eu/a.md").good()
    page = site.output / "eu/2025/04/a/index.html"
    kept = tmp_path / "kept.html"
    os.rename(page, kept)
    page.symlink_to(kept)
    site.good()
    assert not page.is_symlink()
    assert page.read_bytes() == kept.read_bytes()
