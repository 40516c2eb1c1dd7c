"""JSON as a page can hold it."""

from __future__ import annotations

import json

_encoder = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))
_UNSAFE = tuple((letter, f"\\u{ord(letter):04x}") for letter in "<>&\u2028\u2029")


def dumps(value: object) -> str:
    """JSON that can stand inside a script element: no character of it can end one, open one or begin a comment.

    Lone surrogates, which no file can hold, are written as escapes along with everything else beyond ASCII.
    """
    text = _encoder.encode(value)
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            text = json.dumps(value, separators=(",", ":"))
    for letter, written in _UNSAFE:
        if letter in text:  # ten times as fast as a replacement that finds none
            text = text.replace(letter, written)
    return text
