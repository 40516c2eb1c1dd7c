"""Publishing to an S3 server of this machine: Broadsheet's `build` and `deploy` beside `hugo` and `hugo deploy`.

    python benchmarks/deploying.py --hugo PATH --weed PATH [--sizes 1000,10000] [--runs 3] [--work DIR] [--json FILE]

Both have built and deployed an archive once, Broadsheet's in `shared` mode. Then, turn about: nothing changed, the
newest story was published (bare, and with three topics and an author). Prints Markdown: seconds to build and to deploy,
each the whole process; requests, puts and their bytes, counted in a run of its own by a door before the server, where
Broadsheet's puts have to be just the files that `build --plan` names, the claim and the manifest. Each change is taken
back and that is deployed, too, before the next. What is not fair about it: docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

import corpus
from cold import HUGO, OURS, ROOT, Tool, environment_of, keep_to_processors, put_aside, sizes_of
from machine import describe
from measure import CommandError, timed
from objectstore import KEYS, REGION, Counted, counting, server

OURS_DEPLOY = "{python} {root}/build.py deploy -s {site} --at {clock} --yes --format json"
OURS_TARGET = """\
deploy:
  targets:
    production: {{type: s3, url: "s3://broadsheet", endpoint: "http://127.0.0.1:{port}", region: {region}}}
"""
_OWN = (".broadsheet/deploying.json", ".broadsheet/deployed.json.gz")
HUGO_DEPLOY = "{hugo} deploy --source {site} --config hugo.toml,deploy.toml --maxDeletes -1 --workers 16 --quiet"
HUGO_TARGET = """\
publishDir = "{out}"
[[deployment.targets]]
  name = "s3"
  URL = "s3://hugo?endpoint=http://127.0.0.1:{port}&region={region}&use_path_style=true"
"""


@dataclass(frozen=True, slots=True)
class Result:
    tool: str
    stories: int
    what: str
    build: tuple[float, ...]  # seconds, one a run
    deploy: tuple[float, ...]
    elsewhere: tuple[float, ...]  # processors that others kept busy; with the server's share
    requests: int
    puts: int
    bytes: int  # of the puts
    planned: int  # files that `build --plan` named, which have to be those put but for claim and manifest; -1: untold


class Paper:
    """An archive that a tool has built once, and its bucket."""

    def __init__(self, tool: str, stories: int, port: int, options: argparse.Namespace) -> None:
        self.name, self.stories, self._port = tool, stories, port
        with open(corpus.__file__, "rb") as file:
            maker = hashlib.blake2b(file.read(), digest_size=4).hexdigest()
        folder = os.path.join(options.work, "corpora", f"deploying-{tool}-{stories}-{maker}")
        if not os.path.exists(folder):
            unfinished = f"{folder}.{time.time_ns()}"
            corpus.write_site(unfinished, stories, "hugo" if tool == "hugo" else "broadsheet", explore="shared")
            os.rename(unfinished, folder)
        if tool == "hugo":  # its theme may have changed since
            shutil.copytree(os.path.join(ROOT, "benchmarks", "hugo"), folder, dirs_exist_ok=True)
        self.site = folder
        self._log = os.path.join(options.work, "logs", f"deploying-{tool}-{time.time_ns()}")
        self._out = os.path.join(folder, "output")
        old = os.path.join(options.work, "old-state", f"deploying-{tool}-{time.time_ns()}")
        put_aside(self._out, old + "-output")
        put_aside(os.path.join(folder, ".broadsheet"), old)
        related = "section" if stories <= options.related_up_to else "none"
        variables = (("HUGO_PARAMS_RELATED", related), *KEYS.items())
        self._environment = environment_of(Tool(tool, "broadsheet", "", variables), options.work)
        blanks = {"site": folder, "out": self._out, "jobs": options.jobs, "clock": corpus.AFTER_THE_LAST_STORY}
        blanks |= {"python": options.python, "root": ROOT, "hugo": options.hugo}
        self._build, self._deploy = (
            [word.format(**blanks) for word in command.split()]
            for command in ((HUGO, HUGO_DEPLOY) if tool == "hugo" else (OURS, OURS_DEPLOY))
        )
        self.reached_by(port)

    def reached_by(self, port: int) -> None:
        """Deploys go to this port from here on."""
        if self.name == "hugo":
            _write(os.path.join(self.site, "deploy.toml"), HUGO_TARGET.format(out=self._out, port=port, region=REGION))
        else:
            config = corpus.CONFIG.format(explore="shared") + OURS_TARGET.format(port=port, region=REGION)
            _write(os.path.join(self.site, "config.yaml"), config)

    def published(self, change: Callable[[str], Callable[[], object]]) -> tuple[float, float, float]:
        """Seconds to build and to deploy a change, and how busy other programs were; afterwards it is taken back."""
        back = change(self.site)
        time.sleep(0.05)  # what was written in the same tick as the build begins is read again by the next
        built = timed(self._build, self.site, self._environment, self._log)
        deployed = timed(self._deploy, self.site, self._environment, self._log)
        back()
        self.settle()
        return built.wall, deployed.wall, max(built.elsewhere, deployed.elsewhere)

    def counted(self, change: Callable[[str], Callable[[], object]]) -> tuple[Counted, int]:
        """What a deploy of a change asks of the server, and how many files `build --plan` said that it would put.
        CommandError where these are other files."""
        back = change(self.site)
        time.sleep(0.05)
        planned = self._planned() if self.name == "broadsheet" else None
        timed(self._build, self.site, self._environment, self._log)
        with counting(self._port) as (port, seen):
            self.reached_by(port)
            timed(self._deploy, self.site, self._environment, self._log)
        self.reached_by(self._port)
        back()
        self.settle()
        put = {path.removeprefix("/broadsheet/") for path in seen.paths}
        if planned is not None and put - set(_OWN) != planned:
            other = sorted((put - set(_OWN)) ^ planned)[:5]
            raise CommandError(f"what was put is not what --plan named: {', '.join(other)}")
        return seen, -1 if planned is None else len(planned)

    def _planned(self) -> set[str]:
        told = json.loads(timed([*self._build, "--plan"], self.site, self._environment, self._log).stdout)
        return {file["path"] for file in told["plan"] if file["action"] == "write"}

    def settle(self) -> None:
        timed(self._build, self.site, self._environment, self._log)
        timed(self._deploy, self.site, self._environment, self._log)


def main() -> None:
    options = _arguments()
    keep_to_processors(options.jobs)
    for name in ("corpora", "logs", "stores"):
        os.makedirs(os.path.join(options.work, name), exist_ok=True)
    machine = describe(options.work, options.python, options.hugo)
    results: list[Result] = []
    failure = ""
    for stories in options.sizes:
        place = os.path.join(options.work, "stores", str(time.time_ns()))
        try:
            with server(options.weed, place, ("broadsheet", "hugo")) as port:
                for result in _compared(stories, port, options):
                    results.append(result)
                    _keep(options.json, {"machine": asdict(machine), "results": [asdict(one) for one in results]})
        except (CommandError, OSError, RuntimeError) as error:
            failure = f"at {stories:,} stories: {error}"
            break
        finally:
            shutil.rmtree(place, ignore_errors=True)  # gigabytes, for large archives
    print(machine, "", *(_report(results) if results else ()), sep="\n")
    if failure:
        sys.exit(failure)


def _keep(place: str, figures: dict[str, object]) -> None:
    """Write down what there is so far: a large archive takes an hour, and may fail in the end."""
    if place:
        _write(place + ".new", json.dumps(figures, indent=1))
        os.replace(place + ".new", place)


def _compared(stories: int, port: int, options: argparse.Namespace) -> Iterator[Result]:
    papers = [Paper(tool, stories, port, options) for tool in ("broadsheet", "hugo")]
    for paper in papers:
        start = time.monotonic()
        paper.settle()
        _say(paper, f"built and deployed for the first time in {time.monotonic() - start:.1f} s")
    for what, change in CHANGES.items():
        runs: dict[str, list[tuple[float, float, float]]] = {paper.name: [] for paper in papers}
        for turn in range(options.runs):
            for paper in papers if turn % 2 == 0 else papers[::-1]:
                runs[paper.name].append(paper.published(change))
                _say(paper, "{}: built in {:.2f} s, deployed in {:.2f} s".format(what, *runs[paper.name][-1]))
        for paper in papers:
            seen, planned = paper.counted(change)
            build, deploy, elsewhere = zip(*runs[paper.name], strict=True)
            yield Result(
                paper.name, stories, what, build, deploy, elsewhere, seen.requests, seen.puts, seen.bytes, planned
            )


def _say(paper: Paper, text: str) -> None:
    print(f"{paper.name} {paper.stories:,}: {text}", file=sys.stderr, flush=True)


# --- changes: each gives what takes it back ----------------------------------------------------------------------


def _nothing(_site: str) -> Callable[[], object]:
    return lambda: None


def _bare(site: str) -> Callable[[], object]:
    return _story(site, "")


def _named(site: str) -> Callable[[], object]:
    world = corpus.World(1)
    topics = ", ".join(json.dumps(name, ensure_ascii=False) for name in world.topics[:3])
    return _story(site, f"topics: [{topics}]\nauthors: [{json.dumps(world.authors[0], ensure_ascii=False)}]\n")


def _story(site: str, named: str) -> Callable[[], object]:
    """The newest story of a region, under one name and date in both archives."""
    region = next(iter(corpus.REGIONS))
    path = os.path.join(site, "content", region, "what-was-decided-today.md")
    date = corpus.AFTER_THE_LAST_STORY.removesuffix("Z")
    text = f"---\ntitle: What was decided today\ndate: {date}\n{named}---\n\nA first paragraph.\n\nA second one.\n"
    _write(path, text)
    return lambda: os.remove(path)


CHANGES = {
    "nothing changed": _nothing,
    "publish a bare story": _bare,
    "publish, three topics and an author": _named,
}


def _report(results: list[Result]) -> Iterator[str]:
    elsewhere = [share for result in results for share in result.elsewhere]
    yield f"Other programs, the S3 server among them, kept {min(elsewhere):.2f}–{max(elsewhere):.2f} processors busy."
    yield ""
    yield "| stories | tool | what | build s | deploy s (range) | requests | puts | KB put | files of --plan |"
    yield "| ---: | --- | --- | ---: | --- | ---: | ---: | ---: | ---: |"
    for result in results:
        planned = result.planned if result.planned >= 0 else ""
        deploy = f"{statistics.median(result.deploy):.2f} ({min(result.deploy):.2f}–{max(result.deploy):.2f})"
        yield (
            f"| {result.stories:,} | {result.tool} | {result.what} | {statistics.median(result.build):.2f} | {deploy} "
            f"| {result.requests:,} | {result.puts:,} | {result.bytes / 1000:,.0f} | {planned} |"
        )


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hugo", required=True, help="Hugo's binary itself, with its deploy command")
    parser.add_argument("--weed", required=True, help="SeaweedFS's binary")
    parser.add_argument("--sizes", type=sizes_of, default=(1000, 10_000), help="numbers of stories, with commas")
    parser.add_argument("--runs", type=int, default=3, help="timed runs of each change")
    parser.add_argument("--jobs", type=int, default=2, help="processors for all, and Broadsheet's workers")
    parser.add_argument("--related-up-to", type=int, default=10_000, help="stories; above, Hugo relates none")
    parser.add_argument("--python", default=sys.executable, help="the interpreter with Broadsheet's requirements")
    parser.add_argument("--work", default=os.path.join(tempfile.gettempdir(), "broadsheet-bench"))
    parser.add_argument("--json", metavar="FILE", help="all figures, for machines")
    options = parser.parse_args()
    options.work, options.hugo = os.path.abspath(options.work), os.path.abspath(options.hugo)
    options.weed = os.path.abspath(options.weed)
    if os.path.commonpath((options.work, ROOT)) == ROOT:
        parser.error("--work must be outside the project")
    return options


if __name__ == "__main__":
    main()
