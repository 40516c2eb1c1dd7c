"""Stories of which it is known where they stand and what they are about; each is parsed when somebody asks for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from itertools import chain

from broadsheet import articles, rows, state
from broadsheet.archive import Archive
from broadsheet.columns import stands_of
from broadsheet.errors import ContentError
from broadsheet.files import Files
from broadsheet.frozen import FrozenMap
from broadsheet.heads import Heads, Terms, stands_in
from broadsheet.lazily import LazySequence, Recent
from broadsheet.memo import languages_of
from broadsheet.model import Article, Stand
from broadsheet.settings import Settings
from broadsheet.sources import Source, Sources, gathered
from broadsheet.stands import stand

_MOST = 500  # stories that are parsed for all pages that are asked for
_UNPACKED = 300  # batches of stories whose terms are at hand: stories come in order of time, batches by their folders


class Leaves(Archive):
    """The sources of a site, of which stories are parsed when they are asked for."""

    def __init__(self, files: Files, settings: Settings, locales: FrozenMap[str, str]) -> None:
        super().__init__(state.opened("", b""), settings.site.timezone, rows.NONE)
        self._files = files
        self._settings = settings
        self._locales = locales
        self._texts: dict[bytes, bytes] = {}
        self._made: dict[str, Article] = {}
        self.languages: FrozenMap[str, str] = FrozenMap()
        self._others: list[Source] = []
        self._heads: dict[str, Stand] = {}
        self._terms: list[bytes] = []
        self._at: dict[str, tuple[int, int]] = {}  # path -> where in these its terms are
        self._totals: Counter[str] = Counter()  # how many stories hold each term
        self._unpacked: Recent[int, Terms] = Recent(_UNPACKED)

    def know(self, others: Sequence[str]) -> None:
        """These sources are no stories."""
        self._others += self._parsed(others)

    def spoken(self) -> FrozenMap[str, str]:
        """The languages of the regions that have one of their own, by the sources known so far."""
        return languages_of(self._others, self._settings)

    def take(self, heads: Heads) -> None:
        """These are some of the stories; `sort` follows the last of them."""
        number = len(self._terms)
        self._terms.append(heads.terms)
        self._totals.update(self._unpacked.keep(number, Terms(heads.terms)).names)
        for place, one in enumerate(stands_in(heads.stands)):
            if one:
                self._heads[one.path] = one._replace(pictures=())
                self._at[one.path] = (number, place)

    def sort(self) -> None:
        self._heads = {one.path: one for one in sorted(self._heads.values(), key=_place)}
        self.stands = stands_of(self._heads.values())

    def holding(self, public: Container[str]) -> Mapping[str, int]:
        """How many of the public stories hold each term (see `terms.features`)."""
        secret = Counter(chain.from_iterable([self.named(path) for path in self._heads if path not in public]))
        return self._totals - secret if secret else self._totals

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
        terms, place = self._terms_at(path)
        return terms[place]

    def named(self, path: str) -> Sequence[str]:
        """The names of its terms."""
        terms, place = self._terms_at(path)
        return terms.names_of(place)

    def _terms_at(self, path: str) -> tuple[Terms, int]:
        number, place = self._at[path]
        return self._unpacked.get(number) or self._unpacked.keep(number, Terms(self._terms[number])), place

    def sources(self) -> Sources:
        others = sorted(self._others, key=lambda source: source.path)
        return gathered(_Stories(self), self.stands, others)

    def bodies(self, keys: Collection[bytes]) -> dict[bytes, bytes]:
        return {key: self._texts[key] for key in keys}

    def _parsed(self, paths: Iterable[str]) -> list[Source]:
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
