"""What deciding and ranking need to know of stories, without their pages' text: told in two fifths of the time that
parsing them takes, for who is asked for a page of a site of which nothing is known yet."""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, chain

from broadsheet.articles import Parser
from broadsheet.files import Files
from broadsheet.frontmatter import Parts
from broadsheet.frozen import FrozenMap, record
from broadsheet.lazily import LazySequence
from broadsheet.markdown.plain import words_of
from broadsheet.model import Article, Body, Rendered, Stand
from broadsheet.settings import Settings
from broadsheet.sources import ParsedText, Source
from broadsheet.sourcetext import plain
from broadsheet.stands import stand


@record
class HeadBatch:
    """Stories to look at: their `paths` from the site folder `root`. The rest as in `articles.ParseBatch`."""

    root: str
    paths: tuple[str, ...]
    settings: Settings
    locales: FrozenMap[str, str]
    languages: FrozenMap[str, str]


@record
class Heads:
    """What `stands_in` and `Terms` read of some stories: packed together, because they say the same words again and
    again."""

    stands: bytes
    terms: bytes


def head_batch(batch: HeadBatch) -> Heads:
    """The heads of a batch, in its order: the work of a worker process."""
    parser = _Leafing(batch.settings, batch.locales, batch.languages)
    files = Files(batch.root)
    found = [parser.parse(path, files.read(path)).source for path in batch.paths]
    stories = [source if isinstance(source, Article) else None for source in found]
    content_dir = batch.settings.content_dir
    return Heads(
        stands=marshal.dumps([tuple(stand(story, content_dir)) if story else None for story in stories], 4),
        terms=_packed([story.terms if story else {} for story in stories]),
    )


def matters(
    files: Files, paths: Iterable[str], settings: Settings, locales: FrozenMap[str, str]
) -> Iterator[Source | None]:
    """Sources that are no stories, without their texts (None of one that has errors)."""
    parser = _Leafing(settings, locales, FrozenMap())
    return (parser.parse(path, files.read(path)).source for path in paths)


def stands_in(packed: bytes) -> list[Stand | None]:
    """The stands of stories, without the pictures and links in their texts; None of a source that has errors."""
    plain = marshal.loads(packed)  # noqa: S302  # a worker's
    return [values and Stand._make(values) for values in plain]


class Terms(LazySequence[Mapping[str, int]]):
    """The terms of stories (see `terms.features`): `names` are those of one after the other."""

    def __init__(self, packed: bytes) -> None:
        self.names: Sequence[str]
        self.names, self._features, self._ends = marshal.loads(packed)  # noqa: S302  # a worker's

    def __len__(self) -> int:
        return len(self._ends)

    def at(self, index: int) -> Mapping[str, int]:
        where = self._of(index)
        return dict(zip(self.names[where], self._features[where], strict=True))

    def names_of(self, index: int) -> Sequence[str]:
        """Those of one of the stories, without what else is known of them."""
        return self.names[self._of(index)]

    def _of(self, index: int) -> slice:
        return slice(self._ends[index - 1] if index else 0, self._ends[index])


def _packed(terms: Sequence[Mapping[str, int]]) -> bytes:
    """Names that come again and again, as they do, are packed once."""
    names = tuple(chain.from_iterable(terms))
    features = tuple(chain.from_iterable(found.values() for found in terms))
    return marshal.dumps((names, features, tuple(accumulate(map(len, terms)))), 4)


class _Leafing(Parser):
    """Reads no more of a story's text than its words, where a look can tell these, and that it stops no build; of other
    texts nothing."""

    def _read(self, path: str, data: bytes) -> Source | None:
        self._plain, self._size = plain(data), len(data)
        return super()._read(path, data)

    def _of_story(self, path: str, parts: Parts, lang: str) -> Rendered:
        strict = "error" in self._settings.checks.values()  # then anything may be what stops a build
        words = words_of(parts.body) if self._plain and not strict else None
        # The most that the words' letters take more than a byte each: terms.py reads other scripts anew.
        if words is None or (self._size - len(parts.matter) - len(parts.body)) * 5 > len(words):
            return super()._of_story(path, parts, lang)
        return Rendered(body=Body(html=""), text=words)

    def _text(self, path: str, parts: Parts, lang: str) -> ParsedText:  # noqa: ARG002  # as Parser has it
        return ParsedText(body=b"", empty=True)
