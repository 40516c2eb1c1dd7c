"""Names that are nearly one: other capitals, accents, hyphens, a plural, a slip of the finger."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping

from broadsheet.frozen import record

_SHORT = 5  # letters: below it one letter makes another word (Iran and Iraq)
_LONG = 8  # from here on one letter in place of another is a slip (policy and police are shorter)


@record
class Near:
    """Two names; `rare` is the one that fewer stories have, `common` the one to write. `same`: they differ only in
    capitals, accents and signs."""

    rare: str
    common: str
    same: bool


def near(names: Mapping[str, int]) -> Iterator[Near]:
    """The pairs among some names (and how many stories have each) that were probably meant as one, each rare name
    once; of two that are as common the first is the one to write. Takes time in proportion to the letters, not to the
    pairs."""
    ranked = sorted(names, key=lambda name: -names[name])  # of equals the first, as given
    first: dict[str, str] = {}  # squashed -> its commonest name
    for name in ranked:
        key = squashed(name)
        if not key:
            continue
        common = first.setdefault(key, name)
        if common != name:
            yield Near(rare=name, common=common, same=True)
    yield from _slips(first)


def _slips(first: Mapping[str, str]) -> Iterator[Near]:
    """Pairs one letter apart. Two words are one edit apart where they, or what is left of them without one letter,
    are equal: so only words that share such a remainder are compared."""
    seen: dict[str, list[str]] = {}
    for word in first:  # the commonest first
        if len(word) < _SHORT:
            continue
        remainders = {word, *(word[:n] + word[n + 1 :] for n in range(len(word)))}
        others = dict.fromkeys(other for remainder in remainders for other in seen.get(remainder, ()))
        common = next((other for other in others if _slip(word, other)), None)
        if common is not None:
            yield Near(rare=first[word], common=first[common], same=False)
        for remainder in remainders:
            seen.setdefault(remainder, []).append(word)


def _slip(word: str, other: str) -> bool:
    """Whether one of two words is probably the other: a letter more or less, two that changed places, or, in long
    words, another letter. Numbers tell things apart, and so do first letters."""
    if word[0] != other[0] or _digits(word) != _digits(other) or not word.isascii() or not other.isascii():
        return False
    if len(word) != len(other):
        return True
    apart = [n for n, (one, two) in enumerate(zip(word, other, strict=True)) if one != two]
    if len(apart) == 2:
        left, right = apart
        return right == left + 1 and word[left] == other[right] and word[right] == other[left]
    return len(apart) == 1 and len(word) >= _LONG


def _digits(word: str) -> str:
    return "".join(c for c in word if c.isdigit())


def squashed(name: str) -> str:
    """A name without what people write now one way and now another: capitals, accents, spaces, hyphens, full stops. The
    signs that tell names apart (C, C++, C#) stay."""
    text = unicodedata.normalize("NFKD", name.replace("ı", "i").replace("İ", "i").casefold())
    return "".join(c for c in text if c.isalnum() or c in "+#" or unicodedata.category(c) == "Mc")
