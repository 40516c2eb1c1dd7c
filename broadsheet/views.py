"""What other pages may know of a story, a person or a topic: projections of the catalog, each made once a build.

Everything is pure: facts about files (pictures, files to link to) are given, not looked up.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from broadsheet import contexts, interface, locale
from broadsheet.catalog import Catalog
from broadsheet.codec import microseconds
from broadsheet.feeds import FeedItem
from broadsheet.frozen import FrozenMap, record
from broadsheet.lazily import Recent
from broadsheet.links import Links
from broadsheet.model import Article, Direction, ImageRef
from broadsheet.naming import Region
from broadsheet.pictured import Pictured
from broadsheet.settings import NavItem
from broadsheet.structured import shareable
from broadsheet.translations import Translations
from broadsheet.urls import Base

_NO_ALTERNATES: FrozenMap[str, str] = FrozenMap()
FRONT = 30  # stories on a region's front, a topic's or an author's page; older ones are in archives
SHARE = (1200, 675)  # pixels of share.png, the theme's or a site's own
_KEPT = 5_000  # headlines, cards and items of feeds that stay at hand
BYLINED = ("opinion", "feature")  # kinds whose lists show who wrote them


@record
class Facts:
    """What the file system says, gathered before planning.

    `pictures` gives for (folder of the source, `src` as written) what is known of the picture; `files` are the paths
    of all files below content/ that are not Markdown; `strings` the interface strings by language.
    """

    pictures: Pictured
    files: frozenset[str]
    strings: FrozenMap[str, FrozenMap[str, object]]


def strings(catalog: Catalog, locales: Mapping[str, str]) -> FrozenMap[str, FrozenMap[str, object]]:
    """The interface strings of every language that a page is in."""
    used = {catalog.settings.site.language, *(region.language for region in catalog.regions.values())}
    used |= {*catalog.shown.lang}
    used |= {page.lang for page in catalog.sources.pages}
    return FrozenMap({lang: interface.strings(lang, locales) for lang in sorted(used)})


class Views:
    """Headlines, cards, people and heads of pages for one catalog, base URL and set of facts."""

    def __init__(self, catalog: Catalog, base: Base, facts: Facts) -> None:
        self.catalog = catalog
        self.settings = catalog.settings
        self.base = base
        self.facts = facts
        self.links = Links(catalog, base, facts.pictures, facts.files)
        self._headlines: Recent[str, contexts.Headline] = Recent(_KEPT)
        self._cards: Recent[str, contexts.Card] = Recent(_KEPT)
        self._people: dict[str, contexts.Person] = {}
        self._topics: dict[tuple[str, str], contexts.Topic] = {}
        self.feed_items: Recent[str, FeedItem] = Recent(_KEPT)  # filled by documents.py
        self._region_links = {key: self._region_link(region) for key, region in catalog.regions.items()}
        self.translations = Translations(catalog, base)
        self.links.told_always.update(self.translations.doubles(), catalog.namesakes())
        self.home_link = contexts.NavLink(title=self.settings.site.title, url=base.href("/"))
        self.site = self._site()

    # --- teasers -----------------------------------------------------------------------------------------------

    def headline(self, article: Article) -> contexts.Headline:
        made = self._headlines.get(article.path)
        if made is None:
            made = contexts.Headline(
                url=self.base.href(article.url),
                title=article.matter.title,
                label=article.matter.label,
                byline=self._byline(article),
                lang=article.lang,
                dir=article.dir,
            )
            self._headlines.keep(article.path, made)
        return made

    def card(self, article: Article) -> contexts.Card:
        made = self._cards.get(article.path)
        if made is None:
            made = contexts.Card(
                url=self.base.href(article.url),
                title=article.matter.title,
                label=article.matter.label,
                byline=self._byline(article),
                lang=article.lang,
                dir=article.dir,
                standfirst=article.matter.description,
                kicker=article.matter.kicker or self.catalog.regions[article.region].title,
                region=self.region(article.region),
                date=article.published,
                minutes=article.minutes,
                picture=self.picture(article.matter.image, article.path),
            )
            self._cards.keep(article.path, made)
        return made

    def _byline(self, article: Article) -> tuple[str, ...]:
        if article.matter.label not in BYLINED:
            return ()
        return tuple(self.catalog.author(key).name for key in self.catalog.author_ids(article))

    # --- people, topics, regions, pictures ---------------------------------------------------------------------

    def person(self, key: str) -> contexts.Person:
        made = self._people.get(key)
        if made is None:
            author = self.catalog.author(key)
            matter = author.source.matter if author.source else None
            has_page = "authors" in self.settings.taxonomies and author.url
            made = self._people[key] = contexts.Person(
                id=key,
                name=author.name,
                url=self.base.href(author.url) if has_page else "",
                type=matter.type if matter else "person",
                role=matter.role if matter else "",
                picture=self.picture(matter.image, author.source.path) if matter and author.source else None,
                links=matter.links if matter else (),
            )
        return made

    def topic(self, key: str, taxonomy: str = "topics") -> contexts.Topic | None:
        """A topic or series for printing; None where it has no page (turned off, or no public story has it)."""
        terms = self.catalog.topics if taxonomy == "topics" else self.catalog.series
        if key not in terms or taxonomy not in self.settings.taxonomies:
            return None
        made = self._topics.get((taxonomy, key))
        if made is None:
            term = terms[key]
            made = contexts.Topic(id=key, name=term.name, url=self.base.href(term.url))
            self._topics[taxonomy, key] = made
        return made

    def region(self, key: str) -> contexts.NavLink:
        """A link to a region's front; the name of one that only unlisted stories know leads home."""
        return self._region_links.get(key) or self._region_link(self.catalog.region(key))

    def _region_link(self, region: Region) -> contexts.NavLink:
        lang = region.language if region.language != self.settings.site.language else ""
        return contexts.NavLink(title=region.title, url=self.base.href(region.url), lang=lang)

    def picture(self, ref: ImageRef | None, source: str) -> contexts.Picture | None:
        """The picture of a source's front matter, or None where there is none that can be shown."""
        return self.links.picture(ref, source) if ref else None

    def strings(self, lang: str) -> FrozenMap[str, object]:
        return self.facts.strings[lang]

    # --- heads -------------------------------------------------------------------------------------------------

    def head(
        self,
        url: str,
        title: str,
        *,
        description: str = "",
        lang: str = "",
        direction: Direction | None = None,
        section: str = "",
        noindex: bool = False,
        picture: contexts.Picture | None = None,
        feeds: tuple[contexts.FeedLink, ...] = (),
        alternates: FrozenMap[str, str] = _NO_ALTERNATES,
    ) -> contexts.Head:
        """The head of the page at `url` (a path from the root); `section` likewise. A page without feeds of its own
        names the site's."""
        language = lang or self.settings.site.language
        return contexts.Head(
            url=self.base.href(url),
            canonical=self.base.absolute(url),
            title=title,
            description=description,
            lang=language,
            dir=direction or locale.direction(language),
            section=self.base.href(section) if section else "",
            noindex=noindex,
            picture=picture if shareable(picture) else None,
            feeds=feeds or self.feeds((self.settings.site.title, "/")),
            alternates=alternates,
        )

    def feeds(self, *places: tuple[str, str]) -> tuple[contexts.FeedLink, ...]:
        """Feed links for (title, folder from the root) pairs, in every configured format."""
        return tuple(
            contexts.FeedLink(title=title, url=self.base.href(folder + FEED_FILES[kind][0]), type=FEED_FILES[kind][1])
            for title, folder in places
            for kind in self.settings.feeds.formats
        )

    def updated(self, article: Article) -> datetime | None:
        """When a story was last changed by an editor: `updated`, or its last correction; None where never after.

        What is dated after the build's instant has not happened yet."""
        moments = [note.date for note in self.catalog.corrections(article)]
        if article.matter.updated and self.catalog.reached(article.matter.updated):
            moments.append(article.matter.updated)
        latest = max(moments, key=microseconds, default=None)  # as instants: clocks are turned back
        return latest if latest and microseconds(latest) > microseconds(article.published) else None

    # --- the site ----------------------------------------------------------------------------------------------

    def _site(self) -> contexts.Site:
        settings = self.settings.site
        regions = tuple(self._region_links[key] for key in self.catalog.regions)
        return contexts.Site(
            title=settings.title,
            description=settings.description,
            url=self.base.href("/"),
            absolute=self.base.absolute("/"),
            origin=self.base.origin,
            language=settings.language,
            publisher=contexts.Publisher(
                name=settings.publisher.name or settings.title,
                logo=self.picture(ImageRef(src=settings.publisher.logo, alt=settings.title), "config.yaml")
                if settings.publisher.logo
                else None,
                policies=FrozenMap({key: self._absolute(url) for key, url in settings.publisher.policies.items()}),
            ),
            nav=tuple(map(self._nav_link, self.settings.nav)) or regions,
            footer=tuple(contexts.NavLink(title=i.title, url=self._printable(i.url)) for i in self.settings.footer),
            regions=regions,
            corrections_url=self.base.href("/corrections/"),
            params=self.settings.params,
            share=contexts.Picture(
                src=self.base.href("/share.png"),
                width=SHARE[0],
                height=SHARE[1],
                alt=settings.title,
                absolute=self.base.absolute("/share.png"),
            ),
            csp=self.settings.csp.allow,
        )

    def _nav_link(self, item: NavItem) -> contexts.NavLink:
        """A link of the navigation; one to a region's front is in that region's language."""
        url = self._printable(item.url)
        region = next((link for link in self._region_links.values() if link.url == f"{url.rstrip('/')}/"), None)
        return contexts.NavLink(title=item.title, url=url, lang=region.lang if region else "")

    def _printable(self, url: str) -> str:
        return self.base.link(url) if url.startswith("/") else url

    def _absolute(self, url: str) -> str:
        return self.base.origin + self._printable(url) if url.startswith("/") else url


# File name and media type of each kind of feed, in the folder of what it is a feed of.
FEED_FILES: Mapping[str, tuple[str, str]] = {
    "rss": ("feed.xml", "application/rss+xml"),
    "atom": ("feed.atom", "application/atom+xml"),
    "json": ("feed.json", "application/feed+json"),
}
