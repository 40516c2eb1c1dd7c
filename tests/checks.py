"""`check` of a site, what it tells, and a site of which it tells nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from command_line import run
from newsroom import Site, png


def check(site: Site, *arguments: str) -> Any:
    """What `check --json` tells."""
    done = run("check", "--json", "--at", "2026-01-15", *arguments, cwd=site.folder)
    assert done.stderr == ""
    told = json.loads(done.stdout)
    assert told["exit_code"] == done.returncode
    return told


def codes(site: Site, *arguments: str) -> list[str]:
    return [finding["code"] for finding in check(site, *arguments)["diagnostics"]]


def only(site: Site, code: str, *arguments: str) -> Any:
    (found,) = [finding for finding in check(site, *arguments)["diagnostics"] if finding["code"] == code]
    return found


@pytest.fixture
def sound(site: Site) -> Site:
    """A site of which nothing can be said."""
    site.write("content/eu/a/photo.png", png(1300, 700))
    image = {"src": "photo.png", "alt": "A room", "credit": "AA"}
    return site.story("eu/a/index.md", title="A story", image=image).story("eu/b.md", title="Another")
