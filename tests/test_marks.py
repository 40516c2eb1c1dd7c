"""Marks that are carried over from the last build are those that a build from nothing makes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from hypothesis import event, given
from hypothesis import strategies as st
from newsroom import NOW, article, catalog_of, settings_of, views_of

from broadsheet import archive, images
from broadsheet.marks import Marks
from broadsheet.model import Article, AuthorMatter, Correction, ImageRef, LinkRef, PageMatter, RegionMatter
from broadsheet.pictured import NO_FOLDERS, Looked, Pictured, SourcePicture, entry, place_of
from broadsheet.sources import AuthorSource, PageSource, ParsedText, RegionSource
from broadsheet.table import Table
from broadsheet.urls import Base
from broadsheet.views import Facts, Views

NAMES = ["Ada", "ada", "Grace", "Ömer"]
TOPICS = ["Energy", "energy", "Ports", "C++"]
PATHS = [f"{region}/{name}.md" for region in ("europe", "asia") for name in "abcd"]
TEXT = ParsedText(body=b"", empty=True)


@st.composite
def stories(draw: st.DrawFn, path: str) -> Article:
    """A story whose text may link to others, to a page, to a file and to pictures."""
    hours = draw(st.integers(-40, 2))
    values: dict[str, Any] = {
        "title": draw(st.sampled_from(["Talks", "Tides"])),
        "authors": tuple(draw(st.lists(st.sampled_from(NAMES), max_size=2, unique=True))),
        "topics": tuple(draw(st.lists(st.sampled_from(TOPICS), max_size=2, unique=True))),
        "series": draw(st.sampled_from(["", "Rivers", "rivers"])),
        "label": draw(st.sampled_from(["", "opinion"])),
        "unlisted": draw(st.integers(0, 9)) == 0,
        "status": "withdrawn" if draw(st.integers(0, 9)) == 0 else "",
        "translation_key": draw(st.sampled_from(["", "", "k"])),
        "lang": draw(st.sampled_from(["en", "tr"])),
        "image": draw(st.sampled_from([None, ImageRef(src="p.png", alt="")])),
        "updated": draw(st.sampled_from([None, NOW + timedelta(hours=1)])),
    }
    if draw(st.integers(0, 5)) == 0:
        values["corrections"] = (Correction(date=NOW + timedelta(minutes=30), kind="note", text="Two."),)
    found = article(path, NOW + timedelta(hours=hours), **values)
    targets = draw(st.lists(st.sampled_from(["a.md", "/asia/b.md", "/pages/about.md", "/authors/ada.md"]), max_size=2))
    fragments = st.sampled_from(["", "", "top"])
    links = [LinkRef(kind="story", target=target, fragment=draw(fragments)) for target in targets]
    links += [LinkRef(kind="file", target="data.csv")] * draw(st.integers(0, 1))
    links += [LinkRef(kind="site", target="/europe/")] * draw(st.integers(0, 1))
    anchors = ("top",) * draw(st.integers(0, 1))
    return _replaced(found, links=tuple(links), anchors=anchors)


def _replaced(story: Article, **values: Any) -> Article:
    from dataclasses import replace

    return replace(story, **values)


@st.composite
def states(draw: st.DrawFn) -> dict[str, Any]:
    """All that may be different from one build to the next, but for the stories."""
    return {
        "hours": draw(st.integers(0, 2)),
        "name": draw(st.sampled_from(["Ada", "Ada King"])),
        "region": draw(st.sampled_from(["", "Old Europe"])),
        "about": draw(st.sampled_from(["/about/", "/us/"])),
        "about_draft": draw(st.booleans()),
        "picture": draw(st.sampled_from([None, "one", "two"])),
        "file": draw(st.booleans()),
        "unread": draw(st.sampled_from([frozenset(), frozenset({"content/europe/a.md"})])),
    }


def views(articles: Mapping[str, Article], state: Mapping[str, Any], before: dict[str, Any] | None = None) -> Views:
    author = AuthorSource(id="ada", path="content/authors/ada.md", matter=AuthorMatter(name=state["name"]), text=TEXT)
    region = RegionSource(
        id="europe", path="content/europe/_index.md", matter=RegionMatter(title=state["region"]), text=TEXT
    )
    about = PageSource(
        path="content/pages/about.md",
        url=state["about"],
        matter=PageMatter(title="About", draft=state["about_draft"]),
        lang="en",
        text=ParsedText(body=b"", empty=True, anchors=("top",)),
    )
    unread = {path for path in state["unread"] if path not in {story.path for story in articles.values()}}
    catalog = catalog_of(
        [articles[path] for path in sorted(articles)],
        settings_of(mode="shared"),
        NOW + timedelta(hours=state["hours"]),
        authors=(author,),
        regions=(region,),
        pages=(about,),
        unread=frozenset(unread),
    )
    made = views_of(catalog)
    files = frozenset({"content/europe/data.csv"} if state["file"] else ())
    pictures = pictured(made.base, state["picture"], before["picture"] if before else None)
    return Views(catalog, made.base, Facts(pictures=pictures, files=files, strings=made.facts.strings))


def pictured(base: Base, now: int | None, before: int | None) -> Pictured:
    """A picture beside each story, of which there are several versions (None: it can't be shown)."""
    codec = archive.coder("UTC")
    variant = images.Variant(path=f"/p-{now}.png", width=4, height=3, kind="png")
    planned = images.Planned(variants=(variant,), fallback=variant)
    look = Looked(picture=SourcePicture(path="p.png", digest=b"", planned=planned))
    if now is None:
        look = Looked(picture=None, problem=("missing-picture", "there is none", ""))
    told = entry(look, "", "p.png", b"", base, codec.dumps)
    places = [place_of(f"content/{folder}", "p.png") for folder in ("europe", "asia")]
    changed = frozenset(places if now != before else ())
    return Pictured(Table.of(len(told), dict.fromkeys(places, told)), NO_FOLDERS, base, codec.loads, changed)


@given(
    st.data(),
    st.lists(st.sampled_from(PATHS), min_size=1, unique=True),
    st.lists(st.tuples(st.lists(st.sampled_from(PATHS), max_size=2, unique=True), states()), min_size=2, max_size=4),
)
def test_marks_that_are_carried_over_are_those_of_a_build_from_nothing(
    data: st.DataObject, first: list[str], builds: list[tuple[list[str], dict[str, Any]]]
) -> None:
    there = {path: data.draw(stories(path)) for path in first}
    kept = before = None
    for changed, state in builds:
        for path in changed:
            if path in there and data.draw(st.booleans()):
                del there[path]
            else:
                there[path] = data.draw(stories(path))
        clean = Marks(views(there, state))
        if kept is not None:
            carried = Marks(views(there, state, before), kept)
            assert dict(carried.of.table) == dict(clean.of.table)
            assert carried.world == clean.world
            then, now = dict(kept.table), dict(clean.of.table)
            different = {path for path in {*then, *now} if then.get(path) != now.get(path)}
            assert dict(carried.changes) == {path: (then.get(path), now.get(path)) for path in different}
            event(f"{len(different)} of {len(now)} different")
        kept, before = clean.of, state


def test_past_updates_corrections_and_translations_are_carried_over_with_the_stories_that_have_them() -> None:
    state = {"hours": 0, "name": "Ada", "region": "", "about": "/about/", "about_draft": False, "picture": None}
    state |= {"file": False, "unread": frozenset()}
    past, coming = NOW - timedelta(hours=3), NOW + timedelta(minutes=30)
    there = {
        "europe/a.md": article("europe/a.md", NOW - timedelta(hours=9), title="Talks", updated=past),
        "europe/b.md": article(
            "europe/b.md",
            NOW - timedelta(hours=8),
            title="Tides",
            corrections=(Correction(date=past, kind="note", text="Two."),),
        ),
        "europe/c.md": article("europe/c.md", NOW - timedelta(hours=7), title="Ports", updated=coming),
        "asia/a.md": article("asia/a.md", NOW - timedelta(hours=6), title="Talks", translation_key="k", lang="en"),
        "asia/b.md": article("asia/b.md", NOW - timedelta(hours=5), title="Görüşme", translation_key="k", lang="tr"),
    }
    kept = Marks(views(there, state)).of

    def made(later: dict[str, Any]) -> list[str]:
        with patch.object(Marks, "_own", autospec=True, side_effect=Marks._own) as own:
            Marks(views(there, {**state, **later}, state), kept)
        return [call.args[1].path.removeprefix("content/") for call in own.mock_calls]

    there["asia/c.md"] = article("asia/c.md", NOW - timedelta(hours=4), title="Rivers")
    assert made({}) == ["asia/c.md"]
    assert made({"hours": 1}) == ["europe/c.md", "asia/c.md"]
    there["asia/c.md"] = _replaced(there["asia/b.md"], path="content/asia/c.md", url="/c/", lang="de")
    assert made({}) == ["asia/a.md", "asia/b.md", "asia/c.md"]
