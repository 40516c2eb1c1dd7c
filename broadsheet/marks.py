"""What each story shows, as digests: the plan compares these in place of cards and bodies.

`own` stands for everything that a story's page and its item in a feed hold of the story itself; `headline`, `card` and
`entry` (its line in a sitemap) for what other files hold of it. Equal marks mean equal projections, as long as the base
(settings, site, theme's strings) is the same. A mark is made from the story's record only when its `own` is new.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from broadsheet.codec import microseconds, packed
from broadsheet.digest import digest, fingerprint
from broadsheet.frozen import record
from broadsheet.model import Article
from broadsheet.views import Views


@record
class StoryMarks:
    own: bytes
    headline: bytes
    card: bytes
    entry: bytes


# What `Marks.parts` gives, in words.
PARTS = (
    *("source", "path", "region", "name of the region", "whether the region has a front", "authors", "topics"),
    *("series", "links and pictures", "translations", "time of the update", "corrections that have come", "status"),
)


class Marks:
    """The marks of every story that has a page. `before` are those of the last build by path, of the same base."""

    def __init__(self, views: Views, before: Mapping[str, StoryMarks]) -> None:
        self.views = views
        self._regions = {key: mark(views.region(key)) for key in views.catalog.regions}
        self._people: dict[str, bytes] = {}
        self._topics: dict[tuple[str, str], bytes] = {}
        catalog = views.catalog
        self.of: dict[str, StoryMarks] = {}
        for article in (*catalog.stories, *catalog.unlisted):  # a notice shows nothing of a withdrawn one
            own = self._own(article)
            known = before.get(article.path)
            self.of[article.path] = known if known is not None and known.own == own else self._made(article, own)
        stories = [self.of[article.path] for article in catalog.stories]
        # By position, as the catalog's lists name stories.
        self.own: Sequence[bytes] = [found.own for found in stories]
        self.headline: Sequence[bytes] = [found.headline for found in stories]
        self.card: Sequence[bytes] = [found.card for found in stories]
        self.entry: Sequence[bytes] = [found.entry for found in stories]

    def headlines(self, positions: Iterable[int]) -> bytes:
        return b"".join([self.headline[i] for i in positions])

    def cards(self, positions: Iterable[int]) -> bytes:
        return b"".join([self.card[i] for i in positions])

    def owns(self, positions: Iterable[int]) -> bytes:
        return b"".join([self.own[i] for i in positions])

    def person(self, key: str) -> bytes:
        found = self._people.get(key)
        if found is None:
            found = self._people[key] = mark(self.views.person(key))
        return found

    def topic(self, key: str, taxonomy: str) -> bytes:
        found = self._topics.get((taxonomy, key))
        if found is None:
            found = self._topics[taxonomy, key] = fingerprint(self.views.topic(key, taxonomy))
        return found

    def region(self, key: str) -> bytes:
        return self._regions.get(key) or mark(self.views.region(key))

    def _own(self, article: Article) -> bytes:
        return _plain(self.parts(article))

    def parts(self, article: Article) -> tuple[object, ...]:
        """The story's source, and all that its pages take from elsewhere: names, links, pictures, translations, and
        which of its dates have come. PARTS names them."""
        views, catalog = self.views, self.views.catalog
        matter = article.matter
        updated = views.updated(article)
        return (
            source_of(article),
            article.path,  # a file's name may say its date and address
            article.region,
            self.region(article.region),
            article.region in catalog.regions,
            [self.person(key) for key in catalog.author_ids(article)],
            [self.topic(key, "topics") for key in catalog.topic_ids(article)],
            [self.topic(key, "series") for key in catalog.series_ids(article)],
            views.links.mark(article),
            sorted(views.alternates(article).items()) if matter.translation_key else (),
            microseconds(updated) if updated else 0,
            len(catalog.corrections(article)) if matter.corrections else 0,
            matter.status,
        )

    def _made(self, article: Article, own: bytes) -> StoryMarks:
        """The projections themselves, told as plain values: `fingerprint` would take five times as long."""
        views = self.views
        if article.path not in views.catalog.index:  # unlisted stories stand in no list
            return StoryMarks(own=own, headline=own, card=own, entry=own)
        line = views.headline(article)
        headline = (line.url, line.title, line.label, line.byline, line.lang, line.dir)
        card = views.card(article)
        rest = (card.standfirst, card.kicker, self.region(article.region), str(card.date), card.minutes)
        picture = card.picture
        entry = (line.url, str(lastmod(views, article)), picture and picture.absolute, article.matter.noindex)
        return StoryMarks(
            own=own,
            headline=_plain(headline),
            card=_plain((headline, rest, picture and fingerprint(picture))),
            entry=_plain((entry, picture and picture.remote)),
        )


def lastmod(views: Views, article: Article) -> date:
    """When a story was last changed, for sitemaps."""
    return views.updated(article) or article.published


def source_of(article: Article) -> bytes:
    """What the story's source says: its digest where the archive knows it."""
    known: bytes | None = getattr(article, "source", None)
    return known if known is not None else fingerprint(article)


def mark(value: object) -> bytes:
    """The digest of a value that pages show; of nothing, nothing."""
    return b"" if value is None else fingerprint(value)


def _plain(values: object) -> bytes:
    return digest(packed(values))
