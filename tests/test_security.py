"""What a page lets a browser do: its policy, the host's headers, and what an owner adds to both."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from pathlib import Path
from typing import Any

import html5lib
import pytest
import sample_section
from browsing import served
from hypothesis import given
from hypothesis import strategies as st
from newsroom import Site, png
from sample_section import AT

from broadsheet import config, policy
from broadsheet.themeplace import theme_folder

FIXED = {
    "default-src": ["'none'"],
    "img-src": ["'self'"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "manifest-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
}


@pytest.fixture(scope="module", params=["inline", "shared"])
def section(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = sample_section.write(tmp_path_factory.mktemp("security") / "site", mode=request.param)
    site.write("content/haberler/_index.md", "---\ntitle: İstanbul haberleri\nlanguage: tr\naliases: []\n---\n")
    site.edit("content/pages/about.md", "title: About us", "title: About us\naliases: [/who/]")
    site.write("content/haberler/_index.md", "---\ntitle: İstanbul haberleri\nlanguage: tr\norder: 3\n---\n")
    site.good(at=AT)
    return site


def pages(site: Site) -> dict[str, str]:
    """Every page by its path; fragments are text files."""
    return {path: data.decode() for path, data in site.tree().items() if path.endswith(".html")}


def parsed(text: str) -> dict[str, list[str]]:
    """A policy as directive -> sources. Fails where a directive stands twice: browsers would drop the second."""
    found: dict[str, list[str]] = {}
    for part in text.split(";"):
        name, *sources = part.split()
        assert name not in found, text
        found[name] = sources
    return found


def of_page(text: str) -> dict[str, list[str]]:
    (written,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', text)
    return parsed(html.unescape(written))


def of_headers(site: Site | str) -> dict[str, dict[str, str]]:
    """The `_headers` file (of a site, or its text) as path -> header -> value."""
    text = site if isinstance(site, str) else (site.output / "_headers").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = {}
    path = ""
    for line in text.splitlines():
        if line.startswith("  "):
            name, _, value = line.strip().partition(": ")
            assert name not in found[path]
            found[path][name] = value
        else:
            path = line
            assert path.startswith("/")
            found[path] = {}
    return found


def hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


# --- pages ---------------------------------------------------------------------------------------------------------


def test_every_page_begins_with_its_policy(section: Site) -> None:
    found = pages(section)
    assert len(found) > 20
    for path, text in found.items():
        before = text[: text.index('<meta http-equiv="Content-Security-Policy"')]
        assert not re.search("<(link|style|script|img|body|title)", before), path
        assert "\0" not in text, path


def test_a_policy_allows_what_the_page_holds_and_nothing_else(section: Site) -> None:
    for path, text in pages(section).items():
        found = of_page(text)
        styles = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
        scripts = re.findall(r"<script (?!type=\"application/ld\+json\")", text)
        wanted = {
            **FIXED,
            "style-src": [hashed(style) for style in styles] or ["'none'"],
            "script-src": ["'self'"] if scripts else ["'none'"],
        }
        assert found == wanted, path
        assert bool(styles) == ("who/" not in path), path


def test_only_stories_whose_rail_refreshes_itself_may_run_a_script(section: Site) -> None:
    shared = section.has("/explore.js")
    with_script = {path for path, text in pages(section).items() if of_page(text)["script-src"] == ["'self'"]}
    assert bool(with_script) == shared
    assert all(re.search(r"/\d{4}/\d\d/", path) for path in with_script)


def test_no_page_needs_what_its_policy_forbids(section: Site) -> None:
    for path, text in pages(section).items():
        document = html5lib.parse(text, treebuilder="etree", namespaceHTMLElements=False)
        for element in document.iter():
            if not isinstance(element.tag, str):
                continue
            assert "style" not in element.attrib, path
            assert not [name for name in element.attrib if name.startswith("on")], path
            assert element.tag not in ("form", "base", "iframe", "object", "embed"), path
            for name in ("src", "srcset", "poster", "data"):
                assert not re.match(r"(https?:)?//", element.get(name, "")), (path, element.attrib)
            if element.tag == "script" and not element.get("src"):
                assert element.get("type") == "application/ld+json", path


def test_every_style_of_the_head_counts_and_none_of_the_text() -> None:
    text = (
        f'<head><meta content="{policy.MARK}"><style>a{{}}</style><style media="print">b{{}}</style></head>'
        "<body><style>c{}</style>"
    )
    found = policy.in_page(text, script=False)
    assert parsed(re.findall('content="(.*?)"', found)[0])["style-src"] == [hashed("a{}"), hashed("b{}")]
    assert policy.styles("<style>a{}</style> and no head at all") == ()


def test_an_owners_style_in_head_html_is_allowed_where_it_is_printed(site: Site) -> None:
    site.write("templates/partials/head.html", '<style>.band { color: red }</style>\n<meta name="x" content="y">\n')
    site.story("europe/a.md")
    site.good()
    for url in ("/", "/europe/2025/04/a/", "/404.html"):
        assert hashed(".band { color: red }") in of_page(site.page(url))["style-src"]
    assert hashed(".band { color: red }") in of_headers(site)["/*"]["Content-Security-Policy"]


def test_a_frame_of_ones_own_without_a_policy_is_left_alone(site: Site) -> None:
    site.write("templates/page.html", "<!DOCTYPE html><title>{{ title }}</title>")
    site.write("content/pages/bare.md", "---\ntitle: Bare\n---\nx\n")
    site.good()
    assert site.page("/bare/") == "<!DOCTYPE html><title>Bare</title>"


@pytest.mark.browser
def test_what_slips_into_a_text_neither_runs_nor_paints(site: Site, browser: Any) -> None:
    """Markup is trusted here, as if every other guard had failed; the policy is the last one."""
    evil = (
        "<script>document.title = 'owned'</script>\n\n<img src='x.png' onerror=\"document.title = 'owned'\" alt=''>\n\n"
        "<style>h1 { color: rgb(1, 2, 3) }</style>\n\n<p style='color: rgb(1, 2, 3)' id='painted'>x</p>\n\n"
        "<script src='https://evil.example/x.js'></script>\n\n<iframe src='https://evil.example/'></iframe>\n\n"
        "<base href='https://evil.example/'>\n\n<form action='https://evil.example/'><button>go</button></form>\n"
    )
    site.configure(more="markdown: {raw_html: trusted}\n")
    site.story("europe/a.md", evil, title="Quiet")
    assert site.build().ok
    with served(site.output) as origin:
        context = browser.new_context()
        page = context.new_page()
        asked: list[Any] = []
        page.on("request", lambda request: asked.append(request))  # noqa: PLW0108  # playwright marks the handler
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text))
        page.goto(f"{origin}/europe/2025/04/a/", wait_until="load")
        assert "Quiet" in page.title()
        for selector in ("h1", "#painted"):
            colour = page.evaluate(f"getComputedStyle(document.querySelector('{selector}')).color")
            assert colour != "rgb(1, 2, 3)"
        page.evaluate("document.querySelector('form').requestSubmit()")
        page.wait_for_timeout(100)
        assert page.url == f"{origin}/europe/2025/04/a/"
        assert page.evaluate("document.baseURI") == page.url
        reached = [request.url for request in asked if request.failure != "csp"]
        context.close()
    assert reached
    assert all(url.startswith(origin) for url in reached), reached
    assert len([text for text in refused if "Content Security Policy" in text]) >= 6, refused


# --- what an owner adds --------------------------------------------------------------------------------------------


def allow(*entries: str) -> tuple[str, ...]:
    settings, problems = config.parse(f"site: {{title: x}}\ncsp: {json.dumps({'allow': entries})}\n", "config.yaml")
    assert settings is not None, [problem.message for problem in problems]
    return settings.csp.allow


def test_a_host_alone_is_a_service_and_a_directive_says_which(site: Site) -> None:
    site.configure(more="csp: {allow: [https://stats.example.com, 'frame-src https://video.example', "
                        "\"script-src 'self'\", 'form-action https://list.example/join']}\n")  # fmt: skip
    site.story("europe/a.md")
    site.good()
    found = of_page(site.page("/europe/2025/04/a/"))
    assert found["script-src"] == ["https://stats.example.com", "'self'"]
    assert found["connect-src"] == found["img-src"] == ["'self'", "https://stats.example.com"]
    assert found["frame-src"] == ["https://video.example"]
    assert found["form-action"] == ["https://list.example/join"]
    assert found["font-src"] == ["'self'"]
    assert found["default-src"] == ["'none'"]


def test_who_may_frame_a_page_is_said_in_the_header_only(site: Site) -> None:
    site.configure(more="csp: {allow: ['frame-ancestors https://partner.example']}\n")
    site.good()
    assert "frame-ancestors" not in of_page(site.page("/"))
    found = parsed(of_headers(site)["/*"]["Content-Security-Policy"])
    assert found["frame-ancestors"] == ["https://partner.example"]


@pytest.mark.parametrize(
    "entry",
    [
        *(
            "script-src 'unsafe-inline'",
            "script-src 'unsafe-eval'",
            "script-src *",
            "script-src https:",
            "img-src data:",
        ),
        *(
            "default-src 'self'",
            "base-uri 'self'",
            "script-scr https://a.example",
            "script-src",
            "script-src  x.example",
        ),
        *("script-src https://a.example https://b.example", "script-src https://a.example; img-src *", "'self'"),
        *("script-src 'sha256-short'", "script-src 'nonce-abc'", 'img-src https://a.example/"onload', "", " "),
    ],
)
def test_what_would_undo_the_policy_is_refused(entry: str) -> None:
    settings, problems = config.parse(f"site: {{title: x}}\ncsp: {json.dumps({'allow': [entry]})}\n", "config.yaml")
    assert settings is None
    assert problems[0].code == "config"
    assert problems[0].line == 2


def test_a_misspelt_directive_is_told_its_name() -> None:
    _, problems = config.parse("site: {title: x}\ncsp: {allow: [script-scr https://a.example]}\n", "config.yaml")
    assert "script-src" in problems[0].hint


def test_a_script_in_the_page_is_allowed_by_its_hash() -> None:
    entry = f"script-src {hashed('let a = 1')}"
    found = policy.in_page(f"<head>{policy.MARK}</head>", script=False, allow=allow(entry))
    assert hashed("let a = 1") in found


@given(st.lists(st.sampled_from(["https://a.example", "img-src *.b.example", "font-src 'self'", "c.example:8443/x&y"])))
def test_a_policy_stays_one_policy_whatever_is_added(entries: list[str]) -> None:
    page = policy.in_page(f'<head><p content="{policy.MARK}"></head>', script=True, allow=allow(*entries))
    found = parsed(html.unescape(re.findall('content="(.*?)"', page)[0]))
    assert all(len(set(sources)) == len(sources) > 0 for sources in found.values())
    assert found["default-src"] == found["base-uri"] == found["form-action"] == ["'none'"]
    assert all("'none'" not in sources or sources == ["'none'"] for sources in found.values())


# --- the host's headers --------------------------------------------------------------------------------------------


def test_the_header_allows_all_that_any_page_allows(section: Site) -> None:
    header = parsed(of_headers(section)["/*"]["Content-Security-Policy"])
    for path, text in pages(section).items():
        for directive, sources in of_page(text).items():
            assert set(sources) - {"'none'"} <= set(header[directive]), (path, directive)
    assert header["frame-ancestors"] == ["'none'"]
    assert header["script-src"] == (["'self'"] if section.has("/explore.js") else ["'none'"])


def test_the_header_allows_what_a_template_of_ones_own_always_prints(site: Site) -> None:
    site.story("europe/a.md").story("europe/b.md", date="2025-04-02T09:00:00+03:00")
    site.good()
    themes = {source for url in ("/", "/europe/2025/04/a/") for source in of_page(site.page(url))["style-src"]}
    site.write("templates/404.html", "<!DOCTYPE html><title>Lost</title>")
    site.write(
        "templates/article.html",
        '{% extends "base.html" %}{% block style %}{{ super() }}{% if previous %}<style media="print">\n'
        '{% include "own.css" %}\n{% include "not/there.css" ignore missing %}\na { b: c }</style>'
        "{% else %}<style>d{}</style>{% endif %}"
        "<style>.{{ page.lang }} { e: f }</style>"
        '<style>{% set x = 1 %}j{}{% include "two.css" %}</style >{% endblock %}',
    )
    site.write("templates/own.css", "g { h: i }  {# ours #}\n")
    site.write("templates/two.css", 'k {}\n{% include "own.css" %}\nl {}')
    site.good()
    allowed = parsed(of_headers(site)["/*"]["Content-Security-Policy"])["style-src"]
    printed = {source for name in "ab" for source in of_page(site.page(f"/europe/2025/04/{name}/"))["style-src"]}
    assert len(themes) == 3
    own = ["\ng{h:i}a { b: c }", "d{}", ".en { e: f }", "j{}k {}\ng{h:i}l {}"]
    assert printed - themes == {hashed(text) for text in own}
    assert set(allowed) == (printed | themes) - {hashed(".en { e: f }")}


def test_headers_guard_what_a_page_can_not(section: Site) -> None:
    found = of_headers(section)
    assert found["/*"]["X-Content-Type-Options"] == "nosniff"
    assert found["/*"]["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "camera=()" in found["/*"]["Permissions-Policy"]
    assert found["/pictures/*"] == {"Cache-Control": "public, max-age=31536000, immutable"}
    assert any(path.startswith("pictures/") for path in section.tree())


def test_headers_stand_below_the_sites_path(site: Site) -> None:
    site.configure(base_url="https://example.org/news/2/")
    site.good()
    assert list(of_headers(site)) == ["/news/2/*", "/news/2/pictures/*"]


def test_nothing_can_begin_a_header_of_its_own() -> None:
    document = policy.Headers(
        sample=None, template="", prefix="/a\r\nX-Evil: 1\n", script=False, allow=("img-src a\nb",)
    )
    text = policy.headers(document, "").decode()
    assert "X-Evil" not in of_headers(text)["/aX-Evil: 1*"]
    assert len(text.splitlines()) == 8


@pytest.mark.parametrize("name", ["_headers", "manifest.webmanifest", "robots.txt", "favicon.svg", "share.png"])
def test_a_file_of_the_sites_own_stands_in_place_of_ours(site: Site, name: str) -> None:
    own = png(1200, 675) if name.endswith(".png") else b"mine\n"
    site.write(f"static/{name}", own)
    site.good()
    assert site.tree()[name] == own


# --- icon and manifest ---------------------------------------------------------------------------------------------


def test_every_page_names_an_icon_and_a_manifest_that_are_there(section: Site) -> None:
    for path, text in pages(section).items():
        if "who/" in path:
            continue
        for rel in ("icon", "manifest"):
            (target,) = re.findall(f'<link rel="{rel}" href="([^"]+)"', text)
            assert section.has(target), path


def test_the_manifest_is_about_this_site(site: Site) -> None:
    site.configure(base_url="https://example.org/news/", title='The "Post" & Co', language="ar", description="د")
    site.good()
    found = json.loads(site.page("/manifest.webmanifest"))
    assert found["name"] == found["short_name"] == 'The "Post" & Co'
    assert found["start_url"] == found["scope"] == "/news/"
    assert (found["lang"], found["dir"], found["description"]) == ("ar", "rtl", "د")
    assert found["display"] == "minimal-ui"
    (icon,) = found["icons"]
    assert icon == {"src": "/news/favicon.svg", "sizes": "any", "type": "image/svg+xml"}


def test_the_manifest_has_the_themes_colours(site: Site) -> None:
    site.good()
    found = json.loads(site.page("/manifest.webmanifest"))
    style = (Path(theme_folder()) / "partials" / "style.css").read_text(encoding="utf-8")
    assert f"--paper: {found['background_color']};" in style
    assert found["theme_color"] == found["background_color"]


def test_the_share_picture_has_the_size_that_pages_tell(site: Site) -> None:
    from PIL import Image

    site.story("europe/a.md")
    site.good()
    text = site.page("/europe/2025/04/a/")
    told = tuple(int(re.findall(f'og:image:{side}" content="(\\d+)"', text)[0]) for side in ("width", "height"))
    with Image.open(site.output / "share.png") as picture:
        assert picture.size == told
    assert '<meta property="og:image" content="https://example.org/share.png">' in text
