"""Looking at very many files: what lies in some folders, and the stamps of known paths.

Nearly all of the time goes to the kernel, a few microseconds a file; with many files a second process shares the work.
"""

from __future__ import annotations

import errno
import marshal
import os
import signal
import threading
import time
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from operator import itemgetter
from typing import Any, NoReturn, TypeVar

from broadsheet.digest import digest
from broadsheet.frozen import FrozenMap, record

T = TypeVar("T")

_WATCH = 0.05  # seconds: so long the other process holds the locks of one that was killed
MANY = 5_000  # files: to look at them takes ten times as long as to begin another process

_TIMES = (itemgetter(1), itemgetter(3))  # of a file that was found

# A file in a folder: its name, and its stamp (files.Stamp).
Found = tuple[str, int, int, int, int]


@record
class Walk:
    """What lay in some folders (absolute; or files) at `since` (nanoseconds since 1970: just before the first look).

    `places` gives what lies right in each folder below them, in order of name, subfolders left out; or the number of
    the error that kept us out, or a lone file's stamp. `odd` are the paths of links, pipes and the like, which bear the
    stamp of what they lead to. Where published files were looked at too, `put` stands for all their stamps; where it is
    not what it was, `made` gives each (absolute).
    """

    folders: tuple[str, ...]
    since: int
    places: Mapping[str, list[Found] | tuple[int, ...] | int]
    odd: frozenset[str]
    put: bytes = b""
    made: Mapping[str, tuple[int, ...]] = FrozenMap()
    marks: Mapping[str, bytes] | None = None  # `listed`, where it was told already

    def listed(self) -> Mapping[str, bytes]:
        """What stands for all that lies right in each folder: equal where nothing has changed."""
        if self.marks is not None:
            return self.marks
        # Version 2 of marshal: equal values give equal bytes.
        return {place: digest(marshal.dumps(found, 2)) for place, found in self.places.items()}

    def plain(self) -> bytes:
        """Equal where nothing has changed."""
        return marshal.dumps((list(self.listed().items()), sorted(self.odd)), 2)

    def newest(self) -> int:
        """The time of the last change that a stamp tells."""
        newest = 0
        for found in self.places.values():
            if isinstance(found, tuple):
                newest = max(newest, *found[:3:2]) if found else newest
            elif isinstance(found, list):
                newest = max(newest, *(max(map(time, found)) for time in _TIMES)) if found else newest
        return newest


def walk(folders: Sequence[str], since: int) -> Walk:
    """Look at everything in these folders. Folders that links lead to are not entered."""
    places: dict[str, list[Found] | tuple[int, ...] | int] = {}
    odd: set[str] = set()
    pending = list(reversed(folders))
    while pending:
        current = pending.pop()
        found: list[Found] = []
        below: list[str] = []
        try:
            with os.scandir(current) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        below.append(entry.path)
                        continue
                    if not entry.is_file(follow_symlinks=False):
                        odd.add(entry.path)
                    try:
                        s = entry.stat()
                    except OSError:  # a link that leads nowhere
                        itself = _of_itself(entry)
                        if itself is None:
                            continue
                        s = itself
                    found.append((entry.name, s.st_mtime_ns, s.st_size, s.st_ctime_ns, s.st_ino))
        except NotADirectoryError:
            places[current] = stamp(current)
        except OSError as error:
            places[current] = error.errno or 0
        else:
            found.sort()
            places[current] = found
            below.sort(reverse=True)
            pending += below
    return Walk(folders=tuple(folders), since=since, places=places, odd=frozenset(odd))


def again(last: Walk, changed: Iterable[str], since: int) -> Walk | None:
    """The last walk, with another look at the folders of some paths (absolute), and at all that lies below them. None
    where one of them lies outside of the folders that were walked."""
    tops: set[str] = set()
    for path in changed:
        top = os.path.dirname(path)
        if not f"{top}/".startswith(tuple(f"{folder}/" for folder in last.folders)):
            return None
        while top not in last.folders and not isinstance(last.places.get(top), list):  # it is new
            top = os.path.dirname(top)
        tops.add(top)
    fresh = walk(sorted(tops), since)
    here = {place: found for place, found in fresh.places.items() if found != errno.ENOENT or place in last.folders}
    below = tuple(f"{top}/" for top in tops)
    places = {place: found for place, found in last.places.items() if not f"{place}/".startswith(below)}
    odd = {path for path in last.odd if not path.startswith(below)}
    return Walk(folders=last.folders, since=since, places={**places, **here}, odd=fresh.odd | odd)


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
    except OSError:
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
    if not worth or (os.cpu_count() or 1) < 2:
        yield act
        return
    reading, writing = os.pipe()
    child, parent = -1, os.getpid()
    with suppress(OSError):
        child = os.fork()
    if child == 0:
        _return(act, writing, parent)
    os.close(writing)
    running = child > 0

    def result() -> T:
        nonlocal running
        if not running:
            return act()
        data = _read(reading)
        running, ended = False, os.waitpid(child, 0)[1]
        return marshal.loads(data) if data and ended == 0 else act()  # noqa: S302  # our own bytes

    try:
        yield result
    finally:
        os.close(reading)
        if running:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def _return(act: Callable[[], Any], writing: int, parent: int) -> NoReturn:
    """Say what `act` returns, in one piece or not at all, and end this process at once, as only a copy may."""
    code = 1
    try:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
        view = memoryview(marshal.dumps(act(), 2))
        while view:
            view = view[os.write(writing, view) :]
        code = 0
    finally:
        os._exit(code)


def _end_with(parent: int) -> None:
    """Nobody tells the other process when this one is killed."""
    while os.getppid() == parent:
        time.sleep(_WATCH)
    os._exit(1)


def _read(descriptor: int) -> bytes:
    return b"".join(iter(lambda: os.read(descriptor, 1 << 20), b""))
