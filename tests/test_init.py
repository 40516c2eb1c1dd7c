"""`init`: a new site that is right from the start, in a folder where nothing is written over."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import process, run
from newsroom import Site, tree

from broadsheet.deploy.ci import KINDS, ci_files
from broadsheet.schemas import documents

AT = "2026-06-01T12:00:00+00:00"


@pytest.fixture
def begun(tmp_path: Path) -> Site:
    assert run("init", "paper", "--title", "Wharf: news", "--timezone", "Europe/Istanbul", cwd=tmp_path).returncode == 0
    site = Site.__new__(Site)
    site.folder = tmp_path / "paper"
    return site


def test_a_new_site_builds_and_is_checked_without_a_word(begun: Site) -> None:
    summary = begun.good(at=AT)
    assert (summary.stories, summary.warnings) == (5, ())
    assert "Wharf: news" in begun.page("/")
    assert "The first edition is yours to write" in begun.page("/town/2026/01/first-edition/")
    assert "They stand at its head" in begun.page("/corrections/")
    found = json.loads(run("check", "--json", "--at", AT, cwd=begun.folder).stdout)
    assert found["diagnostics"] == []


@pytest.fixture
def quick(begun: Site) -> Site:
    """The same with pictures that take no time to encode."""
    written = (begun.folder / "config.yaml").read_text(encoding="utf-8")
    return begun.write("config.yaml", written + "\nimages: {widths: [24], formats: [jpeg]}\n")


def test_a_new_story_changes_no_older_one_but_its_neighbour(quick: Site) -> None:
    begun = quick
    begun.good(at=AT)
    before = begun.tree()
    begun.story("coast/boats.md", "Boats.", date="2026-02-01")
    begun.good(at=AT)
    after = begun.tree()
    changed = {path for path in before if "/2026/01/" in path and before[path] != after[path]}
    # The story of which it is the next one, and the archive of which its month is the next one.
    assert changed == {"coast/2026/01/tides/index.html", "coast/2026/01/index.html"}


def test_a_story_is_begun_in_it(quick: Site) -> None:
    begun = quick
    assert (
        run("new", "town", "--title", "Market day", "--publish", "--at", "2026-05-01", cwd=begun.folder).returncode == 0
    )
    begun.good(at=AT)
    assert "Market day" in begun.page("/town/")


def test_editors_find_schemas_and_snippets_in_it(begun: Site) -> None:
    settings = json.loads((begun.folder / ".vscode/settings.json").read_text())
    ((schema, name),) = settings["yaml.schemas"].items()
    assert (begun.folder / name).is_file()
    assert (begun.folder / schema).read_text() == documents()["config.json"]
    assert json.loads((begun.folder / ".vscode/broadsheet.code-snippets").read_text())


def test_what_builds_leave_is_not_committed(begun: Site) -> None:
    assert (begun.folder / ".gitignore").read_text().split() == [".broadsheet/", "output/"]


@pytest.mark.parametrize("kind", KINDS)
def test_workflow_files_come_with_it_on_demand(tmp_path: Path, kind: str) -> None:
    assert run("init", "paper", "--ci", kind, cwd=tmp_path).returncode == 0
    for path, text in ci_files(kind).items():
        assert (tmp_path / "paper" / path).read_text() == text


def test_a_folder_with_other_files_keeps_them_and_they_are_named(tmp_path: Path) -> None:
    """As a repository is that a forge made."""
    theirs = {"LICENSE": b"Mine.", "README.md": b"Mine, too.", ".gitignore": b"*.bak"}
    for path, data in theirs.items():
        (tmp_path / path).write_bytes(data)
    done = run("init", ".", cwd=tmp_path)
    assert done.returncode == 0
    assert {path: (tmp_path / path).read_bytes() for path in theirs} == theirs
    assert (tmp_path / "content/_index.md").is_file()
    assert "README.md was there already" in done.stdout
    assert "it should name .broadsheet/ and output/, too" in done.stdout
    assert "LICENSE" not in done.stdout


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--base-url", "example.org"], "base_url"),
        (["--timezone", "Europe/Istambul"], "Europe/Istanbul"),
        (["--language", "english, please"], "language"),
        (["--ci", "jenkins"], "choose one of github"),
        (["--title", ""], "title"),
    ],
)
def test_what_would_not_build_is_refused_and_nothing_is_written(tmp_path: Path, options: list[str], words: str) -> None:
    done = process("init", "paper", *options, cwd=tmp_path)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", ["config.yaml", "content/eu/story.md", "templates/base.html"])
def test_a_folder_that_holds_a_site_is_refused_and_nothing_is_written(tmp_path: Path, path: str) -> None:
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text("mine: true\n")
    before = tree(tmp_path)
    done = run("init", ".", cwd=tmp_path)
    assert done.returncode == 2
    assert f"{path.partition('/')[0]} is there already" in done.stderr
    assert "nothing was written" in done.stderr
    assert tree(tmp_path) == before
