"""What `build --plan` tells is what the build then does, and each reason that it gives is the true one."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from command_line import run
from examples import some
from faults import Crash
from newsroom import NOW, Site, png, source, unwatched
from twins import CONFIG, Foretold, Later, Twins, toolchain

from broadsheet import basis, dryrun, engine
from broadsheet.errors import ContentError, OutputError
from broadsheet.frozen import FrozenMap
from broadsheet.reasons import Reason
from broadsheet.settings import Settings, SiteSettings

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
        {story("europe/a", "authors", "story")},
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
        {
            Reason(kind="site", name="nav"),
            Reason(kind="site", name="regions"),
            Reason(kind="gone"),
        },
    ),
}


@pytest.mark.parametrize(("change", "path", "wanted"), some(CHANGES.values(), 2), ids=some(CHANGES, 2))
def test_the_reason_for_a_file_is_what_was_changed(
    twins: Twins, change: Callable[[Twins], object], path: str, wanted: set[Reason]
) -> None:
    change(twins)
    if not wanted:  # the story is too old for it
        assert path not in {file.path for file in planned(twins).files}
        return
    assert reasons(planned(twins), path) == wanted
    assert not twins.stale(told=True)


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


# --- that it is what happens ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options", [{}, {"full": True}, {"output": "elsewhere"}, {"base_url": "https://other.example/"}]
)
def test_the_plan_of_any_build_is_what_it_does(twins: Twins, tmp_path: Path, options: dict[str, Any]) -> None:
    if "output" in options:
        options = {"output": str(tmp_path / "elsewhere")}
    twins.site.edit("content/europe/a.md", 'title: "a"', 'title: "A"').write("static/a.txt", "two")
    assert not twins.stale(told=True, **options)
    if "full" in options:
        assert reasons(planned(twins, full=True), B) == {Reason(kind="full")}


def test_what_is_not_as_it_was_told_is_noticed(twins: Twins) -> None:
    twins.site.edit("content/europe/a.md", "Of grain", "Of wheat")
    foretold = Foretold(twins.site, twins.site.output, NOW, {})
    twins.site.edit("content/europe/b.md", "Of ferries", "Of trams")
    assert foretold.lies(twins.site.build(NOW, Later))


class Dying(Later):
    """Dies when it would put a file in place, or delete one, whose name ends so, once the journal is there."""

    def __init__(self, root: str, at: str) -> None:
        super().__init__(root)
        self._at = at

    def rename(self, source: str, target: str) -> None:
        self._look(target)
        super().rename(source, target)

    def remove(self, path: str) -> None:
        self._look(path)
        super().remove(path)

    def _look(self, path: str) -> None:
        if path.endswith(self._at) and (Path(self.root) / "output/.broadsheet/journal.json").exists():
            raise Crash


@pytest.mark.parametrize("at", ["b.txt", "a/index.html", "c/index.html"])
def test_an_interrupted_publication_is_told_apart_from_what_comes_after_it(twins: Twins, at: str) -> None:
    """Before its first file is in place, after that, and when only the deletion is left."""
    twins.site.edit("content/europe/a.md", 'title: "a"', 'title: "A"').remove("content/europe/c.md")
    twins.site.write("static/b.txt", "new")
    with pytest.raises(Crash):
        twins.site.build(NOW, lambda root: Dying(root, at))
    assert (twins.site.output / ".broadsheet/journal.json").exists()
    twins.site.edit("content/europe/d.md", "Of tea", "Of milk").remove("static/b.txt")
    assert "europe/2025/12/c/index.html" in planned(twins).finished
    assert not twins.stale(told=True)


@pytest.mark.parametrize("at", ["b.txt", "a/index.html", "c/index.html"])
def test_an_interrupted_publication_whose_changes_are_taken_back_is_told_as_it_is(twins: Twins, at: str) -> None:
    """What is in place then is what neither the last build left nor the one to come makes."""
    content, was = twins.site.folder / "content", twins.site.folder.parent / "was"
    shutil.copytree(content, was)
    twins.site.edit("content/europe/a.md", 'title: "a"', 'title: "A"').remove("content/europe/c.md")
    twins.site.write("static/b.txt", "new").story("europe/z.md", "Of salt.", date="2025-12-19")
    with pytest.raises(Crash):
        twins.site.build(NOW, lambda root: Dying(root, at))
    shutil.rmtree(content)
    was.rename(content)
    twins.site.remove("static/b.txt")
    assert not twins.stale(told=True)
    assert not twins.site.has("/europe/2025/12/z/")


def test_what_a_killed_process_left_of_the_state_is_read_and_left_alone(twins: Twins) -> None:
    """Its last transaction lies beside the state file."""
    place = twins.site.folder / ".broadsheet/state.sqlite"
    script = "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); "
    script += "c.execute('create table other (x)'); os._exit(0)"
    subprocess.run([sys.executable, "-c", script, str(place)], check=True)
    assert os.path.getsize(f"{place}-wal") > 0
    twins.site.edit("content/europe/a.md", "Of grain", "Of wheat")
    foretold = Foretold(twins.site, twins.site.output, NOW, {})
    assert foretold.plan is not None
    assert reasons(foretold.plan, A) == {story("europe/a", "text", "story")}
    assert not foretold.lies(twins.site.build(NOW, Later))


def rows(place: Path) -> list[tuple[str, int]]:
    """Every row of a state file: its table, and how many come before it there."""
    with closing(sqlite3.connect(place)) as state:
        tables = [name for (name,) in state.execute("select name from sqlite_master where type = 'table'")]
        counts = {name: state.execute(f"select count(*) from {name}").fetchone()[0] for name in tables}  # noqa: S608  # names from the file's own list
        return [(name, n) for name in sorted(tables) for n in range(counts[name])]


def damage(place: Path, table: str, n: int) -> None:
    """Make the last byte of a row of the state another one."""
    with closing(sqlite3.connect(place)) as state:
        found = state.execute(f"select * from {table} limit 1 offset ?", (n,))  # noqa: S608  # a name from `rows`
        *key, data = found.fetchone()
        where = " and ".join(f"{column[0]} is ?" for column in found.description[:-1])
        changed = data[:-1] + bytes([data[-1] ^ 0xFF])
        state.execute(f"update {table} set data = ? where {where}", (changed, *key))  # noqa: S608  # likewise
        state.commit()


def test_whatever_row_of_the_state_is_damaged_the_plan_is_what_the_build_does(twins: Twins) -> None:
    """A build may do without the row, or need it and start from nothing: where only the reasons are to be had from it,
    the plan goes on as the build does."""
    state, site = twins.site.folder / ".broadsheet/state.sqlite", twins.site
    unknown, made = 0, set()
    for n in range(len(rows(state))):
        old, new = ("grain", "rice") if n % 2 == 0 else ("rice", "grain")
        site.edit("content/europe/a.md", f"Of {old}", f"Of {new}")
        site.story("asia/e.md", "Of rice.", date="2025-12-18", topics=[new])
        site.remove("content/asia/f.md") if n % 2 else site.story("asia/f.md", "Of sand.", date="2025-12-20")
        row = rows(state)[n]
        damage(state, *row)
        foretold = Foretold(site, site.output, NOW, {})
        assert not foretold.lies(site.build(NOW, Later)), f"{row}"
        assert foretold.plan is not None
        unknown += any(reason.kind == "damaged" for file in foretold.plan.files for reason in file.reasons)
        made.add(len(foretold.plan.files))
    assert unknown, "no row was one that only reasons need"
    assert len(made) > 1, "no row was one that a build needs"


def test_a_plan_fails_where_the_build_would(twins: Twins) -> None:
    twins.site.story("europe/bad.md", "![](p.png) [x](nowhere.md)", titel="x")
    with pytest.raises(ContentError) as found:
        planned(twins)
    assert {f.format() for f in found.value.diagnostics} == {f.format() for f in twins.site.build(NOW, Later).findings}
    twins.site.remove("content/europe/bad.md")
    (twins.site.output / "new.txt").write_text("somebody else's")
    twins.site.write("static/new.txt", "ours")
    with pytest.raises(OutputError, match=r"new\.txt"):
        planned(twins)


def test_pictures_are_encoded_for_the_plan_and_not_kept(site: Site) -> None:
    site.story("europe/a.md", image={"src": "p.png", "alt": "x"}).write("content/europe/p.png", png(800, 400))
    foretold = Foretold(site, site.output, NOW, {})
    assert foretold.plan is not None
    variants = [file for file in foretold.plan.files if file.template == "picture"]
    assert variants
    assert not site.output.exists()
    assert not foretold.lies(site.build(NOW, Later))


def test_workers_tell_the_same_plan_and_every_page_is_in_the_profile(site: Site) -> None:
    for n in range(210):
        site.story(f"europe/s{n}.md", f"Of {n}.", date=f"2025-{n % 12 + 1:02}-{n % 28 + 1:02}")
    plans = [dryrun.plan(engine.Request(site=str(site.folder), now=NOW, jobs=jobs), unwatched) for jobs in (1, 2)]
    assert plans[0] == plans[1]
    for jobs in (2, 1):
        done = site.good(jobs=jobs, profile=True, full=True)
        made = [file for file in plans[0].files if file.template not in ("copy", "picture")]
        assert {name: spent.pages for name, spent in done.templates.items()} == {
            name: sum(file.template == name for file in made) for name in {file.template for file in made}
        }
        assert all(spent.rendering > 0 for spent in done.templates.values())
        assert done.templates["article.html"].contexts > 0  # robots.txt's takes less than a microsecond
    assert len(site.good(full=True).templates) == 0


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


# --- the command line ----------------------------------------------------------------------------------------------


def test_a_plan_is_printed_and_nothing_done(site: Site) -> None:
    site.story("europe/a.md", "Of grain.").story("europe/b.md", "Of ferries.")
    where = ("-s", str(site.folder), "--at", "2026-01-15T12:00")
    assert run(*where).returncode == 0
    site.edit("content/europe/a.md", "Of grain", "Of wheat").remove("content/europe/b.md")
    before = site.tree()
    told = run("--plan", *where)
    assert told.returncode == 0
    assert "+ europe/2025/04/a/index.html" in told.stdout
    assert "content/europe/a.md: text" in told.stdout
    assert "- europe/2025/04/b/index.html" in told.stdout
    found = json.loads(run("--plan", *where, "--format", "json").stdout)
    assert site.tree() == before
    done = json.loads(run(*where, "--format", "json").stdout)
    assert (found["files"], found["rendered"]) == (done["files"], done["rendered"])
    assert found["bytes"] == sum(file["bytes"] for file in found["plan"] if file["action"] == "write")
    again = run("--plan", *where)
    assert again.stdout.startswith("0 files to make: 0 to write")
    assert run("--plan", "--verify", *where).returncode == 2


def test_a_profile_is_told_to_people_and_machines(site: Site) -> None:
    site.story("europe/a.md", "Of grain.")
    where = ("-s", str(site.folder), "--at", "2026-01-15T12:00", "--full")
    told = run("--profile", *where).stdout
    assert [line.split()[0] for line in told.splitlines()[:4]] == ["stage", "recall", "scan", "parse"]
    assert any(line.split()[:2] == ["article.html", "1"] for line in told.splitlines())
    found = json.loads(run("--profile", *where, "--format", "json").stdout)
    assert found["templates"]["article.html"]["pages"] == 1
    assert "templates" not in json.loads(run(*where, "--format", "json").stdout)
