"""What a template may print: text and numbers. None, dates and whole objects are mistakes that would reach readers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any

from jinja2 import TemplateRuntimeError, Undefined
from jinja2.filters import make_attrgetter
from jinja2.runtime import markup_join
from markupsafe import Markup

from broadsheet.templates.escaping import escaped

_NAMES = {
    "str": "a text",
    "tuple": "a list",
    "list": "a list",
    "datetime": "a date",
    "date": "a date",
    "bool": "a yes or no",
    "int": "a number",
    "float": "a number",
}

_LONGEST = 10_000  # letters, or items, of what is repeated
_LARGEST = 1_000  # bits of a power


def described(value: object) -> str:
    """What kind of thing a value is, in words for a template's author."""
    if value is None:
        return "nothing (None)"
    if isinstance(value, Mapping):
        return "this mapping"
    return _NAMES.get(type(value).__name__, f"a {type(value).__name__}")


def printed(value: Any) -> str:
    """A value as `{{ … }}` prints it, escaped unless it is markup. Raises TemplateRuntimeError for what is neither text
    nor a number."""
    kind = type(value)
    if kind is str:
        return escaped(value)
    if kind is Markup:
        return value  # type: ignore[no-any-return]  # narrowed by its exact type
    if kind is int or kind is float:
        return str(value)
    if isinstance(value, str):
        return escaped(str(value))
    if isinstance(value, Undefined):
        return str(value)  # raises, naming what is missing; prints nothing for an `if` expression without `else`
    raise TemplateRuntimeError(f"{described(value)} can't be printed; only text and numbers can")


def joined(parts: tuple[Any, ...]) -> str:
    """`a ~ b`."""
    for part in parts:
        printed(part)
    return markup_join(parts)


def remainder(left: Any, right: Any) -> Any:
    """`a % b`: of numbers, or a text with its places filled in."""
    if isinstance(left, str):
        values = right if isinstance(right, tuple) else right.values() if isinstance(right, Mapping) else (right,)
        for value in values:
            printed(value)
    return left % right


def product(left: Any, right: Any) -> Any:
    """`a * b`: of numbers, or a text or list some times over."""
    for value, times in ((left, right), (right, left)):
        if isinstance(value, str | tuple | list) and isinstance(times, int) and len(value) * times > _LONGEST:
            raise TemplateRuntimeError(f"{described(value)} can't be repeated {times} times: that is too long")
    return left * right


def power(left: Any, right: Any) -> Any:
    """`a ** b`, of numbers whose result can be written."""
    if isinstance(left, int) and isinstance(right, int) and left.bit_length() * right > _LARGEST:
        raise TemplateRuntimeError(f"{left} ** {right} is too large a number")
    return left**right


def of_text(function: Callable[..., Any], also: tuple[type, ...] = (), more: int = 0) -> Callable[..., Any]:
    """A filter of Jinja's that makes a text of what it gets, for what may be printed and values of the types `also`. So
    many further arguments as `more` go into the text as well."""

    @wraps(function)  # with the mark that says what Jinja passes first
    def checked(*args: Any, **options: Any) -> Any:
        value, *others = args[1:] if hasattr(function, "jinja_pass_arg") else args
        if not isinstance(value, also):
            printed(value)
        for text in others[:more]:
            printed(text)
        return function(*args, **options)

    return checked


def of_list(function: Callable[..., Any]) -> Callable[..., Any]:
    """Jinja's `join`, for what may be printed."""

    @wraps(function)
    def checked(context: Any, value: Iterable[Any], d: str = "", attribute: str | int | None = None) -> Any:
        items = list(value if attribute is None else map(make_attrgetter(context.environment, attribute), value))
        for item in (*items, d):
            printed(item)
        return function(context, items, d)

    return checked


def of(kinds: type | tuple[type, ...], wanted: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter for values of some kinds; `wanted` says which in its error: "a date"."""

    @wraps(function)
    def checked(value: Any, *args: Any, **options: Any) -> Any:
        if isinstance(value, Undefined):
            str(value)  # raises, naming what is missing
        if not isinstance(value, kinds) or isinstance(value, bool):
            ask = "; ask first: {% if … %}" if value is None else ""
            raise TemplateRuntimeError(f"{described(value)} is not {wanted}{ask}")
        return function(value, *args, **options)

    return checked
