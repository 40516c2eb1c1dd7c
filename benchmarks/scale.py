"""What an archive costs as it grows: docs/scale.md is written from these figures.

    python benchmarks/scale.py [--sizes 1000,10000] [--explore shared] [--jobs 2] [--work DIR] [--json FILE]

For each size an archive is built from nothing, and again: with no change, with one body edited, with
a new story. Prints Markdown: CPU and wall seconds of whole processes, the most memory of all of them together, files
changed, and bytes of the state, of the manifest and of the site. Hugo has no part in it: see cold.py and warm.py.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

from cold import MIB, ROOT, keep_to_processors, sizes_of
from machine import describe
from measure import CommandError, peak_memory, timed
from warm import Archive


@dataclass(frozen=True, slots=True)
class Cost:
    what: str
    wall: float  # seconds
    cpu: float  # seconds, all processes together
    peak: int  # bytes, all processes together; of a run of its own
    files: int  # written or deleted
    stages: dict[str, float]  # seconds of wall


@dataclass(frozen=True, slots=True)
class Size:
    stories: int
    costs: tuple[Cost, ...]
    files: int  # of the site
    data: int  # bytes of these
    state: int  # bytes of .broadsheet/
    manifest: int  # bytes of output/.broadsheet/


def main() -> None:
    options = _arguments()
    keep_to_processors(options.jobs)
    for name in ("corpora", "logs", "outputs"):
        os.makedirs(os.path.join(options.work, name), exist_ok=True)
    machine = describe(options.work, options.python, "")
    try:
        sizes = [Grown(stories, options.explore, options).size() for stories in options.sizes]
    except CommandError as error:
        sys.exit(str(error))
    print(machine, "", *_report(sizes), sep="\n")
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump({"machine": asdict(machine), "sizes": [asdict(size) for size in sizes]}, file, indent=1)


class Grown(Archive):
    """An archive, and what its builds cost."""

    def size(self) -> Size:
        chance = random.Random(1)
        costs = [self._from_nothing()]
        for what, change in (
            ("no change", self._nothing),
            ("edit a body", lambda: self._edited(chance.choice(self.sources))),
            ("publish a story", lambda: self._published("")),
        ):
            costs.append(self._cost(what, change))
            print(f"{self.stories}, {what}: {costs[-1].cpu:.2f} s of CPU", file=sys.stderr, flush=True)
        out = self.command[self.command.index("-o") + 1]
        files, data = _below(out)
        state, manifest = (_below(os.path.join(top, ".broadsheet"))[1] for top in (self.site, out))
        if not self.options.keep:
            shutil.rmtree(out)
            shutil.rmtree(os.path.join(self.site, ".broadsheet"))
        return Size(self.stories, tuple(costs), files, data - manifest, state, manifest)

    def _from_nothing(self) -> Cost:
        """Once, with the memory sampled: at a million stories nobody waits for it twice."""
        before = os.times()
        peak = peak_memory(self.command, self.site, self.environment, self.log)
        after = os.times()
        with open(self.log + ".out", encoding="utf-8") as file:
            told = json.load(file)
        cpu = after.children_user - before.children_user + after.children_system - before.children_system
        return Cost("from nothing", after.elapsed - before.elapsed, cpu, peak, told["files"]["written"], told["stages"])

    def _cost(self, what: str, change: Callable[[], Callable[[], object]]) -> Cost:
        back = change()
        run = timed(self.command, self.site, self.environment, self.log)
        told = json.loads(run.stdout)
        back()
        self._build()
        back = change()
        peak = peak_memory(self.command, self.site, self.environment, self.log)
        back()
        self._build()
        files = told["files"]["written"] + told["files"]["deleted"]
        return Cost(what, run.wall, run.cpu, peak, files, told["stages"])


def _report(sizes: list[Size]) -> Iterator[str]:
    yield "| stories | what | wall s | CPU s | CPU µs a story | peak MiB | files changed |"
    yield "| ---: | --- | ---: | ---: | ---: | ---: | ---: |"
    for size in sizes:
        for cost in size.costs:
            yield (
                f"| {size.stories:,} | {cost.what} | {cost.wall:.2f} | {cost.cpu:.2f} | "
                f"{cost.cpu / size.stories * 1e6:,.0f} | {cost.peak / MIB:,.0f} | {cost.files:,} |"
            )
    yield ""
    yield "| stories | files of the site | MB | state MB | bytes of state a story | manifest MB |"
    yield "| ---: | ---: | ---: | ---: | ---: | ---: |"
    for size in sizes:
        yield (
            f"| {size.stories:,} | {size.files:,} | {size.data / 1e6:,.0f} | {size.state / 1e6:,.1f} | "
            f"{size.state / size.stories:,.0f} | {size.manifest / 1e6:,.1f} |"
        )
    yield ""
    stages = list(dict.fromkeys(stage for size in sizes for stage in size.costs[0].stages))
    yield f"| stories: wall µs a story, from nothing | {' | '.join(stages)} |"
    yield f"| ---: |{' ---: |' * len(stages)}"
    for size in sizes:
        found = [f"{size.costs[0].stages.get(stage, 0) / size.stories * 1e6:,.0f}" for stage in stages]
        yield f"| {size.stories:,} | {' | '.join(found)} |"


def _below(folder: str) -> tuple[int, int]:
    """Files and their bytes."""
    files = size = 0
    for current, _, names in os.walk(folder):
        for name in names:
            files, size = files + 1, size + os.lstat(os.path.join(current, name)).st_size
    return files, size


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=sizes_of, default=(1000, 10_000), help="numbers of stories, with commas")
    parser.add_argument("--explore", choices=("inline", "shared"), default="shared", help="rails.explore.mode")
    parser.add_argument("--jobs", type=int, default=2, help="processors, and workers")
    parser.add_argument("--keep", action="store_true", help="leave what was built")
    parser.add_argument("--python", default=sys.executable, help="the interpreter with Broadsheet's requirements")
    parser.add_argument("--work", default=os.path.join(tempfile.gettempdir(), "broadsheet-bench"))
    parser.add_argument("--json", metavar="FILE", help="all figures, for machines")
    options = parser.parse_args()
    options.work = os.path.abspath(options.work)
    if os.path.commonpath((options.work, ROOT)) == ROOT:
        parser.error("--work must be outside the project")
    return options


if __name__ == "__main__":
    main()
