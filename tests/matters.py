"""Front matter given as text: what is read from it, or what is found wrong with it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from broadsheet import frontmatter
from broadsheet.errors import CODES, Diagnostic
from broadsheet.model import StoryMatter
from broadsheet.settings import SchemaSettings, Settings, SiteSettings

ISTANBUL = ZoneInfo("Europe/Istanbul")
SETTINGS = Settings(site=SiteSettings(title="The Section"))
PATH = "content/europe/talks.md"


def story(
    text: str, *, path: str = PATH, zone: ZoneInfo = ISTANBUL, required: tuple[str, ...] = ("title", "date")
) -> tuple[StoryMatter | None, tuple[Diagnostic, ...]]:
    settings = Settings(site=SETTINGS.site, schema=SchemaSettings(required=required))
    return frontmatter.story(text, path, settings=settings, zone=zone)


def good(text: str, *, zone: ZoneInfo = ISTANBUL) -> StoryMatter:
    """The matter of `text` below a title and a date, which must raise no finding."""
    matter, found = story(f"title: T\ndate: 2025-04-09\n{text}\n", zone=zone)
    assert not found, [d.format() for d in found]
    assert matter is not None
    return matter


def bad(text: str, *, zone: ZoneInfo = ISTANBUL) -> list[tuple[int, int, str]]:
    """Where and what is wrong with `text`, which begins on line 4."""
    _, found = story(f"title: T\ndate: 2025-04-09\n{text}\n", zone=zone)
    for diagnostic in found:
        assert diagnostic.path == PATH
        assert diagnostic.hint
        assert diagnostic.excerpt
        assert diagnostic.code in CODES
    return [(d.line, d.column, d.code) for d in found]
