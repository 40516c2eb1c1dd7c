"""The first page of a preview that remembers nothing comes before all stories are parsed, and is what a build makes."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
import sample_section
from newsroom import NOW, NoWait, Site, png

from broadsheet import archive, articles, state, work
from broadsheet.model import Article
from broadsheet.preview import firstlook, leaves, opening, reading
from broadsheet.preview.desk import Desk
from broadsheet.preview.shelf import Made
from broadsheet.request import Request

ROOT = Path(__file__).parent.parent
ADDRESS = "http://localhost/"


@pytest.fixture(autouse=True)
def any_size() -> Iterator[None]:
    with patch.object(reading, "_MANY", 0):
        yield


def desk_of(site: Site, begun: reading.Reading | None = None) -> Desk:
    request = Request(site=str(site.folder), now=NOW, base_url=ADDRESS, drafts=True, future=True)
    return Desk(NoWait(str(site.folder)), lambda: request, work.Crew(1, work.Inline), begun)


def opened(site: Site, paths: list[str], begun: reading.Reading | None = None) -> Mapping[str, Made | None]:
    """What there is of some pages before any story was parsed for the plan."""
    desk, early, real = desk_of(site, begun), dict[str, Made | None](), archive.parse_batch

    def parsed(batch: articles.ParseBatch) -> tuple[archive.Kept, ...]:
        if not early:
            early.update({path: desk.first(path) for path in paths})
        return real(batch)

    with patch.object(archive, "parse_batch", parsed):
        desk.refresh()
    desk.close()
    return early


def built(site: Site) -> Mapping[str, bytes]:
    place = site.folder.parent / "built"
    result = site.build(output=str(place), base_url=ADDRESS, drafts=True, future=True, full=True)
    assert result.ok, result.told()
    return site.tree(place)


def whole_section(tmp_path: Path) -> Site:
    """The site that this package comes with."""
    site = Site(tmp_path / "site")
    for name in ("content", "templates", "static"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, site.folder / name)
    settings = (ROOT / "config.yaml").read_text(encoding="utf-8")
    assert "\nimages:" not in settings
    return site.write("config.yaml", settings + "images: {widths: [24], formats: [jpeg]}\n")


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(whole_section, marks=pytest.mark.slow),
        lambda place: sample_section.write(place / "site", "shared"),
        lambda place: sample_section.write(place / "site", "inline"),
    ],
    ids=["the package's", "shared", "inline"],
)
def test_every_page_that_can_be_had_early_is_what_a_build_makes(made: Callable[[Path], Site], tmp_path: Path) -> None:
    site = made(tmp_path)
    wanted = {path: data for path, data in built(site).items() if path.endswith(".html")}
    early = opened(site, list(wanted))
    missing = []
    for path, data in wanted.items():
        page = early[path]
        if page is None:
            missing.append(path)
        else:
            assert page.data == data, path
    assert len(missing) < len(wanted) / 2, missing
    assert "index.html" not in missing


def test_home_lists_and_stories_are_there_and_the_rest_waits(site: Site) -> None:
    for n in range(4):
        site.story(f"europe/s{n}.md", f"Story {n} of the ferry.", date=f"2026-01-0{n + 1}", topics=["Ferries"])
    site.story("europe/drawn.md", "![Map](map.png)", date="2026-01-05", authors=["Ada"], series="Nights")
    site.write("content/europe/map.png", png())
    site.story("europe/files.md", "[The file](map.png)", date="2026-01-06")
    site.write("content/authors/ada.md", "---\nname: Ada\n---\nAda draws.\n")
    site.write("content/pages/about.md", "---\ntitle: About\n---\nAbout us.\n")
    there = ["index.html", "europe/index.html", "topics/ferries/index.html", "authors/ada/index.html"]
    there += ["series/nights/index.html", "about/index.html", "europe/2026/01/index.html"]
    there += [f"europe/2026/01/{name}/index.html" for name in ("s0", "s3", "drawn")]
    waiting = ["europe/2026/01/files/index.html", "404.html", "corrections/index.html", "feed.xml", "../x", "nope.html"]
    early, wanted = opened(site, [*there, *waiting]), built(site)
    for path in there:
        page = early[path]
        assert page, path
        assert page.data == wanted[path], path
    assert [path for path in waiting if early[path]] == []


def test_pages_that_link_to_files_and_files_in_their_places_wait_for_the_plan(site: Site) -> None:
    """Where a file lies depends on which of all pages links to it first."""
    site.story("europe/a.md", "A.", date="2026-01-01").story("europe/b.md", "[x](data.csv)", date="2026-01-02")
    site.write("content/europe/data.csv", "1").write("content/_index.md", "---\n---\n[x](europe/data.csv)\n")
    site.write("content/pages/about.md", "---\ntitle: About\n---\n[x](../europe/data.csv)\n")
    site.write("content/pages/other.md", "---\ntitle: Other\n---\nNothing.\n")
    site.write("static/authors/robots/index.html", "ours")
    waiting = ["index.html", "about/index.html", "europe/2026/01/b/index.html", "authors/robots/index.html"]
    there = ["europe/2026/01/a/index.html"]
    early, wanted = opened(site, [*waiting, *there, "fragments/explore/europe.txt"]), built(site)
    assert [path for path, page in early.items() if page] == there
    for path in there:
        page = early[path]
        assert page
        assert page.data == wanted[path]


def test_what_changes_while_the_first_pages_are_asked_for_leaves_them_to_the_plan(site: Site) -> None:
    for n in range(3):
        site.story(f"europe/s{n}.md", f"Story {n}.", date=f"2026-01-0{n + 1}")
    desk, early = desk_of(site), list[Made | None]()

    def begun() -> None:
        if not early:
            site.story("europe/s1.md", "Edited.", date="2026-01-02", authors=["Somebody New"], region="asia")
            early.append(desk.first("europe/2026/01/s1/index.html"))

    desk.refresh(begun)
    assert early == [None]
    assert desk.file("asia/2026/01/s1/index.html")
    desk.close()


def test_a_page_for_which_too_many_stories_would_be_parsed_waits_for_the_plan(site: Site) -> None:
    for n in range(9):
        site.story(f"europe/s{n}.md", f"Story {n}.", date=f"2026-01-0{n + 1}", translation_key=f"k{n}")
    path = "europe/2026/01/s1/index.html"
    with patch.object(leaves, "_MOST", 8):
        assert opened(site, [path]) == {path: None}


def test_of_what_editors_said_only_that_of_the_page_s_own_story_is_looked_at(site: Site) -> None:
    for n in range(40):
        site.story(f"europe/s{n}.md", f"Story {n}.", date=f"2025-{n % 9 + 1:02}-0{n % 8 + 1}", related=["/asia/own.md"])
    site.story("asia/own.md", "Own.", date="2026-01-05", related=["/europe/s7.md"], series="Nights")
    desk, made = desk_of(site), list[int]()

    def begun() -> None:
        job = desk._begun and desk._begun.job
        if isinstance(job, opening.Opening):
            page = desk.first("asia/2026/01/own/index.html")
            assert page
            assert b"s7" in page.data
            made.append(len(job._leaves._made))

    desk.refresh(begun)
    desk.close()
    assert made
    assert 2 <= made[0] < 12


@contextmanager
def reading_of(site: Site, jobs: int = 2) -> Iterator[reading.Reading | None]:
    """What `serve` begins with."""
    files = NoWait(str(site.folder))
    with work.crew(jobs) as crew:
        yield reading.begun(files, ADDRESS, crew, lambda: files.walk(firstlook.folders(files.root)))


def test_what_was_read_before_the_desk_was_there_is_not_read_again(site: Site) -> None:
    for n in range(250):
        site.story(f"europe/s{n}.md", f"Story {n}, *word{n % 7}*.", date=f"2026-01-0{n % 9 + 1}", topics=[f"t{n % 5}"])
    site.write("content/europe/_index.md", "---\ntitle: Europe\nlanguage: tr\n---\nİlk.\n")
    site.write("content/authors/ann.md", "---\nname: Ann\n---\nWrites.\n")
    pages = ["europe/2026/01/s8/index.html", "europe/index.html", "topics/t1/index.html"]
    with reading_of(site) as begun:
        assert begun
        with patch.object(opening, "Reading", side_effect=AssertionError("read again")):
            early = opened(site, pages, begun)
    made = built(site)
    assert {path: early[path] and early[path].data for path in pages} == {path: made[path] for path in pages}  # type: ignore[union-attr]  # told by the left side
    assert b'lang="tr"' in made[pages[0]]


def test_a_region_s_language_that_changes_meanwhile_leaves_all_to_the_plan(site: Site) -> None:
    for n in range(250):
        site.story(f"europe/s{n}.md", f"Story {n}.")
    site.write("content/europe/_index.md", "---\ntitle: Europe\nlanguage: en\n---\n")
    with reading_of(site) as begun:
        assert begun
        site.write("content/europe/_index.md", "---\ntitle: Europe\nlanguage: tr\n---\n")
        assert opened(site, ["europe/index.html"], begun) == {"europe/index.html": None}


@pytest.mark.parametrize(
    "how", ["a story", *(pytest.param(how, marks=pytest.mark.slow) for how in ("a language", "a setting", "a string"))]
)
def test_what_was_read_of_other_files_is_read_again(site: Site, how: str) -> None:
    for n in range(250):
        site.story(f"europe/s{n}.md", f"Story {n}.", date=f"2026-01-0{n % 9 + 1}")
    with reading_of(site) as begun:
        assert begun
        if how == "a story":
            site.story("europe/new.md", "New.", date="2026-01-09")
        elif how == "a language":
            site.write("content/europe/_index.md", "---\ntitle: Avrupa\nlanguage: tr\n---\n")
        elif how == "a setting":
            site.configure("rails: {explore: {limit: 3}}\n")
        else:
            site.write("templates/locales/en.yaml", "explore: Look around\n")
        early = opened(site, ["europe/index.html"], begun)
    page = early["europe/index.html"]
    assert page
    assert page.data == built(site)["europe/index.html"]


def test_nothing_is_read_before_the_desk_is_there_where_that_is_not_worth_it(site: Site) -> None:
    for n in range(250):
        site.story(f"europe/s{n}.md")
    with reading_of(site, jobs=1) as begun:
        assert begun is None
    with patch.object(reading, "_MANY", 1_000), reading_of(site) as begun:
        assert begun is None
    config = (site.folder / "config.yaml").read_text(encoding="utf-8")
    site.write("config.yaml", "site: [\n")
    with reading_of(site) as begun:
        assert begun is None
    site.write("config.yaml", config)
    desk = desk_of(site)
    desk.refresh()
    desk.settle()
    desk.close()
    with reading_of(site) as begun:
        assert begun is None


def test_no_plan_after_the_first_is_opened(site: Site) -> None:
    """Where nothing can be kept, nothing is remembered."""
    site.story("europe/s.md")
    began: list[bool] = []
    desk = desk_of(site)
    with patch.object(state.State, "_save", side_effect=OSError(28, "No space left on device")):
        desk.refresh(lambda: began.append(isinstance(desk._begun and desk._begun.job, opening.Opening)))
        desk.refresh(lambda: began.append(isinstance(desk._begun and desk._begun.job, opening.Opening)))
    desk.close()
    assert began[:2] == [True, False]
    assert True not in began[1:]


def test_a_story_with_errors_leaves_the_pages_that_show_it_to_the_plan(site: Site) -> None:
    for n in range(3):
        site.story(f"europe/s{n}.md", f"Story {n}.", date=f"2026-01-0{n + 1}")
    site.story("asia/broken.md", "[x](nope.md)", date="2026-01-05")
    site.write("content/asia/torn.md", "---\ntitle: [\n---\n")
    pages = ["europe/2026/01/s1/index.html", "asia/2026/01/broken/index.html", "asia/2026/01/torn/index.html"]
    early = opened(site, pages)
    assert early[pages[0]]
    assert [early[path] for path in pages[1:]] == [None, None]


@pytest.mark.parametrize("path", ["content/authors/ada.md", "content/europe/_index.md", "content/pages/about.md"])
def test_an_error_in_another_source_leaves_all_to_the_plan(site: Site, path: str) -> None:
    site.story("europe/s.md").write(path, "---\nnosuch: {\n---\n")
    assert opened(site, ["europe/2025/04/s/index.html"]) == {"europe/2025/04/s/index.html": None}


def test_few_stories_and_what_is_remembered_need_no_opening(site: Site) -> None:
    site.story("europe/s.md")
    began = []
    real = opening.Opening.begin

    def begin(job: opening.Opening, *given: object) -> bool:
        began.append(real(job, *given))  # type: ignore[arg-type]  # as they come
        return began[-1]

    with patch.object(opening.Opening, "begin", begin):
        for many in (5, 0):
            state.discard(str(site.folder / ".broadsheet" / "preview" / "state.sqlite"))
            with patch.object(reading, "_MANY", many):
                desk = desk_of(site)
                desk.refresh()
                desk.settle()
                desk.close()
        desk_of(site).refresh()
    assert began == [False, True]


def test_only_the_stories_that_a_page_shows_are_parsed_for_it(site: Site) -> None:
    for n in range(40):
        site.story(f"europe/s{n}.md", f"Story {n} of *all*.", date=f"2025-{n % 9 + 1:02}-0{n % 8 + 1}")
    made: list[str] = []
    real = Article.__init__

    def noted(article: Article, **values: object) -> None:
        real(article, **values)  # type: ignore[arg-type]
        if values["body"] != archive.digest(b""):
            made.append(str(values["path"]))

    desk = desk_of(site)

    def begun() -> None:
        if not made:
            with patch.object(Article, "__init__", noted):
                assert desk.first("europe/2025/01/s0/index.html")

    desk.refresh(begun)
    desk.close()
    assert 5 <= len(set(made)) < 40
