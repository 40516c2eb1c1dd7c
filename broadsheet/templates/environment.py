"""Jinja without its open ends: a template reaches the data of its context, and prints text and numbers only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import fields
from functools import lru_cache
from types import CodeType
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined, Template, TemplateNotFound, nodes
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.environment import TemplateModule
from jinja2.exceptions import TemplateSyntaxError
from jinja2.runtime import Context, TemplateReference
from jinja2.utils import Namespace, missing

from broadsheet.errors import closest
from broadsheet.frozen import FrozenMap
from broadsheet.templates.codegen import FastMacro, Generator
from broadsheet.templates.css import minified
from broadsheet.templates.escaping import escaped
from broadsheet.templates.filters import FILTERS, TESTS
from broadsheet.templates.printing import described, joined, power, printed, product, remainder

_BOUNDED = frozenset({"*", "**"})
FOLDER = "templates"  # how findings name the theme's files
# How Jinja and Python refuse a template that can't be read or compiled: these two have limits of their own.
UNUSABLE = (TemplateSyntaxError, SyntaxError, RecursionError, ValueError, OverflowError, MemoryError)


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
            bytecode_cache=Compiled(),
        )
        self.globals = {"namespace": Namespace}
        self.filters = dict(FILTERS)
        self.tests = dict(TESTS)
        self.policies["json.dumps_kwargs"] = {"sort_keys": True, "ensure_ascii": False, "default": _json}
        self.printed, self.escaped = printed, escaped
        self.joined, self.remainder = joined, remainder
        self.sandboxed, self.intercepted_binops = True, _BOUNDED  # so Jinja leaves these two to `call_binop`
        self.intercepted_unops = frozenset[str]()
        self.macro = FastMacro
        self._sources = sources
        self._made: dict[str, Template] = {}
        self._trees: dict[str, nodes.Template] = {}  # that were read, and not compiled yet
        self._constants: dict[str, str | None] = {}
        self.sheets: dict[str, str] = {}  # stylesheets that pages include, by the mark that stands for them

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002  # Jinja's
    ) -> Template:
        """A template by its name. Each is made once: nothing here reloads, and all have the same globals."""
        made = self._made.get(name) if isinstance(name, str) else name
        if made is None:
            made = self._made[str(name)] = super().get_template(name, parent, globals)
        return made

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template, as a plain mapping: Jinja's chain of two is walked for each page and include."""
        return {**self.globals, **(d or {})}

    def tree(self, name: str) -> nodes.Template:
        """A template as it is written, to look at. It is kept to be compiled, which changes it, and so only once."""
        found = self._trees[name] = self.parse(self._sources[name], name, f"{FOLDER}/{name}")
        return found

    def constant(self, name: str) -> str | None:
        """The text of a template that prints the same on every page; None for others, and where there is none."""
        if name not in self._constants:
            try:
                self._constants[name] = constant_text(self.tree(name)) if name in self._sources else None
            except UNUSABLE:
                self._constants[name] = None
        return self._constants[name]

    def sheet_mark(self, text: str) -> str:
        """What stands in pages for a stylesheet, which is set in at the very end: most of a page's letters are its."""
        mark = next((mark for mark, known in self.sheets.items() if known == text), f"\0{len(self.sheets)}\0")
        self.sheets[mark] = text
        return mark

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        known = self._trees.pop(name, None) if name else None
        if known is not None:
            return known
        tree = super()._parse(source, name, filename)
        text = constant_text(tree) if name and name.endswith(".css") else None
        if text:
            tree.body = [nodes.Output([nodes.TemplateData(minified(text), lineno=1)], lineno=1)]
        return tree

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ARG002  # Jinja's
        """`a * b` and `a ** b`, whose results could be larger than memory."""
        return product(left, right) if operator == "*" else power(left, right)

    def getattr(self, obj: Any, attribute: str) -> Any:
        kind = type(obj)
        if kind is TemplateReference:
            return obj[attribute]  # a block, for `self.name()`
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


class _Template(Template):
    """A template whose macros are made once: Jinja would ask each time whether the globals are others."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        if self._module is None:
            self._module = super()._get_default_module(ctx)
            for value in vars(self._module).values():
                if isinstance(value, FastMacro):
                    value.imported = True
        return self._module

    def within(self, context: Context, names: Mapping[str, Any]) -> Context:
        """What an included template sees: the names of the one around it, `names` of its loops and blocks before."""
        own = {name: value for name, value in names.items() if value is not missing}
        return self.new_context({**context.parent, **context.vars, **own}, shared=True)


ClosedEnvironment.code_generator_class = Generator
ClosedEnvironment.template_class = _Template


def constant_text(tree: nodes.Template) -> str | None:
    """What a template prints if it is text only, without expressions."""
    outputs = [node for node in tree.body if isinstance(node, nodes.Output)]
    pieces = [piece for output in outputs for piece in output.nodes]
    if len(outputs) != len(tree.body) or not all(isinstance(piece, nodes.TemplateData) for piece in pieces):
        return None
    return "".join(piece.data for piece in pieces if isinstance(piece, nodes.TemplateData))


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


class Compiled(BytecodeCache):
    """The code of each template that was compiled, or is known from an earlier build of the very same theme."""

    def __init__(self) -> None:
        self.code: dict[str, CodeType] = {}

    def get_bucket(
        self,
        environment: Environment,
        name: str,
        filename: str | None,  # noqa: ARG002  # the signature is Jinja's
        source: str,  # noqa: ARG002  # likewise
    ) -> Bucket:
        bucket = Bucket(environment, name, "")
        bucket.code = self.code.get(name)
        return bucket

    def set_bucket(self, bucket: Bucket) -> None:
        assert bucket.code is not None  # noqa: S101  # for the type checker
        self.code[bucket.key] = bucket.code

    def load_bytecode(self, bucket: Bucket) -> None:
        """Not called: a bucket comes with its code."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Likewise."""


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


def _known(value: Any) -> tuple[str, ...]:
    if isinstance(value, Mapping):
        return tuple(str(key) for key in value)
    return field_names(value.__class__) if hasattr(value, "__dataclass_fields__") else ()


def _json(value: object) -> object:
    """Frozen mappings for `tojson`; anything else that JSON does not know is a TypeError."""
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{described(value)} has no form in JSON")
