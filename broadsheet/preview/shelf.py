"""Pages that were made a while ago, and are as they would be made now."""

from __future__ import annotations

from collections import OrderedDict

from broadsheet.digest import digest
from broadsheet.frozen import record

_KEPT_BYTES = 48 * 1024 * 1024  # of pages that were made, the latest used


@record
class Made:
    """A file of the site; `digest` is that of its bytes."""

    path: str
    template: str
    data: bytes
    digest: str


def made_of(path: str, template: str, data: bytes) -> Made:
    return Made(path=path, template=template, data=data, digest=digest(data).hex())


class Shelf:
    """Made pages with the keys they were made from, each the last one of its path. Of too many bytes those go that
    nobody has asked for longest."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[bytes, Made]] = OrderedDict()
        self._bytes = 0

    def get(self, path: str, key: bytes) -> Made | None:
        """The page of a path, where it was made from this key."""
        kept = self._kept.get(path)
        if kept is None or kept[0] != key:
            return None
        self._kept.move_to_end(path)
        return kept[1]

    def last(self, path: str) -> Made | None:
        """The page of a path, whatever it was made from."""
        kept = self._kept.get(path)
        return kept[1] if kept else None

    def keep(self, key: bytes, made: Made) -> None:
        """Put a page in the place of what there was of its path."""
        old = self._kept.pop(made.path, None)
        self._bytes += len(made.data) - (len(old[1].data) if old else 0)
        self._kept[made.path] = (key, made)
        while self._bytes > _KEPT_BYTES and len(self._kept) > 1:
            _, (_, oldest) = self._kept.popitem(last=False)
            self._bytes -= len(oldest.data)
