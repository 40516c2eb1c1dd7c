"""What has become of a story since the last build, and of what it takes from elsewhere: which inputs have changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import Final, NamedTuple

from broadsheet.chronicle import OFF, differences
from broadsheet.history import NEW, QUIET, REMOVED
from broadsheet.marks import PARTS, SOURCE, Marks
from broadsheet.model import Article
from broadsheet.past import Evidence, Past
from broadsheet.sources import AuthorSource, RegionSource

# What stories show of authors and regions: keys of their front matter, or that they have come or gone.
SHOWN_OF_OTHERS: Final = frozenset({"name", "type", "role", "image", "links", "title", "language", NEW, REMOVED})
_BY_ITSELF = frozenset({"time of the update", "corrections that have come"})
_FOLLOWING = _BY_ITSELF | {"translations"}  # what may be another one because of an edit that is told of already
_ELSEWHERE = "what it names or links to"


class Cause(NamedTuple):
    """An input that has changed, as a reason tells it: `kind` is "story", "source" or "time", `name` its path."""

    kind: str
    name: str
    detail: str


class Causes:
    """What was changed so that stories are other ones than in the last build; `past` is that one, where it is known."""

    def __init__(self, now: Evidence, past: Past | None) -> None:
        self._now = now
        self._past = past
        self._ledger = now.before
        self._same_base = self._ledger.base == now.base  # else a setting may be why a story shows something else
        self._found: dict[str, tuple[Cause, ...]] = {}

    def of(self, path: str) -> tuple[Cause, ...]:
        """What was changed about a story, or what it takes from elsewhere; nothing where it is as it was."""
        if path not in self._found:
            self._found[path] = tuple(dict.fromkeys(self._of(path)))
        return self._found[path]

    def _of(self, path: str) -> Iterator[Cause]:
        before, now = self._ledger.marks.get(path), self._now.marks.of.get(path)
        if before is not None and now is not None:
            yield from self._edited(path) if before != now else ()
        elif before is not None or now is not None:
            yield self._came(path) if before is None else self._left(path)

    def _came(self, path: str) -> Cause:
        if self.waited(path):
            return Cause("time", path, "its hour has come")
        new = self._past is not None and path not in self._past.rows
        return Cause("story", path, NEW if new else "it is on the site now")

    def _left(self, path: str) -> Cause:
        off = self._now.catalog.hidden.get(path) or ("withdrawn" if path in self._now.catalog.page_of else None)
        return Cause("time" if off and self.waited(path) else "story", path, OFF[off] if off else REMOVED)

    def _edited(self, path: str) -> Iterator[Cause]:
        past, article = self._past, self._now.catalog.page_of[path]
        was = past.story(path) if past else None
        if past is None or was is None:
            if not self._as_published(path):
                yield Cause("story", path, "")
            elif self._same_base:
                yield Cause("story", path, _ELSEWHERE)
            return
        own = [] if self._same_source(path) else list(differences(was, article))
        before, now = past.parts(path), self._now.marks.parts(article)
        if before is None:
            if own or self._same_base:
                yield Cause("story", path, ", ".join(own or [_ELSEWHERE]))
            return
        others = [name for name, one, other in zip(PARTS, before, now, strict=True) if one != other]
        edited = "source" in others
        elsewhere = {part: list(self._elsewhere(part, was, article)) for part in others}
        for causes in elsewhere.values():
            yield from causes
        rest = [part for part in others if part != "source" and not elsewhere[part] and self._same_base]
        told = list(dict.fromkeys([*own, *(part for part in rest if not (own and part in _FOLLOWING))]))
        if told or (not any(elsewhere.values()) and (edited or self._same_base)):
            by_itself = not own and not edited and _BY_ITSELF.issuperset(rest)
            yield Cause("time" if by_itself else "story", path, ", ".join(told) or QUIET)

    # --- what stories take from elsewhere ----------------------------------------------------------------------

    def _elsewhere(self, part: str, was: Article, article: Article) -> Iterator[Cause]:
        """The inputs besides the story's own source that make one of its `PARTS` another one, where that is known."""
        assert self._past is not None  # noqa: S101  # it said what the story was
        sides = ((self._past.marks, was), (self._now.marks, article))
        named: Collection[str] = ()
        if part == "authors":
            named = [path for side in sides for path in authors(*side)]
        elif part in ("name of the region", "whether the region has a front"):
            named = [path for side in sides for path in region(*side)]
        elif part == "translations" and was.matter.translation_key == article.matter.translation_key:
            before, now = (translations(*side) for side in sides)
            yield from [cause for path in sorted(before ^ now) if (cause := self._itself(path[1]))]
        yield from [self._others[path] for path in named if path in self._others]

    def _itself(self, path: str) -> Cause | None:
        """What was changed about a story in its own source, or by the hour."""
        before, now = self._ledger.marks.get(path), self._now.marks.of.get(path)
        if before is None or now is None:
            return next(iter(self.of(path)), None)
        was = self._past.story(path) if self._past else None
        if was is None or self._same_source(path):
            return None
        return Cause("story", path, ", ".join(differences(was, self._now.catalog.page_of[path])) or QUIET)

    @cached_property
    def _others(self) -> Mapping[str, Cause]:
        """The sources of authors and regions of which stories show something else than before."""
        then = _others(self._past.marks) if self._past else {}
        now = _others(self._now.marks)
        found = {}
        for path in sorted({*then, *now}):
            was, source = then.get(path), now.get(path)
            if was is None or source is None:
                found[path] = Cause("source", path, NEW if was is None else REMOVED)
            elif was != source and (names := [n for n in differences(was, source) if n in SHOWN_OF_OTHERS]):
                found[path] = Cause("source", path, ", ".join(names))
        return found

    # --- sources -----------------------------------------------------------------------------------------------

    def _same_source(self, path: str) -> bool:
        """Whether a source says what it said when the last build parsed it."""
        before = self._past.rows.get(path) if self._past else None
        now = self._now.rows.get(path)
        return before is not None and now is not None and before.source == now.source

    def _as_published(self, path: str) -> bool:
        """Whether a story's source says what it said when it was last published."""
        return bool(self._ledger.marks.table[path][SOURCE] == self._now.rows[path].source)

    def waited(self, path: str) -> bool:
        """Whether a source says what it said in the last build: what became of it came by itself."""
        return self._past is not None and self._past.whole and self._same_source(path)

    @cached_property
    def quiet(self) -> bool:
        """Whether no source and no setting is another one: what is different came by itself."""
        rows = self._past.rows if self._past and self._past.whole else {}
        return (
            self._same_base and rows.keys() == self._now.rows.keys() and all(self._same_source(path) for path in rows)
        )


def _others(marks: Marks) -> dict[str, AuthorSource | RegionSource]:
    sources = marks.views.catalog.sources
    found: list[AuthorSource | RegionSource] = [*sources.authors, *sources.regions]
    return {source.path: source for source in found}


def authors(marks: Marks, article: Article) -> list[str]:
    """The sources of a story's authors."""
    catalog = marks.views.catalog
    sources = [catalog.author(key).source for key in catalog.author_ids(article)]
    return [source.path for source in sources if source]


def region(marks: Marks, article: Article) -> list[str]:
    """The source of a story's region, where it has one."""
    source = marks.views.catalog.region(article.region).source
    return [source.path] if source else []


def translations(marks: Marks, article: Article) -> set[tuple[str, str, str]]:
    """The other translations of a story: language, path and address of each."""
    views = marks.views
    stands = views.catalog.stands
    others = views.translations.of(article).items()
    return {(lang, stands.path[i], stands.url[i]) for lang, i in others if stands.path[i] != article.path}
