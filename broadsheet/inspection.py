"""Everything that is wrong with a site, told without writing anything: what `check` runs."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping

from broadsheet import advice, asking, output, plan, render, saving, sitefolder, state, vanished, weblinks, work
from broadsheet.asking import Manners
from broadsheet.errors import Diagnostic
from broadsheet.files import Files
from broadsheet.frozen import FrozenMap, record
from broadsheet.groundwork import Groundwork
from broadsheet.request import Progress, Request


@record
class Inspection:
    """What was looked at, and every finding. `waiting` are the stories whose hour lies ahead. `outside` counts other
    hosts' answers by kind; empty: none was asked."""

    findings: tuple[Diagnostic, ...]
    stories: int
    waiting: int
    pages: int
    pictures: int
    links: int
    outside: FrozenMap[str, int] = FrozenMap()


class Trial(Groundwork):
    """A site of which everything is made for what is wrong with it, and nothing kept."""

    def try_pages(self, crew: work.Crew, old: Mapping[str, str]) -> None:
        """Make every page and decode every picture for the findings alone. `old`: the files of the last build."""
        planned = [page for page in self._plan() if self.places.add(page)]
        pages = [page for page in planned if page.template not in (plan.PICTURE, plan.COPY)]
        step = self._progress("Trying pages", len(pages))
        broken: dict[tuple[str, int, int], Diagnostic] = {}
        for done in crew.in_order(render.render_batch, self._maker().batches(pages), len(pages)):
            for finding in done.diagnostics:
                broken.setdefault((finding.path, finding.line, finding.column), finding)
            step(len(done.files))
        self._found += broken.values()
        pictures = [self.pictures.picture(path) for path in self.pictures.paths()]
        step = self._progress("Looking at pictures", len(pictures))
        for found in self._cache.damaged(pictures, crew):
            self._found += [found] if found else []
            step(1)
        self._check_plan()
        self._found += vanished.pages(old, self.catalog, old.keys() - self.places.paths())


def inspect(
    request: Request, progress: Progress, manners: Manners | None = None, door: Callable[[str], Files] = Files
) -> Inspection:
    """Look at the whole site: sources, links, pictures down to their pixels, every page as it would be rendered, and
    what an editor would say. With `manners` other hosts are asked about the links to them.

    Nothing is written, and nothing of earlier builds is used. Raises ConfigError and UsageError.
    """
    files = door(request.site)
    settings = sitefolder.load_settings(files, base_url=request.base_url)
    folder = os.path.join(files.root, settings.output_dir)
    kept = state.opened("", b"")
    try:
        with work.crew(request.jobs) as crew:
            job = Trial(files, settings, request, folder, progress, saving.Recall(kept))
            job.read_sources(crew)
            job.decide()
            if job.broken():
                job.read_plan()
            else:
                job.rank(crew)
                job.try_pages(crew, output.listed(files, folder))
            job.tell(advice.advice(job.catalog, job.pictures, job.other_files))
            outside = _ask(job, files, manners, progress) if manners else {}
            stories = (*job.catalog.stories, *job.catalog.unlisted)
            return Inspection(
                findings=job.findings(),
                stories=len(stories),
                waiting=sum(kind in ("scheduled", "embargoed") for kind in job.catalog.hidden.values()),
                pages=job.places.pages(),
                pictures=len(job.pictures.paths()),
                links=sum(len(article.links) for article in stories),
                outside=FrozenMap(outside),
            )
    finally:
        kept.close()


def _ask(job: Trial, files: Files, manners: Manners, progress: Progress) -> Counter[str]:
    links = list(weblinks.web_links(job.catalog, job.body, lambda path: files.read(path).decode()))
    addresses = list(dict.fromkeys(link.url for link in links))
    answers = asking.ask(addresses, manners, progress("Asking other hosts", len(addresses)))
    job.tell(weblinks.findings(links, answers))
    return Counter(answer.kind for answer in answers.values())
