"""Who and what the names in sources mean: regions, authors, topics and series, each with an id and an address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from broadsheet import locale, urls
from broadsheet.frozen import record
from broadsheet.model import RegionMatter
from broadsheet.settings import Settings
from broadsheet.sources import AuthorSource, RegionSource, Sources


@record
class Region:
    """A region of the site. `url` is its front's path from the root."""

    id: str
    title: str
    description: str
    language: str
    url: str
    pins: tuple[str, ...] = ()  # paths of stories, as written
    source: RegionSource | None = None


@record
class Author:
    """A person or agency whose name stands over a story. `url` is "" for one named by unlisted stories alone, or whose
    name holds nothing that an address could be made of."""

    id: str
    name: str
    url: str
    source: AuthorSource | None = None


@record
class Term:
    """A topic or a series."""

    id: str
    name: str
    url: str


def regions(sources: Sources, settings: Settings, named: Iterable[str]) -> Mapping[str, Region]:
    """Every region that has a source, a setting or a story, in the order of the navigation."""
    indexed = {source.id: source for source in sources.regions}
    ids = dict.fromkeys([*settings.regions, *indexed, *sorted(named)])
    found: list[tuple[tuple[int, str], Region]] = []
    for key in ids:
        configured, source = settings.regions.get(key), indexed.get(key)
        matter = source.matter if source else RegionMatter()
        order = configured.order if configured and configured.order is not None else matter.order
        title = (configured.title if configured else "") or matter.title or title_of(key)
        region = Region(
            id=key,
            title=title,
            description=matter.description,
            language=(configured.language if configured else "") or matter.language or settings.site.language,
            url=f"/{key}/",
            pins=matter.pins,
            source=source,
        )
        found.append(((order if order is not None else 1_000_000, title), region))
    return {region.id: region for _, region in sorted(found, key=lambda item: (item[0], item[1].id))}


def title_of(key: str) -> str:
    """A title for a region that has none: "middle-east" gives "Middle East"."""
    return " ".join(word[:1].upper() + word[1:] for word in key.replace("_", "-").split("-"))


class Folded:
    """Slugs of names, each made once. I, ı and İ count as i: which of them is the capital of which depends on the
    language, and stories of several have a topic in common."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._known: dict[str, str] = {}

    def slug(self, name: str) -> str:
        made = self._known.get(name)
        if made is None:
            made = self._known[name] = urls.slugify(locale.fold(name, self._language), signs=True).replace("ı", "i")
        return made

    def person(self, name: str) -> str:
        """The slug of a byline, in plain letters: wires write a name with its accents one day and without the next."""
        return urls.plain_latin(self.slug(name))


def authors(
    sources: Sources, stories: Iterable[tuple[str, ...]], unlisted: Iterable[tuple[str, ...]], folded: Folded
) -> tuple[Mapping[str, Author], Mapping[str, str]]:
    """Authors by id, and the id of each byline as written: an author is matched by id, then by name. The bylines of
    stories, and those of unlisted ones, each once."""
    known = {source.id: source for source in sources.authors}
    by_name: dict[str, str] = {}
    for source in sorted(sources.authors, key=lambda source: source.path):
        by_name.setdefault(folded.person(source.matter.name), source.id)
    ids: dict[str, str] = {}
    authors: dict[str, Author] = {
        key: Author(id=key, name=source.matter.name, url=f"/authors/{key}/", source=source)
        for key, source in known.items()
    }
    for listed, bylines in ((True, stories), (False, unlisted)):
        for name in dict.fromkeys([name for names in bylines for name in names]):
            slug = folded.person(name)
            key = ids[name] = name if name in known else by_name.get(slug, slug) or name
            if key not in authors:
                authors[key] = Author(id=key, name=name, url=f"/authors/{key}/" if listed and slug else "")
    return authors, ids


def terms(taxonomy: str, names: Iterable[str], folded: Folded) -> Mapping[str, Term]:
    """Topics or series by id. Of several spellings the oldest story's names it, so that no newer one renames it."""
    spellings: dict[str, str] = {}
    for name in dict.fromkeys(names):
        if key := folded.slug(name):
            spellings.setdefault(key, name)
    return {key: Term(id=key, name=name, url=f"/{taxonomy}/{key}/") for key, name in sorted(spellings.items())}
