"""Code that is run in a process of its own: the tests' own has threads, and is not to be copied."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import os, signal, sys
from broadsheet import quick, walking
from broadsheet.files import Files
from broadsheet.scanning import scan
"""


def run(code: str, *arguments: str, ends: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SCRIPT + code, *arguments],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent.parent,
        timeout=60,
    )
    assert done.returncode == ends, done.stderr
    assert not done.stderr
    return done.stdout
