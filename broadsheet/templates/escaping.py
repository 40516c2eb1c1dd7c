"""Text to markup. A page prints hundreds of texts; markupsafe's own `escape` makes an object and two calls of each."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup, escape


def _slowly(text: str) -> str:
    return str.__str__(escape(text))


try:
    # The same in C, a text for a text; markupsafe keeps it for itself and may take it away.
    from markupsafe import _escape_inner as _found  # type: ignore[attr-defined]  # not theirs to show

    _quickly: Callable[[str], str] = _found
except ImportError:
    _quickly = _slowly

escaped: Callable[[str], str] = _quickly


def markup(text: str) -> Markup:
    """Finished markup as such, without Markup's own look at whether it is some already."""
    return str.__new__(Markup, text)
