"""What content/ holds, parsed: stories are `Article`s, and these are the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from broadsheet.columns import Stands
from broadsheet.frozen import record
from broadsheet.model import Article, AuthorMatter, HomeMatter, ImageRef, LinkRef, PageMatter, RegionMatter


@record
class ParsedText:
    """The body of a source that is not a story: digest of the body, links and pictures in it, its anchors."""

    body: bytes
    empty: bool
    links: tuple[LinkRef, ...] = ()
    pictures: tuple[ImageRef, ...] = ()
    anchors: tuple[str, ...] = ()


@record
class RegionSource:
    id: str
    path: str
    matter: RegionMatter
    text: ParsedText


@record
class HomeSource:
    path: str
    matter: HomeMatter
    text: ParsedText


@record
class AuthorSource:
    id: str
    path: str
    matter: AuthorMatter
    text: ParsedText


@record
class PageSource:
    path: str
    url: str
    matter: PageMatter
    lang: str
    text: ParsedText


Source: TypeAlias = Article | RegionSource | HomeSource | AuthorSource | PageSource


@record
class Sources:
    """Everything parsed from content/. `stands` are those of the articles, which are in (published, path) order then;
    None: they are still to be told, and the articles in any order."""

    articles: Sequence[Article]
    stands: Stands | None = None
    regions: tuple[RegionSource, ...] = ()
    authors: tuple[AuthorSource, ...] = ()
    pages: tuple[PageSource, ...] = ()
    home: HomeSource | None = None
    unread: frozenset[str] = frozenset()  # sources with errors: they exist, but nothing is known of them


def gathered(
    articles: Sequence[Article], stands: Stands, others: Sequence[object], unread: frozenset[str] = frozenset()
) -> Sources:
    """Stories with their stands, and `others`, by kind, in the order in which they come."""
    return Sources(
        articles=articles,
        stands=stands,
        regions=tuple(s for s in others if isinstance(s, RegionSource)),
        authors=tuple(s for s in others if isinstance(s, AuthorSource)),
        pages=tuple(s for s in others if isinstance(s, PageSource)),
        home=next((s for s in others if isinstance(s, HomeSource)), None),
        unread=unread,
    )
