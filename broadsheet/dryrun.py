"""What a build would do, told by doing it without writing anything: the same stages, behind doors that only read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal, TypeAlias, TypeVar

from broadsheet import engine, executors, output, past, quick, ranks, saving, sitefolder, state, work
from broadsheet.building import Build
from broadsheet.errors import ContentError, Diagnostic
from broadsheet.files import Files
from broadsheet.frozen import record
from broadsheet.reasons import Reason, Reasons
from broadsheet.rehearsal import Glance, ReadOnly, Rehearsal
from broadsheet.request import Progress, Request
from broadsheet.toolchain import toolchain

T = TypeVar("T")
Action: TypeAlias = Literal["write", "same", "delete"]


@record
class PlannedFile:
    """A file that a build would make or delete, with the reasons. "same": it would be made, and its bytes are in place
    already. `size` is that of the new bytes; of a file to delete, what would be freed."""

    path: str
    action: Action
    size: int  # bytes
    template: str
    source: str
    reasons: tuple[Reason, ...]


@record
class BuildPlan:
    """What a build would do. `unchanged` files would stay as they are, those among them that would be made; `finished`
    are the files of an interrupted publication, which would be completed first."""

    files: tuple[PlannedFile, ...]
    unchanged: int
    finished: tuple[str, ...]
    warnings: tuple[Diagnostic, ...]
    output: str

    def of(self, *actions: Action) -> list[PlannedFile]:
        return [file for file in self.files if file.action in actions]


class DryRun(Build):
    """A build that tells what it knows, for those who say why."""

    def evidence(self) -> past.Evidence:
        """What is known once it was found what to make."""
        return past.Evidence(
            before=self._before,
            events=self._recall.events(self._profile),
            kept=self._state,
            files=self._files,
            locales=self._locales,
            theme=self._theme,
            copied=self._copied,
            other_files=self._other_files,
            base=self._base,
            basis=self._basis,
            catalog=self.catalog,
            marks=self._marks,
            rows=self._archive.rows,
            questions=self._questions,
            ranking=self._settled,
            month=self._month,
            keys=self._planned.key_of,
            dirty=self._dirty,
            full=self._request.full,
            plan=self._plan,
            closures=self._closures,
        )

    def _month(self, number: int) -> ranks.Month:
        """The weighed terms of a month's stories, after this ranking."""
        found = self._settled.months
        if number not in found:
            return self._memory.month(number)
        data = found[number]
        return ranks.month(data) if data else {}


def plan(request: Request, progress: Progress, door: Callable[[str], Files] = ReadOnly) -> BuildPlan:
    """What building would do now. To know which bytes would come out equal, every page that has to be made is made,
    and forgotten. Raises as `engine.build` does."""

    def planned(job: DryRun, crew: work.Crew, target: Rehearsal) -> BuildPlan:
        stop_if_broken(job)
        job.rank(crew)
        job.find_dirty(target)
        job.render_pages(crew, target)
        if job.broken():
            raise ContentError(job.findings())
        return _planned(job, target)

    return rehearsing(planned, request, progress, door)


def nothing(request: Request) -> BuildPlan | None:
    """The plan of a build that sees at a glance that nothing is to be done; None where it has to look closer."""
    found = quick.unchanged(request, Files(request.site))
    if found is None:
        return None
    return BuildPlan(files=(), unchanged=found.unchanged, finished=(), warnings=found.warnings, output=found.output)


def rehearsing(
    act: Callable[[DryRun, work.Crew, Rehearsal], T],
    request: Request,
    progress: Progress,
    door: Callable[[str], Files] = ReadOnly,
) -> T:
    """What comes of acting on a build that has read the sources and decided what is public, its crew, and its output
    folder. Where the state turns out to be damaged, at whatever step, it is done again without, as a build would."""
    try:
        with rehearsed(request, progress, door, trusted=True) as found:
            return act(*found)
    except state.DamagedError:
        with rehearsed(request, progress, door, trusted=False) as found:
            return act(*found)


@contextmanager
def rehearsed(
    request: Request, progress: Progress, door: Callable[[str], Files] = ReadOnly, *, trusted: bool = True
) -> Iterator[tuple[DryRun, work.Crew, Rehearsal]]:
    """What `rehearsing` acts on; not `trusted`: without the state that earlier builds left."""
    doors = door(request.site)
    settings = sitefolder.load_settings(doors, base_url=request.base_url)
    folder = engine.output_folder(doors, settings, request)
    with engine.remembered(doors, request.wait) as (place, _):
        kept = Glance(place if trusted and not request.full else "", toolchain())
        try:
            with executors.crew(request.executor, request.jobs) as crew:
                job = DryRun(doors, settings, request, folder, progress, saving.Recall(kept))
                job.recall()
                job.read_sources(crew)
                job.decide()
                with output.locked(doors, folder, request.wait):
                    yield job, crew, Rehearsal(doors, folder, adopt=request.adopt, known=job.known())
        finally:
            kept.close()


def stop_if_broken(job: DryRun) -> None:
    """Raise ContentError as a build would."""
    if job.broken():
        job.read_plan()
        raise ContentError(job.findings())


def _planned(job: DryRun, target: Rehearsal) -> BuildPlan:
    outcome, known = target.outcome(), job.evidence()
    why = Reasons(known, target)
    files = [
        PlannedFile(
            path=page.path,
            action="write" if page.path in outcome.written else "same",
            size=outcome.written.get(page.path, outcome.same.get(page.path, 0)),
            template=page.template,
            source=page.source,
            reasons=why.of(page),
        )
        for page in known.dirty
    ]
    files += [
        PlannedFile(path=path, action="delete", size=size, template="", source="", reasons=why.gone(path))
        for path, size in outcome.deleted.items()
    ]
    return BuildPlan(
        files=tuple(files),
        unchanged=outcome.kept + len(outcome.same),
        finished=tuple(outcome.finished),
        warnings=job.findings(),
        output=target.folder,
    )
