"""What a story takes from elsewhere is put down to the source that was edited, before the build and after it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from newsroom import NOW, Site, source, unwatched
from test_explain import explained
from twins import Later

from broadsheet import dryrun, engine
from broadsheet.reasons import Reason

ADA, DAM, BARAJ = "content/authors/ada.md", "content/world/dam.md", "content/tr/baraj.md"
DAM_PAGE = "world/2026/01/dam/index.html"
SOON = NOW + timedelta(hours=1)


@pytest.fixture
def paper(site: Site) -> Site:
    site.write(ADA, source("She writes.", name="Ada"))
    known = {"date": "2026-01-05", "translation_key": "dam", "topics": ["Rivers"]}
    site.story("world/dam.md", "Of dams.", authors=["ada"], label="opinion", **known)
    site.story("tr/baraj.md", "Barajlar.", lang="tr", **known)
    site.story("tr/other.md", "Another.", date="2025-04-09")
    assert site.build(NOW, Later).ok
    return site


def planned(site: Site, path: str) -> set[Reason]:
    plan = dryrun.plan(engine.Request(site=str(site.folder), now=SOON), unwatched)
    (file,) = [file for file in plan.files if file.path == path]
    return set(file.reasons)


def made(site: Site, path: str) -> set[Reason]:
    assert site.build(SOON, Later).ok
    found = explained(site, path, SOON)
    assert found.made == SOON
    return set(found.because)


def test_an_author_s_new_name_is_put_down_to_the_author_s_source(paper: Site) -> None:
    paper.edit(ADA, '"Ada"', '"Ada King"').edit(ADA, "She writes.", "She wrote.")
    renamed = Reason(kind="source", name=ADA, detail="name", place="story")
    assert planned(paper, DAM_PAGE) == {renamed}
    assert {(reason.name, reason.detail) for reason in planned(paper, "index.html")} == {(ADA, "name")}
    assert made(paper, DAM_PAGE) == {Reason(kind="source", name=ADA, detail="name, text", place="story")}


def test_what_was_edited_in_the_story_and_in_its_author_s_source_is_told_of_each(paper: Site) -> None:
    paper.edit(ADA, '"Ada"', '"Ada King"').edit(DAM, "Of dams.", "Of the dams.")
    assert planned(paper, DAM_PAGE) == {
        Reason(kind="source", name=ADA, detail="name", place="story"),
        Reason(kind="story", name=DAM, detail="text", place="story"),
    }


def test_each_key_is_told_once(paper: Site) -> None:
    paper.edit(DAM, '["ada"]', '["Bob"]').edit(DAM, '["Rivers"]', '["Lakes"]')
    assert planned(paper, DAM_PAGE) == {Reason(kind="story", name=DAM, detail="authors, topics", place="story")}


def test_an_author_s_source_that_says_nothing_else_in_stories_is_no_reason(paper: Site) -> None:
    paper.edit(ADA, "She writes.", "She wrote.").edit(DAM, '["ada"]', '["ada", "Bob"]')
    assert planned(paper, DAM_PAGE) == {Reason(kind="story", name=DAM, detail="authors", place="story")}


def test_a_translation_is_a_place_that_shows_a_story(paper: Site) -> None:
    for path, other in ((BARAJ, DAM_PAGE), (DAM, "tr/2026/01/baraj/index.html")):
        found = explained(paper, path)
        assert (other, "translations") in {(place.path, place.place) for place in found.places}
        assert found.url.encode() in (paper.output / other).read_bytes()


def test_a_translation_s_new_address_is_put_down_to_its_own_source(paper: Site) -> None:
    paper.edit(BARAJ, "lang:", "slug: set\nlang:")
    moved = Reason(kind="story", name=BARAJ, detail="slug", place="story")
    assert {reason for reason in planned(paper, DAM_PAGE) if reason.place == "story"} == {moved}
    assert {reason for reason in made(paper, DAM_PAGE) if reason.place == "story"} == {moved}


def test_a_translation_that_comes_or_goes_is_told_as_such(paper: Site) -> None:
    paper.story("world/sadd.md", lang="ar", date="2026-01-06", translation_key="dam").remove(BARAJ)
    assert {(reason.name, reason.detail) for reason in planned(paper, DAM_PAGE) if reason.place == "story"} == {
        ("content/world/sadd.md", "it is new"),
        (BARAJ, "it was removed, or renamed"),
    }


def test_stories_that_are_each_other_s_translations_may_both_be_edited(paper: Site) -> None:
    paper.edit(BARAJ, "lang:", "slug: set\nlang:").edit(DAM, "label:", "slug: dams\nlabel:")
    assert planned(paper, "world/2026/01/dams/index.html") >= {Reason(kind="new", name=DAM)}
    assert planned(paper, "tr/2026/01/set/index.html") >= {Reason(kind="new", name=BARAJ)}
