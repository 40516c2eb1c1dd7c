"""What a build leaves in the state for the next one, and what it reads there of the last ranking."""

from __future__ import annotations

from broadsheet import archive, ledger, ranks, settled, state
from broadsheet.archive import Archive
from broadsheet.ledger import Ledger
from broadsheet.memo import Memo

_TOTALS = -1  # where a month would be: how many stories hold each term


def sources(kept: state.State, memo: Memo, parsed: Archive, tools: bytes) -> None:
    """Keep what was parsed, where it is not what is kept already."""
    meta = {**memo.meta(), "tools": tools}
    if memo.changed or any(kept.meta(name) != value for name, value in meta.items()):
        shards = archive.shards(parsed.rows.values(), memo.shards)
        kept.save(state.Changes(meta=meta, shards=shards, removed=memo.removed))


def profile(kept: state.State, name: bytes, found: Ledger, before: Ledger, ranking: settled.Result) -> None:
    """Keep what was made for a profile, and its ranking. `before` is what was kept of it when the build began."""
    months: dict[int, bytes | None] = {
        key: ranks.dumps(month) if month else None for key, month in ranking.months.items()
    }
    if ranking.totals is not None:
        months[_TOTALS] = ranks.dumps(ranking.totals)
    kept.save(state.Changes(profile=(name, ledger.dumps(found, before)), ranks=months, anew=ranking.anew))


def last_ranking(kept: state.State, profile: bytes, settled_before: ranks.Told) -> ranks.Memory:
    """The last ranking of a profile, of which the months are read when they are asked for."""

    def month(number: int) -> ranks.Month:
        data = kept.rank(profile, number)
        return ranks.month(data) if data else {}

    def totals() -> dict[str, int]:
        data = kept.rank(profile, _TOTALS)
        return ranks.totals(data) if data else {}

    return ranks.Memory(settled=settled_before, month=month, totals=totals)
