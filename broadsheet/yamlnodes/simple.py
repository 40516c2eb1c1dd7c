"""YAML as nearly all front matter is written, read line by line in half of the time that libyaml's events take.

Lines of `key: value`, and below a key without a value either `- item` lines or indented `key: value` lines, each value
plain or in quotes and all on its line. Whatever else there is (comments, escapes, text over several lines, mistakes) is
left to libyaml, whose tree a test compares with this one's.
"""

from __future__ import annotations

import re
from typing import TypeAlias

from broadsheet.yamlnodes.tree import Mapping, Node, Scalar, Sequence

_LINE = re.compile(
    r"( *)(?:(- +)|([A-Za-z_][A-Za-z0-9_-]{0,99}):(?: +|$))"
    r"""(?:"([^"]*)" *|'([^']*)' *|([^ \-?:,\[\]{}#&*!|>'"%@`].*))?"""
).fullmatch
_DOUBLE, _SINGLE, _PLAIN = 4, 5, 6  # the groups of a value

_Row: TypeAlias = tuple[int, Scalar | None, Scalar | None]  # indentation, key (None: an item), value


def read(text: str, first_line: int) -> Mapping | None:
    """The tree of such a text, or None for any other."""
    rows = _rows(text, first_line)
    if not rows:
        return None
    entries: list[tuple[Scalar, Node]] = []
    at, size = 0, len(rows)
    while at < size:
        indent, key, value = rows[at]
        if indent or key is None:
            return None
        at += 1
        node: Node | None = value
        if node is None:
            start = at
            while at < size and (rows[at][0] or rows[at][1] is None):
                at += 1
            node = _block(rows[start:at]) if at > start else _nothing(key)
            if node is None:
                return None
        entries.append((key, node))
    return _mapping(entries)


def _rows(text: str, first_line: int) -> list[_Row] | None:
    if "\\" in text or " #" in text or not text.replace("\n", "").isprintable():
        return None
    rows: list[_Row] = []
    for number, line in enumerate(text.split("\n"), first_line):
        if not line:
            continue
        found = _LINE(line)
        if found is None:
            return None
        key, group, value = found[3], found.lastindex or 0, None
        if group == _PLAIN:
            plain = found[_PLAIN].rstrip(" ")
            if ": " in plain or plain[-1] == ":":
                return None
            value = Scalar(plain, number, found.start(_PLAIN) + 1, True)
        elif group in (_DOUBLE, _SINGLE):
            value = Scalar(found[group], number, found.start(group), False)
        elif key is None:
            return None  # an item without a value
        indent = found.end(1)
        rows.append((indent, None if key is None else Scalar(key, number, indent + 1, True), value))
    return rows


def _block(rows: list[_Row]) -> Node | None:
    """The items, or the keys and values, below a key."""
    indent, first, _ = rows[0]
    items: list[Node] = []
    entries: list[tuple[Scalar, Node]] = []
    for depth, key, value in rows:
        if depth != indent or (key is None) != (first is None):
            return None
        if key is not None:
            entries.append((key, value or _nothing(key)))
        elif value is not None:
            items.append(value)
    return _mapping(entries) if entries else Sequence(tuple(items), items[0].line, indent + 1)


def _mapping(entries: list[tuple[Scalar, Node]]) -> Mapping | None:
    if len({key.text for key, _ in entries}) < len(entries):
        return None  # a key that stands twice is a finding
    first = entries[0][0]
    return Mapping(tuple(entries), first.line, first.column)


def _nothing(key: Scalar) -> Scalar:
    """The empty value of `key:`, which stands behind the colon."""
    return Scalar("", key.line, key.column + len(key.text) + 1, True)
