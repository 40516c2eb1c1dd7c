"""A story that is read in parts is the story as it was parsed."""

from __future__ import annotations

from dataclasses import fields
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from newsroom import Site, png

from broadsheet import state
from broadsheet.archive import Archive
from broadsheet.model import Article, StoryMatter
from broadsheet.rows import read_rows
from broadsheet.teasers import Articles
from broadsheet.toolchain import toolchain

FULL: dict[str, Any] = {
    "slug": "full",
    "updated": "2025-04-10T09:00:00Z",
    "embargo": "2025-04-09T08:00:00Z",
    "expires": "2031-04-09T08:00:00Z",
    "noindex": True,
    "description": "A standfirst.",
    "authors": ["Ada", "Bob"],
    "topics": ["Energy"],
    "series": "Rivers",
    "kicker": "Dams",
    "label": "analysis",
    "image": {"src": "p.png", "alt": "A dam", "caption": "The dam.", "credit": "AA", "focus": "20% 30%"},
    "pin": {"position": 2, "until": "2026-05-01T00:00:00Z"},
    "related": ["bare.md"],
    "related_exclude": ["other.md"],
    "aliases": ["/old/"],
    "corrections": [{"date": "2025-04-11T10:00:00Z", "kind": "correction", "text": "It was two."}],
    "translation_key": "dam",
    "kind": "live",
    "source_url": "https://example.org/source",
    "params": {"colour": "blue", "numbers": [1, 2]},
}
BODY = "See [it](bare.md), [there](https://example.org/ 'Far') and\n\n## Here\n\n![Two](p.png 'The dam. / AA')\n"


def stories(site: Site, **of_full: Any) -> Archive:
    site.write("content/europe/p.png", png(40, 30))
    site.story("europe/full.md", BODY, **{**FULL, **of_full}).story("europe/bare.md").story("europe/other.md")
    site.build()
    kept = state.opened(str(site.folder / ".broadsheet/state.sqlite"), toolchain())
    return Archive(kept, "UTC", read_rows(kept).rows)


def test_every_field_is_that_of_the_record(site: Site) -> None:
    archive = stories(site)
    lazy = Articles(archive.rows, ZoneInfo("UTC"), archive)
    assert {story.path for story in lazy} == {f"content/europe/{name}.md" for name in ("full", "bare", "other")}
    for index, number in enumerate(archive.rows.numbers):
        whole = archive.load(number)
        for field in fields(Article):
            if field.name not in ("matter", "terms"):  # terms lie apart
                assert getattr(lazy[index], field.name) == getattr(whole, field.name), field.name
        for field in fields(StoryMatter):
            assert getattr(lazy[index].matter, field.name) == getattr(whole.matter, field.name), field.name
    assert any(story.matter.params for story in lazy)


def test_pages_are_made_without_the_records_of_stories(site: Site) -> None:
    stories(site, params={})
    with patch.object(Archive, "load", side_effect=AssertionError("a record is read")):
        site.write("templates/partials/footer.html", "<footer>Another</footer>")
        site.build(jobs=1)
    assert "<footer>Another</footer>" in site.page("/europe/2025/04/bare/")
