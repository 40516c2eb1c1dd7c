"""Recommended for a whole archive, in batches that worker processes rank on their own."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence

from broadsheet import related
from broadsheet.frozen import FrozenMap, record
from broadsheet.settings import RecommendedSettings

_WEIGHED: FrozenMap[str, int] = FrozenMap()  # a batch brings vectors in place of terms


@record
class Question:
    """What editors say of a story's Recommended, by the positions of stories in (published, path) order."""

    picks: tuple[int, ...] = ()
    instalment: int | None = None  # the series' next
    excluded: tuple[int, ...] = ()


SILENT = Question()  # of most stories


@record
class RankBatch:
    """Some stories of an archive to rank. `published`, `vectors` and `authors` begin with the story at `start`, the
    first in the window of the first question; `strangers` are the authors of picked stories outside them."""

    start: int
    published: tuple[int, ...]
    vectors: tuple[related.Vector, ...]
    authors: tuple[tuple[str, ...], ...]
    strangers: FrozenMap[int, tuple[str, ...]]
    positions: tuple[int, ...]  # of the stories that the questions are about, rising
    questions: tuple[Question, ...]
    settings: RecommendedSettings


@record
class Ranked:
    """What a story recommends, by positions. A candidate that scores less than `cut` has no part in that."""

    chosen: tuple[int, ...]
    cut: int


NEVER = 1 << 30  # the `cut` of a story whose list editors filled


def batch(
    positions: Sequence[int],
    published: Sequence[int],
    authors: Sequence[tuple[str, ...]],
    vectors: Callable[[int, int], Sequence[related.Vector]],
    questions: Sequence[Question],
    settings: RecommendedSettings,
) -> RankBatch:
    """The batch that ranks the stories at `positions` (rising). `published` and `authors` are of all stories; `vectors`
    gives those of the stories from one position to before another; `questions` go with `positions`."""
    start = bisect_left(published, published[positions[0]] - settings.window_days * related.DAY)
    last = positions[-1] + 1
    named = {j for q in questions for j in (*q.picks, *(() if q.instalment is None else (q.instalment,)))}
    return RankBatch(
        start=start,
        published=tuple(published[start:last]),
        vectors=tuple(vectors(start, last)),
        authors=tuple(authors[start:last]),
        strangers=FrozenMap({j: authors[j] for j in named if not start <= j < last}),
        positions=tuple(positions),
        questions=tuple(questions),
        settings=settings,
    )


def rank_batch(batch: RankBatch) -> tuple[Ranked, ...]:
    """What the stories of a batch recommend: the work of a worker process."""
    stories = [related.Entry(published=moment, month=0, terms=_WEIGHED) for moment in batch.published]
    few = len(batch.positions) < len(stories) // 8
    asked = {term for i in batch.positions for term in batch.vectors[i - batch.start][0]} if few else None
    ranker = related.Ranker(stories, batch.settings.window_days, batch.vectors, terms=asked)
    authors = {batch.start + n: names for n, names in enumerate(batch.authors)} | dict(batch.strangers)
    return tuple(
        _ranked(batch, ranker, authors, position, question)
        for position, question in zip(batch.positions, batch.questions, strict=True)
    )


def _ranked(
    batch: RankBatch,
    ranker: related.Ranker,
    authors: Mapping[int, tuple[str, ...]],
    position: int,
    question: Question,
) -> Ranked:
    last = NEVER

    def candidates() -> Iterator[tuple[int, int]]:
        nonlocal last
        for found, score in ranker.best(position - batch.start):
            last = score
            yield batch.start + found, score
        last = -1  # all were read: any other candidate would be too

    chosen = related.recommend(
        position,
        candidates(),
        authors,
        picks=question.picks,
        instalment=question.instalment,
        excluded=question.excluded,
        limit=batch.settings.limit,
        max_per_author=batch.settings.max_per_author,
    )
    return Ranked(chosen=chosen, cut=last)
