"""Templates stay closed, their mistakes are told with line and story, and pages know what they are made of."""

from __future__ import annotations

from typing import Any

import pytest
from markupsafe import Markup, escape
from template_reference import BEGIN, DOCS, END, reference
from theme_samples import (
    BODY,
    FULL,
    PAGES,
    SOURCES,
    article,
)

from broadsheet import contexts as c
from broadsheet.errors import ContentError
from broadsheet.frozen import FrozenMap
from broadsheet.templates import Theme, escaping, theme

THEME = theme(SOURCES)


def finding(sources: dict[str, str], name: str = "x.html", **extra: object) -> Any:
    """The one finding of loading these sources and rendering a template with the extra names."""
    with pytest.raises(ContentError) as caught:
        Theme(FrozenMap(sources)).render(name, c.Source(type="a", srcset="b"), extra, source="content/x.md")
    assert {d.code for d in caught.value.diagnostics} == {"template"}
    assert len(caught.value.diagnostics) == 1
    return caught.value.diagnostics[0]


# --- the closed world ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ x|safe }}", "filter “safe”"),
        ("{% if false %}{{ x|random }}{% endif %}", "filter “random”"),
        ("{{ x|pprint }}", "filter “pprint”"),
        ("{{ x|attr('y') }}", "filter “attr”"),
        ("{{ x is callable }}", "test “callable”"),
        ("{% autoescape false %}{{ x }}{% endautoescape %}", "escaping"),
        ("{{ lipsum() }}", "“lipsum” can't be called"),
        ("{{ range(9) }}", "“range” can't be called"),
        ("{{ x.now() }}", "“now” can't be called"),
        ("{% set now = x.now %}{{ now() }}", "“now” can't be called"),
        ("{% macro m() %}{% endmacro %}{% set m = x.now %}{{ m() }}", "“m” can't be called"),
        ("{{ '{0.__class__}'.format(x) }}", "“format” can't be called"),
        ("{{ x.__class__ }}", "private"),
        ("{% include 'partials/nothing.html' %}", "there is no template “partials/nothing.html”"),
        ("{% if x %}", "Unexpected end of template"),
        ("{{ x | }}", "expected token"),
    ],
)
def test_what_would_open_a_template_to_the_world_is_refused_before_any_page_is_made(text: str, expected: str) -> None:
    found = finding({"x.html": "ok", "unused.html": "line one\n" + text})
    assert (found.path, found.line) == ("templates/unused.html", 2)
    assert expected in found.message


@pytest.mark.parametrize(
    "name", ["config", "settings", "now", "request", "range", "lipsum", "cycler", "joiner", "self_"]
)
def test_a_template_has_no_names_but_its_contexts(name: str) -> None:
    found = finding({"x.html": "{{ " + name + " }}"})
    assert f"there is no name “{name}” here" in found.message


@pytest.mark.parametrize("text", ["{{ x['_private'] }}", "{{ ['_private']|map(attribute='__class__')|list|join }}"])
def test_private_names_cannot_be_reached_by_subscription_either(text: str) -> None:
    assert "private" in finding({"x.html": text}, x=c.Source(type="a", srcset="b")).message


@pytest.mark.parametrize("value", [None, True, FULL.date, FULL, (1, 2), FrozenMap({"a": "b"})])
def test_only_text_and_numbers_can_be_printed(value: object) -> None:
    assert "can't be printed" in finding({"x.html": "{{ x }}"}, x=value).message


def test_an_error_names_the_template_its_line_and_the_story() -> None:
    broken = {**SOURCES, "partials/card.html": SOURCES["partials/card.html"].replace("c.title", "c.titel")}
    line = next(n for n, text in enumerate(broken["partials/card.html"].splitlines(), 1) if "c.titel" in text)
    with pytest.raises(ContentError) as caught:
        Theme(broken).render("article.html", article(), {"body": BODY}, source="content/africa/dam.md")
    (found,) = caught.value.diagnostics
    assert (found.path, found.line, found.code) == ("templates/partials/card.html", line, "template")
    assert "a Card has no “titel”; did you mean “title”?" in found.message
    assert "content/africa/dam.md" in found.message
    assert "c.titel" in found.excerpt


def test_a_misspelt_name_is_met_with_the_right_one() -> None:
    assert finding({"x.html": "a\n{{ storry }}"}, story="s").hint == "did you mean “story”?"
    assert finding({"x.html": "{{ 'a'|uper('en') }}"}).hint == "did you mean “upper”?"


@pytest.mark.parametrize(
    "text", ["{{ x + 1 }}", "{{ x|join(1, 2, 3) }}", "{% for a in 5 %}{% endfor %}", "{{ 1 / 0 }}", "{% include n %}"]
)
def test_whatever_fails_while_rendering_is_a_finding_at_its_line(text: str) -> None:
    found = finding({"x.html": "\n\n" + text}, x="text", n="nothing.html")
    assert (found.path, found.line) == ("templates/x.html", 3)


def test_a_template_that_includes_itself_ends_in_a_finding() -> None:
    assert "leads to itself again" in finding({"x.html": "{% include 'x.html' %}"}).message


def test_an_unknown_template_is_a_finding() -> None:
    assert finding({"x.html": ""}, "y.html").message.startswith("there is no template “y.html”")


def test_all_broken_templates_are_told_at_once() -> None:
    with pytest.raises(ContentError) as caught:
        Theme({"a.html": "{{ x|safe }}\n{{ y|safe }}", "b.html": "{% nope %}"})
    assert [(d.path, d.line) for d in caught.value.diagnostics] == [
        ("templates/a.html", 1),
        ("templates/a.html", 2),
        ("templates/b.html", 1),
    ]


def test_keys_of_mappings_are_read_before_the_mappings_own_methods() -> None:
    made = Theme({"x.html": "{{ m.items }}{{ m.get }}"})
    assert made.render("x.html", c.Source(type="", srcset=""), {"m": FrozenMap({"items": "a", "get": "b"})}) == "ab"


# --- what a page depends on ----------------------------------------------------------------------------------------


def test_the_closure_holds_all_that_a_page_can_be_made_of() -> None:
    made = Theme(
        {
            "a.html": "{% extends 'b.html' %}{% from 'm.html' import x %}",
            "b.html": "{% include 'gone.html' ignore missing %}{% include ['one.html', 'm.html'] %}",
            "m.html": "{% macro x() %}{% endmacro %}",
            "alone.html": "",
            "open.html": "{% include name %}",
        }
    )
    assert made.closure("a.html") == ("a.html", "b.html", "gone.html", "m.html", "one.html")
    assert made.closure("alone.html") == ("alone.html",)
    assert {"a.html", "alone.html", "m.html", "gone.html"} <= set(made.closure("open.html"))


def test_the_closures_digest_moves_with_every_text_in_it_and_with_nothing_else() -> None:
    before = {"a.html": "{% include 'b.html' ignore missing %}", "c.html": ""}
    first = Theme(before).closure_digest("a.html")
    assert Theme({**before, "c.html": "changed"}).closure_digest("a.html") == first
    added = Theme({**before, "b.html": ""}).closure_digest("a.html")
    assert added != first
    assert Theme({**before, "b.html": "x"}).closure_digest("a.html") not in (first, added)


def test_a_theme_rebuilt_from_its_sources_prints_the_same() -> None:
    again = Theme(dict(SOURCES))
    for template, context, extra in PAGES.values():
        assert again.render(template, context, extra) == THEME.render(template, context, extra)
    assert theme(FrozenMap(dict(SOURCES))) is theme(FrozenMap(SOURCES))


def test_a_site_can_fill_the_partials_that_are_left_empty() -> None:
    own = {
        "partials/head.html": '<link rel="icon" href="/i.svg">',
        "partials/after_article.html": "<p>{{ story.url }}</p>",
    }
    text = Theme({**SOURCES, **own}).render("article.html", article(), {"body": BODY})
    assert '<link rel="icon" href="/i.svg">' in text
    assert "<p>/turkiye/2025/04/talks/</p>" in text


# --- the reference ---------------------------------------------------------------------------------------------------


def test_the_reference_in_the_documentation_says_what_templates_get() -> None:
    assert DOCS.read_text().split(BEGIN)[1].split(END)[0].strip() == reference().strip()


# --- the translation to Python -------------------------------------------------------------------------------------


def printed(page: str, *, names: dict[str, object] | None = None, **others: str) -> str:
    """What a page's template prints, given others by name ("y" for y.html)."""
    sources = {"x.html": page, **{f"{name}.html": text for name, text in others.items()}}
    return Theme(FrozenMap(sources)).render("x.html", c.Source(type="a", srcset="b"), names or {})


@pytest.mark.parametrize(
    "include",
    [
        "{% include 'y.html' %}",
        "{% include 'y.html' without context %}",
        "{% include 'y.html' ignore missing %}",
        "{% include ['none.html', 'y.html'] %}",
        "{% set name = 'y.html' %}{% include name %}",
        "{% set name = 'y.html' %}{% include name without context %}",
        "{% macro m() %}{% include 'y.html' %}{% endmacro %}{{ m() }}",
        "{% set text %}{% include 'y.html' %}{% endset %}{{ text }}",
        "{% for _ in (1,) %}{% include 'y.html' %}{% endfor %}",
        "{% block b %}{% include 'y.html' %}{% endblock %}",
    ],
)
@pytest.mark.parametrize("text", ["text", "{{ 'te' ~ 'xt' }}"])
def test_what_is_included_stands_where_it_is_included(include: str, text: str) -> None:
    assert printed(f"a {include} b{{{{ type }}}}", y=text) == "a text ba"


def test_an_included_template_sees_what_is_set_around_it_and_sets_nothing_there() -> None:
    page = "{% set n = 1 %}{% for m in (5, 6) %}{% include 'y.html' %}{% endfor %}"
    page += "{{ n }}{{ 'yes' if w is defined else 'no' }}"
    assert printed(page, y="{{ n }}{{ m }}{{ type }}{% set n = 9 %}{% set w = 9 %} ") == "15a 16a 1no"


def test_blocks_macros_and_callers_print_in_order() -> None:
    base = "1{% block one %}2{% endblock %}3{{ self.one() }}{% block two %}{% endblock %}4"
    macro = "{% macro m(a, b='b', c='c') %}({{ a }}{{ b }}{{ c }}{{ caller() if caller is defined }}){% endmacro %}"
    page = "{% extends 'base.html' %}{% from 'macros.html' import m %}{% block one %}[{{ super() }}]{% endblock %}"
    page += "{% block two %}{{ m('a', c='d') }}{% call m('a', 'e') %}!{% endcall %}{% endblock %}"
    assert printed(page, base=base, macros=macro) == "1[2]3[2](abd)(aec!)4"
    plain = macro.replace("{{ caller() if caller is defined }}", "")
    for call in ("m('a', b='x', a='y')", "m(1, 2, 3, 4)", "m('a', z=1)", "m()"):
        with pytest.raises(ContentError):
            printed(f"{{% from 'macros.html' import m %}}{{{{ {call} }}}}", macros=plain)


def test_a_macro_called_again_with_equal_things_prints_them_as_they_are_now() -> None:
    """What a macro printed is remembered for values that can't change, and for nothing else."""
    macros = "{% macro m(site, x) %}{{ site.title }}{{ x.n if x is mapping or x.n else x }} {% endmacro %}"
    start = "{% from 'macros.html' import m %}"
    link, other = c.NavLink(title="A", url="/"), c.NavLink(title="B", url="/")
    names: dict[str, object] = {"link": link, "other": other}
    changing = "{% set x = namespace(n=1) %}{{ m(link, x) }}{% set x.n = 2 %}{{ m(link, x) }}{{ m(link, x) }}"
    assert printed(start + changing, names=names, macros=macros) == "A1 A2 A2 "
    alternating = "{% for l in (link, link, other, link, link, link) %}{{ m(l, 'x') }}{% endfor %}"
    assert printed(
        start + alternating, names=names, macros="{% macro m(s, x) %}{{ s.title }}{{ x }} {% endmacro %}"
    ) == ("Ax Ax Bx Ax Ax Ax ")
    kinds = "{{ m(link, '<') }}{{ m(link, '<') }}{{ m(link, mark) }}{{ m(link, 1) }}{{ m(link, true is true) }}"
    marked = {**names, "mark": Markup("<")}
    made = printed(start + kinds, names=marked, macros="{% macro m(s, x) %}{{ x|string }} {% endmacro %}")
    assert made == "&lt; &lt; < 1 True "


def test_a_macro_of_the_page_itself_sees_the_page() -> None:
    own = Theme(FrozenMap({"x.html": "{% macro m(s) %}{{ type }}{% endmacro %}{{ m('s') }}{{ m('s') }}"}))
    assert own.render("x.html", c.Source(type="a", srcset="b")) == "aa"
    assert own.render("x.html", c.Source(type="z", srcset="b")) == "zz"


# --- stylesheets ---------------------------------------------------------------------------------------------------


def test_a_page_without_its_stylesheets_and_styled_later_is_the_page() -> None:
    sheet = "{# not printed #}\nbody {\n  color: red;\n}\n"
    page = "{% include 'a.css' %}|{{ type }}’{% include 'a.css' %}|"
    page += "{% set s %}{% include 'a.css' %}{% endset %}{{ s|replace('red', 'blue') }}"
    made = Theme(FrozenMap({"x.html": page, "a.css": sheet, "b.css": "b{c:d}", "y.html": "{% include 'b.css' %}"}))
    context = c.Source(type="<", srcset="b")
    whole = "body{color:red}|&lt;’body{color:red}|body{color:blue}"
    assert made.render("x.html", context) == whole
    assert made.styled(made.unstyled("x.html", context)) == whole.encode()
    assert "color:red" not in made.unstyled("x.html", context)
    assert made.styled(made.unstyled("y.html", context)) == b"b{c:d}"


def test_a_stylesheet_with_expressions_is_a_template_like_any() -> None:
    sources = {"x.html": "{% include 'a.css' %}", "a.css": "a  { b: {{ type }} }"}
    assert Theme(FrozenMap(sources)).render("x.html", c.Source(type="<", srcset="b")) == "a  { b: &lt; }"


def test_texts_are_escaped_as_markupsafe_does_it() -> None:
    text = "<a href=\"x\">'&amp;' – “é”</a>"
    assert escaping.escaped(text) == escaping._slowly(text) == str(escape(text))
    assert type(escaping.escaped(text)) is str
    assert type(escaping._slowly(text)) is str
    assert type(escaping.markup(text)) is Markup
