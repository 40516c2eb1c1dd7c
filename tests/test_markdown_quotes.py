"""Typographic marks: by language, in context, never inside code, links as typed or escapes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.markdown import Options, render
from broadsheet.markdown.quotes import STYLES, typeset


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("en", "She said “no, ‘never’” twice"),
        ("tr", "She said “no, ‘never’” twice"),
        ("de", "She said „no, ‚never‘“ twice"),
        ("fr", "She said «\u202fno, “never”\u202f» twice"),
        ("ar", "She said «no, ‹never›» twice"),
        ("es-MX", "She said «no, “never”» twice"),
        ("sv", "She said ”no, ’never’” twice"),
        ("xx", "She said “no, ‘never’” twice"),
    ],
)
def test_quotes_follow_the_language(lang: str, expected: str) -> None:
    assert typeset("She said \"no, 'never'\" twice", lang) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("don't", "don’t"),
        ("the '90s", "the ’90s"),
        ('\'tis "so"', "’tis “so”"),
        ("Turkey's \"red line's\" end", "Turkey’s “red line’s” end"),
        ('("yes")', "(“yes”)"),
        ('"No," he said, "never."', "“No,” he said, “never.”"),
        ("\"'Yes,' he said\"", "“‘Yes,’ he said”"),
        ('"This paragraph goes on', "“This paragraph goes on"),
        ('a 5" gun', 'a 5" gun'),
        ("players' rights", "players’ rights"),
        ("rock 'n' roll", "rock ‘n’ roll"),
        ("1990--95", "1990–95"),
        ("so -- they say", "so – they say"),
        ("so---they say", "so—they say"),
        ("run --help now", "run --help now"),
        ("----", "----"),
        ("well...", "well…"),
        ("no quotes", "no quotes"),
    ],
)
def test_marks_are_set_by_context(typed: str, expected: str) -> None:
    assert typeset(typed, "en") == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('"*word*"', "<p>“<em>word</em>”</p>"),
        ('*"word"*', "<p><em>“word”</em></p>"),
        ('`"code"` "text"', "<p><code>&quot;code&quot;</code> “text”</p>"),
        ('\\"plain\\"', "<p>&quot;plain&quot;</p>"),
        ('<https://a.test/"x">', '<p><a href="https://a.test/%22x%22">https://a.test/&quot;x&quot;</a></p>'),
        ('"[a](https://a.test)"', '<p>“<a href="https://a.test">a</a>”</p>'),
        ('"one\ntwo"', "<p>“one\ntwo”</p>"),
    ],
)
def test_marks_cross_markup_and_spare_what_is_literal(source: str, expected: str) -> None:
    assert render(source, path="x.md", options=Options(after_paragraph=0)).body.html.strip() == expected


def test_marks_can_be_turned_off() -> None:
    html = render("\"a\" -- 'b'", path="x.md", options=Options(smart_quotes=False, after_paragraph=0)).body.html
    assert html == "<p>&quot;a&quot; -- 'b'</p>\n"


@given(st.text(alphabet="ab1 \"'-.(,\n", max_size=60), st.sampled_from(sorted(STYLES)))
def test_only_marks_change(text: str, lang: str) -> None:
    def bones(value: str) -> str:
        return "".join(c for c in value if c.isalnum() or c in "(,\n ")

    assert bones(typeset(text, lang)) == bones(text)
    assert "'" not in typeset(text, lang)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ('"الاتفاق" و"الهدنة"', "«الاتفاق» و«الهدنة»"),
        ('ال"مشروع" وب"مرحلة أولى"', "ال«مشروع» وب«مرحلة أولى»"),
        ("و'مفرد' هنا", "و‹مفرد› هنا"),
        ('Qur\'an و"كتاب"', "Qur’an و«كتاب»"),
        ('قال "نعم" ثم', "قال «نعم» ثم"),
        ('قال وَ"الهدنة" ثم', "قال وَ«الهدنة» ثم"),
        ('می\u200c"خواهم" او', "می\u200c«خواهم» او"),
    ],
)
def test_a_quotation_opens_after_an_arabic_word_that_is_written_with_it(typed: str, expected: str) -> None:
    assert typeset(typed, "ar") == expected


def test_an_abbreviation_in_hebrew_keeps_its_mark() -> None:
    assert typeset('צה"ל הודיע', "he") == "צה”ל הודיע"
