"""Asking other hosts whether what a story links to is still there: few questions, one at a time for each host."""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Literal, TypeAlias
from urllib.parse import urldefrag, urljoin, urlsplit

from broadsheet.frozen import record

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, PoolManager

Kind: TypeAlias = Literal["fine", "moved", "gone", "unclear", "unasked"]
_PERMANENT = (301, 308)
_REDIRECTS = (*_PERMANENT, 302, 303, 307)
_BUSY = (429, 502, 503, 504)


@record
class Manners:
    """How others are asked. Times in seconds; `total` bounds the whole; `private`: hosts that only this network can
    reach are asked too (else they are told of, unasked: readers can't reach them)."""

    agent: str
    timeout: float = 10
    pause: float = 0.5  # between two questions to one host
    patience: float = 20  # the longest wait that a host may ask for
    hosts: int = 8  # asked at once
    redirects: int = 5
    total: float = 900
    private: bool = False


@record
class Answer:
    """What a host said. `words` tell what is wrong; `to` is the new address of what has moved for good. "unclear": it
    would not tell a program."""

    kind: Kind
    words: str = ""
    to: str = ""


def ask(urls: Iterable[str], manners: Manners, step: Callable[[int], object]) -> Mapping[str, Answer]:
    """The answer for each address. Each page is asked for once, whatever its fragment."""
    import urllib3

    groups: dict[str, dict[str, list[str]]] = {}
    for url in urls:
        page = urldefrag(url).url
        groups.setdefault(urlsplit(page).netloc.lower(), {}).setdefault(page, []).append(url)
    until = time.monotonic() + manners.total
    http = urllib3.PoolManager(
        num_pools=manners.hosts * 2,
        retries=False,
        timeout=urllib3.Timeout(connect=manners.timeout, read=manners.timeout),
        headers={"User-Agent": manners.agent, "Accept": "*/*"},
    )
    answers: dict[str, Answer] = {}

    def host(pages: Mapping[str, list[str]]) -> None:
        for number, (page, wanted) in enumerate(pages.items()):
            if number:
                time.sleep(manners.pause)
            answer = _asked(http, page, manners, until)
            answers.update(dict.fromkeys(wanted, answer))
            step(len(wanted))

    with ThreadPoolExecutor(manners.hosts) as pool:
        for done in [pool.submit(host, pages) for pages in groups.values()]:
            done.result()
    return answers


def _asked(http: PoolManager, url: str, manners: Manners, until: float) -> Answer:
    from urllib3 import exceptions

    if time.monotonic() > until:
        return Answer(kind="unasked")
    try:
        return _followed(http, url, manners)
    except exceptions.NameResolutionError:
        return Answer(kind="gone", words="there is no such host")
    except exceptions.SSLError as error:
        return Answer(kind="gone", words=f"its certificate is not accepted ({_reason(error)})")
    except exceptions.NewConnectionError:
        return Answer(kind="gone", words="the host refuses the connection")
    except exceptions.TimeoutError:
        return Answer(kind="gone", words=f"there is no answer within {manners.timeout:g} seconds")
    except (exceptions.LocationValueError, UnicodeError, ValueError):
        return Answer(kind="gone", words="it is no address that can be asked for")
    except (exceptions.HTTPError, OSError) as error:
        return Answer(kind="gone", words=f"the connection breaks off ({_reason(error)})")


def _reason(error: BaseException) -> str:
    inner = error.args[0] if error.args and isinstance(error.args[0], BaseException) else error
    return str(getattr(inner, "verify_message", "") or getattr(inner, "reason", "") or type(inner).__name__)


def _followed(http: PoolManager, url: str, manners: Manners) -> Answer:
    """Follow redirects to an answer."""
    here, permanent = url, True
    for _ in range(manners.redirects + 1):
        if not manners.private and _private(here):
            return Answer(kind="gone", words="only this network can reach that host, not readers")
        response = _response(http, here, manners)
        status, target = response.status, response.headers.get("Location")
        if status not in _REDIRECTS or not target:
            return _judged(status, here if permanent and here != url else "")
        permanent = permanent and status in _PERMANENT
        here = urldefrag(urljoin(here, target)).url
        if urlsplit(here).scheme not in ("http", "https"):
            return Answer(kind="gone", words="it leads out of the web")
    return Answer(kind="gone", words="it leads in circles")


def _response(http: PoolManager, url: str, manners: Manners) -> BaseHTTPResponse:
    """What comes of asking for the head of a page; for the page itself where a host doesn't answer that well. Bodies
    are not read. A host that is busy is asked once more, when it says."""
    response = _request(http, "HEAD", url)
    if response.status in _BUSY:
        wait = response.headers.get("Retry-After", "")
        seconds = float(wait) if wait.isdecimal() else manners.pause * 4
        if seconds <= manners.patience:
            time.sleep(seconds)
            return _request(http, "GET", url)
    elif response.status >= 400:
        time.sleep(manners.pause)
        return _request(http, "GET", url)
    return response


def _request(http: PoolManager, method: str, url: str) -> BaseHTTPResponse:
    response = http.request(method, url, redirect=False, preload_content=False)
    response.close()  # what it would send is of no interest
    return response


def _judged(status: int, moved: str) -> Answer:
    if status < 400:
        return Answer(kind="moved", to=moved) if moved else Answer(kind="fine")
    if status in (404, 410) or status >= 500:
        return Answer(kind="gone", words=f"the host answers {status}")
    return Answer(kind="unclear", words=f"the host answers {status}")


def _private(url: str) -> bool:
    """Whether a host is in this network or this machine. One that has no address is for the request to tell."""
    host = urlsplit(url).hostname or ""
    try:
        found = socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError):
        return False
    return any(not ipaddress.ip_address(str(address[4][0]).partition("%")[0]).is_global for address in found)
