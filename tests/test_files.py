"""The one door to the file system: what a scan finds and refuses, how files are written, put in place and locked."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from broadsheet import scanning
from broadsheet.errors import Diagnostic
from broadsheet.files import Files, LockedError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    place = tmp_path / "site"
    (place / "content").mkdir(parents=True)
    (tmp_path / "outside.md").write_bytes(b"outside")
    return place


def scan(root: Path, folder: str = "content", **options: tuple[str, ...]) -> tuple[list[str], list[Diagnostic]]:
    problems: list[Diagnostic] = []
    found = scanning.scan(Files(str(root)), folder, problems, **options)
    return [entry.path for entry in found], problems


def put(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(path.encode())


# --- scanning ------------------------------------------------------------------------------------------------------


def test_a_scan_finds_every_file_in_order_of_path(root: Path) -> None:
    put(root, "content/b.md", "content/a/z.md", "content/a/b/c.md", "content/a.md", "other/x.md")
    assert scan(root) == (["content/a.md", "content/a/b/c.md", "content/a/z.md", "content/b.md"], [])


def test_a_scan_tells_size_and_stamp(root: Path) -> None:
    put(root, "content/a.md")
    os.utime(root / "content/a.md", ns=(7, 123456789))
    (entry,) = scanning.scan(Files(str(root)), "content", [])
    status = os.stat(root / "content/a.md")
    assert entry.size == 12
    assert entry.stamp == (123456789, 12, status.st_ctime_ns, status.st_ino)
    assert entry.stamp == Files(str(root)).stamp("content/a.md")


def test_what_is_not_there_has_no_stamp(root: Path) -> None:
    assert Files(str(root)).stamp("content/none.md") == ()


def test_a_change_that_restores_size_and_time_shows_in_the_stamp(root: Path) -> None:
    put(root, "content/a.md")
    place = root / "content/a.md"
    before, status = Files(str(root)).stamp("content/a.md"), place.stat()
    while Files(str(root)).stamp("content/a.md") == before:  # the kernel's clock ticks every few milliseconds
        place.write_bytes(place.read_bytes()[::-1])
        os.utime(place, ns=(status.st_atime_ns, status.st_mtime_ns))
    after = Files(str(root)).stamp("content/a.md")
    assert after[:2] == before[:2]


def test_a_folder_that_is_not_there_holds_nothing(root: Path) -> None:
    assert scan(root, "static") == ([], [])


def test_hidden_files_and_folders_are_left_out_but_for_those_named(root: Path) -> None:
    put(root, "content/.DS_Store", "content/.git/x", "content/.well-known/acme", "content/a.md")
    assert scan(root) == (["content/a.md"], [])
    assert scan(root, hidden=(".well-known",))[0] == ["content/.well-known/acme", "content/a.md"]


def test_a_folder_called_like_a_source_is_a_folder(root: Path) -> None:
    put(root, "content/x.md/inner.md")
    assert scan(root) == (["content/x.md/inner.md"], [])


def test_a_link_that_leads_to_itself_hides_no_folder(root: Path) -> None:
    (root / "loop").symlink_to("loop")
    (root / "linked").symlink_to("content")
    found = Files(str(root)).folders()
    assert [name for name in found if name in ("content", "linked", "loop")] == ["content", "linked"]


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("{root}/../outside.md", "leads out of the site folder"),
        ("../../outside.md", "leads out of the site folder"),
        ("/etc/passwd", "leads out of the site folder"),
        ("nowhere.md", "or nowhere"),
        ("loop.md", "or nowhere"),
        ("{root}/content/folder", "links to folders are not followed"),
        ("{root}/..", "leads out of the site folder"),
    ],
)
def test_links_that_lead_out_or_nowhere_or_to_folders_are_reported_and_left_out(
    root: Path, target: str, reason: str
) -> None:
    put(root, "content/folder/a.md")
    (root / "content/loop.md").symlink_to(target.format(root=root))
    found, problems = scan(root)
    assert found == ["content/folder/a.md"]
    (problem,) = problems
    assert (problem.path, problem.code) == ("content/loop.md", "unsafe-path")
    assert reason in problem.message


def test_a_link_to_a_file_within_the_site_is_a_file_with_the_targets_size(root: Path) -> None:
    put(root, "shared/long-name.md")
    (root / "content/a.md").symlink_to("../shared/long-name.md")
    (entry,) = scanning.scan(Files(str(root)), "content", [])
    assert (entry.path, entry.size) == ("content/a.md", len("shared/long-name.md"))


def test_a_site_folder_that_is_itself_reached_by_a_link_is_fine(root: Path) -> None:
    put(root, "content/a.md")
    (root.parent / "alias").symlink_to(root)
    files = Files(str(root.parent / "alias"))
    assert [entry.path for entry in scanning.scan(files, "content", [])] == ["content/a.md"]
    assert files.is_file("content/a.md")


def test_pipes_and_sockets_are_reported_and_never_opened(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(root / "content/pipe.md")
    monkeypatch.chdir(root / "content")  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.md")
        found, problems = scan(root)
    assert found == []
    assert [problem.path for problem in problems] == ["content/pipe.md", "content/socket.md"] or [
        problem.path for problem in problems
    ] == ["content/socket.md", "content/pipe.md"]
    assert all("neither a file nor a folder" in problem.message for problem in problems)


def test_a_name_that_is_not_utf8_is_reported_in_printable_form(root: Path) -> None:
    try:
        (root / "content" / os.fsdecode(b"caf\xe9.md")).write_bytes(b"x")
    except OSError:
        pytest.skip("this file system takes UTF-8 only")
    found, problems = scan(root)
    assert found == []
    assert problems[0].path == "content/caf\\xe9.md"
    assert "not UTF-8" in problems[0].message


# --- reading -------------------------------------------------------------------------------------------------------


def test_only_regular_files_inside_may_be_read(root: Path) -> None:
    put(root, "content/a.md", "folder/b.md")
    (root / "in.md").symlink_to("content/a.md")
    (root / "out.md").symlink_to(root.parent / "outside.md")
    (root / "up").symlink_to(root.parent)
    os.mkfifo(root / "pipe")
    (root / "piped").symlink_to("pipe")
    files = Files(str(root))
    good = ["content/a.md", "folder/../content/a.md", "in.md"]
    bad = ["out.md", "up/outside.md", "../outside.md", "content", "pipe", "piped", "none.md", "a\0b", "x" * 5000, ""]
    assert [path for path in [*good, *bad] if files.is_file(path)] == good


def test_the_root_itself_and_a_folder_whose_name_begins_like_it_are_not_inside(root: Path) -> None:
    put(root.parent, "site-too/a.md")
    files = Files(str(root))
    assert not files.inside("../site-too/a.md")
    assert not files.inside(".")
    assert not files.is_file(str(root.parent / "site-too/a.md"))


def test_reading_gives_the_bytes_and_none_for_what_is_not_a_file(root: Path) -> None:
    data = bytes(range(256)) * 9000
    (root / "content/a.md").write_bytes(data)
    (root / "content/empty.md").write_bytes(b"")
    files = Files(str(root))
    assert files.read("content/a.md") == files.read_or_none(str(root / "content/a.md")) == data
    assert files.read("content/empty.md") == b""
    assert [files.read_or_none(path) for path in ("no.md", "content", "content/a.md/b")] == [None, None, None]


def test_a_pipe_is_read_as_empty_and_does_not_hang(root: Path) -> None:
    os.mkfifo(root / "pipe")
    assert Files(str(root)).read("pipe") == b""


# --- writing -------------------------------------------------------------------------------------------------------


@pytest.fixture
def files(root: Path) -> Files:
    return Files(str(root))


def test_writing_and_renaming_make_the_folders_on_the_way(files: Files, root: Path) -> None:
    files.write(str(root / "a/b/one"), b"1")
    files.rename(str(root / "a/b/one"), str(root / "c/d/two"))
    assert (root / "c/d/two").read_bytes() == b"1"
    assert not (root / "a/b/one").exists()


def test_writing_replaces_all_of_an_older_file_and_renaming_replaces_its_target(files: Files, root: Path) -> None:
    files.write(str(root / "x"), b"long and old")
    files.write(str(root / "x"), b"new")
    files.write(str(root / "y"), b"other")
    files.rename(str(root / "x"), str(root / "y"))
    assert (root / "y").read_bytes() == b"new"


def test_new_files_have_the_permissions_that_the_umask_leaves(files: Files, root: Path) -> None:
    before = os.umask(0o027)
    try:
        files.write(str(root / "x"), b"")
    finally:
        os.umask(before)
    assert (root / "x").stat().st_mode & 0o777 == 0o640


def test_removing_what_is_not_there_is_no_error(files: Files, root: Path) -> None:
    files.write(str(root / "x"), b"")
    for path in ("x", "x", "x/y", "none/at/all"):
        files.remove(str(root / path))
    assert not (root / "x").exists()


def test_empty_folders_are_removed_up_to_the_stop_and_no_further(files: Files, root: Path) -> None:
    (root / "out/a/b/c").mkdir(parents=True)
    (root / "out/a/kept.txt").write_bytes(b"")
    files.remove_empty_folders(str(root / "out/a/b/c"), str(root / "out"))
    assert sorted(path.name for path in (root / "out").rglob("*")) == ["a", "kept.txt"]
    (root / "out/a/kept.txt").unlink()
    files.remove_empty_folders(str(root / "out/a"), str(root / "out"))
    assert (root / "out").is_dir()
    files.remove_empty_folders(str(root / "out"), str(root / "out"))
    files.remove_empty_folders(str(root), str(root / "out"))
    assert (root / "out").is_dir()


@pytest.mark.parametrize("count", [0, 1, 60])
def test_syncing_few_or_many_files_works_on_this_system(files: Files, root: Path, count: int) -> None:
    paths = [str(root / f"f{n}") for n in range(count)]
    for path in paths:
        files.write(path, b"x")
    files.sync_all(paths, str(root))
    files.sync(str(root))


# --- the lock ------------------------------------------------------------------------------------------------------


@pytest.fixture
def lock(root: Path) -> str:
    return str(root / "output/.broadsheet/lock")


def test_a_lock_is_held_once_and_names_its_holder_and_folder(files: Files, lock: str, root: Path) -> None:
    with files.lock(lock), pytest.raises(LockedError) as caught, files.lock(lock):
        pass
    assert f"process {os.getpid()}" in str(caught.value)
    assert str(root / "output") in str(caught.value)
    with files.lock(lock):
        pass


def test_a_lock_is_given_back_when_the_work_fails(files: Files, lock: str) -> None:
    with pytest.raises(ZeroDivisionError), files.lock(lock):
        raise ZeroDivisionError
    with files.lock(lock):
        pass


def test_a_lock_file_left_by_a_process_that_died_holds_nobody_up(files: Files, lock: str) -> None:
    Path(lock).parent.mkdir(parents=True)
    Path(lock).write_bytes(b"999999999999\n")
    with files.lock(lock):
        assert Path(lock).read_text() == f"{os.getpid()}\n"
