"""Recommended: the ranking against a plain oracle, its settledness, and the rules of a list."""

from __future__ import annotations

import math
import os
import pickle
import random
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice

import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet import terms
from broadsheet.related import _AGES, DAY, MAX_WEIGHT, Entry, Ranker, recommend, weigh
from broadsheet.terms import STANDFIRST, TITLE, TOPIC, features, topic_term

# --- the oracle: the same definition with dictionaries, from scratch for each pair --------------------------------


def oracle_vector(stories: Sequence[Entry], index: int) -> dict[str, int]:
    story = stories[index]
    earlier = [other for other in stories[:index] if other.month != story.month]
    together = 1
    while together < len(earlier):
        together *= 2

    def rarity(term: str) -> int:
        holding = 1
        while holding < sum(term in other.terms for other in earlier):
            holding *= 2
        return 2 * int(math.log2(together // holding)) + 1

    def of_body(term: str) -> int:
        uses = story.terms[term] >> 2
        table = (0, 4, 7, 8, 10, 10, 11, 12, 12, 13, 13, 14, 14, 14, 15, 15)
        return table[uses] if uses < 16 else 15

    in_body = [term for term, feature in story.terms.items() if feature >> 2]
    strongest = sorted(in_body, key=lambda term: (-(story.terms[term] >> 2) * rarity(term), term))[:20]
    full = {
        term: rarity(term) * (8 * (feature & 3) + (of_body(term) if term in strongest else 0))
        for term, feature in story.terms.items()
    }
    length = math.isqrt(sum(weight * weight for weight in full.values()))
    if not length:
        return {}
    tenths = {term: min((10 * weight + length // 2) // length, 7) for term, weight in full.items()}
    return {term: weight for term, weight in tenths.items() if weight}


def oracle_best(stories: Sequence[Entry], index: int, window_days: int) -> list[tuple[int, int]]:
    factor = {1: 1, 2: 2, 3: 4, 4: 4, 5: 4, 6: 4, 7: 4}
    read = oracle_vector(stories, index)
    found = []
    for candidate in range(index):
        age = stories[index].published - stories[candidate].published
        if age > window_days * DAY:
            continue
        vector = oracle_vector(stories, candidate)
        similar = sum(factor[weight] * vector[term] for term, weight in read.items() if term in vector)
        found.append((candidate, similar + 2 * sum(age <= days * DAY for days in _AGES)))
    return sorted(found, key=lambda item: (-item[1], -item[0]))


@st.composite
def archives(draw: st.DrawFn, most: int = 40) -> list[Entry]:
    """Stories in order of time over about two years, of a few common and some rare terms."""
    rnd = draw(st.randoms(use_true_random=False))
    count = draw(st.integers(0, most))
    days = sorted(rnd.choice((rnd.randrange(700), rnd.randrange(3))) for _ in range(count))
    return [made(rnd, day * DAY + rnd.choice((0, 0, 1)) * 3600 * (n % 2), day // 30) for n, day in enumerate(days)]


def made(rnd: random.Random, published: int, month: int) -> Entry:
    vocabulary = [f"w{number}" for number in range(rnd.choice((8, 60)))]
    words = rnd.sample(vocabulary, rnd.randrange(min(40, len(vocabulary))))
    terms = {word: rnd.choice((1, 2, 3, 4, 8, 9, 14, 40, 80)) for word in words}
    terms |= {f"#t{rnd.randrange(4)}": TOPIC for _ in range(rnd.randrange(3))}
    return Entry(published=published, month=month, terms=terms)


def in_order(stories: list[Entry]) -> list[Entry]:
    return sorted(stories, key=lambda story: story.published)


@settings(max_examples=examples(60), deadline=None)
@given(archives(), st.integers(1, 800), st.integers(1, 9), st.randoms(use_true_random=False))
def test_the_ranking_is_the_plain_definition_in_whatever_order_it_is_asked(stories, window, ahead, rnd):
    stories = in_order(stories)
    ranker = Ranker(stories, window, ahead=ahead)
    order = list(range(len(stories)))
    for index in order:  # by time, with the planes sliding
        assert list(ranker.best(index)) == oracle_best(stories, index, window)
    rnd.shuffle(order)
    for index in order:
        assert list(ranker.best(index)) == oracle_best(stories, index, window)


@settings(max_examples=examples(60), deadline=None)
@given(archives(), archives(12), st.integers(1, 800))
def test_newer_stories_never_change_an_older_storys_ranking(stories, more, window):
    stories = in_order(stories)
    last = stories[-1].published if stories else 0
    month = stories[-1].month if stories else 0
    newer = [replace(story, published=last + story.published, month=month + story.month) for story in in_order(more)]
    alone, grown = Ranker(stories, window), Ranker(stories + newer, window)
    for index in range(len(stories)):
        assert list(alone.best(index)) == list(grown.best(index))


@settings(max_examples=examples(40), deadline=None)
@given(archives(), st.randoms(use_true_random=False))
def test_the_order_of_a_storys_terms_is_no_matter(stories, rnd):
    stories = in_order(stories)

    def shuffled(terms: Mapping[str, int]) -> dict[str, int]:
        return dict(rnd.sample(sorted(terms.items()), len(terms)))

    other = [replace(story, terms=shuffled(story.terms)) for story in stories]
    for index in range(len(stories)):
        assert list(Ranker(stories, 900).best(index)) == list(Ranker(other, 900).best(index))


@settings(max_examples=examples(40), deadline=None)
@given(archives())
def test_an_explanation_adds_up_to_the_score(stories):
    stories = in_order(stories)
    ranker = Ranker(stories, 900)
    for index in range(len(stories)):
        for candidate, score in ranker.best(index):
            why = ranker.explain(index, candidate)
            assert why.score == score == sum(points for _, points in why.terms) + why.nearness
            assert [points for _, points in why.terms] == sorted((points for _, points in why.terms), reverse=True)


@settings(max_examples=examples(40), deadline=None)
@given(archives())
def test_kept_vectors_rank_as_new_ones_and_are_small(stories):
    stories = in_order(stories)
    vectors = weigh(stories)
    assert all(0 < weight <= MAX_WEIGHT for _, weights in vectors for weight in weights)
    kept = Ranker(stories, 900, pickle.loads(pickle.dumps(vectors)))  # noqa: S301  # our own bytes
    for index in range(len(stories)):
        assert list(kept.best(index)) == list(Ranker(stories, 900).best(index))


def test_the_hash_seed_is_no_matter():
    program = (
        "from broadsheet.related import Entry, Ranker\n"
        "from broadsheet.terms import features\n"
        "texts = ['ferry talks in Istanbul', 'talks on ferry prices', 'grain prices rise', 'ferry strike ends talks']\n"
        "stories = [Entry(published=n * 9 ** 6, month=n // 2, terms=features(t, t, ('sea',), t * 3, 'en'))\n"
        "           for n, t in enumerate(texts)]\n"
        "print([list(Ranker(stories, 1095).best(n)) for n in range(4)], list(stories[3].terms.items()))\n"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(outputs) == 1


# --- ties, the window, nearness ------------------------------------------------------------------------------------


def story(published: int, *words: str, month: int | None = None) -> Entry:
    terms = dict.fromkeys(words, TITLE)
    return Entry(published=published, month=published // (30 * DAY) if month is None else month, terms=terms)


def test_of_equals_the_newest_comes_first_and_then_the_later_in_order():
    stories = [story(0, "sea"), story(0, "sea"), story(10, "sea"), story(10, "sea"), story(20, "sea")]
    assert [candidate for candidate, _ in Ranker(stories, 1095).best(4)] == [3, 2, 1, 0]


def test_a_story_as_old_as_the_window_is_a_candidate_and_a_second_older_is_not():
    stories = [story(0, "sea"), story(1, "sea"), story(1095 * DAY + 1, "sea")]
    assert [candidate for candidate, _ in Ranker(stories, 1095).best(2)] == [1]


def test_the_first_story_has_no_candidates():
    assert list(Ranker([story(0, "sea")], 1095).best(0)) == []


def test_stories_without_any_terms_rank_by_nearness_alone():
    stories = [Entry(published=day * DAY, month=0, terms={}) for day in (0, 300, 400)]
    assert list(Ranker(stories, 1095).best(2)) == [(1, 6), (0, 0)]


def test_nearness_is_worth_fifteen_points_and_halves_every_ninety_days():
    stories = [Entry(published=day * DAY, month=day // 30, terms={}) for day in range(800)]
    for candidate, points in Ranker(stories, 1095).best(799):
        exact = 15 * 0.5 ** ((799 - candidate) / 90)
        assert abs(points - exact) <= 1.1, 799 - candidate


# --- rarity --------------------------------------------------------------------------------------------------------


def weights_of_last(stories: Sequence[Entry]) -> dict[str, int]:
    return dict(zip(*weigh(stories)[-1], strict=True))


def test_a_term_that_fewer_earlier_stories_hold_weighs_more():
    earlier = [story(n, "common", *(["rare"] if n == 0 else []), month=0) for n in range(64)]
    weights = weights_of_last([*earlier, story(100, "common", "rare", month=1)])
    assert weights["rare"] > weights.get("common", 0)


def test_stories_of_the_same_month_are_not_counted():
    earlier = [story(n, "harbour" if n % 2 else "market", month=0) for n in range(16)]
    asked = story(500, "harbour", "budget", month=1)
    same_month = [story(100 + n, "harbour", month=1) for n in range(50)]
    assert weigh([*earlier, asked])[-1] == weigh([*earlier, *same_month, asked])[-1]
    assert weigh([*earlier, *same_month, asked])[-1] != weigh([*earlier, *same_month, replace(asked, month=2)])[-1]


def test_counts_are_rounded_so_that_one_story_more_seldom_moves_a_weight():
    asked = story(10**6, "harbour", "budget", month=9)

    def weights(stories: int, harbour: int) -> object:
        return weigh([*(story(n, *(["harbour"] if n < harbour else []), month=0) for n in range(stories)), asked])[-1]

    assert weights(40, 5) == weights(41, 5) == weights(64, 8)
    assert weights(64, 8) != weights(64, 32)


# --- the list under a story ----------------------------------------------------------------------------------------

NOBODY: tuple[tuple[str, ...], ...] = ((),) * 20
RANKED = [(5, 40), (4, 30), (3, 20), (2, 10), (1, 5)]


def listed(ranked: Sequence[tuple[int, int]] = RANKED, authors: Sequence[tuple[str, ...]] = NOBODY, **given: object):
    arguments = {"limit": 4, "max_per_author": 2, **given}
    return recommend(6, iter(ranked), authors, **arguments)


def test_the_best_ranked_fill_the_list():
    assert listed() == (5, 4, 3, 2)


def test_picks_come_first_then_the_next_instalment_also_when_newer():
    assert listed(picks=(9, 2), instalment=7) == (9, 2, 7, 5)


def test_nothing_is_listed_twice_nor_the_story_itself():
    assert listed(picks=(6, 5, 5), instalment=5) == (5, 4, 3, 2)


def test_excluded_stories_are_left_out_everywhere():
    assert listed(picks=(9,), instalment=7, excluded={9, 7, 5}) == (4, 3, 2, 1)


def test_more_picks_than_the_limit_are_cut():
    assert listed(picks=(9, 8, 7, 5, 4)) == (9, 8, 7, 5)


def test_no_author_has_more_than_their_share_and_picks_count():
    authors = [("ada",) if n in (5, 4, 3, 9) else ("bea", "ada") if n == 2 else () for n in range(20)]
    assert listed(authors=authors) == (5, 4, 1)
    assert listed(authors=authors, picks=(9,)) == (9, 5, 1)


def test_picks_are_never_held_back_for_their_author():
    authors = [("ada",)] * 20
    assert listed(authors=authors, picks=(9, 8, 7)) == (9, 8, 7)


def test_too_few_candidates_make_a_shorter_list():
    assert listed(RANKED[:1]) == (5,)
    assert listed([]) == ()


def test_a_limit_of_nothing_lists_nothing():
    assert listed(limit=0, picks=(9,)) == ()


def test_no_more_is_ranked_than_is_needed():
    endless = ((n, 1) for n in iter(lambda: 3, None))
    assert recommend(6, islice(endless, 50), NOBODY, limit=1, max_per_author=2) == (3,)


# --- terms ---------------------------------------------------------------------------------------------------------


def test_a_term_carries_its_places_and_its_uses():
    found = features("Ferry talks", "Talks in the harbour", ("Sea Trade",), "Ferry, ferry and harbour. " * 2, "en")
    assert dict(found) == {
        "ferry": TITLE + (4 << 2),
        "talk": TITLE + STANDFIRST,
        "harbour": STANDFIRST + (2 << 2),
        "#sea trade": TOPIC,
    }


def test_only_the_most_used_words_of_a_body_are_kept():
    body = " ".join(
        f"word{letter} " * (3 if n < 30 else 2) for n, letter in enumerate("abcdefghijklmnopqrstuvwxyzABCDEFGH")
    )
    assert len(features("", "", (), body + " onceonly", "en")) <= 30
    assert "onceonly" not in features("", "", (), body + " onceonly", "en")


def test_a_short_body_gives_its_words_though_they_occur_once():
    assert set(features("", "", (), "Ferry reaches harbour", "en")) == {"ferry", "reache", "harbour"}


@pytest.mark.parametrize(
    ("lang", "one", "other"),
    [
        ("en", "Ferries", "ferry"),
        ("en", "İstanbul’s", "Istanbul"),
        ("en", "“Zürich”", "zürich"),
        ("en", "ZU\u0308RICH", "Zürich"),
        ("tr", "ISPARTA", "ısparta"),
        ("tr", "İSTANBUL’da", "istanbul"),
        ("tr-TR", "TÜRKİYE", "Türkiye"),
        ("ar", "الحكومة", "حكومه"),
        ("ar", "الحُكُومَة", "والحكومة"),
        ("el", "ΟΔΟΣΑ", "οδοσα"),
        ("hi", "सरकार।", "सरकार"),
    ],
)
def test_spellings_of_one_word_are_one_term(lang, one, other):
    assert set(features(one, "", (), "", lang)) == set(features(other, "", (), "", lang))


def test_marks_of_indic_scripts_do_not_cut_words():
    assert set(features("हिन्दी समाचार", "", (), "", "hi")) == {"हिन्दी", "समाचार"}


def test_scripts_without_spaces_are_read_in_pairs():
    assert set(features("東京都知事", "", (), "", "ja")) == {"東京", "京都", "都知", "知事"}
    assert set(features("abc東京", "", (), "", "en")) >= {"東京", "abc"}


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", "The and of which 12 a"), ("tr", "Ve İçin bir DE"), ("ar", "في من الذي إلى"), ("de", "der die und 7")],
)
def test_words_that_carry_no_subject_are_left_out(lang, words):
    assert dict(features(words, words, (), words, lang)) == {}


def test_a_topics_spelling_makes_no_difference():
    assert topic_term("Emerging-Tech", "en") == topic_term("emerging tech", "en") == "#emerging tech"
    assert topic_term("IŞIK", "tr") == topic_term("ışık", "tr")


@given(st.text(max_size=200), st.text(max_size=200), st.sampled_from(["en", "tr", "ar", "ja", "de", ""]))
def test_any_text_gives_terms(title, body, lang):
    found = features(title, body, (title,), body, lang)
    assert all(term and feature > 0 for term, feature in found.items())
    assert found == features(title, body, (title,), body, lang)


@given(
    st.lists(st.sampled_from(["harbour", "çay", "«Zürich»", "naïve", "x_y", "東京", "a1", "— ", "café’s"]), max_size=40)
)
def test_words_among_others_are_read_as_they_are_alone(words):
    together = features("", "", (), " ".join(words), "en", body_terms=1000)
    alone = {term for word in words for term in features(word, "", (), "", "en")}
    assert set(together) == alone


def test_endless_words_are_left_out():
    assert dict(features("x" * 61, "", (), "y" * 100_000, "en")) == {}


def test_terms_are_small():
    body = " ".join(f"word{n % 90}" for n in range(533))
    assert len(pickle.dumps(features("A title of some words", "And a standfirst", ("sea",), body, "en"))) < 900


def test_terms_do_not_depend_on_how_many_words_were_met_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """A word that is several terms, met before and after the known words were forgotten."""
    text = " ".join(f"north‑south word{n} north‑south east‑west{n}‑x" for n in range(30))
    terms._vocabulary.cache_clear()
    wanted = features("", "", (), text, "en")
    assert all(type(term) is str for term in wanted)
    terms._vocabulary.cache_clear()
    monkeypatch.setattr(terms, "_WORDS_KNOWN", 7)
    assert features("", "", (), text, "en") == wanted
    assert features("", "", (), text, "en") == wanted
    terms._vocabulary.cache_clear()
