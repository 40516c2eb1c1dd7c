"""What the command tells: of builds that fail, as JSON, quietly, at length, and on a terminal."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from command_line import ROOT, on_terminal, paper, process, run
from newsroom import Site, png

from broadsheet.files import Files

__all__ = ["paper"]


# --- content errors ------------------------------------------------------------------------------------------------


def _stats(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_ino) for path in folder.rglob("*") if path.is_file()}


def test_a_failed_build_tells_all_errors_and_leaves_every_byte_and_time_of_the_output(paper: Site) -> None:
    run(cwd=paper.folder)
    tree = paper.tree()
    times = {path: stat for path, stat in _stats(paper.output).items() if "/.broadsheet/" not in path}
    paper.story("eu/c.md", darft=True).story("eu/d.md", date="2026-02-30").story("eu/e.md", "[x](nope.md)")
    paper.story("eu/a.md", "changed").write("content/eu/f.md", b"\xff").write("templates/topic.html", "{% if %}")
    paper.write("static/new.txt", "new")
    done = run(cwd=paper.folder)
    assert done.returncode == 1
    for words in ("c.md:4:1: ", "d.md:3:7: ", "e.md:5:5: ", "f.md:1:1: ", "templates/topic.html:1:"):
        assert words in done.stderr
    assert "errors: nothing was published, the site is as it was" in done.stderr
    assert done.stdout == ""
    assert paper.tree() == tree
    assert {path: stat for path, stat in _stats(paper.output).items() if "/.broadsheet/" not in path} == times


def test_a_template_that_fails_while_rendering_leaves_the_output_too(paper: Site) -> None:
    run(cwd=paper.folder)
    tree, times = paper.tree(), _stats(paper.output / "eu")
    paper.story("eu/a.md", "changed").write("templates/partials/after_article.html", "{{ story.titel }}")
    assert run(cwd=paper.folder).returncode == 1
    assert paper.tree() == tree
    assert _stats(paper.output / "eu") == times
    assert not list((paper.output / ".broadsheet/stage").iterdir())


def test_an_unchanged_site_is_not_written_again(paper: Site) -> None:
    run(cwd=paper.folder)
    times = _stats(paper.output / "eu")
    done = run(cwd=paper.folder)
    assert " 0 files written" in done.stdout
    assert _stats(paper.output / "eu") == times


def test_a_locked_output_folder_is_told_with_exit_code_4(paper: Site) -> None:
    run(cwd=paper.folder)
    paper.story("eu/new.md")  # who sees at a glance that there is nothing to do asks for no lock
    with Files(str(paper.folder)).lock(str(paper.output / ".broadsheet/lock")):
        done = run("--wait", "0", cwd=paper.folder)
    assert done.returncode == 4
    assert str(os.getpid()) in done.stderr
    assert run(cwd=paper.folder).returncode == 0


@pytest.mark.parametrize("lock", ["output/.broadsheet/lock", ".broadsheet/lock"])
def test_a_build_waits_for_another_to_end(paper: Site, lock: str) -> None:
    """However long the other one takes, up to the seconds of --wait."""
    begun = threading.Event()

    def other() -> None:
        with Files(str(paper.folder)).lock(str(paper.folder / lock)):
            begun.set()
            time.sleep(0.3)
            ended.append(time.monotonic())

    ended: list[float] = []
    thread = threading.Thread(target=other)
    thread.start()
    begun.wait()
    assert run("--wait", "60", cwd=paper.folder).returncode == 0
    assert ended
    thread.join()


def test_a_broken_picture_is_told_with_the_rest(paper: Site) -> None:
    whole = png(400, 300)
    paper.write("content/eu/x.png", whole[: len(whole) // 2]).story("eu/c.md", "![x](x.png)").story(
        "eu/d.md", slug=".."
    )
    done = run(cwd=paper.folder)
    assert done.returncode == 1
    assert "d.md:4:7" in done.stderr
    paper.remove("content/eu/d.md")
    done = run(cwd=paper.folder)
    assert done.returncode == 1
    assert "[damaged-picture]" in done.stderr
    assert paper.tree() == {}


# --- how it reports ------------------------------------------------------------------------------------------------


def test_json_is_one_object_on_standard_output(paper: Site) -> None:
    paper.story("eu/c.md", '<b>x</b> "ü"', title="Ü")
    done = run("--format", "json", cwd=paper.folder)
    told = json.loads(done.stdout)
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""
    assert told["ok"] is True
    assert told["exit_code"] == 0
    assert told["stories"] == 3
    assert told["files"]["written"] == len(paper.tree())
    assert told["pages"] == sum(path.endswith(".html") for path in paper.tree())
    assert set(told["stages"]) >= {"scan", "parse", "catalog", "plan", "render", "publish"}
    (finding,) = told["diagnostics"]
    assert finding["code"] == "raw-html"
    assert (finding["path"], finding["line"], finding["severity"]) == ("content/eu/c.md", 5, "warn")


@pytest.mark.parametrize("arguments", [["-s", "nowhere"], ["--at", "x"], ["-o", "/proc/x"], ["-D"]])
def test_json_is_one_object_for_failures_too(paper: Site, arguments: list[str]) -> None:
    done = run("--format", "json", *arguments, cwd=paper.folder)
    told = json.loads(done.stdout)
    assert told["ok"] is False
    assert told["exit_code"] == done.returncode != 0
    assert told["error"]


def test_json_holds_every_finding_of_a_failed_build(paper: Site) -> None:
    paper.story("eu/c.md", darft=True).story("eu/d.md", "[x](nope.md)")
    done = run("--format", "json", cwd=paper.folder)
    told = json.loads(done.stdout)
    assert (told["ok"], told["exit_code"], done.returncode) == (False, 1, 1)
    assert [finding["code"] for finding in told["diagnostics"]] == ["hidden-key", "broken-link"]
    assert told["diagnostics"][0]["hint"] == "Did you mean `draft`?"


def test_quiet_says_nothing_but_errors(paper: Site) -> None:
    paper.story("eu/c.md", "<b>x</b>")
    done = run("-q", cwd=paper.folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    paper.story("eu/d.md", "[x](nope.md)")
    done = run("-q", cwd=paper.folder)
    assert done.returncode == 1
    assert "broken-link" in done.stderr
    assert "raw-html" not in done.stderr


def test_verbose_shows_every_warning_and_the_seconds_of_each_stage(paper: Site) -> None:
    for n in range(6):
        paper.story(f"eu/c{n}.md", "<b>x</b>")
    done = run(cwd=paper.folder)
    assert done.stderr.count("[raw-html]") == 3
    assert "(3 similar warnings: -v shows all)" in done.stderr
    done = run("-v", cwd=paper.folder)
    assert done.stderr.count("[raw-html]") == 6
    assert re.search(r"parse \d+\.\d\d s", done.stdout)


def test_a_hidden_story_is_told_with_its_local_time(paper: Site) -> None:
    paper.configure(timezone="Europe/Istanbul").story("eu/c.md", embargo="2030-01-01T06:00:00Z")
    done = run("--at", "2026-01-01", cwd=paper.folder)
    assert done.returncode == 0
    assert "not on the site before 2030-01-01 09:00 (Europe/Istanbul) [not-public]" in done.stderr


# --- on a terminal -------------------------------------------------------------------------------------------------


def test_short_work_shows_no_bar_on_a_terminal(paper: Site) -> None:
    code, shown = on_terminal(cwd=paper.folder)
    assert code == 0
    assert "Reading stories" not in shown
    assert "2 stories" in shown


# A worker that takes its time stands in for thousands of stories; the bar itself is the real one.
_SLOW = """
import signal, sys, time
sys.path.insert(0, {root!r})
from broadsheet import articles, cli
parse = articles.parse_batch
def slow(batch):
    open("begun", "w").close()
    time.sleep(0.6)
    return parse(batch)
articles.parse_batch = slow
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell lets what runs behind it ignore Ctrl-C
sys.exit(cli.main(["-j", "1", *sys.argv[1:]]))
"""


@pytest.fixture
def long_work(site: Site) -> Site:
    for n in range(110):
        site.story(f"eu/s{n}.md")
    return site.write("slow.py", _SLOW.format(root=str(ROOT)))


SLOWLY = [sys.executable, "slow.py"]


def test_work_over_a_second_shows_a_bar_on_a_terminal(long_work: Site) -> None:
    code, shown = on_terminal(cwd=long_work.folder, command=SLOWLY)
    assert code == 0
    assert "Reading stories" in shown
    assert "110 stories, " in shown.splitlines()[-2]
    assert re.search(r"\bparse \d\.\d\d s", shown.splitlines()[-1])


@pytest.mark.slow
def test_no_color_leaves_only_plain_characters_in_the_bar(long_work: Site) -> None:
    _, shown = on_terminal(cwd=long_work.folder, command=SLOWLY, NO_COLOR="1")
    assert "Reading stories" in shown
    assert shown.isascii()
    assert "\x1b[3" not in shown


@pytest.mark.slow
def test_the_bar_is_gone_before_errors_are_told(long_work: Site) -> None:
    long_work.story("eu/s0.md", darft=True)
    code, shown = on_terminal(cwd=long_work.folder, command=SLOWLY)
    assert code == 1
    assert "Reading stories" in shown
    assert re.search(r"\r *\rcontent/eu/s0.md:4:1: ", shown)


@pytest.mark.slow
def test_quiet_and_json_show_no_bar(long_work: Site) -> None:
    assert on_terminal("-q", cwd=long_work.folder, command=SLOWLY) == (0, "")
    _, shown = on_terminal("--format", "json", cwd=long_work.folder, command=SLOWLY)
    assert json.loads(shown)["ok"]


@pytest.mark.slow
def test_no_bar_where_standard_error_is_no_terminal(long_work: Site) -> None:
    done = process(cwd=long_work.folder, command=SLOWLY)
    assert done.returncode == 0
    assert done.stderr == ""
    assert done.stdout.count("\n") == 2


def test_an_interrupted_build_leaves_the_site_and_says_so(long_work: Site) -> None:
    child = subprocess.Popen(
        SLOWLY, cwd=long_work.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while not (long_work.folder / "begun").exists():
        assert child.poll() is None
    child.send_signal(signal.SIGINT)
    stdout, stderr = child.communicate(timeout=60)
    assert child.returncode == 130
    assert "Traceback" not in stderr
    assert "interrupted" in stderr
    assert stdout == ""
    assert long_work.tree() == {}
