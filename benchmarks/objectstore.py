"""An S3 server of this machine to deploy to (SeaweedFS), and a door to it that counts what is put."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

KEYS = {"AWS_ACCESS_KEY_ID": "benchmark", "AWS_SECRET_ACCESS_KEY": "benchmark-of-this-machine"}
REGION = "us-east-1"


@contextmanager
def server(weed: str, folder: str, buckets: tuple[str, ...]) -> Iterator[int]:
    """A server with these buckets: its port. What it holds lies in `folder`, which must be new."""
    os.makedirs(os.path.join(folder, "data"))
    key, secret = KEYS.values()
    who = {"name": "benchmark", "credentials": [{"accessKey": key, "secretKey": secret}], "actions": ["Admin"]}
    identities = os.path.join(folder, "identities.json")
    with open(identities, "w", encoding="utf-8") as file:
        json.dump({"identities": [who]}, file)
    services = ("master.port", "volume.port", "filer.port", "s3.port")
    ports = {name: free_port() for service in services for name in (service, f"{service}.grpc")}
    command = [weed, "server", f"-dir={folder}/data", "-filer", "-s3", f"-s3.config={identities}", "-ip=127.0.0.1"]
    command += ["-ip.bind=127.0.0.1", "-master.telemetry=false", "-s3.port.iceberg=0", "-s3.port.lance=0"]
    command += ["-volume.max=64", "-master.volumeSizeLimitMB=512", *(f"-{name}={port}" for name, port in ports.items())]
    with open(os.path.join(folder, "log"), "wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        try:
            for bucket in buckets:
                _make(bucket, ports["s3.port"], process)
            yield ports["s3.port"]
        finally:
            process.kill()
            process.wait()


def _make(bucket: str, port: int, process: subprocess.Popen[bytes]) -> None:
    """The first object makes the bucket, and takes seconds."""
    import obstore
    from obstore.store import S3Store

    key, secret = KEYS.values()
    at = f"http://127.0.0.1:{port}"
    store = S3Store(
        bucket,
        endpoint=at,
        region=REGION,
        access_key_id=key,
        secret_access_key=secret,
        client_options={"allow_http": True},
    )
    for _ in range(600):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            break
        if process.poll() is not None:
            raise RuntimeError("the S3 server ended")
        time.sleep(0.1)
    obstore.put(store, "first.txt", b"first")
    obstore.delete(store, "first.txt")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Counted:
    """What went through the door: requests of any kind, and the puts among them with their paths and the bytes of
    their bodies."""

    requests: int = 0
    puts: int = 0
    bytes: int = 0
    paths: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, method: str, path: str, body: bytes) -> None:
        with self.lock:
            self.requests += 1
            self.puts += method == "PUT"
            self.bytes += len(body) if method == "PUT" else 0
            self.paths += [unquote(path.partition("?")[0])] if method == "PUT" else []


@contextmanager
def counting(upstream: int) -> Iterator[tuple[int, Counted]]:
    """A door to the server at a port: its own port, and what went through it so far."""
    counted = Counted()
    handler = type("Handler", (_Handler,), {"upstream": upstream, "counted": counted})
    door = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    door.daemon_threads = True
    threading.Thread(target=door.serve_forever, daemon=True).start()
    try:
        yield door.server_address[1], counted
    finally:
        door.shutdown()
        door.server_close()


class _Handler(BaseHTTPRequestHandler):
    upstream: int
    counted: Counted
    protocol_version = "HTTP/1.1"

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.counted.note(self.command, self.path, body)
        with closing(http.client.HTTPConnection("127.0.0.1", self.upstream, timeout=60)) as connection:
            connection.request(self.command, self.path, body, dict(self.headers.items()))
            answer = connection.getresponse()
            data = answer.read()
        self.send_response_only(answer.status)
        length = str(len(data))
        for name, value in answer.getheaders():
            if name.lower() == "content-length":
                length = value
            elif name.lower() not in ("transfer-encoding", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", length)
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else data)

    do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = _pass_on  # noqa: N815  # names of the base class

    def log_message(self, *_: object) -> None:
        """Say nothing."""
