"""What happens by itself: the instants that `schedule` tells, and what `--verify` finds."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from newsroom import NOW, Site, png

from broadsheet import cli, engine, verification
from broadsheet.keyed import Keyed, Some
from broadsheet.request import Request
from broadsheet.timeline import Change


def coming(site: Site, at: str = "2026-01-15T12:00:00+00:00", **options: Any) -> list[tuple[str, str, str]]:
    changes = scheduled(site, at, **options)
    return [
        (change.at.strftime("%m-%d %H:%M"), change.path.removeprefix("content/"), change.what) for change in changes
    ]


def scheduled(site: Site, at: str = "2026-01-15T12:00:00+00:00", **options: Any) -> list[Change]:
    request = Request(site=str(site.folder), now=NOW.fromisoformat(at), **options)
    return engine.schedule(request, lambda *_: lambda _: None)


def test_every_hour_that_a_source_names_is_told_in_order(site: Site) -> None:
    site.story("europe/soon.md", date="2026-02-01T09:00")
    site.story("europe/held.md", embargo="2026-01-20T06:30")
    site.story("europe/brief.md", expires="2026-01-18T00:00")
    site.story("europe/pinned.md", pin={"until": "2026-01-16T08:00"})
    site.story(
        "europe/mended.md", updated="2026-03-01", corrections=[{"date": "2026-01-17", "kind": "note", "text": "x"}]
    )
    site.story("europe/hidden.md", draft=True, date="2026-02-02")
    site.write("content/pages/rules.md", "---\ntitle: Rules\ndate: 2026-04-01\n---\nx")
    assert coming(site) == [
        ("01-16 08:00", "europe/pinned.md", "is pinned no longer"),
        ("01-17 00:00", "europe/mended.md", "shows a note"),
        ("01-18 00:00", "europe/brief.md", "expires"),
        ("01-20 06:30", "europe/held.md", "is published"),
        ("01-22 06:30", "europe/held.md", "leaves the news sitemap"),
        ("02-01 09:00", "europe/soon.md", "is published"),
        ("02-03 09:00", "europe/soon.md", "leaves the news sitemap"),
        ("03-01 00:00", "europe/mended.md", "shows its update"),
        ("04-01 00:00", "pages/rules.md", "is published"),
    ]


def test_what_a_story_says_while_it_is_not_on_the_site_changes_nothing(site: Site) -> None:
    told: dict[str, Any] = {
        "updated": "2026-03-01",
        "pin": {"until": "2026-03-02"},
        "corrections": [{"date": "2026-03-03", "kind": "note", "text": "x"}],
    }
    site.configure("sitemap: {news: false}\n")
    site.story("europe/past.md", expires="2026-01-10", **told)
    site.story("europe/short.md", expires="2026-03-02T12:00", **told)
    site.story("europe/late.md", date="2026-03-02T18:00", **told)
    site.story("europe/never.md", date="2026-03-04", expires="2026-03-03", **told)
    site.story("europe/apart.md", unlisted=True, pin={"until": "2026-02-01"})
    site.story("europe/back.md", status="withdrawn", expires="2026-04-01", **told)
    expected = [
        ("03-01 00:00", "europe/short.md", "shows its update"),
        ("03-02 00:00", "europe/short.md", "is pinned no longer"),
        ("03-02 12:00", "europe/short.md", "expires"),
        ("03-02 18:00", "europe/late.md", "is published"),
        ("03-03 00:00", "europe/late.md", "shows a note"),
        ("04-01 00:00", "europe/back.md", "expires"),
    ]
    assert coming(site) == expected
    # Builds also hear when a story's hour comes that it is too late for: then nobody is told any more to wait for it.
    heard = sorted([*(at for at, _, _ in expected), "03-04 00:00"])
    for at, then in pairwise([NOW.replace(year=2026, month=1, day=15), *map(moment, heard)]):
        built, before = site.build(at), site.tree()
        again = site.build(then - timedelta(minutes=1), full=True)
        assert (again.ok, again.findings, site.tree()) == (True, built.findings, before), at


def test_an_update_of_a_page_that_is_not_there_yet_changes_nothing(site: Site) -> None:
    early = "---\ntitle: Early\ndate: 2026-03-01\nupdated: 2026-02-15\n---\nx"
    site.write("content/pages/early.md", early).write("content/pages/late.md", early.replace("02-15", "03-15"))
    assert [(at, path) for at, path, _ in coming(site)] == [
        ("03-01 00:00", "pages/early.md"),
        ("03-01 00:00", "pages/late.md"),
        ("03-15 00:00", "pages/late.md"),
    ]


def moment(told: str) -> datetime:
    return datetime.fromisoformat(f"2026-{told.replace(' ', 'T')}:00+00:00")


def test_a_story_leaves_the_news_sitemap_after_two_days(site: Site) -> None:
    site.story("europe/fresh.md", date="2026-01-15T10:00")
    assert coming(site) == [("01-17 10:00", "europe/fresh.md", "leaves the news sitemap")]
    site.configure("sitemap: {news: false}\n")
    assert coming(site) == []


def test_stories_that_are_still_to_come_leave_the_news_sitemap_too(site: Site) -> None:
    site.story("europe/soon.md", date="2026-02-01T09:00").story(
        "europe/brief.md", date="2026-02-01", expires="2026-02-02"
    )
    for name, matter in NO_NEWS.items():
        site.story(f"europe/{name}.md", **{"date": "2026-01-20", **matter})
    told = scheduled(site)
    leaves = [change for change in told if "news" in change.what]
    assert [(change.at.strftime("%m-%d %H:%M"), change.path) for change in leaves] == [
        ("02-03 09:00", "content/europe/soon.md")
    ]
    instants = sorted({change.at for change in told})
    assert leaves[0].at == instants[-1]
    site.build()
    for at in instants:
        before = site.tree()
        site.build(at - timedelta(microseconds=1))
        assert site.tree() == before, f"before {at}"
        site.build(at)
        assert site.tree() != before, f"at {at}"
    assert engine.schedule(Request(site=str(site.folder), now=instants[-1]), lambda *_: lambda _: None) == []


NO_NEWS: dict[str, dict[str, Any]] = {
    "hidden": {"noindex": True},
    "paid": {"label": "sponsored"},
    "apart": {"unlisted": True},
    "back": {"status": "withdrawn"},
    "never": {"expires": "2026-01-19"},
    "draft": {"draft": True},
}


def test_at_each_instant_that_is_told_the_site_changes_and_between_them_it_does_not(site: Site) -> None:
    site.story("europe/old.md").story("europe/soon.md", date="2026-02-01T09:00", expires="2026-02-01T12:00")
    site.story("europe/pinned.md", date="2025-01-01", pin={"until": "2026-01-16T08:00"})
    assert [at for at, _, _ in coming(site)][:2] == ["01-16 08:00", "02-01 09:00"]
    before = None
    for at in ("2026-01-15T12:00", "2026-01-16T07:59", "2026-01-16T08:00", "2026-02-01T08:59", "2026-02-01T09:00"):
        assert site.build(f"{at}:00+00:00").ok
        same = before == site.tree()
        assert same == (at in ("2026-01-16T07:59", "2026-02-01T08:59")), at
        before = site.tree()


def test_the_schedule_is_told_to_people_and_machines(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.story("europe/soon.md", date="2026-02-01T09:00").story("europe/later.md", date="2026-03-01")
    asked = ["schedule", "-s", str(site.folder), "--at", "2026-01-15T12:00+00:00"]
    assert cli.main(asked) == 0
    assert capsys.readouterr().out == "2026-02-01T09:00:00+00:00  content/europe/soon.md is published\n"
    assert cli.main([*asked, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["next"], len(told["changes"])) == ("2026-02-01T09:00:00+00:00", 4)
    assert cli.main(["schedule", "-s", str(site.folder), "--at", "2027-01-15T12:00+00:00"]) == 0
    assert capsys.readouterr().out == "nothing will change by itself\n"


# --- verification --------------------------------------------------------------------------------------------------


def test_a_site_that_is_as_a_clean_build_makes_it_passes(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.story("europe/a.md").story("europe/b.md")
    assert cli.main(["-s", str(site.folder), "--verify", "-q", "--at", NOW.isoformat()]) == 0
    site.edit("content/europe/a.md", "A few words", "Other words")
    assert cli.main(["-s", str(site.folder), "--verify=50%", "--at", NOW.isoformat()]) == 0
    assert "compared with a clean build: 0 files differ" in capsys.readouterr().out


def test_a_file_that_differs_is_named_with_its_first_bytes(site: Site) -> None:
    site.story("europe/a.md")
    site.good()
    page = site.output / "europe/2025/04/a/index.html"
    data = page.read_bytes()
    page.write_bytes(data[:40] + b"#" + data[41:])
    (site.output / "robots.txt").unlink()
    request = Request(site=str(site.folder), now=NOW)
    result = verification.verify(request, 1.0, lambda *_: lambda _: None)
    found = {difference.path: difference for difference in result.differences}
    assert found.keys() == {"europe/2025/04/a/index.html", "robots.txt"}
    first = found["europe/2025/04/a/index.html"]
    assert (first.offset, first.published[:1], first.clean[:1]) == (40, b"#", data[40:41])
    assert found["robots.txt"].offset == -1


@pytest.mark.parametrize("share", [1.0, 0.01])
def test_a_file_that_is_lost_is_found_whatever_share_is_looked_at(site: Site, share: float) -> None:
    site.story("europe/a.md", "![A ferry](p.png)").write("content/europe/p.png", png(400, 300))
    site.good()
    lost = [path for path in site.tree() if path.startswith(("pictures/", "europe/2025/04/a/"))]
    for path in lost:
        (site.output / path).unlink()
    result = verification.verify(Request(site=str(site.folder), now=NOW), share, lambda *_: lambda _: None)
    assert sorted(difference.path for difference in result.differences) == sorted(lost)


def test_a_picture_that_differs_is_named(site: Site) -> None:
    site.story("europe/a.md", "![A ferry](p.png)").write("content/europe/p.png", png(400, 300))
    site.good()
    picture = next((site.output / "pictures").glob("*.jpg"))
    picture.write_bytes(picture.read_bytes()[:-2] + b"##")
    result = verification.verify(Request(site=str(site.folder), now=NOW), 1.0, lambda *_: lambda _: None)
    assert [difference.path for difference in result.differences] == [f"pictures/{picture.name}"]


def test_a_build_that_verifies_a_difference_ends_with_code_3(
    site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A build mends what was tampered with, so that only a fault of its own can be found: here, one is planted."""
    site.story("europe/a.md")
    site.good()
    monkeypatch.setattr(Keyed, "others", lambda self, _known, **_: Some(self, []))  # nothing is to be made
    monkeypatch.setattr("broadsheet.building.Build.publish", lambda _self, _target: _Nothing())
    monkeypatch.setattr("broadsheet.building.Build.save", lambda _self: None)
    monkeypatch.setattr("broadsheet.building.Build.remember", lambda *_: None)
    site.edit("content/europe/a.md", "A few words", "Other words")
    assert cli.main(["-s", str(site.folder), "--verify", "--at", NOW.isoformat()]) == 3
    assert "europe/2025/04/a/index.html: byte " in capsys.readouterr().err
    assert cli.main(["-s", str(site.folder), "--verify", "--format", "json", "--at", NOW.isoformat()]) == 3
    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], told["exit_code"], told["verified"]["checked"] > 10) == (False, 3, True)
    assert told["verified"]["differences"][0].keys() == {"path", "offset", "published", "clean"}


class _Nothing:
    written = unchanged = deleted = 0
