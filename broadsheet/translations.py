"""Which public stories are translations of each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from broadsheet.catalog import Catalog
from broadsheet.codec import packed
from broadsheet.digest import digest
from broadsheet.errors import Diagnostic
from broadsheet.frozen import FrozenMap
from broadsheet.model import Article, Trait
from broadsheet.urls import Base

_NONE: FrozenMap[str, str] = FrozenMap()


class Translations:
    """The public stories that share a `translation_key`, by language: of several in one, the oldest."""

    def __init__(self, catalog: Catalog, base: Base) -> None:
        self._catalog = catalog
        self._base = base
        self._groups: dict[str, dict[str, int]] = {}  # key -> language -> position
        self._doubles: list[tuple[int, int]] = []  # the position of a second one, and of the first
        stands = catalog.stands
        for position in catalog.having(Trait.TRANSLATED):
            if stands.traits[position] & Trait.NOINDEX:  # search engines are told of no page that they should leave out
                continue
            group = self._groups.setdefault(stands.translation[position], {})
            first = group.setdefault(stands.lang[position], position)
            if first != position:
                self._doubles.append((position, first))

    def alternates(self, article: Article) -> FrozenMap[str, str]:
        """language -> absolute URL of the translations of a story, itself included; empty without any.

        "x-default", for readers of other languages, is the version in the site's language, else the first."""
        group = self.of(article)
        if not group:
            return _NONE
        urls = self._catalog.stands.url
        addresses = {lang: self._base.absolute(urls[position]) for lang, position in group.items()}
        default = addresses.get(self._catalog.settings.site.language, next(iter(addresses.values())))
        return FrozenMap({**addresses, "x-default": default})

    def of(self, article: Article) -> Mapping[str, int]:
        """language -> position of the translations of a story, itself included; empty without any."""
        group = self._groups.get(article.matter.translation_key, {})
        alone = len(group) < 2 or group.get(article.lang, -1) != self._catalog.index.get(article.path)
        return {} if alone else group

    def marks(self) -> Mapping[str, bytes]:
        """By key of each group of several: what `alternates` says of its stories, as a digest."""
        stands = self._catalog.stands
        return {
            key: digest(packed([(lang, stands.path[i], stands.url[i]) for lang, i in group.items()]))
            for key, group in self._groups.items()
            if len(group) > 1
        }

    def doubles(self) -> Iterator[Diagnostic]:
        """A finding for each second story of a language."""
        for position, first in self._doubles:
            article, path = self._catalog.stories[position], self._catalog.stands.path[first]
            key = article.matter.translation_key
            line, column = article.matter.marks.get("translation_key", (0, 0))
            message = f"{path} is the translation “{key}” in the same language ({article.lang}): this one isn't named"
            hint = "give one of them another `translation_key:`, or its own `lang:`"
            yield Diagnostic(article.path, line, column, message, "ambiguous", hint)
