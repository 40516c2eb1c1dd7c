"""What Python says of a wrong call, in the words of whoever wrote a filter into a template."""

from __future__ import annotations

import re

from broadsheet.templates.filters import FILTERS

_FILTER_OF = {function.__name__: name for name, function in FILTERS.items() if hasattr(function, "__name__")}
_CALL = re.compile(r"(\w+)\(\) (.*)", re.DOTALL)
_MISSING = re.compile(r"missing \d+ required positional arguments?: ")
_QUOTED = re.compile(r"'(\w+)'")
_UNKNOWN = re.compile(r"got an unexpected keyword argument '(\w+)'")
_TWICE = re.compile(r"got multiple values for argument '(\w+)'")
_MANY = re.compile(r"takes (?:from \d+ to )?(\d+) positional arguments? but")


def in_words(message: str) -> str:
    """The message of an exception; where it is about a filter's arguments, as a template has them."""
    call = _CALL.match(message)
    name = _FILTER_OF.get(call[1]) if call else None
    if call is None or name is None:
        return message
    said = call[2]
    if _MISSING.match(said):
        given = ", ".join(_QUOTED.findall(said))
        return f"the filter “{name}” needs more: {{{{ …|{name}({given}) }}}}"
    if unknown := _UNKNOWN.match(said):
        return f"the filter “{name}” can't be given “{unknown[1]}”"
    if twice := _TWICE.match(said):
        return f"the filter “{name}” is given “{twice[1]}” twice"
    if many := _MANY.match(said):
        return f"the filter “{name}” takes {int(many[1]) - 1} in its brackets at most"  # one is what it is applied to
    return f"the filter “{name}” {said}"
