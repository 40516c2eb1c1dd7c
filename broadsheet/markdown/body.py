"""The walk over a document's block tokens, once, from top to bottom."""

from __future__ import annotations

from markdown_it.common.utils import MD_TRIM_RE, mdTrim, unescapeAll
from markdown_it.token import Token

from broadsheet import locale
from broadsheet.markdown import headings, notes, pictures, rawhtml
from broadsheet.markdown.blocks import write_box, write_embed
from broadsheet.markdown.cardplace import announces
from broadsheet.markdown.draft import Draft
from broadsheet.markdown.inline import escape, write_inline
from broadsheet.markdown.quotes import typeset
from broadsheet.patterns import pattern

_RIGHT_TO_LEFT = pattern("[\u0590-\u08ff\ufb1d-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_ALIGN = {"text-align:left": "left", "text-align:center": "center", "text-align:right": "right"}


class Body:
    """Writes block tokens into a draft, in the layout that the CommonMark examples use."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.paragraphs = 0  # of the text itself: not in lists, quotations or boxes
        self.empty_header = False
        self.set_apart = False
        self.slot_index: int | None = None  # where in draft.out the card goes by count

    def write(self, tokens: list[Token]) -> None:
        draft, index, size = self.draft, 0, len(tokens)
        while index < size:
            token = tokens[index]
            kind = token.type
            if kind == "prose":
                self._prose(token)
                index += 1
                continue
            if kind == "paragraph_open":
                self._paragraph(token, tokens[index + 1])
                index += 3
                continue
            if kind == "inline":
                write_inline(draft, token)
            elif kind == "heading_open":
                self._heading(token, tokens[index + 1])
                index += 3
                continue
            elif kind == "box_open":
                end = index + 1
                while tokens[end].type != "box_close":  # boxes don't nest
                    end += 1
                write_box(draft, token, tokens[index + 1 : end], self.write)
                index = end
            elif kind in ("table_open", "table_close", "th_open", "td_open", "th_close", "td_close"):
                self._table(tokens, index)
            elif kind in ("fence", "code_block"):
                self._code(token)
            elif kind == "html_block":
                self._html(token)
            elif kind == "box_raw":
                write_embed(draft, token)
            elif kind == "slot":
                self._slot(token)
            else:
                self._element(tokens, index)
            index += 1

    def _paragraph(self, opening: Token, content: Token) -> None:
        draft = self.draft
        children = content.children or []
        if children and not draft.plain and pictures.stands_alone(children):
            self._figures(content)
            return
        if opening.hidden:
            write_inline(draft, content)
            return
        draft.out.append("<p>")
        write_inline(draft, content)
        draft.out.append("</p>\n")
        if opening.level == 0:
            self._count_paragraph(content.content)

    def _prose(self, token: Token) -> None:
        """A paragraph of the text itself, which holds no picture; one without children is text alone."""
        draft = self.draft
        if token.children:
            draft.out.append("<p>")
            write_inline(draft, token)
            draft.out.append("</p>\n")
        else:
            smart = draft.options.smart_quotes and not draft.plain
            text = typeset(token.content, draft.lang) if smart else token.content
            draft.span = token.map or draft.span
            draft.text += (text, "\n")
            draft.out.append(f"<p>{escape(text)}</p>\n")
        self._count_paragraph(token.content)

    def _count_paragraph(self, text: str) -> None:
        """The card's place is after so many paragraphs, but never between one that ends with a colon and what that one
        announces."""
        self.paragraphs += 1
        due = 0 < self.draft.options.after_paragraph <= self.paragraphs
        if due and self.slot_index is None and not announces(text):
            self.slot_index = len(self.draft.out)

    def _figures(self, content: Token) -> None:
        """Pictures that stand alone, each with a link around it if it has one."""
        draft, start, place = self.draft, len(self.draft.blocks), len(self.draft.out)
        write_inline(draft, content, figures=True)
        if len(draft.blocks) > start:
            draft.out.append("\n")
        else:  # only their texts could be shown
            draft.out.insert(place, "<p>")
            draft.out.append("</p>\n")

    def _heading(self, opening: Token, content: Token) -> None:
        draft = self.draft
        if draft.plain:
            draft.out.append(f"<{opening.tag}>")
            write_inline(draft, content)
            draft.out.append(f"</{opening.tag}>\n")
            return
        place, start = len(draft.out), len(draft.text)
        draft.out.append("")
        chosen = headings.take_id(content)
        write_inline(draft, content)
        title = "".join(draft.text[start:]).strip()
        if not title:
            draft.report("heading-level", "this heading is empty, so it is left out", "Write its text after the #.")
            del draft.out[place:]
            return
        tag = headings.level(draft, opening.tag, title)
        identity = headings.heading_id(title, draft.lang, draft.taken, chosen)
        draft.heading_ids.append(identity)
        draft.out[place] = f'<{tag} id="{identity}">'
        draft.out.append(f"</{tag}>\n")

    def _table(self, tokens: list[Token], index: int) -> None:
        draft, token = self.draft, tokens[index]
        if token.type == "table_open":
            draft.out.append(draft.scroller() + '<table class="table">\n')
        elif token.type == "table_close":
            draft.out.append("</table></div>\n")
        else:
            self._cell(tokens, index)

    def _cell(self, tokens: list[Token], index: int) -> None:
        token = tokens[index]
        name = token.type[:2]
        if token.nesting < 0:
            end = "</bdi>" if self.set_apart else ""
            self.draft.out.append(f"{end}</td>\n" if self.empty_header else f"{end}</{name}>\n")
            self.empty_header = self.set_apart = False
            return
        if name == "th" and not tokens[index + 1].content:  # a corner cell heads nothing
            name, self.empty_header = "td", True
        align = _ALIGN.get(str(token.attrs.get("style", "")))
        attributes = f' class="{align}"' if align else ""
        if name == "th":
            attributes += ' scope="col"'
        self.draft.out.append(f"<{name}{attributes}>")
        words = "".join([child.content for child in tokens[index + 1].children or () if child.type != "image"])
        if (
            words
            and not self.draft.plain
            and locale.direction(self.draft.lang) == "rtl"
            and not _RIGHT_TO_LEFT.search(words)
        ):
            self.set_apart = True  # or "-5 %" would be read from its end
            self.draft.out.append('<bdi dir="ltr">')

    def _code(self, token: Token) -> None:
        draft = self.draft
        words = MD_TRIM_RE.split(mdTrim(unescapeAll(token.info)), maxsplit=1) if token.info else [""]
        language = f' class="language-{escape(words[0])}"' if words[0] else ""
        if len(words) > 1 and not draft.plain:
            message = f"what follows “{words[0]}” on this line is not shown: {words[1][:200]}"
            hint = "Behind the fence, write the language alone; write words as text, on lines of their own."
            draft.report("code-words", message, hint, span=token.map)
        focus = "" if draft.plain else ' tabindex="0"'  # wide code scrolls
        draft.text += (token.content, "\n")
        draft.out.append(f"<pre{focus}><code{language}>{escape(token.content)}</code></pre>\n")

    def _html(self, token: Token) -> None:
        draft = self.draft
        if draft.plain:
            draft.out.append(token.content)
            return
        draft.html.append((token.content, (token.map or [0])[0]))
        draft.text.append(rawhtml.visible_text(token.content))
        draft.out.append(rawhtml.admit(token.content) if draft.guard else token.content)

    def _slot(self, token: Token) -> None:
        draft = self.draft
        if draft.slot_written:
            hint = "Keep one '::: recommended'."
            draft.report("block", "the Recommended card is placed twice", hint, span=token.map)
            return
        draft.slot_written, draft.slot_span = True, token.map
        draft.out.append(draft.marker("R", block=True) + "\n")

    def _element(self, tokens: list[Token], index: int) -> None:
        """Lists, quotations, rules and table rows: a tag, and a line break where the layout has one."""
        token = tokens[index]
        out = self.draft.out
        if token.nesting < 0:
            out.append(f"</{token.tag}>\n")
            return
        if index and tokens[index - 1].hidden:
            out.append("\n")
        if token.nesting == 0:
            out.append(f"<{token.tag}{self.draft.void}\n")
            return
        following = tokens[index + 1]
        start = f' start="{token.attrs["start"]}"' if "start" in token.attrs else ""
        empty = token.tag == "li" and following.nesting < 0
        joined = following.type == "inline" or following.hidden or empty
        out.append(f"<{token.tag}{start}>" if joined else f"<{token.tag}{start}>\n")

    def write_notes(self) -> None:
        """The footnotes that were referred to; writing one may refer to others."""
        draft = self.draft
        done: list[tuple[int, notes.Note]] = []
        if not draft.notes.order:
            return
        labels = draft.options.labels
        draft.out.append(
            f'<section class="footnotes" role="doc-endnotes" aria-label="{escape(labels.footnotes)}">\n<ol>\n'
        )
        for note in draft.notes.order:  # grows while it is walked
            draft.out.append(f'<li id="fn-{note.number}">')
            self.write(note.tokens)
            place = len(draft.out)
            if draft.out[-1] == "</p>\n":
                place -= 1
            draft.out.insert(place, "")
            done.append((place, note))
            draft.out.append("</li>\n")
        for place, note in done:
            draft.out[place] = notes.back_links(note, escape(labels.back))
        draft.out.append("</ol>\n</section>\n")
