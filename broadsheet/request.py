"""What a build is asked, what it tells while it works, and what it says it did."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from broadsheet.errors import Diagnostic
from broadsheet.frozen import FrozenMap, record


@record
class Request:
    """What to build. `output` and `base_url` replace the settings' when given; `now` without a zone is
    in the site's. `full`: nothing that earlier builds left is used, but their output is compared. `wait`: seconds for
    another build of the site, or of the folder, to end."""

    site: str
    now: datetime
    output: str = ""
    base_url: str = ""
    drafts: bool = False
    future: bool = False
    adopt: bool = False
    full: bool = False
    jobs: int = 1
    wait: float = 30
    executor: str = ""  # whose workers: see executors.crew
    profile: bool = False  # measure what each template takes


class Progress(Protocol):
    """Who watches a build: called at the start of a stage, gives what to call with each number of steps done.

    `total` is 0 where nobody can know it yet.
    """

    def __call__(self, stage: str, total: int, /) -> Callable[[int], object]: ...


@record
class Spent:
    """What the pages of a template took, in seconds: their contexts, and rendering them (in all workers together)."""

    pages: int
    contexts: float
    rendering: float


@record
class Summary:
    """What a build did: files by what became of them (`rendered`: how many had to be made), seconds by stage, all
    findings that are warnings, and, where it was asked for, what each template took."""

    stories: int
    pages: int
    rendered: int
    written: int
    unchanged: int
    deleted: int
    warnings: tuple[Diagnostic, ...]
    seconds: FrozenMap[str, float]
    output: str
    templates: FrozenMap[str, Spent] = FrozenMap()
