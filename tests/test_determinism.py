"""The same sources give the same bytes, whatever the process, its environment and its number of workers."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from newsroom import Site, png, tree

from broadsheet import work

ROOT = Path(__file__).resolve().parent.parent
STORIES = 230  # enough for worker processes to be used


@pytest.fixture(scope="module")
def section(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = Site(tmp_path_factory.mktemp("determinism") / "site").configure(
        "feeds: {formats: [rss, atom, json]}\n", timezone="Europe/Istanbul", language="tr"
    )
    site.write("content/authors/ada.md", "---\nname: Ada\n---\nYazar.\n")
    site.write("content/eu/photo.png", png(500, 300)).write("static/a.txt", "a").write("static/B/ç.txt", "b")
    for n in range(STORIES):
        site.story(
            f"{('eu', 'türkiye', 'world')[n % 3]}/2025-{n % 12 + 1:02}-{n % 28 + 1:02}-story-{n}.md",
            f"First words of {n} about ferries, grain and {('tea', 'coffee', 'salt')[n % 3]}.\n\n"
            f"## Isparta {n}\n\nMore words, “quoted” and 'half'.\n\nThird.\n\nFourth.",
            date=None,
            title=f"Story {n} of İstanbul",
            topics=[f"Topic {n % 7}", "ISPARTA"],
            authors=["ada", f"Writer {n % 5}"],
            series="Series" if n % 10 == 0 else None,
            label="opinion" if n % 9 == 0 else None,
            image={"src": "photo.png", "alt": "x"} if n == 0 else None,
            lang="ar" if n % 20 == 0 else None,
        )
    return site


# The program, where folders give their names in an order that the first argument sows.
_SHUFFLED = f"""
import os, random, sys
sys.path.insert(0, {str(ROOT)!r})
sow, real = int(sys.argv.pop(1)), os.scandir

class Shuffled:
    def __init__(self, path="."):
        with real(path) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
        random.Random(sow * 1000 + len(found)).shuffle(found)
        self.rest = iter(found)
    def __iter__(self):
        return self.rest
    def __next__(self):
        return next(self.rest)
    def __enter__(self):
        return self
    def __exit__(self, *_):
        pass
    close = __exit__

os.scandir = Shuffled
os.listdir = lambda path=".": [entry.name for entry in Shuffled(path)]
import locale
locale.setlocale(locale.LC_ALL, "")  # as programs do that follow it, and an error where there is no such locale
from broadsheet.cli import main
sys.exit(main())
"""


@pytest.fixture(scope="module")
def turkish(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The locale in which i has another capital, of this test's own."""
    place = tmp_path_factory.mktemp("locales")
    if not shutil.which("localedef") or not os.path.exists("/usr/share/i18n/locales/tr_TR"):
        pytest.skip("no localedef, or no locales to make one of (apt-get install locales)")
    made = ["localedef", "-i", "tr_TR", "-f", "UTF-8", str(place / "tr_TR.UTF-8")]
    subprocess.run(made, check=True, capture_output=True, timeout=60)
    return {"LOCPATH": str(place), "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"}


def _built(
    folder: Path,
    output: Path,
    *,
    jobs: int = 1,
    umask: int = 0o022,
    order: int = 0,
    full: bool = True,
    **environment: str,
) -> str:
    """A digest of every path and byte of a build in a process of its own; `full`: one that remembers nothing. `order`
    is that of the names in folders; 0: as they come."""
    command = [sys.executable, "-c", _SHUFFLED, str(order)] if order else [sys.executable, str(ROOT / "build.py")]
    command += ["-j", str(jobs), "-o", str(output), "--at", "2026-01-15T09:00"]
    before = os.umask(umask)
    try:
        done = subprocess.run(
            [*command, *(["--full"] if full else [])],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=300,
            env={**os.environ, **environment},
        )
    finally:
        os.umask(before)
    assert done.returncode == 0, done.stderr
    return _digest(output)


def _digest(output: Path) -> str:
    found = hashlib.sha256()
    for path, data in sorted(tree(output).items()):
        found.update(f"{path}\0{len(data)}\0".encode() + data)
    return found.hexdigest()


def test_there_are_enough_stories_for_workers() -> None:
    assert STORIES >= work.INLINE_BELOW


ENVIRONMENTS = {
    "two workers, other hashes, another time zone": {
        "jobs": 2,
        "PYTHONHASHSEED": "1",
        "TZ": "Pacific/Auckland",
    },
    "four workers, another order of files, another locale": {
        "jobs": 4,
        "order": 1,
        "PYTHONHASHSEED": "4242",
        "turkish": True,
    },
    "no locale, a closed umask": {"LC_ALL": "C", "LANG": "C", "umask": 0o077, "order": 2, "PYTHONHASHSEED": "0"},
}


@pytest.fixture(scope="module")
def reference(section: Site, tmp_path_factory: pytest.TempPathFactory) -> str:
    return _built(section.folder, tmp_path_factory.mktemp("reference") / "output")


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param(settings, id=name, marks=[] if settings.get("jobs") == 4 else [pytest.mark.slow])
        for name, settings in ENVIRONMENTS.items()
    ],
)
def test_bytes_do_not_depend_on_the_process(
    section: Site, reference: str, settings: dict[str, Any], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    told = dict(settings)
    if told.pop("turkish", False):
        told |= request.getfixturevalue("turkish")
    assert _built(section.folder, tmp_path / "output", **told) == reference


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2, 4])
@pytest.mark.parametrize("umask", [0o022, 0o077], ids=oct)
def test_bytes_do_not_depend_on_anything_of_the_process_together_with_anything_else(
    section: Site, reference: str, jobs: int, umask: int, tmp_path: Path, turkish: dict[str, str]
) -> None:
    zones, locales = ("Pacific/Auckland", "America/New_York"), (turkish, {"LC_ALL": "C"})
    for n, (seed, zone, locale, order) in enumerate(product(("0", "4242"), zones, locales, (1, 2))):
        output = tmp_path / f"output-{n}"
        environment = {"PYTHONHASHSEED": seed, "TZ": zone, **locale}
        built = _built(section.folder, output, jobs=jobs, umask=umask, order=order, **environment)
        assert built == reference, environment
        shutil.rmtree(output)


def test_bytes_do_not_depend_on_what_was_built_before(section: Site, reference: str, tmp_path: Path) -> None:
    output = tmp_path / "output"
    section.build(at="2025-06-01T00:00:00+03:00", output=str(output))
    assert _digest(output) != reference
    assert _built(section.folder, output, jobs=2, full=False) == reference


def test_bytes_do_not_depend_on_the_place_or_order_or_times_of_the_sources(
    section: Site, reference: str, tmp_path: Path
) -> None:
    copy = tmp_path / "a place with blanks ü"
    for place in sorted(section.folder.rglob("*"), reverse=True):
        if place.is_file() and ".broadsheet" not in place.parts and "output" not in place.parts:
            target = copy / place.relative_to(section.folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(place.read_bytes())
            os.utime(target, (1, 1))
    assert _built(copy, tmp_path / "output") == reference


def test_the_modes_of_published_files_are_for_all_to_read(section: Site, tmp_path: Path) -> None:
    output = tmp_path / "output"
    _built(section.folder, output)
    for path in (output / "index.html", output / "feed.xml", output / "a.txt"):
        assert path.stat().st_mode & 0o777 == 0o644
