"""`deploy --check URL`: a sample of the live site compared with what was built: bytes, headers, links."""

from __future__ import annotations

import gzip
import os
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urldefrag, urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from broadsheet.deploy import kinds
from broadsheet.deploy.local import Local
from broadsheet.digest import digest
from broadsheet.errors import UsageError
from broadsheet.files import Files
from broadsheet.frozen import FrozenMap, record
from broadsheet.request import Progress

WITH_HEADERS = ("netlify", "cloudflare")  # hosts that read `_headers`
WITH_CACHE = ("s3", "gcs", "azure")  # and those that were given Cache-Control with each file
_FIRST = ("index.html", "feed.xml", "sitemap.xml", "robots.txt")
_EACH = 6  # files of a kind
_LINKS = 200
_SECONDS = 20
_AT_ONCE = 8  # requests
_GIVE_UP = 5  # addresses that don't answer
_FINE = (200, 301, 302, 303, 307, 308)
_NAMED = re.compile(r"""\b(href|src|srcset)=(?:"([^"]*)"|'([^']*)')""")
_PRIVATE = (".broadsheet/manifest", ".broadsheet/deployed.json.gz", ".git/config")


@record
class Finding:
    url: str
    message: str


@record
class _Answer:
    """`status` is 0 where none came; `reason` is why."""

    status: int
    headers: Mapping[str, str] = FrozenMap()
    data: bytes = b""
    reason: str = ""


class _Stay(HTTPRedirectHandler):
    """Redirects are answers to look at, not to follow."""

    def redirect_request(self, *_: object) -> None:
        return None


def check(files: Files, local: Local, url: str, *, kind: str, progress: Progress) -> tuple[int, list[Finding]]:
    """How many addresses were looked at, and what is not as it was built. `kind` is the target's type, which says what
    headers are promised. UsageError where the address is none."""
    if not _is_site(url):
        raise UsageError(f"--check {url}: write an address such as https://www.example.com/")
    base = url if url.endswith("/") else url + "/"
    sample = list(_sample(local))
    step = progress("Looking at the live site", len(sample))
    found: list[Finding] = []
    named: dict[str, str] = {}
    looked = unanswered = 0
    promised = _promised(files, local, kind)
    for path, answer in _fetched(base, {path: _address(path) for path in sample}, "GET"):
        looked += 1
        unanswered += not answer.status
        place = base + _address(path)
        found += _compare(
            place, kinds.content_type(path, local.pages), answer, files.read(os.path.join(local.folder, path))
        )
        found += _headers(place, answer, promised(path))
        if path.endswith(".html") and answer.status == 200:
            named.update(dict.fromkeys(_same_site(answer.data, local.note.base_url, path), path))
        step(1)
        if path == "index.html" and not answer.status:
            return looked, found  # nobody is there
        if unanswered == _GIVE_UP:
            return looked, [*found, Finding(url=base, message="it stopped answering: the rest was not looked at")]
    addresses = sorted(named)[:_LINKS]
    for target, answer in _fetched(base, {target: target for target in addresses}, "HEAD"):
        if answer.status not in _FINE:
            found.append(Finding(url=base + target, message=f"{named[target]} names it, and it {_said(answer)}"))
    for path, answer in _fetched(base, {path: path for path in _PRIVATE}, "HEAD"):
        if answer.status == 200:
            found.append(Finding(url=base + path, message="anyone can read it: keep it from readers (docs/deploy.md)"))
    return looked + len(addresses) + len(_PRIVATE), found


def _is_site(url: str) -> bool:
    """Whether addresses of pages can be written behind this one."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and not {*"?#"} & {*url}
    except ValueError:  # an address or a port that can't be one
        return False


def _fetched(base: str, addresses: Mapping[str, str], method: str) -> Iterator[tuple[str, _Answer]]:
    """The answers of some addresses below `base`, by their names and in their order; the first is alone, since it may
    take long to learn that nobody is there."""
    names = list(addresses)
    for name in names[:1]:
        yield name, _fetch(base + addresses[name], method)
    pool = ThreadPoolExecutor(_AT_ONCE)
    try:
        yield from zip(names[1:], pool.map(lambda name: _fetch(base + addresses[name], method), names[1:]), strict=True)
    finally:
        pool.shutdown(cancel_futures=True)


def _sample(local: Local) -> Iterator[str]:
    """The front page, what readers' programs and search engines begin with, and some files of each kind: the same ones
    each time."""
    by_kind: dict[str, list[str]] = {}
    for path in local.files:
        if path not in (*_FIRST, "_headers", "_redirects", "404.html"):
            by_kind.setdefault(kinds.kind(path, local.pages), []).append(path)
    yield from (path for path in _FIRST if path in local.files)
    for found in by_kind.values():
        yield from sorted(found, key=lambda path: digest(path.encode()))[:_EACH]


def _compare(url: str, typed: str, answer: _Answer, data: bytes) -> Iterator[Finding]:
    if answer.status != 200:
        yield Finding(url=url, message=f"it {_said(answer)}")
        return
    if answer.data != data:
        yield Finding(url=url, message=f"it is not what was built ({len(answer.data):,} bytes, {len(data):,} built)")
    wanted, given = typed.partition(";")[0], answer.headers.get("content-type", "")
    if given.partition(";")[0].strip().lower() != wanted and wanted.startswith(("text/html", "text/css", "image/")):
        yield Finding(url=url, message=f"its type is {given or 'not told'}, and should be {wanted}")


def _headers(url: str, answer: _Answer, promised: Mapping[str, str]) -> Iterator[Finding]:
    for name, value in promised.items() if answer.status == 200 else ():
        given = answer.headers.get(name)
        if given is None:
            yield Finding(url=url, message=f"the header {name} is missing")
        elif given != value:
            yield Finding(url=url, message=f"the header {name} is “{given}”, and should be “{value}”")


def _promised(files: Files, local: Local, kind: str) -> Callable[[str], Mapping[str, str]]:
    """What headers a file has to come with, by its path."""
    if kind in WITH_CACHE:
        return lambda path: {"cache-control": kinds.CACHE[kinds.kind(path, local.pages)]}
    if kind not in WITH_HEADERS or "_headers" not in local.files:
        return lambda _: {}
    rules = _rules(files.read(os.path.join(local.folder, "_headers")).decode("utf-8", "replace"))
    prefix = urlsplit(local.note.base_url).path or "/"

    def told(path: str) -> Mapping[str, str]:
        address = prefix + path.removesuffix("index.html")
        return {name: value for pattern, held in rules if pattern.fullmatch(address) for name, value in held.items()}

    return told


def _rules(text: str) -> list[tuple[re.Pattern[str], dict[str, str]]]:
    """The rules of `_headers`: what a path has to be like, and the headers in small letters."""
    rules: list[tuple[re.Pattern[str], dict[str, str]]] = []
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        if line.startswith("/"):
            rules.append((re.compile(".*".join(re.escape(part) for part in line.strip().split("*"))), {}))
        elif colon and rules and not line.lstrip().startswith("#"):
            rules[-1][1][name.strip().lower()] = value.strip()
    return rules


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
    return quote(path.removesuffix("index.html"))


def _fetch(url: str, method: str) -> _Answer:
    request = Request(url, method=method, headers={"User-Agent": "Broadsheet", "Accept-Encoding": "identity"})  # noqa: S310  # http(s) only, see check
    try:
        with build_opener(_Stay).open(request, timeout=_SECONDS) as answer:
            headers = {name.lower(): value for name, value in answer.headers.items()}
            data = answer.read()
            if headers.get("content-encoding", "") == "gzip" and data:  # whatever was asked for
                data = gzip.decompress(data)
            return _Answer(status=answer.status, headers=headers, data=data)
    except HTTPError as error:
        error.close()
        if error.code in (405, 501) and method == "HEAD":
            return _fetch(url, "GET")
        return _Answer(status=error.code, headers={name.lower(): value for name, value in error.headers.items()})
    except URLError as error:
        return _Answer(status=0, reason=str(getattr(error.reason, "strerror", None) or error.reason))
    except (OSError, ValueError, HTTPException, EOFError, zlib.error) as error:
        return _Answer(status=0, reason=str(error) or type(error).__name__)


def _said(answer: _Answer) -> str:
    if not answer.status:
        return f"gives no answer ({answer.reason})"
    leads = f" and leads to {answer.headers['location']}" if answer.headers.get("location") else ""
    return f"answers {answer.status}{leads}"
