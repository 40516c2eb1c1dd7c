"""How the Explore rail becomes today's, in a real browser: by the script, by a web server (nginx), or not at all."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from browsing import served
from examples import some
from hosts import await_port, free_port, need
from newsroom import Site

pytestmark = pytest.mark.browser

LIMIT = 15
PAGE = "/europe/2025/04/old-15/"  # the first with as many earlier ones as a rail holds
LONG = "A headline of so many words that it takes more lines than those that stood there before, number"
SIZES = [(1280, 900), (1280, 4000), (360, 800)]


def section(folder: Path, refresh: str) -> Site:
    """Stories with the shortest of headlines, then as many newer ones with headlines of several lines."""
    site = Site(folder, f"rails: {{explore: {{mode: shared, refresh: {refresh}}}}}\n")
    for n in range(LIMIT + 1):
        site.story(f"europe/old-{n}.md", title=f"Old {n}", date=f"2025-04-{n + 1:02}")
        site.story(f"europe/new-{n}.md", title=f"{LONG} {n}", date=f"2025-05-{n + 1:02}")
    site.good()
    return site


class Watched:
    """A page, what it complained of, the requests it made for fragments, and what moved in it."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.held: list[Any] = []  # requests for the rail, which are answered when a test says so
        page.on("console", lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("response", lambda r: self.complaints.append(f"{r.status}: {r.url}") if r.status >= 400 else None)
        page.route("**/fragments/**", lambda route: self.held.append(route))  # noqa: PLW0108  # a bound method has no attributes

    def headlines(self) -> list[str]:
        found: list[str] = self.page.locator(".explore li a").all_inner_texts()
        return found

    def moved(self) -> float:
        """The sum of layout shifts since the page was opened."""
        found: float = self.page.evaluate(
            """() => new Promise(done => { let sum = 0
            new PerformanceObserver(list => { for (const e of list.getEntries()) sum += e.value })
                .observe({type: "layout-shift", buffered: true}); setTimeout(() => done(sum), 500) })"""
        )
        return found


@contextmanager
def opened(browser: Any, address: str, size: tuple[int, int], *, script: bool = True) -> Iterator[Watched]:
    """The page with its rail in view, as it is before any fragment has come."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, java_script_enabled=script)
    found = Watched(context.new_page())
    found.page.goto(address, wait_until="load")
    found.page.locator(".explore .more").scroll_into_view_if_needed()
    try:
        yield found
    finally:
        context.close()


@contextmanager
def included(folder: Path, place: Path) -> Iterator[str]:
    """Where nginx shows a folder, with server-side includes: "http://127.0.0.1:port"."""
    need("nginx")
    port, conf = free_port(), place / "nginx.conf"
    place.mkdir()
    names = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    conf.write_text(
        f"{'user root;' if os.geteuid() == 0 else ''} daemon off; pid {place}/pid; error_log {place}/error.log;\n"
        "events {}\nhttp {\n"
        + "".join(f"  {name}_temp_path {place}/{name};\n" for name in names)
        + "  types { text/html html; text/css css; text/javascript js; text/plain txt; image/svg+xml svg; }\n"
        f"  access_log off;\n  server {{ listen 127.0.0.1:{port}; root {folder}; index index.html; ssi on; }}\n}}\n",
        encoding="utf-8",
    )
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    server = subprocess.Popen([program, "-c", str(conf), "-p", str(place)], stderr=subprocess.DEVNULL)
    try:
        await_port(port, server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture(scope="module")
def scripted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(section(tmp_path_factory.mktemp("script") / "site", "script").output) as origin:
        yield origin


@pytest.mark.parametrize("size", some(SIZES, 3))
def test_the_script_puts_in_longer_headlines_and_nothing_moves(browser: Any, scripted: str, size: Any) -> None:
    with opened(browser, scripted + PAGE, size) as seen:
        seen.page.wait_for_timeout(300)  # painted, and the fragment is asked for
        assert seen.headlines() == [f"Old {n}" for n in range(LIMIT - 1, -1, -1)]
        more = seen.page.locator(".explore .more").bounding_box()
        (asked,) = seen.held
        asked.continue_()
        seen.page.locator(".explore li a", has_text=f"{LONG} {LIMIT}").wait_for(timeout=5000)
        assert seen.moved() == 0
        assert seen.page.locator(".explore .more").bounding_box() == more
        told = seen.headlines()
        assert told == [f"{LONG} {n}" for n in range(LIMIT, LIMIT - len(told), -1)]
        assert len(told) >= 3
        assert seen.complaints == []


@pytest.mark.slow
def test_where_the_fragment_does_not_come_the_rail_stays_as_it_is(browser: Any, scripted: str) -> None:
    for answer in (lambda route: route.abort(), lambda route: route.fulfill(status=404), None):
        with opened(browser, scripted + PAGE, SIZES[0]) as seen:
            seen.page.wait_for_timeout(300)
            if answer:
                answer(seen.held[0])
            seen.page.wait_for_timeout(200)
            assert seen.headlines()[0] == f"Old {LIMIT - 1}"
            assert seen.moved() == 0


@pytest.mark.parametrize("script", [True, False])
def test_a_web_server_includes_the_current_rail(browser: Any, tmp_path: Path, script: bool) -> None:
    site = section(tmp_path / "site", "ssi")
    with (
        included(site.output, tmp_path / "nginx") as origin,
        opened(browser, origin + PAGE, SIZES[0], script=script) as seen,
    ):
        assert seen.headlines() == [f"{LONG} {n}" for n in range(LIMIT, 0, -1)]
        assert "explore.js" not in seen.page.content()
        assert "#include" not in seen.page.content()
        assert seen.held == []
        assert seen.complaints == []
        if script:  # which asking takes
            assert seen.moved() == 0


def test_a_rail_that_is_not_refreshed_asks_for_nothing(browser: Any, tmp_path: Path) -> None:
    site = section(tmp_path / "site", "none")
    with served(site.output) as origin, opened(browser, origin + PAGE, SIZES[0]) as seen:
        assert seen.moved() == 0
        assert seen.headlines() == [f"Old {n}" for n in range(LIMIT - 1, -1, -1)]
        assert seen.held == []
        assert seen.complaints == []
        assert "explore.js" not in seen.page.content()
