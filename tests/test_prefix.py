"""The built folder behind a static server, at the root and below a path: every link, picture and fragment works."""

from __future__ import annotations

import http.client
import json
import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit
from xml.etree import ElementTree

import html5lib
import pytest
from examples import some
from newsroom import Site, png
from serving import LocalServer

ADDRESSES = ["https://example.org/", "https://example.org/news/", "https://example.org/a/haber-2/"]
MODES = ["inline", "shared"]


@pytest.fixture(params=ADDRESSES)
def base_url(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def section(site: Site, base_url: str, mode: str) -> Site:
    """A small site with every kind of page and link."""
    site.configure(
        f"rails: {{explore: {{mode: {mode}}}}}\nfeeds: {{formats: [rss, atom, json]}}\n"
        "nav: [{title: Europe, url: /eu/}, {title: About, url: /about/}]\n"
        "footer: [{title: Home, url: /}, {title: Elsewhere, url: 'https://other.example/x'}]\n",
        base_url=base_url,
        language="en",
    )
    site.write(
        "content/_index.md", "---\ntitle: Front\nlead: [eu/2025-04-09-lead/index.md]\n---\nWelcome: [all](/eu/).\n"
    )
    site.write("content/eu/_index.md", "---\ntitle: Europe\n---\nSee [the lead](2025-04-09-lead/index.md).\n")
    site.write("content/authors/ada.md", "---\nname: Ada Writer\nimage: {src: ada.png, alt: Ada}\n---\nBorn.\n")
    site.write("content/authors/ada.png", png(300, 300, "navy"))
    site.write("content/pages/about.md", "---\ntitle: About\naliases: [/old about/]\n---\n[a story](../eu/b.md)\n")
    site.write("content/eu/2025-04-09-lead/photo ü.png", png(1300, 800))
    site.write("content/eu/2025-04-09-lead/the report.pdf", b"%PDF-1.4")
    site.write("static/robots-note.txt", "x").write("static/img/logo.png", png(600, 60))
    site.story(
        "eu/2025-04-09-lead/index.md",
        "One.[^1]\n\nTwo.\n\nThree with [a heading](#down-here) and [a report](<the report.pdf>).\n\nFour.\n\n"
        '## Down here\n\n![Inner](<photo ü.png> "A caption / AA")\n\n'
        "[Türkiye](../../türkiye/2025-04-10-görüşme.md#ikinci) · [about](/about/) · [q](/eu/?x=1#main)\n\n[^1]: Note.",
        title="Lead & “quotes” <b>",
        authors=["ada", "Someone Else"],
        topics=["Peace & War", "Barış"],
        series="A series",
        image={"src": "photo ü.png", "alt": "A street", "caption": "A street", "credit": "AA"},
        corrections=[{"date": "2025-04-10", "kind": "correction", "text": "Wrong."}],
        aliases=["/eski/adres/", "/old.html"],
    )
    site.story(
        "türkiye/2025-04-10-görüşme.md", "Bir.\n\n## İkinci\n\nİki.", title="Görüşme", lang="tr", topics=["Barış"]
    )
    for n in range(4):
        site.story(
            f"eu/{'abcd'[n]}.md", title=f"Story {n}", date=f"2025-0{n + 1}-05", topics=["Barış"], authors=["ada"]
        )
    site.story("eu/gone.md", status="withdrawn")
    site.good()
    return site


class _Handler(SimpleHTTPRequestHandler):
    """Python's own static server, mounted below a path."""

    prefix = "/"

    def translate_path(self, path: str) -> str:
        shown = unquote(urlsplit(path).path)
        if not shown.startswith(self.prefix):
            return "/nowhere"
        return super().translate_path("/" + path[len(self.prefix) :])

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server:
    """The output folder served on loopback below the base URL's path; `get` takes addresses of the site."""

    def __init__(self, folder: Path, base_url: str) -> None:
        self.prefix = urlsplit(base_url).path
        handler = type("Handler", (_Handler,), {"prefix": self.prefix})
        self._server = LocalServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def get(self, path: str) -> tuple[int, str, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self._server.server_address[1], timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Content-Type", ""), answer.read()
        finally:
            connection.close()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _references(html: str) -> Iterator[str]:
    """Every address in a page: links, pictures, stylesheets, social tags, structured data."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        for key in ("href", "src", "data-fragment", "data-url"):
            if element.get(key) is not None:
                yield element.get(key, "")
        if element.get("srcset"):
            yield from (part.strip().split()[0] for part in element.get("srcset", "").split(", "))
        if element.tag == "meta" and element.get("property") in ("og:url", "og:image"):
            yield element.get("content", "")
        if element.tag == "meta" and element.get("http-equiv") == "refresh":
            yield element.get("content", "").partition("url=")[2]
        if element.tag == "style":
            yield from re.findall(r"url\(([^)]+)\)", element.text or "")
        if element.tag == "script" and element.get("type") == "application/ld+json":
            yield from _addresses(json.loads(element.text or ""))


def _addresses(value: object) -> Iterator[str]:
    """The web addresses in structured data but for those of its vocabulary. What follows "#" names a thing there."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in ("@context", "version"):
                yield from _addresses(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _addresses(inner)
    elif isinstance(value, str) and value.startswith("https://"):
        yield urldefrag(value)[0]


def _ids(html: str) -> set[str]:
    return {
        str(element.get("id"))
        for element in html5lib.parse(html, namespaceHTMLElements=False).iter()
        if isinstance(element.tag, str) and element.get("id")
    }


@pytest.mark.parametrize("mode", some(MODES, 2))
def test_every_address_works_at_the_root_and_below_a_path(site: Site, base_url: str, mode: str) -> None:
    section(site, base_url, mode)
    server = Server(site.output, base_url)
    try:
        _crawl(site, base_url, server)
    finally:
        server.close()


def _crawl(site: Site, base_url: str, server: Server) -> None:
    origin = "https://example.org"
    prefix = urlsplit(base_url).path
    pages: dict[str, str] = {}
    checked: set[str] = set()
    waiting = [prefix]
    fragments: list[tuple[str, str]] = []
    while waiting:
        path = waiting.pop()
        if path in checked:
            continue
        checked.add(path)
        status, kind, data = server.get(path)
        assert status == 200, f"{path}: {status}"
        text = data.decode() if kind.startswith(("text/", "application/")) and b"%PDF" not in data[:5] else ""
        found: list[str] = []
        if kind.startswith("text/html"):
            pages[path] = text
            found = list(_references(text))
        elif path.endswith((".xml", ".atom")):
            found = [
                piece
                for element in ElementTree.fromstring(text).iter()  # noqa: S314  # we wrote it
                for piece in (element.get("href", ""), element.get("url", ""), (element.text or "").strip())
                if piece.startswith("https://")
            ]
        elif path.endswith("feed.json"):
            found = list(_addresses(json.loads(text)))
        elif path.endswith("robots.txt"):
            found = re.findall(r"https://\S+", text)
        for reference in found:
            assert reference == reference.strip(), (path, reference)
            address, fragment = urldefrag(urljoin(origin + path, reference))
            if not address.startswith(origin + "/"):
                assert urlsplit(address).hostname == "other.example", (path, reference)
                continue
            target = urlsplit(address).path
            assert target.startswith(prefix), f"{path} leads out of the site: {reference}"
            waiting.append(target)
            if fragment:
                fragments.append((target, unquote(fragment)))
    for target, fragment in fragments:
        if target in pages:
            assert fragment in _ids(pages[target]), f"{target}#{fragment}"
    served = {unquote(path.removeprefix(prefix)) for path in checked}
    served = {path + "index.html" if path == "" or path.endswith("/") else path for path in served}
    orphans = set(site.tree()) - served
    never_linked = {
        "404.html",
        "_headers",
        "feeds.opml",
        "robots.txt",
        "sitemap.xml",
        "robots-note.txt",
        "img/logo.png",
        "fragments/explore/türkiye.txt",  # of a region with one story, beside which nothing is to be loaded
    }
    assert {
        path
        for path in orphans
        if path not in never_linked
        and not path.startswith(("sitemaps/", "news-sitemap", "eski/", "old", "eu/2025/04/gone/"))
    } == set()


def test_sitemaps_redirects_and_404_answer_too(site: Site, base_url: str) -> None:
    section(site, base_url, "inline")
    server = Server(site.output, base_url)
    prefix = urlsplit(base_url).path
    try:
        waiting, locations = [f"{prefix}robots.txt"], []
        while waiting:
            status, _, data = server.get(waiting.pop())
            assert status == 200
            found = re.findall(r"https://example\.org(/[^\s<]*)", data.decode())
            waiting += [path for path in found if path.endswith(".xml")]
            locations += [path for path in found if not path.endswith(".xml")]
        assert len(locations) > 15
        for path in locations:
            assert server.get(path)[0] == 200, path
        for alias in ("eski/adres/", "old.html", "old%20about/"):
            status, _, data = server.get(prefix + alias)
            assert status == 200
            (target,) = set(re.findall(r'rel="canonical" href="https://example\.org([^"]+)"', data.decode()))
            assert f"url={target}" in data.decode() or f'href="{target}"' in data.decode()
            assert server.get(target)[0] == 200
        for reference in _references(site.page("/404.html")):
            if reference.startswith("/"):
                assert server.get(urldefrag(reference)[0])[0] == 200, reference
    finally:
        server.close()


def test_no_page_depends_on_where_it_is_read_from(site: Site) -> None:
    section(site, "https://example.org/news/", "inline")
    for path, data in site.tree().items():
        if path.endswith(".html"):
            for reference in _references(data.decode()):
                assert reference.startswith(("/news/", "#", "https://")), (path, reference)
