"""Footnotes: numbered in the order in which a reader meets them, each with links back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from broadsheet.patterns import pattern

if TYPE_CHECKING:
    from broadsheet.markdown.draft import Draft

_REFERENCE = pattern(r"\[\^([^\s\]]{1,200})\]")  # bounded: each bracket of a long run is tried


class Note:
    """One footnote: its tokens, how often it is referred to, and the lines of its definition (from 0)."""

    def __init__(self, tokens: list[Token], span: list[int]) -> None:
        self.tokens, self.span = tokens, span
        self.number = 0
        self.references = 0


class Notes:
    """A source's footnotes by label, and in the order of their first reference."""

    def __init__(self) -> None:
        self.defined: dict[str, Note] = {}
        self.order: list[Note] = []
        self.repeated: list[tuple[str, Note]] = []

    def take(self, tokens: list[Token]) -> list[Token]:
        """Set the definitions among the tokens aside; what remains is the text."""
        remaining: list[Token] = []
        open_notes: list[tuple[Note, list[Token]]] = []
        for token in tokens:
            if token.type == "footnote_reference_open":
                label, note = token.meta["label"], Note([], token.map or [0, 1])
                if label in self.defined:
                    self.repeated.append((label, note))
                else:
                    self.defined[label] = note
                open_notes.append((note, note.tokens))
            elif token.type == "footnote_reference_close":
                open_notes.pop()
            else:
                (open_notes[-1][1] if open_notes else remaining).append(token)
        return remaining

    def refer(self, label: str) -> Note:
        """The note that a reference names, numbered if this is the first."""
        note = self.defined[label]
        if not note.number:
            self.order.append(note)
            note.number = len(self.order)
        note.references += 1
        return note


def reference(state: StateInline, silent: bool) -> bool:
    """`[^label]`, where such a note is defined."""
    match = _REFERENCE.match(state.src, state.pos, state.posMax) if "footnotes" in state.env else None
    if not match or ":" + match[1] not in state.env["footnotes"]["refs"]:
        return False
    if not silent:
        state.push("footnote_ref", "", 0).meta = {"label": match[1]}
    state.pos = match.end()
    return True


def write_reference(draft: Draft, token: Token) -> None:
    """A footnote's number in the text."""
    note = draft.notes.refer(token.meta["label"])
    suffix = f"-{note.references}" if note.references > 1 else ""
    draft.out.append(
        f'<sup class="footnote-ref"><a href="#fn-{note.number}" id="fnref-{note.number}{suffix}"'
        f' role="doc-noteref">{note.number}</a></sup>'
    )


def back_links(note: Note, label: str) -> str:
    """The links from a note to each place that refers to it. `label` names them: "Back to reference {n}"."""
    links: list[str] = []
    for turn in range(1, note.references + 1):
        suffix = f"-{turn}" if turn > 1 else ""
        name = label.replace("{n}", f"{note.number}{suffix}")
        shown = f"<sup>{turn}</sup>" if turn > 1 else ""
        links.append(
            f' <a href="#fnref-{note.number}{suffix}" class="footnote-back" role="doc-backlink"'
            f' aria-label="{name}">↩\ufe0e{shown}</a>'
        )
    return "".join(links)


def report_lost(draft: Draft) -> None:
    """Tell of notes that no reader would see, with their text."""
    for label, note in draft.notes.repeated:
        message = f"the footnote '{label}' is defined twice: only the first is shown, not {_text(note)}"
        draft.report("footnote", message, "Give each footnote its own label.", span=note.span)
    for label, note in draft.notes.defined.items():
        if not note.number:
            message = f"nothing refers to the footnote '{label}', so it is not shown: {_text(note)}"
            draft.report("footnote", message, f"Write [^{label}] where the note belongs.", span=note.span)


def _text(note: Note) -> str:
    words = " ".join(" ".join(token.content for token in note.tokens if token.content).split())
    return f"'{words[:2000]}'"
