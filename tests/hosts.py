"""Hosts for deploys, all of them real: git remotes, an SSH server with rsync, object stores over HTTP with a proxy in
front that can fail, and a look at what readers would find there.

Where a program isn't installed its tests are skipped, but fail where BROADSHEET_REQUIRE_BROWSER=1 (which CI sets:
nothing is skipped there).
"""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import unquote

import pytest
from serving import LocalServer

REQUIRED = os.environ.get("BROADSHEET_REQUIRE_BROWSER") == "1"


def need(*programs: str | Path) -> None:
    """Skip the test, or fail it, where a program is missing."""
    absent = [str(name) for name in programs if not (shutil.which(name) or shutil.which(f"/usr/sbin/{name}"))]
    if absent and REQUIRED:
        pytest.fail(f"{absent[0]} is not installed")
    if absent:
        pytest.skip(f"{absent[0]} is not installed (apt-get install git openssh-server rsync; make emulators)")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def await_port(port: int, process: subprocess.Popen[bytes] | None = None) -> None:
    for _ in range(600):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            return
        assert process is None or process.poll() is None, "the server ended"
        time.sleep(0.05)
    raise AssertionError(f"nothing answers at port {port}")


def git(folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
    for who in ("AUTHOR", "COMMITTER"):
        environment |= {f"GIT_{who}_NAME": "A Reporter", f"GIT_{who}_EMAIL": "reporter@example.org"}
    done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, env=environment)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


# --- an SSH server ---------------------------------------------------------------------------------------------------


@contextmanager
def ssh_server(folder: Path, path: str = "") -> Iterator[tuple[int, Path]]:
    """An SSH server on loopback for the present user: its port, and a file for `ssh -F` that gets in. `path` is where
    its commands look for programs."""
    need("sshd", "ssh", "ssh-keygen", "rsync")
    folder.mkdir(parents=True)
    folder.chmod(0o700)
    for name in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
    (folder / "authorized").write_bytes((folder / "user.pub").read_bytes())
    port = free_port()
    (folder / "sshd_config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nPidFile {folder}/pid\n"
        f"AuthorizedKeysFile {folder}/authorized\nPasswordAuthentication no\nUsePAM no\nStrictModes no\n"
        "PermitRootLogin prohibit-password\nMaxStartups 100\n"
        # Nothing of the user's own: what a shell reads as it begins may take long, and wouldn't like to be killed.
        f"SetEnv HOME={folder}" + (f" PATH={path}" if path else "") + "\n"
    )
    (folder / "config").write_text(
        f"Host *\n  IdentityFile {folder}/user\n  IdentitiesOnly yes\n  UserKnownHostsFile {folder}/known\n"
        "  StrictHostKeyChecking accept-new\n  LogLevel ERROR\n"
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    sshd = shutil.which("sshd") or "/usr/sbin/sshd"
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([sshd, "-D", "-e", "-f", str(folder / "sshd_config")], stderr=log)
        try:
            await_port(port, server)
            yield port, folder / "config"
        finally:
            server.terminate()
            server.wait()


@contextmanager
def one_connection(port: int, config: Path) -> Iterator[None]:
    """Everybody who uses this file for `ssh -F` shares a connection meanwhile, which saves most of the time."""
    with TemporaryDirectory() as folder:  # a short name: sockets can't have long ones
        config.write_text(config.read_text() + f"  ControlPath {folder}/shared\n")
        command = ["ssh", "-F", str(config), "-M", "-N", "-p", str(port), "127.0.0.1"]
        master = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        try:
            for _ in range(200):
                if Path(folder, "shared").exists():
                    break
                time.sleep(0.05)
            yield
        finally:
            master.terminate()
            master.wait()


# --- HTTP ------------------------------------------------------------------------------------------------------------


def request(
    port: int, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
) -> tuple[int, bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request(method, path, body, headers={"Content-Length": str(len(body)), **(headers or {})})
        answer = connection.getresponse()
        return answer.status, answer.read()


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


class Proxy:
    """Stands before a server, notes what is asked of it, and fails as `fault` says: given the number of the request
    (from 1), its method and path, it gives "" (pass it on), "503", "412", "slow", "reset" (the server never sees it),
    "hang" (no answer comes), "lost" (the server does it, but the answer is lost) or "dead" (lost, and nothing is
    answered any more). `asking` and `answering` change what is passed on."""

    def __init__(
        self,
        upstream: int,
        asking: Callable[[Asked], Asked] = lambda asked: asked,
        answering: Callable[[Asked, Answer], Answer] = lambda _, answer: answer,
    ) -> None:
        self.upstream = upstream
        self.asking = asking
        self.answering = answering
        self.fault: Callable[[int, str, str], str] = lambda *_: ""
        self.asked: list[tuple[str, str]] = []
        self.sent: list[bytes] = []  # heads of requests
        self.dead = False
        self.on_done: Callable[[], None] | None = None  # after each request that the server has done, one at a time
        self.watching = threading.Lock()
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"proxy": self})
        self._server = LocalServer(("127.0.0.1", 0), handler)
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]  # cut connections are what it is for
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def reset(self) -> None:
        self.dead, self.asked, self.fault, self.on_done = False, [], lambda *_: "", None

    def puts(self, prefix: str) -> list[str]:
        """The paths below a prefix that were put, in order."""
        return [path.partition(f"/news/{prefix}")[2] for method, path in self.asked if method == "PUT"]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def count(self, method: str, path: str) -> int:
        with self._lock:
            self.asked.append((method, path))
            return len(self.asked)


class _Handler(BaseHTTPRequestHandler):
    proxy: Proxy
    protocol_version = "HTTP/1.1"

    def _do(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.proxy.dead:
            return self._cut()
        path = unquote(self.path)
        fault = self.proxy.fault(self.proxy.count(self.command, path), self.command, path)
        if fault in ("503", "412"):
            return self._answer(
                int(fault), {"Content-Type": "application/xml"}, b"<Error><Code>Injected</Code></Error>"
            )
        if fault == "reset":
            return self._cut()
        if fault == "slow":
            time.sleep(0.3)
        if fault == "hang":
            time.sleep(3)
            return self._cut()
        if fault == "dead":
            self.proxy.dead = True
        asked = Asked(self.command, self.path, dict(self.headers.items()), body)
        with self.proxy.watching if self.proxy.on_done else nullcontext():
            answer = self._passed_on(asked)
            if self.proxy.on_done:
                self.proxy.on_done()
        if fault in ("lost", "dead"):
            return self._cut()
        kept = {name: value for name, value in answer.headers.items() if name.lower() not in _HOP}
        length = next((value for name, value in answer.headers.items() if name.lower() == "content-length"), None)
        return self._answer(answer.status, kept, answer.body, length)

    def _passed_on(self, asked: Asked) -> Answer:
        to = self.proxy.asking(asked)
        with closing(http.client.HTTPConnection("127.0.0.1", self.proxy.upstream, timeout=60)) as connection:
            connection.request(to.method, to.path, to.body, dict(to.headers))
            found = connection.getresponse()
            answer = Answer(found.status, dict(found.getheaders()), found.read())
        return self.proxy.answering(asked, answer)

    def _answer(self, status: int, headers: Mapping[str, str], data: bytes, length: str | None = None) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", length if length and self.command == "HEAD" else str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _cut(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = _do  # noqa: N815  # names of the base class

    def log_message(self, *_: object) -> None:
        """Say nothing."""


_HOP = {"content-length", "transfer-encoding", "connection", "keep-alive"}


# --- what readers find -----------------------------------------------------------------------------------------------

_NAMED = re.compile(rb"""\b(?:href|src|srcset)="([^"]+)\"""")


def missing_assets(site: Mapping[str, bytes], base_url: str) -> list[str]:
    """ "page -> asset" for each asset that a page of a site shows and that is not there."""
    prefix = re.sub(r"https?://[^/]+", "", base_url)
    found = []
    for path, data in site.items():
        if not path.endswith(".html"):
            continue
        for value in _NAMED.findall(data):
            for part in value.decode().split(","):
                name = part.split()[0].removeprefix(base_url)
                name = name.removeprefix(prefix) if name.startswith(prefix) else name
                asset = re.fullmatch(r"[\w./%-]+\.(?:webp|jpe?g|png|svg|js|css|webmanifest|woff2)", name)
                if asset and name not in site:
                    found.append(f"{path} -> {name}")
    return found


def served(store: Any, prefix: str) -> dict[str, bytes]:
    """Every object of a store below a prefix, without our own state."""
    import obstore

    found = {}
    for chunk in obstore.list(store, prefix=prefix or None):
        for entry in chunk:
            path = entry["path"].removeprefix(prefix)
            if not path.startswith(".broadsheet/"):
                found[path] = bytes(obstore.get(store, entry["path"]).bytes())
    return found
