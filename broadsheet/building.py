"""The second half of a build: what is to be made of the plan, making it, publishing it, and what is kept of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import chain
from typing import Any

from broadsheet import (
    adoption,
    basis,
    carried,
    chronicle,
    history,
    keyed,
    manifests,
    output,
    plan,
    quick,
    ranks,
    reach,
    timeline,
    urls,
    vanished,
    work,
)
from broadsheet.buildnotes import Note
from broadsheet.codec import microseconds
from broadsheet.digest import digest
from broadsheet.errors import Diagnostic
from broadsheet.files import Stamp, settled
from broadsheet.frozen import FrozenMap
from broadsheet.groundwork import Groundwork, ranker
from broadsheet.groups import Group
from broadsheet.lazily import LazyMapping, LazySequence
from broadsheet.ledger import DIGEST, KEY, STAMP, Ledger, Made
from broadsheet.looking import Published
from broadsheet.manifestfiles import ManifestFiles
from broadsheet.model import Planned
from broadsheet.pages import Stories
from broadsheet.request import Request, Summary
from broadsheet.table import Places, Table
from broadsheet.walking import beside, pack, packed

_MANY = work.INLINE_BELOW  # stories that are worth another process
_MOST = 25_000  # what is known of more would be held twice, by both


class _Listed(LazyMapping[str]):
    """What the manifest of the last build's publication lists."""

    def __init__(self, made: Table) -> None:
        super().__init__(made)
        self._made = made

    def __getitem__(self, path: str) -> str:
        found: bytes = self._made.value(DIGEST, path)
        return found.hex()


class _Answers(LazySequence[tuple[int, ...]]):
    """What stories recommend, as far as it is told. It knows nothing of the build, which could not be let go of
    otherwise: a preview makes many."""

    def __init__(self, told: Sequence[tuple[int, ...]]) -> None:
        self.told = told

    def __len__(self) -> int:
        return len(self.told)

    def at(self, index: int) -> tuple[int, ...]:
        return self.told[index]


class Build(Groundwork):
    """One build, stage by stage: those of `Groundwork`, then these, in the order of its methods. engine.py runs
    them."""

    _target: output.Output | None = None  # once it is being published into
    _in_place: Mapping[str, bytes] | None = None  # of the files that are as they were put there: the key of each
    _all_in_place = False  # whether these are all that the last build left
    _waiting = False  # whether stories are ranked by another process
    _as_listed = False  # … and whether the manifest lists these and no other ones

    # --- stages ------------------------------------------------------------------------------------------------

    def read_ahead(self) -> None:
        """Begin to read what is remembered: a thread does, and this one can do something else before it `recall`s."""
        self._recall.ahead(self._profile)

    def recall(self, published: Callable[[], Published] = lambda: (b"", FrozenMap())) -> None:
        """Read what is remembered. `published` tells of the files that were published, once others have looked."""
        self._published = published
        with self._stage("recall"):
            self._recall.read(self._profile)

    def known(self) -> manifests.Known:
        """What the manifest of the last build's publication lists."""
        before = self._before
        return manifests.Known(mark=before.listed, files=lambda: _Listed(before.files), stamps=before.manifest)

    @contextmanager
    def ranking(self, crew: work.Crew) -> Iterator[Callable[[], None]]:
        """Begin to `rank`; gives what waits for it. All stories of an archive of some size are ranked by another
        process with workers of its own, while this one goes on; where all were ranked before, few have to be."""
        with self._stage("recommend"):
            asked, memory = self._asked()

        def here() -> None:
            with self._stage("recommend"):
                self._take_ranking(asked.run(ranker(crew), crew.jobs, memory))
            crew.rest()  # workers that parsed rank as well: new ones would begin as copies of a larger process

        there = crew.jobs > 1 and crew.forks and self._state.inherited()
        if not there or memory.settled or not _MANY <= len(self.catalog.stories) <= _MOST:
            yield here
            return
        crew.rest()

        def again() -> tuple[Any, ...]:
            with work.crew(crew.jobs) as own:
                return tuple(asked.again(ranker(own), own.jobs, memory))

        def take() -> None:
            with self._stage("recommend"):
                self._take_ranking(asked.taken(memory, ranks.Again(*told())))

        with beside(again) as told:
            self._waiting = True
            yield take

    def look(self, target: output.Output) -> None:
        """While another process ranks the stories, tell what can be told before they are ranked: the plan but for what
        they recommend, and which published files are in place. This one would hold more meanwhile."""
        if self._waiting:
            with self._stage("plan"):
                _ = self._outline
                self._in_place = self._whole(target)

    def find_dirty(self, target: output.Output) -> None:
        """Find every page whose key or file is not what it was: memo 2."""
        with self._stage("plan"):
            planned, old = self._keyed(), target.old
            in_place = self._in_place
            if in_place is None:
                in_place = self._whole(target)  # last: somebody may still look
            self._dirty = planned.others(in_place, carried=self._all_in_place)
            come = sum(1 for path in self._dirty.paths if path not in old)
            # All others of the plan are among the old files: mostly these are as many.
            as_many = len(old) == len(planned) - come
            self._gone = frozenset() if as_many else frozenset([path for path in old if path not in planned])
            target.keep_all_but([*self._dirty.paths, *self._gone])

    def _whole(self, target: output.Output) -> Mapping[str, bytes]:
        """Of the files that are in place as they were put there: the key that each was made from."""
        made, old = self._before.files, target.old
        as_listed = self._as_listed = bool(target.mark) and target.mark == self._before.listed
        put, _ = self._published()
        if as_listed and put and put == self._before.put:
            self._all_in_place = True
            return made.values_of(KEY)  # nearly always, and at once
        keys = made.column(KEY)
        found = self._stamps([f"{target.folder}/{path}" for path in keys])
        stamps, now = list(made.every(STAMP)), list(map(pack, found))
        if as_listed and stamps == now and all(now):
            self._all_in_place = True
            return keys
        digests, listed = [told.hex() for told in made.every(DIGEST)], [old.get(path) for path in keys]
        told = zip(keys.items(), stamps, now, digests, listed, strict=True)
        return {
            path: key for (path, key), stamp, of_now, one, other in told if stamp and (stamp, one) == (of_now, other)
        }

    @cached_property
    def _outline(self) -> tuple[keyed.Keyed, Stories, Places, _Answers]:
        """Every file of the plan that has its place, with its key, but for the pages of stories, which show what these
        recommend: those, where their files lie among the last build's, and what waits for the recommendations."""
        found, answers = keyed.Keyed(), _Answers(self._recommended)
        lists = carried.Lists(self._before, carried.reached(self._before, self._base, self._closures, self._marks))
        for part in plan.parts(self._marks, self._copied, answers):
            if isinstance(part, Stories):
                stories, where = part, self._before.files.places(part.paths)
                found.add_stories(part, self.places.add_stories(part, where.missing()))
                continue
            if isinstance(part, Group):
                paths = lists.as_they_were(part)
                if paths is not None and self.places.carry(part, paths):
                    found.carry(part, paths, lists.keys)
                    continue
            for planned in lists.planned(part) if isinstance(part, Group) else (part,):
                if self.places.add(planned):
                    found.add(planned, keyed.key(self._base, self._closures.of(planned.template), planned))
        self._lists_made = lists.now()
        return found, stories, where, answers

    def _keyed(self) -> keyed.Keyed:
        """Every file of the plan that has its place, with its key."""
        self._planned, stories, where, answers = self._outline
        answers.told = self._recommended
        closure = self._closures.of(stories.TEMPLATE)
        known, missing = self._known(stories, closure, where)
        self._planned.tell(keyed.keys(self._base, closure, stories, known, missing), missing)
        return self._planned

    def _known(self, stories: Stories, closure: bytes, where: Places) -> tuple[Sequence[bytes | None], Sequence[int]]:
        """The keys that the pages of stories have kept since the last build, in which their files lie at `where`; and
        the numbers of those that a change can reach, which have none."""
        before = self._before
        if (self._base, closure) != (before.base, before.closures.get(stories.TEMPLATE)) or self._settled.anew:
            return [None] * len(stories), range(len(stories))
        reached = reach.numbers(stories, self._marks, self._settled.settled.table, self._settled.again)
        return before.files.read(KEY, where, None), sorted(reached.union(where.missing()))

    def _stamps(self, places: Sequence[str]) -> Sequence[Stamp]:
        """The stamps of published files, which may have been looked at a moment ago."""
        _, known = self._published()
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
        self._found += vanished.pages(target.old, self.catalog, self._gone)
        others = [path for path in target.others if path not in self._planned]
        self._found += adoption.kept(os.path.relpath(target.folder, os.path.realpath(self._files.root)), others)

    def _encode_pictures(self, pages: Iterable[Planned], crew: work.Crew, target: output.Output) -> None:
        """Stage the variants of pictures that are new or lost."""
        wanted: dict[str, set[str]] = {}
        for page in pages:
            wanted.setdefault(page.source, set()).add(page.path)
        step = self._progress("Preparing pictures", len(wanted))
        for picture, encoded in self._cache.encoded(map(self._pictures.picture, wanted), crew):
            if isinstance(encoded, Diagnostic):
                self._found.append(encoded)
            else:
                for variant, data in zip(picture.planned.variants, encoded.files, strict=True):
                    path = variant.path.removeprefix("/")
                    if path in wanted[picture.path]:
                        target.stage(path, data, page=False)
            step(1)

    def publish(self, target: output.Output) -> output.Published:
        self._target = target
        with self._stage("publish"):
            output.remove_note(self._files, self._folder)
            self._coming = timeline.changes(self.catalog)
            done = target.publish(self._note())
            self._manifest = target.manifest.stamps()
            dirty, before = self._dirty.paths, self._before.files
            stamps = self._files.stamps([f"{target.folder}/{path}" for path in dirty])
            made: dict[str, Made] = {
                path: (
                    self._planned.key(path),
                    bytes.fromhex(target.digest_of(path)),
                    pack(stamp),
                )
                for path, stamp in zip(dirty, stamps, strict=True)
            }
            leaving = self._gone if self._as_listed else [path for path in before if path not in self._planned]
            self._files_made = before.changed(made, leaving)
            return done

    def _note(self) -> Note:
        """Word of this build, for whoever deploys what it made."""
        planned = self._planned
        withdrawn = [urls.output_path(url) for url in self.catalog.withdrawn.stands.url]
        lists, plain = planned.lists(plan.LEADING), planned.made_with("page.html")
        pages = chain(planned.stories(), plain, withdrawn, lists)
        parts = frozenset(planned.made_with(plan.FRAGMENT))
        return Note(
            base_url=self._settings.site.base_url,
            drafts=self._request.drafts,
            future=self._request.future,
            since=microseconds(self.catalog.clock.now),
            until=microseconds(self._coming[0].at) if self._coming else 1 << 62,
            withdrawn=tuple(sorted(withdrawn)),
            lists=tuple(lists),
            disguised=tuple(sorted(path for path in pages if not path.endswith(".html") and path not in parts)),
        )

    # --- what is kept of it ------------------------------------------------------------------------------------

    def save(self) -> None:
        """Keep what the next build can use."""
        with self._stage("save"):
            found = Ledger(
                base=self._base,
                theme=self._theme_mark,
                closures=self._closures.of_theme(),
                files=self._files_made,
                marks=self._marks.of,
                lists=self._lists_made,
                findings=self._coder.dumps(tuple(self._about_links())),
                pictures=self._pictures.table,
                picture_folders=self._pictures.folders,
                looked=self._looked,
                copied=self._copies.known,
                statics=self._static.kept(),
                ranked=self._ranked,
                settled=self._settled.settled,
                basis=self._basis,
                templates=basis.theme(self._theme),
                at=microseconds(self.catalog.clock.now),
                told=self._memo.told,
                listed=self._target.mark if self._target else b"",
                manifest=self._manifest if self._target else (),
                put=self._put[1] if self._target else b"",
            )
            self._recall.keep_profile(self._profile, found, self._settled, self._event(found))

    def _event(self, found: Ledger) -> history.Event | None:
        """What there is to tell of this build: of a preview nothing, which puts no file in place."""
        if self._target is None:
            return None
        before, dirty, whole = self._before, self._dirty, self._all_in_place
        changes = chronicle.changes(self._marks.changes, self._edits, self.catalog, anew=before.base != found.base)
        return chronicle.event(before, found, dirty, changes, self._settled, full=self._request.full, whole=whole)

    @cached_property
    def _put(self) -> tuple[Sequence[str], bytes]:
        """The published files and those of the manifest, and what stands for their stamps; nothing where one is not
        known."""
        folder = os.path.realpath(self._folder)
        stamps = self._files_made.every(STAMP)
        if not all(stamps) or not self._manifest[0]:
            return (), b""
        places = ManifestFiles(self._files, folder).places()
        paths = [*self._files_made, *(os.path.relpath(place, folder) for place in places)]
        return paths, digest(b"".join([*stamps, packed(self._manifest)]))  # as `quick.told_of` has it

    def remember(self, request: Request, seen: quick.Seen, summary: Summary) -> None:
        """Note what was seen and made, so that a build that would see the same need not look closer."""
        now, coming = self.catalog.clock.now, self._coming
        paths, stamps = self._put
        tried, noted = self._pictures.tried, output.note(self._folder)
        if not stamps or any(stamp and not settled(stamp, self._walk.since) for stamp in tried.values()):
            return
        quick.keep(
            self._files,
            request,
            seen,
            watched={**tried, noted: self._files.stamp(noted)},
            since=microseconds(now),
            until=microseconds(coming[0].at) if coming else 1 << 62,
            output=paths,
            stamps=stamps,
            summary=summary,
            tools=self._tools,
        )

    # --- what is told of it ------------------------------------------------------------------------------------

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

    @property
    def published(self) -> bool:
        """Whether the output folder holds what this build made, and no longer what it held before."""
        return self._target is not None and self._target.certain
