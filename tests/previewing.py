"""A preview that runs beside the test: the real server on a real socket, over a real folder."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from newsroom import NOW, NoWait, Site

from broadsheet import work
from broadsheet.errors import Diagnostic
from broadsheet.preview import dress, editors, listening
from broadsheet.preview.serving import Preview
from broadsheet.request import Request

PATIENCE = 60.0  # seconds, for machines that are busy


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Running:
    """A preview that answers at `origin`; what it says to the terminal gathers in `said`, findings in `reports`."""

    site: Site
    port: int
    now: datetime
    said: list[str] = field(default_factory=list)
    reports: list[tuple[Diagnostic, ...]] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, address: str, method: str = "GET", **headers: str) -> Answer:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            connection.request(method, address, headers={name.replace("_", "-"): v for name, v in headers.items()})
            found = connection.getresponse()
            return Answer(found.status, {name.lower(): v for name, v in found.getheaders()}, found.read())

    def raw(self, data: bytes, *, half_closed: bool = False) -> bytes:
        """What comes back for some bytes until the server closes or says no more."""
        with closing(socket.create_connection(("127.0.0.1", self.port), timeout=3)) as connection:
            found = b""
            try:
                connection.sendall(data)
                if half_closed:
                    connection.shutdown(socket.SHUT_WR)
            except OSError:  # it has closed already: what it said can still be read
                pass
            try:
                while chunk := connection.recv(65536):
                    found += chunk
            except (TimeoutError, ConnectionResetError):
                pass
            return found

    def page(self, address: str) -> str:
        """A page as a build makes it: what the preview added is taken away."""
        answer = self.get(address)
        assert answer.status == 200, (address, answer.status, answer.text[:300])
        return plain(answer.body, self.origin).decode()

    def state(self, page: str = "index.html") -> Any:
        return json.loads(self.get(f"{dress.OWN}state?page={page}").body)

    def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Wait until something holds."""
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, f"never: {what or condition}; said {self.said}, {self.state()}"
            time.sleep(0.01)

    def shows(self, address: str, text: str) -> None:
        """Wait until a page holds a text."""

        def shown() -> bool:
            answer = self.get(address)
            return answer.status == 200 and text in answer.text

        self.until(shown, f"{address} shows {text!r}")

    def clean(self) -> dict[str, bytes]:
        """What a build of the same sources for the same address makes."""
        built = self.site.build(
            self.now, output=str(self.site.folder.parent / "twin"), base_url=self.origin + "/",
            drafts=True, future=True, full=True,
        )  # fmt: skip
        assert built.ok, built.told()
        return self.site.tree(self.site.folder.parent / "twin")

    def stale(self) -> list[str]:
        """Which files of the site are not what a clean build makes."""
        found = []
        for path, wanted in self.clean().items():
            answer = self.get("/" + _encoded(path))
            if answer.status != 200 or plain(answer.body, self.origin) != wanted:
                found.append(f"{path}: {answer.status}")
        return found

    def exact(self) -> None:
        """Wait until every file of the site is what a clean build makes."""
        self.until(lambda: not self.stale(), "the preview equals a clean build")


def plain(data: bytes, origin: str) -> bytes:
    """A page without what the preview added, which must be the script's element and its place in the policy alone."""
    start = data.find(b'<script defer src="' + dress.SCRIPT.encode())
    if start < 0:
        return data
    stop = data.index(b"</script>\n", start) + len(b"</script>\n")
    data = data[:start] + data[stop:]
    own = f" {origin}{dress.SCRIPT}".encode()
    return data.replace(b"script-src" + own, b"script-src 'none'", 1)


def _encoded(path: str) -> str:
    from urllib.parse import quote

    return quote(path)


@dataclass
class Served(Running):
    """A preview in a process of its own, started by the command line."""

    folder: Path = field(default_factory=Path)
    process: subprocess.Popen[bytes] | None = None

    def out(self) -> str:
        return (self.folder / "serve.out").read_text()

    def err(self) -> str:
        return (self.folder / "serve.err").read_text()

    def end(self, number: int = signal.SIGINT) -> int:
        """Send a signal; gives the exit code."""
        assert self.process
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@contextmanager
def serving(
    site: Site,
    *arguments: str,
    before: Sequence[str] = (sys.executable, str(Path(__file__).parent.parent / "build.py")),
    **environment: str,
) -> Iterator[Served]:
    """`serve` as people start it. `before` is what runs Broadsheet; the port is a free one unless -p says which."""
    folder = site.folder.parent
    port = () if "-p" in arguments else ("-p", "0")
    jobs = () if "-j" in arguments else ("-j", "1")
    command = [*before, "serve", "-s", str(site.folder), *port, *jobs, *arguments]
    variables = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent), **environment}
    with open(folder / "serve.out", "wb") as out, open(folder / "serve.err", "wb") as err:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=variables)
    running = Served(site, 0, NOW, folder=folder, process=process)
    try:
        end = time.monotonic() + PATIENCE
        while not (found := re.match(r"preview: http://[^/]+:(\d+)/", running.out())):
            assert process.poll() is None, running.err()
            assert time.monotonic() < end, running.err()
            time.sleep(0.01)
        running.port = int(found[1])
        running.until(lambda: running.get("/").status != 503, "the preview starts")
        yield running
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(PATIENCE)


@contextmanager
def previewed(
    site: Site,
    *,
    now: datetime = NOW,
    hour: Callable[[], datetime] | None = None,
    navigate: bool = False,
    first: str = "/",
    **more: Any,
) -> Iterator[Running]:
    """A preview of a site at an instant, once it has answered for the page `first`. `more` are fields of the request,
    or `editor`."""
    clock = hour or (lambda: now)
    editor = more.pop("editor", "none")
    socket = listening.listen("127.0.0.1", 0, exactly=False)
    running = Running(site, socket.getsockname()[1], now)

    def request() -> Request:
        given = {"drafts": True, "future": True, **more}
        return Request(site=str(site.folder), now=clock(), base_url=running.origin + "/", **given)

    preview = Preview(
        NoWait(str(site.folder)),
        request,
        work.Crew(1, work.Inline),
        hosts=listening.hosts("127.0.0.1", running.port, ()),
        hour=lambda: clock().timestamp(),
        editor=editors.pattern(editor),
        navigate=navigate,
        say=running.said.append,
        report=running.reports.append,
    )
    thread = threading.Thread(target=preview.run, args=(socket,), daemon=True)
    thread.start()
    try:
        running.until(lambda: running.get(first).status != 503, "the preview starts")
        yield running
    finally:
        preview.stop()
        thread.join(PATIENCE)
        preview.close()
        assert not thread.is_alive(), "the preview doesn't end"
