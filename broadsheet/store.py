"""Rendered bodies as bytes. A body travels so under its digest: contexts name the digest, and the coordinator adds the
bytes to the batch that a worker renders. Between builds they lie in the state."""

from __future__ import annotations

import json
import struct
from dataclasses import fields

from broadsheet.model import Block, Body, Embed, FactBox, Figure, Gallery, PullQuote

_BLOCKS: dict[str, type[Block]] = {kind.__name__: kind for kind in (Figure, Gallery, PullQuote, FactBox, Embed)}

_LENGTH = struct.Struct(">I")


def encode(body: Body) -> bytes:
    """A body as bytes: equal bodies give equal bytes."""
    html = body.html.encode()
    blocks = [
        [type(block).__name__, {field.name: getattr(block, field.name) for field in fields(block)}]
        for block in body.blocks
    ]
    return _LENGTH.pack(len(html)) + html + (json.dumps(blocks, ensure_ascii=False).encode() if blocks else b"")


def decode(data: bytes) -> Body:
    """The body that `encode` was given."""
    end = _LENGTH.size + _LENGTH.unpack_from(data)[0]
    blocks = json.loads(data[end:] or b"[]")
    return Body(html=data[_LENGTH.size : end].decode(), blocks=tuple(_block(name, values) for name, values in blocks))


def _block(name: str, values: dict[str, object]) -> Block:
    kind = _BLOCKS[name]
    return kind(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})  # type: ignore[arg-type]
