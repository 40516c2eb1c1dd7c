"""What can be asked of a site: to be built, or to tell when it changes by itself."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TypeVar

from broadsheet import (
    apart,
    executors,
    locale,
    looking,
    markdown,
    output,
    quick,
    saving,
    sitefolder,
    state,
    themeplace,
    timeline,
    work,
)
from broadsheet.building import Build
from broadsheet.errors import BroadsheetError, ContentError, UnfinishedError, UsageError
from broadsheet.files import Files, Stamp
from broadsheet.groundwork import Groundwork
from broadsheet.looking import Look
from broadsheet.request import Progress, Request, Summary
from broadsheet.settings import Settings
from broadsheet.timeline import Change
from broadsheet.toolchain import toolchain

T = TypeVar("T")


def build(
    request: Request,
    progress: Progress,
    door: Callable[[str], Files] = Files,
    look: Look | None = None,
    held: list[object] | None = None,
) -> Summary:
    """Build the site into its output folder. `door` makes what reads and writes files, given the site folder. `look` is
    the look at the sources of whoever asked if there is anything to do: they are not looked at again, unless another
    build had to be waited for, or came and went, meanwhile. `held` gets all that the build knew of the site, for a
    process that ends with it.

    Raises ContentError (with all findings of the run) and leaves the output as it was; ConfigError, UsageError,
    OutputError, LockedError.
    """
    held = [] if held is None else held
    files = door(request.site)
    written = files.stamp(sitefolder.CONFIG)
    settings = sitefolder.load_settings(files, base_url=request.base_url)
    folder = output_folder(files, settings, request)
    output.recover(files, folder)
    with remembered(files, request.wait) as (place, waited):
        if request.full:
            state.discard(place)
        inputs = _inputs(files, settings)
        # Another build may have come and gone since somebody began to look: it knows of newer sources.
        as_kept = look is not None and look.kept in (None, files.stamp(looking.STATE))
        if look is None or waited or look.folders != inputs or not as_kept:
            look = looking.done(files.walk(inputs))
        try:
            try:
                return _build(files, settings, request, folder, progress, place, look, written, held)
            except state.DamagedError:  # it was not what an earlier build wrote: this one does without
                state.discard(place)
                held.clear()
                try:
                    return _build(files, settings, request, folder, progress, place, look, written, held)
                except state.DamagedError as error:  # nor can it be written anew
                    message = f"what a build keeps can't be written ({error}): nothing was published"
                    raise BroadsheetError(message) from None
        except BaseException:
            output.remove_note(files, folder)  # what is there is still whole, but not what was asked for
            raise


def _build(
    files: Files,
    settings: Settings,
    request: Request,
    folder: str,
    progress: Progress,
    place: str,
    look: Look,
    written: Stamp,
    held: list[object],
) -> Summary:
    """`written`: the stamp of config.yaml before the settings were read."""
    tools = toolchain()
    kept = state.opened(place, tools)
    try:
        with executors.crew(request.executor, request.jobs) as crew:
            job = Build(files, settings, request, folder, progress, saving.Recall(kept))
            held.append(job)
            job.read_ahead()
            _load(settings.site.language)
            job.recall(look.published)
            walk = look.walk()  # before any source is read: what changes later is another build's
            seen = quick.see(walk) if place and files.stamp(sitefolder.CONFIG) == written else None
            job.read_sources(crew, walk)
            job.choose()
            with job.ranking(crew) as ranked:
                job.compile_theme()
                if job.broken():
                    job.read_plan()
                    raise ContentError(job.findings())
                return _published(files, request, folder, job, crew, ranked, seen)
    finally:
        kept.close()


def _load(lang: str) -> None:
    """Load what takes long and nearly every build asks for: what parses a text, and what Babel knows of a language."""
    markdown.load()
    locale.load(lang)


def _published(
    files: Files,
    request: Request,
    folder: str,
    job: Build,
    crew: work.Crew,
    ranked: Callable[[], None],
    seen: quick.Seen | None,
) -> Summary:
    """Make what is dirty, and publish it. `ranked` waits until the stories are ranked."""
    try:
        with output.open_output(files, folder, adopt=request.adopt, wait=request.wait, known=job.known()) as target:
            try:
                job.look(target)
                ranked()
                job.find_dirty(target)
                job.render_pages(crew, target)
                if job.broken():
                    raise ContentError(job.findings())
            except BaseException:
                crew.stop()  # or workers would go on writing into what is removed
                target.discard()
                raise
            done = job.publish(target)
        job.save()
        summary = job.summary(done)
        if seen:
            job.remember(request, seen, summary)
    except KeyboardInterrupt:
        if not job.published:
            raise
        raise UnfinishedError("interrupted: the site is published, the next build takes longer", 130) from None
    return summary


def schedule(request: Request, progress: Progress, door: Callable[[str], Files] = Files) -> list[Change]:
    """When the site changes by itself after `request.now`, with no file edited, in order. Raises as `build` does, but
    for findings of pages, which are not made."""

    def coming(job: Groundwork) -> list[Change]:
        if job.broken():
            raise ContentError(job.findings())
        return [change for change in timeline.changes(job.catalog) if change.what != timeline.NEVER]

    return decided(request, progress, coming, door)


def decided(
    request: Request, progress: Progress, tell: Callable[[Groundwork], T], door: Callable[[str], Files] = Files
) -> T:
    """What `tell` says of a site that was read and decided for `request.now`, for those who look and make nothing; it
    may hold errors. What was parsed is kept for the next build. Raises ConfigError, UsageError, LockedError."""
    files = door(request.site)
    settings = sitefolder.load_settings(files, base_url=request.base_url)
    output_there = os.path.join(files.root, settings.output_dir)

    def told(place: str) -> T:
        kept = state.opened(place, toolchain())
        try:
            with executors.crew(request.executor, request.jobs) as crew:
                job = Groundwork(files, settings, request, output_there, progress, saving.Recall(kept))
                job.read_sources(crew)
                job.decide()
                return tell(job)
        finally:
            kept.close()

    with remembered(files, request.wait) as (place, _):
        try:
            return told(place)
        except state.DamagedError:  # it was not what an earlier build wrote: this goes without
            state.discard(place)
            return told(place)


def _inputs(files: Files, settings: Settings) -> tuple[str, ...]:
    """The folders and files that a build reads, but for pictures that lie elsewhere."""
    names = (sitefolder.CONFIG, settings.content_dir, settings.templates_dir, settings.static_dir)
    return (*(os.path.join(files.root, name) for name in names), themeplace.theme_folder())


@contextmanager
def remembered(files: Files, wait: float) -> Iterator[tuple[str, bool]]:
    """Where the state of the site lies, under the lock of those who write it, and whether they had to be waited for; ""
    where nothing can be written."""
    folder = os.path.join(files.root, state.FOLDER)
    with ExitStack() as stack:
        place, waited = os.path.join(folder, "state.sqlite"), False
        try:
            waited = stack.enter_context(files.lock(os.path.join(folder, "lock"), wait))
        except OSError:  # nothing can be written here
            place = ""
        yield place, waited


def output_folder(files: Files, settings: Settings, request: Request) -> str:
    """The absolute output folder. Raises UsageError where a mistake would cost the user's own files."""
    configured = os.path.join(files.root, settings.output_dir)
    folder = os.path.abspath(request.output) if request.output else configured
    if (request.drafts or request.future) and apart.overlap(folder, configured):
        raise UsageError(
            f"drafts and scheduled stories (-D, -F) never go into {settings.output_dir}/, which is deployed, nor below "
            "or above it: name another folder with -o"
        )
    names = (settings.content_dir, settings.templates_dir, settings.static_dir)
    _check_folder(folder, site=files.root, sources=[os.path.join(files.root, name) for name in names])
    return folder


def _check_folder(folder: str, *, site: str, sources: Iterable[str]) -> None:
    """Refuse an output folder where a mistake would cost the user's own files. All paths are absolute."""
    mistake = apart.mistaken(folder, site=site, sources=sources)
    if mistake:
        raise UsageError(f"{folder}: {mistake}, such as output/")
    real = os.path.realpath(folder)
    kept = os.path.join(os.path.realpath(site), state.FOLDER, "")
    if f"{real}/".startswith(kept) and not f"{real}/".startswith(f"{kept}preview/"):  # which `serve` builds there
        raise UsageError(f"{folder}: what builds remember lies there: choose a folder of its own, such as output/")
    if ".git" in real.split(os.sep):
        raise UsageError(f"{folder}: git keeps its own files there: choose a folder of its own, such as output/")
    if os.path.exists(os.path.join(real, ".git")):
        raise UsageError(f"{folder}: it is a git working tree: build somewhere else and deploy to it")
    if os.path.exists(real) and not os.path.isdir(real):
        raise UsageError(f"{folder}: it is a file, not a folder")
