"""`serve` as people start it: the port, the browser, the hour, what stands in the terminal, and how it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import run
from newsroom import Site
from previewing import serving

from broadsheet.preview import listening


@pytest.fixture
def paper(site: Site) -> Site:
    site.configure("images: {widths: [24], formats: [jpeg]}\n")
    return site.story("europe/a.md", "As it was.", date="2026-01-02").story("europe/b.md", date="2026-01-03")


def test_the_next_free_port_is_taken_and_that_is_said(paper: Site) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        # A port that was asked for by number is not to be another one.
        done = subprocess.run(
            [sys.executable, str(Path(__file__).parent.parent / "build.py"), "serve", "-p", str(number)],
            cwd=paper.folder, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert done.returncode == 2
        assert f"port {number}" in done.stderr
        assert "-p" in done.stderr
    holder = socket.socket()
    try:
        holder.bind(("127.0.0.1", 8000))
        holder.listen()
    except OSError:
        pass  # somebody else's: as good
    with holder, serving(paper, "-p", "8000", before=(sys.executable, "-c", DEFAULT_PORT)) as preview:
        assert 8000 < preview.port < 8100
        assert "(port 8000 is taken)" in preview.out()
        assert preview.get("/europe/2026/01/a/").status == 200


# The tests' own -p is what is left out here: the port that is the default.
DEFAULT_PORT = """
import sys
from broadsheet import cli
arguments = sys.argv[1:]
at = arguments.index("-p")
sys.exit(cli.main(arguments[:at] + arguments[at + 2:]))
"""


def test_errors_stand_in_the_terminal_once_and_so_does_that_they_are_mended(paper: Site) -> None:
    with serving(paper) as preview:
        paper.edit("content/europe/a.md", "title:", "titel: Oh\ntitle:")
        preview.until(lambda: "content/europe/a.md:2:1" in preview.err(), "it is told")
        paper.edit("content/europe/b.md", "A few words", "Other words")
        preview.shows("/europe/2026/01/b/", "Other words")
        assert preview.get("/europe/2026/01/a/").status == 200
        paper.edit("content/europe/a.md", "titel: Oh\n", "")
        preview.until(lambda: "mended" in preview.err(), "it is told")
        told = preview.err()
        assert told.count("content/europe/a.md:2:1") == 1
        assert told.count("mended") == 1
        assert "titel: Oh" in told
        assert "Did you mean" in told
        assert "\033[2J" not in told + preview.out(), "nothing is scrolled away"
        assert "Traceback" not in told


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_at_once_and_well_while_browsers_listen(paper: Site, number: signal.Signals) -> None:
    with serving(paper) as preview, socket.create_connection(("127.0.0.1", preview.port)) as stream:
        stream.sendall(f"GET /.broadsheet/events HTTP/1.1\r\nHost: localhost:{preview.port}\r\n\r\n".encode())
        assert stream.recv(12) == b"HTTP/1.1 200"
        assert preview.end(number) == 0
        assert preview.err() == ""


def test_the_browser_is_opened_at_the_preview(paper: Site) -> None:
    browser = paper.folder.parent / "browser"
    browser.write_text('#!/bin/sh\necho "$1" > "$(dirname "$0")/opened"\n')
    browser.chmod(0o755)
    with serving(paper, "-O", BROWSER=f"{browser} %s") as preview:
        opened = paper.folder.parent / "opened"
        preview.until(lambda: opened.exists() and opened.read_text().strip(), "the browser is opened")
        assert opened.read_text().strip() == preview.origin + "/"


def test_the_site_is_rehearsed_at_another_hour(paper: Site) -> None:
    paper.story("europe/brief.md", title="Brief", date="2026-01-10", expires="2026-02-01")
    paper.story("europe/later.md", title="Later", date="2026-03-01")
    with serving(paper, "--public", "--at", "2026-01-15T12:00:00Z") as preview:
        assert preview.get("/europe/2026/01/brief/").status == 200
        assert preview.get("/europe/2026/03/later/").status == 404
        preview.end()
    with serving(paper, "--public", "--at", "2026-03-15T12:00:00Z") as preview:
        assert preview.get("/europe/2026/01/brief/").status == 404
        assert preview.get("/europe/2026/03/later/").status == 200


def test_drafts_on_the_network_come_with_a_warning_and_answer_to_the_allowed_name_alone(paper: Site) -> None:
    with serving(paper, "--host", "0.0.0.0", "--allow-host", "desk.example") as preview:
        assert f"preview: http://desk.example:{preview.port}/" in preview.out()
        assert "warning: drafts are shown to whoever can reach" in preview.err()
        assert preview.get("/europe/", Host=f"desk.example:{preview.port}").status == 200
        assert preview.get("/europe/", Host=f"evil.example:{preview.port}").status == 421


def test_the_address_that_is_told_is_one_that_answers_whatever_names_are_allowed(paper: Site) -> None:
    with serving(paper, "--allow-host", "desk.example") as preview:
        assert f"preview: {preview.origin}/" in preview.out()
        assert preview.get("/europe/", Host=f"desk.example:{preview.port}").status == 200
    assert listening.called("localhost", []) == "127.0.0.1"
    for host in ("127.0.0.1", "127.0.0.2", "::1"):
        told = listening.address(listening.called(host, ["desk.example"]), 8000)
        assert told == f"{f'[{host}]' if ':' in host else host}:8000"
        assert {told, "desk.example:8000", "[fe80::1]:8000"} <= listening.hosts(
            host, 8000, ["Desk.example", "[fe80::1]"]
        )


def test_a_preview_offers_no_form_of_report_that_it_has_not(paper: Site) -> None:
    assert "--format" not in run("serve", "--help").stdout
    done = run("serve", "--format", "json", cwd=paper.folder)
    assert (done.returncode, "--format" in done.stderr) == (2, True)


def test_a_preview_survives_its_workers(paper: Site) -> None:
    with serving(paper, "-j", "2") as preview:
        assert preview.process
        children = Path(f"/proc/{preview.process.pid}/task/{preview.process.pid}/children").read_text().split()
        assert len(children) == 2
        for child in children:
            os.kill(int(child), signal.SIGKILL)
        for n in range(300):  # enough to be given to workers
            paper.story(f"asia/story-{n}.md", f"Story {n}.", date="2026-01-03")
        preview.shows("/asia/2026/01/story-299/", "Story 299.")
        preview.until(lambda: preview.get("/asia/2026/01/story-0/").status == 200)
        assert not preview.state()["errors"]
        assert "Traceback" not in preview.err()


def test_a_preview_survives_its_memory_being_overwritten(paper: Site) -> None:
    with serving(paper) as preview:
        for path in (paper.folder / ".broadsheet" / "preview").glob("state.sqlite*"):
            path.write_bytes(os.urandom(8192))
        paper.edit("content/europe/a.md", "As it was.", "As it is.")
        preview.shows("/europe/2026/01/a/", "As it is.")
        paper.edit("content/europe/a.md", "title:", "kicker: Elsewhere\ntitle:")
        paper.story("europe/c.md", "A new one.", date="2026-01-04")
        preview.shows("/europe/2026/01/c/", "A new one.")
        preview.shows("/europe/2026/01/a/", "Elsewhere")
        assert "Traceback" not in preview.err()
    with serving(paper) as preview:
        preview.shows("/europe/2026/01/c/", "A new one.")
