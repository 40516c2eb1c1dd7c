"""What links and pictures of a source lead to: stories, files beside them, paths of the site, and nowhere else."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from newsroom import Site, png, source


def links(page: str) -> list[str]:
    """The addresses that the text of a story's page links to, in order."""
    body = page.partition('class="body"')[2] or page
    return re.findall(r'<a href="([^"]+)"[^>]*>\[?→', body)


@pytest.fixture
def talks(site: Site) -> Site:
    """A plain story, a bundle, a story in another region, a plain page and an author."""
    site.story("europe/2025-04-09-talks.md", "## What was said\n\nWords.")
    site.story("europe/dam/index.md", "Water.").write("content/europe/dam/report.pdf", b"%PDF-1.4")
    site.story("asia/vote.md")
    site.write("content/pages/about.md", source("Us.", title="About"))
    site.write("content/authors/ada.md", source("She writes.", name="Ada Bell"))
    site.write("content/asia/_index.md", source("", title="Asia"))
    return site


@pytest.mark.parametrize(
    ("where", "target", "address"),
    [
        ("europe/x.md", "2025-04-09-talks.md", "/europe/2025/04/talks/"),
        ("europe/x.md", "./2025-04-09-talks.md", "/europe/2025/04/talks/"),
        ("europe/x.md", "2025-04-09-talks.md#what-was-said", "/europe/2025/04/talks/#what-was-said"),
        ("europe/x.md", "dam/index.md", "/europe/2025/04/dam/"),
        ("europe/x.md", "../asia/vote.md", "/asia/2025/04/vote/"),
        ("europe/x.md", "/asia/vote.md", "/asia/2025/04/vote/"),
        ("europe/x.md", "../pages/about.md", "/about/"),
        ("europe/x.md", "../authors/ada.md", "/authors/ada/"),
        ("europe/x.md", "../asia/_index.md", "/asia/"),
        ("europe/x/index.md", "../2025-04-09-talks.md", "/europe/2025/04/talks/"),
        ("europe/x/index.md", "../dam/index.md", "/europe/2025/04/dam/"),
        ("europe/x/index.md", "../../asia/vote.md", "/asia/2025/04/vote/"),
        ("europe/x.md", "#here", "#here"),
        ("europe/x.md", "/asia/", "/asia/"),
        ("europe/x.md", "/feed.xml", "/feed.xml"),
        ("europe/x.md", "/asia/?from=x#top", "/asia/?from=x#top"),
        ("europe/x.md", "/asia/index.html", "/asia/index.html"),
        ("europe/x.md", "https://example.net/a.md", "https://example.net/a.md"),
    ],
)
@pytest.mark.parametrize("prefix", ["", "news/"])
def test_a_link_resolves_from_plain_files_and_bundles(
    talks: Site, where: str, target: str, address: str, prefix: str
) -> None:
    talks.configure(base_url=f"https://example.org/{prefix}")
    talks.story(where, f"## Here\n\nSee [→ this]({target}).")
    talks.good()
    printed = f"/{prefix}{address[1:]}" if address.startswith("/") else address
    assert links(talks.page("/europe/2025/04/x/")) == [printed]


def test_links_in_texts_of_regions_home_authors_and_pages_resolve_from_their_own_folders(talks: Site) -> None:
    talks.write("content/_index.md", source("[→ home](europe/dam/index.md)", title="Home"))
    talks.write("content/asia/_index.md", source("[→ region](../europe/dam/index.md)", title="Asia"))
    talks.write("content/authors/ada.md", source("[→ author](../europe/dam/index.md)", name="Ada Bell"))
    talks.write("content/pages/about.md", source("[→ page](../europe/dam/index.md)", title="About"))
    talks.good()
    for url in ("/", "/asia/", "/authors/ada/", "/about/"):
        assert '<a href="/europe/2025/04/dam/">→' in talks.page(url)


# --- broken --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "hint"),
    [
        ("2025-04-09-talk.md", "did you mean 2025-04-09-talks.md?"),
        ("../asia/2025-04-09-talks.md", "did you mean /europe/2025-04-09-talks.md?"),
        ("nothing-like-it.md", "paths start from the folder of this file"),
        ("../../../etc/secret.md", "paths start from the folder of this file"),
        ("/../../secret.md", "paths start from the folder of this file"),
    ],
)
def test_a_link_to_no_story_is_an_error_with_its_place_and_a_guess(talks: Site, target: str, hint: str) -> None:
    talks.write("../secret.md", source("secret", title="Secret", date="2025-01-01"))
    talks.story("europe/x.md", f"Words before\n\nand [this]({target}).")
    built = talks.build()
    assert not built.ok
    finding = built.one("broken-link")
    assert (finding.path, finding.line, finding.column) == ("content/europe/x.md", 7, 12)
    assert finding.hint == hint
    assert finding.excerpt.startswith("and [this]")


def test_a_link_to_a_heading_that_is_not_there_is_a_warning_with_a_guess(talks: Site) -> None:
    talks.story("europe/x.md", "[→ it](2025-04-09-talks.md#what-is-said)")
    built = talks.build()
    assert built.ok
    assert built.one("broken-anchor").hint == "did you mean #what-was-said?"
    assert '<a href="/europe/2025/04/talks/">→ it</a>' in talks.page("/europe/2025/04/x/")  # its top


def test_a_link_to_a_path_that_the_site_does_not_have_is_a_warning_with_a_guess(talks: Site) -> None:
    talks.story("europe/x.md", "[→ it](/europe/2025/04/talk/)")
    built = talks.build()
    assert built.ok
    assert built.one("unknown-page").hint == "did you mean /europe/2025/04/talks/?"
    assert links(talks.page("/europe/2025/04/x/")) == ["/europe/2025/04/talk/"]


def test_a_link_to_a_story_with_errors_of_its_own_is_not_called_broken(talks: Site) -> None:
    talks.story("europe/bad.md", title=None)
    talks.story("europe/x.md", "[this](bad.md)", related=["bad.md"])
    built = talks.build()
    assert built.codes() == ["missing-key"], built.told()


# --- to what is not public -----------------------------------------------------------------------------------------

HIDDEN: list[dict[str, Any]] = [
    {"draft": True},
    {"date": "2027-01-01"},
    {"embargo": "2027-01-01"},
    {"expires": "2025-05-01"},
]


@pytest.mark.parametrize("hiding", HIDDEN, ids=lambda hiding: next(iter(hiding)))
def test_a_link_to_a_story_that_is_not_public_is_text_with_a_warning_until_it_is(
    site: Site, hiding: dict[str, Any]
) -> None:
    site.story("europe/hidden.md", "## Part", **hiding)
    site.story("europe/x.md", "See [→ **this** one](hidden.md#part), please.")
    built = site.build()
    assert built.ok
    finding = built.one("hidden-link")
    assert (finding.severity, finding.line) == ("warn", 5)
    page = site.page("/europe/2025/04/x/")
    assert "See → <strong>this</strong> one, please." in page
    site.story("europe/hidden.md", "## Part")
    site.good()
    assert links(site.page("/europe/2025/04/x/")) == ["/europe/2025/04/hidden/#part"]


def test_a_link_to_a_draft_page_is_text_with_a_warning(site: Site) -> None:
    site.write("content/pages/plans.md", source("Secret.", title="Plans", draft=True))
    site.story("europe/x.md", "See [→ the plans](../pages/plans.md).")
    built = site.build()
    assert built.codes() == ["hidden-link"], built.told()
    assert not site.has("/plans/")
    preview = site.folder.parent / "preview"
    assert not site.build(output=str(preview), drafts=True).findings
    assert (preview / "plans/index.html").is_file()


def test_the_severity_of_a_hidden_link_cannot_be_changed(site: Site) -> None:
    site.configure("checks: {hidden-link: error}\n")
    finding = site.build().one("config")
    assert (finding.path, finding.line) == ("config.yaml", 4)
    assert "`hidden-link` is always a warning" in finding.message


def test_a_link_to_a_withdrawn_story_leads_to_its_notice(site: Site) -> None:
    site.story("europe/gone.md", "## Canary heading", status="withdrawn")
    site.story("europe/x.md", "[→ it](gone.md#canary-heading)")
    site.good()
    assert links(site.page("/europe/2025/04/x/")) == ["/europe/2025/04/gone/#canary-heading"]
    assert "Canary" not in site.page("/europe/2025/04/gone/")


# --- files ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "url", "target"),
    [
        ("content/europe/x/index.md", "/europe/2025/04/x/", "paper.pdf"),
        ("content/europe/x.md", "/europe/2025/04/x/", "x/paper.pdf"),
        ("content/pages/about.md", "/about/", "../europe/x/paper.pdf"),
        ("content/europe/_index.md", "/europe/", "x/paper.pdf"),
        ("content/authors/ada.md", "/authors/ada/", "../europe/x/paper.pdf"),
        ("content/_index.md", "/", "europe/x/paper.pdf"),
    ],
)
def test_a_file_that_a_text_links_to_is_published_beside_its_page(
    site: Site, where: str, url: str, target: str
) -> None:
    site.story("europe/other.md")
    site.write("content/europe/x/paper.pdf", b"%PDF-1.4 ours")
    key = "name" if "authors" in where else "title"
    date = {"date": "2025-04-09"} if "europe/x" in where else {}
    site.write(where, source(f"[→ paper]({target})", **{key: "X"}, **date))
    site.good()
    assert f'href="{url}paper.pdf"' in site.page(url)
    assert (site.output / url[1:] / "paper.pdf").read_bytes() == b"%PDF-1.4 ours"


def test_files_that_nothing_links_to_are_not_published(site: Site) -> None:
    site.story("europe/x/index.md").write("content/europe/x/notes.pdf", b"private").write("content/a.txt", b"private")
    site.good()
    assert b"private" not in b"".join(site.tree().values())


@pytest.mark.parametrize("target", ["nothing.pdf", "../../../secret.pdf", "../../config.yaml", "../../static/s.pdf"])
def test_a_link_to_a_file_that_is_not_in_content_is_text_with_a_warning(site: Site, target: str) -> None:
    site.write("../secret.pdf", b"secret").write("static/s.pdf", b"static")
    site.story("europe/x.md", f"See [→ it]({target}).")
    built = site.build()
    assert built.codes() == ["unknown-page"], built.told()
    assert "See → it." in site.page("/europe/2025/04/x/")
    assert not [path for path, data in site.tree().items() if data == b"secret" or "config" in path]


def test_a_linked_file_of_the_pages_own_name_is_a_collision(site: Site) -> None:
    site.story("europe/x/index.md", "[→ it](index.html)").write("content/europe/x/index.html", b"raw")
    built = site.build()
    assert not built.ok
    assert built.one("url-collision").path == "content/europe/x/index.html"


# --- pictures ------------------------------------------------------------------------------------------------------

PLACES = {"beside": "content/europe/photo.png", "static": "static/photo.png", "site": "photo.png"}


@pytest.mark.parametrize("first", PLACES)
def test_a_picture_is_looked_for_beside_the_story_then_in_static_then_in_the_site_folder(
    site: Site, first: str
) -> None:
    order = list(PLACES)
    for n, place in enumerate(order[order.index(first) :]):
        site.write(PLACES[place], png(100 + 10 * order.index(place), 50, ("red", "green", "blue")[n]))
    site.story("europe/x.md", "![Words](photo.png)")
    site.good()
    assert f'width="{100 + 10 * order.index(first)}"' in site.page("/europe/2025/04/x/")


def test_a_picture_with_a_leading_slash_is_not_looked_for_beside_the_story(site: Site) -> None:
    site.write("content/europe/photo.png", png(100)).write("static/photo.png", png(110))
    site.story("europe/x.md", "![Words](/photo.png)")
    site.good()
    assert 'width="110"' in site.page("/europe/2025/04/x/")


def outside(site: Site) -> Path:
    place = site.folder.parent / "outside.png"
    place.write_bytes(png(77, 77, "red"))
    return place


@pytest.mark.parametrize(
    "src", ["../../../outside.png", "../../../../outside.png", "/../outside.png", "../europe/../../../outside.png"]
)
def test_a_picture_above_the_site_folder_is_not_found(site: Site, src: str) -> None:
    outside(site)
    site.story("europe/x.md", f"![Words]({src})")
    built = site.build()
    assert not built.ok
    assert built.one("missing-picture").line == 5


@pytest.mark.parametrize("place", ["content/europe/photo.png", "static/photo.png", "photo.png"])
def test_a_link_that_leads_out_of_the_site_folder_is_not_followed(site: Site, place: str) -> None:
    target = site.folder / place
    target.parent.mkdir(parents=True, exist_ok=True)
    target.symlink_to(outside(site))
    site.story("europe/x.md", "![Words](photo.png)")
    built = site.build()
    assert not built.ok
    assert built.of("missing-picture")
    if place != "photo.png":
        assert built.one("unsafe-path").path == place


def test_a_folder_that_is_a_link_out_of_the_site_is_not_entered(site: Site) -> None:
    outside(site)
    (site.folder / "content/europe").mkdir(parents=True)
    (site.folder / "content/europe/photos").symlink_to(site.folder.parent)
    site.story("europe/x.md", "![Words](photos/outside.png)")
    built = site.build()
    assert sorted(built.codes()) == ["missing-picture", "unsafe-path"]


def test_a_link_within_the_site_folder_is_followed(site: Site) -> None:
    site.write("photos/photo.png", png(66))
    (site.folder / "content/europe").mkdir(parents=True)
    (site.folder / "content/europe/photo.png").symlink_to("../../photos/photo.png")
    site.story("europe/x.md", "![Words](photo.png)")
    site.good()
    assert 'width="66"' in site.page("/europe/2025/04/x/")


def test_a_pipe_in_the_place_of_a_picture_does_not_hang_the_build(site: Site) -> None:
    os.mkfifo(site.folder / "photo.png")
    site.story("europe/x.md", "![Words](photo.png)")
    assert site.build().codes() == ["missing-picture"]


def test_a_picture_is_not_taken_from_the_output_folder(site: Site) -> None:
    site.write("output/photo.png", png())
    site.story("europe/x.md", "![Words](output/photo.png)")
    assert site.build().codes() == ["missing-picture"]


def test_pictures_of_hidden_stories_are_not_even_opened(site: Site) -> None:
    site.story("europe/x.md", "![Words](photo.png)", image={"src": "lead.png", "alt": ""}, draft=True)
    site.write("content/europe/photo.png", b"not a picture")
    site.story("europe/y.md")
    site.good()
    assert not [path for path in site.tree() if path.startswith("pictures/")]


def test_one_picture_in_two_stories_is_published_once(site: Site) -> None:
    site.write("static/photo.png", png(66))
    for name in "ab":
        site.story(f"europe/{name}.md", image={"src": "photo.png", "alt": f"Words {name}"})
    site.good()
    published = [path for path in site.tree() if path.startswith("pictures/") and path.endswith(".jpg")]
    assert len(published) == 1


@pytest.mark.parametrize(
    ("src", "severity"),
    [("https://example.net/photo.jpg", "remote-picture"), ("//example.net/photo.jpg", "remote-picture")],
)
def test_a_remote_picture_is_an_error_or_by_the_settings_a_link_with_its_text(
    site: Site, src: str, severity: str
) -> None:
    site.story("europe/x.md", f"![Words for it]({src})")
    assert site.build().codes() == [severity]
    site.configure("checks: {remote-picture: warn}\n")
    built = site.build()
    assert built.ok
    page = site.page("/europe/2025/04/x/")
    assert "Words for it" in page
    assert f'src="{src}"' not in page
    assert not re.search(r"<img[^>]+example\.net", page)
