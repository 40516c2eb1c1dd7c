"""A real archive, imported by others and irregular in every way that reporters are: it builds, and loses no word."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import html5lib
import pytest
import visible_words
from newsroom import Built, Site

ARTICLES = Path(__file__).parent / "corpora" / "digitalgov" / "articles"
STORIES = sorted(path.relative_to(ARTICLES).as_posix() for path in ARTICLES.rglob("*.md"))
# Pictures and many linked stories of the archive are not in this selection.
CONFIG = "checks: {remote-picture: warn, missing-picture: warn, missing-alt: warn, broken-link: warn}\n"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, Built]:
    return imported(tmp_path_factory.mktemp("archive") / "site", CONFIG)


def imported(folder: Path, config: str) -> tuple[Site, Built]:
    site = Site(folder).configure(config, title="Digital.gov", timezone="America/New_York")
    shutil.copytree(ARTICLES, site.folder / "content")
    return site, site.build()


def test_it_builds_with_settings_of_a_few_lines(archive: tuple[Site, Built]) -> None:
    site, built = archive
    assert built.summary is not None, built.told()
    assert built.summary.stories == len(STORIES) == 39
    assert (site.folder / "config.yaml").read_text(encoding="utf-8").count("\n") <= 6


def test_every_finding_is_one_that_such_archives_have(archive: tuple[Site, Built]) -> None:
    _, built = archive
    counts = Counter(finding.code for finding in built.findings)
    assert built.errors == []
    assert set(counts) == {
        "broken-anchor",
        "broken-link",
        "heading-level",
        "html-entity",
        "missing-alt",
        "missing-picture",
        "raw-html",
        "remote-picture",
    } | (set(counts) & {"invisible-character", "unknown-page", "empty-link", "unused-definition", "dst-overlap"})
    assert counts["raw-html"] >= 10
    assert all(finding.line and finding.hint for finding in built.of("raw-html"))
    assert all(finding.path.startswith("content/") for finding in built.findings)


def texts_of(site: Site) -> dict[str, str]:
    """The article element of each story's page, by its slug."""
    found: dict[str, str] = {}
    for path, data in site.tree().items():
        page = data.decode() if path.endswith("/index.html") else ""
        start = page.find('<article class="story')
        if start >= 0:
            found[path.split("/")[-2]] = page[start : page.rindex("</article>")]
    return found


@pytest.fixture(scope="module", params=["escape", "sanitize"])
def pages(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Built, dict[str, str]]:
    config = f"markdown: {{raw_html: {request.param}}}\n"
    site, built = imported(tmp_path_factory.mktemp(request.param) / "site", CONFIG + config)
    return request.param, built, texts_of(site)


@pytest.mark.parametrize("story", STORIES, ids=lambda path: Path(path).stem[:40])
def test_every_visible_word_of_a_source_is_in_its_page_or_in_a_finding(
    pages: tuple[str, Built, dict[str, str]], story: str
) -> None:
    setting, built, texts = pages
    matter, _, body = (ARTICLES / story).read_text(encoding="utf-8").partition("\n---\n")
    told = "\n".join(f"{f.message} {f.excerpt}" for f in built.findings if f.path == f"content/{story}")
    missing = visible_words.missing_from_page(body, texts[_slug(matter, story)], told, html=setting == "sanitize")
    assert missing == []


def _slug(matter: str, story: str) -> str:
    written = [line.removeprefix("slug:").strip(" \"'") for line in matter.split("\n") if line.startswith("slug:")]
    return written[0] if written else Path(story).stem[11:].replace("’", "").lower()


def test_pages_hold_no_picture_or_frame_of_another_host(archive: tuple[Site, Built]) -> None:
    site, _ = archive
    for path, data in site.tree().items():
        if path.endswith(".html"):
            tree = html5lib.parse(data.decode(), namespaceHTMLElements=False)
            for element in tree.iter():
                assert element.tag not in ("iframe", "object", "embed"), path
                for key in ("src", "srcset"):
                    assert not element.get(key, "").startswith(("http:", "https:", "//")), path
