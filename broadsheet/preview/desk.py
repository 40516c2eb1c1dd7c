"""The site in memory: the last good plan of it, and its files, made when they are asked for.

Two threads work here. The back office plans (`refresh`), which takes a moment at thousands of stories. The front desk
makes pages (`file`) and takes in edits of single stories (`amend`), beside the last plan and within milliseconds; the
next plan then confirms or corrects what it made.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import BrokenExecutor
from contextlib import ExitStack, suppress
from dataclasses import replace
from itertools import chain, islice

from broadsheet import plan, sitefolder, state, timeline, work
from broadsheet.errors import BroadsheetError, ContentError, Diagnostic, WorkerError
from broadsheet.files import Files, LockedError
from broadsheet.model import Planned
from broadsheet.pages import Stories
from broadsheet.preview.generations import Begun, Generation, Moves
from broadsheet.preview.job import Job
from broadsheet.preview.reading import Reading
from broadsheet.preview.shelf import Made, Shelf, made_of
from broadsheet.request import Request
from broadsheet.saving import Recall
from broadsheet.settings import Settings
from broadsheet.templates import mistake
from broadsheet.toolchain import toolchain
from broadsheet.urls import output_path
from broadsheet.walking import Walk

_AT_ONCE = 500  # pages that are made for what is wrong with them before a plan is taken


class Desk:
    """The preview of one site folder. `request` tells at any time what to build; its output is a name and no folder.
    `reading` may have begun for the first plan."""

    def __init__(
        self, files: Files, request: Callable[[], Request], crew: work.Crew, reading: Reading | None = None
    ) -> None:
        self.files = files
        self.request = request
        self._crew = crew
        self._folder = os.path.join(files.root, state.FOLDER, "preview")
        self._closing = ExitStack()
        self._place = self._locked_place()
        self._state = self._opened()
        self._recall = Recall(self._state)
        self.generation: Generation | None = None
        self._planned: tuple[Diagnostic, ...] = ()  # found by the last attempt to plan
        self._amended: dict[str, tuple[int, Made]] = {}  # path -> number of the attempt it follows, the page
        self._of_edits: dict[str, tuple[int, tuple[Diagnostic, ...]]] = {}  # source -> the same, its errors
        self._of_pages: dict[str, tuple[int, tuple[Diagnostic, ...]]] = {}  # path -> number of the plan, its errors
        self._newer: dict[str, int] = {}  # source -> the number of the attempt that its last edit follows
        self._attempts = 0
        self._unsettled: tuple[Job, Iterator[Planned]] | None = None
        self._shelf = Shelf()
        self._begun: Begun | None = None
        self._moves = Moves(files.now())
        self._reading = reading

    def close(self) -> None:
        self._state.let_go()
        self._state.close()
        self._closing.close()

    def findings(self, said: Iterable[Diagnostic] = ()) -> tuple[Diagnostic, ...]:
        """Everything that is wrong or doubtful now; a mistake in a template once, in the words in which it was said."""
        plan = self.generation.number if self.generation else 0
        edits = (finding for _, found in tuple(self._of_edits.values()) for finding in found)
        pages = (finding for of, found in tuple(self._of_pages.values()) if of == plan for finding in found)
        found = {mistake(finding): finding for finding in sorted({*self._planned, *edits, *pages})}
        known = {mistake(finding): finding for finding in said if finding.code == "template"}
        return tuple(sorted(known.get(one, finding) for one, finding in found.items()))

    def errors(self) -> tuple[Diagnostic, ...]:
        return tuple(finding for finding in self.findings() if finding.severity == "error")

    def doubtful(self, source: str) -> bool:
        """Whether a story's last edit can't be shown."""
        return source in self._of_edits

    # --- the back office ---------------------------------------------------------------------------------------

    def refresh(self, begun: Callable[[], object] = lambda: None, walk: Walk | None = None) -> None:
        """Plan the site as its files are now. With errors the plan before stays, but for the first one, which is of
        what can be read. `settle` does what can wait. `begun` is called when `first` can give stories already.
        `walk` is of the folders of the sources, just now."""
        self._attempts += 1
        attempt = self._attempts
        self._unsettled = None
        try:
            self._take(attempt, *self._planned_or_not(attempt, begun, walk))
        finally:
            self._begun = None

    def _planned_or_not(
        self, attempt: int, begun: Callable[[], object], walk: Walk | None
    ) -> tuple[Generation | None, tuple[Diagnostic, ...]]:
        try:
            return self._plan_in_any_case(attempt, begun, walk)
        except ContentError as error:  # config.yaml
            return None, tuple(error.diagnostics)
        except (BroadsheetError, OSError) as error:
            return None, (Diagnostic(sitefolder.CONFIG, 0, 0, str(error), "config"),)

    def _take(self, attempt: int, generation: Generation | None, found: tuple[Diagnostic, ...]) -> None:
        """Show the site by a new plan, where there is one, and what was found in any case."""
        if generation is not None:
            self._moves.note(self.generation, generation)
            self.generation = generation
            # What was amended while this plan was made may be newer than what it read.
            self._amended = {path: kept for path, kept in self._amended.items() if kept[0] > attempt}
        of_edits = [finding for _, findings in self._of_edits.values() for finding in findings]
        # In this order: who asks meanwhile hears nothing twice, and does not hear that it is mended.
        self._planned = self._still(found, of_edits)
        self._of_edits = {path: kept for path, kept in self._of_edits.items() if kept[0] > attempt}

    def settle(self) -> None:
        """Look for mistakes in pages that `refresh` has left for later, and remember the plan for the next start."""
        if self._unsettled is None:
            return
        job, rest = self._unsettled
        self._unsettled = None
        try:
            for page in rest:
                page.make()
            job.check_plan()
            self._planned = self._still(job.findings(), self._planned)
            if not job.broken():
                job.save()
                self._state.let_go()
        except state.DamagedError:
            self._forget(self._place)

    def _still(self, found: Iterable[Diagnostic], said: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Findings of a plan without those of sources that were taken in again since it began, and in the words in
        which they were said already: excerpts are read late, and may be of what is there by then."""
        words = {replace(finding, excerpt=""): finding for finding in said}
        latest = (finding for finding in found if self._newer.get(finding.path, 0) <= self._attempts)
        return tuple(words.get(replace(finding, excerpt=""), finding) for finding in latest)

    def _as_said(self, job: Job, found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Findings of a plan, those of sources that were saved again meanwhile in the words in which they were said."""
        words = {replace(finding, excerpt=""): finding for finding in self._planned}
        said = ((finding, words.get(replace(finding, excerpt=""))) for finding in found)
        return tuple(known if known and job.saved_since(known.path) else finding for finding, known in said)

    def _plan_in_any_case(
        self, attempt: int, begun: Callable[[], object], walk: Walk | None
    ) -> tuple[Generation | None, tuple[Diagnostic, ...]]:
        """`_plan`, with less help where that fails."""
        for place, known in ((self._place, walk), ("", None)):
            self._begun = None
            try:
                return self._plan(attempt, begun, known)
            except (BrokenExecutor, WorkerError):  # somebody ended a worker: from now on the work is done here
                self._crew = work.Crew(1, work.Inline)
            except OSError:  # a file went while it was read
                continue
            except state.DamagedError:
                self._forget(place)
        self._begun = None
        return self._plan(attempt, begun, None)

    def _plan(
        self, attempt: int, begun: Callable[[], object], walk: Walk | None
    ) -> tuple[Generation | None, tuple[Diagnostic, ...]]:
        request = self.request()
        start = self.files.now()
        settings = sitefolder.load_settings(self.files, base_url=request.base_url)
        tops = [os.path.join(self.files.root, name) for name in (settings.content_dir, settings.static_dir)]
        known = walk if walk and set(tops) <= set(walk.folders) else None
        before = self.generation
        nothing = before is None and self._state.meta("parsed") is None
        if nothing and self._open(attempt, settings, request, known):
            begun()
        job = Job(self.files, settings, request, self._folder, _unwatched, self._recall)
        job.read_sources(self._crew, known)
        job.decide()
        wanted = before is None or not before.complete
        if wanted or not job.broken():
            job.rank(self._crew)
        if not job.broken() and self._may_begin(job):
            self._begun = Begun(attempt=attempt, job=job, start=start)
            begun()
        files = job.plan_files()
        doubtful, rest = job.fresh(files)
        for page in islice(doubtful, _AT_ONCE):
            page.make()
        job.check_plan()
        broken, found = job.broken(), self._as_said(job, job.findings())
        if not (broken and not wanted):
            self._unsettled = (job, chain(doubtful, rest))
        if broken and not wanted:
            return None, found
        changes = timeline.changes(job.catalog)
        shown = zip(job.catalog.shown.path, job.catalog.shown.url, strict=True)
        stories = {source: path for source, url in shown if (path := output_path(url)) in files}
        until = changes[0].at.timestamp() if changes else float("inf")
        generation = Generation(
            number=attempt,
            job=job,
            files=files,
            page_of=stories,
            complete=not broken,
            until=until,
            taken=self.files.now(),
        )
        return generation, found

    def _open(self, attempt: int, settings: Settings, request: Request, walk: Walk | None) -> bool:
        """Have pages ready to be asked for before all that they are made of is parsed."""
        from broadsheet.preview.opening import Opening  # most starts go on from what is remembered

        start = self.files.now()
        job = Opening(self.files, settings, request, self._folder, _unwatched, Recall(state.opened("", b"")))
        reading, self._reading = self._reading, None
        with suppress(ContentError):  # the plan will tell
            if job.begin(self._crew, walk, reading):
                self._begun = Begun(attempt=attempt, job=job, start=start)
                return True
        return False

    def _may_begin(self, job: Job) -> bool:
        """Whether stories may be shown before the plan is made: not where it is likely to be refused, as the last one
        was, nor where a picture has no place yet."""
        before = self.generation
        refused = any(finding.severity == "error" for finding in self._planned)
        return before is None or not (refused or job.shows_new_pictures(before.files))

    def _forget(self, place: str) -> None:
        """Begin with nothing remembered; what comes is kept at `place`, if anywhere."""
        self._state.close()
        state.discard(self._place)
        self._place = place
        self._state = self._opened()
        self._recall = Recall(self._state)

    # --- the front desk ----------------------------------------------------------------------------------------

    def amend(self, source: str) -> bool:
        """Take in an edit of one story at once, beside the plan as it is. False where that can't be done; where it can,
        the next plan still has to follow."""
        generation = self.generation
        path = generation.page_of.get(source) if generation else None
        if generation is None or path is None or not generation.complete or not self.files.is_file(source):
            return False
        follows = self._attempts + 1  # the attempt under way may have read the file before this edit
        try:
            result = generation.job.amended(generation.files[path], source)
        except ContentError as error:
            result = b"", error.diagnostics
        except (OSError, state.DamagedError):
            return False
        if result is None:
            return False
        data, found = result
        self._newer[source] = follows
        self._planned = self._still(self._planned, ())
        errors = tuple(finding for finding in found if finding.severity == "error")
        if errors:
            self._of_edits[source] = (follows, errors)
        else:
            self._of_edits.pop(source, None)
            self._amended[path] = (follows, made_of(path, Stories.TEMPLATE, data))
        return True

    def first(self, path: str) -> Made | None:
        """A page out of the plan that is being made; None where that can't be given."""
        begun = self._begun
        if begun is None:
            return None
        try:
            data = begun.job.early(path)
            return made_of(path, Stories.TEMPLATE, data) if data else None
        except (ContentError, OSError, LookupError, state.DamagedError):  # the plan will tell
            return None

    def file(self, path: str) -> Made | None:
        """A file of the site by its path in the output folder; None where the site has none. The last good one where
        its template is broken now; ContentError where there is no such. LookupError: ask again."""
        generation = self.generation
        if generation is None:
            return None
        amended, begun = self._amended.get(path), self._begun
        if amended is not None and (begun is None or amended[0] > begun.attempt):
            return amended[1]
        early = self.first(path)
        if early is not None or amended is not None:
            return early or (amended and amended[1])
        known = generation.files.get(path)
        if known is None:
            self._of_pages.pop(path, None)
            return None
        planned, key = known, generation.files.key_of[path]
        kept = self._shelf.get(path, key)
        if kept is not None:
            return kept
        try:
            data = generation.job.file(planned.make())
        except ContentError as error:
            self._of_pages[path] = (generation.number, error.diagnostics)
            last = self._shelf.last(path)
            if last is not None:
                return last
            raise
        except (OSError, state.DamagedError) as error:  # gone since: the next plan knows
            raise LookupError(path) from error
        self._of_pages.pop(path, None)
        made = made_of(path, planned.template, data)
        if planned.template != plan.COPY:  # which is read as it is now, and may be newer than the plan
            self._shelf.keep(key, made)
        return made

    def is_picture(self, path: str) -> bool:
        generation = self.generation
        known = generation.files.get(path) if generation else None
        return known is not None and known.template == plan.PICTURE

    def picture(self, path: str) -> Made | None:
        """A variant of a picture, as `file` gives the others; called by a thread of its own."""
        generation = self.generation
        known = generation.files.get(path) if generation else None
        if generation is None or known is None:
            return None
        try:
            data = generation.job.picture(known.make(), work.Crew(1, work.Inline))
        except (OSError, KeyError, state.DamagedError) as error:
            raise LookupError(path) from error
        return made_of(path, plan.PICTURE, data)

    def key(self, path: str) -> str:
        """What names the bytes of a file, without making it; empty where the site has none."""
        generation = self.generation
        known = generation.files.key_of.get(path) if generation else None
        return known.hex() if known else ""

    def now(self) -> int:
        """The instant of the plan that is shown, in nanoseconds since 1970; 0 before there is one."""
        if self.generation:
            return self.generation.taken
        return self._begun.start if self._begun else 0

    def moved_since(self, path: str, instant: int) -> bool:
        """Whether a file looks, or may look, different from how it did in the plan of an instant."""
        return self._moves.last(path) > instant

    def samples(self) -> Collection[str]:
        """A page of each template: what is wrong with a template shows on most. And one of each mistake that was found
        by the plan before: it may show on that one alone."""
        failed = {mistake(finding): path for path, (_, found) in tuple(self._of_pages.items()) for finding in found}
        return (*failed.values(), *self.generation.samples()) if self.generation else ()

    def _opened(self) -> state.State:
        """What the preview remembers. Records that the last good plan may need stay until there is another one."""
        found = state.opened(self._place, toolchain(), alone=True)
        found.hold()
        return found

    def _locked_place(self) -> str:
        """Where the preview remembers; "" where nothing can be kept, or another preview of the site does."""
        with suppress(OSError, LockedError):
            self._closing.enter_context(self.files.lock(os.path.join(self._folder, "lock")))
            return os.path.join(self._folder, "state.sqlite")
        return ""


def _unwatched(_stage: str, _total: int) -> Callable[[int], None]:
    return lambda _steps: None
