"""Deploys to a branch of a real repository: what is in it, what is not touched, and who is refused."""

from __future__ import annotations

import os
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from deploys import LATER, deploy, newspaper, planned, roll_back
from hosts import git, need, ssh_server
from newsroom import BASE_URL, Site

from broadsheet.deploy.git import GitTarget
from broadsheet.deploy.records import DeployError
from broadsheet.files import Files


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    need("git")
    folder = tmp_path / "remote.git"
    git(tmp_path, "init", "-q", "--bare", str(folder))
    return folder


@pytest.fixture
def paper(site: Site, remote: Path) -> Site:
    return newspaper(site, f"production: {{type: git, url: {remote}, branch: pages}}")


def branch(remote: Path, commit: str = "pages") -> dict[str, bytes]:
    """The files of a branch, but for .nojekyll."""
    names = git(remote, "ls-tree", "-r", "-z", "--name-only", commit).split("\0")
    return {
        name: subprocess.run(
            ["git", "-C", str(remote), "cat-file", "blob", f"{commit}:{name}"], capture_output=True, check=True
        ).stdout
        for name in names
        if name and name != ".nojekyll"
    }


def put_there(remote: Path, tmp_path: Path, files: dict[str, str]) -> None:
    """A commit of somebody else on the branch."""
    clone = cloned(remote, tmp_path)
    committed(clone, files)
    git(clone, "push", "-q", "origin", "pages")


def cloned(remote: Path, tmp_path: Path) -> Path:
    """Somebody else's clone, on the branch."""
    clone = tmp_path / f"clone-{len(list(tmp_path.iterdir()))}"
    git(tmp_path, "clone", "-q", str(remote), str(clone))
    there = "pages" in git(remote, "branch", "--list")
    git(clone, "checkout", "-q", *([] if there else ["-b"]), "pages")
    return clone


def committed(clone: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (clone / name).write_text(text)
    git(clone, "add", "-A")
    git(clone, "commit", "-q", "-m", "Ours")


def test_a_branch_holds_the_site_in_one_commit_a_deploy(paper: Site, remote: Path) -> None:
    deploy(paper)
    assert branch(remote) == paper.tree()
    paper.edit("content/eu/talks.md", "They talk.", "They talk on.").remove("content/asia/rain.md").good(vanished=True)
    plan = planned(paper)
    deploy(paper, LATER + timedelta(minutes=1))
    assert branch(remote) == paper.tree()
    assert len(git(remote, "log", "--first-parent", "--oneline", "pages").splitlines()) == 3  # and the first manifest
    changed = git(remote, "diff", "--name-only", "pages^1", "pages").split()
    assert sorted(changed) == sorted(step.path for step in (*plan.puts, *plan.deletes))
    assert ".nojekyll" in git(remote, "ls-tree", "--name-only", "pages").split()


def test_nothing_changed_makes_no_commit(paper: Site, remote: Path) -> None:
    deploy(paper)
    tip = git(remote, "rev-parse", "pages")
    deploy(paper, LATER + timedelta(minutes=1))
    assert git(remote, "rev-parse", "pages") == tip


def test_files_of_others_and_their_domain_are_kept(paper: Site, remote: Path, tmp_path: Path) -> None:
    put_there(remote, tmp_path, {"CNAME": "example.org\n", "theirs.txt": "theirs"})
    deploy(paper)
    paper.edit("content/eu/talks.md", "They talk.", "They talk on.").good()
    deploy(paper, LATER + timedelta(minutes=1))
    there = branch(remote)
    assert there.pop("CNAME") == b"example.org\n"
    assert there.pop("theirs.txt") == b"theirs"
    assert there == paper.tree()


@pytest.mark.parametrize("squash", [False, True])
def test_what_others_commit_between_deploys_stays_and_what_we_removed_goes(
    site: Site, remote: Path, tmp_path: Path, squash: bool
) -> None:
    newspaper(site, f"production: {{type: git, url: {remote}, branch: pages, squash: {str(squash).lower()}}}")
    first = deploy(site)
    put_there(remote, tmp_path, {"CNAME": "example.org\n"})
    put_there(remote, tmp_path, {"theirs.txt": "theirs"})
    site.remove("content/asia/rain.md").good(vanished=True)
    at = LATER + timedelta(minutes=1)
    assert "asia/2025/05/rain/index.html" in {step.path for step in planned(site, at).deletes}
    deploy(site, at)
    assert branch(remote) == {**site.tree(), "CNAME": b"example.org\n", "theirs.txt": b"theirs"}
    if not squash:
        put_there(remote, tmp_path, {"theirs.txt": "theirs, too"})
        roll_back(site, first.id, LATER + timedelta(minutes=2))
        assert branch(remote)["theirs.txt"] == b"theirs, too"


def test_files_that_others_changed_in_the_branch_are_put_again(paper: Site, remote: Path, tmp_path: Path) -> None:
    deploy(paper)
    put_there(remote, tmp_path, {"index.html": "defaced"})
    at = LATER + timedelta(minutes=1)
    assert [(step.path, step.reason) for step in planned(paper, at).puts] == [("index.html", "not there as it was put")]
    deploy(paper, at)
    assert branch(remote) == paper.tree()


def test_going_back_keeps_nothing_that_others_changed_of_ours(paper: Site, remote: Path, tmp_path: Path) -> None:
    first = deploy(paper)
    paper.story("eu/new.md", "News.", title="New", date="2025-05-03").good()
    deploy(paper, LATER + timedelta(minutes=1))
    put_there(remote, tmp_path, {"asia/2025/05/rain/index.html": "defaced", "theirs.txt": "theirs"})
    roll_back(paper, first.id, LATER + timedelta(minutes=2))
    there = branch(remote)
    assert there["asia/2025/05/rain/index.html"] == paper.tree()["asia/2025/05/rain/index.html"]
    assert there["theirs.txt"] == b"theirs"
    deploy(paper, LATER + timedelta(minutes=3))
    assert branch(remote) == {**paper.tree(), "theirs.txt": b"theirs"}


def test_a_deploy_that_somebody_merged_into_theirs_is_the_last_one(paper: Site, remote: Path, tmp_path: Path) -> None:
    """A commit on an older deploy, pushed after a pull: the newer deploy is a parent, but not the first."""
    deploy(paper)
    clone = cloned(remote, tmp_path)
    committed(clone, {"theirs.txt": "theirs"})
    paper.story("eu/new.md", "News.", title="New", date="2025-05-03").good()
    deploy(paper, LATER + timedelta(minutes=1))
    git(clone, "pull", "-q", "--no-rebase", "--no-edit", "origin", "pages")
    git(clone, "push", "-q", "origin", "pages")
    paper.remove("content/eu/new.md").good(vanished=True)
    deploy(paper, LATER + timedelta(minutes=2))
    assert branch(remote) == {**paper.tree(), "theirs.txt": b"theirs"}


def test_files_of_others_in_the_way_are_refused_until_adopted(paper: Site, remote: Path, tmp_path: Path) -> None:
    put_there(remote, tmp_path, {"index.html": "theirs"})
    for trial in (planned, deploy):
        with pytest.raises(DeployError, match=r"index\.html"):
            trial(paper)
    assert branch(remote) == {"index.html": b"theirs"}
    deploy(paper, adopt=True)
    assert branch(remote) == paper.tree()


def test_a_domain_that_is_not_the_sites_is_refused(paper: Site, remote: Path, tmp_path: Path) -> None:
    put_there(remote, tmp_path, {"CNAME": "elsewhere.example\n"})
    with pytest.raises(DeployError, match=r"CNAME is elsewhere\.example"):
        deploy(paper)


def test_squashed_deploys_leave_one_commit_and_keep_the_files_of_others(
    site: Site, remote: Path, tmp_path: Path
) -> None:
    put_there(remote, tmp_path, {"CNAME": "example.org\n"})
    newspaper(site, f"production: {{type: git, url: {remote}, branch: pages, squash: true}}")
    for minute in range(3):
        site.write("content/eu/talks.md", f"---\ntitle: T{minute}\ndate: 2025-05-01\n---\nx\n").good()
        deploy(site, LATER + timedelta(minutes=minute))
    assert branch(remote) == {**site.tree(), "CNAME": b"example.org\n"}
    assert len(git(remote, "rev-list", "pages").split()) == 2  # the site and its manifest


def test_the_users_repository_is_not_touched(paper: Site, remote: Path) -> None:
    folder = paper.folder
    git(folder, "init", "-q", "-b", "main")
    (folder / ".gitignore").write_text("output\n.broadsheet\n")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "Sources")
    git(folder, "remote", "add", "origin", str(remote))
    paper.write("config.yaml", (folder / "config.yaml").read_text().replace(f"url: {remote}", "url: origin"))
    git(folder, "add", "config.yaml")  # something staged, something not
    (folder / "notes.txt").write_text("draft")
    paper.good()
    before = {path: path.read_bytes() for path in (folder / ".git").rglob("*") if path.is_file()}
    status = git(folder, "status", "--porcelain=v2", "--branch")
    before[folder / ".git/index"] = (folder / ".git/index").read_bytes()
    deploy(paper)
    after = {path: path.read_bytes() for path in (folder / ".git").rglob("*") if path.is_file()}
    assert after == before
    assert git(folder, "status", "--porcelain=v2", "--branch") == status
    assert branch(remote) == paper.tree()


def test_a_deployer_whom_another_one_overtook_is_refused(paper: Site, remote: Path, tmp_path: Path) -> None:
    """The branch moves between the look and the push: the lease doesn't hold."""
    deploy(paper)
    paper.edit("content/eu/talks.md", "They talk.", "They talk on.").good()
    hook = remote / "hooks" / "pre-receive"
    put_there(remote, tmp_path, {"theirs.txt": "1"})
    overtaken = git(remote, "rev-parse", "pages").strip()
    before = git(remote, "rev-parse", "pages^").strip()
    git(remote, "update-ref", "refs/heads/pages", before)
    # The other's push is done just when ours arrives.
    hook.write_text(f"#!/bin/sh\nunset GIT_QUARANTINE_PATH\ngit update-ref refs/heads/pages {overtaken}\n")
    hook.chmod(0o755)
    with pytest.raises(DeployError, match=r"somebody else deployed meanwhile|push failed"):
        deploy(paper, LATER + timedelta(minutes=1))
    assert git(remote, "rev-parse", "pages").strip() == overtaken


def test_a_host_that_refuses_a_push_is_heard(paper: Site, remote: Path) -> None:
    hook = remote / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'The branch is frozen until Monday.' >&2\necho 'Ask the desk.'\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(DeployError, match=r"\(pre-receive hook declined\): .*frozen until Monday\.; Ask the") as said:
        deploy(paper)
    assert "meanwhile" not in str(said.value)
    hook.unlink()
    deploy(paper)
    git(remote, "config", "core.bare", "false")
    git(remote, "symbolic-ref", "HEAD", "refs/heads/pages")
    paper.edit("content/eu/talks.md", "They talk.", "They talk on.").good()
    with pytest.raises(DeployError, match=r"\(branch is currently checked out\)"):
        deploy(paper, LATER + timedelta(minutes=1))


def test_a_clone_with_older_sources_is_refused_and_told_to_pull(
    site: Site, remote: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newspaper(site, f"production: {{type: git, url: {remote}, branch: pages}}")
    sources = tmp_path / "sources.git"
    git(tmp_path, "init", "-q", "--bare", "-b", "main", str(sources))
    git(site.folder, "init", "-q", "-b", "main")
    (site.folder / ".gitignore").write_text("output\n.broadsheet\n")
    git(site.folder, "add", "-A")
    git(site.folder, "commit", "-q", "-m", "One")
    git(site.folder, "push", "-q", str(sources), "main")
    git(tmp_path, "clone", "-q", str(sources), str(tmp_path / "other"))
    other = Site.__new__(Site)
    other.folder = tmp_path / "other"
    site.edit("content/eu/talks.md", "They talk.", "They talk on.").good()
    git(site.folder, "commit", "-q", "-am", "Two")
    git(site.folder, "push", "-q", str(sources), "main")
    deploy(site)
    other.good()
    with pytest.raises(DeployError, match="fetch what others changed"):
        deploy(other)
    git(other.folder, "fetch", "-q", "origin")  # now the commit is known here
    with pytest.raises(DeployError, match="from newer sources than these: pull"):
        deploy(other)
    assert branch(remote) == site.tree()
    git(other.folder, "pull", "-q", "origin", "main")
    other.edit("content/asia/rain.md", "It rains.", "It pours.").good()
    git(other.folder, "commit", "-q", "-am", "Three")
    deploy(other, LATER + timedelta(minutes=1))
    assert branch(remote) == other.tree()


def test_going_back_on_a_branch(paper: Site, remote: Path) -> None:
    first = deploy(paper)
    old = branch(remote)
    paper.edit("content/eu/talks.md", "They talk.", "A mistake.").good()
    deploy(paper, LATER + timedelta(minutes=1))
    roll_back(paper, first.id, LATER + timedelta(minutes=2))
    assert branch(remote) == old


def test_any_number_of_addresses_is_looked_for_on_a_branch(paper: Site, remote: Path) -> None:
    done = deploy(paper)
    folder = str(paper.folder / ".broadsheet/deploy/production")
    target = GitTarget(Files(str(paper.folder)), folder, str(remote), "pages", squash=False, base_url=BASE_URL)
    names = [f"/{'far' * 300}/{number}/" for number in range(4_000)]  # more than a command line takes
    assert target.mentions(done.id, names) == []
    assert "index.html" in target.mentions(done.id, [*names, "/eu/2025/05/talks/"])
    target.close()


def test_a_password_in_a_remotes_address_is_in_no_message(paper: Site) -> None:
    git(paper.folder, "init", "-q")
    git(paper.folder, "remote", "add", "origin", "https://me:canary-token-1234@127.0.0.1:1/x.git")
    config = paper.folder / "config.yaml"
    text = config.read_text()
    config.write_text(text[: text.index("url: /")] + "url: origin, branch: pages}\n")
    paper.good()
    with pytest.raises(DeployError) as found:
        deploy(paper)
    assert "canary" not in str(found.value)
    kept = [path for path in (paper.folder / ".broadsheet").rglob("*") if path.is_file()]
    assert not [path for path in kept if b"canary" in path.read_bytes()]


def test_a_branch_over_ssh(site: Site, remote: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ssh_server(tmp_path / "sshd") as (port, config):
        monkeypatch.setenv("GIT_SSH_COMMAND", f"ssh -F {config}")
        newspaper(site, f"production: {{type: git, url: 'ssh://127.0.0.1:{port}{remote}', branch: pages}}")
        deploy(site)
        assert branch(remote) == site.tree()


@pytest.mark.parametrize("url", ["--upload-pack=touch /tmp/x", "ext::sh -c touch% /tmp/x"])
def test_an_address_that_git_would_take_for_more_is_refused(site: Site, url: str) -> None:
    from broadsheet.deploy.git import GitTarget
    from broadsheet.files import Files

    with pytest.raises(DeployError, match="can't be a repository's address"):
        GitTarget(Files(str(site.folder)), os.devnull, url, "pages", squash=False, base_url="")
