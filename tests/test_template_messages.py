"""What is wrong in a theme is told of the file that it is in, in the words of templates."""

from __future__ import annotations

import pytest
from newsroom import Site


@pytest.mark.parametrize("text", ["{# unclosed", "{% raw %}x", "{{ 'open"])
def test_what_is_never_closed_is_told_of_its_own_file(site: Site, text: str) -> None:
    site.write("templates/article.html", text).story("eu/a.md")
    finding = site.build().one("template")
    assert finding.where().startswith("templates/article.html:1:")
    assert finding.excerpt == text


MISTAKES = {
    "{{ none }}": "can't be printed",
    "{{ true }}": "can't be printed",
    '{{ "x"|number("tr") }}': "“x” is no number",
    "{{ story.date|date }}": "the filter “date” missing 1 required positional argument: 'lang'",
    '{{ story.date|date("en", "huge") }}': "full, long, medium, short, not “huge”",
}


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_is_put_in_the_words_of_templates(site: Site, text: str) -> None:
    site.write("templates/article.html", f"<p>\n{text}\n</p>").story("eu/a.md")
    finding = site.build().one("template")
    assert finding.where() == "templates/article.html:2:1"
    assert MISTAKES[text] in finding.message


@pytest.mark.parametrize(
    ("line", "wanted"),
    [('minutes: "5"', "“minutes” must hold keys with their texts"), ("home: {other: x}", "“home” must hold a text")],
)
def test_a_string_of_another_kind_is_told_of_the_locale_file(site: Site, line: str, wanted: str) -> None:
    site.write("templates/locales/en.yaml", f"more: More\n{line}\n").story("eu/a.md")
    finding = site.build().one("template")
    assert finding.where() == "templates/locales/en.yaml:2:1"
    assert wanted in finding.message
