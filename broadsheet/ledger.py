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
from broadsheet.marks import NOTHING, Remembered, plain, world_of
from broadsheet.ranks import UNTOLD, Told

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
    marks: Remembered
    findings: bytes = b""
    looked: bytes = b""
    ranked: bytes = b""
    settled: Told
    basis: Mapping[str, bytes] = FrozenMap()
    templates: Mapping[str, bytes] = FrozenMap()
    at: int = 0
    told: bytes = b""


_PLAIN = ("base", "theme", "closures", "files", "findings", "looked", "ranked", "basis", "templates", "at", "told")


def dumps(ledger: Ledger) -> bytes:
    values: list[Any] = [getattr(ledger, name) for name in _PLAIN]
    values = [dict(value) if isinstance(value, Mapping) else value for value in values]
    marks = ledger.marks
    columns = [list(column) for column in marks.columns]
    return marshal.dumps([*values, list(marks.paths), columns, plain(marks.world), dict(ledger.settled.plain)], 4)


def loads(data: bytes | None) -> Ledger:
    """A kept ledger; an empty one where there is none, or where it makes no sense."""
    if data is None:
        return Ledger(marks=NOTHING, settled=UNTOLD)
    try:
        *values, paths, columns, world, told = marshal.loads(data)  # noqa: S302  # `State` checked their digest
        kept = dict(zip(_PLAIN, values, strict=True))
        return Ledger(**kept, marks=Remembered(paths, columns, world_of(world)), settled=Told(told))
    except (ValueError, EOFError, TypeError):
        return Ledger(marks=NOTHING, settled=UNTOLD)


def profile(output: str, base_url: str, *, drafts: bool, future: bool) -> bytes:
    """The name of a profile; `output` is the real path of its folder."""
    return digest(repr((output, base_url, drafts, future)).encode("utf-8", "surrogateescape"))
