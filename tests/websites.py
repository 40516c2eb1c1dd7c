"""A web server on loopback that serves a folder as it is told to, and notes what it is asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import unquote, urlsplit

from hosts import Answer, Asked
from serving import LocalServer

from broadsheet.deploy import kinds


class Website:
    """Serves `folder` below the path `prefix`, each answer changed by `answering`. What comes by POST gets `status`."""

    def __init__(self, folder: Path | None = None, prefix: str = "/", headers: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.prefix = prefix
        self.headers = dict(headers or {})
        self.status = 200
        self.refused: tuple[str, ...] = ()  # methods
        self.asked: list[Asked] = []
        self.answering: Callable[[str, Answer], Answer | None] = lambda _, answer: answer
        handler = type("Handler", (_Handler,), {"site": self})
        self._server = LocalServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}{prefix}"

    def __enter__(self) -> Website:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str) -> Answer | None:
        """What a path of the site gets; None where the connection is cut."""
        place = self.folder / path / "index.html" if self.folder and path in ("", *_folders(path)) else None
        place = place or (self.folder / path if self.folder else None)
        if place is None or not place.is_file():
            return self.answering(path, Answer(404, {"Content-Type": "text/html"}, b"none"))
        headers = {"Content-Type": kinds.content_type(place.name, kinds.Pages()), **self.headers}
        return self.answering(path, Answer(200, headers, place.read_bytes()))


def _folders(path: str) -> tuple[str, ...]:
    return (path,) if path.endswith("/") else ()


class _Handler(BaseHTTPRequestHandler):
    site: Website
    protocol_version = "HTTP/1.1"

    def _do(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.site.asked.append(Asked(self.command, self.path, dict(self.headers.items()), body))
        path = unquote(urlsplit(self.path).path)
        answer: Answer | None = Answer(self.site.status, {}, b"")
        if self.command in self.site.refused:
            answer = Answer(405, {}, b"")
        elif self.command != "POST":
            inside = path.startswith(self.site.prefix)
            answer = self.site.answer(path.removeprefix(self.site.prefix)) if inside else Answer(404, {}, b"")
        if answer is None:
            self.close_connection = True
            return
        self.send_response_only(answer.status)
        for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(b"" if self.command == "HEAD" else answer.body)
        self.close_connection |= "Content-Length" in answer.headers  # which may promise more than there is

    do_GET = do_HEAD = do_POST = _do  # noqa: N815  # names of the base class

    def log_message(self, *_: object) -> None:
        """Say nothing."""
