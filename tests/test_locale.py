"""Dates, numbers, lists and capitals in several languages, and interface strings that are complete in three."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
import yaml
from babel import Locale
from babel.localedata import locale_identifiers
from examples import some
from hypothesis import given
from hypothesis import strategies as st
from theme_samples import SOURCES

from broadsheet import locale
from broadsheet.errors import ContentError
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


# --- interface strings ---------------------------------------------------------------------------------------------


def own(lang: str) -> dict[str, object]:
    return yaml.load(SOURCES[f"locales/{lang}.yaml"], Loader=yaml.BaseLoader)  # noqa: S506  # makes text only


@pytest.mark.parametrize("lang", ["tr", "ar"])
def test_a_language_has_every_string_with_the_same_places_to_fill(lang: str) -> None:
    english, other = own("en"), own(lang)
    assert list(other) == list(english)
    for key, text in english.items():
        if isinstance(text, str):
            assert _places(other[key]) == _places(text), key
            assert other[key], key
        elif not set(text) <= CATEGORIES:  # type: ignore[arg-type]  # a group
            assert list(other[key]) == list(text), key  # type: ignore[call-overload]  # a group
            assert all(other[key].values()), key  # type: ignore[attr-defined]  # a group


@pytest.mark.parametrize("lang", ["en", "tr", "ar"])
def test_plural_forms_are_the_languages_own(lang: str) -> None:
    categories = set(Locale.parse(lang).plural_form.rules) | {"other"}
    for key, value in own(lang).items():
        if isinstance(value, dict) and set(value) <= CATEGORIES:
            assert set(value) == categories, key
            assert "{n}" in value["other"]


def test_the_templates_use_every_string_and_only_strings_that_exist() -> None:
    text = "".join(source for name, source in SOURCES.items() if name.endswith(".html"))
    used = set(re.findall(r"\bt\.(\w+)", text))
    # In breadcrumbs, titles of archives, and within the texts of stories.
    for_python = {"home", "archive_of", "table", "footnotes", "footnote_back"}
    assert used | for_python == set(own("en"))


def test_a_missing_string_comes_from_the_base_language_and_then_from_english() -> None:
    sources = {
        "locales/en.yaml": "home: Home\nlive: Live\nlabels: {opinion: Opinion, review: Review}\n"
        "n: {one: '{n} day', other: '{n} days'}",
        "locales/tr.yaml": "home: Ana sayfa\nlabels: {opinion: Görüş}\nn: {other: '{n} gün'}",
        "locales/tr-CY.yaml": "home: Giriş",
    }
    found = locale.strings("tr-CY", sources)
    assert (found["home"], found["live"]) == ("Giriş", "Live")
    assert found["labels"] == FrozenMap({"opinion": "Görüş", "review": "Review"})
    assert found["n"] == FrozenMap({"other": "{n} gün"})  # forms of two languages are never mixed
    assert locale.strings("xx", sources)["home"] == "Home"


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("home: Home\nhome: Again", 2, "a second time"),
        ("home: Home\nlabels: {a: {b: c}}", 2, "must be a text"),
        ("- a\n- b", 1, "keys with their texts"),
        ("home: Home\nlive: [", 2, "not readable YAML"),
        ("home: Home\nn: {one: a day}", 2, "need the form “other”"),
        ("home: &a {x: *a}", 1, ""),
        ("\x00", 0, "not readable YAML"),
    ],
)
def test_a_broken_locale_file_is_a_finding_at_its_place(text: str, line: int, expected: str) -> None:
    with pytest.raises(ContentError) as caught:
        locale.strings("en", {"locales/en.yaml": text})
    (found,) = caught.value.diagnostics
    assert (found.path, found.code) == ("templates/locales/en.yaml", "template")
    assert found.line in (line, line + 1)
    assert expected in found.message


def _places(text: object) -> list[str]:
    return sorted(re.findall(r"\{\w+\}", str(text)))
