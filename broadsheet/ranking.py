"""Recommended for a whole archive, in batches that worker processes rank on their own."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence

from broadsheet import related
from broadsheet.frozen import FrozenMap, record
from broadsheet.lazily import LazySequence
from broadsheet.planes import Planes
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
    """Some stories of an archive to rank. `published`, `vectors` and `authors` begin with the story at `start`, which
    is the first in the window of the first question, or before it; `strangers` are the authors of picked stories
    outside them. Where `planes` say which stories (bit 0: the one at `start`) hold the terms of those that are asked
    about, `vectors` are those of the latter alone."""

    start: int
    published: tuple[int, ...]
    vectors: tuple[related.Vector, ...]
    authors: tuple[tuple[str, ...], ...]
    strangers: FrozenMap[int, tuple[str, ...]]
    positions: tuple[int, ...]  # of the stories that the questions are about, rising
    questions: tuple[Question, ...]
    settings: RecommendedSettings
    planes: FrozenMap[str, Planes] | None = None


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
    start = first_read(positions, published, settings)
    return _batch(positions, start, published, authors, vectors(start, positions[-1] + 1), questions, settings, None)


def batch_of_few(
    positions: Sequence[int],
    start: int,
    published: Sequence[int],
    authors: Sequence[tuple[str, ...]],
    vectors: Sequence[related.Vector],
    planes: Mapping[str, Planes],
    questions: Sequence[Question],
    settings: RecommendedSettings,
) -> RankBatch:
    """`batch` for who knows which stories (from `start` on, which is `first_read` or before it) hold the terms of those
    at `positions`; `vectors` go with these."""
    return _batch(positions, start, published, authors, vectors, questions, settings, FrozenMap(planes))


def first_read(positions: Sequence[int], published: Sequence[int], settings: RecommendedSettings) -> int:
    """The position of the first story in the window of the first of some others (rising)."""
    return bisect_left(published, published[positions[0]] - settings.window_days * related.DAY)


def _batch(
    positions: Sequence[int],
    start: int,
    published: Sequence[int],
    authors: Sequence[tuple[str, ...]],
    vectors: Sequence[related.Vector],
    questions: Sequence[Question],
    settings: RecommendedSettings,
    planes: FrozenMap[str, Planes] | None,
) -> RankBatch:
    last = positions[-1] + 1
    named = {j for q in questions for j in (*q.picks, *(() if q.instalment is None else (q.instalment,)))}
    return RankBatch(
        start=start,
        published=tuple(published[start:last]),
        vectors=tuple(vectors),
        authors=tuple(authors[start:last]),
        strangers=FrozenMap({j: authors[j] for j in named if not start <= j < last}),
        positions=tuple(positions),
        questions=tuple(questions),
        settings=settings,
        planes=planes,
    )


def rank_batch(batch: RankBatch) -> tuple[Ranked, ...]:
    """What the stories of a batch recommend: the work of a worker process."""
    ranker, authors = _ranker(batch), _Authors(batch)
    return tuple(
        _ranked(batch, ranker, authors, position, question)
        for position, question in zip(batch.positions, batch.questions, strict=True)
    )


def _ranker(batch: RankBatch) -> related.Ranker:
    asked = [position - batch.start for position in batch.positions]
    if batch.planes is not None:
        vectors = dict(zip(asked, batch.vectors, strict=True))
        return related.Ranker.known(batch.published, batch.settings.window_days, vectors, batch.planes)
    few = len(asked) < len(batch.vectors) // 8
    terms = {term for i in asked for term in batch.vectors[i][0]} if few else None
    stories = [related.Entry(published=moment, month=0, terms=_WEIGHED) for moment in batch.published]
    return related.Ranker(stories, batch.settings.window_days, batch.vectors, terms=terms)


class _Authors(LazySequence[tuple[str, ...]]):
    """The authors of stories by position, of those that a batch tells of."""

    def __init__(self, batch: RankBatch) -> None:
        self._batch = batch

    def __len__(self) -> int:
        return self._batch.start + len(self._batch.authors)

    def at(self, index: int) -> tuple[str, ...]:
        place = index - self._batch.start
        return self._batch.authors[place] if 0 <= place < len(self._batch.authors) else self._batch.strangers[index]


def _ranked(
    batch: RankBatch,
    ranker: related.Ranker,
    authors: Sequence[tuple[str, ...]],
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
