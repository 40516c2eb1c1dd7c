"""A build whose files are made one by one, as somebody asks for them. But for publishing it is like every build."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping

from broadsheet import archive, articles, plan, render, sitefolder, teasers, urls, work
from broadsheet.building import Build
from broadsheet.digest import digest
from broadsheet.errors import ContentError, Diagnostic, judge
from broadsheet.keyed import Keyed
from broadsheet.ledger import KEY
from broadsheet.model import Page, Planned, Trait
from broadsheet.pages import amended, story
from broadsheet.settings import Settings


class Job(Build):
    """The preview's build: `read_sources`, `decide` and `rank` as ever, then `plan_files`, and `file` or `picture` for
    what is asked for; `save` keeps it for the next one."""

    @staticmethod
    def address(_settings: Settings) -> str:
        """Every preview goes on from the last one, whatever its port: with another address all pages are other ones,
        and what stories recommend is the same."""
        return ""

    def plan_files(self) -> Keyed:
        """Every file of the site by path, each with its key, for who makes them one by one as they are asked for: see
        `fresh`, `check_plan`, `file` and `save`."""
        with self._stage("plan"):
            found = self._keyed()
            before, keys = self._before.files, found.key_of
            known = before.column(KEY)
            fresh = {path: (key, b"", b"") for path, key in keys.items() if known.get(path) != key}
            self._files_made = before.changed(fresh, known.keys() - keys.keys())
            return found

    def early(self, path: str) -> bytes | None:
        """The page of a story by its path in the output folder, once it is known what each recommends: the rest of the
        plan has no part in it. None where no public or unlisted story is there, or something is wrong with a link; and
        where it links to files, whose places depend on the order in which the plan comes to the pages."""
        page = self._early(path)
        if page is None:
            return None
        data = self.file(page)
        found = judge(tuple(self._views.links.diagnostics), self._checks)
        return None if any(finding.severity == "error" for finding in found) else data

    def _early(self, path: str) -> Page | None:
        addresses, address = self.catalog.shown.url, "/" + path.removesuffix("index.html")
        if address not in addresses:
            return None
        shown = self.catalog.shown[addresses.index(address)]  # of several the first
        if urls.output_path(shown.url) != path or urls.unsafe(path) or shown.traits & Trait.FILE_LINKS:
            return None
        return story(self._views, self.catalog.page_of[shown.path], self._recommended)

    def shows_new_pictures(self, known: Container[str]) -> bool:
        """Whether any picture of the plan is to be had at a path that is not among these."""
        return any(address not in known for address in self._pictures.addresses())

    def fresh(self, planned: Keyed) -> tuple[Iterator[Planned], Iterator[Planned]]:
        """The files of a plan that were not in the last one as they are now. Making them is what finds the mistakes in
        them; those of the others are known. First what may hold new ones, then the stories around which only other
        ones have changed."""
        known = self._before.files.column(KEY)
        dirty = [path for path, key in planned.key_of.items() if known.get(path) != key]
        around = self._unchanged() if len(dirty) > 1 else frozenset()
        return (
            (planned[path] for path in dirty if path not in around),
            (planned[path] for path in dirty if path in around),
        )

    def _unchanged(self) -> frozenset[str]:
        """The files of the stories that are as they were in the last plan."""
        if self._base != self._before.base:
            return frozenset()
        shown = zip(self.catalog.shown.path, self.catalog.shown.url, strict=True)
        now, before = self._marks.of, self._before.marks
        same = [url for path, url in shown if now.own_of(path) == before.own_of(path)]
        return frozenset([urls.output_path(url) for url in same])

    @property
    def settings(self) -> Settings:
        return self._settings

    def watched(self) -> Collection[str]:
        """The pictures outside of content/ and static/ that pages ask for, whether there or not."""
        return self._pictures.tried

    def check_plan(self) -> None:
        """Gather what there is to say of the plan and of the pages made so far."""
        self._check_plan()

    def file(self, page: Page) -> bytes:
        """One file of the site, but for pictures, as every build makes it. Raises ContentError where its template is
        broken, OSError where a file to copy is gone."""
        if isinstance(page.context, plan.CopyContext):
            path = page.context.path
            if not path.startswith("/") and not self._files.is_file(path):  # since it was planned
                raise FileNotFoundError(path)
            return self._files.read(path)
        bodies = self._archive.bodies({ref.digest for ref in render.body_refs(page)})
        return self._rendered_alone(page, bodies)

    def picture(self, page: Page, crew: work.Crew) -> bytes:
        """A variant of a picture, from the cache where it is in it. Raises ContentError where the file is damaged."""
        context = page.context
        assert isinstance(context, plan.PictureContext)  # noqa: S101  # what the template of the page says
        for _, encoded in self._cache.encoded([self._pictures.picture(context.path)], crew):
            if isinstance(encoded, Diagnostic):
                raise ContentError([encoded])
            return encoded.files[context.index]
        raise AssertionError  # one picture in, one out

    def amended(self, planned: Planned, path: str) -> tuple[bytes, tuple[Diagnostic, ...]] | None:
        """The page of a story whose source was edited, beside everything else as it was: its bytes (none, where it
        can't be read) and what was found. None where the edit may reach the site's order, so that all has to be planned
        again. What the page shows of other stories is that of this plan."""
        row = self._archive.rows.get(path)
        if row is None or row.stand is None:
            return None
        batch = articles.ParseBatch(
            sources=((path, self._files.read(path)),),
            settings=self._settings,
            locales=self._locales,
            languages=self._memo.languages,
        )
        (kept,) = archive.parse_batch(batch)
        found = list(self._coder.loads(kept.findings)) if kept.findings else []
        if kept.stand is None:
            return b"", self._told(found)
        if teasers.standing(kept.teaser) != self._archive.place(row.number):
            return None
        page = amended(planned, archive.article(kept, self._coder))
        links = self._views.links.diagnostics
        before = set(links)
        made = page.make()
        found += links - before
        if any(finding.severity == "error" for finding in judge(found, self._checks)):
            return b"", self._told(found)
        return self._rendered_alone(made, {kept.key: kept.body}), self._told(found)

    def saved_since(self, path: str) -> bool:
        """Whether a source says something else by now."""
        row = self._archive.rows.get(path)
        return row is not None and digest(self._files.read_or_none(path) or b"") != row.source

    def _told(self, found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        return sitefolder.with_excerpts(self._files, judge(found, self._checks))

    def _rendered_alone(self, page: Page, bodies: Mapping[bytes, bytes]) -> bytes:
        made = render.render_batch(render.RenderBatch(pages=(page,), theme=self._theme, bodies=bodies))
        if made.diagnostics:
            raise ContentError(self._told(made.diagnostics))
        return made.files[0][1]
