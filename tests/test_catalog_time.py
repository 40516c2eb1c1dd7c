"""When stories, pages and corrections appear: hours, zones, and clocks that are turned."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from newsroom import Site


@pytest.mark.parametrize(("embargo", "published"), [("2025-04-08", "2025-04-09"), ("2025-04-10", "2025-04-10")])
def test_a_story_comes_out_at_the_later_of_date_and_embargo(site: Site, embargo: str, published: str) -> None:
    site.story("eu/a.md", date="2025-04-09", embargo=embargo).story("eu/b.md", date="2025-04-01")
    built = site.build(at=f"{published}T00:00:00Z")
    assert not built.of("not-public")
    site.good(at=f"{published}T00:00:00+00:00")
    day_before = f"{published[:-2]}{int(published[-2:]) - 1:02}T23:59:59+00:00"
    finding = site.build(at=day_before).one("not-public")
    assert published in finding.message
    assert f"`{'date' if published > embargo else 'embargo'}:`" in finding.hint
    assert not site.has("/eu/2025/04/a/")


def test_a_plain_page_of_the_future_is_held_back_like_a_story(site: Site) -> None:
    site.write("content/pages/about.md", "---\ntitle: About\ndate: 2026-02-01\naliases: [/us/]\n---\nUs.\n")
    site.story("eu/a.md", "[us](../pages/about.md)")
    built = site.build()
    assert built.one("not-public").where() == "content/pages/about.md:3:1"
    assert "2026-02-01 00:00" in built.one("not-public").message
    assert built.one("hidden-link").path == "content/eu/a.md"
    assert not site.has("/about/")
    assert not site.has("/us/")
    site.good(at="2026-02-01T00:00:00+00:00")
    assert site.has("/about/")
    assert site.has("/us/")


def test_corrections_and_updates_of_the_future_are_not_told_yet(site: Site) -> None:
    notes = [
        {"date": "2025-05-01", "kind": "correction", "text": "An earlier slip."},
        {"date": "2026-02-01", "kind": "correction", "text": "A later slip."},
    ]
    site.story("eu/a.md", updated="2026-03-01", corrections=notes).good()
    for url in ("/eu/2025/04/a/", "/corrections/"):
        assert "An earlier slip." in site.page(url)
    for path, data in site.tree().items():
        for word in (b"A later slip.", b"2026-02-01", b"2026-03-01"):
            assert word not in data, path
    assert '"dateModified": "2025-05-01' in site.page("/eu/2025/04/a/").replace('":"', '": "')
    site.good(at="2026-02-01T00:00:00+00:00")
    assert "A later slip." in site.page("/eu/2025/04/a/")


def test_a_scheduled_story_appears_when_its_hour_has_come_with_no_file_edited(site: Site) -> None:
    site.configure(timezone="Europe/Istanbul")
    site.story("europe/soon.md", date="2026-02-01T06:00")
    before = site.build(at="2026-02-01T05:59")
    assert before.ok
    assert before.codes() == ["not-public"]
    assert "2026-02-01 06:00 (Europe/Istanbul)" in before.one("not-public").message
    assert not [path for path in site.tree() if "soon" in path]
    site.good(at="2026-02-01T06:00")
    assert site.has("/europe/2026/02/soon/")


def test_an_instant_without_a_zone_is_in_the_sites(site: Site) -> None:
    site.configure(timezone="America/New_York")
    site.story("europe/soon.md", date="2026-02-01T06:00")
    assert site.build(at=datetime(2026, 2, 1, 10, 59, tzinfo=UTC)).codes() == ["not-public"]
    site.good(at=datetime(2026, 2, 1, 6, 0))  # noqa: DTZ001  # what this test is about
    site.good(at=datetime(2026, 2, 1, 11, 0, tzinfo=UTC))


def test_dates_and_addresses_are_in_the_sites_zone(site: Site) -> None:
    site.configure(timezone="Asia/Tokyo")
    site.story("asia/late.md", date="2025-04-30T20:00:00Z")
    site.good()
    page = site.page("/asia/2025/05/late/")
    assert "2025-05-01T05:00:00+09:00" in page
    assert "May 1, 2025" in page


def test_a_story_in_the_hour_that_comes_twice_is_the_first_with_a_warning(site: Site) -> None:
    site.configure(timezone="Europe/Berlin")
    site.story("europe/twice.md", date="2025-10-26T02:30")
    built = site.build()
    assert built.codes() == ["dst-overlap"], built.told()
    assert "2025-10-26T02:30:00+02:00" in site.page("/europe/2025/10/twice/")


def test_a_story_in_the_hour_that_does_not_exist_is_after_the_gap_with_a_warning(site: Site) -> None:
    site.configure(timezone="Europe/Berlin")
    site.story("europe/gap.md", date="2025-03-30T02:30")
    built = site.build()
    assert built.codes() == ["dst-gap"], built.told()
    page = site.page("/europe/2025/03/gap/")
    assert "2025-03-30T03:30:00+02:00" in page


def test_stories_of_a_month_that_comes_once_more_are_ranked_in_true_order(site: Site) -> None:
    """At 0:01 of 1 November 2009 clocks in Newfoundland went back to 23:01 of 31 October."""
    site.configure(timezone="America/St_Johns")
    hours = ["2009-10-31T23:50-02:30", "2009-11-01T00:00:30-02:30", "2009-10-31T23:30-03:30", "2009-11-01T00:30-03:30"]
    for n, hour in enumerate(hours):
        site.story(f"europe/s{n}.md", f"Ferry and harbour, {n}.", date=hour)
    site.good()
    site.edit("content/europe/s0.md", "Ferry and harbour", "Storm over the river")
    site.good()
    first = site.tree()
    site.good(full=True)
    assert site.tree() == first


def test_both_sides_of_the_repeated_hour_stand_in_true_order(site: Site) -> None:
    site.configure(timezone="Europe/Berlin")
    site.story("europe/earlier.md", date="2025-10-26T02:50:00+02:00")
    site.story("europe/later.md", date="2025-10-26T02:10:00+01:00")
    site.good()
    front = site.page("/europe/")
    assert front.index("/later/") < front.index("/earlier/")
