"""The plans that the preview shows: the last good one, and the one that is being made."""

from __future__ import annotations

from collections.abc import Mapping

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


@record
class Begun:
    """A plan that is being made, once it knows all stories and what each recommends: their pages can be had already.
    `start`: nanoseconds since 1970."""

    attempt: int
    job: Job
    start: int
