"""What is gathered while one source is written out: the only thing here that changes, private to one `render` call."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from broadsheet.errors import Diagnostic
from broadsheet.markdown.limits import MAX_FINDINGS, allowance
from broadsheet.markdown.notes import Notes
from broadsheet.markdown.options import Options
from broadsheet.model import Block, ImageRef, LinkRef, Mark

_ENDS = frozenset(["", ")", "#", "?", " ", "\t"])  # what stands behind an address in a text; "" is the end of a line
_TRIES = 50  # addresses that begin with the one that is looked for: more are somebody's mischief


class AmplificationError(Exception):
    """The source's links would print far more than the source holds."""


class Draft:
    """The output so far, and the means to point at a place in the source."""

    def __init__(self, source: str, path: str, first_line: int, lang: str, options: Options, guard: str) -> None:
        self.source, self.path, self.first_line = source, path, first_line
        self.lang, self.options, self.guard = lang, options, guard
        self.plain = options.commonmark
        self.escape_html = options.raw_html == "escape" and not options.commonmark
        self.void = " />" if options.commonmark else ">"
        self.out: list[str] = []
        self.text: list[str] = []
        self.links: list[LinkRef] = []
        self.pictures: list[ImageRef] = []
        self.blocks: list[Block] = []
        self.taken: dict[str, int] = {}  # id -> how often it was wanted
        self.heading_ids: list[str] = []
        self.fragments: list[tuple[str, int, str]] = []  # links within the page: id, line, as written
        self.html: list[tuple[str, int]] = []  # raw HTML met: markup, line
        self.used_labels: set[str] = set()
        self.notes = Notes()
        self.diagnostics: list[Diagnostic] = []
        self.told: dict[str, int] = {}  # findings by code
        self.span: Sequence[int] = (0, 1)  # lines of the source being written, from 0
        self.demote = 0
        self.outline: list[int] = []  # levels, as written, of the last heading and those that it stands under
        self.tables = 0
        self.slot_written = False
        self.slot_span: Sequence[int] | None = None
        self.allowance = allowance(source)
        self._lines: list[str] | None = None
        self._marked: dict[str, tuple[int, int]] = {}  # line and column (from 0) behind the one that was marked last

    def marker(self, name: str, *, block: bool = False) -> str:
        """`\\0name\\0`; while raw HTML is still to be cleaned, an element that the cleaner keeps in its place."""
        if not self.guard:
            return f"\0{name}\0"
        return f'<{"hr" if block else "wbr"} id="{self.guard}{name}">'

    def scroller(self) -> str:
        """The opening tag of what a table stands in: wide tables scroll within themselves, and by keyboard."""
        self.tables += 1
        label = escape(self.options.labels.table.replace("{n}", str(self.tables)))
        return f'<div class="table-scroll" tabindex="0" role="region" aria-label="{label}">'

    def spend(self, size: int) -> None:
        """Count what addresses and titles print."""
        self.allowance -= size
        if self.allowance < 0:
            raise AmplificationError

    def add_block(self, block: Block, *, inline: bool = False) -> None:
        self.out.append(self.marker(f"B{len(self.blocks)}", block=not inline))
        self.blocks.append(block)

    def locate(self, needle: str, span: Sequence[int] | None = None) -> tuple[int, int]:
        """Line (from 0) and column (from 1) of a piece of source within the lines being written, as well as can be."""
        first, last = span or self.span
        for number in range(first, min(last, len(self.lines))):
            column = self.lines[number].find(needle)
            if needle and column >= 0:
                return number, column + 1
        return first, 1

    def mark(self, needle: str, of: str = "links") -> Mark:
        """Where an address stands: behind "](", and not as the beginning of another one. Those of a text are asked for
        in their order, so that the second of two equal ones is not taken for the first; `of`: links, or pictures, which
        may stand in them."""
        first, last = self.span
        marked = self._marked.get(of, (0, 0))
        line, after = marked if first <= marked[0] < last else (first, 0)
        tries = _TRIES
        written = bool(needle) and "](" + needle in self.source
        for number in range(line, min(last, len(self.lines)) if written else line):
            text = self.lines[number]
            at = text.find("](" + needle, after if number == line else 0)
            while at >= 0 and tries:
                end = at + 2 + len(needle)
                if text[end : end + 1] in _ENDS:
                    self._marked[of] = number, end
                    return self.first_line + number, at + 3
                at, tries = text.find("](" + needle, end), tries - 1
        line, column = self.locate(needle)
        return self.first_line + line, column

    def mark_anywhere(self, needle: str) -> Mark:
        """As `mark`, over the whole source."""
        line, column = self.locate(needle, (0, len(self.lines)))
        return self.first_line + line, column

    def report(
        self, code: str, message: str, hint: str = "", *, needle: str = "", span: Sequence[int] | None = None
    ) -> None:
        """Record a finding at `needle`, else at the first line of `span` (else of what is being written)."""
        told = self.told[code] = self.told.get(code, 0) + 1
        if told > MAX_FINDINGS:
            return
        if told == MAX_FINDINGS:
            message += " (and more like this further on)"
        line, column = self.locate(needle, span)
        excerpt = self.lines[line] if line < len(self.lines) else ""
        if not needle:
            column = len(excerpt) - len(excerpt.lstrip()) + 1
        self.diagnostics.append(
            Diagnostic(self.path, self.first_line + line, column, message, code, hint, excerpt[:500])
        )

    @property
    def lines(self) -> list[str]:
        if self._lines is None:
            self._lines = self.source.split("\n")
        return self._lines
