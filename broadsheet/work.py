"""Where work runs: in this process when there is little of it, else in worker processes.

Work comes in two shapes. A batch that carries all it needs (`Crew.in_order`) can be done anywhere. Work on what this
process has at hand (`Crew.inheriting`) can be done by forked workers, which find it in their memory: nothing has to be
packed, sent and unpacked, which for pages takes as long as rendering them.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from broadsheet.errors import WorkerError

if TYPE_CHECKING:  # a build with little to do needs neither processes nor what starts them: it takes 10 ms to load
    from concurrent.futures import Executor
    from multiprocessing.process import BaseProcess

T = TypeVar("T")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)

INLINE_BELOW = 200  # sources or pages; starting two workers costs what they would save on these
AHEAD = 3  # batches a worker may be ahead of the one that is awaited: bounds memory
_PATIENCE = 1.0  # seconds between two looks at whether the workers are still there
_ENDING = (signal.SIGINT, signal.SIGTERM)  # what tells a process to end
ROUND = 50  # jobs until forked workers give way to new ones, which share the memory of this process again


class Pending(Protocol[R_co]):
    """What a `concurrent.futures.Future` is here."""

    def result(self) -> R_co: ...
    def cancel(self) -> object: ...


class Runner(Protocol):
    """What a `concurrent.futures.Executor` is here."""

    def submit(self, fn: Callable[..., R], /, *args: Any, **kwargs: Any) -> Pending[R]: ...
    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None: ...


class Inline:
    """An executor that does the work at once, in the calling process."""

    def submit(self, fn: Callable[..., R], /, *args: Any, **kwargs: Any) -> Pending[R]:
        try:
            return _Done(fn(*args, **kwargs))
        except Exception as error:  # handed over to whoever asks for the result
            return _Failed(error)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Nothing is under way."""


class _Done(Generic[R]):
    def __init__(self, made: R) -> None:
        self._made = made

    def result(self) -> R:
        return self._made

    def cancel(self) -> None:
        """It is done already."""


class _Failed:
    def __init__(self, error: Exception) -> None:
        self._error = error

    def result(self) -> Any:
        try:
            raise self._error
        finally:
            del self  # or the error would hold on to itself, by way of this frame

    def cancel(self) -> None:
        """It is over already."""


class Crew:
    """Workers for a build. They are started when there is first enough to do for them; until then, and for what is
    little, the work is done in this process. `forks`: they are forked from it."""

    def __init__(self, jobs: int, start: Callable[[], Runner], *, forks: bool = False) -> None:
        self.jobs = jobs
        self.forks = forks
        self._start = start
        self._executor: Runner | None = None
        self._prepared = False  # the workers have loaded what their work takes
        self._others: list[BaseProcess] = []  # children that were there before

    def in_order(
        self, function: Callable[[T], R], batches: Iterable[T], items: int, *, light: bool = False
    ) -> Iterator[R]:
        """The results for `batches` (of so many items in all) in their order; only so many are under way at once that
        memory stays flat. `light`: batches and results are small, so that workers who are `ready` do the least, too."""
        executor, window = self._executor_for(items, light=light)
        return _in_order(executor, window, function, batches)

    def all_at_once(self, function: Callable[[T], R], batches: Iterable[T], items: int) -> Coming[R]:
        """`in_order`, with all of them under way from now on: for who has other things to do meanwhile, and room for
        all results."""
        executor, _ = self._executor_for(items)
        return Coming(executor, deque(executor.submit(function, batch) for batch in batches))

    def inherits(self, items: int) -> bool:
        """Whether workers for so many items would find in their memory what this process has in its own."""
        return self.forks and not self.alone(items)

    def inheriting(self, function: Callable[[T], R], jobs: Iterable[T]) -> Iterator[R]:
        """The results for `jobs` in their order, from workers forked now: `function` may be anything that this
        process can call, and sees what this process holds now. Only where `inherits`.

        A worker makes its own copy of each page of memory that it so much as looks at (Python counts references there).
        So workers are forked anew for each round of jobs: their copies go with them.
        """
        for some in in_batches(jobs, self.jobs * ROUND):
            self.close()  # two sets of workers would be one too many
            self._others = _children()
            executor = self._begin(_pool(self.jobs, function))
            yield from _in_order(executor, self.jobs * AHEAD, _inherited, some)
        self.close()

    def alone(self, items: int) -> bool:
        """Whether so many items are too few for workers."""
        return self.jobs <= 1 or items < INLINE_BELOW

    def _executor_for(self, items: int, *, light: bool = False) -> tuple[Runner, int]:
        if self.alone(items) and not (light and self._prepared):
            return Inline(), 1
        if self._executor is None:
            self._others = _children()
            return self._begin(self._start()), self.jobs * AHEAD
        return self._executor, self.jobs * AHEAD

    def _begin(self, executor: Runner) -> Runner:
        """Have these workers. With its first task a pool forks all: who is told to end just then would hear of it in a
        child as well, in the middle of some library's hook. It hears of it when they are there."""
        self._executor = executor
        if self.forks:
            heard = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
            try:
                executor.submit(_nothing)
                _leave_to_workers(executor)
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, heard)
        return executor

    def ready(self, prepare: Callable[[], object] | None = None) -> None:
        """Start the workers now, while the process has no threads that a fork could catch at work. Each begins with
        `prepare`, which loads what it will need; nobody waits for that."""
        if self.jobs > 1:
            executor, _ = self._executor_for(INLINE_BELOW)
            for _ in range(self.jobs):
                executor.submit(prepare or _nothing)
            self._prepared = True

    def rest(self) -> None:
        """End workers that can be started again in a moment: what they hold of their last work goes with them."""
        if self.forks:
            self.close()

    def close(self) -> None:
        """Wait until the workers have ended."""
        if self._executor is not None:
            self._executor.shutdown(wait=True)
            self._executor, self._prepared = None, False

    def stop(self) -> None:
        """End the workers in the middle of their work: what they make is no longer wanted."""
        if self._executor is not None:
            for child in _children():
                if child not in self._others:
                    child.kill()  # another signal may be lost on one that is only just being forked
                    child.join()
            if not self.forks:  # workers that are not forked are given these ends when they start, one by one
                _leave_to_workers(self._executor)
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor, self._prepared = None, False


def _leave_to_workers(executor: Runner) -> None:
    """Close the ends of a pool's two pipes that only its workers use. Whoever waits for workers that were killed then
    hears that nobody is there: a pool's threads would wait for ever, one of them to hand over a batch, which no pipe
    holds whole, another for the rest of an answer, because this process has these ends open, too.

    Once workers have been killed it is late for that: the pool's threads close some of these ends then, and two that
    close one at the same moment close it twice.
    """
    for queue, end in (("_call_queue", "_reader"), ("_result_queue", "_writer")):
        pipe = getattr(getattr(executor, queue, None), end, None)
        if pipe is not None:
            with suppress(OSError):
                pipe.close()


@contextmanager
def crew(jobs: int) -> Iterator[Crew]:
    """Workers for one build; they end with it."""
    with running(Crew(jobs, lambda: _pool(jobs), forks=_FORKS)) as workers:
        yield workers


@contextmanager
def running(workers: Crew) -> Iterator[Crew]:
    """These workers; whatever happens, they end."""
    try:
        yield workers
    except BaseException:
        workers.stop()
        raise
    workers.close()


# Forked workers start in milliseconds with every module loaded; elsewhere than on Linux fork is unsafe.
_FORKS = sys.platform == "linux"


def _in_order(executor: Runner, window: int, function: Callable[[T], R], batches: Iterable[T]) -> Iterator[R]:
    pending: deque[Pending[R]] = deque()
    with _watched():
        for batch in batches:
            pending.append(executor.submit(function, batch))
            if len(pending) >= window:
                yield _awaited(executor, pending.popleft())
        while pending:
            yield _awaited(executor, pending.popleft())


def _awaited(executor: Runner, future: Any) -> Any:
    """What comes of a future. A pool that reads the answer of a worker which is killed meanwhile reads for ever: that
    it is gone is noticed here."""
    processes = getattr(executor, "_processes", None)
    if not isinstance(processes, dict) or future.done():
        return future.result()
    from concurrent.futures import BrokenExecutor, wait

    gone: set[int] = set()
    while not wait([future], _PATIENCE).done:
        dead = {pid for pid, process in list(processes.items()) if not process.is_alive()}
        if dead & gone:  # for a second: one that has just ended is about to be replaced, or told of
            raise BrokenExecutor
        gone = dead
    return future.result()


class Coming(Iterator[R]):
    """Results in the order of their batches, of which all are under way."""

    def __init__(self, executor: Runner, pending: deque[Pending[R]]) -> None:
        self._executor = executor
        self._pending = pending

    def __next__(self) -> R:
        if not self._pending:
            raise StopIteration
        with _watched():
            found: R = _awaited(self._executor, self._pending.popleft())
            return found

    def close(self) -> None:
        """Nobody waits for the others any more."""
        for future in self._pending:
            future.cancel()


@contextmanager
def _watched() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        from concurrent.futures import BrokenExecutor

        if not isinstance(error, BrokenExecutor):
            raise
        raise WorkerError(
            "a worker process was killed (by hand, or for want of memory): nothing was published; "
            "-j 1 builds without workers"
        ) from None


def _children() -> list[BaseProcess]:
    import multiprocessing

    return multiprocessing.active_children()


def _pool(jobs: int, function: Callable[[Any], Any] | None = None) -> Executor:
    gc.freeze()
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    context = multiprocessing.get_context("fork" if _FORKS else "spawn")
    # What a forked worker is started with is not packed: it is there.
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_prepare, initargs=(function,))


class _Worker:
    """What a worker process was started for."""

    function: Callable[[Any], Any] | None = None


def _prepare(function: Callable[[Any], Any] | None) -> None:
    """Workers live for one build and make next to no reference cycles: collecting would cost a tenth of the time.

    Whoever interrupts the build means its first process, which ends the others. They end with it even where it is
    killed, when nobody tells them: they wait for work from each other's pipes.
    """
    gc.disable()
    _Worker.function = function
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)  # which was put off
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    import multiprocessing

    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _inherited(job: Any) -> Any:
    assert _Worker.function is not None  # noqa: S101  # for the type checker
    return _Worker.function(job)


def _nothing() -> None:
    """What a worker does to be there."""


def in_batches(items: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    batch: list[T] = []
    for item in items:
        batch.append(item)
        if len(batch) >= size:
            yield tuple(batch)
            batch = []
    if batch:
        yield tuple(batch)
