"""The theme's stylesheets and its one script: what they hold, and which pages bring them."""

from __future__ import annotations

import re

import pytest
from markupsafe import Markup
from theme_pages import THEME, rendered
from theme_samples import PAGES, SOURCES, picture

from broadsheet import contexts as c
from broadsheet.templates import Theme

SHEETS = [SOURCES[f"partials/{name}.css"] for name in ("style", "story", "lists")]
CSS = re.sub(r"\{#.*?#\}", "", "".join(SHEETS), flags=re.DOTALL)


def test_the_stylesheet_knows_no_left_and_right() -> None:
    physical = (
        r"-(left|right|top|bottom)\s*:|[\s{;](left|right|top|bottom)\s*:|(?:float|clear|text-align):\s*(left|right)"
    )
    assert not re.findall(physical, CSS)
    for name, value in re.findall(r"(margin|padding|inset):\s*([^;}]+)", CSS):
        sides = value.split()
        assert "(" in value or len(sides) < 4 or sides[1] == sides[3], (name, value)


def sheets_of(text: str) -> list[str]:
    """The first words of each stylesheet of a page."""
    marks = {":root{": "style", ".opinion>": "story", ".front ": "lists"}
    found = re.findall(r"<style>\s*(.*?)\s*</style>", text, re.DOTALL)
    return [next(name for mark, name in marks.items() if sheet.startswith(mark)) for sheet in found]


def test_a_page_brings_the_stylesheets_that_it_needs() -> None:
    wanted = {
        **{name: ["style", "story"] for name in ("article", "page")},
        **{name: ["style", "lists"] for name in ("archive", "topic", "corrections")},
        **{name: ["style", "story", "lists"] for name in ("404", "withdrawn")},
    }
    assert {name: sheets_of(rendered(name)) for name in wanted} == wanted
    own = Theme({**SOURCES, "page.html": '{% extends "base.html" %}{% block main %}{{ title }}{% endblock %}'})
    template, context, extra = PAGES["page"]
    assert sheets_of(own.render(template, context, extra)) == ["style", "story", "lists"]


@pytest.mark.parametrize("name", ["home", "region", "author"])
def test_a_way_of_ones_own_to_print_texts_needs_no_more_than_that(name: str) -> None:
    own = Theme({**SOURCES, "partials/body.html": "{% macro parts(body, t) %}<p>Ours</p>{% endmacro %}"})
    template, context, extra = PAGES[name]
    assert "<p>Ours</p>" in own.render(template, context, extra)


@pytest.mark.parametrize("name", ["home", "region", "author"])
@pytest.mark.parametrize(
    ("body", "more"),
    [
        ((), []),
        ((c.Html(html=Markup("<p>Rivers, <em>clocks</em>.</p>")), c.RecommendedPart()), []),
        ((c.Html(html=Markup('<table class="table"><tr><td>1</td></tr></table>')),), ["story"]),
        ((c.Html(html=Markup("<table><tr><td>1</td></tr></table>")),), ["story"]),
        ((c.Html(html=Markup("<FIGURE><p>1</p></FIGURE>")),), ["story"]),
        ((c.Html(html=Markup("<div CLASS = 'factbox'>1</div>")),), ["story"]),
        ((c.FigurePart(picture=picture()),), ["story"]),
        ((c.FactBoxPart(title="Facts", parts=()),), ["story"]),
    ],
)
def test_a_front_has_the_styles_of_stories_only_where_its_text_is_more_than_words(
    name: str, body: tuple[c.Part, ...], more: list[str]
) -> None:
    template, context, _ = PAGES[name]
    text = THEME.render(template, context, {"biography" if name == "author" else "introduction": body})
    assert sheets_of(text) == ["style", *more, "lists"]
    assert ('class="introduction"' in text) == bool(body)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_pair_of_colours_is_legible(mode: str) -> None:
    found = [dict(re.findall(r"--(\w+): (#\w+)", block)) for block in re.findall(r":root \{[^}]*--paper[^}]*\}", CSS)]
    tokens = {"light": found[0], "dark": found[1]}[mode]
    pairs = [
        ("ink", "paper"),
        ("soft", "paper"),
        ("accent", "paper"),
        ("ink", "wash"),
        ("soft", "wash"),
        ("paper", "ink"),
    ]
    for one, other in [*pairs, ("accent", "wash")]:
        light, dark = sorted((_luminance(tokens[one]), _luminance(tokens[other])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (one, other)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_one_script_is_under_a_kilobyte() -> None:
    assert len(SOURCES["static/explore.js"].encode()) <= 1024
    assert [name for name in SOURCES if name.endswith(".js")] == ["static/explore.js"]


def test_the_theme_says_no_word_of_its_own() -> None:
    for name, text in SOURCES.items():
        if name.endswith(".html"):
            html_only = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.DOTALL)
            bare = re.sub(r"<[^>]*>", " ", html_only)
            assert not re.search(r"[a-z]{3}", bare.replace("404", "")), (name, bare.split())
