"""Where work runs: in this process when there is little of it, else in worker processes."""

from __future__ import annotations

import gc
import multiprocessing
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

INLINE_BELOW = 200  # sources; starting two workers costs what they would save on these
AHEAD = 3  # batches a worker may be ahead of the one that is awaited: bounds memory


class Inline(Executor):
    """An executor that does the work at once, in the calling process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # handed over to whoever asks for the result
            future.set_exception(error)
        return future


class Crew:
    """An executor and the number of workers behind it."""

    def __init__(self, executor: Executor, jobs: int) -> None:
        self.jobs = jobs
        self._executor = executor
        self._window = jobs * AHEAD if jobs > 1 else 1

    def in_order(self, function: Callable[[T], R], batches: Iterable[T]) -> Iterator[R]:
        """The results for `batches` in their order; only so many are under way at once that memory stays flat."""
        pending: deque[Future[R]] = deque()
        for batch in batches:
            pending.append(self._executor.submit(function, batch))
            if len(pending) >= self._window:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()


@contextmanager
def crew(jobs: int, sources: int) -> Iterator[Crew]:
    """Workers for a build of so many sources: this process alone where there is little to do."""
    if jobs <= 1 or sources < INLINE_BELOW:
        yield Crew(Inline(), 1)
        return
    # Forked workers start in milliseconds with every module loaded; elsewhere than on Linux fork is unsafe.
    method = "fork" if sys.platform == "linux" else "spawn"
    context = multiprocessing.get_context(method)
    gc.freeze()
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_prepare) as pool:
        try:
            yield Crew(pool, jobs)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _prepare() -> None:
    """Workers live for one build and make next to no reference cycles: collecting would cost a tenth of the time."""
    gc.disable()


def in_batches(items: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    batch: list[T] = []
    for item in items:
        batch.append(item)
        if len(batch) >= size:
            yield tuple(batch)
            batch = []
    if batch:
        yield tuple(batch)
