"""What a build notes of itself in its output folder, for whoever deploys what lies there."""

from __future__ import annotations

import json
from collections.abc import Mapping

from broadsheet.frozen import record

_VERSION = 2


@record
class Note:
    """What the last build of an output folder was, for whoever deploys it: the instants (microseconds since 1970) from
    and before which its files are right, the paths of the notices that stand in for withdrawn stories, those of pages
    that only lead to others (`lists`, and redirects from former addresses), and those of pages whose names are no
    page's (`disguised`: /story.php)."""

    base_url: str
    drafts: bool
    future: bool
    since: int
    until: int
    withdrawn: tuple[str, ...]
    lists: tuple[str, ...]
    disguised: tuple[str, ...]

    def plain(self) -> Mapping[str, object]:
        """As it is kept."""
        names = ("base_url", "drafts", "future", "since", "until", "withdrawn", "lists", "disguised")
        return {"version": _VERSION, **{name: getattr(self, name) for name in names}}


def loads(data: bytes) -> Note | None:
    """A note as it was kept; None where it makes no sense."""
    try:
        value = json.loads(data)
        return Note(
            base_url=str(value["base_url"]),
            drafts=bool(value["drafts"]),
            future=bool(value["future"]),
            since=int(value["since"]),
            until=int(value["until"]),
            withdrawn=tuple(str(path) for path in value["withdrawn"]),
            lists=tuple(str(path) for path in value["lists"]),
            disguised=tuple(str(path) for path in value["disguised"]),
        )
    except (ValueError, KeyError, TypeError):
        return None
