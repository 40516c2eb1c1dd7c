"""Looking at very many files: what lies in some folders, and the stamps of known paths.

Nearly all of the time goes to the kernel, a few microseconds a file; with many files a second process shares the work.
"""

from __future__ import annotations

import errno
import fcntl
import marshal
import os
import signal
import threading
import time
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from itertools import chain
from operator import itemgetter
from typing import Any, NoReturn, TypeAlias, TypeVar

from broadsheet.digest import digest
from broadsheet.frozen import record

T = TypeVar("T")

_SIZE = 8  # bytes that say how many follow
_WIDTH = 1 << 20  # bytes: the most that Linux gives to a pipe of anybody
_WATCH = 0.05  # seconds: so long the other process holds the locks of one that was killed
MANY = 5_000  # files: to look at them takes ten times as long as to begin another process

_TIMES = (itemgetter(1), itemgetter(3))  # of a file that was found

# A file in a folder: its name, and its stamp (files.Stamp).
Found: TypeAlias = tuple[str, int, int, int, int]
# What lies in a folder; or the stamp of a file that is none; or the number of an error.
Place: TypeAlias = list[Found] | tuple[int, ...] | int


@record
class Walk:
    """What lay in some folders (absolute; or files) at `since` (nanoseconds since 1970: just before the first look).

    `places` gives what lies right in each folder below them, in order of name, subfolders left out; or the number of
    the error that kept us out, or a lone file's stamp. `odd` are the paths of links, pipes and the like, which bear
    the stamp of what they lead to, folders that were walked among them. `leads` says of these and of the folders which
    real path each has. `marks` and `changes` are what `listed` and `changed` say, where that is known already.
    """

    folders: tuple[str, ...]
    since: int
    places: Mapping[str, Place]
    odd: frozenset[str]
    leads: Mapping[str, str]
    marks: Mapping[str, bytes] | None = None
    changes: Mapping[str, int] | None = None

    def listed(self) -> Mapping[str, bytes]:
        """What stands for all that lies right in each folder: equal where nothing has changed."""
        if self.marks is not None:
            return self.marks
        return {place: mark(found) for place, found in self.places.items()}

    def changed(self) -> Mapping[str, int]:
        """The time of the last change in each folder that a stamp tells (nanoseconds since 1970; 0: none does)."""
        if self.changes is not None:
            return self.changes
        return {place: _newest(found) for place, found in self.places.items()}

    def plain(self) -> bytes:
        """Equal where nothing has changed."""
        return marshal.dumps((list(self.listed().items()), sorted(self.odd), sorted(self.leads.items())), 2)

    def newest(self) -> int:
        """The time of the last change that a stamp tells."""
        return max(self.changed().values(), default=0)


def dumps(place: Place) -> bytes:
    """What lies in a folder, as bytes: equal for equal ones."""
    return marshal.dumps(place, 2)  # in version 2 equal values give equal bytes


def mark(place: Place) -> bytes:
    """What stands for all that lies right in a folder."""
    return digest(dumps(place))


def _newest(place: Place) -> int:
    if isinstance(place, list):
        return max(max(map(time, place)) for time in _TIMES) if place else 0
    return max(place[:3:2]) if isinstance(place, tuple) and place else 0


def walk(folders: Sequence[str], since: int) -> Walk:
    """Look at everything in these folders. Folders that links lead to are not entered."""
    places: dict[str, Place] = {}
    odd: set[str] = {folder for folder in folders if os.path.islink(folder)}
    pending = list(reversed(folders))
    while pending:
        current = pending.pop()
        places[current], below = _looked_into(current, odd)
        below.sort(reverse=True)
        pending += below
    leads = {path: os.path.realpath(path) for path in (*folders, *odd)}
    return Walk(folders=tuple(folders), since=since, places=places, odd=frozenset(odd), leads=leads)


def right_in(folder: str) -> Place:
    """What lies right in one folder, as a walk has it."""
    return _looked_into(folder, set())[0]


def _looked_into(folder: str, odd: set[str]) -> tuple[Place, list[str]]:
    """What lies right in a folder, and the folders in it. Paths of what is no file are added to `odd`."""
    found: list[Found] = []
    below: list[str] = []
    try:
        with _entries(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    below.append(os.path.join(folder, entry.name))
                    continue
                if not entry.is_file(follow_symlinks=False):
                    odd.add(os.path.join(folder, entry.name))
                try:
                    s = entry.stat()
                except OSError:  # a link that leads nowhere
                    itself = _of_itself(entry)
                    if itself is None:
                        continue
                    s = itself
                found.append((entry.name, s.st_mtime_ns, s.st_size, s.st_ctime_ns, s.st_ino))
    except NotADirectoryError:
        return stamp(folder), []
    except OSError as error:
        return error.errno or 0, []
    found.sort()
    return found, below


@contextmanager
def _entries(folder: str) -> Iterator[Iterator[os.DirEntry[str]]]:
    """What lies in a folder. It is held open: the kernel looks each name up there, and not each path from the root."""
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with os.scandir(held) as entries:
            yield entries
    finally:
        os.close(held)


def again(last: Walk, changed: Iterable[str], since: int) -> Walk | None:
    """The last walk, with another look at the folders of some paths (absolute), and at all that lies below them. None
    where one of them lies outside of the folders that were walked."""
    found: set[str] = set()
    for path in changed:
        folder = top = os.path.dirname(path)
        if not f"{top}/".startswith(tuple(f"{folder}/" for folder in last.folders)):
            return None
        while folder not in last.folders:
            if not isinstance(last.places.get(folder), list) or os.path.islink(folder):  # it is new, or no folder now
                top = os.path.dirname(folder)
            folder = os.path.dirname(folder)
        found.add(top)
    tops = [top for top in sorted(found) if not any(top.startswith(f"{other}/") for other in found)]
    fresh = walk(tops, since)
    here = {place: found for place, found in fresh.places.items() if found != errno.ENOENT or place in last.folders}
    below = tuple(f"{top}/" for top in tops)
    places = {place: found for place, found in last.places.items() if not f"{place}/".startswith(below)}
    odd = fresh.odd | {path for path in last.odd if not path.startswith(below)}
    leads = {path: fresh.leads.get(path) or last.leads[path] for path in (*last.folders, *odd)}
    return Walk(folders=last.folders, since=since, places={**places, **here}, odd=odd, leads=leads)


def _of_itself(entry: os.DirEntry[str]) -> os.stat_result | None:
    """None for a file that has just gone: it might have gone before."""
    try:
        return entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None


def stamp(path: str) -> tuple[int, ...]:
    """The stamp of a file; empty where there is none."""
    try:
        s = os.stat(path)
    except (OSError, ValueError):  # the second is for what no file can be called
        return ()
    return (s.st_mtime_ns, s.st_size, s.st_ctime_ns, s.st_ino)


def packed(stamps: Sequence[tuple[int, ...]]) -> bytes:
    """Stamps one after the other, as so many bytes each: very many tuples of numbers take ten times as long to read.
    Equal for equal ones; an empty one is like one of zeros."""
    plain = stamps if all(stamps) else [stamp or _NONE for stamp in stamps]
    try:
        return array("q", chain.from_iterable(plain)).tobytes()
    except OverflowError:  # some file systems number inodes with all the bits that there are
        return array("Q", [number & _MOST for number in chain.from_iterable(plain)]).tobytes()


def pack(stamp: tuple[int, ...]) -> bytes:
    """One of `packed`; nothing for an empty one."""
    return packed([stamp]) if stamp else b""


_NONE = (0, 0, 0, 0)
_MOST = (1 << 64) - 1


def stamps(paths: Sequence[str], *, alone: bool = False) -> list[tuple[int, ...]]:
    """The stamps of many files. `alone`: not with the help of another process."""
    if alone or len(paths) < MANY:
        return list(map(stamp, paths))
    half = len(paths) // 2
    with beside(lambda: stamps(paths[half:], alone=True)) as rest:
        first = stamps(paths[:half], alone=True)
        return first + rest()


@contextmanager
def beside(act: Callable[[], T], *, worth: bool = True) -> Iterator[Callable[[], T]]:
    """Begin `act`, which changes nothing, in another process; gives what waits for what it returns (of plain values).
    Where that is not worth it, there is no room for another process, or it ended otherwise than by returning, `act` is
    called here."""
    with in_turn(act, worth=worth) as (asked,):
        yield asked


@contextmanager
def in_turn(*acts: Callable[[], Any], worth: bool = True) -> Iterator[Sequence[Callable[[], Any]]]:
    """`beside` of several, which one process does in their order: each answer can be had as soon as it is there."""
    if not worth or (os.cpu_count() or 1) < 2:
        yield acts
        return
    pipes = [_pipe() for _ in acts]
    child, running, parent = -1, False, os.getpid()
    told: list[bytes] = []

    def answer(number: int) -> Any:
        """What the other process says that an act returns; where it has not said all, what it does."""
        nonlocal running
        while len(told) <= number:  # in their order: who is not read from can't go on
            told.append(_read(pipes[len(told)][0]))
        if running and len(told) == len(acts):
            running = False
            os.waitpid(child, 0)
        data, told[number] = told[number], b""
        if len(data) < _SIZE or int.from_bytes(data[:_SIZE], "big") != len(data) - _SIZE:
            return acts[number]()
        return marshal.loads(memoryview(data)[_SIZE:])  # noqa: S302  # our own bytes

    # Who is told to end just now would leave the child alone, or go on as the child.
    heard = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM))
    try:
        with suppress(OSError):
            child = os.fork()
        if child == 0:
            _return(acts, [writing for _, writing in pipes], parent, heard)
        running = child > 0
        for _, writing in pipes:
            os.close(writing)
        signal.pthread_sigmask(signal.SIG_SETMASK, heard)
        yield [partial(answer, number) for number in range(len(acts))]
    finally:
        for reading, _ in pipes:
            os.close(reading)
        if running:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def _pipe() -> tuple[int, int]:
    """A pipe that holds most answers, where the system lets it: who has answered can go on before anybody reads."""
    reading, writing = os.pipe()
    if wide := getattr(fcntl, "F_SETPIPE_SZ", 0):
        with suppress(OSError):
            fcntl.fcntl(writing, wide, _WIDTH)
    return reading, writing


def _return(acts: Sequence[Callable[[], Any]], pipes: Sequence[int], parent: int, heard: Iterable[int]) -> NoReturn:
    """Say what each of `acts` returns, each in one piece or not at all, and end this process at once, as only a copy
    may."""
    try:
        signal.pthread_sigmask(signal.SIG_SETMASK, heard)
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
        for act, writing in zip(acts, pipes, strict=True):
            data = marshal.dumps(act(), 2)
            view = memoryview(len(data).to_bytes(_SIZE, "big") + data)
            while view:
                view = view[os.write(writing, view) :]
            os.close(writing)
    finally:
        os._exit(0)


def _end_with(parent: int) -> None:
    """Nobody tells the other process when this one is killed."""
    while os.getppid() == parent:
        time.sleep(_WATCH)
    os._exit(1)


def _read(descriptor: int) -> bytes:
    return b"".join(iter(lambda: os.read(descriptor, _WIDTH), b""))
