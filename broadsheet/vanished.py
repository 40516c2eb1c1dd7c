"""Addresses that the last build published, and at which nothing will be any more."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence

from broadsheet.catalog import Catalog
from broadsheet.errors import Diagnostic
from broadsheet.model import Trait
from broadsheet.patterns import pattern
from broadsheet.urls import output_path
from broadsheet.views import FEED_FILES

_MANY = 50  # findings of a kind that somebody may still go through: more are told as one
_EXAMPLES = 3


def pages(old: Collection[str], catalog: Catalog, leaving: Collection[str]) -> Iterator[Diagnostic]:
    """A finding for each page of the last build that is gone: no source, even a hidden one, claims its address.

    `old` are the files that the output folder's manifest lists, `leaving` those of them that are not in the new plan.
    What their paths tell is enough, so that a build that remembers nothing finds the same: any page may be one of
    a story (`url:`, other permalinks), a plain page or a former address, but those that lists have.
    """
    gone = [path for path in leaving if path.endswith((".html", ".htm"))]
    if not gone:
        return
    fronts = {f"{month[1]}/index.html" for path in old if (month := _MONTH.fullmatch(path))}
    gone = [path for path in gone if path not in fronts and not _is_a_list(path, old)]
    explained = _explained(catalog)
    moved: dict[str, str] = {}  # path in the output -> the source of the story that has another address now
    lost: list[str] = []
    stories = _by_slug(catalog)
    for path in sorted(path for path in gone if path not in explained):
        steps = path.removesuffix("/index.html").removesuffix(".html").split("/")
        if same := stories.get(steps[-1]):
            moved[path] = next((source for source, region in same if region in steps), same[-1][0])
        else:
            lost.append(path)
    yield from _moved(moved, catalog.settings.content_dir)
    yield from _lost(lost, catalog.settings.content_dir)


def _is_a_list(path: str, old: Collection[str]) -> bool:
    """Whether a page comes and goes with what it lists: those of topics, authors and so on, a region's month, and what
    has a feed beside it."""
    month = _MONTH.fullmatch(path)
    if _LIST.fullmatch(path) or (month and f"{month[1]}/index.html" in old):
        return True
    folder = path.removesuffix("index.html")
    return any(folder + name in old for name, _ in FEED_FILES.values())


_LIST = pattern(r"(?:(?:topics|authors|series)/[^/]+|corrections)/(?:\d{4}/)?index\.html")
_MONTH = pattern(r"([^/]+)/\d{4}/\d{2}/index\.html")


def _explained(catalog: Catalog) -> set[str]:
    """The files at all addresses that a source claims, whether it is shown or not."""
    claimed: list[tuple[str, ...]] = [tuple(catalog.every.url)]
    named = [n for n, traits in enumerate(catalog.every.traits) if traits & Trait.ALIASES]
    claimed += [catalog.sources.articles[n].matter.aliases for n in named]
    claimed += [(page.url, *page.matter.aliases) for page in catalog.sources.pages]
    return {output_path(url) for addresses in claimed for url in addresses}


def _by_slug(catalog: Catalog) -> dict[str, list[tuple[str, str]]]:
    """The stories that are on the site, each with its region, by their slugs: most addresses end with one."""
    found: dict[str, list[tuple[str, str]]] = {}
    for path in catalog.page_of:
        if story := catalog.stand_of(path):
            found.setdefault(story.slug, []).append((path, story.region))
    return found


def _moved(sources: dict[str, str], content: str) -> Iterator[Diagnostic]:
    """Stories that are still there, elsewhere. Where there are many, a setting or a script did that to all of them."""
    if len(sources) > _MANY:
        yield _finding(
            content,
            f"{len(sources):,} stories have other addresses than they had ({_some(list(sources))}): who comes to the "
            "former ones finds nothing",
            "if `permalinks` in config.yaml has changed, change it back; or give each story its former address, "
            f"such as `aliases: [{_quoted(_address(next(iter(sources))))}]`",
        )
        return
    for path, source in sources.items():
        address = _address(path)
        yield _finding(source, _gone(address), f"add `aliases: [{_quoted(address)}]` to its front matter")


def _lost(paths: Sequence[str], content: str) -> Iterator[Diagnostic]:
    if len(paths) > _MANY:
        yield _finding(
            content,
            f"{len(paths):,} pages were on the site and no longer are ({_some(paths)}): who comes to one finds nothing",
            f"add `aliases: [{_quoted(_address(paths[0]))}]` and so on to what took their places, or take stories back "
            "with `status: withdrawn`",
        )
        return
    for path in paths:
        address = _address(path)
        hint = (
            f"add `aliases: [{_quoted(address)}]` to what took its place, or take a story back with `status: withdrawn`"
        )
        yield _finding(content, _gone(address), hint)


def _gone(address: str) -> str:
    return f"{address} was on the site and no longer is: who comes to it finds nothing"


def _address(path: str) -> str:
    return "/" + path.removesuffix("index.html")


def _quoted(address: str) -> str:
    """An address as an item of a list in front matter."""
    return address if _PLAIN.fullmatch(address) else json.dumps(address, ensure_ascii=False)


_PLAIN = pattern(r"/[\w./%~+-]*")


def _some(paths: Sequence[str]) -> str:
    more = ", …" if len(paths) > _EXAMPLES else ""
    return ", ".join(map(_address, paths[:_EXAMPLES])) + more


def _finding(place: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(place, 0, 0, message, "vanished-page", hint)
