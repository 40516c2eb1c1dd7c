"""Character references, also those to numbers that are no character's."""

from __future__ import annotations

import html
import re

_NUMBER = re.compile("&#0*([0-9]+)(;?)")


def unescape(text: str) -> str:
    """The text with characters in place of the references to them, as browsers read it."""
    return html.unescape(_NUMBER.sub(_bounded, text) if "&#" in text else text)


def _bounded(number: re.Match[str]) -> str:
    """Python reads no number of more than 4,300 digits; from the eighth on there is no such character."""
    return f"&#{number[1]}{number[2]}" if len(number[1]) < 8 else "\N{REPLACEMENT CHARACTER}"
