"""What deciding and ranking need to know of stories, without their pages' text: told in two fifths of the time that
parsing them takes, for who is asked for a page of a site of which nothing is known yet."""

from __future__ import annotations

import marshal
from collections.abc import Mapping

from broadsheet.articles import Parser
from broadsheet.files import Files
from broadsheet.frontmatter import Parts
from broadsheet.frozen import FrozenMap, record
from broadsheet.markdown.plain import words_of
from broadsheet.model import Article, Body, Rendered, Stand
from broadsheet.settings import Settings
from broadsheet.sourcetext import without_controls
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
    """The stands of some stories, but for the pictures and links in their texts (None of a source that has errors);
    `terms`: of each of them (see `terms.features`), packed."""

    stands: tuple[Stand | None, ...]
    terms: tuple[bytes, ...]


def head_batch(batch: HeadBatch) -> Heads:
    """The heads of a batch, in its order: the work of a worker process."""
    parser = _Leafing(batch.settings, batch.locales, batch.languages)
    files = Files(batch.root)
    found = [parser.parse(path, files.read(path)).source for path in batch.paths]
    stories = [source if isinstance(source, Article) else None for source in found]
    content_dir = batch.settings.content_dir
    return Heads(
        stands=tuple([stand(story, content_dir) if story else None for story in stories]),
        terms=tuple([marshal.dumps(dict(story.terms.items()), 2) if story else b"" for story in stories]),
    )


def terms_of(packed: bytes) -> Mapping[str, int]:
    found: Mapping[str, int] = marshal.loads(packed)  # noqa: S302  # a worker's
    return found


class _Leafing(Parser):
    """Reads no more of a story's text than its words, where a look can tell these, and that it stops no build."""

    def _of_story(self, path: str, parts: Parts, lang: str) -> Rendered:
        body, problems = without_controls(path, parts.body, parts.body_line)
        strict = "error" in self._settings.checks.values()  # then anything may be what stops a build
        words = None if strict else words_of(body)
        if problems or words is None or len(words.encode()) * 5 > len(words) * 6:  # terms.py reads other scripts anew
            return super()._of_story(path, parts, lang)
        return Rendered(body=Body(html=""), text=words)
