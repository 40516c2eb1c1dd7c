"""Folders of sources that have one of their own, of which some are as secret as what they hold."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Set

from broadsheet import urls


class Bundles:
    """What may be shown of files in bundles: `hidden` are the folders of which nothing may be, as collision keys. Of
    folders that differ only in letters that some systems take for equal, one that is hidden hides them all."""

    def __init__(self, secret: Iterable[str], every: Callable[[], Iterable[str]]) -> None:
        """`secret` are the sources that aren't shown, `every` gives all of them."""
        self.hidden = frozenset(_folders(secret))
        # … and those that lie in one of these and are shown.
        self._shown = frozenset(within(_folders(every()), self.hidden) if self.hidden else ()) - self.hidden

    def hides(self, path: str) -> bool:
        """Whether a file lies in a hidden bundle, and not in one in it that is shown."""
        folder = urls.collision_key(posixpath.dirname(path)) if self.hidden else ""
        while folder:
            if folder in self.hidden:
                return True
            if folder in self._shown:
                return False
            folder = posixpath.dirname(folder)
        return False


def within(folders: Iterable[str], tops: Set[str]) -> Iterator[str]:
    """Those of some folders that are one of `tops`, or lie in one; all of them collision keys."""
    for folder in folders:
        above = folder
        while above and above not in tops:
            above = above.rpartition("/")[0]
        if above:
            yield folder


def _folders(paths: Iterable[str]) -> list[str]:
    """The folders of those of some sources that have one of their own, as collision keys."""
    return [urls.collision_key(posixpath.dirname(path)) for path in paths if path.endswith("/index.md")]
