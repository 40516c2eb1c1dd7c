"""One source from Markdown to `Rendered`: read this top-down."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from markdown_it.token import Token

from broadsheet.errors import Diagnostic, closest
from broadsheet.markdown import cardplace, headings, limits, notes, rawhtml
from broadsheet.markdown.body import Body
from broadsheet.markdown.draft import AmplificationError, Draft
from broadsheet.markdown.inline import escape
from broadsheet.markdown.options import Options
from broadsheet.markdown.parser import parser
from broadsheet.markdown.words import count_words
from broadsheet.model import Body as ModelBody
from broadsheet.model import FactBox, PullQuote, Rendered

_TELEPHONE = re.compile(r'(<a href="tel:[^>]*>)(.*?)(?=</a>)', re.DOTALL)
_TEXT = re.compile(r"(?<=>)[^<]+|^[^<]+")
_WITHIN = re.compile(r'<a href="(#[^"]*)"')


def render_document(source: str, *, path: str, first_line: int, lang: str, options: Options) -> Rendered:
    """See `broadsheet.markdown.render`."""
    if excess := limits.too_large(source):
        finding = Diagnostic(path, first_line, 1, excess, "too-large", "Split it into several stories.")
        return Rendered(body=ModelBody(html=""), diagnostics=(finding,))
    source = _normalized(source)
    guard = rawhtml.guard_for(source) if options.raw_html == "sanitize" and not options.commonmark else ""
    draft = Draft(source, path, first_line, lang, options, guard)
    env: dict[str, Any] = {}
    tokens = _parse(draft, env)
    try:
        _write(draft, tokens)
    except AmplificationError:
        message = "this text's links repeat so much that the page would be many times as long as the source"
        draft.report("amplification", message, "Use shorter addresses and titles, or fewer references to them.")
        draft.out.clear()
    _tell(draft, env)
    return _finish(draft)


def _normalized(source: str) -> str:
    """Line ends as LF; NUL, which delimits markers, as U+FFFD (both as CommonMark says)."""
    if "\r" in source:
        source = source.replace("\r\n", "\n").replace("\r", "\n")
    return source.replace("\0", "\ufffd")


def _parse(draft: Draft, env: dict[str, Any]) -> list[Token]:
    options = draft.options
    tokens = parser(
        html_blocks=options.commonmark or options.raw_html != "escape", extensions=not options.commonmark
    ).parse(draft.source, env)
    if draft.plain:
        return tokens
    has_notes = False
    for token in tokens:
        if token.level > limits.MAX_LEVEL:
            message = f"this text is nested more than {limits.MAX_LEVEL} levels deep (a list counts twice)"
            draft.report("nesting", message, "Flatten it: no reader can follow that.", span=token.map or draft.span)
            return []
        if token.map:
            draft.span = token.map
        if token.type == "footnote_reference_open":
            has_notes = True
        elif token.tag == "h1" and token.nesting == 1 and not draft.demote:
            draft.demote = 1
            message = "this heading has the level of the page's headline: all headings here go down by one"
            draft.report("heading-level", message, "Begin headings in a story with ##.", span=token.map)
    return draft.notes.take(tokens) if has_notes else tokens


def _write(draft: Draft, tokens: list[Token]) -> None:
    body = Body(draft)
    body.write(tokens)
    if not draft.plain and not draft.slot_written and draft.options.after_paragraph:
        place = len(draft.out) if body.slot_index is None else body.slot_index
        draft.out.insert(place, draft.marker("R", block=True) + "\n")
    body.write_notes()


def _with_card(draft: Draft, html: str) -> str:
    """A text that holds HTML, with the Recommended card between its paragraphs, however these were written."""
    marker = "\0R\0"
    if not draft.slot_written:
        return cardplace.moved(html, marker, draft.options.after_paragraph) if draft.options.after_paragraph else html
    if name := cardplace.around(html, html.find(marker)):
        message = f"'::: recommended' stands inside <{name}>"
        draft.report("block", message, "Put the block between paragraphs, outside of the HTML.", span=draft.slot_span)
    return html


def _tell(draft: Draft, env: dict[str, Any]) -> None:
    """Findings that need the whole document."""
    if draft.plain:
        return
    for code, line, message, hint in env.get("problems", ()):
        draft.report(code, message, hint, span=[line, line + 1])
    notes.report_lost(draft)
    for label, reference in env.get("references", {}).items():
        if label not in draft.used_labels:
            message = f"nothing refers to '[{label.lower()}]', so its definition is not shown"
            draft.report(
                "unused-definition", message, "Remove it, or write \\[ if it is meant as text.", span=reference["map"]
            )
    for repeated in env.get("duplicate_refs", ()):
        message = f"'[{repeated['label']}]' is defined twice: only the first counts"
        draft.report("unused-definition", message, "Remove one of the two.", span=repeated["map"])
    _check_fragments(draft)
    if draft.html:
        rawhtml.tell(draft)


def _check_fragments(draft: Draft) -> None:
    """Tell of links to headings that aren't here, and lead them to the page's <main>."""
    ids = {*draft.heading_ids, *headings.RESERVED[:-1]}
    broken: set[str] = set()
    for fragment, line, href in draft.fragments:
        if fragment not in ids:
            guess = closest(fragment, ids)
            hint = f"Did you mean '#{guess}'?" if guess else "Links within a page lead to its headings."
            message = f"there is no heading '{href}' here: the link leads to the top of the story"
            draft.report("broken-anchor", message, hint, needle=href, span=[line, line + 1])
            broken.add(escape(href))
    if broken:
        draft.out = [_to_top(piece, broken) for piece in draft.out]
        draft.blocks = [
            replace(block, html=_to_top(block.html, broken)) if isinstance(block, FactBox | PullQuote) else block
            for block in draft.blocks
        ]


def _to_top(html: str, broken: Collection[str]) -> str:
    return _WITHIN.sub(lambda match: '<a href="#main"' if match[1] in broken else match[0], html)


def _in_one_line(text: re.Match[str]) -> str:
    return text[0].replace("-", "\N{NON-BREAKING HYPHEN}").replace(" ", "\N{NO-BREAK SPACE}")


def _finish(draft: Draft) -> Rendered:
    text = "".join(draft.text).strip()
    words, cjk = count_words(text)
    html = "".join(draft.out)
    blocks = tuple(draft.blocks)
    if draft.guard:
        html, blocks = rawhtml.sanitize(draft, html, blocks)
    if draft.html and draft.options.raw_html != "escape" and not draft.plain:
        html = _with_card(draft, html)
    if '<a href="tel:' in html:
        html = _TELEPHONE.sub(lambda match: match[1] + _TEXT.sub(_in_one_line, match[2]), html)
    return Rendered(
        body=ModelBody(html=html, blocks=blocks),
        links=tuple(draft.links),
        pictures=tuple(draft.pictures),
        anchors=tuple(draft.heading_ids),
        words=words,
        cjk=cjk,
        text=text,
        diagnostics=tuple(sorted(set(draft.diagnostics))),
    )
