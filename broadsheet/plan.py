"""The plan of a site: every file of it as a Page, in the order of publication, and the check that no two collide."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence, Set
from functools import partial
from itertools import chain

from broadsheet import archives, documents, listings, pages, redirects, urls
from broadsheet.catalog import Catalog
from broadsheet.digest import digest
from broadsheet.errors import Diagnostic, closest
from broadsheet.frozen import record
from broadsheet.groups import Group, files
from broadsheet.journal import folders_of
from broadsheet.marks import Marks
from broadsheet.model import LinkRef, Page, Planned, Trait
from broadsheet.survey import SourcePicture
from broadsheet.views import FEED_FILES

COPY = "copy"  # a file published as it is
PICTURE = "picture"  # one variant of a picture

# What files of groups are made with.
_SHOWN = "pictures"  # none of `groups_of`
LISTS = ("topic.html", "author.html", "archive.html", "redirect.html", "rss", "atom", "json-feed", "sitemap")

_A_FEW = 20  # paths, for each of which all others are gone through


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
    marks: Marks,
    pictures: Mapping[str, SourcePicture],
    static: Mapping[str, str],
    recommended: Sequence[Sequence[int]],
    content: Callable[[str], bytes],
) -> Iterator[Planned]:
    """Every file of the site, in the order in which they may appear: what others need comes first.

    `static` maps places on the site (relative) to the files to copy there, which win over documents of that name;
    `recommended` gives for each public story the positions of those that it recommends; `content` the digest of a file
    to copy. Findings about links gather in `views.links.diagnostics` while the plan is read.
    """
    for part in parts(marks, pictures, static, recommended, content):
        if isinstance(part, pages.Stories):
            yield from (part[n] for n in range(len(part)))
        else:
            yield from files([part])


def parts(
    marks: Marks,
    pictures: Mapping[str, SourcePicture],
    static: Mapping[str, str],
    recommended: Sequence[Sequence[int]],
    content: Callable[[str], bytes],
) -> Iterator[Planned | Group | pages.Stories]:
    """`site`, with all pages of stories as one part, and lists that are planned together as one."""
    views = marks.views
    yield from _pictures(pictures)
    for path, source in sorted(static.items()):
        yield _copy(source, path, content)
    yield pages.Stories(marks, recommended)
    yield from pages.withdrawn(views)
    yield from pages.plain(views)
    copied = dict(views.links.assets)
    for path, place in sorted(copied.items()):
        yield _copy(path, place.removeprefix("/"), content)
    yield from archives.authors(marks)
    yield from archives.topics(marks)
    yield from listings.corrections(marks)
    yield from listings.regions(marks)
    yield listings.home(marks)
    for path, place in sorted(views.links.assets.items()):
        if path not in copied:
            yield _copy(path, place.removeprefix("/"), content)
    not_found = pages.not_found(views)
    yield pages.made(not_found)
    yield from redirects.site(marks)
    own = digest("\0".join(sorted(static)).encode("utf-8", "surrogatepass"))
    for document in (*documents.site(marks), documents.headers(views, not_found)):
        if isinstance(document, Group):
            yield document._replace(info=(*document.info, own), plan=partial(_but, static, document))
        elif document.path not in static:  # the site's own stands in its place
            yield document


def _but(static: Container[str], group: Group) -> Iterator[Planned]:
    return (document for document in group.plan() if document.path not in static)


def _pictures(pictures: Mapping[str, SourcePicture]) -> Iterator[Group]:
    """The variants of every picture, as a group that no story is of: how they are encoded is a part of the base. Equal
    files under one name have equal variants: each is planned once."""
    planned: set[str] = set()
    for path, picture in sorted(pictures.items()):
        told = [(n, variant.path) for n, variant in enumerate(picture.planned.variants) if variant.path not in planned]
        planned.update(place for _, place in told)
        info = (picture.digest, told)
        yield Group(name=f"picture {path}", of=_SHOWN, info=info, plan=partial(_variants, path, picture.digest, told))


def _variants(path: str, content: bytes, told: Sequence[tuple[int, str]]) -> Iterator[Planned]:
    for index, address in told:
        context = PictureContext(path=path, digest=content, index=index)
        place = address.removeprefix("/")
        page = Page(path=place, template=PICTURE, context=context, source=path)
        yield Planned(path=place, template=PICTURE, source=path, shown=(content, index), make=partial(_ready, page))


def _copy(path: str, place: str, content: Callable[[str], bytes]) -> Planned:
    """A file that is published as it is."""
    page = Page(path=place, template=COPY, context=CopyContext(path=path), source=path)
    return Planned(path=place, template=COPY, source=path, shown=(content(path),), make=partial(_ready, page))


def _ready(page: Page) -> Page:
    return page


class Places:
    """The paths of a plan. Reports two sources that claim one place, and paths that may not be written."""

    def __init__(self, safe: Container[str] = ()) -> None:
        """The paths in `safe` were published together: each is fit for a file, and none needs a folder where another
        one is."""
        self._safe = safe
        self._fresh: list[str] = []  # the collision keys of the others,
        self._fresh_stories: Sequence[str] = ()  # and of those that are stories
        self._taken: dict[str, Planned | Group] = {}  # by collision key
        self._carried: list[tuple[int, str]] = []  # places in the plan and collision keys of what is carried over
        self._taken_by_stories: Mapping[str, int] = {}  # … the numbers of stories
        # Collision key of a folder -> the first page in it: its place in the plan, and its source.
        self._folders: dict[str, tuple[int, str]] = {}
        self._stories: pages.Stories | None = None
        self._story_keys: Sequence[str] = ()  # … and their collision keys
        self._story_pages = 0  # how many of those are pages that people read
        self._paths: list[str] = []  # of the others
        self.diagnostics: list[Diagnostic] = []

    def add_stories(self, stories: pages.Stories, fresh: Sequence[int]) -> Mapping[str, int]:
        """Take the places of all stories' pages, once; gives the numbers of those that have theirs, by path. `fresh`:
        the numbers of those whose paths are not `safe`."""
        paths = stories.paths
        together = "\n".join(paths)
        plain = together.isascii() and together == together.lower()  # a fifth of the time of `islower`
        keys = paths if plain else [urls.collision_key(path) for path in paths]
        taken = dict(zip(keys, range(len(paths)), strict=True))
        doubtful = len(taken) < len(paths) or not taken.keys().isdisjoint(self._taken)
        if doubtful or any(urls.unsafe(paths[n]) for n in fresh):
            return {paths[n]: n for n in range(len(paths)) if self.add(stories[n])}
        self._fresh_stories = [keys[n] for n in fresh]
        self._stories, self._story_keys, self._taken_by_stories = stories, keys, taken
        self._story_pages = together.count(".html\n") + together.endswith(".html")
        return taken if keys is paths else dict(zip(paths, range(len(paths)), strict=True))

    def add(self, page: Planned) -> bool:
        """Take a page's place; False, with a finding, where it can't have it."""
        if page.path not in self._safe and (reason := urls.unsafe(page.path)):
            told = f"can't be published as {page.path[:120]}: {reason}"
            self._report(page, told, "unsafe-path")
            return False
        key = urls.collision_key(page.path)
        if self._is_taken(key):
            self._collision(page, self._planned(key))
            return False
        self._taken[key] = page
        self._paths.append(page.path)
        if page.path not in self._safe:
            self._fresh.append(key)
        folder = key.rpartition("/")[0]
        while folder and folder not in self._folders:
            self._folders[folder] = (len(self._paths), page.source)
            folder = folder.rpartition("/")[0]
        return True

    def carry(self, group: Group, paths: Sequence[str]) -> bool:
        """Take the places of lists that are as they were, which are `safe`; False where one can't be had."""
        keys = [urls.collision_key(path) for path in paths]
        if any(map(self._is_taken, keys)):
            return False
        self._taken.update(dict.fromkeys(keys, group))
        self._carried += enumerate(keys, len(self._paths) + 1)
        self._paths += paths
        return True

    def check(self) -> None:
        """Report files that stand where another page needs a folder."""
        for folder, found in self._folders_of_carried().items():
            self._folders[folder] = min(found, self._folders.get(folder, found))
        for folder in filter(self._is_taken, self._folders_of_stories()):
            first = next(key for key in self._story_keys if key.startswith(folder + "/"))
            self._folders[folder] = (0, self._planned(first).source)
        for key in filter(self._is_taken, self._folders):
            page = self._planned(key)
            _, needing = self._folders[key]
            self._report(page, f"{page.path} is also a folder, needed by {needing}", "url-collision")

    def _folders_of_stories(self) -> set[str]:
        """The folders of the pages of stories, as far as a file can stand in place of one: one of the two is fresh."""
        fresh = [*self._fresh_stories, *self._fresh]
        if len(fresh) > _A_FEW:
            return folders_of(self._story_keys)
        together = "\n".join(["", *self._story_keys]) if fresh else ""
        return folders_of(self._fresh_stories) | {key for key in fresh if f"\n{key}/" in together}

    def _folders_of_carried(self) -> Mapping[str, tuple[int, str]]:
        """The folders of lists that were carried over where a fresh file stands, as `_folders` has them."""
        fresh, keys = [*self._fresh_stories, *self._fresh], [key for _, key in self._carried]
        if not keys or not fresh:
            return {}
        if len(fresh) > _A_FEW:
            taken = folders_of(keys).intersection(fresh)
        else:
            together = "\n".join(["", *keys])
            taken = {key for key in fresh if f"\n{key}/" in together}
        first = {folder: next(one for one in self._carried if one[1].startswith(folder + "/")) for folder in taken}
        return {folder: (place, self._planned(key).source) for folder, (place, key) in first.items()}

    def pages(self) -> int:
        """How many of the files are pages that people read."""
        return self._story_pages + "\n".join([*self._paths, ""]).count(".html\n")

    def paths(self) -> frozenset[str]:
        """Every path of the plan."""
        return frozenset([*self._every()])

    def urls(self) -> frozenset[str]:
        """Every address that the plan answers."""
        return frozenset([path.removesuffix("index.html") for path in self._every()])

    def _every(self) -> Iterator[str]:
        return chain(self._stories.paths if self._stories else (), self._paths)

    def unanswered(self, addresses: Iterable[str]) -> set[str]:
        """Those of some addresses, with or without the "/" at their end, that the plan does not answer."""
        known = self.paths()
        files = {address: (address, f"{address}index.html", f"{address}/index.html") for address in addresses}
        return {address for address, paths in files.items() if known.isdisjoint(paths)}

    def _is_taken(self, key: str) -> bool:
        return key in self._taken or key in self._taken_by_stories

    def _planned(self, key: str) -> Planned:
        """Who has taken a place."""
        found = self._taken.get(key)
        if isinstance(found, Group):
            return next(planned for planned in found.plan() if urls.collision_key(planned.path) == key)
        if found is not None:
            return found
        assert self._stories is not None  # noqa: S101  # whose place it is
        return self._stories[self._taken_by_stories[key]]

    def _collision(self, page: Planned, taken: Planned) -> None:
        """Told of the later page, unless only the first says in its source where it wants to stand."""
        at, other = (taken, page) if taken.where() != (0, 0) and page.where() == (0, 0) else (page, taken)
        address = "/" + page.path.removesuffix("index.html")
        self._report(
            at,
            f"has the same address as {other.source}: {address}"
            + ("" if page.path == taken.path else " (they differ only in letters that some systems take for equal)"),
            "url-collision",
            "give one of them another `slug:`, or take one away",
        )

    def _report(self, page: Planned, message: str, code: str, hint: str = "") -> None:
        self.diagnostics.append(Diagnostic(page.source, *page.where(), message, code, hint))


def vanished(old: Mapping[str, str], catalog: Catalog, leaving: Set[str]) -> Iterator[Diagnostic]:
    """A finding for each story's page of the last build that is gone: no source, even a hidden one, claims its address.

    `old` is the output folder's manifest, `leaving` are its paths that are not in the new plan. A story's page is told
    by its path: the permalink could have made it. Lists come and go with what they list.
    """
    gone = [path for path in leaving if old[path] and path.endswith(".html")]
    if not gone:
        return
    a_story = _story_path(catalog.settings.article_permalink)
    claimed: list[tuple[str, ...]] = [tuple(catalog.every.url)]
    named = [n for n, traits in enumerate(catalog.every.traits) if traits & Trait.ALIASES]
    claimed += [catalog.sources.articles[n].matter.aliases for n in named]
    claimed += [(page.url, *page.matter.aliases) for page in catalog.sources.pages]
    explained = {urls.output_path(url) for addresses in claimed for url in addresses}
    by_slug = {story.slug: path for path in catalog.page_of if (story := catalog.stand_of(path))}
    for path in sorted(path for path in gone if path not in explained and a_story(path)):
        folder = path.removesuffix("index.html")
        if any(folder + name in old for name, _ in FEED_FILES.values()):
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
            near = closest(link.place, known) if len(known) < 5_000 else None
            yield Diagnostic(
                source,
                link.mark[0],
                link.mark[1],
                f"the site has no page “{link.target}”",
                "unknown-page",
                f"did you mean /{near}?" if near else "if another system answers there, nothing is wrong",
            )
