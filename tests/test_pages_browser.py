"""Finished pages in a real browser: narrow and wide, light and dark, in three scripts, with and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
import sample_section
from browsing import TOO_WIDE, served
from examples import some
from sample_section import ARABIC, AT, HEADLINES, OPINION, TALKS, TURKISH

pytestmark = pytest.mark.browser

PAGES = {
    "article": TALKS,
    "opinion": OPINION,
    "turkish": TURKISH,
    "arabic": ARABIC,
    "home": "/",
    "region": "/turkiye/",
    "arabic region": "/mashreq/",
    "month": "/turkiye/2025/04/",
    "topic": "/topics/city/",
    "author": "/authors/elif/",
    "corrections": "/corrections/",
    "plain": "/about/",
    "404": "/404.html",
}


# The two modes of the Explore rail. What has nothing to do with the rail is looked at in both by CI alone.
BOTH = pytest.mark.parametrize("address", ["inline", "shared"], indirect=True)


@pytest.fixture(scope="module", params=["shared", pytest.param("inline", marks=pytest.mark.slow)])
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a server shows the section, "http://127.0.0.1:port"; once for each mode of the Explore rail."""
    site = sample_section.write(tmp_path_factory.mktemp("browser") / "site", mode=request.param)
    site.good(at=AT)
    with served(site.output) as origin:
        yield origin


class Seen(NamedTuple):
    page: Any
    complaints: list[str]  # errors on the console, failed requests, requests to other hosts


@pytest.fixture
def show(browser: Any, address: str) -> Iterator[Any]:
    """show(path, width=…, dark=…, script=…) opens a page and watches it."""
    contexts = []

    def open_page(path: str, width: int = 1280, dark: bool = False, script: bool = True) -> Seen:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
        )
        contexts.append(context)
        page = context.new_page()
        complaints: list[str] = []
        page.on(
            "console", lambda m: complaints.append(f"console: {m.text}") if m.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
        page.on(
            "requestfailed",
            lambda request: (
                complaints.append(f"failed: {request.url}")
                if request.failure != "net::ERR_ABORTED"  # by going to the next page
                else None
            ),
        )
        page.on(
            "request",
            lambda request: (
                complaints.append(f"other host: {request.url}")
                if not request.url.startswith(address) and not request.url.startswith("data:")
                else None
            ),
        )
        page.on("response", lambda r: complaints.append(f"{r.status}: {r.url}") if r.status >= 400 else None)
        page.goto(address + path, wait_until="load")
        return Seen(page, complaints)

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize(
    ("width", "dark"),
    [
        (320, True),
        (1280, False),
        *(
            pytest.param(*pair, marks=pytest.mark.slow)
            for pair in [(320, False), (360, True), (360, False), (1280, True)]
        ),
    ],
)
def test_pages_fit_their_window_and_complain_about_nothing(show: Any, address: str, width: int, dark: bool) -> None:
    page, complaints = show("/", width=width, dark=dark)
    for name, path in some(PAGES.items(), 4):
        page.goto(address + path, wait_until="load")
        assert complaints == [], name
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{name}: {wide} px wide; {page.evaluate(TOO_WIDE)}"


_CONTRAST = """() => {
    const light = c => { const v = c.match(/[\\d.]+/g).slice(0, 3).map(x => x / 255)
        .map(x => x <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4); return .2126*v[0] + .7152*v[1] + .0722*v[2] }
    const behind = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor
        if (!/, 0\\)|transparent/.test(c)) return c } return getComputedStyle(document.documentElement).colorScheme
        .includes("dark") && matchMedia("(prefers-color-scheme: dark)").matches ? "rgb(18,18,18)" : "rgb(255,255,255)" }
    return ["h1", ".text p", ".standfirst", ".kicker", ".explore a", ".foot a"].map(s => document.querySelector(s))
        .filter(e => e).map(e => { const a = light(getComputedStyle(e).color), b = light(behind(e))
        return (Math.max(a, b) + .05) / (Math.min(a, b) + .05) })
}"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_text_stands_out_from_what_is_behind_it(show: Any, dark: bool) -> None:
    page, _ = show(TALKS, dark=dark)
    ratios = page.evaluate(_CONTRAST)
    assert len(ratios) >= 5
    assert min(ratios) >= 4.5, ratios


def test_dark_pages_are_dark(show: Any) -> None:
    colours = [
        show(TALKS, dark=dark).page.evaluate("getComputedStyle(document.querySelector('h1')).color")
        for dark in (False, True)
    ]
    assert colours[0] != colours[1]


def test_a_turkish_kicker_has_turkish_capitals(show: Any) -> None:
    for path, words in ((TALKS, "TÜRKİYE"), (TURKISH, "İSTANBUL HABERLERİ")):
        page, _ = show(path)
        kicker = page.locator("article .kicker a").first
        assert kicker.inner_text() == words  # as drawn, that is after text-transform
        assert kicker.text_content() != words


def test_an_arabic_page_runs_from_right_to_left_with_its_rail_on_the_left(show: Any) -> None:
    def left_edges(path: str) -> tuple[float, float]:
        page, _ = show(path)
        return tuple(page.locator(s).first.bounding_box()["x"] for s in ("main article", ".explore"))  # type: ignore[return-value]

    story, rail = left_edges(ARABIC)
    assert rail < story
    story, rail = left_edges(TALKS)
    assert story < rail
    page, _ = show(ARABIC)
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).direction") == "rtl"
    box = page.locator("article p").last.bounding_box()
    assert box["x"] + box["width"] > 640


@BOTH
@pytest.mark.parametrize("path", some([TALKS, "/", ARABIC, "/turkiye/"], 4))
def test_everything_works_without_javascript(show: Any, path: str) -> None:
    page, complaints = show(path, script=False)
    assert complaints == []
    assert page.locator("h1").inner_text()
    if path in (TALKS, ARABIC):
        assert page.locator("[itemprop], .text p").count() >= 4
        assert page.locator("aside.recommended a").is_visible()
    links = page.locator("main a").all()
    assert links
    assert all((link.get_attribute("href") or "#") != "#" for link in links)


def test_the_skip_link_leads_to_the_story_by_keyboard(show: Any) -> None:
    page, _ = show(TALKS)
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.className")
    assert "skip" in focused
    box = page.locator(".skip").bounding_box()
    assert box["x"] >= 0
    assert box["y"] >= 0
    page.keyboard.press("Enter")
    page.wait_for_url("**#main")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_focus_is_always_to_be_seen(show: Any) -> None:
    page, _ = show(TALKS)
    for _ in range(8):
        page.keyboard.press("Tab")
        drawn = page.evaluate(
            "(s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0)"
            "(getComputedStyle(document.activeElement))"
        )
        assert drawn, page.evaluate("document.activeElement.outerHTML")


def test_the_lead_picture_is_drawn_without_moving_what_follows(show: Any) -> None:
    page, _ = show(TALKS, width=360)
    assert page.evaluate("document.querySelector('article img').naturalWidth") > 300
    moved = page.evaluate(
        """() => new Promise(done => { let sum = 0
        new PerformanceObserver(list => { for (const e of list.getEntries()) sum += e.value })
            .observe({type: "layout-shift", buffered: true}); setTimeout(() => done(sum), 300) })"""
    )
    assert moved < 0.02


@BOTH
def test_the_rail_is_the_latest_headlines_with_a_script_and_good_without(show: Any) -> None:
    newest = "Tombstones tell of a game for kings"
    page, _ = show("/turkiye/2025/04/news-14/")
    page.locator(".explore li a", has_text=newest).wait_for(timeout=5000)
    hrefs = [link.get_attribute("href") for link in page.locator(".explore li a").all()]
    assert page.locator(".explore li a").first.inner_text() == newest
    assert "/turkiye/2025/04/news-14/" not in hrefs
    assert 14 <= len(hrefs) <= 15
    page, _ = show("/turkiye/2025/04/news-15/", script=False)
    assert page.locator(".explore li").count() == 15
    assert page.locator(".explore li a").nth(2).inner_text() in HEADLINES


@pytest.mark.slow
def test_the_script_leaves_an_arabic_rail_as_many_headlines_as_it_had(show: Any) -> None:
    for script in (False, True):
        page, _ = show(ARABIC, script=script)
        page.set_viewport_size({"width": 1280, "height": 2000})  # all of the rail is in view
        page.reload(wait_until="networkidle")
        assert page.locator(".explore li").count() == 15


def test_narrow_pages_put_the_story_before_the_rail(show: Any) -> None:
    page, _ = show(TALKS, width=360)
    story, rail = (page.locator(s).first.bounding_box() for s in ("main article", ".explore"))
    assert rail["y"] >= story["y"] + story["height"]
