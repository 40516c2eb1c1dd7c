"""Files that are not what they seem, addresses that can't be files, and two claims on one address: all are told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from newsroom import Site, png
from one_story import A, built_from

# --- files that are not what they seem -----------------------------------------------------------------------------


def test_a_pipe_among_the_sources_is_told_and_never_opened(site: Site) -> None:
    site.story("eu/a.md")
    os.mkfifo(site.folder / "content/eu/pipe.md")
    found = site.build().one("unsafe-path")
    assert found.path == "content/eu/pipe.md"
    assert "neither a file nor a folder" in found.message


def test_a_pipe_in_place_of_a_picture_is_a_missing_picture(site: Site) -> None:
    site.story("eu/a.md", "![x](pipe.png)")
    os.mkfifo(site.folder / "content/eu/pipe.png")
    assert "missing-picture" in site.build().codes()


@pytest.mark.parametrize("folder", ["content/eu", "static"])
@pytest.mark.parametrize("target", ["/etc/passwd", "../../../outside.txt", "nowhere", "loop"])
def test_a_link_that_leaves_the_site_folder_is_refused(site: Site, folder: str, target: str) -> None:
    site.story("eu/a.md")
    (site.folder.parent / "outside.txt").write_text("secret")
    place = site.folder / folder / ("loop" if target == "loop" else "link.md")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(target)
    found = site.build().one("unsafe-path")
    assert found.path == f"{folder}/{place.name}"
    assert found.severity == "error"


def test_a_linked_folder_is_refused(site: Site) -> None:
    site.story("eu/a.md")
    (site.folder / "content/eu/all").symlink_to("/etc", target_is_directory=True)
    assert "unsafe-path" in site.build().codes()
    assert site.tree() == {}


@pytest.mark.parametrize("folder", ["content", "static", "templates"])
def test_a_source_folder_that_leads_out_of_the_site_is_refused(site: Site, folder: str) -> None:
    site.story("eu/a.md").write("static/a.txt", "a").write("templates/partials/footer.html", "<footer></footer>")
    site.good()
    before = site.tree()
    os.rename(site.folder / folder, site.folder.parent / folder)
    (site.folder / folder).symlink_to(site.folder.parent / folder, target_is_directory=True)
    found = site.build().one("config")
    assert found.message.startswith(f"`{folder}_dir` ({folder}) leads out of the site folder")
    assert site.tree() == before


def test_static_files_are_no_sources_by_another_way(site: Site) -> None:
    """A draft would be published as it is written."""
    site.story("eu/a.md").story("eu/secret.md", draft=True)
    (site.folder / "static").symlink_to("content", target_is_directory=True)
    assert "leads to the same place as `content_dir`" in site.build().one("config").message
    assert site.tree() == {}


def test_a_picture_through_a_linked_folder_is_never_read(site: Site) -> None:
    outside = site.folder.parent / "outside"
    outside.mkdir()
    (outside / "x.png").write_bytes(png())
    site.story("eu/a.md", "![x](shots/x.png)")
    (site.folder / "content/eu/shots").symlink_to(outside, target_is_directory=True)
    codes = site.build().codes()
    assert "missing-picture" in codes
    assert "unsafe-path" in codes


def test_a_link_within_the_site_folder_is_a_file_like_any_other(site: Site) -> None:
    site.story("eu/a.md", title="Twice told")
    (site.folder / "content/eu/2025-04-10-b.md").symlink_to("a.md")
    site.good()
    assert site.has("/eu/2025/04/b/")


def test_a_file_name_that_is_not_utf8_is_told(site: Site) -> None:
    site.story("eu/a.md")
    Path(os.fsdecode(os.fsencode(site.folder) + b"/content/eu/\xff.md")).write_text("x", encoding="utf-8")
    found = site.build().one("unsafe-path")
    assert "not UTF-8" in found.message
    assert found.path.isprintable()


# --- addresses -----------------------------------------------------------------------------------------------------

ADDRESSES = {
    "an alias below a hidden folder": "aliases: [/.git/config/]",
    "an alias that is a device": "aliases: [/con/]",
    "an alias that file systems refuse": 'aliases: ["/what?/"]',
    "a url that is a device": "url: /eu/nul/",
    "a url longer than hosts take": "url: /" + "x/" * 1000,
    "a url into our own state": "url: /.broadsheet/manifest.json",
}


@pytest.mark.parametrize("lines", ADDRESSES.values(), ids=ADDRESSES.keys())
def test_addresses_that_can_not_be_files_are_told(site: Site, lines: str) -> None:
    built = built_from(site, f"---\ntitle: T\ndate: 2025-04-09\n{lines}\n---\nText.\n")
    assert not built.ok
    assert {found.path for found in built.errors} == {A}
    assert site.tree() == {}


COLLISIONS = {
    "one slug twice": ("slug: same", "slug: same"),
    "letters' case": ("slug: same", "slug: SAME"),
    "forms of a letter": ("slug: caf\u00e9", "slug: cafe\u0301"),
    "an alias and a story": ("slug: same", "slug: b\naliases: [/eu/2025/04/same/]"),
    "an alias twice": ("aliases: [/old/]", "slug: b\naliases: [/old/]"),
    "a story and a region's front": ("url: /eu/", "slug: b"),
    "a story and a topic's page": ("url: /topics/peace/", "slug: b\ntopics: [Peace]"),
    "a file where a folder must be": ("url: /eu/2025/04/b", "slug: b"),
    "a story and the feed": ("url: /feed.xml", "slug: b"),
}


@pytest.mark.parametrize("pair", COLLISIONS.values(), ids=COLLISIONS.keys())
def test_two_claims_on_one_address_are_an_error(site: Site, pair: tuple[str, str]) -> None:
    for name, lines in zip("ab", pair, strict=True):
        site.write(f"content/eu/{name}.md", f"---\ntitle: T\ndate: 2025-04-09\n{lines}\n---\nText.\n")
    built = site.build()
    found = built.of("url-collision")
    assert found, built.told()
    assert not built.ok
    assert site.tree() == {}
    told = found[0].path + found[0].message
    assert "content/eu/" in told
    assert "same address as" in told or "also a folder" in told


def test_a_static_file_that_stands_where_a_page_goes_names_both(site: Site) -> None:
    site.story("eu/a.md").write("static/eu/2025/04/a/index.html", "x")
    found = site.build().one("url-collision")
    assert found.path == A
    assert "static/eu/2025/04/a/index.html" in found.message
    assert str(site.folder) not in found.message


@pytest.mark.parametrize("name", ["CON.txt", "a:b", "what?.txt", "back\\slash", "new\nline"])
def test_a_static_file_that_hosts_would_refuse_is_told(site: Site, name: str) -> None:
    site.story("eu/a.md").write(f"static/{name}", "x")
    found = site.build().one("unsafe-path")
    assert found.path == f"static/{name}"
    assert site.tree() == {}


def test_hidden_static_files_stay_home_but_for_well_known_ones_and_are_told(site: Site) -> None:
    site.story("eu/a.md").write("static/.env", "SECRET=1").write("static/.well-known/security.txt", "Contact: x")
    site.write("static/maps/.private/a/b.png", "x").write("static/maps/.private/c.png", "x")
    for n in range(4):  # the second build has nothing to do, others leave static/ as it is: each tells what it holds
        if n > 1:
            site.story("eu/a.md", f"Edited {n} times.")
        told = site.build()
        assert [found.path for found in told.of("hidden-file")] == ["static/.env", "static/maps/.private"]
        assert len(told.findings) == 2
        assert ".well-known/security.txt" in site.tree()
        assert [path for path in site.tree() if "env" in path or "private" in path] == []


def test_what_systems_and_editors_leave_behind_in_static_is_not_told(site: Site) -> None:
    site.story("eu/a.md").write("static/a.txt", "a")
    for name in (
        ".DS_Store",
        "._a\nb.txt",
        ".swp",
        ".nfs0001",
        ".a.txt.swp",
        ".#a.txt",
        ".git/config",
        ".gitkeep",
        ".nojekyll",
        "m/.gitignore",
    ):
        site.write(f"static/{name}", "x")
    site.good()
