"""How pages are drawn where their words are long or of another script, their sections many, their pictures tall."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from browsing import TOO_WIDE, served
from newsroom import Site, png

pytestmark = pytest.mark.browser

LONG = "Grundstücksverkehrsgenehmigungszuständigkeit"
SECTIONS = 14
STORY, TALL = "/s0/2025/04/first/", "/s0/2025/04/tall/"
BETWEEN = "/s0/2025/04/third/"  # two Arabic stories
HEBREW = "/hebrew/2025/05/h0/"
THAI = "/thai/2025/04/th/"
ARABIC = "/arabic/"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    site = Site(tmp_path_factory.mktemp("look") / "site")
    for n in range(SECTIONS):
        title = LONG if n == SECTIONS - 1 else f"Wirtschaft {n:02}"
        site.write(f"content/s{n}/_index.md", f"---\ntitle: {title}\norder: {n + 1}\n---\n")
        site.story(f"s{n}/first.md", "Text.", title=f"Das {LONG}", description=LONG, date="2025-04-01")
    site.edit("content/s0/first.md", "---\nText.", f"kicker: {LONG}\n---\nText.")
    arabic: dict[str, Any] = {"lang": "ar", "label": "feature", "authors": ["Jane Roe"]}
    site.story("s0/second.md", "نص.", title="محادثات", date="2025-04-02", **arabic)
    site.story("s0/third.md", "Text.", title="Between", date="2025-04-03")
    site.story("s0/fourth.md", "نص.", title="جولة", date="2025-04-04", **arabic)
    site.write("content/s0/tall.png", png(600, 900))
    picture = {"src": "tall.png", "alt": "A tower", "caption": "The tower"}
    site.story("s0/tall.md", "Text. " * 200, image=picture, date="2025-04-05")
    _others(site)
    site.good()
    with served(site.output) as origin:
        yield origin


def _others(site: Site) -> None:
    """Sections in Hebrew and Thai, for which the theme has no words, and in Arabic, with a story in English."""
    for name, language in (("hebrew", "he"), ("thai", "th"), ("arabic", "ar")):
        site.write(f"content/{name}/_index.md", f"---\ntitle: The {name}\nlanguage: {language}\norder: 90\n---\n")
    for n in range(2):
        site.story(
            f"hebrew/h{n}.md",
            "טקסט.",
            title=f"כותרת {n}",
            date=f"2025-05-0{n + 1}",
            corrections=[{"date": "2025-05-09", "kind": "correction", "text": "תשע."}],
        )
    site.story("thai/th.md", "ข้อความ", title="ผู้ใหญ่บ้าน", label="opinion", date="2025-04-01")
    english: dict[str, Any] = {"lang": "en", "label": "feature", "authors": ["Jane Roe"]}
    site.story("arabic/en.md", "Words.", title="In English", date="2025-04-05", **english)
    for n in range(2):
        site.story(f"arabic/a{n}.md", "نص.", title=f"خبر {n}", date=f"2025-04-0{n + 6}")


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_long_names_of_sections_and_kickers_widen_no_page(page: Any, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for path in (
        STORY,
        f"/s{SECTIONS - 1}/2025/04/first/",
        f"/s{SECTIONS - 1}/",
        f"/s{SECTIONS - 1}/2025/04/",
        "/404.html",
    ):
        page.goto(address + path, wait_until="load")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{path}: {wide} px; {page.evaluate(TOO_WIDE)}"


@pytest.mark.parametrize("width", [704, 1024, 1920])
def test_every_section_of_the_masthead_is_in_view_on_wider_screens(page: Any, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address + STORY, wait_until="load")
    row = page.locator(".masthead nav").bounding_box()
    for section in page.locator(".masthead li a").all():
        box = section.bounding_box()
        assert row["x"] - 1 <= box["x"]
        assert box["x"] + box["width"] <= row["x"] + row["width"] + 1


def test_the_ring_of_a_focused_section_is_whole_and_clear_of_the_fade_on_a_phone(page: Any, address: str) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(address + STORY, wait_until="load")
    row = page.locator(".masthead ul").bounding_box()
    page.locator(".name a").first.focus()
    for n in range(SECTIONS - 1):
        page.keyboard.press("Tab")
        section = page.locator(".masthead li a").nth(n)
        assert section.evaluate("e => e === document.activeElement")
        style = section.evaluate("e => (s => [s.outlineOffset, s.outlineWidth].map(parseFloat))(getComputedStyle(e))")
        assert page.evaluate("getComputedStyle(document.querySelector('.masthead ul')).maskImage") == "none"
        assert sum(style) <= 0  # within its own box, and so within the row
        box = section.bounding_box()
        assert box["x"] >= row["x"]
        assert box["x"] + box["width"] <= row["x"] + row["width"] + 1


def test_only_the_current_section_has_a_rule_when_the_reader_chooses_the_colours(page: Any, address: str) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(address + STORY, wait_until="load")
    ruled = "e => parseFloat(getComputedStyle(e).borderBottomWidth) > 0"
    sections = page.locator(".masthead li a").all()
    assert [s.inner_text() for s in sections if s.evaluate(ruled)] == ["Wirtschaft 00"]
    heights = "new Set([...document.querySelectorAll('.masthead li a')].map(e => e.offsetHeight)).size"
    page.goto(address + "/s1/", wait_until="load")
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate(heights) == 1  # the rule is no taller than the room kept for it


def _dot(page: Any, card: Any) -> tuple[float, float, float]:
    """The middles of a card's byline, its dot and its date, from left to right of the page."""
    byline, date = (card.locator(s).bounding_box() for s in (".byline", "time"))
    style = "e => (s => [parseFloat(s.left), parseFloat(s.width)])(getComputedStyle(e, '::before'))"
    left, width = card.locator("time").evaluate(style)
    return byline["x"] + byline["width"] / 2, date["x"] + left + width / 2, date["x"] + date["width"] / 2


def test_the_dot_between_byline_and_date_is_between_them_in_a_card_of_the_other_direction(
    page: Any, address: str
) -> None:
    page.goto(address + ARABIC, wait_until="load")
    byline, dot, date = _dot(page, page.locator(".card", has_text="In English"))
    assert byline < dot < date
    page.goto(address + "/s0/", wait_until="load")
    byline, dot, date = _dot(page, page.locator(".card", has_text="جولة"))
    assert byline > dot > date


def test_a_byline_in_a_rail_is_on_the_side_of_its_headline(page: Any, address: str) -> None:
    page.goto(address + "/arabic/2025/04/a0/", wait_until="load")
    line = page.locator(".explore li", has_text="In English")
    assert line.evaluate("e => getComputedStyle(e).direction") == "ltr"
    box, byline = line.bounding_box(), line.locator(".byline").bounding_box()
    assert byline["x"] == pytest.approx(box["x"], abs=1)
    assert byline["width"] < box["width"] / 2  # as wide as its words


def test_titles_of_the_other_direction_go_to_their_own_side_in_links_to_neighbours(page: Any, address: str) -> None:
    page.goto(address + BETWEEN, wait_until="load")
    for rel in ("prev", "next"):
        place, title = (page.locator(s).bounding_box() for s in (f".turn .{rel}", f".turn .{rel} a"))
        assert title["x"] + title["width"] == pytest.approx(place["x"] + place["width"], abs=1)
    page.goto(address + "/arabic/2025/04/a0/", wait_until="load")
    place, title = (page.locator(s).bounding_box() for s in (".turn .prev", ".turn .prev a"))
    assert title["x"] == pytest.approx(place["x"], abs=1)


_LEFT_TO_RIGHT = """([root, first, second]) => {
    const place = words => {
        const all = document.createTreeWalker(document.querySelector(root), NodeFilter.SHOW_TEXT);
        for (let n; (n = all.nextNode());) { const at = n.data.indexOf(words); if (at < 0) continue;
            const r = new Range(); r.setStart(n, at); r.setEnd(n, at + words.length);
            return r.getBoundingClientRect().x } };
    return place(first) < place(second) }"""


def test_english_words_of_the_interface_run_from_left_to_right_on_a_hebrew_page(page: Any, address: str) -> None:
    page.goto(address + HEBREW, wait_until="load")
    for root, first, second in ((".minutes", "1", "min read"), (".explore .more", "More from", "The hebrew")):
        assert page.evaluate(_LEFT_TO_RIGHT, [root, first, second])
        assert page.locator(f"{root} [lang=en]").count()
    page.goto(address + "/hebrew/2025/05/", wait_until="load")
    assert page.evaluate(_LEFT_TO_RIGHT, [".minutes", "2", "stories"])


def test_a_hebrew_date_is_in_one_piece_whatever_stands_before_it(page: Any, address: str) -> None:
    page.goto(address + HEBREW, wait_until="load")
    from_right = ["Correction", "9", "במאי", "2025"]
    for later, sooner in pairwise(from_right):
        assert page.evaluate(_LEFT_TO_RIGHT, [".corrections p", sooner, later]), (later, sooner)


def test_headlines_and_texts_below_them_are_hyphenated_where_words_are_long(page: Any, address: str) -> None:
    page.goto(address + STORY, wait_until="load")
    for part in ("h1", ".standfirst"):
        assert page.locator(part).evaluate("e => getComputedStyle(e).hyphens") == "auto"
    page.goto(address + "/s0/", wait_until="load")
    for part in (".card h2", ".dek"):
        assert page.locator(part).first.evaluate("e => getComputedStyle(e).hyphens") == "auto"


@pytest.mark.parametrize("size", [(1280, 900), (768, 1024)])
def test_a_picture_taller_than_wide_leaves_room_for_the_story_and_moves_nothing(
    page: Any, address: str, size: tuple[int, int]
) -> None:
    held: list[Any] = []
    page.route("**/*.{png,jpg,jpeg,webp,avif}", lambda route: held.append(route))  # noqa: PLW0108  # a bound method has no attributes
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(address + TALL, wait_until="domcontentloaded")
    before = page.locator("figure.lead img").bounding_box()
    while not held:
        page.wait_for_timeout(20)
    for route in held:
        route.continue_()
    while not page.locator("figure.lead img").evaluate("e => e.naturalWidth"):
        page.wait_for_timeout(20)
    box = page.locator("figure.lead img").bounding_box()
    assert box == before
    assert box["height"] <= 0.7 * size[1] + 1
    assert box["width"] / box["height"] == pytest.approx(600 / 900, rel=0.01)


def test_headlines_in_thai_stand_upright_and_have_room_for_their_marks(page: Any, address: str) -> None:
    page.goto(address + THAI, wait_until="load")
    found = page.locator("h1").evaluate(
        "e => (s => [s.fontStyle, parseFloat(s.lineHeight) / parseFloat(s.fontSize)])(getComputedStyle(e))"
    )
    assert found[0] == "normal"
    assert found[1] >= 1.3
