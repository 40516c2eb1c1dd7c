"""`check`: everything that is wrong, told in one go, with nothing written."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tarfile
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from command_line import on_terminal, process, run
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from newsroom import Site, png
from serving import LocalServer

from broadsheet import asking
from broadsheet.asking import Manners
from broadsheet.nearnames import near, squashed

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = "@microsoft/jest-sarif@1.0.0-beta.0"  # the package that carries OASIS's schema of SARIF 2.1.0


def check(site: Site, *arguments: str) -> Any:
    """What `check --json` tells."""
    done = run("check", "--json", "--at", "2026-01-15", *arguments, cwd=site.folder)
    assert done.stderr == ""
    told = json.loads(done.stdout)
    assert told["exit_code"] == done.returncode
    return told


def codes(site: Site, *arguments: str) -> list[str]:
    return [finding["code"] for finding in check(site, *arguments)["diagnostics"]]


def only(site: Site, code: str, *arguments: str) -> Any:
    (found,) = [finding for finding in check(site, *arguments)["diagnostics"] if finding["code"] == code]
    return found


@pytest.fixture
def sound(site: Site) -> Site:
    """A site of which nothing can be said."""
    site.write("content/eu/a/photo.png", png(1300, 700))
    image = {"src": "photo.png", "alt": "A room", "credit": "AA"}
    return site.story("eu/a/index.md", title="A story", image=image).story("eu/b.md", title="Another")


# --- as a command --------------------------------------------------------------------------------------------------


def test_a_sound_site_is_told_so(sound: Site) -> None:
    done = process("check", cwd=sound.folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("nothing is wrong in 2 stories, ")


def test_nothing_is_written(sound: Site) -> None:
    sound.story("eu/c.md", "[x](nope.md)")
    before = {path: path.stat().st_mtime_ns for path in sound.folder.rglob("*")}
    for format_ in ("text", "json", "sarif"):
        run("check", "--format", format_, cwd=sound.folder)
    assert {path: path.stat().st_mtime_ns for path in sound.folder.rglob("*")} == before


def test_errors_end_with_1_and_warnings_only_when_strict(sound: Site) -> None:
    sound.write("content/eu/a/lost.png", png())
    assert run("check", cwd=sound.folder).returncode == 0
    strict = run("check", "--strict", cwd=sound.folder)
    assert strict.returncode == 1
    assert "with --strict" in strict.stderr
    sound.story("eu/c.md", "[x](nope.md)")
    assert run("check", cwd=sound.folder).returncode == 1


def test_a_story_that_waits_for_its_hour_is_no_fault_even_when_strict(sound: Site) -> None:
    sound.story("eu/c.md", date="2030-01-01")
    done = run("check", "--strict", cwd=sound.folder)
    assert done.returncode == 0
    assert "1 story waits for the hour" in done.stdout


def test_a_broken_config_is_told_in_every_format_with_exit_code_2(site: Site) -> None:
    site.write("config.yaml", "sitee: {}\n")
    for format_ in ("text", "json", "sarif"):
        done = run("check", "--format", format_, cwd=site.folder)
        assert done.returncode == 2
        assert "config-key" in done.stdout


def test_every_finding_of_a_build_is_told_and_the_build_has_no_more(site: Site) -> None:
    site.story("eu/a.md", "[x](nope.md) ![](b.jpg)", darft=True).story("eu/c.md", "[y](c.md#z) <b>b</b>", image="n.png")
    built = {(f.path, f.line, f.code) for f in site.build().findings}
    told = {(f["path"], f["line"], f["code"]) for f in check(site)["diagnostics"]}
    assert built == told


def test_what_only_rendering_would_meet_is_told(sound: Site) -> None:
    sound.write("templates/article.html", "{{ nobody.knows }}")
    assert only(sound, "template")["path"].endswith("article.html")


def test_a_picture_that_was_cut_off_is_told(sound: Site) -> None:
    data = png(1300, 700)
    sound.write("content/eu/a/photo.png", data[: len(data) // 2])
    assert only(sound, "damaged-picture")["path"] == "content/eu/a/photo.png"


def test_a_page_that_a_build_would_take_away_is_told(sound: Site) -> None:
    sound.good()
    sound.remove("content/eu/b.md")
    assert "/eu/2025/04/b/" in only(sound, "vanished-page")["message"]


def test_drafts_and_scheduled_stories_are_looked_at_on_request(sound: Site) -> None:
    sound.story("eu/c.md", "[x](nope.md)", draft=True).story("eu/d.md", "[x](no.md)", date="2030-01-01")
    assert "broken-link" not in codes(sound)
    assert codes(sound, "-D") == ["broken-link", "not-public"]
    assert codes(sound, "-D", "-F") == ["broken-link", "broken-link"]


def test_a_terminal_gets_colours_unless_they_are_not_wanted(sound: Site) -> None:
    sound.story("eu/c.md", "[x](nope.md)")
    _, shown = on_terminal("check", cwd=sound.folder)
    assert "\x1b[31mbroken-link\x1b[0m" in shown
    _, plain = on_terminal("check", cwd=sound.folder, NO_COLOR="1")
    assert "\x1b[" not in plain
    assert "content/eu/c.md:5:5: there is no story “nope.md” [broken-link]" in plain


# --- what an editor would say --------------------------------------------------------------------------------------


def test_a_headline_too_long_for_cards_is_told_at_its_line(sound: Site) -> None:
    sound.story("eu/c.md", title="x" * 91).story("eu/d.md", title="y" * 90).story("eu/e.md", title="字" * 46)
    found = [f for f in check(sound)["diagnostics"] if f["code"] == "long-headline"]
    assert [(f["path"], f["line"]) for f in found] == [("content/eu/c.md", 2), ("content/eu/e.md", 2)]


def test_a_picture_without_credit_is_told_in_front_matter_and_in_the_text(sound: Site) -> None:
    sound.write("content/eu/c/one.png", png(1300, 700, "red")).write("content/eu/c/two.png", png(1300, 700, "blue"))
    body = '![Two](two.png "A caption.")\n\n![Two again](two.png "A caption. / AA")\n\n![](one.png "")'
    sound.story("eu/c/index.md", body.replace("![](one.png", "![One](one.png"), image={"src": "one.png", "alt": "1"})
    found = [f for f in check(sound)["diagnostics"] if f["code"] == "missing-credit"]
    assert [f["line"] for f in found] == [4, 6, 10]


def test_a_decoration_needs_no_credit(sound: Site) -> None:
    sound.write("content/eu/c/one.png", png(1300, 700))
    sound.story("eu/c/index.md", image={"src": "one.png", "alt": ""})
    assert codes(sound) == []


def test_a_lead_picture_under_1200_pixels_is_told_to_check_and_not_to_a_build(sound: Site) -> None:
    sound.write("content/eu/a/photo.png", png(1199, 700))
    found = only(sound, "small-picture")
    assert found["severity"] == "warn"
    assert "1199 pixels" in found["message"]
    assert sound.build().findings == ()
    sound.write("content/eu/a/photo.png", png(1200, 700))
    assert codes(sound) == []


def test_widths_that_leave_out_what_cards_want_are_told_once(sound: Site) -> None:
    sound.configure("images: {widths: [360, 720]}\n")
    assert only(sound, "small-picture")["path"] == "config.yaml"


def test_a_picture_that_nothing_shows_is_told_unless_a_draft_names_it(sound: Site) -> None:
    sound.write("content/eu/d/kept.png", png()).write("content/eu/d/lost.PNG", png()).write("content/eu/d/x.csv", "1")
    sound.story("eu/d/index.md", "![x](kept.png)", draft=True)
    assert only(sound, "unused-picture")["path"] == "content/eu/d/lost.PNG"


def test_what_lies_beside_a_story_that_cannot_be_read_is_left_alone(sound: Site) -> None:
    sound.write("content/eu/d/own.png", png()).story("eu/d/index.md", darft=True)
    assert codes(sound) == ["hidden-key"]


def test_a_picture_that_a_text_links_to_is_used(sound: Site) -> None:
    sound.write("content/eu/map.png", png()).story("eu/c.md", "[The map](map.png)")
    assert codes(sound) == []


def test_two_spellings_of_a_topic_are_told_with_the_commoner_one(sound: Site) -> None:
    for n in range(3):
        sound.story(f"eu/c{n}.md", topics=["curl"])
    sound.story("eu/d.md", topics=["cURL"]).story("eu/e.md", topics=["Space", "cURL"])
    found = only(sound, "near-topic")
    assert (found["path"], found["line"]) == ("content/eu/d.md", 4)
    assert found["message"] == "“cURL” is the same topic as “curl”, which 3 stories have"
    assert found["hint"] == "write curl, also in content/eu/e.md"


NEARLY_ONE = [
    ("curl", "cURL"),
    ("Türkiye", "Turkiye"),
    ("U.S.", "US"),
    ("open data", "open-data"),
    ("ferry", "ferrys"),
    ("Diplomacy", "Diplomcay"),
    ("Environment", "Enviroment"),
    ("accessibility", "accessibilaty"),
    ("ISPARTA", "ısparta"),
]
NOT_ONE = [
    ("Iran", "Iraq"),
    ("C", "C++"),
    ("policy", "police"),
    ("Covid-19", "Covid-18"),
    ("election 2024", "election 2025"),
    ("Austria", "Australia"),
    ("north", "worth"),
    ("тема", "тему"),
]


@pytest.mark.parametrize(("common", "rare"), NEARLY_ONE)
def test_names_that_are_nearly_one_are_found(common: str, rare: str) -> None:
    (found,) = near({common: 3, rare: 1, "something else": 2})
    assert (found.common, found.rare) == (common, rare)


@pytest.mark.parametrize(("one", "other"), NOT_ONE)
def test_names_of_different_things_are_left_alone(one: str, other: str) -> None:
    assert list(near({one: 2, other: 1})) == []


@given(st.dictionaries(st.text("abcéÉ -", max_size=8), st.integers(1, 5), max_size=12))
def test_each_rare_name_is_told_once_and_never_as_its_own_cure(names: dict[str, int]) -> None:
    found = list(near(names))
    rare = [pair.rare for pair in found]
    assert len(rare) == len(set(rare))
    assert all(pair.common != pair.rare and names[pair.common] >= names[pair.rare] for pair in found)
    told = {pair.rare for pair in found if pair.same}
    by_key: dict[str, set[str]] = {}
    for name in names:
        if squashed(name):
            by_key.setdefault(squashed(name), set()).add(name)
    assert all(len(group - told) == 1 for group in by_key.values())


# --- SARIF ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def sarif_schema(tmp_path_factory: pytest.TempPathFactory) -> Draft7Validator:
    """OASIS's schema, as a package of npm's registry carries it."""
    folder = tmp_path_factory.mktemp("sarif")
    npm = shutil.which("npm")
    done = npm and subprocess.run([npm, "pack", SCHEMA], cwd=folder, capture_output=True, text=True, timeout=120)
    if not done or done.returncode:
        if os.environ.get("BROADSHEET_REQUIRE_BROWSER"):
            pytest.fail(f"npm is needed to fetch {SCHEMA}")
        pytest.skip(f"no npm, or no registry, to fetch {SCHEMA} with")
    (archive,) = folder.glob("*.tgz")
    with tarfile.open(archive) as opened:
        text = opened.extractfile("package/lib/schemas/sarif-2.1.0-rtm.5.json")
        assert text is not None
        return Draft7Validator(json.load(text))


def test_sarif_is_what_its_schema_says(sound: Site, sarif_schema: Draft7Validator) -> None:
    sound.story("eu/größe %.md", "[x](nope.md)\n\n<b>ü</b>", date="2030-01-01", topics=["a", "a"])
    sound.write("content/eu/lost.png", png())
    done = run("check", "--format", "sarif", "-F", cwd=sound.folder)
    log = json.loads(done.stdout)
    assert [error.message for error in sarif_schema.iter_errors(log)] == []
    (made,) = log["runs"]
    assert made["invocations"][0]["exitCode"] == done.returncode == 1
    result = next(r for r in made["results"] if r["ruleId"] == "broken-link")
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "content/eu/gr%C3%B6%C3%9Fe%20%25.md"
    assert place["region"]["startLine"] == 6
    assert made["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "broken-link"
    assert {r["level"] for r in made["results"]} == {"error", "warning"}


# --- links to other hosts ------------------------------------------------------------------------------------------


class Host:
    """A real server, with an address for each way to answer; it notes what it is asked."""

    def __init__(self) -> None:
        host = self
        self.asked: list[tuple[str, str, str]] = []
        self.at_once = self.most_at_once = 0
        lock = threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                with lock:
                    host.at_once += 1
                    host.most_at_once = max(host.most_at_once, host.at_once)
                    host.asked.append((self.command, self.path, self.headers["User-Agent"]))
                    times = sum(path == self.path for _, path, _ in host.asked)
                host.think(self.path)
                with lock:
                    host.at_once -= 1  # before the answer is out: the next question may come at once
                host.answer(self, times)

            do_HEAD = do_GET = handle_any  # noqa: N815  # the names that http.server calls

            def log_message(self, *_: object) -> None:
                pass

        self._server = LocalServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def think(self, path: str) -> None:
        """Time in which a second question would be met."""
        time.sleep(2 if path == "/slow" else 0.01)

    def answer(self, request: BaseHTTPRequestHandler, times: int) -> None:
        status: int = {
            "/gone": 404,
            "/deleted": 410,
            "/broken": 500,
            "/secret": 403,
            "/moved": 301,
            "/for-now": 302,
            "/circle": 302,
            "/out": 302,
            "/lost": 301,
            "/busy": 503 if times == 1 else 200,
            "/always-busy": 429,
            "/no-head": 405 if request.command == "HEAD" else 200,
        }.get(request.path.partition("?")[0], 200)
        if request.path == "/cut":
            request.connection.close()
            return
        request.send_response(status)
        target = {"/moved": "/fine", "/for-now": "/fine", "/circle": "/circle", "/lost": "/gone", "/out": "ftp://a/"}
        if request.path in target:
            request.send_header("Location", target[request.path])
        if status in (503, 429):
            request.send_header("Retry-After", "0" if request.path == "/busy" else "3600")
        request.send_header("Content-Length", "0")
        request.end_headers()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def host() -> Iterator[Host]:
    made = Host()
    yield made
    made.close()


QUICK = Manners(agent="test", timeout=0.8, pause=0, private=True)


@pytest.mark.parametrize(
    ("path", "kind", "words"),
    [
        ("/fine", "fine", ""),
        ("/for-now", "fine", ""),
        ("/no-head", "fine", ""),
        ("/busy", "fine", ""),
        ("/fine#part", "fine", ""),
        ("/moved", "moved", ""),
        ("/gone", "gone", "the host answers 404"),
        ("/deleted", "gone", "the host answers 410"),
        ("/broken", "gone", "the host answers 500"),
        ("/lost", "gone", "the host answers 404"),
        ("/circle", "gone", "it leads in circles"),
        ("/out", "gone", "it leads out of the web"),
        ("/slow", "gone", "there is no answer within 0.8 seconds"),
        ("/cut", "gone", "the connection breaks off"),
        ("/secret", "unclear", "the host answers 403"),
        ("/always-busy", "unclear", "the host answers 429"),
    ],
)
def test_what_a_host_answers_is_understood(host: Host, path: str, kind: str, words: str) -> None:
    answer = asking.ask([host.url + path], QUICK, lambda _: None)[host.url + path]
    assert answer.kind == kind
    assert answer.words.startswith(words)
    assert answer.to == (f"{host.url}/fine" if kind == "moved" else "")


def test_a_host_that_is_not_there_is_told(host: Host) -> None:
    host.close()
    assert asking.ask([host.url], QUICK, lambda _: None)[host.url].words == "the host refuses the connection"
    nowhere = "http://nowhere.invalid/"
    assert asking.ask([nowhere], QUICK, lambda _: None)[nowhere].words == "there is no such host"


def test_a_host_is_asked_one_thing_at_a_time_and_each_page_once(host: Host) -> None:
    pages = [f"{host.url}/{n}" for n in range(12)]
    asking.ask([*pages, *(f"{page}#part" for page in pages)], QUICK, lambda _: None)
    assert host.most_at_once == 1
    assert sorted(path for _, path, _ in host.asked) == sorted(f"/{n}" for n in range(12))
    assert {command for command, _, _ in host.asked} == {"HEAD"}


def test_when_the_time_is_up_nobody_is_asked(host: Host) -> None:
    manners = Manners(agent="test", total=-1, private=True)
    assert asking.ask([host.url], manners, lambda _: None)[host.url].kind == "unasked"
    assert host.asked == []


def test_links_are_asked_about_on_request_and_told_at_their_place(sound: Site, host: Host) -> None:
    body = f"""Read [this]({host.url}/gone?a=1&b=ü) or [that]({host.url}/moved).

::: factbox Box
[x]({host.url}/gone)
:::"""
    sound.story("eu/c.md", body, source_url=f"{host.url}/fine")
    assert codes(sound) == []
    assert host.asked == []
    done = check(sound, "--external", "--private-hosts")
    assert [(f["code"], f["line"]) for f in done["diagnostics"]] == [
        ("outside-link", 6),
        ("moved-link", 6),
        ("outside-link", 9),
    ]
    assert done["outside"] == {"fine": 1, "moved": 1, "gone": 2}
    assert done["exit_code"] == 0
    assert all(agent.startswith("Broadsheet/") for _, _, agent in host.asked)


def test_a_host_of_this_network_is_not_asked_unless_it_is_wanted(sound: Site, host: Host) -> None:
    sound.story("eu/c.md", f"[x]({host.url}/fine)")
    found = only(sound, "outside-link", "--external")
    assert "only this network can reach that host" in found["message"]
    assert host.asked == []
