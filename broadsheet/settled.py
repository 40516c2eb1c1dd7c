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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, compress, groupby
from operator import itemgetter, ne
from typing import Any

from broadsheet import planes, postings, ranking, ranks, related
from broadsheet.months import Months, vector
from broadsheet.postings import Weighed
from broadsheet.ranking import SILENT, Question, Ranked
from broadsheet.ranks import Again, Memory, Month, Recommended, Result, Standings, Told
from broadsheet.reweighing import Reweighing
from broadsheet.settings import RecommendedSettings
from broadsheet.table import Table

_AT_ONCE = 400  # stories to a worker, where only some are ranked
_A_FEW = 64  # stories, for each of which some dozens of terms are looked up in all of its window
_FEW = 20  # one in so many changed stories: more, and everything is ranked again
_STRETCH = 1024  # stories that are compared with what they were at once
_PAIRS = 300  # a story: to look at more, whether one reads the other, takes longer than to rank everything


class Ranking:
    """One ranking: `stories` in order, the question of each, and `terms` by position. `index`: each one's position by
    path, where that is known."""

    def __init__(
        self,
        stories: Standings,
        questions: Sequence[Question],
        terms: Callable[[int], Mapping[str, int]],
        settings: RecommendedSettings,
        index: Mapping[str, int] | None = None,
    ) -> None:
        self._stories = stories
        self._questions = questions
        self._terms = terms
        self._settings = settings
        self._window = settings.window_days * related.DAY
        self._index = index or dict(zip(stories.path, range(len(stories)), strict=True))
        self._asked = ["" if question is SILENT else self._words(question) for question in questions]

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
        now = Reweighing(self._stories, self._index, self._terms, self._window, known)
        fresh = now.reweigh(changed, gone, before, _PAIRS * len(self._stories))
        if fresh is None:
            return self._everything(rank, jobs)
        same = self._as_they_were(changed, before, known, now)
        reached = now.reached(gone, fresh - same, before, table.read(ranks.CUT, places, 0))
        reached |= {i for i in other if paths[i] not in same}
        reached.update(_unlike(self._asked, table.read(ranks.ASKED, places, None)))
        found = self._ranked(sorted(reached), rank, known, now)
        put = {path: self._still(path, before) for path in same}
        return Again(
            put=put | {paths[i]: self._told(i, ranked) for i, ranked in found.items()},
            gone=list(gone),
            months={number: ranks.dumps(month) if month else None for number, month in known.written.items()},
            totals=known.totals if changed or gone else None,
            postings=known.posted,
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
            postings=again.postings,
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
        posted: dict[int, bytes] = {}
        first = self._first_to_come()
        totals: Counter[str] = Counter()
        weighed = zip(self._stories.month, self._stories.path, held, vectors, strict=True)
        for number, group in groupby(weighed, key=itemgetter(0)):  # stories are in order of time
            month: Month = {}
            for _, path, terms, weights in group:
                month[path] = ranks.weighed(terms, weights)
                totals.update(terms)
            months[number] = ranks.dumps(month)
            if number >= first:
                posted[number] = postings.dumps(month.values())
        told = zip(self._index.items(), found, strict=True)
        put = {path: self._told(i, ranked) for (path, i), ranked in told}
        return Again(put=put, gone=(), months=months, totals=dict(totals), anew=True, postings=posted)

    def _first_to_come(self) -> int:
        """The first month in which a story published now would look for its terms: from there on their postings are
        wanted soon, and made at once; those of older ones when an edit asks for them."""
        published = self._stories.published
        return self._stories.month[bisect_left(published, published[-1] - self._window)] if published else 0

    def _entries(self, held: list[tuple[str, ...]]) -> Iterator[related.Entry]:
        """The stories to weigh; `held` gets the names of each one's terms. Their counts are let go of."""
        for i, (published, month) in enumerate(zip(self._stories.published, self._stories.month, strict=True)):
            terms = self._terms(i)
            held.append(ranks.names(terms))
            yield related.Entry(published=published, month=month, terms=terms)

    # --- ranking -----------------------------------------------------------------------------------------------

    def _ranked(
        self,
        positions: Sequence[int],
        rank: Callable[[list[ranking.RankBatch], int], Iterable[Ranked]],
        known: Months,
        now: Reweighing,
    ) -> dict[int, Ranked]:
        def vectors(start: int, end: int) -> list[related.Vector]:
            stories = zip(self._stories.month[start:end], self._stories.path[start:end], strict=True)
            months = groupby(stories, key=itemgetter(0))  # stories are in order of time
            told = chain.from_iterable(_picked(known.of(month), group) for month, group in months)
            return list(map(vector, told))

        few = len(positions) <= _A_FEW
        groups = _near(positions)
        batches = [self._batch_of_few(group, now) if few else self._batch(group, vectors) for group in groups]
        return dict(zip(positions, rank(batches, len(positions)), strict=True))

    def _batch(
        self, positions: Sequence[int], vectors: Callable[[int, int], Sequence[related.Vector]]
    ) -> ranking.RankBatch:
        questions = [self._questions[i] for i in positions]
        stories = self._stories
        return ranking.batch(positions, stories.published, stories.authors, vectors, questions, self._settings)

    def _batch_of_few(self, positions: Sequence[int], now: Reweighing) -> ranking.RankBatch:
        """A batch that brings who holds the terms of its stories, in place of what all stories hold."""
        stories, own = self._stories, [now.vector(i) for i in positions]
        terms = {term for names, _ in own for term in names}
        first = ranking.first_read(positions, stories.published, self._settings)
        months = now.months(range(first, positions[-1] + 1))
        start, end = now.first(months[0]), now.end(months[-1])
        held = ((now.first(month) - start, now.held(month, terms)) for month in months)
        questions = [self._questions[i] for i in positions]
        return ranking.batch_of_few(
            *(positions, start, stories.published, stories.authors),
            *(own, planes.gathered(held, end - start), questions, self._settings),
        )

    def _as_they_were(self, changed: Iterable[str], before: Told, known: Months, now: Reweighing) -> set[str]:
        """Those of the changed stories that say something else, and are about the same: most edits of a text."""
        found = set()
        for path in changed:
            story = self._stories[self._index[path]]
            was = before[path].standing if path in before else None
            if was and was._replace(said=story.said) == story:
                found |= {path} if known.was(path) == now.vector(self._index[path]) else set()
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
    """The places at which two columns differ. Long stretches of them are the same, which is seen at once."""
    found: list[int] = []
    for start in range(0, len(one), _STRETCH):
        here, there = one[start : start + _STRETCH], other[start : start + _STRETCH]
        if here != there:
            found += compress(range(start, start + len(here)), map(ne, here, there))
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
