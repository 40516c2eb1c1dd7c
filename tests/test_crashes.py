"""Real builds in processes of their own, killed at any step or failed by any write, as the kernel sees them.

strace puts the fault at the N-th system call of a kind, for N = 1, 2, 3… until none fires.
`tests/test_output_faults.py` does the same in one process behind `files`, at a hundred times the speed; here nothing
stands in for anything, and the writes of SQLite are met too.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from newsroom import STATE, Site, png, source

from broadsheet.files import Files

ROOT = Path(__file__).resolve().parent.parent
AT = "2026-01-15T12:00:00+00:00"
RENAMES = "rename,renameat,renameat2"
SYNCS = "fsync,fdatasync,syncfs"
WRITES = "write,pwrite64"

# What is done to which system calls, and at which of them (as a share of all) when there is no time for each.
FAULTS = {
    "killed at a rename": (RENAMES, "signal=KILL", (0.3, 0.7)),
    "killed at a sync": (SYNCS, "signal=KILL", (0.4, 0.95)),
    "killed at a write": (WRITES, "signal=KILL", (0.4, 0.6)),
    "no space at a write": (WRITES, "error=ENOSPC", (0.2, 0.8)),
    "an error at a write": (WRITES, "error=EIO", (0.5,)),
    "an error at a rename": (RENAMES, "error=EIO", (0, 0.2, 0.9)),
    "an error at a sync": (SYNCS, "error=EIO", (0.8, 0.9, 0.99)),
}
# By CI: locally, those killed at a rename and a full disk stand for them.
SWEPT = ("an error at a rename", "killed at a sync", "killed at a write", "an error at a write", "an error at a sync")


@pytest.fixture(scope="module")
def strace() -> None:
    """The tests need strace, and leave to trace children."""
    works = shutil.which("strace") and subprocess.run(["strace", "-f", "-qq", "-o", os.devnull, "true"]).returncode == 0
    if not works and os.environ.get("BROADSHEET_REQUIRE_STRACE") == "1":
        pytest.fail("strace does not work here")
    if not works:
        pytest.skip("strace does not work here")


@dataclass(frozen=True)
class Ended:
    returncode: int
    errors: str
    fired: bool


class Desk:
    """A site that is published in turn as it was and as it is after an edit: each attempt is a real change between two
    builds that remember, and what the first one added the second one deletes."""

    def __init__(self, folder: Path) -> None:
        self.site = Site(folder / "site", "feeds: {formats: [rss, atom]}\nimages: {widths: [24], formats: [jpeg]}\n")
        self.site.write("content/eu/p.png", png()).write("static/a.css", "a {}")
        self.site.story("eu/stays.md", image={"src": "p.png", "alt": "x"}, topics=["Tea"])
        self.trees: dict[bool, dict[str, bytes]] = {}
        self.edited = True
        for _ in range(2):
            self.turn()
            self.build_plainly()
            self.trees[self.edited] = self.site.tree()
            self._compare_with_a_clean_build(folder / f"clean-{self.edited}")

    def turn(self) -> None:
        """Rewrite, add and delete stories, pictures and files beside them; or take all that back."""
        self.edited = not self.edited
        one, other = ("first", "second") if self.edited else ("second", "first")
        for name in (f"eu/{other}.md", f"{other}/of-region.md", f"eu/{other}.png", f"eu/{other}.txt"):
            (self.site.folder / "content" / name).unlink(missing_ok=True)
        picture = png(50, 30, "gold" if self.edited else "navy")
        self.site.write(f"content/eu/{one}.png", picture).write(f"content/eu/{one}.txt", one)
        body = f"Words of the {one}. See [notes]({one}.txt).\n\n![A dam]({one}.png)"
        self.site.story(f"eu/{one}.md", body, image={"src": f"{one}.png", "alt": "x"}, date="2025-12-01")
        self.site.story(f"{one}/of-region.md", f"![A dam](/content/eu/{one}.png)")
        self.site.write("content/eu/both.md", source(body, title=f"Told as the {one}", date="2025-11-01"))

    def build(self, *arguments: str, calls: str = "", action: str = "", when: int = 0) -> Ended:
        """Build in a process of its own, with a fault at one of its system calls."""
        log = self.site.folder.parent / "strace.log"
        log.unlink(missing_ok=True)
        # Filtering in the kernel is twice as fast, and leaves out signals.
        trace = ["strace", "-f", "-qq", *([] if "signal" in action else ["--seccomp-bpf"]), "-o", str(log)]
        trace += ["-e", f"trace={calls}", "-e", f"inject={calls}:{action}:when={when}"]
        command = [sys.executable, "-B", str(ROOT / "build.py"), "-s", str(self.site.folder), "--at", AT, *arguments]
        done = subprocess.run([*trace, *command], capture_output=True, text=True, timeout=120, cwd=self.site.folder)
        told = log.read_text(errors="replace")
        return Ended(done.returncode, done.stderr, done.returncode < 0 or "(INJECTED)" in told)

    def steps(self, calls: str) -> dict[str, int]:
        """How often a build that publishes makes each of these system calls; the site is as before."""
        for _ in range(2):
            self.turn()
            self.build(calls=calls, action="error=EIO", when=65535)
        told = (self.site.folder.parent / "strace.log").read_text(errors="replace")
        return Counter(re.findall(r"^(?:\d+ +)?(\w+)\(", told, re.MULTILINE))

    def build_plainly(self) -> None:
        built = self.site.build(AT, Files)
        assert built.ok, built.told()

    def _compare_with_a_clean_build(self, place: Path) -> None:
        shutil.copytree(self.site.folder, place, ignore=shutil.ignore_patterns(STATE, "output"))
        clean = Site.__new__(Site)
        clean.folder = place
        clean.good(AT)
        assert clean.tree() == self.trees[self.edited]


@pytest.fixture(scope="module")
def desk(strace: None, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("crashes"))


def missing_assets(site: Site) -> list[str]:
    """The files that pages in the output show or load, or link to as notes, and that are not there."""
    files = site.tree()
    found = []
    for path, data in files.items():
        if path.endswith(".html"):
            text = data.decode()
            shown = re.findall(r'\s(?:src|href|poster|content)="([^"]+)"', text)
            shown += [place.split()[0] for many in re.findall(r'srcset="([^"]+)"', text) for place in many.split(",")]
            local = [place.removeprefix("https://example.org") for place in shown]
            assets = [
                place for place in local if re.fullmatch(r"/[^/?#].*\.(?:jpe?g|webp|png|svg|ico|css|js|txt)", place)
            ]
            assert assets
            found += [f"{path}: {place}" for place in assets if place[1:] not in files and "/fragments/" not in place]
    return found


def attempt(desk: Desk, kind: str, call: str, when: int) -> tuple[bool, str]:
    """Publish a change and meet a fault on the way; look at what is left, and at what the next build makes of it.
    Gives whether the fault was met at all, and what was told of it."""
    action = FAULTS[kind][1]
    old = desk.trees[desk.edited]
    desk.turn()
    new = desk.trees[desk.edited]
    ended = desk.build(calls=call, action=action, when=when)
    where = f"{kind}, {call} number {when}: {ended}"
    found, journal = desk.site.tree(), (desk.site.output / STATE / "journal.json").exists()
    assert missing_assets(desk.site) == [], where
    told = "killed"
    if ended.returncode >= 0:
        told = verdict(ended, old=found == old and not journal, new=found == new and not journal, journal=journal)
        assert told, where
    elif not journal:
        assert found in (old, new), where
    desk.build_plainly()
    assert desk.site.tree() == new, where
    assert os.listdir(desk.site.output / STATE / "stage") == [], where
    return ended.fired, told


def verdict(ended: Ended, *, old: bool, new: bool, journal: bool) -> str:
    """What a build said of itself; empty where that is not true, or not said in one line."""
    lines = [line for line in ended.errors.splitlines() if "[vanished-page]" not in line and "    hint: " not in line]
    if ended.returncode == 0 and new and not lines:
        return "published"
    if ended.returncode == 1 and new and "the report can't be written: " in ended.errors:
        return "no report"
    if ended.returncode != 1 or len(lines) != 1 or "Traceback" in ended.errors:
        return ""
    if "nothing was published" in lines[0]:
        return "nothing was published" if old else ""
    if "the next build completes it" in lines[0]:
        return "to be completed" if journal else ""
    return ""


@pytest.mark.parametrize(
    "kind",
    [pytest.param(kind, marks=pytest.mark.slow) if kind in SWEPT else kind for kind in FAULTS],
)
def test_a_real_build_that_meets_a_fault_is_completed_by_a_plain_one(desk: Desk, kind: str) -> None:
    calls, _, shares = FAULTS[kind]
    steps = desk.steps(calls)
    call = max(steps, key=steps.__getitem__)
    for share in shares:
        fired, _ = attempt(desk, kind, call, 1 + int(share * (steps[call] - 1)))
        assert fired


@pytest.mark.slow
@pytest.mark.parametrize("kind", FAULTS)
def test_a_real_build_may_meet_a_fault_at_every_single_step(desk: Desk, kind: str) -> None:
    told: Counter[str] = Counter()
    steps = 0
    for call in FAULTS[kind][0].split(","):
        for when in range(1, 1000):
            fired, words = attempt(desk, kind, call, when)
            again, _ = attempt(desk, kind, call, when)  # on the way back: what was added is deleted
            if not (fired or again):
                break
            told[words] += 1
            steps += 1
        else:
            pytest.fail("the faults never end")
    print(f"{kind}: {steps} steps, both ways: {dict(told)}")  # noqa: T201  # what the run is for
    assert steps > 20
