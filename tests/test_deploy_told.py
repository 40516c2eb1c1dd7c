"""What a deploy shows: a bar while it uploads, a question at a terminal, and a summary that is true."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from command_line import on_terminal, process
from deploys import LATER, deploy, files_below, newspaper, planned
from hosts import Proxy
from newsroom import Site
from stores import Host, moto

from broadsheet.deploy.kinds import WORDS, kind

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
    for name, value in host.environment.items():
        monkeypatch.setenv(name, value)
    return newspaper(site, f"production: {{{host.target(proxy.port, tmp_path.name + '/')}, parallel: 1}}")


def words(*more: str) -> list[str]:
    return ["deploy", "--yes", "--at", AT.isoformat(), *more]


def size(shown: str) -> float:
    """Bytes as the summary tells them."""
    number, unit = shown.split()
    return float(number) * {"bytes": 1, "KB": 1e3, "MB": 1e6}[unit]


def test_a_bar_counts_the_files_of_a_slow_upload_and_is_gone_when_it_ends(paper: Site, proxy: Proxy) -> None:
    proxy.fault = lambda number, *_: "slow" if number % 4 == 0 else ""
    total = len(planned(paper, AT).puts)
    code, shown = on_terminal(*words(), cwd=paper.folder)
    assert code == 0
    counted = [int(done) for done in re.findall(rf"Uploading:.*? (\d+)/{total} ", shown)]
    assert len(counted) > 3
    assert counted == sorted(counted)
    assert 0 < counted[-1] <= total
    assert shown.index("Uploading") < shown.index("Deployed")
    last = shown.split("Uploading")[-1].partition("\r")[2]  # the bar's line is wiped before the summary
    assert re.match(r"\s*\r?", last)
    assert "it/s" not in last


@pytest.mark.slow
def test_an_upload_that_nobody_watches_shows_no_bar(paper: Site, proxy: Proxy) -> None:
    proxy.fault = lambda number, *_: "slow" if number % 4 == 0 else ""
    done = process(*words(), cwd=paper.folder)
    assert done.returncode == 0
    assert "Uploading" not in done.stdout + done.stderr


def test_the_summary_says_files_bytes_seconds_unchanged_and_each_kind(
    paper: Site, proxy: Proxy, tmp_path: Path
) -> None:
    deploy(paper)
    before = paper.tree()
    proxy.reset()
    paper.edit("content/eu/talks.md", "They talk.", "They talk on.").remove("content/asia/rain.md").good(vanished=True)
    plan = planned(paper, AT)
    proxy.reset()
    done = process(*words(), cwd=paper.folder)
    assert done.returncode == 0
    put = [path for path in proxy.puts(tmp_path.name + "/") if not path.startswith(".broadsheet/")]
    after = paper.tree()
    assert sorted(put) == sorted(path for path in after if before.get(path) != after[path])

    *kinds, last = done.stdout.splitlines()
    found = re.fullmatch(
        r"Deployed \S+: (\d+) files put, ([\d.]+ \w+), ([\d,]+) unchanged, ([\d,]+) deleted in ([\d.]+) s", last
    )
    assert found, last
    assert int(found[1]) == len(put)
    assert size(found[2]) == pytest.approx(sum(len(after[path]) for path in put), rel=0.05)
    assert int(found[3].replace(",", "")) == len(after) - len(put)
    assert int(found[4]) == len(plan.deletes) == len(set(before) - set(after))

    told = {}
    for line in kinds:
        one = re.fullmatch(r"  (\d+) (\w+)(?: [\w ]+)?, ([\d.]+ \w+)", line)
        assert one, line
        told[one[2]] = (int(one[1]), size(one[3]))
    assert sum(files for files, _ in told.values()) == len(put)
    by_kind: dict[str, list[str]] = {}
    for path in put:
        by_kind.setdefault(WORDS[kind(path, None)].split()[0], []).append(path)
    assert len(told) == len(by_kind) > 1
    for name, paths in by_kind.items():
        (files, bytes_put) = next(value for word, value in told.items() if word[:3] == name[:3])
        assert files == len(paths)
        assert bytes_put == pytest.approx(sum(len(after[path]) for path in paths), rel=0.05)


def test_the_summary_for_machines_says_the_same(paper: Site) -> None:
    plan = planned(paper, AT)
    value = json.loads(process(*words("--format", "json"), cwd=paper.folder).stdout)
    assert value["ok"]
    assert (value["put"], value["bytes"]) == (len(plan.puts), plan.bytes)
    assert sum(one["files"] for one in value["kinds"].values()) == value["put"]
    assert sum(one["bytes"] for one in value["kinds"].values()) == value["bytes"]
    assert value["seconds"] > 0
    assert value["unchanged"] == 0


def test_quiet_says_nothing(paper: Site) -> None:
    assert on_terminal(*words("-q"), cwd=paper.folder) == (0, "")


def test_at_a_terminal_a_deploy_asks_and_no_means_no(site: Site) -> None:
    newspaper(site, "production: {type: folder, path: srv}")
    ask = ["deploy", "--at", AT.isoformat()]
    for answer in ("n\n", "\n", "later\n"):
        code, shown = on_terminal(*ask, cwd=site.folder, typed=answer)
        assert code == 0
        assert "files to put" in shown
        assert "Deploy? [y/N]" in shown
        assert not (site.folder / "srv").exists()
    code, shown = on_terminal(*ask, cwd=site.folder, typed="y\n")
    assert (code, "Deployed" in shown) == (0, True)
    assert files_below(site.folder / "srv/current") == site.tree()


def test_a_dry_run_names_each_file_with_its_reason_and_all_bytes(site: Site) -> None:
    newspaper(site, "production: {type: folder, path: srv}")
    deploy(site)
    site.edit("content/eu/talks.md", "They talk.", "They talk on.").remove("content/asia/rain.md").good(vanished=True)
    plan = planned(site, AT)
    done = process("deploy", "--dry-run", "--at", AT.isoformat(), cwd=site.folder)
    *lines, last = done.stdout.splitlines()
    told = [line.split(maxsplit=2)[:2] for line in lines]
    steps = [("put", plan.puts), ("delete", plan.deletes), ("later", plan.parting)]
    assert told == [[verb, step.path] for verb, found in steps for step in found]
    assert all(re.search(r"  (new|changed|no longer on the site|no page needs it.*)$", line) for line in lines)
    assert f"{len(plan.puts)} files to put (" in last
    assert last.endswith("nothing was done")
    assert size(re.findall(r"\(([\d.]+ \w+)\)", last)[0]) == pytest.approx(plan.bytes, rel=0.05)
