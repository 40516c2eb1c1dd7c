"""The preview shows the site as it is written: exactly, at once, and whatever is wrong."""

from __future__ import annotations

import gc
import itertools
import mmap
import os
import re
import socket
import tempfile
import time
import weakref
from collections.abc import Iterator, Sequence
from contextlib import chdir, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pytest
from newsroom import NOW, NoWait, Site, png
from previewing import Running, previewed
from twins import Later

from broadsheet import ranking, work
from broadsheet.preview import firstlook
from broadsheet.preview.desk import Desk
from broadsheet.preview.job import Job
from broadsheet.preview.lookout import Lookout
from broadsheet.preview.loop import Loop
from broadsheet.preview.shelf import Made
from broadsheet.ranking import RankBatch, Ranked
from broadsheet.request import Request
from broadsheet.walking import Walk

CONFIG = "rails:\n  explore: {mode: shared, limit: 3}\nimages: {widths: [24], formats: [jpeg]}\nfeeds: {limit: 3}\n"


class Walking(Later):
    """Notes the folders that are walked."""

    def __init__(self, root: str) -> None:
        super().__init__(root)
        self.walked: list[str] = []

    def walk(self, folders: Sequence[str]) -> Walk:
        self.walked += folders
        return super().walk(folders)


@pytest.fixture
def paper(site: Site) -> Site:
    """A small section with something of everything."""
    site.configure(CONFIG)
    for n in range(4):
        site.story(f"europe/story-{n}.md", f"Body {n} of the story.", date=f"2026-01-0{n + 1}", topics=["Energy"])
    site.story("asia/tea.md", "![Tea](tea.png)\n\nTea is poured.", title="Tea")
    site.write("content/asia/tea.png", png())
    site.write("content/pages/about.md", "---\ntitle: About\n---\nAbout us.\n")
    return site.write("static/note.txt", "A note.")


def test_every_file_of_the_preview_is_what_a_build_with_drafts_makes(paper: Site) -> None:
    paper.story("europe/secret.md", title="Not yet", draft=True)
    paper.story("europe/later.md", title="Later", date="2026-02-01")
    with previewed(paper) as preview:
        assert not preview.stale()


RANK = ranking.rank_batch


@pytest.mark.parametrize("mode", ["inline", "shared"])
def test_a_story_can_be_shown_before_the_rest_is_planned_and_is_what_a_build_makes(paper: Site, mode: str) -> None:
    paper.configure(CONFIG.replace("shared", mode))
    paper.story(
        "europe/secret.md", title="Not yet", draft=True, series="Nights", related=["story-2.md"], date="2026-01-09"
    )
    paper.story("europe/aside.md", title="For some", unlisted=True, series="Nights", date="2026-01-02")
    paper.story("europe/gone.md", title="Gone", status="withdrawn", date="2026-01-02")
    request = Request(site=str(paper.folder), now=NOW, base_url="http://localhost/", drafts=True, future=True)
    desk = Desk(NoWait(str(paper.folder)), lambda: request, work.Crew(1, work.Inline))
    early: dict[str, Made | None] = {}
    places = [f"europe/2026/01/{name}/index.html" for name in ("story-0", "story-3", "secret", "aside", "gone")]

    def begun() -> None:
        assert desk.generation is None
        early.update(
            {path: desk.first(path) for path in [*places, "asia/2025/04/tea/index.html", "index.html", "../x"]}
        )

    desk.refresh(begun)
    for path, made in early.items():
        if path in ("index.html", "../x", "europe/2026/01/gone/index.html"):
            assert made is None
        else:
            assert made, path
            assert made == desk.file(path)
    assert desk.first("europe/2026/01/story-0/index.html") is None, "the plan is there"
    desk.close()


def test_stories_are_shown_as_the_next_plan_has_them_before_it_is_made(paper: Site) -> None:
    request = Request(site=str(paper.folder), now=NOW, base_url="http://localhost/", drafts=True)
    desk = Desk(Later(str(paper.folder)), lambda: request, work.Crew(1, work.Inline))
    desk.refresh()
    old, new = "europe/2026/01/story-3/index.html", "europe/2026/01/new/index.html"
    paper.story("europe/new.md", title="A new one", date="2026-01-06")
    early: dict[str, Made | None] = {}

    def begun() -> None:
        assert desk.generation
        assert desk.generation.number == 1
        early.update({old: desk.file(old), new: desk.first(new)})
        paper.edit("content/europe/story-3.md", "Body 3", "Body three")
        assert desk.amend("content/europe/story-3.md")
        amended = desk.file(old)
        assert amended
        assert b"Body three" in amended.data, "what was saved since comes first"

    desk.refresh(begun)
    desk.refresh()
    assert (early[old], early[new]) != (None, None)
    for path, made in early.items():
        assert made
        assert b"A new one" in made.data, path
    assert desk.file(new) == early[new]
    desk.close()


def test_a_story_that_links_to_files_waits_for_the_plan_that_places_them(paper: Site) -> None:
    """A file lies beside the first page of the plan that links to it, whichever page is asked for first."""
    paper.write("content/europe/report.pdf", "%PDF-1.4")
    for name, day in (("older", "05"), ("newer", "06")):
        paper.story(f"europe/{name}.md", "See [the report](report.pdf).", date=f"2026-01-{day}")
    request = Request(site=str(paper.folder), now=NOW, base_url="http://localhost/", drafts=True)
    desk = Desk(Later(str(paper.folder)), lambda: request, work.Crew(1, work.Inline))
    desk.refresh()
    place = "europe/2026/01/older/report.pdf"
    assert desk.file(place)
    early: list[Made | None] = []
    paper.edit("content/europe/story-0.md", "Body 0", "Body zero")
    desk.refresh(lambda: early.append(desk.first("europe/2026/01/newer/index.html")))
    assert early == [None]
    assert not desk.errors()
    assert desk.file(place)
    desk.close()


def test_nothing_is_shown_before_its_plan_where_a_picture_has_no_place_or_the_last_plan_failed(paper: Site) -> None:
    request = Request(site=str(paper.folder), now=NOW, base_url="http://localhost/", drafts=True)
    desk = Desk(Later(str(paper.folder)), lambda: request, work.Crew(1, work.Inline))
    desk.refresh()
    begun: list[int] = []
    paper.write("content/europe/new.png", png(colour="red"))
    paper.edit("content/europe/story-0.md", "Body 0", "![x](new.png)")
    desk.refresh(lambda: begun.append(1))
    paper.story("europe/twin.md", slug="story-1", date="2026-01-02")
    desk.refresh(lambda: begun.append(2))
    assert desk.errors()
    desk.refresh(lambda: begun.append(3))
    assert begun == [2], "what a plan is refused for is only known at its end, and then of the next one"
    desk.close()


def test_settings_that_name_other_folders_than_were_walked_are_followed(paper: Site) -> None:
    request = Request(site=str(paper.folder), now=NOW, base_url="http://localhost/", drafts=True)
    desk = Desk(Later(str(paper.folder)), lambda: request, work.Crew(1, work.Inline))
    lookout = Lookout(desk)
    start, walk = desk.files.now(), lookout.walk(lookout.take())
    desk.refresh(walk=walk)
    assert lookout.note(start, walk)
    lookout.tell([str(paper.folder / "content/europe/story-0.md")])
    walk = lookout.walk(lookout.take())
    (paper.folder / "content").rename(paper.folder / "stories")
    paper.configure(CONFIG + "content_dir: stories\n")
    desk.refresh(walk=walk)
    assert desk.generation
    assert len(desk.generation.job.catalog.stories) == 5
    desk.close()


def test_a_picture_that_lies_outside_of_content_is_looked_at_too(paper: Site, tmp_path: Path) -> None:
    paper.write("shared.png", png())
    paper.edit("content/europe/story-0.md", "Body 0", "![A dam](/shared.png)")
    request = Request(site=str(paper.folder), now=NOW, base_url="http://localhost/", drafts=True)
    desk = Desk(Later(str(paper.folder)), lambda: request, work.Crew(1, work.Inline))
    lookout = Lookout(desk)
    start, walk = desk.files.now(), lookout.walk(lookout.take())
    desk.refresh(walk=walk)
    assert lookout.elsewhere() == [str(paper.folder)]
    lookout.note(start, walk)
    assert not lookout.changed()
    (tmp_path / "elsewhere").mkdir()
    with chdir(tmp_path / "elsewhere"):  # wherever the preview was started
        paper.write("shared.png", png(colour="red"))
        assert lookout.changed()
    desk.close()


def test_the_first_look_of_another_process_is_what_the_first_plan_is_made_from(paper: Site) -> None:
    request = Request(site=str(paper.folder), now=NOW, base_url="http://localhost/", drafts=True)
    desk = Desk(Later(str(paper.folder)), lambda: request, work.Crew(1, work.Inline))
    with firstlook.begun(desk.files) as look:
        lookout = Lookout(desk, look)
        plain = Lookout(desk).walk(None)
        walk = lookout.walk(lookout.take())
    assert (walk.folders, dict(walk.places), walk.odd) == (plain.folders, dict(plain.places), plain.odd)
    start = desk.files.now()
    paper.story("europe/late.md", "It came after the look.", date="2026-01-02")
    desk.refresh(walk=walk)
    assert desk.generation
    assert "content/europe/late.md" not in desk.generation.page_of
    assert not lookout.note(start, walk), "what came since is noticed"
    walk = lookout.walk(lookout.take())
    assert any(name == "late.md" for name, *_ in walk.places[str(paper.folder / "content/europe")]), "and looked at"  # type: ignore[union-attr,misc]  # a folder's files
    desk.close()


def test_a_story_that_goes_while_the_first_plan_is_made_is_missed(paper: Site) -> None:
    request = Request(site=str(paper.folder), now=NOW, base_url="http://localhost/", drafts=True)
    desk = Desk(Later(str(paper.folder)), lambda: request, work.Crew(1, work.Inline))
    lookout = Lookout(desk)
    start, walk = desk.files.now(), lookout.walk(lookout.take())
    desk.refresh(lambda: paper.remove("content/europe/story-0.md"), walk)
    assert not lookout.note(start, walk)
    assert lookout.changed()
    desk.close()


def test_a_mistake_while_open_pages_are_told_early_leaves_the_plan_alone(paper: Site) -> None:
    request = Request(site=str(paper.folder), now=NOW, base_url="http://localhost/", drafts=True)
    desk = Desk(Later(str(paper.folder)), lambda: request, work.Crew(1, work.Inline))

    def fails() -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        desk.refresh(fails)
    assert desk.first("europe/2026/01/story-0/index.html") is None, "of a plan that is no more"
    desk.refresh()
    assert desk.file("europe/2026/01/story-0/index.html")
    desk.close()


def test_a_plan_that_will_fail_shows_nothing_before_that_is_known(paper: Site) -> None:
    request = Request(site=str(paper.folder), now=NOW, base_url="http://localhost/", drafts=True)
    desk = Desk(Later(str(paper.folder)), lambda: request, work.Crew(1, work.Inline))
    desk.refresh()
    path = "europe/2026/01/story-3/index.html"
    good = desk.file(path)
    early: list[Made | None] = []
    for broken in ("[x](nope.md)", "{% if %}"):
        if "%" in broken:
            paper.write("templates/partials/after_article.html", broken)
        else:
            paper.edit("content/europe/story-3.md", "Body 3", broken)
        desk.refresh(lambda: early.append(desk.file(path)))
        assert desk.errors()
        assert desk.file(path) == good
        paper.edit("content/europe/story-3.md", broken, "Body 3") if "%" not in broken else None
    assert all(made == good for made in early)
    assert early
    desk.close()


def test_a_preview_on_another_port_goes_on_from_the_last_one_and_has_its_own_addresses(paper: Site) -> None:
    asked: list[int] = []

    def counted(batch: RankBatch) -> tuple[Ranked, ...]:
        asked.append(len(batch.positions))
        return RANK(batch)

    for port in (8000, 8001):
        request = Request(site=str(paper.folder), now=NOW, base_url=f"http://localhost:{port}/", drafts=True)
        desk = Desk(Later(str(paper.folder)), partial(lambda found: found, request), work.Crew(1, work.Inline))
        asked.clear()
        with patch.object(ranking, "rank_batch", counted):
            desk.refresh()
        desk.settle()
        made = desk.file("index.html")
        assert made
        assert f"http://localhost:{port}/".encode() in made.data
        assert (sum(asked) > 0) == (port == 8000), "what stories recommend doesn't depend on the address"
        desk.close()


def test_who_asks_for_a_story_at_once_is_told_nothing_when_the_plan_is_there(paper: Site) -> None:
    paper.write("static/own.css", "p { color: teal }")
    with previewed(paper, first="/europe/2026/01/story-1/") as preview:
        page = preview.get("/europe/2026/01/story-1/").text
        at, seen = (re.search(rf'data-{name}="(\w+)"', page) for name in ("at", "seen"))
        assert at
        assert seen
        query = f"page=europe/2026/01/story-1/index.html&seen={seen[1]}&part={at[1]}:/own.css"
        assert heard(preview, query) == b""
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


def told(preview: Running, more: str) -> bytes:
    """What a page is told first that shows what it should, with `more` in its query."""
    seen = re.search(r'data-seen="(\w+)"', preview.get("/europe/").text)
    assert seen
    return heard(preview, f"page=europe/index.html&seen={seen[1]}&{more}")


def heard(preview: Running, query: str) -> bytes:
    """The first event of a stream, or nothing."""
    head = f"GET /.broadsheet/events?{query} HTTP/1.1\r\nHost: localhost:{preview.port}\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", preview.port), timeout=1) as stream:
        stream.sendall(head)
        found = b""
        with suppress(TimeoutError):
            while b"data:" not in found:
                found += stream.recv(65536)
        return found.partition(b"data: ")[2].strip()


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


@pytest.fixture
def disk() -> Iterator[Path]:
    """A folder on a disk: in memory (see newsroom.memory) a change of mapped pages leaves no time behind."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        yield Path(folder)


def test_a_change_that_the_system_tells_nobody_of_is_found(disk: Path) -> None:
    paper = Site(disk / "site").story("europe/story-1.md", title="Two quokkas", date="2026-01-02")
    with previewed(paper) as preview, open(paper.folder / "content/europe/story-1.md", "r+b") as file:
        preview.exact()
        preview.until(lambda: told(preview, "") == b"")  # at rest
        with mmap.mmap(file.fileno(), 0) as memory:
            at = memory.find(b"quokkas")
            memory[at : at + 7] = b"wombats"
            memory.flush()
        told(preview, "")  # somebody opens a page
        preview.shows("/europe/2026/01/story-1/", "Two wombats")


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


def test_the_public_preview_holds_nothing_that_readers_may_not_see(paper: Site) -> None:
    paper.story("europe/secret.md", title="Canary", draft=True, date="2026-01-05")
    with previewed(paper, drafts=False, future=False) as preview:
        assert preview.get("/europe/2026/01/secret/").status == 404
        assert "Canary" not in preview.get("/europe/").text


# --- errors --------------------------------------------------------------------------------------------------------


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


def test_what_is_written_while_the_site_is_planned_is_planned_again_though_nobody_tells_of_it(paper: Site) -> None:
    """A folder that has just come is not watched yet: what changes in it meanwhile only a look can find."""
    request = Request(site=str(paper.folder), now=NOW, base_url="http://localhost/", drafts=True, future=True)
    desk = Desk(NoWait(str(paper.folder)), lambda: request, work.Crew(1, work.Inline))
    loop = Loop(desk, NOW.timestamp, navigate=False, said=lambda _: None, reported=lambda _: None)
    for text in ("<p>once</p>", "<p>twice</p>", "<p>three times</p>"):
        start, walk = desk.files.now(), loop.lookout.walk(loop.lookout.take())
        desk.refresh(walk=walk)
        paper.write("templates/region.html", text)  # after it was read
        loop.lookout.note(start, walk)
        assert loop.lookout.changed(), text
    desk.close()


def test_a_plan_looks_where_something_was_told_of_and_what_was_not_told_is_found_when_all_is_quiet(paper: Site) -> None:
    request = Request(site=str(paper.folder), now=NOW, base_url="http://localhost/", drafts=True, future=True)
    door = Walking(str(paper.folder))
    desk = Desk(door, lambda: request, work.Crew(1, work.Inline))
    lookout = Lookout(desk)

    def plan() -> bool:
        door.walked = []
        start, walk = desk.files.now(), lookout.walk(lookout.take())
        desk.refresh(walk=walk)
        whole.append(str(paper.folder / "content") in door.walked)
        return lookout.note(start, walk)

    whole: list[bool] = []
    page = "europe/2026/01/story-0/index.html"
    assert plan()
    assert whole == [True], "nothing is known yet"
    paper.edit("content/europe/story-0.md", "Body 0", "Body zero")
    lookout.tell([str(paper.folder / "content/europe/story-0.md")])
    assert plan()
    assert whole[-1] is False
    assert b"Body zero" in (desk.file(page) or Made("", "", b"", "")).data
    paper.edit("content/asia/tea.md", "Tea is poured", "Tea is spilt")  # nobody tells
    lookout.tell([str(paper.folder / "content/europe/story-0.md")])
    assert not plan(), "what was not looked at is another one"
    assert lookout.changed()
    assert plan()
    assert whole[-1] is True
    assert b"Tea is spilt" in (desk.file("asia/2025/04/tea/index.html") or Made("", "", b"", "")).data
    for other in ("config.yaml", "templates/region.html"):
        lookout.tell([str(paper.folder / "content/europe/story-0.md"), str(paper.folder / other)])
        plan()
        assert whole[-1] is True, other
    desk.close()


def test_a_file_dated_in_the_future_is_not_planned_for_ever(paper: Site) -> None:
    request = Request(site=str(paper.folder), now=NOW, base_url="http://localhost/", drafts=True, future=True)
    desk = Desk(NoWait(str(paper.folder)), lambda: request, work.Crew(1, work.Inline))
    loop = Loop(desk, NOW.timestamp, navigate=False, said=lambda _: None, reported=lambda _: None)
    ahead = time.time() + 3600
    os.utime(paper.folder / "content/europe/story-0.md", (ahead, ahead))
    for again in (True, False):
        start, walk = desk.files.now(), loop.lookout.walk(loop.lookout.take())
        desk.refresh(walk=walk)
        loop.lookout.note(start, walk)
        assert loop.lookout.changed() == again
    desk.close()


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


def test_what_an_old_plan_knew_of_the_site_is_let_go_of_at_once(paper: Site) -> None:
    """A plan of a large archive takes hundreds of megabytes: two may be held for a moment, and no third one until
    somebody looks for garbage."""
    request = Request(site=str(paper.folder), now=NOW, drafts=True, future=True)
    desk = Desk(Later(str(paper.folder)), lambda: request, work.Crew(1, work.Inline))
    gone: list[weakref.ref[object]] = []
    gc.collect()  # of other tests
    gc.disable()
    try:
        for n in range(3):
            paper.story("asia/new.md", f"Words of {n}.")
            desk.refresh()
            desk.settle()
            assert desk.generation is not None
            gone.append(weakref.ref(desk.generation.job))
        assert [held() is None for held in gone] == [True, True, False]
        gc.set_debug(gc.DEBUG_SAVEALL)
        gc.collect()
        ours = {type(found).__qualname__ for found in gc.garbage if type(found).__module__.startswith("broadsheet")}
        assert not ours, "what holds on to itself stays until somebody looks for it"
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
        desk.close()
