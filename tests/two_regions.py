"""Two regions whose stories have nothing in common: what a change of one of them reaches is known exactly."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from twins import Twins, toolchain


@pytest.fixture
def twins(tmp_path: Path) -> Iterator[Twins]:
    """Two regions; the stories of each stand four days apart, oldest first, and have nothing in common."""
    made = Twins(tmp_path)
    for n in range(6):
        for region in ("asia", "europe"):
            word = f"{region}{'abcdef'[n]}"
            made.site.story(f"{region}/s{n}.md", f"Of {word} and no {word} more.", title=word, date=f"2025-12-{n + 10}")
    with toolchain(0):
        made.check()
        yield made


def story(region: str, name: str, month: str = "2025/12") -> str:
    return f"{region}/{month}/{name}/index.html"
