"""A stored body and what the site resolved for it, joined into the parts that templates and feeds print."""

from __future__ import annotations

import re
from collections.abc import Iterator

from broadsheet import contexts
from broadsheet.contexts import BodyRef, Part
from broadsheet.model import Block, Body, Embed, FactBox, Figure, Gallery
from broadsheet.templates.escaping import escaped, markup

_MARKER = re.compile("\0([^\0]*)\0")


def parts(body: Body, ref: BodyRef) -> tuple[Part, ...]:
    """The body as a sequence of parts, links and pictures filled in. See the markers in model.py."""
    return tuple(_parts(body.html, body.blocks, ref))


def _parts(html: str, blocks: tuple[Block, ...], ref: BodyRef) -> Iterator[Part]:
    pieces = _MARKER.split(html)
    pending = [pieces[0]]
    linked = False
    for marker, text in zip(pieces[1::2], pieces[2::2], strict=True):
        if marker[0] == "L":
            pending.append(_opening(ref.links[int(marker[1:])]))
        elif marker[0] == "/":
            if ref.links[int(marker[2:])] is not None:
                pending.append("</a>")
        else:
            linked = _in_link("".join(pending), linked)
            yield from _flushed(pending)
            if marker[0] == "B":
                yield from _block(blocks[int(marker[1:])], blocks, ref, linked=linked)
            else:
                yield contexts.RecommendedPart()
        pending.append(text)
    yield from _flushed(pending)


def _in_link(html: str, before: bool) -> bool:
    """Whether a link is open at the end of some markup, given whether one was at its start."""
    opened, closed = html.rfind("<a "), html.rfind("</a>")
    return opened > closed if opened != closed else before


def _opening(anchor: contexts.Anchor | None) -> str:
    if anchor is None:
        return ""
    title = f' title="{escaped(anchor.title)}"' if anchor.title else ""
    return f'<a href="{escaped(anchor.href)}"{title}>'


def _flushed(pending: list[str]) -> Iterator[Part]:
    html = "".join(pending)
    pending.clear()
    if html and not html.isspace():
        yield contexts.Html(html=markup(html))  # made by markdown/, which escapes or sanitises


def _block(block: Block, blocks: tuple[Block, ...], ref: BodyRef, *, linked: bool) -> Iterator[Part]:
    if isinstance(block, Figure):
        picture = ref.pictures[block.picture]
        if picture is not None:
            yield contexts.FigurePart(picture=picture, inline=block.inline, linked=linked)
    elif isinstance(block, Gallery):
        pictures = tuple(p for i in block.pictures if (p := ref.pictures[i]) is not None)
        if pictures:
            yield contexts.GalleryPart(pictures=pictures, title=block.title)
    elif isinstance(block, FactBox):
        yield contexts.FactBoxPart(title=block.title, parts=tuple(_parts(block.html, blocks, ref)))
    elif isinstance(block, Embed):
        yield contexts.EmbedPart(
            embed=block.kind,
            url=block.url,
            title=block.title,
            by=block.by,
            provider=block.provider,
            text=block.text,
            picture=ref.pictures[block.picture] if block.picture is not None else None,
        )
    else:
        yield contexts.PullQuotePart(parts=tuple(_parts(block.html, blocks, ref)), by=block.by)
