"""Deploys that are killed at each step, on either side: readers never see half a site, and the next deploy ends it
without doing again what was done."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from deploys import LATER, deploy, files_below, newspaper, planned
from examples import some
from faults import Crash
from hosts import git, missing_assets, need, one_connection, ssh_server
from killing import Kept, Programs, deployed
from newsroom import BASE_URL, NoWait, Site, png
from test_deploy_git import branch

from broadsheet.deploy import session
from broadsheet.deploy.records import DeployError

NOW, THEN = LATER + timedelta(minutes=1), LATER + timedelta(minutes=2)

# A few of the steps, or each of them.
steps = pytest.mark.parametrize("every", [13, pytest.param(1, marks=pytest.mark.slow)])
over_ssh = pytest.mark.parametrize("every", [29, pytest.param(1, marks=pytest.mark.slow)])  # they take longer


def edited(paper: Site) -> Site:
    """A deploy's worth of change: a story with a new picture, one that goes, one that changes."""
    paper.write("content/eu/ferry/deck.png", png(64, 44))
    paper.edit("content/eu/talks.md", "They talk.", "They talk on.")
    paper.remove("content/asia/rain.md").good(vanished=True)
    return paper


@dataclass(frozen=True)
class Sides:
    """What readers may see while a deploy is under way that switches at once: the old site, or the new one. Where it
    ends, the new one stands with the old one's pictures, which pages in readers' hands still name."""

    old: dict[str, bytes]
    new: dict[str, bytes]

    def one_of_them(self, seen: dict[str, bytes], step: object) -> None:
        assert missing_assets(seen, BASE_URL) == [], step
        assert seen in (self.old, self.new), step

    def ended(self, seen: dict[str, bytes], step: object) -> None:
        assert seen == self.new, step


def sides(old: dict[str, bytes], paper: Site) -> Sides:
    parting = {path: data for path, data in old.items() if path.startswith("pictures/")}
    return Sides(old, {**parting, **paper.tree()})


# --- a folder --------------------------------------------------------------------------------------------------------


class Dying(NoWait):
    """A process that dies before a step below the target that changes something; steps are counted from 1."""

    step = 0
    at = 0
    root = ""

    def _before(self, path: str) -> None:
        if not os.path.abspath(path).startswith(Dying.root):
            return
        Dying.step += 1
        if Dying.at and Dying.step >= Dying.at:
            raise Crash

    def write(self, path: str, data: bytes) -> None:
        self._before(path)
        super().write(path, data)

    def rename(self, source: str, target: str) -> None:
        self._before(target)
        super().rename(source, target)

    def link(self, source: str, target: str) -> None:
        self._before(target)
        super().link(source, target)

    def point(self, place: str, destination: str) -> None:
        self._before(place)
        super().point(place, destination)

    def remove(self, path: str) -> None:
        self._before(path)
        super().remove(path)

    def remove_tree(self, folder: str) -> tuple[int, int]:
        self._before(folder)
        return super().remove_tree(folder)


@steps
def test_a_deploy_to_a_folder_that_dies_before_any_step(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, every: int
) -> None:
    paper = newspaper(site, "production: {type: folder, path: ../srv, keep: 3}")
    deploy(paper)
    root, live, coming = tmp_path / "srv", tmp_path / "srv/current", tmp_path / "srv/releases/.coming"
    old = files_below(live)
    seen = sides(old, edited(paper))
    kept = Kept(tmp_path / "kept", root, paper.folder / ".broadsheet/deploy")
    monkeypatch.setattr(session, "Files", Dying)
    Dying.root, Dying.at, Dying.step = str(root), 0, 0
    deploy(paper, NOW)
    seen.ended(files_below(live), "none")
    total = Dying.step
    assert total > 60
    for number in range(1, total + 1, every if every == 1 else every * 3):
        kept.bring_back()
        Dying.at, Dying.step = number, 0
        with pytest.raises(Crash):
            deploy(paper, NOW)
        seen.one_of_them(files_below(live), number)
        there = files_below(coming) if coming.exists() else {}
        right = {path: (coming / path).stat().st_ino for path, data in there.items() if seen.new.get(path) == data}
        Dying.at = 0
        switched = files_below(live) == seen.new
        deploy(paper, THEN)
        seen.ended(files_below(live), number)
        if not switched:  # what was put already is not put again
            assert {path for path in right if (live / path).stat().st_ino != right[path]} == set(), number


@pytest.mark.parametrize("kind", some(["netlify", "gitlab", "cloudflare"], 1))
def test_a_deploy_to_a_laid_out_folder_that_dies_before_any_step_leaves_nothing_there(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """What the next deploy ends is what the host gets: no file that was on its way, and nothing of a story that has
    been removed meanwhile."""
    paper = newspaper(site, f"production: {{type: {kind}, path: public, grace_hours: 0}}")
    public, page = paper.folder / "public", "eu/2025/05/libel/index.html"
    deploy(paper)
    without = paper.output.with_name("without")
    paper.output.rename(without)
    paper.story("eu/libel.md", "Libel.", title="Libel", date="2025-05-03").good()
    kept = Kept(tmp_path / "kept", public, paper.folder / ".broadsheet/deploy")
    monkeypatch.setattr(session, "Files", Dying)
    Dying.root, Dying.at, Dying.step = str(public), 0, 0
    deploy(paper, NOW)
    assert page in files_below(public)
    total = Dying.step
    assert total > 20
    for number in range(1, total + 1):
        kept.bring_back()
        Dying.at, Dying.step = number, 0
        with pytest.raises(Crash):
            deploy(paper, NOW)
        Dying.at = 0
        deploy(paper, THEN, output=str(without))
        assert files_below(public, hidden=True) == paper.tree(without), number


# --- a server --------------------------------------------------------------------------------------------------------


@pytest.fixture
def news(site: Site, tmp_path: Path) -> Iterator[tuple[Site, Path, Programs]]:
    """A site that stands on a server, whose programs can die."""
    need("rsync", "ssh")
    there = Programs(tmp_path / "there", "mv", "ln", "rm", "mkdir", "rsync", "cat", "find", "xargs")
    with ssh_server(tmp_path / "sshd", path=there.path) as (port, config), one_connection(port, config):
        url = f"ssh://127.0.0.1:{port}{tmp_path}/srv/news"
        newspaper(site, f"production: {{type: rsync, url: '{url}', ssh_config: {config}, keep: 3}}")
        deploy(site)
        assert there.calls > 3
        yield site, tmp_path / "srv/news", there


def not_put_again(paper: Site, root: Path, new: dict[str, bytes]) -> None:
    """What lies in the coming release is not to be sent once more."""
    coming = root / "releases/.coming"
    there = files_below(coming) if coming.exists() and (root / ".broadsheet/deploying.json").exists() else {}
    again = {step.path for step in planned(paper, THEN).puts}
    assert {path for path in again if there.get(path) == new[path]} == set()


@over_ssh
def test_a_deploy_to_a_server_whose_programs_die_after_any_step(
    news: tuple[Site, Path, Programs], tmp_path: Path, every: int
) -> None:
    """The server's shell is killed at each of its steps; the deploy hears of it and ends."""
    paper, root, there = news
    live = root / "current"
    seen = sides(files_below(live), edited(paper))
    kept = Kept(tmp_path / "kept", root, paper.folder / ".broadsheet/deploy")
    there.let_live()
    deploy(paper, NOW)
    seen.ended(files_below(live), "none")
    total = there.calls
    assert total > 15
    for number in range(1, total + 1, every):
        kept.bring_back()
        there.die_at(number)
        with suppress(DeployError):  # it may have been the last step
            deploy(paper, NOW)
        step = f"{number}: {there.died}"
        assert there.died
        there.let_live()
        seen.one_of_them(files_below(live), step)
        not_put_again(paper, root, seen.new)
        deploy(paper, THEN)
        seen.ended(files_below(live), step)


@over_ssh
@pytest.mark.parametrize("half", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["whole", "half"])
def test_a_deployer_that_is_killed_after_any_command_to_a_server(
    news: tuple[Site, Path, Programs], tmp_path: Path, every: int, half: bool
) -> None:
    """It is killed with what it was doing done, or half of it, as a list of files was sent."""
    paper, root, _ = news
    live = root / "current"
    seen = sides(files_below(live), edited(paper))
    kept = Kept(tmp_path / "kept", root, paper.folder / ".broadsheet/deploy")
    here = Programs(tmp_path / "here", *(["rsync"] if half else ["ssh", "rsync"]))
    assert deployed(paper, NOW, here) == 0
    seen.ended(files_below(live), "none")
    total = here.calls
    assert total >= (3 if half else 12)
    for number in range(1, total + 1, 1 if half else every):
        kept.bring_back()
        here.die_at(number, half=half)
        assert deployed(paper, NOW, here) != 0
        step = f"{number}: {here.died}"
        assert here.died
        seen.one_of_them(files_below(live), step)
        not_put_again(paper, root, seen.new)
        here.let_live()
        assert deployed(paper, THEN, here) == 0, step
        seen.ended(files_below(live), step)


# --- a branch --------------------------------------------------------------------------------------------------------


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    need("git")
    git(tmp_path, "init", "-q", "--bare", str(tmp_path / "remote.git"))
    return tmp_path / "remote.git"


@steps
def test_a_deployer_that_is_killed_after_any_command_to_a_branch(
    site: Site, remote: Path, tmp_path: Path, every: int
) -> None:
    paper = newspaper(site, f"production: {{type: git, url: {remote}, branch: pages}}")
    deploy(paper)
    seen = sides(branch(remote), edited(paper))
    kept = Kept(tmp_path / "kept", remote, paper.folder / ".broadsheet/deploy")
    here = Programs(tmp_path / "here", "git")
    assert deployed(paper, NOW, here) == 0
    seen.ended(branch(remote), "none")
    total = here.calls
    assert total > 12
    for number in range(1, total + 1, every):
        kept.bring_back()
        here.die_at(number)
        assert deployed(paper, NOW, here) < 0
        step = f"{number}: {here.died}"
        seen.one_of_them(branch(remote), step)
        moved = branch(remote) == seen.new
        here.let_live()
        assert deployed(paper, THEN, here) == 0, step
        seen.ended(branch(remote), step)
        commits = git(remote, "rev-list", "--count", "--first-parent", "pages").strip()
        assert commits == "3", (step, moved)  # the first manifest, and a commit a deploy: none twice
        git(remote, "fsck", "--strict")


HOOKS = {
    "before it takes the push": "pre-receive",
    "before it moves the branch": "update",
    "once it has moved the branch": "post-receive",
}


@pytest.mark.parametrize("when", some(HOOKS, 2))
def test_a_host_that_dies_while_it_takes_a_push(site: Site, remote: Path, when: str) -> None:
    """The deploy is told of a failure, or not; the next one finds out what became of it."""
    paper = newspaper(site, f"production: {{type: git, url: {remote}, branch: pages}}")
    deploy(paper)
    seen = sides(branch(remote), edited(paper))
    hook = remote / "hooks" / HOOKS[when]
    hook.write_text('#!/bin/sh\nkill -9 "$PPID"\n')
    hook.chmod(0o755)
    with pytest.raises(DeployError, match=r"git failed|push failed|meanwhile"):
        deploy(paper, NOW)
    hook.unlink()
    seen.one_of_them(branch(remote), when)
    assert (branch(remote) == seen.new) == (when == "once it has moved the branch")
    deploy(paper, THEN)
    seen.ended(branch(remote), when)
    assert git(remote, "rev-list", "--count", "--first-parent", "pages").strip() == "3"


def test_a_push_sends_what_the_host_has_not_got(site: Site, remote: Path, tmp_path: Path) -> None:
    """Of a push that failed nothing is at the host; of those before, everything: the next sends the rest."""
    paper = newspaper(site, f"production: {{type: git, url: {remote}, branch: pages}}")
    deploy(paper)
    there = set(git(remote, "cat-file", "--batch-all-objects", "--batch-check=%(objectname)").split())
    edited(paper)
    hook = remote / "hooks/pre-receive"
    sent = tmp_path / "sent"
    listing = "git cat-file --batch-all-objects --batch-check='%(objectname)'"
    hook.write_text(f"#!/bin/sh\nGIT_ALTERNATE_OBJECT_DIRECTORIES= {listing} >'{sent}'; exit 1\n")
    hook.chmod(0o755)
    with pytest.raises(DeployError):
        deploy(paper, NOW)
    arrived = set(sent.read_text().split())
    hook.write_text(hook.read_text().replace("exit 1", "exit 0"))
    deploy(paper, THEN)
    again = set(sent.read_text().split())
    blobs = {line.split()[2] for line in git(remote, "ls-tree", "-r", "pages").splitlines()}
    assert (blobs & again) - there == blobs - there
    assert len(arrived) == len(again)
    assert not (blobs & there & again), "sent although it is there"
