"""The list of what caches have to forget: always written, told to a real server only where that is set up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from deploys import LATER, deploy, newspaper, planned, roll_back
from hosts import Proxy, need
from newsroom import BASE_URL, Site
from stores import Host, moto
from websites import Website

from broadsheet.deploy.records import DeployError

PAGE = "eu/2025/05/talks/"


@pytest.fixture
def cache() -> Iterator[Website]:
    with Website() as found:
        yield found


def told(cache: Website) -> list[str]:
    """What a cache was told to forget, in order."""
    return [line for asked in cache.asked if asked.method == "POST" for line in asked.body.decode().splitlines()]


def listed(site: Site, name: str = "changed.txt") -> list[str]:
    return (site.folder / ".broadsheet/deploy/production" / name).read_text().splitlines()


def with_cache(site: Site, cache: Website, more: str = "") -> Site:
    need("curl")
    purge = f"curl -fsS --data-binary @- {cache.url}purge{more}"
    return newspaper(site, f"production: {{type: folder, path: srv, purge: '{purge}'}}")


def edited(site: Site) -> Site:
    site.edit("content/eu/talks.md", "They talk.", "They talk on.")
    return site.remove("content/asia/rain.md").good(vanished=True)


def test_the_list_is_written_and_sent_to_nobody_unless_that_is_set_up(site: Site, cache: Website) -> None:
    newspaper(site, "production: {type: folder, path: srv}")
    deploy(site)
    assert listed(site) == []  # nothing that a cache may hold was there before
    edited(site)
    plan = planned(site)
    deploy(site, LATER + timedelta(minutes=1))
    changed = {step.path for step in (*plan.puts, *plan.deletes) if not step.fresh}
    assert set(listed(site)) == {BASE_URL + path.removesuffix("index.html") for path in changed}
    assert {BASE_URL + PAGE, BASE_URL, BASE_URL + "asia/2025/05/rain/", BASE_URL + "feed.xml"} <= set(listed(site))
    assert cache.asked == []


def test_compressed_files_of_the_sites_own_are_told_and_siblings_are_not(site: Site) -> None:
    newspaper(site, "production: {type: folder, path: srv, compress: [gz], grace_hours: 0}")
    site.write("static/data.csv.gz", "first").write("static/gone.csv.gz", "first").write(
        "static/t.csv", "1\n" * 500
    ).good()
    deploy(site)
    site.write("static/data.csv.gz", "second").remove("static/gone.csv.gz").write("static/t.csv", "2\n" * 500).good()
    assert planned(site).gone == ("gone.csv.gz",)
    assert "t.csv.gz" in {step.path for step in planned(site).puts}
    deploy(site, LATER + timedelta(minutes=1))
    assert [line.removeprefix(BASE_URL) for line in listed(site)] == ["data.csv.gz", "gone.csv.gz", "t.csv"]


def test_a_cache_is_told_each_change_once(site: Site, cache: Website) -> None:
    with_cache(site, cache)
    deploy(site)
    assert told(cache) == []
    edited(site)
    planned(site)
    assert told(cache) == []
    deploy(site, LATER + timedelta(minutes=1))
    assert BASE_URL + PAGE in told(cache)
    assert told(cache) == listed(site, "told.txt")
    deploy(site, LATER + timedelta(minutes=2))
    assert len(cache.asked) == 1


def test_a_command_may_take_the_file_of_the_list(site: Site, tmp_path: Path) -> None:
    newspaper(site, f"production: {{type: folder, path: srv, purge: 'cp LIST {tmp_path}/told'}}")
    deploy(site)
    edited(site)
    deploy(site, LATER + timedelta(minutes=1))
    assert BASE_URL + PAGE in (tmp_path / "told").read_text().splitlines()


def test_a_cache_that_did_not_answer_is_told_by_the_next_deploy(site: Site, cache: Website) -> None:
    with_cache(site, cache, "?key=canary-key-of-the-cache")
    deploy(site)
    edited(site)
    cache.status = 503
    with pytest.raises(DeployError, match="deployed, but its caches were not told: curl failed") as found:
        deploy(site, LATER + timedelta(minutes=1))
    assert "canary" not in str(found.value)
    assert b"They talk on." in (site.folder / "srv/current" / PAGE / "index.html").read_bytes()
    cache.status, cache.asked = 200, []
    deploy(site, LATER + timedelta(minutes=2))  # nothing has changed since
    assert BASE_URL + PAGE in told(cache)
    assert BASE_URL + "asia/2025/05/rain/" in told(cache)


def test_going_back_is_told_too(site: Site, cache: Website) -> None:
    with_cache(site, cache)
    first = deploy(site)
    site.edit("content/eu/talks.md", "They talk.", "A mistake.").good()
    deploy(site, LATER + timedelta(minutes=1))
    cache.asked = []
    roll_back(site, first.id, LATER + timedelta(minutes=2))
    assert BASE_URL + PAGE in told(cache)


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    with moto(tmp_path_factory.mktemp("moto")) as found:
        yield found


def test_what_a_deploy_changed_that_was_killed_is_told_by_the_one_that_ends_it(
    site: Site, cache: Website, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bucket's pages are live one by one, so the second deploy finds most of them in their place."""
    need("curl")
    for name, value in host.environment.items():
        monkeypatch.setenv(name, value)
    proxy = Proxy(host.port)
    target = host.target(proxy.port, "purged/")
    purge = f"purge: 'curl -fsS --data-binary @- {cache.url}purge'"
    newspaper(site, f"production: {{{target}, parallel: 1, retry_seconds: 0, {purge}}}")
    deploy(site)
    edited(site)
    proxy.fault = lambda _number, method, path: "dead" if method == "PUT" and path.endswith("/sitemap.xml") else ""
    with pytest.raises(DeployError):
        deploy(site, LATER + timedelta(minutes=1))
    assert told(cache) == []
    proxy.reset()
    rest = {
        BASE_URL + step.path.removesuffix("index.html") for step in planned(site, LATER + timedelta(minutes=2)).puts
    }
    assert BASE_URL + PAGE not in rest
    deploy(site, LATER + timedelta(minutes=2))
    assert BASE_URL + PAGE in told(cache)
    proxy.close()
