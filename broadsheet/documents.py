"""Which machine-readable files a site has, and what is in each: feeds, sitemaps, robots.txt, the web manifest, and the
host's headers. Their bytes are made by feeds.py, sitemaps.py and policy.py."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from urllib.parse import urljoin

from broadsheet import feeds, groups, locale, policy, sitemapping
from broadsheet.frozen import record
from broadsheet.grouping import Grouped
from broadsheet.groups import Group
from broadsheet.marks import Marks
from broadsheet.model import Article, Page, Planned
from broadsheet.naming import Author, Term
from broadsheet.pages import made, told
from broadsheet.views import FEED_FILES, Views

# Names of the builders in render.py, where a page of HTML has the name of its template.
FEED_KINDS = {"rss": "rss", "atom": "atom", "json": "json-feed"}


@record
class _Feed:
    """What one feed is of: `members` gives positions of stories, oldest first; `of` names them where they are one of
    many groups."""

    title: str
    url: str
    members: Callable[[], Sequence[int]]
    lang: str
    description: str = ""
    of: str = ""


def site(marks: Marks) -> Iterator[Planned | Group]:
    """Every feed and their list, then the web manifest, the sitemaps and robots.txt."""
    views = marks.views
    found = list(_feeds(views))
    for feed in found if views.settings.feeds.formats else ():
        if feed.of:
            info = (feed.title, feed.url, feed.lang, feed.description)
            yield Group(name=f"feeds of {feed.url}", of=feed.of, info=info, plan=partial(_feed, marks, feed))
        else:
            yield from _feed(marks, feed)
    if views.settings.feeds.formats:
        yield _opml(views, found)
    yield made(
        Page(path="manifest.webmanifest", template="manifest", context=_manifest(views), source="the web manifest")
    )
    if views.base.origin:  # sitemaps hold absolute addresses, or none
        yield from sitemapping.site(marks)


# --- feeds ---------------------------------------------------------------------------------------------------------


def _feeds(views: Views) -> Iterator[_Feed]:
    catalog, site = views.catalog, views.settings.site
    title, lang = site.title, site.language
    every = range(len(catalog.stories))
    yield _Feed(title=title, url="/", members=lambda: every, lang=lang, description=site.description)
    for key, region in catalog.regions.items():
        yield _Feed(
            title=f"{title} – {region.title}",
            url=region.url,
            members=partial(catalog.by_region.__getitem__, key),
            lang=region.language,
            description=region.description,
        )
    lists: tuple[tuple[Grouped, Mapping[str, Term | Author], Callable[[str], str]], ...] = (
        (catalog.by_topic, catalog.topics, partial(groups.topic, taxonomy="topics")),
        (catalog.by_author, catalog.authors, groups.author),
    )
    for every_of, named, of in lists:
        for key in every_of:
            name, url, members = named[key].name, named[key].url, partial(every_of.__getitem__, key)
            yield _Feed(title=f"{title} – {name}", url=url, members=members, lang=lang, of=of(key))


def _feed(marks: Marks, feed: _Feed) -> Iterator[Planned]:
    """One feed in each configured format: the newest stories of its members."""
    views = marks.views
    newest = feed.members()[-views.settings.feeds.limit :][::-1]
    for kind in views.settings.feeds.formats:
        yield Planned(
            path=(feed.url + FEED_FILES[kind][0]).removeprefix("/"),
            template=FEED_KINDS[kind],
            source=f"the feed of {feed.title}",
            shown=(feed.title, feed.url, feed.lang, feed.description, marks.owns(newest)),
            make=partial(_made_feed, views, feed, newest, kind),
        )


def _made_feed(views: Views, feed: _Feed, newest: Sequence[int], kind: str) -> Page:
    place = feed.url + FEED_FILES[kind][0]
    logo = views.site.publisher.logo
    shown = [views.catalog.stories[i] for i in newest]
    document = feeds.FeedDocument(
        title=feed.title,
        url=views.base.absolute(feed.url),
        self_url=views.base.absolute(place),
        publisher=views.site.publisher.name,
        lang=feed.lang,
        items=tuple(_item(views, article) for article in shown if not article.matter.noindex),
        description=feed.description,
        logo=logo.absolute if logo else "",
    )
    source = f"the feed of {feed.title}"
    return Page(path=place.removeprefix("/"), template=FEED_KINDS[kind], context=document, source=source)


def _opml(views: Views, found: Iterable[_Feed]) -> Planned:
    """The list of all feeds, each in the first of the configured formats."""
    listed = [(feed.title, feed.url) for feed in found]
    return told("feeds.opml", "opml", "the list of feeds", listed, partial(_made_opml, views, listed))


def _made_opml(views: Views, listed: Sequence[tuple[str, str]]) -> Page:
    name = FEED_FILES[views.settings.feeds.formats[0]][0]
    absolute = views.base.absolute
    entries = tuple(
        feeds.OpmlEntry(title=title, feed_url=absolute(url + name), url=absolute(url)) for title, url in listed
    )
    context = feeds.OpmlDocument(title=views.settings.site.title, entries=entries)
    return Page(path="feeds.opml", template="opml", context=context, source="the list of feeds")


def _item(views: Views, article: Article) -> feeds.FeedItem:
    made = views.feed_items.get(article.path)
    if made is None:
        made = views.feed_items.keep(article.path, _new_item(views, article))
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


def headers(views: Views, sample: Page) -> Planned:
    """The host's headers; `sample` is a page that has the styles of every page, but for those that are the same
    wherever a template prints them."""
    explore = views.settings.rails.explore
    context = policy.Headers(
        sample=sample.context,
        template=sample.template,
        prefix=views.base.href("/"),
        script=explore.mode == "shared" and explore.refresh == "script",
        allow=views.settings.csp.allow,
    )
    return made(Page(path="_headers", template="headers", context=context, source="_headers"))
