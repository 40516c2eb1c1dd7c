"""How editors save a file, step by step.

Vim 9.0 and Emacs 28.2 were recorded: strace of the editor on a terminal, reduced to what it did in the file's folder.
VS Code and JetBrains are from their documentation ("files are written in place"; "safe write"). Pauses are longer than
those recorded, so that a watcher sees what lies between two steps.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

Save = Callable[[Path, bytes], None]
_PAUSE = 0.06  # seconds


def _write(place: Path, data: bytes, *, truncate: bool = True) -> None:
    """Open for writing, truncate, write: what a watcher may see in between is an empty file."""
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if truncate else 0), 0o644)
    try:
        os.ftruncate(descriptor, 0)
        time.sleep(_PAUSE)
        os.write(descriptor, data)
    finally:
        os.close(descriptor)


def _probe(place: Path) -> None:
    """Vim finds out whether it may make files here."""
    probe = place.with_name("4913")
    probe.touch()
    probe.unlink()


def vim(place: Path, data: bytes) -> None:
    """As it comes: backupcopy=auto, writebackup."""
    _swap(place, data)
    _probe(place)
    kept = place.with_name(place.name + "~")
    os.rename(place, kept)
    time.sleep(_PAUSE)
    _write(place, data, truncate=False)
    os.chmod(place, 0o644)
    kept.unlink()
    place.with_name(f".{place.name}.swp").unlink()


def vim_that_keeps_a_backup(place: Path, data: bytes) -> None:
    _probe(place)
    os.rename(place, place.with_name(place.name + "~"))
    _write(place, data, truncate=False)
    os.chmod(place, 0o644)


def vim_that_copies(place: Path, data: bytes) -> None:
    """backupcopy=yes"""
    kept = place.with_name(place.name + "~")
    kept.write_bytes(place.read_bytes())
    _write(place, data, truncate=False)
    kept.unlink()


def _swap(place: Path, data: bytes) -> None:
    place.with_name(f".{place.name}.swp").write_bytes(b"b0VIM 9.0" + data)


def emacs(place: Path, data: bytes) -> None:
    """The first save of a session: the former file becomes the backup; the text is written in two parts."""
    lock = place.with_name(f".#{place.name}")
    os.symlink("ada@desk.4711", lock)
    os.rename(place, place.with_name(place.name + "~"))
    time.sleep(_PAUSE)
    _in_parts(place, data)
    lock.unlink()


def emacs_again(place: Path, data: bytes) -> None:
    lock = place.with_name(f".#{place.name}")
    os.symlink("ada@desk.4711", lock)
    _in_parts(place, data)
    lock.unlink()


def emacs_that_is_careful(place: Path, data: bytes) -> None:
    """file-precious-flag"""
    fresh = place.with_name("tmpeVUNPM")
    _in_parts(fresh, data)
    time.sleep(_PAUSE)
    os.rename(fresh, place)


def _in_parts(place: Path, data: bytes) -> None:
    with open(place, "wb", buffering=0) as file:
        file.write(data[: len(data) // 2])
        time.sleep(_PAUSE)
        file.write(data[len(data) // 2 :])


def vs_code(place: Path, data: bytes) -> None:
    _write(place, data)


def jetbrains(place: Path, data: bytes) -> None:
    """Safe write."""
    fresh, old = place.with_name(place.name + "___jb_tmp___"), place.with_name(place.name + "___jb_old___")
    fresh.write_bytes(data)
    time.sleep(_PAUSE)
    os.rename(place, old)
    time.sleep(_PAUSE)
    os.rename(fresh, place)
    old.unlink()


def slowly(place: Path, data: bytes) -> None:
    """Over a slow network: the file grows bit by bit."""
    with open(place, "wb", buffering=0) as file:
        for start in range(0, len(data), 40):
            file.write(data[start : start + 40])
            time.sleep(_PAUSE)


def with_old_times(place: Path, data: bytes) -> None:
    """cp -p, rsync, tar: another text of the same length with the times of the former one."""
    times = os.stat(place)
    fresh = place.with_name("fresh.tmp")
    fresh.write_bytes(data)
    os.utime(fresh, ns=(times.st_atime_ns, times.st_mtime_ns))
    os.rename(fresh, place)


SAVES: Mapping[str, Save] = {
    save.__name__: save
    for save in (
        *(vim, vim_that_keeps_a_backup, vim_that_copies, emacs, emacs_again, emacs_that_is_careful),
        *(vs_code, jetbrains, slowly, with_old_times),
    )
}
