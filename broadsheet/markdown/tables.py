"""Tables, with what the format itself would do silently made visible: cells cut off, and cells made from nothing."""

from __future__ import annotations

from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import table as gfm_table
from markdown_it.rules_block.table import escapedSplit, getLine

from broadsheet.markdown.limits import MAX_EMPTY_CELLS


def table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A table, unless it would be amplified; rows longer than the header go to `env["problems"]`."""
    if start + 2 > end:
        return False
    below = state.bMarks[start + 1] + state.tShift[start + 1]
    if not state.src.startswith(("|", ":", "-"), below):
        return False  # most lines, told by the one below; the rule itself would look at far more
    if not gfm_table(state, start, end, True):
        return False
    if silent:
        return True
    columns, missing, long_rows = _cells(getLine(state, start)), 0, []
    for line in range(start + 2, end):
        if state.isEmpty(line) or state.sCount[line] < state.blkIndent:
            break
        cells = _cells(getLine(state, line))
        if cells > columns:
            long_rows.append((line, cells))
        else:
            missing += columns - cells
    if missing > MAX_EMPTY_CELLS:
        message = f"this table's rows lack {missing} cells; it is shown as plain text"
        _problem(state, "amplification", start, message, "Give each row as many cells as the header has.")
        return False
    gfm_table(state, start, end, False)
    for line, cells in long_rows:
        if line < state.line:
            message = f"this row has {cells} cells, but the table's header has {columns}: the rest would not be shown"
            _problem(
                state, "table", line, message, "Write a header cell for each column, or \\| for a bar in the text."
            )
    return True


def _cells(line: str) -> int:
    line = line.strip()
    bars = line.count("|")
    if "\\" in line:
        bars = len(escapedSplit(line)) - 1
    return bars + 1 - line.startswith("|") - (bars > 0 and line.endswith("|") and not line.endswith("\\|"))


def _problem(state: StateBlock, code: str, line: int, message: str, hint: str) -> None:
    state.env.setdefault("problems", []).append((code, line, message, hint))
