"""docs/promises.md names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
NAMED = re.findall(r"`(test_\w+)`", (ROOT / "docs" / "promises.md").read_text())
TESTS = {
    name
    for path in (ROOT / "tests").glob("test_*.py")
    for name in re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE)
}


def test_every_promise_names_tests_that_exist() -> None:
    assert len(NAMED) >= 15
    assert [name for name in NAMED if name not in TESTS] == []
