"""Pictures: always blocks of their own, which the site fills in; the Markdown says source, alt, caption and credit."""

from __future__ import annotations

from urllib.parse import unquote

from markdown_it.token import Token

from broadsheet.markdown.draft import Draft
from broadsheet.markdown.links import address
from broadsheet.markdown.quotes import typeset
from broadsheet.model import Figure, ImageRef


def write_picture(draft: Draft, token: Token, *, inline: bool) -> None:
    """Write a picture as a figure, or within a line."""
    if draft.plain:
        _commonmark(draft, token)
        return
    number = add_picture(draft, token)
    if number is not None:
        draft.add_block(Figure(picture=number, inline=inline), inline=inline)


def add_picture(draft: Draft, token: Token) -> int | None:
    """Record a picture and give its number; None (told, its alt text written) where the address can't be used."""
    href, title = str(token.attrs["src"]), str(token.attrs.get("title", ""))
    draft.spend(len(href) + len(title))
    if label := token.meta.get("label"):
        draft.used_labels.add(label)
    alt = plain_text(token.children or [])
    source = picture_source(href)
    if source is None:
        problem = f"'{href[:80]}' is not an address of a picture" if href else "this picture has no address"
        draft.report(
            "unsafe-link" if href else "empty-link",
            f"{problem}: only its text is shown",
            "Name a file beside the story, or an https address.",
        )
        shown = alt or typeset(title, draft.lang)
        draft.text.append(shown)
        draft.out.append(shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
        return None
    if draft.options.smart_quotes:
        title = typeset(title, draft.lang)
    caption, credit = split_caption(title)
    mark = draft.mark(source, "pictures") if source in draft.source else draft.mark("![", "pictures")
    draft.pictures.append(ImageRef(src=source, alt=alt or None, caption=caption, credit=credit, mark=mark))
    return len(draft.pictures) - 1


def picture_source(href: str) -> str | None:
    """A relative path (percent-decoded) or a web address; None for anything else."""
    found = address(href)
    if found.kind == "web" and found.href.lower().startswith("http"):
        return found.href
    if found.kind in ("file", "site", "story"):
        return unquote(found.href.partition("#")[0])
    return None


def split_caption(title: str) -> tuple[str, str]:
    """ "A tram crosses the bridge. / AA" → caption and credit, at the last " / "; "/ AA" is a credit alone."""
    caption, slash, credit = f" {title}".rpartition(" / ")
    return (caption.strip(), credit.strip()) if slash else (title.strip(), "")


def stands_alone(children: list[Token]) -> bool:
    """Whether a paragraph holds pictures (linked or not) and nothing else."""
    if (
        not children
        or children[0].type not in ("image", "link_open")
        or children[-1].type not in ("image", "link_close")
    ):
        return False
    kinds = {child.type for child in children if child.type != "text" or child.content.strip()}
    return "image" in kinds and kinds <= {"image", "link_open", "link_close", "softbreak", "hardbreak"}


def plain_text(tokens: list[Token]) -> str:
    """What an alt text keeps of its Markdown."""
    pieces: list[str] = []
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            pieces.append("\n")
        else:
            pieces.append(plain_text(token.children) if token.children else token.content)
    return "".join(pieces)


def _commonmark(draft: Draft, token: Token) -> None:
    escaped = [
        str(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
        for value in (token.attrs["src"], plain_text(token.children or []), token.attrs.get("title", ""))
    ]
    title = f' title="{escaped[2]}"' if escaped[2] else ""
    draft.out.append(f'<img src="{escaped[0]}" alt="{escaped[1]}"{title} />')
