"""What the last builds of a profile made, and which of their inputs were other ones: so that somebody can ask later.

The state knows what is published, not how it came to be so. Of each build that made anything this much is kept beside
it: the names of what had changed, and of the files that it made. A few dozen builds, and some thousand names, at most.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from broadsheet.frozen import FrozenMap, record

PART = "history"  # of a profile in the state
START, FULL = "start", "full"  # what can stand in `Event.parts` besides the parts of basis.py
_BUILDS = 32  # that are remembered
_NAMES = 2_000  # files that are named, of all builds together

# What became of a story or another source: the kind of a reason ("story", "source", "time"), and its detail.
Change: TypeAlias = tuple[str, str]


@record
class Event:
    """A build that made something; `at` is what its clock said (microseconds since 1970).

    `parts` are the names of what every page depends on and was another one (basis.py; or START, FULL): then it made all
    files. `theme` are the files of the theme that were other ones, `templates` those whose pages it made all again.
    `changes` tells what became of stories and other sources, by path, `choices` what a story recommends since and no
    longer. `repaired` are files that were not as they had been put in place; `files` all others that were made. Where
    these were too many to be named, it is not `complete`; of `sources` that had changed, `changes` may name none.
    """

    at: int
    parts: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    changes: Mapping[str, Change] = FrozenMap()
    sources: int = 0
    choices: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = FrozenMap()
    repaired: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    complete: bool = True

    def made(self, path: str, template: str) -> bool:
        """Whether it is known to have made a file."""
        return bool(self.parts) or template in self.templates or path in self.files or path in self.repaired


def last(events: Iterable[Event], path: str, template: str) -> Event | None:
    """The last build that made a file; None where that is not known."""
    for event in events:
        if event.made(path, template):
            return event
        if not event.complete:
            return None
    return None


# --- as it is kept -------------------------------------------------------------------------------------------------


def appended(events: Iterable[Event], event: Event) -> bytes:
    """Some builds as they are kept, with one more in front; what is too old is let go of."""
    kept, names = [_trimmed(event)], 0
    for other in events:
        names += len(kept[-1].files) + len(kept[-1].repaired)
        if len(kept) == _BUILDS or names > _NAMES:
            break
        kept.append(other)
    return marshal.dumps([_plain(one) for one in kept], 4)


def loads(data: bytes | memoryview | None) -> list[Event]:
    """The builds that are remembered, the last one first."""
    if data is None:
        return []
    try:
        told: Sequence[Sequence[Any]] = marshal.loads(data)  # noqa: S302  # our own bytes: `State` checked their digest
        return [Event(**dict(zip(_FIELDS, values, strict=True))) for values in told]
    except (ValueError, EOFError, TypeError):
        return []


_FIELDS = (*("at", "parts", "theme", "templates", "changes", "sources", "choices", "repaired", "files", "complete"),)


def _plain(event: Event) -> list[object]:
    values = [getattr(event, name) for name in _FIELDS]
    return [dict(value) if isinstance(value, Mapping) else value for value in values]


def _trimmed(event: Event) -> Event:
    """An event of a size that can be kept."""
    files = (*event.repaired, *event.files)
    if len(files) <= _NAMES and len(event.choices) <= _NAMES:
        return event
    return replace(event, repaired=(), files=(), choices=FrozenMap(), complete=False)
