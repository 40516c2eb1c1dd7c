"""What is made when it is asked for, and forgotten when there is too much of it."""

from __future__ import annotations

import shutil

import pytest
from newsroom import STATE, Site

from broadsheet import archive, teasers, views
from broadsheet.lazily import Recent


def test_what_was_made_of_late_is_bounded() -> None:
    recent: Recent[int, str] = Recent(3)
    for number in range(10):
        assert recent.keep(number, str(number)) == str(number)
        assert recent[number] == str(number)
        assert len(recent) <= 3


def test_forgetting_stories_between_pages_changes_no_page(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(30):
        site.story(
            f"{'eu' if number % 3 else 'asia'}/s{number}.md",
            f"Word{number} and [another](s{number - number % 3 + 1}.md)." if number % 3 == 2 else f"Word{number}.",
            date=f"2025-0{1 + number % 9}-1{number % 7}",
            topics=[f"t{number % 4}"],
            label="opinion" if number % 5 == 0 else "feature",
        )
    site.good()
    before = site.tree()
    for module, name in (
        (teasers, "_WHOLE"),
        (teasers, "_TEASED"),
        (archive, "_KEPT"),
        (views, "_KEPT"),
    ):
        monkeypatch.setattr(module, name, 2)
    shutil.rmtree(site.folder / STATE)
    assert site.good().rendered > 60
    assert site.tree() == before
