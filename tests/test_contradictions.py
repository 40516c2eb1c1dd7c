"""Keys of one story that say what can't both be."""

from __future__ import annotations

import pytest
from newsroom import Site


@pytest.mark.parametrize(
    ("matter", "words"),
    [
        ({"date": "2025-05-02", "updated": "2025-04-15"}, "`updated` (2025-04-15 00:00) is before `date`"),
        (
            {"date": "2025-05-02", "corrections": [{"date": "2025-04-30", "kind": "note", "text": "A note."}]},
            "this correction (2025-04-30) is older than the story (2025-05-02)",
        ),
        (
            {"status": "withdrawn", "corrections": [{"date": "2025-06-30", "kind": "note", "text": "A note."}]},
            "corrections of a withdrawn story are not shown",
        ),
        ({"related": ["b.md", "./b.md"]}, "“./b.md” is named a second time"),
        ({"related": ["../eu/a.md"]}, "“../eu/a.md” is this story itself"),
        ({"related": ["b.md"], "related_exclude": ["/eu/b.md"]}, "under `related` and under `related_exclude`"),
    ],
)
def test_what_another_key_of_the_story_rules_out_is_told(site: Site, matter: dict[str, object], words: str) -> None:
    site.story("eu/a.md", **{"date": "2025-04-09", **matter}).story("eu/b.md", date="2025-04-01")
    finding = site.build().one("contradiction")
    assert words in finding.message
    assert finding.severity == "warn"
    key = next(key for key in ("updated", "corrections", "related") if key in matter)
    assert finding.excerpt.split(":")[0].strip(" -[{").startswith(key)


def test_what_agrees_is_not_told(site: Site) -> None:
    note = {"date": "2025-04-09", "kind": "note", "text": "On the day itself."}
    site.story("eu/b.md", date="2025-04-01").story(
        "eu/a.md", date="2025-04-09T12:00", updated="2025-04-09T12:00", corrections=[note], related=["b.md"]
    )
    assert site.build().codes() == []
