"""What one story recommends, of an archive of which nobody has ranked any: what `settled` would give, for who can't
wait until all stories are ranked.

Of most candidates it is enough to know what they score at most, which their terms tell without being weighed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, repeat

from broadsheet import planes, ranking, related
from broadsheet.ranking import Question, Ranked
from broadsheet.ranks import Standings
from broadsheet.settings import RecommendedSettings

_FIRST = 500  # candidates that are weighed at first: nearly always more than a list takes


class Single:
    """An archive of `stories`, in order. `terms` gives those of one by its position, `named` their names alone;
    `totals` says how many of all stories hold each."""

    def __init__(
        self,
        stories: Standings,
        totals: Mapping[str, int],
        named: Callable[[int], Iterable[str]],
        terms: Callable[[int], Mapping[str, int]],
        settings: RecommendedSettings,
    ) -> None:
        self._stories = stories
        self._terms = terms
        self._named = named
        self._settings = settings
        self._earlier = _Earlier(totals, stories.month, named)

    def recommended(self, index: int, question: Question) -> tuple[int, ...]:
        """The positions of what the story at one recommends."""
        published = self._stories.published
        start = bisect_left(published, published[index] - self._settings.window_days * related.DAY)
        own = self._vector(index)
        most = {term: related.MAX_WEIGHT * planes.QUERY[weight] for term, weight in zip(*own, strict=True)}
        near = [related.nearness(published[index] - at) for at in published[start:index]]
        within = [points + sum(map(most.get, self._named(i), repeat(0))) for i, points in enumerate(near, start)]
        vectors = [related.NOTHING] * len(near) + [own]
        least = sorted(within)[-_FIRST] if len(near) > _FIRST else 0
        while True:
            for n in range(len(near)):
                if within[n] >= least and not vectors[n][0]:
                    vectors[n] = self._vector(start + n)
            ranked = self._ranked(index, question, lambda a, b: vectors[a - start : b - start])
            if ranked.cut >= least:  # who was not weighed scores less than all that were read
                return ranked.chosen
            least = ranked.cut

    def _ranked(
        self, index: int, question: Question, vectors: Callable[[int, int], Sequence[related.Vector]]
    ) -> Ranked:
        stories = self._stories
        (found,) = ranking.rank_batch(
            ranking.batch([index], stories.published, stories.authors, vectors, [question], self._settings)
        )
        return found

    def _vector(self, index: int) -> related.Vector:
        months = self._stories.month
        seen = self._earlier.than(months[index])
        return related.vector(self._terms(index), seen, bisect_left(months, months[index]))


class _Earlier:
    """How many stories of the months before one hold each term. From month to month there is little to count."""

    def __init__(self, totals: Mapping[str, int], months: Sequence[int], named: Callable[[int], Iterable[str]]) -> None:
        self._totals = totals
        self._months = months  # of all stories, in order
        self._named = named
        self._seen: Counter[str] = Counter()
        self._end = len(months) + 1  # before which all are counted

    def than(self, month: int) -> Mapping[str, int]:
        end = bisect_left(self._months, month)
        if end < self._end:
            self._seen = Counter(self._totals)
            self._seen.subtract(Counter(self._between(end, len(self._months))))
        elif end > self._end:
            self._seen.update(self._between(self._end, end))
        self._end = end
        return self._seen

    def _between(self, start: int, end: int) -> Iterator[str]:
        return chain.from_iterable(map(self._named, range(start, end)))
