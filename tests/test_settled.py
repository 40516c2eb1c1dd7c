"""Ranking again only what a change can reach gives what ranking everything gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from unittest.mock import patch

import pytest
from examples import examples
from hypothesis import event, given, settings
from hypothesis import strategies as st
from newsroom import rank_here

from broadsheet import reweighing, settled, single
from broadsheet.frozen import record
from broadsheet.postings import dumps as dumps_of
from broadsheet.postings import loads
from broadsheet.ranking import Question, RankBatch, Ranked
from broadsheet.ranks import UNTOLD, Memory, Month, Result, Standing, Standings, dumps, month, totals
from broadsheet.related import DAY
from broadsheet.settings import RecommendedSettings
from broadsheet.settled import Ranking
from broadsheet.single import Single

WORDS = ["bridge", "budget", "court", "energy", "harbour", "river", "strike", "vote", "ferry", "tide"]
RULES = RecommendedSettings(limit=2, window_days=40, max_per_author=1)


@record
class Story:
    """A made-up story: `day` of publication, its terms as features, its author, what editors say."""

    path: str
    day: int
    terms: tuple[tuple[str, int], ...]
    author: str
    picks: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    wording: int = 0  # other words, about the same


class Newsroom:
    """Stories ranked again and again, each time with what the last ranking left."""

    def __init__(self) -> None:
        self.settled = UNTOLD
        self.recommended: list[tuple[int, ...]] = []
        self.months: dict[int, bytes] = {}
        self.postings: dict[int, bytes] = {}
        self.totals = b""

    def rank(self, stories: Mapping[str, Story]) -> Result:
        self.asked = 0  # stories that were ranked

        def rank(batches: list[RankBatch], items: int) -> Iterator[Ranked]:
            self.asked += sum(len(batch.positions) for batch in batches)
            return rank_here(batches, items)

        self.read: set[int] = set()  # months

        def read(number: int) -> Month:
            self.read.add(number)
            return month(self.months[number]) if number in self.months else {}

        memory = Memory(
            settled=self.settled,
            month=read,
            totals=lambda: totals(self.totals),
            postings=lambda n: loads(self.postings[n]) if n in self.postings else None,
        )
        result = ranking_of(stories).run(rank, 1, memory)
        if result.anew:
            self.months, self.postings = {}, {}
        self.postings = {n: data for n, data in self.postings.items() if n not in result.months} | dict(result.postings)
        for number, found in result.months.items():
            if found:
                self.months[number] = found
            else:
                self.months.pop(number, None)
        if result.totals is not None:
            self.totals = dumps(result.totals)
        self.settled = result.settled
        self.recommended = list(result.recommended)
        return result


def ranking_of(stories: Mapping[str, Story]) -> Ranking:
    ordered = sorted(stories.values(), key=lambda story: (story.day, story.path))
    index = {story.path: i for i, story in enumerate(ordered)}
    standings = [
        Standing(
            path=story.path,
            order=story.day * DAY,
            published=story.day * DAY,
            month=story.day // 30,
            authors=(story.author,),
            said=repr((story.terms, story.wording)).encode(),
        )
        for story in ordered
    ]
    questions = [
        Question(
            picks=tuple(index[path] for path in story.picks if path in index),
            excluded=tuple(index[path] for path in story.excluded if path in index),
        )
        for story in ordered
    ]
    columns = [list(column) for column in zip(*standings, strict=True)]
    return Ranking(Standings(columns), questions, lambda i: dict(ordered[i].terms), RULES)


def from_nothing(stories: Mapping[str, Story]) -> Newsroom:
    fresh = Newsroom()
    fresh.rank(stories)
    return fresh


def readable(months: Mapping[int, bytes]) -> dict[int, Month]:
    return {number: month(data) for number, data in months.items()}


paths = st.sampled_from([f"s{n:02}" for n in range(60)])
terms = st.dictionaries(st.sampled_from(WORDS), st.integers(1, 14), max_size=5).map(lambda d: tuple(sorted(d.items())))
days = st.integers(0, 150)
authors = st.sampled_from(["ann", "bo"])
stories = st.builds(Story, path=paths, day=days, terms=terms, author=authors)
changes = st.one_of(
    st.tuples(st.just("write"), stories),
    st.tuples(st.just("remove"), paths),
    st.tuples(st.just("terms"), paths, terms),
    st.tuples(st.just("wording"), paths, st.integers(0, 2)),
    st.tuples(st.just("date"), paths, days),
    st.tuples(st.just("author"), paths, authors),
    st.tuples(st.just("pick"), paths, st.lists(paths, max_size=2, unique=True).map(tuple)),
    st.tuples(st.just("exclude"), paths, st.lists(paths, max_size=2, unique=True).map(tuple)),
)


def apply(there: dict[str, Story], change: tuple[object, ...]) -> None:
    kind, what = change[0], change[1]
    if kind == "write":
        assert isinstance(what, Story)
        there[what.path] = what
    elif isinstance(what, str) and what in there:
        if kind == "remove":
            del there[what]
        else:
            field = {
                "terms": "terms",
                "wording": "wording",
                "date": "day",
                "author": "author",
                "pick": "picks",
                "exclude": "excluded",
            }
            there[what] = replace(there[what], **{field[str(kind)]: change[2]})  # type: ignore[arg-type]


@settings(max_examples=examples(150))
@given(
    st.lists(stories, min_size=30, max_size=60),
    st.lists(st.lists(changes, min_size=1, max_size=3), max_size=6),
    st.sampled_from([0, 3, 64]),
)
def test_ranking_again_what_a_change_reaches_is_ranking_everything(
    first: list[Story], edits: list[list[tuple[object, ...]]], few: int
) -> None:
    """`few`: of so many stories the terms are looked up in postings; of more, all that their window holds is read. So
    many more versions of stories are scored at once."""
    there = {story.path: story for story in first}
    newsroom = Newsroom()
    newsroom.rank(there)
    for several in edits:
        for change in several:
            apply(there, change)
        with patch.object(settled, "_A_FEW", few), patch.object(reweighing, "_AT_ONCE", few + 1):
            result = newsroom.rank(there)
        clean = from_nothing(there)
        assert dict(newsroom.settled) == dict(clean.settled)
        assert newsroom.recommended == clean.recommended
        assert readable(newsroom.months) == readable(clean.months)
        assert totals(newsroom.totals) == totals(clean.totals)
        for number, data in newsroom.postings.items():
            held = readable(clean.months)[number]
            assert data == dumps_of(held[path] for path in sorted(held, key=lambda path: (there[path].day, path)))
        event("everything ranked again" if result.anew else f"{min(len(result.again), 10)} ranked again")


def test_nothing_is_ranked_where_nothing_changed() -> None:
    there = {f"s{n:02}": Story(path=f"s{n:02}", day=n, terms=(("river", 2),), author="ann") for n in range(50)}
    newsroom = Newsroom()
    assert len(newsroom.rank(there).again) == 50
    result = newsroom.rank(there)
    assert (len(result.again), dict(result.months), result.totals) == (0, {}, None)


def test_a_new_story_at_the_end_is_the_only_one_that_is_ranked() -> None:
    there = {f"s{n:02}": Story(path=f"s{n:02}", day=n, terms=(("river", 2),), author="ann") for n in range(50)}
    newsroom = Newsroom()
    newsroom.rank(there)
    there["s99"] = Story(path="s99", day=60, terms=(("vote", 2),), author="bo")
    assert len(newsroom.rank(there).again) == 1


@pytest.mark.parametrize("change", ["a new story", "an edit of an old one"])
def test_where_every_month_has_its_postings_only_months_that_change_are_read(change: str) -> None:
    there = {f"s{n:03}": Story(path=f"s{n:03}", day=n, terms=(("river", 2),), author="ann") for n in range(150)}
    newsroom = Newsroom()
    newsroom.rank(there)
    for path, word in (("s149", "ferry"), ("s100", "vote"), ("s049", "tide")):  # postings are made when asked for
        there[path] = replace(there[path], terms=(("river", 2), (word, 2)))
        newsroom.rank(there)
    if change == "a new story":
        there["s200"] = Story(path="s200", day=151, terms=(("strike", 2), ("river", 1)), author="bo")
        changed = 151 // 30
    else:
        there["s050"] = replace(there["s050"], terms=(("river", 2), ("strike", 5)))
        changed = 50 // 30
    newsroom.rank(there)
    assert newsroom.read == {changed}
    assert newsroom.recommended == from_nothing(there).recommended


def test_what_a_new_story_looks_its_terms_up_in_is_there_once_everything_was_ranked() -> None:
    there = {f"s{n:03}": Story(path=f"s{n:03}", day=n, terms=(("river", 2),), author="ann") for n in range(150)}
    newsroom = Newsroom()
    newsroom.rank(there)
    assert sorted(newsroom.postings) == [109 // 30, 4]  # the window is 40 days, the last one 149
    there["s200"] = Story(path="s200", day=151, terms=(("strike", 2), ("river", 1)), author="bo")
    newsroom.rank(there)
    assert newsroom.read == {151 // 30}
    assert newsroom.recommended == from_nothing(there).recommended


def test_a_story_that_says_the_same_in_other_words_is_not_ranked_again_nor_is_any_other() -> None:
    there = {f"s{n:02}": Story(path=f"s{n:02}", day=n, terms=(("river", 2),), author="ann") for n in range(50)}
    newsroom = Newsroom()
    newsroom.rank(there)
    there["s20"] = replace(there["s20"], wording=1)
    newsroom.rank(there)
    assert newsroom.asked == 0
    assert dict(newsroom.settled) == dict(from_nothing(there).settled)
    there["s20"] = replace(there["s20"], wording=2, author="bo")
    newsroom.rank(there)
    assert newsroom.asked > 0


@pytest.mark.parametrize(("pairs", "anew"), [(1, False), (0.5, True)])
def test_a_change_that_too_many_stories_may_read_has_everything_ranked(pairs: float, anew: bool) -> None:
    """A story's two versions, that of before and that of now, each with the 40 days of stories after it, of 100."""
    there = {f"s{n:02}": Story(path=f"s{n:02}", day=n, terms=(("river", 2),), author="ann") for n in range(100)}
    newsroom = Newsroom()
    newsroom.rank(there)
    there["s20"] = replace(there["s20"], terms=(("river", 2), ("ferry", 1)))
    with patch.object(settled, "_PAIRS", pairs):
        assert newsroom.rank(there).anew is anew
    assert newsroom.recommended == from_nothing(there).recommended


@settings(max_examples=examples(60))
@given(st.lists(stories, min_size=2, max_size=60), st.integers(1, 4))
def test_one_story_alone_recommends_what_it_does_among_all(written: list[Story], first: int) -> None:
    """`first`: of so many candidates the scores are told at once, and of others where these are not enough."""
    there = {story.path: story for story in written}
    totals_ = Counter(term for story in there.values() for term, _ in story.terms)
    every = from_nothing(there).recommended
    with patch.object(single, "_FIRST", first):
        whole = ranking_of(there)
        alone = Single(whole._stories, totals_, whole._terms, whole._terms, RULES)
        assert [alone.recommended(i, question) for i, question in enumerate(whole._questions)] == every


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1))))
def test_two_columns_differ_where_they_do(pairs: list[tuple[int, int]]) -> None:
    one, other = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    with patch.object(settled, "_STRETCH", 3):
        assert settled._unlike(one, other) == [n for n, (a, b) in enumerate(pairs) if a != b]
        assert settled._unlike(one, tuple(other)) == [n for n, (a, b) in enumerate(pairs) if a != b]
