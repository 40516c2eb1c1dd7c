"""Which lists a build plans again and which it takes over from the last one, and that none of them is out of date."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from newsroom import BASE_URL, NOW
from twins import Later, Twins, toolchain
from two_regions import twins

from broadsheet import building, carried, output, sitemapping, sitemaps
from broadsheet.groups import Group
from broadsheet.model import Planned

__all__ = ["twins"]


def test_only_the_lists_of_stories_that_have_changed_are_planned(twins: Twins) -> None:
    for n, (topic, author) in enumerate((("Grain", "Ada"), ("Harbours", "Bob"), ("Dams", "Cem"))):
        twins.site.story(f"asia/t{n}.md", f"Of {topic}.", date=f"2025-11-1{n}", topics=[topic], authors=[author])
    twins.check()
    planned: list[str] = []
    real = carried.Lists.planned

    def noted(lists: carried.Lists, group: Group) -> Iterator[Planned]:
        planned.append(group.name)
        return real(lists, group)

    for month in (10, 12):
        twins.site.story(f"asia/m{month}.md", "Moved.", date=f"2025-{month}-11", aliases=[f"/old/{month}/"])
    twins.check()
    with patch.object(carried.Lists, "planned", noted):
        twins.site.story("europe/new.md", "A bridge.", date="2025-12-20", topics=["Grain"], authors=["Bob"])
        twins.site.good(NOW, door=Later)
    twins.check()
    assert set(planned) == {
        *("pages of topics grain", "feeds of /topics/grain/", "pages of author bob", "feeds of /authors/bob/"),
        *("archive of month 24311 europe", "sitemap of 2025-12", "redirects of month 24311"),
    }


@pytest.mark.parametrize("place", ["topics/grain/index.html", "authors/bob/feed.xml", "asia/2025/11/index.html"])
def test_a_list_that_was_taken_over_is_made_again_where_its_file_is_lost(twins: Twins, place: str) -> None:
    twins.site.story("asia/t.md", "Of grain.", date="2025-11-10", topics=["Grain"], authors=["Bob"])
    twins.check()
    (twins.site.output / place).unlink()
    twins.site.story("europe/new.md", "A bridge.", date="2025-12-20")
    done = twins.changes()
    assert place in done.touched


def test_the_files_of_a_plan_keep_their_order_whether_their_lists_are_planned_or_taken_over(twins: Twins) -> None:
    """What others link to is published before them."""
    twins.site.story("asia/t.md", "Of grain.", date="2025-11-10", topics=["Grain"], authors=["Bob"])
    twins.check()
    shutil.rmtree(twins.site.output)
    twins.site.story("europe/new.md", "A bridge.", date="2025-12-20")
    found: list[tuple[list[str], list[str], list[str]]] = []
    real = building.Build.find_dirty

    def noted(build: building.Build, target: output.Output) -> None:
        real(build, target)
        wanted = [planned.path for planned in build._plan()]
        found.append((wanted, list(build._planned.key_of), list(build._dirty.paths)))

    with patch.object(building.Build, "find_dirty", noted):
        twins.site.good(NOW, door=Later)
    ((wanted, every, dirty),) = found
    assert every == dirty == wanted


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("a page", "has the same address as the page of the topic Grain: /topics/grain/"),
        ("a file", "topics is also a folder, needed by the page of the topic Art"),
    ],
)
def test_what_is_new_where_a_list_that_was_taken_over_stands_is_an_error(twins: Twins, what: str, told: str) -> None:
    """Of several lists the first one of the plan is told of, though it is another one that was taken over."""
    twins.site.story("asia/s.md", "Of art.", date="2025-11-09", topics=["Art"])
    twins.site.story("asia/t.md", "Of grain.", date="2025-11-10", topics=["Grain"])
    twins.check()
    if what == "a page":
        twins.site.story("europe/new.md", "A bridge.", date="2025-12-20", topics=["Art"], aliases=["/topics/grain/"])
    else:
        twins.site.story("europe/new.md", "A bridge.", date="2025-12-20", topics=["Art"])
        twins.site.write("static/topics", "a file")
    for full in (False, True):
        built = twins.site.build(NOW, Later, full=full)
        assert [told in finding.message for finding in built.errors] == [True], built.told()


def test_lists_that_overflow_into_year_archives_stay_exact(tmp_path: Path) -> None:
    """More than 30 stories of one region, author, topic and series, over three years, each with a correction."""
    twins = Twins(tmp_path)
    site = twins.site

    def story(n: int, **matter: Any) -> None:
        given = {"title": f"Story {n}", "date": f"{2023 + n % 3}-{n % 12 + 1:02}-{n % 28 + 1:02}", **matter}
        site.story(
            f"europe/s{n}.md",
            f"Of the dam, as in {n}.",
            authors=["Ada"],
            topics=["Energy"],
            series="Dams",
            corrections=[{"date": f"{2024 + n % 2}-12-{n % 28 + 1:02}", "kind": "note", "text": f"Note {n}"}],
            **given,
        )

    with toolchain(0):
        for n in range(30):
            story(n)
        full = twins.changes()
        assert not [path for path in full.changed if path.startswith("topics/energy/20")]
        for n in (30, 31):
            story(n)
            twins.check()
        assert {"topics/energy/2024/index.html", "corrections/2024/index.html", "authors/ada/2023/index.html"} <= set(
            site.tree()
        )
        story(4, title="Retitled")
        twins.check()
        story(4, date="2020-02-02")
        twins.check()
        site.edit("content/europe/s5.md", "Note 5", "Another note")
        twins.check()
        site.edit("content/europe/s7.md", "Energy", "energy")
        twins.check()
        for n in (4, 30, 31):
            site.remove(f"content/europe/s{n}.md")
        twins.check()
        assert not [path for path in site.tree() if path.startswith("topics/energy/20")]


@pytest.mark.parametrize(
    ("story", "instants"),
    [
        (
            {"date": "2024-10-27T02:30:00+02:00", "updated": "2024-10-27T02:15:00+01:00"},
            ["2024-10-27T00:50:00Z", "2024-10-27T01:15:00Z", "2024-10-27T03:00:00Z"],
        ),
        (
            {"date": "2024-10-27T02:45:00+02:00"},
            ["2024-10-27T00:30:00Z", "2024-10-27T01:15:00Z", "2024-10-27T01:50:00Z"],
        ),
        (
            {"date": "2024-10-27T02:10:00+01:00"},
            ["2024-10-29T01:05:00Z", "2024-10-29T01:10:00Z", "2024-10-29T01:15:00Z"],
        ),
        (
            {"date": "2024-03-30T02:30:00+01:00"},
            ["2024-03-31T12:00:00Z", "2024-04-01T01:15:00Z", "2024-04-01T01:45:00Z"],
        ),
    ],
    ids=["an update in the hour that comes twice", "news of it", "news that leave after it", "news over a lost hour"],
)
def test_sitemaps_tell_instants_apart_where_clocks_are_turned(
    twins: Twins, story: dict[str, str], instants: list[str]
) -> None:
    twins.configure(timezone="Europe/Berlin")
    twins.site.story("europe/hours.md", "Of hours.", **story)
    for at in instants:
        twins.check(at)


def test_a_story_of_before_1970_was_changed_when_it_was_published(twins: Twins) -> None:
    twins.site.story("europe/old.md", "Of old.", date="1965-04-09")
    twins.check()
    sitemap = (twins.site.output / "sitemaps/1965-04.xml").read_text(encoding="utf-8")
    assert re.findall("<lastmod>(....-..-..)", sitemap) == ["1965-04-09", "1965-04-09"]  # its own, and the archive's


def test_what_is_too_much_for_one_file_of_a_sitemap_is_cut_and_stays_exact(twins: Twins) -> None:
    """The protocol allows 50,000 addresses a file; here 4, of which the stories of a month take 2 at the most."""
    with patch.object(sitemaps, "MAX_URLS", 4), patch.object(sitemapping, "_IN_FILE", 2):
        twins.site.story("europe/topics.md", "Of topics.", date="2025-11-20", topics=["Dams", "Grain"])
        for stories in (13, 14, 12):  # of one month
            for n in (13, 14):
                if n <= stories:
                    twins.site.story(f"asia/n{n}.md", f"Of the {n}th.", date=f"2025-12-{n + 7}")
                else:
                    (twins.site.folder / f"content/asia/n{n}.md").unlink(missing_ok=True)
            twins.check()
            held = {path: located(twins, path) for path in located(twins, "sitemap.xml")}
            assert max(map(len, held.values())) == 4  # with the month's archives of both regions
            assert sum(path.startswith("sitemaps/2025-12") for path in held) == (stories + 1) // 2
            assert sum(path.startswith("sitemaps/pages") for path in held) > 1
            urls = [url for some in held.values() for url in some]
            assert len(set(urls)) == len(urls)
            assert sum("/2025/12/" in url and not url.endswith("/12/") for url in urls) == stories


def located(twins: Twins, path: str) -> list[str]:
    """The addresses that a file of the sitemap names, from the site's root."""
    told = re.findall("<loc>(.*?)</loc>", (twins.site.output / path).read_text(encoding="utf-8"))
    return [url.removeprefix(BASE_URL) for url in told]
