"""YAML text read to a tree, and trees as plain values."""

from __future__ import annotations

from broadsheet.yamlnodes import Findings, Mapping, Node, Sequence, parse

LIMIT = 64 * 1024


def read(text: str, first_line: int = 1) -> tuple[Node | None, Findings]:
    findings = Findings("a.md", text, first_line)
    return parse(findings, LIMIT), findings


def plain(node: Node | None) -> object:
    """A tree as text, lists and dictionaries."""
    if isinstance(node, Mapping):
        return {key.text: plain(value) for key, value in node.entries}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return None if node is None else node.text


def only(findings: Findings) -> tuple[int, int, str]:
    assert len(findings.found) == 1, [d.format() for d in findings.found]
    found = findings.found[0]
    return found.line, found.column, found.code
