"""Output folders whose manifest was lost: what was withdrawn goes, what others put there stays."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from command_line import run
from newsroom import Built, Site, png
from publications import MARKED, STATE

from broadsheet.errors import OutputError

FEEDS = "feeds: {formats: [rss, atom, json]}\nrails: {explore: {mode: shared}}\n"
THEIRS = {
    "google123.html": b"theirs",
    "legacy/index.html": b"theirs",
    "legacy/feed.xml": b"theirs",
    "pictures/theirs.png": b"theirs",
    "CNAME": b"example.org",
}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Of which much is withdrawn by `withdraw`: a story's page, its picture, its topic's feed and so on."""
    site = Site(tmp_path / "site", FEEDS).story("eu/a.md").write("content/asia/leak/photo.png", png())
    site.story("asia/leak/index.md", "![x](photo.png)", topics=["Leaks"], authors=["Ada"], aliases=["/old/"])
    site.write("static/leak.txt", "withdrawn").good()
    return site


def put(site: Site, theirs: dict[str, bytes]) -> None:
    for path, data in theirs.items():
        site.write(f"output/{path}", data)


def withdraw(site: Site) -> None:
    shutil.rmtree(site.folder / "content/asia")
    (site.folder / "static/leak.txt").unlink()


def lose(site: Site, damage: str) -> None:
    manifest = site.output / STATE / "manifest"
    manifest.unlink() if damage == "lost" else manifest.write_bytes(manifest.read_bytes() + b"x")


def clean(site: Site) -> dict[str, bytes]:
    """What a first build into an empty folder gives."""
    folder = site.folder.parent / "clean"
    site.build(output=str(folder))
    return site.tree(folder)


def told(built: Built) -> str:
    return built.one("foreign-file").message


@pytest.mark.parametrize("damage", ["lost", "torn"])
def test_without_a_manifest_nothing_is_stranded_that_the_sites_state_lists(site: Site, damage: str) -> None:
    put(site, THEIRS)
    lose(site, damage)
    withdraw(site)
    built = site.build()
    assert site.tree() == {**clean(site), **THEIRS}
    assert {found.message.partition(" was ")[0] for found in built.of("vanished-page")} == {
        "/asia/2025/04/leak/",
        "/old/",
    }
    assert all(path in told(built) for path in THEIRS)
    assert site.build().codes() == []


@pytest.mark.parametrize("damage", ["lost", "torn"])
def test_without_manifest_and_state_a_folder_is_refused_and_adopted_by_its_looks(site: Site, damage: str) -> None:
    put(site, THEIRS)
    before = site.tree()
    lose(site, damage)
    shutil.rmtree(site.folder / STATE)
    withdraw(site)
    with pytest.raises(OutputError, match="is damaged: say --adopt" if damage == "torn" else "no manifest lists"):
        site.build()
    assert site.tree() == before
    built = site.build(adopt=True)
    assert site.tree() == {**clean(site), **THEIRS, "leak.txt": b"withdrawn"}  # which looks like nobody's
    assert "leak.txt" in told(built)
    assert len(built.of("vanished-page")) == 2


def test_pages_that_others_made_are_kept_when_a_folder_is_adopted(tmp_path: Path) -> None:
    site = Site(tmp_path).story("eu/a.md")
    put(site, {**THEIRS, "index.html": b"theirs", "feed.xml": b"theirs"})
    with pytest.raises(OutputError, match="no manifest lists"):
        site.build()
    named = told(site.build(adopt=True))
    assert site.tree() == {**clean(site), **THEIRS}
    assert "legacy/index.html" in named
    assert " index.html" not in named  # it was in the way


def test_what_somebody_has_put_in_place_of_a_listed_file_is_theirs(site: Site) -> None:
    put(site, {"old/index.html": b"theirs", "pictures/mine.png": b"theirs"})
    lose(site, "torn")
    withdraw(site)
    site.build()
    assert site.tree() == {**clean(site), "old/index.html": b"theirs", "pictures/mine.png": b"theirs"}


def test_what_a_lost_publication_changed_is_ours_by_its_looks(site: Site) -> None:
    """The state is that of a build before."""
    kept = site.folder.parent / "kept"
    shutil.copytree(site.folder / STATE, kept)
    site.edit("content/asia/leak/index.md", "Ada", "Ben").good()
    shutil.rmtree(site.folder / STATE)
    kept.rename(site.folder / STATE)
    lose(site, "torn")
    withdraw(site)
    site.build()
    assert site.tree() == clean(site)


def test_an_output_folder_inside_of_another_one_is_left_alone(site: Site) -> None:
    edition = Site(site.folder.parent / "edition").story("eu/b.md")
    edition.good(output=str(site.output / "edition"))
    within = edition.tree(site.output / "edition")
    lose(site, "torn")
    site.good(adopt=True)
    assert site.tree(site.output / "edition") == within


def test_what_is_hidden_or_a_link_is_neither_ours_nor_told(site: Site) -> None:
    put(site, {".well-known/mark.html": MARKED})
    (site.folder.parent / "mark.html").write_bytes(MARKED)
    (site.output / "link.html").symlink_to(site.folder.parent / "mark.html")
    lose(site, "lost")
    site.good()
    assert (site.output / "link.html").is_symlink()
    assert site.has("/.well-known/mark.html")


def test_verifying_names_the_files_of_others(site: Site) -> None:
    put(site, {"theirs/notes.txt": b"theirs", ".hidden": b"theirs"})
    done = run("--verify=1%", cwd=site.folder)
    assert (done.returncode, done.stderr) == (
        0,
        "theirs/notes.txt: Broadsheet didn't make it, and leaves it as it is\n",
    )
    assert json.loads(run("--verify=1%", "--format=json", cwd=site.folder).stdout)["verified"]["foreign"] == [
        "theirs/notes.txt"
    ]


def test_the_pages_of_another_site_are_not_ours_without_being_told_so(site: Site) -> None:
    """They bear the same mark, and lie below ours without their manifest, as `cp -r out/* blog/` leaves them."""
    blog = Site(site.folder.parent / "blog", FEEDS).configure(FEEDS, base_url="https://blog.example/")
    blog.story("b/x.md", topics=["Tea"]).good()
    theirs = {f"blog/{path}": data for path, data in blog.tree().items() if not path.startswith(".")}
    theirs |= {"pictures/team-20240512.jpg": b"x", "pictures/report-20240512.pdf": b"x", "asia/feed.rss": b"x"}
    put(site, theirs)
    lose(site, "lost")
    built = site.build()
    assert built.ok
    found = site.tree()
    assert {path: found.get(path) for path in theirs} == theirs
    assert "blog/" in told(built)


def test_a_feed_that_no_page_names_is_somebody_elses(tmp_path: Path) -> None:
    site = Site(tmp_path, "feeds: {formats: [rss]}\n").story("eu/a.md")
    site.good()
    put(site, {"feed.atom": b"theirs", "eu/feed.json": b"theirs"})
    lose(site, "lost")
    assert site.build().codes() == ["foreign-file"]
    assert site.tree().keys() >= {"feed.atom", "eu/feed.json", "feed.xml"}
