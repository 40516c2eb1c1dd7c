"""The benchmarks' own parts: what they measure must be what they say."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from types import ModuleType

import pytest

BENCHMARKS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "benchmarks")
MIB = 1024 * 1024


@pytest.fixture
def corpus(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module("corpus")


@pytest.fixture
def measure(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module("measure")


@pytest.fixture
def cold(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module("cold")


def tree(folder: str) -> dict[str, bytes]:
    found = {}
    for where, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(where, name), "rb") as file:
                found[os.path.relpath(os.path.join(where, name), folder)] = file.read()
    return found


def test_a_story_depends_on_seed_and_index_alone(corpus):
    small, large = list(corpus.archive(5, seed=7)), list(corpus.archive(20, seed=7))
    assert large[:5] == small
    assert list(corpus.archive(5, seed=8)) != small
    assert len({story.slug for story in large}) == 20


def test_stories_without_pictures_name_none_and_keep_their_words(corpus):
    plain, pictured = list(corpus.archive(60)), list(corpus.archive(60, pictures=True))
    assert not any("media/" in story.text or "![" in story.text or "\nimage:" in story.text for story in plain)
    assert all("\nimage:" in story.text for story in pictured)
    assert any("![" in story.text for story in pictured)
    for before, after in zip(plain, pictured, strict=True):
        paragraphs = [block for block in after.text.split("\n---\n")[1].split("\n\n") if not block.startswith("![")]
        assert before.text.split("\n---\n")[1] == "\n\n".join(paragraphs)


def test_both_layouts_hold_the_same_stories(corpus, tmp_path):
    for layout in ("broadsheet", "hugo"):
        corpus.write_site(str(tmp_path / layout), 12, layout)
    ours, theirs = tree(str(tmp_path / "broadsheet" / "content")), tree(str(tmp_path / "hugo" / "content"))
    assert ours == theirs
    assert len(ours) == 12 + len(corpus.REGIONS)
    assert (tmp_path / "broadsheet" / "config.yaml").exists()
    assert (tmp_path / "hugo" / "hugo.toml").exists()


def test_pictures_are_drawn_where_the_stories_look_for_them(corpus, tmp_path):
    corpus.write_site(str(tmp_path / "site"), 3, "broadsheet", pictures=True)
    for story in corpus.archive(3, pictures=True):
        for picture in story.pictures:
            assert f"/{picture}" in story.text
            assert (tmp_path / "site" / "static" / picture).read_bytes().startswith(b"\xff\xd8")


def test_no_story_is_dated_after_the_clock_that_builds_are_given(corpus):
    from datetime import datetime

    clock = datetime.fromisoformat(corpus.AFTER_THE_LAST_STORY)
    dates = [story.text.split("\ndate: ")[1].split("\n")[0] for story in corpus.archive(500)]
    assert all(datetime.fromisoformat(date) < clock for date in dates)


def test_memory_is_that_of_all_processes_together(measure, tmp_path):
    """Parent and child hold 40 MiB each: more than either of them alone."""
    script = """
import os, time
reading, writing = os.pipe()
child = os.fork()
held = b"x" * (40 * 1024 * 1024)
if child:
    os.read(reading, 5)
    time.sleep(3)
    os.kill(child, 9)
else:
    os.write(writing, b"ready")
    time.sleep(60)
"""
    peak = measure.peak_memory([sys.executable, "-c", script], str(tmp_path), os.environ, str(tmp_path / "log"))
    assert 80 * MIB < peak < 140 * MIB


def test_memory_shared_by_processes_counts_once(measure, tmp_path):
    script = "import os, time\nheld = b'x' * (60 * 1024 * 1024)\nos.fork()\nos.fork()\ntime.sleep(1)\n"
    peak = measure.peak_memory([sys.executable, "-c", script], str(tmp_path), os.environ, str(tmp_path / "log"))
    assert 60 * MIB < peak < 120 * MIB


def test_cpu_time_includes_the_processes_that_were_waited_for(measure, tmp_path):
    script = (
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    while time.process_time() < 0.3: pass\n"
        "    os._exit(0)\n"
        "os.wait()\nprint('printed')\n"
    )
    run = measure.timed([sys.executable, "-c", script], str(tmp_path), os.environ, str(tmp_path / "log"))
    assert run.cpu >= 0.3
    assert run.wall >= 0.3
    assert run.stdout == "printed\n"


def test_a_failed_command_is_an_error_holding_what_it_said(measure, tmp_path):
    script = "import sys; sys.exit('no such story')"
    for way in (measure.timed, measure.peak_memory):
        with pytest.raises(measure.CommandError, match="no such story"):
            way([sys.executable, "-c", script], str(tmp_path), os.environ, str(tmp_path / "log"))


def test_only_story_pages_count_as_such(cold, tmp_path):
    for path in ("turkiye/2025/04/talks", "turkiye/2025/04", "turkiye", "topics/a/b/c"):
        (tmp_path / path).mkdir(parents=True, exist_ok=True)
        (tmp_path / path / "index.html").write_bytes(b"12345")
    assert cold._measured(str(tmp_path)) == (4, 20, 1)


def test_stages_are_read_from_json_and_may_be_absent(cold):
    assert cold._stages('{"stages": {"render": 1.5}}') == {"render": 1.5}
    assert cold._stages("built 3 pages") == {}
    assert cold._stages('["stages"]') == {}


COPY_STORIES = """
import json, os, shutil, sys
site, out = sys.argv[1:]
if os.path.exists(out) or os.path.exists(os.path.join(site, ".broadsheet")):
    sys.exit("not a cold build")
os.mkdir(os.path.join(site, ".broadsheet"))
for folder, _, names in os.walk(os.path.join(site, "content")):
    for name in set(names) - {"_index.md"} - OMITTED:
        page = os.path.join(out, os.path.relpath(folder, os.path.join(site, "content")), name[:-3])
        os.makedirs(page)
        shutil.copy(os.path.join(folder, name), os.path.join(page, "index.html"))
print(json.dumps({"stages": {"parse": 1.25, "render": 2.5}}))
"""


def run_cold(tmp_path, script: str) -> subprocess.CompletedProcess[str]:
    (tmp_path / "copy.py").write_text(script)
    ours = f"{sys.executable} {tmp_path / 'copy.py'} {{site}} {{out}}"
    command = [sys.executable, os.path.join(BENCHMARKS, "cold.py"), "--only", "broadsheet", "--ours", ours]
    command += ["--sizes", "6,12", "--runs", "2", "--memory-runs", "1", "--work", str(tmp_path / "work")]
    return subprocess.run([*command, "--json", str(tmp_path / "figures.json")], capture_output=True, text=True)


def test_every_run_is_cold_and_the_table_tells_of_each_size(tmp_path):
    ended = run_cold(tmp_path, COPY_STORIES.replace(" - OMITTED", ""))
    assert ended.returncode == 0, ended.stderr
    assert "| 6 | broadsheet |" in ended.stdout
    assert "| 12 | 1.25 | 2.50 |" in ended.stdout
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert [(row["stories"], row["files"], len(row["wall"]), len(row["peak"])) for row in figures["results"]] == [
        (6, 6, 2, 1),
        (12, 12, 2, 1),
    ]
    assert len(os.listdir(tmp_path / "work" / "outputs")) == 2 * (1 + 2 + 1)  # nothing was deleted between runs


def test_a_build_that_leaves_a_story_out_is_not_measured(tmp_path):
    ended = run_cold(tmp_path, COPY_STORIES.replace("OMITTED", "set(names[:1])"))
    assert ended.returncode == 1
    assert "story pages of 6" in ended.stderr


def test_a_lean_archive_has_no_pages_of_topics_and_authors(corpus, tmp_path):
    from broadsheet import config

    corpus.write_site(str(tmp_path / "site"), 3, "broadsheet", lean=True)
    settings, findings = config.parse((tmp_path / "site" / "config.yaml").read_text(encoding="utf-8"), "config.yaml")
    assert (findings, settings.taxonomies) == ((), ())
    assert (settings.feeds.content, settings.sitemap.news) == ("standfirst", False)
