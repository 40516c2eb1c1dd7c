"""Photograph the demonstration section in Chromium: `make screenshots`.

Builds the site into a temporary folder, serves it on loopback and writes a WebP a view into this folder.
"""

from __future__ import annotations

import functools
import http.server
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Literal, NamedTuple

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
CHROMIUM = os.environ.get("BROADSHEET_CHROMIUM", "/usr/bin/chromium")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync")
WHEN = "2026-11-20T09:00"  # the section as it stands on one morning: the pictures don't age


class View(NamedTuple):
    name: str
    url: str
    width: int
    scheme: Literal["light", "dark"] = "light"
    height: int = 0  # pixels from the top; 0: the whole page


VIEWS = (
    View("home-desktop", "/", 1280),
    View("home-phone", "/", 360, height=2400),
    View("home-dark", "/", 1280, "dark", 1500),
    View("region-desktop", "/turkiye/", 1280),
    View("region-phone-dark", "/europe/", 360, "dark", 2400),
    View("article-desktop", "/turkiye/2025/04/istanbul-talks/", 1280, height=2000),
    View("article-phone", "/turkiye/2025/04/istanbul-talks/", 360, height=3000),
    View("article-dark", "/turkiye/2025/06/marmaray/", 1280, "dark"),
    View("opinion", "/europe/2025/09/every-map-lies/", 1280, height=2000),
    View("arabic", "/middle-east/2026/06/qahwa/", 1280),
    View("arabic-phone", "/middle-east/2026/06/qahwa/", 360, height=2400),
    View("turkish", "/turkiye/2025/10/tek-saat/", 1280, height=2000),
    View("archive", "/turkiye/2025/04/", 1280),
    View("author", "/authors/elif-sancaktar/", 1280),
    View("corrections", "/corrections/", 1280),
    View("not-found-phone", "/404.html", 360),
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        build = [sys.executable, "build.py", "--output", folder, "--at", WHEN, "--quiet"]
        subprocess.run(build, cwd=ROOT, check=True)
        with served(folder) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
            for view in VIEWS:
                save(photograph(browser, address, view), HERE / f"{view.name}.webp")


@contextmanager
def served(folder: str) -> Iterator[str]:
    """A folder on loopback; gives its address."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name in the base class
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def photograph(browser: Browser, address: str, view: View) -> bytes:
    page = browser.new_page(viewport={"width": view.width, "height": 900}, color_scheme=view.scheme)
    answer = page.goto(address + view.url)
    if answer is None or not answer.ok:
        sys.exit(f"{view.name}: {view.url} is not there")
    # Lazy pictures load when they come into sight.
    page.evaluate("""async () => {
        for (const picture of document.images) { picture.loading = 'eager'; await picture.decode().catch(() => {}) }
    }""")
    whole = int(page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": view.width, "height": min(view.height or whole, whole)})
    data = page.screenshot()
    page.close()
    return data


def save(png: bytes, path: Path) -> None:
    Image.open(BytesIO(png)).convert("RGB").save(path, quality=80, method=6)
    sys.stdout.write(f"{path.name}: {path.stat().st_size // 1024} KiB\n")


if __name__ == "__main__":
    main()
