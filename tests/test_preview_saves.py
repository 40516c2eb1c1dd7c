"""However an editor saves, and whatever comes in a burst: the preview ends as a clean build, and says nothing wrong on
the way."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from examples import SLOW, some
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from newsroom import Site, source
from previewing import Running, previewed, serving
from saves import SAVES

EXAMPLES = int(os.environ.get("BROADSHEET_BURSTS", "12" if SLOW else "6"))
CONFIG = "rails:\n  explore: {mode: shared, limit: 3}\nimages: {widths: [24], formats: [jpeg]}\nfeeds: {limit: 3}\n"


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    site = Site(tmp_path_factory.mktemp("saves") / "site", CONFIG)
    site.write("content/_index.md", "---\ntitle: Home\n---\n")
    for n in range(4):
        site.story(f"europe/story-{n}.md", f"Body {n}.", date=f"2026-01-0{n + 1}")
    with previewed(site) as running:
        yield running


@pytest.mark.parametrize("name", some(SAVES, 3))
def test_every_way_of_saving_shows_the_new_text_and_no_error(preview: Running, name: str) -> None:
    place = preview.site.folder / "content/europe/story-1.md"
    for attempt in range(3):
        preview.reports.clear()
        for n in range(2):
            words = f"Saved by {name}, time {attempt}.{n}. "
            text = source(words + "It goes on. " * 20, title=f"{name} {attempt}.{n}", date="2026-01-02")
            SAVES[name](place, text.encode())
            preview.shows("/europe/2026/01/story-1/", words)
            preview.shows("/europe/2026/01/story-2/", f"{name} {attempt}.{n}")
        for left in place.parent.glob("*~"):
            left.unlink()
        preview.exact()
        # On a busy machine a quarter of a second may pass between two steps: then it is an error, and told rightly.
        if not [found for found in preview.reports if any(one.severity == "error" for one in found)]:
            return
    raise AssertionError(preview.reports)


# --- bursts --------------------------------------------------------------------------------------------------------

NAMES = st.sampled_from(["story-1", "story-2", "story-3", "a", "b"])
WORDS = st.sampled_from(["quoll", "numbat", "bilby", "dibbler", "galah"])
STEPS = st.one_of(
    st.tuples(st.just("write"), NAMES, WORDS),
    st.tuples(st.just("write"), NAMES, WORDS),
    st.tuples(st.just("retitle"), NAMES, WORDS),
    st.tuples(st.just("topic"), NAMES, WORDS),
    st.tuples(st.just("remove"), NAMES, WORDS),
    st.tuples(st.just("rename"), NAMES, WORDS),
    st.tuples(st.just("nest"), NAMES, WORDS),
    st.tuples(st.just("break"), NAMES, WORDS),
    st.tuples(st.just("folder"), NAMES, WORDS),
    st.tuples(st.just("template"), NAMES, WORDS),
    st.tuples(st.just("settings"), NAMES, WORDS),
    st.tuples(st.just("static"), NAMES, WORDS),
)


def take(site: Site, step: tuple[str, str, str]) -> None:
    what, name, word = step
    place = f"content/europe/{name}.md"
    there = (site.folder / place).is_file()
    if what == "write":
        site.story(f"europe/{name}.md", f"A {word} was seen.", title=name, date="2026-01-03")
    elif what == "retitle":
        site.story(f"europe/{name}.md", "The same text.", title=f"The {word}", date="2026-01-04")
    elif what == "topic":
        site.story(f"europe/{name}.md", "On a topic.", topics=[word], authors=[word], date="2026-01-05")
    elif what == "remove" and there:
        site.remove(place)
    elif what == "rename" and there:
        site.move(place, f"content/asia/{name}-{word}.md")
    elif what == "nest":
        site.story(f"asia/{word}/deep/er/{name}.md", f"A {word} in a burrow.", date="2026-01-06")
    elif what == "break":
        site.write(place, f"---\ntitel: {word}\n---\n{word}\n")
    elif what == "folder":
        shutil.rmtree(site.folder / "content" / "asia", ignore_errors=True)
    elif what == "template":
        site.write("templates/partials/after_article.html", f"<p>{word}</p>\n")
    elif what == "settings":
        site.configure(CONFIG, title=f"The {word.title()}")
    elif what == "static":
        site.write(f"static/{name}/{word}.txt", word)


def wrong(preview: Running) -> list[str]:
    """In what the preview is not as a clean build of the same files. Where that fails, its errors must be told."""
    twin = preview.site.folder.parent / "twin"
    shutil.rmtree(twin, ignore_errors=True)
    built = preview.site.build(
        preview.now, output=str(twin), base_url=preview.origin + "/", drafts=True, future=True, full=True
    )
    told = sorted((error["where"], error["code"]) for error in preview.state()["errors"])
    if not built.ok:
        expected = sorted((error.where(), error.code) for error in built.errors)
        return [] if told == expected else [f"told {told}, but {expected} is wrong"]
    return preview.stale() if not told else [f"told {told}, but nothing is wrong"]


def check_burst(preview: Running, bursts: list[list[tuple[str, str, str]]]) -> None:
    for burst in bursts:
        for step in burst:
            take(preview.site, step)
    last: list[str] = []

    def right() -> bool:
        last[:] = wrong(preview)
        return not last

    try:
        preview.until(right)
    except AssertionError:
        raise AssertionError(last) from None


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(bursts=st.lists(st.lists(STEPS, min_size=1, max_size=5), min_size=1, max_size=2))
def test_after_any_burst_of_edits_the_preview_equals_a_clean_build(
    preview: Running, bursts: list[list[tuple[str, str, str]]]
) -> None:
    check_burst(preview, bursts)


@pytest.mark.slow
@settings(max_examples=EXAMPLES * 10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(bursts=st.lists(st.lists(STEPS, min_size=1, max_size=8), min_size=1, max_size=4))
def test_after_many_bursts_of_edits_the_preview_equals_a_clean_build(
    preview: Running, bursts: list[list[tuple[str, str, str]]]
) -> None:
    check_burst(preview, bursts)


def git(folder: Path, *arguments: str) -> None:
    names = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main")
    subprocess.run(["git", "-C", str(folder), *names, *arguments], check=True, capture_output=True)


@pytest.mark.parametrize("stories", [60, pytest.param(5000, marks=pytest.mark.slow)])
def test_a_checkout_of_many_stories_is_shown(site: Site, stories: int) -> None:
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    site.configure(CONFIG)
    site.story("europe/first.md", "As it was.", date="2026-01-02").write(".gitignore", ".broadsheet/\noutput/\n")
    git(site.folder, "init")
    git(site.folder, "add", ".")
    git(site.folder, "commit", "-m", "one")
    git(site.folder, "checkout", "-b", "many")
    for n in range(stories):
        site.story(f"africa/{n % 40}/story-{n}.md", f"Story {n}.", date=f"2026-01-{n % 14 + 1:02}")
    site.story("europe/first.md", "As it is on the branch.", date="2026-01-02")
    git(site.folder, "add", ".")
    git(site.folder, "commit", "-m", "many")
    git(site.folder, "checkout", "main")
    with previewed(site) as preview:
        assert preview.get("/africa/").status == 404
        git(site.folder, "checkout", "many")
        preview.shows("/europe/2026/01/first/", "As it is on the branch")
        last = stories - 1
        preview.shows(f"/africa/2026/01/story-{last}/", f"Story {last}.")
        preview.exact()
        git(site.folder, "checkout", "main")
        preview.until(lambda: preview.get("/africa/").status == 404)
        preview.exact()


# --- without watches -----------------------------------------------------------------------------------------------

LIMITED = """
import sys
open("/proc/sys/user/max_inotify_watches", "w").write("2")
from broadsheet import cli
sys.exit(cli.main(sys.argv[1:]))
"""


def test_where_watches_are_used_up_files_are_looked_at_and_that_is_said(site: Site) -> None:
    """The system's own limit, lowered for a user namespace of the preview alone."""
    if subprocess.run(["unshare", "-Ur", "true"], capture_output=True).returncode:
        pytest.skip("user namespaces are not allowed here")
    for n in range(4):
        site.story(f"region-{n}/a.md", "Before.", date="2026-01-02")
    with serving(site, before=("unshare", "-Ur", sys.executable, "-c", LIMITED)) as preview:
        preview.shows("/region-0/2026/01/a/", "Before.")
        preview.until(lambda: "every 0.4 s" in preview.err(), "it says that it polls")
        site.story("at/once/new.md", "Before the first look.", date="2026-01-03")
        preview.shows("/at/2026/01/new/", "Before the first look.")
        site.edit("content/region-0/a.md", "Before.", "After it was looked at.")
        preview.shows("/region-0/2026/01/a/", "After it was looked at.")
        site.story("deep/er/new.md", "A new folder.", date="2026-01-03")
        preview.shows("/deep/2026/01/new/", "A new folder.")
        assert preview.err().count("every 0.4 s") == 1
