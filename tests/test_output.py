"""The output folder: published whole or not at all, never at the cost of files that are not ours."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import pytest
from examples import every, examples
from faults import FAULTS, STOPPED, Crash, Faulty
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import NoWait, Site, png, tree
from publications import NEW, OLD, Recorded, attempts, counts, interrupt, publish
from twins import Later

from broadsheet import making, output
from broadsheet.digest import digest
from broadsheet.errors import OutputError, UnfinishedError, UsageError
from broadsheet.files import Files, LockedError, Stamp

STATE = ".broadsheet"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "output"


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
    with pytest.raises(OutputError, match=words):
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


# --- the lock ------------------------------------------------------------------------------------------------------


def test_a_second_process_is_told_who_is_writing(folder: Path) -> None:
    program = (
        "import sys; from broadsheet import output; from broadsheet.files import Files\n"
        "with output.open_output(Files('.'), sys.argv[1]): print('held', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", program, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert other.stdin is not None
    assert other.stdout is not None
    try:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(LockedError, match=str(other.pid)) as caught:
            publish(folder, {"index.html": b"x"})
        assert caught.value.exit_code == 4
    finally:
        other.kill()
        other.wait()
        other.stdin.close()
        other.stdout.close()
    publish(folder, {"index.html": b"x"})  # the lock died with its process
    assert tree(folder) == {"index.html": b"x"}


def test_two_publications_in_one_process_are_kept_apart_too(folder: Path) -> None:
    with output.open_output(NoWait("."), str(folder)), pytest.raises(LockedError, match=str(os.getpid())):
        publish(folder, {})
    publish(folder, {})


# --- state that can't be trusted -----------------------------------------------------------------------------------

GARBAGE = [
    b"",
    b"{",
    b"\0" * 40,
    b"[]",
    b'{"version": 99, "files": {}}',
    b'{"version": 1}',
    b'{"version": 1, "files": [1]}',
    b'{"version": 1, "files": {"../precious": "x"}}',
    b'{"version": 1, "files": {"/etc/passwd": "x"}}',
    b'{"version": 1, "files": {}, "renames": 3, "first": {}, "delete": ["../precious"]}',
    b'{"version": 1, "files": {}, "renames": [["../precious", "0"]], "first": [], "delete": []}',
    b'{"version": 1, "files": {}, "renames": [["a", "../../../precious"]], "first": [], "delete": []}',
    b'{"version": 1, "files": {}, "renames": [], "first": ["a/../../precious"], "delete": []}',
]


def sealed(body: bytes) -> bytes:
    """A manifest with the digest that belongs to these lines."""
    return b"broadsheet manifest 2 " + digest(body).hex().encode() + b"\n" + body


UNSOUND = [
    b"a",
    b"a\n",
    b"a\n0",
    b"a\n0\nb\n",
    b"a\n0\na\n1\n",
    b"\xff\n0\n",
    b"\n0\n",
    b"/etc/passwd\n0\n",
    b"../precious\n0\n",
    b"a\n0\nb/../../precious\n0\n",
    b"a/..\n0\n",
    b"a/.\n0\n",
    b"a//b\n0\n",
    b"a\0b\n0\n",
    b".broadsheet/lock\n0\n",
]


@pytest.mark.parametrize("garbage", GARBAGE)
def test_a_journal_that_is_torn_or_not_ours_is_ignored(folder: Path, tmp_path: Path, garbage: bytes) -> None:
    publish(folder, {"index.html": b"home"})
    (tmp_path / "precious").write_bytes(b"precious")
    (folder / STATE / "journal.json").write_bytes(garbage)
    publish(folder, {"index.html": b"home", "a.html": b"a"})
    assert tree(folder) == {"index.html": b"home", "a.html": b"a"}
    assert (tmp_path / "precious").read_bytes() == b"precious"
    assert not (folder / STATE / "journal.json").exists()


@pytest.mark.parametrize("name", ["manifest", "manifest.json"])
@pytest.mark.parametrize(
    "garbage", [*GARBAGE[:9], *(sealed(body) for body in UNSOUND), b"broadsheet manifest 2 0\na\nb\n"]
)
def test_a_manifest_that_is_torn_deletes_nothing_and_is_made_again_on_request(
    folder: Path, tmp_path: Path, garbage: bytes, name: str
) -> None:
    publish(folder, {"index.html": b"home", "gone.html": b"gone"})
    (tmp_path / "precious").write_bytes(b"precious")
    (folder / STATE / "manifest").unlink()
    (folder / STATE / name).write_bytes(garbage)
    with pytest.raises(OutputError, match="--adopt"):
        publish(folder, {"index.html": b"home 2"})
    assert tree(folder) == {"index.html": b"home", "gone.html": b"gone"}
    publish(folder, {"index.html": b"home 2"}, adopt=True)
    assert tree(folder) == {"index.html": b"home 2"}
    assert (tmp_path / "precious").read_bytes() == b"precious"


def test_losing_the_sites_own_state_strands_nothing(site: Site) -> None:
    site.story("europe/a.md").story("europe/b.md")
    site.write("content/europe/photo.png", png()).story("europe/c.md", image={"src": "photo.png", "alt": "x"})
    site.good()
    shutil.rmtree(site.folder / STATE)
    site.remove("content/europe/b.md").remove("content/europe/c.md")
    site.good(vanished=True)
    assert not site.has("/europe/2025/04/b/")
    assert not [path for path in site.tree() if path.startswith("pictures/")]


def test_what_a_step_relies_on_is_on_the_disk_before_the_step(folder: Path) -> None:
    """Files before the journal that names them, the journal before the first change, the manifest before the journal
    goes: or a power failure would leave a journal of files that are not there."""
    publish(folder, OLD)
    door = Recorded(str(folder.parent))
    publish(folder, NEW, door)
    state = folder / STATE
    done = [(step, os.path.relpath(path, folder)) for step, path in door.done]
    places = {name: done.index(name) for name in done}
    journalled = places["rename", ".broadsheet/journal.json"]
    staged = [name for step, name in done if step == "sync" and "/stage/" in name]
    assert len(staged) == 4
    for name in staged:
        assert places["sync", name] < places["sync", ".broadsheet/journal.json.new"]
    assert places["sync", ".broadsheet/journal.json.new"] < journalled
    assert done[journalled + 1] == ("sync", ".broadsheet")
    changes = [n for n, (step, name) in enumerate(done) if step != "sync" and not name.startswith(".broadsheet")]
    assert min(changes) > journalled + 1
    assert max(changes) < places["sync", ".broadsheet/manifest.new"]
    assert done[-3:] == [
        ("rename", ".broadsheet/manifest"),
        ("sync", ".broadsheet"),
        ("remove", ".broadsheet/journal.json"),
    ]
    assert sorted(os.listdir(state)) == ["lock", "manifest", "stage"]


def test_what_a_page_shows_comes_before_it_and_goes_after_it(site: Site) -> None:
    """Wherever a publication stops, no page of the output lacks a picture or a file that it links to."""
    for n, name in enumerate(("one", "two")):
        site.write(f"content/eu/{name}.png", png(40, 30 + n)).write(f"content/eu/{name}.txt", name)

    def tell(name: str) -> None:
        site.story(f"eu/{name}.md", f"See [notes]({name}.txt).", image={"src": f"{name}.png", "alt": "x"})

    tell("one")
    site.good()
    site.remove("content/eu/one.md").remove("content/eu/one.png")
    tell("two")
    doors: list[Recorded] = []

    def door(root: str) -> Files:
        doors.append(Recorded(root))
        return doors[-1]

    with patch.object(making, "_BATCH", 1):
        assert site.build(door=door).ok
    done = [(step, os.path.relpath(path, site.output)) for step, path in doors[-1].done]
    places = {(step, re.sub(r"-\w+-\d+\.", ".", path)): n for n, (step, path) in enumerate(done)}
    came, went = (
        places[step, f"eu/2025/04/{name}/index.html"] for step, name in (("rename", "two"), ("remove", "one"))
    )
    for path in ("pictures/two.jpg", "pictures/two.webp", "eu/2025/04/two/two.txt"):
        assert places["rename", path] < came
    for path in ("pictures/one.jpg", "pictures/one.webp", "eu/2025/04/one/one.txt"):
        assert places["remove", path] > went


def test_a_build_that_fails_while_rendering_leaves_nothing_staged(site: Site) -> None:
    site.story("europe/a.md")
    site.good()
    before = site.tree()
    site.story("europe/b.md").write("templates/article.html", "{{ story.nothing }}")
    assert not site.build().ok
    assert site.tree() == before
    assert os.listdir(site.output / STATE / "stage") == []


# --- crashes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FAULTS)
def test_after_a_fault_at_any_step_the_output_is_old_or_is_completed_by_the_next_to_open_it(
    folder: Path, kind: str
) -> None:
    journalled = 0
    publish(folder, OLD)
    for certain in attempts(folder, kind, lambda door: publish(folder, NEW, door)):
        journalled += certain
        if not certain:
            assert tree(folder) in (OLD, NEW)
            finished = tree(folder) == NEW
        with output.open_output(NoWait("."), str(folder)):
            assert tree(folder) == (NEW if certain or finished else OLD)
            assert os.listdir(folder / STATE / "stage") == []
        publish(folder, OLD)
        assert tree(folder) == OLD
    assert journalled > 5
    assert tree(folder) == NEW


@pytest.mark.parametrize("kind", FAULTS)
def test_after_a_fault_at_any_step_the_next_publication_ends_like_a_clean_one(folder: Path, kind: str) -> None:
    publish(folder, OLD)
    other = {"b/x/index.html": b"1", "edited.html": b"newest", "a": b"file"}
    clean = folder.parent / "clean"
    publish(clean, other)
    manifest = (clean / STATE / "manifest").read_bytes()
    for _ in attempts(folder, kind, lambda door: publish(folder, NEW, door)):
        publish(folder, other)
        assert tree(folder) == other
        assert (folder / STATE / "manifest").read_bytes() == manifest
        publish(folder, OLD)


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_while_an_interrupted_publication_is_completed_does_no_harm(folder: Path, kind: str) -> None:
    def interrupted() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        publish(folder, OLD)
        interrupt(folder, NEW)

    def complete(door: Faulty) -> None:
        with output.open_output(door, str(folder)):
            pass

    interrupted()
    for _ in attempts(folder, kind, complete):
        with output.open_output(NoWait("."), str(folder)):
            assert tree(folder) == NEW
        interrupted()
    assert tree(folder) == NEW


# --- builds that meet faults ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FAULTS)
def test_a_build_that_meets_a_fault_at_any_step_is_completed_by_a_plain_build(site: Site, kind: str) -> None:
    """The same with the whole engine: the site is edited, a picture is new, a story is withdrawn."""
    site.story("europe/a.md").story("europe/b.md").story("asia/gone.md")
    site.good()
    site.story("europe/a.md", title="Another title").remove("content/asia/gone.md")
    site.write("content/europe/photo.png", png()).story("europe/c.md", image={"src": "photo.png", "alt": "x"})
    old = site.tree()
    clean = site.folder.parent / "clean"
    site.good(output=str(clean))
    new = tree(clean)
    doors: list[Faulty] = []
    kept = site.folder.parent / "kept"
    shutil.copytree(site.output, kept, symlinks=True)
    # Every third fault at most: the steps of the output folder are tried one by one above.
    for n in range(1, 1000, 3 * every(3)):
        shutil.rmtree(site.output)
        shutil.copytree(kept, site.output, symlinks=True)
        shutil.rmtree(site.folder / STATE, ignore_errors=True)

        def door(root: str, n: int = n) -> Files:
            doors.append(FAULTS[kind](root, n))
            return doors[-1]

        try:
            site.build(door=door)
        except STOPPED:
            if not (site.output / STATE / "journal.json").exists():
                assert site.tree() in (old, new)
        if not doors[-1].fired:
            break
        site.good(vanished=True)
        assert site.tree() == new
    assert site.tree() == new
    assert n > 30


class Hurried(Later):
    """Is interrupted when it looks at what it has published or, `late`, while it remembers that."""

    def __init__(self, root: str, late: bool) -> None:
        super().__init__(root)
        self._late = late
        self._published = False

    def rename(self, source: str, target: str) -> None:
        if self._late and "unchanged-" in target:
            raise KeyboardInterrupt
        super().rename(source, target)
        self._published = self._published or target.endswith("build.json")

    def stamp(self, path: str) -> Stamp:
        if self._published and not self._late:
            raise KeyboardInterrupt
        return super().stamp(path)


@pytest.mark.parametrize("late", [False, True])
def test_an_interruption_after_the_publication_is_told_as_what_it_is(site: Site, late: bool) -> None:
    site.story("europe/a.md")
    site.good()
    site.story("europe/b.md")
    with pytest.raises(UnfinishedError, match="the site is published, the next build takes longer") as raised:
        site.build(door=lambda root: Hurried(root, late))
    assert raised.value.exit_code == 130
    assert site.has("/europe/2025/04/b/")
    site.good()


class NoNote(NoWait):
    """The word of a good build can't be written."""

    def write(self, path: str, data: bytes) -> None:
        if path.endswith("build.json.new"):
            raise OSError(28, "No space left on device", path)
        super().write(path, data)


def test_a_publication_is_over_when_whoever_deploys_can_know_of_it(site: Site) -> None:
    site.story("europe/a.md")
    site.good()
    before, note = site.tree(), output.note(str(site.output))
    with pytest.raises(OSError, match="No space left"):  # and nothing was published
        site.build("2026-01-15T12:00:01+00:00", door=NoNote)
    assert site.tree() == before
    site.story("europe/b.md")
    with pytest.raises(UnfinishedError, match="No space left on device in the middle of publishing: the next build"):
        site.build(door=NoNote)
    assert not os.path.exists(note)
    output.recover(NoWait("."), str(site.output))
    assert os.path.exists(note)
    assert site.has("/europe/2025/04/b/")
    site.good()
    assert output.read_note(NoWait("."), str(site.output)) is not None


def test_an_interrupted_publication_is_completed_even_by_a_build_that_fails(site: Site) -> None:
    site.story("europe/a.md")
    site.good()
    site.story("europe/b.md")
    before, journal = site.tree(), site.output / STATE / "journal.json"
    for n in range(1, 1000):
        with pytest.raises(Crash):
            site.build(door=lambda root, n=n: Faulty(root, n, Crash, lasting=True))
        if journal.exists():
            break
    assert site.tree() == before
    site.story("europe/broken.md", title=None)
    assert not site.build().ok
    assert not journal.exists()
    assert site.has("/europe/2025/04/b/")
