"""The plan of a site: every file of it as a Page, in the order of publication, and the check that no two collide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from broadsheet import archives, documents, listings, pages, redirects, urls
from broadsheet.catalog import Catalog
from broadsheet.errors import Diagnostic, closest
from broadsheet.frozen import record
from broadsheet.groups import NONE, Group, files
from broadsheet.marks import Marks
from broadsheet.model import LinkRef, Page, Planned
from broadsheet.pictured import Pictured
from broadsheet.places import Places
from broadsheet.statics import Statics

COPY = "copy"  # a file published as it is
PICTURE = "picture"  # one variant of a picture
FRAGMENT = "explore-fragment.html"  # a part of pages, which they load


# What files of groups are made with.
LISTS = (
    *("topic.html", "author.html", "archive.html", "redirect.html", "corrections.html", "withdrawn.html"),
    *("rss", "atom", "json-feed", "sitemap"),
)
# What pages are made with that only lead to others.
LEADING = frozenset(
    {
        *("home.html", "region.html", "topic.html", "author.html", "archive.html", "corrections.html"),
        *("redirect.html", "404.html", FRAGMENT),
    }
)


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


@record
class Files:
    """What is published and no page: `pictures` of stories, files of `static`/, which win over documents of that name,
    and over those of the `theme` (place on the site -> path); `content` gives the digest of a file to copy."""

    pictures: Pictured
    static: Statics
    theme: Mapping[str, str]
    content: Callable[[str], bytes]


def site(marks: Marks, copied: Files, recommended: Sequence[Sequence[int]]) -> Iterator[Planned]:
    """Every file of the site, in the order in which they may appear: what others need comes first.

    `recommended` gives for each public story the positions of those that it recommends. Findings about links gather in
    `views.links.diagnostics` while the plan is read.
    """
    for part in parts(marks, copied, recommended):
        if isinstance(part, pages.Stories):
            yield from (part[n] for n in range(len(part)))
        else:
            yield from files([part])


def parts(
    marks: Marks, copied: Files, recommended: Sequence[Sequence[int]]
) -> Iterator[Planned | Group | pages.Stories]:
    """`site`, with all pages of stories as one part, and files that are planned together as one."""
    views, static, content = marks.views, copied.static, copied.content
    yield from _pictures(copied.pictures)
    yield from _static(static)
    for place, source in sorted(copied.theme.items()):
        if place not in static:
            yield _copy(source, place, content(source), f"the theme's {place}")
    yield pages.Stories(marks, recommended)
    yield from pages.withdrawn(marks)
    yield from pages.plain(views)
    linked = dict(views.links.assets)
    yield from _linked(linked, content)
    yield from archives.authors(marks)
    yield from archives.topics(marks)
    yield from listings.corrections(marks)
    yield from listings.regions(marks)
    yield listings.home(marks)
    for path, place in sorted(views.links.assets.items()):
        if path not in linked:
            yield _copy(path, place.removeprefix("/"), content(path))
    not_found = pages.not_found(views)
    yield pages.made(not_found)
    yield from redirects.site(marks)
    for document in (*documents.site(marks), documents.headers(views, not_found)):
        if isinstance(document, Group):
            yield document._replace(info=(*document.info, static.names), plan=partial(_but, static, document))
        elif document.path not in static:  # the site's own stands in its place
            yield document


def _but(static: Statics, group: Group) -> Iterator[Planned]:
    return (document for document in group.plan() if document.path not in static)


def _pictures(pictures: Pictured) -> Iterator[Group]:
    """The variants of every picture, in groups that no story is of. What they are encoded with is told by the closure
    of PICTURE."""
    for some in pictures.groups():
        plan = partial(_variants, pictures, some.paths)
        yield Group(name=f"pictures {some.number:02x}", of=NONE, info=(some.mark,), plan=plan)


def _variants(pictures: Pictured, paths: Iterable[str]) -> Iterator[Planned]:
    for path in paths:
        picture = pictures.picture(path)
        for index, variant in enumerate(picture.planned.variants):
            context = PictureContext(path=path, digest=picture.digest, index=index)
            place, shown = variant.path.removeprefix("/"), (picture.digest, index)
            page = Page(path=place, template=PICTURE, context=context, source=path)
            yield Planned(path=place, template=PICTURE, source=path, shown=shown, make=partial(_ready, page))


def _static(static: Statics) -> Iterator[Group]:
    """The files of static/, in groups that no story is of."""
    for folder, shown in sorted(static.folders().items()):
        yield Group(name=f"static {folder}", of=NONE, info=(shown,), plan=partial(_right_in, static, folder))


def _right_in(static: Statics, folder: str) -> Iterator[Planned]:
    return (_copy(file.path, file.place, file.digest) for file in static.right_in(folder))


def _linked(places: Mapping[str, str], content: Callable[[str], bytes]) -> Iterator[Group]:
    """Files that texts link to (path -> place on the site, from the root), in groups that no story is of."""
    folders: dict[str, list[str]] = {}
    for path in sorted(places):
        folders.setdefault(path.rpartition("/")[0], []).append(path)
    for folder, paths in folders.items():
        told = tuple([(path, places[path].removeprefix("/"), content(path)) for path in paths])
        yield Group(name=f"linked {folder}", of=NONE, info=told, plan=partial(_copies, told))


def _copies(told: Iterable[tuple[str, str, bytes]]) -> Iterator[Planned]:
    return (_copy(*file) for file in told)


def _copy(path: str, place: str, content: bytes, named: str = "") -> Planned:
    """A file that is published as it is, whose bytes have this digest; `named` is what it is called, if not by its
    path."""
    source = named or path
    page = Page(path=place, template=COPY, context=CopyContext(path=path), source=source)
    return Planned(path=place, template=COPY, source=source, shown=(content,), make=partial(_ready, page))


def _ready(page: Page) -> Page:
    return page


def links_of_settings(catalog: Catalog, text: str) -> Iterator[tuple[str, LinkRef]]:
    """(source, link) of what config.yaml, which reads `text`, links to below the site's root."""
    settings = catalog.settings
    items = [item.url for item in (*settings.nav, *settings.footer)]
    for address in dict.fromkeys([*items, *settings.site.publisher.policies.values()]):
        if address.startswith("/"):
            path, rest = urls.written(address)
            query, _, fragment = rest.partition("#")
            mark = urls.place_in(text, address)
            yield "config.yaml", LinkRef(kind="site", target=path, fragment=fragment, query=query, mark=mark)


def unknown_pages(catalog: Catalog, links: Iterable[tuple[str, LinkRef]], places: Places) -> Iterator[Diagnostic]:
    """A finding for each link to a path from the root that the site doesn't have: of stories, and of `links` (source,
    link) besides."""
    found = dict.fromkeys(links)
    wanted = {place for sites in set(catalog.shown.sites) for place in sites}
    unknown = places.unanswered(wanted | {link.place for _, link in found})
    for n, sites in enumerate(catalog.shown.sites) if unknown else ():
        if not unknown.isdisjoint(sites):
            path = catalog.shown.path[n]
            found |= {(path, link): None for link in catalog.page_of[path].links if link.kind == "site"}
    known = places.urls() if unknown else frozenset()
    for source, link in found:
        if link.place in unknown:
            few = 5_000 if source != "config.yaml" else 500  # which is looked at in every build
            near = closest(link.place, known) if len(known) < few else None
            yield Diagnostic(
                source,
                link.mark[0],
                link.mark[1],
                f"the site has no page “{link.target}{link.query}”",
                "unknown-page",
                f"did you mean /{near}?" if near else "if another system answers there, nothing is wrong",
            )
