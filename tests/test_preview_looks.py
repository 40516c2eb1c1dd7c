"""Where the preview looks for what has changed: whatever changes, and whoever tells of it, nothing is missed."""

from __future__ import annotations

import mmap
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import chdir
from pathlib import Path

import pytest
from newsroom import NOW, NoWait, Site, png
from previewed_paper import CONFIG, paper, told
from previewing import previewed
from twins import Later

from broadsheet import work
from broadsheet.preview import firstlook
from broadsheet.preview.desk import Desk
from broadsheet.preview.lookout import Lookout
from broadsheet.preview.loop import Loop
from broadsheet.preview.shelf import Made
from broadsheet.request import Request
from broadsheet.walking import Walk

__all__ = ["paper"]


class Walking(Later):
    """Notes the folders that are walked."""

    def __init__(self, root: str) -> None:
        super().__init__(root)
        self.walked: list[str] = []

    def walk(self, folders: Sequence[str]) -> Walk:
        self.walked += folders
        return super().walk(folders)


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
