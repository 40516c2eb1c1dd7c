"""The workflow files that `init --ci` writes: their commands are run in a fresh clone, and wake up when it is time."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from command_line import process
from deploys import newspaper
from hosts import git, need
from newsroom import Site

from broadsheet.deploy.ci import KINDS, ci_files, target
from broadsheet.errors import UsageError

ROOT = Path(__file__).parent.parent

EVERY_KIND = pytest.mark.parametrize(
    "kind", [kind if kind == "cron" else pytest.param(kind, marks=pytest.mark.slow) for kind in KINDS]
)


def lines_of(kind: str) -> tuple[list[str], list[str]]:
    """The command lines of a kind's files: those that build and deploy, and those that wait for the next instant."""
    texts = list(ci_files(kind).values())
    if kind in ("github", "forgejo", "cloudflare"):
        jobs = yaml.safe_load(texts[0])["jobs"]
        build, wake = ([step["run"] for step in jobs[job]["steps"] if "run" in step] for job in ("site", "wake"))
    elif kind == "gitlab":
        build, wake = (yaml.safe_load(texts[0])[job]["script"] for job in ("pages", "wake"))
    elif kind == "netlify":
        build, wake = [tomllib.loads(texts[0])["build"]["command"]], []
    elif kind == "cron":
        build, wake = ([line] for line in re.findall(r"(?m)^[*]/5 .*? news cd /srv/site && (.*)$", texts[0]))
    else:
        build, wake = (re.findall(r"(?m)^ExecStart=(.*)$", text) for text in texts[:2])
    return list(build), list(wake)


class Hook:
    """Where a workflow asks for another run; `asked` are the addresses and what came with them."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, bytes]] = []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                hook.asked.append((self.path, self.headers.get("Authorization", ""), body))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def hook() -> Iterator[Hook]:
    found = Hook()
    yield found
    found.close()


class Clone:
    """A fresh clone of a site, and the programs of a CI machine: ours, and stand-ins for what needs the network."""

    def __init__(self, source: Path, place: Path, hook: Hook) -> None:
        git(place, "clone", "-q", str(source), str(place / "clone"))
        self.folder = place / "clone"
        programs = place / "bin"
        programs.mkdir()
        for name, does in (("broadsheet", f'exec {sys.executable} {ROOT}/build.py "$@"'), ("pip", ":"), ("npx", ":")):
            (programs / name).write_text(f"#!/bin/sh\n{does}\n")
            (programs / name).chmod(0o755)
        github = {"GITHUB_API_URL": hook.url, "GITHUB_REPOSITORY": "paper/site", "TOKEN": "t0ken"}
        gitlab = {
            "CI_API_V4_URL": hook.url,
            "CI_PROJECT_ID": "7",
            "CI_JOB_TOKEN": "t0ken",
            "CI_COMMIT_REF_NAME": "main",
        }
        path = f"{programs}:{os.environ['PATH']}"
        self.environment = {**os.environ, **github, **gitlab, "PATH": path, "PYTHONPATH": str(ROOT)}

    def run(self, line: str) -> None:
        done = self.ran(line)
        assert done.returncode == 0 or line.startswith("sh -c"), (line, done.stdout, done.stderr)

    def ran(self, line: str) -> subprocess.CompletedProcess[str]:
        command = ["sh", "-ec", line]
        done = subprocess.run(command, cwd=self.folder, env=self.environment, capture_output=True, text=True)
        assert "Traceback" not in done.stderr, done.stderr
        return done


def begun(tmp_path: Path, kind: str) -> Path:
    """A site as `init --ci` makes it, with a story that becomes public in a while, in a repository."""
    assert process("init", "paper", "--ci", kind, "-b", "https://example.org/", cwd=tmp_path).returncode == 0
    folder = tmp_path / "paper"
    config = (folder / "config.yaml").read_text()
    assert target(kind) in config
    (folder / "config.yaml").write_text(
        config.replace("/srv/www", "srv").replace("git, branch", "git, url: ../pages.git, branch")
    )
    due(folder, 3600)
    git(tmp_path, "init", "-q", "--bare", "-b", "main", str(tmp_path / "pages.git"))
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "Site"]):
        git(folder, *words)
    return folder


def due(folder: Path, seconds: int) -> None:
    """A story becomes public so many seconds from now."""
    instant = datetime.now(UTC) + timedelta(seconds=seconds)
    (folder / "content/town/soon.md").write_text(f"---\ntitle: Soon\ndate: {instant.isoformat()}\n---\nIt is here.\n")


def published(clone: Clone, kind: str) -> set[str]:
    """The pages that stand where the workflow puts them."""
    if kind in ("github", "forgejo"):
        return set(git(clone.folder.parent / "pages.git", "ls-tree", "-r", "--name-only", "pages").split())
    place = {"cron": "srv/current", "systemd": "srv/current", "cloudflare": ".broadsheet/deploy/production/site"}
    folder = clone.folder / place.get(kind, "public")
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}


def soon_in(pages: set[str]) -> bool:
    return any(re.fullmatch(r"town/\d{4}/\d{2}/soon/index\.html", page) for page in pages)


@pytest.mark.slow
@EVERY_KIND
def test_a_workflow_builds_and_deploys_a_fresh_clone_and_wakes_up_at_the_next_instant(
    kind: str, tmp_path: Path, hook: Hook
) -> None:
    """But for installing packages and a host's own program, which need the network."""
    need("git", "curl", "flock")
    clone = Clone(begun(tmp_path, kind), tmp_path, hook)
    build, wake = lines_of(kind)
    for line in build:
        clone.run(line)
    there = published(clone, kind)
    assert "index.html" in there
    assert not soon_in(there)
    if kind == "netlify":
        _netlify_wakes(clone, hook)
        return
    for seconds in (6, 30, 120):  # a busy machine may not get to it in time
        due(clone.folder, seconds)
        for line in wake:
            clone.run(line)
        if hook.asked or soon_in(published(clone, kind)):
            break
    if kind not in ("cron", "systemd"):
        ((path, key, body),) = hook.asked
        assert b"main" in body
        assert "t0ken" in key or b"t0ken" in body
        actions = "/repos/paper/site/actions/workflows/site.yml/dispatches"
        assert path == ("/projects/7/trigger/pipeline" if kind == "gitlab" else actions)
        for line in build:  # as the run that was asked for does
            clone.run(line)
    assert soon_in(published(clone, kind))


@pytest.mark.slow
@EVERY_KIND
def test_what_a_check_finds_wrong_is_built_and_not_deployed(kind: str, tmp_path: Path, hook: Hook) -> None:
    need("git", "flock")
    source = begun(tmp_path, kind)
    with (source / "config.yaml").open("a") as config:
        config.write("\nchecks:\n  long-headline: error\n")
    (source / "content/town/long.md").write_text(f"---\ntitle: {'Word ' * 40}\ndate: 2026-01-01\n---\nText.\n")
    git(source, "add", "-A")
    git(source, "commit", "-q", "-m", "A long headline")
    clone = Clone(source, tmp_path, hook)
    ended = []
    for line in lines_of(kind)[0]:
        ended.append(clone.ran(line))
        if ended[-1].returncode:
            break
    assert ended[-1].returncode == 1
    assert "long-headline" in ended[-1].stdout + ended[-1].stderr
    assert (clone.folder / "output/index.html").exists()
    assert not (clone.folder / ".broadsheet/deploy").exists()
    if kind not in ("github", "forgejo"):  # there the branch isn't there either
        assert published(clone, kind) == set()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["cron", "systemd"])
def test_what_runs_by_the_clock_says_nothing_while_nothing_is_wrong(kind: str, tmp_path: Path, hook: Hook) -> None:
    """Every five minutes a mail, or lines of a log, would hide those that matter. A warning is for who runs `check`."""
    need("git", "flock")
    source = begun(tmp_path, kind)
    (source / "content/town/long.md").write_text(f"---\ntitle: {'Word ' * 40}\ndate: 2026-01-01\n---\nText.\n")
    git(source, "add", "-A")
    git(source, "commit", "-q", "-m", "A long headline")
    clone = Clone(source, tmp_path, hook)
    (line,) = lines_of(kind)[0]
    for _ in range(2):
        done = clone.ran(line)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("place", [".venv/bin", ""])
def test_cron_finds_the_program_where_pip_puts_it(tmp_path: Path, place: str) -> None:
    """It hands on no more of an environment than what its file sets."""
    (path,) = re.findall(r"(?m)^PATH=(.*)$", ci_files("cron")["deploy/broadsheet.cron"].partition("\n*")[0])
    assert {"/usr/bin", "/bin"} < {*path.split(":")}
    folders = path.replace("/srv/site", str(tmp_path)).replace("/usr/local/bin", str(tmp_path / "local"))
    program = tmp_path / (place or "local") / "broadsheet"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    told = subprocess.run(
        ["/bin/sh", "-c", "command -v broadsheet"], env={"PATH": folders}, capture_output=True, text=True
    )
    assert told.stdout == f"{program}\n"


@pytest.mark.parametrize("kind", KINDS)
def test_every_workflow_builds_then_checks_then_deploys(kind: str) -> None:
    said = " ".join(lines_of(kind)[0])
    assert re.findall(r"broadsheet (build|check|deploy)\b(?! --dry-run)", said) == ["build", "check", "deploy"]


def _netlify_wakes(clone: Clone, hook: Hook) -> None:
    """Its function is run by Node as the host would run it: before the instant, at it, and in the minutes after."""
    need("node")
    folder = clone.folder / "netlify/functions/wake"
    coming = json.loads((folder / "next.mjs").read_text().removeprefix("export default ").rstrip(";\n"))["next"]
    assert datetime.fromisoformat(coming) > datetime.now(UTC)
    for minutes, calls in ((-60, 0), (0.5, 1), (1.5, 1), (15.5, 2)):
        at = datetime.now(UTC) - timedelta(minutes=minutes)
        (folder / "next.mjs").write_text(f"export default {json.dumps({'next': at.isoformat()})};\n")
        script = f"const wake = await import({json.dumps(str(folder / 'wake.mjs'))}); await wake.default();"
        environment = {**clone.environment, "BUILD_HOOK": f"{hook.url}/build_hooks/7"}
        command = ["node", "--input-type=module", "-e", script]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert len(hook.asked) == calls, minutes


@pytest.mark.slow
def test_what_netlify_keeps_between_builds_is_what_a_build_needs(tmp_path: Path) -> None:
    need("node")
    (tmp_path / "index.js").write_text(ci_files("netlify")["netlify/cache/index.js"])
    script = (
        "const plugin = require('./index.js'), said = [];"
        "const utils = {cache: {restore: paths => said.push(['restore', paths]),"
        " save: paths => said.push(['save', paths])}};"
        "plugin.onPreBuild({utils}); plugin.onPostBuild({utils}); console.log(JSON.stringify(said))"
    )
    done = subprocess.run(["node", "-e", script], cwd=tmp_path, capture_output=True, text=True)
    assert json.loads(done.stdout) == [[verb, [".broadsheet", "output"]] for verb in ("restore", "save")]


def test_another_kind_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError, match="github"):
        ci_files("jenkins")


# --- the next instant ------------------------------------------------------------------------------------------------


@pytest.fixture
def coming(site: Site) -> Site:
    newspaper(site, "production: {type: folder, path: srv}")
    return site.story("eu/later.md", date="2026-03-01T06:00:00Z")


def scheduled(site: Site, *words: str) -> Any:
    return process("schedule", *words, cwd=site.folder)


def test_schedule_sleeps_until_the_next_instant(coming: Site) -> None:
    began = datetime.now(UTC)
    done = scheduled(coming, "--at", "2026-03-01T05:59:57Z", "--sleep", "60")
    assert done.returncode == 0
    assert "later.md" in done.stdout
    assert datetime.now(UTC) - began >= timedelta(seconds=3)


@pytest.mark.parametrize("at", ["2026-03-01T05:58:00Z", "2026-03-01T05:00:00", "2026-03-01T06:00:00Z"])
def test_schedule_does_not_sleep_where_the_next_instant_is_far_off_or_there_is_none(coming: Site, at: str) -> None:
    done = scheduled(coming, "--at", at, "--sleep", "60")
    assert done.returncode == 3, done.stderr
    told = json.loads(scheduled(coming, "--at", at, "--sleep", "60", "--format", "json").stdout)
    assert (told["ok"], told["exit_code"]) == (False, 3)


def test_schedule_counts_the_hour_that_comes_twice(site: Site) -> None:
    site.configure("sitemap: {news: false}\n", timezone="Europe/Berlin").story("eu/later.md", date="2026-10-25T04:00")
    assert scheduled(site, "--at", "2026-10-25T01:30", "--sleep", "12599").returncode == 3  # 9,000 s by the clock
