"""`check`: everything that is wrong, told in one go, with nothing written."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tarfile

import pytest
from checks import check, codes, only, sound
from command_line import on_terminal, process, run
from jsonschema import Draft7Validator
from newsroom import Site, png

__all__ = ["sound"]


SCHEMA = "@microsoft/jest-sarif@1.0.0-beta.0"  # the package that carries OASIS's schema of SARIF 2.1.0


# --- as a command --------------------------------------------------------------------------------------------------


def test_a_sound_site_is_told_so(sound: Site) -> None:
    done = process("check", cwd=sound.folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("nothing is wrong in 2 stories, ")


def test_nothing_is_written(sound: Site) -> None:
    sound.story("eu/c.md", "[x](nope.md)")
    before = {path: path.stat().st_mtime_ns for path in sound.folder.rglob("*")}
    for format_ in ("text", "json", "sarif"):
        run("check", "--format", format_, cwd=sound.folder)
    assert {path: path.stat().st_mtime_ns for path in sound.folder.rglob("*")} == before


def test_errors_end_with_1_and_warnings_only_when_strict(sound: Site) -> None:
    sound.write("content/eu/a/lost.png", png())
    assert run("check", cwd=sound.folder).returncode == 0
    strict = run("check", "--strict", cwd=sound.folder)
    assert strict.returncode == 1
    assert "with --strict" in strict.stderr
    sound.story("eu/c.md", "[x](nope.md)")
    assert run("check", cwd=sound.folder).returncode == 1


def test_a_story_that_waits_for_its_hour_is_no_fault_even_when_strict(sound: Site) -> None:
    sound.story("eu/c.md", date="2030-01-01")
    done = run("check", "--strict", cwd=sound.folder)
    assert done.returncode == 0
    assert "1 story waits for the hour" in done.stdout


def test_a_broken_config_is_told_in_every_format_with_exit_code_2(site: Site) -> None:
    site.write("config.yaml", "sitee: {}\n")
    for format_ in ("text", "json", "sarif"):
        done = run("check", "--format", format_, cwd=site.folder)
        assert done.returncode == 2
        assert "config-key" in done.stdout


def test_every_finding_of_a_build_is_told_and_the_build_has_no_more(site: Site) -> None:
    site.story("eu/a.md", "[x](nope.md) ![](b.jpg)", darft=True).story("eu/c.md", "[y](c.md#z) <b>b</b>", image="n.png")
    built = {(f.path, f.line, f.code) for f in site.build().findings}
    told = {(f["path"], f["line"], f["code"]) for f in check(site)["diagnostics"]}
    assert built == told


def test_what_only_rendering_would_meet_is_told(sound: Site) -> None:
    sound.write("templates/article.html", "{{ nobody.knows }}")
    assert only(sound, "template")["path"].endswith("article.html")


def test_a_picture_that_was_cut_off_is_told(sound: Site) -> None:
    data = png(1300, 700)
    sound.write("content/eu/a/photo.png", data[: len(data) // 2])
    assert only(sound, "damaged-picture")["path"] == "content/eu/a/photo.png"


def test_a_page_that_a_build_would_take_away_is_told(sound: Site) -> None:
    sound.good()
    sound.remove("content/eu/b.md")
    assert "/eu/2025/04/b/" in only(sound, "vanished-page")["message"]


def test_drafts_and_scheduled_stories_are_looked_at_on_request(sound: Site) -> None:
    sound.story("eu/c.md", "[x](nope.md)", draft=True).story("eu/d.md", "[x](no.md)", date="2030-01-01")
    assert "broken-link" not in codes(sound)
    assert codes(sound, "-D") == ["broken-link", "not-public"]
    assert codes(sound, "-D", "-F") == ["broken-link", "broken-link"]


def test_a_terminal_gets_colours_unless_they_are_not_wanted(sound: Site) -> None:
    sound.story("eu/c.md", "[x](nope.md)")
    _, shown = on_terminal("check", cwd=sound.folder)
    assert "\x1b[31mbroken-link\x1b[0m" in shown
    _, plain = on_terminal("check", cwd=sound.folder, NO_COLOR="1")
    assert "\x1b[" not in plain
    assert "content/eu/c.md:5:5: there is no story “nope.md” [broken-link]" in plain


# --- SARIF ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def sarif_schema(tmp_path_factory: pytest.TempPathFactory) -> Draft7Validator:
    """OASIS's schema, as a package of npm's registry carries it."""
    folder = tmp_path_factory.mktemp("sarif")
    npm = shutil.which("npm")
    done = npm and subprocess.run([npm, "pack", SCHEMA], cwd=folder, capture_output=True, text=True, timeout=120)
    if not done or done.returncode:
        if os.environ.get("BROADSHEET_REQUIRE_BROWSER"):
            pytest.fail(f"npm is needed to fetch {SCHEMA}")
        pytest.skip(f"no npm, or no registry, to fetch {SCHEMA} with")
    (archive,) = folder.glob("*.tgz")
    with tarfile.open(archive) as opened:
        text = opened.extractfile("package/lib/schemas/sarif-2.1.0-rtm.5.json")
        assert text is not None
        return Draft7Validator(json.load(text))


def test_sarif_is_what_its_schema_says(sound: Site, sarif_schema: Draft7Validator) -> None:
    sound.story("eu/größe %.md", "[x](nope.md)\n\n<b>ü</b>", date="2030-01-01", topics=["a", "a"])
    sound.write("content/eu/lost.png", png())
    done = run("check", "--format", "sarif", "-F", cwd=sound.folder)
    log = json.loads(done.stdout)
    assert [error.message for error in sarif_schema.iter_errors(log)] == []
    (made,) = log["runs"]
    assert made["invocations"][0]["exitCode"] == done.returncode == 1
    result = next(r for r in made["results"] if r["ruleId"] == "broken-link")
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "content/eu/gr%C3%B6%C3%9Fe%20%25.md"
    assert place["region"]["startLine"] == 6
    assert made["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "broken-link"
    assert {r["level"] for r in made["results"]} == {"error", "warning"}
