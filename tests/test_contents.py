"""Folders of content/ that are as they were are not looked at file by file, and every change of one is seen."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from newsroom import NoWait, Site
from twins import Later, Twins

from broadsheet import contents
from broadsheet.contents import Content


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path / "site")
    site.story("europe/a.md").story("europe/b.md").story("asia/deep/er/c.md").story("asia/d.md")
    return site.write("content/europe/map.svg", "<svg/>").write("content/asia/_index.md", "---\ntitle: Asia\n---\n")


def look(site: Site, known: dict[str, contents.Folder] | None = None) -> Content:
    return contents.look(NoWait(str(site.folder)), "content", [], known=known or {})


def known_of(site: Site, *doubtful: str) -> dict[str, contents.Folder]:
    return look(site).folders(set(doubtful))


def test_what_is_as_it_was_has_no_entries_and_its_other_files_are_known(site: Site) -> None:
    seen = look(site, known_of(site))
    assert seen.entries == ()
    assert set(seen.same) == {"content", "content/asia", "content/asia/deep", "content/asia/deep/er", "content/europe"}
    assert seen.others == look(site).others == {"content/europe/map.svg"}
    assert seen.whole().entries == look(site).entries != ()
    assert seen.whole().same == {}


CHANGES: dict[str, Callable[[Path], object]] = {
    "an edit": lambda folder: (folder / "a.md").write_text("other words"),
    "a new file": lambda folder: (folder / "new.md").write_text("words"),
    "a file that is gone": lambda folder: (folder / "b.md").unlink(),
    "another name": lambda folder: (folder / "b.md").rename(folder / "c.md"),
    "a picture": lambda folder: (folder / "photo.jpg").write_bytes(b"x"),
    "a picture that is gone": lambda folder: (folder / "map.svg").unlink(),
    "the same bytes in another file": lambda folder: os.replace(shutil.copy2(folder / "a.md", "c"), folder / "a.md"),
    "a link": lambda folder: (folder / "link.md").symlink_to("a.md"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_folder_in_which_anything_has_changed_is_looked_at_and_no_other(
    site: Site, change: Callable[[Path], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = known_of(site)
    monkeypatch.chdir(tmp_path)
    change(site.folder / "content/europe")
    seen, all_of_it = look(site, known), look(site)
    assert set(known) - set(seen.same) == {"content/europe"}
    assert seen.entries == tuple(entry for entry in all_of_it.entries if entry.path.startswith("content/europe/"))
    assert seen.others == all_of_it.others


def test_a_folder_that_is_gone_is_none_that_is_as_it_was(site: Site) -> None:
    known = known_of(site)
    shutil.rmtree(site.folder / "content/asia/deep")
    assert set(look(site, known).same) == {"content", "content/asia", "content/europe"}


def test_what_may_change_unseen_or_has_to_be_told_of_each_time_is_not_known_again(site: Site) -> None:
    (site.folder / "content/asia/link.md").symlink_to("d.md")
    os.makedirs(os.fsencode(site.folder) + b"/content/odd")
    Path(os.fsdecode(os.fsencode(site.folder) + b"/content/odd/\xff.md")).write_text("words")
    assert set(known_of(site, "content/europe")) == {"content", "content/asia/deep", "content/asia/deep/er"}


def test_folders_are_kept_as_bytes_and_nonsense_is_nothing(site: Site) -> None:
    known = known_of(site)
    assert contents.loads(contents.dumps(known)) == known
    assert contents.dumps(dict(reversed(known.items()))) == contents.dumps(known)
    assert contents.loads(None) == contents.loads(b"nonsense") == contents.loads(b"") == {}


def test_a_story_written_just_now_is_read_again_though_its_folder_looks_as_it_did(tmp_path: Path) -> None:
    twins = Twins(tmp_path)
    twins.site.story("europe/a.md", "The first words.").story("asia/b.md", "Other words.")
    twins.check(door=NoWait)
    place = twins.site.folder / "content/europe/a.md"
    was = place.stat()
    with place.open("r+") as file:
        file.write(place.read_text().replace("first", "other"))
    os.utime(place, ns=(was.st_atime_ns, was.st_mtime_ns))
    if place.stat().st_ctime_ns != was.st_ctime_ns:  # the clock has gone on: then the stamp tells
        twins.check(door=NoWait)
    assert twins.stale(door=Later) == []


def test_another_language_of_a_region_parses_its_stories_anew(tmp_path: Path) -> None:
    twins = Twins(tmp_path)
    for n in range(3):
        twins.site.story(f"asia/{n}.md", "“Words” of İstanbul.").story(f"asia/2026/0{n}.md")
    twins.site.write("content/asia/_index.md", "---\ntitle: Asia\n---\n")
    twins.check()
    twins.site.write("content/asia/_index.md", "---\ntitle: Asya\nlanguage: tr\n---\n")
    built = twins.check()
    assert built.ok, built.told()
    assert built.summary.rendered > 6  # type: ignore[union-attr]  # it has succeeded
    twins.site.remove("content/asia/_index.md")
    twins.check()
