"""What a build takes over from earlier ones is as true as what a build from nothing says: the order in which templates
print, hints that name what lies near, and files that no walk of the sources tells of."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from examples import some
from newsroom import NOW, Site, png
from twins import CONFIG, Later, Twins

from broadsheet import building, groundwork, themeplace, work
from broadsheet.files import Stamp
from broadsheet.preview.desk import Desk
from broadsheet.preview.lookout import Lookout
from broadsheet.request import Request
from broadsheet.walking import Walk

# No story shows another one, so that nothing is made anew by the way.
ALONE: dict[str, Any] = {
    **CONFIG,
    "rails": {"recommended": {"limit": 0}, "explore": {"limit": 1, "mode": "shared"}},
    "feeds": {"content": "standfirst"},
}


@pytest.fixture
def twins(tmp_path: Path) -> Twins:
    made = Twins(tmp_path)
    made.configure(ALONE)
    return made


# --- orders ----------------------------------------------------------------------------------------------------------


def test_translations_stand_in_the_order_of_publication_whichever_of_them_is_dated_anew(twins: Twins) -> None:
    site = twins.site.story("asia/a.md", date="2025-12-20", translation_key="dam")
    site.story("europe/b.md", date="2025-12-10", lang="tr", translation_key="dam")
    site.story("africa/c.md", date="2025-12-15", lang="ar", translation_key="dam")
    twins.check()
    page = site.output / "europe/2025/12/b/index.html"
    was = page.read_text(encoding="utf-8")
    assert was.index('hreflang="tr"') < was.index('hreflang="ar"') < was.index('hreflang="en"')
    site.story("asia/a.md", date="2025-12-01", slug="a", url="/asia/2025/12/a/", translation_key="dam")
    twins.check()
    now = page.read_text(encoding="utf-8")
    assert now.index('hreflang="en"') < now.index('hreflang="tr"') < now.index('hreflang="ar"')


def test_a_translation_that_search_engines_leave_out_is_named_to_none(twins: Twins) -> None:
    site = twins.site.story("asia/a.md", date="2025-12-20", translation_key="dam")
    site.story("africa/c.md", date="2025-12-15", lang="ar", translation_key="dam")
    for hidden in (False, True, False):
        site.story("europe/b.md", date="2025-12-10", lang="tr", translation_key="dam", noindex=hidden)
        twins.check()
        pages = [site.page("/asia/2025/12/a/"), site.page("/europe/2025/12/b/")]
        assert ['hreflang="tr"' in page for page in pages] == [not hidden, not hidden]
        assert 'hreflang="ar"' in pages[0]


def turned(value: Any) -> Any:
    """A value whose maps have their keys the other way round."""
    if isinstance(value, dict):
        return {key: turned(value[key]) for key in reversed(value)}
    return [turned(item) for item in value] if isinstance(value, list) else value


PARAMS = {"a": {"x": 1, "y": [{"m": 1, "n": 2}]}, "b": "2"}


@pytest.mark.parametrize("inner", [False, True])
def test_settings_in_another_order_are_printed_in_that_order(twins: Twins, inner: bool) -> None:
    printed = "{% for key in site.params.a %}{{ key }} {% endfor %}" if inner else "{{ site.params|list|join(' ') }}"
    twins.site.write("templates/partials/footer.html", f"<footer>{printed}</footer>")
    twins.site.story("asia/a.md")
    twins.configure({**ALONE, "params": PARAMS})
    twins.check()
    before = (twins.site.output / "404.html").read_text(encoding="utf-8")
    assert ("<footer>x y </footer>" if inner else "<footer>a b</footer>") in before
    twins.configure({**ALONE, "params": {**PARAMS, "a": turned(PARAMS["a"])} if inner else turned(PARAMS)})
    twins.check()
    after = (twins.site.output / "404.html").read_text(encoding="utf-8")
    assert ("<footer>y x </footer>" if inner else "<footer>b a</footer>") in after


def test_parameters_of_a_story_in_another_order_are_printed_in_that_order(twins: Twins) -> None:
    twins.site.write("templates/article.html", "<html><main>{{ story.params|list|join(' ') }}</main></html>")
    twins.site.story("asia/a.md", params=PARAMS)
    twins.check()
    twins.site.story("asia/a.md", params=turned(PARAMS))
    twins.check()
    pages = [path for path in twins.site.tree() if path.endswith("/a/index.html")]
    assert "<main>b a</main>" in (twins.site.output / pages[0]).read_text(encoding="utf-8")


# --- hints -----------------------------------------------------------------------------------------------------------


def test_a_hint_names_no_heading_and_no_story_that_is_gone(twins: Twins) -> None:
    site = twins.site.story("europe/a.md", "## Grain\n\nText.").story("europe/rivers.md")
    site.story("asia/b.md", "[One](/europe/a.md#grane), [two](/europe/river.md), [three](/world/rivers.md).")
    hints = {found.code: found.hint for found in twins.check().warnings if "/world/" not in found.message}
    assert hints == {"broken-anchor": "did you mean #grain?", "broken-link": "did you mean rivers.md?"}
    site.story("europe/a.md", "## Ferry\n\nText.").remove("content/europe/rivers.md").story("europe/z/rivers.md")
    found = {(told.code, told.hint) for told in twins.check().warnings}
    assert found == {
        ("broken-anchor", ""),
        ("broken-link", "paths start from the folder of this file"),
        ("broken-link", "did you mean /europe/z/rivers.md?"),
    }
    twins.check()


def test_of_very_many_broken_links_the_hints_are_those_of_when_they_were_told(twins: Twins) -> None:
    site = twins.site.story("europe/rivers.md")
    for n in range(4):
        site.story(f"asia/s{n}.md", "[Rivers](/europe/river.md).", date=f"2025-12-0{n + 1}")
    site.story("europe/stays.md")
    with patch.object(groundwork, "_FEW_HINTED", 2):
        twins.check()
        site.remove("content/europe/rivers.md")
        built = site.build(NOW, Later)
        assert [found.hint for found in built.of("broken-link")] == ["did you mean rivers.md?"] * 4
        twins.site.edit("content/asia/s0.md", "[Rivers]", "[Streams]")
        built = site.build(NOW, Later)
        assert [found.hint for found in built.of("broken-link")][1:] == ["did you mean rivers.md?"] * 3


def test_a_preview_tells_each_broken_link_once_when_what_lies_near_has_moved(twins: Twins) -> None:
    site = twins.site.story("europe/b.md", "[x](../world/a.md)").story("asia/a.md").story("asia/c.md")
    request = Request(site=str(site.folder), now=NOW, base_url="https://p.example/", drafts=True, future=True, jobs=1)
    desk = Desk(Later(str(site.folder)), lambda: request, work.Crew(1, work.Inline))
    hints = []
    for change in (
        lambda: None,
        lambda: os.rename(site.folder / "content/asia/a.md", site.folder / "content/europe/a.md"),
    ):
        change()
        desk.refresh()
        desk.settle()
        hints.append([found.hint for found in desk.findings() if found.code == "broken-link"])
    assert hints == [["did you mean /asia/a.md?"], ["did you mean /europe/a.md?"]]


def test_a_build_that_fails_tells_no_warning_of_a_story_that_has_lost_its_place(twins: Twins) -> None:
    site = twins.site.story("europe/z/index.md", "[f](no.txt)", date="2025-12-02")
    assert twins.check().codes() == ["unknown-page"]
    site.story("europe/Z/index.md", "x", date="2025-12-02")
    assert not twins.check().ok
    told = site.build(NOW, Later)
    assert told.codes() == ["url-collision"]


# --- files that no walk tells of -------------------------------------------------------------------------------------


def test_a_picture_elsewhere_that_changes_while_pages_are_made_is_seen_by_the_next_build(twins: Twins) -> None:
    site = twins.site.write("images/x.png", png(40, 30)).story("europe/a.md", "![A dam](/images/x.png)")
    made = building.Build.render_pages

    def meanwhile(job: building.Build, *arguments: Any) -> None:
        made(job, *arguments)
        site.write("images/x.png", png(60, 30, "red"))

    with patch.object(building.Build, "render_pages", meanwhile):
        site.build(NOW, Later)
    twins.check()
    twins.check()
    assert twins.glances == 1


def test_a_picture_elsewhere_that_is_as_fresh_as_the_build_is_looked_at_again(twins: Twins) -> None:
    """Another one may come that bears the same stamp."""
    site = twins.site.write("images/x.png", png(40, 30)).story("europe/a.md", "![A dam](/images/x.png)")
    moment = time.time_ns() + 3_600_000_000_000

    class Coarse(Later):
        """The clock of the disk with the picture stands still."""

        def stamp(self, path: str) -> Stamp:
            return (moment, 1, moment, 1) if path.endswith("images/x.png") else super().stamp(path)

    twins.check(door=Coarse)
    site.write("images/x.png", png(60, 30, "red"))
    twins.check(door=Coarse)
    assert twins.glances == 0


def put_elsewhere(site: Site, path: str) -> Path:
    """Move something out of the site folder, and leave a link to it."""
    outside = site.folder.parent / "outside"
    outside.mkdir(exist_ok=True)
    shutil.move(site.folder / path, outside / path)
    (site.folder / path).symlink_to(outside / path)
    return outside


LINKED: dict[str, Callable[[Site], object]] = {
    "a folder of pictures": lambda site: put_elsewhere(site, "images"),
    "the folder of a linked picture": lambda site: put_elsewhere(site, "photos"),
    "the folder of a linked file of static/": lambda site: put_elsewhere(site, "other"),
    "the folder around content/": lambda site: put_elsewhere(site, "sub"),
}


@pytest.mark.parametrize("what", some(LINKED, 2))
def test_what_a_path_leads_to_has_left_the_site_and_no_stamp_is_another_one(twins: Twins, what: str) -> None:
    site = twins.site
    twins.configure({**ALONE, "content_dir": "sub/content"})
    site.write("images/x.png", png(40, 30)).write("photos/y.png", png(40, 30)).write("other/z.txt", "z")
    os.makedirs(site.folder / "static")
    os.symlink("../other/z.txt", site.folder / "static/z.txt")
    text = "![A dam](/images/x.png)\n\n![A boat](y.png)"
    site.write("sub/content/europe/a.md", f"---\ntitle: A\ndate: 2025-12-01\n---\n{text}\n")
    os.symlink("../../../photos/y.png", site.folder / "sub/content/europe/y.png")
    twins.check()
    twins.check()
    assert twins.glances == 1
    LINKED[what](site)
    twins.check()
    assert twins.glances == 1
    twins.check()


@pytest.mark.parametrize("text", ["![A](../)", "![A](/..)", "![A](/)", "![A](/static)", "![A](/images)", "![A](.)"])
def test_a_picture_that_is_a_folder_is_none_and_nobody_looks_around_in_it(twins: Twins, text: str) -> None:
    """Above all not above the site folder: a preview would look at everything there, again and again."""
    site = twins.site.story("a.md", text, region="europe").write("images/deep/x.txt", "x").write("static/a.txt", "a")
    (site.folder.parent / "neighbour/deep").mkdir(parents=True)
    assert twins.check().codes() == ["missing-picture"]
    walked: list[str] = []

    class Walking(Later):
        def walk(self, folders: Sequence[str]) -> Walk:
            found = super().walk(folders)
            walked.extend(found.places)
            return found

    request = Request(site=str(site.folder), now=NOW, base_url="https://p.example/", drafts=True, future=True, jobs=1)
    desk = Desk(Walking(str(site.folder)), lambda: request, work.Crew(1, work.Inline))
    lookout = Lookout(desk)
    desk.refresh()
    desk.settle()
    lookout.changed()
    ours = tuple(str(site.folder / name) for name in ("content", "static", "templates", "config.yaml"))
    others = (str(themeplace.theme_folder()), str(site.folder / "none"))
    assert walked
    assert [place for place in walked if not place.startswith((*ours, *others))] == []


@pytest.mark.parametrize("text", ["![A](a%00b.png)", "![A](/a%00b.png)", "![A](%00)"])
def test_a_picture_that_no_file_can_be_called_is_one_that_is_not_there(twins: Twins, text: str) -> None:
    twins.site.story("europe/a.md", text).story("europe/b.md")
    for _ in range(2):
        assert set(twins.check().codes()) == {"missing-picture"}
    assert twins.glances == 1
    twins.site.story("europe/a.md", "Mended.")
    assert twins.check().codes() == []
