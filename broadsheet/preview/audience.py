"""The pages that are open in browsers, and what they are told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from broadsheet.errors import ContentError
from broadsheet.frozen import record
from broadsheet.preview.desk import Desk
from broadsheet.preview.shelf import Made

_MOST_LISTENERS = 200
_MOST_WAITING = 100  # events that a browser has not fetched
_LEADS = 60.0  # seconds for which a page that comes back, or comes late, is led to what was saved meanwhile


@record
class Event:
    """What a browser is told: a kind, and a path on the site. "page": the page there looks different; "part": a file
    that the page uses does; "go": show this page; "state": what is said about the site is different."""

    kind: str
    path: str = ""


class Listener:
    """A page that is open in a browser: its path in the output folder, the digest of what it shows, the keys of the
    other files that it uses, and the number of the last lead before it was served."""

    def __init__(self, page: str, seen: str, parts: Mapping[str, str], led: int) -> None:
        self.page = page
        self.seen = seen
        self.parts = dict(parts)
        self.led = led
        self.events: asyncio.Queue[Event | None] = asyncio.Queue()

    def tell(self, event: Event | None) -> None:
        """None ends the stream."""
        if self.events.qsize() < _MOST_WAITING:
            self.events.put_nowait(event)
        else:
            self.events.put_nowait(None)


class Audience:
    """Everybody who looks. `made` gives a page as it is now (see Desk.file); `wake` is called when somebody comes."""

    def __init__(self, desk: Desk, made: Callable[[str], Awaitable[Made | None]], wake: Callable[[], object]) -> None:
        self._desk = desk
        self._made = made
        self._wake = wake
        self._listeners: set[Listener] = set()
        self._closed = False
        self.led = desk.files.now() // 1_000_000  # the number of the last lead, beyond those of an earlier preview
        self._lead: tuple[str, float] = ("", 0.0)  # its path, and the time in the event loop until which it counts

    def __bool__(self) -> bool:
        return bool(self._listeners)

    def join(self, listener: Listener) -> bool:
        """Tell a page of what concerns it, from now on; False where too many listen."""
        if len(self._listeners) >= _MOST_LISTENERS or self._closed:
            return False
        self._listeners.add(listener)
        self._wake()
        path, until = self._lead
        if listener.led != self.led and listener.page != path and asyncio.get_running_loop().time() < until:
            listener.tell(Event(kind="go", path=path))
        return True

    def leave(self, listener: Listener) -> None:
        self._listeners.discard(listener)

    def close(self) -> None:
        self._closed = True
        for listener in self._listeners:
            listener.tell(None)

    def tell(self, event: Event) -> None:
        for listener in self._listeners:
            listener.tell(event)

    def lead(self, path: str) -> None:
        """To this page, whoever looks at another one, now or when it is back in a moment."""
        self.led += 1
        self._lead = (path, asyncio.get_running_loop().time() + _LEADS)
        for listener in self._listeners:
            if listener.page != path:
                listener.tell(Event(kind="go", path=path))

    async def tell_pages(self) -> None:
        """Tell each open page whether it, or a part of it, looks different now."""
        for listener in tuple(self._listeners):
            await self._tell_page(listener)

    async def _tell_page(self, listener: Listener) -> None:
        try:
            made = await self._made(listener.page)
        except (ContentError, LookupError):
            return
        shown = made.digest if made else ""
        if shown != listener.seen:
            listener.seen = shown
            listener.tell(Event(kind="page", path=listener.page))
            return
        for path, key in listener.parts.items():
            now = self._desk.key(path)
            if now != key:
                listener.parts[path] = now
                listener.tell(Event(kind="part", path=path))
