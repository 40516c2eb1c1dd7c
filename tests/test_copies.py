"""Which files that are published as they are have to be read again."""

from __future__ import annotations

import os
from pathlib import Path

from twins import Later

from broadsheet.copies import Copies
from broadsheet.digest import digest
from broadsheet.files import Files


def test_a_file_that_is_as_fresh_as_the_build_is_read_again_in_the_next_one(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"one")
    fresh = Copies(Files(str(tmp_path)), {})
    assert fresh.digest("a.txt") == digest(b"one")
    assert fresh.known == {}
    later = Copies(Later(str(tmp_path)), {})
    assert later.digest("a.txt") == digest(b"one")
    assert [value for _, value in later.known.values()] == [digest(b"one")]


def test_a_file_with_the_stamp_that_it_had_is_not_read(tmp_path: Path) -> None:
    place = tmp_path / "a.txt"
    place.write_bytes(b"one")
    files = Later(str(tmp_path))
    stamp = files.stamp("a.txt")
    assert Copies(files, {"a.txt": (stamp, b"as it was")}).digest("a.txt") == b"as it was"
    os.utime(place, ns=(1, 1))
    assert Copies(files, {"a.txt": (stamp, b"as it was")}).digest("a.txt") == digest(b"one")
