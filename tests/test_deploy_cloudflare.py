"""What is laid out for Cloudflare Pages, in the hands of its own program: its checks, its server, its headers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from deploys import checked, deploy, newspaper
from hosts import await_port, free_port, need, request
from newsroom import Site
from test_deploy_ci import lines_of
from websites import Website

WRANGLER = Path(sys.prefix) / "wrangler/node_modules/.bin/wrangler"
_SINCE = "2025-07-01"  # what its server is to be compatible with: it refuses a day after its own making

pytestmark = pytest.mark.slow


@pytest.fixture
def environment(tmp_path: Path) -> Mapping[str, str]:
    """It writes logs into the home folder."""
    need("node", WRANGLER)
    home = {"HOME": str(tmp_path / "home"), "XDG_CONFIG_HOME": str(tmp_path / "home/.config")}
    return {**os.environ, **home, "CI": "1", "WRANGLER_SEND_METRICS": "false"}


@pytest.fixture
def public(site: Site) -> Path:
    newspaper(site, "production: {type: cloudflare, path: public}", base_url="https://example.org/")
    site.write("static/_redirects", "/old /eu/ 301\n").good()
    deploy(site)
    return site.folder / "public"


@contextmanager
def served(folder: Path, environment: Mapping[str, str]) -> Iterator[int]:
    port, inspector = free_port(), free_port()
    at = ["--ip", "127.0.0.1", "--port", str(port), "--inspector-port", str(inspector)]
    command = [str(WRANGLER), "pages", "dev", str(folder), *at, "--compatibility-date", _SINCE]
    with (folder.parent / "log").open("wb") as log:
        server = subprocess.Popen(
            command, cwd=folder.parent, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
        try:
            await_port(port, server)
            yield port
        finally:
            server.terminate()
            server.wait()


def test_its_program_takes_what_was_laid_out(public: Path, environment: Mapping[str, str]) -> None:
    command = [str(WRANGLER), "pages", "project", "validate", str(public)]
    done = subprocess.run(command, cwd=public.parent, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_its_program_refuses_the_site_that_our_check_refuses(
    tmp_path: Path, site: Site, environment: Mapping[str, str]
) -> None:
    from broadsheet.deploy.limits import LIMITS

    folder = tmp_path / "many"
    folder.mkdir()
    (folder / "_headers").write_text("/*\n  A: b\n")
    for number in range(LIMITS["cloudflare"].files):
        (folder / f"{number}.html").touch()
    command = [str(WRANGLER), "pages", "project", "validate", str(folder)]
    assert subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True).returncode == 0
    (folder / "more.html").touch()
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode != 0
    assert f"{LIMITS['cloudflare'].files:,} files" in done.stdout + done.stderr


def test_the_workflows_command_is_one_that_its_program_understands(
    public: Path, site: Site, tmp_path: Path, environment: Mapping[str, str]
) -> None:
    """Up to its first question to Cloudflare, whose place a server on loopback takes: it is about the right project."""
    (line,) = [line for line in lines_of("cloudflare")[0] if "wrangler" in line]
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/npx").write_text(f'#!/bin/sh\nshift\nexec "{WRANGLER}" "$@"\n')
    (tmp_path / "bin/npx").chmod(0o755)
    shutil.copytree(public, site.folder / ".broadsheet/deploy/production/site")
    with Website() as cloudflare:
        account = {"CLOUDFLARE_API_TOKEN": "canary-token", "CLOUDFLARE_ACCOUNT_ID": "0a1b", "PROJECT": "the-paper"}
        there = {
            "CLOUDFLARE_API_BASE_URL": f"{cloudflare.url}client/v4",
            "PATH": f"{tmp_path}/bin:{os.environ['PATH']}",
        }
        subprocess.run(
            ["sh", "-c", line],
            cwd=site.folder,
            env={**environment, **account, **there},
            capture_output=True,
            timeout=120,
        )
    assert "/client/v4/accounts/0a1b/pages/projects/the-paper" in cloudflare.asked[0].path
    assert cloudflare.asked[0].headers["Authorization"] == "Bearer canary-token"


def test_its_server_sends_the_pages_and_headers_that_a_check_looks_for(
    public: Path, site: Site, environment: Mapping[str, str]
) -> None:
    with served(public, environment) as port:
        looked, findings = checked(site, f"http://127.0.0.1:{port}/")
        assert findings == []
        assert looked > 20
        assert request(port, "GET", "/old")[0] == 301
    (public / "_headers").unlink()
    with served(public, environment) as port:
        _, findings = checked(site, f"http://127.0.0.1:{port}/")
        assert {found.message for found in findings} >= {"the header content-security-policy is missing"}
