"""The toolchain's digest: another one whenever the program is, and not because of what an editor leaves beside it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "broadsheet"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(PACKAGE, tmp_path / "broadsheet", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "broadsheet"


def digest(package: Path) -> str:
    code = "from broadsheet.toolchain import toolchain; print(toolchain().hex())"
    done = subprocess.run([sys.executable, "-c", code], cwd=package.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_another_line_of_code_is_another_toolchain(copy: Path) -> None:
    before = digest(copy)
    assert digest(copy) == before
    with (copy / "marks.py").open("a", encoding="utf-8") as file:
        file.write("# another one\n")
    after = digest(copy)
    assert after != before
    (copy / "preview" / "new.py").write_text("")
    assert digest(copy) != after


def test_what_editors_and_python_leave_beside_the_code_makes_no_difference(copy: Path) -> None:
    before = digest(copy)
    (copy / ".#frozen.py").symlink_to("nobody@nowhere.1")
    (copy / "markdown" / "lost.py").symlink_to("nowhere.py")
    (copy / "._marks.py").write_bytes(b"\0")
    (copy / ".cache").mkdir()
    (copy / ".cache" / "x.py").write_text("x = 1\n")
    (copy / "marks.py~").write_text("x = 1\n")
    assert digest(copy) == before
