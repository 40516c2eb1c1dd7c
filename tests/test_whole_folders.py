"""Folders that an output folder has not got yet: put in place as a whole, in the order of publication all the same."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from unittest.mock import patch

import pytest
from faults import FAULTS, Faulty
from newsroom import NoWait, Site, png, tree
from publications import STATE, Recorded, attempts, counts, interrupt, publish

from broadsheet import journal, output, rehearsal, work
from broadsheet.errors import OutputError
from broadsheet.files import Files

FILES = {
    "pictures/one.jpg": b"1",
    "pictures/two/three.jpg": b"3",
    "eu/notes.txt": b"linked",
    "asia/2026/a/index.html": b"a page",
    "asia/index.html": b"a list",
    "eu/2026/b/index.html": b"another page",
    "asia/feed.xml": b"a feed",
    "index.html": b"home",
}


def left(folder: Path) -> list[str]:
    """What lies in the stage."""
    stage = folder / STATE / "stage"
    return os.listdir(stage) if stage.exists() else []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "output"


def test_a_new_folder_is_put_in_place_at_once_after_what_its_pages_show(folder: Path) -> None:
    door = Recorded(str(folder.parent))
    assert counts(publish(folder, FILES, door)) == (8, 0, 0)
    assert tree(folder) == FILES
    assert not left(folder)
    renamed = [path for path in door.steps(folder, "rename") if not path.startswith(STATE)]
    # Of `eu`, what pages show came first; so its page is put there alone, and so is a feed among pages.
    assert renamed == ["pictures", "eu", "asia", "eu/2026/b/index.html", "asia/feed.xml", "index.html"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_file_in_a_folder_of_pages_does_not_bring_them_before_what_they_show(site: Site, jobs: int) -> None:
    site.write("static/europe/map.html", "<p>A map.</p>").write("static/zoo/notes.txt", "Notes.")
    site.write("content/europe/a.png", png()).write("content/asia/b.txt", "b")
    site.story("europe/a.md", "[Notes](/zoo/notes.txt)", image={"src": "a.png", "alt": "x"})
    site.story("asia/b.md", "[b](b.txt)")
    doors: list[Recorded] = []

    def door(root: str) -> Files:
        doors.append(Recorded(root))
        return doors[-1]

    with patch.object(work, "INLINE_BELOW", 0):
        assert site.build(door=door, jobs=jobs).ok
    renamed = doors[-1].steps(site.output, "rename")
    places = {path: n for n, path in enumerate(renamed)}
    # Each folder with all that pages of any folder show, then the pages, in their order.
    story = places["europe/2025/04/a/index.html"]
    assert max(places["zoo"], places["europe"], places["pictures"]) < story
    assert places["asia"] < places["asia/2025/04/b/index.html"]
    assert places["index.html"] > story


def test_folders_are_on_the_disk_with_their_files_before_the_journal_names_them(folder: Path) -> None:
    stage = folder / STATE / "stage"
    waiting: list[str] = []

    class Watching(Recorded):
        def write(self, path: str, data: bytes) -> None:
            if path.endswith("/journal.json.new"):
                waiting.extend(str(place.relative_to(folder)) for place in stage.rglob("*"))
                synced.extend(self.steps(folder, "sync"))
            super().write(path, data)

    synced: list[str] = []
    publish(folder, FILES, Watching(str(folder.parent)))
    assert len(waiting) > len(FILES)
    assert set(synced) >= set(waiting)


def test_a_folder_that_is_there_already_gets_each_of_its_files(folder: Path) -> None:
    publish(folder, {"asia/old.html": b"old"})
    (folder / "asia/own.txt").write_bytes(b"somebody's")
    door = Recorded(str(folder.parent))
    publish(folder, FILES, door)
    assert tree(folder) == {**FILES, "asia/own.txt": b"somebody's"}
    renamed = door.steps(folder, "rename")
    assert "asia" not in renamed
    assert "asia/2026/a/index.html" in renamed


def test_a_folder_of_pages_that_was_taken_away_comes_back(folder: Path) -> None:
    publish(folder, FILES)
    shutil.rmtree(folder / "asia")
    less = {path: data for path, data in FILES.items() if path != "asia/feed.xml"}
    assert counts(publish(folder, less)) == (2, 5, 1)
    assert tree(folder) == less


def _meanwhile(folder: Path, files: Mapping[str, bytes]) -> object:
    """Somebody makes files in the output folder just before the journal is written."""

    def make(coming: journal.Journal, dumps: object = journal.dumps) -> bytes:
        for path, data in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        assert callable(dumps)
        return bytes(dumps(coming))

    return patch.object(journal, "dumps", make)


@pytest.mark.parametrize("kind", FAULTS)
def test_what_others_put_in_a_new_folder_meanwhile_is_kept_whatever_fault_there_is(folder: Path, kind: str) -> None:
    own = {"asia/own.txt": b"somebody's", "pictures/two/own.jpg": b"theirs"}
    journalled = 0

    def act(door: Faulty) -> None:
        with _meanwhile(folder, own):  # type: ignore[attr-defined]  # a patch
            publish(folder, FILES, door)

    for certain in attempts(folder, kind, act):
        journalled += certain
        with output.open_output(NoWait("."), str(folder)):
            assert tree(folder) in ([{**FILES, **own}] if certain else [{}, own, {**FILES, **own}])
            assert not left(folder)
        shutil.rmtree(folder)
        publish(folder, {})
    assert journalled > 5
    assert tree(folder) == {**FILES, **own}


@pytest.mark.parametrize("kind", FAULTS)
def test_after_a_fault_at_any_step_the_new_folders_are_there_or_none_is(folder: Path, kind: str) -> None:
    journalled = 0
    publish(folder, {})
    for certain in attempts(folder, kind, lambda door: publish(folder, FILES, door)):
        journalled += certain
        if not certain:
            assert tree(folder) in ({}, FILES)
            finished = bool(tree(folder))
        with output.open_output(NoWait("."), str(folder)):
            assert tree(folder) == (FILES if certain or finished else {})
            assert not left(folder)
        publish(folder, {})
        assert sorted(os.listdir(folder)) == [STATE]
    assert journalled > 5
    assert tree(folder) == FILES


def test_a_rehearsal_tells_each_file_of_a_folder_that_has_yet_to_be_put_in_place(folder: Path) -> None:
    publish(folder, {})
    interrupt(folder, FILES)
    told = rehearsal.Rehearsal(NoWait("."), str(folder), adopt=False)
    assert not told.stage("asia/index.html", FILES["asia/index.html"])
    assert told.stage("index.html", b"another home")
    outcome = told.outcome()
    assert sorted(outcome.finished) == sorted(FILES)
    assert outcome.written == {"index.html": len(b"another home")}
    assert outcome.same == {"asia/index.html": len(FILES["asia/index.html"])}
    assert {path: outcome.deleted[path] for path in FILES if path in outcome.deleted} == {
        path: len(data) for path, data in FILES.items() if path not in ("asia/index.html", "index.html")
    }


def test_a_stage_that_hands_down_another_group_moves_no_folders(folder: Path) -> None:
    publish(folder, {})
    folder.chmod(0o2755)
    door = Recorded(str(folder.parent))
    publish(folder, FILES, door)
    assert tree(folder) == FILES
    assert "pictures" not in door.steps(folder, "rename")
    assert (folder / "pictures/two").stat().st_mode & 0o2000
    (folder / STATE / "stage").chmod(0o2755)
    publish(folder, {})
    again = Recorded(str(folder.parent))
    publish(folder, FILES, again)
    assert "pictures" in again.steps(folder, "rename")
    assert (folder / "pictures/two").stat().st_mode & 0o2000


@pytest.mark.parametrize("path", ["pictures", "eu", "eu/2026"])
def test_a_link_that_came_after_the_journal_leads_no_file_out_of_the_output(folder: Path, path: str) -> None:
    publish(folder, {})
    interrupt(folder, FILES)
    outside = folder.parent / "outside"
    outside.mkdir()
    (folder / path).parent.mkdir(exist_ok=True)
    (folder / path).symlink_to(outside)
    for _ in range(2):
        with pytest.raises(OutputError, match=f"{path}: it leads out of the output folder"):
            publish(folder, FILES)
    assert list(outside.iterdir()) == []
    (folder / path).unlink()
    publish(folder, FILES)
    assert tree(folder) == FILES


def test_a_file_of_others_in_the_place_of_a_new_folder_stops_the_publication(folder: Path) -> None:
    publish(folder, {"index.html": b"old"})
    (folder / "asia").write_bytes(b"a file")
    with pytest.raises(OutputError, match="asia: the new site needs a folder of this name"):
        publish(folder, FILES)
    assert tree(folder) == {"index.html": b"old", "asia": b"a file"}


def test_what_was_staged_in_folders_goes_with_a_build_that_ends_before_it_publishes(folder: Path) -> None:
    with output.open_output(NoWait("."), str(folder)) as target:
        for path, data in FILES.items():
            target.stage(path, data)
        assert left(folder)
        target.discard()
        assert not left(folder)
    assert tree(folder) == {}
