"""Instants of any year are printed so that machines can read them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsroom import Site

from broadsheet.templates.filters import FILTERS
from broadsheet.xmlwriter import iso

ZONES = ("Europe/Istanbul", "Africa/Monrovia", "Europe/Amsterdam", "Asia/Kathmandu", "America/New_York", "UTC")


@given(
    st.integers(-11_000_000_000, 4_000_000_000).map(
        lambda second: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
    ),
    st.sampled_from(ZONES),
)
def test_a_stamp_has_whole_minutes_from_utc_and_is_the_same_instant(when: datetime, zone: str) -> None:
    local = when.astimezone(ZoneInfo(zone))
    for text in (iso(local), FILTERS["isodate"](local)):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", str(text)), text
        assert datetime.fromisoformat(str(text)) == when


def test_a_day_is_a_day() -> None:
    assert FILTERS["isodate"](date(1905, 3, 1)) == "1905-03-01"


@pytest.mark.parametrize("zone", ZONES)
def test_no_stamp_of_an_old_story_has_seconds_in_its_offset(site: Site, zone: str) -> None:
    site.configure("feeds: {formats: [rss, atom, json]}\n", timezone=zone)
    site.story("eu/a.md", date="1905-03-01 10:00").good()
    for path, data in site.tree().items():
        assert not re.search(rb"[+-]\d\d:\d\d:\d\d\b|[+-]\d{6}\b", data), path
    (stamp,) = re.findall(r"<item>.*<pubDate>(.*?)</pubDate>", site.page("/feed.xml"), re.DOTALL)
    then = datetime(1905, 3, 1, 10, tzinfo=ZoneInfo(zone))
    assert abs(parsedate_to_datetime(stamp) - then) < timedelta(seconds=1)


def test_a_day_that_clocks_skip_is_told_with_the_day_that_is_read(site: Site) -> None:
    site.configure(timezone="Pacific/Apia").story("eu/a.md", date="2011-12-30 12:00")
    assert "it is read as 2011-12-31 12:00" in site.build().one("dst-gap").message
