"""The preview shows the site as it is written: exactly, at once, and beside builds."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from newsroom import NOW, Site, png
from previewed_paper import CONFIG, paper, told
from previewing import previewed

__all__ = ["paper"]


def test_every_file_of_the_preview_is_what_a_build_with_drafts_makes(paper: Site) -> None:
    paper.story("europe/secret.md", title="Not yet", draft=True)
    paper.story("europe/later.md", title="Later", date="2026-02-01")
    with previewed(paper) as preview:
        assert not preview.stale()


def test_the_preview_has_addresses_of_its_own_whatever_the_sites_are(paper: Site) -> None:
    paper.configure(CONFIG, base_url="https://example.org/news/")
    with previewed(paper) as preview:
        assert 'href="/europe/2026/01/story-1/"' in preview.page("/europe/")
        assert "https://example.org" not in preview.page("/europe/2026/01/story-1/")
        assert not preview.stale()


def test_an_edit_is_shown_and_then_confirmed(paper: Site) -> None:
    with previewed(paper) as preview:
        paper.edit("content/europe/story-1.md", "Body 1", "A wombat's body 1")
        preview.shows("/europe/2026/01/story-1/", "wombat")
        preview.exact()


def test_a_headline_reaches_lists_and_rails(paper: Site) -> None:
    with previewed(paper) as preview:
        paper.edit("content/europe/story-1.md", "story-1", "Quokkas seen")
        preview.shows("/europe/2026/01/story-2/", "Quokkas seen")
        preview.exact()


def test_what_was_edited_while_the_preview_was_down_is_shown_at_once(paper: Site) -> None:
    with previewed(paper):
        pass
    paper.edit("content/europe/story-1.md", "Body 1", "A numbat's body 1")
    with previewed(paper) as preview:
        assert "numbat" in preview.page("/europe/2026/01/story-1/")
        assert not preview.stale()


@pytest.mark.parametrize(
    ("path", "content", "address", "text"),
    [
        ("templates/partials/after_article.html", "<p>A newsletter</p>\n", "/europe/2026/01/story-1/", "A newsletter"),
        ("templates/locales/en.yaml", "explore: Discover\n", "/europe/2026/01/story-1/", "Discover"),
        (
            "content/asia/news/deep/new.md",
            "---\ntitle: New\ndate: 2026-01-05\n---\nNew.\n",
            "/asia/2026/01/new/",
            "New",
        ),
        ("content/authors/ada.md", "---\nname: Ada\n---\nShe wrote.\n", "/authors/ada/", "She wrote"),
        ("static/note.txt", "Another note.", "/note.txt", "Another note"),
        ("static/deep/er/new.txt", "A new note.", "/deep/er/new.txt", "A new note"),
        ("content/_index.md", "---\ntitle: The front\n---\nWelcome.\n", "/", "Welcome"),
    ],
)
def test_a_touched_file_of_any_kind_is_shown(paper: Site, path: str, content: str, address: str, text: str) -> None:
    paper.story("europe/ada.md", authors=["ada"])
    with previewed(paper) as preview:
        paper.write(path, content)
        preview.shows(address, text)
        preview.exact()


def test_other_settings_and_pictures_are_shown(paper: Site) -> None:
    with previewed(paper) as preview:
        assert 'width="24" height="18"' in preview.page("/asia/2025/04/tea/")
        paper.write("content/asia/tea.png", png(60, 20, "navy"))
        preview.shows("/asia/2025/04/tea/", 'width="24" height="8"')
        paper.configure(CONFIG + "footer: [{title: Imprint, url: /about/}]\n", title="The Other Section")
        preview.shows("/", "The Other Section")
        preview.shows("/", "Imprint")
        preview.exact()


def test_renamed_and_deleted_stories_move_and_go(paper: Site) -> None:
    with previewed(paper) as preview:
        paper.move("content/europe/story-1.md", "content/asia/moved.md")
        preview.shows("/asia/2026/01/moved/", "Body 1")
        paper.remove("content/europe/story-2.md")
        preview.until(lambda: preview.get("/europe/2026/01/story-2/").status == 404)
        assert preview.get("/europe/2026/01/story-1/").status == 404
        preview.exact()


def test_a_folder_that_is_replaced_as_by_a_checkout_is_shown(paper: Site) -> None:
    with previewed(paper) as preview:
        os.rename(paper.folder / "content", paper.folder / "old")
        for n in range(60):
            paper.story(f"africa/story-{n}.md", f"Checked out {n}.", date="2026-01-03")
        preview.shows("/africa/2026/01/story-59/", "Checked out 59")
        preview.until(lambda: preview.get("/europe/").status == 404)
        paper.edit("content/africa/story-1.md", "Checked out 1.", "Edited after the checkout.")
        preview.shows("/africa/2026/01/story-1/", "Edited after")
        preview.exact()


def test_a_story_appears_and_goes_when_its_hour_comes(paper: Site) -> None:
    hours = [NOW]
    paper.story("europe/brief.md", expires=(NOW + timedelta(hours=1)).isoformat(), date="2026-01-10")
    with previewed(paper, hour=lambda: hours[0]) as preview:
        assert preview.get("/europe/2026/01/brief/").status == 200
        hours[0] = NOW + timedelta(hours=2)
        paper.write("content/europe/notes.txt", "any change wakes it here; on its own it wakes at the hour")
        preview.until(lambda: preview.get("/europe/2026/01/brief/").status == 404)


def test_the_hour_of_a_story_comes_with_no_file_touched(paper: Site) -> None:
    start = datetime.now(UTC)
    hours = [start]
    later, over = start + timedelta(seconds=3), start + timedelta(seconds=6)
    paper.story("europe/brief.md", "It lasts for seconds.", date=later.isoformat(), expires=over.isoformat())
    address = f"/europe/{start:%Y/%m}/brief/"
    with previewed(paper, hour=lambda: max(hours[0], datetime.now(UTC)), drafts=False, future=False) as preview:
        assert preview.get(address).status == 404
        preview.shows(address, "It lasts for seconds.")
        preview.until(lambda: preview.get(address).status == 404)


def test_a_page_is_told_of_what_changed_between_its_making_and_its_listening(paper: Site) -> None:
    paper.write("static/own.css", "p { color: teal }")
    with previewed(paper) as preview:
        paper.write("static/note.txt", "Another note, that is planned after this.")
        first = preview.state()["at"]
        preview.until(lambda: preview.state()["at"] != first)
        before = preview.state()["at"]
        paper.write("static/own.css", "p { color: navy }")
        preview.until(lambda: preview.state()["at"] != before)
        assert told(preview, f"part={before}:/own.css") == b'{"kind": "part", "path": "own.css"}'
        assert told(preview, f"part={before}:/note.txt") == b""
        assert told(preview, f"part={preview.state()['at']}:/own.css") == b""


@pytest.mark.slow
def test_a_page_that_was_served_before_a_save_and_listens_after_it_is_led(paper: Site) -> None:
    with previewed(paper, navigate=True) as preview:

        def led() -> str:
            return preview.get("/europe/").text.partition('data-led="')[2].partition('"')[0]

        before = led()
        assert told(preview, f"led={before}") == b""
        paper.story("europe/fresh.md", "It is new.", date="2026-01-08")
        preview.until(lambda: led() != before)
        assert told(preview, f"led={before}") == b'{"kind": "go", "path": "europe/2026/01/fresh/index.html"}'
        assert told(preview, f"led={led()}") == b""
        for nonsense in ("led=", "led=x", "led=" + "9" * 500, "led=-1"):
            told(preview, nonsense)


# --- labels and differences ----------------------------------------------------------------------------------------


def test_what_readers_do_not_have_is_told_apart(paper: Site) -> None:
    assert paper.build().ok
    paper.story("europe/secret.md", title="Not yet", draft=True, date="2026-01-05")
    paper.story("europe/later.md", title="Later", date="2026-02-01T06:00")
    paper.story("europe/held.md", title="Held", date="2026-01-02", embargo="2026-03-01T06:00")
    paper.story("europe/fresh.md", title="Fresh", date="2026-01-06")
    paper.edit("content/europe/story-1.md", "Body 1", "Another body 1")
    paper.remove("content/europe/story-3.md")
    with previewed(paper) as preview:
        preview.until(lambda: preview.state()["counts"])
        state = preview.state("europe/2026/01/secret/index.html")
        assert state["page"]["label"] == "Draft"
        assert state["counts"] == dict.fromkeys(("draft", "scheduled", "embargoed", "new", "edited", "gone"), 1)
        assert state["labels"] == {
            "/europe/2026/01/secret/": "Draft",
            "/europe/2026/02/later/": "Scheduled for 2026-02-01 06:00",
            "/europe/2026/01/held/": "Embargoed until 2026-03-01 06:00",
            "/europe/2026/01/fresh/": "Not on the live site yet",
            "/europe/2026/01/story-1/": "Edited since the last build",
        }
        assert paper.build().ok
        paper.edit("content/asia/tea.md", "poured", "drunk")
        preview.until(lambda: set(preview.state()["counts"]) == {"draft", "scheduled", "embargoed", "edited"})


def test_a_story_that_expires_before_it_comes_out_is_not_labelled_as_coming(paper: Site) -> None:
    paper.story("europe/never.md", date="2026-05-11", expires="2026-04-01")
    with previewed(paper) as preview:
        preview.until(lambda: preview.state()["counts"])
        assert preview.state("europe/2026/05/never/index.html")["page"]["label"] == "Expires before it comes out"


def test_the_public_preview_holds_nothing_that_readers_may_not_see(paper: Site) -> None:
    paper.story("europe/secret.md", title="Canary", draft=True, date="2026-01-05")
    with previewed(paper, drafts=False, future=False) as preview:
        assert preview.get("/europe/2026/01/secret/").status == 404
        assert "Canary" not in preview.get("/europe/").text


# --- beside builds -------------------------------------------------------------------------------------------------


def test_the_preview_publishes_nothing_and_builds_go_on_beside_it(paper: Site) -> None:
    with previewed(paper) as preview:
        preview.get("/")
        assert not paper.output.exists()
        assert not list(Path(paper.folder / ".broadsheet").rglob("*.html"))
        assert paper.build().ok
        paper.story("europe/draft.md", "Canary", draft=True, date="2026-01-05")
        preview.shows("/europe/2026/01/draft/", "Canary")
        assert paper.build().ok
        assert not [path for path in paper.output.rglob("*.html") if "Canary" in path.read_text()]


def test_a_second_preview_of_one_site_shows_it_as_well(paper: Site) -> None:
    with previewed(paper) as one, previewed(paper) as other:
        paper.edit("content/europe/story-1.md", "Body 1", "A quoll's body 1")
        one.shows("/europe/2026/01/story-1/", "quoll")
        other.exact()
