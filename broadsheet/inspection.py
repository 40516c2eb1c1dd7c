"""Everything that is wrong with a site, told without writing anything: what `check` runs."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable

from broadsheet import advice, asking, output, saving, sitefolder, state, weblinks, work
from broadsheet.asking import Manners
from broadsheet.building import Build, Progress
from broadsheet.errors import Diagnostic
from broadsheet.files import Files
from broadsheet.frozen import FrozenMap, record
from broadsheet.request import Request


@record
class Inspection:
    """What was looked at, and every finding. `outside` counts other hosts' answers by kind; empty: none was asked."""

    findings: tuple[Diagnostic, ...]
    stories: int
    pages: int
    pictures: int
    links: int
    outside: FrozenMap[str, int] = FrozenMap()


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
            job = Build(files, settings, request, folder, progress, saving.Recall(kept))
            job.read_sources(crew)
            job.decide()
            if job.broken():
                job.read_plan()
            else:
                job.rank(crew)
                job.try_pages(crew, output.listed(files, folder))
            job.tell(advice.advice(job.catalog, job.pictures.facts, job.other_files))
            outside = _ask(job, files, manners, progress) if manners else {}
            stories = (*job.catalog.stories, *job.catalog.unlisted)
            return Inspection(
                findings=job.findings(),
                stories=len(stories),
                pages=job.places.pages(),
                pictures=len(job.pictures.pictures),
                links=sum(len(article.links) for article in stories),
                outside=FrozenMap(outside),
            )
    finally:
        kept.close()


def _ask(job: Build, files: Files, manners: Manners, progress: Progress) -> Counter[str]:
    links = list(weblinks.web_links(job.catalog, job.body, lambda path: files.read(path).decode()))
    addresses = list(dict.fromkeys(link.url for link in links))
    answers = asking.ask(addresses, manners, progress("Asking other hosts", len(addresses)))
    job.tell(weblinks.findings(links, answers))
    return Counter(answer.kind for answer in answers.values())
