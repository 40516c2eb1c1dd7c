"""What deploys remember of their targets, and what they do where that was lost or damaged."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from command_line import run
from deploy_folders import FOLDER, live
from deploys import LATER, deploy, files_below, newspaper, planned
from newsroom import Site

from broadsheet.deploy import session
from broadsheet.deploy.records import DeployError

__all__ = ["live"]

THEN = LATER + timedelta(minutes=1)
RAIN = "asia/2025/05/rain/index.html"


@pytest.fixture
def both(site: Site) -> Site:
    """A site with a folder and one that is laid out for a host."""
    return newspaper(site, f"{FOLDER}\nnet: {{type: netlify, path: public, compress: [gz]}}")


def test_clean_keeps_what_deploys_remember(both: Site, live: Path) -> None:
    for target in ("production", "net"):
        deploy(both, target=target)
    done = run("clean", cwd=both.folder)
    assert done.returncode == 0
    assert done.stdout.startswith(".broadsheet/ is removed, but for what deploys remember: ")
    left = {path for path in files_below(both.folder / ".broadsheet", hidden=True) if path != "lock"}
    assert left == {
        "deploy/production/last.json",
        "deploy/production/changed.txt",
        "deploy/net/last.json",
        "deploy/net/changed.txt",
        "deploy/net/deployed.json.gz",
    }
    both.remove("content/asia/rain.md").good(vanished=True)
    for target in ("production", "net"):
        assert deploy(both, THEN, target=target).deleted
    assert files_below(live) == both.tree()
    assert RAIN not in files_below(both.folder / "public")


def test_where_nothing_is_remembered_a_laid_out_folder_is_adopted_without_what_left_the_site(both: Site) -> None:
    public = both.folder / "public"
    deploy(both, target="net")
    (public / "theirs.html").write_text("<p>theirs</p>")
    shutil.rmtree(both.folder / ".broadsheet")
    both.remove("content/asia/rain.md").good(vanished=True)
    for trial in (planned, deploy):
        with pytest.raises(DeployError, match=r"no deploy is known to have put.*--adopt"):
            trial(both, THEN, target="net")
    assert {RAIN, f"{RAIN}.gz"} <= {step.path for step in planned(both, THEN, target="net", adopt=True).deletes}
    deploy(both, THEN, target="net", adopt=True)
    there = files_below(public)
    assert there.pop("theirs.html") == b"<p>theirs</p>"
    assert {path for path in there if not path.endswith(".gz")} == both.tree().keys()
    assert not [path for path in there if path.endswith(".gz") and path.removesuffix(".gz") not in both.tree()]
    assert planned(both, THEN, target="net").idle


def test_a_machine_that_remembers_nothing_says_so(both: Site, live: Path) -> None:
    deploy(both, target="production")
    shutil.rmtree(both.folder / ".broadsheet")
    both.good()
    with pytest.raises(DeployError, match=r"this machine remembers no deploy of its own.*--take-over"):
        deploy(both, THEN, target="production")
    deploy(both, THEN, target="production", take_over=True)
    assert files_below(live) == both.tree()


@pytest.mark.parametrize("target", ["production", "net"])
def test_a_damaged_manifest_is_got_past_as_it_is_told(both: Site, live: Path, target: str) -> None:
    done = deploy(both, target=target)
    net = both.folder / ".broadsheet/deploy/net/deployed.json.gz"
    manifest = net if target == "net" else live.parent / f"manifests/{done.id}.json.gz"
    manifest.write_bytes(b"x")
    both.remove("content/asia/rain.md").good(vanished=True)
    with pytest.raises(DeployError, match=r"can't be read: remove the file.*--adopt") as said:
        deploy(both, THEN, target=target)
    named = Path(str(said.value).partition(":")[0])
    assert named.samefile(manifest)
    named.unlink()
    with pytest.raises(DeployError, match="--adopt"):
        deploy(both, THEN, target=target)
    deploy(both, THEN, target=target, adopt=True)
    there = files_below(both.folder / "public" if target == "net" else live)
    assert {path: there[path] for path in both.tree()} == both.tree()
    assert RAIN not in there


def test_a_deploy_whose_manifest_is_damaged_hides_no_other(both: Site, live: Path) -> None:
    first = deploy(both, target="production")
    both.edit("content/eu/talks.md", "They talk.", "They talk on.").good()
    second = deploy(both, THEN, target="production")
    asked = session.Asked(site=str(both.folder), now=THEN, target="production")
    for damaged, left in ((first, second), (second, None)):
        (live.parent / f"manifests/{damaged.id}.json.gz").write_bytes(b"x")
        assert [(name, now) for name, _, _, now in session.releases(asked)] == ([(left.id, True)] if left else [])
