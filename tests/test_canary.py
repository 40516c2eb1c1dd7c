"""What is not public leaves no trace: a canary word in every field, searched in every byte and path of the output."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from newsroom import Site, png, tree
from PIL import Image


def jpeg() -> bytes:
    """A photograph of noise, so that half of its bytes is half of its rows."""
    out = io.BytesIO()
    Image.effect_noise((400, 300), 80).save(out, "JPEG")
    return out.getvalue()


NOW = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)
LATER = datetime(2025, 8, 1, 12, 0, tzinfo=UTC)

# What hides a story at NOW, and no longer at LATER (but for drafts, which their writer must release).
HIDDEN = {
    "draft": {"draft": True},
    "scheduled": {"date": "2025-07-01"},
    "embargoed": {"embargo": "2025-07-01T06:00:00Z"},
    "expired": {"expires": "2025-05-01"},
    "withdrawn": {"status": "withdrawn"},
}
FORMATS = "feeds: {formats: [rss, atom, json]}\n"
SHARED = FORMATS + "rails: {explore: {mode: shared}}\n"


class Canary:
    """Words that appear nowhere else, each a field's own so that a leak names where it came from."""

    def __init__(self) -> None:
        self.words: dict[str, str] = {}

    def __call__(self, field: str) -> str:
        word = f"kanarya{len(self.words):03}x"
        self.words[word] = field
        return word

    def sightings(self, files: dict[str, bytes]) -> list[str]:
        """Where a word stands in the files or their paths: "field in path"."""
        found = []
        for word, field in self.words.items():
            for path, data in files.items():
                if word in path.lower() or word.encode() in data.lower():
                    found.append(f"{field} in {path}")
        return found


def newsroom(site: Site, hide: dict[str, object], canary: Canary) -> Site:
    """A section with one hidden story that says a canary in each field, and public ones that refer to it."""
    hidden = f"content/{canary('region')}/2025-04-09-{canary('file name')}/index.md"
    folder = hidden.removesuffix("/index.md")
    site.write(f"{folder}/{(lead := canary('lead picture'))}.png", png(1300, 800, "red"))
    site.write(f"{folder}/{(inner := canary('picture in the text'))}.png", png(50, 40, "blue"))
    site.write(f"{folder}/{(paper := canary('linked file'))}.pdf", canary("words of a linked file"))
    site.write(f"{folder}/{(shown := canary('picture in a gallery'))}.png", png(60, 40, "green"))
    site.write(f"{folder}/{(still := canary('picture of a card'))}.png", png(70, 40, "black"))
    site.write("content/authors/known.md", "---\nname: Known Writer\n---\nWrites.\n")
    matter = {
        "title": canary("title"),
        "slug": canary("slug"),
        "date": "2025-04-09",
        "updated": "2025-04-10",
        "description": canary("description"),
        "authors": [canary("author"), "Known Writer"],
        "topics": [canary("topic"), "Shared topic"],
        "series": canary("series"),
        "kicker": canary("kicker"),
        "label": "opinion",
        "image": {
            "src": f"{lead}.png",
            "alt": canary("alt"),
            "caption": canary("caption"),
            "credit": canary("credit"),
        },
        "related": ["/eu/target.md"],
        "aliases": [f"/{canary('alias')}/"],
        "corrections": [{"date": "2025-04-11", "kind": "correction", "text": canary("correction")}],
        "translation_key": canary("translation key"),
        "source_url": f"https://{canary('source host')}.example/{canary('source path')}",
        "params": {canary("params key"): canary("params value")},
        "pin": True,
        **hide,
    }
    link = f'https://{canary("link host")}.example/ "{canary("link title")}"'
    body = f"""{canary("body")} and [{canary("link text")}]({link}).

![{canary("alt in the text")}]({inner}.png "{canary("caption in the text")} / {canary("credit in the text")}")

## {canary("heading")} {{#{canary("heading id")}}}

[paper]({paper}.pdf) and [target](/eu/target.md).[^1]

::: factbox {canary("fact box")}
{canary("fact")}
:::

::: quote {canary("quoted")}
{canary("quotation")}
:::

::: video https://video.example/{canary("video address")}
title: {canary("video title")}
by: {canary("maker of the video")}
image: {still}.png
alt: {canary("alt of a card")}

{canary("text of a card")}
:::

::: gallery {canary("title of a gallery")}
- ![{canary("alt in a gallery")}]({shown}.png "{canary("caption in a gallery")} / {canary("credit in a gallery")}")
:::

<div title="{canary("title in HTML")}">{canary("words in HTML")}</div>

[^1]: {canary("footnote")}
"""
    inside = hidden.removeprefix("content/")
    site.story(inside, body, **matter)
    site.story("eu/target.md", "The public one.", title="Target", date="2025-04-08", topics=["Shared topic"])
    site.story(
        "eu/reference.md",
        f"See [what they said](/{inside}).\n\nOr [this part](/{inside}#part).",
        title="Reference",
        date="2025-04-12",
        related=[f"/{inside}"],
        topics=["Shared topic"],
        authors=["Known Writer"],
        translation_key="x",
    )
    site.write("content/_index.md", f"---\ntitle: Front\nlead: [/{inside}]\n---\n")
    site.write("content/eu/_index.md", f"---\ntitle: Europe\npins: [/{inside}]\n---\n")
    return site


@pytest.mark.parametrize("config", [FORMATS, SHARED], ids=["inline", "shared"])
@pytest.mark.parametrize("kind", HIDDEN)
def test_a_hidden_story_is_in_no_byte_and_no_path(site: Site, kind: str, config: str) -> None:
    canary = Canary()
    newsroom(site.configure(config), HIDDEN[kind], canary)
    built = site.build(at=NOW)
    assert built.ok, built.told()
    found = canary.sightings(site.tree())
    if kind == "withdrawn":  # keeps its addresses, old ones too; the newest holds its region and slug
        found = [where for where in found if not where.startswith(("region in ", "slug in ", "alias in "))]
    assert found == []


def test_the_same_story_in_public_says_these_words(site: Site) -> None:
    """So that a word that is nowhere for another reason is not taken for one that is hidden."""
    canary = Canary()
    newsroom(site.configure(FORMATS), {}, canary)
    built = site.build(at=NOW)
    assert built.ok, built.told()
    missing = set(canary.words.values()) - {where.rpartition(" in ")[0] for where in canary.sightings(site.tree())}
    # The slug takes the place of the file name; the theme prints no params, and no other story has this key.
    assert missing == {"file name", "params key", "params value", "translation key"}


@pytest.mark.parametrize("kind", HIDDEN)
def test_nothing_from_the_folder_of_a_hidden_story_comes_out_by_another_page(site: Site, kind: str) -> None:
    canary = Canary()
    bundle = "content/eu/hid"
    photo, lead, deep, paper = (canary(field) for field in ("photo", "lead", "picture in a folder", "file"))
    site.story("eu/hid/index.md", **HIDDEN[kind])
    site.write(f"{bundle}/{photo}.png", png(50, 40, "red")).write(f"{bundle}/{lead}.png", png(1300, 800, "blue"))
    site.write(f"{bundle}/in/{deep}.png", png(60, 40, "green")).write(f"{bundle}/{paper}.pdf", canary("words"))
    site.write(f"{bundle}/open/mine.png", png(30, 30, "black")).story("eu/hid/open/index.md", "![mine](mine.png)")
    body = f"![Seen](hid/{photo}.png)\n\n![Deep](/{bundle}/in/{deep}.png)\n\n[paper](hid/{paper}.pdf)\n"
    site.story("eu/a.md", body, image={"src": f"hid/{lead}.png", "alt": "Led"})
    built = site.build(at=NOW)
    assert built.ok, built.told()
    assert [(found.path, found.line) for found in built.of("hidden-link")] == [
        ("content/eu/a.md", line) for line in (4, 6, 8, 10)
    ], built.told()
    assert canary.sightings(site.tree()) == []
    assert not [path for path in site.tree() if path.endswith(".pdf")]
    assert (
        len([path for path in site.tree() if path.startswith("pictures/")]) == 2
    )  # the open story's own, in two formats
    page = site.page("/eu/2025/04/a/")
    assert "Seen" in page
    assert "<p>paper</p>" in page


def test_a_picture_of_a_bundle_comes_out_by_other_pages_once_its_story_is_public(site: Site) -> None:
    site.story("eu/hid/index.md", date="2025-07-01").write("content/eu/hid/p.png", png())
    site.story("eu/a.md", "![Seen](hid/p.png)")
    assert site.build(at=NOW).one("hidden-link").line == 5
    site.good(at=LATER)
    assert '<img src="/pictures/p-' in site.page("/eu/2025/04/a/")


@pytest.mark.parametrize("matter", ["draft: true", "date: 2025-07-01"])
def test_files_of_a_hidden_plain_page_stay_hidden_too(site: Site, matter: str) -> None:
    site.write("content/pages/about/index.md", f"---\ntitle: About\n{matter}\n---\nUs.\n")
    site.write("content/pages/about/us.png", png()).story("eu/a.md", "![Us](../pages/about/us.png)")
    built = site.build(at=NOW)
    assert built.one("hidden-link").path == "content/eu/a.md"
    assert not [path for path in site.tree() if path.startswith("pictures/")]


def test_old_addresses_of_a_withdrawn_story_lead_to_its_notice(site: Site) -> None:
    site.story("eu/a.md", "Gone words.", title="Gone", status="withdrawn", aliases=["/old/"]).story("eu/b.md").good(NOW)
    page = site.page("/old/")
    assert 'href="/eu/2025/04/a/"' in page
    assert "Gone" not in page


def test_a_picture_whose_pixels_are_damaged_stops_the_build_whatever_the_settings_say(site: Site) -> None:
    data = jpeg()
    site.configure("checks: {broken-picture: warn}\n").story("eu/a.md", "![Half](half.jpg)")
    site.write("content/eu/half.jpg", data[: len(data) // 2])
    built = site.build(at=NOW)
    assert not built.ok
    assert built.one("damaged-picture").path == "content/eu/half.jpg"
    assert not site.output.joinpath("eu").exists()


@pytest.mark.parametrize("kind", HIDDEN)
def test_what_refers_to_a_hidden_story_says_so_and_shows_text(site: Site, kind: str) -> None:
    newsroom(site.configure(FORMATS), HIDDEN[kind], Canary())
    built = site.build(at=NOW)
    told = [(found.path, found.line) for found in built.of("hidden-link")]
    picks = [("content/_index.md", 3), ("content/eu/_index.md", 3), ("content/eu/reference.md", 4)]
    links = [] if kind == "withdrawn" else [("content/eu/reference.md", 9), ("content/eu/reference.md", 11)]
    assert sorted(told) == sorted(picks + links), built.told()
    page = site.page("/eu/2025/04/reference/")
    if kind == "withdrawn":
        assert ">what they said</a>" in page
    else:
        assert "<p>See what they said.</p>" in page
        assert "<p>Or this part.</p>" in page


@pytest.mark.parametrize("kind", ["scheduled", "embargoed"])
def test_a_story_whose_hour_has_come_appears_everywhere_with_no_file_edited(site: Site, kind: str) -> None:
    canary = Canary()
    newsroom(site.configure(FORMATS), HIDDEN[kind], canary)
    built = site.build(at=NOW)
    assert built.one("not-public").line
    built = site.build(at=LATER)
    assert built.ok
    assert built.of("not-public") == built.of("hidden-link") == []
    seen = {where.rsplit(" in ", 1)[0] for where in canary.sightings(site.tree())}
    never_shown = {"file name", "translation key", "params key", "params value"}
    assert set(canary.words.values()) - seen == never_shown
    assert ">what they said</a>" in site.page("/eu/2025/04/reference/")
    title = next(word for word, field in canary.words.items() if field == "title")
    for url in ("/", "/eu/", "/feed.xml", "/authors/known/", "/topics/shared-topic/"):
        assert title in site.page(url), url


def test_a_story_that_expires_goes_away_again_with_all_its_files(site: Site) -> None:
    canary = Canary()
    newsroom(site.configure(FORMATS), {"expires": "2025-07-01"}, canary)
    site.build(at=NOW)
    assert canary.sightings(site.tree())
    site.build(at=LATER)
    assert canary.sightings(site.tree()) == []
    assert not [path for path in site.output.rglob("*") if "kanarya" in path.name]


@pytest.mark.parametrize("kind", HIDDEN)
def test_nothing_of_a_hidden_story_lies_in_the_state_of_the_output_folder(site: Site, kind: str) -> None:
    canary = Canary()
    newsroom(site.configure(FORMATS), HIDDEN[kind], canary)
    site.build(at=NOW)
    state = {f"{path}": data for path, data in tree(site.output / ".broadsheet").items()}
    found = canary.sightings(state)
    if kind == "withdrawn":
        found = [where for where in found if not where.startswith(("region in ", "slug in ", "alias in "))]
    assert found == []


def test_a_draft_page_is_in_no_byte_and_links_to_it_are_text(site: Site) -> None:
    canary = Canary()
    name = canary("file name")
    site.write(f"content/pages/{canary('picture')}.png", png())
    site.write(
        f"content/pages/{name}.md",
        f"---\ntitle: {canary('title')}\ndescription: {canary('description')}\ndraft: true\n"
        f"aliases: [/{canary('alias')}/]\n---\n{canary('body')}\n",
    )
    site.story("eu/a.md", f"[About us](../pages/{name}.md)")
    built = site.build(at=NOW)
    assert built.one("hidden-link").line == 5
    assert canary.sightings(site.tree()) == []


def test_an_unlisted_story_has_its_page_and_is_in_no_list(site: Site) -> None:
    canary = Canary()
    word = canary("title")
    site.configure(FORMATS).story("eu/a.md", title=word, unlisted=True, topics=["Peace"], image=None)
    site.story("eu/b.md", title="Public")
    built = site.build(at=NOW)
    assert built.ok
    assert canary.sightings(site.tree()) == ["title in eu/2025/04/a/index.html"]
    assert '<meta name="robots" content="noindex' in site.page("/eu/2025/04/a/")


def test_a_withdrawn_story_keeps_its_address_with_a_notice(site: Site) -> None:
    site.story("eu/a.md", "Gone words.", title="Gone", status="withdrawn").story("eu/b.md")
    site.good()
    page = site.page("/eu/2025/04/a/")
    assert "withdrawn" in page
    assert 'content="noindex"' in page
    assert "Gone" not in page
    for path, data in site.tree().items():
        if path != "eu/2025/04/a/index.html":
            assert b"/eu/2025/04/a/" not in data, path


def test_previews_show_what_is_hidden_in_a_folder_of_their_own(site: Site) -> None:
    canary = Canary()
    newsroom(site.configure(FORMATS), HIDDEN["draft"], canary)
    preview = site.folder.parent / "preview"
    site.build(at=NOW, drafts=True, output=str(preview))
    assert canary.sightings(tree(preview))
    site.build(at=NOW)
    assert canary.sightings(site.tree()) == []


def test_a_path_from_the_content_folder_is_a_link_to_a_story(site: Site) -> None:
    site.story("eu/a.md", "[b](/eu/2025-04-09-b.md#part)").story("eu/2025-04-09-b.md", "## Part").good()
    assert 'href="/eu/2025/04/b/#part"' in site.page("/eu/2025/04/a/")
