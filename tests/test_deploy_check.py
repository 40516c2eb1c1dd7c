"""`deploy --check URL` against a web server on loopback: what is as it was built, and everything that isn't."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from command_line import process
from deploys import checked, deploy, newspaper
from hosts import Answer, free_port
from newsroom import BASE_URL, Site
from websites import Website

from broadsheet.deploy.kinds import CACHE, kind
from broadsheet.deploy.live import Finding
from broadsheet.errors import UsageError

TALKS = "eu/2025/05/talks/"


@pytest.fixture
def paper(site: Site) -> Site:
    newspaper(site, "production: {type: folder, path: srv}")
    deploy(site)
    return site


@pytest.fixture
def live(paper: Site) -> Iterator[Website]:
    with Website(paper.folder / "srv/current", "/news/") as found:
        yield found


def told(paper: Site, live: Website) -> dict[str, list[str]]:
    """What is found, by address below the site's."""
    found: dict[str, list[str]] = {}
    for finding in checked(paper, live.url)[1]:
        found.setdefault(finding.url.removeprefix(live.url), []).append(finding.message)
    return found


def changing(live: Website, path: str, change: Callable[[Answer], Answer | None]) -> None:
    live.answering = lambda asked, answer: change(answer) if asked == path else answer


def test_a_site_that_is_as_it_was_built_has_no_findings(paper: Site, live: Website) -> None:
    looked, findings = checked(paper, live.url)
    assert findings == []
    fetched = {asked.path.removeprefix("/news/") for asked in live.asked if asked.method == "GET"}
    assert looked == len(live.asked)
    assert {"", "feed.xml", "sitemap.xml", "robots.txt"} <= fetched
    assert {kind(path or "index.html", None) for path in fetched} >= {"list", "feed", "asset", "fingerprinted"}
    named = {asked.path.removeprefix("/news/") for asked in live.asked if asked.method == "HEAD"}
    assert TALKS in named
    assert any(path.endswith(".webp") for path in named)


def test_the_same_addresses_are_looked_at_each_time(paper: Site, live: Website) -> None:
    checked(paper, live.url)
    first = sorted((asked.method, asked.path) for asked in live.asked)
    live.asked = []
    checked(paper, live.url.rstrip("/"))
    assert sorted((asked.method, asked.path) for asked in live.asked) == first


def test_another_body_is_found(paper: Site, live: Website) -> None:
    changing(live, "", lambda answer: replace(answer, body=answer.body + b"<!-- injected -->"))
    size = len(paper.tree()["index.html"])
    assert told(paper, live) == {"": [f"it is not what was built ({size + 17:,} bytes, {size:,} built)"]}


def test_an_old_page_of_the_same_length_is_found(paper: Site, live: Website) -> None:
    changing(live, "", lambda answer: replace(answer, body=answer.body.replace(b"Talks", b"Tolks")))
    assert "it is not what was built" in told(paper, live)[""][0]


def test_another_type_is_found(paper: Site, live: Website) -> None:
    changing(live, "", lambda answer: replace(answer, headers={"Content-Type": "text/plain"}))
    assert told(paper, live) == {"": ["its type is text/plain, and should be text/html"]}


def test_a_page_that_is_not_there_is_found(paper: Site, live: Website) -> None:
    live.answering = lambda path, answer: replace(answer, status=404) if path == "feed.xml" else answer
    assert "it answers 404" in told(paper, live)["feed.xml"]


def test_a_link_that_leads_nowhere_is_found_with_the_page_that_names_it(paper: Site, live: Website) -> None:
    picture = next(path for path in paper.tree() if path.endswith(".webp"))
    for broken in (TALKS, picture):

        def cut(path: str, answer: Answer, broken: str = broken) -> Answer:
            return replace(answer, status=410) if path == broken else answer

        live.answering = cut
        messages = told(paper, live)[broken]
        assert any(message.endswith("index.html names it, and it answers 410") for message in messages)


def test_a_redirect_is_not_taken_for_the_page(paper: Site, live: Website) -> None:
    away = Answer(301, {"Location": "https://elsewhere.example/"}, b"")
    changing(live, "", lambda _: away)
    found = told(paper, live)
    assert found[""][0] == "it answers 301 and leads to https://elsewhere.example/"
    assert not [asked for asked in live.asked if "elsewhere" in asked.path]


def test_a_link_may_lead_on(paper: Site, live: Website) -> None:
    def moved(path: str, answer: Answer) -> Answer:
        head = live.asked[-1].method == "HEAD"
        return Answer(308, {"Location": live.url + path}, b"") if head and path == TALKS else answer

    live.answering = moved
    assert told(paper, live) == {}


def test_a_host_that_nobody_answers_at_is_told_once_with_the_reason(paper: Site) -> None:
    url = f"http://127.0.0.1:{free_port()}/"
    assert checked(paper, url) == (1, [Finding(url=url, message="it gives no answer (Connection refused)")])
    ((nowhere,),) = (checked(paper, "http://no-such-host.invalid/")[1],)
    assert "gives no answer (" in nowhere.message


def test_a_host_that_stops_answering_is_left(paper: Site, live: Website) -> None:
    live.answering = lambda path, answer: answer if path == "" else None
    looked, findings = checked(paper, live.url)
    assert looked < 12
    assert findings[-1].message == "it stopped answering: the rest was not looked at"


def test_an_answer_that_is_cut_short_is_a_finding(paper: Site, live: Website) -> None:
    changing(live, "robots.txt", lambda answer: replace(answer, headers={**answer.headers, "Content-Length": "9000"}))
    found = told(paper, live)
    assert found.keys() == {"robots.txt"}


def test_a_server_that_compresses_unasked_is_understood(paper: Site, live: Website) -> None:
    changing(
        live,
        "",
        lambda answer: Answer(200, {**answer.headers, "Content-Encoding": "gzip"}, gzip.compress(answer.body)),
    )
    assert told(paper, live) == {}


def test_a_server_that_answers_no_heads_is_asked_for_the_whole(paper: Site, live: Website) -> None:
    live.refused = ("HEAD",)
    assert told(paper, live) == {}


def test_files_of_ours_that_anyone_can_read_are_found(paper: Site, live: Website) -> None:
    for name in (".broadsheet/deployed.json.gz", ".git/config"):
        place = paper.folder / "srv/current" / name
        place.parent.mkdir()
        place.write_text("private")
    found = told(paper, live)
    assert found.keys() == {".broadsheet/deployed.json.gz", ".git/config"}
    assert all("anyone can read it" in message for messages in found.values() for message in messages)


# --- headers ---------------------------------------------------------------------------------------------------------


def public(site: Site, target: str) -> Path:
    """A built site for a target, and what its host would serve."""
    newspaper(site, f"production: {{{target}}}")
    return Path(shutil.copytree(site.output, site.folder / "served", ignore=shutil.ignore_patterns(".broadsheet")))


def promised(site: Site) -> dict[str, str]:
    """The headers of `_headers` that are every file's."""
    lines = (site.output / "_headers").read_text().split("\n/")[0].splitlines()[1:]
    return dict(line.strip().split(": ", 1) for line in lines)


@pytest.mark.parametrize("host", ["netlify", "cloudflare"])
def test_the_headers_of_the_site_are_looked_for_where_the_host_reads_them(site: Site, host: str) -> None:
    folder = public(site, f"type: {host}, path: public")
    everywhere = promised(site)
    assert "Content-Security-Policy" in everywhere
    with Website(folder, "/news/", everywhere) as live:
        long = "public, max-age=31536000, immutable"

        def answering(path: str, answer: Answer) -> Answer:
            more = {"Cache-Control": long} if path.startswith("pictures/") else {}
            return replace(answer, headers={**answer.headers, **more})

        live.answering = answering
        assert told(site, live) == {}
        changing(live, "", lambda a: replace(a, headers={"Content-Type": a.headers["Content-Type"]}))
        missing = told(site, live)
        assert set(missing[""]) == {f"the header {name.lower()} is missing" for name in everywhere}
        assert all(
            message.endswith("cache-control is missing") for path in missing if path for message in missing[path]
        )

        live.answering = lambda path, a: answering(
            path, replace(a, headers={**a.headers, "Referrer-Policy": "unsafe-url"} if path == "" else a.headers)
        )
        (message,) = told(site, live)[""]
        assert message == f"the header referrer-policy is “unsafe-url”, and should be “{everywhere['Referrer-Policy']}”"


def test_how_long_a_file_keeps_is_looked_at_where_the_bucket_was_told(site: Site) -> None:
    folder = public(site, "type: s3, url: 's3://news/here'")
    with Website(folder, "/news/") as live:
        live.answering = lambda path, a: replace(
            a,
            headers={
                **a.headers,
                "Cache-Control": CACHE[kind(path + "index.html" if not path or path.endswith("/") else path, None)],
            },
        )
        assert told(site, live) == {}
        changing(live, "", lambda a: replace(a, headers={**a.headers, "Cache-Control": "max-age=86400"}))
        found = told(site, live)
        assert found[""] == [f"the header cache-control is “max-age=86400”, and should be “{CACHE['list']}”"]


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_command_tells_and_its_exit_code_says_whether_they_differ(paper: Site, live: Website) -> None:
    done = process("deploy", "--check", live.url, cwd=paper.folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip().endswith("looked at: 0 differences")
    changing(live, "", lambda answer: replace(answer, body=b"defaced"))
    done = process("deploy", "--check", live.url, cwd=paper.folder)
    assert done.returncode == 3
    assert f"{live.url}: it is not what was built (7 bytes" in done.stderr
    assert "1 difference" in done.stdout
    done = process("deploy", "--check", live.url, "--format", "json", cwd=paper.folder)
    value = json.loads(done.stdout)
    assert (done.returncode, value["ok"], value["exit_code"]) == (3, False, 3)
    assert value["findings"][0]["url"] == live.url
    assert value["looked_at"] > 20


def test_a_look_writes_nothing(paper: Site, live: Website) -> None:
    def stamps() -> dict[Path, int]:
        return {path: path.lstat().st_mtime_ns for path in paper.folder.rglob("*") if path.name != "lock"}

    before = stamps()
    checked(paper, live.url)
    assert stamps() == before


@pytest.mark.parametrize(
    "url",
    [
        *(
            "example.org",
            "ftp://example.org/",
            "file:///etc/passwd",
            "http:///x",
            "http://[::1",
            "http://example.org:99999/",
        ),
        *("https://example.org/?x", "https://example.org/#top"),
    ],
)
def test_what_is_no_address_is_refused(paper: Site, url: str) -> None:
    with pytest.raises(UsageError, match="write an address"):
        checked(paper, url)


def test_a_site_without_targets_may_be_looked_at_too(site: Site) -> None:
    """Whoever copied the folder there by hand."""
    site.story("eu/a.md").good()
    folder = shutil.copytree(site.output, site.folder / "served", ignore=shutil.ignore_patterns(".broadsheet"))
    with Website(Path(folder), "/news/") as live:
        assert told(site, live) == {}
        with pytest.raises(UsageError, match="nowhere to deploy to"):
            checked(site, live.url, target="production")


def test_the_site_may_be_looked_at_under_another_name(paper: Site, live: Website) -> None:
    """As before a domain is moved: links with the site's own address are looked for at the one that was given."""
    assert BASE_URL not in live.url
    checked(paper, live.url)
    assert all(asked.headers["Host"].startswith("127.0.0.1") for asked in live.asked)
