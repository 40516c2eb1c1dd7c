"""What of a source's bytes is text that a page can hold, and findings about the rest."""

from __future__ import annotations

from broadsheet.errors import Diagnostic
from broadsheet.patterns import pattern

MAX_BYTES = 512 * 1024  # of one source
_CONTROLS = pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_ASCII_CONTROLS = bytes([*range(9), 11, 12, *range(14, 32), 127])
_CONTROL_LEADS = (b"\xc2", b"\xef")  # the first bytes in UTF-8 of all others
_BREAK = pattern("\r\n|\r|\n")


def decoded(path: str, data: bytes) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """The text of a source; None where it is too large, or not UTF-8."""
    if len(data) > MAX_BYTES:
        message = f"the file has {len(data) // 1024} KiB; the limit is {MAX_BYTES // 1024}"
        hint = "split the story, or put tables of data into a file beside it"
        return None, (Diagnostic(path, 1, 1, message, "too-large", hint),)
    try:
        return data.decode(), ()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        start = data.rfind(b"\n", 0, error.start) + 1
        column = len(data[start : error.start].decode(errors="replace")) + 1
        shown = data[start : start + 200].split(b"\n")[0].decode(errors="replace")
        message = f"the file is not UTF-8 (byte {data[error.start]:#04x})"
        hint = "save it again with the encoding UTF-8"
        return None, (Diagnostic(path, line, column, message, "encoding", hint, shown),)


def plain(data: bytes) -> bool:
    """Whether it is seen at once that a source holds no control characters."""
    return not any(lead in data for lead in _CONTROL_LEADS) and len(data.translate(None, _ASCII_CONTROLS)) == len(data)


def without_controls(path: str, body: str, first_line: int) -> tuple[str, tuple[Diagnostic, ...]]:
    """A body that begins in some line, with U+FFFD for each control character, which neither HTML nor XML may hold."""
    if plain(body.encode()):
        return body, ()  # nearly always, and five times as fast as the search
    found = _CONTROLS.search(body)
    if found is None:
        return body, ()
    before = _BREAK.split(body[: found.start()])
    message = f"a control character (U+{ord(found[0]):04X}) that a page can't hold: shown as \ufffd"
    place = (path, first_line + len(before) - 1, len(before[-1]) + 1)
    finding = Diagnostic(*place, message, "invisible-character", "delete the character")
    return _CONTROLS.sub("\ufffd", body), (finding,)
