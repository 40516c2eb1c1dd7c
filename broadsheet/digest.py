"""Canonical fingerprints: equal values give equal digests in every process, and only such values are accepted."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from hashlib import sha256

from broadsheet.frozen import is_frozen

SIZE = 16  # bytes: collisions are out of reach at a billion pages


def digest(data: bytes | memoryview, *more: bytes | memoryview) -> bytes:
    """The 16-byte digest of some bytes, and of more that follow: SHA-256 cut short, which processors compute faster
    than BLAKE2."""
    found = sha256(data)
    for part in more:
        found.update(part)
    return found.digest()[:SIZE]


def fingerprint(value: object) -> bytes:
    """The 16-byte digest of a value.

    Accepted: None, bool, int, float, str, bytes, date, aware datetime, tuple, mapping with str keys, frozen dataclass,
    and these inside each other. Mappings differ by the order of their keys, too: templates print them in it. Anything
    else (sets and bare objects print differently in each process, lists and dicts may still change) raises TypeError.
    """
    out: list[bytes] = []
    _encode(value, out)
    return digest(b"".join(out))


def _encode(value: object, out: list[bytes]) -> None:
    kind = type(value)
    if value is None or kind is bool:
        out.append({None: b"N", True: b"T", False: b"F"}[value])  # type: ignore[index]  # narrowed by the line above
    elif isinstance(value, str):
        _tagged(b"s", value.encode("utf-8", "surrogatepass"), out)
    elif isinstance(value, bytes):
        _tagged(b"b", value, out)
    elif kind is int:
        _tagged(b"i", str(value).encode(), out)
    elif isinstance(value, float):
        out.append(b"f" + struct.pack(">d", value))
    elif isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError("a datetime without a time zone has no canonical form")
        _tagged(b"d", value.isoformat().encode(), out)
    elif isinstance(value, date):
        _tagged(b"D", value.isoformat().encode(), out)
    elif isinstance(value, tuple):
        out.append(b"(" + struct.pack(">I", len(value)))
        for item in value:
            _encode(item, out)
    elif is_frozen(kind):
        _tagged(b"@", kind.__qualname__.encode(), out)
        for field in fields(value):  # type: ignore[arg-type]  # a dataclass, as was found
            _encode(getattr(value, field.name), out)
    elif isinstance(value, Mapping) and not isinstance(value, dict):
        out.append(b"{" + struct.pack(">I", len(value)))
        for key, item in value.items():
            _encode(key, out)
            _encode(item, out)
    else:
        raise TypeError(f"a {kind.__name__} has no canonical form")


def _tagged(tag: bytes, data: bytes, out: list[bytes]) -> None:
    out.append(tag + struct.pack(">I", len(data)))
    out.append(data)
