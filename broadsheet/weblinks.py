"""The links of a site to other hosts, with the places in the sources where they stand."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping

from broadsheet import store
from broadsheet.asking import Answer
from broadsheet.catalog import Catalog
from broadsheet.errors import Diagnostic
from broadsheet.frozen import record
from broadsheet.model import Embed, FactBox, Mark, PullQuote
from broadsheet.urls import place_in

_HREF = re.compile(r'<a href="(https?://[^"]+)"')


@record
class WebLink:
    """An address, and the source that names it."""

    path: str
    url: str
    mark: Mark = (0, 0)


def web_links(catalog: Catalog, body: Callable[[bytes], bytes], text: Callable[[str], str]) -> Iterator[WebLink]:
    """Every link of what the site shows. `body` gives a stored body by its digest, `text` a source's text."""
    sources = catalog.sources
    bodies = [(article.path, article.body) for article in (*catalog.stories, *catalog.unlisted)]
    bodies += [(page.path, page.text.body) for page in sources.pages if catalog.shows(page)]
    bodies += [(region.path, region.text.body) for region in sources.regions]
    bodies += [(author.path, author.text.body) for author in sources.authors]
    bodies += [(sources.home.path, sources.home.text.body)] if sources.home else []
    for path, key in bodies:
        found = dict.fromkeys(_of_body(body(key)))
        written = text(path) if found else ""
        for url in found:
            yield WebLink(path=path, url=url, mark=place_in(written, url))
    for article in (*catalog.stories, *catalog.unlisted):
        if article.matter.source_url:
            yield WebLink(
                path=article.path, url=article.matter.source_url, mark=article.matter.marks.get("source_url", (0, 0))
            )
    for author in sources.authors:
        for number, url in enumerate(author.matter.links):
            if url.startswith("http"):
                yield WebLink(path=author.path, url=url, mark=author.matter.marks.get(f"links.{number}", (0, 0)))
    yield from _of_settings(catalog, text)


def _of_settings(catalog: Catalog, text: Callable[[str], str]) -> Iterator[WebLink]:
    settings = catalog.settings
    written = [item.url for item in (*settings.nav, *settings.footer)]
    for url in dict.fromkeys([*written, *settings.site.publisher.policies.values()]):
        if url.startswith("http"):
            yield WebLink(path="config.yaml", url=url, mark=place_in(text("config.yaml"), url))


def _of_body(data: bytes) -> Iterator[str]:
    body = store.decode(data)
    texts = [body.html, *(block.html for block in body.blocks if isinstance(block, PullQuote | FactBox))]
    for text in texts:
        yield from (html.unescape(url) for url in _HREF.findall(text))
    yield from (block.url for block in body.blocks if isinstance(block, Embed))


def findings(links: list[WebLink], answers: Mapping[str, Answer]) -> Iterator[Diagnostic]:
    """What is wrong with the links, by the answers to their addresses."""
    for link in links:
        answer = answers.get(link.url)
        if answer is not None and answer.kind == "gone":
            message = f"nothing is to be found at {link.url}: {answer.words}"
            hint = "correct the address, link to an archived copy, or take the link away"
            yield Diagnostic(link.path, *link.mark, message, "outside-link", hint)
        elif answer is not None and answer.kind == "moved":
            message = f"{link.url} has moved for good"
            yield Diagnostic(link.path, *link.mark, message, "moved-link", f"write {answer.to}")
