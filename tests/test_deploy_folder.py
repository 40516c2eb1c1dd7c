"""Deploys to a folder of this machine: releases, the switch, what is refused, and going back."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from deploys import LATER, deploy, files_below, newspaper, planned, roll_back
from newsroom import Site

from broadsheet.deploy import session
from broadsheet.deploy.records import BusyError, DeployError
from broadsheet.errors import UsageError
from broadsheet.files import Files

FOLDER = "production: {type: folder, path: ../srv, keep: 3}"
TALKS = "eu/2025/05/talks/index.html"


@pytest.fixture
def paper(site: Site) -> Site:
    return newspaper(site, FOLDER)


@pytest.fixture
def live(site: Site) -> Path:
    return site.folder.parent / "srv" / "current"


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


# --- refusals ------------------------------------------------------------------------------------------------------


def refused(site: Site, why: str, live: Path, **asked: object) -> str:
    """A deploy and a dry run are refused for a reason, and nothing changes."""
    before = {path: path.lstat().st_mtime_ns for path in live.parent.rglob("*")}
    with pytest.raises(DeployError, match=why):
        planned(site, **asked)  # type: ignore[arg-type]
    with pytest.raises(DeployError, match=why) as found:
        deploy(site, **asked)  # type: ignore[arg-type]
    assert {path: path.lstat().st_mtime_ns for path in live.parent.rglob("*")} == before
    return str(found.value)


def test_a_failed_build_is_refused_until_it_is_mended(paper: Site, live: Path) -> None:
    paper.edit("content/eu/talks.md", "They talk.", "![](none.png)")
    assert not paper.build().ok
    refused(paper, "last build didn't end well", live)
    paper.edit("content/eu/talks.md", "![](none.png)", "They talk.").good()
    deploy(paper)
    assert files_below(live) == paper.tree()


def test_a_build_with_drafts_is_refused(paper: Site, live: Path, tmp_path: Path) -> None:
    paper.story("eu/secret.md", draft=True)
    assert paper.build(drafts=True, output=str(tmp_path / "drafts")).ok
    refused(paper, "drafts", live, output=str(tmp_path / "drafts"))


def test_a_build_for_an_hour_that_has_not_come_is_refused(paper: Site, live: Path) -> None:
    assert paper.story("eu/soon.md", embargo="2026-03-01T00:00:00Z").build(at="2026-03-02T00:00:00+00:00").ok
    refused(paper, "hour that has not come", live)


def test_a_build_is_refused_once_an_hour_has_come_that_changes_it(paper: Site, live: Path) -> None:
    assert paper.story("eu/soon.md", date="2026-01-15T12:30:00Z").build().ok
    refused(paper, "an hour has come", live)
    paper.good(at=LATER)
    deploy(paper)
    assert (live / "eu/2026/01/soon/index.html").exists()


def test_a_build_for_another_address_is_refused(paper: Site, live: Path) -> None:
    paper.good(base_url="http://127.0.0.1:8000/")
    refused(paper, r"built for http://127\.0\.0\.1:8000/", live)


def test_an_empty_site_is_refused(site: Site, live: Path, tmp_path: Path) -> None:
    newspaper(site, FOLDER)
    (site.output / "index.html").unlink()
    manifest = site.output / ".broadsheet" / "manifest"
    manifest.write_text('{"version":1,"files":{}}')
    refused(site, "empty", live)


def test_a_file_that_was_changed_after_the_build_is_refused(paper: Site, live: Path) -> None:
    (paper.output / "index.html").write_text("defaced")
    refused(paper, "not as the build left it", live)


def test_more_deletions_than_the_cap_are_refused_until_they_are_meant(paper: Site, live: Path) -> None:
    for number in range(40):
        paper.story(f"eu/s{number}.md", title=f"Story {number}")
    paper.good()
    deploy(paper)
    for number in range(40):
        paper.remove(f"content/eu/s{number}.md")
    paper.good(vanished=True)
    said = refused(paper, "would be taken away", live)
    count = said.partition("--max-deletes ")[2].split()[0]
    refused(paper, "would be taken away", live, max_deletes=int(count) - 1)
    deploy(paper, max_deletes=int(count))
    assert files_below(live) == paper.tree()


@pytest.mark.parametrize(
    ("files", "gone", "fine"),
    [
        (10_000, 250, True),
        (10_000, 251, False),
        (1_000, 100, True),
        (1_000, 101, False),
        (30, 20, True),
        (30, 21, False),
    ],
)
def test_the_cap_is_a_count_a_share_and_lets_a_small_site_change(files: int, gone: int, fine: bool) -> None:
    from broadsheet.deploy.planning import Plan
    from broadsheet.deploy.records import Deployed
    from broadsheet.deploy.refusals import check_deletions

    def deployed(number: int) -> Deployed:
        paths = {f"eu/{page}/index.html": "00" for page in range(number)}
        return Deployed(id="x", number=1, at="2026-01-01T00:00:00+00:00", base_url="", commit="", files=paths)

    plan = Plan(puts=(), deletes=(), parting=(), unchanged=0, before=deployed(files), after=deployed(files - gone))
    for most, allowed in ((None, fine), (gone, True), (gone - 1, False)):
        if allowed:
            check_deletions(plan, most)
        else:
            with pytest.raises(DeployError, match=f"^{gone} of the {files:,} files"):
                check_deletions(plan, most)


@pytest.mark.parametrize("name", ["id_rsa", "server.pem", "credentials.json", "prod.env"])
def test_files_with_names_of_secrets_are_refused(paper: Site, live: Path, name: str) -> None:
    paper.write(f"static/{name}", "x").good()
    refused(paper, "hold secrets", live)


def test_hidden_files_are_refused_but_well_known_ones(paper: Site, live: Path) -> None:
    from broadsheet.deploy.refusals import check_names

    check_names([".well-known/security.txt", "a/index.html"])
    for path in (".env", "a/.git/config", ".htpasswd"):
        with pytest.raises(DeployError, match="hidden"):
            check_names([path])


@pytest.mark.parametrize(
    "text", ["-----BEGIN RSA PRIVATE KEY-----\nMII", 'k = "AKIAIOSFODNN7EXAMPLE"', "ghp_" + "a1B2" * 10]
)
def test_files_that_hold_keys_are_refused(paper: Site, live: Path, text: str) -> None:
    paper.write("static/notes.js", text).good()
    refused(paper, "holds a secret", live)


def test_the_credentials_of_this_deploy_are_never_uploaded(
    paper: Site, live: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary/Zq8+PleaseNever")
    paper.edit("content/eu/talks.md", "They talk.", "The key is canary/Zq8+PleaseNever indeed.").good()
    refused(paper, "holds a secret", live)


def test_a_second_deploy_at_once_is_refused(paper: Site, live: Path) -> None:
    deploy(paper)
    paper.edit("content/eu/talks.md", "They talk.", "They talk on.").good()
    files = Files(str(paper.folder))
    with files.lock(str(live.parent / ".broadsheet" / "lock")), pytest.raises(BusyError) as found:
        deploy(paper)
    assert found.value.exit_code == 4
    deploy(paper)
    assert files_below(live) == paper.tree()


def test_a_machine_that_knows_nothing_of_the_last_deploy_is_refused(paper: Site, live: Path, tmp_path: Path) -> None:
    deploy(paper)
    other = newspaper(Site(tmp_path / "other"), FOLDER)
    other.story("eu/own.md").good()
    refused(other, "deployed to elsewhere", live)
    deploy(other, take_over=True)
    refused(paper.edit("content/eu/talks.md", "They", "We"), "deployed to elsewhere", live) if paper.good() else None


def test_targets_that_are_not_there_are_told(paper: Site) -> None:
    with pytest.raises(UsageError, match=r"no target staging: config\.yaml has production"):
        deploy(paper, target="staging")


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
    assert {path: kinds.kind(path) for path in kinds_of} == kinds_of
