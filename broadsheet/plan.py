"""The plan of a site: every file of it as a Page, in the order of publication, and the check that no two collide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from broadsheet import documents, listings, pages, urls
from broadsheet.errors import Diagnostic, closest
from broadsheet.frozen import record
from broadsheet.model import LinkRef, Page
from broadsheet.survey import SourcePicture
from broadsheet.views import Views

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
        self._sources: dict[str, tuple[str, str]] = {}  # collision key -> path, source
        self._folders: dict[str, str] = {}  # collision key of a folder -> source of a page in it
        self.diagnostics: list[Diagnostic] = []

    def add(self, page: Page) -> bool:
        """Take a page's place; False, with a finding, where it can't have it."""
        if reason := urls.unsafe(page.path):
            self._report(page.source, f"can't be published as {page.path[:120]}: {reason}", "unsafe-path")
            return False
        key = urls.collision_key(page.path)
        if key in self._sources:
            self._collision(page, *self._sources[key])
            return False
        self._sources[key] = (page.path, page.source)
        for end in (i for i, char in enumerate(key) if char == "/"):
            self._folders.setdefault(key[:end], page.source)
        return True

    def check(self) -> None:
        """Report files that stand where another page needs a folder."""
        for key in self._sources.keys() & self._folders.keys():
            path, source = self._sources[key]
            self._report(source, f"{path} is also a folder, needed by {self._folders[key]}", "url-collision")

    def pages(self) -> int:
        """How many of the files are pages that people read."""
        return sum(1 for path, _ in self._sources.values() if path.endswith(".html"))

    def urls(self) -> frozenset[str]:
        """Every address that the plan answers."""
        return frozenset(path.removesuffix("index.html") for path, _ in self._sources.values())

    def _collision(self, page: Page, path: str, source: str) -> None:
        address = "/" + page.path.removesuffix("index.html")
        self._report(
            page.source,
            f"has the same address as {source}: {address}"
            + ("" if path == page.path else " (they differ only in letters that some systems take for equal)"),
            "url-collision",
            "give one of them another `slug:`, or take one away",
        )

    def _report(self, source: str, message: str, code: str, hint: str = "") -> None:
        self.diagnostics.append(Diagnostic(source, 0, 0, message, code, hint))


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
