"""Files of static/ that are as they were are not looked at, and whatever changes of one is seen."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias
from unittest.mock import patch

import pytest
from examples import examples, some
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import NOW, Site
from twins import Asking, Twins

from broadsheet import plan
from broadsheet.model import Planned
from broadsheet.statics import Statics

Change: TypeAlias = Callable[[Site], object]


@pytest.fixture
def twins(tmp_path: Path) -> Twins:
    return Twins(tmp_path)


def section(twins: Twins) -> Site:
    site = twins.site
    site.story("europe/a.md", date="2025-11-02")
    for path in ("report.pdf", "media/one.txt", "media/two.txt", "media/deep/three.txt", ".well-known/security.txt"):
        site.write(f"static/{path}", path)
    site.write("elsewhere.txt", "elsewhere")
    (site.folder / "static/linked.txt").symlink_to("../elsewhere.txt")
    return site


def test_of_folders_in_which_nothing_changed_no_file_is_asked_for_or_planned(twins: Twins) -> None:
    site = section(twins)
    twins.check()
    Asking.asked = []
    planned: list[str] = []
    real = plan._right_in

    def noted(static: Statics, folder: str) -> Iterator[Planned]:
        planned.append(folder)
        return real(static, folder)

    site.write("static/media/two.txt", "another").story("europe/new.md", "A bridge.", date="2025-12-20")
    with patch.object(plan, "_right_in", noted):
        site.build(NOW, door=Asking)
    assert planned == ["static/media"]
    assert {path for path in Asking.asked if path.startswith("static/")} == {"static/media/two.txt"}
    twins.check()


def test_a_name_that_is_not_utf_8_is_told_of_in_every_build(twins: Twins) -> None:
    site = section(twins)
    place = os.fsencode(site.folder / "static/media") + b"/\xff.txt"
    with open(place, "wb") as file:
        file.write(b"x")
    for _ in range(3):
        assert [finding.code for finding in twins.check().findings] == ["unsafe-path"]


def replaced(path: str) -> Change:
    """Other words in as many bytes, and the times that the file had."""

    def change(site: Site) -> None:
        place = site.folder / path
        was = place.stat()
        place.write_bytes(place.read_bytes()[::-1])
        os.utime(place, ns=(was.st_atime_ns, was.st_mtime_ns))

    return change


def moved(path: str, to: str) -> Change:
    def change(site: Site) -> None:
        place = site.folder / to
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(site.folder / path, place)

    return change


def link_in_its_place(site: Site) -> None:
    place = site.folder / "static/report.pdf"
    place.unlink()
    place.symlink_to("../elsewhere.txt")


CHANGES: dict[str, Change] = {
    "other words": replaced("static/report.pdf"),
    "other words in a folder": replaced("static/media/two.txt"),
    "other words in a hidden folder": replaced("static/.well-known/security.txt"),
    "other words behind a link": replaced("elsewhere.txt"),
    "it goes": lambda site: site.remove("static/media/one.txt"),
    "the last of a folder goes": lambda site: site.remove("static/media/deep/three.txt"),
    "another one comes": lambda site: site.write("static/media/new.txt", "new"),
    "another folder comes": lambda site: site.write("static/more/new.txt", "new"),
    "a hidden one comes": lambda site: site.write("static/media/.hidden.txt", "new"),
    "a hidden folder comes": lambda site: site.write("static/media/.more/new.txt", "new"),
    "it has another name": moved("static/media/one.txt", "static/media/first.txt"),
    "its folder has another name": moved("static/media", "static/files"),
    "a link in its place": link_in_its_place,
    "what a link leads to goes": lambda site: site.remove("elsewhere.txt"),
    "it stands in for a document": lambda site: site.write("static/robots.txt", "User-agent: *\n"),
    "it stands in for one of many": lambda site: site.write("static/sitemaps/2025-11.xml", "<urlset/>"),
    "it stands in for one of the theme": lambda site: site.write("static/favicon.svg", "<svg/>"),
    "it stands where a page does": lambda site: site.write("static/europe/2025/11/a/index.html", "mine"),
    "a page needs a folder there": lambda site: site.write("static/europe", "mine"),
    "all go": lambda site: shutil.rmtree(site.folder / "static"),
}


@pytest.mark.parametrize("change", some(CHANGES, 6))
def test_what_changes_in_static_is_seen(twins: Twins, change: str) -> None:
    site = section(twins)
    twins.check()
    CHANGES[change](site)
    twins.check()
    site.story("asia/next.md", "A bridge.", date="2025-12-20")
    twins.check()


@settings(max_examples=examples(60, least=4, share=20), deadline=None)
@given(st.lists(st.sampled_from(sorted(CHANGES)), min_size=2, max_size=6))
def test_whatever_happens_in_static_is_seen(tmp_path_factory: pytest.TempPathFactory, changes: list[str]) -> None:
    twins = Twins(tmp_path_factory.mktemp("twins"))
    site = section(twins)
    twins.check()
    for change in changes:
        try:
            CHANGES[change](site)
        except OSError:  # there is none any more, or it is a folder
            continue
        twins.check()
