"""Deploys to object stores over HTTP, through a proxy that fails on purpose."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from deploys import LATER, deploy, newspaper, planned
from examples import some
from hosts import Proxy, missing_assets, served
from newsroom import BASE_URL, Site
from stores import STORES, Host

from broadsheet.deploy.kinds import CACHE
from broadsheet.deploy.records import MANIFEST, BusyError, DeployError

TALKS = "eu/2025/05/talks/index.html"


@pytest.fixture(
    scope="module", params=[name if name == "moto" else pytest.param(name, marks=pytest.mark.slow) for name in STORES]
)
def host(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    with STORES[request.param](tmp_path_factory.mktemp(request.param)) as found:
        yield found


every_host = pytest.mark.parametrize("host", list(STORES), indirect=True)


@pytest.fixture
def proxy(host: Host) -> Iterator[Proxy]:
    found = Proxy(host.port)
    yield found
    found.close()


@pytest.fixture
def prefix(request: pytest.FixtureRequest) -> str:
    """A folder of the bucket for each test."""
    return f"t{abs(hash(request.node.nodeid))}/"


@pytest.fixture
def store(host: Host) -> Any:
    """The bucket, past the proxy."""
    return host.store()


@pytest.fixture
def paper(site: Site, host: Host, proxy: Proxy, prefix: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    for name, value in host.environment.items():
        monkeypatch.setenv(name, value)
    target = host.target(proxy.port, prefix)
    return newspaper(site, f"production: {{{target}, parallel: 2, timeout: 1, retry_seconds: 6}}")


def edited(paper: Site) -> Site:
    """A deploy's worth of change: a story with a new picture, one that goes, one that changes."""
    from newsroom import png

    paper.write("content/eu/ferry/deck.png", png(64, 44))
    paper.edit("content/eu/talks.md", "They talk.", "They talk on.")
    return paper.remove("content/asia/rain.md").good(vanished=True)


@every_host
def test_a_bucket_holds_the_site_with_its_types_and_how_long_they_keep(
    paper: Site, store: Any, prefix: str, proxy: Proxy
) -> None:
    import obstore

    done = deploy(paper)
    assert served(store, prefix) == paper.tree()
    assert done.files == len(paper.tree())

    def told(path: str) -> tuple[str, str]:
        found = obstore.get(store, prefix + path, options={"head": True}).attributes
        return str(found["Content-Type"]), str(found["Cache-Control"])

    assert told(TALKS) == ("text/html; charset=utf-8", "public, max-age=60, must-revalidate")
    assert told("feed.xml")[0] == "application/rss+xml; charset=utf-8"
    picture = next(path for path in paper.tree() if path.endswith(".webp"))
    assert told(picture) == ("image/webp", "public, max-age=31536000, immutable")


@pytest.mark.parametrize("former", [False, True])
def test_what_former_versions_gave_no_type_has_one(
    paper: Site, store: Any, prefix: str, proxy: Proxy, former: bool
) -> None:
    """`former`: one of them had filled the bucket. What it gave none is put again, and nothing else."""
    import obstore

    paper.story("eu/old.md", date="2025-05-04", url="/old.php")
    for name in ("old.htm", "OLDER.HTM", "minutes.docx", "meeting.ics", "data.csv.gz", "data.unheard"):
        paper.write(f"static/{name}", b"any bytes")
    paper.good()
    deploy(paper)
    types = {
        "old.htm": "text/html; charset=utf-8",
        "OLDER.HTM": "text/html; charset=utf-8",
        "old.php": "text/html; charset=utf-8",
        "minutes.docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "meeting.ics": "text/calendar; charset=utf-8",
        "data.csv.gz": "application/gzip",
    }
    if former:
        value = json.loads(gzip.decompress(bytes(obstore.get(store, prefix + MANIFEST).bytes())))
        value["rules"] = {name: rule for name, rule in value["rules"].items() if name in CACHE}
        obstore.put(store, prefix + MANIFEST, gzip.compress(json.dumps(value).encode()))
        for path in types:
            obstore.put(store, prefix + path, b"", attributes={"Content-Type": "application/octet-stream"})
        proxy.reset()
        deploy(paper, LATER + timedelta(minutes=1))
        assert {path for path in proxy.puts(prefix) if not path.startswith(".broadsheet/")} == set(types)
    found = {path: obstore.get(store, prefix + path, options={"head": True}).attributes for path in types}
    assert {path: str(told["Content-Type"]) for path, told in found.items()} == types
    assert served(store, prefix) == paper.tree()


def test_compressed_files_of_the_sites_own_are_no_siblings(paper: Site, store: Any, prefix: str) -> None:
    import obstore

    paper.write("static/data.csv.gz", b"\x1f\x8b any bytes").good()
    deploy(paper)
    found = obstore.get(store, prefix + "data.csv.gz", options={"head": True}).attributes
    assert (found["Content-Type"], found.get("Content-Encoding")) == ("application/gzip", None)


@every_host
def test_compressed_siblings_say_what_they_are(paper: Site, host: Host, store: Any, prefix: str) -> None:
    import obstore

    config = paper.folder / "config.yaml"
    config.write_text(config.read_text().replace("parallel: 2", "parallel: 2, compress: [gz]"))
    paper.good()
    deploy(paper)
    found = obstore.get(store, prefix + TALKS + ".gz", options={"head": True}).attributes
    assert found["Content-Type"] == "text/html; charset=utf-8"
    if host.kind != "gcs":  # whose emulator doesn't tell
        assert found["Content-Encoding"] == "gzip"
    data = served(store, prefix)[TALKS + ".gz"]
    page = paper.tree()[TALKS]
    assert (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data) == page  # some servers unpack it


def test_stories_are_there_before_the_lists_that_name_them_whatever_their_addresses(paper: Site, proxy: Proxy) -> None:
    config = paper.folder / "config.yaml"
    config.write_text(config.read_text() + 'permalinks: {article: "/{slug}/"}\n')
    paper.edit("content/eu/talks.md", "title:", "aliases: [/eu/2025/05/talks/]\ntitle:").good(vanished=True)
    plan = planned(paper)
    deploy(paper)
    put = [path.partition("/")[2] for path in proxy.puts("")]
    assert set(put) >= {step.path for step in plan.puts}
    stories = [put.index(f"{slug}/index.html") for slug in ("talks", "rain", "ferry")]
    naming = [put.index(path) for path in ("index.html", "feed.xml", "eu/feed.xml", "sitemaps/2025-05.xml", TALKS)]
    assert max(stories) < min(naming)


@every_host
def test_a_second_deploy_puts_only_what_changed_and_its_manifest(
    paper: Site, store: Any, prefix: str, proxy: Proxy
) -> None:
    deploy(paper)
    edited(paper)
    plan = planned(paper, LATER + timedelta(minutes=1))
    proxy.reset()
    deploy(paper, LATER + timedelta(minutes=1))
    put = proxy.puts(prefix)
    assert sorted(path for path in put if not path.startswith(".broadsheet/")) == sorted(s.path for s in plan.puts)
    assert put[-1] == MANIFEST
    proxy.reset()
    deploy(paper, LATER + timedelta(minutes=2))
    assert proxy.puts(prefix) == []


def test_a_dry_run_asks_and_changes_nothing(paper: Site, proxy: Proxy) -> None:
    planned(paper)
    assert {method for method, _ in proxy.asked} <= {"GET", "HEAD"}


def test_objects_of_others_are_never_changed(paper: Site, store: Any, prefix: str) -> None:
    import obstore

    obstore.put(store, prefix + "theirs.txt", b"theirs")
    obstore.put(store, prefix + "index.html", b"theirs")
    with pytest.raises(DeployError, match=r"index\.html"):
        deploy(paper)
    assert served(store, prefix) == {"theirs.txt": b"theirs", "index.html": b"theirs"}
    deploy(paper, adopt=True)
    edited(paper)
    deploy(paper, LATER + timedelta(days=30))
    assert served(store, prefix)["theirs.txt"] == b"theirs"


def test_an_object_of_others_that_came_after_the_first_deploy_is_refused_before_anything_changes(
    paper: Site, store: Any, prefix: str, proxy: Proxy
) -> None:
    import obstore

    deploy(paper)
    obstore.put(store, prefix + "ads.txt", b"theirs")
    edited(paper)
    paper.write("static/ads.txt", "ours").good()
    proxy.reset()
    for trial in (planned, deploy):
        with pytest.raises(DeployError, match=r"\(ads\.txt\).*--adopt"):
            trial(paper, LATER + timedelta(minutes=1))
    assert proxy.puts(prefix) == []
    deploy(paper, LATER + timedelta(minutes=1), adopt=True)
    there = served(store, prefix)
    assert {path: there[path] for path in paper.tree()} == paper.tree()


def test_an_object_that_appears_meanwhile_is_not_overwritten(
    paper: Site, store: Any, prefix: str, proxy: Proxy
) -> None:
    """Between the look and the put somebody puts a file there: the put is conditional."""
    import obstore

    def meanwhile(_number: int, method: str, path: str) -> str:
        if method == "PUT" and path.endswith("/explore.js"):
            obstore.put(store, prefix + "explore.js", b"theirs")
        return ""

    proxy.fault = meanwhile
    with pytest.raises(DeployError, match=r"explore\.js"):
        deploy(paper)
    assert served(store, prefix)["explore.js"] == b"theirs"


def test_a_deployer_that_was_overtaken_is_refused(paper: Site, store: Any, prefix: str, proxy: Proxy) -> None:
    """Another one's manifest appears just before ours is written."""
    import obstore

    deploy(paper)
    edited(paper)

    def meanwhile(_number: int, method: str, path: str) -> str:
        if method == "PUT" and path.endswith(MANIFEST):
            obstore.put(store, prefix + MANIFEST, b"another's")
        return ""

    proxy.reset()
    proxy.fault = meanwhile
    with pytest.raises(DeployError, match="another deploy was made meanwhile"):
        deploy(paper, LATER + timedelta(minutes=1))
    assert bytes(obstore.get(store, prefix + MANIFEST).bytes()) == b"another's"


@pytest.mark.slow
def test_a_deploy_beside_another_one_is_refused(paper: Site, proxy: Proxy) -> None:
    proxy.fault = lambda _number, method, path: "dead" if path.endswith("/explore.js") and method == "PUT" else ""
    with pytest.raises(DeployError):
        deploy(paper)
    proxy.reset()
    memory = paper.folder / ".broadsheet/deploy/production/last.json"
    memory.unlink()  # as another machine sees it
    with pytest.raises(BusyError):
        deploy(paper, LATER + timedelta(minutes=2))


@pytest.mark.parametrize("fault", some(["503", "reset", "lost", "slow", "hang"], 5))
def test_requests_that_fail_in_passing_do_not_show(
    paper: Site, store: Any, prefix: str, proxy: Proxy, fault: str
) -> None:
    """Every seventh request fails once; an answer that was lost is not taken for somebody else's object."""
    proxy.fault = lambda number, *_: fault if number % (7 if fault != "hang" else 40) == 3 else ""
    deploy(paper)
    assert served(store, prefix) == paper.tree()


@pytest.mark.parametrize("part", some([0.6, 0.2, 0.85], 3))
def test_going_on_puts_only_the_rest(paper: Site, store: Any, prefix: str, proxy: Proxy, part: float) -> None:
    """The deploy dies when so much of it is put; what arrived is not sent again."""
    deploy(paper)
    edited(paper)
    plan = planned(paper, LATER + timedelta(minutes=1))
    wanted = [step.path for step in plan.puts]
    last = wanted[int(len(wanted) * part)]
    proxy.fault = lambda _number, method, path: "dead" if method == "PUT" and path.endswith(prefix + last) else ""
    config = paper.folder / "config.yaml"
    config.write_text(config.read_text().replace("retry_seconds: 6", "retry_seconds: 0"))
    paper.good()
    with pytest.raises(DeployError):
        deploy(paper, LATER + timedelta(minutes=1))
    there, new = served(store, prefix), paper.tree()
    arrived = {path for path in wanted if there.get(path) == new[path]}
    assert last in arrived
    assert len(arrived) < len(wanted) or part > 0.5  # those on their way at the same time may have been all the rest
    proxy.reset()
    dry = planned(paper, LATER + timedelta(minutes=2))
    done = deploy(paper, LATER + timedelta(minutes=2))
    put = [path for path in proxy.puts(prefix) if not path.startswith(".broadsheet/")]
    assert sorted(put) == sorted(set(wanted) - arrived) == sorted(step.path for step in dry.puts)
    assert done.resumed
    assert done.files == len(put)
    assert {path: data for path, data in served(store, prefix).items() if path in new} == new


def test_a_condition_that_fails_for_no_reason_is_told_and_gone_on_from(
    paper: Site, store: Any, prefix: str, proxy: Proxy
) -> None:
    proxy.fault = lambda _number, method, path: "412" if method == "PUT" and path.endswith("/index.html") else ""
    with pytest.raises(DeployError):
        deploy(paper)
    proxy.reset()
    assert deploy(paper, LATER + timedelta(minutes=1)).resumed
    assert served(store, prefix) == paper.tree()


def test_a_bucket_that_is_not_there_is_told_as_that(paper: Site, host: Host, proxy: Proxy) -> None:
    config = paper.folder / "config.yaml"
    config.write_text(re.sub(r"://news/", "://nobody-made-this/", config.read_text()))
    paper.good()
    for act in (deploy, planned) if host.kind != "gcs" else (deploy,):  # this server tells it of a put alone
        with pytest.raises(DeployError, match="there is no such bucket: make it") as found:
            act(paper)
        assert "again to go on" not in str(found.value)


def test_credentials_are_in_no_message_no_state_and_no_object(
    paper: Site, host: Host, store: Any, prefix: str, proxy: Proxy, capfd: pytest.CaptureFixture[str]
) -> None:
    said = []
    for fault in ("503", "reset"):
        proxy.fault = lambda number, *_, fault=fault: fault if number > 8 else ""  # type: ignore[misc]
        config = paper.folder / "config.yaml"
        config.write_text(config.read_text().replace("retry_seconds: 6", "retry_seconds: 0"))
        paper.good()
        with pytest.raises(DeployError) as found:
            deploy(paper)
        said.append(str(found.value))
        proxy.reset()
    deploy(paper, LATER + timedelta(minutes=1))
    kept = [path.read_bytes() for path in paper.folder.rglob("*") if path.is_file()]
    everything = b"".join(
        [*kept, *served(store, prefix).values(), *(text.encode() for text in (*said, *capfd.readouterr()))]
    )
    assert not [secret for secret in host.secrets if secret.encode() in everything]


@pytest.mark.slow
def test_killed_after_any_request_no_page_lacks_an_asset_and_going_on_ends_like_a_clean_deploy(
    paper: Site, store: Any, prefix: str, proxy: Proxy
) -> None:
    """The target is looked at after each request that changes it; an interruption is gone on from each time, from the
    same start: what stands there before the change."""
    import obstore

    config = paper.folder / "config.yaml"
    config.write_text(config.read_text().replace("timeout: 1, retry_seconds: 6", "timeout: 60, retry_seconds: 0"))
    paper.good()
    deploy(paper)
    start = {
        entry["path"]: obstore.get(store, entry["path"])
        for chunk in obstore.list(store, prefix=prefix)
        for entry in chunk
    }
    held = {path: (bytes(found.bytes()), dict(found.attributes)) for path, found in start.items()}
    memory = paper.folder / ".broadsheet/deploy/production/last.json"
    remembered = memory.read_bytes()
    edited(paper)

    def from_the_start() -> None:
        for chunk in obstore.list(store, prefix=prefix):
            obstore.delete(store, [entry["path"] for entry in chunk])
        for path, (data, attributes) in held.items():
            obstore.put(store, path, data, attributes=attributes)
        memory.write_bytes(remembered)

    looks, missing = 0, []

    def look() -> None:
        nonlocal looks
        looks += 1
        missing.extend(missing_assets(served(store, prefix), BASE_URL))

    from_the_start()
    proxy.reset()
    proxy.on_done = look
    deploy(paper, LATER + timedelta(minutes=1))
    clean, total = served(store, prefix), len(proxy.asked)
    assert looks == total
    gone = set(clean) - set(paper.tree())
    assert {path: clean[path] for path in paper.tree()} == paper.tree()
    assert all(path.startswith("pictures/") for path in gone)
    assert total > 20
    assert missing == []
    for number in range(1, total + 1):
        from_the_start()
        proxy.reset()
        proxy.fault = lambda seen, *_, number=number: "dead" if seen == number else ""  # type: ignore[misc]
        with pytest.raises(DeployError):
            deploy(paper, LATER + timedelta(minutes=1))
        look()
        proxy.reset()
        proxy.fault = lambda seen, *_, number=number: "dead" if seen == 1 + number % 7 else ""  # type: ignore[misc]
        with suppress(DeployError):  # and again, early in going on
            deploy(paper, LATER + timedelta(minutes=2))
        look()
        proxy.reset()
        deploy(paper, LATER + timedelta(minutes=3))
        assert served(store, prefix) == clean, number
        assert missing == [], number
