"""The Explore rail and the Recommended stories of a page (docs/adr/0003-fan-out.md says why they are as they are)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Sequence
from itertools import accumulate, islice, pairwise

from broadsheet import contexts, ranking
from broadsheet.catalog import Catalog
from broadsheet.codec import microseconds
from broadsheet.model import Article, Trait
from broadsheet.ranks import Standings
from broadsheet.settings import ExploreSettings
from broadsheet.views import Views

FRAGMENTS = "/fragments/explore/"  # where the current rails of the regions lie


def explore(views: Views, article: Article, chosen: Sequence[int]) -> contexts.Rail:
    """The rail of an article page, of the stories at some positions (see `beside`)."""
    catalog, settings = views.catalog, views.settings.rails.explore
    # Beside a region's only story there is nothing to refresh: its page is made again when a second one comes. A region
    # that only unlisted stories know has no fragment, and no headlines either.
    refreshes = settings.mode == "shared" and settings.refresh != "none" and bool(chosen)
    return contexts.Rail(
        region=views.region(article.region),
        headlines=tuple(views.headline(catalog.stories[i]) for i in chosen),
        fragment=views.base.href(fragment_url(article.region)) if refreshes else "",
        refresh=settings.refresh if refreshes else "none",
        limit=settings.limit,
    )


def beside(settings: ExploreSettings, members: Sequence[int], place: int, own: bool) -> Sequence[int]:
    """The positions of the stories in the rail of one that stands, or would stand, at `place` among its region's
    `members` (oldest first); `own`: it is one of them.

    `inline`: the region's latest stories now, without the page's own. `shared`: the stories of the region published
    just before this one, which no later publication changes; where these are too few for a rail, in a region's first
    stories, those just after it too, which none changes either once the region has enough.
    """
    if settings.mode == "shared":
        start = max(0, place - settings.limit)
        around = members[start : start + settings.limit + own][::-1]
        return [i for i in around if not (own and i == members[place])]
    latest = members[-settings.limit - 1 :][::-1]
    at = len(members) - 1 - place
    return [i for n, i in enumerate(latest) if not (own and n == at)][: settings.limit]


def marks_beside(settings: ExploreSettings, heads: Sequence[bytes]) -> Sequence[bytes]:
    """For each of a region's stories what `beside` gives, as the joined marks of their headlines. `heads` are those of
    all of them, oldest first."""
    size = len(heads)
    newest = b"".join(reversed(heads))
    width = len(heads[0]) if heads else 0
    everywhere = range(size)

    def at(place: int) -> bytes:
        return b"".join([heads[i] for i in beside(settings, everywhere, place, own=True)])

    if settings.mode == "shared":
        # A story's rail is a stretch of the list of all, newest first, that begins just after the story.
        first = min(settings.limit, size)
        length = settings.limit * width
        starts = range((size - first) * width, 0, -width) if heads else ()
        return [*map(at, range(first)), *[newest[start : start + length] for start in starts]]
    same = max(0, size - settings.limit - 1)  # older than these, a story stands in no rail, and all have the same
    return [*[newest[: settings.limit * width]] * same, *map(at, range(same, size))]


def current(views: Views, region: str) -> Sequence[int]:
    """The region's rail now, pins first: what pages in `shared` mode refresh themselves from.

    For the script there is one story to spare, because a page leaves itself out.
    """
    settings = views.settings.rails.explore
    return front_order(views, region, settings.limit + (settings.refresh == "script"))


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
        for i in catalog.having(Trait.PIN)
        if catalog.stands.region[i] == region
        and (pin := catalog.stories[i].matter.pin)
        and (pin.until is None or pin.until.timestamp() > now)
    ]
    return list(dict.fromkeys([*named, *(-i for _, i in sorted(own))]))


def questions(views: Views, of: Container[int] | None = None) -> tuple[ranking.Question, ...]:
    """What editors say of each public story's Recommended, story by story; findings about their picks. `of`: only those
    at some positions are asked for."""
    catalog = views.catalog
    stands, following = catalog.stands, _next_in_series(catalog)
    found = [ranking.SILENT] * len(catalog.stands)
    for position in {*following, *catalog.having(Trait.PICKS)}:
        if of is not None and position not in of:
            continue
        found[position] = ranking.Question(
            picks=_positions(views, position, "related", stands.related[position]),
            instalment=following.get(position),
            excluded=_positions(views, position, "related_exclude", stands.excluded[position]),
        )
    return tuple(found)


def standings(catalog: Catalog) -> Standings:
    """What the ranking knows of the public stories besides their terms."""
    stands = catalog.stands
    ids = {names: catalog.ids_of(names) for names in {*stands.authors}}
    seconds = [at // 1_000_000 for at in stands.published]
    authors = list(map(ids.__getitem__, stands.authors))
    # Where clocks go back over midnight, an earlier month may come once more.
    months = list(accumulate(stands.shown_month, max))
    return Standings([stands.path, stands.published, seconds, months, authors, stands.source])


def _positions(views: Views, position: int, key: str, paths: Sequence[str]) -> tuple[int, ...]:
    """The positions of the stories that a story's editor names under `key`; those not public are skipped, with a
    finding."""
    index = views.catalog.index
    found = [index.get(path) for path in paths]
    if None in found:  # only a finding needs the words of the source
        article = views.catalog.stories[position]
        targets, marks = getattr(article.matter, key), article.matter.marks
        for n, target in enumerate(targets):
            views.links.pick(article.path, target, marks.get(f"{key}.{n}", (0, 0)))
    return tuple([place for place in found if place is not None])


def _next_in_series(catalog: Catalog) -> dict[int, int]:
    """For each story of a series, the instalment published next."""
    following: dict[int, int] = {}
    for members in catalog.by_series.values():
        following.update(pairwise(members))
    return following


def place_of(catalog: Catalog, members: Sequence[int], article: Article) -> int:
    """Where a story stands, or an unlisted one would, among its region's stories."""
    stands = catalog.stands
    at = (microseconds(article.published), article.path)
    return bisect_left(members, at, key=lambda i: (stands.published[i], stands.path[i]))
