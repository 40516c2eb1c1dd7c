"""Very many files looked at: once for all who ask, and by two processes at a time."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsroom import NoWait, Site, asked
from separate import run
from twins import Later

from broadsheet import files, looking, quick
from broadsheet.files import Files
from broadsheet.scanning import scan
from broadsheet.walking import Walk, pack, packed


class Counted(Later):
    """Notes each folder that is walked."""

    def __init__(self, root: str) -> None:
        super().__init__(root)
        self.walked: list[str] = []

    def walk(self, folders: Sequence[str]) -> Walk:
        found = super().walk(folders)
        self.walked += [os.path.relpath(place, self.root) for place in found.places]
        return found


# --- one walk ------------------------------------------------------------------------------------------------------


def test_whoever_looks_if_there_is_anything_to_do_and_then_builds_walks_once(site: Site) -> None:
    site.story("europe/a.md").story("asia/b.md").write("static/x/robots.txt", "x")
    site.good(door=Later)
    for door in (Counted(str(site.folder)), Counted(str(site.folder))):
        site.story("europe/a.md", title=f"Title {id(door)}")
        with quick.glance(asked(site), door) as glance:
            assert glance.summary is None
            assert site.build(door=lambda _, door=door: door, look=glance.look).summary is not None
        for folder in ("content", "content/europe", "content/asia", "static", "static/x"):
            assert door.walked.count(folder) == 1, folder
    assert quick.unchanged(asked(site), Later(str(site.folder))) is not None


def test_a_build_that_nobody_looked_for_walks_once_too(site: Site) -> None:
    site.story("europe/a.md")
    door = Counted(str(site.folder))
    assert site.build(door=lambda _: door).ok
    assert door.walked.count("content/europe") == 1


def test_a_walk_of_other_folders_than_the_settings_name_is_not_used(site: Site) -> None:
    site.story("europe/a.md")
    site.good(door=Later)
    walk = Later(str(site.folder)).walk([str(site.folder / "content")])
    site.story("europe/b.md")
    assert site.build(door=Later, look=looking.done(walk)).ok
    assert site.has("/europe/2025/04/b/")


def test_where_another_build_was_waited_for_the_sources_are_walked_again(site: Site) -> None:
    site.story("europe/a.md")
    site.good(door=Later)
    holder = os.open(site.folder / ".broadsheet/lock", os.O_RDWR)
    fcntl.flock(holder, fcntl.LOCK_EX)

    def release(_: float) -> None:
        """What happens while the build waits: a story comes, and the other build ends."""
        site.story("europe/b.md")
        fcntl.flock(holder, fcntl.LOCK_UN)

    with patch.object(files.time, "sleep", release), quick.glance(asked(site), Later(str(site.folder))) as glance:
        assert glance.look is not None
        assert glance.look.walk().listed()  # before the story comes
        assert site.build(door=Later, look=glance.look, wait=10).ok
    os.close(holder)
    assert site.has("/europe/2025/04/b/")


def test_a_walk_that_met_a_file_of_just_now_is_not_remembered(site: Site) -> None:
    """It may change again without a trace in its stamp."""
    site.story("europe/a.md")
    os.utime(site.folder / "content/europe/a.md", ns=(1, 1))
    folders = [str(site.folder / "content")]
    assert quick.see(NoWait(str(site.folder)).walk(folders)) is None
    assert quick.see(Later(str(site.folder)).walk(folders)) is not None


def test_a_scan_of_a_walk_is_a_scan(tmp_path: Path) -> None:
    root = tmp_path / "site"
    for name in ("a.md", "b/c.md", "b/.hidden", ".git/x", "b/.git/y.md", ".well-known/z/w", "x.md/inner.md", "b-c/d"):
        (root / "content" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "content" / name).write_bytes(name.encode())
    (root / "content-2").mkdir()
    (root / "content-2/no.md").write_bytes(b"")
    (root / "content/link.md").symlink_to("a.md")
    (root / "content/out.md").symlink_to("/etc/passwd")
    (root / "content/nowhere.md").symlink_to("nothing")
    (root / "content/folder.md").symlink_to("b")
    os.mkfifo(root / "content/pipe.md")
    door = Files(str(root))
    walk = door.walk([str(root / "config.yaml"), str(root / "content"), str(root / "content-2"), str(root / "static")])
    for folder, hidden, names in (
        ("content", (), "a.md b-c/d b/c.md link.md x.md/inner.md"),
        ("content", (".well-known",), ".well-known/z/w a.md b-c/d b/c.md link.md x.md/inner.md"),
        ("content/b", (), "c.md"),
        ("content-2", (), "no.md"),
        ("static", (), ""),
    ):
        found = [], []
        entries = scan(door, folder, found[0], hidden, walk)
        assert [entry.path for entry in entries] == [f"{folder}/{name}" for name in names.split()]
        assert entries == scan(door, folder, found[1], hidden)
        assert found[0] == found[1]
        assert [entry.stamp for entry in entries] == [door.stamp(entry.path) for entry in entries]
        assert len(found[0]) == (4 if folder == "content" else 0)


@pytest.mark.parametrize("change", ["add", "remove", "rewrite", "rename", "retarget", "folder", "swap"])
def test_a_walk_shows_every_change(tmp_path: Path, change: str) -> None:
    place = tmp_path / "content"
    place.mkdir()
    for name in ("a", "b"):
        (place / name).write_bytes(b"same")
        os.utime(place / name, ns=(1, 1))
    (place / "link").symlink_to("a")
    before = Files(str(tmp_path)).walk([str(place)]).plain()
    assert Files(str(tmp_path)).walk([str(place)]).plain() == before
    if change == "add":
        (place / "c").write_bytes(b"")
    elif change == "remove":
        (place / "a").unlink()
    elif change == "rewrite":
        (place / "new").write_bytes(b"diff")
        os.utime(place / "new", ns=(1, 1))
        os.replace(place / "new", place / "a")
    elif change == "rename":
        (place / "a").rename(place / "c")
    elif change == "retarget":
        (place / "link").unlink()
        (place / "link").symlink_to("b")
    elif change == "folder":
        (place / "empty").mkdir()
    else:
        (place / "a").rename(place / "c")
        (place / "b").rename(place / "a")
        (place / "c").rename(place / "b")
    assert Files(str(tmp_path)).walk([str(place)]).plain() != before


CHANGES: dict[str, Callable[[Path], object]] = {
    "europe/2026/b.md": lambda place: place.write_bytes(b"new"),
    "europe/2026/a.md": lambda place: place.unlink(),
    "europe/2026/link": lambda place: place.symlink_to("a.md"),
    "europe/link": lambda place: (place.unlink(), place.write_bytes(b"no link")),
    "asia/2026/new/deep/c.md": lambda place: (place.parent.mkdir(parents=True), place.write_bytes(b"new")),
    "europe/2025": shutil.rmtree,
    "asia": lambda place: place.rename(place.parent / "africa"),
    "d.md": lambda place: place.write_bytes(b"at the top"),
}


@pytest.mark.parametrize("paths", [*[[path] for path in CHANGES], list(CHANGES)])
def test_looking_again_where_something_changed_finds_what_looking_everywhere_does(
    tmp_path: Path, paths: list[str]
) -> None:
    top = tmp_path / "content"
    for name in ("europe/2025/x.md", "europe/2026/a.md", "europe-2/y.md", "asia/2026/z.md"):
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes(name.encode())
    (top / "europe/link").symlink_to("2025/x.md")
    door = Files(str(tmp_path))
    last = door.walk([str(tmp_path / "config.yaml"), str(top)])
    for path in paths:
        CHANGES[path](top / path)
    again, everything = door.walk_again(last, [str(top / path) for path in paths]), door.walk(last.folders)
    assert again
    assert (again.places, again.odd, again.leads) == (everything.places, everything.odd, everything.leads)
    assert last.places != everything.places
    assert again.since > last.since


@pytest.mark.parametrize("told", ["e", "e/index.md", "e/sub/deep.md"])
def test_a_link_in_place_of_a_folder_is_not_looked_through(tmp_path: Path, told: str) -> None:
    """Told of what lay in the folder, or that it has changed, or of both."""
    top = tmp_path / "site/content/europe"
    (top / "e/sub").mkdir(parents=True)
    (tmp_path / "out/sub").mkdir(parents=True)
    for name in ("e/index.md", "e/sub/deep.md"):
        (top / name).write_bytes(b"ours")
        (tmp_path / "out" / name.removeprefix("e/")).write_bytes(b"secret")
    door = Files(str(tmp_path / "site"))
    last = door.walk([str(tmp_path / "site/content")])
    shutil.rmtree(top / "e")
    (top / "e").symlink_to(tmp_path / "out")
    everything = door.walk(last.folders)
    for paths in ([told], [told, "e"], [told, "e", "f.md"]):
        again = door.walk_again(last, [str(top / path) for path in paths])
        assert again
        assert not [place for place in again.places if "/e" in place.removeprefix(str(top))]
        assert again.plain() == everything.plain()


@pytest.mark.parametrize("moved", ["content", "other"])
def test_a_walk_tells_where_links_lead(tmp_path: Path, moved: str) -> None:
    """The same files with the same stamps, but elsewhere."""
    site = tmp_path / "site"
    (site / "content").mkdir(parents=True)
    (site / "other").mkdir()
    (site / "other/x.txt").write_bytes(b"x")
    (site / "content/x.txt").symlink_to("../other/x.txt")
    door = Files(str(site))
    before = door.walk([str(site / "content")])
    again = door.walk_again(before, [str(site / "content/x.txt")])
    assert again
    assert again.plain() == before.plain()
    os.rename(site / moved, tmp_path / moved)
    (site / moved).symlink_to(tmp_path / moved)
    if moved == "content":
        os.unlink(tmp_path / "content/x.txt")
        (tmp_path / "content/x.txt").symlink_to(site / "other/x.txt")
    assert door.walk([str(site / "content")]).plain() != before.plain()


def test_what_lies_outside_of_a_walk_is_not_looked_at_again(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    door = Files(str(tmp_path))
    last = door.walk([str(tmp_path / "content")])
    for name in ("content-2/a.md", "static/a", "config.yaml"):
        assert door.walk_again(last, [str(tmp_path / "content/a.md"), str(tmp_path / name)]) is None


def test_a_folder_that_cannot_be_looked_into_is_reported_from_a_walk(tmp_path: Path) -> None:
    (tmp_path / "content").write_bytes(b"a file")
    door, problems = Files(str(tmp_path)), []
    assert scan(door, "content", problems, walk=door.walk([str(tmp_path / "content")])) == []
    assert [problem.message for problem in problems] == ["can't be read: Not a directory"]


# --- two processes -------------------------------------------------------------------------------------------------


def test_two_processes_find_what_one_finds(tmp_path: Path) -> None:
    for n in range(7):
        (tmp_path / f"{n}").write_bytes(b"x" * n)
    code = """
walking.MANY = 2
paths = [os.path.join(sys.argv[1], str(n)) for n in range(9)]
here = os.getpid()
made = []
fork = os.fork
os.fork = lambda: made.append(1) or fork()
assert walking.stamps(paths) == walking.stamps(paths, alone=True) == [Files("/").stamp(path) for path in paths]
assert made == [1] and os.getpid() == here
print(sum(map(bool, walking.stamps(paths))))
"""
    assert run(code, str(tmp_path)) == "7\n"


@pytest.mark.parametrize("end", ["os.kill(os.getpid(), signal.SIGKILL)", "os._exit(0)", "1 / 0", "raise SystemExit"])
def test_where_the_other_process_does_not_tell_it_is_done_here(end: str) -> None:
    code = f"""
here = os.getpid()
def act():
    if os.getpid() != here:
        {end}
    return [os.getpid(), ("x", 1 << 70)]
with walking.beside(act) as asked:
    found = asked()
assert found == [here, ("x", 1 << 70)], found
try:
    os.waitpid(-1, 0)
except ChildProcessError:
    print("none left")
"""
    assert run(code) == "none left\n"


def test_where_there_is_no_room_for_another_process_it_is_done_here() -> None:
    code = """
def full(): raise BlockingIOError(11, "Resource temporarily unavailable")
os.fork = full
with walking.beside(os.getpid) as asked:
    assert asked() == os.getpid()
"""
    assert run(code) == ""


def test_nobody_waits_for_an_answer_that_is_not_needed() -> None:
    code = """
import time
try:
    with walking.beside(lambda: time.sleep(600)) as asked:
        raise KeyboardInterrupt
except KeyboardInterrupt:
    pass
try:
    os.waitpid(-1, 0)
except ChildProcessError:
    print("none left")
"""
    assert run(code) == "none left\n"


def test_the_other_process_ends_with_one_that_is_killed() -> None:
    """It would hold its output open, for which `run` waits."""
    code = """
import time
with walking.beside(lambda: time.sleep(600)) as asked:
    os.kill(os.getpid(), signal.SIGKILL)
"""
    assert run(code, ends=-signal.SIGKILL) == ""


@pytest.mark.skipif(not hasattr(fcntl, "F_SETPIPE_SZ"), reason="this system has pipes of one size")
def test_another_process_goes_on_to_the_next_thing_before_anybody_reads_what_the_first_one_gave(tmp_path: Path) -> None:
    code = f"""
import pathlib, time
done = pathlib.Path({str(tmp_path / "done")!r})
with walking.in_turn(lambda: "x" * 900_000, done.touch) as (first, second):
    end = time.monotonic() + 60
    while not done.exists() and time.monotonic() < end:
        time.sleep(0.01)
    print(done.exists(), len(first()), second())
"""
    assert run(code) == "True 900000 None\n"


def test_one_process_does_several_things_in_turn_and_each_answer_can_be_had_when_it_is_there() -> None:
    code = """
import time
here = os.getpid()
with walking.in_turn(os.getpid, lambda: time.sleep(600), os.getpid) as (first, _, _):
    assert first() != here
with walking.in_turn(os.getpid, lambda: os.getpid() == here or os._exit(0), os.getpid) as (first, second, third):
    assert third() == here and second() is True and first() != here
large = lambda: ["x" * 1000] * 1000
with walking.in_turn(large, large, os.getpid) as (first, second, third):
    assert third() != here  # who waits for the last one has read the others
    try:
        os.waitpid(-1, 0)
    except ChildProcessError:
        assert first() == second() == first() == large()
try:
    os.waitpid(-1, 0)
except ChildProcessError:
    print("none left")
"""
    assert run(code) == "none left\n"


@pytest.mark.parametrize("who", ["child", "not child"])
def test_who_is_told_to_end_while_another_process_begins_leaves_none_and_goes_on_once(who: str) -> None:
    code = f"""
import time
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever started the tests may ignore it
fork = os.fork
def told():
    child = fork()
    if {who}:
        os.kill(os.getpid(), signal.SIGINT)
    return child
os.fork = told
try:
    with walking.beside(lambda: time.sleep(600) if os.fork is told and {who!r} == "child" else 1) as asked:
        print(asked())
except KeyboardInterrupt:
    print("interrupted", flush=True)
try:
    os.waitpid(-1, 0)
except ChildProcessError:
    print("none left")
"""
    assert run(code) == ("interrupted\n" if who == "child" else "1\n") + "none left\n"


@given(st.lists(st.just(()) | st.tuples(*[st.integers(-(1 << 63), (1 << 64) - 1)] * 4), max_size=4))
def test_stamps_are_packed_to_as_many_bytes_each_and_differ_where_they_do(
    stamps: list[tuple[int, ...]],
) -> None:
    told = packed(stamps)
    assert len(told) == 32 * len(stamps)
    assert told == b"".join(pack(stamp) or bytes(32) for stamp in stamps)
    assert [pack(stamp) == pack(stamps[0]) for stamp in stamps] == [
        [n % (1 << 64) for n in stamp] == [n % (1 << 64) for n in stamps[0]] for stamp in stamps
    ]
