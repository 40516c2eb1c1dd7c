"""Settings read from text, or what is found wrong with them."""

from __future__ import annotations

from broadsheet import config
from broadsheet.errors import CODES, Diagnostic
from broadsheet.settings import Settings

PATH = "config.yaml"


def settings(text: str) -> Settings:
    made, found = config.parse(text, PATH)
    assert not found, [d.format() for d in found]
    assert made is not None
    return made


def wrong(text: str) -> tuple[Diagnostic, ...]:
    made, found = config.parse(text, PATH)
    assert made is None
    assert found
    for diagnostic in found:
        assert diagnostic.path == PATH
        assert diagnostic.code in CODES
        assert diagnostic.hint
    return found


def wrong_line(line: str) -> list[tuple[int, int, str]]:
    """Places and codes of what is wrong with a line below a sound `site`."""
    return [(d.line, d.column, d.code) for d in wrong(f"site: {{title: T}}\n{line}\n")]
