"""YAML as nearly all front matter and settings are written, read line by line in half of the time that libyaml's events
take, and without loading PyYAML.

Lines of `key: value`, and below a key without a value `- item` lines or indented `key: value` lines, nine deep; each
value plain, in quotes, or a flat `[list]` or `{map: of values}`, and all on its line. Comments stand on lines of their
own or behind values. Whatever else there is (escapes, text over several lines, mistakes, what looks like one) is left
to libyaml, whose tree a test compares with this one's.
"""

from __future__ import annotations

import re
from typing import TypeAlias

from broadsheet.yamlnodes.tree import Mapping, Node, Scalar, Sequence

_KEY = r"[A-Za-z_][A-Za-z0-9_-]{0,99}"
_LINE = re.compile(
    rf"( *)(?:(- +)|({_KEY}):(?: +|$))"
    r"""(?:"([^"]*)" *|'([^']*)' *|([\[{].*)|([^ \-?:,\[\]{}#&*!|>'"%@`].*))?"""
).fullmatch
_DOUBLE, _SINGLE, _FLOW, _PLAIN = 4, 5, 6, 7  # the groups of a value
_SIGNS = 20  # a line with more of them, each looked at for the comment, takes too long
_DEEP = 9  # blocks in each other; no more than libyaml's reader takes, whatever flow stands in the last

# One of the values of a list or map in brackets, and what follows it.
_PART = re.compile(
    rf"""\ *(?:({_KEY}):\ +)?(?:"([^"]*)"\ *|'([^']*)'\ *|([A-Za-z0-9_/.][^,\[\]{{}}\#:'"?&*!|>%@`]*))(,|$)""",
    re.VERBOSE,
).match


_Row: TypeAlias = tuple[int, int, Scalar | None, Node | None]  # indentation, line, key (None: an item), value


_NO_ROW: _Row = (-1, 0, None, None)


class _OtherError(Exception):
    """It is no such text."""


def read(text: str, first_line: int) -> Mapping | None:
    """The tree of such a text, or None for any other."""
    if "\\" in text or not text.replace("\n", "").isprintable():
        return None
    try:
        rows = _rows(text, first_line)
        if not rows or rows[0][0] or rows[0][2] is None:
            return None
        node, end = _block(rows, 0, 1)
    except _OtherError:
        return None
    return node if end == len(rows) and isinstance(node, Mapping) else None


def _rows(text: str, first_line: int) -> list[_Row]:
    rows: list[_Row] = []
    comments = "#" in text
    for number, written in enumerate(text.split("\n"), first_line):
        line = _without_comment(written) if comments and "#" in written else written
        if not line:
            continue
        found = _LINE(line)
        if found is None:
            raise _OtherError
        key, group = found[3], found.lastindex or 0
        value: Node | None = None
        if group == _PLAIN:
            plain = found[_PLAIN].rstrip(" ")
            if ": " in plain or plain[-1] == ":":
                if key is not None:
                    raise _OtherError
                rows += _map_in_item(line, found.start(_PLAIN), found.end(1), number)
                continue
            value = Scalar(plain, number, found.start(_PLAIN) + 1, True)
        elif _DOUBLE <= group <= _SINGLE:
            value = Scalar(found[group], number, found.start(group), False)
        elif group == _FLOW:
            value = _flow(found[_FLOW].rstrip(" "), number, found.start(_FLOW) + 1)
        elif key is None:
            raise _OtherError  # an item without a value
        indent = found.end(1)
        rows.append((indent, number, None if key is None else Scalar(key, number, indent + 1, True), value))
    return rows


def _map_in_item(line: str, begin: int, indent: int, number: int) -> list[_Row]:
    """The two rows of `- key: value`; the second one begins at `begin`."""
    return [(indent, number, None, None), *_rows(" " * begin + line[begin:], number)]


def _without_comment(line: str) -> str:
    """The line up to its comment. One without a space after the # may be meant as text, which is a finding."""
    if line.lstrip(" ")[0] == "#":
        return ""
    if line.count(" #") > _SIGNS:
        raise _OtherError
    at = line.find(" #")
    while at >= 0:
        head = line[:at].rstrip(" ")
        if _LINE(head):
            if line[at + 2 : at + 3] not in ("", " ", "#"):
                raise _OtherError
            return head
        at = line.find(" #", at + 1)  # that one was in quotes
    return line


def _flow(text: str, line: int, column: int) -> Node:
    """A list or a map of values in brackets."""
    inside, end = text[1:-1], "]" if text[0] == "[" else "}"
    if text[-1] != end or len(text) == 1:
        raise _OtherError
    values: list[Node] = []
    entries: list[tuple[Scalar, Node]] = []
    at, more = 0, bool(inside.strip(" "))
    while more:
        found = _PART(inside, at)
        if found is None or (found[1] is None) != (end == "]"):
            raise _OtherError
        group = next(number for number in (2, 3, 4) if found[number] is not None)
        value = Scalar(
            found[group].rstrip(" ") if group == 4 else found[group],
            line,
            column + found.start(group) + (group == 4),
            group == 4,
        )
        if found[1] is None:
            values.append(value)
        else:
            entries.append((Scalar(found[1], line, column + found.start(1) + 1, True), value))
        at, more = found.end(), found[5] == ","
    return Sequence(tuple(values), line, column) if end == "]" else _mapping(entries, line, column)


def _block(rows: list[_Row], at: int, depth: int) -> tuple[Node, int]:
    """The items, or the keys and values, from a row on; and the number of the row after them."""
    if depth > _DEEP:
        raise _OtherError
    indent, line, first, _ = rows[at]
    items: list[Node] = []
    entries: list[tuple[Scalar, Node]] = []
    size = len(rows)
    while at < size:
        here, _, key, value = rows[at]
        if here != indent or (key is None) != (first is None):
            break
        at += 1
        if value is None:
            under = rows[at] if at < size else _NO_ROW
            # Items below a key may stand right under it.
            if under[0] > indent or (key is not None and under[0] == indent and under[2] is None):
                value, at = _block(rows, at, depth + 1)
            elif key is None:
                raise _OtherError
            else:
                value = _nothing(key)
        if key is None:
            items.append(value)
        else:
            entries.append((key, value))
    if at < size and rows[at][0] > indent:
        raise _OtherError  # it belongs to nothing
    if first is None:
        return Sequence(tuple(items), line, indent + 1), at
    return _mapping(entries, first.line, first.column), at


def _mapping(entries: list[tuple[Scalar, Node]], line: int, column: int) -> Mapping:
    if len({key.text for key, _ in entries}) < len(entries):
        raise _OtherError  # a key that stands twice is a finding
    return Mapping(tuple(entries), line, column)


def _nothing(key: Scalar) -> Scalar:
    """The empty value of `key:`, which stands behind the colon."""
    return Scalar("", key.line, key.column + len(key.text) + 1, True)
