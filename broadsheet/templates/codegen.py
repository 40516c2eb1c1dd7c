"""Jinja's own translation to Python, with less to do for each page: a third of the calls, and no generator in another.

What a template says stays the same, save that it is written into one list and joined once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from io import StringIO
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Macro
from jinja2.utils import missing
from markupsafe import Markup

from broadsheet.frozen import FrozenMap, is_frozen
from broadsheet.templates.escaping import markup

_MAPPING_METHODS = frozenset({"get", "items", "keys", "values"})  # a mapping's keys of these names come first


class Generator(CodeGenerator):
    """Code with fewer calls: one to print where Jinja makes three (check, escape, wrap), none to read an attribute."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._may_be_missing = 0  # depth of `is defined` and `default` around what is being written
        self._gathered: list[Frame] = []  # frames whose text is gathered in a list

    # --- attributes --------------------------------------------------------------------------------------------

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802  # Jinja's
        """`a.b` as Python's own; what is missing raises AttributeError, which `Theme` puts into words."""
        a_block = isinstance(node.node, nodes.Name) and node.node.name == "self"  # `self.name()` prints a block again
        if self._may_be_missing or node.attr in _MAPPING_METHODS or a_block:
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

    # --- printing ----------------------------------------------------------------------------------------------

    def write_commons(self) -> None:
        super().write_commons()
        self.writeline("printed, escaped = environment.printed, environment.escaped")

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> str:
        """What can be printed once and for all; `{{ none }}` is as wrong as what turns out to be None."""
        built: Any = (nodes.Concat, nodes.Mod)  # their parts are looked at when they are put together
        if isinstance(node, built) or node.find(built):
            raise nodes.Impossible
        if type(node.as_const(frame.eval_ctx)) not in (str, Markup, int, float):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:  # noqa: ARG002  # Jinja's
        self.write("(escaped(value) if type(value := ")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:  # noqa: ARG002  # Jinja's
        self.write(") is str else printed(value))")

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802  # Jinja's
        """`a ~ b`: nothing goes into a text that could not be printed by itself."""
        self.write("environment.joined((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")

    def visit_Mod(self, node: nodes.BinExpr, frame: Frame) -> None:  # noqa: N802  # Jinja's
        """`"%s" % a`, likewise."""
        self.write("environment.remainder(")
        self.visit(node.left, frame)
        self.write(", ")
        self.visit(node.right, frame)
        self.write(")")

    def enter_frame(self, frame: Frame) -> None:
        """A template's and a block's text is gathered like a macro's, not handed up piece by piece."""
        super().enter_frame(frame)
        if frame.buffer is None:
            self.buffer(frame)
            self._gathered.append(frame)

    def leave_frame(self, frame: Frame, with_python_scope: bool = False) -> None:
        if self._gathered and self._gathered[-1] is frame:
            self._gathered.pop()
            self.writeline(f"if {frame.buffer}:")
            self.indent()
            self.writeline(f"yield concat({frame.buffer})")
            self.outdent()
        super().leave_frame(frame, with_python_scope)

    # --- other templates ---------------------------------------------------------------------------------------

    def visit_Include(self, node: nodes.Include, frame: Frame) -> None:  # noqa: N802  # Jinja's
        """A file without expressions is set in as it is; it has no names to look up."""
        environment: Any = self.environment  # a ClosedEnvironment
        name = node.template.value if isinstance(node.template, nodes.Const) else None
        text = environment.constant(name) if isinstance(name, str) else None
        if text is None and isinstance(name, str) and node.with_context and not node.ignore_missing:
            self.writeline(f"included = environment.get_template({name!r})", node)
            names = self.dump_local_context(frame)
            self.writeline(f"{frame.buffer}.extend(included.root_render_func(included.within(context, {names})))")
        elif text is None:
            written = self._aside(lambda: super(Generator, self).visit_Include(node, frame))
            stream = "template._get_default_module()._body_stream"  # Jinja would hand this up before what is gathered
            self.write(written.replace(f"yield from {stream}", f"{frame.buffer}.extend({stream})"))
        elif text:
            printed_as_is = any(gathered.buffer == frame.buffer for gathered in self._gathered)
            if printed_as_is and str(name).endswith(".css"):
                text = environment.sheet_mark(text)
            self.writeline(f"{frame.buffer}.append({text!r})", node)

    # --- macros ------------------------------------------------------------------------------------------------

    def macro_def(self, macro_ref: Any, frame: Frame) -> None:
        written = self._aside(lambda: super(Generator, self).macro_def(macro_ref, frame))
        self.write(written.replace("Macro(", "environment.macro(", 1))

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802  # Jinja's
        """A call as Python's own: what Jinja asks of every callee is for functions that no template here can reach."""
        self.visit(node.node, frame)
        extra: Mapping[str, Any] | None = {"caller": "caller"} if forward_caller else None
        self.write(f"({self._aside(lambda: self.signature(node, frame, extra)).removeprefix(', ')})")

    def _aside(self, write: Any) -> str:
        """What `write` writes, kept apart."""
        self.write("")  # what is pending stands before it
        stream, self.stream = self.stream, StringIO()
        write()
        written, self.stream = self.stream.getvalue(), stream
        return written


class FastMacro(Macro):
    """A macro called with as little ado as can be; Jinja's way for those with `caller`, `varargs` or `kwargs`.

    One of an imported template knows of a page only what it is given. Called with the same first argument again (the
    site, a rail) and with nothing that can change, it gives what it printed for equal ones: a batch's pages share most
    of their frame.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = tuple(self.arguments)
        self._left = [(names[n:], frozenset(names[n:])) for n in range(len(names) + 1)]  # after n arguments by position
        self._special = self.catch_kwargs or self.catch_varargs or self.caller or self.explicit_caller
        self.imported = False  # set by the module that it is imported from
        self._last: object = missing  # the first argument of the last call
        self._printed: dict[tuple[object, ...], tuple[Markup, tuple[object, ...]]] = {}

    def __call__(self, *args: Any, **kwargs: Any) -> str:
        count = len(args)
        if self._special or count > self._argument_count:
            return markup(super().__call__(*args, **kwargs))
        left, by_name = self._left[count]
        if not kwargs.keys() <= by_name:
            return markup(super().__call__(*args, **kwargs))  # which tells what is wrong
        values = (*args, *[kwargs.get(name, missing) for name in left])
        again = self.imported and args and args[0] is self._last
        key = _identity(values) if again else None
        if key is None:
            self._last = args[0] if args else missing
            return markup(self._func(*values))
        known = self._printed.get(key)
        if known is None:
            if len(self._printed) >= _REMEMBERED:
                self._printed.clear()
            # What the key names by identity is kept with it: no other value can take its place in memory.
            known = self._printed[key] = markup(self._func(*values)), values
        return known[0]


_REMEMBERED = 128  # calls of one macro, a few kilobytes each
_PLAIN = frozenset({bool, int, type(None), type(missing)})


def _identity(values: tuple[Any, ...]) -> tuple[object, ...] | None:
    """A key for values that can't change: texts by their letters, others by identity. None where one may change."""
    key: list[object] = []
    for value in values:
        kind: Any = type(value)
        if kind is str:
            key.append(value)
        elif kind in _PLAIN or _frozen(kind) or (kind is tuple and all(map(_frozen, map(type, value)))):
            key.append(id(value))
        else:
            return None
    return tuple(key)


@lru_cache(maxsize=256)
def _frozen(kind: type) -> bool:
    """Whether values of a type can't change: text, and the records and mappings of contexts."""
    return kind is str or kind is FrozenMap or is_frozen(kind)
