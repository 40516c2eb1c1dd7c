"""The plan of a site: every file of it as a Page, in the order of publication, and the check that no two collide."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from broadsheet import documents, listings, pages, urls
from broadsheet.catalog import Catalog
from broadsheet.errors import Diagnostic, closest
from broadsheet.frozen import record
from broadsheet.model import LinkRef, Mark, Page
from broadsheet.survey import SourcePicture
from broadsheet.views import FEED_FILES, Views

COPY = "copy"  # a file published as it is
PICTURE = "picture"  # one variant of a picture


@record
class CopyContext:
    """A file to publish as it is; `path` is absolute or relative to the site folder."""

    path: str


@record
class PictureContext:
    """One variant of a picture: the source's path and digest, and which of its planned variants."""

    path: str
    digest: bytes
    index: int


def site(
    views: Views,
    pictures: Mapping[str, SourcePicture],
    static: Mapping[str, str],
    recommended: Sequence[Sequence[int]],
) -> Iterator[Page]:
    """Every file of the site, in the order in which they may appear: what others need comes first.

    `static` maps places on the site (relative) to the files to copy there, which win over documents of that name;
    `recommended` gives for each public story
    the positions of those that it recommends. Findings about links gather in
    `views.links.diagnostics` while the plan is read.
    """
    yield from _pictures(pictures)
    for path, source in sorted(static.items()):
        yield Page(path=path, template=COPY, context=CopyContext(path=source), source=source)
    yield from pages.stories(views, recommended)
    yield from pages.withdrawn(views)
    yield from pages.plain(views)
    copied = dict(views.links.assets)
    yield from _copies(copied)
    yield from listings.authors(views)
    yield from listings.topics(views)
    yield from listings.corrections(views)
    yield from listings.regions(views)
    yield listings.home(views)
    yield from _copies({path: place for path, place in views.links.assets.items() if path not in copied})
    not_found = pages.not_found(views)
    yield not_found
    yield from pages.redirects(views)
    for document in (*documents.site(views), documents.headers(views, not_found)):
        if document.path not in static:  # the site's own stands in its place
            yield document


def _pictures(pictures: Mapping[str, SourcePicture]) -> Iterator[Page]:
    """The variants of every picture. Equal files under one name have equal variants: each is planned once."""
    planned: set[str] = set()
    for path, picture in sorted(pictures.items()):
        for index, variant in enumerate(picture.planned.variants):
            if variant.path not in planned:
                planned.add(variant.path)
                context = PictureContext(path=path, digest=picture.digest, index=index)
                yield Page(path=variant.path.removeprefix("/"), template=PICTURE, context=context, source=path)


def _copies(assets: Mapping[str, str]) -> Iterator[Page]:
    """Files that texts link to: path of the file -> its place on the site."""
    for path, place in sorted(assets.items()):
        yield Page(path=place.removeprefix("/"), template=COPY, context=CopyContext(path=path), source=path)


class Places:
    """The paths of a plan. Reports two sources that claim one place, and paths that may not be written."""

    def __init__(self) -> None:
        self._taken: dict[str, tuple[str, str, Mark]] = {}  # collision key -> path, source, mark
        self._folders: dict[str, str] = {}  # collision key of a folder -> source of a page in it
        self.diagnostics: list[Diagnostic] = []

    def add(self, page: Page) -> bool:
        """Take a page's place; False, with a finding, where it can't have it."""
        if reason := urls.unsafe(page.path):
            told = f"can't be published as {page.path[:120]}: {reason}"
            self._report(page.source, page.mark, told, "unsafe-path")
            return False
        key = urls.collision_key(page.path)
        if key in self._taken:
            self._collision(page, *self._taken[key])
            return False
        self._taken[key] = (page.path, page.source, page.mark)
        for end in (i for i, char in enumerate(key) if char == "/"):
            self._folders.setdefault(key[:end], page.source)
        return True

    def check(self) -> None:
        """Report files that stand where another page needs a folder."""
        for key in self._taken.keys() & self._folders.keys():
            path, source, mark = self._taken[key]
            self._report(source, mark, f"{path} is also a folder, needed by {self._folders[key]}", "url-collision")

    def pages(self) -> int:
        """How many of the files are pages that people read."""
        return sum(1 for path, _, _ in self._taken.values() if path.endswith(".html"))

    def urls(self) -> frozenset[str]:
        """Every address that the plan answers."""
        return frozenset(path.removesuffix("index.html") for path, _, _ in self._taken.values())

    def _collision(self, page: Page, path: str, source: str, mark: Mark) -> None:
        """Told of the later page, unless only the first says in its source where it wants to stand."""
        at, other = (page.source, page.mark), (source, mark)
        if mark != (0, 0) and page.mark == (0, 0):
            at, other = other, at
        address = "/" + page.path.removesuffix("index.html")
        self._report(
            *at,
            f"has the same address as {other[0]}: {address}"
            + ("" if path == page.path else " (they differ only in letters that some systems take for equal)"),
            "url-collision",
            "give one of them another `slug:`, or take one away",
        )

    def _report(self, source: str, mark: Mark, message: str, code: str, hint: str = "") -> None:
        self.diagnostics.append(Diagnostic(source, *mark, message, code, hint))


def vanished(old: Mapping[str, str], catalog: Catalog, known: frozenset[str]) -> Iterator[Diagnostic]:
    """A finding for each story's page of the last build that is gone: no source, even a hidden one, claims its address.

    `old` is the output folder's manifest, `known` every address of the new plan. A story's page is told by its path:
    the permalink could have made it. Lists come and go with what they list.
    """
    a_story = _story_path(catalog.settings.article_permalink)
    claimed = [(article.url, *article.matter.aliases) for article in catalog.sources.articles]
    claimed += [(page.url, *page.matter.aliases) for page in catalog.sources.pages]
    explained = {urls.output_path(url) for addresses in claimed for url in addresses}
    by_slug = {article.slug: article.path for article in catalog.page_of.values()}
    for path in sorted(path for path in old.keys() - explained if old[path] and a_story(path)):
        folder = path.removesuffix("index.html")
        if folder in known or any(folder + name in old for name, _ in FEED_FILES.values()):
            continue
        moved = by_slug.get(folder.split("/")[-2])
        where = "to its front matter" if moved else "to the story that took its place"
        yield Diagnostic(
            moved or catalog.settings.content_dir,
            0,
            0,
            f"/{folder} was on the site and no longer is: who comes to it finds nothing",
            "vanished-page",
            f"add `aliases: [/{folder}]` {where}" + ("" if moved else ", or take it back with `status: withdrawn`"),
        )


def _story_path(permalink: str) -> Callable[[str], object]:
    """What tells whether a file of the output may be the page of a story without a `url:` of its own."""
    steps = {"yyyy": r"\d{4}", "mm": r"\d{2}", "dd": r"\d{2}", "region": "[^/]+", "slug": r"(?!\d{1,4}/)[^/]+"}
    parts = re.split(r"\{(\w+)\}", permalink.removeprefix("/"))
    pattern = "".join(steps[part] if n % 2 else re.escape(part) for n, part in enumerate(parts))
    return re.compile(f"(?!(?:topics|authors|series|corrections)/){pattern}index\\.html").fullmatch


def unknown_pages(links: Iterable[tuple[str, LinkRef]], known: frozenset[str]) -> Iterator[Diagnostic]:
    """A finding for each link to a path from the root that the site doesn't have."""
    for source, link in links:
        path = link.target.partition("?")[0].removeprefix("/").removesuffix("index.html")
        if path not in known and path + "/" not in known:
            near = closest(path, known) if len(known) < 5_000 else None
            yield Diagnostic(
                source,
                link.mark[0],
                link.mark[1],
                f"the site has no page “{link.target}”",
                "unknown-page",
                f"did you mean /{near}?" if near else "if another system answers there, nothing is wrong",
            )
