"""From an edit to what readers get: build --plan, build, deploy, and what the server was asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from deploys import LATER, deploy, newspaper, planned
from examples import some
from hosts import Proxy, served
from newsroom import Site, unwatched
from stores import Host, moto

from broadsheet import dryrun, engine
from broadsheet.deploy.records import CLAIM, MANIFEST

STORIES = 40
AT = LATER + timedelta(minutes=1)


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    with moto(tmp_path_factory.mktemp("moto")) as found:
        yield found


@pytest.fixture
def proxy(host: Host) -> Iterator[Proxy]:
    found = Proxy(host.port)
    yield found
    found.close()


@pytest.fixture
def paper(site: Site, host: Host, proxy: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A section in `shared` mode, deployed to a bucket."""
    for name, value in host.environment.items():
        monkeypatch.setenv(name, value)
    newspaper(site, f"production: {{{host.target(proxy.port, tmp_path.name + '/')}}}")
    for number in range(STORIES):
        topics = ["Boats", "Docks", "Tides"] if number % 4 == 0 else []
        site.story(f"eu/s{number:02}.md", f"Words of {number}.", date=f"2025-05-{1 + number % 28:02}", topics=topics)
    site.good(at=LATER)
    deploy(site, LATER)
    proxy.reset()
    return site


CHANGES: dict[str, Any] = {
    "an edited body": lambda site: site.edit("content/eu/talks.md", "They talk.", "They talk on."),
    "a bare story": lambda site: site.story("eu/new.md", "News.", title="New", date="2026-01-15T12:30:00Z"),
    "a story of three topics and an author": lambda site: site.story(
        "eu/new.md",
        "News.",
        title="New",
        date="2026-01-15T12:30:00Z",
        topics=["Boats", "Docks", "Tides"],
        authors=["Ada"],
    ),
    "a withdrawn story": lambda site: site.edit("content/eu/talks.md", "title:", "status: withdrawn\ntitle:"),
}


@pytest.mark.parametrize("change", some(CHANGES, 4))
def test_an_edit_puts_exactly_the_files_that_the_builds_plan_named_and_the_manifest(
    paper: Site, host: Host, proxy: Proxy, tmp_path: Path, change: str
) -> None:
    before = paper.tree()
    CHANGES[change](paper)
    plan = dryrun.plan(engine.Request(site=str(paper.folder), now=AT), unwatched)
    written, gone = ({file.path for file in plan.of(action)} for action in ("write", "delete"))
    paper.good(at=AT)
    after = paper.tree()
    assert written == {path for path in after if before.get(path) != after[path]}
    assert gone == set(before) - set(after)

    dry = planned(paper, AT)
    assert {step.path for step in dry.puts} == written
    assert dry.bytes == sum(len(after[path]) for path in written)
    assert {step.path for step in (*dry.deletes, *dry.parting)} == gone

    proxy.reset()
    done = deploy(paper, AT)
    prefix = tmp_path.name + "/"
    put = proxy.puts(prefix)
    assert sorted(put) == sorted([CLAIM, *written, MANIFEST])
    assert (put[0], put[-1]) == (CLAIM, MANIFEST)
    assert (done.files, done.bytes) == (len(written), dry.bytes)
    assert {path: data for path, data in served(host.store(), prefix).items() if path in after} == after
    assert written < set(after)


def test_a_publication_puts_few_files(paper: Site, proxy: Proxy, tmp_path: Path) -> None:
    """At most 12 for a bare story, 32 with three topics and an author."""
    for name, most in (("a bare story", 12), ("a story of three topics and an author", 32)):
        CHANGES[name](paper)
        paper.good(at=AT)
        proxy.reset()
        deploy(paper, AT)
        put = [path for path in proxy.puts(tmp_path.name + "/") if not path.startswith(".broadsheet/")]
        assert len(put) <= most
        paper.remove("content/eu/new.md").good(at=AT, vanished=True)
        deploy(paper, AT)
