"""Which machine-readable files a site has, and what is in each: feeds, sitemaps, robots.txt, the web manifest, and the
host's headers. Their bytes are made by feeds.py, sitemaps.py and policy.py."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from urllib.parse import urljoin

from broadsheet import feeds, locale, policy, sitemaps
from broadsheet.frozen import record
from broadsheet.model import Article, Page
from broadsheet.views import FEED_FILES, FRONT, Views

# Names of the builders in render.py, where a page of HTML has the name of its template.
FEED_KINDS = {"rss": "rss", "atom": "atom", "json": "json-feed"}


def site(views: Views) -> Iterator[Page]:
    """Every feed and their list, then the web manifest, the sitemaps and robots.txt."""
    entries: list[feeds.OpmlEntry] = []
    for page in _feeds(views):
        yield page
        if (
            isinstance(page.context, feeds.FeedDocument)
            and page.template == FEED_KINDS[views.settings.feeds.formats[0]]
        ):
            entries.append(
                feeds.OpmlEntry(title=page.context.title, feed_url=page.context.self_url, url=page.context.url)
            )
    if entries:
        opml = feeds.OpmlDocument(title=views.settings.site.title, entries=tuple(entries))
        yield Page(path="feeds.opml", template="opml", context=opml, source="the list of feeds")
    yield Page(path="manifest.webmanifest", template="manifest", context=_manifest(views), source="the web manifest")
    if views.base.origin:  # sitemaps hold absolute addresses, or none
        yield from _sitemaps(views)


# --- feeds ---------------------------------------------------------------------------------------------------------


def _feeds(views: Views) -> Iterator[Page]:
    catalog, settings = views.catalog, views.settings
    title = settings.site.title
    yield from _feed(views, title, "/", range(len(catalog.stories)), settings.site.language, settings.site.description)
    for key, region in catalog.regions.items():
        name = f"{title} – {region.title}"
        yield from _feed(views, name, region.url, catalog.by_region[key], region.language, region.description)
    for key, members in catalog.by_topic.items():
        term = catalog.topics[key]
        yield from _feed(views, f"{title} – {term.name}", term.url, members, settings.site.language)
    for key, members in catalog.by_author.items():
        author = catalog.authors[key]
        yield from _feed(views, f"{title} – {author.name}", author.url, members, settings.site.language)


def _feed(
    views: Views, title: str, url: str, members: Sequence[int], lang: str, description: str = ""
) -> Iterator[Page]:
    """One feed in each configured format: the newest stories of `members` (positions, oldest first)."""
    limit = views.settings.feeds.limit
    newest = [views.catalog.stories[i] for i in reversed(members[-limit:])]
    items = tuple(_item(views, article) for article in newest if not article.matter.noindex)
    logo = views.site.publisher.logo
    for kind in views.settings.feeds.formats:
        place = url + FEED_FILES[kind][0]
        document = feeds.FeedDocument(
            title=title,
            url=views.base.absolute(url),
            self_url=views.base.absolute(place),
            publisher=views.site.publisher.name,
            lang=lang,
            items=items,
            description=description,
            logo=logo.absolute if logo else "",
        )
        source = f"the feed of {title}"
        yield Page(path=place.removeprefix("/"), template=FEED_KINDS[kind], context=document, source=source)


def _item(views: Views, article: Article) -> feeds.FeedItem:
    made = views.feed_items.get(article.path)
    if made is None:
        made = views.feed_items[article.path] = _new_item(views, article)
    return made


def _new_item(views: Views, article: Article) -> feeds.FeedItem:
    matter = article.matter
    body = None
    if views.settings.feeds.content == "full":
        body = views.links.body(article.path, article.url, article.body, article.links, article.pictures)
    labels = views.strings(article.lang)["labels"]
    people = [views.person(key) for key in views.catalog.author_ids(article)]
    picture = views.picture(matter.image, article.path)
    return feeds.FeedItem(
        url=views.base.absolute(article.url),
        title=matter.title,
        published=article.published,
        label=str(labels[matter.label]) if matter.label and hasattr(labels, "__getitem__") else "",
        standfirst=matter.description,
        authors=tuple(
            feeds.FeedAuthor(name=person.name, url=urljoin(views.site.absolute, person.url) if person.url else "")
            for person in people
        ),
        topics=tuple(topic.name for key in views.catalog.topic_ids(article) if (topic := views.topic(key))),
        updated=views.updated(article),
        picture=picture if picture and not picture.remote else None,
        body=body,
        lang=article.lang,
        dir=article.dir,
    )


# --- sitemaps ------------------------------------------------------------------------------------------------------


def _sitemaps(views: Views) -> Iterator[Page]:
    """A shard for each month of stories, one for all other pages, the news sitemap, their index, and robots.txt."""
    shards: list[sitemaps.ShardRef] = []
    for name, urls in [*_months(views), ("pages", _other_pages(views))]:
        pieces = sitemaps.in_files(tuple(urls))
        for n, piece in enumerate(pieces):
            place = f"sitemaps/{name}{f'-{n + 1}' if n else ''}.xml"
            shards.append(sitemaps.ShardRef(loc=views.base.absolute("/" + place), lastmod=sitemaps.latest(piece.urls)))
            yield Page(path=place, template="sitemap", context=piece, source="the sitemap")
    index = sitemaps.SitemapIndex(shards=tuple(shards))
    yield Page(path="sitemap.xml", template="sitemap-index", context=index, source="the sitemap")
    found = [views.base.absolute("/sitemap.xml")]
    if views.settings.sitemap.news:
        found.append(views.base.absolute("/news-sitemap.xml"))
        yield Page(path="news-sitemap.xml", template="news-sitemap", context=_news(views), source="the news sitemap")
    robots = sitemaps.Robots(sitemaps=tuple(found))
    yield Page(path="robots.txt", template="robots", context=robots, source="robots.txt")


def _months(views: Views) -> Iterator[tuple[str, list[sitemaps.SitemapUrl]]]:
    """("2025-04", its stories and archives) for every month. A sponsored story stays in; one marked noindex doesn't."""
    by_month: dict[date, list[sitemaps.SitemapUrl]] = {}
    for article in views.catalog.stories:
        if article.matter.noindex:
            continue
        picture = views.picture(article.matter.image, article.path)
        by_month.setdefault(date(article.date.year, article.date.month, 1), []).append(
            sitemaps.SitemapUrl(
                loc=views.base.absolute(article.url),
                lastmod=views.updated(article) or article.published,
                images=(picture.absolute,) if picture and not picture.remote else (),
            )
        )
    for (region, month), members in views.catalog.by_month.items():
        url = f"{views.catalog.regions[region].url}{month:%Y/%m}/"
        newest = max(views.catalog.stories[i].published for i in members)
        by_month.setdefault(month, []).append(sitemaps.SitemapUrl(loc=views.base.absolute(url), lastmod=newest))
    for month in sorted(by_month):
        yield f"{month:%Y-%m}", by_month[month]


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
            for year in sorted({catalog.stories[i].date.year for i in members}):
                yield f"{url}{year:04}/"
    notes = [note.date.year for article in catalog.stories for note in catalog.corrections(article)]
    if len(notes) > FRONT:
        for year in sorted(set(notes)):
            yield f"/corrections/{year:04}/"


def _news(views: Views) -> sitemaps.NewsSitemap:
    stories = views.catalog.stories[-sitemaps.MAX_NEWS :]
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


# --- for browsers and hosts ----------------------------------------------------------------------------------------

_PAPER = "#fffdf9"  # the theme's own --paper


@record
class Icon:
    """`sizes` is "512x512", or "any" for a drawing."""

    src: str
    sizes: str
    type: str


@record
class Manifest:
    """What a phone needs to put the site among its apps. URLs are paths under the base URL."""

    name: str
    start_url: str
    lang: str
    dir: str
    description: str = ""
    icons: tuple[Icon, ...] = ()
    background: str = _PAPER
    theme: str = _PAPER


def _manifest(views: Views) -> Manifest:
    site = views.settings.site
    return Manifest(
        name=site.title,
        start_url=views.base.href("/"),
        lang=site.language,
        dir=locale.direction(site.language),
        description=site.description,
        icons=(Icon(src=views.base.href("/favicon.svg"), sizes="any", type="image/svg+xml"),),
    )


def manifest(document: Manifest) -> bytes:
    """manifest.webmanifest: with the browser's own buttons, since a section of a newspaper is pages to go back to."""
    value = {
        "id": document.start_url,
        "name": document.name,
        "short_name": document.name,
        "description": document.description,
        "start_url": document.start_url,
        "scope": document.start_url,
        "display": "minimal-ui",
        "lang": document.lang,
        "dir": document.dir,
        "background_color": document.background,
        "theme_color": document.theme,
        "icons": [{"src": icon.src, "sizes": icon.sizes, "type": icon.type} for icon in document.icons],
    }
    kept = {key: item for key, item in value.items() if item}
    return (json.dumps(kept, ensure_ascii=False, indent=1) + "\n").encode()


def headers(views: Views, sample: Page) -> Page:
    """The host's headers; `sample` is a page whose styles are those of every page."""
    explore = views.settings.rails.explore
    context = policy.Headers(
        sample=sample.context,
        template=sample.template,
        prefix=views.base.href("/"),
        script=explore.mode == "shared" and explore.refresh == "script",
        allow=views.settings.csp.allow,
    )
    return Page(path="_headers", template="headers", context=context, source=sample.source)
