"""Simple YAML takes a shorter way, and is read as libyaml reads it."""

from __future__ import annotations

from pathlib import Path

import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from yaml_trees import plain

from broadsheet.yamlnodes import Findings, nodes, simple

ROOT = Path(__file__).resolve().parent.parent


# Lines of simple front matter, and lines that look much like them: any two may stand below each other.
USUAL = [
    "title: Two words",
    "date: 2025-04-09 16:30",
    'a-b_9: "Quoted: é # \' "',
    "other:   'Single “quoted” \" '",
    "last: x y  ",
    "empty:",
    "topics:",
    "topics:",
    "image:",
    "- a",
    '- "b c"',
    "  - indented",
    "  - 'item'",
    "  src: photo.jpg",
    '  alt: "What it shows"',
    "  none:",
    "",
    'slug: "" ',
    "kicker: a :b",
    "label: C#, [x] {y} & *z* ! | > % @ `?",
    "series: = -a",
    "x: ~",
    "authors: 12:30",
    "# A comment of its own.",
    "  # indented",
    "footer:",
    "- title: About",
    "  url: /about/",
    "- {title: About, url: /about/}",
    '-   name: "Two  words"',
    "    deeper:",
    "      - deep",
    "      key: value",
    "    - list: x",
    "formats: [rss, atom, json]",
    "mode: {mode: shared, limit: 15 , a: 'b, c'}",
    '  more: ["a: b", c d ]  ',
    "none: []",
    "none: {}",
    "title: words   # and a comment",
    "close: words #",
    'quoted: "a # b"   # c',
    "key:   # a comment",
    "  list: [a, b] ## c",
]
NEARLY = [
    "nested: [a, [b]]",
    "nested: {a: {b: c}}",
    "pair: [a: b]",
    "single: {a}",
    "empty: {a: }",
    "empty: [a, ]",
    "open: [a, b",
    "close: a]",
    "mixed: [a}",
    "url: [https://a.example/]",
    "url: {a: b:c}",
    "dash: [-a, - b]",
    "hash: [a #b]",
    'hash: [a, "b #c"]',
    'hash: [a, "] # c"]',
    "more: [a] b",
    "quote: [a'b, c\"d]",
    "twice: {a: b, a: c}",
    "- title: a: b",
    "- - title: a",
    "- title:",
    "-   # nothing",
    "- title: a #b",
    "        deep: x",
    "         uneven: x",
    "    ",
    "-",
    " one: more",
    "-  d: e",
    "    - deeper",
    "    four: more",
    "  plain continuation",
    "title: again",
    "colon: a: b",
    "colon: a:",
    "close:x",
    "comment: a #b",
    'comment: "a" #b',
    '"key": quoted',
    "é: letter",
    "- - nested",
    "list: [a, b]",
    "map: {a: b}",
    "text: |",
    "text: -",
    "text: - a",
    "text: -a",
    'text: "open',
    'text: "a" b',
    "text: 'it''s'",
    "text: a 'b' \"c\"",
    "text: *a",
    "text: ,",
    "text: ?",
    "text: back\\slash",
    'text: "\\t"',
    "text: tab\tbed",
    "\ttext: a",
    "text: no\xa0break",
    "text: \u2028",
    "text: a\r",
    "...",
    "---",
    "? key",
    "- ''",
    "%TAG",
]


@settings(max_examples=examples(600), deadline=None)
@given(st.lists(st.sampled_from([*USUAL * 6, *NEARLY]), max_size=8).map("\n".join))
def test_simple_front_matter_is_read_as_libyaml_reads_it(text: str) -> None:
    tree = simple.read(text, 2)
    if tree is not None:
        findings = Findings("a.md", text, 2)
        assert nodes._build(findings, text) == tree
        assert not findings.found


def test_front_matter_as_it_is_usually_written_is_simple() -> None:
    text = (
        "title: \"Who pays: “the city”\"\ndate: 2025-04-09T16:30:00+03:00\nslug:\nauthors:\n  - Ada\n  - 'Élif'\n"
        "topics:\n- a\n- b c\nimage:\n  src: x.jpg\n  alt:\n\ndraft: true  \n"
    )
    tree = simple.read(text, 2)
    assert tree == nodes._build(Findings("a.md", text, 2), text)
    assert plain(tree) == {
        "title": "Who pays: “the city”",
        "date": "2025-04-09T16:30:00+03:00",
        "slug": "",
        "authors": ["Ada", "Élif"],
        "topics": ["a", "b c"],
        "image": {"src": "x.jpg", "alt": ""},
        "draft": "true",
    }


@pytest.mark.parametrize(
    "line",
    [f'x: "{" #" * 30_000}"', f"x: [a{' ' * 60_000}[", f"x: [a{' ' * 60_000}]", f"x: [{'a, ' * 20_000}a]"],
    ids=["signs of comments", "spaces in a list left open", "spaces in a list", "a long list"],
)
def test_a_long_line_takes_no_longer_than_its_length(line: str) -> None:
    """Were it looked through again at each of its letters, nobody would wait for the end."""
    tree = simple.read(line, 1)
    assert tree is None or tree == nodes._build(Findings("a.md", line, 1), line)


@pytest.mark.parametrize("path", ["config.yaml", "broadsheet/starter/config.yaml"])
def test_settings_as_they_are_usually_written_are_simple(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    if "{title}" in text:  # as `init` fills it
        text = text.format(title="A", base_url="https://a.example/", language="en", timezone="UTC")
    findings = Findings(path, text, 1)
    assert simple.read(text, 1) == nodes._build(findings, text)
    assert not findings.found
