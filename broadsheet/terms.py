"""What a story is about, as weighted terms: the part of Recommended that is known when the story is parsed.

Words are runs of letters, digits and marks in any script, case-folded by the rules of the story's language. Words that
carry no subject are left out (lists for English, Turkish and Arabic; elsewhere words of up to three letters), endings
of plurals and the Arabic article are taken off, and scripts written without spaces are read in pairs of characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache
from operator import itemgetter

from broadsheet.frozen import FrozenMap
from broadsheet.patterns import pattern
from broadsheet.stopwords import STOPWORDS

TITLE = 2  # a term of the title counts twice,
STANDFIRST = 1  # of the standfirst once,
TOPIC = 2  # and a topic, a term of its own with a leading "#", twice
HEAD_BITS = 2  # the low bits of a feature: TITLE, STANDFIRST, their sum, or TOPIC; above them, uses in the body
BODY_TERMS = 30  # the most used words of a body are kept; related.py takes the strongest 20 of them
ENOUGH_TERMS = 20
LONGEST = 60  # characters: what is longer is no word

# A word of any script: letters, digits, and the marks that Python doesn't count among them.
_WORD = (
    r"[\w\u0300-\u036f\u0483-\u0487\u05b0-\u05bd\u0610-\u061a\u064b-\u065f\u0670"
    r"\u0900-\u0963\u0966-\u0dff\u0e00-\u0eff\u0f18-\u0fbc\u1000-\u109f\u1780-\u17d3]+"
)
# Quicker for the usual case: with these as spaces, most words of a Latin script are ASCII, and a table finds them.
_PUNCTUATION = "’‘“”–—…\u00a0•"
_ASCII = bytes(ord(chr(c).lower()) if chr(c).isalnum() else 32 for c in range(128)) + bytes(range(128, 256))
_UNSPACED = r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]{2,}"
_ARABIC_MARKS = pattern(r"[\u0610-\u061a\u0640\u064b-\u065f\u0670]")
_ARABIC_LETTERS = str.maketrans("أإآٱىة", "اااايه")
_DOTLESS_I = ("tr", "az")  # languages in which I is the capital of ı
_USES = itemgetter(1)
_STOP = {**STOPWORDS, "ar": frozenset(word.translate(_ARABIC_LETTERS) for word in STOPWORDS["ar"])}


def features(
    title: str, standfirst: str, topics: Sequence[str], text: str, lang: str, body_terms: int = BODY_TERMS
) -> FrozenMap[str, int]:
    """The terms of a story: term -> its place in title, standfirst or topics (low bits) and its uses in the body.

    `text` is the visible text of the body; `lang` a language tag. About 60 terms at most for a story of usual length.
    """
    language = lang[:2].lower()
    found: dict[str, int] = {}
    for term in _distinct(title, language):
        found[term] = TITLE
    for term in _distinct(standfirst, language):
        found[term] = found.get(term, 0) + STANDFIRST
    for term, uses in _most_used(text, language, body_terms):
        found[term] = found.get(term, 0) + (uses << HEAD_BITS)
    for topic in topics:
        found[topic_term(topic, language)] = TOPIC
    return FrozenMap(found)


@lru_cache(maxsize=10_000)  # an archive's topics come again and again
def topic_term(topic: str, lang: str) -> str:
    """The term that stands for a topic; spelling with hyphens or capitals makes no difference."""
    language = lang[:2].lower()
    if language in _DOTLESS_I:
        topic = topic.replace("I", "ı").replace("İ", "i")
    return "#" + " ".join(_folded(topic, language).replace("-", " ").replace("_", " ").split())


def _most_used(text: str, language: str, limit: int) -> list[tuple[str, int]]:
    """The most used terms of a long text with their uses; those that occur once only where there are few others."""
    found = _terms(text, language)
    used = [pair for pair in found.items() if pair[1] > 1]
    if len(used) < ENOUGH_TERMS:
        used = list(found.items())
    used.sort(key=_USES, reverse=True)  # equal uses stay in order of appearance
    return used[:limit]


def _terms(text: str, language: str) -> dict[str, int]:
    """The terms of a text and their uses, in order of appearance: without words that carry no subject, spellings of
    one term added up."""
    known = _vocabulary(language)
    found: dict[str | tuple[str, ...], int] = Counter(map(known.__getitem__, _split(text, language)))
    found.pop("", None)
    if not known.several or tuple not in set(map(type, found)):  # nearly always
        return found  # type: ignore[return-value]  # no tuples
    out: dict[str, int] = {}
    for word, uses in found.items():
        for term in (word,) if isinstance(word, str) else word:
            out[term] = out.get(term, 0) + uses
    return out


def _distinct(text: str, language: str) -> dict[str, object]:
    """`_terms` without their uses."""
    known = _vocabulary(language)
    found: dict[str | tuple[str, ...], object] = dict.fromkeys(map(known.__getitem__, _split(text, language)))
    found.pop("", None)
    if not known.several or tuple not in set(map(type, found)):
        return found  # type: ignore[return-value]  # no tuples
    return dict.fromkeys(term for word in found for term in ((word,) if isinstance(word, str) else word))


class _Vocabulary(dict[bytes, str | tuple[str, ...]]):
    """The term of each word of a language that was met: none ("") for a word that carries no subject, rarely several.
    An archive's words are few, and come again and again."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._stop = _STOP.get(language, frozenset())
        self.several = False  # whether a word with more than one term was met

    def __missing__(self, data: bytes) -> str | tuple[str, ...]:
        word = data.decode()
        parts = (word,) if word.isascii() else _words(word, self._language)
        found = tuple([term for part in parts if (term := self._term(part))])
        terms: str | tuple[str, ...] = found if len(found) > 1 else found[0] if found else ""
        self.several = self.several or isinstance(terms, tuple)
        if len(word) <= LONGEST:
            if len(self) >= _WORDS_KNOWN:
                self.clear()
            self[data] = terms
        return terms

    def _term(self, word: str) -> str:
        size = len(word)
        if word in self._stop or size > LONGEST:
            return ""
        if size < 4:
            shortest = 2 if self._stop else 4
            if size < 2 or word.isdigit() or (size < shortest and not _unspaced().match(word)):
                return ""
        if self._language == "en":
            return _singular(word) if word[-1] == "s" else word
        return _without_article(word) if self._language == "ar" else word


_WORDS_KNOWN = 100_000


@lru_cache(maxsize=8)
def _vocabulary(language: str) -> _Vocabulary:
    return _Vocabulary(language)


def _split(text: str, language: str) -> list[bytes]:
    """The words of a text, in order, in UTF-8; those beyond ASCII as they are written."""
    if language in _DOTLESS_I:
        text = text.replace("I", "ı").replace("İ", "i")
    for mark in _PUNCTUATION:
        if mark in text:
            text = text.replace(mark, " ")
    data = text.encode("utf-8", "replace")
    if len(data) * 2 > len(text) * 3:
        return " ".join(_words(text.replace("_", " "), language)).encode().split(b" ")
    return data.translate(_ASCII).split()


@cache
def _word() -> re.Pattern[str]:
    """Compiled where it is needed: most texts have no such word."""
    return re.compile(_WORD)


@cache
def _unspaced() -> re.Pattern[str]:
    return re.compile(_UNSPACED)


def _words(text: str, language: str) -> list[str]:
    return _cut(_folded(text, language))


def _cut(folded: str) -> list[str]:
    words: list[str] = _word().findall(folded)
    if _unspaced().search(folded):
        words = [part for word in words for part in _pairs(word)]
    return words


def _folded(text: str, language: str) -> str:
    text = unicodedata.normalize("NFC", text)
    if language == "ar":
        text = _ARABIC_MARKS.sub("", text).translate(_ARABIC_LETTERS)
    return text.casefold().replace("i\u0307", "i")


def _pairs(word: str) -> list[str]:
    """A run of a script without spaces as overlapping pairs of characters; any other word as it is."""
    if not _unspaced().search(word):
        return [word]
    out: list[str] = []
    end = 0
    for run in _unspaced().finditer(word):
        out.append(word[end : run.start()])
        out += [word[at : at + 2] for at in range(run.start(), run.end() - 1)]
        end = run.end()
    out.append(word[end:])
    return [part for part in out if part]


def _singular(word: str) -> str:
    """An English word that ends in s, without the ending of a plural where it has one."""
    if len(word) < 4 or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1]


def _without_article(word: str) -> str:
    """An Arabic word without the article and the conjunction or preposition written before it."""
    for prefix in ("وال", "بال", "فال", "كال", "ال", "لل"):
        if word.startswith(prefix) and len(word) >= len(prefix) + 3:
            return word[len(prefix) :]
    return word
