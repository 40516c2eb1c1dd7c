"""Why a file of the site has to be made, written or deleted: which input has changed since the last build.

A reason is told only where it is known: from digests that the last build kept, or from its plan made once more (past).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cached_property

from broadsheet import basis, plan
from broadsheet.causes import Causes
from broadsheet.chronicle import OFF
from broadsheet.frozen import record
from broadsheet.history import NEW, REMOVED
from broadsheet.model import Planned
from broadsheet.output import Output
from broadsheet.pages import OF_BASE
from broadsheet.past import Evidence, Past, recalled
from broadsheet.shown import chunks, different, place_names, texts
from broadsheet.state import DamagedError
from broadsheet.walking import pack


@record
class Reason:
    """One input that has changed. `kind` is "start", "full", "toolchain", "setting", "strings", "language", "site",
    "template", "story", "source", "list", "recommended", "picture", "file", "time", "new", "gone", "output", "many" or
    "damaged"; `name` what it is about (a path, a setting); `detail` what is different about it; `place` where the page
    shows it."""

    kind: str
    name: str = ""
    detail: str = ""
    place: str = ""


_OF_ONE_SOURCE = ("article.html", "withdrawn.html", "page.html", "redirect.html")  # all others list something
_FOLLOWING = ("list",)
_LISTED = ("stories", "counts", "links")  # what a page shows of others than its source
_OF_SOURCES = ("nav", "regions", "publisher")  # what every page shows of the site that not only settings tell


class Reasons:
    """The reasons of one build. `target` is its output folder."""

    def __init__(self, now: Evidence, target: Output) -> None:
        self._now = now
        self._target = target
        self._ledger = now.before

    @cached_property
    def past(self) -> Past | None:
        try:
            return recalled(self._now)
        except DamagedError:
            return None

    # --- files -------------------------------------------------------------------------------------------------

    def of(self, page: Planned) -> tuple[Reason, ...]:
        """Why a file has to be made; nothing where it is as it was."""
        try:
            return self._made(page)
        except DamagedError:  # of what no build needs: what it does is known, if not why
            return (Reason(kind="damaged"),)

    def gone(self, path: str) -> tuple[Reason, ...]:
        """Why a file of the last build is deleted."""
        try:
            return self._deleted(path)
        except DamagedError:
            return (Reason(kind="damaged"),)

    def _made(self, page: Planned) -> tuple[Reason, ...]:
        if self._beginning:
            return self._beginning
        known = self._ledger.files.get(page.path)
        if known is None:
            return self._new(page)
        found: list[Reason] = []
        if known[0] != self._now.keys[page.path]:
            found += self._changed(page)
        found += self._meddled(page.path)
        return tuple(dict.fromkeys(found))

    @cached_property
    def _beginning(self) -> tuple[Reason, ...]:
        """Why every file is made: nobody looks at what the last build left, or nothing is left of one."""
        if self._now.full:
            return (Reason(kind="full"),)
        return () if self._ledger.files else (Reason(kind="start"),)

    def _deleted(self, path: str) -> tuple[Reason, ...]:
        page = self.past.maker(path) if self.past else None
        if page is not None:
            return tuple(self._unmade(page))
        kind, source = self._claimed.get(path, ("gone", ""))
        if off := source and self._off(source):
            return (*self._beginning, Reason(kind=kind, name=source, detail=off))
        return (*self._beginning, *self._of_base(), Reason(kind="gone"))

    @cached_property
    def _claimed(self) -> Mapping[str, tuple[str, str]]:
        """The file that each source has, or would have if it were on the site -> kind and path of the source."""
        catalog = self._now.catalog
        pages = {_file(page.url): ("source", page.path) for page in catalog.sources.pages}
        every = zip(catalog.every.path, catalog.every.url, strict=True)
        return pages | {_file(url): ("story", path) for path, url in every}

    def _unmade(self, page: Planned) -> Iterator[Reason]:
        """Why nobody makes a file that the last build made. Its plan was made once more with the settings of now: so
        these aren't why, but where they give a source another address, or a picture other sizes."""
        if page.template == plan.PICTURE:
            yield from self._of_base()
            yield Reason(kind="picture", name=page.source, detail="no page shows this version of it")
        elif page.template == plan.COPY:
            yield from self._of_base()
            yield Reason(kind="file", name=page.source, detail="it is gone, or no page links to it")
        elif page.template not in _OF_ONE_SOURCE:
            yield Reason(kind="gone", name=page.source, detail="there is nothing to list any more")
        else:
            yield from self._removed(page)

    def _removed(self, page: Planned) -> Iterator[Reason]:
        """Why a source no longer has a page at some address."""
        path, catalog = page.source, self._now.catalog
        plain = next((source for source in catalog.sources.pages if source.path == path), None)
        kind = "source" if self.past and path in self.past.plain else "story"
        if off := self._off(path):
            yield Reason(kind="time" if off != REMOVED and self._causes.waited(path) else kind, name=path, detail=off)
        elif page.template == "redirect.html":
            yield Reason(kind=kind, name=path, detail="it names this address no longer (aliases)")
        else:
            url = plain.url if plain else catalog.page_of[path].url
            yield from self._of_base()
            yield Reason(kind=kind, name=path, detail=f"its address is {url} now")

    def _off(self, path: str) -> str:
        """Why a source has no page of its own on the site; "" where it has one."""
        catalog = self._now.catalog
        if path not in self._now.rows:
            return REMOVED
        page = next((page for page in catalog.sources.pages if page.path == path), None)
        return OFF.get(catalog.status_of(page) if page else catalog.hidden.get(path, "public"), "")

    def _new(self, page: Planned) -> tuple[Reason, ...]:
        story = self.story(page.source)
        if NEW in [reason.detail for reason in story if reason.name == page.source]:
            return (Reason(kind="new", name=page.source),)
        return (*self._of_base(), Reason(kind="new", name=page.source), *story)

    def _meddled(self, path: str) -> Iterator[Reason]:
        """What became of a published file since."""
        _, told, stamp = self._ledger.files[path]
        old = self._target.old.get(path)
        if old is None:
            yield Reason(kind="output", name=path, detail="another build has taken it away since")
        elif old != told.hex():
            yield Reason(kind="output", name=path, detail="another build has published it since")
        else:
            found = self._now.files.stamp(os.path.join(self._target.folder, path))
            if not found:
                yield Reason(kind="output", name=path, detail="the file is lost")
            elif pack(found) != stamp:
                yield Reason(kind="output", name=path, detail="the file was changed or touched")

    # --- keys --------------------------------------------------------------------------------------------------

    def _changed(self, page: Planned) -> Iterator[Reason]:
        """Which parts of a page's key are other ones: of what every page depends on, what no page reads is told only
        where nothing else is."""
        around = [*self._of_base(), *self._of_theme(page.template)]
        own: list[Reason] = []
        if page.template == plan.COPY:
            if page.shown[0] != self._ledger.files[page.path][1]:  # published as it is: both are digests of its bytes
                own, around = [Reason(kind="file", name=page.source, detail="its bytes")], []
        elif page.template == plan.PICTURE:
            own = [] if around else [Reason(kind="picture", name=page.source, detail="its bytes")]
        else:
            own = list(self._of_shown(page, certain=not around))
        yield from [*filter(is_read, around), *own] or around

    def _of_base(self) -> list[Reason]:
        if self._ledger.base == self._now.base or not self._ledger.basis:
            return []
        return of_parts(basis.changed(self._ledger.basis, self._now.basis))

    def _of_theme(self, template: str) -> Iterator[Reason]:
        """The templates that are other ones, of those that a page is made with."""
        if template == plan.PICTURE or self._ledger.closures.get(template) == self._now.closures.of(template):
            return
        changed = basis.changed(self._ledger.templates, basis.theme(self._now.theme))
        used = self._now.closures.files(template)
        # A template chosen when a page is made may be any: then one that is gone counts, and no page names it.
        for name in [name for name in changed if name in used] or changed:
            yield Reason(kind="template", name=name)

    def _of_shown(self, page: Planned, *, certain: bool) -> Iterator[Reason]:
        """What a page shows that is other than it was. `certain`: something is."""
        before = self.past.page(page.path) if self.past else None
        found = list(self._compared(before, page) if before else self._as_shown(page))
        # Where stories came or went, counts and the rest of a list follow from that.
        yield from [reason for reason in found if reason.kind not in _FOLLOWING] or found
        if certain and not found:
            yield Reason(kind="list", name=page.source, detail="what it lists, or in which order")

    def _compared(self, before: Planned, page: Planned) -> Iterator[Reason]:
        if before.template != page.template:  # what they show is not to be compared
            kind = "source" if page.source in self._now.rows else "list"
            yield Reason(kind=kind, name=page.source, detail=f"it is made with {page.template}")
            return
        if len(page.shown) == 1:
            if before.shown != page.shown:
                yield from self._contexts(before, page)
            return
        names = place_names(page.template)
        for n in range(max(len(before.shown), len(page.shown))):
            old, new = (shown[n] if n < len(shown) else None for shown in (before.shown, page.shown))
            if old != new:
                place = names[n] if n < len(names) else names[-1] if names else "contents"
                yield from self._value(page, place, old, new)

    def _value(self, page: Planned, place: str, old: object, new: object) -> Iterator[Reason]:
        """Why one thing that a page shows is another one."""
        moved = set(chunks(old)) ^ set(chunks(new))
        stories = list(dict.fromkeys(self._moved[c] for c in chunks(new) if c in moved & self._moved.keys()))
        stories += [path for c in chunks(old) if c in moved and (path := self._moved.get(c)) and path not in stories]
        if place == "Recommended":
            yield from self._choice(page.source)
        for path in stories:
            yield from self.story(path, place)
        if not stories and place != "Recommended":
            kind = "source" if page.source in self._now.rows and not place.startswith(_LISTED) else "list"
            yield Reason(kind="time" if self._causes.quiet else kind, name=page.source, detail=place)

    def _choice(self, path: str) -> Iterator[Reason]:
        """Which other stories a story recommends than before."""
        before = self._ledger.settled.get(path)
        index = self._now.catalog.index.get(path)
        now = self._now.ranking.settled[path].chosen if index is not None else ()
        was = before.chosen if before else ()
        if now != was:
            yield recommends(path, [p for p in now if p not in was], [p for p in was if p not in now])

    def _contexts(self, before: Planned, page: Planned) -> Iterator[Reason]:
        """Why a page that is named by the digest of its context has another one."""
        old, new = before.make().context, page.make().context
        words = set(texts(old)) ^ set(texts(new))
        stories = [path for path, own in self._words.items() if words & own]
        for path in stories:
            yield from self.story(path, page.source)
        if not stories:
            names = ", ".join([name for name in different(old, new) if name.partition(".")[0] not in OF_BASE])
            kind = "source" if page.source in self._now.rows else "list"
            yield Reason(kind="time" if self._causes.quiet else kind, name=page.source, detail=names)

    def _as_shown(self, page: Planned) -> Iterator[Reason]:
        """The stories that a page shows, of those that have changed: all that is known where the past isn't."""
        for path in dict.fromkeys(self._moved[c] for c in chunks(page.shown) if c in self._moved):
            yield from self.story(path)
        yield from self._choice(page.source) if page.template == "article.html" else ()

    # --- stories -----------------------------------------------------------------------------------------------

    def story(self, path: str, place: str = "") -> list[Reason]:
        """What has changed about a story since the last build, or about what it takes from elsewhere; nothing where
        it is as it was."""
        return [Reason(**cause._asdict(), place=place) for cause in self._causes.of(path)]

    @cached_property
    def _causes(self) -> Causes:
        return Causes(self._now, self.past)

    @cached_property
    def _moved(self) -> dict[bytes, str]:
        """The marks that came or went since the last build -> path of the story."""
        found: dict[bytes, str] = {}
        before, now = self._ledger.marks, self._now.marks.of
        for path in {*before, *now}:
            old, new = before.get(path), now.get(path)
            if old != new:
                values = [tuple(getattr(m, f.name) for f in fields(m)) if m else () for m in (old, new)]
                found.update(dict.fromkeys(set(values[0]) ^ set(values[1]), path))
        return found

    @cached_property
    def _words(self) -> dict[str, set[str]]:
        """What tells the changed stories in a context: path -> addresses and titles, of then and of now."""
        found: dict[str, set[str]] = {}
        base = self._now.marks.views.base
        for path in sorted(set(self._moved.values())):
            then = self.past.story(path) if self.past else None
            for article in (then, self._now.catalog.page_of.get(path)):
                if article is not None:
                    words = found.setdefault(path, set())
                    words |= {base.absolute(article.url), base.href(article.url), article.matter.title}
        return found


def of_parts(parts: Sequence[str]) -> list[Reason]:
    """The parts of what every page depends on (basis.py) that are other ones, without those that follow from others."""
    found = [Reason(kind=kind, name=name) for kind, _, name in (part.partition(" ") for part in parts)]
    settings = [reason.name for reason in found if reason.kind == basis.SETTING]
    around = {name for name in settings if any(other.startswith(f"{name}.") for other in settings)}
    follows = any(is_read(reason) for reason in found if reason.kind == basis.SETTING)
    return [
        reason
        for reason in found
        if not (reason.kind == basis.SETTING and reason.name in around)  # what is in it says more
        and (reason.kind != basis.SITE or reason.name in _OF_SOURCES or not follows)
    ]


def is_read(reason: Reason) -> bool:
    """Whether a page may hold other bytes for that reason: some settings are read by builds alone."""
    return reason.kind != basis.SETTING or basis.is_read(reason.name)


def recommends(path: str, come: Sequence[str], gone: Sequence[str]) -> Reason:
    """That a story recommends others than before: which ones since, and which no longer."""
    words = [f"now {', '.join(come)}"] if come else []
    words += [f"no longer {', '.join(gone)}"] if gone else []
    return Reason(kind="recommended", name=path, detail="; ".join(words) or "another order", place="Recommended")


def _file(url: str) -> str:
    return url.removeprefix("/") + ("index.html" if url.endswith("/") else "")
