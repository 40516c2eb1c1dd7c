"""What a profile of the site (an output folder, a base URL, drafts shown or not) was told of its last build.

`files` says for each published file which key it was made from and what lies in the output folder since. Where the key
and the file are the same, the file need not be made again.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, TypeAlias

from broadsheet import pictured, statics, table
from broadsheet.copies import Copied
from broadsheet.digest import digest
from broadsheet.files import Stamp
from broadsheet.frozen import FrozenMap, record
from broadsheet.marks import (
    CARD,
    ENTRY,
    GROUPS,
    HEADLINE,
    NOTHING,
    OWN,
    PUBLISHED,
    REGION,
    Remembered,
    plain,
    world_of,
)
from broadsheet.ranks import CHOSEN, UNTOLD, Told
from broadsheet.state import DamagedError
from broadsheet.table import Table, Unread

# An entry of `files`: key, digest of the bytes, stamp of the file (`walking.packed`; empty: not known).
Made: TypeAlias = tuple[bytes, bytes, bytes]
KEY, DIGEST, STAMP = range(3)  # … and its columns


@record
class Ledger:
    """`base` is the digest of what every page depends on, `basis` that of each part of it; `theme` the digest of all
    files of the theme, `templates` that of each; `marks` are those of the stories; `lists` says of each group of lists
    what it showed besides stories, as a digest, and its paths; `findings` the packed ones about links and pictures;
    `pictures` what is known of these, by place, and `picture_folders` of where they lie (pictured.py), `looked` what
    they were looked at with and which bundles were hidden then; `statics` what is known of static/, by folder
    (statics.py), `copied` of other files that are published as they are; `ranked` the digest of the ranking's settings
    and `settled` what it found; `at` the instant that the build was for, in microseconds since 1970; `told` stands for
    what all sources said, `listed` for what the output folder's manifest lists: `files`, and their digests; `manifest`
    are the stamps of its two files; `put` stands for these and those of `files` (empty: not all are known)."""

    base: bytes = b""
    theme: bytes = b""
    closures: Mapping[str, bytes] = FrozenMap()
    files: Table
    marks: Remembered
    lists: Table
    pictures: Table
    picture_folders: Table
    statics: Table
    findings: bytes = b""
    looked: tuple[bytes, tuple[str, ...]] = (b"", ())
    copied: Copied = FrozenMap()
    ranked: bytes = b""
    settled: Told
    basis: Mapping[str, bytes] = FrozenMap()
    templates: Mapping[str, bytes] = FrozenMap()
    at: int = 0
    told: bytes = b""
    listed: bytes = b""
    manifest: tuple[Stamp, ...] = ()
    put: bytes = b""


# An entry of `lists`.
Listed: TypeAlias = tuple[bytes, tuple[str, ...]]

NOTHING_MADE = Ledger(
    files=Table.of(STAMP + 1, {}),
    marks=NOTHING,
    lists=Table.of(2, {}),
    pictures=pictured.NONE,
    picture_folders=pictured.NO_FOLDERS,
    statics=statics.NONE,
    settled=UNTOLD,
)

# The columns of which a build looks at few values.
_APART = {
    "files": frozenset([KEY, DIGEST]),
    "marks": frozenset([OWN, HEADLINE, CARD, ENTRY, REGION, PUBLISHED, GROUPS]),
    "settled": frozenset([CHOSEN]),
    "pictures": pictured.APART,
    "statics": statics.APART,
}

_PLAIN = (
    "base",
    "theme",
    "closures",
    "findings",
    "looked",
    "copied",
    "ranked",
    "basis",
    "templates",
    "at",
    "told",
    "listed",
    "manifest",
    "put",
)


def dumps(ledger: Ledger, before: Ledger) -> tuple[Ledger, dict[str, bytes | None]]:
    """A ledger as it is kept, and what to keep of it, in parts by name (None: the part is no more). `before` is what is
    kept so far."""
    values: list[Any] = [getattr(ledger, name) for name in _PLAIN]
    values = [dict(value) if isinstance(value, Mapping) else value for value in values]
    known, now = tables(before), {name: found.kept() for name, found in tables(ledger).items()}
    sizes = {name: _size(found) for name, found in now.items()}
    parts: dict[str, bytes | None] = {"plain": marshal.dumps([*values, plain(ledger.marks.world), sizes], 4)}
    for name, found in now.items():
        if found is known[name]:
            continue
        if found.patched:
            parts[_patch(name)] = found.patch()
        else:
            parts |= {name: found.dumps(_APART.get(name, frozenset())), _patch(name): None}
    return _with(ledger, now), parts


def loads(part: Callable[[str], bytes | memoryview | None]) -> Ledger:
    """A kept ledger, whose parts are asked for by name; an empty one where there is none, or where it makes no sense.
    Its tables are read when they are needed, which raises DamagedError where one of them is lost or makes no sense."""
    data = part("plain")
    if data is None:
        return NOTHING_MADE
    try:
        *values, world, sizes = marshal.loads(data)  # noqa: S302  # our own bytes: `State` checked their digest
        kept = dict(zip(_PLAIN, values, strict=True))
        found = {name: Unread(partial(_read, part, name, sizes[name])) for name in tables(NOTHING_MADE)}
        return _with(replace(NOTHING_MADE, **kept, marks=Remembered(found["marks"], world_of(world))), found)
    except (ValueError, EOFError, TypeError, AttributeError, KeyError):
        return NOTHING_MADE


def large() -> list[str]:
    """The names of the parts that are large, in the order in which a build needs them."""
    names = ("statics", "pictures", "picture folders", "settled", "files", "marks", "lists")
    return [part for name in names for part in (name, _patch(name))]


def _read(part: Callable[[str], bytes | memoryview | None], name: str, size: tuple[int, int]) -> Table:
    try:
        found = table.loads(part(name) or b"", part(_patch(name)), _APART.get(name, frozenset()))
    except (ValueError, EOFError, TypeError, KeyError) as error:
        raise DamagedError(str(error)) from None
    if _size(found) != size:
        raise DamagedError("a part is lost")
    return found


def _size(found: Table) -> tuple[int, int]:
    """How many entries a table has, and how many of the paths are patched: what is left of one that has lost either of
    its parts has not as many."""
    return len(found), len(found.patched or ())


def tables(ledger: Ledger) -> dict[str, Table]:
    """What has one entry a page or story: kept with a patch, so that few changes write little."""
    return {
        "files": ledger.files,
        "marks": ledger.marks.table,
        "settled": ledger.settled.table,
        "lists": ledger.lists,
        "pictures": ledger.pictures,
        "picture folders": ledger.picture_folders,
        "statics": ledger.statics,
    }


def _with(ledger: Ledger, tables: Mapping[str, Table]) -> Ledger:
    marks, settled = Remembered(tables["marks"], ledger.marks.world), Told(tables["settled"])
    ledger = replace(ledger, files=tables["files"], lists=tables["lists"], marks=marks, settled=settled)
    ledger = replace(ledger, pictures=tables["pictures"], picture_folders=tables["picture folders"])
    return replace(ledger, statics=tables["statics"])


def _patch(name: str) -> str:
    return name + "+"


def profile(output: str, base_url: str, *, drafts: bool, future: bool) -> bytes:
    """The name of a profile; `output` is the real path of its folder."""
    return digest(repr((output, base_url, drafts, future)).encode("utf-8", "surrogateescape"))
