"""What a profile of the site (an output folder, a base URL, drafts shown or not) was told of its last build.

`files` says for each published file which key it was made from and what lies in the output folder since. Where the key
and the file are the same, the file need not be made again.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Mapping
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
    sources said; `patched` gives for each part that is kept whole the entries that have become different since."""

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
    patched: Mapping[str, frozenset[str]] = FrozenMap()


_PLAIN = ("base", "theme", "closures", "findings", "looked", "ranked", "basis", "templates", "at", "told")
_LARGE = ("files", "marks", "settled")  # one entry a page or story: kept with a patch, so that few changes write little
_SHARE = 20  # a patch of more than one in so many entries is one too large


def dumps(ledger: Ledger, before: Ledger) -> tuple[dict[str, bytes | None], Mapping[str, frozenset[str]]]:
    """What to keep, in parts by name (None: the part is no more), and what `patched` is then. `before` is what is kept
    so far."""
    values: list[Any] = [getattr(ledger, name) for name in _PLAIN]
    values = [dict(value) if isinstance(value, Mapping) else value for value in values]
    parts: dict[str, bytes | None] = {"plain": marshal.dumps([*values, plain(ledger.marks.world)], 4)}
    was, now = _large(before), _large(ledger)
    known = dict(before.patched)
    for name in _LARGE:
        old, new, patched = was[name], now[name], before.patched.get(name)
        changed = {key for key, value in new.items() if old.get(key) != value} | (old.keys() - new.keys())
        if patched is not None and not changed:
            continue
        touched = changed.union(patched or ())
        if patched is None or len(touched) > 100 + len(new) // _SHARE:
            parts |= {name: marshal.dumps(dict(new), 4), _patch(name): None}
            known[name] = frozenset()
        else:
            known[name] = frozenset(touched)
            there = {key: new[key] for key in touched if key in new}
            parts[_patch(name)] = marshal.dumps((there, list(touched - there.keys())), 4)
    return parts, known


def loads(part: Callable[[str], bytes | None]) -> Ledger:
    """A kept ledger, whose parts are asked for by name; an empty one where there is none, or where it makes no
    sense."""
    data = part("plain")
    if data is None:
        return Ledger(marks=NOTHING, settled=UNTOLD)
    try:
        *values, world = marshal.loads(data)  # noqa: S302  # our own bytes: `State` checked their digest
        kept = dict(zip(_PLAIN, values, strict=True))
        large: dict[str, dict[str, Any]] = {}
        patched: dict[str, frozenset[str]] = {}
        for name in _LARGE:
            found = large[name] = marshal.loads(part(name) or b"")  # noqa: S302  # likewise
            patch = part(_patch(name))
            there, gone = marshal.loads(patch) if patch else ({}, [])  # noqa: S302  # likewise
            found.update(there)
            for key in gone:
                found.pop(key, None)
            patched[name] = frozenset([*there, *gone])
        return Ledger(
            **kept,
            files=large["files"],
            marks=Remembered(large["marks"], world_of(world)),
            settled=Told(large["settled"]),
            patched=patched,
        )
    except (ValueError, EOFError, TypeError, AttributeError):
        return Ledger(marks=NOTHING, settled=UNTOLD)


def _large(ledger: Ledger) -> dict[str, Mapping[str, Any]]:
    return {"files": ledger.files, "marks": ledger.marks.plain, "settled": ledger.settled.plain}


def _patch(name: str) -> str:
    return name + "+"


def profile(output: str, base_url: str, *, drafts: bool, future: bool) -> bytes:
    """The name of a profile; `output` is the real path of its folder."""
    return digest(repr((output, base_url, drafts, future)).encode("utf-8", "surrogateescape"))
