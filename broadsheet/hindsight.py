"""Why a file was made the last time: what had changed for the build that made it, as far as the file shows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from broadsheet import history, plan
from broadsheet.chronicle import LEFT
from broadsheet.codec import moment
from broadsheet.history import Event
from broadsheet.model import Planned
from broadsheet.past import Evidence
from broadsheet.reasons import Reason
from broadsheet.shown import holds, place_names, texts

_MOST = 3  # stories that are named


def last_made(now: Evidence, page: Planned) -> tuple[datetime | None, tuple[Reason, ...]]:
    """When the file of a page was made the last time (by the build's clock), and why; nothing where that is not known
    any more."""
    event = history.last(now.events, page.path, page.template)
    if event is None:
        return None, ()
    zone = ZoneInfo(now.catalog.settings.site.timezone)
    return moment(event.at, zone), tuple(dict.fromkeys(_reasons(event, page, now)))


def _reasons(event: Event, page: Planned, now: Evidence) -> Iterator[Reason]:
    if event.parts:
        yield from (_of_part(part) for part in event.parts)
        return
    if page.path in event.repaired:
        yield Reason(kind="output", name=page.path, detail="the file was lost, or another one than had been made")
        return
    found = [*_of_theme(event, page, now), *_of_files(page), *_of_choice(event, page), *_of_changes(event, page, now)]
    yield from found
    if not found and event.sources > len(event.changes):
        yield Reason(kind="many", name=f"{event.sources:,}")
    elif not found:
        left = [path for path, (_, detail) in event.changes.items() if detail in LEFT]
        more = f" ({', '.join(left[:_MOST])}{' and others' if len(left) > _MOST else ''} left the site)" if left else ""
        yield Reason(kind="list", name=page.source, detail=f"what it lists, or in which order{more}")


def _of_part(part: str) -> Reason:
    """A part of what every page depends on, as basis.py names it."""
    kind, _, name = part.partition(" ")
    return Reason(kind=kind, name=name)


def _of_theme(event: Event, page: Planned, now: Evidence) -> Iterator[Reason]:
    if page.template in event.templates:
        used = now.closures.files(page.template)
        # A template chosen when a page is made may be any: then one that is gone counts, and no page names it.
        for name in [name for name in event.theme if name in used] or event.theme:
            yield Reason(kind="template", name=name)


def _of_files(page: Planned) -> Iterator[Reason]:
    """Of what is published and no page, its bytes are all that can have changed."""
    if page.template in (plan.COPY, plan.PICTURE):
        yield Reason(kind="file" if page.template == plan.COPY else "picture", name=page.source, detail="its bytes")


def _of_choice(event: Event, page: Planned) -> Iterator[Reason]:
    if page.source in event.choices and page.template == "article.html":
        come, gone = event.choices[page.source]
        words = [f"now {', '.join(come)}"] if come else []
        words += [f"no longer {', '.join(gone)}"] if gone else []
        detail = "; ".join(words) or "another order"
        yield Reason(kind="recommended", name=page.source, detail=detail, place="Recommended")


def _of_changes(event: Event, page: Planned, now: Evidence) -> Iterator[Reason]:
    """The sources that had changed, of those that the page is made from, or shows."""
    names = place_names(page.template)
    for path, (kind, detail) in event.changes.items():
        if path == page.source:
            yield Reason(kind=kind, name=path, detail=detail, place=names[0] if page.template == "article.html" else "")
            continue
        marks = now.marks.of.get(path)
        if marks is None:
            continue
        told = (marks.own, marks.headline, marks.card, marks.entry)
        places = [n for n, shown in enumerate(page.shown) if any(holds(shown, mark) for mark in told)]
        for n in places:
            yield Reason(kind=kind, name=path, detail=detail, place=names[n] if n < len(names) else "stories")
        if not places and len(page.shown) == 1 and _names(page, path, now):
            yield Reason(kind=kind, name=path, detail=detail)


def _names(page: Planned, path: str, now: Evidence) -> bool:
    """Whether a page that is compared as a whole holds the address of a story."""
    base, article = now.marks.views.base, now.catalog.page_of[path]
    return not {base.absolute(article.url), base.href(article.url)}.isdisjoint(texts(page.make().context))
