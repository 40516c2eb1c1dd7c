"""Why a file of the site has to be made, written or deleted: which input has changed since the last build.

A reason is told only where it is known: from digests that the last build kept, or from its plan made once more (past).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import cached_property

from broadsheet import basis, plan
from broadsheet.causes import Causes
from broadsheet.chronicle import OFF
from broadsheet.frozen import record
from broadsheet.history import NEW
from broadsheet.model import Planned
from broadsheet.output import Output
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
        if self._now.full:
            return (Reason(kind="full"),)
        if not self._ledger.files:
            return (Reason(kind="start"),)
        known = self._ledger.files.get(page.path)
        if known is None:
            return self._new(page)
        found: list[Reason] = []
        if known[0] != self._now.keys[page.path]:
            found += self._changed(page)
        found += self._meddled(page.path)
        return tuple(dict.fromkeys(found))

    def _deleted(self, path: str) -> tuple[Reason, ...]:
        found = self._of_base()
        past = self.past
        page = past.maker(path) if past else None
        if page is None:
            article = next((a for a in self._now.catalog.sources.articles if _file(a.url) == path), None)
            off = self._now.catalog.hidden.get(article.path) if article else None
            last = Reason(kind="story", name=article.path, detail=OFF[off]) if article and off else None
            return (*found, last or Reason(kind="gone"))
        if page.template == plan.PICTURE:
            found.append(Reason(kind="picture", name=page.source, detail="no page shows this version of it"))
        elif page.template == plan.COPY:
            found.append(Reason(kind="file", name=page.source, detail="it is gone, or no page links to it"))
        elif page.source in self._ledger.marks:
            article = self._now.catalog.page_of.get(page.source)
            if page.template == "redirect.html" and article is not None:
                found.append(Reason(kind="story", name=page.source, detail="it names this address no longer (aliases)"))
            elif article is None or article.path not in self._now.marks.of:
                found += self.story(page.source) or [Reason(kind="gone", name=page.source)]
            else:
                found.append(Reason(kind="story", name=page.source, detail=f"its address is {article.url} now"))
        else:
            found.append(Reason(kind="gone", name=page.source, detail="there is nothing to list any more"))
        return tuple(found)

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
        """Which parts of a page's key are other ones."""
        found = [*self._of_base(), *self._of_theme(page.template)]
        yield from found
        if page.template == plan.COPY:
            if page.shown[0] != self._ledger.files[page.path][1]:  # published as it is: both are digests of its bytes
                yield Reason(kind="file", name=page.source, detail="its bytes")
        elif page.template == plan.PICTURE:
            if not found:
                yield Reason(kind="picture", name=page.source, detail="its bytes")
        elif not found or self._ledger.base == self._now.base:
            yield from self._of_shown(page, certain=not found)

    def _of_base(self) -> list[Reason]:
        if self._ledger.base == self._now.base:
            return []
        parts = [name.split(" ", 1) for name in basis.changed(self._ledger.basis, self._now.basis)]
        found = [Reason(kind=kind, name="".join(name)) for kind, *name in parts]
        settings = [reason.name for reason in found if reason.kind == basis.SETTING]
        around = {name for name in settings if any(other.startswith(f"{name}.") for other in settings)}
        return [
            r
            for r in found
            if not (r.kind == basis.SETTING and r.name in around)  # what is in it says more
            and (r.kind != basis.SITE or r.name in _OF_SOURCES or not settings)
        ]

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
            names = ", ".join(different(old, new))
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


def recommends(path: str, come: Sequence[str], gone: Sequence[str]) -> Reason:
    """That a story recommends others than before: which ones since, and which no longer."""
    words = [f"now {', '.join(come)}"] if come else []
    words += [f"no longer {', '.join(gone)}"] if gone else []
    return Reason(kind="recommended", name=path, detail="; ".join(words) or "another order", place="Recommended")


def _file(url: str) -> str:
    return url.removeprefix("/") + ("index.html" if url.endswith("/") else "")
