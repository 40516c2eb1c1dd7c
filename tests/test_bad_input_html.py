"""Raw HTML and links in a source: nothing that a writer types runs in a reader's browser."""

from __future__ import annotations

import html5lib
import pytest
from newsroom import Site, png, source
from one_story import built_from, text_of

SCRIPTS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><a href=javascript:alert(1)>x</a></svg>",
    "<iframe src=//evil.example></iframe>",
    '<a href="javascript:alert(1)">x</a>',
    "<style>*{background:url(//evil.example)}</style>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<form action=//evil.example><input></form>",
    "</p></div></article><script>alert(1)</script>",
    "<!--><script>alert(1)</script>-->",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<b onmouseover=alert(1)>x</b>",
    "<scr<script>ipt>alert(1)</script>",
    "<object data='data:text/html,<script>alert(1)</script>'></object>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
]
LINKS = [
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](  javascript:alert(1))",
    "[a](java&#x09;script:alert(1))",
    "[a](java&NewLine;script:alert(1))",
    "[a](&#106;avascript:alert(1))",
    "[a](javascript&colon;alert(1))",
    "[a](&#x1;javascript:alert(1))",
    "[a](<javascript:alert(1)>)",
    "[a](\\javascript:alert(1))",
    "[a](javascript%3Aalert(1))",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "[a](vbscript:x)",
    "[a](file:///etc/passwd)",
    "[a](blob:https://example.org/x)",
    "[a](http:javascript:alert(1))",
    "<javascript:alert(1)>",
    "[a]:\n\n[a]: javascript:alert(1)\n\n",
    "[![x](b.png)](javascript:alert(1))",
    "[a](//evil.example/x 'title\" onclick=\"alert(1)')",
]


def unsafe_parts(html: str) -> list[str]:
    """What could run, load or send something in a page: elements and attributes a body has no use for."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    bad = []
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        name = element.tag.rpartition("}")[2]
        kind = element.get("type", "")
        if name in ("iframe", "object", "embed", "base", "form", "input", "svg", "math", "frame", "template"):
            bad.append(name)
        if name == "script" and kind != "application/ld+json":
            bad.append("script")
        if name == "meta" and element.get("http-equiv", "").lower() == "refresh":
            bad.append("refresh")
        for key, value in element.attrib.items():
            if str(key).startswith("on") or key == "style":
                bad.append(f"{name} {key}")
            if key in ("href", "src", "action", "formaction", "data", "poster"):
                scheme = "".join(c for c in value if c > " ").partition(":")
                if scheme[1] and "/" not in scheme[0] and scheme[0].lower() not in ("http", "https", "mailto", "tel"):
                    bad.append(f"{name} {key}={value}")
    return bad


@pytest.mark.parametrize("raw_html", ["escape", "sanitize"])
def test_a_body_never_brings_in_what_could_run(site: Site, raw_html: str) -> None:
    site.configure(f"markdown: {{raw_html: {raw_html}}}\nchecks: {{raw-html: warn, missing-alt: warn}}\n")
    regions = {f"region-{n}": snippet for n, snippet in enumerate([*SCRIPTS, *LINKS])}
    for region, snippet in regions.items():
        body = f"Before {snippet} after.\n\n{snippet}\n\n> {snippet}\n\n::: factbox Facts\n{snippet}\n:::\n"
        site.write(f"content/{region}/a.md", source(body, title="T", date="2025-04-09"))
        site.write(f"content/{region}/b.png", png())
    built = site.build()
    if not built.ok:
        assert all(found.line for found in built.errors), built.told()
        for path in {found.path for found in built.errors}:
            del regions[path.split("/")[1]]
            site.remove(path)
        assert len(regions) > len(SCRIPTS)
        built = site.build()
    assert built.ok, built.told()
    for region, snippet in regions.items():
        assert unsafe_parts(site.page(f"/{region}/2025/04/a/")) == [], snippet
        feed = site.page(f"/{region}/feed.xml")
        assert "<script" not in feed.lower(), snippet
        from xml.etree import ElementTree

        texts = [e.text or "" for e in ElementTree.fromstring(feed).iter() if e.tag.endswith("encoded")]  # noqa: S314  # we wrote it
        assert texts
        for text in texts:
            assert unsafe_parts(text) == [], snippet


@pytest.mark.parametrize("snippet", LINKS[:16])
def test_a_link_that_could_run_is_text_and_told(site: Site, snippet: str) -> None:
    built = built_from(site, source(f"Before {snippet} after.", title="T", date="2025-04-09"))
    assert built.ok
    page = site.page("/eu/2025/04/a/")
    assert "<p>Before a after.</p>" in page
    told = built.one("unsafe-link") if "unsafe-link" in built.codes() else built.one("unknown-page")
    assert told.line == 5


def test_raw_html_is_shown_as_text_and_told_with_its_place(site: Site) -> None:
    built = built_from(site, source("One.\n\n<b>bold</b> words", title="T", date="2025-04-09"))
    found = built.one("raw-html")
    assert (found.line, found.severity) == (7, "warn")
    assert "<b>bold</b> words" in text_of(site.page("/eu/2025/04/a/"))
