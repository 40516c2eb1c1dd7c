"""Whatever is wrong with a site is told in its preview, which keeps the last good pages."""

from __future__ import annotations

import itertools
from unittest.mock import patch

import pytest
from newsroom import NOW, Site
from previewed_paper import paper
from previewing import Running, previewed
from twins import Later

from broadsheet import work
from broadsheet.commands.serve import Terminal
from broadsheet.preview.desk import Desk
from broadsheet.preview.job import Job
from broadsheet.request import Request

__all__ = ["paper"]


def test_a_preview_that_began_with_a_picture_that_no_file_can_be_called_shows_every_edit(paper: Site) -> None:
    paper.configure("checks: {missing-picture: warn}\n")
    paper.story("europe/odd.md", "![a](a%00b.png)")
    with previewed(paper) as preview:
        preview.shows("/europe/2025/04/odd/", "odd")
        paper.story("europe/new.md", "Something new.")
        preview.shows("/europe/2025/04/new/", "Something new.")
        paper.story("europe/odd.md", "Mended.")
        preview.shows("/europe/2025/04/odd/", "Mended.")


def test_a_broken_save_keeps_the_last_good_page_and_tells_every_error_once(paper: Site) -> None:
    with previewed(paper, editor="vscode") as preview:
        before = preview.page("/europe/2026/01/story-1/")
        paper.edit("content/europe/story-1.md", "title:", "titel: <script>alert(1)</script>\ntitle:")
        paper.edit("content/europe/story-2.md", "Body 2", "See [this](nowhere.md). Body 2")
        preview.until(lambda: len(preview.state()["errors"]) == 2)
        first, second = preview.state()["errors"]
        assert (first["where"], first["code"]) == ("content/europe/story-1.md:2:1", "unknown-key")
        assert first["excerpt"] == "titel: <script>alert(1)</script>"
        assert first["editor"] == f"vscode://file{paper.folder}/content/europe/story-1.md:2:1"
        assert (second["where"], second["code"]) == ("content/europe/story-2.md:6:12", "broken-link")
        assert preview.page("/europe/2026/01/story-1/") == before
        paper.edit("content/europe/story-2.md", "See [this](nowhere.md). Body 2", "A bettong. Body 2")
        preview.until(lambda: len(preview.state()["errors"]) == 1)
        paper.edit("content/europe/story-1.md", "titel: <script>alert(1)</script>\n", "")
        preview.until(lambda: not preview.state()["errors"])
        preview.shows("/europe/2026/01/story-2/", "bettong")
        preview.exact()
    reported = [tuple(d.code for d in found if d.severity == "error") for found in preview.reports]
    assert all(one != other for one, other in itertools.pairwise(reported)), reported


def test_an_error_that_is_mended_while_it_is_told_is_told_in_the_same_words(paper: Site) -> None:
    """Its line is read late, and may be the mended one by then."""
    request = Request(site=str(paper.folder), now=NOW, base_url="http://localhost/", drafts=True)
    desk = Desk(Later(str(paper.folder)), lambda: request, work.Crew(1, work.Inline))
    paper.edit("content/europe/story-3.md", "Body 3", "[x](nope.md)")
    desk.refresh()
    first = desk.errors()
    assert [(error.code, error.excerpt) for error in first] == [("broken-link", "[x](nope.md) of the story.")]
    real = Job.check_plan

    def check(job: Job) -> None:
        real(job)
        paper.edit("content/europe/story-3.md", "[x](nope.md)", "Body 3")

    with patch.object(Job, "check_plan", check):
        desk.refresh()
    assert desk.errors() == first
    paper.edit("content/europe/story-3.md", "Body 3", "[xy](nope.md)")
    desk.refresh()
    assert [error.excerpt for error in desk.errors()] == ["[xy](nope.md) of the story."]
    desk.close()


def test_an_error_of_an_edit_does_not_go_while_the_plan_that_has_it_too_is_taken(paper: Site) -> None:
    request = Request(site=str(paper.folder), now=NOW, base_url="http://localhost/", drafts=True)
    desk = Desk(Later(str(paper.folder)), lambda: request, work.Crew(1, work.Inline))
    desk.refresh()
    paper.edit("content/europe/story-3.md", "Body 3", "[x](nope.md)")
    assert desk.amend("content/europe/story-3.md")
    first = desk.errors()
    seen: list[object] = []

    class Watched(Desk):
        def __setattr__(self, name: str, value: object) -> None:
            super().__setattr__(name, value)
            if name in ("_planned", "_of_edits"):
                seen.append(self.errors())

    desk.__class__ = Watched
    desk.refresh()
    assert first
    assert seen
    assert all(errors == first for errors in seen)
    desk.close()


def test_a_page_that_nobody_looked_at_is_kept_as_well_when_its_story_breaks(paper: Site) -> None:
    with previewed(paper) as preview:
        paper.edit("content/europe/story-2.md", "title:", "titel: Oh\ntitle:")
        preview.until(lambda: preview.state()["errors"])
        paper.edit("content/europe/story-2.md", "titel: Oh", "titel: Worse")
        preview.until(lambda: "Worse" in preview.state()["errors"][0]["excerpt"])
        assert "Body 2 of the story" in preview.page("/europe/2026/01/story-2/")
        assert "story-2" in preview.page("/europe/")
        paper.edit("content/europe/story-2.md", "titel: Worse\n", "")
        preview.until(lambda: not preview.state()["errors"])
        preview.exact()


def test_a_broken_template_keeps_pages_and_is_told_before_anybody_looks(paper: Site) -> None:
    with previewed(paper) as preview:
        before = preview.page("/europe/")
        paper.write("templates/region.html", "<p>{{ region.titel }}</p>")
        preview.until(lambda: preview.state()["errors"])
        (error,) = preview.state()["errors"]
        assert error["where"].startswith("templates/region.html:1")
        assert "titel" in error["message"]
        assert preview.page("/europe/") == before
        paper.write("templates/region.html", "<p>{{ region.title }} again</p>")
        preview.shows("/europe/", "Europe again")
        preview.until(lambda: not preview.state()["errors"])


def errors_in_turn(preview: Running) -> list[list[str]]:
    """The errors that were told, each time that these were others."""
    told = [[error.message for error in found if error.severity == "error"] for found in preview.reports]
    return [errors for errors, _ in itertools.groupby(told)]


def test_a_mistake_in_a_template_is_told_once_whichever_pages_are_asked_for_until_it_is_mended(
    paper: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    with previewed(paper) as preview:
        paper.write("templates/article.html", "<p>{{ story.titel }}</p>")
        preview.until(lambda: preview.state()["errors"])
        for n in range(4):
            preview.get(f"/europe/2026/01/story-{n}/")
        paper.edit("content/europe/story-3.md", "story-3", "Another title")  # and everything is planned again
        preview.shows("/europe/", "Another title")
        for n in range(4):
            preview.get(f"/europe/2026/01/story-{n}/")
        assert len(preview.state()["errors"]) == 1
        paper.write("templates/article.html", "<p>{{ story.title }}, mended</p>")
        preview.shows("/europe/2026/01/story-1/", "mended")
        preview.until(lambda: not preview.state()["errors"])
    assert [len(errors) for errors in errors_in_turn(preview)] == [0, 1, 0]
    terminal = Terminal()
    for found in preview.reports:
        terminal.findings(found)
    said = capsys.readouterr().err
    assert [said.count(words) for words in ("has no “titel”", "1 error", "mended")] == [1, 1, 1]


def test_a_mistake_in_a_template_that_shows_on_one_page_is_not_mended_while_it_is_there(paper: Site) -> None:
    with previewed(paper) as preview:
        broken = '<p>{% if "story-2" in story.url %}{{ story.titel }}{% endif %}</p>'
        paper.write("templates/article.html", broken)
        preview.shows("/europe/2026/01/story-1/", "<p></p>")
        preview.until(lambda: preview.get("/europe/2026/01/story-2/") and preview.state()["errors"])
        paper.edit("content/europe/story-3.md", "story-3", "Another title")
        preview.shows("/europe/", "Another title")
        paper.write("templates/article.html", broken.replace("titel", "title"))
        preview.until(lambda: not preview.state()["errors"])
        assert "<p>story-2</p>" in preview.page("/europe/2026/01/story-2/")
    assert [len(errors) for errors in errors_in_turn(preview)] == [0, 1, 0]


def test_a_template_that_cannot_be_read_keeps_pages_and_is_told_with_its_line(paper: Site) -> None:
    with previewed(paper) as preview:
        before = preview.page("/europe/")
        paper.write("templates/partials/after_article.html", "<p>\n{% if %}")
        preview.until(lambda: preview.state()["errors"])
        (error,) = preview.state()["errors"]
        assert error["where"].startswith("templates/partials/after_article.html:2")
        assert preview.page("/europe/") == before
        paper.write("templates/partials/after_article.html", "<p>After.</p>")
        preview.shows("/europe/2026/01/story-1/", "After.")
        preview.until(lambda: not preview.state()["errors"])
        assert not preview.stale()


def test_broken_settings_keep_the_site(paper: Site) -> None:
    with previewed(paper) as preview:
        config = (paper.folder / "config.yaml").read_text()
        paper.write("config.yaml", "site: {titel: Oh}\n")
        preview.until(lambda: preview.state()["errors"])
        assert preview.get("/europe/").status == 200
        paper.write("config.yaml", config.replace("The Section", "Mended"))
        preview.shows("/", "Mended")
        assert not preview.state()["errors"]


def test_a_site_that_is_broken_from_the_start_shows_what_can_be_read(paper: Site) -> None:
    paper.write("content/europe/bad.md", "no front matter")
    with previewed(paper) as preview:
        assert preview.get("/europe/2026/01/story-1/").status == 200
        assert [error["where"] for error in preview.state()["errors"]] == ["content/europe/bad.md:1:1"]
        paper.remove("content/europe/bad.md")
        preview.until(lambda: not preview.state()["errors"])
        preview.exact()


def test_settings_that_are_broken_from_the_start_are_told_in_the_browser(paper: Site) -> None:
    config = (paper.folder / "config.yaml").read_text()
    paper.write("config.yaml", "site: {titel: Oh}\n")
    with previewed(paper) as preview:
        assert preview.get("/").status == 500
        assert preview.state()["errors"]
        paper.write("config.yaml", config)
        preview.until(lambda: preview.get("/").status == 200)
