"""Going back to an earlier deploy when the site has lost and won stories since: whatever readers find leads on."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

from command_line import run
from deploy_folders import FOLDER, live, paper
from deploys import LATER, deploy, files_below, newspaper, roll_back
from newsroom import BASE_URL, Site

__all__ = ["live", "paper"]

_NAMED = re.compile(rf'(?:(?:href|src)="(?={BASE_URL}|/)|<loc>)(?:{BASE_URL}|/)([^"<?#]*)')


def dead_ends(live: Path) -> set[tuple[str, str]]:
    """Which file names which address of the site that isn't there."""
    there = files_below(live)
    named = {
        (path, unquote(name))
        for path, data in there.items()
        for name in _NAMED.findall(data.decode("utf-8", "replace"))
    }
    assert len(named) > 50
    return {(path, name) for path, name in named if not {name, f"{name}index.html"} & there.keys()}


def test_going_back_leads_to_no_list_that_left_the_site_with_its_last_story(paper: Site, live: Path) -> None:
    paper.story("asia/one.md", title="One more", date="2025-06-01", topics=["Monsoon"]).good()
    first = deploy(paper)
    assert {"sitemaps/2025-06.xml", "topics/monsoon/index.html"} <= files_below(live).keys()
    paper.remove("content/asia/one.md").edit("content/eu/talks.md", "They talk.", "A mistake.").good(vanished=True)
    deploy(paper, LATER + timedelta(minutes=1))
    roll_back(paper, first.id, LATER + timedelta(minutes=2))
    assert b"They talk." in (live / "eu/2025/05/talks/index.html").read_bytes()
    assert dead_ends(live) == set()


def test_what_is_new_stays_where_a_list_that_stays_leads_to_it(paper: Site, live: Path) -> None:
    first = deploy(paper)
    paper.story("eu/late.md", title="Late", date="2025-07-01").good()
    deploy(paper, LATER + timedelta(minutes=1))
    paper.remove("content/asia/rain.md").good(vanished=True)
    deploy(paper, LATER + timedelta(minutes=2))
    roll_back(paper, first.id, LATER + timedelta(minutes=3))
    assert "eu/2025/07/late/index.html" in files_below(live)
    assert dead_ends(live) == set()


def test_what_is_new_goes_where_nothing_was_taken_back(paper: Site, live: Path) -> None:
    first = deploy(paper)
    before = files_below(live)
    paper.story("eu/late.md", title="Late", date="2025-07-01").good()
    deploy(paper, LATER + timedelta(minutes=1))
    roll_back(paper, first.id, LATER + timedelta(minutes=2))
    assert files_below(live) == before


def test_a_withdrawn_story_with_letters_of_any_alphabet_in_its_address_leaves_no_teaser(
    paper: Site, live: Path
) -> None:
    paper.story("asia/yağmur.md", title="Libel", date="2025-05-03").good()
    first = deploy(paper)
    paper.edit("content/asia/yağmur.md", "title:", "status: withdrawn\ntitle:").good()
    deploy(paper, LATER + timedelta(minutes=1))
    roll_back(paper, first.id, LATER + timedelta(minutes=2))
    notice = "asia/2025/05/yağmur/index.html"
    assert [path for path, data in files_below(live).items() if b"Libel" in data and path != notice] == []


def test_the_deploys_that_can_be_gone_back_to_are_told_in_the_sites_time_zone(site: Site) -> None:
    newspaper(site, FOLDER, timezone="Europe/Istanbul")
    done = deploy(site)  # at 13:00 UTC
    asked = ["deploy", "--rollback", "list"]
    assert run(*asked, cwd=site.folder).stdout.startswith(f"{done.id}  2026-01-15 16:00 (Europe/Istanbul)  ")
    (told,) = json.loads(run(*asked, "--format", "json", cwd=site.folder).stdout)["releases"]
    assert told["at"] == "2026-01-15T16:00:00+03:00"
