"""The output folder's lock, and what it remembers when that can't be trusted."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from newsroom import NoWait, Site, png, tree
from publications import MARKED, STATE, folder, publish

from broadsheet import output
from broadsheet.digest import digest
from broadsheet.errors import OutputError
from broadsheet.files import LockedError

__all__ = ["folder"]


# --- the lock ------------------------------------------------------------------------------------------------------


def test_a_second_process_is_told_who_is_writing(folder: Path) -> None:
    program = (
        "import sys; from broadsheet import output; from broadsheet.files import Files\n"
        "with output.open_output(Files('.'), sys.argv[1]): print('held', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", program, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert other.stdin is not None
    assert other.stdout is not None
    try:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(LockedError, match=str(other.pid)) as caught:
            publish(folder, {"index.html": b"x"})
        assert caught.value.exit_code == 4
    finally:
        other.kill()
        other.wait()
        other.stdin.close()
        other.stdout.close()
    publish(folder, {"index.html": b"x"})  # the lock died with its process
    assert tree(folder) == {"index.html": b"x"}


def test_two_publications_in_one_process_are_kept_apart_too(folder: Path) -> None:
    with output.open_output(NoWait("."), str(folder)), pytest.raises(LockedError, match=str(os.getpid())):
        publish(folder, {})
    publish(folder, {})


# --- state that can't be trusted -----------------------------------------------------------------------------------

GARBAGE = [
    b"",
    b"{",
    b"\0" * 40,
    b"[]",
    b'{"version": 99, "files": {}}',
    b'{"version": 1}',
    b'{"version": 1, "files": [1]}',
    b'{"version": 1, "files": {"../precious": "x"}}',
    b'{"version": 1, "files": {"/etc/passwd": "x"}}',
    b'{"version": 1, "files": {}, "renames": 3, "first": {}, "delete": ["../precious"]}',
    b'{"version": 1, "files": {}, "renames": [["../precious", "0"]], "first": [], "delete": []}',
    b'{"version": 1, "files": {}, "renames": [["a", "../../../precious"]], "first": [], "delete": []}',
    b'{"version": 1, "files": {}, "renames": [], "first": ["a/../../precious"], "delete": []}',
]


def sealed(body: bytes) -> bytes:
    """A manifest with the digest that belongs to these lines."""
    return b"broadsheet manifest 2 " + digest(body).hex().encode() + b"\n" + body


UNSOUND = [
    b"a",
    b"a\n",
    b"a\n0",
    b"a\n0\nb\n",
    b"a\n0\na\n1\n",
    b"\xff\n0\n",
    b"\n0\n",
    b"/etc/passwd\n0\n",
    b"../precious\n0\n",
    b"a\n0\nb/../../precious\n0\n",
    b"a/..\n0\n",
    b"a/.\n0\n",
    b"a//b\n0\n",
    b"a\0b\n0\n",
    b".broadsheet/lock\n0\n",
]


@pytest.mark.parametrize("garbage", GARBAGE)
def test_a_journal_that_is_torn_or_not_ours_is_ignored(folder: Path, tmp_path: Path, garbage: bytes) -> None:
    publish(folder, {"index.html": b"home"})
    (tmp_path / "precious").write_bytes(b"precious")
    (folder / STATE / "journal.json").write_bytes(garbage)
    publish(folder, {"index.html": b"home", "a.html": b"a"})
    assert tree(folder) == {"index.html": b"home", "a.html": b"a"}
    assert (tmp_path / "precious").read_bytes() == b"precious"
    assert not (folder / STATE / "journal.json").exists()


@pytest.mark.parametrize("name", ["manifest", "manifest.json"])
@pytest.mark.parametrize(
    "garbage", [*GARBAGE[:9], *(sealed(body) for body in UNSOUND), b"broadsheet manifest 2 0\na\nb\n"]
)
def test_a_manifest_that_is_torn_deletes_nothing_and_is_made_again_on_request(
    folder: Path, tmp_path: Path, garbage: bytes, name: str
) -> None:
    publish(folder, {"index.html": b"home", "gone.html": MARKED})
    (folder / "theirs.html").write_bytes(b"theirs")
    (tmp_path / "precious").write_bytes(b"precious")
    (folder / STATE / "manifest").unlink()
    (folder / STATE / name).write_bytes(garbage)
    with pytest.raises(OutputError, match=r"manifest.* is damaged: say --adopt"):
        publish(folder, {"index.html": b"home 2"})
    assert tree(folder) == {"index.html": b"home", "gone.html": MARKED, "theirs.html": b"theirs"}
    publish(folder, {"index.html": b"home 2"}, adopt=True)
    assert tree(folder) == {"index.html": b"home 2", "theirs.html": b"theirs"}
    assert (tmp_path / "precious").read_bytes() == b"precious"


def test_losing_the_sites_own_state_strands_nothing(site: Site) -> None:
    site.story("europe/a.md").story("europe/b.md")
    site.write("content/europe/photo.png", png()).story("europe/c.md", image={"src": "photo.png", "alt": "x"})
    site.good()
    shutil.rmtree(site.folder / STATE)
    site.remove("content/europe/b.md").remove("content/europe/c.md")
    site.good(vanished=True)
    assert not site.has("/europe/2025/04/b/")
    assert not [path for path in site.tree() if path.startswith("pictures/")]
