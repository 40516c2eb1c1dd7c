"""A look at all files that was begun before the build that needs it: whatever happens meanwhile, nothing is missed."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from unittest.mock import patch

import pytest
from newsroom import NOW, Site, asked
from separate import run
from twins import Later

from broadsheet import looking, quick
from broadsheet.looking import Look
from broadsheet.walking import Place, Walk, mark


def test_a_build_without_changes_sees_with_two_processes_what_it_sees_with_one(site: Site) -> None:
    site.story("europe/a.md").story("asia/b.md")
    site.good(door=Later)
    code = """
from datetime import datetime
from broadsheet.request import Request
quick.MANY = 1
made = []
fork = os.fork
os.fork = lambda: made.append(1) or fork()
asked = Request(site=sys.argv[1], now=datetime.fromisoformat(sys.argv[2]))
print(quick.unchanged(asked, Files(sys.argv[1])) is not None, len(made))
try:
    os.waitpid(-1, 0)
    raise AssertionError("one is left")
except ChildProcessError:
    pass
"""
    assert run(code, str(site.folder), NOW.isoformat()) == "True 1\n"
    (site.output / "europe/2025/04/a/index.html").write_bytes(b"tampered")
    assert run(code, str(site.folder), NOW.isoformat()) == "False 1\n"
    site.good(door=Later)
    assert run(code, str(site.folder), NOW.isoformat()) == "True 1\n"
    other = code.replace("quick.MANY", "quick.toolchain = lambda: b'another'\nquick.MANY")
    assert run(other, str(site.folder), NOW.isoformat()) == "False 1\n"
    site.story("asia/b.md", title="Another")
    assert run(code, str(site.folder), NOW.isoformat()) == "False 1\n"


def test_files_are_not_looked_at_for_a_program_that_is_another_one(site: Site) -> None:
    site.story("europe/a.md")
    site.good(door=Later)
    site.story("europe/b.md")  # where something changed last: a build in a hurry
    code = """
from datetime import datetime
from broadsheet.request import Request
quick.MANY, toolchain = 1, quick.toolchain
asked = Request(site=sys.argv[1], now=datetime.fromisoformat(sys.argv[2]))
for tools in (toolchain, lambda: b"another"):
    quick.toolchain, loaded = tools, []
    with quick.glance(asked, Files(sys.argv[1]), lambda: loaded.append(True)) as seen:
        print(seen.summary is None, seen.look is None, loaded)
try:
    os.waitpid(-1, 0)
    raise AssertionError("one is left")
except ChildProcessError:
    pass
"""
    assert run(code, str(site.folder), NOW.isoformat()) == "True False [True]\nTrue True []\n"


def test_a_look_in_another_process_tells_what_a_walk_finds(site: Site) -> None:
    site.story("europe/a.md").story("asia/b.md").write("content/asia/picture.png", "x")
    (site.folder / "content/link.md").symlink_to("europe/a.md")
    code = """
from broadsheet import looking
door = Files(sys.argv[1])
folders = [os.path.join(door.root, name) for name in ("config.yaml", "content", "static")]
plain = door.walk(folders)
with looking.begun(door, folders) as asked:
    found = asked()
assert found is asked() and found.since >= plain.since and found.folders == plain.folders
assert dict(found.places) == plain.places and list(found.places) == list(plain.places)
assert (found.odd, found.plain(), found.newest()) == (plain.odd, plain.plain(), plain.newest())
assert (found.listed(), found.changed()) == (plain.listed(), plain.changed())
print(len(found.places), len(found.odd))
"""
    assert run(code, str(site.folder)) == "5 1\n"


@pytest.mark.parametrize("alone", ["os.cpu_count = lambda: 1", "os.fork = full"])
def test_a_build_in_a_hurry_that_can_have_no_other_process_does_it_all_itself(site: Site, alone: str) -> None:
    site.story("europe/a.md").story("asia/b.md")
    site.good(door=Later)
    site.story("asia/b.md", title="Another").story("europe/c.md")
    code = f"""
from datetime import datetime
from broadsheet.engine import build
from broadsheet.request import Request
def full(): raise BlockingIOError(11, "Resource temporarily unavailable")
{alone}
quick.MANY = 1
asked = Request(site=sys.argv[1], now=datetime.fromisoformat(sys.argv[2]))
loaded = []
with quick.glance(asked, Files(sys.argv[1]), lambda: loaded.append(1)) as seen:
    assert seen.summary is None and loaded == [1]
    print(build(asked, lambda stage, total: lambda done: None, look=seen.look).stories)
"""
    assert run(code, str(site.folder), NOW.isoformat()) == "3\n"
    assert "Another" in site.page("/asia/2025/04/b/")
    assert site.has("/europe/2025/04/c/")


def test_where_another_build_came_and_went_since_the_look_began_the_sources_are_walked_again(site: Site) -> None:
    """Nobody had to be waited for, and what the other one published is newer than what was seen."""
    site.story("europe/a.md")
    site.good(door=Later)
    site.story("europe/a.md", title="Another")
    with quick.glance(asked(site), Later(str(site.folder))) as glance:
        assert glance.look is not None
        assert glance.look.walk().listed()
        site.story("europe/b.md")
        run(
            """
from datetime import datetime
from broadsheet.engine import build
from broadsheet.request import Request
now = datetime.fromisoformat(sys.argv[2])
build(Request(site=sys.argv[1], now=now), lambda stage, total: lambda done: None)
""",
            str(site.folder),
            NOW.isoformat(),
        )
        assert site.build(door=Later, look=glance.look).ok
    assert site.has("/europe/2025/04/b/")


def test_of_a_look_in_another_process_only_what_is_not_as_it_was_is_unpacked(site: Site) -> None:
    site.story("europe/a.md").story("asia/b.md").write("static/robots.txt", "x")
    site.good(door=Later)
    site.story("europe/c.md")
    door = Later(str(site.folder))
    with quick.glance(asked(site), door) as glance:
        assert glance.look is not None
        folders = glance.look.folders
    act, walk_of = looking.elsewhere(door, folders)
    walk, unpacked = walk_of(act()), []
    one = looking._Places.__getitem__

    def noted(places: looking._Places, place: str) -> Place:
        unpacked.append(os.path.relpath(place, site.folder))
        return one(places, place)

    with patch.object(looking._Places, "__getitem__", noted):
        assert site.build(door=Later, look=Look(folders=folders, walk=lambda: walk)).ok
    assert sorted(unpacked) == ["content/europe", "content/europe"]
    assert site.has("/europe/2025/04/c/")


def test_the_folders_in_which_something_changed_last_are_looked_at_first(site: Site) -> None:
    order = [3, 7, 0, 9, 5, 1, 8, 2, 6, 4]  # not that of the names
    for n in range(10):
        site.story(f"region-{n}/a.md")
    for n in order:
        time.sleep(0.02)  # longer than the clock of the file system ticks
        os.utime(site.folder / f"content/region-{n}/a.md", ns=(n, n))  # when that was is in the stamp, too
    door = Later(str(site.folder))
    walk = door.walk([str(site.folder / "content")])
    seen = quick.see(walk)
    assert seen is not None
    assert list(seen.busy) == [str(site.folder / f"content/region-{n}") for n in order[-quick._BUSY :]]
    for place, told in seen.busy.items():
        assert told == walk.listed()[place] == mark(door.right_in(place))
    site.story("region-5/b.md")
    changed = [place for place, told in seen.busy.items() if told != mark(door.right_in(place))]
    assert changed == [str(site.folder / "content/region-5")]


def test_no_source_is_read_before_the_look_at_all_of_them_is_over(site: Site) -> None:
    """One that is saved between would be read as it was, and its stamp known as it is."""
    site.story("europe/a.md").write("static/robots.txt", "x").write("templates/partials/head.html", "")
    site.good(door=Later)
    site.story("europe/b.md")
    told: list[str] = []

    class Watched(Later):
        def read(self, path: str) -> bytes:
            told.append(path)
            return super().read(path)

        def walk(self, folders: Sequence[str]) -> Walk:
            assert not any("content" in os.path.basename(folder) for folder in folders)  # somebody else looks there
            return super().walk(folders)

    with quick.glance(asked(site), Later(str(site.folder))) as glance:
        look = glance.look
        assert look is not None
        watched = replace(look, walk=lambda: told.append("the walk") or look.walk())
        assert site.build(door=Watched, look=watched).ok
    first = told.index("the walk")
    assert set(told[:first]) <= {"config.yaml"}
    assert {"content/europe/b.md", "templates/partials/head.html"} <= set(told[first:])
    assert site.has("/europe/2025/04/b/")


def test_settings_that_were_saved_after_they_were_read_are_not_remembered_as_seen(site: Site) -> None:
    site.story("europe/a.md")
    site.good(door=Later)
    site.story("europe/a.md", title="Another")
    with quick.glance(asked(site), Later(str(site.folder))) as glance:
        look = glance.look
        assert look is not None

        def walk() -> Walk:
            site.configure("feeds: {limit: 3}\n")  # after they were read, before the files are looked at
            return Later(str(site.folder)).walk(look.folders)

        assert site.build(door=Later, look=replace(look, walk=walk)).ok
    assert quick.unchanged(asked(site), Later(str(site.folder))) is None


def test_a_copy_of_a_site_knows_nothing_of_what_the_other_one_published(site: Site) -> None:
    """Its state came with it: what is remembered of the other's files is no word about its own."""
    site.story("europe/a.md").good(door=Later)
    other = Site.__new__(Site)
    other.folder = site.folder.parent / "copy"
    shutil.copytree(site.folder, other.folder, symlinks=True)
    assert quick.unchanged(asked(site), Later(str(site.folder))) is not None
    assert quick.unchanged(asked(other), Later(str(other.folder))) is None
    other.story("europe/a.md", title="Edited in the copy").good(door=Later)
    assert "Edited in the copy" in other.page("/europe/2025/04/a/")
    assert "Edited in the copy" not in site.page("/europe/2025/04/a/")


def test_a_state_put_into_another_folder_publishes_there(site: Site) -> None:
    site.story("europe/a.md").good(door=Later)
    other = Site(site.folder.parent / "checkout").story("europe/a.md")
    shutil.copytree(site.folder / ".broadsheet", other.folder / ".broadsheet")
    assert quick.unchanged(asked(other), Later(str(other.folder))) is None
    other.good(door=Later)
    assert other.tree() == site.tree()
