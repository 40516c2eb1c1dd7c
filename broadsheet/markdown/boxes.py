"""The one syntax of typed blocks: `::: name argument` to open, `:::` to close (docs/markdown.md).

This rule only finds them; blocks.py makes them. It emits `box_open`/`box_close` around parsed content, `box_raw` with
unparsed lines, or `slot`; what is wrong goes to `env["problems"]`, and the text is kept as ordinary text.
"""

from __future__ import annotations

from markdown_it.rules_block import StateBlock

from broadsheet.errors import closest

PARSED = ("factbox", "quote", "gallery")
RAW = ("video", "post", "audio")
NAMES = (*PARSED, *RAW, "recommended")


def box(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A typed block, or a line that looks like one."""
    words = _fence(state, start)
    if words is None:
        return False
    if silent:
        return True
    name, _, argument = words.partition(" ")
    argument = argument.strip()
    if argument.endswith(":::"):
        argument = argument.rstrip(":").rstrip()
    problem = _refusal(state, name)
    if problem:
        refused = state.env.setdefault("refused", [])  # names of blocks whose closing lines are still to come
        if name:
            refused.append(name)
        if name or not refused:
            _problem(state, start, *problem)
        else:
            refused.pop()
        _as_text(state, start)
    elif name == "recommended":
        _slot(state, start, end, argument)
    else:
        _body(state, start, end, name, argument)
    return True


def _fence(state: StateBlock, line: int) -> str | None:
    """What follows the colons of a line that begins with three or more; None for any other line."""
    first = state.bMarks[line] + state.tShift[line]
    if not state.src.startswith(":::", first) or state.is_code_block(line):
        return None
    return state.src[first : state.eMarks[line]].lstrip(":").strip()


def _refusal(state: StateBlock, name: str) -> tuple[str, str] | None:
    if not name:
        return (
            "':::' closes a block here, but none is open",
            "Remove the line, or open a block with '::: factbox Title'.",
        )
    if name not in NAMES:
        guess = closest(name, NAMES)
        hint = f"Did you mean '{guess}'? " if guess else ""
        return f"there is no block named '{name}'", f"{hint}The blocks are {', '.join(NAMES)}."
    if state.level:
        place = "another block" if state.parentType == "box" else "a list, a quotation or a note"
        return f"'::: {name}' stands inside {place}", "Put the block between paragraphs, at the start of a line."
    return None


def _slot(state: StateBlock, start: int, end: int, argument: str) -> None:
    token = state.push("slot", "", 0)
    token.map = [start, start + 1]
    state.line = start + 1
    if argument:
        _problem(state, start, "'::: recommended' takes no text: the card is filled in by the site", "Remove the text.")
    following = state.skipEmptyLines(start + 1)
    if following < end and _fence(state, following) == "":
        state.line = following + 1


def _body(state: StateBlock, start: int, end: int, name: str, argument: str) -> None:
    close = start + 1
    while close < end and (_fence(state, close) is None or state.isEmpty(close)):
        close += 1
    closed = close < end and _fence(state, close) == ""
    if not closed:
        message = f"'::: {name}' is not closed"
        if close < end:
            message += f" before the next block opens, {close - start} lines below"
        _problem(state, start, message, "Write a line with only ':::' where the block ends.")
    if name in RAW:
        token = state.push("box_raw", "", 0)
        token.content = state.getLines(start + 1, close, state.blkIndent, False)
    else:
        token = state.push("box_open", "", 1)
        outer, state.parentType, last, state.lineMax = state.parentType, "box", state.lineMax, close
        state.md.block.tokenize(state, start + 1, close)
        state.parentType, state.lineMax = outer, last
        state.push("box_close", "", -1).info = name
    token.info, token.markup, token.map = name, argument, [start, close]
    state.line = close + closed


def _as_text(state: StateBlock, line: int) -> None:
    state.line = line + 1
    state.push("paragraph_open", "p", 1).map = [line, line + 1]
    token = state.push("inline", "", 0)
    token.map, token.children = [line, line + 1], []
    token.content = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].strip()
    state.push("paragraph_close", "p", -1)


def _problem(state: StateBlock, line: int, message: str, hint: str) -> None:
    state.env.setdefault("problems", []).append(("block", line, message, hint))
