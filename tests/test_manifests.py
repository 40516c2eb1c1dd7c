"""What an output folder remembers of itself: the manifest, and the journal of how it is about to change."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from faults import FAULTS, Crash, Faulty
from hypothesis import event, given
from hypothesis import strategies as st
from newsroom import NoWait, tree
from publications import MARKED, NEW, OLD, STATE, attempts, counts, publish

from broadsheet import journal, manifests, output
from broadsheet.errors import OutputError
from broadsheet.frozen import FrozenMap
from broadsheet.manifestfiles import ManifestFiles


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "output"


# Any name that a file may have: control characters, dots, and bytes that are not UTF-8 (as Python names them).
ODD = st.sampled_from("\n\r\t.\udc80\udcff\u2028")
NAMES = st.text(
    ODD | st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=8
).filter(lambda name: name not in (".", "..", STATE))
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)
LISTED = PATHS.filter(lambda path: "\n" not in path)
DIGESTS = st.binary(min_size=16, max_size=16).map(bytes.hex)
FILES = st.dictionaries(LISTED, DIGESTS, max_size=8)


@given(FILES, st.data())
def test_a_manifest_gives_back_what_it_was_made_of_and_no_byte_of_it_can_change(
    files: dict[str, str], data: st.DataObject
) -> None:
    written = manifests.dumps(files)
    assert manifests.loads(written) == files
    assert manifests.dumps(dict(reversed(files.items()))) == written
    at = data.draw(st.integers(0, len(written) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != written[at]))
    assert manifests.loads(written[:at] + bytes([other]) + written[at + 1 :]) is None
    assert manifests.loads(written[:at]) is None


@given(FILES, FILES, st.data())
def test_what_is_known_of_a_manifest_stands_for_its_lines_and_for_no_other_ones(
    files: dict[str, str], others: dict[str, str], data: st.DataObject
) -> None:
    written = manifests.dumps(files)
    told: list[int] = []

    def known() -> dict[str, str]:
        told.append(1)
        return dict(files)

    def read(written: bytes, known: manifests.Known | None = None) -> Mapping[str, str] | None:
        found = manifests.read(written, lambda: None, known)
        return None if found is None else dict(found.files)

    found = manifests.read(written, lambda: None)
    assert found is not None
    at_hand = manifests.Known(mark=found.mark, files=known)
    assert read(written, at_hand) == files
    assert told == [1]
    assert read(manifests.dumps(others), at_hand) == others
    assert len(told) == 1 + (files == others)
    at = data.draw(st.integers(0, len(written) - 1))
    assert read(written[:at], at_hand) is None
    short = manifests.Known(mark=found.mark, files=dict)
    assert read(written, short) == files


def test_a_manifest_of_no_files_is_not_believed_either_once_it_was_cut_off() -> None:
    written = manifests.dumps({})
    assert manifests.loads(written) == {}
    assert [manifests.loads(written[:at]) for at in range(len(written))] == [None] * len(written)


@given(FILES, st.lists(st.tuples(FILES, st.sets(LISTED, max_size=3)), min_size=1, max_size=4), st.data())
def test_what_few_changes_leave_is_read_out_of_them_and_the_manifest_before_them(
    first: dict[str, str], changes: list[tuple[dict[str, str], set[str]]], data: st.DataObject
) -> None:
    """Neither can be lost, changed or replaced unseen."""
    with patch.object(manifests, "_FEW", 0):
        whole = manifests.dumps(first)
        now, wanted, base = manifests.read(whole, lambda: None), dict(first), b""
        written, marks = whole, dict[bytes, dict[str, str]]()
        for put, gone in changes:
            assert now is not None
            was_whole = not now.changes
            now, fresh = manifests.written(now, put, gone, whole=False)
            base, written = (written if was_whole and now.changes else base if now.changes else b""), fresh
            wanted = {path: made for path, made in (wanted | put).items() if path not in gone}
            found = manifests.read(written, lambda: base)  # noqa: B023  # called at once
            assert found is not None
            assert dict(found.files) == dict(now.files) == wanted
            assert (len(found.files), set(found.files)) == (len(wanted), set(wanted))
            assert (found.mark, found.whole, found.changes) == (now.mark, now.whole, now.changes)
            assert marks.setdefault(now.mark, wanted) == wanted
            known = manifests.Known(mark=now.mark, files=lambda: wanted)  # noqa: B023  # called at once
            assert known.manifest(lambda: written) == replace(found, files=wanted)  # noqa: B023  # likewise
            now = found
        event("changes" if now and now.changes else "whole")
    at = data.draw(st.integers(0, len(written) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != written[at]))
    for torn in (written[:at], written[:at] + bytes([other]) + written[at + 1 :]):
        assert manifests.read(torn, lambda: base) is None
    if base:
        assert manifests.read(written, lambda: None) is None
        assert manifests.read(written, lambda: manifests.dumps({**first, "another": "00" * 16})) is None
        at = data.draw(st.integers(0, len(base) - 1))
        assert manifests.read(written, lambda: base[:at]) is None


@given(FILES)
def test_a_manifest_of_the_former_version_is_read(files: dict[str, str]) -> None:
    assert manifests.loads(json.dumps({"version": 1, "files": files}).encode()) == files


@given(FILES, FILES, st.sets(PATHS), st.data())
def test_a_journal_gives_back_what_it_was_made_of_and_leads_to_the_same_manifest_however_often(
    before: dict[str, str], changed: dict[str, str], gone: set[str], data: st.DataObject
) -> None:
    delete = tuple(
        sorted((gone | set(data.draw(st.lists(st.sampled_from(sorted(before)))) if before else gone)) - changed.keys())
    )
    coming = journal.Journal(
        first=delete[:1],
        renames=tuple((path, str(n)) for n, path in enumerate(changed)),
        delete=delete,
        files=FrozenMap(changed),
        whole=data.draw(st.booleans()),
        note=None,
    )
    written = journal.dumps(coming)
    assert journal.loads(written) == coming
    listed = manifests.read(manifests.dumps(before), lambda: None)
    after, data_of = manifests.written(listed, coming.files, coming.delete, whole=coming.whole)
    wanted = changed if coming.whole else {p: d for p, d in (before | changed).items() if p not in delete}
    assert dict(after.files) == wanted
    again, data_again = manifests.written(after, coming.files, coming.delete, whole=coming.whole)
    assert (dict(again.files), data_again, again.mark) == (wanted, data_of, after.mark)
    at = data.draw(st.integers(0, len(written) - 1))
    assert journal.loads(written[:at]) is None
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != written[at]))
    assert journal.loads(written[:at] + bytes([other]) + written[at + 1 :]) in (None, coming)


def interrupted(folder: Path, files: Mapping[str, bytes], done: int = 0, **options: Any) -> None:
    """A publication whose process dies so many steps after its journal was written."""
    kept = folder.parent / "kept"
    if folder.exists():
        shutil.copytree(folder, kept, dirs_exist_ok=True)
    after = 0
    for n in range(1, 100):
        shutil.rmtree(folder, ignore_errors=True)
        if kept.exists():
            shutil.copytree(kept, folder)
        with pytest.raises(Crash):
            publish(folder, files, Faulty(str(folder.parent), n, Crash, lasting=True), **options)
        after += (folder / STATE / "journal.json").exists()
        if after > done:
            break
    shutil.rmtree(kept, ignore_errors=True)


def test_a_journal_holds_what_changes_and_nothing_else(folder: Path) -> None:
    files = {f"archive/{n}.html": b"%d" % n for n in range(100)}
    publish(folder, {**files, "gone.html": b"gone"})
    interrupted(folder, {**files, "archive/7.html": b"new", "added.html": b"added"})
    found = journal.loads((folder / STATE / "journal.json").read_bytes())
    assert found is not None
    assert not found.whole
    assert set(found.files) == {path for path, _ in found.renames} == {"archive/7.html", "added.html"}
    assert found.delete == ("gone.html",)


def test_a_journal_of_a_first_publication_holds_the_whole_manifest(folder: Path) -> None:
    """There is nothing that it could be a change of; and nothing is ours that was there and is not in it."""
    folder.mkdir()
    (folder / "theirs.html").write_bytes(b"theirs")
    (folder / "old.html").write_bytes(MARKED)
    interrupted(folder, {"a.html": b"a"}, adopt=True)
    found = journal.loads((folder / STATE / "journal.json").read_bytes())
    assert found is not None
    assert found.whole
    with output.open_output(NoWait("."), str(folder)) as target:
        assert set(target.old) == {"a.html"}
    assert tree(folder) == {"a.html": b"a", "theirs.html": b"theirs"}


@pytest.mark.parametrize("done", range(10))
def test_a_journal_that_was_carried_out_already_is_carried_out_again_to_the_same_end(folder: Path, done: int) -> None:
    publish(folder, OLD)
    clean = folder.parent / "clean"
    publish(clean, NEW)
    interrupted(folder, NEW, done)
    written = (folder / STATE / "journal.json").read_bytes()
    for _ in range(3):
        with output.open_output(NoWait("."), str(folder)) as target:
            assert set(target.old) == set(NEW)
        assert tree(folder) == NEW
        assert (folder / STATE / "manifest").read_bytes() == (clean / STATE / "manifest").read_bytes()
        (folder / STATE / "journal.json").write_bytes(written)


@pytest.mark.parametrize("lost", [True, False])
def test_a_journal_beside_a_manifest_that_is_lost_or_torn_leaves_no_manifest_that_is_wrong(
    folder: Path, lost: bool
) -> None:
    new = {**NEW, "old.html": MARKED}
    publish(folder, OLD)
    interrupted(folder, new)
    manifest = folder / STATE / "manifest"
    manifest.unlink() if lost else manifest.write_bytes(manifest.read_bytes()[:-1])
    with pytest.raises(OutputError, match="--adopt"):
        publish(folder, new)
    assert tree(folder) == new
    assert not output.listed(NoWait("."), str(folder))
    publish(folder, {"a/index.html": b"other"}, adopt=True)
    assert tree(folder) == {**NEW, "a/index.html": b"other"}


@pytest.mark.parametrize("kind", FAULTS)
def test_a_manifest_of_changes_is_never_left_that_is_wrong(
    folder: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From whole to changes, from those to others, and to whole again: interrupted at each step in turn."""
    monkeypatch.setattr(manifests, "_FEW", 3)
    state, others = folder / STATE, {f"other-{n}.html": b"other" for n in range(3)}
    for before, after, parts in (
        ({**OLD, **others}, {**NEW, **others}, ["lock", "manifest", "manifest.base", "stage"]),
        ({**NEW, **others}, {**OLD, **others}, ["lock", "manifest", "manifest.base", "stage"]),
        ({**OLD, **others}, {"a.html": b"a"}, ["lock", "manifest", "stage"]),
    ):
        publish(folder, before)
        for _ in attempts(folder, kind, partial(publish, folder, after)):
            publish(folder, after)
            assert tree(folder) == after
            assert set(output.listed(NoWait("."), str(folder))) == set(after)
            assert sorted(os.listdir(state)) == parts
            publish(folder, before)
        assert tree(folder) == after
        assert counts(publish(folder, after)) == (0, len(after), 0)


@pytest.mark.parametrize("lost", ["manifest", "manifest.base"])
def test_half_a_manifest_is_none(folder: Path, lost: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifests, "_FEW", 0)
    publish(folder, OLD)
    publish(folder, NEW)
    (folder / STATE / lost).unlink()
    with pytest.raises(OutputError, match="--adopt"):
        publish(folder, OLD)
    assert tree(folder) == NEW
    assert not output.listed(NoWait("."), str(folder))


def as_before(folder: Path) -> None:
    """Give an output folder the manifest, and a journal where it has one, that the former version wrote."""
    state = folder / STATE
    files = manifests.loads((state / "manifest").read_bytes())
    (state / "manifest").unlink()
    (state / "manifest.json").write_text(json.dumps({"version": 1, "files": files}))
    data = (state / "journal.json").read_bytes() if (state / "journal.json").exists() else b""
    if found := journal.loads(data):
        listed = manifests.read(manifests.dumps(files or {}), lambda: None)
        after = dict(manifests.written(listed, found.files, found.delete, whole=found.whole)[0].files)
        plain = {"first": list(found.first), "renames": list(found.renames), "delete": list(found.delete)}
        (state / "journal.json").write_text(json.dumps({"version": 1, **plain, "files": after, "note": None}))


@pytest.mark.parametrize("kind", FAULTS)
def test_an_output_folder_of_the_former_version_strands_nothing(folder: Path, kind: str) -> None:
    publish(folder, OLD)
    as_before(folder)
    assert set(output.listed(NoWait("."), str(folder))) == set(OLD)
    for _ in attempts(folder, kind, lambda door: publish(folder, NEW, door)):
        publish(folder, NEW)
        assert tree(folder) == NEW
        assert sorted(os.listdir(folder / STATE)) == ["lock", "manifest", "stage"]
        publish(folder, OLD)
        as_before(folder)
    assert tree(folder) == NEW
    assert sorted(os.listdir(folder / STATE)) == ["lock", "manifest", "stage"]


def test_a_manifest_of_the_former_version_is_replaced_even_where_no_file_changes(folder: Path) -> None:
    publish(folder, OLD)
    written = (folder / STATE / "manifest").read_bytes()
    as_before(folder)
    files = ManifestFiles(NoWait("."), str(folder))
    assert files.place == str(folder / STATE / "manifest.json")
    assert counts(publish(folder, OLD)) == (0, len(OLD), 0)
    assert sorted(os.listdir(folder / STATE)) == ["lock", "manifest", "stage"]
    assert (folder / STATE / "manifest").read_bytes() == written
    assert files.place == str(folder / STATE / "manifest")


def test_a_publication_that_the_former_version_began_is_completed(folder: Path) -> None:
    publish(folder, OLD)
    interrupted(folder, NEW)
    as_before(folder)
    with output.open_output(NoWait("."), str(folder)) as target:
        assert set(target.old) == set(NEW)
    assert tree(folder) == NEW
    assert sorted(os.listdir(folder / STATE)) == ["lock", "manifest", "stage"]


def test_pages_of_others_may_have_any_name(folder: Path) -> None:
    folder.mkdir()
    for name in (b"two\nlines.html", b"not utf-8 \xff.html", "\u2028.html".encode()):
        (Path(os.fsdecode(os.fsencode(folder) + b"/" + name))).write_bytes(b"theirs")
        (Path(os.fsdecode(os.fsencode(folder) + b"/ours " + name))).write_bytes(MARKED)
    interrupted(folder, {"index.html": b"home"}, adopt=True)
    publish(folder, {"index.html": b"home"})
    assert sorted(tree(folder).values()) == [b"home", b"theirs", b"theirs", b"theirs"]


def test_a_file_that_no_manifest_could_list_is_refused(folder: Path) -> None:
    publish(folder, OLD)
    with pytest.raises(OutputError, match="no manifest can list"):
        publish(folder, {"two\nlines.html": b"x"})
    assert tree(folder) == OLD


def test_the_manifest_before_changes_is_on_the_disk_before_they_name_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a file system has no hard links it is copied."""
    monkeypatch.setattr(manifests, "_FEW", 0)
    monkeypatch.setattr(os, "link", no_links)
    publish(folder, OLD)
    done: list[str] = []

    class Noted(NoWait):
        def sync(self, path: str) -> None:
            done.append(f"sync {os.path.basename(path)}")

        def rename(self, source: str, target: str) -> None:
            done.append(f"rename {os.path.basename(target)}")
            super().rename(source, target)

    publish(folder, NEW, Noted(str(folder.parent)))
    assert done.index("sync manifest.base") < done.index("rename manifest")
    assert set(output.listed(NoWait("."), str(folder))) == set(NEW)


def no_links(_source: str, target: str) -> None:
    raise OSError(1, "no links here", target)
