"""Which Python `make` makes .venv with."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
OPTIMISED, PLAIN = "--prefix=/opt --enable-optimizations", "--prefix=/opt"
UNKNOWN = ("PYTHON", "VIRTUAL_ENV", "PYENV_VERSION", "MAKEFILES", "MAKEFLAGS", "GNUMAKEFLAGS", "MAKELEVEL")
PRETENDING = """#!/bin/sh
echo "what some Pythons say at their start"
exec {real} -c 'import sys, sysconfig
sys.base_prefix = "{prefix}"
sys.version_info = {version}
sysconfig.get_config_var = lambda name: "{compiled}"
for name in "{without}".split(): sys.modules[name] = None
exec(sys.argv[-1])' "$@"
"""


def python(path: Path, *, compiled: str = PLAIN, prefix: str = "/opt", version: int = 13, without: str = "") -> Path:
    """A Python 3.`version` that was compiled like this, `without` one of its modules."""
    path.parent.mkdir(exist_ok=True)
    told = {"compiled": compiled, "prefix": prefix, "version": (3, version), "without": without}
    path.write_text(PRETENDING.format(real=shlex.quote(sys.executable), **told))
    path.chmod(0o755)
    return path


def taken(folder: Path, system: Path, *arguments: str, **environment: str) -> str:
    """What `make` takes where `bin/` of this folder comes first on the path, and the system has its own."""
    (folder / "tell.mk").write_text("tell: ; @echo $(PYTHON)\n")
    known = {name: value for name, value in os.environ.items() if name not in UNKNOWN}
    known |= {"PATH": f"{folder}/bin:{os.environ['PATH']}", **environment}
    asked = ["make", "--no-print-directory", "-C", str(folder), "-f", str(ROOT / "Makefile"), "-f", "tell.mk", "tell"]
    done = [*asked, f"SYSTEM_PYTHON={system}", *arguments]
    return subprocess.run(done, check=True, capture_output=True, text=True, env=known, timeout=60).stdout.strip()


@pytest.mark.parametrize("own", [{"compiled": OPTIMISED}, {"prefix": "/usr"}], ids=["optimised", "of the distribution"])
def test_a_python_that_is_fast_is_taken(tmp_path: Path, own: dict[str, Any]) -> None:
    python(tmp_path / "bin" / "python3", **own)
    assert taken(tmp_path, python(tmp_path / "system", prefix="/usr")) == "python3"


@pytest.mark.parametrize(
    "own",
    [{}, {"compiled": OPTIMISED, "version": 10}, {"compiled": OPTIMISED, "without": "ssl"}],
    ids=["slow", "old", "less"],
)
def test_the_systems_own_takes_the_place_of_one_that_is_slow_or_old_or_lacks_something(
    tmp_path: Path, own: dict[str, Any]
) -> None:
    python(tmp_path / "bin" / "python3", **own)
    system = python(tmp_path / "system", prefix="/usr")
    assert taken(tmp_path, system) == str(system)


@pytest.mark.parametrize(
    "own", [{"version": 9}, {"without": "ensurepip"}, {"prefix": "/opt"}], ids=["old", "no venv", "slow"]
)
def test_where_the_systems_own_will_not_do_there_is_none_but_python3(tmp_path: Path, own: dict[str, Any]) -> None:
    python(tmp_path / "bin" / "python3")
    assert taken(tmp_path, python(tmp_path / "system", **{"prefix": "/usr", **own})) == "python3"
    assert taken(tmp_path, tmp_path / "missing") == "python3"


def test_who_has_chosen_a_python_gets_it(tmp_path: Path) -> None:
    python(tmp_path / "bin" / "python3")
    system = python(tmp_path / "system", prefix="/usr")
    assert taken(tmp_path, system, "PYTHON=python3.14") == "python3.14"
    assert taken(tmp_path, system, PYTHON="python3.14") == "python3.14"
    assert taken(tmp_path, system, VIRTUAL_ENV="/some/venv") == "python3"
    assert taken(tmp_path, system, VIRTUAL_ENV=f"{tmp_path}/.venv") == str(system)  # the one that it makes
    assert taken(tmp_path, system, PYENV_VERSION="3.12.1") == "python3"
    (tmp_path / ".python-version").write_text("3.12.1\n")
    assert taken(tmp_path, system) == "python3"
