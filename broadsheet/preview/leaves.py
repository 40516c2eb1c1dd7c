"""Stories of which it is known where they stand and what they are about; each is parsed when somebody asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from broadsheet import articles, rows, state
from broadsheet.archive import Archive
from broadsheet.columns import stands_of
from broadsheet.errors import ContentError
from broadsheet.files import Files
from broadsheet.frozen import FrozenMap
from broadsheet.heads import Heads, terms_of
from broadsheet.lazily import LazySequence
from broadsheet.memo import languages_of
from broadsheet.model import Article, Stand
from broadsheet.settings import Settings
from broadsheet.sources import Sources, gathered
from broadsheet.stands import stand

_MOST = 500  # stories that are parsed for all pages that are asked for


class Leaves(Archive):
    """The sources of a site, of which stories are parsed when they are asked for."""

    def __init__(self, files: Files, settings: Settings, locales: FrozenMap[str, str], others: Sequence[str]) -> None:
        """`others`: the sources that are no stories, which are parsed at once."""
        super().__init__(state.opened("", b""), settings.site.timezone, rows.NONE)
        self._files = files
        self._settings = settings
        self._locales = locales
        self._texts: dict[bytes, bytes] = {}
        self._made: dict[str, Article] = {}
        indexes = [path for path in others if path.endswith("/_index.md")]
        self.languages: FrozenMap[str, str] = FrozenMap()
        found = self._parsed(indexes)
        self.languages = languages_of(found, settings)
        self._others = [*found, *self._parsed(sorted({*others} - {*indexes}))]
        self.take([])

    def take(self, heads: Sequence[Heads]) -> None:
        """These are the stories."""
        told = sorted([stand for some in heads for stand in some.stands if stand], key=_place)
        self._heads = {stand.path: stand._replace(pictures=()) for stand in told}
        self._packed = {
            one.path: terms for some in heads for one, terms in zip(some.stands, some.terms, strict=True) if one
        }
        self.stands = stands_of(self._heads.values())

    def whole(self) -> bool:
        """Know all of the stands of the stories that were parsed so far: pictures and links in their texts, too. False
        where nothing in them is news to who shows these stories."""
        content_dir, news = self._settings.content_dir, False
        for path, article in self._made.items():
            known, now = self._heads[path], stand(article, content_dir)
            news = news or (known.pictures, known.traits) != (now.pictures, now.traits)
            self._heads[path] = now
        if news:
            self.stands = stands_of(self._heads.values())
        return news

    def article(self, path: str) -> Article:
        """A story, parsed. Raises ContentError where it has errors, LookupError where too many were asked for: the plan
        is there sooner than all of them."""
        found = self._made.get(path)
        if found is None:
            if len(self._made) >= _MOST:
                raise LookupError(path)
            (made,) = self._parsed([path])
            assert isinstance(made, Article)  # noqa: S101  # by its path
            found = self._made[path] = made
        return found

    def about(self, path: str) -> Mapping[str, int]:
        """What a story is about: see `terms.features`."""
        return terms_of(self._packed[path])

    def sources(self) -> Sources:
        others = sorted(self._others, key=lambda source: source.path)
        return gathered(_Stories(self), self.stands, others)

    def body(self, key: bytes) -> bytes:
        return self._texts[key]

    def _parsed(self, paths: Iterable[str]) -> list[articles.Source]:
        batch = articles.ParseBatch(
            sources=tuple([(path, self._files.read(path)) for path in paths]),
            settings=self._settings,
            locales=self._locales,
            languages=self.languages,
        )
        found = []
        for parsed in articles.parse_batch(batch):
            if parsed.source is None:
                raise ContentError(parsed.diagnostics)
            self._texts[parsed.source.body if isinstance(parsed.source, Article) else parsed.source.text.body] = (
                parsed.body
            )
            found.append(parsed.source)
        return found


class _Stories(LazySequence[Article]):
    def __init__(self, leaves: Leaves) -> None:
        self._leaves = leaves
        self._paths = leaves.stands.path

    def __len__(self) -> int:
        return len(self._paths)

    def at(self, index: int) -> Article:
        return self._leaves.article(self._paths[index])


def _place(stand: Stand) -> tuple[int, str]:
    return stand.published, stand.path
