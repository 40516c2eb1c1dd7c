"""What there is to tell of a build that made something (history.py): what it found changed, and what it made again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import fields
from typing import Any

from broadsheet import basis, history, marks, ranks
from broadsheet.archive import Archive
from broadsheet.catalog import Catalog, Status
from broadsheet.errors import DamagedError
from broadsheet.history import NEW, QUIET, REMOVED, Change, Edits, Event
from broadsheet.keyed import Some
from broadsheet.ledger import KEY, Ledger
from broadsheet.memo import Memo
from broadsheet.model import Article
from broadsheet.rows import Row
from broadsheet.sources import Source
from broadsheet.state import State

_MANY = 200  # sources that have changed at once: of more it is not told what is different in each
_COLUMNS = (marks.OWN, marks.HEADLINE, marks.CARD, marks.ENTRY)
ELSEWHERE = "what it takes from elsewhere: names, links, pictures, translations, the hour of an update"

OFF: Mapping[Status, str] = {
    "draft": "it is a draft",
    "embargoed": "its embargo lies ahead",
    "scheduled": "its date lies ahead",
    "never": "it expires before it comes out",
    "expired": "it has expired",
    "withdrawn": "it was withdrawn",
}


# --- sources -------------------------------------------------------------------------------------------------------


def noted(kept: State, memo: Memo, before: Mapping[str, Row], archive: Archive) -> bytes:
    """What is kept of edits, with those that `memo` has just read. `before` are the rows of then, whose records are
    still there; `archive` holds those of now."""
    data = kept.meta(history.EDITS) or b""
    if not memo.changed:
        return data
    few = len(memo.parsed) + len(memo.gone) <= _MANY
    edits = dict(_edits(memo, before, archive)) if few else None
    return history.edits_noted(data, kept.meta("told") or b"", edits)


def _edits(memo: Memo, before: Mapping[str, Row], archive: Archive) -> Iterator[tuple[str, str]]:
    yield from dict.fromkeys(memo.gone, REMOVED).items()
    for path in memo.parsed:
        was, now = before.get(path), archive.rows[path]
        if was is None:
            yield path, NEW
            continue
        detail = ""
        with suppress(DamagedError):  # no build needs what is told here
            one, other = archive.load(was.number), archive.load(now.number)
            if one == other:
                continue
            if isinstance(one, Source) and isinstance(other, type(one)):
                detail = ", ".join(differences(one, other)) or QUIET
        yield path, detail


def differences(before: Source, now: Source) -> Iterator[str]:
    """The keys of a source's front matter that say something else, and the text. Both are of the same kind."""
    for field in fields(type(before.matter)):
        if field.name != "marks" and getattr(before.matter, field.name) != getattr(now.matter, field.name):
            yield field.name
    if _body(before) != _body(now):
        yield "text"


def _body(source: Source) -> bytes:
    return source.body if isinstance(source, Article) else source.text.body


def changes(
    stories: Mapping[str, tuple[Any, Any]], edits: Edits | None, catalog: Catalog, *, anew: bool
) -> dict[str, Change]:
    """What became of `stories` (path -> what is remembered of it, `marks.Told`, and what it shows: None for one that
    has no page) and of the other sources since the last build; `edits` is what was different in sources since then, as
    far as that is known. `anew`: what stories show can't be compared with what they showed."""
    found: dict[str, Change] = {path: ("source", detail, "") for path, detail in (edits or {}).items()}
    for path, (was, now) in stories.items() if not anew else ():
        known, edited = edits is not None, (edits or {}).get(path)
        alone = known and edited is None  # what became of it came by itself
        if now is None:
            off = catalog.hidden.get(path) or ("withdrawn" if path in catalog.page_of else None)
            found[path] = ("time" if alone and off else "story", OFF[off] if off else REMOVED, "")
        elif was is None:
            here = edited if edited == NEW else "it is on the site now"
            found[path] = ("time", "its hour has come", history.MARKS) if alone else ("story", here, history.MARKS)
        else:
            others = [mark for mark, n in zip(history.MARKS, _COLUMNS, strict=True) if was[n] != now[n]]
            found[path] = ("story", ELSEWHERE if alone else edited or "", "".join(others))
    return found


# --- builds --------------------------------------------------------------------------------------------------------


def event(
    before: Ledger,
    now: Ledger,
    made: Some,
    changed: Mapping[str, Change],
    ranking: ranks.Result,
    *,
    full: bool,
    whole: bool,
) -> Event | None:
    """What there is to tell of a build; nothing of one that made nothing. `before` is what the last one left, and `now`
    what this one leaves, which `made` some files; `changed` is what became of sources. `full`: asked to make
    everything; `whole`: the files that were there were as they had been put."""
    if not made.paths:
        return None
    if full or not before.files:
        return Event(at=now.at, parts=(history.FULL if full else history.START,))
    named, many = changed, 0
    if len(named) > _MANY:
        named = {path: change for path, change in named.items() if change[0] != "source"}
    if len(named) > _MANY:
        named, many = {}, len(changed)
    theme = basis.changed(before.templates, now.templates) if before.theme != now.theme else []
    others = [name for name, closure in now.closures.items() if theme and before.closures.get(name) != closure]
    if before.base != now.base:
        parts = tuple(basis.changed(before.basis, now.basis))
        return Event(at=now.at, parts=parts, theme=tuple(theme), templates=tuple(others), changes=named, many=many)
    paths = frozenset(made.not_made_with(*others).paths)
    were = before.files.some(KEY, paths)
    keys = {} if whole else now.files.some(KEY, paths)
    repaired = frozenset([path for path, key in were.items() if keys.get(path) == key])
    return Event(
        at=now.at,
        theme=tuple(theme),
        templates=tuple(others),
        changes=named,
        many=many,
        choices={} if ranking.anew else _choices(before, now, frozenset(ranking.again)),
        new=tuple(sorted(paths - were.keys())),
        repaired=tuple(sorted(repaired)),
        files=tuple(sorted(were.keys() - repaired)),
    )


def _choices(before: Ledger, now: Ledger, again: frozenset[str]) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Which stories, of those that were ranked again, recommend others than before: which ones since, and which no
    longer."""
    was, chosen = (ledger.settled.table.some(ranks.CHOSEN, again) for ledger in (before, now))
    return {
        path: (tuple([p for p in new if p not in old]), tuple([p for p in old if p not in new]))
        for path, new in chosen.items()
        if (old := was.get(path)) is not None and old != new
    }
