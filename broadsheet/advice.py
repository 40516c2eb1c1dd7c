"""What an editor would say of a site that builds: findings of `check` alone, since none of them stops a page."""

from __future__ import annotations

import posixpath
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping

from broadsheet.catalog import Catalog
from broadsheet.errors import Diagnostic
from broadsheet.links import PictureFacts
from broadsheet.model import Article, ImageRef
from broadsheet.nearnames import Near, near
from broadsheet.sources import ParsedText

HEADLINE = 90  # letters: social cards cut after about 70 to 90, search results after about 60
CARD_WIDTH = 1200  # pixels of a lead picture: what search engines ask of news cards
_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif", ".svg")


def advice(
    catalog: Catalog, pictures: Mapping[tuple[str, str], PictureFacts], files: frozenset[str]
) -> Iterator[Diagnostic]:
    """Every piece of advice. `pictures` are known by (folder of the source, name as written); `files` are those in
    content/ that are no sources."""
    shown = (*catalog.stories, *catalog.unlisted)
    yield from _small_widths(catalog)
    for article in shown:
        yield from _headline(article)
        yield from _credits(article, pictures)
        yield from _small_lead(article, pictures, catalog)
    yield from _topics(shown)
    yield from _unused(catalog, files)


# --- stories -------------------------------------------------------------------------------------------------------


def _headline(article: Article) -> Iterator[Diagnostic]:
    title = article.matter.title
    letters = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in title)
    if letters > HEADLINE:
        message = f"the headline has {letters} letters: search results show about 60 of them, cards {HEADLINE}"
        hint = "put what matters first, and the rest into `description:`"
        yield _at(article, "title", message, "long-headline", hint)


def _credits(article: Article, pictures: Mapping[tuple[str, str], PictureFacts]) -> Iterator[Diagnostic]:
    lead = article.matter.image
    for ref in ([lead] if lead else []) + list(article.pictures):
        facts = pictures.get((posixpath.dirname(article.path), ref.src))
        if ref.credit or ref.alt == "" or facts is None or facts.problem:
            continue
        name = posixpath.basename(ref.src)
        if ref is lead:
            hint = "name the photographer or the agency: `credit: AA`"
        else:
            hint = f'name the photographer or the agency after a slash: ![…]({name} "The caption. / AA")'
        line, column = ref.mark
        yield Diagnostic(article.path, line, column, f"nobody is credited for {name}", "missing-credit", hint)


def _small_lead(
    article: Article, pictures: Mapping[tuple[str, str], PictureFacts], catalog: Catalog
) -> Iterator[Diagnostic]:
    lead = article.matter.image
    facts = pictures.get((posixpath.dirname(article.path), lead.src)) if lead else None
    if lead is None or facts is None or facts.show is None or facts.problem or facts.show.src.endswith(".svg"):
        return
    if facts.show.width < CARD_WIDTH <= max(catalog.settings.images.widths):
        message = f"the lead picture is {facts.show.width} pixels wide; news cards want {CARD_WIDTH:,}"
        hint = "ask the photographer or the agency for a larger file: pictures are never enlarged"
        yield Diagnostic(article.path, *lead.mark, message, "small-picture", hint)


def _small_widths(catalog: Catalog) -> Iterator[Diagnostic]:
    largest = max(catalog.settings.images.widths)
    if largest < CARD_WIDTH:
        message = f"no picture is published wider than {largest} pixels; news cards want {CARD_WIDTH:,}"
        yield Diagnostic("config.yaml", 0, 0, message, "small-picture", "add a width to `images.widths`, such as 1240")


def _at(article: Article, key: str, message: str, code: str, hint: str) -> Diagnostic:
    line, column = article.matter.marks.get(key, (0, 0))
    return Diagnostic(article.path, line, column, message, code, hint)


# --- topics --------------------------------------------------------------------------------------------------------


def _topics(articles: tuple[Article, ...]) -> Iterator[Diagnostic]:
    """A finding for each spelling of a topic that was probably meant as another, at the first story that has it."""
    counts = Counter(topic for article in articles for topic in article.matter.topics)
    for pair in near(counts):
        having = [article for article in articles if pair.rare in article.matter.topics]
        yield _near_topic(pair, having, counts[pair.common])


def _near_topic(pair: Near, having: list[Article], common: int) -> Diagnostic:
    first, *others = having
    key = f"topics.{first.matter.topics.index(pair.rare)}"
    told = "is the same topic as" if pair.same else "is nearly the topic"
    message = f"“{pair.rare}” {told} “{pair.common}”, which {common} {'story has' if common == 1 else 'stories have'}"
    also = f", also in {_listed([article.path for article in others])}" if others else ""
    hint = f"write {pair.common}{also}" if pair.same else f"if one is meant, write {pair.common}{also}"
    return _at(first, key, message, "near-topic", hint)


def _listed(paths: list[str], most: int = 3) -> str:
    more = len(paths) - most
    return ", ".join(paths[:most]) + (f" and {more} more" if more > 0 else "")


# --- pictures that nothing shows -----------------------------------------------------------------------------------


def _unused(catalog: Catalog, files: frozenset[str]) -> Iterator[Diagnostic]:
    """A finding for each picture in content/ that no source names, those of drafts and scheduled stories included. What
    lies beside a source that couldn't be read may be its own."""
    used = set(_named(catalog))
    unread = {posixpath.dirname(path) for path in catalog.sources.unread}
    for path in sorted(files - used):
        if path.lower().endswith(_PICTURES) and posixpath.dirname(path) not in unread:
            hint = "show it, or delete the file: it is in no page"
            yield Diagnostic(path, 0, 0, "no story shows this picture", "unused-picture", hint)


def _named(catalog: Catalog) -> Iterator[str]:
    """Every file that a source may mean, from the site folder."""
    sources = catalog.sources
    for article in sources.articles:
        refs = [*([article.matter.image] if article.matter.image else []), *article.pictures]
        yield from _paths(article.path, refs)
        yield from (_beside(article.path, link.target) for link in article.links if link.kind == "file")
    texts: list[tuple[str, ParsedText]] = [
        *((region.path, region.text) for region in sources.regions),
        *((author.path, author.text) for author in sources.authors),
        *((page.path, page.text) for page in sources.pages),
        *([(sources.home.path, sources.home.text)] if sources.home else []),
    ]
    for path, text in texts:
        yield from _paths(path, list(text.pictures))
        yield from (_beside(path, link.target) for link in text.links if link.kind == "file")
    for author in sources.authors:
        yield from _paths(author.path, [author.matter.image] if author.matter.image else [])
    yield from _paths("config.yaml", [ImageRef(src=catalog.settings.site.publisher.logo)])


def _paths(source: str, refs: list[ImageRef]) -> Iterator[str]:
    for ref in refs:
        yield _beside(source, ref.src)
        yield posixpath.normpath(ref.src.lstrip("/") or ".")


def _beside(source: str, name: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), name.lstrip("/") if name else "."))
