"""Regular expressions that are compiled when somebody first looks for one: to compile them all takes longer than a
small build needs for its pages, and most texts ask for few of them."""

from __future__ import annotations

import re
from typing import Any, cast


class _Pattern:
    """What stands for a pattern. The methods of the compiled one are kept as they are asked for."""

    def __init__(self, text: str, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(self._text, self._flags), name)  # `re` remembers what it compiled of late
        setattr(self, name, found)
        return found


def pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """`re.compile(text, flags)`, later: a mistake in `text` is an error (`re.error`) at its first use."""
    return cast(re.Pattern[str], _Pattern(text, flags))
