"""What a reporter is told when something is wrong: where, what, and what to write instead.

Every finding is a `Diagnostic` with a stable code. `CODES` is the register of all codes; docs/diagnostics.md
explains each with an example and its cure (a test holds the two together).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

Severity = Literal["error", "warn"]


@dataclass(frozen=True, slots=True)
class Code:
    """How a kind of finding is treated. `guarded` codes protect readers or sources and can't be turned down."""

    severity: Severity
    guarded: bool = False


_GUARDED_ERROR = Code("error", guarded=True)
_GUARDED_WARNING = Code("warn", guarded=True)

CODES: Mapping[str, Code] = {
    # sources and front matter
    "encoding": Code("error"),
    "unread-file": Code("warn"),
    "hidden-file": Code("warn"),
    "too-large": _GUARDED_ERROR,
    "yaml": _GUARDED_ERROR,
    "yaml-comment": Code("warn"),
    "front-matter": _GUARDED_ERROR,
    "duplicate-key": _GUARDED_ERROR,
    "unknown-key": Code("error"),
    "hidden-key": _GUARDED_ERROR,
    "duplicate-item": Code("warn"),
    "contradiction": Code("warn"),
    "missing-key": Code("error"),
    "value": _GUARDED_ERROR,
    "date": _GUARDED_ERROR,
    "dst-gap": Code("warn"),
    "dst-overlap": Code("warn"),
    "html-entity": Code("warn"),
    "invisible-character": Code("warn"),
    # Markdown
    "nesting": _GUARDED_ERROR,
    "amplification": _GUARDED_ERROR,
    "block": Code("error"),
    "table": Code("error"),
    "footnote": Code("error"),
    "unused-definition": Code("warn"),
    "code-words": Code("warn"),
    "raw-html": Code("warn"),
    "sanitized-html": Code("warn"),
    "unsafe-link": _GUARDED_WARNING,
    "empty-link": Code("warn"),
    "heading-level": Code("warn"),
    # links, pictures and picks
    "broken-link": Code("error"),
    "broken-anchor": Code("warn"),
    "unknown-page": Code("warn"),
    "hidden-link": _GUARDED_WARNING,
    "missing-pick": Code("error"),
    "missing-picture": Code("error"),
    "broken-picture": Code("error"),
    "damaged-picture": _GUARDED_ERROR,
    "animated-picture": Code("warn"),
    "missing-alt": Code("error"),
    "remote-picture": Code("error"),
    # addresses
    "slug": _GUARDED_ERROR,
    "unsafe-path": _GUARDED_ERROR,
    "url-collision": _GUARDED_ERROR,
    "vanished-page": Code("warn"),
    "foreign-file": Code("warn"),
    "unknown-region": Code("warn"),
    "no-address": Code("warn"),
    # two sources that claim to be one thing
    "ambiguous": Code("warn"),
    # what is held back, always told
    "not-public": Code("warn"),
    # advice of `check`
    "long-headline": Code("warn"),
    "missing-credit": Code("warn"),
    "small-picture": Code("warn"),
    "unused-picture": Code("warn"),
    "near-topic": Code("warn"),
    "outside-link": Code("warn"),
    "moved-link": Code("warn"),
    # templates
    "template": _GUARDED_ERROR,
    # config.yaml
    "config": _GUARDED_ERROR,
    "config-key": _GUARDED_ERROR,
}


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One finding. Lines and columns count from 1 (columns in characters); 0 means the file as a whole."""

    path: str
    line: int
    column: int
    message: str
    code: str
    hint: str = ""
    excerpt: str = ""
    severity: Severity = field(default="error", compare=False)

    def format(self) -> str:
        """The finding as printed: `path:line:col: message [code]`, the source line with a caret, the hint."""
        word = "" if self.severity == "error" else "warning: "
        lines = [_printable(f"{self.where()}: {word}{self.message} [{self.code}]")]
        if self.excerpt and self.line:
            number = str(self.line)
            text, caret = _window(self.excerpt, self.column)
            lines += [f"    {number} | {text}", f"    {' ' * len(number)} | {' ' * caret}^"]
        if self.hint:
            lines.append(f"    hint: {self.hint}")
        return "\n".join(lines)

    def with_excerpt(self, line: str) -> Diagnostic:
        return replace(self, excerpt=line)

    def where(self) -> str:
        if not self.line:
            return self.path
        return f"{self.path}:{self.line}:{max(self.column, 1)}"


class BroadsheetError(Exception):
    """Anything the command line reports without a traceback. `exit_code`: see the command line's table."""

    exit_code = 1


class ContentError(BroadsheetError):
    """The findings that stopped a build; exit code 1."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(sorted(diagnostics))
        super().__init__("\n".join(d.format() for d in self.diagnostics))


class ConfigError(ContentError):
    """config.yaml can't be used; exit code 2."""

    exit_code = 2


class UsageError(BroadsheetError):
    """The command was called in a way that can't work; exit code 2."""

    exit_code = 2


class OutputError(BroadsheetError):
    """The output folder can't be written, or must not be; exit code 1."""


class UnfinishedError(BroadsheetError):
    """Something was stopped that can't be taken back any more: a publication, of which the next build does the rest, or
    what comes after it. `exit_code`: that of what stopped it; 130 where the user did. `diagnostics`: the findings that
    did."""

    def __init__(self, message: str, exit_code: int, diagnostics: Iterable[Diagnostic] = ()) -> None:
        self.exit_code = exit_code
        self.diagnostics = tuple(diagnostics)
        super().__init__(message)


class WorkerError(BroadsheetError):
    """A worker process was killed; exit code 1."""


class DamagedError(Exception):
    """The state is not what was written: the caller starts again without it, and nobody is told."""


def judge(diagnostics: Iterable[Diagnostic], checks: Mapping[str, Severity]) -> tuple[Diagnostic, ...]:
    """The findings with the severity that `checks` (CODE -> error | warn) and the register give them, sorted."""
    return tuple(sorted({_judged(d, checks) for d in diagnostics}))


def _judged(diagnostic: Diagnostic, checks: Mapping[str, Severity]) -> Diagnostic:
    code = CODES[diagnostic.code]
    severity = code.severity if code.guarded else checks.get(diagnostic.code, code.severity)
    return diagnostic if severity == diagnostic.severity else replace(diagnostic, severity=severity)


def closest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that `word` was probably meant to be, or None."""
    from difflib import get_close_matches

    folded = {choice.casefold(): choice for choice in choices}
    found = get_close_matches(word.casefold(), folded, n=1, cutoff=0.7)
    return folded[found[0]] if found else None


def _window(text: str, column: int, width: int = 100) -> tuple[str, int]:
    """The part of a long source line around a column (from 1), printable, and where the caret stands in it."""
    clean = _printable(text)
    start = max(0, min(column - 1 - width // 2, len(clean) - width))
    prefix = "…" if start else ""
    return prefix + clean[start : start + width], len(prefix) + max(0, column - 1 - start)


def _printable(text: str) -> str:
    """The text without what would steer a terminal: control characters, line ends, changes of direction."""
    return text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)
