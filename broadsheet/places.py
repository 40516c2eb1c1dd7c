"""Where the files of a plan lie on the site: no two at one place, and none where it may not be."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence, Set
from itertools import chain

from broadsheet import pages, urls
from broadsheet.errors import Diagnostic
from broadsheet.groups import Group
from broadsheet.journal import folders_of
from broadsheet.model import Planned

_A_FEW = 20  # paths, for each of which all others are gone through


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
        # Collision key of a folder -> the first page in it: its place in the plan, and its collision key.
        self._folders: dict[str, tuple[int, str]] = {}
        self._stories: pages.Stories | None = None
        self._story_keys: Sequence[str] = ()  # … and their collision keys
        self._story_pages = 0  # how many of those are pages that people read
        self._paths: list[str] = []  # of the others
        self.told: Set[str] = frozenset()  # collision keys of regions whose doubles are told where they are named
        self.refused: set[str] = set()  # stories that can't have their places
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
            return {paths[n]: n for n in range(len(paths)) if self._add_story(stories[n])}
        self._fresh_stories = [keys[n] for n in fresh]
        self._stories, self._story_keys, self._taken_by_stories = stories, keys, taken
        self._story_pages = together.count(".html\n") + together.endswith(".html")
        return taken if keys is paths else dict(zip(paths, range(len(paths)), strict=True))

    def _add_story(self, page: Planned) -> bool:
        placed = self.add(page)
        if not placed:
            self.refused.add(page.source)
        return placed

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
            self._folders[folder] = (len(self._paths), key)
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
            self._folders[folder] = (0, first)
        for key in filter(self._is_taken, self._folders):
            self._in_place_of_folder(self._planned(key), self._planned(self._folders[key][1]))

    def _in_place_of_folder(self, page: Planned, needing: Planned) -> None:
        """Told of the file, unless only what needs the folder says in its source where it wants to stand, or the site
        makes the file by itself."""
        if page.where() != (0, 0) or (needing.where() == (0, 0) and _is_copied(page)):
            at, told = page, f"{page.path} is also a folder, needed by {needing.source}"
        else:
            named = page.path if page.source == page.path else f"{page.path} ({page.source})"
            at, told = needing, f"{named} is also a folder, needed for {_address(needing)}"
        self._report(at, told, "url-collision", _cure(at) or "give one of them another name, or take one away")

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
        return {folder: next(one for one in self._carried if one[1].startswith(folder + "/")) for folder in taken}

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
        files = {address: (address, f"{address}index.html", f"{address}/index.html") for address in addresses}
        others, stories = set(self._paths), self._stories.paths if self._stories else ()
        # Where their keys are the paths themselves, those of stories are sorted in already.
        known = self._taken_by_stories.keys() if stories is self._story_keys else set(stories)
        return {address for address, paths in files.items() if others.isdisjoint(paths) and known.isdisjoint(paths)}

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
        if page.path != taken.path and urls.collision_key(page.path).partition("/")[0] in self.told:
            return
        at, other = (taken, page) if taken.where() != (0, 0) and page.where() == (0, 0) else (page, taken)
        self._report(
            at,
            f"has the same address as {other.source}: {_address(page)}"
            + ("" if page.path == taken.path else " (they differ only in letters that some systems take for equal)"),
            "url-collision",
            _cure(at) or "give one of them another `slug:`, or take one away",
        )

    def _report(self, page: Planned, message: str, code: str, hint: str = "") -> None:
        self.diagnostics.append(Diagnostic(page.source, *page.where(), message, code, hint))


def _address(page: Planned) -> str:
    return "/" + page.path.removesuffix("index.html")


def _is_copied(page: Planned) -> bool:
    """Whether somebody put a file there, under its own name; the site's 404 page has that of its template."""
    return page.source.endswith(f"/{page.path}") and page.template != page.path


def _cure(page: Planned) -> str:
    """What to do about an address that a source says itself."""
    if page.where() == (0, 0):
        return ""
    if page.template == "redirect.html":
        return "write another address into `aliases:`, or take this one out"
    return "write another `url:` or `slug:` here, or take one of the two away"
