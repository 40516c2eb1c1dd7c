"""The plans that the preview shows: the last good one, and the one that is being made."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from broadsheet import plan
from broadsheet.frozen import record
from broadsheet.keyed import Keyed
from broadsheet.preview.job import Job


@record
class Generation:
    """A plan of the site: its files by path with their keys, which source each story's page is of (path of the source
    -> path of the file). `complete`: it has no errors, and is what a build would make."""

    number: int
    job: Job
    files: Keyed
    page_of: Mapping[str, str]
    complete: bool
    until: float  # seconds since 1970 until the site changes by itself; infinite where it doesn't
    taken: int  # nanoseconds since 1970: when it was planned

    def samples(self) -> Collection[str]:
        """A page of each template."""
        found = {page.template: page.path for page in self.files.apart()}
        return [
            *(path for template, path in found.items() if template not in (plan.PICTURE, plan.COPY)),
            *list(self.page_of.values())[:1],
        ]


@record
class Begun:
    """A plan that is being made, once it knows all stories and what each recommends: their pages can be had already.
    `start`: nanoseconds since 1970."""

    attempt: int
    job: Job
    start: int


class Moves:
    """The instant of the first plan in which each file is as it is now, in nanoseconds since 1970."""

    def __init__(self, started: int) -> None:
        """`started`: that of files that no plan has changed."""
        self._started = started
        self._moved: dict[str, int] = {}

    def note(self, before: Generation | None, fresh: Generation) -> None:
        """A plan takes the place of another one."""
        if before is None:
            return
        for path, key in fresh.files.key_of.items():
            if before.files.key_of.get(path) != key:
                self._moved[path] = fresh.taken
        for path in before.files.key_of.keys() - fresh.files.key_of.keys():
            self._moved[path] = fresh.taken

    def last(self, path: str) -> int:
        return self._moved.get(path, self._started)
