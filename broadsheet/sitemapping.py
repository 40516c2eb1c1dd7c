"""Which sitemaps a site has, and what is in each. Their bytes are made by sitemaps.py."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import partial

from broadsheet import sitemaps
from broadsheet.codec import microseconds
from broadsheet.frozen import record
from broadsheet.marks import Marks
from broadsheet.model import Page, Planned, Trait
from broadsheet.pages import made
from broadsheet.views import FRONT, Views


def site(marks: Marks) -> Iterator[Planned]:
    """A shard for each month of stories, one for all other pages, the news sitemap, their index, and robots.txt."""
    views = marks.views
    shards: list[sitemaps.ShardRef] = []
    for month in _months(views):
        for n, members in enumerate(_pieces(month.members)):
            place = f"sitemaps/{month.name}{f'-{n + 1}' if n else ''}.xml"
            archives = () if n else month.archives
            shards.append(sitemaps.ShardRef(loc=views.base.absolute("/" + place), lastmod=_latest(month, views)))
            yield Planned(
                path=place,
                template="sitemap",
                source="the sitemap",
                shown=(str(archives), b"".join([marks.entry[i] for i in members])),
                make=partial(_made_month, views, place, members, archives),
            )
    others = sitemaps.in_files(tuple(_other_pages(views)))
    for n, piece in enumerate(others):
        place = f"sitemaps/pages{f'-{n + 1}' if n else ''}.xml"
        shards.append(sitemaps.ShardRef(loc=views.base.absolute("/" + place)))
        yield made(Page(path=place, template="sitemap", context=piece, source="the sitemap"))
    index = sitemaps.SitemapIndex(shards=tuple(shards))
    yield made(Page(path="sitemap.xml", template="sitemap-index", context=index, source="the sitemap"))
    found = [views.base.absolute("/sitemap.xml")]
    if views.settings.sitemap.news:
        found.append(views.base.absolute("/news-sitemap.xml"))
        news = Page(path="news-sitemap.xml", template="news-sitemap", context=_news(views), source="the news sitemap")
        yield made(news)
    robots = sitemaps.Robots(sitemaps=tuple(found))
    yield made(Page(path="robots.txt", template="robots", context=robots, source="robots.txt"))


@record
class _Month:
    """One month of the sitemap: `name` ("2025-04"), the positions of its stories, and its archives' addresses, each
    with the time of its newest story."""

    name: str
    members: Sequence[int]
    archives: tuple[tuple[str, datetime], ...]


def _months(views: Views) -> Iterator[_Month]:
    """Every month that has stories. A sponsored story stays in; one marked noindex doesn't."""
    stories, stands = views.catalog.stories, views.catalog.stands
    members: dict[date, list[int]] = {}
    archives: dict[date, list[tuple[str, datetime]]] = {}
    for (region, month), positions in views.catalog.by_month.items():
        members.setdefault(month, []).extend(positions)
        newest = stories[positions[-1]].published
        archives.setdefault(month, []).append((f"{views.catalog.regions[region].url}{month:%Y/%m}/", newest))
    for month in sorted(members):
        listed = [i for i in sorted(members[month]) if not stands[i].traits & Trait.NOINDEX]
        yield _Month(name=f"{month:%Y-%m}", members=listed, archives=tuple(archives[month]))


def _pieces(members: Sequence[int]) -> Iterator[Sequence[int]]:
    """The stories of a month in as many files as the protocol's limit asks for; the archives stand in the first."""
    size = sitemaps.MAX_URLS // 2
    yield from (members[start : start + size] for start in range(0, max(len(members), 1), size))


def _latest(month: _Month, views: Views) -> datetime:
    stories, stands = views.catalog.stories, views.catalog.stands
    dated = [i for i in month.members if stands[i].traits & (Trait.UPDATED | Trait.CORRECTIONS)]
    changed = [changed for i in dated if (changed := views.updated(stories[i]))]
    return max([*changed, *(newest for _, newest in month.archives)])


def _made_month(views: Views, place: str, members: Sequence[int], archives: Sequence[tuple[str, datetime]]) -> Page:
    urls = []
    for article in (views.catalog.stories[i] for i in members):
        picture = views.picture(article.matter.image, article.path)
        urls.append(
            sitemaps.SitemapUrl(
                loc=views.base.absolute(article.url),
                lastmod=views.updated(article) or article.published,
                images=(picture.absolute,) if picture and not picture.remote else (),
            )
        )
    urls += [sitemaps.SitemapUrl(loc=views.base.absolute(url), lastmod=newest) for url, newest in archives]
    return Page(path=place, template="sitemap", context=sitemaps.Sitemap(urls=tuple(urls)), source="the sitemap")


def _other_pages(views: Views) -> Iterator[sitemaps.SitemapUrl]:
    """Home, fronts, topics, people, plain pages and corrections: what changes with each story carries no date."""
    catalog = views.catalog
    yield sitemaps.SitemapUrl(loc=views.base.absolute("/"))
    paths: Iterable[str] = [
        *(region.url for region in catalog.regions.values()),
        *(catalog.topics[key].url for key in catalog.by_topic),
        *(catalog.series[key].url for key in catalog.by_series),
        *((author.url for author in catalog.authors.values()) if "authors" in views.settings.taxonomies else ()),
        *(page.url for page in catalog.sources.pages if catalog.shows(page) and not page.matter.noindex),
        "/corrections/",
        *_year_archives(views),
    ]
    for path in paths:
        yield sitemaps.SitemapUrl(loc=views.base.absolute(path))


def _year_archives(views: Views) -> Iterator[str]:
    """The year archives of what has more than its front shows."""
    catalog = views.catalog
    lists = [
        *((catalog.topics[key].url, members) for key, members in catalog.by_topic.items()),
        *((catalog.series[key].url, members) for key, members in catalog.by_series.items()),
    ]
    if "authors" in views.settings.taxonomies:
        lists += [(author.url, catalog.by_author.get(key, ())) for key, author in catalog.authors.items()]
    for url, members in lists:
        if len(members) > FRONT:
            for year in sorted({catalog.stands[i].month // 12 for i in members}):
                yield f"{url}{year:04}/"
    notes = [
        note.date.year for i in catalog.having(Trait.CORRECTIONS) for note in catalog.corrections(catalog.stories[i])
    ]
    if len(notes) > FRONT:
        for year in sorted(set(notes)):
            yield f"/corrections/{year:04}/"


def _news(views: Views) -> sitemaps.NewsSitemap:
    now = views.catalog.clock.now
    stands = views.catalog.stands
    first = microseconds(now - sitemaps.NEWS_AGE)
    latest = range(max(0, len(stands) - sitemaps.MAX_NEWS), len(stands))
    stories = [views.catalog.stories[i] for i in latest if stands[i].published >= first]
    urls = (
        sitemaps.NewsUrl(
            loc=views.base.absolute(article.url),
            title=article.matter.title,
            published=article.published,
            lang=article.lang,
        )
        for article in stories
        if not article.matter.noindex and article.matter.label != "sponsored"
    )
    return sitemaps.NewsSitemap(publication=views.site.title, urls=sitemaps.recent(urls, views.catalog.clock.now))
