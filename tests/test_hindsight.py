"""`explain` says which build made a file the last time, and why: looked up in what the plans of builds foretold."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from command_line import run
from newsroom import NOW, Site, png, source, unwatched
from test_explain import explained, told
from twins import Later

from broadsheet import chronicle, dryrun, engine, history, state
from broadsheet.errors import UnfinishedError
from broadsheet.explain import Explanation
from broadsheet.hindsight import last_made
from broadsheet.reasons import Reason

THEME = Path(__file__).resolve().parent.parent / "templates"
HOUR = timedelta(hours=1)
TOPICS = ("Water", "Trade")


@pytest.fixture
def paper(site: Site) -> Site:
    site.configure("rails: {explore: {limit: 3, mode: shared}, recommended: {limit: 2}}\n")
    for n in range(8):
        words = f"Of grain and {('ferries', 'mills')[n % 2]}, part {n}."
        folder = ("europe", "asia")[n % 3 == 0]
        site.story(f"{folder}/s{n}.md", words, title=f"Grain {n}", date=f"2025-12-0{n + 1}", topics=[TOPICS[n % 2]])
    site.write("content/asia/p.png", png()).write("static/a.txt", "one")
    site.edit("content/asia/s3.md", "title:", "image: {src: p.png, alt: Tea}\ntitle:")
    return site


class Days:
    """Builds an hour apart, and which files the plan of each said that it would make."""

    def __init__(self, site: Site) -> None:
        self.site, self.now, self.made = site, NOW, dict[str, datetime]()

    def build(self, hours: int = 1, **options: Any) -> None:
        self.now += hours * HOUR
        request = engine.Request(site=str(self.site.folder), now=self.now, **options)
        for file in dryrun.plan(request, unwatched).files:
            if file.action == "delete":
                del self.made[file.path]
            else:
                self.made[file.path] = self.now
        assert self.site.build(self.now, Later, **options).ok

    def explained(self, target: str) -> Explanation:
        return explained(self.site, target, self.now)

    def because(self, target: str) -> set[tuple[str, str, str, str]]:
        found = self.explained(target)
        assert found.made == self.now, f"it was not made by the last build, but at {found.made}"
        return {(reason.kind, reason.name, reason.detail, reason.place) for reason in found.because}

    def check(self) -> None:
        """That every file was made when its plan said so."""
        request = engine.Request(site=str(self.site.folder), now=self.now)
        with dryrun.rehearsed(request, unwatched) as (job, crew, folder):
            job.rank(crew)
            job.find_dirty(folder)
            now = job.evidence()
            told = {page.path: last_made(now, page, folder) for page in now.plan() if page.path in self.made}
        assert {path: made for path, (made, _) in told.items()} == self.made
        assert all(because for _, because in told.values())


@pytest.fixture
def days(paper: Site) -> Days:
    days = Days(paper)
    days.build()
    return days


S1, S2, S4 = (f"content/europe/s{n}.md" for n in (1, 2, 4))


def test_whatever_is_built_every_file_says_when_it_was_made_and_why(days: Days) -> None:
    site = days.site
    days.check()
    site.edit(S1, "Of grain", "Of rice")
    days.build()
    site.edit(S2, "Grain 2", "Rice 2").story("europe/new.md", "Of mills.", date="2026-01-01", topics=["Trade"])
    days.build()
    days.check()
    site.write("templates/article.html", (THEME / "article.html").read_text(encoding="utf-8") + "<!-- more -->")
    days.build()
    site.story("asia/later.md", "Of tea.", date="2026-01-15T20:00").remove("content/asia/s6.md")
    days.build()
    days.check()
    days.build(8)
    site.write("static/a.txt", "two").write("content/asia/p.png", png(colour="red"))
    days.build()
    (site.output / "feed.xml").unlink()
    days.build()
    days.check()
    site.configure("rails: {explore: {limit: 2, mode: shared}, recommended: {limit: 2}}\n")
    days.build()
    days.check()
    days.build()  # nothing to do
    days.check()


def test_the_first_build_made_everything_because_nothing_was_remembered(days: Days) -> None:
    assert days.because("/europe/") == {("start", "", "", "")}
    assert "because:\n    nothing is remembered" in told(days.explained("/"))
    days.build(full=True)
    assert days.because("a.txt") == {("full", "", "", "")}


def test_an_edit_is_told_by_its_keys_and_where_the_file_shows_it(days: Days) -> None:
    days.site.edit(S1, "Grain 1", "Rice 1").edit(S1, "Of grain", "Of rice")
    days.build()
    assert ("story", S1, "title, text", "story") in days.because(S1)
    assert ("story", S1, "title, text", "stories") in days.because("/europe/")
    assert days.explained("/asia/2025/12/s0/").made == NOW + HOUR


def test_a_later_build_that_leaves_a_file_alone_changes_nothing_in_what_is_told(days: Days) -> None:
    days.site.edit(S1, "Of grain", "Of rice")
    days.build()
    before = days.explained(S1)
    days.site.edit(S4, "Of grain", "Of tea")
    days.build()
    assert (days.explained(S1).made, days.explained(S1).because) == (before.made, before.because)
    days.site.edit(S1, "Of rice", "Of maize")
    waiting = days.explained(S1)
    assert (waiting.action, waiting.made) == ("make", before.made)


def test_templates_and_settings_are_told_by_name_also_where_several_change_at_once(days: Days) -> None:
    days.site.write("templates/partials/footer.html", "<footer>Ours</footer>")
    days.build()
    assert days.because(S1) == {("template", "partials/footer.html", "", "")}
    days.site.configure("rails: {explore: {limit: 2, mode: shared}, recommended: {limit: 2}}\n")
    days.build()
    assert ("setting", "rails.explore.limit", "", "") in days.because(S1)
    days.site.configure("rails: {explore: {limit: 1, mode: shared}, recommended: {limit: 2}}\n")
    days.site.write("templates/partials/footer.html", "<footer>Theirs</footer>").edit(S1, "Of grain", "Of rice")
    days.build()
    assert days.because(S1) == {
        ("setting", "rails.explore.limit", "", ""),
        ("template", "partials/footer.html", "", ""),
        ("source", S1, "text", "story"),
    }


def test_a_setting_that_no_page_reads_is_told_only_where_nothing_else_is(days: Days) -> None:
    rails = "rails: {explore: {limit: 3, mode: shared}, recommended: {limit: 2}}\n"
    days.site.configure(f"{rails}checks: {{vanished-page: error}}\n").edit(S1, "Of grain", "Of rice")
    days.build()
    assert days.because(S1) == {("source", S1, "text", "story")}
    assert {kind for kind, *_ in days.because("a.txt")} == {"setting"}


def test_what_came_by_itself_is_told_as_the_hour(days: Days) -> None:
    days.site.story("europe/hour.md", "Of mills.", embargo="2026-01-15T14:30")
    days.build(0)
    assert days.explained("content/europe/hour.md").made is None
    days.build(2)
    assert days.because("content/europe/hour.md") == {
        ("new", "content/europe/hour.md", "", ""),
        ("time", "content/europe/hour.md", "its hour has come", "story"),
    }
    assert ("time", "content/europe/hour.md", "its hour has come", "stories") in days.because("/europe/")


def test_a_list_that_has_lost_a_story_says_that_it_is_another_one(days: Days) -> None:
    days.site.edit(S4, "title:", "expires: 2026-01-15T14:30\ntitle:")
    days.build()
    days.build()
    found = days.because("/europe/")
    assert ("list", "what it lists, or in which order") in {(kind, detail) for kind, _, detail, _ in found}
    assert days.explained(S4).made is None


def test_a_withdrawn_story_says_so_and_a_file_that_nobody_has_made_yet_nothing(days: Days) -> None:
    days.site.edit(S1, "title:", "status: withdrawn\ntitle:")
    days.build()
    assert ("story", S1, "it was withdrawn", "") in days.because(S1)
    days.site.story("europe/new.md", "Of mills.", date="2026-01-01").write("static/b.txt", "new")
    for target in ("content/europe/new.md", "b.txt"):
        assert days.explained(target).made is None
    days.build()
    assert days.because("b.txt") == {("new", "static/b.txt", "", "")}
    assert days.because("content/europe/new.md") == {("new", "content/europe/new.md", "", "")}


def schedule(days: Days) -> None:
    engine.schedule(engine.Request(site=str(days.site.folder), now=days.now), unwatched)


def preview(days: Days) -> None:
    assert days.site.build(days.now, Later, output=str(days.site.folder.parent / "other"), drafts=True).ok


def broken(days: Days) -> None:
    days.site.story("europe/bad.md", "x", titel="y")
    assert not days.site.build(days.now, Later).ok
    days.site.remove("content/europe/bad.md")


def crash(days: Days) -> None:
    real = state.State.save

    def dying(kept: state.State, changes: state.Changes) -> bool:
        if changes.profile:
            raise KeyboardInterrupt
        return real(kept, changes)

    with patch.object(state.State, "save", dying), pytest.raises(UnfinishedError):
        engine.build(engine.Request(site=str(days.site.folder), now=days.now), unwatched, Later)
    assert days.explained(S1).made is None  # its file was put there by a build of which nothing is known


@pytest.mark.parametrize("meanwhile", [schedule, preview, broken, crash])
def test_what_was_edited_is_known_whoever_has_parsed_it_since(days: Days, meanwhile: Callable[[Days], None]) -> None:
    days.site.edit(S1, "Grain 1", "Rice 1")
    meanwhile(days)
    days.site.edit(S1, "Of grain", "Of rice")
    days.build()
    assert ("story", S1, "title, text", "story") in days.because(S1)
    assert ("story", S1, "title, text", "stories") in days.because("/europe/")


def test_files_of_another_build_into_the_same_folder_are_not_taken_for_ours(days: Days) -> None:
    assert days.site.build(days.now + HOUR, Later, base_url="https://other.example/").ok
    found = days.explained(S1)
    assert (found.made, found.because) == (None, ())
    assert {reason.detail for reason in found.reasons} == {"another build has published it since"}


def test_only_what_a_file_shows_of_an_edit_is_why_it_was_made(days: Days) -> None:
    site = days.site.edit(S1, "title:", "standfirst: Its own.\ntitle:")
    site.write("content/pages/about.md", source("See [that](/europe/s1.md).", title="About"))
    days.build()
    site.edit(S1, "Of grain", "Of rice").edit(S2, "Grain 2", "Rice 2")
    site.edit("content/pages/about.md", "See", "Look at")
    days.build()
    assert {name for kind, name, *_ in days.because("/europe/") if kind == "story"} == {S2}
    assert {name for _, name, *_ in days.because("/about/")} == {"content/pages/about.md"}


def test_a_line_that_says_nothing_is_told_as_such(days: Days) -> None:
    days.site.edit(S1, "title:", "# written by the night desk\ntitle:")
    days.build()
    assert days.because(S1) == {("story", S1, "nothing that shows", "story")}


def test_a_page_that_leads_to_a_story_is_made_again_because_that_has_another_address(days: Days) -> None:
    days.site.write("content/pages/about.md", source("See [that](/europe/s1.md).", title="About"))
    days.build()
    days.site.edit(S1, "title:", "slug: other\ntitle:")
    days.build()
    assert days.because("/about/") == {("story", S1, "slug", "")}


def test_sources_that_were_only_touched_are_no_reason(days: Days) -> None:
    with patch.object(chronicle, "_MANY", 3):
        for path in (S2, S4, "content/europe/s5.md", "content/europe/s7.md"):
            os.utime(days.site.folder / path, (1, 1))
        days.site.edit(S1, "Grain 1", "Rice 1")
        days.build()
    assert ("story", S1, "title", "story") in days.because(S1)


def test_where_too_many_sources_were_parsed_at_once_nobody_says_what_is_different_in_them(days: Days) -> None:
    with patch.object(chronicle, "_MANY", 3):
        for n in range(4):
            days.site.story(f"europe/draft{n}.md", "x", draft=True)
        days.site.edit(S1, "Grain 1", "Rice 1").story("europe/new.md", "Of mills.", date="2026-01-01")
        days.build()
    assert ("story", S1, "", "story") in days.because(S1)
    assert ("new", "content/europe/new.md", "", "") in days.because("content/europe/new.md")
    assert "hour" not in told(days.explained("content/europe/new.md"))


def test_files_that_were_lost_and_files_that_are_only_copied_are_told_as_such(days: Days) -> None:
    (days.site.output / "europe/index.html").write_text("mine")
    days.site.write("static/a.txt", "two")
    days.build()
    assert {kind for kind, *_ in days.because("/europe/")} == {"output"}
    assert days.because("a.txt") == {("file", "static/a.txt", "its bytes", "")}


def test_what_a_story_recommends_since_and_no_longer_is_told(days: Days) -> None:
    before = {choice.path for choice in days.explained("content/europe/s7.md").recommended}
    gone = min(before)
    days.site.edit(gone, "title:", "draft: true\ntitle:")
    days.build()
    [(_, name, detail, place)] = [r for r in days.because("content/europe/s7.md") if r[0] == "recommended"]
    assert (name, place) == ("content/europe/s7.md", "Recommended")
    assert f"no longer {gone}" in detail


def test_an_author_s_own_source_is_told_where_it_makes_a_page(days: Days) -> None:
    days.site.edit(S1, "title:", "authors: [Ada]\ntitle:").write("content/authors/ada.md", source("One.", name="Ada"))
    days.build()
    days.site.edit("content/authors/ada.md", "One.", "Two.")
    days.build()
    assert ("source", "content/authors/ada.md", "text", "") in days.because("/authors/ada/")


def test_of_very_many_changes_their_number_is_told(days: Days) -> None:
    with patch.object(chronicle, "_MANY", 2):
        for path in (S1, S2, S4):
            days.site.edit(path, "Of grain", "Of rice")
        days.build()
    assert days.because(S1) == {("many", "3", "", "")}
    assert "3 stories and other sources had changed" in told(days.explained(S1))


def test_of_files_too_many_to_be_named_nothing_is_told(days: Days) -> None:
    with patch.object(history, "_NAMES", 1):
        days.site.edit(S1, "Grain 1", "Rice 1")
        days.build()
    assert days.explained(S1).made is None
    assert days.explained("/asia/2025/12/s0/").made is None  # it may have been among them
    days.site.edit(S1, "Rice 1", "Tea 1")
    days.build()
    assert days.because(S1)


def test_builds_of_long_ago_are_forgotten(days: Days) -> None:
    with patch.object(history, "_BUILDS", 2):
        for word in ("rice", "tea"):
            days.site.edit(S1, "Of ", f"Of {word} and ")
            days.build()
    assert days.because(S1)
    assert days.explained(S4).made is None
    assert "made last" not in told(days.explained(S4))


def test_damage_costs_what_was_remembered_and_nothing_else(days: Days) -> None:
    with closing(sqlite3.connect(days.site.folder / ".broadsheet/state.sqlite")) as state:
        assert state.execute("update profiles set data = x'00' where part = ?", (history.PART,)).rowcount == 1
        state.commit()
    assert days.explained(S1).made is None
    days.site.edit(S1, "Of grain", "Of rice")
    days.build()
    assert ("story", S1, "text", "story") in days.because(S1)
    assert days.explained(S4).made is None


def test_every_output_folder_has_its_own(days: Days) -> None:
    other = str(days.site.folder.parent / "other")
    days.site.edit(S1, "Of grain", "Of rice")
    assert days.site.build(days.now + 9 * HOUR, Later, output=other).ok
    assert days.explained(S4).made == NOW + HOUR
    assert explained(days.site, S4, days.now, output=other).made == days.now + 9 * HOUR
    days.build()
    assert ("story", S1, "text", "story") in days.because(S1)


def test_the_command_tells_it_to_people_and_machines(days: Days) -> None:
    days.site.edit(S1, "Of grain", "Of rice")
    days.build()
    where = ("-s", str(days.site.folder), "--at", days.now.isoformat())
    assert f"made last by the build of {days.now:%Y-%m-%d %H:%M} (" in run("explain", S1, *where).stdout
    found = json.loads(run("explain", S1, *where, "--format", "json").stdout)
    assert datetime.fromisoformat(found["made"]) == days.now
    [reason] = [reason for reason in found["because"] if reason["name"] == S1]
    assert reason == {"kind": "story", "name": S1, "detail": "text", "place": "story", "text": f"{S1}: text"}
    assert Reason(**{key: value for key, value in reason.items() if key != "text"}) in days.explained(S1).because
