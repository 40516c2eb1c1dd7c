"""Disks that fail and processes that die, at any step that changes the file system."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from newsroom import NoWait

from broadsheet.errors import UnfinishedError


class Crash(BaseException):
    """The process dies: nothing that it would have done afterwards happens."""


STOPPED = (Crash, OSError, UnfinishedError)  # how a build ends that meets a fault


class Faulty(NoWait):
    """Fails at the n-th step that changes the file system. `lasting`: so does every later step, as when a process
    dies or a disk is gone for good."""

    def __init__(self, root: str, fail_at: int, error: Callable[[], BaseException], *, lasting: bool) -> None:
        super().__init__(root)
        self.step = 0
        self._fail_at = fail_at
        self._error = error
        self._lasting = lasting

    @property
    def fired(self) -> bool:
        return self.step >= self._fail_at

    def _take_step(self) -> None:
        self.step += 1
        if self.step == self._fail_at or (self._lasting and self.step > self._fail_at):
            raise self._error()

    def write(self, path: str, data: bytes) -> None:
        self._take_step()
        super().write(path, data)

    def rename(self, source: str, target: str) -> None:
        self._take_step()
        super().rename(source, target)

    def remove(self, path: str) -> None:
        self._take_step()
        super().remove(path)

    def remove_empty_folders(self, path: str, stop: str) -> None:
        self._take_step()
        super().remove_empty_folders(path, stop)

    def remove_tree(self, folder: str) -> tuple[int, int]:
        self._take_step()
        return super().remove_tree(folder)

    def sync(self, path: str) -> None:
        self._take_step()
        super().sync(path)


class HalfWritten(Faulty):
    """As `Faulty`, and a write that fails leaves half of its bytes behind."""

    def write(self, path: str, data: bytes) -> None:
        try:
            self._take_step()
        except BaseException:
            NoWait.write(self, path, data[: len(data) // 2])
            raise
        NoWait.write(self, path, data)


FAULTS: Mapping[str, Callable[[str, int], Faulty]] = {
    "dies": lambda root, n: Faulty(root, n, Crash, lasting=True),
    "dies in the middle of a write": lambda root, n: HalfWritten(root, n, Crash, lasting=True),
    "fails once": lambda root, n: Faulty(root, n, lambda: OSError(5, "Input/output error"), lasting=False),
    "fails for good": lambda root, n: Faulty(root, n, lambda: OSError(28, "No space left on device"), lasting=True),
}
