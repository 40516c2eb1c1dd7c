"""What a build leaves in the state for the next one, and what it reads there of the last ranking."""

from __future__ import annotations

from collections import Counter
from functools import cache, partial

from broadsheet import history, ledger, marks, postings, ranks, rows, state
from broadsheet.archive import Archive
from broadsheet.lazily import Recent
from broadsheet.ledger import Ledger
from broadsheet.memo import Memo
from broadsheet.postings import Postings
from broadsheet.rows import Kept, Rows

_TOTALS = -1  # where a month would be: how many stories hold each term
_MONTHS = 100  # whose terms are held, as they were read: more than the window of a ranking has


class Recall:
    """What a state says of the last builds: read once, by whoever builds again and again with it."""

    def __init__(self, kept: state.State) -> None:
        self.state = kept
        self._rows: Kept | None = None
        self._ledgers: dict[bytes, Ledger] = {}
        self._months: Recent[tuple[bytes, int], ranks.Month] = Recent(_MONTHS)
        self._postings: Recent[tuple[bytes, int], Postings] = Recent(_MONTHS)

    def ahead(self, profile: bytes) -> None:
        """Begin to read what a build needs of all this."""
        self.state.ahead(profile, ledger.large())

    def read(self, profile: bytes) -> None:
        """Read it now, but for what most builds never look at. Raises DamagedError where something in it makes no
        sense."""
        self.rows().load()
        found = self.ledger(profile)
        for table, columns in ((found.settled.table, ranks.LOOKED_AT), (found.marks.table, marks.LOOKED_AT)):
            for number in columns:
                _ = table.every(number)
        for table in (found.files, found.lists):
            _ = table.known

    def rows(self) -> Rows:
        """The rows of all sources. Raises DamagedError where they make no sense."""
        if self._rows is None:
            self._rows = rows.read_rows(self.state)
        return self._rows.rows

    def ledger(self, profile: bytes) -> Ledger:
        """What was made for a profile."""
        found = self._ledgers.get(profile)
        if found is None:
            found = self._ledgers[profile] = ledger.loads(partial(self.state.profile, profile))
        return found

    def keep_sources(self, memo: Memo, parsed: Archive, tools: bytes, edits: bytes) -> None:
        """Keep what was parsed, where it is not what is kept already; `edits` tells what is different in it."""
        meta = {**memo.meta(), "tools": tools, history.EDITS: edits}
        if memo.changed or any(self.state.meta(name) != value for name, value in meta.items()):
            before = self._rows or Kept()
            patched = None if before.patched is None else before.patched | memo.changed
            now = rows.kept(parsed.rows, patched)
            kept = memo.changed or before.patched is None  # or it is the folders that have changed
            changes = state.Changes(meta=meta, shards=rows.parts(now) if kept else {}, removed=memo.removed)
            self._rows = now if self.state.save(changes) else None

    def keep_profile(self, name: bytes, found: Ledger, ranking: ranks.Result, event: history.Event | None) -> None:
        """Keep what was made for a profile, its ranking, and word of the build that made it."""
        months = dict(ranking.months)
        if ranking.totals is not None:
            months[_TOTALS] = ranks.dumps(ranking.totals)
        for held in (self._months, self._postings):
            for number in [number for profile, number in held if profile == name]:
                if ranking.anew or number in months:
                    del held[name, number]
        kept, parts = ledger.dumps(found, self.ledger(name))
        if event is not None:
            parts[history.PART] = history.appended(self.events(name), event)
        changes = state.Changes(profile=(name, parts), ranks=months, postings=ranking.postings, anew=ranking.anew)
        if self.state.save(changes):
            self._ledgers[name] = kept
        else:
            self._ledgers.pop(name, None)

    def events(self, name: bytes) -> list[history.Event]:
        """What is remembered of the last builds of a profile: no build needs it, so that damage costs it alone."""
        try:
            return history.loads(self.state.profile(name, history.PART))
        except state.DamagedError:
            return []

    def last_ranking(self, profile: bytes, settled_before: ranks.Told) -> ranks.Memory:
        """The last ranking of a profile, of which the months are read when they are asked for: DamagedError where what
        there should be is not."""
        sizes = cache(lambda: Counter(settled_before.table.every(ranks.MONTH)))

        def month(number: int) -> ranks.Month:
            found = self._months.get((profile, number))
            if found is None:
                data = self.state.rank(profile, number)
                found = ranks.month(data) if data else {}
                if len(found) != sizes()[number]:
                    raise state.DamagedError("a month is lost")
                self._months.keep((profile, number), found)
            return dict(found)  # who asks changes it

        def held(number: int) -> Postings | None:
            found = self._postings.get((profile, number))
            data = self.state.postings(profile, number) if found is None else None
            if data is not None:
                try:
                    found = self._postings.keep((profile, number), postings.loads(data))
                except (ValueError, EOFError, TypeError) as error:
                    raise state.DamagedError(str(error)) from None
            return found

        def totals() -> dict[str, int]:
            data = self.state.rank(profile, _TOTALS)
            if data is None and settled_before:
                raise state.DamagedError("the totals are lost")
            return ranks.totals(data) if data else {}

        return ranks.Memory(settled=settled_before, month=month, totals=totals, postings=held)
