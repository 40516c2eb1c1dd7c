"""The stages of a build: where sources, catalog, plan, rendering and state meet."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from typing import Protocol
from zoneinfo import ZoneInfo

from broadsheet import (
    archive,
    articles,
    basis,
    images,
    keyed,
    ledger,
    making,
    output,
    past,
    plan,
    quick,
    rails,
    ranking,
    ranks,
    render,
    saving,
    settled,
    sitefolder,
    state,
    survey,
    templates,
    timeline,
    urls,
    views,
    work,
)
from broadsheet.catalog import Catalog, Clock, misnamed_regions
from broadsheet.codec import microseconds
from broadsheet.digest import digest, fingerprint
from broadsheet.errors import ContentError, Diagnostic, judge
from broadsheet.files import Files, Stamp
from broadsheet.frozen import FrozenMap
from broadsheet.ledger import Ledger
from broadsheet.marks import NOTHING, Marks
from broadsheet.memo import Memo
from broadsheet.model import Page, Planned
from broadsheet.picturecache import PictureCache
from broadsheet.request import Request, Summary
from broadsheet.settings import Settings
from broadsheet.times import Times
from broadsheet.toolchain import toolchain
from broadsheet.views import Facts, Views
from broadsheet.walking import Walk

FOLDER = ".broadsheet"  # of what is kept between builds; below the site folder


class Progress(Protocol):
    """Who watches a build: called at the start of a stage, gives what to call with each number of steps done.

    `total` is 0 where nobody can know it yet.
    """

    def __call__(self, stage: str, total: int, /) -> Callable[[int], object]: ...


class Build:
    """One build, stage by stage, in the order of its methods. engine.py runs them."""

    def __init__(
        self,
        files: Files,
        settings: Settings,
        request: Request,
        folder: str,
        progress: Progress,
        recall: saving.Recall,
    ) -> None:
        self._files = files
        self._settings = replace(settings, deploy=())  # where a site goes has no part in what it is
        self._request = request
        self._folder = folder
        self._progress = progress
        self._recall = recall
        self._state = recall.state
        self._checks = articles.checks(settings)
        self._found: list[Diagnostic] = []
        self._tools = toolchain()
        self._profile = ledger.profile(
            os.path.realpath(folder), self.address(settings), drafts=request.drafts, future=request.future
        )
        self._before = recall.ledger(self._profile)
        self._coder = archive.coder(settings.site.timezone)
        self.seconds: dict[str, float] = {}
        self._times = Times()
        self.places = plan.Places(self._before.files)
        self._closures: dict[str, bytes] = {}
        self._target: output.Output | None = None

    @staticmethod
    def address(settings: Settings) -> str:
        """What tells builds into one folder apart that don't go on from each other."""
        return settings.site.base_url

    # --- stages ------------------------------------------------------------------------------------------------

    def read_sources(self, crew: work.Crew, walk: Walk | None = None) -> None:
        """See what is there, and parse what is new: memo 1. `walk`: of the folders that sources lie in, just now."""
        with self._stage("scan"):
            since = walk.since if walk else self._files.now()
            self._walk = walk
            self._theme = sitefolder.read_theme(self._files, self._settings, self._found)
            locales = FrozenMap({k: v for k, v in self._theme.items() if k.startswith("locales/")})
            self._locales = locales
            entries = self._files.scan(self._settings.content_dir, self._found, walk=walk)
            sources = [entry for entry in entries if entry.path.endswith(".md")]
            self._other_files = frozenset(entry.path for entry in entries if not entry.path.endswith(".md"))
            self._found += sitefolder.unread(self._other_files)
            self._static = sitefolder.static_files(self._files, self._settings, self._found, walk)
        with self._stage("parse"):
            step = self._progress("Reading stories", len(sources))
            # The base URL has no part in parsing: profiles share what was parsed.
            shared = replace(self._settings, site=replace(self._settings.site, base_url=""))
            base = fingerprint((self._tools, shared, locales))
            self._memo = Memo(self._files, self._settings, locales, base)
            self._archive = self._memo.read(self._state, self._recall.rows(), sources, crew, since, step)
            self._found += self._archive.findings()
        with self._stage("save"):  # whatever becomes of the pages; from now on workers can read it
            self._recall.keep_sources(self._memo, self._archive, self._tools)

    def decide(self) -> None:
        """Decide what is public, and look at what its pages show."""
        request = self._request
        with self._stage("catalog"):
            zone = ZoneInfo(self._settings.site.timezone)
            now = request.now if request.now.tzinfo else request.now.replace(tzinfo=zone)
            clock = Clock(now=now.astimezone(zone), drafts=request.drafts, future=request.future)
            self.catalog = Catalog(self._archive.sources(), self._settings, clock)
            self._found += self.catalog.held_back()
            self._found += misnamed_regions(self.catalog)
        with self._stage("pictures"):
            base = urls.base(self._settings.site.base_url)
            recipe = images.recipe(self._settings.images)
            self._recipe = fingerprint(recipe)
            before = self._coder.loads(self._before.looked) if self._before.looked else (b"", FrozenMap())
            self._looked = before[1] if before[0] == fingerprint((self._tools, recipe)) else FrozenMap()
            self._pictures = survey.pictures(self.catalog, base, self._files, recipe, self._looked)
            self._found += self._pictures.diagnostics
            cache = os.path.join(self._files.root, FOLDER, "pictures")
            self._cache = PictureCache(self._files, cache, recipe)
        with self._stage("plan"):
            strings = views.strings(self.catalog, self._locales)
            facts = Facts(pictures=FrozenMap(self._pictures.facts), files=self._other_files, strings=strings)
            self._views = Views(self.catalog, base, facts)
            languages = self._memo.languages
            self._basis = basis.parts(self._tools, self._settings, self._locales, languages, self._views.site)
            self._base = fingerprint(self._basis)
            self._questions = rails.questions(self._views)
            self._recommended: Sequence[tuple[int, ...]] = [()] * len(self._questions)
        self._theme_mark = fingerprint(self._theme)
        kept = self._state.meta("theme")
        if kept is not None and kept[: len(self._theme_mark)] == self._theme_mark:
            templates.unchecked(self._theme).restore(kept[len(self._theme_mark) :])
        else:
            try:
                compiled = templates.theme(self._theme).compiled()
            except ContentError as error:
                self._found += error.diagnostics
            else:
                self._state.save(state.Changes(meta={"theme": self._theme_mark + compiled}))
        if self._theme_mark == self._before.theme:
            self._closures.update(self._before.closures)

    @cached_property
    def _marks(self) -> Marks:
        """What each story shows of itself, as digests: for what is planned by `decide` and not before."""
        return Marks(self._views, self._before.marks if self._base == self._before.base else NOTHING)

    def rank(self, crew: work.Crew) -> None:
        """What each story recommends."""
        with self._stage("recommend"):
            settings, stories = self._settings.rails.recommended, self.catalog.stories
            self._ranked = fingerprint((self._memo.key, settings))
            before = self._before.settled if self._ranked == self._before.ranked else ranks.UNTOLD
            memory = self._memory = self._recall.last_ranking(self._profile, before)

            def rank(batches: list[ranking.RankBatch], items: int) -> Iterator[ranking.Ranked]:
                for result in crew.in_order(ranking.rank_batch, batches, items):
                    yield from result

            asked = settled.Ranking(
                rails.standings(self.catalog), self._questions, lambda i: stories[i].terms, settings
            )
            self._settled = asked.run(rank, crew.jobs, memory)
            self._recommended = self._settled.recommended

    def read_plan(self) -> None:
        """Read the plan for its findings alone, when there are errors already and nothing will be rendered."""
        for page in self._plan():
            if self.places.add(page):
                page.make()
        self._check_plan()

    def try_pages(self, crew: work.Crew, old: Iterable[str]) -> None:
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
        step = self._progress("Looking at pictures", len(self.pictures.pictures))
        for found in self._cache.damaged(self.pictures.pictures.values(), crew):
            self._found += [found] if found else []
            step(1)
        self._check_plan()
        self._found += plan.vanished(dict.fromkeys(old, "known"), self.catalog, self.places.paths())

    def find_dirty(self, target: output.Output) -> None:
        """Find every page whose key or file is not what it was: memo 2."""
        with self._stage("plan"):
            made, old = self._before.files, target.old
            stamps = self._stamps([f"{target.folder}/{path}" for path in made])
            # Of what is in place as it was put there: the key it was made from.
            whole = {
                path: key
                for (path, (key, told, stamp)), now in zip(made.items(), stamps, strict=True)
                if stamp and stamp == now and old.get(path) == told.hex()
            }
            planned = self._keyed()
            self._dirty = planned.others(whole)
            made_anew = set(self._dirty.paths)
            target.keep([path for path in planned if path not in made_anew])

    def _stamps(self, places: Sequence[str]) -> Sequence[Stamp]:
        """The stamps of published files, which may have been looked at a moment ago."""
        known = self._walk.made if self._walk else {}
        return [known[place] for place in places] if known.keys() >= set(places) else self._files.stamps(places)

    def render_pages(self, crew: work.Crew, target: output.Output) -> None:
        """Make what was found."""
        dirty = self._dirty
        with self._stage("encode"):
            self._encode_pictures(dirty.made_with(plan.PICTURE), crew, target)
        with self._stage("render"):
            pages, maker = dirty.not_made_with(plan.PICTURE, plan.COPY), self._maker()
            maker.copy(dirty.made_with(plan.COPY), target)  # files are in place before what links to them
            step = self._progress("Rendering pages", len(pages))
            broken: dict[tuple[str, int, int], Diagnostic] = {}
            for count, findings in maker.make(pages, crew, target, shared=self._state.inherited()):
                for finding in findings:  # a broken partial fails on every page: the first one tells enough
                    broken.setdefault((finding.path, finding.line, finding.column), finding)
                step(count)
            self._found += broken.values()
        self._check_plan()
        self._found += plan.vanished(target.old, self.catalog, self._keys)

    def publish(self, target: output.Output) -> output.Published:
        self._target = target
        with self._stage("publish"):
            output.remove_note(self._files, self._folder)
            self._coming = timeline.changes(self.catalog)
            done = target.publish(self._note())
            dirty = self._dirty.paths
            anew, before = set(dirty), self._before.files
            self._files_made = {path: before[path] for path in self._keys if path not in anew}
            stamps = self._files.stamps([f"{target.folder}/{path}" for path in dirty])
            for path, stamp in zip(dirty, stamps, strict=True):
                self._files_made[path] = (self._keys[path], bytes.fromhex(target.digest_of(path)), stamp)
            return done

    def clean_files(self, crew: work.Crew, expected: set[str], share: float) -> Iterator[tuple[str, bytes]]:
        """Every file, or a share of those that are rendered, as a build from nothing makes them; `expected` gets the
        path of each."""
        wanted: dict[str, list[Page]] = {}
        chosen: list[Planned] = []
        for planned in self._plan():
            if not self.places.add(planned):
                continue
            expected.add(planned.path)
            if planned.template in (plan.PICTURE, plan.COPY):
                wanted.setdefault(planned.source, []).append(planned.make())
            elif int.from_bytes(digest(planned.path.encode())[:4], "big") < share * 2**32:
                chosen.append(planned)
        for pages in wanted.values():
            for page in pages:
                if isinstance(page.context, plan.CopyContext):
                    yield page.path, self._files.read(page.context.path)
        batches = self._maker().batches(chosen)
        for result in crew.in_order(render.render_batch, batches, len(chosen)):
            if result.diagnostics:
                raise ContentError(result.diagnostics)
            yield from result.files

    def _note(self) -> output.Note:
        """Word of this build, for whoever deploys what it made."""
        return output.Note(
            base_url=self._settings.site.base_url,
            drafts=self._request.drafts,
            future=self._request.future,
            since=microseconds(self.catalog.clock.now),
            until=microseconds(self._coming[0].at) if self._coming else 1 << 62,
            withdrawn=tuple(sorted(urls.output_path(story.url) for story in self.catalog.withdrawn.stands)),
        )

    # --- the state ---------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Keep what the next build can use."""
        with self._stage("save"):
            found = Ledger(
                base=self._base,
                theme=self._theme_mark,
                closures={name: mark for name, mark in self._closures.items() if name != plan.PICTURE},
                files=self._files_made,
                marks=self._marks.of,
                findings=self._coder.dumps(tuple(self._about_links())),
                looked=self._coder.dumps((fingerprint((self._tools, self._cache.recipe)), self._pictures.looked)),
                ranked=self._ranked,
                settled=self._settled.settled,
                basis=self._basis,
                templates=basis.theme(self._theme),
                at=microseconds(self.catalog.clock.now),
                told=self._memo.told,
            )
            self._recall.keep_profile(self._profile, found, self._settled)

    def remember(self, request: Request, seen: quick.Seen, summary: Summary) -> None:
        """Note what was seen and made, so that a build that would see the same need not look closer."""
        now, coming = self.catalog.clock.now, self._coming
        manifest = os.path.relpath(output.manifest(self._folder), os.path.realpath(self._folder))
        made = {path: stamp for path, (_, _, stamp) in self._files_made.items()}
        if not all(made.values()):
            return
        quick.keep(
            self._files,
            request,
            seen,
            watched={path: self._files.stamp(path) for path in (*self._pictures.tried, output.note(self._folder))},
            since=microseconds(now),
            until=microseconds(coming[0].at) if coming else 1 << 62,
            output={**made, manifest: self._files.stamp(output.manifest(self._folder))},
            summary=summary,
            tools=self._tools,
        )

    def evidence(self) -> past.Evidence:
        """What is known once it was found what to make."""
        return past.Evidence(
            before=self._before,
            kept=self._state,
            files=self._files,
            locales=self._locales,
            theme=self._theme,
            static=self._static,
            other_files=self._other_files,
            recipe=self._cache.recipe,
            looked=self._looked,
            base=self._base,
            basis=self._basis,
            closures=self._closures,
            catalog=self.catalog,
            marks=self._marks,
            rows=self._archive.rows,
            pictures=self._pictures,
            questions=self._questions,
            ranking=self._settled,
            month=self._month,
            keys=self._keys,
            dirty=self._dirty,
            full=self._request.full,
            plan=self._plan,
            closure_of=self._closure_files,
        )

    def _month(self, number: int) -> ranks.Month:
        """The weighed terms of a month's stories, after this ranking."""
        found = self._settled.months
        if number not in found:
            return self._memory.month(number)
        data = found[number]
        return ranks.month(data) if data else {}

    # --- findings ----------------------------------------------------------------------------------------------

    def summary(self, done: output.Published) -> Summary:
        return Summary(
            stories=len(self.catalog.stories) + len(self.catalog.unlisted),
            pages=self.places.pages(),
            rendered=len(self._dirty),
            written=done.written,
            unchanged=done.unchanged,
            deleted=done.deleted,
            warnings=self.findings(),
            seconds=FrozenMap(self.seconds),
            templates=self._times.told(),
            output=self._folder,
        )

    def tell(self, findings: Iterable[Diagnostic]) -> None:
        """Add findings that others made."""
        self._found += findings

    @property
    def published(self) -> bool:
        """Whether the output folder holds what this build made, and no longer what it held before."""
        return self._target is not None and self._target.certain

    @property
    def pictures(self) -> survey.PictureSurvey:
        return self._pictures

    @property
    def other_files(self) -> frozenset[str]:
        """The files in content/ that are no sources."""
        return self._other_files

    def body(self, key: bytes) -> bytes:
        """A stored body by its digest."""
        return self._archive.body(key)

    def broken(self) -> bool:
        """Whether any finding so far stops the build."""
        return any(finding.severity == "error" for finding in judge(self._found, self._checks))

    def findings(self) -> tuple[Diagnostic, ...]:
        """All findings so far, judged, in order, with excerpts."""
        return sitefolder.with_excerpts(self._files, judge(self._found, self._checks))

    def _check_plan(self) -> None:
        self.places.check()
        self._found += self.places.diagnostics
        self._found += self._about_links()
        self._found += self._views.links.skipped
        self._found += plan.unknown_pages(self.catalog, self._views.links.to_check, self.places)

    def _about_links(self) -> set[Diagnostic]:
        """Findings about links and pictures: those of pages made in this build, and those that earlier builds had of
        stories that are as they were."""
        known = self._coder.loads(self._before.findings) if self._before.findings else ()
        marks, before = self._marks.of, self._before.marks
        found = self._views.links.diagnostics
        places = {(finding.path, finding.line, finding.column, finding.code) for finding in found}
        return found | {
            finding
            for finding in known
            if (own := marks.own_of(finding.path)) is not None
            and own == before.own_of(finding.path)
            # Told anew, its hint may be another one: what comes nearest is no part of the story.
            and (finding.path, finding.line, finding.column, finding.code) not in places
        }

    # --- rendering ---------------------------------------------------------------------------------------------

    def _plan(self) -> Iterator[Planned]:
        return plan.site(
            self._marks, self._pictures.pictures, self._static, self._recommended, lambda p: digest(self._files.read(p))
        )

    def _keyed(self) -> keyed.Keyed:
        """Every file of the plan that has its place, with its key."""
        found = keyed.Keyed()
        for part in plan.parts(
            self._marks, self._pictures.pictures, self._static, self._recommended, lambda p: digest(self._files.read(p))
        ):
            if not isinstance(part, Planned):
                numbers = self.places.add_stories(part)
                found.add_stories(part, numbers, keyed.keys(self._base, self._closure(part.TEMPLATE), part))
            elif self.places.add(part):
                found.add(part, keyed.key(self._base, self._closure(part.template), part))
        self._keys = found.key_of
        return found

    def _closure(self, template: str) -> bytes:
        closure = self._closures.get(template)
        if closure is None:
            closure = self._closures[template] = self._closure_of(template)
        return closure

    def _closure_of(self, template: str) -> bytes:
        """What of the theme or of the pictures' recipe a page of this kind depends on."""
        if template == plan.PICTURE:
            return self._recipe
        if template == "headers":
            return self._theme_mark
        return templates.unchecked(self._theme).closure_digest(template) if template in self._theme else b""

    def _closure_files(self, template: str) -> Collection[str]:
        """The files of the theme that a page of this kind depends on."""
        if template in self._theme:
            return templates.unchecked(self._theme).closure(template)
        return self._theme.keys() if template == "headers" else ()

    def _encode_pictures(self, pages: Iterable[Planned], crew: work.Crew, target: output.Output) -> None:
        """Stage the variants of pictures that are new or lost."""
        wanted: dict[str, set[str]] = {}
        for page in pages:
            wanted.setdefault(page.source, set()).add(page.path)
        step = self._progress("Preparing pictures", len(wanted))
        for picture, encoded in self._cache.encoded([self._pictures.pictures[path] for path in wanted], crew):
            if isinstance(encoded, Diagnostic):
                self._found.append(encoded)
            else:
                for variant, data in zip(picture.planned.variants, encoded.files, strict=True):
                    path = variant.path.removeprefix("/")
                    if path in wanted[picture.path]:
                        target.stage(path, data)
            step(1)

    def _maker(self) -> making.Maker:
        times = self._times if self._request.profile else None
        return making.Maker(self._files, self._archive, self._theme, self._views.links, times)

    @contextmanager
    def _stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start
