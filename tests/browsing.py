"""Chromium for tests, and the server that shows it a site.

BROADSHEET_CHROMIUM names the browser; without one the tests are skipped, but fail where BROADSHEET_REQUIRE_BROWSER=1.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from serving import LocalServer

CHROMIUM = os.environ.get("BROADSHEET_CHROMIUM", "/usr/bin/chromium")
REQUIRED = os.environ.get("BROADSHEET_REQUIRE_BROWSER") == "1"
QUIET = [  # the browser may talk to nobody but our server
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


# What is in the way where a page is wider than its window.
TOO_WIDE = """[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right >
    document.documentElement.clientWidth + 1 || e.getBoundingClientRect().left < -1)
    .slice(0, 5).map(e => e.outerHTML.slice(0, 90))"""


def _why_not() -> str:
    if not Path(CHROMIUM).exists():
        return f"there is no Chromium at {CHROMIUM} (BROADSHEET_CHROMIUM names another place)"
    try:
        import playwright.sync_api  # noqa: F401  # only whether it is there
    except ImportError:
        return "the package playwright is not installed"
    return ""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    reason = _why_not()
    if reason and REQUIRED:
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


class _Handler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Where a server shows a folder: "http://127.0.0.1:port"."""
    server = LocalServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
