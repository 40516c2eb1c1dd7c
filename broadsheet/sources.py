"""What content/ holds, parsed: stories are `Article`s, and these are the rest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from broadsheet.columns import Stands
from broadsheet.frozen import record
from broadsheet.model import (
    Article,
    AuthorMatter,
    HomeMatter,
    ImageRef,
    LinkRef,
    Mark,
    PageMatter,
    RegionMatter,
    Rendered,
    StoryMatter,
)

_PICKS = ("related", "related_exclude", "pins", "lead")  # the keys that name stories


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


@record
class Unfit:
    """A source with errors whose front matter could be read: what it names, and what tells whether its text would be on
    the site: not before the last of `moments`, nor from `expires` on."""

    path: str
    links: tuple[LinkRef, ...]
    pictures: tuple[ImageRef, ...]
    picks: tuple[tuple[str, Mark], ...] = ()  # stories that an editor picked, as written
    draft: bool = False
    moments: tuple[datetime, ...] = ()
    expires: datetime | None = None


Matter: TypeAlias = StoryMatter | RegionMatter | HomeMatter | AuthorMatter | PageMatter
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
    unread: frozenset[str] = frozenset()  # sources with errors: they exist, but no page is made of them
    unfit: tuple[Unfit, ...] = ()  # those of them of which more is known


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
        unfit=tuple(s for s in others if isinstance(s, Unfit)),
    )


def unfit(path: str, matter: Matter | None, rendered: Rendered | None) -> Unfit | None:
    """What is to be looked for of a source with errors. None where its front matter can't be read, for it may say that
    the text is a draft; a withdrawn story shows nothing of it."""
    if matter is None or rendered is None or getattr(matter, "status", "") == "withdrawn":
        return None
    image = getattr(matter, "image", None)
    return Unfit(
        path=path,
        links=rendered.links,
        pictures=(*([image] if image else []), *rendered.pictures),
        picks=tuple(
            (target, matter.marks.get(f"{key}.{n}", (0, 0)))
            for key in _PICKS
            for n, target in enumerate(getattr(matter, key, ()))
        ),
        draft=getattr(matter, "draft", False),
        moments=tuple(filter(None, (getattr(matter, "date", None), getattr(matter, "embargo", None)))),
        expires=getattr(matter, "expires", None),
    )
