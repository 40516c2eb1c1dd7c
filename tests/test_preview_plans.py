"""Plans of the preview: what is shown before one is made, and that nothing is kept of those that are over."""

from __future__ import annotations

import gc
import re
import weakref
from functools import partial
from unittest.mock import patch

import pytest
from newsroom import NOW, NoWait, Site, png
from previewed_paper import CONFIG, heard, paper
from previewing import previewed
from twins import Later

from broadsheet import ranking, work
from broadsheet.preview.desk import Desk
from broadsheet.preview.shelf import Made
from broadsheet.ranking import RankBatch, Ranked
from broadsheet.request import Request

__all__ = ["paper"]


RANK = ranking.rank_batch


@pytest.mark.parametrize("mode", ["inline", "shared"])
def test_a_story_can_be_shown_before_the_rest_is_planned_and_is_what_a_build_makes(paper: Site, mode: str) -> None:
    paper.configure(CONFIG.replace("shared", mode))
    paper.story(
        "europe/secret.md", title="Not yet", draft=True, series="Nights", related=["story-2.md"], date="2026-01-09"
    )
    paper.story("europe/aside.md", title="For some", unlisted=True, series="Nights", date="2026-01-02")
    paper.story("europe/gone.md", title="Gone", status="withdrawn", date="2026-01-02")
    request = Request(site=str(paper.folder), now=NOW, base_url="http://localhost/", drafts=True, future=True)
    desk = Desk(NoWait(str(paper.folder)), lambda: request, work.Crew(1, work.Inline))
    early: dict[str, Made | None] = {}
    places = [f"europe/2026/01/{name}/index.html" for name in ("story-0", "story-3", "secret", "aside", "gone")]

    def begun() -> None:
        assert desk.generation is None
        early.update(
            {path: desk.first(path) for path in [*places, "asia/2025/04/tea/index.html", "index.html", "../x"]}
        )

    desk.refresh(begun)
    for path, made in early.items():
        if path in ("index.html", "../x", "europe/2026/01/gone/index.html"):
            assert made is None
        else:
            assert made, path
            assert made == desk.file(path)
    assert desk.first("europe/2026/01/story-0/index.html") is None, "the plan is there"
    desk.close()


def test_stories_are_shown_as_the_next_plan_has_them_before_it_is_made(paper: Site) -> None:
    request = Request(site=str(paper.folder), now=NOW, base_url="http://localhost/", drafts=True)
    desk = Desk(Later(str(paper.folder)), lambda: request, work.Crew(1, work.Inline))
    desk.refresh()
    old, new = "europe/2026/01/story-3/index.html", "europe/2026/01/new/index.html"
    paper.story("europe/new.md", title="A new one", date="2026-01-06")
    early: dict[str, Made | None] = {}

    def begun() -> None:
        assert desk.generation
        assert desk.generation.number == 1
        early.update({old: desk.file(old), new: desk.first(new)})
        paper.edit("content/europe/story-3.md", "Body 3", "Body three")
        assert desk.amend("content/europe/story-3.md")
        amended = desk.file(old)
        assert amended
        assert b"Body three" in amended.data, "what was saved since comes first"

    desk.refresh(begun)
    desk.refresh()
    assert (early[old], early[new]) != (None, None)
    for path, made in early.items():
        assert made
        assert b"A new one" in made.data, path
    assert desk.file(new) == early[new]
    desk.close()


def test_a_story_that_links_to_files_waits_for_the_plan_that_places_them(paper: Site) -> None:
    """A file lies beside the first page of the plan that links to it, whichever page is asked for first."""
    paper.write("content/europe/report.pdf", "%PDF-1.4")
    for name, day in (("older", "05"), ("newer", "06")):
        paper.story(f"europe/{name}.md", "See [the report](report.pdf).", date=f"2026-01-{day}")
    request = Request(site=str(paper.folder), now=NOW, base_url="http://localhost/", drafts=True)
    desk = Desk(Later(str(paper.folder)), lambda: request, work.Crew(1, work.Inline))
    desk.refresh()
    place = "europe/2026/01/older/report.pdf"
    assert desk.file(place)
    early: list[Made | None] = []
    paper.edit("content/europe/story-0.md", "Body 0", "Body zero")
    desk.refresh(lambda: early.append(desk.first("europe/2026/01/newer/index.html")))
    assert early == [None]
    assert not desk.errors()
    assert desk.file(place)
    desk.close()


def test_nothing_is_shown_before_its_plan_where_a_picture_has_no_place_or_the_last_plan_failed(paper: Site) -> None:
    request = Request(site=str(paper.folder), now=NOW, base_url="http://localhost/", drafts=True)
    desk = Desk(Later(str(paper.folder)), lambda: request, work.Crew(1, work.Inline))
    desk.refresh()
    begun: list[int] = []
    paper.write("content/europe/new.png", png(colour="red"))
    paper.edit("content/europe/story-0.md", "Body 0", "![x](new.png)")
    desk.refresh(lambda: begun.append(1))
    paper.story("europe/twin.md", slug="story-1", date="2026-01-02")
    desk.refresh(lambda: begun.append(2))
    assert desk.errors()
    desk.refresh(lambda: begun.append(3))
    assert begun == [2], "what a plan is refused for is only known at its end, and then of the next one"
    desk.close()


def test_a_mistake_while_open_pages_are_told_early_leaves_the_plan_alone(paper: Site) -> None:
    request = Request(site=str(paper.folder), now=NOW, base_url="http://localhost/", drafts=True)
    desk = Desk(Later(str(paper.folder)), lambda: request, work.Crew(1, work.Inline))

    def fails() -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        desk.refresh(fails)
    assert desk.first("europe/2026/01/story-0/index.html") is None, "of a plan that is no more"
    desk.refresh()
    assert desk.file("europe/2026/01/story-0/index.html")
    desk.close()


def test_a_plan_that_will_fail_shows_nothing_before_that_is_known(paper: Site) -> None:
    request = Request(site=str(paper.folder), now=NOW, base_url="http://localhost/", drafts=True)
    desk = Desk(Later(str(paper.folder)), lambda: request, work.Crew(1, work.Inline))
    desk.refresh()
    path = "europe/2026/01/story-3/index.html"
    good = desk.file(path)
    early: list[Made | None] = []
    for broken in ("[x](nope.md)", "{% if %}"):
        if "%" in broken:
            paper.write("templates/partials/after_article.html", broken)
        else:
            paper.edit("content/europe/story-3.md", "Body 3", broken)
        desk.refresh(lambda: early.append(desk.file(path)))
        assert desk.errors()
        assert desk.file(path) == good
        paper.edit("content/europe/story-3.md", broken, "Body 3") if "%" not in broken else None
    assert all(made == good for made in early)
    assert early
    desk.close()


def test_a_preview_on_another_port_goes_on_from_the_last_one_and_has_its_own_addresses(paper: Site) -> None:
    asked: list[int] = []

    def counted(batch: RankBatch) -> tuple[Ranked, ...]:
        asked.append(len(batch.positions))
        return RANK(batch)

    for port in (8000, 8001):
        request = Request(site=str(paper.folder), now=NOW, base_url=f"http://localhost:{port}/", drafts=True)
        desk = Desk(Later(str(paper.folder)), partial(lambda found: found, request), work.Crew(1, work.Inline))
        asked.clear()
        with patch.object(ranking, "rank_batch", counted):
            desk.refresh()
        desk.settle()
        made = desk.file("index.html")
        assert made
        assert f"http://localhost:{port}/".encode() in made.data
        assert (sum(asked) > 0) == (port == 8000), "what stories recommend doesn't depend on the address"
        desk.close()


def test_who_asks_for_a_story_at_once_is_told_nothing_when_the_plan_is_there(paper: Site) -> None:
    paper.write("static/own.css", "p { color: teal }")
    with previewed(paper, first="/europe/2026/01/story-1/") as preview:
        page = preview.get("/europe/2026/01/story-1/").text
        at, seen = (re.search(rf'data-{name}="(\w+)"', page) for name in ("at", "seen"))
        assert at
        assert seen
        query = f"page=europe/2026/01/story-1/index.html&seen={seen[1]}&part={at[1]}:/own.css"
        assert heard(preview, query) == b""
        assert not preview.stale()


def test_what_an_old_plan_knew_of_the_site_is_let_go_of_at_once(paper: Site) -> None:
    """A plan of a large archive takes hundreds of megabytes: two may be held for a moment, and no third one until
    somebody looks for garbage."""
    request = Request(site=str(paper.folder), now=NOW, drafts=True, future=True)
    desk = Desk(Later(str(paper.folder)), lambda: request, work.Crew(1, work.Inline))
    gone: list[weakref.ref[object]] = []
    gc.collect()  # of other tests
    gc.disable()
    try:
        for n in range(3):
            paper.story("asia/new.md", f"Words of {n}.")
            desk.refresh()
            desk.settle()
            assert desk.generation is not None
            gone.append(weakref.ref(desk.generation.job))
        assert [held() is None for held in gone] == [True, True, False]
        gc.set_debug(gc.DEBUG_SAVEALL)
        gc.collect()
        ours = {type(found).__qualname__ for found in gc.garbage if type(found).__module__.startswith("broadsheet")}
        assert not ours, "what holds on to itself stays until somebody looks for it"
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
        desk.close()
