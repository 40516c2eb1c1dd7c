"""Why a file was made the last time: what had changed for the build that made it, as far as the file shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from broadsheet import causes, history, plan
from broadsheet.causes import SHOWN_OF_OTHERS, Cause
from broadsheet.chronicle import ELSEWHERE
from broadsheet.codec import moment
from broadsheet.history import MARKS, NEW, Event
from broadsheet.ledger import DIGEST
from broadsheet.model import Planned
from broadsheet.output import Output
from broadsheet.past import Evidence
from broadsheet.reasons import Reason, is_read, of_parts, recommends
from broadsheet.shown import holds, place_names, texts

_ADDRESS = frozenset({"slug", "url", "date", "region"})  # keys that give a story its address
_COME = (NEW, "it is on the site now", "its hour has come")
_ARTICLE = "article.html"


def last_made(now: Evidence, page: Planned, target: Output) -> tuple[datetime | None, tuple[Reason, ...]]:
    """When the file of a page was made the last time (by the build's clock), and why; nothing where that is not known
    any more, or another build has put a file in its place."""
    known = now.before.files.get(page.path)
    if known is None or target.old.get(page.path) != known[DIGEST].hex():
        return None, ()
    event = history.last(now.events, page.path, page.template)
    if event is None:
        return None, ()
    zone = ZoneInfo(now.catalog.settings.site.timezone)
    return moment(event.at, zone), tuple(dict.fromkeys(_reasons(event, page, now)))


def _reasons(event: Event, page: Planned, now: Evidence) -> Iterator[Reason]:
    if page.path in event.repaired:
        yield Reason(kind="output", name=page.path, detail="the file was lost, or another one than had been made")
        return
    base = of_parts(event.parts)
    found = [*filter(is_read, base), *_of_theme(event, page, now), *_of_choice(event, page)]
    found += _of_changes(event, page, now)
    if page.path in event.new:
        others = [reason for reason in found if (reason.name, reason.detail) != (page.source, NEW)]
        found = [Reason(kind="new", name=page.source), *others]
    found = found or base
    if not found and page.template in (plan.COPY, plan.PICTURE):
        kind = "file" if page.template == plan.COPY else "picture"
        found.append(Reason(kind=kind, name=page.source, detail="its bytes"))
    elif not found and event.many:
        found.append(Reason(kind="many", name=f"{event.many:,}"))
    yield from found or [Reason(kind="list", name=page.source, detail="what it lists, or in which order")]


def _of_theme(event: Event, page: Planned, now: Evidence) -> Iterator[Reason]:
    if page.template in event.templates:
        used = now.closures.files(page.template)
        # A template chosen when a page is made may be any: then one that is gone counts, and no page names it.
        for name in [name for name in event.theme if name in used] or event.theme:
            yield Reason(kind="template", name=name)


def _of_choice(event: Event, page: Planned) -> Iterator[Reason]:
    if page.source in event.choices and page.template == _ARTICLE:
        yield recommends(page.source, *event.choices[page.source])


def _of_changes(event: Event, page: Planned, now: Evidence) -> Iterator[Reason]:
    """The sources that had changed, of those that the page is made from, or of which it shows what had."""
    names = place_names(page.template)
    for path, (_, detail, others) in event.changes.items():
        found = _causes(event, path, now)
        if path == page.source:
            yield from _told(found, "story" if page.template == _ARTICLE else "")
            continue
        marks = now.marks.of.get(path)
        if marks is None or not others:
            continue
        by_letter = dict(zip(MARKS, (marks.own, marks.headline, marks.card, marks.entry), strict=True))
        told = [by_letter[letter] for letter in others]
        places = [n for n, shown in enumerate(page.shown) if any(holds(shown, mark) for mark in told)]
        for n in places:
            yield from _told(found, names[n] if n < len(names) else "stories")
        if not places and len(page.shown) == 1 and _leads(page, path, detail, others, now):
            yield from _told(found, "")


def _told(causes: Iterable[Cause], place: str) -> Iterator[Reason]:
    return (Reason(**cause._asdict(), place=place) for cause in causes)


def _causes(event: Event, path: str, now: Evidence) -> list[Cause]:
    """What had changed about a source; where it was itself as it had been, what it takes from elsewhere, as far as that
    is known."""
    kind, detail, _ = event.changes[path]
    own, article = Cause(kind, path, detail), now.catalog.page_of.get(path)
    if detail != ELSEWHERE or article is None:
        return [own]
    named = [*causes.authors(now.marks, article), *causes.region(now.marks, article)]
    others = [other for other in named if not SHOWN_OF_OTHERS.isdisjoint(_details(event, other))]
    others += [other for _, other, _ in sorted(causes.translations(now.marks, article)) if _moved(event, other)]
    return [Cause(event.changes[other][0], other, event.changes[other][1]) for other in others] or [own]


def _details(event: Event, path: str) -> list[str]:
    return event.changes[path][1].split(", ") if path in event.changes else []


def _moved(event: Event, path: str) -> bool:
    """Whether a story may have come, or have another address."""
    _, detail, others = event.changes.get(path, ("", "", ""))
    return others == MARKS and (detail in _COME or not _ADDRESS.isdisjoint(detail.split(", ")))


def _leads(page: Planned, path: str, detail: str, others: str, now: Evidence) -> bool:
    """Whether a page that is compared as a whole leads to a story whose address may be another one since."""
    if others != MARKS or (detail and _ADDRESS.isdisjoint(detail.split(", "))):
        return False
    base, article = now.marks.views.base, now.catalog.page_of[path]
    return not {base.absolute(article.url), base.href(article.url)}.isdisjoint(texts(page.make().context))
