"""`check --external`: how other hosts are asked, and what is understood of their answers."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest
from checks import check, codes, only, sound
from newsroom import Site
from serving import LocalServer

from broadsheet import asking
from broadsheet.asking import Manners

__all__ = ["sound"]


class Host:
    """A real server, with an address for each way to answer; it notes what it is asked."""

    def __init__(self) -> None:
        host = self
        self.asked: list[tuple[str, str, str]] = []
        self.at_once = self.most_at_once = 0
        lock = threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                with lock:
                    host.at_once += 1
                    host.most_at_once = max(host.most_at_once, host.at_once)
                    host.asked.append((self.command, self.path, self.headers["User-Agent"]))
                    times = sum(path == self.path for _, path, _ in host.asked)
                host.think(self.path)
                with lock:
                    host.at_once -= 1  # before the answer is out: the next question may come at once
                host.answer(self, times)

            do_HEAD = do_GET = handle_any  # noqa: N815  # the names that http.server calls

            def log_message(self, *_: object) -> None:
                pass

        self._server = LocalServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def think(self, path: str) -> None:
        """Time in which a second question would be met."""
        time.sleep(2 if path == "/slow" else 0.01)

    def answer(self, request: BaseHTTPRequestHandler, times: int) -> None:
        status: int = {
            "/gone": 404,
            "/deleted": 410,
            "/broken": 500,
            "/secret": 403,
            "/moved": 301,
            "/for-now": 302,
            "/circle": 302,
            "/out": 302,
            "/lost": 301,
            "/busy": 503 if times == 1 else 200,
            "/always-busy": 429,
            "/no-head": 405 if request.command == "HEAD" else 200,
        }.get(request.path.partition("?")[0], 200)
        if request.path == "/cut":
            request.connection.close()
            return
        request.send_response(status)
        target = {"/moved": "/fine", "/for-now": "/fine", "/circle": "/circle", "/lost": "/gone", "/out": "ftp://a/"}
        if request.path in target:
            request.send_header("Location", target[request.path])
        if status in (503, 429):
            request.send_header("Retry-After", "0" if request.path == "/busy" else "3600")
        request.send_header("Content-Length", "0")
        request.end_headers()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def host() -> Iterator[Host]:
    made = Host()
    yield made
    made.close()


QUICK = Manners(agent="test", timeout=0.8, pause=0, private=True)


@pytest.mark.parametrize(
    ("path", "kind", "words"),
    [
        ("/fine", "fine", ""),
        ("/for-now", "fine", ""),
        ("/no-head", "fine", ""),
        ("/busy", "fine", ""),
        ("/fine#part", "fine", ""),
        ("/moved", "moved", ""),
        ("/gone", "gone", "the host answers 404"),
        ("/deleted", "gone", "the host answers 410"),
        ("/broken", "gone", "the host answers 500"),
        ("/lost", "gone", "the host answers 404"),
        ("/circle", "gone", "it leads in circles"),
        ("/out", "gone", "it leads out of the web"),
        ("/slow", "gone", "there is no answer within 0.8 seconds"),
        ("/cut", "gone", "the connection breaks off"),
        ("/secret", "unclear", "the host answers 403"),
        ("/always-busy", "unclear", "the host answers 429"),
    ],
)
def test_what_a_host_answers_is_understood(host: Host, path: str, kind: str, words: str) -> None:
    answer = asking.ask([host.url + path], QUICK, lambda _: None)[host.url + path]
    assert answer.kind == kind
    assert answer.words.startswith(words)
    assert answer.to == (f"{host.url}/fine" if kind == "moved" else "")


def test_a_host_that_is_not_there_is_told(host: Host) -> None:
    host.close()
    assert asking.ask([host.url], QUICK, lambda _: None)[host.url].words == "the host refuses the connection"
    nowhere = "http://nowhere.invalid/"
    assert asking.ask([nowhere], QUICK, lambda _: None)[nowhere].words == "there is no such host"


def test_a_host_is_asked_one_thing_at_a_time_and_each_page_once(host: Host) -> None:
    pages = [f"{host.url}/{n}" for n in range(12)]
    asking.ask([*pages, *(f"{page}#part" for page in pages)], QUICK, lambda _: None)
    assert host.most_at_once == 1
    assert sorted(path for _, path, _ in host.asked) == sorted(f"/{n}" for n in range(12))
    assert {command for command, _, _ in host.asked} == {"HEAD"}


def test_when_the_time_is_up_nobody_is_asked(host: Host) -> None:
    manners = Manners(agent="test", total=-1, private=True)
    assert asking.ask([host.url], manners, lambda _: None)[host.url].kind == "unasked"
    assert host.asked == []


def test_links_are_asked_about_on_request_and_told_at_their_place(sound: Site, host: Host) -> None:
    body = f"""Read [this]({host.url}/gone?a=1&b=ü) or [that]({host.url}/moved).

::: factbox Box
[x]({host.url}/gone)
:::"""
    sound.story("eu/c.md", body, source_url=f"{host.url}/fine")
    assert codes(sound) == []
    assert host.asked == []
    done = check(sound, "--external", "--private-hosts")
    assert [(f["code"], f["line"]) for f in done["diagnostics"]] == [
        ("outside-link", 6),
        ("moved-link", 6),
        ("outside-link", 9),
    ]
    assert done["outside"] == {"fine": 1, "moved": 1, "gone": 2}
    assert done["exit_code"] == 0
    assert all(agent.startswith("Broadsheet/") for _, _, agent in host.asked)


def test_a_host_of_this_network_is_not_asked_unless_it_is_wanted(sound: Site, host: Host) -> None:
    sound.story("eu/c.md", f"[x]({host.url}/fine)")
    found = only(sound, "outside-link", "--external")
    assert "only this network can reach that host" in found["message"]
    assert host.asked == []
