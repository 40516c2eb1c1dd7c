"""What the last builds of a profile made, and which of their inputs were other ones: so that somebody can ask later.

The state knows what is published, not how it came to be so. Of each build that made anything this much is kept beside
it: the names of what had changed, and of the files that it made. A few dozen builds, and some thousand names, at most.
So is what was different in sources each time that some were parsed: a preview or a build into another folder may have
parsed them long before a build publishes them.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from broadsheet.frozen import FrozenMap, record

PART = "history"  # of a profile in the state
EDITS = "edits"  # in the state, of all profiles
START, FULL = "start", "full"  # what can stand in `Event.parts` besides the parts of basis.py
# What is told of a source besides the names of its keys.
NEW, REMOVED, QUIET = "it is new", "it was removed, or renamed", "nothing that shows"
_BUILDS = 32  # that are remembered
_NAMES = 2_000  # files, stories and sources that are named, of all builds together
_TIMES = 64  # that sources were parsed

# What is different in each of some sources: names of keys, "text"; "" where that is not known.
Edits: TypeAlias = Mapping[str, str]
# What became of a story or another source: the kind of a reason ("story", "source", "time"), its detail, and which of
# a story's marks are other ones: letters of MARKS.
Change: TypeAlias = tuple[str, str, str]
MARKS = "ohce"  # own, headline, card, entry


@record
class Event:
    """A build that made something; `at` is what its clock said (microseconds since 1970).

    `parts` are the names of what every page depends on and was another one (basis.py; or START, FULL): then it made all
    files. `theme` are the files of the theme that were other ones, `templates` those whose pages it made all again.
    `changes` tells what became of stories and other sources, by path; of more than could be named, `many` is their
    number. `choices` tells what a story recommends since, and what no longer. `new` are files that were not there,
    `repaired` those that were not as they had been put in place; `files` all others that were made. Where these were
    too many to be named, it is not `complete`.
    """

    at: int
    parts: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    changes: Mapping[str, Change] = FrozenMap()
    many: int = 0
    choices: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = FrozenMap()
    new: tuple[str, ...] = ()
    repaired: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    complete: bool = True

    def made(self, path: str, template: str) -> bool:
        """Whether it is known to have made a file, which was there after it."""
        named = path in self.files or path in self.new or path in self.repaired
        return named or bool(self.parts) or template in self.templates

    def names(self) -> int:
        return sum(map(len, (self.changes, self.choices, self.new, self.repaired, self.files)))


def last(events: Iterable[Event], path: str, template: str) -> Event | None:
    """The last build that made a file; None where that is not known."""
    for event in events:
        if event.made(path, template):
            return event
        if not event.complete:
            return None
    return None


def appended(events: Iterable[Event], event: Event) -> bytes:
    """Some builds as they are kept, with one more in front; what is too old is let go of."""
    kept = [event if event.names() <= _NAMES else _short(event)]
    names = kept[0].names()
    for other in events:
        names += other.names()
        if len(kept) == _BUILDS or names > _NAMES:
            break
        kept.append(other)
    return marshal.dumps([[_plain(getattr(one, name)) for name in _FIELDS] for one in kept], 4)


def loads(data: bytes | memoryview | None) -> list[Event]:
    """The builds that are remembered, the last one first."""
    try:
        told: Sequence[Sequence[Any]] = marshal.loads(data or b"")  # noqa: S302  # our own bytes: `State` checked them
        events = [Event(**dict(zip(_FIELDS, values, strict=True))) for values in told]
    except (ValueError, EOFError, TypeError):
        return []
    return events if all(map(_sensible, events)) else []


_FIELDS: Mapping[str, type] = {
    "at": int,
    **dict.fromkeys(("parts", "theme", "templates"), tuple),
    "changes": dict,
    "many": int,
    "choices": dict,
    **dict.fromkeys(("new", "repaired", "files"), tuple),
    "complete": bool,
}


def _sensible(event: Event) -> bool:
    return all(isinstance(getattr(event, name), kind) for name, kind in _FIELDS.items())


def _plain(value: object) -> object:
    return dict(value) if isinstance(value, Mapping) else value


def _short(event: Event) -> Event:
    """An event of a size that can be kept."""
    many = event.many or len(event.changes)
    return replace(
        event, changes=FrozenMap(), many=many, choices=FrozenMap(), new=(), repaired=(), files=(), complete=False
    )


# --- what was different in sources ---------------------------------------------------------------------------------


def edits_noted(data: bytes | None, told: bytes, edits: Edits | None) -> bytes:
    """What is kept of edits, with those that have come since all sources said what `told` stands for; None: too many to
    be named."""
    kept = [*_edits(data), (told, None if edits is None else dict(edits))][-_TIMES:]
    while len(kept) > 1 and sum(len(found or ()) for _, found in kept) > _NAMES:
        del kept[0]
    return marshal.dumps(kept, 4)


def edits_since(data: bytes | None, told: bytes, now: bytes) -> Edits | None:
    """What has become different in sources since all said what `told` stands for; None where that is not known."""
    if told == now:
        return {}
    kept = _edits(data)
    first = next((n for n, (then, _) in enumerate(kept) if then == told), None)
    if first is None:
        return None
    together: dict[str, str] = {}
    for _, found in kept[first:]:
        if found is None:
            return None
        for path, detail in found.items():
            together[path] = _both(together[path], detail) if path in together else detail
    return together


def _edits(data: bytes | None) -> list[tuple[bytes, dict[str, str] | None]]:
    try:
        return [(then, found) for then, found in marshal.loads(data or b"")]  # noqa: S302  # likewise
    except (ValueError, EOFError, TypeError):
        return []


def _both(one: str, other: str) -> str:
    """What is told of a source that was edited twice."""
    if QUIET in (one, other):
        return other if one == QUIET else one
    if other == REMOVED or one == NEW:
        return other if other == REMOVED else one
    if not one or not other or one == REMOVED:
        return ""
    return ", ".join(dict.fromkeys([*one.split(", "), *other.split(", ")]))
