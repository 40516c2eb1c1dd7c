"""Fixtures that every test may use; the helpers behind them are in newsroom.py."""

from __future__ import annotations

from pathlib import Path

import pytest
from browsing import browser
from hypothesis import HealthCheck, settings
from newsroom import Site

__all__ = ["browser", "site"]

# No deadlines: a busy machine is not a failure.
settings.register_profile("broadsheet", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("broadsheet")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """An empty site folder with a config.yaml."""
    (tmp_path / "site" / "content").mkdir(parents=True)
    return Site(tmp_path / "site")
