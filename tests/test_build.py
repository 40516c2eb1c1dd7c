"""A build as a whole: what becomes of a folder of sources, the first time and after every kind of edit."""

from __future__ import annotations

import io
import os
import re
import shutil
from pathlib import Path

import pytest
import sample_section
from newsroom import Site, png, tree
from PIL import Image

from broadsheet.errors import OutputError, UsageError

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = Path(__file__).parent / "golden"


def jpeg(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, "JPEG")
    return out.getvalue()


def clean(site: Site, place: Path, at: str = "2026-01-15T12:00:00Z") -> dict[str, bytes]:
    """What a first build into an empty folder gives."""
    site.build(at=at, output=str(place))
    return tree(place)


# --- from nothing --------------------------------------------------------------------------------------------------


def test_settings_alone_make_a_site(site: Site) -> None:
    summary = site.good()
    assert summary.stories == 0
    assert set(site.tree()) >= {
        "index.html",
        "404.html",
        "corrections/index.html",
        "robots.txt",
        "sitemap.xml",
        "feed.xml",
    }


def test_a_first_story_has_its_page_and_stands_in_every_list(site: Site) -> None:
    site.story(
        "eu/2025-04-09-talks.md", date=None, title="Talks begin", topics=["Peace"], authors=["Ada"], series="War"
    )
    summary = site.good()
    assert summary.stories == 1
    assert summary.written == len(site.tree())
    assert "Talks begin" in site.page("/eu/2025/04/talks/")
    for url in ("/", "/eu/", "/eu/2025/04/", "/topics/peace/", "/authors/ada/", "/series/war/", "/feed.xml"):
        assert "Talks begin" in site.page(url), url
    assert "https://example.org/eu/2025/04/talks/" in site.page("/sitemaps/2025-04.xml")


def test_the_parts_of_a_folder_may_be_elsewhere(site: Site) -> None:
    site.configure("content_dir: words\nstatic_dir: files\ntemplates_dir: theme\noutput_dir: public\n")
    site.write("words/eu/a.md", "---\ntitle: T\ndate: 2025-04-09\n---\nText.\n").write("files/x.txt", "x")
    site.write("theme/partials/after_article.html", "<p>Subscribe</p>")
    site.good()
    public = tree(site.folder / "public")
    assert b"<p>Subscribe</p>" in public["eu/2025/04/a/index.html"]
    assert public["x.txt"] == b"x"
    assert site.tree() == {}


def test_every_page_is_whole_and_says_its_language(site: Site) -> None:
    sample_section.write(site.folder).good(at=sample_section.AT)
    for path, data in site.tree().items():
        if path.endswith(".html"):
            text = data.decode()
            assert text.startswith("<!DOCTYPE html>\n<html lang="), path
            assert text.rstrip().endswith("</html>"), path
            assert "\0" not in text, path
            assert "None" not in text.split("<body")[0], path


# --- again, after edits --------------------------------------------------------------------------------------------


def test_after_every_edit_the_folder_is_what_a_clean_build_gives(site: Site, tmp_path: Path) -> None:
    site.configure("feeds: {formats: [rss, atom, json]}\n")
    for n in range(12):
        site.story(f"eu/2025-0{n % 9 + 1}-05-s{n}.md", date=None, topics=[f"T{n % 3}"], authors=[f"W{n % 2}"])
    steps = {
        "nothing": lambda: None,
        "a new story": lambda: site.story("eu/new.md", topics=["T9"], date="2025-12-01"),
        "an edit": lambda: site.edit("content/eu/new.md", "A few words", "Other words"),
        "a rename": lambda: site.move("content/eu/new.md", "content/world/newer.md"),
        "another date": lambda: site.edit("content/world/newer.md", "2025-12-01", "2025-02-01"),
        "a picture": lambda: site.write("content/world/x.png", png()).edit(
            "content/world/newer.md", 'title: "new"', 'title: "new"\nimage: {src: x.png, alt: x}'
        ),
        "a template": lambda: site.write("templates/partials/after_article.html", "<hr>"),
        "a setting": lambda: site.configure("rails: {explore: {mode: shared}}\n"),
        "a file": lambda: site.write("static/x/y.txt", "y"),
        "a folder in place of a file": lambda: site.move("static/x/y.txt", "static/x/y.txt.d/z.txt"),
        "a removal": lambda: site.remove("content/world/newer.md"),
        "an author": lambda: site.write("content/authors/W1.md", "---\nname: Wilma\n---\nWrites.\n"),
        "another setting": lambda: site.configure("", base_url="https://other.example/news/"),
    }
    for n, (name, step) in enumerate(steps.items()):
        step()
        built = site.build()
        assert built.ok, f"{name}: {built.told()}"
        assert site.tree() == clean(site, tmp_path / f"clean{n}"), name


def test_only_what_changed_is_written(site: Site) -> None:
    for n in range(8):
        site.story(f"eu/2025-01-0{n + 1}-s{n}.md", "Words.", date=None)
    site.configure("rails: {explore: {mode: shared}}\n").good()
    before = {path: (site.output / path).stat().st_mtime_ns for path in site.tree()}
    site.edit("content/eu/2025-01-01-s0.md", "Words.", "Other words.")
    summary = site.good()
    after = {path: (site.output / path).stat().st_mtime_ns for path in site.tree()}
    changed = {path for path in after if before[path] != after[path]}
    assert changed == {"eu/2025/01/s0/index.html", "feed.xml", "eu/feed.xml"}
    assert (summary.written, summary.deleted) == (3, 0)


def test_a_new_story_in_shared_mode_changes_no_older_page_but_its_neighbour(site: Site) -> None:
    site.configure("rails: {explore: {mode: shared}}\n")
    for n in range(20):
        site.story(f"eu/2025-01-{n + 1:02}-s{n}.md", date=None)
    site.good()
    before = site.tree()
    site.story("eu/2025-02-01-newest.md", date=None).good()
    after = site.tree()
    changed = {path for path in after if before.get(path) != after[path]}
    stories = {path for path in changed if path.count("/") == 4}
    assert stories == {"eu/2025/02/newest/index.html", "eu/2025/01/s19/index.html"}
    assert len(changed) <= 12, sorted(changed)


def test_pages_of_stories_that_are_gone_are_removed_and_foreign_files_kept(site: Site) -> None:
    site.story("eu/a.md").story("eu/b.md", topics=["Peace"]).good()
    site.write("output/CNAME", "example.org").write("output/eu/2025/04/b/notes.txt", "mine")
    built = site.remove("content/eu/b.md").build()
    assert built.summary is not None
    assert built.codes() == ["vanished-page"]
    assert built.summary.deleted > 0
    assert not site.has("/eu/2025/04/b/")
    assert not site.has("/topics/peace/")
    assert not (site.output / "topics").exists()
    assert site.tree()["CNAME"] == b"example.org"
    assert site.tree()["eu/2025/04/b/notes.txt"] == b"mine"


def test_what_was_lost_or_tampered_with_is_made_again(site: Site) -> None:
    site.story("eu/a.md").good()
    before = site.tree()
    (site.output / "eu/2025/04/a/index.html").write_text("tampered")
    (site.output / "feed.xml").unlink()
    site.good()
    assert site.tree() == before


def test_without_its_state_the_site_is_built_again(site: Site) -> None:
    site.write("content/eu/x.png", png(900, 500)).story("eu/a.md", "![x](x.png)").good()
    before = site.tree()
    for path in sorted((site.folder / ".broadsheet").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    site.good()
    assert site.tree() == before


def test_a_damaged_picture_cache_is_never_believed(site: Site) -> None:
    site.write("content/eu/x.png", png(900, 500)).story("eu/a.md", "![x](x.png)").good()
    before = site.tree()
    kept = [path for path in (site.folder / ".broadsheet").rglob("*") if path.is_file()]
    assert kept
    for number, path in enumerate(kept):
        data = path.read_bytes()
        path.write_bytes([b"", data[: len(data) // 2], data[:-1] + bytes([data[-1] ^ 1])][number % 3])
    for path in (site.output / "pictures").iterdir():
        path.unlink()
    site.good()
    assert site.tree() == before


def test_time_alone_publishes_and_withdraws(site: Site) -> None:
    site.configure(timezone="Europe/Istanbul")
    site.story("eu/soon.md", date="2025-06-01T09:00").story("eu/brief.md", expires="2025-06-01T09:00")
    assert site.build(at="2025-06-01T08:59:59+03:00").ok
    assert (site.has("/eu/2025/06/soon/"), site.has("/eu/2025/04/brief/")) == (False, True)
    assert site.build(at="2025-06-01T09:00:00+03:00").ok
    assert (site.has("/eu/2025/06/soon/"), site.has("/eu/2025/04/brief/")) == (True, False)


# --- where it may write --------------------------------------------------------------------------------------------


def test_another_sites_git_folder_is_never_an_output_folder(site: Site, tmp_path: Path) -> None:
    other = tmp_path / "repository"
    (other / ".git").mkdir(parents=True)
    site.story("eu/a.md")
    with pytest.raises(UsageError, match="git"):
        site.build(output=str(other))
    assert sorted(os.listdir(other)) == [".git"]


def test_a_link_in_the_output_folder_leads_no_page_out_of_it(site: Site, tmp_path: Path) -> None:
    site.story("eu/a.md")
    outside = tmp_path / "outside"
    outside.mkdir()
    site.output.mkdir()
    (site.output / "eu").symlink_to(outside)
    with pytest.raises(OutputError, match="leads out"):
        site.build()
    assert list(outside.iterdir()) == []


# --- what shared links show ----------------------------------------------------------------------------------------


def test_a_storys_head_names_its_authors_and_a_lists_head_names_none(site: Site) -> None:
    site.configure(base_url="https://example.org/news/").story("eu/a.md", authors=["Ada Lo", "Ben"]).good()
    named = re.findall(r'<meta property="article:author" content="(.*?)">', site.page("/eu/2025/04/a/"))
    assert named == ["https://example.org/news/authors/ada-lo/", "https://example.org/news/authors/ben/"]
    assert "article:author" not in site.page("/eu/")
    site.configure("taxonomies: [topics]\n").good()
    named = re.findall(r'<meta property="article:author" content="(.*?)">', site.page("/eu/2025/04/a/"))
    assert named == ["Ada Lo", "Ben"]


# --- this repository's own section ---------------------------------------------------------------------------------


@pytest.fixture
def copied_section(tmp_path: Path) -> Site:
    for name in ("content", "static"):
        shutil.copytree(ROOT / name, tmp_path / "copy" / name)
    config = (ROOT / "config.yaml").read_text(encoding="utf-8")
    assert "\nimages:" not in config  # one small variant of each picture, and not the usual dozen
    (tmp_path / "copy/config.yaml").write_text(
        config + "\nimages: {widths: [240], formats: [jpeg]}\n", encoding="utf-8"
    )
    copy = Site.__new__(Site)
    copy.folder = tmp_path / "copy"
    return copy


def test_the_section_in_this_repository_builds_with_dozens_of_stories_in_several_regions(copied_section: Site) -> None:
    built = copied_section.build(at="2026-12-01T12:00:00Z")
    assert built.summary is not None, built.told()
    assert built.summary.stories >= 36
    assert [finding for finding in built.findings if finding.code not in ("not-public", "hidden-link")] == []
    pages = [path.split("/") for path in copied_section.tree() if path.endswith("/index.html")]
    assert len({path[0] for path in pages if len(path) == 5}) >= 6


# --- the README ----------------------------------------------------------------------------------------------------

README = (ROOT / "README.md").read_text(encoding="utf-8")
PLACE, STORY = re.findall(r"^`(content/\S+\.md)`:\n\n```markdown\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)[0]
(PICTURE,) = re.findall(r"^```markdown\n(!\[.*\n)```$", README, re.MULTILINE)


def test_the_story_in_the_readme_builds_as_a_file_and_as_a_folder_with_its_picture(copied_section: Site) -> None:
    site, at = copied_section, "2026-12-01T12:00:00Z"
    built = site.write(PLACE, STORY).build(at=at)
    assert built.ok, built.told()
    page = site.page("/turkiye/2026/05/night-ferries/")
    assert "Night ferries return to the Bosphorus" in page
    assert [finding for finding in built.findings if finding.path == PLACE] == []
    bundle = PLACE.removesuffix(".md") + "/index.md"
    assert f"`{bundle}`" in README
    site.remove(PLACE).write(bundle, STORY.replace("](istanbul", "](../istanbul") + "\n" + PICTURE)
    built = site.write(bundle.replace("index.md", "deck.jpg"), jpeg(1240, 800)).build(at=at)
    assert built.ok, built.told()
    assert "Passengers on the upper deck" in site.page("/turkiye/2026/05/night-ferries/")


def test_every_way_online_in_the_readme_leaves_our_own_notes_out() -> None:
    section = README.partition("## Put it online")[2].partition("\n## ")[0]
    commands = re.findall(r"`((?:rsync|aws) [^`]*)`", section)
    assert len(commands) == len(re.findall(r"^- \*\*", section, re.MULTILINE)) == 3
    for command in commands:
        assert "--exclude .broadsheet " in command or "--exclude '.broadsheet/*'" in command


# --- golden pages --------------------------------------------------------------------------------------------------

PAGES = {"article.html": sample_section.TALKS, "region.html": "/turkiye/", "home.html": "/"}


@pytest.fixture(scope="module")
def section(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = sample_section.write(tmp_path_factory.mktemp("golden") / "site")
    site.good(at=sample_section.AT)
    return site


@pytest.mark.parametrize("name", PAGES)
def test_three_pages_are_as_last_looked_at(section: Site, name: str) -> None:
    """`UPDATE_GOLDEN=1 pytest tests/test_build.py` takes the pages as they are now; look at the difference.

    The stylesheet is left out: how pages look is for eyes and for the browser's tests.
    """
    page, golden = _without_style(section.page(PAGES[name])), GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN") == "1":
        GOLDEN.mkdir(exist_ok=True)
        golden.write_text(page, encoding="utf-8")
    assert page == golden.read_text(encoding="utf-8")


def _without_style(page: str) -> str:
    page = re.sub(r"<style>.*?</style>", "<style></style>", page, flags=re.DOTALL)
    return re.sub(r"sha256-[A-Za-z0-9+/]+=*", "sha256-", page)
