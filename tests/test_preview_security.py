"""No request to the preview crashes it, hangs it, or reads outside of the site; no other site reads the preview."""

from __future__ import annotations

import os
import random
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from newsroom import NOW, NoWait, Site, source
from previewing import Running, previewed

from broadsheet import work
from broadsheet.preview.desk import Desk
from broadsheet.request import Request

CANARY = b"canary-4711"  # stands outside of what the site publishes
ROUTES = ("/", "/europe/2026/01/a/", "/nowhere/", "/.broadsheet/client.js", "/.broadsheet/events", "/.broadsheet/state")
FUZZED = int(os.environ.get("BROADSHEET_FUZZED", "10000"))


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("preview")
    (folder / "secret.txt").write_bytes(CANARY)
    site = Site(folder / "site")
    site.story("europe/a.md", date="2026-01-02").story("europe/b.md", date="2026-01-03")
    site.write("secret.txt", CANARY).write(".env", CANARY).write("static/fine.txt", "fine").write("static/.env", CANARY)
    site.write("content/europe/notes.txt", CANARY)
    os.symlink(folder / "secret.txt", site.folder / "static" / "link.txt")
    os.symlink(folder, site.folder / "static" / "folder")
    os.mkfifo(site.folder / "static" / "pipe.txt")
    os.mkfifo(site.folder / "content" / "europe" / "pipe.md")
    with previewed(site) as running:
        yield running


def request(preview: Running, target: str | bytes, host: str = "", *more: str) -> bytes:
    """The whole answer to a request line made of this target, as it stands."""
    wanted = target if isinstance(target, bytes) else target.encode("latin-1")
    lines = ["HTTP/1.1", f"Host: {host or f'127.0.0.1:{preview.port}'}", "Connection: close", *more]
    return preview.raw(b"GET " + wanted + b" " + "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n")


def status(answer: bytes) -> int:
    found = re.match(rb"HTTP/1\.1 (\d{3}) ", answer)
    return int(found[1]) if found else 0


def fine(preview: Running) -> None:
    assert preview.get("/fine.txt").body == b"fine"


# --- paths ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        *("/../secret.txt", "/../../etc/passwd", "/static/../../secret.txt", "/..%2fsecret.txt", "/%2e%2e/secret.txt"),
        *("/%2e%2e%2fsecret.txt", "/..%5csecret.txt", "/..\\secret.txt", "/%252e%252e%252fsecret.txt", "//secret.txt"),
        *("/%c0%ae%c0%ae/secret.txt", "/..;/secret.txt", "/fine.txt/../../secret.txt", "/./././../secret.txt"),
        *(
            "/.env",
            "/%2eenv",
            "/secret.txt",
            "/config.yaml",
            "/content/europe/a.md",
            "/europe/notes.txt",
            "/.git/config",
        ),
        *("/.broadsheet/state.sqlite", "/.broadsheet/preview/state.sqlite", "/.broadsheet/../secret.txt"),
        *("/.broadsheet/", "/.broadsheet/client.js/../../secret.txt", "/link.txt", "/folder/secret.txt", "/pipe.txt"),
        *("/fine.txt%00", "/fine.txt%00.html", "/%00", "/fine.txt%0d%0aX-Injected:%20yes", "/%ff%fe", "/%ed%a0%80"),
        *("/a" * 3000, "/" + "%2e" * 2000, "/fine.txt/", "/fine.txt/.", "/FINE.TXT", "/fine.txt%20", "/fine%2etxt%2f"),
    ],
)
def test_a_path_that_the_plan_does_not_name_is_not_found(preview: Running, target: str) -> None:
    answer = request(preview, target)
    assert status(answer) in (400, 404), answer[:300]
    assert CANARY not in answer
    assert b"root:" not in answer
    assert b"X-Injected: yes" not in answer
    fine(preview)


@pytest.mark.parametrize(
    "target",
    [
        "http://evil.example/",
        "http://127.0.0.1/fine.txt",
        "https://127.0.0.1:1/",
        "*",
        "fine.txt",
        "evil.example:443",
        "?x",
    ],
)
def test_a_target_that_is_no_path_is_refused(preview: Running, target: str) -> None:
    assert status(request(preview, target)) == 400
    fine(preview)


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"\r\n\r\n", b"\0" * 5000, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET /fine.txt\r\n\r\n"),
        *(
            b"GET / HTTP/1.1\r\n\r\n",
            b"GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        ),
        *(b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 200_000, b"GET /" + b"y" * 200_000),
        b"GET / HTTP/1.1\r\n" + b"".join(b"X%d: y\r\n" % n for n in range(5000)),
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\nContent-Length: 20\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nzzz",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused(preview: Running, data: bytes) -> None:
    answer = preview.raw(data, half_closed=True)
    assert status(answer) in (0, 400, 421, 431, 505), answer[:300]
    fine(preview)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND"])
@pytest.mark.parametrize("address", ROUTES)
def test_there_is_nothing_to_write_to(preview: Running, method: str, address: str) -> None:
    answer = preview.get(address, method)
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD"
    assert "access-control-allow-origin" not in answer.headers


# --- who may ask ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ROUTES)
@pytest.mark.parametrize(
    "host",
    [
        *(
            "evil.example",
            "evil.example:{port}",
            "127.0.0.1",
            "localhost",
            "127.0.0.1:1",
            "127.0.0.1:{port}.evil.example",
        ),
        *("127.0.0.1.evil.example:{port}", "localhost:{port}@evil.example", "0.0.0.0:{port}", "localhost.:{port}"),
        *("[::]:{port}", "127.1:{port}", "2130706433:{port}", " ", "127.0.0.1:0{port}"),
    ],
)
def test_another_host_is_refused_on_every_route(preview: Running, address: str, host: str) -> None:
    answer = request(preview, address, host.format(port=preview.port))
    assert status(answer) in (400, 421), answer[:300]
    assert b"A few words" not in answer


@pytest.mark.parametrize("address", ROUTES)
def test_two_hosts_or_none_are_refused(preview: Running, address: str) -> None:
    right = f"127.0.0.1:{preview.port}"
    assert status(request(preview, address, right, "Host: evil.example")) in (400, 421)
    assert status(request(preview, address, right, f"Host: {right}")) in (400, 421)
    assert status(preview.raw(f"GET {address} HTTP/1.0\r\n\r\n".encode())) in (400, 421)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "LocalHost"])
def test_this_machines_own_names_are_answered(preview: Running, host: str) -> None:
    assert status(request(preview, "/fine.txt", f"{host}:{preview.port}")) == 200


@pytest.mark.parametrize("address", ROUTES)
def test_no_answer_lets_other_sites_read(preview: Running, address: str) -> None:
    for headers in (("Origin: https://evil.example",), ("Origin: null",), ("Sec-Fetch-Site: cross-site",)):
        head = request(preview, address, "", *headers).partition(b"\r\n\r\n")[0].lower()
        assert b"access-control-" not in head
        assert b"cross-origin-resource-policy: same-origin" in head
        assert b"nosniff" in head
        if address.startswith("/.broadsheet/"):
            assert status(head.upper()) == 403


def test_the_stream_carries_kinds_and_paths_alone(preview: Running) -> None:
    with socket.create_connection(("127.0.0.1", preview.port), timeout=10) as stream:
        query = "page=europe/2026/01/a/index.html&seen=old"
        stream.sendall(f"GET /.broadsheet/events?{query} HTTP/1.1\r\nHost: localhost:{preview.port}\r\n\r\n".encode())
        found = b""
        while b"data:" not in found:
            found += stream.recv(65536)
    assert b"text/event-stream" in found
    events = re.findall(rb"data: (.*)", found)
    assert events == [b'{"kind": "page", "path": "europe/2026/01/a/index.html"}']


# --- slow and many -------------------------------------------------------------------------------------------------


def test_slow_clients_are_answered_or_let_go_and_others_do_not_wait(preview: Running) -> None:
    slow = [socket.create_connection(("127.0.0.1", preview.port), timeout=30) for _ in range(50)]
    try:
        for n, client in enumerate(slow):
            client.sendall(f"GET /fine.txt HTTP/1.1\r\nHost: localhost:{preview.port}\r\nX-{n}: ".encode())
        fine(preview)
        preview.get("/europe/2026/01/b/")
        for client in slow:
            client.sendall(b"y")
        assert slow[0].recv(100) == b"", "who never ends a request is let go"
    finally:
        for client in slow:
            client.close()
    fine(preview)


def test_many_streams_are_bounded(preview: Running) -> None:
    streams = [socket.create_connection(("127.0.0.1", preview.port), timeout=10) for _ in range(230)]
    try:
        for stream in streams:
            stream.sendall(f"GET /.broadsheet/events HTTP/1.1\r\nHost: localhost:{preview.port}\r\n\r\n".encode())
        found = [status(stream.recv(12 + 4)) for stream in streams]
        assert set(found) == {200, 503}
        fine(preview)
    finally:
        for stream in streams:
            stream.close()
    preview.until(lambda: status(request(preview, "/.broadsheet/events?page=x&seen=y")) == 200)


def test_what_turns_into_a_pipe_or_leads_away_after_it_was_planned_is_not_read(site: Site) -> None:
    (site.folder.parent / "secret.txt").write_bytes(source(CANARY.decode(), title="Secret", date="2026-01-02").encode())
    site.write("static/late.txt", "late").story("europe/late.md")
    request = Request(site=str(site.folder), now=NOW, base_url="http://127.0.0.1/", drafts=True, future=True)
    desk = Desk(NoWait(str(site.folder)), lambda: request, work.Crew(1, work.Inline))
    try:
        desk.refresh()
        for place in ("static/late.txt", "content/europe/late.md"):
            site.remove(place)
            os.mkfifo(site.folder / place)
            assert not desk.amend(place)
            with pytest.raises(LookupError):
                desk.file("late.txt")
            site.remove(place)
            os.symlink(site.folder.parent / "secret.txt", site.folder / place)
            assert not desk.amend(place)
            with pytest.raises(LookupError):
                desk.file("late.txt")
        desk.refresh()
        assert {error.code for error in desk.errors()} == {"unsafe-path"}
    finally:
        desk.close()


# --- anything ------------------------------------------------------------------------------------------------------

PIECES = (
    *(
        "/",
        "..",
        "%2e",
        "%2f",
        "%00",
        "%",
        "%zz",
        "fine.txt",
        "europe",
        "2026",
        "a",
        "index.html",
        ".broadsheet",
        "events",
    ),
    *(
        "state",
        "client.js",
        "?",
        "page=",
        "&",
        "part=",
        "#",
        ";",
        "\\",
        "é",
        "\x7f",
        "\t",
        "http://",
        ":",
        "@",
        "*",
        "~",
    ),
)
HEADS = (
    *(
        "Host: localhost:{port}",
        "Host: evil",
        "Host:",
        "Connection: close",
        "Connection: upgrade",
        "Upgrade: websocket",
    ),
    *(
        "Content-Length: 3",
        "Content-Length: -1",
        "Transfer-Encoding: chunked",
        "Expect: 100-continue",
        "Range: bytes=0-1",
    ),
    *("If-None-Match: *", "Origin: null", "Sec-Fetch-Site: cross-site", "X: \0", "X", ": y", "Cookie: " + "c" * 5000),
)


def fuzzed(chance: random.Random, port: int) -> bytes:
    method = chance.choice(("GET", "GET", "GET", "GET", "HEAD", "POST", "", "get", "G\0T", "CONNECT"))
    target = "/" * (chance.random() < 0.9) + "".join(chance.choices(PIECES, k=chance.randrange(8)))
    version = chance.choice(("HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/2", "", "HTTP/1.1 x"))
    heads = chance.sample(HEADS, chance.randrange(4))
    if chance.random() < 0.7:
        heads.insert(0, HEADS[0])
    text = f"{method} {target} {version}\r\n" + "".join(f"{head}\r\n" for head in heads) + "\r\n"
    data = text.format(port=port).encode("latin-1") if "{" in text else text.encode("latin-1")
    if chance.random() < 0.2:  # bytes that were lost, doubled or turned on the way
        at = chance.randrange(len(data))
        data = chance.choice(
            (data[:at], data[:at] + bytes([chance.randrange(256)]) + data[at:], data[:at] * 2 + data[at:])
        )
    return data


@pytest.mark.slow
def test_no_request_of_many_thousands_crashes_it_or_reads_outside(preview: Running) -> None:
    chance = random.Random(20260115)  # noqa: S311  # the same requests each time
    for n in range(FUZZED):
        data = fuzzed(chance, preview.port)
        with socket.create_connection(("127.0.0.1", preview.port), timeout=20) as client:
            try:
                client.sendall(data)
                client.shutdown(socket.SHUT_WR)
                answer = client.recv(65536)
            except ConnectionError:
                answer = b""
        assert CANARY not in answer, data
        assert not answer or status(answer) in (200, 304, 308, 400, 403, 404, 405, 421, 431, 503), (data, answer[:200])
        if n % 1000 == 0:
            fine(preview)
    fine(preview)


# --- the network ---------------------------------------------------------------------------------------------------


def serve(*arguments: str, site: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(Path(__file__).parent.parent / "build.py"), "serve", "-s", str(site), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_the_network_sees_the_preview_only_by_a_name_that_was_allowed(site: Site) -> None:
    done = serve("--host", "0.0.0.0", site=site.folder)
    assert done.returncode == 2
    assert "--allow-host" in done.stderr


def test_an_editors_link_cannot_run_script(site: Site) -> None:
    done = serve("--editor", "javascript:alert('{path}')", site=site.folder)
    assert done.returncode == 2
    assert "--editor" in done.stderr


def test_a_preview_is_never_where_a_build_without_drafts_writes(site: Site) -> None:
    site.story("europe/a.md", draft=True)
    with previewed(site) as running:
        running.get("/")
        time.sleep(0.1)
        assert not site.output.exists()
