"""The first page of a preview of which nothing is known yet.

To show one page, the texts of the few stories that it shows have to be parsed; of all others it is enough to know where
they stand and what they are about. So a page is there long before all stories are parsed, byte for byte as it will be
then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import chain

from broadsheet import archives, listings, markdown, pages, rails, templates, work
from broadsheet.groups import files
from broadsheet.lazily import LazySequence
from broadsheet.marks import Marks
from broadsheet.model import Page, Planned
from broadsheet.pages import Stories
from broadsheet.preview.job import Job
from broadsheet.preview.leaves import Leaves
from broadsheet.preview.reading import Reading, worthwhile
from broadsheet.ranking import Question
from broadsheet.single import Single
from broadsheet.views import Views
from broadsheet.walking import Walk


class Opening(Job):
    """`begin`, then `early` for a page that people read: nothing else can be asked of it."""

    def begin(self, crew: work.Crew, walk: Walk | None = None, reading: Reading | None = None) -> bool:
        """Read all sources as far as pages need them that show other ones; False where it isn't worth that. Raises
        ContentError where one of those that are no stories has errors. `reading` may have begun already."""
        self._read_theme()
        paths = tuple([entry.path for entry in self._seen(walk, {}).entries])
        if not worthwhile(paths):
            return False
        if reading is not None and not reading.of(self._settings, self._locales, paths):
            reading.heads.close()
            reading = None
        if reading is None:
            reading = Reading(self._files, self._settings, self._locales, paths, crew)
        with closing(reading.heads) as heads:
            markdown.load()
            leaves = self._archive = self._leaves = Leaves(self._files, self._settings, self._locales)
            leaves.know(reading.indexes)
            leaves.languages = self._languages = reading.languages
            if leaves.spoken() != reading.languages:  # somebody has just changed one
                return False
            leaves.know(sorted({*reading.others} - {*reading.indexes}))
            templates.unchecked(self._theme).prepare(Stories.TEMPLATE)
            for some in heads:
                leaves.take(some)
            leaves.sort()
        self._said = len(self._found)
        self._chosen: dict[str, list[str]] = {}
        return True

    def early(self, path: str) -> bytes | None:
        """A story's page, the home page, or one of a region, a topic, an author or of text alone; None for others, for
        those that link to files (see `Job.early`), and where something is wrong with what the page shows. Raises
        ContentError where one of the stories on it has errors, LookupError where the page shows too many, or what has
        changed since `begin`."""
        data = None if path in self._static else super().early(path)
        return None if self.broken() or self._views.links.placed else data

    def _early(self, path: str) -> Page | None:
        addresses, address = self._leaves.stands.url, "/" + path.removesuffix("index.html")
        self._source = self._leaves.stands.path[addresses.index(address)] if address in addresses else ""
        while True:
            del self._found[self._said :]
            self.choose()
            page = self._page(path)
            if not self._leaves.whole():
                return page

    def _page(self, path: str) -> Page | None:
        """A page by what is known of the stories so far: of those that were not parsed yet, no pictures are."""
        if self._source:
            self._recommended = self._alone()
            return super()._early(path)
        return next((planned.make() for planned in self._lists() if planned.path == path), None)

    def _alone(self) -> Sequence[tuple[int, ...]]:
        """What stories recommend, of which only that of one is asked."""
        stands, index = self.catalog.stands, self.catalog.index
        place = index.get(self._source)
        if place is None:
            return _Only(len(index), -1, ())
        if self._source not in self._chosen:
            rule, standings = self._settings.rails.recommended, rails.standings(self.catalog)
            leaves, path = self._leaves, stands.path
            archive = Single(
                standings,
                leaves.holding(index),
                named=lambda i: leaves.named(path[i]),
                terms=lambda i: leaves.about(path[i]),
                settings=rule,
            )
            chosen = archive.recommended(place, self._questions[place])
            self._chosen[self._source] = [stands.path[i] for i in chosen]
        return _Only(len(index), place, tuple([index[path] for path in self._chosen[self._source]]))

    def _said_by_editors(self) -> Sequence[Question]:
        return rails.questions(self._views, of={self.catalog.index.get(self._source, -1)})

    def _lists(self) -> Iterator[Planned]:
        marks = _Unmarked(self._views)
        yield listings.home(marks)
        found = chain(
            listings.regions(marks), archives.topics(marks), archives.authors(marks), pages.plain(self._views)
        )
        yield from (planned for planned in files(found) if planned.template.endswith(".html"))


class _Unmarked(Marks):
    """Of stories of which nobody has to know whether they are as they were."""

    def __init__(self, views: Views) -> None:
        self.views = views

    def headlines(self, positions: Sequence[int]) -> bytes:  # noqa: ARG002  # as Marks has it
        return b""

    def cards(self, positions: Sequence[int]) -> bytes:  # noqa: ARG002  # as Marks has it
        return b""

    def person(self, key: str) -> bytes:  # noqa: ARG002  # as Marks has it
        return b""

    def topic(self, key: str, taxonomy: str) -> bytes:  # noqa: ARG002  # as Marks has it
        return b""

    def region(self, key: str) -> bytes:  # noqa: ARG002  # as Marks has it
        return b""


class _Only(LazySequence[tuple[int, ...]]):
    """What stories recommend, of which one is asked."""

    def __init__(self, size: int, index: int, chosen: tuple[int, ...]) -> None:
        self._size = size
        self._index = index
        self._chosen = chosen

    def __len__(self) -> int:
        return self._size

    def at(self, index: int) -> tuple[int, ...]:
        return self._chosen if index == self._index else ()
