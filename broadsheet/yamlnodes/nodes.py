"""YAML text as a tree of nodes that know their places, and nothing more.

Every scalar is text: `no`, `010` and `12:30:45` stay as written, the schema types them. Anchors, aliases, tags and
duplicate keys are findings, and size and depth are bounded, so that no text can grow beyond what was typed. One pass
over libyaml's events is as quick as composing its nodes and shows anchors and tags, which composing hides.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from broadsheet.patterns import pattern
from broadsheet.yamlnodes import simple
from broadsheet.yamlnodes.explained import explain
from broadsheet.yamlnodes.tree import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from broadsheet.yamlnodes.findings import Findings

MAX_DEPTH = 12  # mappings and lists inside each other
_MOVING_BREAKS = {"\x85": "next line", "\u2028": "line separator", "\u2029": "paragraph separator"}
_CONTROL = pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def parse(findings: Findings, max_bytes: int) -> Node | None:
    """The tree of `findings.text`, or None when nothing could be read; an empty text is an empty scalar.

    What is wrong goes to `findings`; where the syntax breaks off, `findings.complete` turns false and the top-level
    entries before that place are still given.
    """
    text = findings.text
    if len(text) * 4 > max_bytes and len(text.encode("utf-8", "surrogatepass")) > max_bytes:
        message = f"this block of settings is over {max_bytes // 1024} KiB"
        findings.add_at(findings.first_line, 1, message, "too-large", "Move long text into the body.")
        findings.complete = False
        return None
    for character, name in _MOVING_BREAKS.items():
        if character in text:
            text = _without_breaks(findings, text, character, name)
    tree = simple.read(text, findings.first_line)
    return _build(findings, text) if tree is None else tree


def _without_breaks(findings: Findings, text: str, character: str, name: str) -> str:
    """YAML 1.1 would end the line at such a character, YAML 1.2 and every editor would not."""
    line, column = _place(findings, text.index(character), text)
    message = f"an invisible {name} character (U+{ord(character):04X}) is read as a space"
    findings.add_at(line, column, message, "invisible-character", "Delete the character and type a space.")
    return text.replace(character, " ")


def _place(findings: Findings, index: int, text: str) -> tuple[int, int]:
    before = text[:index].replace("\r\n", " \n").replace("\r", "\n")
    return findings.first_line + before.count("\n"), index - before.rfind("\n")


def _build(findings: Findings, text: str) -> Node | None:
    """One pass over the parser's events: each open collection is a flat list of its nodes, keys and values in turn."""
    from yaml import YAMLError

    names = _names()
    first = findings.first_line
    stack: list[_Open] = []
    nodes: list[Node] = []  # those of the innermost open collection; at the bottom, the documents
    watch_comments, watch_escapes = " #" in text, "\\" in text
    try:
        get_event = names.parser(text).get_event
        while True:
            event = get_event()
            kind = event.__class__
            if kind is names.scalar:
                mark = event.start_mark
                node = Scalar(event.value, mark.line + first, mark.column + 1, event.implicit[0])
                nodes.append(node)
                if event.anchor is not None or event.tag is not None:
                    _refuse_property(findings, node, event)
                if watch_escapes and _CONTROL.search(node.text):
                    _refuse_control(findings, node)
                    nodes[-1] = node._replace(text=_CONTROL.sub("", node.text))
                if watch_comments and node.plain and node.text:
                    _watch_comment(findings, event.end_mark)
            elif kind is names.mapping_start or kind is names.sequence_start:
                mark = event.start_mark
                opened = _Open(kind is names.mapping_start, mark.line + first, mark.column + 1, nodes)
                if event.anchor is not None or event.tag is not None:
                    _refuse_property(findings, opened, event)
                if len(stack) == MAX_DEPTH:
                    message = f"lists and keys are nested more than {MAX_DEPTH} deep"
                    findings.add(opened, message, "yaml", "Write it with fewer levels.")
                    return _rest(findings, stack, nodes)
                stack.append(opened)
                nodes = []
            elif kind is names.mapping_end or kind is names.sequence_end:
                opened = stack.pop()
                done = _closed(findings, opened, nodes)
                nodes = opened.outer
                nodes.append(done)
            elif kind is names.alias:
                mark = event.start_mark
                node = Scalar("", mark.line + first, mark.column + 1, True)
                nodes.append(node)
                message = f"`*{event.anchor}` refers to another place, which isn't allowed here"
                findings.add(node, message, "yaml", 'Put the value in quotes if the star belongs to it: "*…".')
            elif kind is names.document_start and nodes:
                mark = event.start_mark
                message = "a second document begins here"
                findings.add_at(mark.line + first, 1, message, "yaml", "Remove this `---` line and what follows it.")
                break
            elif kind is names.stream_end:
                break
    except YAMLError as error:
        explain(findings, error, text)
        return _rest(findings, stack, nodes)
    except UnicodeEncodeError as error:
        line, column = _place(findings, error.start, text)
        findings.add_at(line, column, "a character here is half of a pair", "yaml", "Delete it and type it again.")
        return _rest(findings, stack, nodes)
    return nodes[0] if nodes else Scalar("", first, 1, True)


class _Open(NamedTuple):
    """A mapping or list whose end has not been seen; `outer` are the nodes of what encloses it."""

    mapping: bool
    line: int
    column: int
    outer: list[Node]


def _closed(findings: Findings, opened: _Open, nodes: list[Node]) -> Node:
    if not opened.mapping:
        return Sequence(tuple(nodes), opened.line, opened.column)
    entries: dict[str, tuple[Scalar, Node]] = {}
    for key, value in zip(nodes[::2], nodes[1::2], strict=False):  # the last key may lack its value
        if not isinstance(key, Scalar):
            message = "a key must be plain text"
            findings.add(key, message, "yaml", 'Put the value in quotes if it begins with { or [: title: "{…}".')
        elif not key.text and key.plain:
            findings.add(key, "a key is missing before this colon", "yaml", "Write it as key: value.")
        elif key.text in entries:
            first = entries[key.text][0]
            message = f"`{key.text}` stands twice, here and on line {first.line}"
            findings.add(key, message, "duplicate-key", "Keep one of the two.")
        else:
            entries[key.text] = (key, value)
    return Mapping(tuple(entries.values()), opened.line, opened.column)


def _rest(findings: Findings, stack: list[_Open], nodes: list[Node]) -> Node | None:
    """What was read of the outermost mapping before the syntax broke off, without the value just before the break."""
    findings.complete = False
    if not stack or not stack[0].mapping:
        return None
    outermost = nodes if len(stack) == 1 else stack[1].outer
    return _closed(findings, stack[0], outermost[: (len(outermost) - 1) // 2 * 2])


def _refuse_property(findings: Findings, node: Scalar | _Open, event: Any) -> None:
    what = f"`&{event.anchor}` names" if event.anchor is not None else f"`{event.tag}` types"
    message = f"{what} a value, which isn't allowed here"
    findings.add(node, message, "yaml", 'Put the value in quotes if the sign belongs to it: "…".')


def _refuse_control(findings: Findings, node: Scalar) -> None:
    found = _CONTROL.search(node.text)
    point = f"U+{ord(found[0]):04X}" if found else ""
    message = f"this text holds a control character ({point})"
    findings.add(node, message, "yaml", "Remove the backslash escape that stands for it.")


def _watch_comment(findings: Findings, end: Any) -> None:
    """Text after ` #` is a comment to YAML; `We're #1` is hardly meant so."""
    line = findings.line(end.line + findings.first_line)
    rest = line[end.column :]
    if re.match(r"[ \t]+#[^\s#]", rest):
        column = end.column + rest.index("#") + 1
        message = "from the # on, this is a comment and won't be shown"
        hint = "Put the whole value in quotes, or write a space after the # of a comment."
        findings.add_at(end.line + findings.first_line, column, message, "yaml-comment", hint)


class _Names(NamedTuple):
    parser: Any
    scalar: type
    mapping_start: type
    mapping_end: type
    sequence_start: type
    sequence_end: type
    alias: type
    document_start: type
    stream_end: type


@cache
def _names() -> _Names:
    """PyYAML's parser and event types, imported with the first text: the import takes 28 ms."""
    import yaml

    return _Names(
        _parser(),
        yaml.ScalarEvent,
        yaml.MappingStartEvent,
        yaml.MappingEndEvent,
        yaml.SequenceStartEvent,
        yaml.SequenceEndEvent,
        yaml.AliasEvent,
        yaml.DocumentStartEvent,
        yaml.StreamEndEvent,
    )


def _parser() -> Any:
    try:
        from yaml._yaml import CParser
    except ImportError:  # PyYAML was built without libyaml
        return pure_parser()
    return CParser


def pure_parser() -> Any:
    """The parser in Python, eight times slower, for installations without libyaml."""
    from yaml.parser import Parser
    from yaml.reader import Reader
    from yaml.scanner import Scanner

    class PureParser(Reader, Scanner, Parser):
        def __init__(self, text: str) -> None:
            Reader.__init__(self, text)
            Scanner.__init__(self)
            Parser.__init__(self)

    return PureParser
