"""The Explore rail and the Recommended stories of a page (docs/adr/0003-fan-out.md says why they are as they are)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import islice, pairwise

from broadsheet import contexts, related
from broadsheet.catalog import Catalog, order
from broadsheet.model import Article
from broadsheet.views import Views

FRAGMENTS = "/fragments/explore/"  # where the current rails of the regions lie


def explore(views: Views, article: Article) -> contexts.Rail:
    """The rail of an article page.

    `inline`: the region's latest stories now, without the page's own. `shared`: the stories of the region published
    just before this one, which no later publication changes.
    """
    catalog, settings = views.catalog, views.settings.rails.explore
    members = catalog.by_region.get(article.region, ())
    if settings.mode == "inline":
        latest = (i for i in reversed(members) if catalog.stories[i].path != article.path)
        chosen = list(islice(latest, settings.limit))
    else:
        place = _place(catalog, members, article)
        chosen = list(reversed(members[max(0, place - settings.limit) : place]))
    refreshes = settings.mode == "shared" and settings.refresh != "none"
    return contexts.Rail(
        region=views.region(article.region),
        headlines=tuple(views.headline(catalog.stories[i]) for i in chosen),
        fragment=views.base.href(fragment_url(article.region)) if refreshes else "",
        refresh=settings.refresh if refreshes else "none",
    )


def current(views: Views, region: str) -> contexts.Rail:
    """The region's rail now, pins first: what pages in `shared` mode refresh themselves from."""
    catalog, limit = views.catalog, views.settings.rails.explore.limit
    front = front_order(views, region, limit)
    return contexts.Rail(
        region=views.region(region),
        headlines=tuple(views.headline(catalog.stories[i]) for i in front[:limit]),
    )


def fragment_url(region: str) -> str:
    return f"{FRAGMENTS}{region}.txt"  # not a page: with .html, hosts and crawlers would take it for one


def front_order(views: Views, region: str, limit: int) -> Sequence[int]:
    """The stories of a region as its front shows them, at most `limit`: pins by position, then newest first."""
    catalog = views.catalog
    pins = pinned(views, region)
    latest = (i for i in reversed(catalog.by_region[region]) if i not in pins)
    return [*pins, *islice(latest, max(0, limit - len(pins)))][:limit]


def pinned(views: Views, region: str) -> Sequence[int]:
    """Pinned stories: those the region's _index.md names, in its order, then stories that pin themselves."""
    catalog = views.catalog
    source = catalog.regions[region].source
    named = []
    if source:
        for n, target in enumerate(source.matter.pins):
            path = views.links.pick(source.path, target, source.matter.marks.get(f"pins.{n}", (0, 0)))
            if path is not None:
                named.append(catalog.index[path])
    now = catalog.clock.now.timestamp()
    own = [
        (pin.position, -i)
        for i in catalog.by_region[region]
        if (pin := catalog.stories[i].matter.pin) and (pin.until is None or pin.until.timestamp() > now)
    ]
    return list(dict.fromkeys([*named, *(-i for _, i in sorted(own))]))


class Recommendations:
    """Recommended stories for every public story, from one ranking index over the catalog."""

    def __init__(self, views: Views) -> None:
        self._views = views
        self._catalog = catalog = views.catalog
        settings = views.settings.rails.recommended
        self._settings = settings
        entries = [_entry(catalog, article) for article in catalog.stories]
        self._authors = [entry.authors for entry in entries]
        self._ranker = related.Ranker(entries, window_days=settings.window_days)
        self._next_in_series = _next_in_series(catalog)

    def of(self, position: int) -> tuple[int, ...]:
        """Positions of the recommended stories: editors' picks, the next instalment, then the nearest by content."""
        article = self._catalog.stories[position]
        return related.recommend(
            position,
            self._ranker.best(position),
            self._authors,
            picks=self._positions(article, "related", article.matter.related),
            instalment=self._next_in_series.get(position),
            excluded=self._positions(article, "related_exclude", article.matter.related_exclude),
            limit=self._settings.limit,
            max_per_author=self._settings.max_per_author,
        )

    def _positions(self, article: Article, key: str, targets: Sequence[str]) -> tuple[int, ...]:
        found = []
        for n, target in enumerate(targets):
            path = self._views.links.pick(article.path, target, article.matter.marks.get(f"{key}.{n}", (0, 0)))
            if path is not None:
                found.append(self._catalog.index[path])
        return tuple(found)


def _entry(catalog: Catalog, article: Article) -> related.Entry:
    return related.Entry(
        published=int(article.published.timestamp()),
        month=article.published.year * 12 + article.published.month - 1,
        terms=article.terms,
        authors=catalog.author_ids(article),
    )


def _next_in_series(catalog: Catalog) -> dict[int, int]:
    """For each story of a series, the instalment published next."""
    following: dict[int, int] = {}
    for members in catalog.by_series.values():
        following.update(pairwise(members))
    return following


def _place(catalog: Catalog, members: Sequence[int], article: Article) -> int:
    """Where a story stands, or an unlisted one would, among its region's stories."""
    return bisect_left(members, order(article), key=lambda i: order(catalog.stories[i]))
