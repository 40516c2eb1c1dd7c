"""Lists that are taken over from the last build without being planned."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence

from broadsheet import plan, reach
from broadsheet.closures import Closures
from broadsheet.codec import packed
from broadsheet.digest import digest
from broadsheet.groups import Group
from broadsheet.ledger import KEY, Ledger, Listed
from broadsheet.marks import Marks
from broadsheet.model import Planned
from broadsheet.table import Table


def reached(before: Ledger, base: bytes, closures: Closures, marks: Marks) -> Container[str] | None:
    """The groups of stories whose lists may show something else than in the build `before`; None: all may."""
    of = closures.of
    if base != before.base or any(before.closures.get(name, of(name)) != of(name) for name in plan.LISTS):
        return None
    return reach.lists(marks)


class Lists:
    """The groups of lists of one plan. `reached` are the groups of stories in which anything has changed since the
    build `before` (None: none of its lists is true any more)."""

    def __init__(self, before: Ledger, reached: Container[str] | None) -> None:
        self.keys: Mapping[str, bytes] = before.files.values_of(KEY)
        self._before = before.lists
        self._known = before.lists.column(0)
        self._paths = before.lists.column(1)
        self._is_published = before.files.known.__contains__
        self._reached = reached
        self._marks: dict[str, bytes] = {}  # of what groups show besides stories
        self._made: dict[str, Listed] = {}

    def as_they_were(self, group: Group) -> Sequence[str] | None:
        """The paths of a group that shows what it showed; None where it may not."""
        mark = self._marks[group.name] = digest(packed(group.info))
        if self._reached is None or group.of in self._reached or self._known.get(group.name) != mark:
            return None
        paths: Sequence[str] = self._paths[group.name]
        return paths if all(map(self._is_published, paths)) else None

    def planned(self, group: Group) -> Iterator[Planned]:
        """The files of a group, planned."""
        found = list(group.plan())
        self._made[group.name] = (self._marks[group.name], tuple([planned.path for planned in found]))
        yield from found

    def now(self) -> Table:
        """What the next build may take over."""
        put = {name: listed for name, listed in self._made.items() if self._before.get(name) != listed}
        return self._before.changed(put, self._before.known - self._marks.keys())
