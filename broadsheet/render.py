"""From planned pages to bytes: the work that worker processes do. A batch carries everything it needs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from broadsheet import bodies, contexts, documents, feeds, policy, sitemaps, store, structured, templates
from broadsheet.contexts import BodyRef, Part
from broadsheet.errors import ContentError, Diagnostic
from broadsheet.feedbody import parts_to_html
from broadsheet.frozen import FrozenMap, record
from broadsheet.model import Page


@record
class RenderBatch:
    """Pages, the theme they are rendered with, and the stored bodies that they show, by digest. `timed`: say what each
    template takes."""

    pages: tuple[Page, ...]
    theme: FrozenMap[str, str]
    bodies: Mapping[bytes, bytes]
    timed: bool = False


@record
class RenderedBatch:
    """The files of a batch in the order of its pages, or what is wrong with its templates; `spent` are the seconds of
    each page with its template, where they were asked for."""

    files: tuple[tuple[str, bytes], ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    spent: tuple[tuple[str, float], ...] = ()


def render_batch(batch: RenderBatch) -> RenderedBatch:
    """Render every page of a batch; after the first broken template the others are still tried."""
    if batch.timed:
        return _timed(batch)
    theme = templates.unchecked(batch.theme)
    files: list[tuple[str, bytes]] = []
    diagnostics: list[Diagnostic] = []
    for page in batch.pages:
        try:
            files.append((page.path, _render(page, theme, batch.bodies)))
        except ContentError as error:
            diagnostics += error.diagnostics
    return RenderedBatch(files=tuple(files), diagnostics=tuple(diagnostics))


def _timed(batch: RenderBatch) -> RenderedBatch:
    """A batch page by page, each with its seconds."""
    made: list[RenderedBatch] = []
    spent: list[tuple[str, float]] = []
    for page in batch.pages:
        start = time.perf_counter()
        made.append(render_batch(replace(batch, pages=(page,), timed=False)))
        spent.append((page.template, time.perf_counter() - start))
    return RenderedBatch(
        files=tuple(file for one in made for file in one.files),
        diagnostics=tuple(finding for one in made for finding in one.diagnostics),
        spent=tuple(spent),
    )


def body_refs(page: Page) -> tuple[BodyRef, ...]:
    """The bodies that a page shows."""
    context = page.context
    if isinstance(context, contexts.ArticlePage):
        return (context.story.body,)
    if isinstance(context, contexts.PlainPage):
        return (context.body,)
    if isinstance(context, contexts.RegionPage | contexts.HomePage):
        return (context.introduction,) if context.introduction else ()
    if isinstance(context, contexts.AuthorPage):
        return (context.biography,) if context.biography else ()
    if isinstance(context, feeds.FeedDocument):
        return tuple(item.body for item in context.items if item.body)
    return ()


def _render(page: Page, theme: templates.Theme, stored: Mapping[bytes, bytes]) -> bytes:
    document = _DOCUMENTS.get(page.template)
    if document:
        return document(page.context, stored)
    if isinstance(page.context, policy.Headers):
        headers = page.context
        sample = theme.render(headers.template, headers.sample, source=page.source)
        return policy.headers(headers, sample, theme.style_elements())
    text = theme.unstyled(page.template, page.context, _extra(page, stored), source=page.source)
    if isinstance(page.context, contexts.BasePage):
        script, allow = _runs_script(page.context), page.context.site.csp
        text = policy.in_page(text, script=script, allow=allow, sheets=theme.sheets)
    return theme.styled(text)


def _runs_script(context: contexts.BasePage) -> bool:
    """Whether a page loads explore.js, which is all that the theme ever runs."""
    return (
        isinstance(context, contexts.ArticlePage)
        and bool(context.explore.fragment)
        and (context.explore.refresh == "script")
    )


def _extra(page: Page, stored: Mapping[bytes, bytes]) -> Mapping[str, object]:
    """What a template gets besides its context: the text of its source as parts, the structured data, the policy."""
    if isinstance(page.context, contexts.ExploreFragment):
        return {}
    extra: dict[str, object] = {"jsonld": structured.jsonld(page.context), "csp": policy.MARK}
    name = _TEXT_NAMES.get(type(page.context))
    if name:
        refs = body_refs(page)
        extra[name] = _parts(refs[0], stored) if refs else ()
    return extra


_TEXT_NAMES: Mapping[type, str] = {
    contexts.ArticlePage: "body",
    contexts.PlainPage: "body",
    contexts.RegionPage: "introduction",
    contexts.HomePage: "introduction",
    contexts.AuthorPage: "biography",
}


def _parts(ref: BodyRef, stored: Mapping[bytes, bytes]) -> tuple[Part, ...]:
    return bodies.parts(store.decode(stored[ref.digest]), ref)


# --- typed documents -----------------------------------------------------------------------------------------------


def _feed(build: Callable[[Any, list[str]], bytes]) -> Callable[[Any, Mapping[bytes, bytes]], bytes]:
    def render(document: feeds.FeedDocument, stored: Mapping[bytes, bytes]) -> bytes:
        texts = [_feed_text(item, stored[item.body.digest]) if item.body else "" for item in document.items]
        return build(document, texts)

    return render


@lru_cache(maxsize=feeds.REMEMBERED)  # a story is in the feeds of its region, its topics and its authors
def _feed_text(item: feeds.FeedItem, stored: bytes) -> str:
    parts = bodies.parts(store.decode(stored), item.body) if item.body else ()
    return parts_to_html(parts, item.url, lead=item.picture, lang=item.lang, dir=item.dir)


def _plain(build: Callable[[Any], bytes]) -> Callable[[Any, Mapping[bytes, bytes]], bytes]:
    def render(document: object, _: Mapping[bytes, bytes]) -> bytes:
        return build(document)

    return render


_DOCUMENTS: Mapping[str, Callable[[Any, Mapping[bytes, bytes]], bytes]] = {
    "rss": _feed(feeds.rss),
    "atom": _feed(feeds.atom),
    "json-feed": _feed(feeds.json_feed),
    "opml": _plain(feeds.opml),
    "sitemap": _plain(sitemaps.sitemap),
    "sitemap-index": _plain(sitemaps.sitemap_index),
    "news-sitemap": _plain(sitemaps.news_sitemap),
    "robots": _plain(sitemaps.robots),
    "manifest": _plain(documents.manifest),
}
