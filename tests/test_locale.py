"""Dates, numbers, lists and capitals in several languages, and interface strings that are complete in three."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from babel import Locale
from babel.localedata import locale_identifiers
from examples import some
from hypothesis import given
from hypothesis import strategies as st

from broadsheet import locale
from broadsheet.frozen import FrozenMap

DAY = date(2025, 4, 9)
CATEGORIES = {"zero", "one", "two", "few", "many", "other"}


@pytest.mark.parametrize(
    ("lang", "long", "full", "month", "day"),
    [
        ("en", "April 9, 2025", "Wednesday, April 9, 2025", "April 2025", "9 Wed"),
        ("en-GB", "9 April 2025", "Wednesday, 9 April 2025", "April 2025", "Wed 9"),
        ("tr", "9 Nisan 2025", "9 Nisan 2025 Çarşamba", "Nisan 2025", "9 Çar"),
        ("ar", "9 أبريل 2025", "الأربعاء، 9 أبريل 2025", "أبريل 2025", "الأربعاء، 9"),
    ],
)
def test_dates_are_written_as_the_language_writes_them(lang: str, long: str, full: str, month: str, day: str) -> None:
    assert locale.format_date(DAY, lang) == long
    assert locale.format_date(DAY, lang, "full") == full
    assert locale.format_month(DAY, lang) == month
    assert locale.format_day(DAY, lang) == day


def test_a_time_is_told_in_its_own_zone() -> None:
    istanbul = timezone(timedelta(hours=3))
    evening = datetime(2025, 4, 9, 23, 45, tzinfo=istanbul)
    assert locale.format_time(evening, "tr") == "23:45"
    assert locale.format_time(evening, "en") == "11:45\u202fPM"
    assert locale.format_date(evening, "en") == "April 9, 2025"
    assert locale.format_date(datetime(2025, 4, 10, 1, 45, tzinfo=istanbul), "en") == "April 10, 2025"
    assert locale.format_time(evening.astimezone(UTC), "tr") == "20:45"


def test_numbers_and_lists_follow_the_language() -> None:
    assert [locale.format_number(12345, lang) for lang in ("en", "tr")] == ["12,345", "12.345"]
    names = ("A", "B", "C")
    assert [locale.join_names(names, lang) for lang in ("en", "tr", "ar")] == ["A, B and C", "A, B ve C", "A وB وC"]
    assert locale.join_names(names[:2], "en") == "A and B"
    assert locale.join_names(names[:1], "en") == "A"


@pytest.mark.parametrize("lang", ["xx", "crh", "en-XX", "", "not a tag", '"><script>', "tr_TR", "zh-Hant-TW"])
def test_an_unknown_language_falls_back_and_never_fails(lang: str) -> None:
    assert "2025" in locale.format_date(DAY, lang)
    assert locale.plural(2, FrozenMap({"other": "{n} x"}), lang) == "2 x"
    assert locale.direction(lang) == "ltr"


@pytest.mark.parametrize(
    ("n", "category"), [(0, "zero"), (1, "one"), (2, "two"), (3, "few"), (11, "many"), (100, "other")]
)
def test_arabic_has_six_plurals(n: int, category: str) -> None:
    assert locale.plural(n, FrozenMap({name: name for name in CATEGORIES}), "ar") == category


# --- capitals ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "text", "capitals"),
    [
        ("tr", "Türkiye", "TÜRKİYE"),
        ("tr", "ışık", "IŞIK"),
        ("az", "dil", "DİL"),
        ("crh", "qırım", "QIRIM"),
        ("en", "Istanbul", "ISTANBUL"),
        ("de", "Straße", "STRASSE"),
        ("lt", "i̇̀", "Ì"),
        ("el", "Μάιος", "ΜΑΪΟΣ"),
        ("el", "άυλος ή ΐδιος", "ΑΫΛΟΣ Ή ΪΔΙΟΣ"),
        ("el", "οι Έλληνες", "ΟΙ ΕΛΛΗΝΕΣ"),
    ],
)
def test_capitals_follow_the_language(lang: str, text: str, capitals: str) -> None:
    import unicodedata

    assert unicodedata.normalize("NFC", locale.upper(text, lang)) == capitals


@pytest.mark.parametrize(
    ("lang", "text", "small"),
    [("tr", "ISPARTA İZMİR", "ısparta izmir"), ("en", "İSTANBUL", "istanbul"), ("en", "ISTANBUL", "istanbul")],
)
def test_small_letters_follow_the_language(lang: str, text: str, small: str) -> None:
    assert locale.lower(text, lang) == small


@given(st.text(st.sampled_from("abcçdeğhıijkstuüvyzİIŞ ")))
def test_turkish_case_goes_both_ways(text: str) -> None:
    capitals = locale.upper(text, "tr")
    assert not set(capitals) & set("iı")
    assert locale.lower(capitals, "tr") == locale.lower(text, "tr")
    assert locale.fold(capitals, "tr") == locale.fold(text, "tr")


def test_folding_joins_what_only_case_parts() -> None:
    assert locale.fold("STRASSE", "de") == locale.fold("Straße", "de")
    assert locale.fold("ΟΔΟΣ", "el") == locale.fold("οδος", "el")


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("Türkiye", "en", "tr"),
        ("Diyarbakır", "en", "tr"),
        ("Türkiye", "tr", "tr"),
        ("Bakı", "az", "az"),
        ("München", "en", "en"),
        ("Iceland", "en", "en"),
    ],
)
def test_a_turkish_name_asks_for_turkish_capitals(text: str, lang: str, expected: str) -> None:
    assert locale.casing(text, lang) == expected


def test_the_direction_is_the_one_that_cldr_gives() -> None:
    for tag in some(sorted(locale_identifiers()), 8):
        if tag.startswith("mn_Mong"):  # written from top to bottom, which neither word describes
            continue
        expected = Locale.parse(tag).text_direction
        assert locale.direction(tag.replace("_", "-")) == expected, tag
    assert [locale.direction(tag) for tag in ("az-Arab", "ar-Latn", "AR", "ku-Arab-IQ")] == ["rtl", "ltr", "rtl", "rtl"]
