"""What search engines read: one JSON-LD `@graph` a page, from the page's context alone.

Every node has a stable `@id` made from its URL, and every `@id` referred to is defined in the same graph. What is the
same on each page of a site (the publisher, the site) is written once and joined as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache, singledispatch
from typing import Any, TypeAlias

from markupsafe import Markup

from broadsheet.contexts import (
    ArchivePage,
    ArticlePage,
    AuthorPage,
    BasePage,
    Card,
    CorrectionNote,
    CorrectionsPage,
    Headline,
    HomePage,
    NavLink,
    Person,
    Picture,
    PlainPage,
    Publisher,
    RegionPage,
    Site,
    Story,
    TopicPage,
)
from broadsheet.jsonwriter import dumps
from broadsheet.model import Label
from broadsheet.patterns import pattern
from broadsheet.xmlwriter import iso

Node: TypeAlias = dict[str, Any]

TYPES: dict[Label, str] = {
    "": "NewsArticle",
    "opinion": "OpinionNewsArticle",
    "analysis": "AnalysisNewsArticle",
    "explainer": "BackgroundNewsArticle",
    "review": "ReviewNewsArticle",
    "feature": "NewsArticle",
    "sponsored": "Article",  # never news
}
# What follows a name and is none of it, by its comma.
_SUFFIX = pattern(
    r",\s+((?:(?:Jr|Sr|II|III|IV|Esq|Ph\.? ?D|M\.?D|J\.?D|Dr|M\.?A|M\.?S|MPH|MBA|CPA|R\.?N)\.?(?:,\s+)?)+)$"
)
# No one person's name: an office, a team, or two names in one line.
_SEVERAL = pattern(r"[/|;&]|,\s|\s(?:and|of|ve|und|et)\s", re.IGNORECASE)
FEW = 50_000  # pixels: search engines take no picture of a story that has fewer
SHARED = (300, 200)  # pixels: X asks for 300 × 157 of a large card, Facebook for 200 × 200
WIDE = 1200  # pixels: what search engines ask of a story's picture
# Publisher.policies -> schema.org
POLICIES = {
    "principles": "publishingPrinciples",
    "corrections": "correctionsPolicy",
    "ethics": "ethicsPolicy",
    "feedback": "actionableFeedbackPolicy",
    "masthead": "masthead",
    "ownership": "ownershipFundingInfo",
}


def jsonld(context: object) -> Markup:
    """The page's JSON-LD, ready to stand in `<script type="application/ld+json">`; empty where a page has none."""
    nodes = _nodes(context)
    if not nodes or not isinstance(context, BasePage):
        return Markup("")
    own = dumps(nodes)[1:-1]
    return Markup(f'{{"@context":"https://schema.org","@graph":[{own},{_shared(*_identity(context.site))}]}}')  # noqa: S704  # escaped by dumps


@singledispatch
def _nodes(_context: object) -> list[Node]:
    """The nodes that are the page's own; none for redirects, notices and fragments."""
    return []


# --- stories -------------------------------------------------------------------------------------------------------


@_nodes.register
def _article(context: ArticlePage) -> list[Node]:
    story, site, page = context.story, context.site, context.page
    canonical = page.canonical
    published = iso(story.date)
    modified = iso(story.updated) if story.updated else published
    live = story.kind == "live" and story.label != "sponsored"
    node: Node = {
        "@type": "LiveBlogPosting" if live else TYPES[story.label],
        "@id": canonical + "#article",
        "mainEntityOfPage": canonical,
        "url": canonical,
        "headline": story.title,
        "inLanguage": story.lang,
        "articleSection": story.region.title,
        "datePublished": published,
        "dateModified": modified,
        "isAccessibleForFree": True,
        "timeRequired": f"PT{story.minutes}M",
        "author": [_person(author, site) for author in story.authors] or {"@id": _publisher_id(site)},
        "publisher": {"@id": _publisher_id(site)},
        "isPartOf": {"@id": _site_id(site)},
    }
    if story.standfirst:
        node["description"] = story.standfirst
    if images := _images(story.picture, site):
        node["image"] = images
    if story.words:
        node["wordCount"] = story.words
    if story.topics:
        node["keywords"] = [topic.name for topic in story.topics]
    if story.corrections:
        node["correction"] = [_correction(note) for note in story.corrections]
    if live:
        node["coverageStartTime"] = published
        node["liveBlogUpdate"] = [_latest_update(story, canonical)]
    return [node, *_breadcrumbs(context.breadcrumbs, context)]


def _latest_update(story: Story, canonical: str) -> Node:
    """How things stand, as the story has it: its text isn't divided into updates that bear dates."""
    return {
        "@type": "BlogPosting",
        "headline": story.title,
        "articleBody": story.standfirst or story.title,
        "datePublished": iso(story.updated or story.date),
        "url": canonical,
    }


def _person(person: Person, site: Site) -> Node:
    """A byline; an agency is an Organization. With a page of its own it has an id, the same on every page."""
    suffix = _SUFFIX.search(person.name) if person.type == "person" else None
    name = person.name[: suffix.start()] if suffix else person.name
    several = _SEVERAL.search(name) is not None
    node: Node = {"@type": "Organization" if person.type == "organization" or several else "Person", "name": name}
    if suffix:
        node["honorificSuffix"] = suffix[1]
    if person.url:
        url = site.origin + person.url
        node["@id"] = _person_id(person, site)
        node["url"] = url
    else:
        node.update(_elsewhere(person))
    return node


def _elsewhere(person: Person) -> Node:
    """Where else somebody is found: pages, and an address of mail."""
    pages = [link for link in person.links if not link.startswith("mailto:")]
    mail = [link.removeprefix("mailto:") for link in person.links if link.startswith("mailto:")]
    return {**({"sameAs": pages} if pages else {}), **({"email": mail[0]} if mail else {})}


def shareable(picture: Picture | None) -> bool:
    """Whether a picture may stand for its page on other sites: a file here, no drawing (none of them shows SVG), and
    large enough for all of them."""
    if picture is None or picture.remote or picture.src.endswith(".svg"):
        return False
    return picture.width >= SHARED[0] and picture.height >= SHARED[1]


def _images(picture: Picture | None, site: Site) -> list[Node]:
    """A story's picture; the site's own after one that is too narrow for search results, and in place of none."""
    own = picture if picture is not None and picture.width * picture.height >= FEW else None
    wide = own is not None and shareable(own) and own.width >= WIDE
    return [node for node in (_image(own), None if wide else _image(site.share)) if node]


def _image(picture: Picture | None) -> Node | None:
    if picture is None or picture.remote:
        return None
    node: Node = {
        "@type": "ImageObject",
        "url": picture.absolute or picture.src,
        "width": picture.width,
        "height": picture.height,
    }
    if picture.caption:
        node["caption"] = picture.caption
    if picture.credit:
        node["creditText"] = picture.credit
    return node


def _correction(note: CorrectionNote) -> Node:
    return {"@type": "CorrectionComment", "text": note.text, "datePublished": iso(note.date)}


# --- lists ---------------------------------------------------------------------------------------------------------


@_nodes.register
def _region(context: RegionPage) -> list[Node]:
    cards = [card for card in (context.lead, *context.seconds, *context.briefs) if card]
    return _collection(context, context.region.title, cards, context.breadcrumbs)


@_nodes.register
def _archive(context: ArchivePage) -> list[Node]:
    return _collection(context, context.page.title, context.cards, context.breadcrumbs)


@_nodes.register
def _topic(context: TopicPage) -> list[Node]:
    return _collection(context, context.topic.name, context.cards, context.breadcrumbs)


def _collection(context: BasePage, name: str, cards: Iterable[Card], breadcrumbs: tuple[NavLink, ...]) -> list[Node]:
    """A CollectionPage with its stories, in the order of the page."""
    node = _web_page("CollectionPage", context, name)
    origin = context.site.origin
    entries = [
        {"@type": "ListItem", "position": position, "url": origin + card.url, "name": card.title}
        for position, card in enumerate(cards, 1)
    ]
    if entries:
        node["mainEntity"] = {"@type": "ItemList", "numberOfItems": len(entries), "itemListElement": entries}
    return [node, *_breadcrumbs(breadcrumbs, context)]


@_nodes.register
def _corrections(context: CorrectionsPage) -> list[Node]:
    node = _web_page("CollectionPage", context, context.page.title)
    parts = [_correction(entry.note) | {"about": _work(entry.story, context.site)} for entry in context.entries]
    if parts:
        node["hasPart"] = parts
    return [node, *_breadcrumbs(context.breadcrumbs, context)]


def _work(story: Headline, site: Site) -> Node:
    return {"@type": "CreativeWork", "name": story.title, "url": site.origin + story.url}


# --- other pages ---------------------------------------------------------------------------------------------------


@_nodes.register
def _home(context: HomePage) -> list[Node]:
    """The site itself is in every graph; the home page adds itself."""
    return [_web_page("WebPage", context, context.site.title)]


@_nodes.register
def _author(context: AuthorPage) -> list[Node]:
    person, site = context.author, context.site
    entity = _person(person, site)
    entity["@id"] = _person_id(person, site)
    if person.role and person.type == "person":
        entity["jobTitle"] = person.role
    if context.page.description:
        entity["description"] = context.page.description
    if image := _image(person.picture):
        entity["image"] = image
    entity.update(_elsewhere(person))
    if entity["@type"] == "Person":
        entity["worksFor"] = {"@id": _publisher_id(site)}
    node = _web_page("ProfilePage", context, person.name)
    node["mainEntity"] = entity
    return [node, *_breadcrumbs(context.breadcrumbs, context)]


@_nodes.register
def _plain(context: PlainPage) -> list[Node]:
    node = _web_page("WebPage", context, context.title)
    if context.updated:
        node["dateModified"] = iso(context.updated)
    return [node, *_breadcrumbs(context.breadcrumbs, context)]


def _web_page(kind: str, context: BasePage, name: str) -> Node:
    page = context.page
    node: Node = {
        "@type": kind,
        "@id": page.canonical,
        "url": page.canonical,
        "name": name,
        "inLanguage": page.lang,
        "isPartOf": {"@id": _site_id(context.site)},
        "publisher": {"@id": _publisher_id(context.site)},
    }
    if page.description:
        node["description"] = page.description
    return node


def _breadcrumbs(crumbs: tuple[NavLink, ...], context: BasePage) -> list[Node]:
    """The visible trail, ended by the page itself; a trail of one step is none."""
    site, page = context.site, context.page
    steps = [(crumb.title, site.origin + crumb.url) for crumb in crumbs if crumb.url]
    if not steps or steps[-1][1] != page.canonical:
        steps.append((page.title, page.canonical))
    if len(steps) < 2:
        return []
    return [
        {
            "@type": "BreadcrumbList",
            "@id": page.canonical + "#breadcrumbs",
            "itemListElement": [
                {"@type": "ListItem", "position": position, "name": name, "item": url}
                for position, (name, url) in enumerate(steps, 1)
            ],
        }
    ]


# --- what every page of a site shares ------------------------------------------------------------------------------


def _publisher_id(site: Site) -> str:
    return site.absolute + "#publisher"


def _site_id(site: Site) -> str:
    return site.absolute + "#website"


def _person_id(person: Person, site: Site) -> str:
    return f"{site.origin}{person.url}#{person.type}"


def _identity(site: Site) -> tuple[str, str, str, str, Publisher]:
    return site.absolute, site.title, site.description, site.language, site.publisher


@lru_cache(maxsize=16)  # a pure memo: a worker renders pages of one site, at most a few in turn
def _shared(absolute: str, title: str, description: str, language: str, publisher: Publisher) -> str:
    """The publisher and the site, as JSON."""
    organization: Node = {
        "@type": "NewsMediaOrganization",
        "@id": absolute + "#publisher",
        "name": publisher.name or title,
        "url": absolute,
    }
    if logo := _image(publisher.logo):
        organization["logo"] = logo
    for name, url in sorted(publisher.policies.items()):
        if name in POLICIES:
            organization[POLICIES[name]] = url
    site: Node = {
        "@type": "WebSite",
        "@id": absolute + "#website",
        "name": title,
        "url": absolute,
        "inLanguage": language,
        "publisher": {"@id": absolute + "#publisher"},
    }
    if description:
        site["description"] = description
    return f"{dumps(organization)},{dumps(site)}"
