"""Builds that are stopped half way, as a shell, a CI job or the kernel stops them: nobody stays behind, the old site
stands, one line tells what happened, and the next build is right."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from deploys import deploy, newspaper
from examples import some
from newsroom import STATE, Site, tree

from broadsheet import work

ROOT = Path(__file__).resolve().parent.parent
STORIES = max(work.INLINE_BELOW + 10, 170)  # more batches than workers, so that some wait
STAGES = ("parse", "answer", "rank", "render")
LONG = "The ferry is late again. " * 120  # fifty such sources are more than a pipe holds
ENDS = ("Ctrl-C", "Ctrl-C for it alone", "SIGTERM")

# The first batch that a worker gets takes it for ever, as if there were far more to do, or its answer is given half:
# that is when it is stopped.
_SLOW = f"""
import os, pathlib, signal, sys, time
from multiprocessing.connection import Connection
sys.path.insert(0, {str(ROOT)!r})
from broadsheet import articles, cli, ranking, render
stages = dict(
    parse=(articles, "parse_batch"), rank=(ranking, "rank_batch"), render=(render, "render_batch"),
    answer=(Connection, "_send"),
)
stage = sys.argv.pop(1)
module, name = stages[stage]
real = getattr(module, name)
main = os.getpid()
def half(connection, data, write=os.write):
    if os.getpid() == main or len(data) < 10_000:
        return real(connection, data, write)
    real(connection, data[:5_000], write)
    pathlib.Path("begun").touch()
    time.sleep(600)
def slow(batch):
    pathlib.Path("begun").touch()
    time.sleep(600)
    return real(batch)
setattr(module, name, half if stage == "answer" else slow)
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell lets what runs behind it ignore Ctrl-C
sys.exit(cli.main(["-j", "2", "--at", "2026-01-15T12:00:00+00:00", *sys.argv[1:]]))
"""


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that was published, and has an edit and a new story since; after all tests, a plain build is right."""
    site = Site(tmp_path_factory.mktemp("stopping") / "site")
    for n in range(STORIES):
        site.story(f"eu/s{n}.md", LONG, topics=["Tea"])
    site.write("slow.py", _SLOW).good()
    site.story("eu/s0.md", "Edited.").story("eu/new.md").remove("content/eu/s1.md")
    yield site
    clean = site.folder.parent / "clean"
    site.good(vanished=True)
    site.good(output=str(clean), full=True)
    assert tree(clean) == site.tree()


class Running:
    """A build whose workers have begun."""

    def __init__(self, site: Site, stage: str, how: str = "--full") -> None:
        begun = site.folder / "begun"
        begun.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [sys.executable, "slow.py", stage, how],
            cwd=site.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # a process group of its own, as a shell gives
        )
        _wait_until(lambda: begun.exists() or self.process.poll() is not None)
        assert self.process.poll() is None, self.process.communicate()
        self.workers = _below(self.process.pid)
        assert self.workers

    def ended(self) -> tuple[int, str, str]:
        """Exit code, standard output, standard error; once all workers have gone."""
        try:
            stdout, stderr = self.process.communicate(timeout=60)
            _wait_until(lambda: not any(_alive(worker) for worker in self.workers))
        finally:
            with suppress(ProcessLookupError):  # as it should be
                os.killpg(self.process.pid, signal.SIGKILL)
        return self.process.returncode, stdout, stderr


def _below(pid: int) -> list[int]:
    """The children of a process, and theirs."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    children = [int(child) for child in found.split()]
    return [*children, *(other for child in children for other in _below(child))]


def _alive(pid: int) -> bool:
    """Whether a process runs: one that has ended may wait for whoever adopted it to notice."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.01)


def _published(site: Site) -> dict[str, tuple[bytes, int]]:
    return {path: (data, os.stat(site.output / path).st_mtime_ns) for path, data in site.tree().items()}


@pytest.mark.parametrize(("stage", "how"), some(product(STAGES, ENDS), 5))
def test_an_interrupted_build_ends_with_its_workers_and_leaves_the_site(paper: Site, stage: str, how: str) -> None:
    before = _published(paper)
    build = Running(paper, stage)
    if how == "Ctrl-C":
        os.killpg(build.process.pid, signal.SIGINT)  # a terminal sends it to the whole group
    else:
        build.process.send_signal(signal.SIGTERM if how == "SIGTERM" else signal.SIGINT)
    assert build.ended() == (130, "", "interrupted: the site is as it was\n")
    assert _published(paper) == before
    assert os.listdir(paper.output / STATE / "stage") == []


@pytest.mark.parametrize("stage", ["parse", "answer", "render"])
def test_a_build_whose_worker_is_killed_says_so_and_leaves_the_site(paper: Site, stage: str) -> None:
    before = _published(paper)
    build = Running(paper, stage)
    os.kill(build.workers[0], signal.SIGKILL)
    code, stdout, stderr = build.ended()
    assert (code, stdout) == (1, "")
    assert stderr.startswith("a worker process was killed")
    assert stderr.count("\n") == 1
    assert "nothing was published" in stderr
    assert _published(paper) == before
    assert os.listdir(paper.output / STATE / "stage") == []


@pytest.mark.parametrize("end", ["Ctrl-C", "SIGTERM", "a worker"])
def test_a_verification_that_is_stopped_says_that_the_site_is_published(paper: Site, end: str) -> None:
    paper.good(vanished=True)
    before = _published(paper)
    build = Running(paper, "parse", "--verify")  # nothing is left to build: the first to parse anything verifies
    if end == "a worker":
        os.kill(build.workers[0], signal.SIGKILL)
    else:
        build.process.send_signal(signal.SIGTERM if end == "SIGTERM" else signal.SIGINT)
    code, stdout, stderr = build.ended()
    assert (code, stdout) == (1 if end == "a worker" else 130, "")
    assert "the site is published, but not compared with a clean build" in stderr
    assert stderr.count("\n") == 1
    assert _published(paper) == before


# Somebody saves a story with a mistake after the site was published and before it is compared.
_BROKEN_MEANWHILE = f"""
import pathlib, sys
sys.path.insert(0, {str(ROOT)!r})
from broadsheet import cli, verification
real = verification.verify
def late(*given):
    pathlib.Path("content/eu/b.md").write_text("---\\ntitel: B\\n---\\n\\nText.\\n")
    return real(*given)
verification.verify = late
sys.exit(cli.main(["--verify", *sys.argv[1:]]))
"""


@pytest.mark.parametrize("arguments", [[], ["--format", "json"]])
def test_a_mistake_that_comes_before_a_verification_is_told_with_what_was_published(
    site: Site, arguments: list[str]
) -> None:
    site.story("eu/a.md").write("late.py", _BROKEN_MEANWHILE)
    done = subprocess.run(
        [sys.executable, "late.py", *arguments], cwd=site.folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    found = json.loads(done.stdout) if arguments else {}
    told = found["error"] if arguments else done.stderr
    if arguments:
        assert {(f["path"], f["line"], f["code"]) for f in found["diagnostics"]} >= {
            ("content/eu/b.md", 2, "unknown-key")
        }
    else:
        assert "content/eu/b.md:2:1: " in told
    assert "the site is published, but not compared with a clean build" in told
    assert "nothing was published" not in told
    assert site.has("/eu/2025/04/a/")


@pytest.mark.parametrize("stage", ["parse", "rank", "render"])
def test_the_workers_of_a_build_that_is_killed_end_with_it(paper: Site, stage: str) -> None:
    before = _published(paper)
    build = Running(paper, stage)
    build.process.kill()
    assert build.ended()[0] == -signal.SIGKILL
    assert _published(paper) == before


# --- what is told to nobody ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["-q"], [], ["--format", "json"]])
def test_a_full_disk_under_the_report_is_one_line_at_most(site: Site, arguments: list[str]) -> None:
    site.story("eu/a.md")
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run(
            [sys.executable, str(ROOT / "build.py"), *arguments],
            cwd=site.folder,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
        )
    told = (
        ""
        if arguments == ["-q"]
        else "the site is published, but the report can't be written: No space left on device\n"
    )
    assert (done.returncode, done.stderr) == (bool(told), told)
    assert site.has("/eu/2025/04/a/")


def test_a_reader_that_has_gone_is_no_traceback(site: Site) -> None:
    site.story("eu/a.md")
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, str(ROOT / "build.py")], cwd=site.folder, stdout=writer, stderr=subprocess.PIPE, timeout=120
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (128 + signal.SIGPIPE, b"")  # as other commands end before `| head`


TELLING = (
    ["build"],
    ["build", "--plan"],
    ["schedule"],
    ["list"],
    ["explain", "/"],
    ["stats"],
    ["check"],
    ["--help"],
    ["deploy", "-n"],
    ["deploy", "-n", "--format", "json"],
    ["deploy"],
    ["deploy", "--rollback", "list"],
    ["deploy", "--check", "http://127.0.0.1:9/"],
)


def _told(site: Site, arguments: Sequence[str], **streams: Any) -> tuple[int, str]:
    """The exit code of a command, and what it told on standard error."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "build.py"), *arguments],
        cwd=site.folder,
        stderr=subprocess.PIPE,
        timeout=120,
        **streams,
    )
    return done.returncode, done.stderr.decode()


@pytest.fixture
def deployed(site: Site) -> Site:
    newspaper(site, "production: {type: folder, path: srv}")
    deploy(site)
    return site


@pytest.mark.parametrize("arguments", some(TELLING, 4), ids=" ".join)
def test_a_command_with_closed_streams_does_its_work(deployed: Site, arguments: list[str]) -> None:
    """As cron jobs and daemons begin one: `broadsheet build >&-`."""
    wanted = _told(deployed, arguments, stdout=subprocess.DEVNULL)
    for closed in ((1,), (0, 1), (0,)):
        streams = {} if 1 in closed else {"stdout": subprocess.DEVNULL}
        assert _told(deployed, arguments, preexec_fn=partial(_close, closed), **streams) == wanted
    done = subprocess.run(
        [sys.executable, str(ROOT / "build.py"), *arguments], cwd=deployed.folder, preexec_fn=partial(_close, (0, 1, 2))
    )
    assert done.returncode == wanted[0]


def _close(descriptors: Sequence[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


# Help is argparse's to print, which in some versions of Python says nothing of streams that break.
@pytest.mark.parametrize("arguments", some([said for said in TELLING if said != ["--help"]], 4), ids=" ".join)
def test_a_report_that_nobody_takes_ends_each_command_alike(deployed: Site, arguments: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    code, told = _told(deployed, arguments, stdout=writer)
    os.close(writer)
    assert code == 128 + signal.SIGPIPE
    assert "roken pipe" not in told
    with open("/dev/full", "wb") as full:
        code, told = _told(deployed, arguments, stdout=full)
    stands = {"build": "the site is published, but ", "deploy": "the site is deployed, but "}
    said = f"{stands.get(' '.join(arguments), '')}the report can't be written: No space left on device"
    assert (code, told.splitlines()[-1]) == (1, said)
