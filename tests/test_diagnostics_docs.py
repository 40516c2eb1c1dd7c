"""docs/diagnostics.md and the register of codes say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from broadsheet.errors import CODES

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "diagnostics.md").read_text()
SECTIONS = dict(re.findall(r"^## ([\w-]+)\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL))
SOURCES = "\n".join(path.read_text() for path in (ROOT / "broadsheet").rglob("*.py") if path.name != "errors.py")


def test_every_code_has_a_section_and_every_section_a_code() -> None:
    assert sorted(SECTIONS) == sorted(CODES)


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_section_has_an_example_a_cure_and_the_true_severity(code: str) -> None:
    section = SECTIONS[code]
    severity = {"error": "error", "warn": "warning"}[CODES[code].severity]
    assert re.search(r"^(    \S|```|Bad: )", section, re.MULTILINE), "no example"
    assert re.search(r"^Cure:", section, re.MULTILINE), "no cure"
    assert section.rstrip().endswith(f"Severity: {severity}{', always' if CODES[code].guarded else ''}.")


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_is_used(code: str) -> None:
    assert f'"{code}"' in SOURCES


def test_the_lists_at_the_top_link_to_every_section() -> None:
    top = TEXT.split("\n## ", 1)[0]
    assert sorted(re.findall(r"\(#([\w-]+)\)", top)) == sorted(CODES)
