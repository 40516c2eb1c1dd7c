"""The findings about one YAML text, each with its place in the file, the source line and a hint."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from broadsheet.errors import Diagnostic, closest

if TYPE_CHECKING:
    from broadsheet.yamlnodes.tree import Node, Scalar

_LINE_END = re.compile(r"\r\n|\r|\n")


class Placed(Protocol):
    """Anything that knows its line and column in the file, both from 1."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


class Findings:
    """Collects what is wrong with one YAML text of a file.

    `first_line` is the file's line on which the text begins (2 for front matter). `complete` turns false when the text
    could be read only in part: then what seems to be missing may just stand after the mistake. `value_code` and
    `key_code` are the codes of unfit values and unknown keys; `marks` gets the place of each key read ("image.alt")
    and list item ("topics.0").
    """

    __slots__ = ("_lines", "complete", "first_line", "found", "key_code", "marks", "path", "text", "value_code")

    def __init__(
        self, path: str, text: str, first_line: int = 1, *, value_code: str = "value", key_code: str = "unknown-key"
    ) -> None:
        self.path = path
        self.value_code = value_code
        self.key_code = key_code
        self.marks: dict[str, tuple[int, int]] = {}
        self.text = text
        self.first_line = first_line
        self.complete = True
        self.found: list[Diagnostic] = []
        self._lines: list[str] | None = None

    def add(self, at: Placed, message: str, code: str, hint: str = "") -> None:
        """A finding at the place of a node."""
        self.add_at(at.line, at.column, message, code, hint)

    def add_at(self, line: int, column: int, message: str, code: str, hint: str = "") -> None:
        """A finding at a line and column of the file."""
        found = Diagnostic(self.path, line, column, message, code, hint, self.line(line))
        self.found.append(found)

    def refuse(self, at: Placed, message: str, hint: str = "") -> None:
        """An unfit value at the place of a node."""
        self.add(at, message, self.value_code, hint)

    def refuse_key(self, key: Scalar, _value: Node, where: str, choices: Iterable[str]) -> None:
        """An unknown key in the block `where` ("image.", "" at the top), which may have the keys `choices`."""
        allowed = sorted(choices)
        meant = closest(key.text, allowed)
        hint = f"Did you mean `{meant}`?" if meant else f"Keys here are: {', '.join(allowed)}."
        self.add(key, f"unknown key `{where}{shown(key.text)}`", self.key_code, hint)

    def told_of(self, what: str) -> bool:
        """Whether there is a finding about the value of the key `what`: their messages begin with its name."""
        return any(found.message.startswith(f"`{what}`") for found in self.found)

    def line(self, number: int) -> str:
        """The text of a line of the file, "" outside this text."""
        if self._lines is None:
            self._lines = _LINE_END.split(self.text)
        index = number - self.first_line
        return self._lines[index] if 0 <= index < len(self._lines) else ""

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return tuple(self.found)


def shown(text: str, width: int = 60) -> str:
    """A piece of a source as a message quotes it: on one line, printable, shortened."""
    clean = "".join(c if c.isprintable() else " " for c in text[: width + 1])
    return clean if len(clean) <= width else clean[: width - 1] + "…"
