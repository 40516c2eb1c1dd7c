"""What deciding needs to know of a story, taken from the whole of it."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from broadsheet.codec import microseconds
from broadsheet.columns import Stands, stands_of
from broadsheet.digest import fingerprint
from broadsheet.model import Article, Stand, StoryMatter, Trait
from broadsheet.sources import Sources


def stand(article: Article, content_dir: str, source: bytes = b"") -> Stand:
    """The stand of a story below `content_dir`; `source` is the digest of what its source says."""
    matter = article.matter
    named = [*([matter.image] if matter.image else []), *article.pictures]
    return Stand(
        path=article.path,
        source=source,
        url=article.url,
        region=article.region,
        slug=article.slug,
        lang=article.lang,
        published=microseconds(article.published),
        expires=microseconds(matter.expires) if matter.expires else None,
        draft=matter.draft,
        unlisted=matter.unlisted,
        withdrawn=matter.status == "withdrawn",
        month=article.date.year * 12 + article.date.month - 1,
        shown_month=article.published.year * 12 + article.published.month - 1,
        authors=matter.authors,
        topics=matter.topics,
        series=matter.series,
        pictures=tuple(dict.fromkeys(ref.src for ref in named)),
        targets=_named(article, "story", content_dir),
        files=_named(article, "file", content_dir),
        sites=tuple(dict.fromkeys([link.place for link in article.links if link.kind == "site"])),
        related=tuple([resolved(content_dir, article.path, target) for target in matter.related]),
        excluded=tuple([resolved(content_dir, article.path, target) for target in matter.related_exclude]),
        translation=matter.translation_key,
        turns=_turns(matter),
        traits=_traits(article, matter),
    )


def _named(article: Article, kind: str, content_dir: str) -> tuple[str, ...]:
    """The paths, from the site folder, that a story's links of a kind lead to, each once."""
    found = [resolved(content_dir, article.path, link.target) for link in article.links if link.kind == kind]
    return tuple(dict.fromkeys(found))


def resolved(content_dir: str, source: str, target: str) -> str:
    """The path, from the site folder, of what a source names; a leading "/" means the content folder."""
    if target.startswith("/"):
        return posixpath.normpath(content_dir + target)
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), target))


def in_order(sources: Sources, content_dir: str) -> tuple[Sequence[Article], Stands]:
    """The articles in (published, path) order, and their stands."""
    if sources.stands is not None:
        return sources.articles, sources.stands
    told = [(article, stand(article, content_dir, fingerprint(article))) for article in sources.articles]
    told.sort(key=lambda pair: (pair[1].published, pair[1].path))
    return [article for article, _ in told], stands_of([stand for _, stand in told])


def _turns(matter: StoryMatter) -> tuple[int, ...]:
    moments = [*([matter.updated] if matter.updated else []), *(note.date for note in matter.corrections)]
    return tuple(map(microseconds, moments))


def _traits(article: Article, matter: StoryMatter) -> int:
    found = {
        Trait.NOINDEX: matter.noindex,
        Trait.SPONSORED: matter.label == "sponsored",
        Trait.ALIASES: bool(matter.aliases),
        Trait.CORRECTIONS: bool(matter.corrections),
        Trait.UPDATED: matter.updated is not None,
        Trait.PIN: matter.pin is not None,
        Trait.PICKS: bool(matter.related or matter.related_exclude),
        Trait.TRANSLATED: bool(matter.translation_key),
        Trait.FILE_LINKS: any(link.kind == "file" for link in article.links),
        Trait.EMBARGO: matter.embargo == article.published,
    }
    return sum(trait for trait, held in found.items() if held)
