"""Files of the output that were meddled with, and files that are published as they are: which are made again."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable

import pytest
from examples import some
from newsroom import Site
from twins import CONFIG, Later, Twins
from two_regions import story, twins

__all__ = ["twins"]


@pytest.mark.parametrize("how", ["longer", "same size", "same size and time", "lost"])
def test_a_file_of_the_output_that_was_meddled_with_is_made_again_alone(twins: Twins, how: str) -> None:
    place = twins.site.output / story("europe", "s3")
    before, data = place.stat(), place.read_bytes()
    if how == "lost":
        place.unlink()
    else:
        place.write_bytes(data + b"!" if how == "longer" else data[:-1] + b"!")
    if how == "same size and time":
        os.utime(place, ns=(before.st_atime_ns, before.st_mtime_ns))
    done = twins.changes()
    assert (done.rendered, done.written, done.touched) == (1, 1, {story("europe", "s3")})


def test_files_of_the_output_that_were_only_touched_are_looked_at_once_and_left_alone(twins: Twins) -> None:
    os.utime(twins.site.output / "index.html", ns=(0, 0))
    done = twins.changes()
    assert (done.rendered, done.written) == (1, 0)
    assert twins.changes().rendered == 0


def test_without_its_state_a_build_makes_all_and_writes_nothing(twins: Twins) -> None:
    pages = len(twins.site.tree())
    shutil.rmtree(twins.site.folder / ".broadsheet")
    done = twins.changes()
    assert done.rendered == pages
    assert (done.written, done.touched) == (0, set())
    assert twins.changes().rendered == 0


def test_files_that_are_published_as_they_are_are_read_again_only_where_they_were_changed(twins: Twins) -> None:
    twins.site.write("static/report.pdf", b"%PDF one").write("content/europe/data.csv", "a,b")
    twins.site.story("europe/linked.md", "See [data](data.csv).", date="2025-12-01")
    twins.check()
    read: list[str] = []

    class Noted(Later):
        def read(self, path: str) -> bytes:
            read.append(path)
            return super().read(path)

    twins.site.story("europe/new.md", "A bridge.", date="2025-12-20")
    twins.check(door=Noted)
    assert {"static/report.pdf", "content/europe/data.csv"}.isdisjoint(read)
    assert "content/europe/new.md" in read
    place = twins.site.folder / "static/report.pdf"
    before = place.stat()
    place.write_bytes(b"%PDF two")
    os.utime(place, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert twins.changes().touched == {"report.pdf"}


FILES: dict[str, Callable[[Site], object]] = {
    "it is another one": lambda site: site.write("content/asia/report.pdf", "%PDF two"),
    "it goes": lambda site: site.remove("content/asia/report.pdf"),
    "another one comes": lambda site: site.write("content/asia/coming.pdf", "%PDF"),
    "the first story that links to it goes": lambda site: site.remove("content/asia/first.md"),
    "an older story links to it": lambda site: site.story("asia/old.md", "[It](report.pdf)", date="2025-10-01"),
    "the first story that links to it has another address": lambda site: site.story(
        "asia/first.md", "[It](report.pdf)", date="2025-11-02", slug="another"
    ),
    "the first story that links to it is unlisted": lambda site: site.story(
        "asia/first.md", "[It](report.pdf)", date="2025-11-02", unlisted=True
    ),
    "a hidden one goes": lambda site: site.remove("content/asia/secret/in.pdf"),
    "it is in a bundle that is hidden": lambda site: site.story("asia/bundle/index.md", date="2025-11-02", draft=True),
}


@pytest.mark.parametrize("what", some(FILES, 4))
def test_what_changes_of_a_linked_file_is_seen(twins: Twins, what: str) -> None:
    site = twins.site
    twins.configure({**CONFIG, "checks": {"unknown-page": "warn"}})
    site.write("content/asia/report.pdf", "%PDF one").write("content/asia/bundle/in.pdf", "%PDF in")
    site.story("asia/bundle/index.md", date="2025-11-02").story("asia/secret/index.md", draft=True)
    site.write("content/asia/secret/in.pdf", "%PDF").story("asia/fourth.md", "[It](secret/in.pdf)", date="2025-11-05")
    site.story("asia/first.md", "[It](report.pdf)", date="2025-11-02")
    site.story("asia/second.md", "[It](report.pdf), [one](coming.pdf)", date="2025-11-03")
    site.story("europe/third.md", "[It](../asia/report.pdf), [other](../asia/bundle/in.pdf)", date="2025-11-04")
    twins.check()
    FILES[what](site)
    twins.check()
    site.story("europe/new.md", "A bridge.", date="2025-12-20")
    twins.check()
