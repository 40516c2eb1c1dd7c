"""Which Python `make` makes .venv with."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SYSTEM = "/usr/bin/python3"
FITS = "import ensurepip, sys; sys.exit(sys.version_info < (3, 11))"
PRETENDING = """#!/bin/sh
exec {real} -c 'import sys, sysconfig
sys.base_prefix = "/opt"
sys.version_info = {version}
sysconfig.get_config_var = lambda name: "{compiled}"
exec(sys.argv[2])' "$@"
"""


def python_of_make(tmp_path: Path, compiled: str, version: tuple[int, int] = (3, 13), **environment: str) -> str:
    """What `make` takes where `python3` says of itself that it was compiled like this."""
    python = tmp_path / "bin" / "python3"
    python.parent.mkdir()
    python.write_text(PRETENDING.format(real=sys.executable, version=version, compiled=compiled))
    python.chmod(0o755)
    (tmp_path / "Makefile").write_text(f"include {ROOT}/Makefile\nchosen: ; @echo $(PYTHON)\n")
    known = {name: value for name, value in os.environ.items() if name not in ("PYTHON", "MAKEFLAGS", "MAKELEVEL")}
    known |= {"PATH": f"{python.parent}:{os.environ['PATH']}", **environment}
    asked = ["make", "--no-print-directory", "-C", str(tmp_path), "chosen"]
    return subprocess.run(asked, check=True, capture_output=True, text=True, env=known, timeout=60).stdout.strip()


def systems_own() -> str:
    """The system's Python where it can take the place of `python3`."""
    fits = os.path.exists(SYSTEM) and not subprocess.run([SYSTEM, "-c", FITS], capture_output=True).returncode
    return SYSTEM if fits else "python3"


def test_a_python_that_was_compiled_with_its_optimisations_is_taken(tmp_path: Path) -> None:
    assert python_of_make(tmp_path, "--prefix=/opt --enable-optimizations") == "python3"


@pytest.mark.parametrize(
    ("compiled", "version"), [("--prefix=/opt", (3, 13)), ("--enable-optimizations", (3, 10))], ids=["slow", "old"]
)
def test_the_systems_own_takes_the_place_of_one_that_is_slow_or_old(
    tmp_path: Path, compiled: str, version: tuple[int, int]
) -> None:
    assert python_of_make(tmp_path, compiled, version) == systems_own()


def test_who_names_a_python_gets_it(tmp_path: Path) -> None:
    assert python_of_make(tmp_path, "--prefix=/opt", PYTHON="/opt/python3.14") == "/opt/python3.14"
