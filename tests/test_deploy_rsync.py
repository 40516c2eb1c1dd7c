"""Deploys over SSH to a real server with rsync."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from deploys import LATER, deploy, files_below, newspaper, planned, roll_back
from hosts import ssh_server
from newsroom import Site

from broadsheet.deploy import rsync
from broadsheet.deploy.records import BusyError, DeployError

TALKS = "eu/2025/05/talks/index.html"


@pytest.fixture
def paper(site: Site, tmp_path: Path) -> Iterator[Site]:
    with ssh_server(tmp_path / "sshd") as (port, config):
        url = f"ssh://127.0.0.1:{port}{tmp_path}/srv/the news"
        yield newspaper(site, f"production: {{type: rsync, url: '{url}', ssh_config: {config}, keep: 2}}")


@pytest.fixture
def live(tmp_path: Path) -> Path:
    return tmp_path / "srv" / "the news" / "current"


@pytest.mark.slow  # locally, those whose deployer is killed go to a server, too
def test_releases_on_a_server(paper: Site, live: Path) -> None:
    """One story of several deploys, because starting a server takes time: the site, an edit that sends what changed,
    an interruption that is gone on from, a rollback."""
    first = deploy(paper)
    assert files_below(live) == paper.tree()

    inodes = {path: os.stat(live / path).st_ino for path in files_below(live)}
    (live / "theirs.txt").write_text("theirs")
    paper.edit("content/eu/talks.md", "They talk.", "They talk on.").remove("content/asia/rain.md").good(vanished=True)
    plan = planned(paper)
    deploy(paper, LATER + timedelta(minutes=1))
    there = files_below(live)
    assert there.pop("theirs.txt") == b"theirs"
    assert there == paper.tree()
    assert {path for path in there if os.stat(live / path).st_ino != inodes.get(path)} == {s.path for s in plan.puts}

    roll_back(paper, first.id, LATER + timedelta(minutes=2))
    back = files_below(live)
    assert b"They talk." not in back[TALKS] or b"rain/" not in back[TALKS]
    assert "asia/2025/05/rain/index.html" not in back
    assert len(list((live.parent / "releases").iterdir())) == 2

    with pytest.raises(DeployError, match="-dangerous"):
        rsync.address("-dangerous:/srv")


@pytest.mark.slow
def test_an_interrupted_deploy_is_gone_on_from(paper: Site, live: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deploy(paper)
    old = files_below(live)
    paper.edit("content/eu/talks.md", "They talk.", "They talk on.").good()

    def dead(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(rsync.RsyncTarget, "commit", dead)
        with pytest.raises(KeyboardInterrupt):
            deploy(paper, LATER + timedelta(minutes=1))
    assert files_below(live) == old
    assert planned(paper, LATER + timedelta(minutes=2)).puts == ()  # all of it is there already
    memory = paper.folder / ".broadsheet/deploy/production/last.json"
    kept = memory.read_bytes()
    memory.write_text(kept.decode().replace('"claimed": ["', '"claimed": ["not-'))  # as another machine sees it
    with pytest.raises(BusyError):
        deploy(paper, LATER + timedelta(minutes=2))
    memory.write_bytes(kept)
    assert deploy(paper, LATER + timedelta(minutes=2)).resumed
    assert files_below(live) == paper.tree()


def test_a_web_server_can_read_what_a_login_of_any_umask_has_put(
    site: Site, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    former = os.umask(0o077)
    request.addfinalizer(lambda: os.umask(former))
    with ssh_server(tmp_path / "sshd") as (port, config):
        os.umask(former)
        url = f"ssh://127.0.0.1:{port}{tmp_path}/srv"
        deploy(newspaper(site, f"production: {{type: rsync, url: '{url}', ssh_config: {config}}}"))
        for folder in (tmp_path / "srv/releases", (tmp_path / "srv/current").resolve()):
            folder.chmod(0o700)  # as former deploys left them
        site.edit("content/eu/talks.md", "They talk.", "They talk on.").good()
        deploy(site, LATER + timedelta(minutes=1))
    srv, release = tmp_path / "srv", (tmp_path / "srv/current").resolve()
    places = [srv, srv / "releases", release, *release.rglob("*")]
    closed = [place for place in places if place.stat().st_mode & 0o005 != (0o005 if place.is_dir() else 0o004)]
    assert closed == []


@pytest.mark.parametrize(
    "written", ["-oProxyCommand=x:/srv", "-l@host:/srv", "host", "host:", "host:/", "h:relative", "a b:/srv"]
)
def test_an_address_is_never_an_option(written: str) -> None:
    with pytest.raises(DeployError):
        rsync.address(written)


def test_addresses_are_read_as_ssh_reads_them() -> None:
    assert rsync.address("me@host:/srv/news/") == rsync.Address(user="me", host="host", port=0, path="/srv/news")
    assert rsync.address("ssh://me@host:2222/srv") == rsync.Address(user="me", host="host", port=2222, path="/srv")
