"""The preview of an archive by Broadsheet and by Hugo's server, turn about in one run.

    python benchmarks/preview.py [--hugo PATH] [--sizes 1000,10000] [--runs 3] [--edits 20] [--work DIR] [--json FILE]

Prints Markdown: from starting the server to the first article, with nothing remembered (cold) and with what the run
before left (warm; a word was edited while the server was down, and must be on the page that is timed); from saving an
edit to its being served; from saving a new story to its headline in the Explore rail of another page; and the memory of
all the server's processes, at rest after that and at their largest. Everything is asked for on loopback every 5 ms.
Each tool is started once unmeasured. What is not fair about it: docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shlex
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

import corpus
from cold import MIB, ROOT, Tool, environment_of, keep_to_processors, put_aside, site_of, sizes_of
from machine import describe
from measure import busy_seconds, peak_of, tree_cpu, tree_memory

POLL = 0.005  # seconds
PATIENCE = 900.0
OURS = "{python} {root}/build.py serve -s {site} -p {port} -j {jobs} --at {clock}"
HUGO = (
    "{hugo} server --source {site} --port {port} --bind 127.0.0.1 --clock {clock} --renderToMemory --disableFastRender "
    "--buildDrafts --buildFuture --baseURL http://127.0.0.1/ --quiet"
)


@dataclass(slots=True)
class Result:
    tool: str
    stories: int
    cold: list[float] = field(default_factory=list)  # seconds
    cold_cpu: list[float] = field(default_factory=list)  # of them, seconds of all processors together
    warm: list[float] = field(default_factory=list)
    warm_cpu: list[float] = field(default_factory=list)
    edit: list[float] = field(default_factory=list)
    publish: list[float] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)  # bytes, after all that
    peak: list[int] = field(default_factory=list)  # bytes, at most at any time
    elsewhere: list[float] = field(default_factory=list)  # processors that others kept busy, server by server


def main() -> None:
    options = _arguments()
    keep_to_processors(options.jobs)
    os.makedirs(os.path.join(options.work, "logs"), exist_ok=True)
    ours = Tool("broadsheet", "broadsheet", OURS)
    tools = [ours, Tool("hugo", "hugo", HUGO, (("HUGO_PARAMS_RELATED", "section"),))] if options.hugo else [ours]
    machine = describe(options.work, sys.executable, options.hugo)
    results: list[Result] = []
    for stories in options.sizes:
        found = {tool.name: Result(tool.name, stories) for tool in tools}
        for tool in tools:
            warm_up(tool, stories, options)
        for turn in range(options.runs):
            for tool in tools if turn % 2 == 0 else tools[::-1]:
                measure(tool, found[tool.name], turn, options)
        for tool in tools:
            weigh(tool, found[tool.name], options)
        results += found.values()
    print(machine, "", *report(results, options), sep="\n")
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump({"machine": asdict(machine), "results": [asdict(result) for result in results]}, file, indent=1)


def warm_up(tool: Tool, stories: int, options: argparse.Namespace) -> None:
    """What no later start pays for: sources in the disk cache, Python's bytecode."""
    site = site_of(tool, stories, options)
    with serving(tool, site, options) as server:
        server.until(Pages(site).newest, b"</html>")


def measure(tool: Tool, result: Result, turn: int, options: argparse.Namespace) -> None:
    """One round: cold start, edits, publications; warm start with an edit made while the server was down."""
    site = site_of(tool, result.stories, options)
    name = f"{tool.name}-{time.time_ns()}"
    put_aside(os.path.join(site, ".broadsheet"), os.path.join(options.work, "old-state", name))
    pages = Pages(site)
    try:
        with serving(tool, site, options) as server:
            result.cold.append(server.until(pages.newest, b"</html>"))
            result.cold_cpu.append(tree_cpu(server.process.pid))
            _say(result, f"cold {result.cold[-1]:.2f} s")
            server.settle()
            for n in range(options.edits):
                result.edit.append(server.after(pages.edit, pages.newest, f"edited{turn}x{n}"))
            for n in range(options.publications):
                result.publish.append(server.after(pages.publish, pages.newest, f"published{turn}x{n}"))
            result.memory.append(tree_memory(server.process.pid))
            result.elsewhere.append(server.elsewhere())
            _say(result, f"edit {_ms(result.edit)} ms, publish {_ms(result.publish)} ms")
        word = f"away{turn}"
        pages.edit(word)
        with serving(tool, site, options) as server:
            result.warm.append(server.until(pages.newest, word.encode()))
            result.warm_cpu.append(tree_cpu(server.process.pid))
            result.elsewhere.append(server.elsewhere())
            _say(result, f"warm {result.warm[-1]:.2f} s")
    finally:
        pages.restore()


def weigh(tool: Tool, result: Result, options: argparse.Namespace) -> None:
    """One round more, looked at all the time, and not timed: cold start, an edit, a publication."""
    site = site_of(tool, result.stories, options)
    name = f"{tool.name}-{time.time_ns()}"
    put_aside(os.path.join(site, ".broadsheet"), os.path.join(options.work, "old-state", name))
    pages = Pages(site)
    try:
        with serving(tool, site, options) as server, peak_of(server.process.pid) as peaks:
            server.until(pages.newest, b"</html>")
            server.settle()
            server.after(pages.edit, pages.newest, "weighed")
            server.after(pages.publish, pages.newest, "weighedtoo")
            server.settle()
        result.peak.append(peaks[0])
        _say(result, f"at most {peaks[0] / MIB:,.0f} MiB")
    finally:
        pages.restore()


class Pages:
    """A site's newest story of its largest region, and what is done to it and beside it."""

    def __init__(self, site: str) -> None:
        region = next(iter(corpus.REGIONS))
        self._folder = os.path.join(site, "content", region)
        stories = [
            os.path.join(folder, name)
            for folder, _, names in os.walk(self._folder)
            for name in names
            if name.endswith(".md") and name != "_index.md"
        ]
        self._path = max(stories, key=_date)
        with open(self._path, encoding="utf-8") as file:
            self._text = file.read()
        slug = next(line for line in self._text.splitlines() if line.startswith("slug: ")).removeprefix("slug: ")
        month = os.path.relpath(os.path.dirname(self._path), self._folder)
        self.newest = f"/{region}/{month}/{slug}/"
        self._made: list[str] = []

    def edit(self, word: str) -> None:
        """A word more at the end of the text."""
        with open(self._path, "w", encoding="utf-8") as file:
            file.write(f"{self._text}\n\nHere is the word {word}.\n")

    def publish(self, word: str) -> None:
        """A new story, the region's newest, with a headline of its own."""
        path = os.path.join(os.path.dirname(self._path), f"{word}.md")
        date = (
            f"2026-11-01T12:{len(self._made) // 60:02}:{len(self._made) % 60:02}Z"  # after the last, before the clock
        )
        self._made.append(path)
        with open(path, "w", encoding="utf-8") as file:
            named = f'title: "{word}"\nslug: {word}\ndate: {date}\nauthors: [Ada]\ntopics: [News]\ndescription: New.\n'
            file.write(f"---\n{named}---\n\nIt is new.\n")

    def restore(self) -> None:
        for path in self._made:
            os.unlink(path)
        self._made = []
        with open(self._path, "w", encoding="utf-8") as file:
            file.write(self._text)


def _date(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.startswith("date: "):
                return datetime.fromisoformat(line[6:].strip()).astimezone(UTC).isoformat()
    return ""


class Server:
    """A preview that runs, and a client that asks it again and again."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, start: float) -> None:
        self.process = process
        self._port = port
        self._start = start
        self._ours = sum(os.times()[:2])
        self._busy = busy_seconds()

    def elsewhere(self) -> float:
        """Processors kept busy since the start by neither the server nor this client: much above 0.1, and wall times
        tell little."""
        ours = tree_cpu(self.process.pid) + sum(os.times()[:2]) - self._ours
        return max(0.0, busy_seconds() - self._busy - ours) / (time.monotonic() - self._start)

    def until(self, path: str, text: bytes) -> float:
        """Seconds from the start until a page holds a text."""
        return self._wait(path, text) - self._start

    def after(self, change: Callable[[str], None], path: str, word: str) -> float:
        """Seconds from a change until a page holds its word; then a pause, as somebody reads."""
        start = time.monotonic()
        change(word)
        took = self._wait(path, word.encode()) - start
        self.settle()
        return took

    def settle(self) -> None:
        """Wait until the server has been at rest for a while."""
        calm, before = 0, tree_cpu(self.process.pid)
        while calm < 5:
            time.sleep(0.1)
            now = tree_cpu(self.process.pid)
            calm, before = (calm + 1 if now - before < 0.015 else 0), now

    def _wait(self, path: str, text: bytes) -> float:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.process.poll() is not None:
                sys.exit(f"the server ended: {self.process.args!r}")
            with suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
                connection.request("GET", path)
                answer = connection.getresponse()
                body = answer.read()
                connection.close()
                if answer.status == 200 and text in body:
                    return time.monotonic()
            time.sleep(POLL)
        sys.exit(f"{path} never held {text!r}")


@contextmanager
def serving(tool: Tool, site: str, options: argparse.Namespace) -> Iterator[Server]:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    blanks = {"hugo": options.hugo, "clock": corpus.AFTER_THE_LAST_STORY, "site": site, "port": port}
    blanks |= {"python": sys.executable, "root": ROOT, "jobs": options.jobs}
    command = [part.format(**blanks) for part in shlex.split(tool.command)]
    environment = environment_of(tool, options.work)
    log = os.path.join(options.work, "logs", f"{tool.name}-{time.time_ns()}")
    with open(log, "wb") as out:
        start = time.monotonic()
        process = subprocess.Popen(
            command, cwd=site, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        yield Server(process, port, start)
    finally:
        process.terminate()
        process.wait(60)


def report(results: list[Result], options: argparse.Namespace) -> list[str]:
    others = [share for result in results for share in result.elsewhere]
    rounds = f"{options.runs} rounds of {options.edits} edits and {options.publications} new stories"
    columns = ["stories", "tool", "first article, cold s", "CPU s", "warm s", "CPU s", "edit → served ms"]
    columns += ["new story → Explore ms", "MiB at rest", "at most"]
    lines = [
        f"Medians (ranges) of {rounds}. Other programs kept {min(others):.2f}–{max(others):.2f} processors busy.",
        "",
        f"| {' | '.join(columns)} |",
        "| ---: | --- | --- | ---: | --- | ---: | --- | --- | ---: | ---: |",
    ]
    for result in results:
        seconds = [
            f"{statistics.median(times):.2f} ({min(times):.2f}–{max(times):.2f}) | {statistics.median(cpu):.2f}"
            for times, cpu in ((result.cold, result.cold_cpu), (result.warm, result.warm_cpu))
        ]
        memory = [f"{statistics.median(found) / MIB:,.0f}" for found in (result.memory, result.peak)]
        cells = [f"{result.stories:,}", result.tool, *seconds, _ms(result.edit), _ms(result.publish), *memory]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _ms(times: list[float]) -> str:
    if not times:
        return "–"
    return f"{statistics.median(times) * 1000:.0f} ({min(times) * 1000:.0f}–{max(times) * 1000:.0f})"


def _say(result: Result, text: str) -> None:
    print(f"{result.tool} {result.stories}: {text}", file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hugo", metavar="PATH", default="", help="Hugo's binary; without it, Broadsheet alone")
    parser.add_argument("--sizes", type=sizes_of, default=(1000, 10_000), help="numbers of stories, with commas")
    parser.add_argument("--jobs", type=int, default=2, help="processors for either tool, and Broadsheet's workers")
    parser.add_argument("--runs", type=int, default=3, help="rounds of each tool (default: 3)")
    parser.add_argument("--edits", type=int, default=20, help="timed edits a round (default: 20)")
    parser.add_argument("--publications", type=int, default=5, help="timed new stories a round (default: 5)")
    parser.add_argument("--work", default=os.path.join(tempfile.gettempdir(), "broadsheet-bench"))
    parser.add_argument("--json", metavar="FILE", help="all figures, for machines")
    options = parser.parse_args()
    options.pictures, options.explore = False, "inline"  # other pages show a new story's headline
    options.work = os.path.abspath(options.work)
    options.hugo = os.path.abspath(options.hugo) if options.hugo else ""
    if os.path.commonpath((options.work, ROOT)) == ROOT:
        parser.error("--work must be outside the project")
    return options


if __name__ == "__main__":
    main()
