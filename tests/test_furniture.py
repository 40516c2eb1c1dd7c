"""What stands around stories in a real browser: long words, two directions on one page, words of another language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from browsing import TOO_WIDE, served
from newsroom import Site

pytestmark = pytest.mark.browser

LONG = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz"
STORY = "/r/2025/04/s1/"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    site = Site(tmp_path_factory.mktemp("furniture") / "site")
    site.write("content/authors/ada.md", f"---\nname: Ada {LONG}\n---\nWrites.\n")
    for n in range(9):
        site.story(
            f"r/s{n}.md",
            f"A note.[^1] {LONG}.\n\n[^1]: Below {LONG}.",
            title=f"#{LONG} is everywhere {n}",
            description=f"Why {LONG} is.",
            authors=["ada"],
            topics=[f"The {LONG}"],
            label="opinion",
            date=f"2025-04-{n + 1:02}",
        )
    site.story("az/a.md", "Mətn.", lang="az", label="opinion", kind="live", date="2025-03-01", authors=["ada"])
    site.write("content/ar/_index.md", "---\ntitle: العالم\nlanguage: ar\n---\n")
    site.story(
        "ar/en.md",
        "Words.",
        lang="en",
        title="In English",
        authors=["Jane Roe", "ليلى حسن"],
        label="feature",
        date="2025-04-05",
    )
    rows = ("قناة | 26 km | -5.3%", "خليج | **12** [a](https://e.org/قناة) | ١٢")
    table = "\n".join(("| اسم | بعد | نسبة |", "| --- | --: | --- |", *(f"| {row} |" for row in rows)))
    site.story("ar/a.md", f"نص.\n\n{table}", title="قناة", date="2025-04-04")
    site.story("ar/b.md", "نص.", title="خبر", date="2025-04-03")
    site.good()
    with served(site.output) as origin:
        yield origin


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("width", [320, 760, 1280])
def test_long_words_widen_no_page(page: Any, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for path in (STORY, "/", "/r/", "/r/2025/04/", "/authors/ada/", "/corrections/"):
        page.goto(address + path, wait_until="load")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{path}: {wide} px; {page.evaluate(TOO_WIDE)}"


def test_links_of_notes_are_told_from_text_without_colour(page: Any, address: str) -> None:
    page.goto(address + STORY, wait_until="load")
    line = "getComputedStyle(document.querySelector('.footnote-back')).textDecorationLine"
    assert page.evaluate(line) == "underline"


def test_a_date_on_an_arabic_page_is_read_from_right_to_left_in_an_english_card(page: Any, address: str) -> None:
    page.goto(address + "/ar/", wait_until="load")
    card = page.locator(".card", has_text="In English")
    assert card.locator("h2").evaluate("e => getComputedStyle(e).direction") == "ltr"
    for part in (card.locator("time"), card.locator(".byline")):
        style = part.first.evaluate("e => [getComputedStyle(e).direction, getComputedStyle(e).unicodeBidi]")
        assert style == ["rtl", "isolate"]


def test_numbers_in_an_arabic_table_keep_their_order(page: Any, address: str) -> None:
    page.goto(address + "/ar/2025/04/a/", wait_until="load")
    cells = page.locator("td")
    assert [c.locator("bdi").count() for c in cells.all()] == [0, 1, 1, 0, 1, 0]
    assert cells.nth(2).locator("bdi").evaluate("e => getComputedStyle(e).direction") == "ltr"
    assert cells.nth(2).inner_text() == "-5.3%"


def test_english_words_of_the_interface_have_english_capitals_on_an_azerbaijani_page(page: Any, address: str) -> None:
    page.goto(address + "/az/2025/03/a/", wait_until="load")
    assert page.locator("article .label").all_inner_texts()[:2] == ["OPINION", "LIVE"]
    page.goto(address + STORY, wait_until="load")
    assert page.locator("article .label bdi").count() == 0


def test_the_name_of_an_arabic_section_says_its_language_wherever_it_stands(page: Any, address: str) -> None:
    page.goto(address + "/ar/2025/04/en/", wait_until="load")
    assert page.locator("html").get_attribute("lang") == "en"
    links = page.locator("main a, .explore a, footer a, .masthead a", has_text="العالم")
    assert links.count() >= 4  # the section's, the kicker, more of it, the crumb
    for link in links.all():
        assert link.evaluate("e => e.lang || e.querySelector('[lang]')?.lang") == "ar"
