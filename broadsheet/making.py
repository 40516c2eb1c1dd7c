"""Planned pages made: their contexts, their bytes, and these bytes set aside for the output folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from broadsheet import output, plan, render, staging, work
from broadsheet.archive import Archive
from broadsheet.errors import Diagnostic
from broadsheet.files import Files
from broadsheet.frozen import FrozenMap, record
from broadsheet.keyed import Some
from broadsheet.links import Links
from broadsheet.model import Page, Planned
from broadsheet.times import Times

_BATCH = 50  # pages


@record
class _Made:
    """What a worker made of a group of pages: files, what is wrong with templates and with links, the times it took."""

    files: tuple[staging.SetAside, ...]
    diagnostics: tuple[Diagnostic, ...]
    links: tuple[Diagnostic, ...]
    times: Times


class Maker:
    """Makes pages of one build. `links` are those that contexts look up, and gather what is wrong with them; `times`
    are measured where they are asked for."""

    def __init__(
        self, files: Files, archive: Archive, theme: FrozenMap[str, str], links: Links, times: Times | None
    ) -> None:
        self._files = files
        self._archive = archive
        self._theme = theme
        self._links = links
        self._times = times

    def make(
        self, pages: Some, crew: work.Crew, target: output.Output, *, shared: bool
    ) -> Iterator[tuple[int, tuple[Diagnostic, ...]]]:
        """Make pages and stage them; gives the number of each group's files, and what is wrong with its templates.

        Workers that find everything in their memory make whole pages; `shared`: the stored bodies, too, can be read
        by them. Otherwise pages are sent to them ready to be rendered.
        """
        if crew.inherits(len(pages)) and shared:
            yield from self._made_by_workers(pages, crew, target)
            return
        for made in crew.in_order(render.render_batch, self.batches(pages), len(pages)):
            if self._times:
                self._times.rendered(made.spent)
            for path, data in made.files:
                target.stage(path, data)
            yield len(made.files), made.diagnostics

    def copy(self, files: Iterable[Planned], target: output.Output) -> None:
        """Stage the files that are only copied."""
        for planned in files:
            context = planned.make().context
            assert isinstance(context, plan.CopyContext)  # noqa: S101  # for the type checker
            target.stage(planned.path, self._files.read(context.path), page=False)

    def batches(self, pages: Iterable[Planned]) -> Iterator[render.RenderBatch]:
        """The pages with all that is needed to render them."""
        return (self._batch(group) for group in work.in_batches(pages, _BATCH))

    def _made_by_workers(
        self, pages: Some, crew: work.Crew, target: output.Output
    ) -> Iterator[tuple[int, tuple[Diagnostic, ...]]]:
        """Workers make the contexts of pages too, render them, and set their files aside themselves."""
        told: set[Diagnostic] = set(self._links.diagnostics)

        def make(job: tuple[int, staging.Aside]) -> _Made:
            first, aside = job
            times = Times()
            if self._times:
                self._times = times  # this process is forgotten: what it measured goes with each group
            made = render.render_batch(self._batch(pages[first : first + _BATCH]))
            times.rendered(made.spent)
            places = {path: index for index, path in enumerate(aside.paths)}
            new = self._links.diagnostics - told
            told.update(new)
            return _Made(
                files=tuple(staging.set_aside(self._files, aside, places[path], data) for path, data in made.files),
                diagnostics=made.diagnostics,
                links=tuple(new),
                times=times,
            )

        self._archive.index()  # once, and not by the workers of each round
        jobs = ((n, target.aside(pages.paths[n : n + _BATCH])) for n in range(0, len(pages), _BATCH))
        for done in crew.inheriting(make, jobs):
            for file in done.files:
                target.staged(file)
            self._links.diagnostics.update(done.links)
            told.update(done.links)  # for the workers of the next round
            if self._times:
                self._times.add(done.times)
            yield len(done.files), done.diagnostics

    def _batch(self, group: Sequence[Planned]) -> render.RenderBatch:
        pages = tuple(self._page(planned) for planned in group)
        bodies = self._archive.bodies({ref.digest for page in pages for ref in render.body_refs(page)})
        return render.RenderBatch(pages=pages, theme=self._theme, bodies=bodies, timed=self._times is not None)

    def _page(self, planned: Planned) -> Page:
        return self._times.making(planned) if self._times else planned.make()
