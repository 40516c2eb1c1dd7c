"""Which sitemaps a site has, and what is in each. Their bytes are made by sitemaps.py."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from broadsheet import groups, sitemaps, timeline
from broadsheet.codec import moment
from broadsheet.frozen import record
from broadsheet.groups import Group
from broadsheet.marks import Marks
from broadsheet.model import Page, Planned, Trait
from broadsheet.pages import made, told
from broadsheet.stretches import picked
from broadsheet.views import FRONT, Views


def site(marks: Marks) -> Iterator[Planned | Group]:
    """A shard for each month of stories, one for all other pages, the news sitemap, their index, and robots.txt."""
    views = marks.views
    shards: list[_Shard] = []
    changed = {i: at for i in views.catalog.having(_CHANGEABLE) if (at := views.catalog.changed(i)) is not None}
    for month in _months(views):
        places = [f"sitemaps/{month.name}{f'-{n + 1}' if n else ''}.xml" for n in range(month.files)]
        latest = _latest(month, changed)
        shards += [_Shard(place=place, lastmod=latest) for place in places]
        yield Group(
            name=f"sitemap of {month.name}",
            of=groups.month(month.number),
            info=(month.name, month.archives),
            plan=partial(_month, marks, month, places),
        )
    others = _other_pages(views)
    for n, start in enumerate(range(0, max(len(others), 1), sitemaps.MAX_URLS)):
        place = f"sitemaps/pages{f'-{n + 1}' if n else ''}.xml"
        paths = others[start : start + sitemaps.MAX_URLS]
        shards.append(_Shard(place=place, lastmod=None))
        yield told(place, "sitemap", "the sitemap", paths, partial(_made_others, views, place, paths))
    index = [tuple(shard) for shard in shards]
    yield told("sitemap.xml", "sitemap-index", "the sitemap", index, partial(_made_index, views, shards))
    found = [views.base.absolute("/sitemap.xml")]
    if views.settings.sitemap.news:
        found.append(views.base.absolute("/news-sitemap.xml"))
        yield _news(marks)
    robots = sitemaps.Robots(sitemaps=tuple(found))
    yield made(Page(path="robots.txt", template="robots", context=robots, source="robots.txt"))


class _Shard(NamedTuple):
    """A file of the sitemap: its place, and when the latest of its pages was changed (microseconds since 1970)."""

    place: str
    lastmod: int | None


@record
class _Month:
    """One month of the sitemap: its `number` (counted from the year 0) and `name` ("2025-04"), the positions of the
    stories of each of its archives, how many `files` they fill, and these archives' addresses, each with the time of
    its newest story (microseconds since 1970)."""

    number: int
    name: str
    members: Sequence[Sequence[int]]
    left_out: frozenset[int]
    files: int
    archives: tuple[tuple[str, int], ...]

    def listed(self) -> Sequence[int]:
        """The positions of its stories. A sponsored story stays in; one marked noindex doesn't."""
        return sorted(i for some in self.members for i in some if i not in self.left_out)


def _month(marks: Marks, month: _Month, places: Sequence[str]) -> Iterator[Planned]:
    listed = month.listed()
    for n, place in enumerate(places):
        members = listed[n * _IN_FILE : (n + 1) * _IN_FILE]
        archives = () if n else month.archives
        yield Planned(
            path=place,
            template="sitemap",
            source="the sitemap",
            shown=(str(archives), b"".join(picked(marks.entry, members))),
            make=partial(_made_month, marks.views, place, members, archives),
        )


def _months(views: Views) -> Iterator[_Month]:
    """Every month that has stories."""
    stands = views.catalog.stands
    members: dict[date, list[Sequence[int]]] = {}
    archives: dict[date, list[tuple[str, int]]] = {}
    for (region, month), positions in views.catalog.by_month.items():
        members.setdefault(month, []).append(positions)
        newest = stands.published[positions[-1]]
        archives.setdefault(month, []).append((f"{views.catalog.regions[region].url}{month:%Y/%m}/", newest))
    left_out = frozenset(views.catalog.having(Trait.NOINDEX))
    for month in sorted(members):
        some = members[month]
        size = sum(map(len, some)) - (sum(i in left_out for of_region in some for i in of_region) if left_out else 0)
        yield _Month(
            number=month.year * 12 + month.month - 1,
            name=f"{month:%Y-%m}",
            members=some,
            left_out=left_out,
            files=max(1, -(-size // _IN_FILE)),
            archives=tuple(archives[month]),
        )


_IN_FILE = sitemaps.MAX_URLS // 2  # stories of a month in one file; the archives stand in the first
_CHANGEABLE = Trait.UPDATED | Trait.CORRECTIONS  # what stories have that may have changed since they were published


def _latest(month: _Month, changed: Mapping[int, int]) -> int:
    """When the latest of a month's pages was changed; `changed` says it of the stories that were since they were
    published."""
    dated = changed.keys() & month.listed() if changed else ()
    return max([*(changed[i] for i in dated), *(newest for _, newest in month.archives)])


def _instant(views: Views, value: int) -> datetime:
    return moment(value, ZoneInfo(views.settings.site.timezone))


def _made_month(views: Views, place: str, members: Sequence[int], archives: Sequence[tuple[str, int]]) -> Page:
    urls = [_of_story(views, i) for i in members]
    urls += [
        sitemaps.SitemapUrl(loc=views.base.absolute(url), lastmod=_instant(views, newest)) for url, newest in archives
    ]
    return Page(path=place, template="sitemap", context=sitemaps.Sitemap(urls=tuple(urls)), source="the sitemap")


def _of_story(views: Views, position: int) -> sitemaps.SitemapUrl:
    """A story's entry. The story is only made where it has a picture."""
    catalog = views.catalog
    stands = catalog.stands
    changed = catalog.changed(position)
    images: tuple[str, ...] = ()
    if stands.pictures[position]:
        article = catalog.stories[position]
        picture = views.picture(article.matter.image, article.path)
        images = (picture.absolute,) if picture and not picture.remote else ()
    return sitemaps.SitemapUrl(
        loc=views.base.absolute(stands.url[position]),
        lastmod=_instant(views, stands.published[position] if changed is None else changed),
        images=images,
    )


def _made_others(views: Views, place: str, paths: Sequence[str]) -> Page:
    context = sitemaps.Sitemap(urls=tuple(sitemaps.SitemapUrl(loc=views.base.absolute(path)) for path in paths))
    return Page(path=place, template="sitemap", context=context, source="the sitemap")


def _made_index(views: Views, shards: Sequence[_Shard]) -> Page:
    found = tuple(
        sitemaps.ShardRef(
            loc=views.base.absolute("/" + shard.place),
            lastmod=_instant(views, shard.lastmod) if shard.lastmod is not None else None,
        )
        for shard in shards
    )
    context = sitemaps.SitemapIndex(shards=found)
    return Page(path="sitemap.xml", template="sitemap-index", context=context, source="the sitemap")


def _other_pages(views: Views) -> Sequence[str]:
    """Home, fronts, topics, people, plain pages and corrections: what changes with each story carries no date."""
    catalog = views.catalog
    return [
        "/",
        *(region.url for region in catalog.regions.values()),
        *(catalog.topics[key].url for key in catalog.by_topic),
        *(catalog.series[key].url for key in catalog.by_series),
        *((author.url for author in catalog.authors.values()) if "authors" in views.settings.taxonomies else ()),
        *(page.url for page in catalog.sources.pages if catalog.shows(page) and not page.matter.noindex),
        "/corrections/",
        *_year_archives(views),
    ]


def _year_archives(views: Views) -> Iterator[str]:
    """The year archives of what has more than its front shows."""
    catalog = views.catalog
    lists = [
        (catalog.by_topic, {key: catalog.topics[key].url for key in catalog.by_topic}),
        (catalog.by_series, {key: catalog.series[key].url for key in catalog.by_series}),
        (catalog.by_author, {key: author.url for key, author in catalog.authors.items() if key in catalog.by_author}),
    ]
    for grouped, urls in lists:
        years = catalog.years(grouped)
        for key, url in urls.items():
            if grouped.size(key) > FRONT:
                yield from (f"{url}{year:04}/" for year in years[key])
    notes = [turn for i in catalog.having(Trait.CORRECTIONS) for turn in catalog.corrected(i)]
    if len(notes) > FRONT:
        zone = ZoneInfo(catalog.settings.site.timezone)
        for year in sorted({moment(turn, zone).year for turn in notes}):
            yield f"/corrections/{year:04}/"


def _news(marks: Marks) -> Planned:
    """The sitemap of the stories of the last days, which are not made unless it is."""
    catalog = marks.views.catalog
    listed = timeline.news(catalog)
    return Planned(
        path="news-sitemap.xml",
        template="news-sitemap",
        source="the news sitemap",
        shown=(marks.headlines(listed), tuple(picked(catalog.stands.published, listed))),
        make=partial(_made_news, marks.views, listed),
    )


def _made_news(views: Views, listed: Sequence[int]) -> Page:
    urls = (
        sitemaps.NewsUrl(
            loc=views.base.absolute(article.url),
            title=article.matter.title,
            published=article.published,
            lang=article.lang,
        )
        for article in (views.catalog.stories[i] for i in listed)
    )
    context = sitemaps.NewsSitemap(publication=views.site.title, urls=sitemaps.newest_first(urls))
    return Page(path="news-sitemap.xml", template="news-sitemap", context=context, source="the news sitemap")
