"""The output folder: it holds exactly what is published, never at the cost of files that are not ours."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import NoWait, Site, tree
from publications import STATE, counts, folder, publish

from broadsheet import output
from broadsheet.errors import OutputError, UsageError

__all__ = ["folder"]


# --- publishing ----------------------------------------------------------------------------------------------------


def test_a_publication_makes_the_folder_hold_exactly_its_files(folder: Path) -> None:
    files = {"index.html": b"home", "a/index.html": b"a", "feed.xml": b"<rss/>"}
    assert counts(publish(folder, files)) == (3, 0, 0)
    assert tree(folder) == files
    assert os.listdir(folder / STATE / "stage") == []


def test_unchanged_files_keep_their_time_and_inode(folder: Path) -> None:
    publish(folder, {"same.html": b"same", "other.html": b"old"})
    os.utime(folder / "same.html", ns=(1, 1))
    was = (folder / "same.html").stat()
    assert counts(publish(folder, {"same.html": b"same", "other.html": b"new"})) == (1, 1, 0)
    now = (folder / "same.html").stat()
    assert (now.st_mtime_ns, now.st_ino) == (was.st_mtime_ns, was.st_ino)
    assert (folder / "other.html").read_bytes() == b"new"


def test_a_publication_without_changes_writes_nothing_at_all(folder: Path) -> None:
    publish(folder, {"index.html": b"home"})
    state = {path.name: path.stat().st_mtime_ns for path in (folder / STATE).iterdir() if path.name != "lock"}
    assert counts(publish(folder, {"index.html": b"home"})) == (0, 1, 0)
    assert {p.name: p.stat().st_mtime_ns for p in (folder / STATE).iterdir() if p.name != "lock"} == state


def test_files_that_no_longer_belong_are_deleted_with_their_empty_folders(folder: Path) -> None:
    publish(folder, {"a/b/index.html": b"1", "a/index.html": b"2", "c/d/e/index.html": b"3"})
    assert counts(publish(folder, {"a/index.html": b"2"})) == (0, 1, 2)
    assert tree(folder) == {"a/index.html": b"2"}
    assert not (folder / "c").exists()
    assert not (folder / "a/b").exists()


def test_a_lost_or_tampered_file_is_made_again(folder: Path) -> None:
    files = {"a.html": b"a", "b.html": b"b"}
    publish(folder, files)
    (folder / "a.html").unlink()
    (folder / "b.html").write_bytes(b"tampered")
    assert counts(publish(folder, files)) == (2, 0, 0)
    assert tree(folder) == files


def test_files_of_others_are_kept(folder: Path) -> None:
    publish(folder, {"a/index.html": b"a", "index.html": b"home"})
    (folder / "CNAME").write_bytes(b"example.org")
    (folder / ".well-known").mkdir()
    (folder / ".well-known/acme").write_bytes(b"token")
    (folder / "a/notes.txt").write_bytes(b"mine")
    publish(folder, {"index.html": b"home 2"})
    assert tree(folder) == {
        "index.html": b"home 2",
        "CNAME": b"example.org",
        ".well-known/acme": b"token",
        "a/notes.txt": b"mine",
    }


def test_folders_keep_their_modes_and_hand_their_group_down(folder: Path) -> None:
    """As where a web server's group reads what an editor's builds write."""
    publish(folder, {"a/x.html": b"x", "b/x.html": b"x"})
    others = [group for group in os.getgroups() if group != os.getegid()] or ([4] if os.geteuid() == 0 else [])
    for place, mode in ((folder, 0o2770), (folder / "a", 0o750), (folder / STATE, 0o2700)):
        if others and mode & 0o2000:
            os.chown(place, -1, others[0])
        place.chmod(mode)
    shutil.rmtree(folder / STATE / "stage")
    publish(folder, {"a/x.html": b"other", "c/new.html": b"new"})
    assert [(folder / name).stat().st_mode & 0o7777 for name in (".", "a", STATE)] == [0o2770, 0o750, 0o2700]
    group = others[0] if others else os.getegid()
    assert {(folder / name).stat().st_gid for name in (".", "c", "c/new.html", "a/x.html")} == {group}
    assert (folder / "c").stat().st_mode & 0o2000


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"a": b"file"}, {"a/index.html": b"in a folder"}),
        ({"a/index.html": b"in a folder"}, {"a": b"file"}),
        ({"a/b/c": b"1", "a/d": b"2"}, {"a": b"file"}),
        ({"a": b"1"}, {"a/b/c": b"2", "a/d": b"3"}),
        ({"a/b": b"1"}, {"a/b/c": b"2"}),
    ],
)
def test_a_file_may_become_a_folder_and_a_folder_a_file(
    folder: Path, before: dict[str, bytes], after: dict[str, bytes]
) -> None:
    publish(folder, before)
    publish(folder, after)
    assert tree(folder) == after
    publish(folder, before)
    assert tree(folder) == before


paths = st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map("/".join)


@st.composite
def sites(draw: st.DrawFn) -> dict[str, bytes]:
    """Files of which none stands where another needs a folder."""
    files: dict[str, bytes] = {}
    for path, data in draw(st.dictionaries(paths, st.sampled_from((b"1", b"2", b"3")), max_size=6)).items():
        steps = path.split("/")
        above = {"/".join(steps[:n]) for n in range(1, len(steps))}
        if not above & set(files) and not any(other.startswith(path + "/") for other in files):
            files[path] = data
    return files


@settings(max_examples=examples(60))
@given(st.lists(sites(), min_size=2, max_size=5))
def test_any_sequence_of_publications_ends_like_the_last_alone(
    tmp_path_factory: pytest.TempPathFactory, sequence: list[dict[str, bytes]]
) -> None:
    folder = tmp_path_factory.mktemp("any") / "output"
    for files in sequence:
        publish(folder, files)
        assert tree(folder) == files


def test_nothing_changes_before_the_publication(folder: Path) -> None:
    publish(folder, {"index.html": b"old"})
    with output.open_output(NoWait(str(folder.parent)), str(folder)) as target:
        target.stage("index.html", b"new")
        target.stage("more.html", b"more")
        assert tree(folder) == {"index.html": b"old"}
        target.discard()
    assert tree(folder) == {"index.html": b"old"}
    assert os.listdir(folder / STATE / "stage") == []


# --- what is refused -----------------------------------------------------------------------------------------------


def test_pages_of_others_are_refused_until_adopted(folder: Path) -> None:
    folder.mkdir()
    (folder / "index.html").write_bytes(b"another site")
    (folder / "feed.xml").write_bytes(b"another feed")
    with pytest.raises(OutputError, match="--adopt"):
        publish(folder, {"index.html": b"ours"})
    assert tree(folder) == {"index.html": b"another site", "feed.xml": b"another feed"}
    publish(folder, {"index.html": b"ours", "feed.xml": b"our feed"}, adopt=True)
    assert tree(folder) == {"index.html": b"ours", "feed.xml": b"our feed"}
    publish(folder, {"index.html": b"ours"})
    assert tree(folder) == {"index.html": b"ours"}


def test_a_page_of_others_deep_in_the_folder_is_found(folder: Path) -> None:
    (folder / "a/b").mkdir(parents=True)
    (folder / "a/b/old.htm").write_bytes(b"x")
    with pytest.raises(OutputError, match=r"a/b/old\.htm"):
        publish(folder, {"index.html": b"ours"})


def test_a_folder_with_files_but_no_pages_is_taken(folder: Path) -> None:
    folder.mkdir()
    (folder / "CNAME").write_bytes(b"example.org")
    publish(folder, {"index.html": b"ours"})
    assert tree(folder) == {"index.html": b"ours", "CNAME": b"example.org"}


def test_a_file_of_others_in_the_place_of_one_of_ours_is_refused(folder: Path) -> None:
    publish(folder, {"index.html": b"home"})
    (folder / "robots.txt").write_bytes(b"mine")
    with pytest.raises(OutputError, match=r"robots\.txt"):
        publish(folder, {"index.html": b"home 2", "robots.txt": b"ours"})
    assert tree(folder) == {"index.html": b"home", "robots.txt": b"mine"}
    publish(folder, {"index.html": b"home", "robots.txt": b"mine"})


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [("feed.xml/notes.txt", "feed.xml"), ("europe", "europe/index.html"), ("a/b", "a/b/c/index.html")],
)
def test_a_folder_of_others_where_a_file_is_needed_and_the_reverse_are_refused_before_anything_changes(
    folder: Path, theirs: str, ours: str
) -> None:
    publish(folder, {"index.html": b"home"})
    (folder / theirs).parent.mkdir(parents=True, exist_ok=True)
    (folder / theirs).write_bytes(b"theirs")
    with pytest.raises(OutputError):
        publish(folder, {"index.html": b"home 2", ours: b"ours"})
    assert tree(folder) == {"index.html": b"home", theirs: b"theirs"}
    (folder / theirs).unlink()
    if (folder / ours).is_dir():
        (folder / ours).rmdir()
    publish(folder, {"index.html": b"home 2", ours: b"ours"})
    assert tree(folder) == {"index.html": b"home 2", ours: b"ours"}


def test_a_folder_that_becomes_a_file_keeps_the_files_of_others(folder: Path) -> None:
    publish(folder, {"a/index.html": b"ours"})
    (folder / "a/mine.txt").write_bytes(b"mine")
    with pytest.raises(OutputError, match=r"mine\.txt"):
        publish(folder, {"a": b"file"})
    assert tree(folder) == {"a/index.html": b"ours", "a/mine.txt": b"mine"}


def test_a_link_in_the_output_leads_no_write_and_no_deletion_out_of_it(folder: Path, tmp_path: Path) -> None:
    publish(folder, {"a/index.html": b"old", "a/gone.html": b"old", "index.html": b"home"})
    elsewhere = tmp_path / "elsewhere"
    shutil.move(folder / "a", elsewhere)
    (folder / "a").symlink_to(elsewhere)
    for files in ({"a/index.html": b"new", "index.html": b"home"}, {"index.html": b"home"}):
        with pytest.raises(OutputError, match="leads out"):
            publish(folder, files)
    assert tree(elsewhere) == {"index.html": b"old", "gone.html": b"old"}


def test_a_link_in_the_place_of_a_file_is_replaced_and_its_target_left_alone(folder: Path, tmp_path: Path) -> None:
    publish(folder, {"index.html": b"home"})
    (tmp_path / "precious").write_bytes(b"precious")
    (folder / "index.html").unlink()
    (folder / "index.html").symlink_to(tmp_path / "precious")
    publish(folder, {"index.html": b"home 2"})
    assert (tmp_path / "precious").read_bytes() == b"precious"
    assert not (folder / "index.html").is_symlink()


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("/", "empty folder of its own"),
        ("~", "empty folder of its own"),
        ("{site}", "the site folder is inside it"),
        ("{site}/..", "the site folder is inside it"),
        ("{site}/content", "overlaps"),
        ("{site}/content/europe/out", "overlaps"),
        ("{site}/templates/x", "overlaps"),
        ("{site}/static", "overlaps"),
        ("{site}/link", "overlaps"),
        ("{site}/repository", "git working tree"),
        ("{site}/repository/.git", "git keeps its own files there"),
        ("{site}/repository/.git/x", "git keeps its own files there"),
        ("{site}/.broadsheet", "what builds remember"),
        ("{site}/.broadsheet/x", "what builds remember"),
        ("{site}/config.yaml", "a file"),
    ],
)
def test_dangerous_output_folders_are_refused(
    site: Site, where: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(site.folder.parent / "home"))
    (site.folder.parent / "home").mkdir()
    site.story("europe/a.md")
    (site.folder / "repository/.git").mkdir(parents=True)
    (site.folder / "link").symlink_to(site.folder / "content")
    before = tree(site.folder.parent)
    with pytest.raises(UsageError, match=words):
        site.build(output=os.path.expanduser(where).format(site=site.folder))
    assert tree(site.folder.parent) == before


@pytest.mark.parametrize("switch", ["drafts", "future"])
def test_previews_never_go_into_the_configured_output(site: Site, switch: str) -> None:
    site.story("europe/a.md", draft=True)
    for where in ("", str(site.output)):
        with pytest.raises(UsageError, match="-o"):
            site.build(output=where, **{switch: True})
    assert not site.output.exists()
    assert site.build(output=str(site.folder.parent / "preview"), **{switch: True}).ok
