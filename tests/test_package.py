"""What `pip install .` gives: a `broadsheet` command that carries the theme and needs nothing of this repository."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

import pytest
from newsroom import Site
from previewing import serving

ROOT = Path(__file__).resolve().parent.parent


def pip(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300)


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The command, in an environment of its own. Its libraries are this environment's: only the wheel is on trial."""
    place = tmp_path / "installed"
    made = pip("wheel", "--no-deps", "-w", str(place), str(ROOT))
    if "hatchling" in made.stderr and "No matching distribution" in made.stderr:
        pytest.skip("no package registry at hand to fetch the build tool from")
    assert made.returncode == 0, made.stderr
    (wheel,) = place.glob("broadsheet-*.whl")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place / "venv")], check=True, timeout=120)
    done = pip("--python", str(place / "venv"), "install", "--no-deps", "--no-index", str(wheel))
    assert done.returncode == 0, done.stderr
    (libraries,) = (place / "venv").glob("lib/python*/site-packages")
    (libraries / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return place / "venv" / "bin" / "broadsheet"


def test_it_asks_for_the_libraries_that_it_is_tested_with() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        asked = tomllib.load(file)["project"]["dependencies"]
    names = sorted(re.split(r"[<>=~! \[;]", one, maxsplit=1)[0] for one in asked)
    assert names == sorted((ROOT / "requirements" / "run.in").read_text().split())


@pytest.mark.slow
def test_an_installed_command_builds_a_site_with_the_theme_that_it_carries(installed: Path, site: Site) -> None:
    site.story("eu/a.md", title="A story").good()
    here = site.tree()
    done = subprocess.run([installed, "-o", "elsewhere"], cwd=site.folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "1 story, " in done.stdout
    assert site.tree(site.folder / "elsewhere")["favicon.svg"]
    pages = {path: data for path, data in site.tree(site.folder / "elsewhere").items() if path.endswith(".html")}
    assert pages == {path: data for path, data in here.items() if path.endswith(".html")}
    told = subprocess.run([installed, "--version"], cwd=site.folder, capture_output=True, text=True, timeout=60)
    assert told.stdout.startswith("Broadsheet ")
    begun = subprocess.run([installed, "init", "paper"], cwd=site.folder, capture_output=True, text=True, timeout=60)
    assert begun.returncode == 0, begun.stderr
    made = subprocess.run([installed], cwd=site.folder / "paper", capture_output=True, text=True, timeout=120)
    assert "5 stories, " in made.stdout
    with serving(site, before=(str(installed),), PYTHONPATH="") as preview:
        assert preview.get("/.broadsheet/client.js").status == 200
        assert preview.get("/eu/2025/04/a/").status == 200
