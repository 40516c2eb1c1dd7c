"""A build from first to last: the only module that joins sources, plan, rendering and the output folder."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from broadsheet import (
    articles,
    images,
    locale,
    output,
    plan,
    rails,
    ranking,
    render,
    sitefolder,
    survey,
    templates,
    urls,
    work,
)
from broadsheet.catalog import (
    AuthorSource,
    Catalog,
    Clock,
    HomeSource,
    PageSource,
    RegionSource,
    Sources,
    misnamed_regions,
)
from broadsheet.errors import ContentError, Diagnostic, UsageError, judge
from broadsheet.files import Files
from broadsheet.frozen import FrozenMap, record
from broadsheet.model import Article, Page
from broadsheet.picturecache import PictureCache
from broadsheet.settings import Settings
from broadsheet.store import Bodies
from broadsheet.views import Facts, Views

_PARSE_BATCH = 50  # sources
_RENDER_BATCH = 50  # pages


@record
class Request:
    """What to build. `output` and `base_url` replace the settings' when given; `now` without a zone is
    in the site's."""

    site: str
    now: datetime
    output: str = ""
    base_url: str = ""
    drafts: bool = False
    future: bool = False
    adopt: bool = False
    jobs: int = 1


@record
class Summary:
    """What a build did: files by what became of them, seconds by stage, and all findings that are warnings."""

    stories: int
    pages: int
    written: int
    unchanged: int
    deleted: int
    warnings: tuple[Diagnostic, ...]
    seconds: FrozenMap[str, float]
    output: str


class Progress(Protocol):
    """Who watches a build: called at the start of a stage, gives what to call with each number of steps done.

    `total` is 0 where nobody can know it yet.
    """

    def __call__(self, stage: str, total: int, /) -> Callable[[int], object]: ...


def build(request: Request, progress: Progress, door: Callable[[str], Files] = Files) -> Summary:
    """Build the site into its output folder. `door` makes what reads and writes files, given the site folder.

    Raises ContentError (with all findings of the run) and leaves the output as it was; ConfigError, UsageError,
    OutputError, LockedError.
    """
    files = door(request.site)
    settings = sitefolder.load_settings(files, base_url=request.base_url)
    folder = output_folder(files, settings, request)
    output.recover(files, folder)
    with closing(Bodies()) as bodies:
        job = _Build(files, settings, request, progress, bodies)
        job.read_folders()
        with work.crew(request.jobs, len(job.sources)) as crew:
            job.parse_sources(crew)
            job.decide()
            if job.broken():
                job.read_plan()
                raise ContentError(job.findings())
            with output.open_output(files, folder, adopt=request.adopt) as target:
                try:
                    job.rank(crew)
                    job.render_pages(crew, target)
                    if job.broken():
                        raise ContentError(job.findings())
                except BaseException:
                    target.discard()
                    raise
                done = job.publish(target)
    return Summary(
        stories=len(job.catalog.stories) + len(job.catalog.unlisted),
        pages=job.places.pages(),
        written=done.written,
        unchanged=done.unchanged,
        deleted=done.deleted,
        warnings=job.findings(),
        seconds=FrozenMap(job.seconds),
        output=folder,
    )


def output_folder(files: Files, settings: Settings, request: Request) -> str:
    """The absolute output folder. Raises OutputError where a mistake would cost the user's own files."""
    configured = os.path.join(files.root, settings.output_dir)
    folder = os.path.abspath(request.output) if request.output else configured
    if (request.drafts or request.future) and _overlap(folder, configured):
        raise UsageError(
            f"drafts and scheduled stories (-D, -F) never go into {settings.output_dir}/, which is deployed, nor below "
            "or above it: name another folder with -o"
        )
    names = (settings.content_dir, settings.templates_dir, settings.static_dir)
    output.check_folder(folder, site=files.root, sources=[os.path.join(files.root, name) for name in names])
    return folder


def _overlap(one: str, other: str) -> bool:
    """Whether two folders are the same or one lies in the other, however they are written."""
    real, across = (os.path.join(os.path.realpath(folder), "") for folder in (one, other))
    return real.startswith(across) or across.startswith(real)


class _Build:
    """The state of one build, stage by stage."""

    def __init__(self, files: Files, settings: Settings, request: Request, progress: Progress, bodies: Bodies) -> None:
        self._files = files
        self._settings = settings
        self._request = request
        self._progress = progress
        self._bodies = bodies
        self._checks = articles.checks(settings)
        self._found: list[Diagnostic] = []
        self.seconds: dict[str, float] = {}
        self.places = plan.Places()

    # --- stages ------------------------------------------------------------------------------------------------

    def read_folders(self) -> None:
        """See what is there: theme, sources, files to copy."""
        with self._stage("scan"):
            self._theme = sitefolder.read_theme(self._files, self._settings, self._found)
            self._locales = FrozenMap({k: v for k, v in self._theme.items() if k.startswith("locales/")})
            entries = self._files.scan(self._settings.content_dir, self._found)
            self.sources = [entry.path for entry in entries if entry.path.endswith(".md")]
            self._other_files = frozenset(entry.path for entry in entries if not entry.path.endswith(".md"))
            self._found += sitefolder.unread(self._other_files)
            self._static = sitefolder.static_files(self._files, self._settings, self._found)

    def parse_sources(self, crew: work.Crew) -> None:
        """Every source to what the catalog knows of it; regions first, because stories take their language."""
        with self._stage("parse"):
            step = self._progress("Reading stories", len(self.sources))
            indexes = [path for path in self.sources if path.endswith("/_index.md")]
            others = [path for path in self.sources if not path.endswith("/_index.md")]
            parsed = [self._keep(item) for item in articles.parse_batch(self._parse_batch(indexes, FrozenMap()))]
            languages = self._languages(parsed)
            batches = (self._parse_batch(paths, languages) for paths in work.in_batches(others, _PARSE_BATCH))
            for result in crew.in_order(articles.parse_batch, batches):
                parsed += [self._keep(item) for item in result]
                step(len(result))
        self._parsed = _sorted_out(parsed)

    def decide(self) -> None:
        """Decide what is public, and look at what its pages show."""
        request = self._request
        with self._stage("catalog"):
            zone = ZoneInfo(self._settings.site.timezone)
            now = request.now if request.now.tzinfo else request.now.replace(tzinfo=zone)
            clock = Clock(now=now.astimezone(zone), drafts=request.drafts, future=request.future)
            self.catalog = Catalog(self._parsed, self._settings, clock)
            self._found += self.catalog.held_back()
            self._found += misnamed_regions(self.catalog)
        with self._stage("pictures"):
            base = urls.base(self._settings.site.base_url)
            recipe = images.recipe(self._settings.images)
            self._pictures = survey.pictures(self.catalog, base, self._files, recipe)
            self._found += self._pictures.diagnostics
            cache = os.path.join(self._files.root, ".broadsheet", "pictures")
            self._cache = PictureCache(self._files, cache, recipe)
        with self._stage("plan"):
            facts = Facts(pictures=FrozenMap(self._pictures.facts), files=self._other_files, strings=self._strings())
            self._views = Views(self.catalog, base, facts)
            self._questions = rails.questions(self._views)
            self._recommended: list[tuple[int, ...]] = [()] * len(self._questions)
        try:
            templates.theme(self._theme)
        except ContentError as error:
            self._found += error.diagnostics

    def rank(self, crew: work.Crew) -> None:
        """What each story recommends."""
        with self._stage("recommend"):
            settings = self._settings.rails.recommended
            batches = ranking.batches(rails.entries(self.catalog), self._questions, settings, crew.jobs)
            results = crew.in_order(ranking.rank_batch, batches)
            self._recommended = [found for result in results for found in result]

    def read_plan(self) -> None:
        """Read the plan for its findings alone, when there are errors already and nothing will be rendered."""
        for page in self._plan():
            self.places.add(page)
        self._check_plan()

    def render_pages(self, crew: work.Crew, target: output.Output) -> None:
        """Render every page of the plan and stage what differs from the output folder."""
        with self._stage("encode"):
            pages = self._encode_pictures(crew, target)
        with self._stage("render"):
            step = self._progress("Rendering pages", 0)
            batches = self._render_batches(pages, target)
            broken: dict[tuple[str, int, int], Diagnostic] = {}
            for result in crew.in_order(render.render_batch, batches):
                for finding in result.diagnostics:  # a broken partial fails on every page: the first one tells enough
                    broken.setdefault((finding.path, finding.line, finding.column), finding)
                for path, data in result.files:
                    target.stage(path, data)
                step(len(result.files))
            self._found += broken.values()
        self._check_plan()
        self._found += plan.vanished(target.old, self.catalog, self.places.urls())

    def publish(self, target: output.Output) -> output.Published:
        with self._stage("publish"):
            return target.publish()

    # --- findings ----------------------------------------------------------------------------------------------

    def broken(self) -> bool:
        """Whether any finding so far stops the build."""
        return any(finding.severity == "error" for finding in judge(self._found, self._checks))

    def findings(self) -> tuple[Diagnostic, ...]:
        """All findings so far, judged, in order, with excerpts."""
        return sitefolder.with_excerpts(self._files, judge(self._found, self._checks))

    def _check_plan(self) -> None:
        self.places.check()
        self._found += self.places.diagnostics
        self._found += self._views.links.diagnostics
        self._found += plan.unknown_pages(self._views.links.to_check, self.places.urls())

    # --- parsing -----------------------------------------------------------------------------------------------

    def _parse_batch(self, paths: Iterable[str], languages: FrozenMap[str, str]) -> articles.ParseBatch:
        return articles.ParseBatch(
            sources=tuple((path, self._files.read(path)) for path in paths),
            settings=self._settings,
            locales=self._locales,
            languages=languages,
        )

    def _keep(self, parsed: articles.Parsed) -> articles.Parsed:
        """Take a parsed source's body and findings; the rest stays."""
        if parsed.source is not None:
            self._bodies.put(parsed.body)
        self._found += parsed.diagnostics
        return articles.Parsed(path=parsed.path, source=parsed.source, body=b"", diagnostics=())

    def _languages(self, parsed: Iterable[articles.Parsed]) -> FrozenMap[str, str]:
        found = {
            item.source.id: item.source.matter.language for item in parsed if isinstance(item.source, RegionSource)
        }
        found |= {key: region.language for key, region in self._settings.regions.items() if region.language}
        return FrozenMap({key: language for key, language in found.items() if language})

    def _strings(self) -> FrozenMap[str, FrozenMap[str, object]]:
        """The interface strings of every language that a page is in."""
        catalog, site = self.catalog, self._settings.site.language
        used = {site, *(region.language for region in catalog.regions.values())}
        used |= {article.lang for article in (*catalog.stories, *catalog.unlisted)}
        used |= {page.lang for page in catalog.sources.pages}
        return FrozenMap({lang: locale.strings(lang, self._locales) for lang in sorted(used)})

    # --- rendering ---------------------------------------------------------------------------------------------

    def _plan(self) -> Iterator[Page]:
        return plan.site(self._views, self._pictures.pictures, self._static, self._recommended)

    def _encode_pictures(self, crew: work.Crew, target: output.Output) -> Iterator[Page]:
        """Stage every picture; gives the rest of the plan."""
        pages = self._plan()
        wanted = list(self._pictures.pictures.values())
        step = self._progress("Preparing pictures", len(wanted))
        for picture, encoded in self._cache.encoded(wanted, crew):
            if isinstance(encoded, Diagnostic):
                self._found.append(encoded)
            else:
                for variant, data in zip(picture.planned.variants, encoded.files, strict=True):
                    target.stage(variant.path.removeprefix("/"), data)
            step(1)
        return pages

    def _render_batches(self, pages: Iterable[Page], target: output.Output) -> Iterator[render.RenderBatch]:
        """The plan in batches for the workers. Files that are only copied are staged on the way."""
        for group in work.in_batches(self._to_render(pages, target), _RENDER_BATCH):
            digests = {ref.digest for page in group for ref in render.body_refs(page)}
            yield render.RenderBatch(
                pages=group, theme=self._theme, bodies={key: self._bodies.get(key) for key in digests}
            )

    def _to_render(self, pages: Iterable[Page], target: output.Output) -> Iterator[Page]:
        for page in pages:
            if not self.places.add(page):
                continue
            if isinstance(page.context, plan.CopyContext):
                target.stage(page.path, self._files.read(page.context.path))
            elif not isinstance(page.context, plan.PictureContext):
                yield page

    @contextmanager
    def _stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start


def _sorted_out(parsed: Iterable[articles.Parsed]) -> Sources:
    """Parsed sources by kind, each in path order."""
    ordered = sorted(parsed, key=lambda item: item.path)
    sources = [item.source for item in ordered]
    return Sources(
        articles=tuple(s for s in sources if isinstance(s, Article)),
        regions=tuple(s for s in sources if isinstance(s, RegionSource)),
        authors=tuple(s for s in sources if isinstance(s, AuthorSource)),
        pages=tuple(s for s in sources if isinstance(s, PageSource)),
        home=next((s for s in sources if isinstance(s, HomeSource)), None),
        unread=frozenset(item.path for item in ordered if item.source is None),
    )
