"""The command line as people and machines meet it: a process of its own, its exit code, its words."""

from __future__ import annotations

import fcntl
import gc
import io
import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
import zoneinfo
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import pytest
from newsroom import Site, png

from broadsheet import cli
from broadsheet.files import Files

ROOT = Path(__file__).resolve().parent.parent
COMMAND = [sys.executable, str(ROOT / "build.py")]


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


def run(*arguments: str, cwd: Path | None = None, **environment: str) -> Done:
    """The command's exit code and words, run in this process: an exception that it lets out fails the test."""
    out, err = io.StringIO(), io.StringIO()
    before, here = dict(os.environ), Path.cwd()
    os.environ.pop("SOURCE_DATE_EPOCH", None)
    os.environ.update(environment)
    try:
        os.chdir(cwd or here)
        with redirect_stdout(out), redirect_stderr(err):
            code = _exit_code(arguments)
    finally:
        os.chdir(here)
        os.environ.clear()
        os.environ.update(before)
        gc.enable()  # what the command sets for its whole process
        zoneinfo.reset_tzpath()
    return Done(code, out.getvalue(), err.getvalue())


def _exit_code(arguments: Sequence[str]) -> int:
    try:
        return cli.main(arguments)
    except SystemExit as end:  # how argparse ends after --help and mistakes
        return int(end.code or 0)


def process(*arguments: str, cwd: Path | None = None, command: Sequence[str] = COMMAND) -> Done:
    """The same as a process of its own."""
    done = subprocess.run(
        [*command, *arguments], capture_output=True, text=True, timeout=120, cwd=cwd, stdin=subprocess.DEVNULL
    )
    assert "Traceback" not in done.stderr + done.stdout, done.stderr
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def paper(site: Site) -> Site:
    return site.story("eu/a.md", title="A story").story("eu/b.md", title="Another")


# --- verbs and help ------------------------------------------------------------------------------------------------


def test_no_verb_builds_the_site_in_the_current_folder(paper: Site) -> None:
    done = process(cwd=paper.folder)
    assert done.returncode == 0
    assert re.fullmatch(
        r"2 stories, \d+ pages, 0 warnings in \d+\.\d s: \d+ files written, 0 unchanged, 0 deleted in output\n",
        done.stdout,
    )
    assert done.stderr == ""
    assert "A story" in paper.page("/eu/2025/04/a/")


def test_the_verb_may_be_said_and_the_folder_named(paper: Site) -> None:
    assert run("build", "-s", str(paper.folder)).returncode == 0
    again = run("--source", str(paper.folder))
    assert " 0 files written" in again.stdout


def test_help_tells_the_verb_and_build_help_its_options() -> None:
    told = process("--help")
    assert told.returncode == 0
    assert "build" in told.stdout
    options = run("build", "--help")
    assert options.returncode == 0
    for option in (
        "--source",
        "--drafts",
        "--future",
        "--output",
        "--base-url",
        "--at",
        "--jobs",
        "--wait",
        "--format",
    ):
        assert option in options.stdout
    assert run("--version").stdout.startswith("Broadsheet ")


USAGE_ERRORS = {
    "a verb that isn't one": ["biuld"],
    "an option that isn't one": ["--dratfs"],
    "no workers": ["-j", "0"],
    "workers in words": ["-j", "two"],
    "a wait that isn't a number": ["--wait", "long"],
    "a format that isn't one": ["--format", "xml"],
    "quiet and verbose": ["-q", "-v"],
    "a time that isn't one": ["--at", "tomorrow"],
    "a day that isn't one": ["--at", "2026-02-30"],
    "a time before all zones": ["--at", "0001-01-01T00:00+14:00"],
    "a time after all zones": ["--at", "9999-12-31T23:59-14:00"],
    "a base URL without a scheme": ["-b", "example.org"],
    "a base URL that is a file": ["-b", "file:///tmp/"],
    "a base URL with a query": ["-b", "https://example.org/?x=1"],
    "drafts into what is deployed": ["-D"],
    "scheduled stories into what is deployed": ["-F", "-o", "output"],
    "drafts into what is deployed, by another way": ["-D", "-o", "content/../output/"],
    "drafts below what is deployed": ["-D", "-o", "output/preview"],
    "scheduled stories below what is deployed": ["-F", "-o", "output/a/b"],
    "drafts above what is deployed": ["-D", "-o", "."],
    "extensions, which can't be loaded yet": ["-s", "extended"],
}


@pytest.mark.parametrize("arguments", USAGE_ERRORS.values(), ids=USAGE_ERRORS.keys())
def test_what_can_not_be_done_is_told_with_exit_code_2(paper: Site, arguments: list[str]) -> None:
    Site(paper.folder / "extended").configure("extensions: [my_site.podcast]\n").story("eu/a.md")
    done = run(*arguments, cwd=paper.folder)
    assert done.returncode == 2, done.stdout
    assert done.stderr.strip()
    assert done.stdout == ""
    assert paper.tree() == {}


def test_drafts_through_a_link_to_what_is_deployed_are_refused(paper: Site) -> None:
    run(cwd=paper.folder)
    (paper.folder / "preview").symlink_to("output")
    assert run("-D", "-o", "preview", cwd=paper.folder).returncode == 2
    assert run("-D", "-o", "preview/below", cwd=paper.folder).returncode == 2
    (paper.folder / "site").mkdir()
    paper.configure("output_dir: site/public\n")
    assert run("-F", "-o", "site", cwd=paper.folder).returncode == 2


def test_drafts_go_elsewhere(paper: Site, tmp_path: Path) -> None:
    paper.story("eu/c.md", title="Unfinished", draft=True)
    assert run("-D", "-o", str(tmp_path / "preview"), cwd=paper.folder).returncode == 0
    assert (tmp_path / "preview/eu/2025/04/c/index.html").is_file()
    assert paper.tree() == {}


@pytest.mark.parametrize("epoch", ["soon", "99999999999999999", "253402300799", "-99999999999"])
def test_a_source_date_epoch_that_is_no_time_is_told(paper: Site, epoch: str) -> None:
    done = run(cwd=paper.folder, SOURCE_DATE_EPOCH=epoch)
    assert done.returncode == 2
    assert "SOURCE_DATE_EPOCH" in done.stderr


def test_source_date_epoch_is_the_hour_of_the_build_unless_at_says_another(paper: Site) -> None:
    paper.story("eu/later.md", date="2025-06-01")
    run(cwd=paper.folder, SOURCE_DATE_EPOCH="1746000000")  # 2025-04-30
    assert not paper.has("/eu/2025/06/later/")
    run("--at", "2025-06-02", cwd=paper.folder, SOURCE_DATE_EPOCH="1746000000")
    assert paper.has("/eu/2025/06/later/")


def test_exit_codes_are_those_of_the_process(paper: Site) -> None:
    assert process("--at", "x", cwd=paper.folder).returncode == 2
    assert process("-s", str(paper.folder / "nowhere")).returncode == 2
    paper.story("eu/c.md", darft=True)
    done = process(cwd=paper.folder)
    assert done.returncode == 1
    assert "content/eu/c.md:4:1: unknown key `darft`" in done.stderr


def test_a_locale_that_would_misread_file_names_is_told(paper: Site) -> None:
    done = subprocess.run(
        COMMAND,
        cwd=paper.folder,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    )
    assert done.returncode == 2
    assert "set PYTHONUTF8=1" in done.stderr


# --- folders -------------------------------------------------------------------------------------------------------


def test_a_missing_site_folder_is_told(tmp_path: Path) -> None:
    done = run("-s", str(tmp_path / "nowhere"))
    assert done.returncode == 2
    assert "nowhere: there is no such folder" in done.stderr


def test_a_folder_without_settings_is_told_what_to_write(tmp_path: Path) -> None:
    done = run(cwd=tmp_path)
    assert done.returncode == 2
    assert "there is no config.yaml" in done.stderr
    assert "base_url" in done.stderr


def test_a_folder_in_place_of_settings_or_stories_is_told(paper: Site, tmp_path: Path) -> None:
    (paper.folder / "config.yaml").unlink()
    (paper.folder / "config.yaml").mkdir()
    assert run(cwd=paper.folder).returncode == 2
    other = Site(tmp_path / "other").write("content", "a file")
    done = run(cwd=other.folder)
    assert done.returncode == 2
    assert "there is no folder content for `content_dir`" in done.stderr


@pytest.mark.parametrize(
    ("setting", "line"),
    [
        ("content_dir: contnt", "config.yaml:4:1: there is no folder contnt for `content_dir`"),
        ("static_dir: statics", "config.yaml:4:1: there is no folder statics for `static_dir`"),
        ("templates_dir: themes/ours", "config.yaml:4:1: there is no folder themes/ours for `templates_dir`"),
    ],
)
def test_a_misspelt_source_folder_is_told_and_takes_no_page_away(paper: Site, setting: str, line: str) -> None:
    paper.write("static/x.txt", "x").write("templates/partials/head.html", "").good()
    before = paper.tree()
    paper.configure(setting + "\n")
    done = run(cwd=paper.folder)
    assert done.returncode == 2
    assert line in done.stderr
    assert f"hint: Did you mean {setting.partition('_')[0]}" in done.stderr
    assert paper.tree() == before


def test_a_site_needs_no_static_files_and_no_templates_of_its_own(paper: Site) -> None:
    paper.good()
    (paper.folder / "stories").mkdir()
    assert paper.configure("content_dir: stories\n").build().codes() == ["vanished-page", "vanished-page"]
    assert not paper.has("/eu/2025/04/a/")  # an empty folder of stories is meant


def test_a_template_that_is_not_utf8_is_told_with_the_rest(paper: Site) -> None:
    paper.story("eu/c.md", darft=True).write("templates/partials/head.html", "<p>\n  Café".encode("latin-1"))
    done = run(cwd=paper.folder)
    assert done.returncode == 1
    assert "content/eu/c.md:4:1: unknown key `darft`" in done.stderr
    assert "templates/partials/head.html:2:6: the file is not UTF-8 [template]" in done.stderr


@pytest.mark.parametrize(
    "output", ["/", "~", ".", "..", "content", "content/eu", "static", "templates/x", "config.yaml"]
)
def test_an_output_folder_that_would_cost_files_is_refused(paper: Site, output: str) -> None:
    for name in ("static", "templates"):
        (paper.folder / name).mkdir()
    before = sorted(path for path in paper.folder.rglob("*"))
    done = run("-o", os.path.expanduser(output), cwd=paper.folder)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert sorted(path for path in paper.folder.rglob("*")) == before


def test_an_output_folder_that_can_not_be_made_is_told(paper: Site) -> None:
    done = run("-o", "/proc/broadsheet", cwd=paper.folder)
    assert done.returncode == 1
    assert "/proc/broadsheet" in done.stderr
    assert "nothing was published" in done.stderr


def test_pages_that_others_made_are_kept_until_adopted(paper: Site) -> None:
    paper.write("output/index.html", "mine").write("output/CNAME", "example.org")
    done = run(cwd=paper.folder)
    assert done.returncode == 1
    assert "--adopt" in done.stderr
    assert paper.tree() == {"index.html": b"mine", "CNAME": b"example.org"}
    assert run("--adopt", cwd=paper.folder).returncode == 0
    assert paper.tree()["CNAME"] == b"example.org"
    assert "A story" in paper.page("/")


def _in_namespace(script: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A shell script with mounts of its own, or a skip where this system allows none."""
    unshare = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-Urm"]
    if subprocess.run([*unshare, "true"], capture_output=True).returncode:
        pytest.skip("this system lets nobody make mounts of their own")
    return subprocess.run(
        [*unshare, "sh", "-ec", script], capture_output=True, text=True, timeout=120, cwd=cwd, stdin=subprocess.DEVNULL
    )


def test_a_read_only_output_folder_is_told_and_stays_as_it_is(paper: Site) -> None:
    run(cwd=paper.folder)
    before = paper.tree()
    paper.story("eu/c.md")
    command = " ".join(COMMAND)
    done = _in_namespace(
        f"mount --bind output output && mount -o remount,bind,ro output && exec {command}", paper.folder
    )
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert "nothing was published" in done.stderr
    assert "ead-only" in done.stderr
    assert paper.tree() == before


def test_a_full_disk_is_told_and_the_site_stays_as_it_is(paper: Site) -> None:
    script = f"""
        mkdir -p small && mount -t tmpfs -o size=600k tmpfs small
        {" ".join(COMMAND)} -q -o small/output
        find small/output -type f ! -path '*/.broadsheet/*' | sort | xargs cksum > first
        head -c 300000 /dev/urandom > static.bin; mkdir -p static; mv static.bin static/big.bin
        head -c 300000 /dev/urandom > static/big2.bin
        {" ".join(COMMAND)} -q -o small/output && exit 99 || echo "code $?"
        find small/output -type f ! -path '*/.broadsheet/*' | sort | xargs cksum > second
        cmp first second
    """
    done = _in_namespace(script, paper.folder)
    assert done.returncode == 0, done.stderr + done.stdout
    assert "code 1" in done.stdout
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr


# --- settings ------------------------------------------------------------------------------------------------------


def test_mistakes_in_settings_are_told_at_their_places_with_exit_code_2(paper: Site) -> None:
    paper.write("config.yaml", "site: {title: x, base_url: https://e.org/, timezon: Y}\nfeeds: {limit: many}\nxyz: 1\n")
    done = run(cwd=paper.folder)
    assert done.returncode == 2
    for words in (
        "config.yaml:1:44: unknown key `site.timezon` [config-key]",
        "Did you mean `timezone`?",
        "config.yaml:2:16: `feeds.limit` must be a whole number",
        "config.yaml:3:1: unknown key `xyz`",
        "    2 | feeds: {limit: many}",
    ):
        assert words in done.stderr
    assert paper.tree() == {}


@pytest.mark.parametrize(
    "text",
    ["", "site: [", "- a\n", "\0", "site: {title: x}\n", "site: {title: x, base_url: ftp://x/}\n", "\ufeffsite: 3\n"],
)
def test_settings_that_can_not_be_used_are_told_with_exit_code_2(paper: Site, text: str) -> None:
    paper.write("config.yaml", text)
    done = run(cwd=paper.folder)
    assert done.returncode == 2
    assert "config.yaml:" in done.stderr


def test_settings_that_are_not_utf8_are_told(paper: Site) -> None:
    paper.write("config.yaml", b"site: {title: \xe9}\n")
    done = run(cwd=paper.folder)
    assert done.returncode == 2
    assert "not UTF-8" in done.stderr


def test_a_base_url_on_the_command_line_stands_in_for_a_missing_one(paper: Site) -> None:
    paper.write("config.yaml", "site: {title: x}\n")
    assert run(cwd=paper.folder).returncode == 2
    assert run("-b", "https://other.example/news", cwd=paper.folder).returncode == 0
    assert "https://other.example/news/eu/2025/04/a/" in paper.page("/sitemaps/2025-04.xml")


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


def on_terminal(
    *arguments: str, cwd: Path, command: Sequence[str] = COMMAND, typed: str = "", **environment: str
) -> tuple[int, str]:
    """Run with a terminal for all streams, at which something was typed; the exit code and everything shown."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    child = subprocess.Popen(
        [*command, *arguments],
        cwd=cwd,
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env={**os.environ, "TERM": "xterm", **environment},
    )
    os.close(follower)
    os.write(leader, typed.encode())
    shown = b""
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:  # how Linux tells that the other side has closed
            break
        if not piece:
            break
        shown += piece
    os.close(leader)
    return child.wait(timeout=120), shown.decode()


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


def test_no_color_leaves_only_plain_characters_in_the_bar(long_work: Site) -> None:
    _, shown = on_terminal(cwd=long_work.folder, command=SLOWLY, NO_COLOR="1")
    assert "Reading stories" in shown
    assert shown.isascii()
    assert "\x1b[3" not in shown


def test_the_bar_is_gone_before_errors_are_told(long_work: Site) -> None:
    long_work.story("eu/s0.md", darft=True)
    code, shown = on_terminal(cwd=long_work.folder, command=SLOWLY)
    assert code == 1
    assert "Reading stories" in shown
    assert re.search(r"\r *\rcontent/eu/s0.md:4:1: ", shown)


def test_quiet_and_json_show_no_bar(long_work: Site) -> None:
    assert on_terminal("-q", cwd=long_work.folder, command=SLOWLY) == (0, "")
    _, shown = on_terminal("--format", "json", cwd=long_work.folder, command=SLOWLY)
    assert json.loads(shown)["ok"]


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
