"""What a document may cost. Each limit is far beyond real stories and is told, never applied by dropping text."""

from __future__ import annotations

MAX_BYTES = 512 * 1024  # a source's body
MAX_LEVEL = 40  # blocks within blocks; a list counts twice (the list and its item)
MAX_EMPTY_CELLS = 4096  # cells that short table rows leave to be filled in
MAX_BRACKETS = 2000  # in one paragraph: pairing them takes the square of their number
OUTPUT_FLOOR = 64 * 1024
OUTPUT_RATIO = 20


def too_large(source: str) -> bool:
    """Whether the source is over MAX_BYTES in UTF-8."""
    return len(source) * 4 > MAX_BYTES and len(source.encode("utf-8", "surrogatepass")) > MAX_BYTES


def allowance(source: str) -> int:
    """How many characters of addresses and titles the source's links and pictures may print.

    Only they can multiply: a definition is written once and may be used a thousand times.
    """
    return max(OUTPUT_FLOOR, OUTPUT_RATIO * len(source))
