"""A build that writes nothing: the site's files, its state and its output folder as one may look at them.

Who only wants to know what a build would do runs the build itself behind these: what it would write is counted.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import quote

from broadsheet import files, manifests, output, state
from broadsheet.buildnotes import Note
from broadsheet.files import Files
from broadsheet.frozen import FrozenMap, record
from broadsheet.journal import Journal
from broadsheet.manifests import Manifest
from broadsheet.staging import Aside, SetAside


class ReadOnly(Files):
    """Files that can't be written. Locks are waited for where they are; none is made."""

    def write(self, path: str, data: bytes) -> None:
        raise OSError(errno.EROFS, f"a rehearsal writes no file of {len(data)} bytes", path)

    def rename(self, source: str, target: str) -> None:
        raise OSError(errno.EROFS, f"a rehearsal puts no file in place of {target}", source)

    def remove(self, path: str) -> None:
        raise OSError(errno.EROFS, "a rehearsal removes no file", path)

    def remove_empty_folders(self, path: str, stop: str) -> None:
        raise OSError(errno.EROFS, f"a rehearsal removes no folder below {stop}", path)

    @contextmanager
    def lock(self, path: str, wait: float = 0) -> Iterator[bool]:
        try:
            descriptor = _opened(path)
        except FileNotFoundError:  # nobody has built here yet
            yield False
            return
        try:
            yield files.acquire(descriptor, path, time.monotonic() + wait)
        finally:
            os.close(descriptor)


def _opened(path: str) -> int:
    """A file to lock. One that may only be read will do, but on some file systems over a network."""
    try:
        return os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except OSError as error:
        if error.errno not in (errno.EROFS, errno.EACCES):
            raise
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)


# --- the state -----------------------------------------------------------------------------------------------------


class Glance(state.State):
    """The state of a site as the last build left it. What is put is kept apart, and forgotten."""

    def __init__(self, path: str, tools: bytes) -> None:
        """`path` is "" for a state that is not to be used, nor is one that other `tools` made."""
        super().__init__("")
        self._left = _left(path, tools) if path else None
        self._first = self._next = self._left._next if self._left else self._next

    def meta(self, name: str) -> bytes | None:
        return self._left.meta(name) if self._left else None

    def shards(self) -> Iterator[tuple[int, memoryview]]:
        return self._left.shards() if self._left else iter(())

    def profile(self, name: bytes, part: str) -> memoryview | None:
        return self._left.profile(name, part) if self._left else None

    def rank(self, profile: bytes, month: int) -> bytes | None:
        return self._left.rank(profile, month) if self._left else None

    def record(self, number: int) -> bytes:
        return self._left.record(number) if self._left and number < self._first else super().record(number)

    def body(self, number: int) -> bytes:
        return self._left.body(number) if self._left and number < self._first else super().body(number)

    def teaser(self, number: int) -> bytes:
        return self._left.teaser(number) if self._left and number < self._first else super().teaser(number)

    def terms(self, number: int) -> bytes:
        return self._left.terms(number) if self._left and number < self._first else super().terms(number)

    def close(self) -> None:
        super().close()
        if self._left:
            self._left.close()


class _Left(state.State):
    """A state file that is read as it lies there."""

    def _opened(self) -> sqlite3.Connection:
        # After a crash the last transactions lie in a file beside it, which SQLite reads without changing it as long as
        # it may only read the third one. Without a crash there is nothing beside it, and nothing need be locked.
        log = os.path.exists(self._path + "-wal") and os.path.getsize(self._path + "-wal")
        how = "mode=ro&readonly_shm=1" if log else "mode=ro&immutable=1"
        try:
            connection = sqlite3.connect(f"file:{quote(self._path)}?{how}", uri=True, isolation_level=None)
        except state.BROKEN as error:
            raise state.DamagedError(str(error)) from None
        try:
            found = [connection.execute(f"pragma {name}").fetchone()[0] for name in ("application_id", "user_version")]
            if found != [state.APPLICATION, state.VERSION]:
                raise state.DamagedError("another program or version wrote it")
        except state.BROKEN as error:
            connection.close()
            raise state.DamagedError(str(error)) from None
        except state.DamagedError:
            connection.close()
            raise
        return connection


def _left(path: str, tools: bytes) -> _Left | None:
    """The state at `path`, where a build would use it too."""
    try:
        found = _Left(path)
    except state.DamagedError:
        return None
    try:
        if found.meta("tools") == tools:
            return found
    except state.DamagedError:
        pass
    found.close()
    return None


# --- the output folder ---------------------------------------------------------------------------------------------


@record
class Outcome:
    """What a publication would do: files by their paths in the output folder, with their sizes in bytes. `same`: they
    were made, and are there already; `finished`: an earlier publication, which was interrupted, has yet to put these
    in place, or to delete them."""

    written: Mapping[str, int]
    same: Mapping[str, int]
    deleted: Mapping[str, int]
    kept: int
    finished: Sequence[str]


class Rehearsal(output.Output):
    """An output folder as it will be when the next publication begins; what is staged is only counted."""

    def __init__(self, doors: Files, folder: str, *, adopt: bool, known: manifests.Known | None = None) -> None:
        self._coming: dict[str, str] = {}  # what an interrupted publication has yet to rename: path -> its bytes' place
        self._going: set[str] = set()  # … or delete
        self._made: dict[str, SetAside] = {}
        super().__init__(doors, folder, adopt=adopt, known=known)

    def aside(self, paths: Sequence[str], *, page: bool = True) -> Aside:
        nowhere = os.path.join(self._stage.folder, "nowhere")
        places = FrozenMap(self._coming | dict.fromkeys(self._going, nowhere))
        return replace(super().aside(paths, page=page), dry=True, places=places)

    def staged(self, done: SetAside) -> bool:
        self._made[done.path] = done
        return super().staged(done)

    def discard(self) -> None:
        pass

    def publish(self, note: Note | None = None) -> output.Published:
        """Nothing is published: see `outcome`."""
        raise NotImplementedError

    def outcome(self) -> Outcome:
        """Raises OutputError as publishing would."""
        gone = sorted(self.gone())
        if self._staged or gone:
            self._check_targets([*gone, *self._going])
        return Outcome(
            written={path: self._made[path].size for path in self._staged},
            same={path: made.size for path, made in self._made.items() if path not in self._staged},
            deleted={path: self._size(path) for path in gone},
            kept=self.size() - len(self._made),
            finished=(*self._coming, *sorted(self._going)),
        )

    def _size(self, path: str) -> int:
        stamp = self._files.stamp(self._coming.get(path) or os.path.join(self.folder, path))
        return stamp[1] if stamp else 0

    def _roll_forward(self) -> Manifest | None:
        listed, coming = self.manifest.read(self._known), self._read_journal()
        if coming is None:
            return listed
        for path, name in coming.renames:
            staged = os.path.join(self._stage.folder, name)
            if os.path.isdir(staged):
                for below in self._files.below(staged):
                    self._coming[f"{path}/{below}"] = os.path.join(staged, below)
            elif os.path.lexists(staged):
                self._coming[path] = staged
        self._going = set(self._to_delete(coming))
        if listed is None and not coming.whole:
            return None
        return manifests.written(listed, coming.files, coming.delete, whole=coming.whole)[0]

    def _to_delete(self, coming: Journal) -> Iterable[str]:
        for path in (*coming.first, *coming.delete):
            place = os.path.join(self.folder, path)
            if os.path.lexists(place) and not os.path.isdir(place):
                yield path
