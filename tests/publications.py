"""Publications of a few files, without a site: whole ones, and ones that meet faults."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from faults import FAULTS, STOPPED, Crash, Faulty
from newsroom import NoWait

from broadsheet import output, policy
from broadsheet.errors import UnfinishedError
from broadsheet.files import Files

STATE = ".broadsheet"

OLD = {"a": b"file", "b/index.html": b"folder", "same.html": b"same", "edited.html": b"old", "gone/index.html": b"x"}
NEW = {"a/index.html": b"folder", "b": b"file", "same.html": b"same", "edited.html": b"new", "added.html": b"y"}

# A page that bears the mark of those that Broadsheet makes.
MARKED = policy.in_page(f'<meta content="{policy.MARK}">', script=False).encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "output"


def publish(folder: Path, files: Mapping[str, bytes], door: Files | None = None, **options: Any) -> output.Published:
    """One publication of these files, and nothing else."""
    with output.open_output(door or NoWait(str(folder.parent)), str(folder), **options) as target:
        for path, data in files.items():
            target.stage(path, data, page=path.endswith(".html"))
        return target.publish()


class Recorded(NoWait):
    """Notes what is done: the name of the step, and the path."""

    def __init__(self, root: str) -> None:
        super().__init__(root)
        self.done: list[tuple[str, str]] = []

    def sync(self, path: str) -> None:
        super().sync(path)
        self.done.append(("sync", path))

    def rename(self, source: str, target: str) -> None:
        super().rename(source, target)
        self.done.append(("rename", target))

    def remove(self, path: str) -> None:
        super().remove(path)
        self.done.append(("remove", path))

    def steps(self, folder: Path, kind: str) -> list[str]:
        """The paths of all steps of a kind, from the output folder."""
        return [os.path.relpath(path, folder) for step, path in self.done if step == kind]


def interrupt(folder: Path, files: Mapping[str, bytes]) -> None:
    """A publication that dies when its journal is written and nothing else."""
    for n in range(1, 100):
        with pytest.raises(Crash):
            publish(folder, files, Faulty(str(folder.parent), n, Crash, lasting=True))
        if (folder / STATE / "journal.json").exists():
            return
    pytest.fail("no journal was written")


def counts(published: output.Published) -> tuple[int, int, int]:
    return (published.written, published.unchanged, published.deleted)


def attempts(folder: Path, kind: str, act: Callable[[Faulty], object]) -> Iterator[bool]:
    """Meet a fault at step 1, 2, 3… until none fires; gives after each whether the journal is there."""
    for n in range(1, 1000):
        door = FAULTS[kind](str(folder.parent), n)
        try:
            act(door)
        except STOPPED as stopped:
            certain = (folder / STATE / "journal.json").exists()
            if not isinstance(stopped, Crash) and isinstance(stopped, UnfinishedError) != certain:
                pytest.fail("it was not told whether the site is as it was")
        else:
            if not door.fired:
                assert n > 10
                return
        yield (folder / STATE / "journal.json").exists()
    pytest.fail("the faults never end")
