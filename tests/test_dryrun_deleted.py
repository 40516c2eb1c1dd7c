"""Each reason that `build --plan` gives for a deletion is the true one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any

import pytest
from newsroom import NOW, Site, source, unwatched
from twins import Later

from broadsheet import dryrun, engine
from broadsheet.commands.planned import told
from broadsheet.reasons import Reason

ABOUT, BACK, DAM, REMOVED = (
    "content/pages/about.md",
    "content/eu/back.md",
    "content/eu/dam.md",
    "it was removed, or renamed",
)
NOTHING = "there is nothing to list any more"
DAM_PAGE = "eu/2025/04/dam/index.html"


@pytest.fixture
def paper(site: Site) -> Site:
    site.write(ABOUT, source("Of us.", title="About", aliases=["/us/"]))
    site.story("eu/back.md", status="withdrawn", aliases=["/gone/"]).story("eu/dam.md", "Of dams.", topics=["Rivers"])
    site.story("eu/other.md", "Of tea.")
    assert site.build(NOW, Later).ok
    return site


def deleted(site: Site, path: str, **options: Any) -> set[Reason]:
    plan = dryrun.plan(engine.Request(site=str(site.folder), now=NOW, **options), unwatched)
    (file,) = [file for file in plan.of("delete") if file.path == path]
    return set(file.reasons)


# --- nothing is remembered -----------------------------------------------------------------------------------------


def forgotten(site: Site) -> Site:
    shutil.rmtree(site.folder / ".broadsheet")
    return site


def moved(site: Site) -> Site:
    other = site.folder.with_name("moved")
    shutil.copytree(site.folder, other)
    config = (other / "config.yaml").read_text(encoding="utf-8")
    return Site(other).write("config.yaml", config)


@pytest.mark.parametrize("change", [forgotten, moved])
def test_where_nothing_is_remembered_a_deletion_says_so_and_blames_no_setting(
    paper: Site, change: Callable[[Site], Site]
) -> None:
    site = change(paper.remove(DAM).edit(ABOUT, "title:", "draft: true\ntitle:"))
    start = Reason(kind="start")
    assert deleted(site, DAM_PAGE) == {start, Reason(kind="gone")}
    assert deleted(site, "about/index.html") == {start, Reason(kind="source", name=ABOUT, detail="it is a draft")}


def test_a_full_build_blames_no_setting_for_a_deletion(paper: Site) -> None:
    paper.remove(DAM)
    assert deleted(paper, DAM_PAGE, full=True) == {Reason(kind="full"), Reason(kind="gone")}


# --- what is remembered --------------------------------------------------------------------------------------------


def edited(path: str, old: str, new: str) -> Callable[[Site], object]:
    return lambda site: site.edit(path, old, new)


@pytest.mark.parametrize(
    ("change", "path", "reason"),
    [
        (lambda site: site.remove(ABOUT), "about/index.html", Reason(kind="source", name=ABOUT, detail=REMOVED)),
        (lambda site: site.remove(ABOUT), "us/index.html", Reason(kind="source", name=ABOUT, detail=REMOVED)),
        (
            edited(ABOUT, "title:", "draft: true\ntitle:"),
            "about/index.html",
            Reason(kind="source", name=ABOUT, detail="it is a draft"),
        ),
        (
            edited(ABOUT, "title:", "date: 2026-05-01\ntitle:"),
            "us/index.html",
            Reason(kind="source", name=ABOUT, detail="its date lies ahead"),
        ),
        (
            edited(ABOUT, "title:", "slug: we\ntitle:"),
            "about/index.html",
            Reason(kind="source", name=ABOUT, detail="its address is /we/ now"),
        ),
        (
            edited(ABOUT, '"/us/"', '"/we/"'),
            "us/index.html",
            Reason(kind="source", name=ABOUT, detail="it names this address no longer (aliases)"),
        ),
        (
            lambda site: site.remove(BACK),
            "eu/2025/04/back/index.html",
            Reason(kind="story", name=BACK, detail=REMOVED),
        ),
        (lambda site: site.remove(BACK), "gone/index.html", Reason(kind="story", name=BACK, detail=REMOVED)),
        (
            edited(BACK, "status:", "draft: true\nstatus:"),
            "eu/2025/04/back/index.html",
            Reason(kind="story", name=BACK, detail="it is a draft"),
        ),
        (
            edited(DAM, "Rivers", "Lakes"),
            "topics/rivers/index.html",
            Reason(kind="gone", name="the page of the topic Rivers", detail=NOTHING),
        ),
        (
            edited(DAM, "Rivers", "Lakes"),
            "topics/rivers/feed.xml",
            Reason(kind="gone", name="the feed of The Section – Rivers", detail=NOTHING),
        ),
    ],
)
def test_a_deletion_is_put_down_to_what_became_of_its_source(
    paper: Site, change: Callable[[Site], object], path: str, reason: Reason
) -> None:
    change(paper)
    assert deleted(paper, path) == {reason}
    assert told([reason]) == [f"{reason.name}: {reason.detail}"]


def test_a_setting_that_is_changed_meanwhile_is_not_why_a_story_was_removed(paper: Site) -> None:
    paper.remove(DAM).configure("params: {a: 1}\n")
    assert deleted(paper, DAM_PAGE) == {Reason(kind="story", name=DAM, detail=REMOVED)}


def test_a_setting_that_takes_files_away_is_why(paper: Site) -> None:
    paper.configure("taxonomies: [authors, series]\n")
    assert Reason(kind="setting", name="taxonomies") in deleted(paper, "topics/rivers/index.html")
    paper.configure("permalinks: {article: '/{slug}/'}\n")
    assert Reason(kind="setting", name="permalinks.article") in deleted(paper, DAM_PAGE)
