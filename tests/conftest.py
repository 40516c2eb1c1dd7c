"""Fixtures that every test may use; the helpers behind them are in newsroom.py."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from browsing import browser
from examples import SLOW, examples
from hypothesis import HealthCheck, settings
from newsroom import Site, memory

__all__ = ["browser", "site"]

# No deadlines: a busy machine is not a failure.
settings.register_profile(
    "broadsheet",
    deadline=None,
    max_examples=examples(100),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("broadsheet")


# Hundreds of tests start processes. Where the environment keeps Python from writing byte code, each of them would
# compile the whole package again, which takes longer than what it was started for.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

if memory():
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory()))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long sweeps are for CI and for whoever asks for them."""
    for item in items:
        if not SLOW and item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.skip(reason="a long sweep: BROADSHEET_SLOW=1 runs it"))


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """An empty site folder with a config.yaml."""
    (tmp_path / "site" / "content").mkdir(parents=True)
    return Site(tmp_path / "site")


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are processors: tests that wait for a server or a clock leave room for it."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return usable + 1
