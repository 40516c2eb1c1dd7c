"""Lines of text: tokens of one paragraph, heading or cell to HTML and to plain text."""

from __future__ import annotations

from markdown_it.token import Token

from broadsheet.markdown import pictures, rawhtml
from broadsheet.markdown.draft import Draft
from broadsheet.markdown.links import address
from broadsheet.markdown.notes import write_reference
from broadsheet.markdown.quotes import typeset_tokens
from broadsheet.model import LinkRef

_TAGS = {
    "em_open": "<em>",
    "em_close": "</em>",
    "strong_open": "<strong>",
    "strong_close": "</strong>",
    "s_open": "<s>",
    "s_close": "</s>",
}


def escape(text: str) -> str:
    """Text as HTML, for elements and for attributes in double quotes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def write_inline(draft: Draft, token: Token, *, figures: bool = False) -> None:
    """Write the children of an inline token; `figures`: they are pictures that stand alone."""
    children = token.children or []
    if token.map:
        draft.span = token.map
    if draft.options.smart_quotes and not draft.plain:
        typeset_tokens(children, token.content, draft.lang)
    if len(children) == 1 and children[0].type == "text":
        content = children[0].content
        draft.text.append(content)
        draft.out.append(escape(content))
    else:
        _write(draft, children, figures=figures)
    draft.text.append("\n")
    if "[^" in token.content and not draft.plain:
        _undefined_notes(draft, children)


def _write(draft: Draft, children: list[Token], *, figures: bool) -> None:
    out, text = draft.out, draft.text
    closings: list[str] = []
    for index, child in enumerate(children):
        kind = child.type
        if kind in ("text", "text_special"):
            text.append(child.content)
            out.append(escape(child.content))
        elif kind in _TAGS:
            out.append(_TAGS[kind])
        elif kind == "link_open":
            closings.append(_open_link(draft, child, shown=_shows(children, index + 1)))
        elif kind == "link_close":
            out.append(closings.pop())
        elif kind == "softbreak":
            text.append(" ")
            out.append("\n")
        elif kind == "code_inline":
            text.append(child.content)
            out.append(f"<code>{escape(child.content)}</code>")
        elif kind == "hardbreak":
            text.append(" ")
            out.append(f"<br{draft.void}\n")
        elif kind == "image":
            pictures.write_picture(draft, child, inline=not figures)
        elif kind == "html_inline":
            _raw(draft, child.content)
        elif kind == "footnote_ref":
            write_reference(draft, child)
        else:
            raise AssertionError(f"no writer for inline token {kind}")


def _shows(children: list[Token], first: int) -> bool:
    """Whether a link whose content begins with the child `first` holds anything that readers see."""
    for child in children[first:]:
        if child.type == "link_close":
            return False
        if child.content.strip() or child.type not in ("text", "softbreak", "hardbreak"):
            return True
    return True


def _open_link(draft: Draft, token: Token, *, shown: bool) -> str:
    """Write the opening of a link; returns what closes it. `shown`: it holds something to click on."""
    href, title = str(token.attrs["href"]), str(token.attrs.get("title", ""))
    draft.spend(len(href) + len(title))
    if label := token.meta.get("label"):
        draft.used_labels.add(label)
    if draft.plain:
        return _finished(draft, href, title)
    found = address(href)
    if found.kind == "unsafe":
        hint = "Links may be relative, or begin with https:, http:, mailto: or tel:."
        draft.report(
            "unsafe-link", f"'{href[:80]}' is not a safe address: the text stays without a link", hint, needle=href
        )
    elif found.kind == "empty":
        draft.report("empty-link", "this link has no address: the text stays without a link", "Write [text](address).")
    elif not shown:
        message = f"the link to '{href[:80]}' has no text, so readers can't see it"
        draft.report("empty-link", message, "Write [text](address), or remove the link.", needle="[](")
    elif found.kind == "web":
        return _finished(draft, found.href, title)
    elif found.kind == "page":
        draft.fragments.append((found.fragment, draft.span[0], href))
        return _finished(draft, found.href, title)
    else:
        mark = draft.mark(found.target) if found.target in draft.source else draft.mark(href)
        number = len(draft.links)
        draft.links.append(
            LinkRef(
                kind=found.kind,
                target=found.target,
                fragment=found.fragment,
                title=title,
                mark=mark,
                query=found.query,
            )
        )
        if draft.guard:
            draft.out.append(f'<a href="#{draft.guard}L{number}">')
            return "</a>"
        draft.out.append(f"\0L{number}\0")
        return f"\0/L{number}\0"
    return ""


def _finished(draft: Draft, href: str, title: str) -> str:
    titled = f' title="{escape(title)}"' if title else ""
    draft.out.append(f'<a href="{escape(href)}"{titled}>')
    return "</a>"


def _raw(draft: Draft, markup: str) -> None:
    if draft.plain:
        draft.out.append(markup)
        return
    draft.html.append((markup, draft.locate(markup.partition("\n")[0])[0]))
    if draft.escape_html:
        draft.text.append(markup)
        draft.out.append(escape(markup))
    else:
        draft.out.append(rawhtml.admit(markup) if draft.guard else markup)


def _undefined_notes(draft: Draft, children: list[Token]) -> None:
    for child in children:
        if child.type == "text" and "[^" in child.content:
            label = child.content.partition("[^")[2].partition("]")[0]
            draft.report("footnote", f"there is no footnote '{label}'", f"Write its text: [^{label}]: …", needle="[^")
