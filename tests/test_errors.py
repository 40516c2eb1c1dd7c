"""Findings: how they print, how severities are judged, and which word was probably meant."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.errors import (
    CODES,
    BroadsheetError,
    ConfigError,
    ContentError,
    Diagnostic,
    OutputError,
    UsageError,
    closest,
    judge,
)
from broadsheet.files import LockedError

HERE = Diagnostic("content/a.md", 3, 8, "is wrong", "value", "write it right", "title: wrong")


def test_a_finding_prints_place_message_code_excerpt_with_caret_and_hint() -> None:
    assert HERE.format().splitlines() == [
        "content/a.md:3:8: is wrong [value]",
        "    3 | title: wrong",
        "      |        ^",
        "    hint: write it right",
    ]


def test_a_warning_says_so_and_a_finding_about_a_whole_file_has_no_line() -> None:
    finding = Diagnostic("content/a.md", 0, 0, "is odd", "value", severity="warn")
    assert finding.format() == "content/a.md: warning: is odd [value]"


@given(st.text(min_size=1, max_size=400), st.integers(1, 400), st.integers(1, 9999))
def test_an_excerpt_is_printable_of_bounded_length_and_its_caret_stands_under_its_character(
    text: str, column: int, line: int
) -> None:
    column = min(column, len(text))
    finding = Diagnostic("a.md", line, column, "m", "value", "", text)
    printed = finding.format().split("\n")
    assert len(printed) == 3
    source, caret = printed[1], printed[2]
    assert source.isprintable()
    assert len(source) < 130
    expected = text[column - 1]
    assert source[caret.index("^")] == (expected if expected.isprintable() else " ")


def test_findings_sort_by_path_line_and_column() -> None:
    places = [("b", 1, 1), ("a", 2, 1), ("a", 1, 9), ("a", 1, 2)]
    error = ContentError(Diagnostic(path, line, column, "m", "value") for path, line, column in places)
    assert [(d.path, d.line, d.column) for d in error.diagnostics] == sorted(places)
    assert str(error).count("[value]") == 4


# --- severities ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(CODES))
@pytest.mark.parametrize("wish", ["error", "warn"])
def test_checks_set_every_severity_but_those_that_guard_readers_and_sources(code: str, wish: str) -> None:
    (judged,) = judge([Diagnostic("a", 1, 1, "m", code)], {code: wish})  # type: ignore[dict-item]  # one of the two
    assert judged.severity == (CODES[code].severity if CODES[code].guarded else wish)


@pytest.mark.parametrize("code", ["url-collision", "unsafe-path", "hidden-key", "duplicate-key", "hidden-link", "yaml"])
def test_what_protects_readers_and_sources_is_guarded(code: str) -> None:
    assert CODES[code].guarded


def test_a_finding_made_twice_is_told_once() -> None:
    assert len(judge([HERE, HERE], {})) == 1


def test_a_code_that_is_not_registered_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        judge([Diagnostic("a", 1, 1, "m", "no-such-code")], {})


def test_every_code_in_the_source_is_registered_and_every_registered_code_is_used() -> None:
    package = Path(__file__).parent.parent / "broadsheet"
    texts = {
        word
        for file in package.rglob("*.py")
        if file.name != "errors.py"
        for word in re.findall(r"[\"']([a-z0-9-]+)[\"']", file.read_text(encoding="utf-8"))
    }
    assert not [code for code in CODES if code not in texts]


# --- exit codes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BroadsheetError("x"), 1),
        (ContentError([HERE]), 1),
        (OutputError("x"), 1),
        (ConfigError([HERE]), 2),
        (UsageError("x"), 2),
        (LockedError("x"), 4),
    ],
)
def test_each_kind_of_failure_has_its_exit_code(error: BroadsheetError, code: int) -> None:
    assert error.exit_code == code


# --- did you mean --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "meant"),
    [("darft", "draft"), ("titel", "title"), ("DESCRIPTION", "description"), ("xyzzy", None), ("", None)],
)
def test_the_nearest_word_is_offered_where_one_is_near(word: str, meant: str | None) -> None:
    assert closest(word, ["title", "draft", "description", "date"]) == meant


def test_what_is_offered_is_spelled_as_it_exists() -> None:
    assert closest("türkiye.md", ["Türkiye.md", "Asia.md"]) == "Türkiye.md"
