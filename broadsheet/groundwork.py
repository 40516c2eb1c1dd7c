"""The first half of every build, up to its plan: where sources, catalog, pictures, recommendations and theme meet."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from zoneinfo import ZoneInfo

from broadsheet import (
    archive,
    articles,
    basis,
    chronicle,
    contents,
    history,
    images,
    ledger,
    making,
    pictured,
    plan,
    rails,
    ranking,
    ranks,
    saving,
    settled,
    sitefolder,
    state,
    statics,
    survey,
    templates,
    unfit,
    urls,
    views,
    work,
)
from broadsheet.catalog import Catalog, Clock, doubled_regions, misnamed_regions
from broadsheet.closures import Closures
from broadsheet.copies import Copies
from broadsheet.digest import fingerprint
from broadsheet.errors import ContentError, Diagnostic, judge
from broadsheet.files import Files
from broadsheet.frozen import FrozenMap
from broadsheet.links import HINTED
from broadsheet.marks import NOTHING, Marks
from broadsheet.memo import Memo
from broadsheet.model import LinkRef, Planned
from broadsheet.picturecache import PictureCache
from broadsheet.places import Places
from broadsheet.request import Progress, Request
from broadsheet.settings import Settings
from broadsheet.times import Times
from broadsheet.toolchain import toolchain
from broadsheet.views import Facts, Views
from broadsheet.walking import Walk

_FEW_HINTED = 50  # stories whose findings are told anew in each build: to look for what comes nearest takes a while


class Groundwork:
    """A site as far as its plan, stage by stage, in the order of its methods; nothing is made of it yet. Who wants more
    of it than to look goes on from here: building.py to publish it, and others."""

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
        self._of_plan: Sequence[Diagnostic] = ()  # what is wrong with the plan, as far as that was looked for
        self._tools = toolchain()
        self._profile = ledger.profile(
            os.path.realpath(folder), self.address(settings), drafts=request.drafts, future=request.future
        )
        self._before = recall.ledger(self._profile)
        self._coder = archive.coder(settings.site.timezone)
        self.seconds: dict[str, float] = {}
        self._times = Times()

    @staticmethod
    def address(settings: Settings) -> str:
        """What tells builds into one folder apart that don't go on from each other."""
        return settings.site.base_url

    # --- stages ------------------------------------------------------------------------------------------------

    def read_sources(self, crew: work.Crew, walk: Walk | None = None) -> None:
        """See what is there, and parse what is new: memo 1. `walk`: of the folders that sources lie in, just now."""
        with self._stage("scan"):
            since = walk.since if walk else self._files.now()
            self._read_theme()
            # The base URL has no part in parsing: profiles share what was parsed.
            shared = replace(self._settings, site=replace(self._settings.site, base_url=""))
            base = fingerprint((self._tools, shared, self._locales))
            as_parsed = self._state.meta("parsed") == base
            sources = self._seen(walk, contents.loads(self._state.meta("folders")) if as_parsed else {})
        with self._stage("parse"):
            step = self._progress("Reading stories", len(sources.entries))
            self._memo = Memo(self._files, self._settings, self._locales, base)
            self._archive = self._memo.read(self._state, self._recall.rows(), sources, crew, since, step)
            self._languages = self._memo.languages
            self._found += self._archive.findings()
            edits = chronicle.noted(self._state, self._memo, self._recall.rows(), self._archive)
            self._edits = history.edits_since(edits, self._before.told, self._memo.told)
        with self._stage("save"):  # whatever becomes of the pages; from now on workers can read it
            self._recall.keep_sources(self._memo, self._archive, self._tools, edits)

    def _read_theme(self) -> None:
        self._theme = sitefolder.read_theme(self._files, self._settings, self._found)
        self._locales = FrozenMap({k: v for k, v in self._theme.items() if k.startswith("locales/")})

    def _seen(self, walk: Walk | None, known: Mapping[str, contents.Folder]) -> contents.Content:
        """See what is there: static files, and the content, which is given. `known` are its folders."""
        found = contents.look(self._files, self._settings.content_dir, self._found, walk=walk, known=known)
        self._other_files, self._walk = found.others, found.walk
        self._found += sitefolder.unread(self._other_files)
        folder, before = self._settings.static_dir, self._before.statics
        self._static = statics.Statics(self._files, folder, found.walk, before, self._found)
        return found

    def decide(self) -> None:
        """Decide what is public, look at what its pages show, and have the templates ready."""
        self.choose()
        self.compile_theme()

    def choose(self) -> None:
        """Decide what is public, and look at what its pages show."""
        self._state.arrived()  # from now on others may be forked
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
            self._looked = self._looks(recipe)
            known, hidden = (self._before.pictures, self._before.picture_folders), self._before.looked[1]
            if self._before.looked[0] != self._looked[0]:
                known = (pictured.NONE, pictured.NO_FOLDERS)
            self._pictures, findings = survey.pictures(
                self.catalog, base, self._files, recipe, self._walk, (*known, hidden), self._coder
            )
            self._found += findings
            cache = os.path.join(self._files.root, state.FOLDER, "pictures")
            self._cache = PictureCache(self._files, cache, recipe)
        with self._stage("plan"):
            strings = views.strings(self.catalog, self._locales)
            facts = Facts(pictures=self._pictures, files=self._other_files, strings=strings)
            self._views = Views(self.catalog, base, facts)
            self._basis = basis.parts(self._tools, self._settings, self._locales, self._languages, self._views.site)
            self._base = fingerprint(self._basis)
            self._questions = self._said_by_editors()
            self._recommended: Sequence[tuple[int, ...]] = [()] * len(self._questions)
            self._settled = ranks.UNRANKED

    def _looks(self, recipe: images.Recipe) -> tuple[bytes, tuple[str, ...]]:
        """What pictures are looked at with, and the hidden bundles: see `Ledger.looked`."""
        settings = self._settings
        folders = (settings.content_dir, settings.static_dir, settings.output_dir)
        return fingerprint((self._tools, recipe, folders)), tuple(sorted(self.catalog.hidden_bundles))

    def _said_by_editors(self) -> Sequence[ranking.Question]:
        return rails.questions(self._views)

    def compile_theme(self) -> None:
        """Have the templates ready to render: as they were kept, or compiled anew."""
        self._theme_mark = fingerprint(self._theme)
        known = self._before.closures if self._theme_mark == self._before.theme else {}
        self._closures = Closures(self._theme, self._theme_mark, self._recipe, known)
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

    @cached_property
    def places(self) -> Places:
        """The places of the plan's files. What was published before is known to be fit for a file."""
        places = Places(self._before.files.known)
        places.told = doubled_regions(self.catalog)
        return places

    @cached_property
    def _marks(self) -> Marks:
        """What each story shows of itself, as digests: for what is planned by `decide` and not before."""
        return Marks(self._views, self._before.marks if self._base == self._before.base else NOTHING)

    def rank(self, crew: work.Crew) -> None:
        """What each story recommends."""
        with self._stage("recommend"):
            asked, memory = self._asked()
            self._take_ranking(asked.run(ranker(crew), crew.jobs, memory))

    def _asked(self) -> tuple[settled.Ranking, ranks.Memory]:
        """The ranking of now, and the last one."""
        rule, places = self._settings.rails.recommended, self.catalog.stories.places
        parsed, numbers = self._archive, self._archive.rows.numbers
        self._ranked = fingerprint((self._memo.key, rule))
        before = self._before.settled if self._ranked == self._before.ranked else ranks.UNTOLD
        memory = self._memory = self._recall.last_ranking(self._profile, before)
        standings = rails.standings(self.catalog)
        index = self.catalog.index

        def terms(position: int) -> Mapping[str, int]:
            """Without the story itself: to make all of them takes a third as long as to weigh them."""
            return parsed.terms(numbers[places[position]])

        return settled.Ranking(standings, self._questions, terms, rule, index), memory

    def _take_ranking(self, found: ranks.Result) -> None:
        self._settled = found
        self._recommended = found.recommended

    def read_plan(self) -> None:
        """Read the plan for its findings alone, when there are errors already and nothing will be rendered."""
        for page in self._plan():
            if self.places.add(page):
                page.make()
        self._check_plan(anew=True)

    # --- findings ----------------------------------------------------------------------------------------------

    def tell(self, findings: Iterable[Diagnostic]) -> None:
        """Add findings that others made."""
        self._found += findings

    @property
    def pictures(self) -> pictured.Pictured:
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
        return any(finding.severity == "error" for finding in judge((*self._found, *self._of_plan), self._checks))

    def findings(self) -> tuple[Diagnostic, ...]:
        """All findings so far, judged, in order, with excerpts."""
        return sitefolder.with_excerpts(self._files, judge((*self._found, *self._of_plan), self._checks))

    def _check_plan(self, *, anew: bool = False) -> None:
        """Find what there is to say of the plan, in place of what was found before. `anew`: all its pages were made."""
        links = self._views.links
        unfit.check(unfit.shown(self.catalog), links)
        self.places.check()
        about_links = links.diagnostics if anew else self._about_links()
        self._of_plan = [
            *self.places.diagnostics,
            *map(self._in_settings, about_links),
            *links.told_always,
            *plan.unknown_pages(self.catalog, {**links.to_check, **self._links_of_settings}, self.places),
        ]

    @cached_property
    def _links_of_settings(self) -> Mapping[tuple[str, LinkRef], None]:
        return dict.fromkeys(plan.links_of_settings(self.catalog, self._text_of_settings))

    @cached_property
    def _text_of_settings(self) -> str:
        return (self._files.read_or_none(sitefolder.CONFIG) or b"").decode("utf-8", "replace")

    def _in_settings(self, finding: Diagnostic) -> Diagnostic:
        """A finding about the publisher's logo with its place in config.yaml, which settings don't keep."""
        if finding.path != sitefolder.CONFIG or finding.line:
            return finding
        line, column = urls.place_in(self._text_of_settings, self._settings.site.publisher.logo)
        return replace(finding, line=line, column=column)

    def _about_links(self) -> set[Diagnostic]:
        """Findings about links and pictures: those of pages made in this build, and those that earlier builds had of
        stories that are as they were."""
        carried, links = self._carried(), self._views.links
        hinted = {finding.path for finding in carried if finding.code in HINTED}
        if len(hinted) <= _FEW_HINTED:
            for path in hinted:
                links.tell(self.catalog.page_of[path])
        found = set(links.diagnostics)  # a preview adds to them meanwhile
        places = {(finding.path, finding.line, finding.column, finding.code) for finding in found}
        others = {(finding.path, finding.line, finding.column, finding.code): finding for finding in carried}
        return found | {finding for place, finding in others.items() if place not in places}

    def _carried(self) -> list[Diagnostic]:
        """What earlier builds had to say of stories that are as they were, and have their place."""
        known = self._coder.loads(self._before.findings) if self._before.findings else ()
        marks, before = self._marks.of, self._before.marks
        return [
            finding
            for finding in known
            if (own := marks.own_of(finding.path)) is not None
            and own == before.own_of(finding.path)
            and finding.path not in self.places.refused
        ]

    # --- the plan ----------------------------------------------------------------------------------------------

    def _plan(self) -> Iterator[Planned]:
        return plan.site(self._marks, self._copied, self._recommended)

    @cached_property
    def _copies(self) -> Copies:
        return Copies(self._files, self._before.copied)

    @property
    def _copied(self) -> plan.Files:
        """What is published and no page."""
        theme = sitefolder.files_of_theme(self._settings)
        return plan.Files(pictures=self._pictures, static=self._static, theme=theme, content=self._copies.digest)

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


def ranker(crew: work.Crew) -> Callable[[list[ranking.RankBatch], int], Iterator[ranking.Ranked]]:
    """What has stories ranked by a crew, as `settled.Ranking` asks for it."""

    def rank(batches: list[ranking.RankBatch], items: int) -> Iterator[ranking.Ranked]:
        for result in crew.in_order(ranking.rank_batch, batches, items):
            yield from result

    return rank
