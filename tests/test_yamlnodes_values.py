"""Nodes of YAML to values and text: what each kind accepts, and what a reader can see of a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yaml_trees import read

from broadsheet.errors import CODES
from broadsheet.frozen import FrozenMap
from broadsheet.yamlnodes import Findings, Mapping, Scalar, values
from broadsheet.yamlnodes.text import clean

# --- values --------------------------------------------------------------------------------------------------------


def value(reader: values.Reader[Findings, object], text: str) -> tuple[object, list[str]]:
    tree, findings = read(f"key: {text}")
    assert isinstance(tree, Mapping), [d.message for d in findings.found]
    result = reader(findings, tree.entries[0][1], "key")
    return result, [d.code for d in findings.found]


@pytest.mark.parametrize("text", ["yes", "no", "on", "off", "True", "1", "y", "", "[true]", "truth"])
def test_only_true_and_false_are_booleans(text: str) -> None:
    assert value(values.boolean, text) == (None, ["value"])
    assert value(values.boolean, "true") == (True, [])
    assert value(values.boolean, "false") == (False, [])


def test_the_hint_of_a_boolean_says_what_to_write() -> None:
    findings = Findings("a", "")
    values.boolean(findings, Scalar("yes", 1, 1, True), "draft")
    assert findings.found[0].hint == "Write draft: true"


@pytest.mark.parametrize("text", ["010", "1.0", "1e3", "0x10", "five", "21", "-1", "९", "9" * 5000, "[1]"])
def test_whole_numbers_are_bounded_and_plain(text: str) -> None:
    assert value(values.integer(0, 20), text) == (None, ["value"])
    assert value(values.integer(0, 20), "20") == (20, [])


def test_a_word_out_of_a_list_gets_a_suggestion() -> None:
    findings = Findings("a", "")
    values.choice("opinion", "analysis")(findings, Scalar("Opinon", 1, 1, True), "label")
    assert findings.found[0].hint == "Did you mean `opinion`?"


def test_an_item_that_comes_twice_is_kept_once_with_a_warning() -> None:
    assert value(values.items(values.text), "[a, b, a]") == (("a", "b"), ["duplicate-item"])
    assert CODES["duplicate-item"].severity == "warn"


def test_a_single_item_needs_no_list_unless_it_holds_commas() -> None:
    assert value(values.items(values.text), "Kristen Honey, PhD") == (("Kristen Honey, PhD",), [])
    assert value(values.items(values.text, commas=False), "a, b") == (None, ["value"])
    assert value(values.items(values.text), "{a: b}") == (None, ["value"])
    assert value(values.items(values.text), "[a, ~]") == (("a",), ["value"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("true", True),
        ("FALSE", False),
        ("yes", "yes"),
        ("010", 10),
        ("0o17", 15),
        ("0xff", 255),
        ("-3", -3),
        ("1.10", 1.1),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("12:30:45", "12:30:45"),
        ("2026-01-01", "2026-01-01"),
        ("null", None),
        ('"null"', "null"),
        ("'1'", "1"),
        ("1_000", "1_000"),
        ("[a, [1]]", ("a", (1,))),
        ("{a: {b: no}}", FrozenMap({"a": FrozenMap({"b": "no"})})),
    ],
)
def test_free_values_have_yaml_1_2_core_types(text: str, expected: object) -> None:
    result, codes = value(values.core, text)
    assert (result, codes) == (expected, [])
    assert type(result) is type(expected)


@pytest.mark.parametrize("text", [".inf", "-.INF", ".nan", "1e999", "9" * 40])
def test_numbers_without_a_canonical_form_are_refused(text: str) -> None:
    assert value(values.core, text) == (None, ["value"])


@pytest.mark.parametrize(
    ("written", "usual"),
    [("en", "en"), ("TR", "tr"), ("pt-br", "pt-BR"), ("ZH-hant-tw", "zh-Hant-TW"), ("es-419", "es-419")],
)
def test_language_tags_are_put_in_their_usual_case(written: str, usual: str) -> None:
    assert value(values.language, written) == (usual, [])


@pytest.mark.parametrize("written", ["en_US", "english language", "e", "en-", "-en", "en--US", "türk", "abcdefghi"])
def test_malformed_language_tags_are_refused(written: str) -> None:
    assert value(values.language, written) == (None, ["value"])


@pytest.mark.parametrize(
    "path",
    [
        "a",
        "https://x.org/a",
        "//x.org",
        "/../x",
        "/a/./b",
        "/%2e%2e/x",
        "/a?b",
        "/a#b",
        "/a\\\\b",
        "/%2Fx",
        "/%ff",
        "/a\u200bb",
    ],
)
def test_site_paths_stay_on_the_site(path: str) -> None:
    assert value(values.site_path, f'"{path}"') == (None, ["value"])


def test_site_paths_are_decoded_and_normalised() -> None:
    assert value(values.site_path, '"/caf%65%CC%81/"') == ("/café/", [])


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "ftp://x.org",
        "https:///x",
        "http://[x",
        "https://a b",
        "x.org",
        "https://u:p@x.org/",
        "http://x:y/",
    ],
)
def test_only_web_addresses_are_web_addresses(url: str) -> None:
    assert value(values.http_url, f'"{url}"') == (None, ["value"])
    assert value(values.http_url, "https://x.org/a?b=c#d") == ("https://x.org/a?b=c#d", [])


# --- text ----------------------------------------------------------------------------------------------------------


def cleaned(text: str) -> tuple[str, list[str]]:
    findings = Findings("a.md", "")
    return clean(findings, Scalar(text, 1, 1, False), text, "title"), [d.code for d in findings.found]


@pytest.mark.parametrize(
    ("text", "expected", "codes"),
    [
        ("  AT&T & sons; ok ", "AT&T & sons; ok", []),
        ("Q&amp;A", "Q&A", ["html-entity"]),
        ("U&#46;S&#x2e;", "U.S.", ["html-entity"]),
        ("&lt;script&gt;", "<script>", ["html-entity"]),
        ("&amp;amp;", "&amp;", ["html-entity"]),
        ("&nosuch; thing", "&nosuch; thing", []),
        ("a&#8203;b", "ab", ["html-entity", "invisible-character"]),
        ("a\u200bb\ufeff", "ab", ["invisible-character"]),
        ("a\u2028b", "a b", ["invisible-character"]),
        ("so\u00adft and no\u00a0break", "so\u00adft and no\u00a0break", []),
        ("می\u200cخواهم 👩\u200d💻", "می\u200cخواهم 👩\u200d💻", []),
        ("\u2067שלום\u2069 x", "\u2067שלום\u2069 x", []),
        ("a\u202ecod.exe", "acod.exe", ["invisible-character"]),
        ("\u2067a\u202cb\u2069", "ab", ["invisible-character"]),
        ("e\u0301", "é", []),
        ("one\n  two\tthree", "one two three", []),
        (
            "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
            "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
            [],
        ),
        ("a\U000e0068\U000e0069", "a", ["invisible-character"]),
        ("\u200b", "", ["invisible-character"]),
    ],
)
def test_text_is_what_a_reader_can_see(text: str, expected: str, codes: list[str]) -> None:
    assert cleaned(text) == (expected, codes)


@given(st.text(st.characters(codec=None), max_size=60))
def test_cleaning_settles_and_never_raises(text: str) -> None:
    once, _ = cleaned(text)
    assert "\n" not in once
    assert "\0" not in once
    if "&" not in once:
        assert cleaned(once) == (once, [])
