"""Whose workers a build has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from broadsheet import work


@contextmanager
def crew(spec: str, jobs: int) -> Iterator[work.Crew]:
    """The workers of one build: processes of this machine where `spec` is "", else those of `clusters.crew`, which says
    what it raises."""
    if not spec:
        with work.crew(jobs) as workers:
            yield workers
        return
    from broadsheet import clusters  # here: most builds need none of it

    with clusters.crew(spec, jobs) as workers:
        yield workers
