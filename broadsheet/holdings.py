"""What a site holds: its stories one by one, and in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from broadsheet.catalog import Catalog, Status, order, status
from broadsheet.frozen import FrozenMap, record
from broadsheet.model import Article

_OF: Mapping[str, Collection[str]] = {
    "drafts": ("draft",),
    "scheduled": ("scheduled", "embargoed"),
    "expired": ("expired",),
    "all": ("public", "unlisted", "withdrawn", "draft", "scheduled", "embargoed", "never", "expired"),
}


@record
class Entry:
    """A story. `at` is when it is, was or will be published; when it expired, for one that has."""

    status: Status
    at: datetime
    path: str
    url: str
    region: str
    title: str


def entries(catalog: Catalog, which: str) -> list[Entry]:
    """Stories that are "drafts", "scheduled" or "expired", or "all" of them: what comes next first, else the newest."""
    found = [
        _entry(article, kind)
        for article in catalog.sources.articles
        if (kind := status(article, catalog.clock)) in _OF[which]
    ]
    found.sort(key=lambda entry: (entry.at.timestamp(), entry.path), reverse=which != "scheduled")
    return found


def _entry(article: Article, kind: Status) -> Entry:
    ended = article.matter.expires if kind == "expired" else None
    return Entry(
        status=kind,
        at=ended or article.published,
        path=article.path,
        url=article.url,
        region=article.region,
        title=article.matter.title,
    )


@record
class Share:
    """How many stories a region, topic or author has, and when the newest was published."""

    name: str
    stories: int
    latest: datetime


@record
class Holdings:
    """A site in numbers. Words, reading time, months, regions, topics and authors are those of public stories."""

    title: str
    language: str
    statuses: FrozenMap[str, int]
    words: int
    minutes: int
    pictures: int
    months: FrozenMap[date, int]  # from the first month with a story to the newest, none left out
    regions: tuple[Share, ...]
    topics: tuple[Share, ...]
    authors: tuple[Share, ...]


def holdings(catalog: Catalog, pictures: int) -> Holdings:
    stories = catalog.stories
    return Holdings(
        title=catalog.settings.site.title,
        language=catalog.settings.site.language,
        statuses=FrozenMap(Counter(status(article, catalog.clock) for article in catalog.sources.articles)),
        words=sum(article.words for article in stories),
        minutes=sum(article.minutes for article in stories),
        pictures=pictures,
        months=FrozenMap(_months(stories)),
        regions=_shares(catalog, ((region.title, catalog.by_region[key]) for key, region in catalog.regions.items())),
        topics=_shares(catalog, ((catalog.topics[key].name, which) for key, which in catalog.by_topic.items())),
        authors=_shares(catalog, ((catalog.author(key).name, which) for key, which in catalog.by_author.items())),
    )


def _months(stories: Sequence[Article]) -> dict[date, int]:
    counts = Counter(date(article.published.year, article.published.month, 1) for article in stories)
    if not counts:
        return {}
    month, last = min(counts), max(counts)
    found = {}
    while month <= last:
        found[month] = counts[month]
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return found


def _shares(catalog: Catalog, groups: Iterable[tuple[str, Sequence[int]]]) -> tuple[Share, ...]:
    """The groups that have stories, the largest first."""
    found = [
        Share(name=name, stories=len(which), latest=max((catalog.stories[i] for i in which), key=order).published)
        for name, which in groups
        if which
    ]
    return tuple(sorted(found, key=lambda share: (-share.stories, share.name)))
