"""Where rendered bodies wait between parsing and rendering, so that memory does not grow with them.

A body travels as bytes (`encode`, `decode`) under its digest: contexts name the digest, and the coordinator adds the
bytes to the batch that a worker renders.
"""

from __future__ import annotations

import json
import struct
import tempfile
from dataclasses import fields

from broadsheet.digest import digest
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


class Bodies:
    """Bodies of one build in a temporary file: an index entry of about 150 bytes each stays in memory."""

    def __init__(self, folder: str | None = None) -> None:
        """`folder`: where the file is made (None: the system's place for temporary files). It has no name there."""
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  # closed by `close`
        self._places: dict[bytes, tuple[int, int]] = {}
        self._end = 0

    def put(self, data: bytes) -> bytes:
        """Keep a body; returns its digest."""
        key = digest(data)
        if key not in self._places:
            self._file.seek(self._end)
            self._file.write(data)
            self._places[key] = (self._end, len(data))
            self._end += len(data)
        return key

    def get(self, key: bytes) -> bytes:
        start, size = self._places[key]
        self._file.seek(start)
        return self._file.read(size)

    def close(self) -> None:
        self._file.close()
