"""What `build --plan` tells is what the build then does."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from command_line import run
from examples import every
from faults import Crash
from newsroom import NOW, Site, png, unwatched
from plans import A, B, planned, reasons, story, twins
from twins import Foretold, Later, Twins

from broadsheet import dryrun, engine
from broadsheet.errors import ContentError, OutputError
from broadsheet.reasons import Reason

__all__ = ["twins"]


@pytest.mark.parametrize(
    "options", [{}, {"full": True}, {"output": "elsewhere"}, {"base_url": "https://other.example/"}]
)
def test_the_plan_of_any_build_is_what_it_does(twins: Twins, tmp_path: Path, options: dict[str, Any]) -> None:
    if "output" in options:
        options = {"output": str(tmp_path / "elsewhere")}
    twins.site.edit("content/europe/a.md", 'title: "a"', 'title: "A"').write("static/a.txt", "two")
    assert not twins.stale(told=True, **options)
    if "full" in options:
        assert reasons(planned(twins, full=True), B) == {Reason(kind="full")}


def test_what_is_not_as_it_was_told_is_noticed(twins: Twins) -> None:
    twins.site.edit("content/europe/a.md", "Of grain", "Of wheat")
    foretold = Foretold(twins.site, twins.site.output, NOW, {})
    twins.site.edit("content/europe/b.md", "Of ferries", "Of trams")
    assert foretold.lies(twins.site.build(NOW, Later))


class Dying(Later):
    """Dies when it would put a file in place, or delete one, whose name ends so, once the journal is there."""

    def __init__(self, root: str, at: str) -> None:
        super().__init__(root)
        self._at = at

    def rename(self, source: str, target: str) -> None:
        self._look(target)
        super().rename(source, target)

    def remove(self, path: str) -> None:
        self._look(path)
        super().remove(path)

    def _look(self, path: str) -> None:
        if path.endswith(self._at) and (Path(self.root) / "output/.broadsheet/journal.json").exists():
            raise Crash


@pytest.mark.parametrize("at", ["b.txt", "a/index.html", "c/index.html"])
def test_an_interrupted_publication_is_told_apart_from_what_comes_after_it(twins: Twins, at: str) -> None:
    """Before its first file is in place, after that, and when only the deletion is left."""
    twins.site.edit("content/europe/a.md", 'title: "a"', 'title: "A"').remove("content/europe/c.md")
    twins.site.write("static/b.txt", "new")
    with pytest.raises(Crash):
        twins.site.build(NOW, lambda root: Dying(root, at))
    assert (twins.site.output / ".broadsheet/journal.json").exists()
    twins.site.edit("content/europe/d.md", "Of tea", "Of milk").remove("static/b.txt")
    assert "europe/2025/12/c/index.html" in planned(twins).finished
    assert not twins.stale(told=True)


@pytest.mark.parametrize("at", ["b.txt", "a/index.html", "c/index.html"])
def test_an_interrupted_publication_whose_changes_are_taken_back_is_told_as_it_is(twins: Twins, at: str) -> None:
    """What is in place then is what neither the last build left nor the one to come makes."""
    content, was = twins.site.folder / "content", twins.site.folder.parent / "was"
    shutil.copytree(content, was)
    twins.site.edit("content/europe/a.md", 'title: "a"', 'title: "A"').remove("content/europe/c.md")
    twins.site.write("static/b.txt", "new").story("europe/z.md", "Of salt.", date="2025-12-19")
    with pytest.raises(Crash):
        twins.site.build(NOW, lambda root: Dying(root, at))
    shutil.rmtree(content)
    was.rename(content)
    twins.site.remove("static/b.txt")
    assert not twins.stale(told=True)
    assert not twins.site.has("/europe/2025/12/z/")


def test_what_a_killed_process_left_of_the_state_is_read_and_left_alone(twins: Twins) -> None:
    """Its last transaction lies beside the state file."""
    place = twins.site.folder / ".broadsheet/state.sqlite"
    script = "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); "
    script += "c.execute('create table other (x)'); os._exit(0)"
    subprocess.run([sys.executable, "-c", script, str(place)], check=True)
    assert os.path.getsize(f"{place}-wal") > 0
    twins.site.edit("content/europe/a.md", "Of grain", "Of wheat")
    foretold = Foretold(twins.site, twins.site.output, NOW, {})
    assert foretold.plan is not None
    assert reasons(foretold.plan, A) == {story("europe/a", "text", "story")}
    assert not foretold.lies(twins.site.build(NOW, Later))


def rows(place: Path) -> list[tuple[str, int]]:
    """Every row of a state file: its table, and how many come before it there."""
    with closing(sqlite3.connect(place)) as state:
        tables = [name for (name,) in state.execute("select name from sqlite_master where type = 'table'")]
        counts = {name: state.execute(f"select count(*) from {name}").fetchone()[0] for name in tables}  # noqa: S608  # names from the file's own list
        return [(name, n) for name in sorted(tables) for n in range(counts[name])]


def damage(place: Path, table: str, n: int) -> None:
    """Make the last byte of a row of the state another one."""
    with closing(sqlite3.connect(place)) as state:
        found = state.execute(f"select * from {table} limit 1 offset ?", (n,))  # noqa: S608  # a name from `rows`
        *key, data = found.fetchone()
        where = " and ".join(f"{column[0]} is ?" for column in found.description[:-1])
        changed = data[:-1] + bytes([data[-1] ^ 0xFF])
        state.execute(f"update {table} set data = ? where {where}", (changed, *key))  # noqa: S608  # likewise
        state.commit()


def test_whatever_row_of_the_state_is_damaged_the_plan_is_what_the_build_does(twins: Twins) -> None:
    """A build may do without the row, or need it and start from nothing: where only the reasons are to be had from it,
    the plan goes on as the build does."""
    state, site = twins.site.folder / ".broadsheet/state.sqlite", twins.site
    unknown, made = 0, set()
    for n in range(0, len(rows(state)), every(3)):
        old, new = ("grain", "rice") if n // every(3) % 2 == 0 else ("rice", "grain")
        site.edit("content/europe/a.md", f"Of {old}", f"Of {new}")
        site.story("asia/e.md", "Of rice.", date="2025-12-18", topics=[new])
        site.remove("content/asia/f.md") if n // every(3) % 2 else site.story(
            "asia/f.md", "Of sand.", date="2025-12-20"
        )
        row = rows(state)[n]
        damage(state, *row)
        foretold = Foretold(site, site.output, NOW, {})
        assert not foretold.lies(site.build(NOW, Later)), f"{row}"
        assert foretold.plan is not None
        unknown += any(reason.kind == "damaged" for file in foretold.plan.files for reason in file.reasons)
        made.add(len(foretold.plan.files))
    assert unknown, "no row was one that only reasons need"
    assert len(made) > 1, "no row was one that a build needs"


def test_a_plan_fails_where_the_build_would(twins: Twins) -> None:
    twins.site.story("europe/bad.md", "![](p.png) [x](nowhere.md)", titel="x")
    with pytest.raises(ContentError) as found:
        planned(twins)
    assert {f.format() for f in found.value.diagnostics} == {f.format() for f in twins.site.build(NOW, Later).findings}
    twins.site.remove("content/europe/bad.md")
    (twins.site.output / "new.txt").write_text("somebody else's")
    twins.site.write("static/new.txt", "ours")
    with pytest.raises(OutputError, match=r"new\.txt"):
        planned(twins)


def test_pictures_are_encoded_for_the_plan_and_not_kept(site: Site) -> None:
    site.story("europe/a.md", image={"src": "p.png", "alt": "x"}).write("content/europe/p.png", png(800, 400))
    foretold = Foretold(site, site.output, NOW, {})
    assert foretold.plan is not None
    variants = [file for file in foretold.plan.files if file.template == "picture"]
    assert variants
    assert not site.output.exists()
    assert not foretold.lies(site.build(NOW, Later))


def test_workers_tell_the_same_plan_and_every_page_is_in_the_profile(site: Site) -> None:
    for n in range(210):
        site.story(f"europe/s{n}.md", f"Of {n}.", date=f"2025-{n % 12 + 1:02}-{n % 28 + 1:02}")
    plans = [dryrun.plan(engine.Request(site=str(site.folder), now=NOW, jobs=jobs), unwatched) for jobs in (1, 2)]
    assert plans[0] == plans[1]
    for jobs in (2, 1):
        done = site.good(jobs=jobs, profile=True, full=True)
        made = [file for file in plans[0].files if file.template not in ("copy", "picture")]
        assert {name: spent.pages for name, spent in done.templates.items()} == {
            name: sum(file.template == name for file in made) for name in {file.template for file in made}
        }
        assert all(spent.rendering > 0 for spent in done.templates.values())
        assert done.templates["article.html"].contexts > 0  # robots.txt's takes less than a microsecond
    assert len(site.good(full=True).templates) == 0


# --- the command line ----------------------------------------------------------------------------------------------


def test_a_plan_is_printed_and_nothing_done(site: Site) -> None:
    site.story("europe/a.md", "Of grain.").story("europe/b.md", "Of ferries.")
    where = ("-s", str(site.folder), "--at", "2026-01-15T12:00")
    assert run(*where).returncode == 0
    site.edit("content/europe/a.md", "Of grain", "Of wheat").remove("content/europe/b.md")
    before = site.tree()
    told = run("--plan", *where)
    assert told.returncode == 0
    assert "+ europe/2025/04/a/index.html" in told.stdout
    assert "content/europe/a.md: text" in told.stdout
    assert "- europe/2025/04/b/index.html" in told.stdout
    found = json.loads(run("--plan", *where, "--format", "json").stdout)
    assert site.tree() == before
    done = json.loads(run(*where, "--format", "json").stdout)
    assert (found["files"], found["rendered"]) == (done["files"], done["rendered"])
    assert found["bytes"] == sum(file["bytes"] for file in found["plan"] if file["action"] == "write")
    again = run("--plan", *where)
    assert again.stdout.startswith("0 files to make: 0 to write")
    assert run("--plan", "--verify", *where).returncode == 2


def test_a_profile_is_told_to_people_and_machines(site: Site) -> None:
    site.story("europe/a.md", "Of grain.")
    where = ("-s", str(site.folder), "--at", "2026-01-15T12:00", "--full")
    told = run("--profile", *where).stdout
    assert [line.split()[0] for line in told.splitlines()[:4]] == ["stage", "recall", "scan", "parse"]
    assert any(line.split()[:2] == ["article.html", "1"] for line in told.splitlines())
    found = json.loads(run("--profile", *where, "--format", "json").stdout)
    assert found["templates"]["article.html"]["pages"] == 1
    assert "templates" not in json.loads(run(*where, "--format", "json").stdout)
