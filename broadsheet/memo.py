"""Memo 1: every source is parsed once, as long as its bytes and all that parsing depends on stay the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter

from broadsheet import archive, articles, contents, work
from broadsheet.archive import Archive
from broadsheet.contents import Content
from broadsheet.digest import digest, fingerprint
from broadsheet.files import Files, settled
from broadsheet.frozen import FrozenMap
from broadsheet.rows import NONE, Rows
from broadsheet.scanning import Entry
from broadsheet.settings import Settings
from broadsheet.sources import RegionSource
from broadsheet.state import State
from broadsheet.walking import pack

_BATCH = 50  # sources
_INDEX = "/_index.md"  # of a region
_PATH = attrgetter("path")


class Memo:
    """The sources of a site, parsed where they are new or different.

    `base` is the digest of what every parse depends on besides the source: settings, toolchain, interface strings. A
    region's language decides how its stories are parsed, so that the indexes of regions are read first.
    """

    def __init__(self, files: Files, settings: Settings, locales: FrozenMap[str, str], base: bytes) -> None:
        self._files = files
        self._settings = settings
        self._locales = locales
        self._base = base
        self.changed: frozenset[str] = frozenset()  # paths whose rows are new, different or gone
        self.parsed: list[str] = []  # of these, those that were parsed: the others were only touched, or are gone
        self.gone: frozenset[str] = frozenset()
        self.removed: list[int] = []  # records that nothing needs any more
        self.key = b""  # of all parses
        self.told = b""  # another one whenever a source has said something else
        self.languages: FrozenMap[str, str] = FrozenMap()  # of the regions that have one of their own

    def read(
        self,
        kept: State,
        before: Rows,
        content: Content,
        crew: work.Crew,
        since: int,
        step: Callable[[int], object],
    ) -> Archive:
        """The archive of these sources; `before` are the rows of the last build in `kept`. What was written at `since`
        (nanoseconds) or later may still change within the same tick of the clock: its stamp is not trusted next
        time."""
        self._arrived = kept.arrived
        self._doubtful: set[str] = set()
        rows = Archive(kept, self._settings.site.timezone, before)
        known = before
        if kept.meta("parsed") != self._base:
            known, content = NONE, content.whole()
        indexes = {entry.path: entry for entry in content.entries if entry.path.endswith(_INDEX)}
        was = before.stamps_but(content.same.keys())
        languages: FrozenMap[str, str] = FrozenMap()
        stale = _stale(indexes.values(), was if known else {})
        self._parse(rows, stale, known, crew, since, step, languages)
        as_they_were = [path for path in before.others if path.endswith(_INDEX) and path not in was]
        languages = self.languages = self._languages(rows, sorted([*indexes, *as_they_were]))
        self.key = fingerprint((self._base, tuple(sorted(languages.items()))))
        if kept.meta("spoken") != self.key and known:
            known, content = NONE, content.whole()
            was = before.stamps_but(frozenset())
            indexes |= {path: entry for entry in content.entries if (path := entry.path).endswith(_INDEX)}
        stale = [entry for entry in _stale(content.entries, was if known else {}) if entry.path not in indexes]
        step(len(content.entries) - len(indexes) - len(stale))
        self._parse(rows, stale, known, crew, since, step, languages)
        self.gone = frozenset(was.keys() - set(map(_PATH, content.entries)))
        self.changed, self.removed = rows.settle(self.gone)
        self._folders = contents.dumps(content.folders(self._doubtful))
        said = [rows.rows.source(path) for path in self.changed if path in rows.rows]
        self.told = kept.meta("told") or b""
        if self.changed:
            self.told = digest(b"".join((self.told, *sorted(said))))
        return rows

    def meta(self) -> dict[str, bytes]:
        """What `State.save` has to keep for the next build."""
        return {"parsed": self._base, "spoken": self.key, "told": self.told, "folders": self._folders}

    def _parse(
        self,
        rows: Archive,
        stale: Sequence[Entry],
        known: Rows,
        crew: work.Crew,
        since: int,
        step: Callable[[int], object],
        languages: FrozenMap[str, str],
    ) -> None:
        """Parse the sources that are new or different, or were touched."""
        if not crew.alone(len(stale)):  # workers may be forked
            self._arrived()
        waiting = {entry.path: _trusted(entry, since) for entry in stale}
        self._doubtful |= contents.folders_of(path for path, stamp in waiting.items() if not stamp)
        batches = self._batches(rows, stale, known, waiting, languages)
        for result in crew.in_order(archive.parse_batch, batches, len(stale), light=True):
            for parsed in result:
                rows.put(parsed, *self._read.pop(parsed.path))
                self.parsed.append(parsed.path)
            step(len(result))

    def _batches(
        self,
        rows: Archive,
        stale: Iterable[Entry],
        known: Rows,
        stamps: dict[str, bytes],
        languages: FrozenMap[str, str],
    ) -> Iterator[articles.ParseBatch]:
        """Sources to parse, in batches. One that was only touched keeps what it was parsed to."""
        self._read: dict[str, tuple[bytes, bytes]] = {}
        sources: list[tuple[str, bytes]] = []
        for entry in stale:
            data = self._files.read(entry.path)
            source = digest(data)
            row = known.get(entry.path)
            if row is not None and row.source == source:
                rows.touch(row, stamps[entry.path])
                continue
            self._read[entry.path] = (stamps[entry.path], source)
            sources.append((entry.path, data))
            if len(sources) == _BATCH:
                yield self._batch(sources, languages)
                sources = []
        if sources:
            yield self._batch(sources, languages)

    def _batch(self, sources: Iterable[tuple[str, bytes]], languages: FrozenMap[str, str]) -> articles.ParseBatch:
        return articles.ParseBatch(
            sources=tuple(sources), settings=self._settings, locales=self._locales, languages=languages
        )

    def _languages(self, rows: Archive, indexes: Iterable[str]) -> FrozenMap[str, str]:
        """The language of each region that has one of its own."""
        kept = [rows.row(path) for path in indexes]
        return languages_of((rows.load(row.number) for row in kept if row.kind == "other"), self._settings)


def languages_of(sources: Iterable[object], settings: Settings) -> FrozenMap[str, str]:
    """The language of each region that has one of its own; the regions among some sources say theirs."""
    found = {source.id: source.matter.language for source in sources if isinstance(source, RegionSource)}
    found |= {key: region.language for key, region in settings.regions.items() if region.language}
    return FrozenMap({key: language for key, language in found.items() if language})


def _stale(entries: Iterable[Entry], known: Mapping[str, bytes]) -> list[Entry]:
    """The sources that don't have the stamps that are known."""
    there = list(entries)
    return [entry for entry in there if known.get(entry.path) != pack(entry.stamp)] if known else there


def _trusted(entry: Entry, since: int) -> bytes:
    """The stamp of a file, or none where it is so fresh that another change may not show in it."""
    return pack(entry.stamp) if settled(entry.stamp, since) else b""
