"""Hostile Markdown rendered, and whether what came of it is harmless and its markers fit."""

from __future__ import annotations

import re

import html5lib

from broadsheet.markdown import Options, render
from broadsheet.model import FactBox, PullQuote, Rendered

MARKER = re.compile("\0(/?)(L|B|R)([0-9]*)\0")


def rendered(source: str, raw_html: str = "escape", after_paragraph: int = 0) -> Rendered:
    options = Options(raw_html=raw_html, after_paragraph=after_paragraph)  # type: ignore[arg-type]
    return render(source, path="a.md", first_line=1, options=options)


def codes(result: Rendered) -> list[str]:
    return [d.code for d in result.diagnostics]


def every_html(result: Rendered) -> list[str]:
    return [result.body.html, *(b.html for b in result.body.blocks if isinstance(b, FactBox | PullQuote))]


def assert_harmless(result: Rendered) -> None:
    """As a browser parses it: no element that runs or fetches, no handler, no address with another scheme."""
    for html in every_html(result):
        tree = html5lib.parseFragment(html.replace("\0", ""), treebuilder="etree", namespaceHTMLElements=False)
        for element in tree.iter():
            if not isinstance(element.tag, str):
                raise AssertionError("a comment got through")
            assert element.tag not in {
                "script",
                "style",
                "iframe",
                "img",
                "svg",
                "math",
                "form",
                "base",
                "meta",
                "object",
            }
            for name, value in element.attrib.items():
                assert not str(name).startswith("on")
                assert name != "style"
                if name in ("href", "src", "cite"):
                    assert re.match(r"https?:|mailto:|tel:|#", value, re.IGNORECASE), value


def assert_markers_fit(result: Rendered) -> None:
    """Each marker names a thing that exists, links pair up, the card is placed at most once, blocks stand once."""
    everything = "".join(every_html(result))
    assert MARKER.sub("", everything).count("\0") == 0
    seen: list[str] = []
    for html in every_html(result):
        open_links: list[str] = []
        for closing, kind, number in MARKER.findall(html):
            if kind == "B":
                assert int(number) < len(result.body.blocks)
                seen.append(number)
            elif kind == "R":
                seen.append("R")
            elif closing:
                assert open_links.pop() == number
            else:
                assert int(number) < len(result.links)
                open_links.append(number)
        assert not open_links
    assert len(seen) == len(set(seen))
