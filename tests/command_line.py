"""The command line in this process, in a process of its own, and on a terminal: its exit code and its words."""

from __future__ import annotations

import fcntl
import gc
import io
import os
import pty
import struct
import subprocess
import sys
import termios
import zoneinfo
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import pytest
from newsroom import Site

from broadsheet import cli

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
