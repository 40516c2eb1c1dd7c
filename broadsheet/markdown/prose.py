"""Two shortcuts past the parser's rule chains, for the blocks and lines that most stories are made of.

They change no result, only how soon it is known: no block other than a paragraph begins with a letter.
"""

from __future__ import annotations

import re

from markdown_it.common.utils import mdTrim
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

# The characters at which an inline rule can fire. A plain class: with look-ahead the search takes four times as long.
SPECIAL = re.compile(r"[\n!&*<\[\\\]^_`~]")


def prose(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    """A paragraph each line of which begins with a letter: nothing else can start, underline or end it."""
    src, begins, shifts, line = state.src, state.bMarks, state.tShift, start + 1
    first = begins[start] + shifts[start]
    if silent or not src[first].isalpha() or state.sCount[start] - state.blkIndent > 3:
        return False
    while line < state.lineMax and not state.isEmpty(line):
        if not src[begins[line] + shifts[line]].isalpha():
            return False
        line += 1
    one_line = line == start + 1
    content = src[first : state.eMarks[start]] if one_line else state.getLines(start, line, state.blkIndent, False)
    state.line = line
    state.push("paragraph_open", "p", 1).map = [start, line]
    token = state.push("inline", "", 0)
    token.content, token.map, token.children = mdTrim(content), [start, line], []
    state.push("paragraph_close", "p", -1)
    return True


def inline(state: StateCore) -> None:
    """Inline parsing; text without any special character is one text token."""
    parse, search, md, env = state.md.inline.parse, SPECIAL.search, state.md, state.env
    for token in state.tokens:
        if token.type == "inline":
            if search(token.content):
                parse(token.content, md, env, token.children)  # type: ignore[arg-type]  # set by every block rule
            elif token.content:
                text = Token("text", "", 0)
                text.content = token.content
                token.children = [text]
