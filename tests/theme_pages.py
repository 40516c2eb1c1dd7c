"""Pages of the theme, rendered from samples, and what a parser reads from them."""

from __future__ import annotations

from typing import Any

import html5lib
from theme_samples import BODY, PAGES, SOURCES

from broadsheet import contexts as c
from broadsheet.templates import theme

THEME = theme(SOURCES)


def rendered(name: str) -> str:
    template, context, extra = PAGES[name]
    return THEME.render(template, context, extra, source="content/x.md")


def render_article(context: c.ArticlePage, body: tuple[c.Part, ...] = BODY) -> str:
    return THEME.render("article.html", context, {"body": body})


def tree(text: str) -> Any:
    """The parsed page; any parse error fails the test."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


def words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())
