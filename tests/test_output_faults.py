"""The output folder is published whole or not at all: in which order, and what becomes of faults at any step."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from unittest.mock import patch

import pytest
from examples import every
from faults import FAULTS, STOPPED, Crash, Faulty
from newsroom import NoWait, Site, png, tree
from publications import NEW, OLD, STATE, Recorded, attempts, folder, interrupt, publish
from twins import Later

from broadsheet import making, output
from broadsheet.errors import UnfinishedError
from broadsheet.files import Files, Stamp

__all__ = ["folder"]


def test_what_a_step_relies_on_is_on_the_disk_before_the_step(folder: Path) -> None:
    """Files before the journal that names them, the journal before the first change, the manifest before the journal
    goes: or a power failure would leave a journal of files that are not there."""
    publish(folder, OLD)
    door = Recorded(str(folder.parent))
    publish(folder, NEW, door)
    state = folder / STATE
    done = [(step, os.path.relpath(path, folder)) for step, path in door.done]
    places = {name: done.index(name) for name in done}
    journalled = places["rename", ".broadsheet/journal.json"]
    staged = [name for step, name in done if step == "sync" and "/stage/" in name]
    assert len(staged) == 4
    for name in staged:
        assert places["sync", name] < places["sync", ".broadsheet/journal.json.new"]
    assert places["sync", ".broadsheet/journal.json.new"] < journalled
    assert done[journalled + 1] == ("sync", ".broadsheet")
    changes = [n for n, (step, name) in enumerate(done) if step != "sync" and not name.startswith(".broadsheet")]
    assert min(changes) > journalled + 1
    assert max(changes) < places["sync", ".broadsheet/manifest.new"]
    assert done[-3:] == [
        ("rename", ".broadsheet/manifest"),
        ("sync", ".broadsheet"),
        ("remove", ".broadsheet/journal.json"),
    ]
    assert sorted(os.listdir(state)) == ["lock", "manifest", "stage"]


def test_what_a_page_shows_comes_before_it_and_goes_after_it(site: Site) -> None:
    """Wherever a publication stops, no page of the output lacks a picture or a file that it links to."""
    for n, name in enumerate(("one", "two")):
        site.write(f"content/eu/{name}.png", png(40, 30 + n)).write(f"content/eu/{name}.txt", name)

    def tell(name: str) -> None:
        site.story(f"eu/{name}.md", f"See [notes]({name}.txt).", image={"src": f"{name}.png", "alt": "x"})

    tell("one")
    site.good()
    site.remove("content/eu/one.md").remove("content/eu/one.png")
    tell("two")
    doors: list[Recorded] = []

    def door(root: str) -> Files:
        doors.append(Recorded(root))
        return doors[-1]

    with patch.object(making, "_BATCH", 1):
        assert site.build(door=door).ok
    done = [(step, os.path.relpath(path, site.output)) for step, path in doors[-1].done]
    places = {(step, re.sub(r"-\w+-\d+\.", ".", path)): n for n, (step, path) in enumerate(done)}
    came, went = (
        places[step, f"eu/2025/04/{name}/index.html"] for step, name in (("rename", "two"), ("remove", "one"))
    )
    for path in ("pictures/two.jpg", "pictures/two.webp", "eu/2025/04/two/two.txt"):
        assert places["rename", path] < came
    for path in ("pictures/one.jpg", "pictures/one.webp", "eu/2025/04/one/one.txt"):
        assert places["remove", path] > went


def test_a_build_that_fails_while_rendering_leaves_nothing_staged(site: Site) -> None:
    site.story("europe/a.md")
    site.good()
    before = site.tree()
    site.story("europe/b.md").write("templates/article.html", "{{ story.nothing }}")
    assert not site.build().ok
    assert site.tree() == before
    assert os.listdir(site.output / STATE / "stage") == []


# --- crashes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FAULTS)
def test_after_a_fault_at_any_step_the_output_is_old_or_is_completed_by_the_next_to_open_it(
    folder: Path, kind: str
) -> None:
    journalled = 0
    publish(folder, OLD)
    for certain in attempts(folder, kind, lambda door: publish(folder, NEW, door)):
        journalled += certain
        if not certain:
            assert tree(folder) in (OLD, NEW)
            finished = tree(folder) == NEW
        with output.open_output(NoWait("."), str(folder)):
            assert tree(folder) == (NEW if certain or finished else OLD)
            assert os.listdir(folder / STATE / "stage") == []
        publish(folder, OLD)
        assert tree(folder) == OLD
    assert journalled > 5
    assert tree(folder) == NEW


@pytest.mark.parametrize("kind", FAULTS)
def test_after_a_fault_at_any_step_the_next_publication_ends_like_a_clean_one(folder: Path, kind: str) -> None:
    publish(folder, OLD)
    other = {"b/x/index.html": b"1", "edited.html": b"newest", "a": b"file"}
    clean = folder.parent / "clean"
    publish(clean, other)
    manifest = (clean / STATE / "manifest").read_bytes()
    for _ in attempts(folder, kind, lambda door: publish(folder, NEW, door)):
        publish(folder, other)
        assert tree(folder) == other
        assert (folder / STATE / "manifest").read_bytes() == manifest
        publish(folder, OLD)


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_while_an_interrupted_publication_is_completed_does_no_harm(folder: Path, kind: str) -> None:
    def interrupted() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        publish(folder, OLD)
        interrupt(folder, NEW)

    def complete(door: Faulty) -> None:
        with output.open_output(door, str(folder)):
            pass

    interrupted()
    for _ in attempts(folder, kind, complete):
        with output.open_output(NoWait("."), str(folder)):
            assert tree(folder) == NEW
        interrupted()
    assert tree(folder) == NEW


# --- builds that meet faults ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FAULTS)
def test_a_build_that_meets_a_fault_at_any_step_is_completed_by_a_plain_build(site: Site, kind: str) -> None:
    """The same with the whole engine: the site is edited, a picture is new, a story is withdrawn."""
    site.story("europe/a.md").story("europe/b.md").story("asia/gone.md")
    site.good()
    site.story("europe/a.md", title="Another title").remove("content/asia/gone.md")
    site.write("content/europe/photo.png", png()).story("europe/c.md", image={"src": "photo.png", "alt": "x"})
    old = site.tree()
    clean = site.folder.parent / "clean"
    site.good(output=str(clean))
    new = tree(clean)
    doors: list[Faulty] = []
    kept = site.folder.parent / "kept"
    shutil.copytree(site.output, kept, symlinks=True)
    # Every third fault at most: the steps of the output folder are tried one by one above.
    for n in range(1, 1000, 3 * every(6)):
        shutil.rmtree(site.output)
        shutil.copytree(kept, site.output, symlinks=True)
        shutil.rmtree(site.folder / STATE, ignore_errors=True)

        def door(root: str, n: int = n) -> Files:
            doors.append(FAULTS[kind](root, n))
            return doors[-1]

        try:
            site.build(door=door)
        except STOPPED:
            if not (site.output / STATE / "journal.json").exists():
                assert site.tree() in (old, new)
        if not doors[-1].fired:
            break
        site.good(vanished=True)
        assert site.tree() == new
    assert site.tree() == new
    assert n > 30


class Hurried(Later):
    """Is interrupted when it looks at what it has published or, `late`, while it remembers that."""

    def __init__(self, root: str, late: bool) -> None:
        super().__init__(root)
        self._late = late
        self._published = False

    def rename(self, source: str, target: str) -> None:
        if self._late and "unchanged-" in target:
            raise KeyboardInterrupt
        super().rename(source, target)
        self._published = self._published or target.endswith("build.json")

    def stamp(self, path: str) -> Stamp:
        if self._published and not self._late:
            raise KeyboardInterrupt
        return super().stamp(path)


@pytest.mark.parametrize("late", [False, True])
def test_an_interruption_after_the_publication_is_told_as_what_it_is(site: Site, late: bool) -> None:
    site.story("europe/a.md")
    site.good()
    site.story("europe/b.md")
    with pytest.raises(UnfinishedError, match="the site is published, the next build takes longer") as raised:
        site.build(door=lambda root: Hurried(root, late))
    assert raised.value.exit_code == 130
    assert site.has("/europe/2025/04/b/")
    site.good()


class NoNote(NoWait):
    """The word of a good build can't be written."""

    def write(self, path: str, data: bytes) -> None:
        if path.endswith("build.json.new"):
            raise OSError(28, "No space left on device", path)
        super().write(path, data)


def test_a_publication_is_over_when_whoever_deploys_can_know_of_it(site: Site) -> None:
    site.story("europe/a.md")
    site.good()
    before, note = site.tree(), output.note(str(site.output))
    with pytest.raises(OSError, match="No space left"):  # and nothing was published
        site.build("2026-01-15T12:00:01+00:00", door=NoNote)
    assert site.tree() == before
    site.story("europe/b.md")
    with pytest.raises(UnfinishedError, match="No space left on device in the middle of publishing: the next build"):
        site.build(door=NoNote)
    assert not os.path.exists(note)
    output.recover(NoWait("."), str(site.output))
    assert os.path.exists(note)
    assert site.has("/europe/2025/04/b/")
    site.good()
    assert output.read_note(NoWait("."), str(site.output)) is not None


def test_an_interrupted_publication_is_completed_even_by_a_build_that_fails(site: Site) -> None:
    site.story("europe/a.md")
    site.good()
    site.story("europe/b.md")
    before, journal = site.tree(), site.output / STATE / "journal.json"
    for n in range(1, 1000):
        with pytest.raises(Crash):
            site.build(door=lambda root, n=n: Faulty(root, n, Crash, lasting=True))
        if journal.exists():
            break
    assert site.tree() == before
    site.story("europe/broken.md", title=None)
    assert not site.build().ok
    assert not journal.exists()
    assert site.has("/europe/2025/04/b/")
