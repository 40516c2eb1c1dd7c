"""What a profile of the site (an output folder, a base URL, drafts shown or not) was told of its last build.

`files` says for each published file which key it was made from and what lies in the output folder since. Where the key
and the file are the same, the file need not be made again.
"""

from __future__ import annotations

import marshal
from collections.abc import Mapping
from typing import Any, TypeAlias

from broadsheet.digest import digest
from broadsheet.files import Stamp
from broadsheet.frozen import FrozenMap, record
from broadsheet.marks import StoryMarks
from broadsheet.ranks import Settled, Standing

Made: TypeAlias = tuple[bytes, bytes, Stamp]  # key, digest of the bytes, stamp of the file


@record
class Ledger:
    """`base` is the digest of what every page depends on, `basis` that of each part of it; `theme` the digest of all
    files of the theme, `templates` that of each; `marks` are those of the stories; `findings` the packed ones about
    links and pictures; `looked` what is known of pictures; `ranked` the digest of the ranking's settings and `settled`
    what it found; `at` the instant that the build was for, in microseconds since 1970; `told` stands for what all
    sources said."""

    base: bytes = b""
    theme: bytes = b""
    closures: Mapping[str, bytes] = FrozenMap()
    files: Mapping[str, Made] = FrozenMap()
    marks: Mapping[str, StoryMarks] = FrozenMap()
    findings: bytes = b""
    looked: bytes = b""
    ranked: bytes = b""
    settled: Mapping[str, Settled] = FrozenMap()
    basis: Mapping[str, bytes] = FrozenMap()
    templates: Mapping[str, bytes] = FrozenMap()
    at: int = 0
    told: bytes = b""


_PLAIN = ("base", "theme", "closures", "files", "findings", "looked", "ranked", "basis", "templates", "at", "told")


def dumps(ledger: Ledger) -> bytes:
    values: list[Any] = [getattr(ledger, name) for name in _PLAIN]
    values = [dict(value) if isinstance(value, Mapping) else value for value in values]
    marks = {path: (m.own, m.headline, m.card, m.entry) for path, m in ledger.marks.items()}
    settled = {path: _told(kept) for path, kept in ledger.settled.items()}
    return marshal.dumps([*values, marks, settled], 4)


def loads(data: bytes | None) -> Ledger:
    """A kept ledger; an empty one where there is none, or where it makes no sense."""
    if data is None:
        return Ledger()
    try:
        *values, marks, settled = marshal.loads(data)  # noqa: S302  # our own bytes: `State` checked their digest
        kept = dict(zip(_PLAIN, values, strict=True))
        found = {
            path: StoryMarks(own=own, headline=headline, card=card, entry=entry)
            for path, (own, headline, card, entry) in marks.items()
        }
        return Ledger(**kept, marks=found, settled={path: _settled(path, told) for path, told in settled.items()})
    except (ValueError, EOFError, TypeError):
        return Ledger()


def _told(kept: Settled) -> tuple[Any, ...]:
    s = kept.standing
    return (s.order, s.published, s.month, s.authors, s.said, kept.asked, kept.chosen, kept.cut)


def _settled(path: str, told: tuple[Any, ...]) -> Settled:
    order, published, month, authors, said, asked, chosen, cut = told
    standing = Standing(path=path, order=order, published=published, month=month, authors=authors, said=said)
    return Settled(standing=standing, asked=asked, chosen=chosen, cut=cut)


def profile(output: str, base_url: str, *, drafts: bool, future: bool) -> bytes:
    """The name of a profile; `output` is the real path of its folder."""
    return digest(repr((output, base_url, drafts, future)).encode("utf-8", "surrogateescape"))
