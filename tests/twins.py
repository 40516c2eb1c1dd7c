"""A site that is built again and again, and its twin: the same sources built from nothing in another folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from newsroom import NOW, STATE, Built, NoWait, Site, tree, unwatched

from broadsheet import (
    articles,
    building,
    dryrun,
    engine,
    groundwork,
    history,
    keyed,
    ledger,
    manifests,
    quick,
    rehearsal,
    sitefolder,
    templates,
    views,
)
from broadsheet.codec import microseconds
from broadsheet.digest import digest
from broadsheet.errors import ContentError
from broadsheet.files import Files, Stamp

# Small, so that a handful of stories is more than every list holds.
CONFIG: Mapping[str, Any] = {
    "rails": {
        "explore": {"limit": 3, "mode": "shared"},
        "recommended": {"limit": 2, "window_days": 40},
    },
    "feeds": {"limit": 3},
    "images": {"widths": [24], "formats": ["jpeg"]},
    "checks": dict.fromkeys(
        ("broken-link", "missing-pick", "missing-picture", "broken-picture", "missing-alt"), "warn"
    ),
}


# A manifest is written as what has changed, as in an archive.
FEW = patch.object(manifests, "_FEW", 0)

# The compiled themes of the last builds: most of a small build's time would go there.
_compiled = lru_cache(maxsize=64)(templates.unchecked.__wrapped__)


class Later(NoWait):
    """Files of which none was written just now, so that every stamp is trusted."""

    def now(self) -> int:
        return super().now() + 10_000_000_000


class Asking(Later):
    """Notes the files that are asked for one by one, relative to the site folder where they lie in it."""

    asked: list[str]

    def _note(self, path: str) -> None:
        self.asked.append(path.removeprefix(f"{self.root}/"))

    def is_file(self, path: str) -> bool:
        self._note(path)
        return super().is_file(path)

    def stamp(self, path: str) -> Stamp:
        self._note(path)
        return super().stamp(path)

    def read(self, path: str) -> bytes:
        self._note(path)
        return super().read(path)


class Twins:
    """`site` is the one that remembers. Every build of it is compared with one that can't."""

    def __init__(self, folder: Path) -> None:
        self.site = Site(folder / "site")
        self.site.write("content/_index.md", "---\ntitle: Home\n---\n")
        self.configure()
        self._folder = folder
        self._twins = 0
        self.mutation: Callable[[], AbstractContextManager[object]] = nullcontext  # around builds of the site alone
        self.glances = 0  # builds that were seen at a glance to have nothing to do

    def configure(self, more: Mapping[str, Any] = CONFIG, **of_site: str) -> None:
        """Write config.yaml: `more` are its keys but for `site`."""
        import json

        lines = "".join(f"{key}: {json.dumps(value)}\n" for key, value in more.items())
        self.site.configure(lines, **of_site)

    def clean(self, at: datetime | str = NOW, **options: Any) -> tuple[Built, dict[str, bytes]]:
        """A build of the same sources from nothing, and its output."""
        self._twins += 1
        place = self._folder / f"twin-{self._twins}"
        twin = Site(place / "site")
        for name in sorted(os.listdir(self.site.folder)):
            source = self.site.folder / name
            if source.is_symlink():
                (twin.folder / name).symlink_to(os.readlink(source))
            elif source.is_file():
                shutil.copyfile(source, twin.folder / name)
            elif name not in (STATE, "output"):
                shutil.copytree(source, twin.folder / name, symlinks=True)
        if "output" in options:
            options["output"] = str(place / "other")
        built = twin.build(at, **options)
        found = tree(place / "other") if "output" in options else twin.tree()
        shutil.rmtree(place)
        return built, found

    def stale(
        self, at: datetime | str = NOW, door: Callable[[str], Files] = Later, *, told: bool = False, **options: Any
    ) -> list[str]:
        """Build, and compare with the twin: what differs, in words. Where errors stop the twin they stop the site,
        which stays as it was. `told`: what the build does is compared with what `--plan` says first."""
        folder = Path(options.get("output") or self.site.output)
        before = tree(folder)
        # Page by page, as in an archive: of a handful of stories each change would reach enough to plan all of them.
        # And other processes look at files, and rank; the twin does it all in one.
        alone = (
            patch.object(keyed, "_ONE_BY_ONE", 0),
            patch.object(building, "_MANY", 0),
            patch.object(quick, "MANY", 0),
        )
        with alone[0], alone[1], alone[2], FEW, self.mutation():
            foretold = Foretold(self.site, folder, at, options) if told else None
            with quick.glance(request(self.site, at, options), door(str(self.site.folder))) as glance:
                built = self.site.build(at, door, glance.look, **{"jobs": 2, **options})
        self.glances += glance.summary is not None
        twin, wanted = self.clean(at, **options)
        self.built = built
        if not twin.ok:
            wanted = before
        return [
            *(foretold.lies(built) if foretold else ()),
            *(misjudged(glance.summary, built) if glance.summary else ()),
            *differences(tree(folder), wanted),
            *(
                [f"the build {'succeeds' if built.ok else 'fails'} alone:\n{built.told()}"]
                if built.ok != twin.ok
                else ()
            ),
            *(f"found by the site alone: {told}" for told in sorted(findings(built) - findings(twin))),
            *(f"found by the twin alone: {told}" for told in sorted(findings(twin) - findings(built))),
        ]

    def check(self, at: datetime | str = NOW, door: Callable[[str], Files] = Later, **options: Any) -> Built:
        found = self.stale(at, door, **options)
        assert not found, "\n".join(found)
        return self.built

    def changes(self, at: datetime | str = NOW, door: Callable[[str], Files] = Later, **options: Any) -> Changes:
        """Build, and tell what became of the files of the output: what `--plan` said before, file by file."""
        before = tree(self.site.output)
        stamps = {path: os.stat(self.site.output / path).st_mtime_ns for path in before}
        built = self.check(at, door, told=True, **options)
        assert built.summary is not None, built.told()
        after = tree(self.site.output)
        touched = {path for path in after if stamps.get(path) != os.stat(self.site.output / path).st_mtime_ns}
        return Changes(
            built.summary, {p for p in after if before.get(p) != after[p]}, set(before) - set(after), touched
        )


class Changes:
    """What a build did: paths of files that are new or different, that are gone, and that were written."""

    def __init__(self, summary: engine.Summary, changed: set[str], gone: set[str], touched: set[str]) -> None:
        self.rendered, self.written, self.deleted = summary.rendered, summary.written, summary.deleted
        self.changed, self.gone, self.touched = changed, gone, touched


class Foretold:
    """What `--plan` says of the next build, and that saying it writes nothing."""

    def __init__(self, site: Site, folder: Path, at: datetime | str, options: Mapping[str, Any]) -> None:
        self._folder, self._site = folder, site
        self._asked = request(site, at, options)
        self.plan: dryrun.BuildPlan | None = None
        self._errors: set[tuple[str, str]] = set()
        before = [stamps(site.folder), stamps(folder)]
        try:
            self.plan = dryrun.plan(self._asked, unwatched)
        except ContentError as error:
            self._errors = {(finding.path, finding.code) for finding in error.diagnostics}
        assert before == [stamps(site.folder), stamps(folder)], "--plan has written"
        self._before = {path: stamp for path, stamp in before[1].items() if not path.startswith(f"{STATE}/")}

    def lies(self, built: Built) -> list[str]:
        """In what the build did otherwise, in words."""
        if self.plan is None or built.summary is None:
            same = self.plan is built.summary and self._errors == {(f.path, f.code) for f in built.findings}
            return [] if same else ["--plan finds other errors than the build"]
        plan, done = self.plan, built.summary
        written = {file.path: file.size for file in plan.of("write")}
        after = {path: stamp for path, stamp in stamps(self._folder).items() if not path.startswith(f"{STATE}/")}
        touched = {path for path, stamp in after.items() if self._before.get(path) != stamp}
        gone = {file.path for file in plan.of("delete")}
        finished = set(plan.finished)
        found = {
            "rendered": (len(plan.of("write", "same")), done.rendered),
            "written": (len(written), done.written),
            "unchanged": (plan.unchanged, done.unchanged),
            "deleted": (len(gone), done.deleted),
            "files written": (written.keys() - finished, touched - finished),
            "files deleted": ((gone & self._before.keys()) - finished, self._before.keys() - after.keys() - finished),
            "bytes": (written, {path: after[path][1] for path in written if path in after}),
            "warnings": ([f.format() for f in plan.warnings], [f.format() for f in built.warnings]),
            "files without a reason": ([file.path for file in plan.files if not file.reasons], []),
            "files that nobody will remember": (self._forgotten(plan.of("write", "same")), []),
        }
        return [f"{name}: --plan says {one}, it is {other}" for name, (one, other) in found.items() if one != other]

    def _forgotten(self, made: list[dryrun.PlannedFile]) -> list[str]:
        """Of the files that were made, those of which the state doesn't say that this build made them; and those that
        it names, and were not made."""
        if not made:
            return []
        settings = sitefolder.load_settings(Files(str(self._site.folder)), base_url=self._asked.base_url)
        base, asked = settings.site.base_url, self._asked
        name = ledger.profile(os.path.realpath(self._folder), base, drafts=asked.drafts, future=asked.future)
        kept = rehearsal.Glance(str(self._site.folder / STATE / "state.sqlite"), engine.toolchain())
        try:
            told = history.loads(kept.profile(name, history.PART))
        finally:
            kept.close()
        if not told or (asked.now.tzinfo and told[0].at != microseconds(asked.now)):
            return ["all of them"]
        named = {*told[0].files, *told[0].new, *told[0].repaired}
        paths = {file.path for file in made}
        return [file.path for file in made if not told[0].made(file.path, file.template)] + sorted(named - paths)


def request(site: Site, at: datetime | str, options: Mapping[str, Any]) -> engine.Request:
    now = datetime.fromisoformat(at) if isinstance(at, str) else at
    return engine.Request(site=str(site.folder), now=now, **options)


def misjudged(glance: engine.Summary, built: Built) -> list[str]:
    """What a build did, or told, that was said at a glance to have nothing to do."""
    done = built.summary
    if done is None:
        return ["at a glance there was nothing to do, and the build fails"]
    found = {
        "has to be done": (
            (done.written, done.deleted),
            (0, 0),
        ),  # without its state a build makes all, and finds it there
        "is there": ((done.stories, done.pages, done.unchanged), (glance.stories, glance.pages, glance.unchanged)),
        "is wrong": tuple([(f.path, f.line, f.column, f.code, f.message) for f in s.warnings] for s in (done, glance)),
    }
    return [f"what {name}: at a glance {one}, it is {other}" for name, (other, one) in found.items() if one != other]


def stamps(folder: Path) -> dict[str, tuple[int, ...]]:
    """What tells that a file was written: by path, for every file below a folder."""
    found = {}
    for current, _, names in os.walk(folder):
        for name in names:
            place = Path(current) / name
            status = place.lstat()
            found[place.relative_to(folder).as_posix()] = (status.st_mtime_ns, status.st_size, status.st_ino)
    return found


def differences(found: Mapping[str, bytes], wanted: Mapping[str, bytes]) -> list[str]:
    """In what two outputs differ: each file, and its first lines that do."""
    told = [f"{path}: should be gone" for path in sorted(found.keys() - wanted.keys())]
    told += [f"{path}: is missing" for path in sorted(wanted.keys() - found.keys())]
    for path in sorted(found.keys() & wanted.keys()):
        if found[path] != wanted[path]:
            told.append(f"{path}: is stale\n{_first(found[path], wanted[path])}")
    return told


def _first(found: bytes, wanted: bytes) -> str:
    at = next((n for n, (a, b) in enumerate(zip(found, wanted, strict=False)) if a != b), min(len(found), len(wanted)))
    start = max(0, at - 60)
    return "\n".join(f"  {name} …{data[start : at + 100]!r}" for name, data in (("is", found), ("should be", wanted)))


def findings(built: Built) -> set[str]:
    """What a build found, word by word. That a page is gone only the site that had it can tell; of a build that was
    stopped only the errors count: of what it did not come to, another one may know."""
    findings = built.findings if built.ok else built.errors
    return {finding.format() for finding in findings if finding.code != "vanished-page"}


@contextmanager
def toolchain(version: int) -> Iterator[None]:
    """Broadsheet as of some version: another one reads slower, and prints more bylines."""
    with ExitStack() as stack:
        for module in (engine, groundwork, quick, dryrun):
            stack.enter_context(patch.object(module, "toolchain", lambda: digest(b"%d" % version)))
        stack.enter_context(patch.object(templates, "unchecked", _compiled))
        stack.enter_context(patch.object(articles, "WORDS_A_MINUTE", 238 if version % 2 == 0 else 3))
        bylined = ("opinion", "feature") if version % 2 == 0 else ("", "opinion")
        stack.enter_context(patch.object(views, "BYLINED", bylined))
        yield
