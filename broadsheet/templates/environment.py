"""Jinja without its open ends: a template reaches the data of its context, and prints text and numbers only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from functools import lru_cache
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound, Undefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import TemplateRuntimeError
from jinja2.utils import Namespace, missing
from markupsafe import Markup

from broadsheet.errors import closest
from broadsheet.frozen import FrozenMap
from broadsheet.templates.filters import FILTERS, TESTS

FOLDER = "templates"  # how findings name the theme's files
_MAPPING_METHODS = frozenset({"get", "items", "keys", "values"})  # a mapping's keys of these names come first
_MARKED = re.compile("[&<>\"']").search


class ClosedEnvironment(Environment):
    """No globals but `namespace`, escaping always on, missing names are errors, private names can't be reached."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        super().__init__(
            loader=_Loader(sources),
            autoescape=True,
            undefined=Missing,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
        )
        self.globals = {"namespace": Namespace}
        self.filters = dict(FILTERS)
        self.tests = dict(TESTS)
        self.policies["json.dumps_kwargs"] = {"sort_keys": True, "ensure_ascii": False, "default": _json}
        self.printed = printed

    def getattr(self, obj: Any, attribute: str) -> Any:
        kind = type(obj)
        if kind is FrozenMap or kind is dict:
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        try:
            return getattr(obj, attribute)
        except AttributeError:
            return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(argument, str):
            if argument.startswith("_"):
                return self.undefined(f"“{argument}” is private")
            return self.getattr(obj, str(argument))
        try:
            return obj[argument]
        except (LookupError, TypeError):
            return self.undefined(f"{described(obj)} has no item {argument!r}")


class _Generator(CodeGenerator):
    """Code with fewer calls: one to print where Jinja makes three (check, escape, wrap), none to read an attribute.

    Together that is a third off the time of an article page.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._may_be_missing = 0  # depth of `is defined` and `default` around what is being written

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802  # Jinja's
        """`a.b` as Python's own; what is missing raises AttributeError, which `Theme` puts into words."""
        if self._may_be_missing or node.attr in _MAPPING_METHODS:
            super().visit_Getattr(node, frame)
        else:
            self.visit(node.node, frame)
            self.write(f".{node.attr}")

    def visit_Test(self, node: nodes.Test, frame: Frame) -> None:  # noqa: N802  # Jinja's
        with self._asking(node.name in ("defined", "undefined")):
            super().visit_Test(node, frame)

    def visit_Filter(self, node: nodes.Filter, frame: Frame) -> None:  # noqa: N802  # Jinja's
        with self._asking(node.name in ("default", "d")):
            super().visit_Filter(node, frame)

    @contextmanager
    def _asking(self, whether: bool) -> Iterator[None]:
        self._may_be_missing += whether
        yield
        self._may_be_missing -= whether

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:  # noqa: ARG002  # Jinja's
        self.write("environment.printed(")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:  # noqa: ARG002  # Jinja's
        self.write(")")


ClosedEnvironment.code_generator_class = _Generator


def printed(value: Any) -> str:
    """A value as `{{ … }}` prints it, escaped unless it is markup.

    None, dates and whole objects are mistakes that would otherwise reach readers: they raise TemplateRuntimeError.
    """
    kind = type(value)
    if kind is Markup:
        return value  # type: ignore[no-any-return]  # narrowed by its exact type
    if kind is str:
        return _escaped(value) if _MARKED(value) else value
    if kind is int or kind is float:
        return str(value)
    if isinstance(value, str):
        return _escaped(str(value))
    if isinstance(value, Undefined):
        return str(value)  # raises, naming what is missing; prints nothing for an `if` expression without `else`
    raise TemplateRuntimeError(f"{described(value)} can't be printed; only text and numbers can")


def _escaped(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&#34;").replace("'", "&#39;")


class Missing(StrictUndefined):
    """A missing name; its message tells what was looked for, in what, and what was probably meant."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        if self._undefined_hint:
            return self._undefined_hint
        name, owner = str(self._undefined_name), self._undefined_obj
        if owner is missing:  # a name of its own, not one of something
            return f"there is no name “{name}” here"
        near = closest(name, _known(owner))
        return f"{described(owner)} has no “{name}”" + (f"; did you mean “{near}”?" if near else "")


class _Loader(BaseLoader):
    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = sources

    def get_source(
        self,
        environment: Environment,  # noqa: ARG002  # the signature is Jinja's
        template: str,
    ) -> tuple[str, str, Callable[[], bool]]:
        if template not in self._sources:
            raise TemplateNotFound(template)
        return self._sources[template], f"{FOLDER}/{template}", lambda: True


@lru_cache(maxsize=64)
def field_names(kind: Any) -> tuple[str, ...]:
    """The fields of a context's type, in order."""
    return tuple(f.name for f in fields(kind))


def described(value: object) -> str:
    """What kind of thing a value is, in words for a template's author."""
    if value is None:
        return "nothing (None)"
    if isinstance(value, Mapping):
        return "this mapping"
    names = {"str": "a text", "tuple": "a list", "datetime": "a date", "date": "a date", "bool": "a yes or no"}
    return names.get(type(value).__name__, f"a {type(value).__name__}")


def _known(value: Any) -> tuple[str, ...]:
    if isinstance(value, Mapping):
        return tuple(str(key) for key in value)
    return field_names(value.__class__) if hasattr(value, "__dataclass_fields__") else ()


def _json(value: object) -> object:
    """Frozen mappings for `tojson`; anything else that JSON does not know is a TypeError."""
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{described(value)} has no form in JSON")
