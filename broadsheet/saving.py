"""What a build leaves in the state for the next one, and what it reads there of the last ranking."""

from __future__ import annotations

from collections.abc import Mapping

from broadsheet import archive, ledger, ranks, settled, state
from broadsheet.archive import Archive
from broadsheet.ledger import Ledger
from broadsheet.memo import Memo

_TOTALS = -1  # where a month would be: how many stories hold each term


def sources(kept: state.State, memo: Memo, parsed: Archive, tools: bytes) -> None:
    """Keep what was parsed, though nothing is published."""
    kept.save(_changes(memo, parsed, tools))


def everything(
    kept: state.State,
    memo: Memo,
    parsed: Archive,
    tools: bytes,
    profile: bytes,
    found: Ledger,
    ranking: settled.Result,
) -> None:
    """Keep what was parsed, and what was made of it for a profile."""
    months: dict[int, bytes | None] = {
        key: ranks.dumps(month) if month else None for key, month in ranking.months.items()
    }
    if ranking.totals is not None:
        months[_TOTALS] = ranks.dumps(ranking.totals)
    kept.save(_changes(memo, parsed, tools, (profile, ledger.dumps(found)), months, anew=ranking.anew))


def _changes(
    memo: Memo,
    parsed: Archive,
    tools: bytes,
    profile: tuple[bytes, bytes] | None = None,
    months: Mapping[int, bytes | None] | None = None,
    *,
    anew: bool = False,
) -> state.Changes:
    return state.Changes(
        meta={**memo.meta(), "tools": tools},
        shards=archive.shards(parsed.rows, memo.changed),
        removed=memo.removed,
        profile=profile,
        ranks=months or {},
        anew=anew,
    )


def last_ranking(kept: state.State, profile: bytes, settled_before: Mapping[str, ranks.Settled]) -> ranks.Memory:
    """The last ranking of a profile, of which the months are read when they are asked for."""

    def month(number: int) -> ranks.Month:
        data = kept.rank(profile, number)
        return ranks.month(data) if data else {}

    def totals() -> dict[str, int]:
        data = kept.rank(profile, _TOTALS)
        return ranks.totals(data) if data else {}

    return ranks.Memory(settled=settled_before, month=month, totals=totals)
