"""Which files may have changed: hints from the system, or from looking again and again where it gives none."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterable, Sequence

from watchfiles import awatch

from broadsheet.files import Files

_DEBOUNCE = 30  # milliseconds: how long a burst of changes may go on before it is told
_STEP = 5  # milliseconds of quiet that end one
_POLL = 400  # milliseconds between two looks
_AGAIN = 2.0  # seconds until a watch that failed is tried again


class Watcher:
    """Tells of changes below the folders that the site is made from, as sets of paths (absolute)."""

    def __init__(
        self,
        files: Files,
        deep: Callable[[], Sequence[str]],
        shallow: Callable[[], Sequence[str]],
        say: Callable[[str], None],
    ) -> None:
        """`deep` gives the folders (absolute) to look into, all the way down; `shallow` those of which only the files
        right in them count. Both may change. `say` gets what people should know."""
        self._files = files
        self._deep = deep
        self._shallow = shallow
        self._say = say
        self.polling = False

    async def changes(self, stop: asyncio.Event) -> AsyncIterator[frozenset[str]]:
        """Paths that may have changed, burst by burst. An empty set: look at everything."""
        queue: asyncio.Queue[frozenset[str]] = asyncio.Queue()
        tasks = [
            asyncio.create_task(self._watch(queue, stop, deep=True)),
            asyncio.create_task(self._watch(queue, stop, deep=False)),
        ]
        try:
            while not stop.is_set():
                yield await queue.get()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _watch(self, queue: asyncio.Queue[frozenset[str]], stop: asyncio.Event, *, deep: bool) -> None:
        """Watch for ever: where a folder comes or goes, from the start; where the system's watches are used up, by
        looking. Whenever a watch has begun everything has to be looked at: what changed before it nobody has seen."""
        wanted = self._deep if deep else self._shallow
        while not stop.is_set():
            folders = self._there(wanted)
            again = asyncio.Event()
            begun = False
            try:
                async for burst in awatch(
                    *folders,
                    watch_filter=None,
                    debounce=_DEBOUNCE,
                    step=_STEP,
                    rust_timeout=500,
                    yield_on_timeout=True,
                    recursive=deep,
                    stop_event=again,
                    force_polling=self.polling or None,  # None: unless the library knows that it has to
                    poll_delay_ms=_POLL,
                    # Where the system watches, this would also pass over its limit of watches being reached.
                    ignore_permission_denied=self.polling,
                ):
                    if not begun:
                        begun = True
                        queue.put_nowait(frozenset())
                    paths = self._ours(burst, deep=deep)
                    if folders != self._there(wanted):
                        again.set()
                    if paths or again.is_set():
                        queue.put_nowait(paths)
            except FileNotFoundError:  # a folder went while it was about to be watched
                await asyncio.sleep(_STEP / 1000)
            except (OSError, RuntimeError) as error:  # the second is watchfiles' own, for what the system said
                if self.polling:
                    await asyncio.sleep(_AGAIN)
                self._poll_from_now(error)

    def _poll_from_now(self, error: Exception) -> None:
        if not self.polling:
            self.polling = True
            self._say(
                f"files can't be watched ({error}): looking at them every {_POLL / 1000} s instead. On Linux, "
                "raise fs.inotify.max_user_watches"
            )

    def _there(self, folders: Callable[[], Sequence[str]]) -> dict[str, int]:
        """The folders that are there, with their inodes: one that was replaced has to be watched anew."""
        stamps = {folder: self._files.stamp(folder) for folder in folders()}
        return {folder: stamp[-1] for folder, stamp in stamps.items() if stamp}

    def _ours(self, burst: Iterable[tuple[object, str]], *, deep: bool) -> frozenset[str]:
        """The paths of a burst, without what the preview itself and version control write."""
        return frozenset(path for _, path in burst if deep or not os.path.basename(path).startswith("."))
