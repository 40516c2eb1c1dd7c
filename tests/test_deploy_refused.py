"""Deploys that are refused: for each reason, and with nothing changed at the target."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from command_line import run
from deploy_folders import FOLDER, live, paper
from deploys import LATER, deploy, files_below, newspaper, planned
from hosts import free_port
from newsroom import Site

from broadsheet.deploy.records import BusyError, DeployError
from broadsheet.errors import UsageError
from broadsheet.files import Files

__all__ = ["live", "paper"]


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


def test_a_secret_that_looks_like_a_path_is_one_unless_something_lies_there(
    paper: Site, live: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, place = "/abcdEFGHijklMNOPqrst1234", str(paper.folder / "config.yaml")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", place)  # which a text may name
    paper.write("static/note.txt", place).good()
    deploy(paper)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
    paper.write("static/note.txt", secret).good()
    refused(paper, "holds a secret", live)


def test_a_deploy_waits_for_a_build_as_long_as_it_is_told_to(paper: Site) -> None:
    """Another one holds the folder until this ends, or for so long that it would have been waited for."""
    held, ended = threading.Event(), threading.Event()

    def other() -> None:
        with Files(str(paper.folder)).lock(str(paper.output / ".broadsheet/lock")):
            held.set()
            ended.wait(20)

    thread = threading.Thread(target=other)
    thread.start()
    held.wait()
    told = run("deploy", "--wait", "0", "--at", LATER.isoformat(), cwd=paper.folder)
    ended.set()
    thread.join()
    assert (told.returncode, "is writing" in told.stderr) == (4, True), told


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


@pytest.mark.parametrize("kind", ["folder", "netlify"])
@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("content", "overlaps with the sources"),
        ("content/eu", "overlaps with the sources"),
        ("templates", "overlaps with the sources"),
        ("static/x", "overlaps with the sources"),
        ("link", "overlaps with the sources"),
        ("output", "overlaps with the output folder"),
        (".", "the site folder is inside it|what builds remember"),
        (".broadsheet", "what builds remember"),
    ],
)
def test_a_target_among_the_sites_own_files_is_refused(site: Site, kind: str, where: str, words: str) -> None:
    newspaper(site, f"production: {{type: {kind}, path: {where}}}")
    (site.folder / "link").symlink_to(site.folder / "content")
    before = files_below(site.folder, hidden=True)
    for trial in (planned, deploy):
        with pytest.raises(UsageError, match=words):
            trial(site)
    after = files_below(site.folder, hidden=True)
    assert {path for path in after if not path.endswith("/lock")} == {p for p in before if not p.endswith("/lock")}


def test_a_target_may_lie_around_the_site_or_beside_it(site: Site) -> None:
    newspaper(site, "around: {type: folder, path: ..}\nbeside: {type: netlify, path: public}\nown: {type: cloudflare}")
    for target in ("around", "beside", "own"):
        deploy(site, target=target)
    assert files_below(site.folder.parent / "current") == site.tree()


def test_targets_that_are_not_there_are_told(paper: Site) -> None:
    with pytest.raises(UsageError, match=r"no target staging: config\.yaml has production"):
        deploy(paper, target="staging")


@pytest.mark.parametrize(
    ("target", "asked", "wanted"),
    [
        (
            "type: s3, url: 's3://news/x', region: us-east-1",
            "AWS_METADATA_ENDPOINT",
            "AWS_ACCESS_KEY_ID and AWS_SECRET_",
        ),
        ("type: azure, url: 'az://news/x', account: paper", "IDENTITY_ENDPOINT", "AZURE_STORAGE_ACCOUNT_KEY"),
    ],
    ids=["s3", "azure"],
)
def test_without_credentials_it_is_told_which_are_needed(
    site: Site, target: str, asked: str, wanted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine without any asks its platform for some, and nobody answers there."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "AZURE_"))]:
        monkeypatch.delenv(name)
    path = "/metadata/identity/oauth2/token" if asked == "IDENTITY_ENDPOINT" else ""
    monkeypatch.setenv(asked, f"http://127.0.0.1:{free_port()}{path}")
    newspaper(site, f"production: {{{target}, retry_seconds: 0, endpoint: 'http://127.0.0.1:{free_port()}'}}")
    with pytest.raises(DeployError, match=f"no credentials: set {wanted}") as found:
        deploy(site)
    assert "again to go on" not in str(found.value)
