"""Addresses: slugs in any script, base URLs, the file behind an address, and what no file may be called."""

from __future__ import annotations

import os
import posixpath
import unicodedata
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from broadsheet import locale, urls

# --- slugs ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lang", "slug"),
    [
        ("Istanbul talks", "en", "istanbul-talks"),
        ("İSTANBUL’DA IĞDIR", "tr", "istanbulda-ığdır"),
        ("TITLE", "tr", "tıtle"),
        ("GSA's  new — plan!", "en", "gsas-new-plan"),
        ("  --a--b--  ", "en", "a-b"),
        ("snake_case stays", "en", "snake_case-stays"),
        ("مباحثات السلام", "ar", "مباحثات-السلام"),
        ("東京 2025", "ja", "東京-2025"),
        ("हिन्दी समाचार", "hi", "हिन्दी-समाचार"),
        ("Cafe\u0301", "en", "café"),
        ("..", "en", ""),
        ("!?", "en", ""),
    ],
)
def test_a_slug_keeps_letters_of_any_script(text: str, lang: str, slug: str) -> None:
    assert urls.slugify(locale.fold(text, lang)) == slug


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("c++", "cplusplus"),
        ("c#", "csharp"),
        ("lgbtq+", "lgbtqplus"),
        ("#metoo", "metoo"),
        ("europe + asia", "europe-asia"),
        ("c# and f#", "csharp-and-fsharp"),
    ],
)
def test_signs_behind_a_letter_tell_names_apart(name: str, slug: str) -> None:
    assert urls.slugify(name, signs=True) == slug
    assert urls.slugify(name) == slug.replace("plus", "").replace("sharp", "")


@given(st.text(max_size=60))
@example("\u0301a")
@example("a\u00adb")
def test_a_slug_is_safe_settled_and_nothing_but_words_and_hyphens(text: str) -> None:
    slug = urls.slugify(locale.fold(text, "en"))
    assert slug == urls.slugify(slug)
    assert slug == unicodedata.normalize("NFC", slug)
    assert not set(slug) & set("/\\.:?#%&<>\"' \0\n")
    assert not slug.startswith("-")
    assert not slug.endswith("-")
    assert "--" not in slug


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("2025-04-09-talks", ("2025-04-09", "talks")),
        ("2025-04-09_talks", ("2025-04-09", "talks")),
        ("2025-04-09 talks", ("2025-04-09", "talks")),
        ("2025-04-09", ("2025-04-09", "")),
        ("2025-04-09talks", ("", "2025-04-09talks")),
        ("2025-04-talks", ("", "2025-04-talks")),
        ("talks-2025-04-09", ("", "talks-2025-04-09")),
    ],
)
def test_a_date_at_the_start_of_a_name_is_split_off(name: str, found: tuple[str, str]) -> None:
    assert urls.split_date(name) == found


def test_a_permalink_is_filled_in_from_the_date_as_it_stands() -> None:
    date = datetime(987, 4, 9, 23, 59, tzinfo=ZoneInfo("Europe/Istanbul"))
    assert (
        urls.expand("/{region}/{yyyy}/{mm}/{dd}/{slug}/", region="asia", date=date, slug="x") == "/asia/0987/04/09/x/"
    )


# --- base URLs -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base_url", "href", "absolute"),
    [
        ("https://example.org/", "/a%20b/", "https://example.org/a%20b/"),
        ("https://example.org", "/a%20b/", "https://example.org/a%20b/"),
        ("https://example.org/news/", "/news/a%20b/", "https://example.org/news/a%20b/"),
        ("https://example.org:8000/x/y", "/x/y/a%20b/", "https://example.org:8000/x/y/a%20b/"),
        ("", "/a%20b/", "/a%20b/"),
    ],
)
def test_addresses_are_printed_under_the_base_url(base_url: str, href: str, absolute: str) -> None:
    base = urls.base(base_url)
    assert base.href("/a b/") == href
    assert base.absolute("/a b/") == absolute


def test_the_home_page_under_a_prefix_keeps_its_slash() -> None:
    assert urls.base("https://example.org/news").href("/") == "/news/"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40))
@example("//evil.example/")
@example("a?b#c%20")
def test_a_printed_address_means_the_path_and_nothing_else(name: str) -> None:
    href = urls.base("https://example.org/p/").href("/a/" + name)
    assert href.isascii()
    assert not set(href) & set(' "<>`{}|\\^\n\r\t')
    parts = urlsplit("https://example.org" + href)
    assert unquote(parts.path) == "/p/a/" + name
    assert not parts.query
    assert not parts.fragment


# --- files ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("/", "index.html"),
        ("/a/b/", "a/b/index.html"),
        ("/a/b", "a/b/index.html"),
        ("/a/b.html", "a/b.html"),
        ("/feed.xml", "feed.xml"),
        ("/v1.2/notes", "v1.2/notes/index.html"),
    ],
)
def test_the_file_behind_an_address(url: str, path: str) -> None:
    assert urls.output_path(url) == path


@pytest.mark.parametrize(
    ("one", "other"),
    [("Straße", "STRASSE"), ("caf\u00e9", "cafe\u0301"), ("CAF\u00c9", "cafe\u0301"), ("a/B.html", "A/b.html")],
)
def test_paths_that_some_system_takes_for_one_have_one_key(one: str, other: str) -> None:
    assert urls.collision_key(one) == urls.collision_key(other)


@given(st.text(max_size=30))
@example("\u0345\u0300")  # the order of marks changes under case folding
@example("\u1fb3\u0301")
def test_the_key_of_a_path_does_not_depend_on_its_spelling(text: str) -> None:
    key = urls.collision_key(text)
    assert urls.collision_key(unicodedata.normalize("NFD", text)) == key
    assert urls.collision_key(unicodedata.normalize("NFC", text)) == key
    assert urls.collision_key(key) == key


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", ".git", ".htaccess", "a\0b", "a\nb", "a\\b", "a:b", "a*b", 'a"b', "a<b", "a|b", "a?b"),
        *("con", "NUL", "com1.html", "Lpt9", "aux.txt", " a", "a ", "a.", "a" * 241, "é" * 121, "a\u2028b", "\ud800"),
    ],
)
def test_names_that_some_file_system_or_host_refuses(name: str) -> None:
    assert urls.unsafe_name(name)
    assert urls.unsafe("a/" + name + "/index.html")


@pytest.mark.parametrize(
    "name", ["a", "index.html", "görüşme", "مباحثات", "a-b_c.d", "console", "con-artist", "a" * 240]
)
def test_names_that_are_fine_everywhere(name: str) -> None:
    assert urls.unsafe_name(name) == ""
    assert urls.unsafe("x/" + name) == ""


def test_a_path_may_be_long_but_not_too_long() -> None:
    name = "a" * 200
    assert urls.unsafe("/".join([name] * 8)) == ""
    assert "1800 bytes" in urls.unsafe("/".join([name] * 9))


def test_the_wellknown_folder_may_begin_with_a_dot() -> None:
    assert urls.unsafe(".well-known/security.txt") == ""


@given(st.text(max_size=30))
@example("../../etc/passwd")
@example("/etc/passwd")
@example("a//b")
def test_a_path_that_is_not_refused_stays_in_the_folder_and_can_be_written(path: str) -> None:
    if not urls.unsafe(path):
        assert not posixpath.isabs(path)
        assert posixpath.normpath(path) == path
        assert ".." not in path.split("/")
        os.fsencode(path)


@given(st.text(alphabet=st.characters(exclude_characters="/"), min_size=1, max_size=12))
def test_a_slug_that_is_not_refused_is_a_name_that_this_system_takes(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    if not urls.unsafe_name(name):
        place = tmp_path_factory.getbasetemp() / name
        place.write_bytes(b"")
        assert name in {entry.name for entry in Path(place.parent).iterdir()}
        place.unlink()
