"""Short cuts past the parser's rule chains, for the blocks and lines that most stories are made of.

They change no result, only how soon it is known: a line that begins with a letter or a quotation mark begins no block
but a paragraph, and links and emphasis around plain words can be read in one go.
"""

from __future__ import annotations

import re

from markdown_it.common.utils import mdTrim
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from broadsheet.markdown.links import normalize

# The characters at which an inline rule can fire. A plain class: with look-ahead the search takes four times as long.
SPECIAL = re.compile(r"[\n!&*<\[\\\]^_`~]")
_WORDS = r"[^\n!&*<\[\\\]^_`~]+"
# `[words](address)`, `*words*` and `**words**` that begin and end with a letter or digit and touch none, a line's end.
# Each begins with its own character, so that the search skips to these; what must stand before is looked at behind.
_SIMPLE = re.compile(
    rf"\[({_WORDS})\]\(([^\s\x00-\x1f\x7f()<>\\&]+)\)"
    rf"|\*(\*?)(?<!\w\*)(?<!\w\*\*)(?=\w)({_WORDS})(?<=\w)\*\3(?![\w*])"
    r"|\n(?<! \n)(?![ \t])"
)
_EMPHASIS = {"": ("em_open", "em_close", "em"), "*": ("strong_open", "strong_close", "strong")}
_QUOTATION_MARKS = "“”„‘’«»\"'"


def prose(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    """Paragraphs each line of which begins with a letter or a quotation mark: nothing else can start, underline or end
    them. At the top level each is one token of the type "prose", which body.py writes; elsewhere the usual three.
    """
    line = start if silent else _paragraph_end(state, start)
    if line == start:
        return False
    if state.level:
        _push_paragraph(state, start, line)
        return True
    src, begins, shifts, ends, tokens = state.src, state.bMarks, state.tShift, state.eMarks, state.tokens
    while line > start:
        content = mdTrim(src[begins[start] + shifts[start] : ends[line - 1]])
        tokens.append(Token("prose", "", 0, {}, [start, line], 0, [], content))
        state.line = line
        start = state.skipEmptyLines(line)
        line = _paragraph_end(state, start)
    return True


def _paragraph_end(state: StateBlock, line: int) -> int:
    """The line after the paragraph that starts at `line`; `line` itself where a look at its lines can't tell."""
    start, last, src, begins, shifts, ends = line, state.lineMax, state.src, state.bMarks, state.tShift, state.eMarks
    if line >= last or state.sCount[line] - state.blkIndent > 3:
        return start
    while line < last:
        first = begins[line] + shifts[line]
        if first >= ends[line]:
            break
        if not (src[first].isalpha() or src[first] in _QUOTATION_MARKS):
            return start
        line += 1
    return line


def _push_paragraph(state: StateBlock, start: int, line: int) -> None:
    content = mdTrim(state.getLines(start, line, state.blkIndent, False))
    state.line = line
    state.push("paragraph_open", "p", 1).map = [start, line]
    token = state.push("inline", "", 0)
    token.content, token.map, token.children = content, [start, line], []
    state.push("paragraph_close", "p", -1)


def inline(state: StateCore) -> None:
    """Inline parsing, for which many lines need no rules; a "prose" token without any markup stays without children."""
    parse, search, md, env = state.md.inline.parse, SPECIAL.search, state.md, state.env
    for token in state.tokens:
        content = token.content
        if token.children is None or not content:
            continue
        if search(content):
            token.children = _simple(content) or parse(content, md, env, [])
        elif token.type != "prose":
            token.children = [_text(content)]


def _simple(content: str) -> list[Token] | None:
    """The tokens of text whose only markup is links, emphasis and line ends as `_SIMPLE` has them; None for others."""
    pieces = _SIMPLE.split(content)
    plain, groups = pieces[::5], zip(pieces[1::5], pieces[2::5], pieces[3::5], pieces[4::5], pieces[5::5], strict=True)
    if SPECIAL.search("".join(plain)):
        return None
    found = [_text(plain[0])] if plain[0] else []
    for label, address, mark, words, after in groups:
        if label is not None:
            opening = Token("link_open", "a", 1, attrs={"href": normalize(address)})
            found += (opening, _text(label), Token("link_close", "a", -1))
        elif mark is not None:
            opened, closed, tag = _EMPHASIS[mark]
            found += (Token(opened, tag, 1), _text(words), Token(closed, tag, -1))
        else:
            found.append(Token("softbreak", "br", 0))
        if after:
            found.append(_text(after))
    return found


def _text(content: str) -> Token:
    return Token("text", "", 0, {}, None, 0, None, content)
