"""A month of stories the other way round: which of them hold a term, and with what weight. A ranking of a few stories
asks for some dozens of terms in each month of its window, and so never reads what all the stories of a month hold."""

from __future__ import annotations

import marshal
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence, Set
from itertools import accumulate
from typing import TypeAlias

# Who holds a term: places in the month, in the order of its stories, each with the term's weight there (0: the story
# holds it, and it has no part in the story's vector).
Holders: TypeAlias = Sequence[tuple[int, int]]
# All terms of a story, and the weight of each.
Weighed: TypeAlias = tuple[tuple[str, ...], bytes]

_BETWEEN = "\n"  # terms: none holds white space of this kind (terms.py)
_LOOKS = 16  # words are numbered in the time in which one is looked for


class Postings:
    """The terms of a month's stories, sorted, each with its holders: kept as a few long stretches of bytes, of which
    only what is asked for is looked at."""

    def __init__(self, words: Sequence[str], ends: Sequence[int], places: Sequence[int], weights: bytes) -> None:
        """`ends`: where the holders of each of `words` end in `places` and `weights`."""
        self._words = words
        self._ends = ends
        self._places = places
        self._weights = weights

    def held(self, terms: Set[str]) -> dict[str, Holders]:
        """The holders of some terms; those that nobody holds are left out."""
        found: dict[str, Holders] = {}
        for term, number in self._found(terms):
            start, end = self._ends[number - 1] if number else 0, self._ends[number]
            found[term] = list(zip(self._places[start:end], self._weights[start:end], strict=True))
        return found

    def _found(self, terms: Set[str]) -> list[tuple[str, int]]:
        """Those of some terms that there are, each with its number among the words."""
        words = self._words
        if len(terms) * _LOOKS > len(words):
            numbers = dict(zip(words, range(len(words)), strict=True))
            return [(term, numbers[term]) for term in terms if term in numbers]
        told = [(term, bisect_left(words, term)) for term in terms]
        return [(term, number) for term, number in told if number < len(words) and words[number] == term]


def held(stories: Iterable[Weighed], terms: Set[str]) -> dict[str, Holders]:
    """The holders of some terms among stories in their order."""
    found: dict[str, list[tuple[int, int]]] = {}
    for place, (names, weights) in enumerate(stories):
        if not terms.isdisjoint(names):
            for term, weight in zip(names, weights, strict=True):
                if term in terms:
                    found.setdefault(term, []).append((place, weight))
    return dict(found)


def dumps(stories: Iterable[Weighed]) -> bytes:
    """The postings of stories in their order, as they are kept."""
    found: dict[str, tuple[list[int], list[int]]] = {}
    for place, (names, weights) in enumerate(stories):
        for term, weight in zip(names, weights, strict=True):
            holders = found.get(term)
            if holders is None:
                holders = found[term] = ([], [])
            holders[0].append(place)
            holders[1].append(weight)
    told = sorted(found.items())
    return marshal.dumps(
        (
            _BETWEEN.join([word for word, _ in told]).encode(),
            _packed(accumulate([len(places) for _, (places, _) in told])),
            _packed(place for _, (places, _) in told for place in places),
            bytes([weight for _, (_, weights) in told for weight in weights]),
        ),
        2,
    )


def loads(data: bytes) -> Postings:
    """What was kept. Nonsense raises ValueError, EOFError or TypeError."""
    words, ends, places, weights = marshal.loads(data)  # noqa: S302  # our own bytes: `State` checked their digest
    return Postings(
        words.decode().split(_BETWEEN) if words else (),
        memoryview(ends).cast("I"),
        memoryview(places).cast("I"),
        weights,
    )


def _packed(numbers: Iterable[int]) -> bytes:
    return array("I", numbers).tobytes()
