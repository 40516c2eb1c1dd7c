"""What is published, compared with what a build from nothing makes: what `--verify` runs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping

from broadsheet import adoption, engine, executors, output, plan, render, saving, sitefolder, state, work
from broadsheet.digest import digest
from broadsheet.errors import ContentError, Diagnostic
from broadsheet.files import Files
from broadsheet.frozen import record
from broadsheet.groundwork import Groundwork
from broadsheet.model import Planned
from broadsheet.picturecache import WORTH, EncodeBatch, encode_batch
from broadsheet.request import Progress, Request


@record
class Difference:
    """A file that is not what a clean build makes: up to 60 bytes of each from byte `offset` on. -1: it is on one side
    only, and the other has none."""

    path: str
    offset: int
    published: bytes | None
    clean: bytes | None


@record
class Verification:
    """`foreign`: files in the output folder that Broadsheet didn't make, which is nothing wrong."""

    checked: int
    differences: tuple[Difference, ...]
    foreign: tuple[str, ...]


class CleanBuild(Groundwork):
    """A site of which the files themselves are wanted."""

    def clean_files(self, crew: work.Crew, expected: set[str], share: float) -> Iterator[tuple[str, bytes]]:
        """Every file, or a share of those that are rendered or encoded, as a build from nothing makes them; `expected`
        gets the path of each."""
        variants: dict[str, list[Planned]] = {}  # by the picture
        chosen: list[Planned] = []
        for planned in self._plan():
            if not self.places.add(planned):
                continue
            expected.add(planned.path)
            if planned.template == plan.COPY:
                context = planned.make().context
                assert isinstance(context, plan.CopyContext)  # noqa: S101  # as planned
                yield planned.path, self._files.read(context.path)
            elif planned.template == plan.PICTURE:
                if _is_in(share, planned.source):
                    variants.setdefault(planned.source, []).append(planned)
            elif _is_in(share, planned.path):
                chosen.append(planned)
        yield from self._encoded(crew, variants)
        batches = self._maker().batches(chosen)
        for result in crew.in_order(render.render_batch, batches, len(chosen)):
            if result.diagnostics:
                raise ContentError(result.diagnostics)
            yield from result.files

    def _encoded(self, crew: work.Crew, variants: Mapping[str, list[Planned]]) -> Iterator[tuple[str, bytes]]:
        """Pictures encoded anew, whatever is kept of them."""
        recipe = self._cache.recipe
        batches = (EncodeBatch(path=path, data=self._files.read(path), recipe=recipe) for path in variants)
        jobs = crew.in_order(encode_batch, batches, len(variants) * WORTH)
        for wanted, made in zip(variants.values(), jobs, strict=True):
            if isinstance(made, Diagnostic):
                raise ContentError([made])
            for planned in wanted:
                context = planned.make().context
                assert isinstance(context, plan.PictureContext)  # noqa: S101  # as planned
                yield planned.path, made.files[context.index]


def _is_in(share: float, path: str) -> bool:
    """Whether a path is among a share of all."""
    return int.from_bytes(digest(path.encode())[:4], "big") < share * 2**32


def verify(request: Request, share: float, progress: Progress, door: Callable[[str], Files] = Files) -> Verification:
    """Compare what is published with a clean build that keeps nothing and publishes nothing. Of the files that have to
    be rendered or encoded, `share` (from 0 to 1, chosen by path) are; that the right files are there is always looked
    at.

    Raises as `engine.build` does.
    """
    files = door(request.site)
    settings = sitefolder.load_settings(files, base_url=request.base_url)
    folder = engine.output_folder(files, settings, request)
    kept = state.opened("", b"")
    try:
        with executors.crew(request.executor, request.jobs) as crew:
            job = CleanBuild(files, settings, request, folder, progress, saving.Recall(kept))
            job.read_sources(crew)
            job.decide()
            if job.broken():
                job.read_plan()
                raise ContentError(job.findings())
            job.rank(crew)
            expected: set[str] = set()
            found: dict[str, Difference] = {}
            checked = 0
            for path, clean in job.clean_files(crew, expected, share):
                checked += 1
                published = files.read_or_none(os.path.join(folder, path))
                if published != clean:
                    found[path] = _difference(path, published, clean)
            listed = set(output.listed(files, folder))
            both = sorted(expected & listed)
            stamps = files.stamps([os.path.join(folder, path) for path in both])
            lost = [path for path, stamp in zip(both, stamps, strict=True) if not stamp]
            found |= {path: _on_one_side(path, published=False) for path in lost}
            found |= {path: _on_one_side(path, published=path in listed) for path in sorted(expected ^ listed)}
            foreign = [path for path in adoption.below(folder) if path not in listed and path not in expected]
            return Verification(
                checked=checked, differences=tuple(found.values()), foreign=tuple(map(adoption.legible, foreign))
            )
    finally:
        kept.close()


def _difference(path: str, published: bytes | None, clean: bytes) -> Difference:
    if published is None:
        return _on_one_side(path, published=False)
    pairs = enumerate(zip(published, clean, strict=False))
    offset = next((n for n, (one, other) in pairs if one != other), min(len(published), len(clean)))
    end = offset + 60
    return Difference(path=path, offset=offset, published=published[offset:end], clean=clean[offset:end])


def _on_one_side(path: str, *, published: bool) -> Difference:
    return Difference(path=path, offset=-1, published=b"" if published else None, clean=None if published else b"")
