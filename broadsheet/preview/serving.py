"""The preview as a whole: desk, loop, app and server put together."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Collection

from broadsheet import work
from broadsheet.errors import Diagnostic
from broadsheet.files import Files
from broadsheet.preview import editors
from broadsheet.preview.app import App
from broadsheet.preview.desk import Desk
from broadsheet.preview.loop import Loop
from broadsheet.preview.reading import Reading
from broadsheet.preview.server import Server
from broadsheet.request import Request
from broadsheet.walking import Walk


class Preview:
    """A preview of one site folder. Nothing that it makes is written where a build or a deployment would find it."""

    def __init__(
        self,
        files: Files,
        request: Callable[[], Request],
        crew: work.Crew,
        *,
        hosts: Collection[str],
        hour: Callable[[], float],
        editor: str,
        navigate: bool,
        say: Callable[[str], None],
        report: Callable[[tuple[Diagnostic, ...]], None],
        planned: Callable[[], object] = lambda: None,
        look: Callable[[], Walk] | None = None,
        reading: Reading | None = None,
    ) -> None:
        """`request` tells at any time what to build, `hour` the instant that it is shown at (seconds since 1970);
        `hosts` is how browsers may call this server; `editor` is a link pattern (editors.pattern). `say` gets
        sentences for people, `report` all findings whenever they are others; `planned` is called whenever there is
        a plan; `look` gives the first look at the files, `reading` the first heads of stories, if they have begun."""
        self._desk = Desk(files, request, crew, reading)
        loop = Loop(self._desk, hour, navigate=navigate, said=say, reported=report, planned=planned, look=look)
        client = files.read(os.path.join(os.path.dirname(os.path.abspath(__file__)), "client.js"))

        def place(path: str, line: int, column: int) -> str:
            return editors.link(editor, files.root, path, line, column)

        self._server = Server(App(loop, hosts=hosts, client=client, place=place).asgi, loop.stop)

    def run(self, listening: socket.socket) -> None:
        """Answer requests until the process is told to end."""
        self._server.run([listening])

    def stop(self) -> None:
        self._server.stop()

    def close(self) -> None:
        self._desk.close()
