"""`list`, `stats` and `clean`: what a site holds, and what is kept beside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from command_line import COMMAND, on_terminal, process, run
from newsroom import Site, png

from broadsheet.commands.terminal import Console, columns, fitted
from broadsheet.files import Files

AT = ("--at", "2026-01-15T12:00")


@pytest.fixture
def paper(site: Site) -> Site:
    site.configure(timezone="Europe/Istanbul")
    site.story(
        "eu/a.md", "One two three.", title="Public", date="2025-11-09", topics=["Sea", "Land"], authors="Ayşe Ak"
    )
    site.story("eu/b.md", title="Public too", date="2025-09-01", topics=["Sea"])
    site.story("tr/c.md", title="A draft", draft=True)
    site.story("tr/d.md", title="Tomorrow", date="2026-01-16T06:00:00Z")
    site.story("tr/e.md", title="Held back", embargo="2026-01-15T18:00")
    site.story("tr/f.md", title="Over", expires="2025-12-01")
    site.story("tr/g.md", title="Taken back", status="withdrawn")
    return site.story("tr/h.md", title="Unlisted", unlisted=True)


def listed(site: Site, *arguments: str) -> Any:
    done = run("list", *arguments, "--json", *AT, cwd=site.folder)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def test_stories_are_listed_by_what_they_are(paper: Site) -> None:
    assert [s["title"] for s in listed(paper, "drafts")["stories"]] == ["A draft"]
    assert [s["title"] for s in listed(paper, "expired")["stories"]] == ["Over"]
    coming = listed(paper, "scheduled")["stories"]
    assert [(s["title"], s["status"], s["at"]) for s in coming] == [
        ("Held back", "embargoed", "2026-01-15T18:00:00+03:00"),
        ("Tomorrow", "scheduled", "2026-01-16T09:00:00+03:00"),
    ]
    everything = listed(paper)["stories"]
    assert {s["status"] for s in everything} == {
        *("public", "draft", "embargoed", "scheduled", "expired", "withdrawn", "unlisted")
    }
    assert len(everything) == 8
    assert listed(paper, "all") == listed(paper)


def test_a_line_a_story_with_the_local_time_and_nothing_cut(paper: Site) -> None:
    paper.story("tr/z.md", title="A headline that is much longer than any terminal is wide " * 3, draft=True)
    done = run("list", "drafts", *AT, cwd=paper.folder)
    assert done.stdout.splitlines()[1] == "2025-04-09 00:00  draft  content/tr/c.md  A draft"
    assert done.stdout.count("than any terminal is wide") == 3
    assert run("list", "scheduled", *AT, cwd=paper.folder).stdout.startswith("2026-01-15 18:00  embargoed  ")


def test_a_story_that_expires_before_it_comes_out_is_not_told_as_coming(site: Site) -> None:
    site.story("eu/a.md").story("eu/never.md", date="2026-05-11", expires="2026-04-01")
    assert listed(site, "scheduled")["stories"] == []
    assert [s["status"] for s in listed(site)["stories"]] == ["never", "public"]
    assert "never to come out" in run("stats", *AT, cwd=site.folder).stdout
    told = run("check", "--strict", *AT, cwd=site.folder)
    assert "it will never be on the site" in told.stdout
    assert "for the hour" not in told.stdout


def test_nothing_to_list_is_said_beside_an_empty_list(site: Site) -> None:
    done = run("list", "drafts", cwd=site.folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "there are no drafts\n")
    assert listed(site)["stories"] == []


def test_sources_with_errors_are_told_and_the_others_listed(paper: Site) -> None:
    paper.story("eu/bad.md", darft=True)
    done = run("list", "drafts", *AT, cwd=paper.folder)
    assert done.returncode == 0
    assert "1 file with errors is left out: `check` tells what is wrong" in done.stderr
    told = json.loads(run("list", "drafts", "--format", "json", cwd=paper.folder).stdout)
    assert told["unread"] == ["content/eu/bad.md"]


def test_on_a_terminal_lines_fit_and_what_is_waiting_is_coloured(paper: Site) -> None:
    paper.story("eu/z.md", title="字" * 80, draft=True)
    _, shown = on_terminal("list", *AT, cwd=paper.folder, NO_COLOR="1")
    # What a line held before "\r" is printed over: a bar, where reading takes longer than a moment.
    lines = [line.rpartition("\r")[2] for line in shown.replace("\r\n", "\n").rstrip("\n").split("\n")]
    assert max(map(columns, lines[:-1])) <= 80
    assert lines[-1].startswith("9 stories: 2 ")
    assert "\x1b" not in shown
    _, coloured = on_terminal("list", *AT, cwd=paper.folder)
    assert "\x1b[33mdraft" in coloured


def test_who_reads_only_the_beginning_gets_no_traceback(paper: Site) -> None:
    for n in range(60):
        paper.story(f"eu/n{n}.md", title="x" * 2000)  # more than a pipe holds
    with subprocess.Popen(
        [*COMMAND, "list"], cwd=paper.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        assert child.stdout.readline()
        child.stdout.close()
        assert child.stderr.read() == ""
    assert child.returncode == 141


# --- stats ---------------------------------------------------------------------------------------------------------


def stats(site: Site) -> Any:
    done = run("stats", "--json", *AT, cwd=site.folder)
    assert done.returncode == 0
    return json.loads(done.stdout)


def test_the_numbers_are_those_of_what_is_public(paper: Site) -> None:
    paper.write("content/eu/p.png", png()).story("eu/p.md", "![x](p.png)", title="P", date="2025-11-30")
    told = stats(paper)
    assert told["stories"] == {
        "public": 3,
        "draft": 1,
        "embargoed": 1,
        "scheduled": 1,
        "expired": 1,
        "withdrawn": 1,
        "unlisted": 1,
    }
    assert told["pictures"] == 1
    assert told["months"] == {"2025-09": 1, "2025-10": 0, "2025-11": 2}
    assert told["regions"] == [{"name": "Eu", "stories": 3, "latest": "2025-11-30T00:00:00+03:00"}]
    assert [(t["name"], t["stories"]) for t in told["topics"]] == [("Sea", 2), ("Land", 1)]
    assert [(a["name"], a["stories"]) for a in told["authors"]] == [("Ayşe Ak", 1)]
    assert told["words"] == 3 + 6


def test_people_get_sums_a_chart_and_bars(paper: Site) -> None:
    shown = process("stats", *AT, cwd=paper.folder).stdout
    assert shown.startswith("The Section\n2 stories, 9 words, 2 min of reading, 0 pictures\nbesides: 1 draft, ")
    assert "  1 ┤█   █\n" in shown
    assert "Sea   ████████████████████████████████████ 2  2025-11-09" in shown
    assert "\x1b" not in shown


def test_a_stream_that_knows_ascii_only_gets_plain_bars(paper: Site) -> None:
    done = subprocess.run(
        [sys.executable, *COMMAND[1:], "stats", *AT],
        cwd=paper.folder,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.isascii()
    assert "####################" in done.stdout
    assert "Ay\\u015fe Ak" in done.stdout


def test_an_empty_site_has_numbers_too(site: Site) -> None:
    assert "no stories yet" in run("stats", cwd=site.folder).stdout
    assert stats(site)["months"] == {}


@pytest.mark.parametrize("share", [0, 0.001, 0.5, 1])
def test_a_bar_has_its_width_and_shows_anything_above_nothing(share: float) -> None:
    for shapes in (True, False):
        bar = Console(colour=False, width=80, shapes=shapes).bar(share, 20)
        assert columns(bar) == 20
        assert bool(bar.strip()) is (share > 0)


@pytest.mark.parametrize("text", ["plain", "字字字字", "مرحبا", "e\u0301le\u0301gant", "x" * 40])
def test_a_text_is_fitted_to_columns(text: str) -> None:
    assert columns(fitted(text, 7)) == 7


# --- clean ---------------------------------------------------------------------------------------------------------


def test_clean_removes_the_state_and_never_the_output(paper: Site) -> None:
    run(*AT, cwd=paper.folder)
    before = {path: data for path, data in paper.tree(paper.folder).items() if not path.startswith(".broadsheet/")}
    assert (paper.folder / ".broadsheet").is_dir()
    done = run("clean", cwd=paper.folder)
    assert done.returncode == 0
    assert done.stdout.startswith(".broadsheet/ is removed: ")
    assert not (paper.folder / ".broadsheet").exists()
    assert paper.tree(paper.folder) == before
    assert (paper.output / ".broadsheet").is_dir()
    assert " 0 files written" in run(*AT, cwd=paper.folder).stdout
    run("clean", cwd=paper.folder)
    assert "nothing to remove" in run("clean", cwd=paper.folder).stdout


def test_clean_refuses_what_is_no_site_and_what_is_an_output_folder(paper: Site) -> None:
    run(*AT, cwd=paper.folder)
    for folder in (paper.output, paper.folder / "content"):
        assert run("clean", "-s", str(folder)).returncode == 2
    (paper.output / "config.yaml").write_text("site: {title: T}\n")
    assert run("clean", "-s", str(paper.output)).returncode == 2
    assert (paper.output / ".broadsheet").is_dir()


def test_clean_follows_no_link(paper: Site) -> None:
    elsewhere = paper.folder.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept.txt").write_text("kept")
    (paper.folder / ".broadsheet").mkdir()
    (paper.folder / ".broadsheet" / "link").symlink_to(elsewhere)
    assert run("clean", cwd=paper.folder).returncode == 0
    (paper.folder / ".broadsheet").symlink_to(elsewhere)
    assert run("clean", cwd=paper.folder).returncode == 0
    assert (elsewhere / "kept.txt").read_text() == "kept"


def test_clean_waits_for_no_build_that_is_under_way(paper: Site) -> None:
    with Files(str(paper.folder)).lock(str(paper.folder / ".broadsheet" / "lock")):
        done = process("clean", cwd=paper.folder)
    assert done.returncode == 4
    assert (paper.folder / ".broadsheet").is_dir()
