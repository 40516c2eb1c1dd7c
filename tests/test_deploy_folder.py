"""Deploys to a folder of this machine: releases, the switch, and going back."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from deploy_folders import FOLDER, TALKS, live, paper
from deploys import LATER, deploy, files_below, newspaper, planned, roll_back
from newsroom import Site

from broadsheet.deploy import session
from broadsheet.deploy.records import DeployError
from broadsheet.files import Files

__all__ = ["live", "paper"]


def test_what_stands_at_the_target_is_the_site_and_nothing_else(paper: Site, live: Path) -> None:
    done = deploy(paper)
    assert files_below(live) == paper.tree()
    assert done.files == len(paper.tree())
    assert not list(live.rglob(".broadsheet"))


def test_an_edit_puts_what_it_changed_and_links_the_rest(paper: Site, live: Path) -> None:
    deploy(paper)
    before = {path: os.stat(live / path).st_ino for path in files_below(live)}
    paper.edit("content/eu/talks.md", "They talk.", "They talk on.").good()
    done = deploy(paper, LATER + timedelta(minutes=1))
    changed = {path for path in before if os.stat(live / path).st_ino != before[path]}
    assert TALKS in changed
    assert done.files == len(changed) < 12
    assert files_below(live) == paper.tree()


def test_a_dry_run_says_what_then_happens_and_writes_nothing(paper: Site, live: Path) -> None:
    deploy(paper)
    paper.edit("content/eu/talks.md", 'title: "Talks"', 'title: "No talks"').remove("content/asia/rain.md").good(
        vanished=True
    )
    everything = paper.folder.parent
    before = {path: path.lstat().st_mtime_ns for path in everything.rglob("*")}
    plan = planned(paper)
    assert {path: path.lstat().st_mtime_ns for path in everything.rglob("*")} == before
    old = files_below(live)
    done = deploy(paper)
    new = files_below(live)
    assert {step.path for step in plan.puts} == {path for path in new if new[path] != old.get(path)}
    assert {step.path for step in plan.deletes} == set(old) - set(new)
    assert plan.bytes == done.bytes == sum(len(new[step.path]) for step in plan.puts)
    assert all(step.reason for step in (*plan.puts, *plan.deletes))


def test_pages_go_at_once_and_their_pictures_after_the_grace_time(paper: Site, live: Path) -> None:
    deploy(paper)
    paper.remove("content/eu/ferry/index.md").remove("content/eu/ferry/deck.png").good(vanished=True)
    deploy(paper)
    assert not (live / "eu/2025/04/ferry/index.html").exists()
    assert list(live.glob("pictures/deck-*"))
    deploy(paper, LATER + timedelta(days=8))
    assert not list(live.glob("pictures/deck-*"))
    assert files_below(live) == paper.tree()


def test_pages_that_expire_or_wait_for_their_hour_go_at_once(paper: Site, live: Path) -> None:
    paper.story("eu/short.md", "Soon gone.", title="Short", date="2025-05-04", expires="2026-01-15T12:30:00Z")
    paper.story("eu/early.md", "Too early.", title="Early", date="2025-05-05").good()
    deploy(paper, LATER - timedelta(minutes=50))
    pages = ("eu/2025/05/short/index.html", "eu/2025/05/early/index.html")
    assert all((live / page).exists() for page in pages)
    assert paper.edit("content/eu/early.md", "title:", "embargo: 2026-03-01T00:00:00Z\ntitle:").build(at=LATER).ok
    deploy(paper)
    assert not any((live / page).exists() for page in pages)
    assert not [path for path, data in files_below(live).items() if b"Soon gone." in data or b"Too early." in data]


def test_a_picture_that_comes_back_in_time_is_not_put_again(paper: Site, live: Path) -> None:
    deploy(paper)
    source = (paper.folder / "content/eu/ferry/index.md").read_bytes()
    paper.remove("content/eu/ferry/index.md").good(vanished=True)
    deploy(paper)
    paper.write("content/eu/ferry/index.md", source).good()
    assert not [step.path for step in planned(paper).puts if step.path.startswith("pictures/")]
    deploy(paper)
    deploy(paper, LATER + timedelta(days=30))
    assert files_below(live) == paper.tree()


def test_files_of_others_in_the_release_are_kept(paper: Site, live: Path) -> None:
    deploy(paper)
    (live / ".well-known").mkdir()
    (live / ".well-known" / "challenge").write_text("theirs")
    paper.edit("content/eu/talks.md", "They talk.", "They talk on.").good()
    deploy(paper)
    assert (live / ".well-known" / "challenge").read_text() == "theirs"


def test_so_many_releases_are_kept(paper: Site, live: Path) -> None:
    for minute in range(5):
        paper.write("content/eu/talks.md", f"---\ntitle: T{minute}\ndate: 2025-05-01\n---\nx\n").good()
        deploy(paper, LATER + timedelta(minutes=minute))
    assert len(list((live.parent / "releases").iterdir())) == 3
    assert files_below(live) == paper.tree()


# --- interruptions and going back ----------------------------------------------------------------------------------


def test_an_interrupted_deploy_leaves_the_old_site_and_the_next_one_ends_it(paper: Site, live: Path) -> None:
    deploy(paper)
    old = files_below(live)
    paper.edit("content/eu/talks.md", "They talk.", "They talk on.").good()

    class Cut(Files):
        left = 4

        def rename(self, source: str, target: str) -> None:
            if "/releases/" in target:
                Cut.left -= 1
                if not Cut.left:
                    raise KeyboardInterrupt
            super().rename(source, target)

    original = session.Files
    session.Files = Cut  # type: ignore[misc]  # the door to the file system
    try:
        with pytest.raises(KeyboardInterrupt):
            deploy(paper)
    finally:
        session.Files = original  # type: ignore[misc]
    assert files_below(live) == old
    paper.edit("content/eu/talks.md", "They talk on.", "They rest.").good()  # other bytes than were left there
    deploy(paper)
    assert files_below(live) == paper.tree()


def test_going_back_never_brings_back_what_was_withdrawn(paper: Site, live: Path) -> None:
    paper.story("asia/snow.md", "It snows.", title="Snow", date="2025-04-30")  # the region stays, and so do links to it
    paper.story("asia/libel.md", "Libel.", title="Libel", date="2025-05-03", topics=["Boats"]).good()
    first = deploy(paper)
    page = "asia/2025/05/libel/index.html"
    assert page in files_below(live)
    paper.edit("content/asia/libel.md", "title:", "status: withdrawn\ntitle:").remove("content/asia/rain.md").good(
        vanished=True
    )
    deploy(paper, LATER + timedelta(minutes=1))
    notice = (live / page).read_bytes()
    paper.edit("content/eu/ferry/index.md", "Boats.", "A mistake.").good()
    deploy(paper, LATER + timedelta(minutes=2))
    roll_back(paper, first.id, LATER + timedelta(minutes=3))
    now = files_below(live)
    assert b"Boats." in now["eu/2025/04/ferry/index.html"]
    assert now[page] == notice
    assert "asia/2025/05/rain/index.html" not in now
    assert not [path for path, data in now.items() if path != page and (b"Libel" in data or b"/libel/" in data)]
    assert not [path for path, data in now.items() if b"rain/" in data]


def test_going_back_to_what_is_not_there_says_what_is(paper: Site) -> None:
    first = deploy(paper)
    paper.edit("content/eu/talks.md", "They talk.", "They talk on.").good()
    deploy(paper, LATER + timedelta(minutes=1))
    with pytest.raises(DeployError, match=first.id):
        roll_back(paper, "nonsense")


# --- compressed siblings -------------------------------------------------------------------------------------------


def test_compressed_siblings_stand_beside_text_and_are_made_once(site: Site, live: Path) -> None:
    import gzip

    import brotli

    newspaper(site, FOLDER.replace("}", ", compress: [br, gz]}"))
    plan = planned(site)
    assert not (site.folder / ".broadsheet/deploy").exists()
    done = deploy(site)
    assert plan.bytes == done.bytes
    page = (live / "index.html").read_bytes()
    assert gzip.decompress((live / "index.html.gz").read_bytes()) == page
    assert brotli.decompress((live / "index.html.br").read_bytes()) == page
    assert not list(live.glob("pictures/*.gz"))
    cache = site.folder / ".broadsheet/deploy/compressed"
    made = {path: path.stat().st_mtime_ns for path in cache.iterdir()}
    site.edit("content/eu/talks.md", "They talk.", "They talk on.").good()
    deploy(site)
    assert {path: path.stat().st_mtime_ns for path in made} == made
    assert gzip.decompress((live / (TALKS + ".gz")).read_bytes()) == (live / TALKS).read_bytes()


# --- the command line ----------------------------------------------------------------------------------------------


def test_the_verb_plans_deploys_and_tells(site: Site, live: Path) -> None:
    newspaper(site, FOLDER)
    command = [sys.executable, "-m", "broadsheet.cli"]
    root = Path(__file__).resolve().parent.parent
    command = [sys.executable, str(root / "build.py")]

    def said(*words: str) -> tuple[int, str]:
        done = subprocess.run(
            [*command, *words, "-s", str(site.folder)], capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stdout + done.stderr

    assert said("build", "-q")[0] == 0
    code, words = said("deploy", "--dry-run")
    assert code == 0
    assert "nothing was done" in words
    assert "put     index.html" in words
    assert not live.exists()
    code, words = said("deploy")
    assert code == 0
    assert "Deployed" in words
    assert "files put" in words
    assert "seconds" not in words
    code, words = said("deploy", "--rollback", "list")
    assert code == 0
    assert len(words.splitlines()) == 1
    assert said("deploy", "nowhere")[0] == 2
    assert said("deploy", "--rollback", "nothing")[0] == 1
    assert said("deploy", "--format", "json", "-n")[1].startswith('{"ok": true')


def test_pictures_reach_the_target_before_pages_and_pages_before_lists() -> None:
    from broadsheet.deploy import kinds

    kinds_of = {
        "pictures/deck-0123456789ab-40.webp": "fingerprinted",
        "explore.js": "asset",
        "manifest.webmanifest": "asset",
        "data/table.json": "asset",
        TALKS: "story",
        "about/team/index.html": "story",
        "index.html": "list",
        "eu/index.html": "list",
        "eu/2025/05/index.html": "list",
        "topics/boats/index.html": "list",
        "fragments/explore/eu.txt": "list",
        "feed.xml": "feed",
        "eu/feed.json": "feed",
        "sitemaps/2025-05.xml": "feed",
        "robots.txt": "feed",
        "_headers": "feed",
    }
    assert {path: kinds.kind(path, None) for path in kinds_of} == kinds_of


def test_no_compressed_sibling_stays_beside_other_bytes(site: Site, live: Path) -> None:
    """A server that has a file compressed gives that, without a look at the other."""
    site.write("static/data.csv", "a,b\n" * 3_000)
    newspaper(site, FOLDER.replace("}", ", compress: [gz]}"))
    deploy(site)
    assert (live / "data.csv.gz").exists()
    site.write("static/data.csv", "a").good()  # too small to be compressed
    deploy(site, LATER + timedelta(minutes=1))
    assert (live / "data.csv").read_text() == "a"
    assert not (live / "data.csv.gz").exists()
    site.remove("static/data.csv").good()
    deploy(site, LATER + timedelta(minutes=2))
    site.write("static/data.csv", "b,c\n" * 3_000).good()
    deploy(site, LATER + timedelta(minutes=3))
    site.remove("static/data.csv").good()
    deploy(site, LATER + timedelta(minutes=4))
    assert (live / "data.csv.gz").exists()  # both wait out the grace time
    site.write("static/data.csv", "c").good()
    deploy(site, LATER + timedelta(minutes=5))
    assert not (live / "data.csv.gz").exists()
