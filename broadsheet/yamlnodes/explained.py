"""YAML's own error messages in a reporter's words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from broadsheet.yamlnodes.findings import Findings

_QUOTE = 'Put the whole value in quotes: title: "…".'


def explain(findings: Findings, error: Any, text: str) -> None:
    """Add the finding for a `yaml.YAMLError`."""
    if getattr(error, "position", None) is not None:
        _unreadable(findings, error, text)
        return
    mark = error.problem_mark or error.context_mark
    line, column = mark.line, mark.column
    problem = f"{error.problem or ''} {error.context or ''}"
    context = error.context_mark
    above = findings.line(line + findings.first_line - 1)
    joined = re.match(r"\s*(-)[^\s-]", above) if "could not find expected ':'" in problem else None
    if joined:  # the parser takes it for text, and finds out a line later
        message, hint = "an item of a list without a blank after its hyphen", "Write `- ` before each item."
        findings.add_at(line + findings.first_line - 1, joined.start(1) + 1, message, "yaml", hint)
        return
    source = findings.line(line + findings.first_line)
    message, hint = _words(problem, source, column)
    if context is not None and (("quoted scalar" in problem and "end of stream" in problem) or "flow " in problem):
        line, column = context.line, context.column  # where it was opened says more than where the text ends
    findings.add_at(line + findings.first_line, column + 1, message, "yaml", hint)


def _words(problem: str, source: str, column: int) -> tuple[str, str]:
    """Message and hint for a parser's `problem` at a column (from 0) of a source line."""
    at = source[column : column + 1]
    before = source[:column]
    if "mapping values are not allowed" in problem:
        if re.match(r"\s+\S", source) and ": " not in before and not before.strip().endswith(("'", '"')):
            return "this line is indented as if it belonged to the one above", "Remove the spaces at its beginning."
        if re.match(r"[\s-]*[^\s:][^:]*:\s", before):
            return "a second colon in a value without quotes", _QUOTE
        return "a colon that YAML can't place", "Each line is key: value. The line above may lack its colon or space."
    if "quoted scalar" in problem and "end of stream" in problem:
        return "the quotation mark opened here is never closed", "Close it; inside '…' an apostrophe is written ''."
    if "escape" in problem:
        return "a backslash inside double quotes that YAML can't read", "Write \\\\ for a backslash, or use '…' quotes."
    if "cannot start any token" in problem:
        if at == "\t":
            return "a tab at the beginning of a line", "Indent with spaces."
        return f"a value can't begin with {at}", _QUOTE
    if "alias" in problem or "anchor" in problem:
        return "a value can't begin with * or & without quotes", _QUOTE
    if "sequence entries are not allowed" in problem:
        return "a list can't begin on the line of its key", "Begin each item on a line of its own, with - before it."
    if "flow sequence" in problem:
        return "the list opened here with [ isn't closed", "Close it with ], or quote a value that begins with [."
    if "flow mapping" in problem:
        return "what is opened here with { isn't closed", "Close it with }, or quote a value that begins with {."
    if "block scalar" in problem:
        return "text on the line of | or >", "Begin the text on the next line, or put it in quotes."
    if "could not find expected ':'" in problem:
        return "a line without a key", "Each line is key: value; quote text that runs over several lines."
    if "expected key" in problem or "<block end>" in problem:
        if re.match(r"\s*[\w-]+:\s+[\"']", source):
            hint = "Quote the whole value; inside '…' an apostrophe is written '', inside \"…\" a quotation mark \\\"."
            return "text after the closing quotation mark", hint
        return "this line doesn't fit the lines above", "Give all keys of a block the same indentation."
    if "'-' indicator" in problem:
        return "this line doesn't fit the list above", "Give all items of a list the same indentation and a -."
    if "document start" in problem:
        return "text after the end of the document", "Remove the line of three dots and what follows it."
    if "node content" in problem and not at.strip():
        return "what was opened with [ or { above isn't closed", "Close it, or quote a value that begins with [ or {."
    if "node content" in problem:
        return f"a value can't begin with {at}", _QUOTE
    plain = problem.strip() or "this can't be read as YAML"
    return f"YAML: {plain}", 'Each line is key: value; put values with special signs in quotes: "…".'


def _unreadable(findings: Findings, error: Any, text: str) -> None:
    """A character that YAML doesn't allow anywhere; its place is looked up, the parser counts bytes."""
    character = error.character if isinstance(error.character, str) else chr(error.character)
    index = max(text.find(character), 0)
    before = text[:index].replace("\r\n", " \n").replace("\r", "\n")
    line = findings.first_line + before.count("\n")
    message = f"a control character (U+{ord(character[:1] or ' '):04X}) that text can't hold"
    findings.add_at(line, index - before.rfind("\n"), message, "yaml", "Delete the character.")
