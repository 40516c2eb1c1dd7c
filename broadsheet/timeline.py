"""When the site changes by itself: the hours that its sources and rules name."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import compress
from math import inf
from zoneinfo import ZoneInfo

from broadsheet import sitemaps
from broadsheet.catalog import Catalog, is_over_first
from broadsheet.codec import microseconds, moment
from broadsheet.frozen import record
from broadsheet.model import Article, Stand, Trait

NEVER = "would come out, and has expired"  # what builds say of it changes, and not the site
_NO_NEWS = Trait.NOINDEX | Trait.SPONSORED
_NEWS = sitemaps.NEWS_AGE // timedelta(microseconds=1)


@record
class Change:
    """At `at`, what is named by `path` becomes different: `what` says how."""

    at: datetime
    what: str
    path: str


def changes(catalog: Catalog) -> list[Change]:
    """Everything that happens after the catalog's instant with no file edited, in order."""
    now = catalog.clock.now
    every = (*_of_stories(catalog), *_of_pages(catalog), *_of_news(catalog))
    coming = [change for change in every if change.at.timestamp() > now.timestamp()]
    return sorted(coming, key=lambda change: (change.at.timestamp(), change.path, change.what))


def _of_stories(catalog: Catalog) -> Iterator[Change]:
    now = catalog.clock.now.timestamp()
    instant = microseconds(catalog.clock.now)
    every = catalog.every
    numbers = range(len(every))
    coming = {*range(bisect_right(every.published, instant), len(every))}
    coming |= {n for n in compress(numbers, every.expires) if (every.expires[n] or 0) > instant}
    coming |= {n for n in compress(numbers, every.traits) if every.traits[n] & Trait.PIN}
    coming |= {n for n in compress(numbers, every.turns) if max(every.turns[n]) > instant}
    for n in sorted(coming):
        if every.draft[n] and not catalog.clock.drafts:
            continue
        article = catalog.sources.articles[n]
        matter = article.matter
        begins = now if catalog.clock.future else article.published.timestamp()
        ends = matter.expires.timestamp() if matter.expires else inf
        if now < article.published.timestamp():  # where it has expired by then, nobody is told any more to wait for it
            what = NEVER if is_over_first(every[n]) else "is published"
            yield Change(at=article.published, what=what, path=article.path)
        if matter.expires and begins < ends:
            yield Change(at=matter.expires, what="expires", path=article.path)
        if matter.status != "withdrawn":  # of which nothing is shown
            yield from (turn for turn in _of_matter(article) if begins <= turn.at.timestamp() < ends)


def _of_matter(article: Article) -> Iterator[Change]:
    """What becomes of a story while it is on the site."""
    matter = article.matter
    if matter.updated:
        yield Change(at=matter.updated, what="shows its update", path=article.path)
    if matter.pin and matter.pin.until and not matter.unlisted:
        yield Change(at=matter.pin.until, what="is pinned no longer", path=article.path)
    for note in matter.corrections:
        yield Change(at=note.date, what=f"shows a {note.kind}", path=article.path)


def _of_pages(catalog: Catalog) -> Iterator[Change]:
    for page in catalog.sources.pages:
        if page.matter.draft and not catalog.clock.drafts:
            continue
        begins = page.matter.date
        if begins:
            yield Change(at=begins, what="is published", path=page.path)
        updated = page.matter.updated
        if updated and (begins is None or catalog.clock.future or begins.timestamp() <= updated.timestamp()):
            yield Change(at=updated, what="shows its update", path=page.path)


def _of_news(catalog: Catalog) -> Iterator[Change]:
    """When stories become too old for the news sitemap: those in it, and those that come. (Where these are more than it
    may hold, some of them are out of it before.)"""
    if not catalog.settings.sitemap.news:
        return
    zone = ZoneInfo(catalog.settings.site.timezone)
    for story in (*map(catalog.stands.__getitem__, news(catalog)), *_news_to_come(catalog)):
        leaves = story.published + _NEWS + 1  # after the last instant at which it is still listed
        if story.expires is None or leaves < story.expires:
            yield Change(at=moment(leaves, zone), what="leaves the news sitemap", path=story.path)


def _news_to_come(catalog: Catalog) -> Iterator[Stand]:
    every, drafts = catalog.every, catalog.clock.drafts
    for n in range(bisect_right(every.published, microseconds(catalog.clock.now)), len(every)):
        story = every[n]
        shown = not (story.unlisted or story.withdrawn or (story.draft and not drafts))
        if shown and not is_over_first(story) and not story.traits & _NO_NEWS:
            yield story


def news(catalog: Catalog) -> Sequence[int]:
    """The positions of the public stories of the last two days that the news sitemap lists, oldest first. All that
    compares instants, since clocks are turned back."""
    stands, now = catalog.stands, microseconds(catalog.clock.now)
    latest = range(bisect_left(stands.published, now - _NEWS), bisect_right(stands.published, now))
    listed = [i for i in latest if not stands.traits[i] & _NO_NEWS]
    return listed[-sitemaps.MAX_NEWS :]
