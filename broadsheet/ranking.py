"""Recommended for a whole archive, in batches that worker processes rank on their own."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

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


@record
class RankBatch:
    """A stretch of the archive to rank. `published`, `vectors` and `authors` begin with the story at `start`, the first
    in the window of the first question; `strangers` are the authors of picked stories outside them."""

    start: int
    published: tuple[int, ...]
    vectors: tuple[related.Vector, ...]
    authors: tuple[tuple[str, ...], ...]
    strangers: FrozenMap[int, tuple[str, ...]]
    first: int  # position of the story that the first question is about
    questions: tuple[Question, ...]
    settings: RecommendedSettings


def batches(
    entries: Sequence[related.Entry], questions: Sequence[Question], settings: RecommendedSettings, count: int
) -> Iterator[RankBatch]:
    """The archive in at most `count` batches of consecutive stories: each costs its window once more, so be sparing."""
    vectors = related.weigh(entries)
    published = tuple(entry.published for entry in entries)
    size = max(1, -(-len(entries) // count))
    for first in range(0, len(entries), size):
        last = min(first + size, len(entries))
        start = bisect_left(published, published[first] - settings.window_days * related.DAY)
        asked = tuple(questions[first:last])
        named = {j for q in asked for j in (*q.picks, *(() if q.instalment is None else (q.instalment,)))}
        yield RankBatch(
            start=start,
            published=published[start:last],
            vectors=vectors[start:last],
            authors=tuple(entry.authors for entry in entries[start:last]),
            strangers=FrozenMap({j: entries[j].authors for j in named if not start <= j < last}),
            first=first,
            questions=asked,
            settings=settings,
        )


def rank_batch(batch: RankBatch) -> tuple[tuple[int, ...], ...]:
    """The positions of the recommended stories for each question of a batch."""
    stories = [related.Entry(published=moment, month=0, terms=_WEIGHED) for moment in batch.published]
    ranker = related.Ranker(stories, batch.settings.window_days, batch.vectors)
    authors = {batch.start + n: names for n, names in enumerate(batch.authors)} | dict(batch.strangers)
    return tuple(
        related.recommend(
            position,
            ((batch.start + found, score) for found, score in ranker.best(position - batch.start)),
            authors,
            picks=question.picks,
            instalment=question.instalment,
            excluded=question.excluded,
            limit=batch.settings.limit,
            max_per_author=batch.settings.max_per_author,
        )
        for position, question in enumerate(batch.questions, batch.first)
    )
