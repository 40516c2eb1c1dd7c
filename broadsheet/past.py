"""The last build of a profile, planned again from what it left: what its pages showed, story by story.

The state keeps one key a page. What a page held can be had from the parsed sources and the marks that lie beside it:
the plan of then is made once more, and where it gives the key that was kept, it is what was shown. Where it doesn't
(another profile or a build that failed has parsed the sources since), nobody pretends to know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from zoneinfo import ZoneInfo

from broadsheet import archive, keyed, plan, ranks, urls, views
from broadsheet.archive import Archive
from broadsheet.catalog import Catalog, Clock
from broadsheet.closures import Closures
from broadsheet.codec import moment
from broadsheet.files import Files
from broadsheet.frozen import FrozenMap, record
from broadsheet.history import Event
from broadsheet.keyed import Some
from broadsheet.ledger import Ledger
from broadsheet.marks import Marks
from broadsheet.model import Article, Planned
from broadsheet.pictured import Pictured
from broadsheet.ranking import Question
from broadsheet.ranks import Result
from broadsheet.rows import Row, read_rows
from broadsheet.state import State


@record
class Evidence:
    """What a build knows when it has found what to make: `before` is what the last one left in `kept`, `events` what is
    told of it and of those before; `keys`, `closures`, `base` and `basis` are those of now; `plan` reads the plan once
    more."""

    before: Ledger
    events: Sequence[Event]
    kept: State
    files: Files
    locales: FrozenMap[str, str]
    theme: FrozenMap[str, str]
    copied: plan.Files
    other_files: frozenset[str]
    base: bytes
    basis: Mapping[str, bytes]
    catalog: Catalog
    marks: Marks
    rows: Mapping[str, Row]
    questions: Sequence[Question]
    ranking: Result
    month: Callable[[int], ranks.Month]  # the vectors of the stories of a month, as they are now
    keys: Mapping[str, bytes]
    dirty: Some
    full: bool
    plan: Callable[[], Iterator[Planned]]
    closures: Closures


class Past:
    """The last build, planned with the settings of now: a page that these change has another key, so that nothing is
    told of what it showed. `whole`: nobody else has parsed the sources since."""

    def __init__(self, now: Evidence) -> None:
        self._ledger = now.before
        self.whole = now.kept.meta("told") == now.before.told
        settings = now.catalog.settings
        zone = ZoneInfo(settings.site.timezone)
        self.rows = read_rows(now.kept).rows
        self.archive = Archive(now.kept, settings.site.timezone, self.rows)
        clock = now.catalog.clock
        then = Clock(now=moment(now.before.at, zone), drafts=clock.drafts, future=clock.future)
        self.catalog = Catalog(self.archive.sources(), settings, then)
        base = urls.base(settings.site.base_url)
        unpack = archive.coder(settings.site.timezone).loads
        pictures = Pictured(now.before.pictures, now.before.picture_folders, base, unpack)
        facts = views.Facts(
            pictures=pictures,
            files=now.other_files,
            strings=views.strings(self.catalog, now.locales),
        )
        self.marks = _Kept(views.Views(self.catalog, base, facts), now.before.marks)
        self._planned: dict[str, Planned] = {}
        for page in plan.site(
            self.marks,
            replace(now.copied, pictures=pictures, content=_unread),
            [self._recommended(a) for a in self.catalog.stories],
        ):
            self._planned.setdefault(page.path, page)

    def page(self, path: str) -> Planned | None:
        """What the file at `path` was made from; None where that is not known for certain."""
        page, made = self._planned.get(path), self._ledger.files.get(path)
        if page is None or made is None:
            return None
        closure = self._ledger.closures.get(page.template, b"")
        return page if keyed.key(self._ledger.base, closure, page) == made[0] else None

    @cached_property
    def plain(self) -> frozenset[str]:
        """The sources of plain pages."""
        return frozenset([page.path for page in self.catalog.sources.pages])

    def maker(self, path: str) -> Planned | None:
        """What made the file at `path`, whatever it showed."""
        return self._planned.get(path)

    def story(self, path: str) -> Article | None:
        """A story as it was on the site; None where that is not known for certain."""
        article, marks = self.catalog.page_of.get(path), self._ledger.marks.get(path)
        if article is None or marks is None:
            return None
        settled = self._ledger.settled.get(path)
        if settled is not None and settled.standing.said == self.rows[path].source:
            return article
        return article if self.parts(path) is not None else None

    def parts(self, path: str) -> tuple[object, ...] | None:
        """`Marks.parts` of a story as it was; None where that is not known for certain."""
        article, marks = self.catalog.page_of.get(path), self._ledger.marks.get(path)
        if article is None or marks is None:
            return None
        return self.marks.parts(article) if self.marks.made_of(article) == marks.own else None

    def _recommended(self, article: Article) -> tuple[int, ...]:
        kept = self._ledger.settled.get(article.path)
        index = self.catalog.index
        return tuple(index[path] for path in kept.chosen if path in index) if kept else ()


def recalled(now: Evidence) -> Past | None:
    """The last build of the profile; None where there was none."""
    return Past(now) if now.before.at else None


class _Kept(Marks):
    """Marks as they were kept."""

    def _anew(self, _gone: Iterable[str]) -> set[int]:
        return {i for i, path in enumerate(self._shown.path) if path not in self.before}

    def made_of(self, article: Article) -> bytes:
        """The mark that the story's parts give."""
        return self._own(article)


def _unread(_: str) -> bytes:
    """The digest of a file that is only copied: nobody kept its bytes."""
    return b""
