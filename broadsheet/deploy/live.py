"""`deploy --check URL`: a sample of the live site compared with what was built: bytes, headers, links."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from urllib.error import HTTPError, URLError
from urllib.parse import urldefrag, urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from broadsheet.building import Progress
from broadsheet.deploy import kinds
from broadsheet.deploy.local import Local
from broadsheet.digest import digest
from broadsheet.errors import UsageError
from broadsheet.files import Files
from broadsheet.frozen import record

WITH_HEADERS = ("netlify", "cloudflare")  # hosts that read `_headers`
_EACH = 6  # files of a kind
_LINKS = 200
_SECONDS = 20
_NAMED = re.compile(r"""\b(href|src|srcset)=(?:"([^"]*)"|'([^']*)')""")
_PRIVATE = (".broadsheet/manifest", ".broadsheet/deployed.json.gz", ".git/config")


@record
class Finding:
    url: str
    message: str


@record
class _Answer:
    status: int
    headers: Mapping[str, str]
    data: bytes


class _Stay(HTTPRedirectHandler):
    """Redirects are answers to look at, not to follow."""

    def redirect_request(self, *_: object) -> None:
        return None


def check(files: Files, local: Local, url: str, *, headers: bool, progress: Progress) -> tuple[int, list[Finding]]:
    """How many addresses were looked at, and what is not as it was built. `headers`: whether the host promises those
    of `_headers`. UsageError where the address is none."""
    base = url if url.endswith("/") else url + "/"
    if urlsplit(base).scheme not in ("http", "https") or not urlsplit(base).hostname:
        raise UsageError(f"--check {url}: write an address such as https://www.example.com/")
    sample = list(_sample(local.files))
    step = progress("Looking at the live site", len(sample))
    found: list[Finding] = []
    named: dict[str, str] = {}
    for path in sample:
        answer = _fetch(base + _address(path))
        data = files.read(os.path.join(local.folder, path))
        found += _compare(base + _address(path), path, answer, data)
        if headers and path.endswith(".html"):
            found += _policy(base + _address(path), answer)
        if path.endswith(".html") and answer.status == 200:
            named.update(dict.fromkeys(_same_site(answer.data, local.note.base_url, path), path))
        step(1)
    addresses = sorted(named)[:_LINKS]
    for target in addresses:
        status = _fetch(base + target, "HEAD").status
        if status not in (200, 301, 302, 308):
            found.append(
                Finding(url=base + target, message=f"{named[target]} names it, and it answers {_said(status)}")
            )
    for path in _PRIVATE:
        if _fetch(base + path, "HEAD").status == 200:
            found.append(Finding(url=base + path, message="anyone can read it: keep it from readers (docs/deploy.md)"))
    return len(sample) + len(addresses) + len(_PRIVATE), found


def _sample(paths: Iterable[str]) -> Iterator[str]:
    """The front page, and some files of each kind: the same ones each time."""
    by_kind: dict[str, list[str]] = {}
    for path in paths:
        if path not in ("index.html", "_headers", "_redirects", "404.html"):
            by_kind.setdefault(kinds.kind(path), []).append(path)
    yield "index.html"
    for found in by_kind.values():
        yield from sorted(found, key=lambda path: digest(path.encode()))[:_EACH]


def _compare(url: str, path: str, answer: _Answer, data: bytes) -> Iterator[Finding]:
    if answer.status != 200:
        yield Finding(url=url, message=f"it answers {_said(answer.status)}")
        return
    if answer.data != data:
        yield Finding(url=url, message=f"it is not what was built ({len(answer.data):,} bytes, {len(data):,} built)")
    wanted, given = kinds.content_type(path).partition(";")[0], answer.headers.get("content-type", "")
    alike = {wanted, "text/xml", "application/xml"} if wanted.endswith("xml") else {wanted, "application/json"}
    if wanted == "text/javascript":
        alike.add("application/javascript")
    if given.partition(";")[0].strip().lower() not in alike and wanted.startswith(("text/html", "text/css", "image/")):
        yield Finding(url=url, message=f"its type is {given or 'not told'}, and should be {wanted}")


def _policy(url: str, answer: _Answer) -> Iterator[Finding]:
    for name in ("content-security-policy", "x-content-type-options", "referrer-policy"):
        if answer.status == 200 and name not in answer.headers:
            yield Finding(url=url, message=f"the header {name} is missing")


def _same_site(data: bytes, base_url: str, path: str) -> Iterator[str]:
    """The paths below the base URL that a page names."""
    here = urljoin(base_url, _address(path))
    for name, one, other in _NAMED.findall(data.decode("utf-8", "replace")):
        value = unescape(one or other)
        parts = [part.split()[0] for part in value.split(",") if part.strip()] if name == "srcset" else [value]
        for part in parts:
            target = urldefrag(urljoin(here, part.strip()))[0]
            if target.startswith(base_url):
                yield target.removeprefix(base_url)


def _address(path: str) -> str:
    from urllib.parse import quote

    return quote(path.removesuffix("index.html"))


def _fetch(url: str, method: str = "GET") -> _Answer:
    """The answer; status 0 where there is none."""
    request = Request(url, method=method, headers={"User-Agent": "Broadsheet", "Accept-Encoding": "identity"})  # noqa: S310  # http(s) only, see check
    try:
        with build_opener(_Stay).open(request, timeout=_SECONDS) as answer:
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return _Answer(status=answer.status, headers=headers, data=answer.read())
    except HTTPError as error:
        error.close()
        return _Answer(status=error.code, headers={}, data=b"")
    except (URLError, OSError, ValueError):
        return _Answer(status=0, headers={}, data=b"")


def _said(status: int) -> str:
    return str(status) if status else "nothing"
