"""A small site that is deployed to a folder of this machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from deploys import newspaper
from newsroom import Site

FOLDER = "production: {type: folder, path: ../srv, keep: 3}"
TALKS = "eu/2025/05/talks/index.html"


@pytest.fixture
def paper(site: Site) -> Site:
    return newspaper(site, FOLDER)


@pytest.fixture
def live(site: Site) -> Path:
    return site.folder.parent / "srv" / "current"
