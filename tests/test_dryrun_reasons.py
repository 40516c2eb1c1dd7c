"""Each reason that `build --plan` gives for a file is the true one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any

import pytest
from examples import some
from newsroom import NOW, png, source
from plans import THEME, A, B, planned, reasons, story, twins
from twins import CONFIG, Later, Twins, toolchain

from broadsheet import basis
from broadsheet.frozen import FrozenMap
from broadsheet.reasons import Reason
from broadsheet.settings import Settings, SiteSettings

__all__ = ["twins"]


def config(change: Callable[[dict[str, Any]], object]) -> Callable[[Twins], None]:
    def configure(twins: Twins) -> None:
        values = {key: dict(value) for key, value in CONFIG.items()}
        values["rails"] = {key: dict(value) for key, value in values["rails"].items()}
        change(values)
        twins.configure(values)

    return configure


def edited(path: str, old: str, new: str) -> Callable[[Twins], object]:
    return lambda twins: twins.site.edit(path, old, new)


def written(path: str, text: str | bytes) -> Callable[[Twins], object]:
    return lambda twins: twins.site.write(path, text)


def meddle(twins: Twins) -> None:
    (twins.site.output / B).write_text("meddled")


# What happens, the file that is looked at, and every reason that the plan has to give for it.
CHANGES: dict[str, tuple[Callable[[Twins], object], str, set[Reason]]] = {
    "a text": (edited("content/europe/a.md", "Of grain", "Of wheat"), A, {story("europe/a", "text", "story")}),
    "fields": (
        edited("content/europe/a.md", 'title: "a"', 'title: "A"\ndescription: In brief'),
        A,
        {story("europe/a", "title, description", "story")},
    ),
    "a headline elsewhere": (
        edited("content/europe/b.md", 'title: "b"', 'title: "Bee"'),
        A,
        {story("europe/b", "title", "next story"), story("europe/b", "title", "Explore")},
    ),
    "white space": (
        edited("content/europe/b.md", "Of ferries.\n", "Of ferries.\n\n"),
        B,
        {story("europe/b", "nothing that shows", "story")},
    ),
    "an author's name": (
        written("content/authors/ada.md", source("", name="Ada King")),
        A,
        {Reason(kind="source", name="content/authors/ada.md", detail="name", place="story")},
    ),
    "an author's own page": (
        written("content/authors/ada.md", source("", name="Ada King")),
        "authors/ada/index.html",
        {Reason(kind="source", name="content/authors/ada.md", detail="person")},
    ),
    "where a link leads": (
        edited("content/europe/d.md", "date:", "slug: elsewhere\ndate:"),
        A,
        {story("europe/a", "links and pictures", "story"), story("europe/d", "slug", "Explore")},
    ),
    "a picture": (
        written("content/europe/p.png", png(40, 30, "gold")),
        A,
        {story("europe/a", "links and pictures", "story")},
    ),
    "a plain page": (
        edited("content/pages/about.md", "About", "About us"),
        "about/index.html",
        {Reason(kind="source", name="content/pages/about.md", detail="page.title, title")},
    ),
    "a static file": (
        written("static/a.txt", "two"),
        "a.txt",
        {Reason(kind="file", name="static/a.txt", detail="its bytes")},
    ),
    "a new story": (
        lambda twins: twins.site.story("europe/new.md", "Of salt.", date="2026-01-01"),
        "europe/2026/01/new/index.html",
        {Reason(kind="new", name="content/europe/new.md")},
    ),
    "a new story elsewhere": (
        lambda twins: twins.site.story("europe/new.md", "Of salt.", date="2026-01-01"),
        "news-sitemap.xml",
        set(),
    ),
    "an editor's pick": (
        edited("content/europe/b.md", "date:", "related: [/asia/e.md]\ndate:"),
        B,
        {
            story("europe/b", "related", "story"),
            Reason(
                kind="recommended",
                name="content/europe/b.md",
                detail="now content/asia/e.md",
                place="Recommended",
            ),
        },
    ),
    "a template": (
        written("templates/partials/card.html", (THEME / "partials/card.html").read_bytes() + b"<!-- -->"),
        "index.html",
        {Reason(kind="template", name="partials/card.html")},
    ),
    "a template that was missing": (
        written("templates/partials/optional.html", "<p>More</p>"),
        B,
        {Reason(kind="template", name="partials/optional.html")},
    ),
    "interface strings": (
        written("templates/locales/en.yaml", "explore: More\n"),
        B,
        {Reason(kind="strings", name="locales/en.yaml"), Reason(kind="strings", name="locales/packaged/en.yaml")},
    ),
    "a setting": (
        config(lambda c: c["rails"]["explore"].update(limit=2)),
        B,
        {Reason(kind="setting", name="rails.explore.limit")},
    ),
    "a parameter": (
        config(lambda c: c.update(params={"a.b": {"c": 1}})),
        "404.html",
        {Reason(kind="setting", name=r"params.a\.b.c")},
    ),
    "a region's name": (
        written("content/asia/_index.md", source("", title="The East")),
        B,
        {Reason(kind="site", name="nav"), Reason(kind="site", name="regions")},
    ),
    "a region's language": (
        written("content/asia/_index.md", source("", language="tr")),
        B,
        {
            Reason(kind="language", name="content/asia/_index.md"[8:12]),
            Reason(kind="site", name="nav"),
            Reason(kind="site", name="regions"),
        },
    ),
    "a file of the output": (meddle, B, {Reason(kind="output", name=B, detail="the file was changed or touched")}),
    "a lost file of the output": (
        lambda twins: (twins.site.output / B).unlink(),
        B,
        {Reason(kind="output", name=B, detail="the file is lost")},
    ),
    "a lost state": (
        lambda twins: shutil.rmtree(twins.site.folder / ".broadsheet"),
        B,
        {Reason(kind="start")},
    ),
    "a removed story": (
        lambda twins: twins.site.remove("content/europe/b.md"),
        B,
        {story("europe/b", "it was removed, or renamed")},
    ),
    "a story taken back": (
        edited("content/europe/b.md", "date:", "draft: true\ndate:"),
        B,
        {story("europe/b", "it is a draft")},
    ),
    "a story with another address": (
        edited("content/europe/b.md", "date:", "slug: bee\ndate:"),
        B,
        {story("europe/b", "its address is /europe/2025/12/bee/ now")},
    ),
    "a former address": (
        edited("content/europe/b.md", 'aliases: ["/old/"]\n', ""),
        "old/index.html",
        {story("europe/b", "it names this address no longer (aliases)")},
    ),
    "a region without stories": (
        lambda twins: twins.site.remove("content/asia/e.md"),
        "asia/2025/12/index.html",
        {Reason(kind="gone", name="the archive of Asia, 2025-12", detail="there is nothing to list any more")},
    ),
}


@pytest.mark.parametrize(("change", "path", "wanted"), some(CHANGES.values(), 4), ids=some(CHANGES, 4))
def test_the_reason_for_a_file_is_what_was_changed(
    twins: Twins, change: Callable[[Twins], object], path: str, wanted: set[Reason]
) -> None:
    change(twins)
    if not wanted:  # the story is too old for it
        assert path not in {file.path for file in planned(twins).files}
        return
    assert reasons(planned(twins), path) == wanted
    assert not twins.stale(told=True)


@pytest.mark.parametrize("checks", [{}, {"vanished-page": "error"}])
def test_what_is_edited_is_told_beside_a_setting_that_is_changed_with_it(twins: Twins, checks: dict[str, str]) -> None:
    config(lambda c: c.update(params={"a": 1}, checks={**c["checks"], **checks}))(twins)
    twins.site.story("europe/new.md", "Of salt.", date="2026-01-01").edit("content/europe/a.md", "Of grain", "Of wheat")
    plan, setting = planned(twins), Reason(kind="setting", name="params.a")
    assert reasons(plan, "europe/2026/01/new/index.html") == {Reason(kind="new", name="content/europe/new.md")}
    assert reasons(plan, A) == {setting, story("europe/a", "text", "story")}
    assert {setting, story("europe/new", "it is new", "stories")} <= reasons(plan, "index.html")
    assert reasons(plan, "asia/2025/12/e/index.html") == {setting}
    assert not twins.stale(told=True)


def test_a_setting_that_changes_what_stories_show_is_not_put_down_to_them(twins: Twins) -> None:
    config(lambda c: c.update(permalinks={"article": "/{yyyy}/{slug}/"}, images={"widths": [32], "formats": ["jpeg"]}))(
        twins
    )
    twins.site.edit("content/europe/b.md", "Of ferries", "Of boats")
    found = {
        reason for file in planned(twins).of("write") for reason in file.reasons if reason.kind in ("story", "time")
    }
    assert {(reason.name, reason.detail) for reason in found} == {("content/europe/b.md", "text")}


@pytest.mark.parametrize("change", [{"checks": {"vanished-page": "error"}}, {"schema": {"required": ["title"]}}])
def test_a_setting_that_no_page_reads_is_a_reason_only_where_nothing_else_is(
    twins: Twins, change: dict[str, Any]
) -> None:
    config(lambda c: c.update(change))(twins)
    twins.site.edit("content/europe/a.md", "Of grain", "Of wheat")
    plan = planned(twins)
    assert reasons(plan, A) == {story("europe/a", "text", "story")}
    assert {reason.kind for reason in reasons(plan, "404.html")} == {"setting"}
    assert {file.path for file in plan.of("write") if "setting" in {reason.kind for reason in file.reasons}} == set()


def test_another_version_is_a_reason(twins: Twins) -> None:
    with toolchain(1):
        plan = planned(twins)
    # What another version left is not even read.
    assert reasons(plan, B) == {Reason(kind="start")}


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("europe/2026/01/held/index.html", {Reason(kind="new", name="content/europe/held.md")}),
        ("asia/2025/12/e/index.html", {story("asia/e", "time of the update, corrections that have come", "story")}),
    ],
)
def test_what_comes_by_itself_is_put_down_to_the_hour(twins: Twins, path: str, wanted: set[Reason]) -> None:
    found = reasons(planned(twins, "2026-01-15T13:00"), path)
    assert {reason.kind for reason in found} <= {"time", "new"}
    assert {reason.name for reason in found} == {reason.name for reason in wanted}
    assert not twins.stale("2026-01-15T13:00", told=True)
    later = reasons(planned(twins, "2026-01-15T14:00"), "europe/2025/12/c/index.html")
    assert later == {story("europe/c", "it has expired", kind="time")}


def test_the_hour_is_not_blamed_for_an_edit_that_a_failed_build_has_read(twins: Twins) -> None:
    """The failed build keeps what it parsed: what the sources said when the site was last published, nobody knows."""
    twins.site.edit("content/europe/b.md", "date:", "draft: true\ndate:")
    assert twins.site.build(NOW, Later).ok
    twins.site.edit("content/europe/b.md", "draft: true\n", "").write("content/europe/bad.md", "---\ntitel: x\n---\n")
    twins.site.edit("content/europe/a.md", "Of grain", "Of wheat")
    assert not twins.site.build(NOW, Later).ok
    twins.site.remove("content/europe/bad.md")
    plan = planned(twins)
    assert reasons(plan, B) == {
        Reason(kind="new", name="content/europe/b.md"),
        story("europe/b", "it is on the site now"),
    }
    assert {(reason.kind, reason.name) for reason in reasons(plan, A)} == {
        ("story", "content/europe/a.md"),
        ("story", "content/europe/b.md"),
    }
    assert {reason.kind for file in plan.files for reason in file.reasons} <= {"new", "story", "list", "recommended"}
    assert not twins.stale(told=True)


# --- parts of the base ---------------------------------------------------------------------------------------------


def test_settings_of_equal_names_are_told_apart() -> None:
    site = SiteSettings(title="x")
    dotted = Settings(site=site, params=FrozenMap({"a.b": 1}))
    nested = Settings(site=site, params=FrozenMap({"a": FrozenMap({"b": 1})}))
    parts = [basis.parts(b"", settings, {}, {}, _site()) for settings in (dotted, nested)]
    assert basis.changed(*parts) == [r"setting params.a.b", r"setting params.a\.b"]


def _site() -> Any:
    from newsroom import catalog_of, views_of

    return views_of(catalog_of([])).site
