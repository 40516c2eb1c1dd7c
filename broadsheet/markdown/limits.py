"""What a document may cost. Each limit is far beyond real stories and is told, never applied by dropping text."""

from __future__ import annotations

MAX_BYTES = 512 * 1024  # a source's body
MAX_LEVEL = 40  # blocks within blocks; a list counts twice (the list and its item)
MAX_EMPTY_CELLS = 4096  # cells that short table rows leave to be filled in
MAX_BRACKETS = 20_000  # "[" in a source: each may open a link, which costs the parser up to 0.1 ms to find out
MAX_DECLARATIONS = 2_000  # "<!" and "<?" in a source: for each the parser may look at all that follows
MAX_HTML_LEVEL = 1_000  # HTML tags open at once: each tag that follows may look at all of them
MAX_FINDINGS = 200  # of one kind in one source
OUTPUT_FLOOR = 64 * 1024
OUTPUT_RATIO = 20


def too_large(source: str) -> str:
    """What there is too much of in a source, in words; empty when there isn't."""
    if len(source) * 4 > MAX_BYTES:
        size = len(source.encode("utf-8", "surrogatepass"))
        if size > MAX_BYTES:
            return f"this text is {size // 1024} KiB long; {MAX_BYTES // 1024} KiB is the most"
    brackets = source.count("[")
    if brackets > MAX_BRACKETS:
        return f"this text holds {brackets} opening brackets; {MAX_BRACKETS} is the most"
    declarations = source.count("<!") + source.count("<?")
    if declarations > MAX_DECLARATIONS:
        return f"this text holds {declarations} HTML comments or declarations; {MAX_DECLARATIONS} is the most"
    return ""


def allowance(source: str) -> int:
    """How many characters of addresses and titles the source's links and pictures may print.

    Only they can multiply: a definition is written once and may be used a thousand times.
    """
    return max(OUTPUT_FLOOR, OUTPUT_RATIO * len(source))
