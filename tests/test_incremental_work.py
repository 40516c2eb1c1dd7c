"""What a build between editions has to do: exactly which files are made, and which are written."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from examples import some
from newsroom import NOW, png
from twins import CONFIG, Twins, toolchain
from two_regions import story, twins

from broadsheet.model import Article
from broadsheet.teasers import Articles

__all__ = ["twins"]


ALL_FORMATS = {**CONFIG, "feeds": {"limit": 3, "formats": ["rss", "atom", "json"]}}


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


@pytest.mark.parametrize("what", some(APART, 2))
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


# --- what is told --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("goes", ["a", "b", "c"])
def test_what_is_not_clear_among_translations_is_told_as_it_is_now(twins: Twins, goes: str) -> None:
    for name in "abc":
        twins.site.story(f"asia/{name}.md", date="2025-11-02", translation_key="dam", lang="tr")
    twins.check()
    twins.site.remove(f"content/asia/{goes}.md")
    twins.check()


def test_a_warning_whose_hint_has_changed_is_told_once(tmp_path: Path) -> None:
    """The page is made again for another reason than its story, which is as it was."""
    twins = Twins(tmp_path)
    twins.site.story("asia/c.md", "See [this](/asia/e.md).", date="2025-12-10").story("europe/e.md")
    twins.site.story("asia/b.md", date="2025-12-09", title="Before")
    with toolchain(0):
        first = [finding for finding in twins.check().warnings if finding.code == "broken-link"]
        assert [finding.hint for finding in first] == ["did you mean /europe/e.md?"]
        twins.site.remove("content/europe/e.md").edit("content/asia/b.md", "Before", "Formerly")
        second = [finding for finding in twins.check().warnings if finding.code == "broken-link"]
        assert len(second) == 1
        assert "/europe/e.md" not in second[0].hint
