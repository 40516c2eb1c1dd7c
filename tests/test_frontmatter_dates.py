"""Front matter: dates, their zones, and hours that clocks skip or show twice."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matters import ISTANBUL, story

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2025-04-09", "2025-04-09T00:00:00+03:00"),
        ("2025-04-09 16:30", "2025-04-09T16:30:00+03:00"),
        ("2025-04-09T16:30:05", "2025-04-09T16:30:05+03:00"),
        ("2025-04-09T16:30:05.25", "2025-04-09T16:30:05.250000+03:00"),
        ("2025-04-09T16:30:05.123456789", "2025-04-09T16:30:05.123456+03:00"),
        ("2025-04-09T13:30:00Z", "2025-04-09T16:30:00+03:00"),
        ("2025-04-09t13:30z", "2025-04-09T16:30:00+03:00"),
        ("2025-04-09T09:30:00-04:00", "2025-04-09T16:30:00+03:00"),
        ("2025-04-09 09:30:00 -0400", "2025-04-09T16:30:00+03:00"),
        ("2025-04-09 15:30+02", "2025-04-09T16:30:00+03:00"),
        ("'2025-04-09'", "2025-04-09T00:00:00+03:00"),
        ("2015-02-01", "2015-02-01T00:00:00+02:00"),
    ],
)
def test_dates_are_iso_8601_in_the_zone_of_the_site(written: str, expected: str) -> None:
    date = story(f"title: T\ndate: {written}\n")[0]
    assert date is not None
    assert date.date is not None
    assert date.date.isoformat() == expected
    assert date.date.tzinfo is ISTANBUL


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("2026-02-30", "30 February 2026 does not exist"),
        ("2025-02-29", "29 February 2025 does not exist"),
        ("2026-13-01", "no month 13"),
        ("2026-04-00", "0 April 2026 does not exist"),
        ("0205-04-09", "the year 0205 is out of range"),
        ("9999-12-31", "out of range"),
        ("2026-04-09 24:00", "24:00:00 does not exist"),
        ("2026-04-09 12:60", "does not exist"),
        ("2016-12-31T23:59:60Z", "23:59:60 does not exist"),
        ("2026-04-09T12:00+25:00", "no time zone"),
        ("2026-04-09T12:00+03:75", "no time zone"),
        ("tomorrow", "must be a date"),
        ("09.04.2026", "must be a date"),
        ("2026-04-09T", "must be a date"),
        ("2026-04-09 3pm", "must be a date"),
        ("1744210800", "must be a date"),
        ("२०२५-०४-०९", "must be a date"),
        ("false", "must be a date"),
        ("[2026-04-09]", "must be text"),
    ],
)
def test_impossible_dates_are_named(written: str, words: str) -> None:
    matter, found = story(f"title: T\ndate: {written}\n")
    (diagnostic,) = found
    assert (diagnostic.line, diagnostic.column) == (3, 7)
    assert diagnostic.code == ("value" if written.startswith("[") else "date")
    assert words in diagnostic.message
    assert matter is not None
    assert matter.date is None


def test_a_loose_date_gets_its_strict_form_as_hint() -> None:
    assert story("title: T\ndate: 2025/4/9\n")[1][0].hint == "Write 2025-04-09."


def test_a_time_that_clocks_skip_moves_forward_with_a_warning() -> None:
    matter, found = story("title: T\ndate: 2025-03-09 02:30\n", zone=NEW_YORK)
    assert [d.code for d in found] == ["dst-gap"]
    assert matter is not None
    assert matter.date is not None
    assert matter.date.isoformat() == "2025-03-09T03:30:00-04:00"
    assert "2025-03-09T03:30-04:00" in found[0].hint


def test_a_time_that_clocks_show_twice_is_the_first_with_a_warning() -> None:
    matter, found = story("title: T\ndate: 2025-11-02 01:30\n", zone=NEW_YORK)
    assert [d.code for d in found] == ["dst-overlap"]
    assert matter is not None
    assert matter.date is not None
    assert matter.date.isoformat() == "2025-11-02T01:30:00-04:00"


def test_a_zone_settles_what_clocks_show_twice() -> None:
    for written in ("2025-11-02T01:30-04:00", "2025-11-02T01:30-05:00"):
        matter, found = story(f"title: T\ndate: {written}\n", zone=NEW_YORK)
        assert not found
        assert matter is not None
        assert matter.date is not None
        assert matter.date.isoformat(timespec="minutes") == written


def test_a_day_that_begins_in_a_gap_begins_when_clocks_do() -> None:
    matter, found = story("title: T\ndate: 2018-11-04\n", zone=ZoneInfo("America/Sao_Paulo"))
    assert not found
    assert matter is not None
    assert matter.date is not None
    assert matter.date.isoformat() == "2018-11-04T01:00:00-02:00"


@pytest.mark.parametrize("path", ["content/europe/2025-04-09-talks.md", "content/europe/2025-04-09-talks/index.md"])
def test_the_date_may_come_from_the_name_of_the_file(path: str) -> None:
    matter, found = story("title: T\n", path=path)
    assert not found
    assert matter is not None
    assert matter.date == datetime(2025, 4, 9, tzinfo=ISTANBUL)
    own, _ = story("title: T\ndate: 2024-01-01\n", path=path)
    assert own is not None
    assert own.date == datetime(2024, 1, 1, tzinfo=ISTANBUL)


def test_an_impossible_date_in_a_file_name_is_told_once() -> None:
    _, found = story("title: T\n", path="content/europe/2025-02-30-talks.md")
    assert [(d.line, d.code) for d in found] == [(0, "date")]
    assert "30 February 2025" in found[0].message


@given(
    st.datetimes(datetime(1000, 1, 1), datetime(9998, 12, 31)),  # noqa: DTZ001  # wall-clock times
    st.sampled_from(["Europe/Istanbul", "America/New_York", "Australia/Lord_Howe", "Africa/Monrovia", "UTC"]),
)
def test_any_wall_clock_time_becomes_one_that_exists(local: datetime, name: str) -> None:
    zone = ZoneInfo(name)
    matter, found = story(f"title: T\ndate: {local.isoformat()}\n", zone=zone)
    assert matter is not None
    assert matter.date is not None
    assert matter.date.astimezone(UTC).astimezone(zone).replace(fold=0) == matter.date.replace(fold=0)
    if not found:
        assert matter.date.replace(tzinfo=None) == local
    elif found[0].code == "dst-gap":
        assert matter.date.replace(tzinfo=None) > local


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("2026-5-6", "Write 2026-05-06."),
        ("2026/05/06", "Write 2026-05-06."),
        ("2026-05-06 10:00 PM", "Write 2026-05-06 22:00."),
        ("2026-05-06 12:30 a.m.", "Write 2026-05-06 00:30."),
        ("2026-5-6 22:00", "Write 2026-05-06 22:00."),
        ("2026.05.06, 9.30", "Write 2026-05-06 09:30."),
        ("2026/05/06 22:00:15", "Write 2026-05-06 22:00:15."),
        ("2026-05-06 22:00 +0300 EEST", "Write 2025-04-09, 2025-04-09 16:30 or"),
        ("2026-05-06 noon", "Write 2025-04-09, 2025-04-09 16:30 or"),
        ("2026-05-06 13:00 PM", "Write 2025-04-09, 2025-04-09 16:30 or"),
        ("2025/31/12", "Write 2025-04-09, 2025-04-09 16:30 or"),
        ("2025-2-30", "Write 2025-04-09, 2025-04-09 16:30 or"),
        ("2025-4-9 24:00", "Write 2025-04-09, 2025-04-09 16:30 or"),
        ("2025-04-09 7:99 pm", "Write 2025-04-09, 2025-04-09 16:30 or"),
    ],
)
def test_the_hint_for_a_loose_date_keeps_its_hour(written: str, hint: str) -> None:
    """Whoever follows it must not publish a story hours before its time."""
    (finding,) = story(f"title: T\ndate: 2025-04-09\nembargo: {written}\n")[1]
    assert finding.hint.startswith(hint)
