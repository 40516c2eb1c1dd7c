"""Pictures that are as they were are not looked for, and whatever changes of one is seen."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeAlias
from unittest.mock import patch

import pytest
from examples import examples, some
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from newsroom import NOW, Site, png
from twins import CONFIG, Asking, Later, Twins

from broadsheet import plan, survey
from broadsheet.model import Planned
from broadsheet.pictured import Pictured

Change: TypeAlias = Callable[[Site], object]

STORIES = {
    "europe/beside.md": "photo.png",
    "europe/again.md": "photo.png",
    "europe/rooted.md": "/media/rooted.png",
    "europe/relative.md": "media/relative.png",
    "europe/elsewhere.md": "/photos/elsewhere.png",
    "europe/linked.md": "linked.png",
    "europe/missing.md": "missing.png",
    "europe/remote.md": "https://example.org/far.png",
    "europe/drawn.md": "drawn.svg",
    "asia/bundle/index.md": "own.png",
    "europe/borrowing.md": "../asia/bundle/own.png",
}
PICTURES = {
    "content/europe/photo.png": "teal",
    "static/media/rooted.png": "gold",
    "static/media/relative.png": "navy",
    "photos/elsewhere.png": "plum",
    "photos/linked.png": "pink",
    "content/asia/bundle/own.png": "gray",
}
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="30"><path d="M0 0h9v9z"/></svg>'
WARN = {"checks": {"missing-picture": "warn", "remote-picture": "warn", "broken-picture": "warn"}}


def section(twins: Twins) -> Site:
    site = twins.site
    twins.configure({**CONFIG, **WARN})
    for path, src in STORIES.items():
        site.story(path, f"Words.\n\n![A dam]({src})", date="2025-11-02")
    for path, colour in PICTURES.items():
        site.write(path, png(40, 30, colour))
    site.write("content/europe/drawn.svg", DRAWING.format(40))
    (site.folder / "content/europe/linked.png").symlink_to("../../photos/linked.png")
    return site


@pytest.fixture
def twins(tmp_path: Path) -> Twins:
    return Twins(tmp_path)


def test_pictures_that_a_walk_tells_of_are_not_asked_for(twins: Twins) -> None:
    site = section(twins)
    twins.check()
    Asking.asked = []
    site.story("europe/new.md", "A bridge.", date="2025-12-20").write("content/europe/photo.png", png(40, 30, "red"))
    site.build(NOW, door=Asking)
    sources = ("content/", "static/", "photos/", "missing")
    copied = {"static/media/rooted.png", "static/media/relative.png"}  # as they are, besides
    assert {path for path in Asking.asked if path.startswith(sources) and path.endswith((".png", ".svg"))} - copied == {
        "content/europe/photo.png",  # it is another one
        "content/europe/linked.png",  # what it leads to lies elsewhere
        "content/europe/missing.png",  # it isn't there, and nobody says that it won't be
        "static/missing.png",
        "missing.png",
        "content/europe/media/relative.png",  # one there would come first
        "static/photos/elsewhere.png",
        "photos/elsewhere.png",
    }
    assert Asking.asked.count("content/europe/photo.png") == 2, "looked into for two stories at once, then encoded"
    twins.check()


def test_of_all_pictures_those_are_planned_that_are_new(twins: Twins) -> None:
    site = section(twins)
    twins.check()
    planned: list[str] = []
    real = plan._variants

    def noted(pictures: Pictured, paths: Iterable[str]) -> Iterator[Planned]:
        planned.extend(paths)
        return real(pictures, paths)

    site.write("content/asia/two.png", png(40, 30, "red"))
    site.story("asia/two.md", "![A dam](two.png)", date="2025-11-02")
    with patch.object(plan, "_variants", noted):
        site.build(NOW, door=Later)
    twins.check()
    assert planned == ["content/asia/two.png"]


def test_of_a_folder_in_which_a_file_came_no_picture_is_looked_at_that_is_as_it_was(twins: Twins) -> None:
    site = section(twins)
    for n in range(4):
        site.write(f"content/europe/flat/{n}.png", png(40, 30, "lime"))
        site.story(f"europe/flat/{n}.md", f"![A dam]({n}.png)", date="2025-11-02")
    twins.check()
    looked: list[str] = []
    real = survey._Look.at

    def noted(look: survey._Look, place: str, was: tuple[Any, ...] | None) -> tuple[Any, ...]:
        looked.append(place)
        return real(look, place, was)

    site.write("content/europe/flat/2.png", png(40, 30, "red")).write("content/europe/flat/more.txt", "more")
    with patch.object(survey._Look, "at", noted):
        site.build(NOW, door=Later)
    assert [place for place in looked if "flat" in place] == ["content/europe/flat\x002.png"]
    twins.check()


@pytest.mark.parametrize("folder", ["static", "content"])
def test_pictures_are_gone_when_their_folder_is_a_link_out_of_the_site(twins: Twins, folder: str) -> None:
    site = section(twins)
    twins.check()
    outside = site.folder.parent / "outside"
    os.rename(site.folder / folder, outside)
    (site.folder / folder).symlink_to(outside)
    twins.check()
    site.story("asia/next.md", "A bridge.", date="2025-12-20")
    twins.check()


def replaced(path: str) -> Change:
    """Other pixels in as many bytes, and the times that the file had."""

    def change(site: Site) -> None:
        place = site.folder / path
        was = place.stat()
        place.write_bytes(png(40, 30, "red") if place.read_bytes() != png(40, 30, "red") else png(40, 30, "blue"))
        os.utime(place, ns=(was.st_atime_ns, was.st_mtime_ns))

    return change


def taken_away(path: str) -> Change:
    return lambda site: (site.folder / path).unlink(missing_ok=True)


def put(path: str, colour: str = "red") -> Change:
    def change(site: Site) -> None:
        taken_away(path)(site)
        site.write(path, png(50, 30, colour))

    return change


def folder_in_its_place(site: Site) -> None:
    shutil.rmtree(site.folder / "content/europe/photo.png", ignore_errors=True)
    taken_away("content/europe/photo.png")(site)
    (site.folder / "content/europe/photo.png").mkdir()


def link_in_its_place(site: Site) -> None:
    taken_away("content/europe/photo.png")(site)
    (site.folder / "content/europe/photo.png").symlink_to("../../photos/elsewhere.png")


def bundle(**matter: object) -> Change:
    return lambda site: site.story(
        "asia/bundle/index.md", "Words.\n\n![A dam](own.png)", **{"date": "2025-11-02", **matter}
    )


def below_the_bundle(site: Site) -> None:
    """A bundle in the other one, which lends the picture, too."""
    site.story("asia/bundle/inner/index.md", "![A dam](in.png)", date="2025-11-02", slug="inner")
    site.write("content/asia/bundle/inner/in.png", png(40, 30, "lime"))
    site.story("europe/inner.md", "![A dam](../asia/bundle/inner/in.png)", date="2025-11-02")


def configured(twins_of: Callable[[dict[str, object]], dict[str, object]]) -> Change:
    def change(site: Site) -> None:
        import json

        values = twins_of({**CONFIG, **WARN})
        site.configure("".join(f"{key}: {json.dumps(value)}\n" for key, value in values.items()))

    return change


def as_a_folder_of_links(site: Site) -> None:
    """The folder of a picture is a link to another one."""
    media = site.folder / "static/media"
    if not media.is_symlink():
        shutil.move(media, site.folder / "photos/media")
        media.symlink_to("../photos/media")


CHANGES: dict[str, Change] = {
    "other pixels beside the story": replaced("content/europe/photo.png"),
    "other pixels in static": replaced("static/media/rooted.png"),
    "other pixels elsewhere": replaced("photos/elsewhere.png"),
    "other pixels behind a link": replaced("photos/linked.png"),
    "a larger picture": put("content/europe/photo.png"),
    "one comes before that in static": put("content/europe/media/relative.png"),
    "one comes before that elsewhere": put("static/photos/elsewhere.png"),
    "it goes": taken_away("content/europe/photo.png"),
    "it goes from static": taken_away("static/media/rooted.png"),
    "it goes from elsewhere": taken_away("photos/elsewhere.png"),
    "what a link leads to goes": taken_away("photos/linked.png"),
    "the missing one comes": put("content/europe/missing.png"),
    "the missing one comes elsewhere": put("missing.png"),
    "a folder in its place": folder_in_its_place,
    "a link in its place": link_in_its_place,
    "a folder behind a link": as_a_folder_of_links,
    "no picture any more": lambda site: site.write("content/europe/photo.png", b"no picture at all"),
    "a larger drawing": lambda site: site.write("content/europe/drawn.svg", DRAWING.format(50)),
    "the bundle is hidden": bundle(draft=True),
    "the bundle is to come": bundle(date="2026-03-01"),
    "the bundle is shown": bundle(),
    "a bundle in the bundle": below_the_bundle,
    "other widths": configured(lambda told: {**told, "images": {"widths": [20]}}),
    "another static folder": configured(lambda told: {**told, "static_dir": "photos"}),
    "the first settings": configured(lambda told: told),
    "another story shows it": lambda site: site.story("asia/more.md", "![A dam](../europe/photo.png)"),
    "stories show it no more": lambda site: site.story("europe/beside.md", "Words.").story("europe/again.md", "Words."),
}


@pytest.mark.parametrize("change", some(CHANGES, 10))
def test_what_changes_of_a_picture_is_seen(twins: Twins, change: str) -> None:
    site = section(twins)
    twins.check()
    CHANGES[change](site)
    twins.check()
    site.story("asia/next.md", "A bridge.", date="2025-12-20")
    twins.check()


@settings(
    max_examples=examples(80, least=3, share=30),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.sampled_from(sorted(CHANGES)), min_size=2, max_size=6))
def test_whatever_happens_to_pictures_is_seen(tmp_path_factory: pytest.TempPathFactory, changes: list[str]) -> None:
    twins = Twins(tmp_path_factory.mktemp("twins"))
    site = section(twins)
    twins.check()
    for change in changes:
        try:
            CHANGES[change](site)
        except OSError:  # it is no file any more, or none is there
            continue
        twins.check()
