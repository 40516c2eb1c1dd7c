"""The folders that the command reads and writes: missing, misspelt, not to be written, or full."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from command_line import COMMAND, paper, run
from newsroom import Site

__all__ = ["paper"]

AT = "2026-01-15T12:00:00+00:00"


def test_a_missing_site_folder_is_told(tmp_path: Path) -> None:
    done = run("-s", str(tmp_path / "nowhere"))
    assert done.returncode == 2
    assert "nowhere: there is no such folder" in done.stderr


def test_a_folder_without_settings_is_told_what_to_write(tmp_path: Path) -> None:
    done = run(cwd=tmp_path)
    assert done.returncode == 2
    assert "there is no config.yaml" in done.stderr
    assert "base_url" in done.stderr


def test_a_folder_in_place_of_settings_or_stories_is_told(paper: Site, tmp_path: Path) -> None:
    (paper.folder / "config.yaml").unlink()
    (paper.folder / "config.yaml").mkdir()
    assert run(cwd=paper.folder).returncode == 2
    other = Site(tmp_path / "other").write("content", "a file")
    done = run(cwd=other.folder)
    assert done.returncode == 2
    assert "there is no folder content for `content_dir`" in done.stderr


@pytest.mark.parametrize(
    ("setting", "line"),
    [
        ("content_dir: contnt", "config.yaml:4:1: there is no folder contnt for `content_dir`"),
        ("static_dir: statics", "config.yaml:4:1: there is no folder statics for `static_dir`"),
        ("templates_dir: themes/ours", "config.yaml:4:1: there is no folder themes/ours for `templates_dir`"),
    ],
)
def test_a_misspelt_source_folder_is_told_and_takes_no_page_away(paper: Site, setting: str, line: str) -> None:
    paper.write("static/x.txt", "x").write("templates/partials/head.html", "").good()
    before = paper.tree()
    paper.configure(setting + "\n")
    done = run(cwd=paper.folder)
    assert done.returncode == 2
    assert line in done.stderr
    assert f"hint: Did you mean {setting.partition('_')[0]}" in done.stderr
    assert paper.tree() == before


def test_a_site_needs_no_static_files_and_no_templates_of_its_own(paper: Site) -> None:
    paper.good()
    (paper.folder / "stories").mkdir()
    assert paper.configure("content_dir: stories\n").build().codes() == ["vanished-page", "vanished-page"]
    assert not paper.has("/eu/2025/04/a/")  # an empty folder of stories is meant


def test_a_template_that_is_not_utf8_is_told_with_the_rest(paper: Site) -> None:
    paper.story("eu/c.md", darft=True).write("templates/partials/head.html", "<p>\n  Café".encode("latin-1"))
    done = run(cwd=paper.folder)
    assert done.returncode == 1
    assert "content/eu/c.md:4:1: unknown key `darft`" in done.stderr
    assert "templates/partials/head.html:2:6: the file is not UTF-8 [template]" in done.stderr


@pytest.mark.parametrize(
    "output", ["/", "~", ".", "..", "content", "content/eu", "static", "templates/x", "config.yaml"]
)
def test_an_output_folder_that_would_cost_files_is_refused(paper: Site, output: str) -> None:
    for name in ("static", "templates"):
        (paper.folder / name).mkdir()
    before = sorted(path for path in paper.folder.rglob("*"))
    done = run("-o", os.path.expanduser(output), cwd=paper.folder)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert sorted(path for path in paper.folder.rglob("*")) == before


def test_an_output_folder_that_can_not_be_made_is_told(paper: Site) -> None:
    done = run("-o", "/proc/broadsheet", cwd=paper.folder)
    assert done.returncode == 1
    assert "/proc/broadsheet" in done.stderr
    assert "nothing was published" in done.stderr


def test_pages_that_others_made_are_kept_until_adopted(paper: Site) -> None:
    paper.write("output/index.html", "mine").write("output/CNAME", "example.org")
    done = run(cwd=paper.folder)
    assert done.returncode == 1
    assert "--adopt" in done.stderr
    assert paper.tree() == {"index.html": b"mine", "CNAME": b"example.org"}
    assert run("--adopt", cwd=paper.folder).returncode == 0
    assert paper.tree()["CNAME"] == b"example.org"
    assert "A story" in paper.page("/")


def _in_namespace(script: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A shell script with mounts of its own, or a skip where this system allows none."""
    unshare = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-Urm"]
    if subprocess.run([*unshare, "true"], capture_output=True).returncode:
        pytest.skip("this system lets nobody make mounts of their own")
    return subprocess.run(
        [*unshare, "sh", "-ec", script], capture_output=True, text=True, timeout=120, cwd=cwd, stdin=subprocess.DEVNULL
    )


def test_a_read_only_output_folder_is_told_and_stays_as_it_is(paper: Site) -> None:
    run(cwd=paper.folder)
    before = paper.tree()
    paper.story("eu/c.md")
    command = " ".join(COMMAND)
    done = _in_namespace(
        f"mount --bind output output && mount -o remount,bind,ro output && exec {command}", paper.folder
    )
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert "nothing was published" in done.stderr
    assert "ead-only" in done.stderr
    assert paper.tree() == before


@pytest.mark.parametrize("folder", ["output", ".broadsheet"])
def test_who_only_asks_needs_to_write_nothing(paper: Site, folder: str) -> None:
    """As on a medium that can't be written, or as another user than the one who builds."""
    run("--at", AT, cwd=paper.folder)
    read_only = f"mount --bind {folder} {folder} && mount -o remount,bind,ro {folder} && exec {' '.join(COMMAND)}"
    for title in ("Another", "One more"):
        paper.story("eu/b.md", title=title)
        for asked in (["build", "--plan", "--at", AT], ["explain", "/", "--at", AT]):
            wanted = run(*asked, cwd=paper.folder)
            told = _in_namespace(f"{read_only} {' '.join(asked)}", paper.folder)
            assert (told.returncode, told.stdout, told.stderr) == (0, wanted.stdout, wanted.stderr)


def test_a_full_disk_is_told_and_the_site_stays_as_it_is(paper: Site) -> None:
    script = f"""
        mkdir -p small && mount -t tmpfs -o size=600k tmpfs small
        {" ".join(COMMAND)} -q -o small/output
        find small/output -type f ! -path '*/.broadsheet/*' | sort | xargs cksum > first
        head -c 300000 /dev/urandom > static.bin; mkdir -p static; mv static.bin static/big.bin
        head -c 300000 /dev/urandom > static/big2.bin
        {" ".join(COMMAND)} -q -o small/output && exit 99 || echo "code $?"
        find small/output -type f ! -path '*/.broadsheet/*' | sort | xargs cksum > second
        cmp first second
    """
    done = _in_namespace(script, paper.folder)
    assert done.returncode == 0, done.stderr + done.stdout
    assert "code 1" in done.stdout
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr
