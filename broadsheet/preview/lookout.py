"""What the preview knows of the site's files: what they were when it planned, and where something may have changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from broadsheet import sitefolder, themeplace
from broadsheet.digest import digest
from broadsheet.files import TICK
from broadsheet.preview import firstlook
from broadsheet.preview.desk import Desk
from broadsheet.walking import Walk

_AHEAD = 2_000_000_000  # nanoseconds: what is dated so long from now is dated in the future


class Lookout:
    """A plan looks at the folders alone that somebody told of; when all is quiet everything is looked at, and what
    nobody told of is found."""

    def __init__(self, desk: Desk, first: Callable[[], Walk] | None = None) -> None:
        """`first` gives what somebody saw of the files just now, who looked where `firstlook.folders` says."""
        self._desk = desk
        self._first = first
        self._told: set[str] | None = None  # what may have changed since the last plan (absolute); None: anything
        self._all: Walk | None = None  # everything, when it was looked at last
        self._baseline: bytes | None = None  # digest of the files that the plan was made from; b"": of none still so

    # --- where to look -----------------------------------------------------------------------------------------

    def tell(self, paths: Iterable[str]) -> None:
        """These may have changed."""
        told = self._told  # another thread may forget it
        if told is not None:
            told.update(paths)

    def tell_nothing(self) -> None:
        """Anything may have changed."""
        self._told = None

    def take(self) -> frozenset[str] | None:
        """What was told since this was asked last; None for anything."""
        told, self._told = self._told, set()
        return None if told is None else frozenset(told)

    def walk(self, told: frozenset[str] | None) -> Walk:
        """What is there, for a plan that begins now: as it was, where only sources may have changed, with another look
        at the folders of these."""
        if told is None or self._all is None or self._desk.generation is None:
            first, self._first = self._first, None
            return first() if first else self._look()
        of_sources = all(path.startswith(self._of_sources()) for path in told)
        return (self._desk.files.walk_again(self._all, told) if of_sources else None) or self._look()

    def folders(self) -> list[str]:
        """What the site is made from, as far as its settings can be read."""
        root = self._desk.files.root
        generation = self._desk.generation
        names = list(firstlook.NAMES)
        if generation is not None:
            settings = generation.job.settings
            names = [settings.content_dir, settings.templates_dir, settings.static_dir]
        return [*(os.path.join(root, name) for name in dict.fromkeys(names)), themeplace.theme_folder()]

    def elsewhere(self) -> list[str]:
        """The folders that hold pictures outside of those, and config.yaml."""
        root = self._desk.files.root
        return sorted({root, *(os.path.dirname(os.path.join(root, path)) for path in self._watched())})

    def _watched(self) -> list[str]:
        generation = self._desk.generation
        return sorted(generation.job.watched()) if generation else []

    def _of_sources(self) -> tuple[str, ...]:
        content, _, static, *_ = self.folders()
        return (f"{content}/", f"{static}/")

    # --- what was there ----------------------------------------------------------------------------------------

    def changed(self) -> bool:
        """Whether a file has changed of which nobody told. Then anything may have."""
        same = digest(self._look().plain()) == self._baseline
        if not same:
            self.tell_nothing()
        return not same

    def note(self, start: int, walk: Walk) -> bool:
        """Remember what the files were when the plan was made that began at `start`, from this walk. False where it has
        to be made again.

        Where a file is as fresh as the plan, it may be newer than what was read. Of a file that is dated in the future
        that could go on for ever: for its sake that is done once.
        """
        before, found = self._baseline, self._look()
        self._all = found
        missed = self._made_from(walk) != self._made_from(found)
        fresh = found.newest() >= start - TICK
        if missed:
            self.tell_nothing()
        elif not fresh or (before == b"" and found.newest() >= self._desk.files.now() + _AHEAD - TICK):
            self._baseline = digest(found.plain())
            return True
        self._baseline = b""
        return False

    def _look(self) -> Walk:
        root = self._desk.files.root
        # A folder is no picture, and may hold anything.
        watched = [os.path.join(root, path) for path in self._watched() if not self._desk.files.is_folder(path)]
        return self._desk.files.walk([os.path.join(root, sitefolder.CONFIG), *self.folders(), *watched])

    def _made_from(self, walk: Walk) -> tuple[object, ...]:
        """What a walk found of what every site is made from; pictures elsewhere are only known from a plan."""
        ours = tuple(f"{folder}/" for folder in self.folders())
        places = {place: found for place, found in walk.places.items() if f"{place}/".startswith(ours)}
        return places, {path: real for path, real in walk.leads.items() if f"{path}/".startswith(ours)}
