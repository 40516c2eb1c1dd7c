"""The answers: files of the site from the plan, and the preview's own three addresses below /.broadsheet/.

Nothing is ever looked up in the file system by what a request says: a path is a key of the plan, or there is no such
page. Every address answers to the right Host alone, and none says that other sites may read it.
"""

from __future__ import annotations

import json
import mimetypes
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

import anyio
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from broadsheet.errors import ContentError, Diagnostic
from broadsheet.preview import dress
from broadsheet.preview.audience import Event, Listener
from broadsheet.preview.labels import Label
from broadsheet.preview.loop import Loop
from broadsheet.preview.shelf import Made
from broadsheet.urls import output_path

_HEADERS = {
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
}
_FRAMED = {"Content-Security-Policy": "frame-ancestors 'none'"}
_HEARTBEAT = 15.0  # seconds: a stream that says nothing for long is taken for dead on its way
_START = 6.0  # seconds that a request waits for the first plan to know all stories
_PARTS = 30.0  # … for all of it: what a page needs nobody would ask for again
_MOST_PARTS = 100
_LISTED = 200  # labels of each kind that the bar lists
_TYPES: Mapping[str, str] = {
    **dict.fromkeys((".html",), "text/html; charset=utf-8"),
    ".xml": "application/xml; charset=utf-8",
    ".atom": "application/atom+xml; charset=utf-8",
    ".opml": "text/x-opml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".woff2": "font/woff2",
}


class App:
    """`hosts` are the names that requests may ask for ("127.0.0.1:8000"); `place` gives the link that opens a source in
    an editor at a line and column, or nothing; `client` is the script for browsers."""

    def __init__(
        self,
        loop: Loop,
        *,
        hosts: Collection[str],
        client: bytes,
        place: Callable[[str, int, int], str],
    ) -> None:
        self._loop = loop
        self._client = client
        self._place = place
        routes = [
            Route(dress.SCRIPT, self._script),
            Route(dress.OWN + "events", self._events),
            Route(dress.OWN + "state", self._state),
            Route("/{path:path}", self._page),
        ]
        guards = [Middleware(Guard, hosts=frozenset(hosts))]
        self.asgi = Starlette(routes=routes, middleware=guards, lifespan=self._lifespan)

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        async with anyio.create_task_group() as group:
            group.start_soon(self._loop.run)
            yield
            self._loop.stop()

    # --- the site ----------------------------------------------------------------------------------------------

    async def _page(self, request: Request) -> Response:
        address = request.scope["path"]
        if self._loop.desk.generation is None:
            early = await self._early(request, output_path(address))
            if early or self._loop.desk.generation is None:
                return early or self._nothing(request, address)
        known = self._loop.desk.generation.files
        path = address[1:] if address[1:] in known else output_path(address)
        if path in known and f"{address}/index.html" == f"/{path}":
            query = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(quote(address) + "/" + query, 308, headers=_HEADERS)
        at = self._loop.desk.now()
        if path not in known and (new := await self._loop.first(output_path(address))):
            return self._file(request, new, output_path(address), 200, at)
        status = 200 if path in known else 404
        try:
            made = await self._loop.file(path if status == 200 else "404.html")
        except ContentError:
            return self._broken(request, path)
        if made is None:
            return self._message(request, path, 404, "Not found", address)
        return self._file(request, made, path, status, at)

    async def _early(self, request: Request, path: str) -> Response | None:
        """A story before there is a plan of the whole site; None where there is none yet, or something else is asked
        for."""
        if path.endswith(".html"):
            with anyio.move_on_after(_START):
                await self._loop.begun.wait()
            if not self._loop.begun.is_set():
                return None
            at = self._loop.desk.now()
            made = await self._loop.first(path)
            if made is not None:
                return self._file(request, made, path, 200, at)
        with anyio.move_on_after(_PARTS):
            await self._loop.ready.wait()
        return None

    def _file(self, request: Request, made: Made, path: str, status: int, at: int) -> Response:
        dressed = made.template.endswith(".html") and made.template != "redirect.html"
        led = self._loop.audience.led
        tag = f'"{made.digest}-{at}-{led}"' if dressed else f'"{made.digest}"'
        if status == 200 and request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={**_HEADERS, "ETag": tag})
        data = made.data
        if dressed:
            seen = made.digest if status == 200 else ""
            data = dress.dressed(data, _origin(request), path, seen, at, led)
        ending = "." + made.path.rpartition(".")[2] if "." in made.path.rpartition("/")[2] else ""
        return self._answer(data, ending, status, tag if status == 200 else "")

    def _nothing(self, request: Request, address: str) -> Response:
        """Before there is a plan: it takes its time, or can't be made."""
        if self._loop.desk.errors():
            return self._broken(request, output_path(address))
        told = "The stories are being read. This page shows as soon as they are."
        answer = self._message(request, output_path(address), 503, "One moment", told)
        answer.headers["Retry-After"] = "1"
        return answer

    def _broken(self, request: Request, path: str) -> Response:
        told = "Something is wrong with the site's files: see below. The page shows as soon as that is mended."
        return self._message(request, path, 500, "Not yet", told)

    def _message(self, request: Request, path: str, status: int, title: str, told: str) -> Response:
        data = dress.message(title, told, _origin(request), path, self._loop.audience.led)
        return self._answer(data, ".html", status, "")

    def _answer(self, data: bytes, ending: str, status: int, tag: str) -> Response:
        kind = _TYPES.get(ending) or mimetypes.types_map.get(ending, "application/octet-stream")
        headers = {**_HEADERS, **(_FRAMED if ending == ".html" else {}), **({"ETag": tag} if tag else {})}
        return Response(data, status, headers={**headers, "Content-Type": kind})

    # --- the preview's own -------------------------------------------------------------------------------------

    async def _script(self, _request: Request) -> Response:
        return self._answer(self._client, ".js", 200, "")

    async def _state(self, request: Request) -> Response:
        """What the bar, the labels and the overlay show, as JSON."""
        page = request.query_params.get("page", "")[:2000]
        found = self._loop.labels
        address = "/" + page.removesuffix("index.html")
        groups: dict[str, list[dict[str, str]]] = {}
        counts: dict[str, int] = {}
        for label in found.values():
            counts[label.kind] = counts.get(label.kind, 0) + 1
            if counts[label.kind] <= _LISTED:
                groups.setdefault(label.kind, []).append(self._listed(label))
        own = found.get(address)
        generation = self._loop.desk.generation
        known = generation.files.get(page) if generation else None
        source = known.source if known else ""
        findings = self._loop.findings()
        value = {
            "at": str(self._loop.desk.now()),  # JavaScript's numbers are too short for it
            "errors": [self._told(finding) for finding in findings if finding.severity == "error"],
            "warnings": sum(1 for finding in findings if finding.severity == "warn"),
            "page": {
                "label": own.text if own else "",
                "kind": own.kind if own else "",
                "source": source,
                "editor": self._place(source, 1, 1) if source.endswith(".md") else "",
            },
            "counts": counts,
            "lists": groups,
            "labels": {quote(label.url): label.text for label in found.values() if label.source},
        }
        return self._answer(json.dumps(value, ensure_ascii=False).encode(), ".json", 200, "")

    def _listed(self, label: Label) -> dict[str, str]:
        return {"url": quote(label.url), "title": label.title, "text": label.text}

    def _told(self, finding: Diagnostic) -> dict[str, object]:
        return {
            "where": finding.where(),
            "message": finding.message,
            "code": finding.code,
            "hint": finding.hint,
            "excerpt": finding.excerpt[:2000],
            "line": finding.line,
            "column": finding.column,
            "editor": self._place(finding.path, finding.line, finding.column) if finding.path else "",
        }

    async def _events(self, request: Request) -> Response:
        await self._loop.ready.wait()  # keys are those of a plan
        query = request.query_params
        parts = dict(self._part(part[:2000]) for part in query.getlist("part")[:_MOST_PARTS])
        led = query.get("led", "")
        listener = Listener(
            query.get("page", "")[:2000],
            query.get("seen", "")[:100],
            parts,
            int(led) if led.isdecimal() and len(led) < 30 else self._loop.audience.led,
        )
        if not self._loop.audience.join(listener):
            return Response("too many pages are open", 503, headers=_HEADERS)
        stream = self._stream(listener)
        return StreamingResponse(
            stream, headers={**_HEADERS, "Cache-Control": "no-store"}, media_type="text/event-stream"
        )

    def _part(self, said: str) -> tuple[str, str]:
        """A file that a page uses, which it says as "instant:path": its path and the key that the page has of it."""
        instant, _, path = said.partition(":")
        path = output_path(path)
        known = instant.isdecimal() and len(instant) < 30 and not self._loop.desk.moved_since(path, int(instant))
        return path, self._loop.desk.key(path) if known else "another"

    async def _stream(self, listener: Listener) -> AsyncIterator[bytes]:
        try:
            yield b"retry: 500\n\n"
            while True:
                event: Event | None = None
                with anyio.move_on_after(_HEARTBEAT) as waited:
                    event = await listener.events.get()
                    if event is None:
                        return
                if waited.cancelled_caught:
                    yield b": still here\n\n"
                elif event:
                    yield b"data: " + json.dumps({"kind": event.kind, "path": event.path}).encode() + b"\n\n"
        finally:
            self._loop.audience.leave(listener)


def _origin(request: Request) -> str:
    """How the browser calls this server: by one of its names, Guard has seen to that."""
    return f"http://{request.headers['host']}"


class Guard:
    """Lets through what asks for this preview by one of its names, in a way that a browser on it does."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        refused = self._refused(scope)
        app: ASGIApp = (
            Response(refused[1] + "\n", refused[0], headers={**_HEADERS, **refused[2]}) if refused else self._app
        )
        await app(scope, receive, send)

    def _refused(self, scope: Mapping[str, Any]) -> tuple[int, str, Mapping[str, str]] | None:
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        hosts = [value.decode("latin-1") for name, value in headers if name == b"host"]
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            return 421, "this preview has another name: see the address that it printed", {}
        if not scope["path"].startswith("/") or not scope["raw_path"].startswith(b"/"):
            return 400, "the address must be a path", {}
        if scope["method"] not in ("GET", "HEAD"):
            return 405, "there is nothing to write to", {"Allow": "GET, HEAD"}
        own = scope["path"].startswith(dress.OWN)
        if own and not self._same_origin(headers):
            return 403, "only for pages of this preview", {}
        return None

    def _same_origin(self, headers: list[tuple[bytes, bytes]]) -> bool:
        """Whether a page of this preview asks, or no page: what browsers say of that no page can forge."""
        said = {name: value.decode("latin-1").lower() for name, value in headers}
        origin = said.get(b"origin")
        if origin is not None and origin.removeprefix("http://") not in self._hosts:
            return False
        return said.get(b"sec-fetch-site", "none") in ("same-origin", "none")
