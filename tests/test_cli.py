"""The command line as people and machines meet it: its verbs and options, and the settings it reads."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from command_line import COMMAND, paper, process, run
from newsroom import Site

__all__ = ["paper"]


# --- verbs and help ------------------------------------------------------------------------------------------------


def test_no_verb_builds_the_site_in_the_current_folder(paper: Site) -> None:
    done = process(cwd=paper.folder)
    assert done.returncode == 0
    assert re.fullmatch(
        r"2 stories, \d+ pages, 0 warnings in \d+\.\d s: \d+ files written, 0 unchanged, 0 deleted in output\n",
        done.stdout,
    )
    assert done.stderr == ""
    assert "A story" in paper.page("/eu/2025/04/a/")


def test_the_verb_may_be_said_and_the_folder_named(paper: Site) -> None:
    assert run("build", "-s", str(paper.folder)).returncode == 0
    again = run("--source", str(paper.folder))
    assert " 0 files written" in again.stdout


def test_help_tells_the_verb_and_build_help_its_options() -> None:
    told = process("--help")
    assert told.returncode == 0
    assert "build" in told.stdout
    options = run("build", "--help")
    assert options.returncode == 0
    for option in (
        "--source",
        "--drafts",
        "--future",
        "--output",
        "--base-url",
        "--at",
        "--jobs",
        "--wait",
        "--format",
    ):
        assert option in options.stdout
    assert run("--version").stdout.startswith("Broadsheet ")


USAGE_ERRORS = {
    "a verb that isn't one": ["biuld"],
    "an option that isn't one": ["--dratfs"],
    "no workers": ["-j", "0"],
    "workers in words": ["-j", "two"],
    "a wait that isn't a number": ["--wait", "long"],
    "a format that isn't one": ["--format", "xml"],
    "quiet and verbose": ["-q", "-v"],
    "a time that isn't one": ["--at", "tomorrow"],
    "a day that isn't one": ["--at", "2026-02-30"],
    "a time before all zones": ["--at", "0001-01-01T00:00+14:00"],
    "a time after all zones": ["--at", "9999-12-31T23:59-14:00"],
    "a base URL without a scheme": ["-b", "example.org"],
    "a base URL that is a file": ["-b", "file:///tmp/"],
    "a base URL with a query": ["-b", "https://example.org/?x=1"],
    "drafts into what is deployed": ["-D"],
    "scheduled stories into what is deployed": ["-F", "-o", "output"],
    "drafts into what is deployed, by another way": ["-D", "-o", "content/../output/"],
    "drafts below what is deployed": ["-D", "-o", "output/preview"],
    "scheduled stories below what is deployed": ["-F", "-o", "output/a/b"],
    "drafts above what is deployed": ["-D", "-o", "."],
    "extensions, which can't be loaded yet": ["-s", "extended"],
}


@pytest.mark.parametrize("arguments", USAGE_ERRORS.values(), ids=USAGE_ERRORS.keys())
def test_what_can_not_be_done_is_told_with_exit_code_2(paper: Site, arguments: list[str]) -> None:
    Site(paper.folder / "extended").configure("extensions: [my_site.podcast]\n").story("eu/a.md")
    done = run(*arguments, cwd=paper.folder)
    assert done.returncode == 2, done.stdout
    assert done.stderr.strip()
    assert done.stdout == ""
    assert paper.tree() == {}


def test_drafts_through_a_link_to_what_is_deployed_are_refused(paper: Site) -> None:
    run(cwd=paper.folder)
    (paper.folder / "preview").symlink_to("output")
    assert run("-D", "-o", "preview", cwd=paper.folder).returncode == 2
    assert run("-D", "-o", "preview/below", cwd=paper.folder).returncode == 2
    (paper.folder / "site").mkdir()
    paper.configure("output_dir: site/public\n")
    assert run("-F", "-o", "site", cwd=paper.folder).returncode == 2


def test_drafts_go_elsewhere(paper: Site, tmp_path: Path) -> None:
    paper.story("eu/c.md", title="Unfinished", draft=True)
    assert run("-D", "-o", str(tmp_path / "preview"), cwd=paper.folder).returncode == 0
    assert (tmp_path / "preview/eu/2025/04/c/index.html").is_file()
    assert paper.tree() == {}


@pytest.mark.parametrize("epoch", ["soon", "99999999999999999", "253402300799", "-99999999999"])
def test_a_source_date_epoch_that_is_no_time_is_told(paper: Site, epoch: str) -> None:
    done = run(cwd=paper.folder, SOURCE_DATE_EPOCH=epoch)
    assert done.returncode == 2
    assert "SOURCE_DATE_EPOCH" in done.stderr


def test_source_date_epoch_is_the_hour_of_the_build_unless_at_says_another(paper: Site) -> None:
    paper.story("eu/later.md", date="2025-06-01")
    run(cwd=paper.folder, SOURCE_DATE_EPOCH="1746000000")  # 2025-04-30
    assert not paper.has("/eu/2025/06/later/")
    run("--at", "2025-06-02", cwd=paper.folder, SOURCE_DATE_EPOCH="1746000000")
    assert paper.has("/eu/2025/06/later/")


def test_exit_codes_are_those_of_the_process(paper: Site) -> None:
    assert process("--at", "x", cwd=paper.folder).returncode == 2
    assert process("-s", str(paper.folder / "nowhere")).returncode == 2
    paper.story("eu/c.md", darft=True)
    done = process(cwd=paper.folder)
    assert done.returncode == 1
    assert "content/eu/c.md:4:1: unknown key `darft`" in done.stderr


def test_a_locale_that_would_misread_file_names_is_told(paper: Site) -> None:
    done = subprocess.run(
        COMMAND,
        cwd=paper.folder,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    )
    assert done.returncode == 2
    assert "set PYTHONUTF8=1" in done.stderr


# --- settings ------------------------------------------------------------------------------------------------------


def test_mistakes_in_settings_are_told_at_their_places_with_exit_code_2(paper: Site) -> None:
    paper.write("config.yaml", "site: {title: x, base_url: https://e.org/, timezon: Y}\nfeeds: {limit: many}\nxyz: 1\n")
    done = run(cwd=paper.folder)
    assert done.returncode == 2
    for words in (
        "config.yaml:1:44: unknown key `site.timezon` [config-key]",
        "Did you mean `timezone`?",
        "config.yaml:2:16: `feeds.limit` must be a whole number",
        "config.yaml:3:1: unknown key `xyz`",
        "    2 | feeds: {limit: many}",
    ):
        assert words in done.stderr
    assert paper.tree() == {}


@pytest.mark.parametrize(
    "text",
    ["", "site: [", "- a\n", "\0", "site: {title: x}\n", "site: {title: x, base_url: ftp://x/}\n", "\ufeffsite: 3\n"],
)
def test_settings_that_can_not_be_used_are_told_with_exit_code_2(paper: Site, text: str) -> None:
    paper.write("config.yaml", text)
    done = run(cwd=paper.folder)
    assert done.returncode == 2
    assert "config.yaml:" in done.stderr


def test_settings_that_are_not_utf8_are_told(paper: Site) -> None:
    paper.write("config.yaml", b"site: {title: \xe9}\n")
    done = run(cwd=paper.folder)
    assert done.returncode == 2
    assert "not UTF-8" in done.stderr


def test_a_base_url_on_the_command_line_stands_in_for_a_missing_one(paper: Site) -> None:
    paper.write("config.yaml", "site: {title: x}\n")
    assert run(cwd=paper.folder).returncode == 2
    assert run("-b", "https://other.example/news", cwd=paper.folder).returncode == 0
    assert "https://other.example/news/eu/2025/04/a/" in paper.page("/sitemaps/2025-04.xml")
