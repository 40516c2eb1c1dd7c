"""What is wrong in a theme is told of the file that it is in, in the words of templates."""

from __future__ import annotations

import pytest
from examples import some
from newsroom import Site


@pytest.mark.parametrize("text", ["{# unclosed", "{% raw %}x", "{{ 'open"])
def test_what_is_never_closed_is_told_of_its_own_file(site: Site, text: str) -> None:
    site.write("templates/article.html", text).story("eu/a.md")
    finding = site.build().one("template")
    assert finding.where().startswith("templates/article.html:1:")
    assert finding.excerpt == text


MISTAKES = {
    "{{ none }}": "can't be printed",
    '{{ "Updated " ~ story.updated }}': "nothing (None) can't be printed",
    '{{ "%s" % story }}': "a Story can't be printed",
    '{{ "%s, %s" % ("a", story.date) }}': "a date can't be printed",
    "{{ t.by|fill(names=story.series) }}": "nothing (None) can't be printed",
    '{{ story.authors|join(", ") }}': "a Person can't be printed",
    '{{ story.authors|join(", ", attribute="picture") }}': "nothing (None) can't be printed",
    '{{ [story.date]|join_names("en") }}': "a date can't be printed",
    '{{ "x" ~ none }}': "nothing (None) can't be printed",
    '{{ "%(a)s" % {"a": story.updated} }}': "nothing (None) can't be printed",
    "{{ story.authors|string }}": "a list can't be printed",
    "{{ story.authors|trim }}": "a list can't be printed",
    '{{ "By %s"|replace("%s", none) }}': "nothing (None) can't be printed",
    '{{ ["a", "b"]|join(none) }}': "nothing (None) can't be printed",
    "{{ true|e }}": "a yes or no can't be printed",
    "{{ story.updated|string }}": "nothing (None) can't be printed",
    "{{ story.date|e }}": "a date can't be printed",
    "{{ story.updated|urlencode }}": "nothing (None) can't be printed",
    "{{ story.updated|date(page.lang) }}": "nothing (None) is not a date; ask first: {% if … %}",
    '{{ none|day("en") }}': "nothing (None) is not a date",
    '{{ "abc"|month("en") }}': "a text is not a date",
    "{{ story.updated|isodate }}": "nothing (None) is not a date",
    "{{ 5|href }}": "a number is not a text",
    '{{ 5|upper("tr") }}': "a number is not a text",
    '{{ "5"|plural(t.minutes, "en") }}': "a text is not a number",
    '{{ 3|plural({"one": "a"}, "en") }}': "the plural form “other” is missing",
    '{{ "\\ud800" }}': "U+D800 is half of a character",
    "{{ true }}": "can't be printed",
    '{{ "x"|number("tr") }}': "“x” is no number",
    "{{ story.date|date }}": "the filter “date” needs more: {{ …|date(lang) }}",
    '{{ story.date|date("en", stile="long") }}': "the filter “date” can't be given “stile”",
    '{{ story.date|date("en", lang="tr") }}': "the filter “date” is given “lang” twice",
    '{{ story.date|month("en", 2, 3) }}': "the filter “month” takes 1 in its brackets at most",
    "{{ story.title|upper }}": "the filter “upper” needs more: {{ …|upper(lang) }}",
    "{{ 3|plural(t.by, page.lang) }}": "a text has no plural forms; `t.minutes` and `t.stories` have",
    "{{ 3|plural(t.nope, page.lang) }}": "has no “nope”",
    '{{ t.by|fill(name="x") }}': "“By {names}” needs |fill(names=…); it has no place for name",
    "{{ t.date_time|fill(date=1) }}": "“{date}, {time}” needs |fill(date=…, time=…)",
    '{{ t.live|fill(name="x") }}': "“Live” has nothing to fill in",
    "{{ 'x' * 1000000000 }}": "a text can't be repeated 1000000000 times",
    "{{ ('x' * 1000000000)|trim }}": "a text can't be repeated 1000000000 times",
    "{{ (1000000000 * [1])|length }}": "a list can't be repeated 1000000000 times",
    "{{ 9 ** 999999999 }}": "9 ** 999999999 is too large a number",
    '{{ story.date|date("en", "huge") }}': "full, long, medium, short, not “huge”",
}


@pytest.mark.parametrize("text", some(MISTAKES, 3))
def test_a_mistake_is_put_in_the_words_of_templates(site: Site, text: str) -> None:
    site.write("templates/article.html", f"<p>\n{text}\n</p>").story("eu/a.md", authors=["Ada"])
    finding = site.build().one("template")
    assert finding.where() == "templates/article.html:2:1"
    assert MISTAKES[text] in finding.message


TOO_MUCH = {  # of the last two Python itself complains, which knows lines of what was made of the template only
    "{{ 10**5000 }}": "10 ** 5000 is too large a number",
    f"{{{{ {'9' * 5000} }}}}": "Exceeds the limit (4300 digits)",
    f"{{{{ {'(' * 300}1{')' * 300} }}}}": "nested too deeply",
    f"{{% if {' or '.join(['false'] * 3000)} %}}x{{% endif %}}": "too many parts",
    f"{{{{ {' + '.join(['1'] * 3000)} }}}}": "too many parts",
    f"{{{{ {'not ' * 300}page }}}}": "nested too deeply",
    "{% if page %}" * 150 + "{% endif %}" * 150: "nested too deeply",
}


@pytest.mark.parametrize("name", ["article.html", "partials/after_article.html"])
@pytest.mark.parametrize("text", TOO_MUCH, ids=lambda text: text[:12])
def test_what_is_too_much_for_python_is_told_of_its_own_file(site: Site, text: str, name: str) -> None:
    site.story("eu/a.md").good()
    finding = site.write(f"templates/{name}", f"<p>\n{text}\n</p>").build().one("template")
    assert finding.path == f"templates/{name}"
    assert finding.line == (0 if text in list(TOO_MUCH)[-2:] else 2)
    assert TOO_MUCH[text] in finding.message
    assert "sys." not in finding.message


@pytest.mark.parametrize(
    ("line", "wanted"),
    [('minutes: "5"', "“minutes” must hold keys with their texts"), ("home: {other: x}", "“home” must hold a text")],
)
def test_a_string_of_another_kind_is_told_of_the_locale_file(site: Site, line: str, wanted: str) -> None:
    site.write("templates/locales/en.yaml", f"news: News\n{line}\n").story("eu/a.md")
    finding = site.build().one("template")
    assert finding.where() == "templates/locales/en.yaml:2:1"
    assert wanted in finding.message


def test_text_and_numbers_are_printed_however_they_are_put_together(site: Site) -> None:
    said = [
        '{{ "a" ~ 1 ~ "<" }}',
        '{{ "%s of %d" % ("<b>", 2) }}',
        "{{ 7 % 4 }}",
        '{{ "*" * 3 }}',
        "{{ 2 ** 8 * 3 }}",
        '{{ story.authors|join("+", attribute="name") }}',
        '{{ [1, "&"]|join(", ") }}',
        "{{ 3|string }}",
        "{{ true|string }}",
        '{{ "%(n)s of %(m)s" % {"n": 1, "m": "<"} }}',
        '{{ {"q": "a b"}|urlencode }}',
    ]
    site.write("templates/article.html", "|".join(said)).story("eu/a.md", authors=["Ada", "Bo"]).good()
    assert site.page("/eu/2025/04/a/") == "a1&lt;|&lt;b&gt; of 2|3|***|768|Ada+Bo|1, &amp;|3|True|1 of &lt;|q=a+b"


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("by: Written by {name}", "“by” must hold {names}, not {name}"),
        ("by: Anonymous", "“by” must hold {names}"),
        ("explore: Explore {more}", "“explore” must hold no {place}, not {more}"),
        ("minutes: {one: a minute, other: '{count} minutes'}", "“minutes” must hold {n}, not {count}"),
        ("date_time: '{date}'", "“date_time” must hold {date} and {time}"),
    ],
)
def test_a_string_whose_places_are_others_is_told_of_the_locale_file(site: Site, line: str, wanted: str) -> None:
    site.write("templates/locales/en.yaml", f"news: News\n{line}\n").story("eu/a.md")
    finding = site.build().one("template")
    assert finding.where().startswith("templates/locales/en.yaml:2:")
    assert wanted in finding.message


def test_a_plural_may_go_without_its_number(site: Site) -> None:
    site.write(
        "templates/locales/en.yaml",
        "minutes: {one: a quick read, other: a long read}\nstories: {one: a story, other: stories}\n",
    )
    site.story("eu/a.md").good()
    assert "a long read" in site.page("/eu/2025/04/a/") or "a quick read" in site.page("/eu/2025/04/a/")


def test_a_partial_of_ones_own_need_not_know_the_words_of_others(site: Site) -> None:
    """What the theme's files take from each other lies where nobody has to change it."""
    frame = "{% macro sections(site, section, lang, t) %}{% endmacro %}{% macro links(site, lang, t) %}{% endmacro %}"
    lines = "{% macro headline(story, lang, t) %}{% endmacro %}{% macro items(all, lang, t) %}{% endmacro %}"
    site.write("templates/partials/frame.html", frame).write("templates/partials/headline.html", lines)
    site.story("eu/a.md", label="opinion").story("eu/b.md").good()
    assert "More from" in site.page("/eu/2025/04/a/")


def test_a_string_that_is_left_empty_is_taken_from_the_packaged_file(site: Site) -> None:
    site.write(
        "templates/locales/en.yaml", "by:\nlabels:\n  opinion:\nminutes: {one: a minute, other: '{n} minutes'}\n"
    )
    site.story("eu/a.md", authors=["Ada"], label="opinion").good()
    page = site.page("/eu/2025/04/a/")
    assert "By <a" in page
    assert '<strong class="label">Opinion</strong>' in page
    assert "a minute" in page


def test_a_macro_that_is_given_too_little_is_told_where_it_is_called(site: Site) -> None:
    site.write("templates/partials/letter.html", "{% macro letter(name, url) %}\n{{ name }}\n{{ url }}{% endmacro %}")
    call = '{% from "partials/letter.html" import letter %}\n<p>\n{{ letter("Weekly") }}\n'
    site.write("templates/partials/after_article.html", call).story("eu/a.md")
    finding = site.build().of("template")[0]
    assert finding.where() == "templates/partials/after_article.html:3:1"
    assert finding.message.startswith("this macro has to be given “url”, which templates/partials/letter.html:3 needs")


def test_a_macro_that_is_not_there_is_told_where_it_is_imported(site: Site) -> None:
    text = '<p>\n{% from "partials/picture.html" import figure, pikture %}\n{{ picture(story.picture, "", t) }}'
    site.write("templates/partials/after_article.html", text).story("eu/a.md")
    finding = site.build().one("template")
    assert finding.where() == "templates/partials/after_article.html:2:1"
    assert finding.message == "“partials/picture.html” has no macro “pikture”"
    assert finding.hint == "did you mean “picture”?"


@pytest.mark.parametrize("line", ['{% include "article.html" %}', '{% include "partials/again.html" %}'])
def test_templates_that_include_each_other_are_told_once_at_an_include(site: Site, line: str) -> None:
    site.write("templates/article.html", f"<p>\n{{% set n = 1 %}}\n{line}\n{{{{ n }}}}")
    site.write("templates/partials/again.html", '{% include "article.html" %}')
    site.story("eu/a.md").story("eu/b.md")
    finding = site.build().one("template")
    assert "include" in finding.excerpt
    assert finding.message.startswith("this leads to itself again, without end")


@pytest.mark.parametrize("name", ["article.html", "base.html", "404.html"])
@pytest.mark.parametrize("text", ["", "\n {# nothing yet #}\n"])
def test_an_emptied_page_template_is_told(site: Site, name: str, text: str) -> None:
    built = site.write(f"templates/{name}", text).story("eu/a.md").build()
    finding = built.one("template")
    assert (finding.path, finding.message) == (f"templates/{name}", "this page template is empty")
    assert not built.ok


def test_an_emptied_partial_is_meant(site: Site) -> None:
    site.write("templates/partials/footer.html", "").write("templates/explore-fragment.html", "").story("eu/a.md")
    site.good()
