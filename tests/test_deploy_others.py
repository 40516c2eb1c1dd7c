"""What others do at a target between two deploys: files of theirs in the way, and files of ours that they removed."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from deploys import LATER, deploy, files_below, newspaper, planned
from hosts import ssh_server
from newsroom import Site

from broadsheet.deploy.records import DeployError

THEN = LATER + timedelta(minutes=1)
TARGETS = {
    "folder": ("{type: folder, path: ../srv}", "srv/current"),
    "netlify": ("{type: netlify, path: ../srv}", "srv"),
}


@pytest.fixture(params=TARGETS)
def place(request: pytest.FixtureRequest, site: Site, tmp_path: Path) -> Path:
    """Where the files are that a first deploy has put."""
    target, where = TARGETS[request.param]
    deploy(newspaper(site, f"production: {target}"))
    return tmp_path / where


def check_in_the_way(site: Site, place: Path) -> None:
    (place / "ads.txt").write_text("theirs")
    site.write("static/ads.txt", "ours").good()
    before = files_below(place)
    for trial in (planned, deploy):
        with pytest.raises(DeployError, match=r"\(ads\.txt\).*--adopt"):
            trial(site, THEN)
    assert files_below(place) == before
    assert deploy(site, THEN, adopt=True).files == 1
    assert files_below(place) == site.tree()


def check_altered(site: Site, place: Path) -> None:
    (place / "eu/feed.xml").unlink()
    (place / "index.html").unlink()
    (place / "index.html").write_text("defaced")
    plan = planned(site, THEN)
    assert {step.path: step.reason for step in plan.puts} == dict.fromkeys(
        ("eu/feed.xml", "index.html"), "not there as it was put"
    )
    assert deploy(site, THEN).files == 2
    assert files_below(place) == site.tree()
    assert planned(site, THEN).idle


def test_a_file_of_others_that_came_after_the_first_deploy_is_refused_until_adopted(site: Site, place: Path) -> None:
    check_in_the_way(site, place)


def test_what_others_removed_or_changed_is_put_again(site: Site, place: Path) -> None:
    check_altered(site, place)


def test_an_asset_that_others_removed_while_it_waited_is_put_when_it_is_needed_again(site: Site, place: Path) -> None:
    site.write("static/data.csv", "a,b").good()
    deploy(site, THEN)
    site.remove("static/data.csv").good()
    deploy(site, THEN + timedelta(minutes=1))
    (place / "data.csv").unlink()
    site.write("static/data.csv", "a,b").good()
    deploy(site, THEN + timedelta(minutes=2))
    assert files_below(place) == site.tree()


def test_a_release_that_others_removed_is_put_again(site: Site, place: Path) -> None:
    shutil.rmtree(place.resolve())
    site.edit("content/eu/talks.md", "They talk.", "They talk on.").good()
    deploy(site, THEN)
    assert files_below(place) == site.tree()


@pytest.mark.slow
def test_a_server_is_looked_at_as_well(site: Site, tmp_path: Path) -> None:
    with ssh_server(tmp_path / "sshd") as (port, config):
        url = f"ssh://127.0.0.1:{port}{tmp_path}/srv"
        deploy(newspaper(site, f"production: {{type: rsync, url: '{url}', ssh_config: {config}}}"))
        place = tmp_path / "srv/current"
        check_altered(site, place)
        check_in_the_way(site, place)
        shutil.rmtree(place.resolve())
        deploy(site, LATER + timedelta(minutes=2))
        assert files_below(place) == site.tree()
