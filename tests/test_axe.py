"""Every kind of page under axe-core, as a phone and a desktop draw it, by day and by night: WCAG 2.2, A and AA."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
import sample_section
from browsing import served
from examples import some
from sample_section import ARABIC, AT, CORRECTED, FEATURE, OPINION, TALKS, TURKISH

pytestmark = pytest.mark.browser

PAGES = {
    "article": TALKS,
    "feature": FEATURE,
    "opinion": OPINION,
    "corrected": CORRECTED,
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
    "withdrawn": "/turkiye/2024/01/gone/",
    "series": "/series/strait/",
    "year": "/series/strait/2024/",
}
WINDOWS = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 900}}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = """async tags => (await axe.run(document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]}))
    .violations.map(v => `${v.id} (${v.impact}): ${v.help}: ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 150))}`)"""


@pytest.fixture(scope="module")
def axe() -> str:
    """The text of axe-core, from the package that carries it."""
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    site = sample_section.write(tmp_path_factory.mktemp("axe") / "site")
    site.story("turkiye/gone.md", title="Gone", date="2024-01-05", status="withdrawn")
    for n in range(31):  # one more than a series' front shows
        site.story(f"turkiye/part-{n}.md", title=f"Part {n + 1} of the strait", date="2024-02-01", series="Strait")
    site.good(at=AT)
    with served(site.output) as origin:
        yield origin


@pytest.mark.parametrize(
    ("window", "scheme"),
    [  # all windows in all lights in CI
        ("phone", "light"),
        pytest.param("desktop", "dark", marks=pytest.mark.slow),
        pytest.param("phone", "dark", marks=pytest.mark.slow),
        pytest.param("desktop", "light", marks=pytest.mark.slow),
    ],
)
def test_no_page_breaks_a_rule_of_accessibility(browser: Any, axe: str, address: str, window: str, scheme: str) -> None:
    context = browser.new_context(viewport=WINDOWS[window], color_scheme=scheme)
    page = context.new_page()
    found = {}
    for name, path in some(PAGES.items(), 4):
        page.goto(address + path, wait_until="load")
        page.evaluate(axe)  # by the debugger, which the page's policy doesn't bind
        if broken := page.evaluate(_RUN, RULES):
            found[name] = broken
    context.close()
    assert found == {}


def test_the_rules_see_what_is_wrong(browser: Any, axe: str, address: str) -> None:
    context = browser.new_context(viewport=WINDOWS["phone"])
    page = context.new_page()
    page.goto(address + TALKS, wait_until="load")
    page.evaluate("document.querySelector('main img').removeAttribute('alt')")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    page.evaluate(axe)
    broken = page.evaluate(_RUN, RULES)
    context.close()
    assert {finding.split()[0] for finding in broken} >= {"image-alt", "html-has-lang"}
