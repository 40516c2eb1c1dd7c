"""What there is to tell of a build that made something (history.py): what it found changed, and what it made again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import fields

from broadsheet import basis, history, ranks
from broadsheet.archive import Archive
from broadsheet.catalog import Status
from broadsheet.errors import DamagedError
from broadsheet.history import Change, Event
from broadsheet.keyed import Some
from broadsheet.ledger import KEY, Ledger
from broadsheet.model import Article, StoryMatter
from broadsheet.rows import Row

_EDITS = 200  # sources of which it is told what is different in them; of more at once it isn't

OFF: Mapping[Status, str] = {
    "draft": "it is a draft",
    "embargoed": "its embargo lies ahead",
    "scheduled": "its date lies ahead",
    "expired": "it has expired",
    "withdrawn": "it was withdrawn",
}
REMOVED = "it was removed, or renamed"
LEFT = frozenset({*OFF.values(), REMOVED})  # what is told of stories that are no longer on the site


def edits(changed: Collection[str], before: Mapping[str, Row], archive: Archive) -> dict[str, str]:
    """What some sources say that they didn't say before, in words. `before` are their rows of then, whose records are
    still there; `archive` holds those of now."""
    found: dict[str, str] = {}
    for path in changed if len(changed) <= _EDITS else ():
        was, now = before.get(path), archive.rows.get(path)
        if now is None or (was is not None and was.number == now.number):  # gone, or only touched
            continue
        found[path] = "it is new" if was is None else _edited(archive, was.number, now.number)
    return found


def _edited(archive: Archive, was: int, now: int) -> str:
    """What is different in a story; nothing in words for another source, or where what was kept is damaged: no build
    needs it."""
    with suppress(DamagedError):
        before, after = archive.load(was), archive.load(now)
        if isinstance(before, Article) and isinstance(after, Article):
            return ", ".join(differences(before, after))
    return ""


def differences(before: Article, now: Article) -> Iterator[str]:
    """The keys of a story's front matter that say something else, and the text."""
    for field in fields(StoryMatter):
        if field.name != "marks" and getattr(before.matter, field.name) != getattr(now.matter, field.name):
            yield field.name
    if before.body != now.body:
        yield "text"


def changes(
    stories: Mapping[str, tuple[object, object]],
    edited: Mapping[str, str],
    hidden: Mapping[str, Status],
    *,
    whole: bool,
) -> dict[str, Change]:
    """What became of `stories` (path -> what it showed, and what it shows: None for one that is not on the site), and
    of the other sources that were `edited`. `hidden` are those held back, and why. `whole`: all edits since the last
    build are among these, so that what else has changed came by itself."""
    found: dict[str, Change] = {path: ("source", detail) for path, detail in edited.items()}
    for path, (was, now) in stories.items() if len(stories) <= _EDITS else ():
        alone = whole and path not in edited
        if now is None:
            off = hidden.get(path)
            found[path] = ("time" if alone and off else "story", OFF[off] if off else REMOVED)
        elif was is None:
            found[path] = (
                ("time", "its hour has come") if alone else ("story", edited.get(path, "it is on the site now"))
            )
        else:
            found[path] = ("story", edited.get(path) or "what it names or links to, or the hour of an update")
    return found


def event(
    before: Ledger,
    now: Ledger,
    made: Some,
    changed: Mapping[str, Change],
    sources: int,
    ranking: ranks.Result,
    *,
    full: bool,
    whole: bool,
) -> Event | None:
    """What there is to tell of a build; nothing of one that made nothing. `before` is what the last one left, and `now`
    what this one leaves, which `made` some files; `changed` is what became of sources, of which `sources` were not as
    they had been. `full`: asked to make everything; `whole`: the files that were there were as they had been put."""
    if not made.paths:
        return None
    if full or not before.files:
        return Event(at=now.at, parts=(history.FULL if full else history.START,))
    theme = basis.changed(before.templates, now.templates) if before.theme != now.theme else []
    if before.base != now.base:
        return Event(at=now.at, parts=tuple(basis.changed(before.basis, now.basis)), theme=tuple(theme))
    others = [name for name, closure in now.closures.items() if theme and before.closures.get(name) != closure]
    paths = frozenset(made.not_made_with(*others).paths)
    repaired = frozenset() if whole else _same(before, now, paths)
    return Event(
        at=now.at,
        theme=tuple(theme),
        templates=tuple(others),
        changes=changed,
        sources=sources,
        choices={} if ranking.anew else _choices(before, now, frozenset(ranking.again)),
        repaired=tuple(sorted(repaired)),
        files=tuple(sorted(paths - repaired)),
    )


def _same(before: Ledger, now: Ledger, paths: frozenset[str]) -> frozenset[str]:
    """The files that were made from what they had been made from."""
    old, new = before.files.some(KEY, paths), now.files.some(KEY, paths)
    return frozenset([path for path, key in old.items() if new.get(path) == key])


def _choices(before: Ledger, now: Ledger, again: frozenset[str]) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Which stories, of those that were ranked again, recommend others than before: which ones since, and which no
    longer."""
    was, chosen = (ledger.settled.table.some(ranks.CHOSEN, again) for ledger in (before, now))
    return {
        path: (tuple([p for p in new if p not in old]), tuple([p for p in old if p not in new]))
        for path, new in chosen.items()
        if (old := was.get(path)) is not None and old != new
    }
