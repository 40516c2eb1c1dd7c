"""What hosts take is checked before anything is laid out for them: at each limit, and one past it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from deploys import deploy, newspaper, planned
from newsroom import Site

from broadsheet.deploy.limits import LIMITS, check
from broadsheet.deploy.records import DeployError

HEADERS, REDIRECTS = "_headers", "_redirects"


def refusal(host: str, sizes: dict[str, int], **files: str) -> str:
    """Why a host doesn't take a site; "" where it does. `files` are the texts of those that are read."""
    try:
        check(LIMITS[host], {**dict.fromkeys(files, 1), **sizes}, lambda path: files[path].encode())
    except DeployError as error:
        return str(error)
    return ""


def pages(number: int, folder: str = "") -> dict[str, int]:
    return {f"{folder}{place}.html": 1 for place in range(number)}


def rules(number: int, start: str = "/old") -> str:
    return "".join(f"{start}{place} /new/ 301\n" for place in range(number))


def headers(number: int, start: str = "/p") -> str:
    return "".join(f"{start}{place}\n  X-Robots-Tag: noindex\n" for place in range(number))


# For each limit: the host, what is just taken, what is just not, and what is said of it.
CASES: dict[str, tuple[str, Callable[[int], str], str]] = {
    "files": (
        "cloudflare",
        lambda more: refusal("cloudflare", pages(20_000 + more), _headers="/*\n  A: b\n", _redirects="/a /b\n"),
        "20,001 files, and Cloudflare Pages takes 20,000",
    ),
    "bytes of a file": (
        "cloudflare",
        lambda more: refusal("cloudflare", {"film.mp4": 25 * 1024 * 1024 + more}),
        "film.mp4: 26,214,401 bytes, and Cloudflare Pages takes files of 26,214,400",
    ),
    "rules of headers": (
        "cloudflare",
        lambda more: refusal("cloudflare", {}, _headers="# ours\n" + headers(100 + more)),
        "_headers:202: 101 rules, and Cloudflare Pages takes 100",
    ),
    "rules of headers by address": (
        "cloudflare",
        lambda more: refusal("cloudflare", {}, _headers=headers(100 + more, "https://a.example/")),
        "_headers:201: 101 rules",
    ),
    "a line of headers": (
        "cloudflare",
        lambda more: refusal("cloudflare", {}, _headers=f"/*\n  X: {'x' * (2_000 - 3 + more)}  \n"),
        "_headers:2: 2,001 characters, and Cloudflare Pages takes 2,000 in a line",
    ),
    "redirects": (
        "cloudflare",
        lambda more: refusal("cloudflare", {}, _redirects=rules(2_000 + more)),
        "_redirects:2001: 2,001 rules without a pattern, and Cloudflare Pages takes 2,000",
    ),
    "redirects with a pattern": (
        "cloudflare",
        lambda more: refusal("cloudflare", {}, _redirects=rules(7) + "/n/* /new/:splat\n" + rules(99 + more, "/x:id")),
        "_redirects:108: 101 rules from the first with a pattern on, and Cloudflare Pages takes 100",
    ),
    "redirects behind one with a pattern": (
        "cloudflare",
        lambda more: refusal("cloudflare", {}, _redirects="\n/n/* /new/\n# then\n" + rules(99 + more)),
        "_redirects:103: 101 rules from the first with a pattern on",
    ),
    "a line of redirects": (
        "cloudflare",
        lambda more: refusal("cloudflare", {}, _redirects=f"/{'a' * (1_000 - 4 + more)} /b\n"),
        "_redirects:1: 1,001 characters, and Cloudflare Pages takes 1,000 in a line",
    ),
    "files of a folder": (
        "netlify",
        lambda more: refusal("netlify", {**pages(54_000), **pages(54_000 + more, "topics/")}),
        "topics/: 54,001 files, and Netlify takes 54,000 in a folder",
    ),
    "files and folders": (
        "gitlab",
        lambda more: refusal("gitlab", {**pages(199_996), **pages(2 + more, "a/b/")}),
        "200,001 files and folders, and GitLab Pages takes 200,000",
    ),
    "rules": (
        "gitlab",
        lambda more: refusal("gitlab", {}, _redirects=rules(1_000 + more)),
        "_redirects:1001: 1,001 rules, and GitLab Pages takes 1,000",
    ),
    "steps of a path": (
        "gitlab",
        lambda more: refusal("gitlab", {}, _redirects="/a" * (25 + more) + " /b\n"),
        "_redirects:1: 26 steps in a path, and GitLab Pages takes 25",
    ),
    "bytes of redirects": (
        "gitlab",
        lambda more: refusal("gitlab", {}, _redirects=f"/a /b\n#{'x' * (64 * 1024 - 8 + more)}\n"),
        "_redirects: 65,537 bytes, and GitLab Pages reads 65,536",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_host_gets_as_much_as_it_takes_and_not_one_more(case: str) -> None:
    _, said, told = CASES[case]
    assert said(0) == ""
    assert told in said(1)


def test_every_limit_that_a_host_has_is_tried() -> None:
    named = dict.fromkeys(LIMITS, 0)
    for host, _, _ in CASES.values():
        named[host] += 1
    words = ("host", "rules_count", "folders_count")
    for host, limits in LIMITS.items():
        held = [name for name in limits.__slots__ if name not in words and getattr(limits, name)]
        assert named[host] >= len(held) > 0


def test_all_that_is_too_much_is_told_at_once() -> None:
    said = refusal("cloudflare", dict.fromkeys((f"{n}.mp4" for n in range(8)), 2**25), _redirects=rules(2_001))
    assert len(said.splitlines()) == 6
    assert said.endswith("… and 4 more")


@pytest.fixture(params=["cloudflare", "gitlab"])
def paper(request: pytest.FixtureRequest, site: Site) -> Iterator[Site]:
    return newspaper(site, f"production: {{type: {request.param}, path: public}}")


def test_a_site_past_a_limit_is_refused_before_anything_is_laid_out(paper: Site) -> None:
    paper.write("static/_redirects", rules(1_000)).good()
    assert planned(paper).puts
    paper.write("static/_redirects", rules(2_001)).good()
    for trial in (planned, deploy):
        with pytest.raises(DeployError, match=r"_redirects:\d+: 2,001 rules"):
            trial(paper)
    assert not (paper.folder / "public").exists()


def test_a_plan_that_takes_more_or_fewer_files_is_said_in_the_settings(site: Site) -> None:
    newspaper(site, "production: {type: cloudflare, path: public, max_files: 5}")
    with pytest.raises(DeployError, match=r"files, and Cloudflare Pages takes 5\b.*max_files"):
        deploy(site)
    count = len(site.tree()) - 1  # _headers is not counted
    config = Path(site.folder / "config.yaml")
    config.write_text(config.read_text().replace("max_files: 5", f"max_files: {count}"))
    site.good()
    deploy(site)
    with pytest.raises(DeployError):
        check(replace(LIMITS["cloudflare"], files=count - 1), dict.fromkeys(site.tree(), 1), lambda _: b"")
