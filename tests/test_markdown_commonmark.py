"""CommonMark 0.31.2: every example of the specification, and agreement with the parser's own unshortened path."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from broadsheet.markdown import Options, render

EXAMPLES = json.loads((Path(__file__).parent / "commonmark" / "commonmark-spec.json").read_text(encoding="utf-8"))
PLAIN = Options(commonmark=True)

# Fragments that begin, continue and end every kind of block, and every inline construct.
FRAGMENTS = st.sampled_from(
    [
        "word",
        "Two words",
        "\n",
        "\n\n",
        "> ",
        "- ",
        "1. ",
        "# ",
        "===",
        "---",
        "    ",
        "\t",
        "`",
        "```\n",
        "*",
        "**",
        "_",
        "[a]",
        "(b)",
        "[a]: /u\n",
        "![",
        "]",
        "<b>",
        "</b>",
        "<div>\n",
        "&amp;",
        "\\",
        "  \n",
        "<http://a.b>",
        "é",
        "ß",
        "|",
        "!",
        "^",
        "~",
        '"',
        "'",
        ":::",
        "2) ",
        "[words](/u_v*w)",
        "[a b](https://a.b/c?d=e#f)",
        "*word*",
        "**two words**",
        "“Quoted”",
        "line\nline",
        "’",
    ]
)


def test_the_examples_are_all_there() -> None:
    assert len(EXAMPLES) == 652


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: str(e["example"]))
def test_an_example_of_the_specification(example: dict[str, str]) -> None:
    assert render(example["markdown"], path="spec.md", options=PLAIN).body.html == example["html"]


@settings(max_examples=examples(300), deadline=None)
@given(st.lists(FRAGMENTS, max_size=30).map("".join))
def test_shortcuts_change_no_result(source: str) -> None:
    md = MarkdownIt("commonmark")
    md.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005
    expected = md.render(source).replace("<blockquote></blockquote>", "<blockquote>\n</blockquote>")
    assert render(source, path="x.md", options=PLAIN).body.html == expected
