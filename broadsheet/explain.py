"""Why a page of the site is as it is, and why a story is not on it."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from urllib.parse import unquote

from broadsheet import dryrun, output, plan, related, urls, work
from broadsheet.catalog import Catalog
from broadsheet.dryrun import DryRun
from broadsheet.errors import Diagnostic, UsageError, closest
from broadsheet.files import Files
from broadsheet.frozen import record
from broadsheet.hindsight import last_made
from broadsheet.model import Article, LinkRef, Page, Planned, Trait
from broadsheet.months import vector
from broadsheet.past import Evidence
from broadsheet.reasons import Reason, Reasons
from broadsheet.rehearsal import ReadOnly, Rehearsal
from broadsheet.request import Progress, Request
from broadsheet.shown import holds, place_names, texts
from broadsheet.sources import AuthorSource, HomeSource, PageSource, RegionSource

_FEEDS = ("rss", "atom", "json-feed")


@record
class Choice:
    """A recommended story. `how` is "pick", "next instalment" or "score"; of a score, `points` is the sum of those of
    the `terms` that both stories hold (a topic's begins with "#") and of `nearness` in time."""

    path: str
    title: str
    how: str
    points: int = 0
    terms: tuple[tuple[str, int], ...] = ()
    nearness: int = 0


@record
class Place:
    """A file of the site that shows a story: as its "page", in "Explore", as "Recommended", in its "stories", by a
    "link" in its text…"""

    path: str
    place: str


@record
class Explanation:
    """What is known of one source, or one file of the site. What doesn't apply is empty.

    `path` is the file in the output folder, `url` its address; `templates` all files of the theme that it is made with;
    `status` whether its source is on the site: "public", "unlisted", "withdrawn", "draft", "embargoed", "scheduled",
    "never" (it expires before it comes out), "expired", "error" (`findings`), "gone" (from the next build on) or "" for
    what is no story or page; `moment` since when, or until when. `reasons`: what has changed about it since the last
    build, whose `action` is what the next build does to the file: "make", "keep", "delete" or "". `made` is when the
    file was made the last time, by the clock of the build that made it, and `because` what had changed for that one;
    nothing where that is no longer known. `stopped`: so many errors stop the next build.
    """

    source: str = ""
    path: str = ""
    url: str = ""
    template: str = ""
    templates: tuple[str, ...] = ()
    status: str = ""
    moment: datetime | None = None
    action: str = ""
    reasons: tuple[Reason, ...] = ()
    made: datetime | None = None
    because: tuple[Reason, ...] = ()
    recommended: tuple[Choice, ...] = ()
    places: tuple[Place, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    stopped: int = 0


def explain(request: Request, target: str, progress: Progress, door: Callable[[str], Files] = ReadOnly) -> Explanation:
    """Explain what `target` names: an address, a file of the output folder, or a source. Nothing is written. Raises
    UsageError where the site has no such thing, and otherwise what `dryrun.plan` does, but for findings of content."""

    def explained(job: DryRun, crew: work.Crew, folder: Rehearsal) -> Explanation:
        catalog = job.catalog
        named = _Named(target, Files(request.site), catalog, folder.folder)
        if job.broken():
            errors = [finding for finding in job.findings() if finding.severity == "error"]
            return _of_broken(named, catalog, errors)
        job.rank(crew)
        job.find_dirty(folder)
        return _Explainer(job.evidence(), folder).explain(named)

    return dryrun.rehearsing(explained, request, progress, door)


class _Named:
    """What somebody may mean: `source` is a path from the site folder, `file` one in the output folder."""

    def __init__(self, target: str, files: Files, catalog: Catalog, folder: str) -> None:
        self.target = target
        base = catalog.settings.site.base_url
        address = target
        if "://" in target:
            if not base or not target.startswith(base):
                raise UsageError(f"{target}: this site's addresses begin with {base or '/'}")
            address = "/" + target[len(base) :]
        address = unquote(address.partition("#")[0].partition("?")[0])
        self.source = posixpath.normpath(_below(target, files.root) or target)
        inside = _below(target, folder) or _below(os.path.join(files.root, target), folder)
        self.exact = inside or address.lstrip("/")  # some files have no dot in their names either
        self.file = inside or urls.output_path("/" + address.lstrip("/"))


def _is_file(page: Planned) -> bool:
    """Whether it is made of a file as it is: of static/, a picture, one beside a story."""
    return page.template in (plan.COPY, plan.PICTURE)


def _below(path: str, folder: str) -> str:
    """An absolute path as it is named from a folder; "" where it is not in there."""
    return path[len(folder) + 1 :] if path.startswith(folder + os.sep) else ""


def _of_broken(named: _Named, catalog: Catalog, errors: Sequence[Diagnostic]) -> Explanation:
    """What can be said while errors stop the build: whether a source is on the site."""
    source = _source(named, catalog)
    own = tuple(finding for finding in errors if finding.path == source)
    if source in catalog.sources.unread or own:
        return Explanation(source=source, status="error", findings=own, stopped=len(errors))
    status, moment = _status(source, catalog)
    return Explanation(source=source, status=status, moment=moment, stopped=len(errors))


def _source(named: _Named, catalog: Catalog) -> str:
    """The source that is meant, by its path or its address."""
    sources = catalog.sources
    every = {*catalog.every.path, *(page.path for page in sources.pages), *sources.unread}
    if named.source in every:
        return named.source
    found = _of_address(named, catalog)
    if found:
        return found
    raise _unknown(named, every)


def _of_address(named: _Named, catalog: Catalog) -> str:
    """The source whose address is meant, or whose address it once was (`aliases`), on the site or not; "" for none."""
    sources, files = catalog.sources, {named.file, urls.output_path(f"/{named.file}/")}
    at = next((n for n, url in enumerate(catalog.every.url) if urls.output_path(url) in files), None)
    if at is not None:
        return catalog.every.path[at]
    aliased = [sources.articles[n] for n, traits in enumerate(catalog.every.traits) if traits & Trait.ALIASES]
    addresses = [(page.path, (page.url, *page.matter.aliases)) for page in sources.pages]
    addresses += [(article.path, article.matter.aliases) for article in aliased]
    return next((path for path, some in addresses if not files.isdisjoint(map(urls.output_path, some))), "")


def _unknown(named: _Named, known: Collection[str]) -> UsageError:
    near = closest(named.source, known) or closest(named.file, known)
    hint = f": did you mean {near}?" if near else ": name an address, a file of the output folder or a source"
    return UsageError(f"{named.target}: the site has no such page or source{hint}")


def _status(path: str, catalog: Catalog) -> tuple[str, datetime | None]:
    """Whether a source is on the site, and since or until when."""
    article = next((a for a in catalog.sources.articles if a.path == path), None)
    if article is not None:
        return _of_story(article, catalog)
    page = next((p for p in catalog.sources.pages if p.path == path), None)
    return _of_page(page, catalog) if page else ("", None)


def _of_story(article: Article, catalog: Catalog) -> tuple[str, datetime | None]:
    off = catalog.hidden.get(article.path)
    if off is not None:
        moment = (
            None if off == "draft" else article.matter.expires if off in ("expired", "never") else article.published
        )
        return off, moment
    if article.path in catalog.index:
        return "public", article.published
    return ("withdrawn" if article.matter.status == "withdrawn" else "unlisted"), article.published


def _of_page(page: PageSource, catalog: Catalog) -> tuple[str, datetime | None]:
    status = catalog.status_of(page)
    return status, None if status == "draft" else page.matter.date


# --- a site without errors -----------------------------------------------------------------------------------------


class _Explainer:
    def __init__(self, now: Evidence, target: output.Output) -> None:
        self._now = now
        self._target = target
        self._why = Reasons(now, target)
        self._plan = {page.path: page for page in now.plan()}

    def explain(self, named: _Named) -> Explanation:
        page = (
            self._plan.get(named.exact)
            or self._plan.get(named.file)
            or self._plan.get(urls.output_path(f"/{named.file}/"))
            or next((page for page in self._plan.values() if page.source == named.source and _is_file(page)), None)
        )
        if named.source in self._now.rows:
            path = self._file_of(named.source)
            page = self._plan.get(path)
            if page is None or page.source != named.source:
                return self._off_site(named.source)
        if page is not None:
            return self._page(page)
        for file in (named.exact, named.file):
            if file in self._target.old:
                return self._gone(file)
        source = _of_address(named, self._now.catalog)
        if source:
            return self._off_site(source)
        raise _unknown(named, {**self._now.rows, **self._plan})

    def _file_of(self, source: str) -> str:
        """The file that is made of a source; "" where there is none."""
        article = self._now.catalog.page_of.get(source)
        if article is not None:
            return urls.output_path(article.url)
        return next((page.path for page in self._plan.values() if page.source == source), "")

    def _off_site(self, source: str) -> Explanation:
        status, moment = _status(source, self._now.catalog)
        return Explanation(source=source, status=status, moment=moment, reasons=tuple(self._why.story(source)))

    def _gone(self, path: str) -> Explanation:
        reasons = self._why.gone(path)
        return Explanation(path=path, url=_address(path), status="gone", action="delete", reasons=reasons)

    def _page(self, page: Planned) -> Explanation:
        now = self._now
        status, moment = _status(page.source, now.catalog)
        is_dirty = page.path in now.dirty.paths
        story = page.source in now.marks.of and page.template == "article.html"
        made, because = last_made(now, page, self._target)
        return Explanation(
            source=page.source,
            path=page.path,
            url=_address(page.path),
            template=page.template,
            templates=tuple(sorted(name for name in now.closures.files(page.template) if name in now.theme)),
            status=status,
            moment=moment,
            action="make" if is_dirty else "keep",
            reasons=self._why.of(page) if is_dirty else (),
            made=made,
            because=because,
            recommended=tuple(self._recommended(page.source)) if story else (),
            places=tuple(self._places(page.source, page.path)) if story else (),
        )

    # --- what a story recommends -------------------------------------------------------------------------------

    def _recommended(self, path: str) -> Iterator[Choice]:
        catalog, ranking = self._now.catalog, self._now.ranking
        index = catalog.index.get(path)
        if index is None:
            return
        question = self._now.questions[index]
        for position in ranking.recommended[index]:
            chosen = catalog.stories[position]
            title = chosen.matter.title
            if position in question.picks:
                yield Choice(path=chosen.path, title=title, how="pick")
            elif position == question.instalment:
                yield Choice(path=chosen.path, title=title, how="next instalment")
            else:
                why = self._points(index, position)
                yield Choice(
                    path=chosen.path,
                    title=title,
                    how="score",
                    points=why.score,
                    terms=why.terms,
                    nearness=why.nearness,
                )

    def _points(self, index: int, candidate: int) -> related.Explanation:
        paths = self._now.catalog.stands.path
        settled = [self._now.ranking.settled[paths[i]].standing for i in (candidate, index)]
        entries = [related.Entry(published=one.published, month=one.month, terms={}) for one in settled]
        vectors = [vector(self._now.month(one.month)[one.path]) for one in settled]
        window = self._now.catalog.settings.rails.recommended.window_days
        return related.Ranker(entries, window, vectors).explain(1, 0)

    # --- who shows a story -------------------------------------------------------------------------------------

    def _places(self, path: str, own: str) -> Iterator[Place]:
        marks = self._now.marks.of[path]
        views, catalog = self._now.marks.views, self._now.catalog
        wanted = {marks.headline, marks.card, marks.entry, marks.own}
        addresses = {views.base.absolute(catalog.page_of[path].url), views.base.href(catalog.page_of[path].url)}
        for page in self._plan.values():
            if page.path == own or (page.template in _FEEDS and catalog.page_of[path].matter.noindex):
                continue
            names = place_names(page.template)
            found = [n for n, shown in enumerate(page.shown) if any(holds(shown, mark) for mark in wanted)]
            for n in found:
                yield Place(path=page.path, place=names[n] if n < len(names) else "stories")
            if not found and len(page.shown) == 1 and not addresses.isdisjoint(texts(_made(page).context)):
                yield Place(path=page.path, place="address")
        stands = catalog.stands
        for position in views.translations.of(catalog.page_of[path]).values():
            if stands.path[position] != path:
                yield Place(path=urls.output_path(stands.url[position]), place="translations")
        yield from self._links(path)

    def _links(self, path: str) -> Iterator[Place]:
        """The pages whose text links to a story, and the feeds that carry such a text."""
        catalog, resolve = self._now.catalog, self._now.marks.views.links.resolve

        def leads(source: str, links: Iterable[LinkRef]) -> bool:
            return any(link.kind == "story" and resolve(source, link.target) == path for link in links)

        stories = [a for a in (*catalog.stories, *catalog.unlisted) if a.links and leads(a.path, a.links)]
        for article in stories:
            yield Place(path=urls.output_path(article.url), place="link")
        sources = catalog.sources
        others: list[RegionSource | AuthorSource | HomeSource] = [*sources.regions, *sources.authors]
        others += [sources.home] if sources.home else []
        for source in others:
            if leads(source.path, source.text.links) and (file := self._file_of(source.path)):
                yield Place(path=file, place="link")
        if catalog.settings.feeds.content == "full":
            marks = [self._now.marks.of[article.path].own for article in stories if not article.matter.noindex]
            for page in self._plan.values():
                if page.template in _FEEDS and any(holds(page.shown, mark) for mark in marks):
                    yield Place(path=page.path, place="link")


def _made(page: Planned) -> Page:
    return page.make()


def _address(path: str) -> str:
    return "/" + path.removesuffix("index.html")
