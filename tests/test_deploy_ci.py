"""The workflow files that `ci_files` gives: their commands are run in a fresh clone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from deploys import newspaper
from hosts import git, need
from newsroom import Site

from broadsheet.deploy.ci import KINDS, ci_files
from broadsheet.errors import UsageError

ROOT = Path(__file__).parent.parent


def lines_of(kind: str) -> list[str]:
    """The command lines of a kind's files, in order."""
    found: list[str] = []
    for path, text in ci_files(kind).items():
        if path.endswith(".yml"):
            value = yaml.safe_load(text)
            if kind == "gitlab":
                found += value["pages"]["script"]
            else:
                found += [step["run"] for step in value["jobs"]["site"]["steps"] if "run" in step]
        else:
            found += re.findall(r'(?m)^(?:command = "|ExecStart=|[*]/5 .* news cd /srv/site && )(.*?)"?$', text)
    return [part for line in found for part in line.split(" && ")]


@pytest.mark.parametrize(
    "kind", [kind if kind == "github" else pytest.param(kind, marks=pytest.mark.slow) for kind in KINDS]
)
def test_the_lines_of_a_workflow_build_and_deploy_a_fresh_clone(kind: str, site: Site, tmp_path: Path) -> None:
    """But for installing packages and a host's own program, which need the network."""
    need("git")
    type_of = kind if kind in ("netlify", "cloudflare", "gitlab") else "folder"
    newspaper(site, f"production: {{type: {type_of}, path: public}}")
    (site.folder / ".gitignore").write_text("output\n.broadsheet\npublic\n")
    git(site.folder, "init", "-q", "-b", "main")
    git(site.folder, "add", "-A")
    git(site.folder, "commit", "-q", "-m", "Site")
    git(tmp_path, "clone", "-q", str(site.folder), str(tmp_path / "clone"))
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "broadsheet"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} {ROOT}/build.py "$@"\n')
    program.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}/bin:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    ours = [line for line in lines_of(kind) if line.startswith("broadsheet ")]
    assert any(line.startswith("broadsheet build") for line in ours)
    for line in ours:
        done = subprocess.run(["sh", "-c", line], cwd=tmp_path / "clone", env=environment, capture_output=True)
        assert done.returncode == 0, (line, done.stderr)
    public = tmp_path / "clone" / "public"
    assert (public / "index.html").exists() or (public / "current" / "index.html").exists()


def test_another_kind_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError, match="github"):
        ci_files("jenkins")
