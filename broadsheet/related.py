"""Recommended: which earlier stories to offer under a story, settled once and for all.

A story's list is a function of the public stories before it in (published, path) order: their terms, and how common
each term was in the months before. Nothing newer ever changes it. All scores are whole numbers, so that every machine
and every process agrees. docs/recommended.md explains the score, docs/adr/0004-recommended.md why it is this one.

A score is counted in points; 100 points are a cosine of 1. A story is compared with all of its window at once (planes).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from itertools import chain
from math import isqrt
from sys import intern
from typing import TypeAlias

from broadsheet.frozen import record
from broadsheet.planes import CHUNK, QUERY, Planes, add_nearness, append, descend, products, total
from broadsheet.terms import HEAD_BITS

Vector: TypeAlias = tuple[tuple[str, ...], bytes]  # terms, and the weight of each, 1 to MAX_WEIGHT

SCALE = 10  # a term's share of a vector of length 1, in weights
MAX_WEIGHT = 7
STRONGEST = 20  # terms of the body that count
DAY = 86400  # seconds

# Weights in eighths: the title and topics count 2, the standfirst 1 (by the low bits of a feature), and a term of the
# body half of 1 + ln(uses).
_HEAD = (0, 8, 16, 24)
_BODY = (0, 4, 7, 8, 10, 10, 11, 12, 12, 13, 13, 14, 14, 14, 15, 15, 15)

# Nearness in time is worth 15 points on the day and half of that every 90 days. It is given in steps of two points: two
# for each age here (in days) that a candidate hasn't passed, the ages at which the half-life reaches 1, 3, 5… points.
_AGES = (352, 209, 143, 99, 66, 40, 19)
_NEAR_STEP = 2
_STEPS = sorted(days * DAY for days in _AGES)  # seconds

NOTHING: Vector = ((), b"")
_CLIPPED = bytes(min(level, MAX_WEIGHT) for level in range(256))


@record
class Entry:
    """What Recommended knows about a public story."""

    published: int  # unix time, seconds
    month: int  # year * 12 + month of `published` in the site's time zone
    terms: Mapping[str, int]  # from terms.features
    authors: tuple[str, ...] = ()


@record
class Explanation:
    """Why a candidate scored: `score` is the sum of the points of `terms` and of `nearness`."""

    score: int
    terms: tuple[tuple[str, int], ...]  # most points first; a topic's term begins with "#"
    nearness: int


def weigh(stories: Iterable[Entry]) -> tuple[Vector, ...]:
    """The vector of each story, in the (published, path) order that they come in.

    A term weighs by where it stands and by how rare it was among the stories of earlier months. Both counts behind the
    rarity are rounded up to powers of two: an edit of an old story hardly ever moves a weight of a later one.
    """
    seen: Counter[str] = Counter()
    count = 0
    rarities: tuple[int, ...] = ()
    waiting: list[Mapping[str, int]] = []
    month: int | None = None
    vectors: list[Vector] = []
    for story in stories:
        if story.month != month:
            seen.update(chain.from_iterable(waiting))
            count += len(waiting)
            rarities = _rarities(count)
            waiting, month = [], story.month
        vectors.append(_vector(story.terms, seen, rarities))
        waiting.append(story.terms)
    return tuple(vectors)


def vector(terms: Mapping[str, int], seen: Mapping[str, int], count: int) -> Vector:
    """The vector of a story that `count` stories of earlier months preceded; `seen` says how many of them hold each of
    its terms."""
    return _vector(terms, seen, _rarities(count))


def commonness(count: int) -> int:
    """What of the number of earlier stories counts: its size in bits."""
    return max(count - 1, 0).bit_length()


def _rarities(count: int) -> tuple[int, ...]:
    """How rare a term is among `count` stories, by the bits of (those that hold it - 1): 2 log2 + 1."""
    common = commonness(count)
    return tuple(1 + 2 * (common - bits) for bits in range(common + 1))


def _vector(terms: Mapping[str, int], seen: Mapping[str, int], rarities: tuple[int, ...]) -> Vector:
    """`seen` counts the earlier stories that hold a term; one that none holds is as rare as one that one holds."""
    weights: dict[str, int] = {}
    body: list[tuple[int, str, int]] = []
    for term, feature in terms.items():
        rarity = rarities[((seen.get(term) or 1) - 1).bit_length()]
        if feature & 3:
            weights[term] = _HEAD[feature & 3] * rarity
        if feature > 3:
            uses = feature >> HEAD_BITS
            body.append((-uses * rarity, term, (_BODY[uses] if uses < len(_BODY) else _BODY[-1]) * rarity))
    body.sort()
    for _, term, weight in body[:STRONGEST]:
        weights[term] = weights.get(term, 0) + weight
    length = isqrt(sum([weight * weight for weight in weights.values()])) or 1
    half = length // 2
    levels = bytes([(weight * SCALE + half) // length for weight in weights.values()])  # at most SCALE
    # Interned: the same few words stand in the vectors of very many stories.
    kept = tuple([intern(term) for term, level in zip(weights, levels, strict=True) if level])
    return kept, levels.translate(_CLIPPED, b"\0")


def nearness(age: int) -> int:
    """The points for a candidate published so many seconds before the story that is read."""
    return _NEAR_STEP * (len(_AGES) - bisect_left(_STEPS, age))


NEAREST = _NEAR_STEP * len(_AGES)  # points for nearness alone


class Ranker:
    """Ranks the stories before a story. Stories are named by their index in (published, path) order.

    It may be asked in any order and answers the same; in order of time it is quickest. `vectors` are those of
    `weigh(stories)`, for a caller who has kept them; `ahead` is how many stories are looked at together, at least. Who
    asks about a few stories only names the `terms` of those: others are left aside.
    """

    def __init__(
        self,
        stories: Sequence[Entry],
        window_days: int,
        vectors: Sequence[Vector] | None = None,
        ahead: int = 512,
        terms: Set[str] | None = None,
    ) -> None:
        self._vectors: Mapping[int, Vector] | Sequence[Vector] = weigh(stories) if vectors is None else vectors
        self._times: Sequence[int] = [story.published for story in stories]
        self._window = window_days * DAY
        self._ahead = ahead
        self._terms = terms
        # The planes hold the stories from `_base` to before `_end`: those of the last answer's window and some after.
        self._planes: dict[str, Planes] = {}
        self._base = self._end = 0

    @classmethod
    def known(
        cls, times: Sequence[int], window_days: int, vectors: Mapping[int, Vector], planes: Mapping[str, Planes]
    ) -> Ranker:
        """One for who asks about the stories in `vectors` only, and has the `planes` of their terms among all stories,
        which were published at `times`."""
        made = cls((), window_days, ())
        made._vectors, made._times, made._end = vectors, times, len(times)
        made._planes = dict(planes)
        return made

    def candidates(self, index: int) -> range:
        """The stories before this one that were published at most the window's days before it."""
        return range(bisect_left(self._times, self._times[index] - self._window), index)

    def best(self, index: int) -> Iterator[tuple[int, int]]:
        """The candidates and their scores, best first, the newest of equals first. Lazy: take as many as you need."""
        within = self.candidates(index)
        if not within:
            return iter(())
        self._slide(within)
        columns = products(self._vectors[index], self._planes)
        mask = (1 << within.stop - self._base) - (1 << within.start - self._base)
        add_nearness(columns, self._steps(index, within), mask)
        return descend(total(columns), mask, self._base)

    def explain(self, index: int, candidate: int) -> Explanation:
        """The points that `best(index)` gave a candidate, term by term."""
        weights = dict(zip(*self._vectors[candidate], strict=True))
        read = zip(*self._vectors[index], strict=True)
        points = [(term, QUERY[weight] * weights[term]) for term, weight in read if term in weights]
        near = nearness(self._times[index] - self._times[candidate])
        return Explanation(
            score=sum(value for _, value in points) + near,
            terms=tuple(sorted(points, key=lambda item: (-item[1], item[0]))),
            nearness=near,
        )

    def _steps(self, index: int, within: range) -> list[int]:
        """The bit at which each step of nearness begins, oldest first."""
        now, base = self._times[index], self._base
        return [bisect_left(self._times, now - age * DAY, within.start, within.stop) - base for age in _AGES]

    def _slide(self, within: range) -> None:
        """Have the planes cover some candidates: drop the stories before them, add a stretch of stories at the end.

        Stories newer than the candidates do no harm: they are masked out of every answer.
        """
        if self._base <= within.start and within.stop <= self._end:
            return
        if within.start < self._base or within.start >= self._end:
            self._planes, self._base, self._end = {}, within.start, within.start
        passed = within.start - self._base
        self._planes = {
            term: (low >> passed, middle >> passed, high >> passed)
            for term, (low, middle, high) in self._planes.items()
            if (low | middle | high) >> passed
        }
        self._base = within.start
        end = min(within.stop + max(len(within) // 4, self._ahead), len(self._times))
        for start in range(self._end, end, CHUNK):
            some = [self._vectors[n] for n in range(start, min(start + CHUNK, end))]
            append(self._planes, some, start - self._base, self._terms)
        self._end = max(end, self._end)


def recommend(
    index: int,
    ranked: Iterable[tuple[int, int]],
    authors: Sequence[tuple[str, ...]] | Mapping[int, tuple[str, ...]],
    *,
    picks: Sequence[int] = (),
    instalment: int | None = None,
    excluded: Collection[int] = (),
    limit: int,
    max_per_author: int,
) -> tuple[int, ...]:
    """What to recommend under a story: editors' picks, the series' next instalment, then the ranked ones.

    Never the story itself, never one twice, never an excluded one. `authors` gives each story's; picks and the
    instalment count towards `max_per_author` but are not held back by it. Fewer than `limit` when there are too few.
    """
    chosen: list[int] = []
    barred = {index, *excluded}
    bylines: Counter[str] = Counter()

    def take(story: int) -> None:
        chosen.append(story)
        barred.add(story)
        bylines.update(set(authors[story]))

    for story in (*picks, *(() if instalment is None else (instalment,))):
        if story not in barred and len(chosen) < limit:
            take(story)
    if len(chosen) >= limit:
        return tuple(chosen)
    for story, _ in ranked:
        if story in barred or any(bylines[author] >= max_per_author for author in authors[story]):
            continue
        take(story)
        if len(chosen) == limit:
            break
    return tuple(chosen)
