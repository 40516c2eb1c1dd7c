"""Lists of stories that are planned together: all pages of a topic, a month of a region, a feed. There are many of
them, and a publication reaches few: the others are taken over from the last build as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from broadsheet.catalog import Catalog
from broadsheet.model import Planned


class Group(NamedTuple):
    """Files whose plan depends on the stories `of` a group (one of `groups_of`) and, besides these, on what `info` says
    in plain values. `name` is unique in a plan; `plan` gives the files. `lists`: all of them are pages that only lead
    to others."""

    name: str
    of: str
    info: tuple[object, ...]
    plan: Callable[[], Iterable[Planned]]
    lists: bool = False


def files(parts: Iterable[Planned | Group]) -> Iterator[Planned]:
    """Every file of some parts of a plan."""
    for part in parts:
        if isinstance(part, Group):
            yield from part.plan()
        else:
            yield part


NONE = "none"  # of the stories: all that the files show is in `info`


def author(key: str) -> str:
    """The stories of an author."""
    return f"author {key}"


def topic(key: str, taxonomy: str) -> str:
    """The stories of a topic or of a series."""
    return f"{taxonomy} {key}"


def month(number: int, region: str = "") -> str:
    """The stories of a month (counted from the year 0): of a region, or of all of them."""
    return f"month {number} {region}"


_BETWEEN = "\n"  # of a name that holds one more groups are told than there are, and more lists planned


def groups_of(catalog: Catalog, position: int) -> str:
    """All groups that a public story is in, as one text (see `in_groups`)."""
    stands = catalog.stands
    number = stands.month[position]
    found = [author(key) for key in catalog.ids_of(stands.authors[position])]
    found += [topic(key, "topics") for key in catalog.topics_of(stands.topics[position])]
    found += [topic(key, "series") for key in catalog.series_of(stands.series[position])]
    return _BETWEEN.join([*found, month(number), month(number, stands.region[position])])


def in_groups(told: str) -> Iterator[str]:
    """What `groups_of` told."""
    return iter(told.split(_BETWEEN))
