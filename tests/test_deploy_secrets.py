"""Credentials of Google's that are real as far as they can be without Google: an account's key that signs each request,
verified at a front before the emulator, and a token from a metadata server. Words of theirs show up nowhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from deploys import LATER, deploy, newspaper
from hosts import Answer, Asked, Proxy, request, served
from newsroom import Site
from serving import LocalServer
from stores import AZURE_ACCOUNT, Host, azurite, fake_gcs, seaweedfs

from broadsheet.deploy.records import DeployError

ROOT = Path(__file__).parent.parent
KEY_ID, MAIL = "canary-key-id-5be1", "canary-account@canary-project-91d.iam.gserviceaccount.com"
TOKEN = "ya29.canary-token-0c7a44d9e1"
SCOPES = "https://www.googleapis.com/auth/"

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Account:
    """Where its key lies, and words that nobody but the host may see."""

    file: Path
    key: rsa.RSAPrivateKey
    secrets: tuple[str, ...]

    def signed(self, authorization: str) -> bool:
        """Whether a request bears a token that this account's key has signed for storage."""
        kind, _, token = authorization.partition(" ")
        head, _, mark = token.rpartition(".")
        try:
            self.key.public_key().verify(_bytes(mark), head.encode(), padding.PKCS1v15(), hashes.SHA256())
        except (InvalidSignature, ValueError):
            return False
        told, claims = (json.loads(_bytes(part)) for part in head.split("."))
        rights = (claims.get("scope", "") + claims.get("aud", "")).startswith(("https://storage.", SCOPES))
        return kind == "Bearer" and told["kid"] == KEY_ID and claims["iss"] == MAIL and rights


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Account:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    file = tmp_path_factory.mktemp("account") / "account.json"
    told = {"type": "service_account", "private_key": pem, "private_key_id": KEY_ID, "client_email": MAIL}
    file.write_text(json.dumps({**told, "client_id": "1", "token_uri": "http://127.0.0.1:1/token"}))
    lines = [line for line in pem.splitlines() if not line.startswith("---")]
    return Account(file, key, (KEY_ID, MAIL, "canary-project", *lines))


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    with fake_gcs(tmp_path_factory.mktemp("gcs")) as found:
        yield found


class Gate(Proxy):
    """A front that lets nobody in without the right credentials; `shown` are those that it was shown. Who is turned
    away is told what he said, as thoughtless servers do."""

    def __init__(self, upstream: int, right: Callable[[str], bool]) -> None:
        self.shown: list[str] = []
        self.right = right
        super().__init__(upstream, asking=self._seen, answering=self._let_in)

    def _seen(self, asked: Asked) -> Asked:
        given = {name.lower(): value for name, value in asked.headers.items()}.get("authorization", "")
        self.shown.append(given)
        if self.right(given):
            return asked
        return replace(asked, method="GET", path="/nothing")  # nothing gets past

    def _let_in(self, asked: Asked, answer: Answer) -> Answer:
        given = {name.lower(): value for name, value in asked.headers.items()}.get("authorization", "")
        told = f"no rights with Authorization: {given}, key {KEY_ID}".encode()
        return answer if self.right(given) else Answer(401, {"Content-Type": "text/plain"}, told)


@pytest.fixture
def gate(host: Host, account: Account) -> Iterator[Gate]:
    found = Gate(host.port, account.signed)
    yield found
    found.close()


@contextmanager
def metadata() -> Iterator[tuple[str, list[str]]]:
    """A server that gives tokens to who runs beside it, as Google's machines have one: its place, and what it was
    asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            body = json.dumps({"access_token": TOKEN, "expires_in": 3600, "token_type": "Bearer"}).encode()
            ours = self.headers.get("Metadata-Flavor") == "Google" and "/token" in self.path
            self.send_response_only(200 if ours else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = LocalServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()


def said_by_the_command(paper: Site) -> str:
    """All that a deploy prints, and the log of the library it uses, at its most talkative."""
    environment = {**os.environ, "RUST_LOG": "trace", "RUST_BACKTRACE": "full"}
    words = ["deploy", "--yes", "-s", str(paper.folder), "--at", (LATER + timedelta(minutes=9)).isoformat()]
    command = [sys.executable, str(ROOT / "build.py"), *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return done.stdout + done.stderr


def nowhere(paper: Site, secrets: tuple[str, ...], said: list[str], objects: dict[str, bytes]) -> None:
    kept = [path.read_bytes() for path in paper.folder.rglob("*") if path.is_file()]
    everything = b"\n".join([*kept, *objects.values(), *(text.encode() for text in said)])
    assert len(everything) > 100_000
    assert [secret for secret in secrets if secret.encode() in everything] == []


def failures(paper: Site, gate: Proxy) -> list[str]:
    """What is said of a deploy for each way in which it can fail."""
    said = []
    for fault in ("503", "reset", "412"):
        gate.fault = lambda number, *_, fault=fault: fault if number > 6 else ""  # type: ignore[misc]
        with pytest.raises(DeployError) as found:
            deploy(paper)
        said += [str(found.value), repr(found.value), said_by_the_command(paper)]
        gate.reset()
    return said


def test_an_accounts_key_signs_every_request_and_shows_up_nowhere(
    site: Site, host: Host, gate: Gate, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(account.file))
    paper = newspaper(site, f"production: {{{host.target(gate.port, 'signed/')}, retry_seconds: 2}}")
    said = failures(paper, gate)
    deploy(paper, LATER + timedelta(minutes=1))
    said.append(said_by_the_command(paper))
    assert served(host.store(), "signed/") == paper.tree()
    assert len(gate.shown) > 40
    assert all(account.signed(given) for given in gate.shown)
    tokens = tuple({part for given in gate.shown for part in given.removeprefix("Bearer ").split(".")})
    nowhere(paper, (*account.secrets, *tokens), said, served(host.store(), "signed/"))


def test_without_the_right_key_nothing_is_put_and_the_refusal_holds_no_credentials(
    site: Site, host: Host, gate: Gate, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the server repeats what it was told."""
    target = f"production: {{{host.target(gate.port, 'refused/')}, retry_seconds: 0}}"
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    paper = newspaper(site, target)
    with pytest.raises(DeployError):
        deploy(paper)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(account.file))
    gate.right = lambda _: False
    with pytest.raises(DeployError, match="401") as found:
        deploy(paper)
    assert "no rights" not in str(found.value)  # none of the server's words, some of which are ours
    assert served(host.store(), "refused/") == {}
    tokens = tuple({part for given in gate.shown if given for part in given.removeprefix("Bearer ").split(".")})
    assert tokens
    nowhere(paper, (*account.secrets, *tokens), [str(found.value), said_by_the_command(paper)], {})


def test_a_token_of_the_machines_opens_the_bucket_and_shows_up_nowhere(
    site: Site, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(host.port, lambda given: given == f"Bearer {TOKEN}")
    with metadata() as (place, asked):
        monkeypatch.setenv("GCE_METADATA_HOST", place)
        paper = newspaper(site, f"production: {{{host.target(gate.port, 'token/')}, retry_seconds: 2}}")
        said = failures(paper, gate)
        deploy(paper, LATER + timedelta(minutes=1))
        said.append(said_by_the_command(paper))
    gate.close()
    assert asked
    assert served(host.store(), "token/") == paper.tree()
    assert set(gate.shown) == {f"Bearer {TOKEN}"}
    nowhere(paper, (TOKEN, TOKEN.removeprefix("ya29.")), said, served(host.store(), "token/"))


# --- the other hosts, with a key that is not theirs ------------------------------------------------------------------

WRONG = "canary-of-the-wrong-key-31f7"
WRONG_AZURE = "Y2FuYXJ5LW9mLXRoZS13cm9uZy1henVyZS1rZXk="


@pytest.mark.parametrize("kind", ["s3", "azure"])
def test_a_key_that_is_not_the_hosts_is_refused_and_shows_up_nowhere(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    wrong = {
        "s3": {"AWS_ACCESS_KEY_ID": "canary-key-77d0", "AWS_SECRET_ACCESS_KEY": WRONG},
        "azure": {"AZURE_STORAGE_ACCOUNT_KEY": WRONG_AZURE},
    }[kind]
    (tmp_path / "host").mkdir()
    with (seaweedfs if kind == "s3" else azurite)(tmp_path / "host") as host:
        for name, value in wrong.items():
            monkeypatch.setenv(name, value)
        paper = newspaper(site, f"production: {{{host.target(host.port, 'wrong/')}, retry_seconds: 2}}")
        with pytest.raises(DeployError, match="403") as found:
            deploy(paper)
        assert served(host.store(), "wrong/") == {}
        nowhere(paper, tuple(wrong.values()), [str(found.value), said_by_the_command(paper)], {})
        if kind == "azure":
            assert request(host.port, "GET", f"/{AZURE_ACCOUNT}/news?restype=container")[0] in (403, 404)
