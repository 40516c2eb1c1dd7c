"""Where work runs: order, bounds and failures are the same inline and in worker processes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsroom import Site

from broadsheet import building, ranks, settled, work


def double(number: int) -> int:
    return number * 2


def fail_at_three(number: int) -> int:
    if number == 3:
        raise ValueError("three")
    return number


def process(_: int) -> int:
    return os.getpid()


@given(st.lists(st.integers(), max_size=30), st.integers(1, 8))
def test_batches_hold_every_item_once_in_order(items: list[int], size: int) -> None:
    batches = list(work.in_batches(items, size))
    assert [item for batch in batches for item in batch] == items
    assert all(len(batch) == size for batch in batches[:-1])
    assert all(0 < len(batch) <= size for batch in batches)


@given(st.lists(st.integers(), max_size=20), st.integers(1, 6))
def test_results_come_in_the_order_of_the_work(items: list[int], jobs: int) -> None:
    crew = work.Crew(jobs, work.Inline)
    assert list(crew.in_order(double, items, work.INLINE_BELOW)) == [item * 2 for item in items]


class Watched(Executor):
    """Counts how much is under way."""

    def __init__(self) -> None:
        self.open = 0
        self.most = 0

    def submit(self, fn: Any, /, *args: Any, **_: Any) -> Future[Any]:
        self.open += 1
        self.most = max(self.most, self.open)
        future: Future[Any] = Future()
        future.set_result(fn(*args))
        return future


def test_no_more_than_the_window_is_under_way() -> None:
    """What is read for batches that wait would pile up in memory."""
    pool = Watched()
    for _ in work.Crew(2, lambda: pool).in_order(double, range(20), work.INLINE_BELOW):
        assert pool.open <= 2 * work.AHEAD
        pool.open -= 1
    assert pool.most == 2 * work.AHEAD


def test_work_is_taken_lazily() -> None:
    taken = []

    def batches() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    results = work.Crew(2, work.Inline).in_order(double, batches(), work.INLINE_BELOW)
    assert next(results) == 0
    assert len(taken) <= 2 * work.AHEAD


@pytest.mark.parametrize(("jobs", "items", "inline"), [(1, 10_000, True), (4, 10, True), (2, 200, False)])
def test_little_work_stays_in_this_process(jobs: int, items: int, inline: bool) -> None:
    with work.crew(jobs) as crew:
        where = set(crew.in_order(process, range(20), items))
    assert (where == {os.getpid()}) == inline
    assert len(where) <= jobs


def test_workers_are_started_once_and_only_when_there_is_enough_to_do() -> None:
    started = []

    def start() -> Executor:
        started.append(work.Inline())
        return started[-1]

    crew = work.Crew(2, start)
    for items, pools in [(work.INLINE_BELOW - 1, 0), (work.INLINE_BELOW, 1), (10, 1), (work.INLINE_BELOW, 1)]:
        assert list(crew.in_order(double, [1, 2], items)) == [2, 4]
        assert len(started) == pools


def test_workers_that_are_ready_do_light_work_too_until_they_end() -> None:
    with work.crew(2) as crew:
        assert set(crew.in_order(process, range(4), 4, light=True)) == {os.getpid()}
        crew.ready(os.getpid)
        assert os.getpid() not in set(crew.in_order(process, range(4), 4, light=True))
        assert set(crew.in_order(process, range(4), 4)) == {os.getpid()}
        crew.close()
        assert set(crew.in_order(process, range(4), 4, light=True)) == {os.getpid()}
    with work.crew(1) as alone:
        alone.ready(os.getpid)
        assert set(alone.in_order(process, range(4), 4, light=True)) == {os.getpid()}


def test_what_is_done_all_at_once_begins_at_once_and_is_cut_short_when_nobody_waits() -> None:
    class Slow(Executor):
        def __init__(self) -> None:
            self.futures: list[Future[Any]] = []

        def submit(self, fn: Callable[..., Any], /, *args: Any, **_: Any) -> Future[Any]:
            self.futures.append(Future())
            if len(self.futures) < 3:
                self.futures[-1].set_result(fn(*args))
            return self.futures[-1]

    slow = Slow()
    results = work.Crew(2, lambda: slow).all_at_once(double, range(6), work.INLINE_BELOW)
    assert len(slow.futures) == 6
    assert [next(results), next(results)] == [0, 2]
    results.close()
    assert [future.cancelled() for future in slow.futures] == [False, False, True, True, True, True]
    slow.futures.clear()
    work.Crew(2, lambda: slow).all_at_once(double, range(6), work.INLINE_BELOW).close()
    assert [future.cancelled() for future in slow.futures] == [False, False, True, True, True, True]


@pytest.mark.parametrize("items", [10, 200])
def test_a_failure_reaches_the_caller_and_no_process_stays_behind(items: int) -> None:
    found = []
    children: list[int] = []

    def build() -> None:
        with work.crew(2) as crew:
            for number in crew.in_order(fail_at_three, range(50), items):
                found.append(number)
                children.extend(child.pid for child in multiprocessing.active_children() if child.pid)

    with pytest.raises(ValueError, match="three"):
        build()
    assert found == [0, 1, 2]
    assert bool(children) == (items >= work.INLINE_BELOW)
    until = time.monotonic() + 60
    while any(Path(f"/proc/{child}").exists() for child in children):  # the pool's own thread may still be reaping
        assert time.monotonic() < until
        time.sleep(0.01)


def test_workers_and_one_process_build_the_same_site(site: Site) -> None:
    for n in range(work.INLINE_BELOW + 5):
        site.story(f"{'asia' if n % 3 else 'europe'}/s{n}.md", f"Story number {n}.", topics=[f"T{n % 4}"])
    alone = site.folder.parent / "alone"
    assert site.build(jobs=1, output=str(alone)).ok
    assert site.build(jobs=2).ok
    assert site.tree() == site.tree(alone)


def test_where_the_process_that_ranks_is_killed_the_first_one_ranks(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(work.INLINE_BELOW + 5):
        site.story(f"{'asia' if n % 3 else 'europe'}/s{n}.md", f"Story number {n}.", topics=[f"T{n % 4}"])
    first, ranked, real = os.getpid(), [0], settled.Ranking.again

    def killed(ranking: settled.Ranking, *given: Any) -> ranks.Again:
        if os.getpid() != first:
            (site.folder / "killed").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        ranked[0] += 1
        return real(ranking, *given)

    monkeypatch.setattr(settled.Ranking, "again", killed)
    assert site.build(jobs=2).ok
    monkeypatch.undo()
    assert ranked == [1]
    assert (site.folder / "killed").exists()
    alone = site.folder.parent / "alone"
    assert site.build(jobs=1, output=str(alone)).ok
    assert site.tree() == site.tree(alone)


def test_another_process_ranks_where_all_stories_are_ranked_and_these_are_neither_few_nor_very_many(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(work.INLINE_BELOW + 5):
        site.story(f"asia/s{n}.md", f"Story number {n}.")

    def beside(act: object) -> object:
        raise NotImplementedError(act)

    monkeypatch.setattr(building, "beside", beside)
    monkeypatch.setattr(building, "_MOST", work.INLINE_BELOW)
    assert site.build(jobs=2).ok  # both would hold very many
    monkeypatch.setattr(building, "_MOST", 2 * work.INLINE_BELOW)
    site.story("asia/new.md", "A new one.")
    assert site.build(jobs=2).ok  # one has to be ranked
    with pytest.raises(NotImplementedError):
        site.build(jobs=2, full=True)


FORKED = """
import os, signal
from broadsheet import work

def mask(_):
    return signal.pthread_sigmask(signal.SIG_BLOCK, ())

seen = []
os.register_at_fork(before=lambda: seen.append(mask(0)), after_in_child=seen.clear)
with work.crew(2) as crew:
    items = work.INLINE_BELOW * 2
    masks = set(map(frozenset, crew.in_order(mask, range(items), items)))
ending = {signal.SIGINT, signal.SIGTERM}
print(len(seen), all(ending <= found for found in seen), masks == {frozenset()}, mask(0) == set())
"""


def test_who_is_told_to_end_while_workers_are_forked_hears_of_it_when_they_are_there() -> None:
    """Else a hook of some library in the child would hear of it, and print a traceback."""
    done = subprocess.run([sys.executable, "-c", FORKED], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("2 True True True\n", "")


# Whoever closes an end of a pipe takes so long that another one who does closes it, too.
STOPPED = """
import os, sys, time
from multiprocessing.connection import Connection
from broadsheet import work

def slowly(connection, close=os.close):
    handle = connection._handle
    time.sleep(0.1)
    close(handle)

Connection._close = slowly

def take(batch):
    time.sleep(600)

try:
    with work.crew(2) as crew:
        results = crew.all_at_once(take, ["x" * int(sys.argv[1])] * 8, work.INLINE_BELOW)
        time.sleep(0.3)
        raise KeyboardInterrupt
except KeyboardInterrupt:
    print("ended")
"""


@pytest.mark.parametrize("size", [10, 1_000_000], ids=["small batches", "batches that no pipe holds"])
def test_who_stops_workers_closes_no_pipe_that_the_pools_own_threads_close_at_that_moment(size: int) -> None:
    command = [sys.executable, "-c", STOPPED, str(size)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "ended\n", "")
