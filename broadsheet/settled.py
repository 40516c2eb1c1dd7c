"""Recommended for an archive that was ranked before: only what a change can reach is ranked again.

A story's list depends on its own vector and question, and on the candidates that were read until the list was full:
all that score `cut` or more. A vector depends on how common its terms were in the months before, in steps of powers of
two. So a change reaches the stories that changed; those of later months with a term whose step moved (their vectors are
new); and those after any of these that would read, or would have read, one of them. The others stay as they are, which
is what a ranking from nothing would give: tests/test_settled.py compares the two.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, compress, groupby
from operator import itemgetter, ne
from typing import Any

from broadsheet import planes, ranking, ranks, related
from broadsheet.ranking import SILENT, Question, Ranked
from broadsheet.ranks import Again, Memory, Month, Months, Recommended, Result, Standings, Told, Version, Weighed
from broadsheet.settings import RecommendedSettings
from broadsheet.table import Table

_AT_ONCE = 400  # stories to a worker, where only some are ranked
_FEW = 20  # one in so many changed stories: more, and everything is ranked again


class Ranking:
    """One ranking: `stories` in order, the question of each, and `terms` by position."""

    def __init__(
        self,
        stories: Standings,
        questions: Sequence[Question],
        terms: Callable[[int], Mapping[str, int]],
        settings: RecommendedSettings,
    ) -> None:
        self._stories = stories
        self._questions = questions
        self._terms = terms
        self._settings = settings
        self._window = settings.window_days * related.DAY
        self._index = dict(zip(stories.path, range(len(stories)), strict=True))
        self._asked = ["" if question is SILENT else self._words(question) for question in questions]
        self._before: dict[int, int] = {}  # month -> stories of earlier months
        count = 0
        for month, size in sorted(Counter(stories.month).items()):
            self._before[month] = count
            count += size

    def run(self, rank: Callable[[list[ranking.RankBatch], int], Iterable[Ranked]], jobs: int, last: Memory) -> Result:
        """Rank what must be. `rank` does the batches (of so many stories in all), in order."""
        return self.taken(last, self.again(rank, jobs, last))

    def again(self, rank: Callable[[list[ranking.RankBatch], int], Iterable[Ranked]], jobs: int, last: Memory) -> Again:
        """Rank the stories that a change can reach, or all."""
        before, paths = last.settled, self._stories.path
        if not before:
            return self._everything(rank, jobs)
        table, places = before.table, before.table.places(paths)
        other = {
            i
            for number, column in enumerate(self._stories.columns[1:])
            for i in _unlike(column, table.read(number, places, None))
        }
        changed, gone = {paths[i] for i in other}, table.others(paths, places)
        if (len(changed) + len(gone)) * _FEW > len(self._stories) + 20 * _FEW:
            return self._everything(rank, jobs)
        known = Months(last)
        fresh = self._reweigh(changed, gone, before, known)
        same = self._as_they_were(changed, before, known)
        reached = self._reached(gone, fresh - same, before, known, table.read(ranks.CUT, places, 0))
        reached |= {i for i in other if paths[i] not in same}
        reached.update(_unlike(self._asked, table.read(ranks.ASKED, places, None)))
        found = self._ranked(sorted(reached), rank, known)
        put = {path: self._still(path, before) for path in same}
        return Again(
            put=put | {paths[i]: self._told(i, ranked) for i, ranked in found.items()},
            gone=list(gone),
            months={number: ranks.dumps(month) if month else None for number, month in known.written.items()},
            totals=known.totals if changed or gone else None,
        )

    def taken(self, last: Memory, again: Again) -> Result:
        """The ranking of now: the last one, with what was ranked again."""
        anew = again.anew
        settled = Table.of(ranks.CUT + 1, again.put) if anew else last.settled.table.changed(again.put, again.gone)
        chosen = settled.read(ranks.CHOSEN, settled.places(self._stories.path), ())
        return Result(
            settled=Told(settled),
            recommended=Recommended(chosen, self._index),
            months=again.months,
            totals=again.totals,
            again=self._index.keys() if anew else list(again.put),  # not what is told of each, by itself
            anew=anew,
        )

    # --- from nothing ------------------------------------------------------------------------------------------

    def _everything(self, rank: Callable[[list[ranking.RankBatch], int], Iterable[Ranked]], jobs: int) -> Again:
        held: list[tuple[str, ...]] = []
        vectors = related.weigh(self._entries(held))
        size = max(1, -(-len(self._stories) // jobs))
        groups = [range(n, min(n + size, len(self._stories))) for n in range(0, len(self._stories), size)]
        batches = [self._batch(group, lambda start, end: vectors[start:end]) for group in groups]
        found = list(rank(batches, len(self._stories)))
        months: dict[int, bytes | None] = {}
        totals: Counter[str] = Counter()
        weighed = zip(self._stories.month, self._stories.path, held, vectors, strict=True)
        for number, group in groupby(weighed, key=itemgetter(0)):  # stories are in order of time
            month: Month = {}
            for _, path, terms, vector in group:
                month[path] = ranks.weighed(terms, vector)
                totals.update(terms)
            months[number] = ranks.dumps(month)
        told = zip(self._index.items(), found, strict=True)
        put = {path: self._told(i, ranked) for (path, i), ranked in told}
        return Again(put=put, gone=(), months=months, totals=dict(totals), anew=True)

    def _entries(self, held: list[tuple[str, ...]]) -> Iterator[related.Entry]:
        """The stories to weigh; `held` gets the names of each one's terms. Their counts are let go of."""
        for i, (published, month) in enumerate(zip(self._stories.published, self._stories.month, strict=True)):
            terms = self._terms(i)
            held.append(ranks.names(terms))
            yield related.Entry(published=published, month=month, terms=terms)

    # --- new vectors -------------------------------------------------------------------------------------------

    def _reweigh(self, changed: Collection[str], gone: Collection[str], before: Told, known: Months) -> set[str]:
        """Bring the months up to date; gives the paths of all stories whose vector may be another than it was."""
        if not changed and not gone:
            return set()
        lost: dict[int, Counter[str]] = {}  # month -> how many of its stories that hold a term are no longer so
        won: dict[int, Counter[str]] = {}  # … are new
        for path in [*changed, *gone]:
            if path in before:
                month = before[path].standing.month
                lost.setdefault(month, Counter()).update(known.of(month)[path][0])
                known.drop(month, path)
        held = {path: self._terms(self._index[path]) for path in changed}
        for path, terms in held.items():
            won.setdefault(self._stories.month[self._index[path]], Counter()).update(terms.keys())
        moved = self._moved(lost, won, _earlier(before), known)
        for path, terms in held.items():
            month = self._stories.month[self._index[path]]
            known.put(month, path, (ranks.names(terms), bytes(len(terms))))
        for shift in lost.values():
            known.count({term: -n for term, n in shift.items()})
        for shift in won.values():
            known.count(shift)
        held |= {path: self._terms(self._index[path]) for path in moved}
        self._weigh(held, known)
        return moved | set(changed)

    def _moved(
        self,
        lost: Mapping[int, Counter[str]],
        won: Mapping[int, Counter[str]],
        counts: Mapping[int, int],
        known: Months,
    ) -> set[str]:
        """The unchanged stories of later months for which a term's rarity has moved. `known` is without those that
        change, but its totals still count what was lost; `counts` are the stories that came before each month."""
        first = min({*lost, *won})
        later = sorted((month for month in {*self._before, *lost} if month > first), reverse=True)
        terms = {term for shift in (*lost.values(), *won.values()) for term in shift}
        after: Counter[str] = Counter()  # as it was: stories of this month and later that hold a term
        found: set[str] = set()
        for month in later:
            entries = known.of(month)
            for names, _ in entries.values():
                after.update(terms.intersection(names))
            after.update(lost.get(month, Counter()))
            if month not in self._before:
                continue
            delta: Counter[str] = Counter()
            for other, shift in won.items():
                if other < month:
                    delta.update(shift)
            for other, shift in lost.items():
                if other < month:
                    delta.subtract(shift)
            steps = {
                term
                for term, more in delta.items()
                if more and _step(was := known.totals.get(term, 0) - after[term]) != _step(was + more)
            }
            if related.commonness(counts.get(month, -1)) != related.commonness(self._before[month]):
                found.update(entries)
            elif steps:
                found.update(path for path, (names, _) in entries.items() if not steps.isdisjoint(names))
        return found

    def _weigh(self, held: Mapping[str, Mapping[str, int]], known: Months) -> None:
        """New vectors for some stories, from the counts of now."""
        by_month: dict[int, list[str]] = {}
        for path in held:
            by_month.setdefault(self._stories.month[self._index[path]], []).append(path)
        terms = {term for found in held.values() for term in found}
        after: Counter[str] = Counter()
        for month in sorted((month for month in self._before if month >= min(by_month, default=0)), reverse=True):
            for names, _ in known.of(month).values():
                after.update(terms.intersection(names))
            for path in by_month.get(month, ()):
                seen = {t: n for t in held[path] if (n := known.totals.get(t, 0) - after[t]) > 0}
                vector = related.vector(held[path], seen, self._before[month])
                known.put(month, path, ranks.weighed(ranks.names(held[path]), vector))

    # --- who reads them ----------------------------------------------------------------------------------------

    def _reached(
        self,
        gone: Collection[str],
        fresh: Collection[str],
        before: Told,
        known: Months,
        cuts: Sequence[int],
    ) -> set[int]:
        """The stories (by position) after a changed one that read it, or would. `cuts` are those of the last ranking,
        by position."""
        versions = [
            *(Version(before[path].standing, known.was(path)) for path in {*fresh, *gone} if path in before),
            *(
                Version(story, self._vector(story.month, story.path, known))
                for story in (self._stories[self._index[path]] for path in fresh)
            ),
        ]
        if not versions:
            return set()
        window = self._window
        holders: dict[str, list[tuple[Version, int]]] = {}
        for version in versions:
            for term, weight in zip(*version.vector, strict=True):
                holders.setdefault(term, []).append((version, weight))
        published = self._stories.published
        start = bisect_left(published, min(version.standing.published for version in versions))
        end = bisect_left(published, max(version.standing.published for version in versions) + window + 1)
        found = {i for i in range(start, end) if self._stories.path[i] in fresh}
        for i in range(start, end):
            if i not in found and self._reads(i, versions, holders, cuts[i], known, window):
                found.add(i)
        return found

    def _reads(
        self,
        index: int,
        versions: Sequence[Version],
        holders: Mapping[str, list[tuple[Version, int]]],
        cut: int,
        known: Months,
        window: int,
    ) -> bool:
        story = self._stories[index]
        points: dict[Version, int] = {} if cut > related.NEAREST else dict.fromkeys(versions, 0)
        for term, weight in zip(*self._vector(story.month, story.path, known), strict=True):
            for version, other in holders.get(term, ()):
                points[version] = points.get(version, 0) + planes.QUERY[weight] * other
        return any(
            version.precedes(story, window)
            and score + related.nearness(story.published - version.standing.published) >= cut
            for version, score in points.items()
        )

    # --- ranking -----------------------------------------------------------------------------------------------

    def _ranked(
        self,
        positions: Sequence[int],
        rank: Callable[[list[ranking.RankBatch], int], Iterable[Ranked]],
        known: Months,
    ) -> dict[int, Ranked]:
        def vectors(start: int, end: int) -> list[related.Vector]:
            stories = zip(self._stories.month[start:end], self._stories.path[start:end], strict=True)
            months = groupby(stories, key=itemgetter(0))  # stories are in order of time
            told = chain.from_iterable(_picked(known.of(month), group) for month, group in months)
            return [(tuple(compress(names, weights)), weights.translate(None, b"\0")) for names, weights in told]

        batches = [self._batch(group, vectors) for group in _near(positions)]
        return dict(zip(positions, rank(batches, len(positions)), strict=True))

    def _batch(
        self, positions: Sequence[int], vectors: Callable[[int, int], Sequence[related.Vector]]
    ) -> ranking.RankBatch:
        questions = [self._questions[i] for i in positions]
        stories = self._stories
        return ranking.batch(positions, stories.published, stories.authors, vectors, questions, self._settings)

    def _vector(self, month: int, path: str, known: Months) -> related.Vector:
        names, weights = known.of(month)[path]
        return tuple(compress(names, weights)), weights.translate(None, b"\0")

    def _as_they_were(self, changed: Iterable[str], before: Told, known: Months) -> set[str]:
        """Those of the changed stories that say something else, and are about the same: most edits of a text."""
        found = set()
        for path in changed:
            story = self._stories[self._index[path]]
            was = before[path].standing if path in before else None
            if was and was._replace(said=story.said) == story:
                found |= {path} if known.was(path) == self._vector(story.month, path, known) else set()
        return found

    def _still(self, path: str, before: Told) -> tuple[Any, ...]:
        """What was told of a story, who says something else now."""
        return (*self._stories[self._index[path]][1:], *before.table[path][ranks.ASKED :])

    def _told(self, index: int, ranked: Ranked) -> tuple[Any, ...]:
        chosen = tuple([self._stories.path[i] for i in ranked.chosen])
        return (*self._stories[index][1:], self._asked[index], chosen, ranked.cut)

    def _words(self, question: Question) -> str:
        """A question in words that positions have no part in."""
        if question == SILENT:
            return ""
        picked = [*question.picks, *([] if question.instalment is None else [question.instalment])]
        path, authors = self._stories.path, self._stories.authors
        told = [(path[i], authors[i]) for i in picked]
        return repr((len(question.picks), told, sorted(path[i] for i in question.excluded)))


def _picked(entries: Month, stories: Iterable[tuple[int, str]]) -> Sequence[Weighed]:
    return [entries[path] for _, path in stories]


def _unlike(one: Sequence[object], other: Sequence[object]) -> list[int]:
    """The places at which two columns differ."""
    return list(compress(range(len(one)), map(ne, one, other)))


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


def _near(positions: Sequence[int]) -> Iterator[Sequence[int]]:
    """Positions in groups for workers: each group reads its window anew, so that far ones go apart."""
    group: list[int] = []
    for position in positions:
        if group and (len(group) == _AT_ONCE or position - group[-1] > 5 * _AT_ONCE):
            yield group
            group = []
        group.append(position)
    if group:
        yield group
