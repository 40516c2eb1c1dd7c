"""Going back to an earlier deploy when the site has lost and won stories since: whatever readers find leads on."""

from __future__ import annotations

import gzip
import json
import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
from command_line import run
from deploy_folders import FOLDER, live, paper
from deploys import LATER, deploy, files_below, newspaper, roll_back
from newsroom import BASE_URL, NoWait, Site

from broadsheet import output

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


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("url", ["/libel/", "/eu/2025/", "/topics/libel/", "/sitemaps/libel/", "/libel.php", "/libel"])
def test_a_page_that_was_taken_back_stays_away_whatever_its_address(
    paper: Site, live: Path, url: str, told: bool
) -> None:
    """`told`: the manifests say which files are pages. Those of older versions don't."""
    paper.story("eu/libel.md", "Libel of hers.", title="Hers", date="2025-05-04", url=url)
    paper.write("content/pages/his.md", "---\ntitle: His\n---\nLibel of his.\n")
    paper.write("static/old.HTM", "Libel of theirs.").write("static/table.htm", "As it was.").good()
    first = deploy(paper)
    assert len(libels(live)) >= 5  # with feeds of whole texts
    paper.edit("content/eu/libel.md", "title:", "status: withdrawn\ntitle:")
    paper.remove("content/pages/his.md").remove("static/old.HTM").good(vanished=True)
    deploy(paper, LATER + timedelta(minutes=1))
    assert libels(live) == []
    paper.write("static/table.htm", "A mistake.").good()
    deploy(paper, LATER + timedelta(minutes=2))
    if not told:
        untell(live)
    roll_back(paper, first.id, LATER + timedelta(minutes=3))
    assert libels(live) == []
    assert (live / "table.htm").read_text() == "As it was."


def libels(live: Path) -> list[str]:
    return [path for path, data in files_below(live).items() if b"Libel" in data]


def untell(live: Path) -> None:
    """Leave manifests as an older version left them."""
    for place in (live.parent / ".broadsheet").rglob("*.json.gz"):
        value = json.loads(gzip.decompress(place.read_bytes()))
        del value["pages"]
        place.write_bytes(gzip.compress(json.dumps(value).encode()))


def test_what_was_gone_back_to_can_be_gone_back_to_without_what_was_taken_back_since(paper: Site, live: Path) -> None:
    paper.write("content/pages/libel.md", "---\ntitle: Libel\n---\nLibel.\n").good()
    first = deploy(paper)
    paper.write("static/table.htm", "A mistake.").good()
    deploy(paper, LATER + timedelta(minutes=1))
    back = roll_back(paper, first.id, LATER + timedelta(minutes=2))
    assert libels(live)
    paper.remove("content/pages/libel.md").good(vanished=True)
    deploy(paper, LATER + timedelta(minutes=3))
    roll_back(paper, back.id, LATER + timedelta(minutes=4))
    assert libels(live) == []


def test_stories_that_have_gone_from_addresses_of_one_step_stay_away(paper: Site, live: Path) -> None:
    config = paper.folder / "config.yaml"
    config.write_text(config.read_text() + 'permalinks: {article: "/{slug}/"}\n')
    paper.story("eu/libel.md", "Libel.", title="Libel", date="2025-05-04", topics=["Boats"]).good(vanished=True)
    first = deploy(paper)
    assert libels(live)
    paper.remove("content/eu/libel.md").good(vanished=True)
    deploy(paper, LATER + timedelta(minutes=1))
    roll_back(paper, first.id, LATER + timedelta(minutes=2))
    assert libels(live) == []
    assert dead_ends(live) == set()


def test_a_page_stays_away_whose_address_leads_to_another_one_now(paper: Site, live: Path) -> None:
    paper.write("content/pages/libel.md", "---\ntitle: Libel\n---\nLibel.\n").good()
    first = deploy(paper)
    paper.remove("content/pages/libel.md").edit("content/eu/talks.md", "title:", "aliases: [/libel/]\ntitle:")
    paper.good()
    deploy(paper, LATER + timedelta(minutes=1))
    roll_back(paper, first.id, LATER + timedelta(minutes=2))
    assert libels(live) == []
    assert b"/eu/2025/05/talks/" in (live / "libel/index.html").read_bytes()


def test_a_list_that_is_only_no_longer_made_comes_back(paper: Site, live: Path) -> None:
    first = deploy(paper)
    before = files_below(live)
    paper.edit("content/eu/ferry/index.md", 'topics: ["Boats"]\n', "").good(vanished=True)
    deploy(paper, LATER + timedelta(minutes=1))
    assert "topics/boats/index.html" not in files_below(live)
    roll_back(paper, first.id, LATER + timedelta(minutes=2))
    assert files_below(live) == before


def test_compressed_files_of_the_sites_own_are_files_like_others(paper: Site, live: Path) -> None:
    paper.write("static/data.csv.gz", "the first").write("static/same.csv.gz", "the same").write(
        "static/same.csv", "one"
    )
    paper.write("static/libel.html.gz", "Libel.").good()
    first = deploy(paper)
    before = files_below(live)
    paper.write("static/data.csv.gz", "the second").write("static/other.csv", "another").write("static/same.csv", "two")
    paper.remove("static/libel.html.gz").good(vanished=True)
    deploy(paper, LATER + timedelta(minutes=1))
    roll_back(paper, first.id, LATER + timedelta(minutes=2))
    del before["libel.html.gz"]
    assert files_below(live) == {**before, "other.csv": b"another"}


def test_compressed_siblings_never_stand_beside_other_bytes(paper: Site, live: Path) -> None:
    config = paper.folder / "config.yaml"
    plainly, compressing = config.read_text(), config.read_text().replace("keep: 3}", "keep: 5, compress: [gz]}")
    done = []
    for minute, text in enumerate((plainly, compressing, plainly, compressing)):
        config.write_text(text)
        paper.write("static/table.csv", f"{minute}\n" * 500).write("static/same.csv", "same\n" * 500).good()
        done.append(deploy(paper, LATER + timedelta(minutes=minute)).id)
    for minute, release in enumerate(done[:3]):
        roll_back(paper, release, LATER + timedelta(minutes=minute + 4))
        found = files_below(live)
        siblings = {path: gzip.decompress(data) for path, data in found.items() if path.endswith(".gz")}
        assert siblings == {path: found[path.removesuffix(".gz")] for path in siblings}
        assert found["table.csv"] == b"%d\n" % minute * 500
        assert ("table.csv.gz" in found) is (minute == 1)


def test_a_build_notes_its_lists_the_same_whether_it_made_them_or_not(paper: Site, tmp_path: Path) -> None:
    paper.story("eu/moved.md", date="2025-05-06", aliases=["/old.php", "/old/"], url="/moved.aspx")
    paper.story("asia/gone.md", date="2025-05-06", status="withdrawn", url="/gone.php")
    paper.good()
    paper.edit("content/eu/talks.md", "They talk.", "They talk on.").good()  # nearly all is taken over
    found = output.read_note(NoWait(str(paper.folder)), str(paper.output))
    paper.good(output=str(tmp_path / "anew"), full=True)
    assert found == output.read_note(NoWait(str(paper.folder)), str(tmp_path / "anew"))
    assert found is not None
    leading = {path for path in paper.tree() if re.match(r"(?:topics|fragments)/.*\.(?:html|txt)$|old", path)}
    fronts = {f"{region}index.html" for region in ("", "eu/", "eu/2025/04/", "eu/2025/05/", "asia/", "asia/2025/05/")}
    assert set(found.lists) == {"404.html", "corrections/index.html", *fronts, *leading}
    assert found.disguised == ("gone.php", "moved.aspx", "old.php")


def test_the_deploys_that_can_be_gone_back_to_are_told_in_the_sites_time_zone(site: Site) -> None:
    newspaper(site, FOLDER, timezone="Europe/Istanbul")
    done = deploy(site)  # at 13:00 UTC
    asked = ["deploy", "--rollback", "list"]
    assert run(*asked, cwd=site.folder).stdout.startswith(f"{done.id}  2026-01-15 16:00 (Europe/Istanbul)  ")
    (told,) = json.loads(run(*asked, "--format", "json", cwd=site.folder).stdout)["releases"]
    assert told["at"] == "2026-01-15T16:00:00+03:00"


def test_the_deploy_that_is_live_is_marked_among_those_that_can_be_gone_back_to(paper: Site) -> None:
    first = deploy(paper)
    paper.edit("content/eu/talks.md", "They talk.", "They talk on.").good()
    second = deploy(paper, LATER + timedelta(minutes=1))
    asked = ["deploy", "--rollback", "list"]
    newer, older = run(*asked, cwd=paper.folder).stdout.splitlines()
    assert newer.startswith(second.id)
    assert newer.endswith("  live now")
    assert older.startswith(first.id)
    assert "live" not in older
    told = json.loads(run(*asked, "--format", "json", cwd=paper.folder).stdout)["releases"]
    assert [(known["id"], known["live"]) for known in told] == [(second.id, True), (first.id, False)]
