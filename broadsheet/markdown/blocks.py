"""Typed blocks: what boxes.py found, made into the model's blocks or told to be wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, cast
from urllib.parse import urlsplit

from markdown_it.token import Token

from broadsheet.errors import closest
from broadsheet.markdown.draft import Draft
from broadsheet.markdown.links import address, normalize
from broadsheet.markdown.pictures import add_picture, picture_source
from broadsheet.markdown.quotes import typeset
from broadsheet.model import Block, Embed, FactBox, Gallery, ImageRef, PullQuote

_KEYS = ("title", "by", "image", "alt")


def write_box(draft: Draft, opening: Token, content: list[Token], write: Callable[[list[Token]], None]) -> None:
    """A fact box, a quotation or a gallery, its content written by `write`."""
    span = opening.map or [0, 1]
    argument = typeset(opening.markup, draft.lang) if draft.options.smart_quotes else opening.markup
    if opening.info == "gallery":
        block: Block | None = _gallery(draft, argument, content, span)
    else:
        outer, draft.out = draft.out, []
        if opening.info == "factbox":
            draft.text += (argument, "\n")
        write(content)
        html, draft.out = "".join(draft.out), outer
        block = _text_box(draft, opening.info, argument, html, span)
    if block:
        draft.add_block(block)
        draft.out.append("\n")


def _text_box(draft: Draft, name: str, argument: str, html: str, span: list[int]) -> Block | None:
    if not html.strip():
        draft.report("block", f"'::: {name}' holds no text", "Write the text between '::: …' and ':::'.", span=span)
    if name == "quote":
        return PullQuote(html=html, by=argument)
    if not argument:
        draft.report("block", "this fact box has no title", "Write it after the name: ::: factbox Title", span=span)
    return FactBox(title=argument, html=html)


def _gallery(draft: Draft, title: str, content: list[Token], span: list[int]) -> Block | None:
    numbers: list[int] = []
    for token in content:
        if token.type in ("fence", "code_block", "html_block"):
            _only_pictures(draft, token.content, token.map)
        for child in token.children or ():
            draft.span = token.map or span
            if child.type == "image":
                number = add_picture(draft, child)
                numbers += [] if number is None else [number]
            elif child.type == "link_open" or child.content.strip():
                _only_pictures(draft, child.content or "a link", token.map)
    if not numbers:
        draft.report("block", "this gallery holds no pictures", "List them: - ![alt](photo.jpg)", span=span)
        return None
    return Gallery(pictures=tuple(numbers), title=title)


def _only_pictures(draft: Draft, found: str, span: list[int] | None) -> None:
    message = f"a gallery holds pictures only, so '{found.strip()[:60]}' would not be shown"
    hint = 'A picture\'s text goes into its title: ![alt](photo.jpg "Caption / Credit").'
    draft.report("block", message, hint, span=span)


def write_embed(draft: Draft, token: Token) -> None:
    """A card for a video, a post or a recording: `key: value` lines, then the text it shows."""
    span = token.map or [0, 1]
    draft.span = span
    fields, text = _fields(draft, token, span)
    url = normalize(token.markup)
    if address(url).kind != "web" or not url.lower().startswith("http"):
        hint = f"Write it after the name: ::: {token.info} https://…"
        draft.report("block", f"'::: {token.info}' needs a web address", hint, span=span)
        url = ""
    if not fields.get("title"):
        draft.report("block", f"this {token.info} has no title", "Add a line: title: What it shows", span=span)
    draft.text += (fields.get("title", ""), "\n", text, "\n")
    draft.add_block(
        Embed(
            kind=cast('Literal["video", "post", "audio"]', token.info),
            url=url,
            title=fields.get("title", ""),
            by=fields.get("by", ""),
            provider=(urlsplit(url).hostname or "").removeprefix("www."),
            text=text,
            picture=_still(draft, fields, span),
        )
    )
    draft.out.append("\n")


def _fields(draft: Draft, token: Token, span: list[int]) -> tuple[dict[str, str], str]:
    fields: dict[str, str] = {}
    text: list[str] = []
    for offset, line in enumerate(token.content.split("\n"), start=1):
        key, colon, value = line.partition(":")
        key = key.strip()
        here = [span[0] + offset, span[0] + offset + 1]
        if text or not colon or " " in key or not key.islower():
            text += [line.strip()] if text or line.strip() else []
        elif key not in _KEYS:
            guess = closest(key, _KEYS)
            hint = f"Did you mean '{guess}'? " if guess else ""
            hint += f"The lines are {', '.join(_KEYS)}; leave a blank line before text."
            if value.startswith("//") or not line.strip():
                text.append(line.strip())
            else:
                draft.report("block", f"'{key}' is not a line of '::: {token.info}'", hint, span=here)
        elif key in fields:
            draft.report("block", f"'{key}' is given twice", "Keep one of them.", span=here)
        else:
            fields[key] = _unquoted(value.strip())
        if not line.strip() and fields and not text:
            text.append("")
    shown = "\n".join(text).strip()
    if draft.options.smart_quotes:
        fields = {key: typeset(value, draft.lang) if key in ("title", "by") else value for key, value in fields.items()}
        shown = typeset(shown, draft.lang)
    return fields, shown


def _unquoted(value: str) -> str:
    """A value without the quotation marks around the whole of it, as in front matter."""
    mark = value[:1]
    paired = len(value) > 1 and mark in ('"', "'") and value.endswith(mark) and mark not in value[1:-1]
    return value[1:-1] if paired else value


def _still(draft: Draft, fields: dict[str, str], span: list[int]) -> int | None:
    """The card's picture. Its title stands beside it, so it is decorative unless `alt:` says otherwise."""
    if not fields.get("image"):
        if fields.get("alt"):
            draft.report(
                "block", "'alt' describes a picture, but there is none", "Add a line: image: still.jpg", span=span
            )
        return None
    source = picture_source(normalize(fields["image"]))
    if source is None:
        message = f"'{fields['image'][:80]}' is not an address of a picture"
        draft.report("unsafe-link", message, "Name a file beside the story, or an https address.", span=span)
        return None
    draft.pictures.append(ImageRef(src=source, alt=fields.get("alt", ""), mark=draft.mark(fields["image"])))
    return len(draft.pictures) - 1
