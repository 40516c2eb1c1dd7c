"""What a build between editions has to do: exactly which files are made, and which are written."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from examples import some
from newsroom import NOW, Site, png
from twins import CONFIG, Later, Twins, toolchain

from broadsheet import building, carried, output
from broadsheet.groups import Group
from broadsheet.model import Article, Planned
from broadsheet.teasers import Articles

ALL_FORMATS = {**CONFIG, "feeds": {"limit": 3, "formats": ["rss", "atom", "json"]}}


@pytest.fixture
def twins(tmp_path: Path) -> Iterator[Twins]:
    """Two regions; the stories of each stand four days apart, oldest first, and have nothing in common."""
    made = Twins(tmp_path)
    for n in range(6):
        for region in ("asia", "europe"):
            word = f"{region}{'abcdef'[n]}"
            made.site.story(f"{region}/s{n}.md", f"Of {word} and no {word} more.", title=word, date=f"2025-12-{n + 10}")
    with toolchain(0):
        made.check()
        yield made


def story(region: str, name: str, month: str = "2025/12") -> str:
    return f"{region}/{month}/{name}/index.html"


def test_a_build_without_changes_makes_and_writes_nothing(twins: Twins) -> None:
    for _ in range(2):
        done = twins.changes()
        assert (done.rendered, done.written, done.deleted) == (0, 0, 0)
        assert not done.touched


def test_what_was_only_touched_makes_and_writes_nothing(twins: Twins) -> None:
    twins.site.write("static/a.txt", "a").write("templates/partials/footer.html", "<footer>Ours</footer>")
    twins.check()
    for path in twins.site.folder.rglob("*"):
        if path.is_file() and "output" not in path.parts and ".broadsheet" not in path.parts:
            os.utime(path)
    done = twins.changes()
    assert (done.rendered, done.written) == (0, 0)


def test_an_edit_of_an_old_body_makes_that_story_alone(twins: Twins) -> None:
    """Its words, its terms and its length stay: nothing else shows any of it."""
    twins.site.edit("content/europe/s1.md", "no europeb more", "not more europeb")
    done = twins.changes()
    assert done.changed == done.touched == {story("europe", "s1")}
    assert done.rendered == done.written == 1


def test_an_edit_of_a_new_body_makes_the_story_and_the_feeds_that_carry_it(twins: Twins) -> None:
    twins.site.edit("content/europe/s5.md", "no europef more", "not more europef")
    done = twins.changes()
    assert done.changed == done.touched == {story("europe", "s5"), "europe/feed.xml", "feed.xml"}
    assert done.rendered == done.written == 3


def test_feeds_without_texts_are_not_written_for_an_edit_of_a_body(twins: Twins) -> None:
    twins.configure({**CONFIG, "feeds": {"limit": 3, "content": "standfirst"}})
    twins.check()
    twins.site.edit("content/europe/s5.md", "no europef more", "not more europef")
    done = twins.changes()
    assert done.changed == done.touched == {story("europe", "s5")}
    assert done.written == 1


def test_a_new_headline_is_written_where_it_stands_and_nowhere_else(twins: Twins) -> None:
    twins.site.edit("content/europe/s2.md", 'europec"', 'Retitled"')
    done = twins.changes()
    rails = {story("europe", f"s{n}") for n in (3, 4, 5)}  # of three headlines, "previous" among them
    recommended = {path for path in done.changed if path.startswith("asia/")}  # as near in time as any other
    assert done.changed - recommended == {
        story("europe", "s2"),
        story("europe", "s1"),  # its "next"
        story("europe", "s0"),  # among the region's first, whose rails are filled up
        *rails,
        "europe/index.html",
        "europe/2025/12/index.html",
        "fragments/explore/europe.txt",
        "index.html",
    }
    assert recommended <= {story("asia", f"s{n}") for n in (3, 4, 5)}
    assert done.touched == done.changed


@pytest.mark.parametrize("archive", [0, 40])
def test_publishing_the_newest_story_writes_what_shows_it_at_any_size_of_the_archive(
    twins: Twins, archive: int
) -> None:
    for n in range(archive):
        twins.site.story(f"europe/old{n}.md", f"Old story {n}.", date=f"2024-{n % 12 + 1:02}-{n % 28 + 1:02}")
    twins.check()
    twins.site.story("europe/new.md", "Of something else.", date=NOW.isoformat())
    done = twins.changes()
    assert (
        done.changed
        == done.touched
        == {
            story("europe", "new", "2026/01"),
            story("europe", "s5"),  # its "next"
            "europe/index.html",
            "europe/2026/01/index.html",
            "europe/2025/12/index.html",  # the first story of a month: the month before gets a link to it
            "fragments/explore/europe.txt",
            "index.html",
            "europe/feed.xml",
            "feed.xml",
            "sitemaps/2026-01.xml",
            "sitemap.xml",
            "news-sitemap.xml",
        }
    )
    assert done.rendered == done.written == len(done.changed)
    twins.site.story("europe/newer.md", "Of another thing.", date="2026-01-15T11:59")
    again = twins.changes()
    assert len(again.changed) <= 12
    assert again.rendered - len(again.changed) <= 2
    twins.site.remove("content/europe/newer.md")
    gone = twins.changes()
    assert gone.gone == {story("europe", "newer", "2026/01")}
    assert gone.changed == again.changed - gone.gone


def test_publishing_with_topics_and_an_author_and_every_feed_writes_a_bounded_number_of_files(twins: Twins) -> None:
    twins.configure(ALL_FORMATS)
    for n in range(6):
        twins.site.story(f"europe/t{n}.md", topics=["A", "B", "C"], authors=["Ada"], date=f"2025-12-{n + 20}")
    twins.check()
    twins.site.story("europe/new.md", topics=["A", "B", "C"], authors=["Ada"], date="2025-12-28")
    done = twins.changes()
    named = ("topics/a", "topics/b", "topics/c", "authors/ada")
    assert done.changed == {
        story("europe", "new"),
        story("europe", "t5"),  # its "next"
        *("europe/index.html", "europe/2025/12/index.html", "fragments/explore/europe.txt", "index.html"),
        *(f"{of}index.html" for of in ("topics/a/", "topics/b/", "topics/c/", "authors/ada/")),
        *(f"{of}feed.{kind}" for of in ("", "europe/", *(f"{n}/" for n in named)) for kind in ("xml", "atom", "json")),
        *("sitemaps/2025-12.xml", "sitemap.xml"),
    }
    assert len(done.changed) <= 32
    assert done.touched == done.changed
    assert done.rendered == done.written == len(done.changed)


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


def test_a_late_story_changes_the_rails_of_those_after_it_only(twins: Twins) -> None:
    twins.site.story("europe/late.md", "Of something else.", date="2025-12-11T12:00")
    done = twins.changes()
    pages = {path for path in done.changed if path.startswith("europe/2025/12/s")}
    assert pages == {story("europe", f"s{n}") for n in (0, 1, 2, 3, 4)}  # among the region's first: their rails, too
    assert done.touched == done.changed


def test_an_embargo_that_ends_is_a_publication_though_no_file_was_edited(twins: Twins) -> None:
    twins.site.story("europe/held.md", "Of something else.", date="2026-01-10", embargo="2026-01-15T13:00")
    done = twins.changes()
    assert (done.rendered, done.written) == (0, 0)
    done = twins.changes("2026-01-15T13:00")
    assert story("europe", "held", "2026/01") in done.changed
    assert len(done.changed) <= 12
    done = twins.changes("2026-01-15T12:59")
    assert story("europe", "held", "2026/01") in done.gone


def test_a_clock_that_moves_over_nothing_writes_nothing(twins: Twins) -> None:
    done = twins.changes("2026-02-20T12:00")
    assert (done.written, done.touched) == (0, set())


def test_a_partial_dirties_the_pages_that_include_it_and_no_others(twins: Twins) -> None:
    packaged = Path(__file__).resolve().parent.parent / "templates/partials/explore.html"
    twins.site.write("templates/partials/explore.html", packaged.read_text(encoding="utf-8") + "<!-- -->")
    done = twins.changes()
    wanted = {story(region, f"s{n}") for region in ("asia", "europe") for n in range(6)}
    assert done.changed == done.touched == wanted
    assert done.written == len(wanted)
    assert done.rendered == len(wanted) + 1  # _headers, which a script in any template would change


def test_a_replaced_picture_writes_its_variants_and_the_pages_that_name_them(twins: Twins) -> None:
    twins.site.write("content/asia/p.png", png(60, 40))
    twins.site.story("asia/old.md", "A picture.", date="2025-01-02", image={"src": "p.png", "alt": "x"})
    twins.check()
    twins.site.write("content/asia/p.png", png(60, 40, "gold"))
    done = twins.changes()
    variants = {path for path in done.changed if path.startswith("pictures/")}
    assert len(done.gone) == len(variants) > 0
    assert done.changed == done.touched
    assert done.changed - variants == {
        story("asia", "old", "2025/01"),
        *("asia/2025/01/index.html", "asia/index.html", "sitemaps/2025-01.xml"),
    }
    assert done.rendered == done.written == len(done.changed)


def test_a_story_that_goes_takes_its_page_and_changes_what_showed_it(twins: Twins) -> None:
    twins.site.remove("content/europe/s5.md")
    done = twins.changes()
    assert done.gone == {story("europe", "s5")}
    assert done.deleted == 1
    assert done.changed == done.touched
    assert done.changed == {
        story("europe", "s4"),  # it had a "next"
        *("europe/index.html", "europe/2025/12/index.html", "fragments/explore/europe.txt", "index.html"),
        *("europe/feed.xml", "feed.xml", "sitemaps/2025-12.xml"),
    }
    assert done.rendered == done.written == len(done.changed)


def test_a_new_date_moves_a_story(twins: Twins) -> None:
    twins.site.edit("content/europe/s5.md", "2025-12-15", "2025-11-15")
    done = twins.changes()
    assert done.gone == {story("europe", "s5")}
    assert done.changed == done.touched
    assert done.changed == {
        story("europe", "s5", "2025/11"),
        story("europe", "s4"),  # it had a "next"
        *(story("europe", f"s{n}") for n in (0, 1, 2)),  # now it stands in their rails
        story("asia", "s0"),  # it recommends what is nearest in time
        *("europe/index.html", "europe/2025/11/index.html", "europe/2025/12/index.html"),
        *("fragments/explore/europe.txt", "index.html", "europe/feed.xml", "feed.xml"),
        *("sitemaps/2025-11.xml", "sitemaps/2025-12.xml", "sitemap.xml"),
    }
    assert done.rendered == done.written == len(done.changed)


def test_a_publication_in_inline_mode_makes_every_page_of_its_region_and_no_other(twins: Twins) -> None:
    twins.configure({**CONFIG, "rails": {"explore": {"limit": 3, "mode": "inline"}, "recommended": {"limit": 0}}})
    twins.check()
    twins.site.story("europe/new.md", "Of something else.", date="2025-12-28")
    done = twins.changes()
    assert done.changed == done.touched
    assert done.changed == {
        *(story("europe", f"s{n}") for n in range(6)),
        story("europe", "new"),
        *("europe/index.html", "europe/2025/12/index.html", "index.html", "europe/feed.xml", "feed.xml"),
        *("sitemaps/2025-12.xml", "sitemap.xml"),
    }
    assert done.rendered == done.written == len(done.changed)


@pytest.mark.parametrize("how", ["another version", "a setting that no page shows"])
def test_what_every_page_depends_on_makes_all_and_writes_what_differs(twins: Twins, how: str) -> None:
    """Here nothing does."""
    if how != "another version":
        twins.configure({**CONFIG, "params": {"colour": "blue"}})
    with toolchain(2 if how == "another version" else 0):
        done = twins.changes()
    assert done.rendered == len(twins.site.tree())
    assert (done.written, done.deleted, done.touched) == (0, 0, set())


@pytest.mark.parametrize("how", ["longer", "same size", "same size and time", "lost"])
def test_a_file_of_the_output_that_was_meddled_with_is_made_again_alone(twins: Twins, how: str) -> None:
    place = twins.site.output / story("europe", "s3")
    before, data = place.stat(), place.read_bytes()
    if how == "lost":
        place.unlink()
    else:
        place.write_bytes(data + b"!" if how == "longer" else data[:-1] + b"!")
    if how == "same size and time":
        os.utime(place, ns=(before.st_atime_ns, before.st_mtime_ns))
    done = twins.changes()
    assert (done.rendered, done.written, done.touched) == (1, 1, {story("europe", "s3")})


def test_files_of_the_output_that_were_only_touched_are_looked_at_once_and_left_alone(twins: Twins) -> None:
    os.utime(twins.site.output / "index.html", ns=(0, 0))
    done = twins.changes()
    assert (done.rendered, done.written) == (1, 0)
    assert twins.changes().rendered == 0


def test_without_its_state_a_build_makes_all_and_writes_nothing(twins: Twins) -> None:
    pages = len(twins.site.tree())
    shutil.rmtree(twins.site.folder / ".broadsheet")
    done = twins.changes()
    assert done.rendered == pages
    assert (done.written, done.touched) == (0, set())
    assert twins.changes().rendered == 0


def test_files_that_are_published_as_they_are_are_read_again_only_where_they_were_changed(twins: Twins) -> None:
    twins.site.write("static/report.pdf", b"%PDF one").write("content/europe/data.csv", "a,b")
    twins.site.story("europe/linked.md", "See [data](data.csv).", date="2025-12-01")
    twins.check()
    read: list[str] = []

    class Noted(Later):
        def read(self, path: str) -> bytes:
            read.append(path)
            return super().read(path)

    twins.site.story("europe/new.md", "A bridge.", date="2025-12-20")
    twins.check(door=Noted)
    assert {"static/report.pdf", "content/europe/data.csv"}.isdisjoint(read)
    assert "content/europe/new.md" in read
    place = twins.site.folder / "static/report.pdf"
    before = place.stat()
    place.write_bytes(b"%PDF two")
    os.utime(place, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert twins.changes().touched == {"report.pdf"}


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


APART: dict[str, tuple[str, dict[str, Any]]] = {
    "links to a file": ("See [the report](report.pdf).", {}),
    "has corrections": (
        "Words.",
        {"corrections": [{"date": "2024-05-03T10:00:00Z", "kind": "correction", "text": "It was two."}]},
    ),
    "is unlisted": ("Words.", {"unlisted": True}),
    "is withdrawn": ("Words.", {"status": "withdrawn"}),
    "has expired": ("Words.", {"expires": "2025-12-01T00:00:00Z"}),
    "has picks": ("Words.", {"related": ["later-0.md"], "related_exclude": ["later-1.md"]}),
    "has a former address": ("Words.", {"aliases": ["/old/"]}),
}


@pytest.mark.parametrize("what", APART)
def test_a_publication_elsewhere_makes_no_story_for_what_it_has(twins: Twins, what: str) -> None:
    body, matter = APART[what]
    twins.site.write("content/asia/report.pdf", "%PDF one")
    twins.site.story("asia/apart.md", body, date="2024-05-02", **matter)
    for n in range(8):  # it stands in no list that the publication reaches
        twins.site.story(f"asia/later-{n}.md", date="2025-11-02")
    twins.check()
    made: set[str] = set()
    real = Articles.at

    def noted(articles: Articles, index: int) -> Article:
        article = real(articles, index)
        made.add(article.path)
        return article

    twins.site.story("europe/new.md", "A bridge.", date="2025-12-20")
    twins.mutation = lambda: patch.object(Articles, "at", noted)
    twins.check()
    assert "content/europe/new.md" in made
    assert "content/asia/apart.md" not in made


FILES: dict[str, Callable[[Site], object]] = {
    "it is another one": lambda site: site.write("content/asia/report.pdf", "%PDF two"),
    "it goes": lambda site: site.remove("content/asia/report.pdf"),
    "another one comes": lambda site: site.write("content/asia/coming.pdf", "%PDF"),
    "the first story that links to it goes": lambda site: site.remove("content/asia/first.md"),
    "an older story links to it": lambda site: site.story("asia/old.md", "[It](report.pdf)", date="2025-10-01"),
    "the first story that links to it has another address": lambda site: site.story(
        "asia/first.md", "[It](report.pdf)", date="2025-11-02", slug="another"
    ),
    "the first story that links to it is unlisted": lambda site: site.story(
        "asia/first.md", "[It](report.pdf)", date="2025-11-02", unlisted=True
    ),
    "a hidden one goes": lambda site: site.remove("content/asia/secret/in.pdf"),
    "it is in a bundle that is hidden": lambda site: site.story("asia/bundle/index.md", date="2025-11-02", draft=True),
}


@pytest.mark.parametrize("what", some(FILES, 2))
def test_what_changes_of_a_linked_file_is_seen(twins: Twins, what: str) -> None:
    site = twins.site
    twins.configure({**CONFIG, "checks": {"unknown-page": "warn"}})
    site.write("content/asia/report.pdf", "%PDF one").write("content/asia/bundle/in.pdf", "%PDF in")
    site.story("asia/bundle/index.md", date="2025-11-02").story("asia/secret/index.md", draft=True)
    site.write("content/asia/secret/in.pdf", "%PDF").story("asia/fourth.md", "[It](secret/in.pdf)", date="2025-11-05")
    site.story("asia/first.md", "[It](report.pdf)", date="2025-11-02")
    site.story("asia/second.md", "[It](report.pdf), [one](coming.pdf)", date="2025-11-03")
    site.story("europe/third.md", "[It](../asia/report.pdf), [other](../asia/bundle/in.pdf)", date="2025-11-04")
    twins.check()
    FILES[what](site)
    twins.check()
    site.story("europe/new.md", "A bridge.", date="2025-12-20")
    twins.check()


@pytest.mark.parametrize("goes", ["a", "b", "c"])
def test_what_is_not_clear_among_translations_is_told_as_it_is_now(twins: Twins, goes: str) -> None:
    for name in "abc":
        twins.site.story(f"asia/{name}.md", date="2025-11-02", translation_key="dam", lang="tr")
    twins.check()
    twins.site.remove(f"content/asia/{goes}.md")
    twins.check()
