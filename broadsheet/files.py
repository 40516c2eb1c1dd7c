"""The only door to the file system. A test may put a `Files` that fails behind any caller.

Paths are plain strings: pathlib takes five times as long.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TypeAlias

from broadsheet import walking
from broadsheet.errors import BroadsheetError
from broadsheet.walking import Place, Walk

# One sync of a whole file system costs about as much as this many single ones.
_FEW = 50


class LockedError(BroadsheetError):
    """Another process holds the lock; exit code 4."""

    exit_code = 4


TICK = 50_000_000  # nanoseconds: kernels note the time of a change to a few milliseconds
_SECONDS = 2_000_000_000  # … and some file systems count in seconds

# What tells that a file was not changed: time of its last change, size, time of its inode's last change, inode. The
# first two miss what `cp -p` and rsync do.
Stamp: TypeAlias = tuple[int, ...]


def settled(stamp: Stamp, since: int) -> bool:
    """Whether a change at `since` (nanoseconds since 1970) or later would show in the stamp of a file: not where it is
    so fresh that another change may bear it too, nor where there is no file."""
    if not stamp:
        return False
    changed, _, moved, _ = stamp
    tick = _SECONDS if changed % 1_000_000_000 == 0 else TICK
    return max(changed, moved) < since - tick


class Files:
    """Reading sources below one folder (`root`, the site folder), and writing anywhere we are told to."""

    def __init__(self, root: str) -> None:
        self.root = os.path.realpath(root)

    # --- reading -----------------------------------------------------------------------------------------------

    def walk(self, folders: Sequence[str]) -> Walk:
        """What lies in some folders (absolute; or files), with every stamp."""
        return walking.walk(folders, self.now())

    def right_in(self, folder: str) -> Place:
        """What lies right in one folder (absolute), as a walk has it."""
        return walking.right_in(folder)

    def folders(self, parent: str = "") -> list[str]:
        """The names of the folders right in `parent` (relative to the root), sorted; none where it can't be looked
        into."""
        place = os.path.join(self.root, parent)
        try:
            with os.scandir(place) as entries:
                return sorted([entry.name for entry in entries if _is_folder(entry)])
        except OSError:
            return []

    def is_folder(self, path: str) -> bool:
        """Whether a path (relative to the root, or absolute) leads to a folder."""
        return os.path.isdir(os.path.join(self.root, path))

    def unusable(self, path: str) -> str:
        """Why what a path (relative to the root) names, which is no regular file, does not lead to one that may be read
        either; "" where it does."""
        place = os.path.join(self.root, path)
        if not os.path.islink(place):
            return "it is neither a file nor a folder"
        if not self.inside(path):
            return "it is a link that leads out of the site folder, or nowhere"
        return "" if os.path.isfile(place) else "links to folders are not followed"

    def inside(self, path: str) -> bool:
        """Whether a path (relative to the root) exists and stays below the root once all links are followed."""
        try:
            real = os.path.realpath(os.path.join(self.root, path), strict=True)
        except (OSError, ValueError):
            return False
        return real.startswith(self.root + os.sep)

    def real(self, path: str) -> str | None:
        """What a path (relative to the root) leads to once all links are followed, relative to the root too; None where
        that is not below it."""
        real = os.path.realpath(os.path.join(self.root, path))
        return real.removeprefix(self.root + os.sep) if real.startswith(self.root + os.sep) else None

    def is_file(self, path: str) -> bool:
        """Whether a path (relative to the root) is a regular file that may be read: inside, and not a pipe."""
        try:
            status = os.lstat(os.path.join(self.root, path))
        except (OSError, ValueError):
            return False
        if stat.S_ISREG(status.st_mode):
            return self.inside(path)  # a folder on the way may be a link
        return stat.S_ISLNK(status.st_mode) and self.inside(path) and os.path.isfile(os.path.join(self.root, path))

    def leads(self, paths: Iterable[str]) -> list[str]:
        """The real places of files (relative to the root, or absolute): links may lead elsewhere while no stamp is
        another one."""
        folders: dict[str, str] = {}
        found = []
        for path in paths:
            folder, name = os.path.split(os.path.join(self.root, path))
            if folder not in folders:
                folders[folder] = os.path.realpath(folder)
            place = os.path.join(folders[folder], name)
            found.append(os.path.realpath(place) if os.path.islink(place) else place)
        return found

    def stamp(self, path: str) -> Stamp:
        """The stamp of a file (relative to the root, or absolute); empty where there is none."""
        return walking.stamp(os.path.join(self.root, path))

    def size(self, path: str) -> int:
        """The bytes of a file (relative to the root, or absolute), counted; -1 where there is none."""
        stamp = self.stamp(path)
        return stamp[1] if stamp else -1

    def stamps(self, paths: Sequence[str], *, alone: bool = False) -> list[Stamp]:
        """The stamps of many files (absolute). `alone`: not with the help of another process."""
        return walking.stamps(paths, alone=alone)

    def walk_again(self, last: Walk, changed: Iterable[str]) -> Walk | None:
        """A former walk, with another look at the folders of some paths (absolute); None where they lie outside."""
        return walking.again(last, changed, self.now())

    def now(self) -> int:
        """The time that the next change of a file will bear, in nanoseconds since 1970."""
        return time.time_ns()

    def read(self, path: str) -> bytes:
        """The bytes of a source (relative to the root, or absolute)."""
        descriptor = os.open(os.path.join(self.root, path), os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            size = os.fstat(descriptor).st_size
            data = os.read(descriptor, size + 1)
            if size and len(data) == size:  # nearly always: there was no more
                return data
            while chunk := os.read(descriptor, 1 << 20):
                data += chunk
            return data
        except OSError as error:
            raise _named(error, path) from None
        finally:
            os.close(descriptor)

    def read_or_none(self, path: str) -> bytes | None:
        try:
            return self.read(path)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None

    def handed_down(self, folder: str) -> tuple[int | None, bytes]:
        """What new files and folders take from the one in which they are made: its group, and its access list."""
        group, rights = None, b""
        with contextlib.suppress(OSError, AttributeError):  # there is none of these; or no such thing in this system
            status = os.stat(folder)
            group = status.st_gid if status.st_mode & stat.S_ISGID else None
            rights = os.getxattr(folder, "system.posix_acl_default")
        return group, rights

    # --- writing -----------------------------------------------------------------------------------------------

    def write(self, path: str, data: bytes) -> None:
        """A new file with these bytes; folders on the way are made."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
        try:
            descriptor = os.open(path, flags, 0o666)
        except FileNotFoundError:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            descriptor = os.open(path, flags, 0o666)
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(descriptor, view) :]
        except OSError as error:
            raise _named(error, path) from None
        finally:
            os.close(descriptor)

    def rename(self, source: str, target: str) -> None:
        """Put a finished file in its place at once; folders on the way are made."""
        try:
            os.rename(source, target)
        except FileNotFoundError:
            os.makedirs(os.path.dirname(target), exist_ok=True)
            os.rename(source, target)

    def link(self, source: str, target: str) -> None:
        """A file of the same bytes under a second name: a hard link, or a copy on another file system. Folders on the
        way are made; what has that name is replaced."""
        fresh = target + ".new"
        os.makedirs(os.path.dirname(target), exist_ok=True)
        self.remove(fresh)
        try:
            os.link(source, fresh)
        except OSError:
            self.write(fresh, self.read(source))
        os.rename(fresh, target)
        self.remove(fresh)  # still there where both names were one file already

    def point(self, place: str, destination: str) -> None:
        """Let the symbolic link `place` lead to `destination`, at once."""
        fresh = place + ".new"
        self.remove(fresh)
        os.symlink(destination, fresh)
        os.rename(fresh, place)

    def leads_to(self, place: str) -> str:
        """Where a symbolic link leads, as it is written; "" where there is none."""
        try:
            return os.readlink(place)
        except OSError:
            return ""

    def below(self, folder: str) -> Iterator[str]:
        """Every file below an absolute folder, relative to it, hidden ones and links included."""
        size = len(os.path.join(folder, ""))
        for current, _, names in os.walk(folder):
            for name in names:
                yield os.path.join(current, name)[size:]

    def remove(self, path: str) -> None:
        """Remove a file if it is there."""
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            os.unlink(path)

    def remove_empty_folders(self, path: str, stop: str) -> None:
        """Remove `path` and the folders above it, up to but without `stop`, as long as they are empty."""
        while path != stop and path.startswith(stop + os.sep):
            try:
                os.rmdir(path)
            except OSError:
                return
            path = os.path.dirname(path)

    def remove_tree(self, folder: str) -> tuple[int, int]:
        """Remove a folder, if it is there, with all that lies in it; how many files there were, and their bytes. Links
        are removed, not followed; one in the folder's own place too."""
        return self.remove_tree_but(folder, frozenset())

    def remove_tree_but(self, folder: str, keep: Collection[str]) -> tuple[int, int]:
        """The same, but for some files below it (absolute), which stay with the folders that lead to them."""
        if not os.path.lexists(folder):
            return 0, 0
        if os.path.islink(folder):
            os.unlink(folder)
            return 1, 0
        number = size = 0
        for current, folders, names in os.walk(folder, topdown=False):
            for name in names:
                place = os.path.join(current, name)
                if place in keep:
                    continue
                number, size = number + 1, size + os.lstat(place).st_size
                os.unlink(place)
            for name in folders:
                place = os.path.join(current, name)
                if os.path.islink(place):
                    os.unlink(place)
                elif not any(kept.startswith(place + os.sep) for kept in keep):
                    os.rmdir(place)
        if not keep:
            os.rmdir(folder)
        return number, size

    def create(self, path: str, data: bytes) -> None:
        """A new file with these bytes; folders on the way are made. FileExistsError where there is one already."""
        os.makedirs(os.path.dirname(path), exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(descriptor, view) :]
        finally:
            os.close(descriptor)

    def sync(self, path: str) -> None:
        """Wait until a file or folder is on the disk."""
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some file systems can't sync folders
                raise _named(error, path) from None
        finally:
            os.close(descriptor)

    def sync_all(self, paths: Sequence[str], folder: str) -> None:
        """Wait until these files, all on the file system of `folder`, are on the disk."""
        if len(paths) <= _FEW:
            for path in paths:
                self.sync(path)
        else:
            _sync_file_system(folder)

    @contextlib.contextmanager
    def lock(self, path: str, wait: float = 0) -> Iterator[bool]:
        """Hold an exclusive lock that dies with this process and those that it forked; wait for it so many seconds.
        Gives whether it had to be waited for. LockedError names the holder."""
        os.makedirs(os.path.dirname(path), exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            waited = acquire(descriptor, path, time.monotonic() + wait)
            _sign(descriptor, path)
            yield waited
        finally:
            os.close(descriptor)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether something is a folder or leads to one; a link that leads to itself doesn't."""
    return os.path.isdir(entry.path) if entry.is_symlink() else entry.is_dir()


def _named(error: OSError, path: str) -> OSError:
    """The error with the file it speaks of: those of open files do not tell."""
    error.filename = error.filename or path
    return error


def _sign(descriptor: int, path: str) -> None:
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    except OSError as error:
        raise _named(error, path) from None


def acquire(descriptor: int, path: str, until: float) -> bool:
    """Lock an open file, waiting until some moment of `time.monotonic`; whether that was needed. LockedError names the
    holder."""
    waited = False
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() < until:
                waited = True
                time.sleep(0.02)
                continue
            holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip() or "unknown"
            raise LockedError(
                f"another build (process {holder}) is writing {os.path.dirname(os.path.dirname(path))}: "
                "wait for it to end, or stop it"
            ) from None
        return waited


def _sync_file_system(folder: str) -> None:
    import ctypes  # here, because a build without changes needs no syncing and has no time to lose

    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)  # Linux; the standard library lacks it
        if syncfs is None:
            os.sync()
        elif syncfs(descriptor) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), folder)
    finally:
        os.close(descriptor)
