"""A small site, the plans of its next build, and the reasons that they give."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from newsroom import NOW, png, source, unwatched
from twins import Later, Twins, toolchain

from broadsheet import dryrun, engine
from broadsheet.reasons import Reason

THEME = Path(__file__).resolve().parent.parent / "templates"
A, B = "europe/2025/12/a/index.html", "europe/2025/12/b/index.html"
ARTICLE = '{% include "partials/after_article.html" %}'


@pytest.fixture
def twins(tmp_path: Path) -> Iterator[Twins]:
    """Some stories: the first links to the last and shows a picture; one is held, one expires, one is corrected."""
    made = Twins(tmp_path)
    site = made.site
    text = (THEME / "article.html").read_text(encoding="utf-8")
    more = '{% include "partials/optional.html" ignore missing %}'
    site.write("templates/article.html", text.replace(ARTICLE, ARTICLE + more))
    site.write("content/europe/p.png", png()).write("content/authors/ada.md", source("", name="Ada"))
    site.write("content/pages/about.md", source("Of us.", title="About")).write("static/a.txt", "one")
    site.story("europe/a.md", "Of grain. See [that](d.md). ![x](p.png)", date="2025-12-10", authors=["ada"])
    site.story("europe/b.md", "Of ferries.", date="2025-12-12", aliases=["/old/"])
    site.story("europe/c.md", "Of dams.", date="2025-12-14", expires="2026-01-15T14:00")
    site.story("europe/d.md", "Of tea.", date="2025-12-16")
    site.story("europe/held.md", "Of salt.", date="2026-01-10", embargo="2026-01-15T13:00")
    note = {"date": "2026-01-15T13:00", "kind": "correction", "text": "It was another one."}
    site.story("asia/e.md", "Of rice.", date="2025-12-18", corrections=[note])
    with toolchain(0):
        assert site.build(NOW, Later).ok
        yield made


def planned(twins: Twins, at: str = "", **options: Any) -> dryrun.BuildPlan:
    now = twins_now(at)
    return dryrun.plan(engine.Request(site=str(twins.site.folder), now=now, **options), unwatched)


def twins_now(at: str) -> Any:
    from datetime import UTC, datetime

    return datetime.fromisoformat(at).replace(tzinfo=UTC) if at else NOW


def reasons(plan: dryrun.BuildPlan, path: str) -> set[Reason]:
    found = [file for file in plan.files if file.path == path]
    assert found, f"{path} is not in the plan: {[file.path for file in plan.files]}"
    return set(found[0].reasons)


def story(name: str, detail: str, place: str = "", kind: str = "story") -> Reason:
    return Reason(kind=kind, name=f"content/{name}.md", detail=detail, place=place)
