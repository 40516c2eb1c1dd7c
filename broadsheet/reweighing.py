"""What a change to some stories makes of the others: whose vector is another one, and who reads one of these."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set

from broadsheet import planes, ranks, related
from broadsheet.errors import DamagedError
from broadsheet.months import Months, vector
from broadsheet.postings import Holders
from broadsheet.ranks import Standings, Told, Version

_AT_ONCE = 50  # versions of stories, each with what it scores in all stories of a month


class Reweighing:
    """The months of the last ranking, brought up to date: `stories` in order, each one's place in `index`, its `terms`
    by place, and the `window` (seconds) in which stories are read."""

    def __init__(
        self,
        stories: Standings,
        index: Mapping[str, int],
        terms: Callable[[int], Mapping[str, int]],
        window: int,
        known: Months,
    ) -> None:
        self._stories = stories
        self._index = index
        self._terms = terms
        self._window = window
        self._known = known
        self._before: dict[int, int] = {}  # month -> stories of earlier months
        self._order: dict[int, Sequence[str]] = {}  # month -> the paths of its stories
        count = 0
        for month, size in sorted(Counter(stories.month).items()):
            self._before[month] = count
            self._order[month] = stories.path[count : count + size]
            count += size

    def reweigh(self, changed: Collection[str], gone: Collection[str], before: Told, most: float) -> set[str] | None:
        """Bring the months up to date; gives the paths of all stories whose vector may be another than it was. None
        where there are so many that `reached` would take more than `most` looks: nothing is to be done then."""
        if not changed and not gone:
            return set()
        if self._pairs(gone, changed, before) > most:
            return None
        lost: dict[int, Counter[str]] = {}  # month -> how many of its stories that hold a term are no longer so
        won: dict[int, Counter[str]] = {}  # … are new
        for path in [*changed, *gone]:
            if path in before:
                month = before[path].standing.month
                lost.setdefault(month, Counter()).update(self._known.of(month)[path][0])
                self._known.drop(month, path)
        held = {path: self._terms(self._index[path]) for path in changed}
        for path, terms in held.items():
            won.setdefault(self._stories.month[self._index[path]], Counter()).update(terms.keys())
        for month in won:
            self._known.take(month)
        moved = self._moved(lost, won, changed, before)
        if moved and self._pairs(gone, moved.union(changed), before) > most:
            return None
        for path, terms in held.items():
            month = self._stories.month[self._index[path]]
            self._known.put(month, path, (ranks.names(terms), bytes(len(terms))))
        for shift in lost.values():
            self._known.count({term: -n for term, n in shift.items()})
        for shift in won.values():
            self._known.count(shift)
        held |= {path: self._terms(self._index[path]) for path in moved}
        self._weigh(held)
        return moved | set(changed)

    def _moved(
        self,
        lost: Mapping[int, Counter[str]],
        won: Mapping[int, Counter[str]],
        changed: Collection[str],
        before: Told,
    ) -> set[str]:
        """The unchanged stories of later months for which a term's rarity has moved. The months are without those
        that change, but the totals still count what was lost."""
        first = min({*lost, *won})
        later = sorted((month for month in {*self._before, *lost} if month > first), reverse=True)
        if not later:
            return set()
        delta: Counter[str] = Counter()  # as it is: how many more stories of earlier months hold a term
        for shift in won.values():
            delta.update(shift)
        for shift in lost.values():
            delta.subtract(shift)
        terms = delta.keys()
        counts = _earlier(before)  # stories that came before each month
        after: Counter[str] = Counter()  # as it was: stories of this month and later that hold a term
        found: set[str] = set()
        for month in later:
            held = self.held(month, terms)
            after.update({term: len(holders) for term, holders in held.items()})
            after.update(lost.get(month, Counter()))
            delta.subtract(won.get(month, Counter()))
            delta.update(lost.get(month, Counter()))
            if month not in self._before:
                continue
            order = self._order[month]
            if related.commonness(counts.get(month, -1)) != related.commonness(self._before[month]):
                found.update(path for path in order if path not in changed)
                continue
            for term, holders in held.items():
                more, was = delta[term], self._known.totals.get(term, 0) - after[term]
                if more and _step(was) != _step(was + more):
                    found.update(order[place] for place, _ in holders)
        return found

    def _weigh(self, held: Mapping[str, Mapping[str, int]]) -> None:
        """New vectors for some stories, from the counts of now."""
        by_month: dict[int, list[str]] = {}
        for path in held:
            by_month.setdefault(self._stories.month[self._index[path]], []).append(path)
        terms = {term for found in held.values() for term in found}
        after: Counter[str] = Counter()
        for month in sorted((month for month in self._before if by_month and month >= min(by_month)), reverse=True):
            holders = self.held(month, terms)
            after.update({term: len(some) for term, some in holders.items()})
            for path in by_month.get(month, ()):
                seen = {t: n for t in held[path] if (n := self._known.totals.get(t, 0) - after[t]) > 0}
                vector = related.vector(held[path], seen, self._before[month])
                self._known.put(month, path, ranks.weighed(ranks.names(held[path]), vector))

    def first(self, month: int) -> int:
        """The position of the first story of a month."""
        return self._before[month]

    def end(self, month: int) -> int:
        """The position after that of the last story of a month."""
        return self._before[month] + len(self._order[month])

    def held(self, month: int, terms: Set[str]) -> Mapping[str, Holders]:
        """Who in a month holds each of some terms, by place among its stories."""
        return self._known.held(month, terms, self._order.get(month, ()))

    # --- who reads them ----------------------------------------------------------------------------------------

    def reached(
        self,
        gone: Collection[str],
        fresh: Collection[str],
        before: Told,
        cuts: Sequence[int],
    ) -> set[int]:
        """The stories (by position) after a changed one that read it, or would. `cuts` are those of the last ranking,
        by position."""
        versions = [
            *(Version(before[path].standing, self._known.was(path)) for path in {*fresh, *gone} if path in before),
            *(Version(self._stories[self._index[path]], self.vector(self._index[path])) for path in fresh),
        ]
        versions.sort(key=_when)  # those that the same stories read come together
        published, nearest = self._stories.published, related.NEAREST
        found = {self._index[path] for path in fresh}
        for first in range(0, len(versions), _AT_ONCE):
            some = versions[first : first + _AT_ONCE]
            readers = list(map(self._readers_of, some))
            within = range(min(reading.start for reading in readers), max(reading.stop for reading in readers))
            for n, scores in self._scores(some, within, cuts):
                reading, moment = readers[n], some[n].standing.published
                for i, score in scores.items():
                    if score + nearest < cuts[i] or i in found or i not in reading:
                        continue  # as nearly all: too little, however near they are
                    if score + related.nearness(published[i] - moment) >= cuts[i]:
                        found.add(i)
        return found

    def _pairs(self, gone: Collection[str], fresh: Collection[str], before: Told) -> int:
        """How often `reached` has to look at whether a story reads another one."""
        was = [before[path].standing.published for path in {*fresh, *gone} if path in before]
        now = [self._stories.published[self._index[path]] for path in fresh]
        return sum(len(self._readers(moment)) for moment in (*was, *now))

    def _readers(self, published: int) -> range:
        """The stories (by position) that may read one that was published then (seconds since 1970)."""
        moments = self._stories.published
        return range(bisect_left(moments, published), bisect_left(moments, published + self._window + 1))

    def _readers_of(self, version: Version) -> range:
        """The stories (by position) that read a version of one, where it is worth it: those after it that have it in
        their window."""
        stories, may = self._stories, self._readers(version.standing.published)
        mine = (version.standing.order, version.standing.path)
        first = may.start
        while first < may.stop and (stories.order[first], stories.path[first]) <= mine:
            first += 1
        return range(first, may.stop)

    def _scores(
        self, versions: Sequence[Version], within: range, cuts: Sequence[int]
    ) -> Iterator[tuple[int, dict[int, int]]]:
        """What each version (by number) scores in each of some stories (by position), but for nearness: those are left
        out for which that alone is not enough."""
        holders: dict[str, list[tuple[int, int]]] = {}
        for n, version in enumerate(versions):
            for term, weight in zip(*version.vector, strict=True):
                holders.setdefault(term, []).append((n, weight))
        for month in self.months(within):
            first = self._before[month]
            reading = range(max(first, within.start), min(self.end(month), within.stop))
            near = [i for i in reading if cuts[i] <= related.NEAREST]
            points = [dict.fromkeys(near, 0) for _ in versions]
            for term, readers in self.held(month, holders.keys()).items():
                told = [(first + place, planes.QUERY[weight]) for place, weight in readers if weight]
                for n, other in holders[term]:
                    scores = points[n]
                    for i, weight in told:
                        scores[i] = scores.get(i, 0) + weight * other
            yield from enumerate(points)

    def months(self, within: range) -> Sequence[int]:
        """The months of the stories at some positions, in order."""
        months = self._stories.month
        return [m for m in self._order if within and months[within[0]] <= m <= months[within[-1]]]

    def vector(self, index: int) -> related.Vector:
        """The vector of the story at a position."""
        month, path = self._stories.month[index], self._stories.path[index]
        if month in self._known.written:
            return vector(self._known.of(month)[path])
        # To read the month takes longer than to look for what this one holds.
        terms = self._terms(index)
        place = index - self._before[month]
        held = self.held(month, terms.keys())
        weights = {term: weight for term, holders in held.items() for at, weight in holders if at == place}
        if len(weights) < len(terms):
            raise DamagedError("a month is not that of its stories")
        return vector((ranks.names(terms), bytes([weights[term] for term in terms])))


def _when(version: Version) -> int:
    return version.standing.published


def _step(count: int) -> int:
    """Of how many earlier stories hold a term, what counts (see related.weigh)."""
    return (max(count, 1) - 1).bit_length()


def _earlier(settled: Told) -> dict[int, int]:
    """For each month, how many stories came in the months before it."""
    found: dict[int, int] = {}
    count = 0
    for month, size in sorted(Counter(settled.table.every(ranks.MONTH)).items()):
        found[month] = count
        count += size
    return found
