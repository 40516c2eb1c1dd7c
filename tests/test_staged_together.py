"""Files that are set aside several at once, as workers do it: in a folder of their own, of which nothing remains."""

from __future__ import annotations

import multiprocessing
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from unittest.mock import patch

import pytest
from faults import FAULTS, Crash
from newsroom import NoWait, Site, tree
from publications import NEW, OLD, STATE, Recorded, attempts, publish

from broadsheet import journal, output, work
from broadsheet.errors import OutputError
from broadsheet.files import Files
from broadsheet.staging import set_aside


def publish_together(folder: Path, files: Mapping[str, bytes], door: Files) -> output.Published:
    """One publication of these files, the first three of which are set aside at once, then the others."""
    paths = list(files)
    with output.open_output(door, str(folder)) as target:
        for group in (paths[:3], paths[3:]):
            aside = target.aside(group)
            for index, path in enumerate(group):
                target.staged(set_aside(door, aside, index, files[path]))
        return target.publish()


def staged(folder: Path) -> list[str]:
    stage = folder / STATE / "stage"
    return sorted(str(path.relative_to(stage)) for path in stage.rglob("*"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    publish(tmp_path / "output", OLD)
    return tmp_path / "output"


def test_each_group_waits_in_a_folder_that_is_on_the_disk_before_the_journal_is(folder: Path) -> None:
    seen: list[str] = []

    class Watching(Recorded):
        def write(self, path: str, data: bytes) -> None:
            if path.endswith("/journal.json.new"):
                seen.extend(staged(folder))
                synced.extend(self.steps(folder, "sync"))
            super().write(path, data)

    synced: list[str] = []
    publish_together(folder, NEW, Watching(str(folder.parent)))
    groups = {path.partition("/")[0] for path in seen}
    assert len(groups) == 2
    assert len(seen) == 2 + len(NEW) - 1  # "same.html" is in its place
    assert {f"{STATE}/stage/{path}" for path in seen} <= set(synced)


def test_they_are_published_in_their_order_and_leave_no_folder(folder: Path) -> None:
    door = Recorded(str(folder.parent))
    publish_together(folder, NEW, door)
    assert tree(folder) == NEW
    assert staged(folder) == []
    renamed = [path for path in door.steps(folder, "rename") if not path.startswith(STATE)]
    assert renamed == [path for path in NEW if path != "same.html"]


@pytest.mark.parametrize("kind", FAULTS)
def test_after_a_fault_at_any_step_the_old_site_is_there_or_the_new_one(folder: Path, kind: str) -> None:
    journalled = 0
    for certain in attempts(folder, kind, lambda door: publish_together(folder, NEW, door)):
        journalled += certain
        finished = tree(folder) == NEW
        with output.open_output(NoWait("."), str(folder)):
            assert tree(folder) == (NEW if certain or finished else OLD)
            assert staged(folder) == []
        shutil.rmtree(folder)
        publish(folder, OLD)
    assert journalled > 5
    assert tree(folder) == NEW


def test_a_folder_that_cannot_be_removed_does_not_stop_a_publication(folder: Path) -> None:
    class Keeping(NoWait):
        def remove_tree(self, path: str) -> None:
            raise PermissionError(13, "Permission denied", path)

    publish_together(folder, NEW, Keeping(str(folder.parent)))
    assert tree(folder) == NEW
    assert len(staged(folder)) == 2
    publish(folder, OLD)  # whoever comes next clears the stage
    assert staged(folder) == []


def test_what_is_wrong_is_told_though_the_stage_can_not_be_emptied(site: Site) -> None:
    class Keeping(NoWait):
        def remove_tree(self, folder: str) -> tuple[int, int]:
            raise OSError(39, "Directory not empty", folder)

    for n in range(60):
        site.story(f"europe/story-{n}.md", f"Text {n}.")
    site.write("output/index.html", "somebody's")
    with patch.object(work, "INLINE_BELOW", 0), pytest.raises(OutputError, match="no manifest lists"):
        site.build(jobs=2, door=Keeping)


def test_no_worker_writes_any_more_when_what_was_staged_is_removed(site: Site) -> None:
    working: list[int] = []

    def interrupted(*_: object) -> bool:
        working.append(len(multiprocessing.active_children()))
        raise KeyboardInterrupt

    discard = output.Output.discard

    def discarded(target: output.Output) -> None:
        working.append(len(multiprocessing.active_children()))
        discard(target)

    for n in range(120):
        site.story(f"europe/story-{n}.md", f"Text {n}.")
    with (
        patch.object(work, "INLINE_BELOW", 0),
        patch.object(output.Output, "staged", interrupted),
        patch.object(output.Output, "discard", discarded),
        pytest.raises(KeyboardInterrupt),
    ):
        site.build(jobs=2)
    assert working == [2, 0]
    assert staged(site.output) == []


@pytest.mark.parametrize("name", ["1/../2", "../1", "1/2/3", "1/", "/1", "one", "1/two", ""])
def test_a_journal_with_a_name_that_no_stage_gives_is_not_believed(folder: Path, name: str) -> None:
    coming = journal.Journal(
        first=(), renames=(("a.html", name),), delete=(), files={"a.html": "00"}, whole=False, note=None
    )
    assert journal.loads(journal.dumps(coming)) is None


class _Dying(NoWait):
    """Dies when the journal is in place; notes what it names."""

    names: tuple[str, ...] = ()

    def rename(self, source: str, target: str) -> None:
        super().rename(source, target)
        if target.endswith("/journal.json"):
            found = journal.loads(Path(target).read_bytes())
            assert found
            type(self).names = tuple(name for _, name in found.renames)
            raise Crash


def test_a_publication_of_groups_that_workers_set_aside_is_completed(site: Site, tmp_path: Path) -> None:
    for n in range(60):
        site.story(f"europe/story-{n}.md", f"Text {n}.")
    with patch.object(work, "INLINE_BELOW", 0):
        site.good(jobs=2)
        before = site.tree()
        site.write("templates/partials/footer.html", "<p>Another foot.</p>")
        with pytest.raises(Crash):
            site.build(jobs=2, door=_Dying)
    assert len({name.partition("/")[0] for name in _Dying.names if "/" in name}) > 1
    assert site.tree() == before
    site.good()
    assert site.tree() != before
    assert os.listdir(site.output / STATE / "stage") == []
    site.good(output=str(tmp_path / "clean"))
    assert site.tree() == site.tree(tmp_path / "clean")
