"""What a command loads: libraries are most of the time of a build that has little to do."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import tzdata
from newsroom import NOW, Site
from twins import Later

ROOT = Path(__file__).parent.parent


def loaded(*arguments: str, code: int = 0, **environment: str) -> set[str]:
    """The modules that a command has loaded when it ends."""
    script = (
        "import sys\nfrom broadsheet.cli import main\n"
        "try: code = main(sys.argv[1:])\nexcept SystemExit as end: code = end.code\n"
        "print(code or 0, *sys.modules, file=sys.__stderr__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **environment},
    )
    ended, *modules = done.stderr.splitlines()[-1].split()
    assert int(ended) == code, done.stderr
    return set(modules)


def of(modules: set[str], *names: str) -> set[str]:
    """Those among some modules, packages with all that is in them."""
    return {module for module in modules if module.startswith(tuple(f"{name}." for name in names)) or module in names}


LIBRARIES = ("babel", "jinja2", "markdown_it", "nh3", "PIL", "tqdm", "uvicorn", "starlette", "watchfiles", "yaml")


def built(site: Site, *more: str) -> list[str]:
    at = (NOW + timedelta(hours=1)).isoformat()
    return ["build", "-s", str(site.folder), "--at", at, "-q", *more]


def test_a_build_without_changes_loads_no_library(site: Site) -> None:
    site.story("europe/a.md")
    site.good(door=Later)
    modules = loaded(*built(site))
    assert "broadsheet.quick" in modules
    assert not of(modules, *LIBRARIES, "zoneinfo", "importlib.resources", "shutil", "json", "sqlite3", "concurrent")
    assert not of(modules, "broadsheet.engine", "broadsheet.config", "broadsheet.commands.serve")


@pytest.mark.parametrize("verb", ["build", "check", "list", "stats", "schedule", "clean", "new", "deploy"])
def test_a_verb_loads_no_other_verbs_module(verb: str) -> None:
    modules = loaded(verb, "--help")
    module = {"list": "listing"}.get(verb, verb)
    verbs = {"init", "build", "serve", "new", "check", "listing", "stats", "explain", "schedule", "deploy", "schema"}
    assert f"broadsheet.commands.{module}" in modules
    assert not of(modules, *(f"broadsheet.commands.{other}" for other in (verbs | {"clean"}) - {module}))
    assert not of(modules, *LIBRARIES)


def test_a_publication_loads_nothing_for_pictures_workers_or_a_server(site: Site) -> None:
    site.story("europe/a.md")
    site.good(door=Later)
    site.story("europe/b.md", "Text with a [link](https://example.org/).")
    modules = loaded(*built(site, "-j", "2"))
    assert site.has("/europe/2025/04/b/")
    assert "broadsheet.engine" in modules
    assert not of(modules, "PIL.Image", "tqdm", "uvicorn", "starlette", "watchfiles", "urllib3", "obstore")
    assert not of(modules, "multiprocessing", "concurrent.futures.process", "importlib.resources", "asyncio")


@pytest.mark.parametrize("asked", [["build", "--plan"], ["explain", "/europe/2025/04/a/"]], ids=["plan", "explain"])
def test_who_asks_about_a_site_that_is_as_it_was_waits_for_no_parser(site: Site, asked: list[str]) -> None:
    site.story("europe/a.md")
    site.good(door=Later)
    at = (NOW + timedelta(hours=1)).isoformat()
    modules = loaded(*asked, "-s", str(site.folder), "--at", at)
    assert of(modules, "broadsheet")
    assert not of(modules, "markdown_it")


def test_time_zones_are_those_of_the_pinned_package_wherever_else_there_are_some(tmp_path: Path) -> None:
    (tmp_path / "Europe").mkdir()
    (tmp_path / "Europe/Istanbul").write_bytes(b"not a zone")
    script = (
        "import os, sys\nfrom broadsheet.cli import main\n"
        "if sys.argv[1]: import zoneinfo\n"
        "try: main(['--version'])\nexcept SystemExit: pass\n"
        "import zoneinfo\nprint(zoneinfo.TZPATH, zoneinfo.ZoneInfo('Europe/Istanbul'))"
    )
    places = (os.path.join(os.path.dirname(tzdata.__file__), "zoneinfo"),)
    for before in ("", "loaded before"):
        done = subprocess.run(
            [sys.executable, "-c", script, before],
            capture_output=True,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONTZPATH": str(tmp_path)},
        )
        assert done.stdout.splitlines()[-1] == f"{places} Europe/Istanbul", done.stderr
