"""What keeps the preview true: changes of files come in, plans are made, browsers are told.

An edit of a story is taken in at once beside the plan as it is; when the files have been quiet for a moment everything
is planned again. What may be half of a save (a file that is gone or can't be read) is given a moment before anybody is
told: editors write in steps.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from broadsheet.errors import ContentError, Diagnostic
from broadsheet.frozen import FrozenMap
from broadsheet.preview.audience import Audience, Event
from broadsheet.preview.desk import Desk
from broadsheet.preview.labels import Label, Live, labels, live
from broadsheet.preview.lookout import Lookout
from broadsheet.preview.shelf import Made
from broadsheet.preview.watching import Watcher
from broadsheet.state import FOLDER
from broadsheet.walking import Walk

T = TypeVar("T")

_QUIET = 0.15  # seconds without a change until everything is planned again
_GRACE = 0.25  # seconds for an editor to end a save that looks broken in the middle
_LOOK = 2.0  # seconds after the last change until all files are looked at, whatever was told of them
_LOOK_AGAIN = 20.0  # and then, while somebody looks at a page
_FEW = 8  # stories taken in one by one; with more at once, everything is planned again
_LONGEST = 3600.0  # seconds of sleep
_MOMENT = 0.005  # seconds
_PATIENCE = 0.5  # seconds for which a plan waits until pages are made
# What editors write beside a file while they save it. Nothing is lost to anybody when it goes.
_PASSING = re.compile(r"(^\.|~$|^#.*#$|^4913$|___jb_(tmp|old)___$|\.tmp$)")


def _nothing() -> None:
    """What the front desk does last of what it was asked for so far."""


class Loop:
    """Runs in the event loop; the desk's work runs in threads beside it."""

    def __init__(
        self,
        desk: Desk,
        hour: Callable[[], float],
        *,
        navigate: bool,
        said: Callable[[str], None],
        reported: Callable[[tuple[Diagnostic, ...]], None],
        planned: Callable[[], object] = lambda: None,
        look: Callable[[], Walk] | None = None,
    ) -> None:
        """`hour` tells the instant that the site is shown at, in seconds since 1970; `said` gets sentences for the
        terminal, `reported` all findings whenever they are others; `planned` is called whenever there is a plan; `look`
        is for `Lookout`."""
        self.desk = desk
        self.lookout = Lookout(desk, look)
        self._hour = hour
        self._navigate = navigate
        self._say = said
        self._report = reported
        self._planned = planned
        self._front = ThreadPoolExecutor(1, "front-desk")
        self._office = ThreadPoolExecutor(1, "back-office")
        self._pictures = ThreadPoolExecutor(1, "pictures")
        self._wake = asyncio.Event()
        self.audience = Audience(desk, lambda path: self._run(self._front, desk.file, path), self._somebody_came)
        self._stopping = asyncio.Event()
        self.begun = asyncio.Event()  # stories can be shown: see `first`
        self.ready = asyncio.Event()  # everything can, or it is known what is wrong
        self._idle = asyncio.Event()  # those that somebody waited for are shown
        self._changed: set[str] = set()
        self._all = True  # everything is to be planned again
        self._not_before = 0.0  # loop's time
        self._look_at = float("inf")
        self._touched: list[str] = []  # sources saved since the last plan, for navigation
        self._doubts: dict[str, float] = {}  # source that may be half saved -> loop's time until when
        self._calm_at = 0.0  # loop's time: what looks wrong until then may be half of a save
        self._told: tuple[Diagnostic, ...] | None = None
        self._tried = False  # pages of the last plan were made, so that mistakes of its templates are known
        self.labels: Mapping[str, Label] = FrozenMap()
        self._live: tuple[object, Live] = (None, Live())
        self._labelled = 0  # the number of the plan that the labels are of

    # --- for who answers requests ------------------------------------------------------------------------------

    async def file(self, path: str) -> Made | None:
        """A file of the site; see Desk.file."""
        for wait in (0.0, 0.3, 1.0):
            await asyncio.sleep(wait)
            with suppress(LookupError):
                if self.desk.is_picture(path):
                    return await self._run(self._pictures, self.desk.picture, path)
                try:
                    return await self._run(self._front, self.desk.file, path)
                except ContentError:
                    self._tell_findings()
                    raise
            self._all = True
            self.lookout.tell_nothing()
            self._wake.set()
        return None

    async def first(self, path: str) -> Made | None:
        """A story's page before its plan is there; see Desk.first."""
        return await self._run(self._front, self.desk.first, path)

    def changed(self, paths: Iterable[str]) -> None:
        """Files may have changed; none named: somebody should look."""
        named = set(paths)
        self._changed |= {path for path in named if not os.path.basename(path).startswith(".")}  # no source: see scan
        if not named:
            self._look_at = 0.0
        self._wake.set()

    def _somebody_came(self) -> None:
        """While nobody looked at a page, nobody looked at the files either."""
        self._look_at = min(self._look_at, asyncio.get_running_loop().time() + _LOOK)
        self._wake.set()

    def findings(self) -> tuple[Diagnostic, ...]:
        """Everything that is wrong or doubtful, and no half of a save."""
        return self._told or ()

    def stop(self) -> None:
        self._stopping.set()
        self._wake.set()
        self._let_in()
        self.audience.close()

    def _let_in(self) -> None:
        self.begun.set()
        self.ready.set()
        self._idle.set()

    # --- the work ----------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Until `stop`."""
        watch = asyncio.create_task(self._follow())
        plan: asyncio.Task[None] | None = None
        try:
            while not self._stopping.is_set():
                try:
                    await self._take_in()
                    if plan is not None and plan.done():
                        ended, plan = plan, None
                        ended.result()
                    if plan is None and self._due():
                        plan = asyncio.create_task(self._plan())
                        plan.add_done_callback(lambda _: self._wake.set())
                    await self._tell_pages()
                    self._tell_findings()
                except Exception as error:  # a mistake of ours: what was served goes on being served
                    self._stumble(error)
                await self._sleep(planning=plan is not None)
        finally:
            self._stopping.set()
            tasks = [watch, *([plan] if plan else [])]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for pool in (self._front, self._office, self._pictures):
                pool.shutdown(wait=True, cancel_futures=True)

    def _stumble(self, error: Exception) -> None:
        self._say(f"the preview stumbled ({type(error).__name__}: {error}) and tries again")
        self._all = True
        self.lookout.tell_nothing()
        self._not_before = asyncio.get_running_loop().time() + _LOOK

    async def _follow(self) -> None:
        await self._idle.wait()  # to begin a watch takes a moment, in which nothing else goes on
        watcher = Watcher(self.desk.files, self.lookout.folders, self.lookout.elsewhere, self._say)
        async for paths in watcher.changes(self._stopping):
            self.changed(paths)

    async def _take_in(self) -> None:
        """What has changed so far: edits of stories at once, one by one."""
        changed, self._changed = self._changed, set()
        if not changed:
            return
        self.lookout.tell(changed)
        now = asyncio.get_running_loop().time()
        self._calm_at = now + _GRACE
        sources = [os.path.relpath(path, self.desk.files.root) for path in sorted(changed)]
        wait = _QUIET if len(sources) > _FEW else 0.0
        for source in sources:
            self._doubts.pop(source, None)
            if not self.desk.files.stamp(source):
                if not _PASSING.search(os.path.basename(source)):  # gone: an editor may be about to put it back
                    self._doubts[source] = self._calm_at
            elif len(sources) <= _FEW and await self._run(self._front, self.desk.amend, source):
                wait = _QUIET
                if self.desk.doubtful(source):
                    self._doubts[source] = self._calm_at
        self._doubts = {source: until for source, until in self._doubts.items() if until > now}
        self._touched += sources
        self._all = True
        self._not_before = max(now + wait, *self._doubts.values(), 0.0)
        self._look_at = now + _LOOK

    def _due(self) -> bool:
        """Whether everything is to be planned, or looked at, now."""
        now = asyncio.get_running_loop().time()
        if self._changed:
            return False
        return now >= self._not_before if self._all else now >= self._look_at

    async def _plan(self) -> None:
        """Everything again; nothing, where that isn't known to be needed and a look at the files finds it isn't."""
        if not self._all:
            self._look_at = asyncio.get_running_loop().time() + _LOOK_AGAIN if self.audience else float("inf")
            if not await self._run(self._office, self._something_changed):
                await self._label()
                return
        self._all = False
        self._tell_findings()
        generation, touched = self.desk.generation, set(self._touched)
        start = self.desk.files.now()
        begin = partial(self._begin, asyncio.get_running_loop())
        walk = await self._run(self._office, self.lookout.walk, self.lookout.take())
        self._tried = False
        await self._run(self._office, self.desk.refresh, begin, walk)
        self._let_in()
        self._planned()
        self._tell_findings()
        if self.desk.generation is not generation and await self._tell_pages():
            self._touched = [source for source in self._touched if source not in touched]
        if not self._changed:
            await self._make_samples()
            await self._run(self._office, self.desk.settle)
            self._tell_findings()
            await self._label()
        if not await self._run(self._office, self.lookout.note, start, walk):
            self._look_at = 0.0

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Stories can be shown as they are in the plan that is being made. The back office goes on with it when those
        are made that somebody waits for: beside it that would take several times as long."""
        with suppress(CancelledError, Exception):  # pages that can't be told now are told with the plan
            asyncio.run_coroutine_threadsafe(self._first_things_first(), loop).result(_PATIENCE)

    async def _first_things_first(self) -> None:
        self.begun.set()
        await self._tell_pages()
        await asyncio.sleep(_MOMENT)  # in which who waited asks
        await self._run(self._front, _nothing)
        self._idle.set()

    def _something_changed(self) -> bool:
        """Whether a file has changed of which nobody told, or an hour has come."""
        generation = self.desk.generation
        due = generation is not None and self._hour() >= generation.until
        return due or self.lookout.changed()

    async def _make_samples(self) -> None:
        """A page of each template, so that what is wrong with one is told before somebody comes to it."""
        for path in self.desk.samples():
            if self._changed or self._stopping.is_set():
                return
            with suppress(ContentError, LookupError):
                await self._run(self._front, self.desk.file, path)
        self._tried = True
        self._tell_findings()

    async def _label(self) -> None:
        found = await self._run(self._office, self._labels)
        if found != self.labels:
            self.labels = found
            self.audience.tell(Event(kind="state"))

    def _labels(self) -> Mapping[str, Label]:
        generation = self.desk.generation
        if generation is None:
            return {}
        files, output_dir = self.desk.files, generation.job.settings.output_dir
        mark = (files.stamp(os.path.join(FOLDER, "state.sqlite")), files.stamp(os.path.join(output_dir, FOLDER)))
        if self._live[0] != mark:
            self._live = (mark, live(files, output_dir))
        elif self._labelled == generation.number:
            return self.labels
        self._labelled = generation.number
        return labels(generation.job.catalog, self._live[1], generation.files)

    # --- what is told ------------------------------------------------------------------------------------------

    async def _tell_pages(self) -> bool:
        """Tell each open page whether it looks different now. False where something may be half saved."""
        generation, now = self.desk.generation, asyncio.get_running_loop().time()
        if generation is None or any(until > now for until in self._doubts.values()):
            return False
        await self.audience.tell_pages()
        # A new story has no page before all is planned again.
        paths = [generation.page_of[source] for source in self._touched if source in generation.page_of]
        self._touched = [source for source in self._touched[-_FEW:] if source not in generation.page_of]
        if self._navigate and paths:
            self.audience.lead(paths[-1])
        return True

    def _tell_findings(self) -> None:
        """Tell what is wrong if it is something else than before. New errors wait until files have been quiet for a
        moment, and that a template is mended until a page was made with it."""
        found = self.desk.findings(self.findings())
        if found == self._told:
            return
        if not self._tried and any(finding.code == "template" for finding in {*self.findings()}.difference(found)):
            return
        errors = {finding for finding in found if finding.severity == "error"}
        if errors.difference(self.findings()) and asyncio.get_running_loop().time() < self._calm_at:
            return
        self._told = found
        self._report(found)
        self.audience.tell(Event(kind="state"))

    # --- threads -----------------------------------------------------------------------------------------------

    async def _run(self, pool: ThreadPoolExecutor, function: Callable[..., T], *values: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(pool, function, *values)

    async def _sleep(self, *, planning: bool) -> None:
        """Until something changes or is due."""
        now = asyncio.get_running_loop().time()
        due = float("inf")
        if not planning:
            due = self._not_before if self._all else self._look_at
            if self.desk.generation is not None and not self._all:
                self._look_at = due = min(due, now + max(0.0, self.desk.generation.until - self._hour()))
        if self._calm_at > now:
            due = min(due, self._calm_at)  # something may be left to tell
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), max(0.0, min(due - now, _LONGEST)))
        self._wake.clear()
