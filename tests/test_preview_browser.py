"""The preview in a real browser: what changes without a reload, what with one, and what is laid over the page."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from newsroom import Site
from previewing import PATIENCE, Running, previewed

pytestmark = pytest.mark.browser
STORY = "/europe/2026/01/story-1/"
LONG = "\n\n".join(f"Paragraph {n} of a long story that one has to scroll through." for n in range(60))


@pytest.fixture
def paper(site: Site) -> Site:
    site.configure("images: {widths: [24], formats: [jpeg]}\n")
    for n in range(4):
        site.story(f"europe/story-{n}.md", LONG, date=f"2026-01-0{n + 1}")
    return site.story("asia/elsewhere.md", date="2026-01-03")


@contextmanager
def opened(browser: Any, preview: Running, address: str) -> Iterator[Any]:
    """A page of the preview in a tab of its own; what the browser complains of fails the test."""
    context = browser.new_context(viewport={"width": 900, "height": 600})
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(preview.origin + address)
    page.wait_for_selector("broadsheet-preview", state="attached")
    page.evaluate("window.same = true")
    try:
        yield page
        assert not [text for text in complaints if "Failed to load resource" not in text], complaints
    finally:
        context.close()


def waits_for(page: Any, expression: str) -> None:
    """Wait until an expression holds on the page, also over a reload; the page's own policy forbids what Playwright has
    for that. While a page comes in, it has no body yet: its expression is asked once all of it is there."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            if page.evaluate(f"document.readyState !== 'loading' && ({expression})"):
                return
        except Exception as error:
            if "navigation" not in str(error) and "destroyed" not in str(error):
                raise
        assert time.monotonic() < end, f"never: {expression}; {page.content()[:2000]}"
        page.wait_for_timeout(20)


def not_reloaded(page: Any) -> bool:
    return bool(page.evaluate("window.same === true"))


def hide(page: Any, hidden: bool) -> None:
    """As when another tab comes before it, and goes."""
    value = "true" if hidden else "false"
    page.evaluate(f"Object.defineProperty(document, 'hidden', {{value: {value}, configurable: true}})")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_an_edit_changes_the_page_in_place(browser: Any, paper: Site) -> None:
    with previewed(paper) as preview, opened(browser, preview, STORY) as page:
        page.evaluate("scrollTo(0, 900)")
        page.evaluate("window.kept = document.querySelectorAll('.text p')[5]")
        paper.edit("content/europe/story-1.md", "Paragraph 40 of", "A kangaroo in")
        waits_for(page, "document.body.innerText.includes('A kangaroo in')")
        assert not_reloaded(page)
        assert page.evaluate("scrollY") == 900
        assert page.evaluate("window.kept.isConnected"), "paragraphs that say the same are left alone"
        count = page.evaluate("document.querySelectorAll('.text p').length")
        paper.edit("content/europe/story-1.md", "A kangaroo in", "A new paragraph\n\nand a cassowary in")
        waits_for(page, "document.body.innerText.includes('a cassowary in')")
        assert page.evaluate("document.querySelectorAll('.text p').length") == count + 1
        assert not_reloaded(page)


def test_a_save_that_changes_nothing_visible_changes_nothing(browser: Any, paper: Site) -> None:
    with previewed(paper) as preview, opened(browser, preview, STORY) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        paper.edit("content/europe/story-1.md", "date:", "# a comment for colleagues\ndate:")
        paper.write("content/europe/unrelated.txt", "unrelated")
        paper.edit("content/asia/elsewhere.md", "A few words", "Some other words")
        preview.shows("/asia/2026/01/elsewhere/", "Some other words")
        page.wait_for_timeout(700)
        assert not [url for url in asked if ".broadsheet/" not in url]
        assert not_reloaded(page)


def test_the_stylesheet_is_swapped_without_a_reload(browser: Any, paper: Site) -> None:
    with previewed(paper) as preview, opened(browser, preview, STORY) as page:
        page.evaluate("scrollTo(0, 500)")
        style = "body { background: rgb(1, 2, 3) }\np { min-height: 4rem }\n"
        paper.write("templates/partials/style.css", style)
        waits_for(page, "getComputedStyle(document.body).backgroundColor === 'rgb(1, 2, 3)'")
        paper.write("templates/partials/style.css", style.replace("1, 2, 3", "4, 5, 6"))
        waits_for(page, "getComputedStyle(document.body).backgroundColor === 'rgb(4, 5, 6)'")
        assert not_reloaded(page)


def test_a_rail_that_a_script_refreshed_is_left_to_it(browser: Any, paper: Site) -> None:
    paper.configure("rails: {explore: {mode: shared, limit: 3}}\n")
    with previewed(paper) as preview, opened(browser, preview, "/europe/2026/01/story-0/") as page:
        waits_for(page, "document.querySelectorAll('.explore li').length === 3")
        paper.edit("content/europe/story-0.md", "Paragraph 4 of", "A bandicoot in")
        waits_for(page, "document.body.innerText.includes('A bandicoot in')")
        assert not_reloaded(page)
        assert page.evaluate("document.querySelectorAll('.explore li').length") == 3
        paper.story("europe/fresh.md", title="A fresh headline", date="2026-01-10")
        waits_for(page, "document.querySelector('.explore').innerText.includes('A fresh headline')")


def test_another_script_reloads_and_keeps_the_place(browser: Any, paper: Site) -> None:
    with previewed(paper) as preview, opened(browser, preview, STORY) as page:
        page.evaluate("scrollTo(0, 700)")
        with page.expect_navigation():  # to ask a page that is going may never be answered
            paper.configure("rails: {explore: {mode: shared, limit: 3}}\n")
        waits_for(page, "window.same === undefined && document.querySelector('script[src*=explore]')")
        waits_for(page, "scrollY === 700")


def test_errors_lie_over_the_page_as_text_and_go_with_the_next_good_save(browser: Any, paper: Site) -> None:
    with previewed(paper, editor="vscode") as preview, opened(browser, preview, STORY) as page:
        bad = "titel: <img src=x onerror=window.hacked=1>\ntitle:"
        paper.edit("content/europe/story-1.md", "title:", bad)
        box = page.locator("broadsheet-preview .errors")
        box.wait_for()
        told = box.inner_text()
        assert "content/europe/story-1.md:2:1" in told
        assert "<img src=x onerror=window.hacked=1>" in told
        assert "Did you mean" in told
        assert "^" in told
        href = page.locator("broadsheet-preview .errors a").get_attribute("href")
        assert href == f"vscode://file{paper.folder}/content/europe/story-1.md:2:1"
        assert page.evaluate("window.hacked") is None
        assert "Paragraph 40" in page.inner_text("main")
        paper.edit("content/europe/story-1.md", bad, "title:")
        box.wait_for(state="detached")
        assert not_reloaded(page)


def test_drafts_are_labelled_on_the_page_and_in_lists(browser: Any, paper: Site) -> None:
    assert paper.build().ok
    paper.story("europe/secret.md", title="Not yet", draft=True, date="2026-01-05")
    with previewed(paper) as preview, opened(browser, preview, "/europe/") as page:
        page.locator("main broadsheet-label").first.wait_for()
        labels = (
            "[...document.querySelectorAll('main a')].filter((a) => a.nextSibling?.nodeName === 'BROADSHEET-LABEL')"
        )
        assert page.evaluate(f"{labels}.map((a) => a.textContent + '|' + a.nextSibling.textContent)") == [
            "Not yet|Draft"
        ]
        assert "1 draft" in page.locator("broadsheet-preview summary").inner_text()
        page.goto(preview.origin + "/europe/2026/01/secret/")
        page.locator("h1 broadsheet-label").wait_for()
        assert page.locator("broadsheet-preview summary b").inner_text() == "Draft"
        paper.edit("content/europe/secret.md", "draft: true", "draft: false")
        waits_for(page, "document.querySelector('h1 broadsheet-label')?.textContent === 'Not on the live site yet'")


def test_a_page_that_comes_into_being_shows_where_it_was_missing(browser: Any, paper: Site) -> None:
    with previewed(paper) as preview, opened(browser, preview, "/asia/2026/01/fresh/") as page:
        paper.story("asia/fresh.md", "It is here.", date="2026-01-04")
        waits_for(page, "document.body.innerText.includes('It is here.')")
        paper.remove("content/asia/fresh.md")
        waits_for(page, "!document.body.innerText.includes('It is here.')")


def test_the_browser_is_led_to_the_page_of_what_was_saved(browser: Any, paper: Site) -> None:
    with previewed(paper, navigate=True) as preview, opened(browser, preview, STORY) as page:
        paper.edit("content/europe/story-2.md", "Paragraph 7 of", "A potoroo in")
        page.wait_for_url("**/story-2/")
        waits_for(page, "document.body.innerText.includes('A potoroo in')")
        paper.story("asia/fresh.md", "It is new.", date="2026-01-04")
        page.wait_for_url("**/asia/2026/01/fresh/")


@pytest.mark.slow
def test_a_page_that_was_hidden_is_led_when_it_is_back_and_going_back_stays(browser: Any, paper: Site) -> None:
    with previewed(paper, navigate=True) as preview, opened(browser, preview, STORY) as page:
        hide(page, True)
        paper.edit("content/europe/story-2.md", "Paragraph 7 of", "A potoroo in")
        preview.shows("/europe/2026/01/story-2/", "A potoroo in")
        page.wait_for_timeout(500)
        assert page.url.endswith(STORY)
        hide(page, False)
        page.wait_for_url("**/story-2/")
        page.go_back()
        waits_for(page, "!document.hidden && document.querySelector('broadsheet-preview')")
        page.wait_for_timeout(1000)
        assert page.url.endswith(STORY), "who goes back is left there"


def test_a_page_catches_up_after_the_server_was_away(browser: Any, paper: Site) -> None:
    with previewed(paper) as preview, opened(browser, preview, STORY) as page:
        hide(page, True)
        paper.edit("content/europe/story-1.md", "Paragraph 3 of", "A dunnart in")
        preview.shows(STORY, "A dunnart in")
        assert "A dunnart in" not in page.inner_text("main"), "a hidden page holds no connection"
        hide(page, False)
        waits_for(page, "document.body.innerText.includes('A dunnart in')")
        assert not_reloaded(page)


def test_the_page_runs_the_one_script_and_no_other(browser: Any, paper: Site) -> None:
    paper.write(
        "templates/partials/after_article.html", "<script>window.ran = 1</script><script src='/other.js'></script>"
    )
    paper.write("static/other.js", "window.ran = 2")
    with previewed(paper) as preview:
        context = browser.new_context()
        page = context.new_page()
        page.goto(preview.origin + STORY)
        page.locator("broadsheet-preview summary").wait_for()
        assert page.evaluate("window.ran") is None
        context.close()


def test_a_linked_stylesheet_is_swapped_without_a_reload(browser: Any, paper: Site) -> None:
    paper.configure("csp: {allow: [\"style-src 'self'\"]}\nimages: {widths: [24], formats: [jpeg]}\n")
    paper.write("templates/partials/head.html", '<link rel="stylesheet" href="/own.css">\n')
    paper.write("static/own.css", "body { outline: 1px solid rgb(1, 2, 3) }\np { min-height: 4rem }\n")
    with previewed(paper) as preview, opened(browser, preview, STORY) as page:
        waits_for(page, "getComputedStyle(document.body).outlineColor === 'rgb(1, 2, 3)'")
        page.evaluate("scrollTo(0, 800)")
        paper.edit("static/own.css", "rgb(1, 2, 3)", "rgb(4, 5, 6)")
        waits_for(page, "getComputedStyle(document.body).outlineColor === 'rgb(4, 5, 6)'")
        hide(page, True)
        paper.edit("static/own.css", "rgb(4, 5, 6)", "rgb(7, 8, 9)")
        preview.shows("/own.css", "rgb(7, 8, 9)")
        hide(page, False)
        waits_for(page, "getComputedStyle(document.body).outlineColor === 'rgb(7, 8, 9)'")
        assert not_reloaded(page)
        assert page.evaluate("scrollY") == 800


def test_the_bar_lists_what_differs_from_the_live_site(browser: Any, paper: Site) -> None:
    paper.story("europe/gone.md", title="Gone", date="2026-01-06")
    assert paper.build().ok
    paper.remove("content/europe/gone.md")
    paper.story("europe/later.md", title="Later <b>on</b>", date="2026-02-01T06:00")
    with previewed(paper, editor="vscode") as preview, opened(browser, preview, STORY) as page:
        bar = page.locator("broadsheet-preview .bar")
        page.get_by_text("1 scheduled, 1 taken away").wait_for()
        assert "not what readers have" in bar.inner_text()
        bar.locator("summary").click()
        assert bar.locator("li").all_inner_texts() == [
            "Later <b>on</b> – Scheduled for 2026-02-01 06:00",
            "/europe/2026/01/gone/",
        ]
        source = bar.locator("p a")
        assert source.inner_text() == "content/europe/story-1.md"
        assert source.get_attribute("href") == f"vscode://file{paper.folder}/content/europe/story-1.md:1:1"
        bar.locator("li a").click()
        page.wait_for_url("**/europe/2026/02/later/")
        page.evaluate("window.same = true")
        assert page.locator("h1 broadsheet-label").inner_text() == "Scheduled for 2026-02-01 06:00"


def test_all_errors_of_a_site_that_never_worked_are_shown_and_then_the_page(browser: Any, paper: Site) -> None:
    config = (paper.folder / "config.yaml").read_text()
    paper.write("config.yaml", "site: {titel: Oh, base_uri: Oh}\n")
    with previewed(paper) as preview, opened(browser, preview, STORY) as page:
        page.locator("broadsheet-preview .errors").wait_for()
        told = page.locator("broadsheet-preview .errors").inner_text()
        assert "titel" in told
        assert "base_uri" in told
        paper.write("config.yaml", config)
        waits_for(page, "document.body.innerText.includes('Paragraph 40')")
        page.locator("broadsheet-preview .errors").wait_for(state="detached")


@pytest.mark.slow
def test_a_closed_overlay_stays_away_until_there_is_another_error(browser: Any, paper: Site) -> None:
    with previewed(paper) as preview, opened(browser, preview, STORY) as page:
        paper.edit("content/europe/story-1.md", "title:", "titel: Oh\ntitle:")
        box = page.locator("broadsheet-preview .errors")
        box.get_by_role("button", name="Close").click()
        box.wait_for(state="detached")
        paper.edit("content/europe/story-2.md", "Paragraph 7 of", "A bilby in")
        preview.shows("/europe/2026/01/story-2/", "A bilby in")
        page.wait_for_timeout(500)
        assert box.count() == 0
        paper.edit("content/europe/story-2.md", "title:", "titel: Oh\ntitle:")
        box.wait_for()
        assert "2 errors" in box.inner_text()
