"""The theme's templates as a closed world: a page's text is a function of the template sources and one context.

A template sees its context's fields as top-level names and the filters and tests listed here. There is no clock, no
configuration, no file, no randomness and no way to turn escaping off, so equal inputs print equal bytes everywhere.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from jinja2 import BaseLoader, Environment, StrictUndefined, Template, TemplateNotFound, TemplateSyntaxError, nodes
from jinja2.environment import TemplateModule
from jinja2.exceptions import TemplateRuntimeError
from jinja2.filters import FILTERS
from jinja2.runtime import BlockReference, LoopContext, Macro, TemplateReference
from jinja2.tests import TESTS
from jinja2.utils import Namespace
from markupsafe import Markup, escape

from broadsheet import locale
from broadsheet.digest import digest, fingerprint
from broadsheet.errors import ContentError, Diagnostic, closest
from broadsheet.frozen import FrozenMap

_NOT_TEMPLATES = ("locales/", "static/")  # folders of the theme that hold other files
_FOLDER = "templates"  # how findings name the theme's files
_SCHEMES = frozenset({"", "http", "https", "mailto", "tel"})

# --- filters and tests ---------------------------------------------------------------------------------------------

_BUILTIN_FILTERS = (
    "abs batch count d default dictsort e escape first float groupby indent int items join last length list map max "
    "min reject rejectattr replace reverse round select selectattr slice sort string striptags sum tojson trim "
    "truncate unique urlencode wordcount"
)
_BUILTIN_TESTS = (
    "== != < <= > >= boolean defined divisibleby eq equalto even false float ge gt greaterthan in integer iterable le "
    "lessthan lower lt mapping ne none number odd sequence string true undefined upper"
)
_STR_METHODS = frozenset({"startswith", "endswith", "split", "strip"})


def fill(text: str, **values: object) -> Markup:
    """A text with its {names} filled in; text and values are escaped, save values that are markup already."""
    filled = re.sub(r"\{(\w+)\}", lambda m: str(escape(values.get(m[1], m[0]))), str(escape(text)))
    return Markup(filled)  # noqa: S704  # both parts are escaped above


def join_names(names: tuple[str, ...], lang: str) -> Markup:
    """Names, or links around names, as a sentence lists them."""
    return Markup(locale.join_names(tuple(str(escape(name)) for name in names), lang))  # noqa: S704  # escaped


def href(url: str) -> str:
    """An address that a source gave, or "" where its scheme could run script: escaping alone would let that pass."""
    bare = re.sub(r"[\x00-\x20\x7f]", "", url)
    scheme = re.match(r"([^/?#:]*):", bare)
    return bare if (scheme[1].casefold() if scheme else "") in _SCHEMES else ""


def host(url: str) -> str:
    """The host of an address as readers know it, without "www."."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _isodate(when: Any) -> str:
    return str(when.isoformat())


_FILTERS: Mapping[str, Callable[..., object]] = {
    **{name: FILTERS[name] for name in _BUILTIN_FILTERS.split()},
    "casing": locale.casing,
    "date": locale.format_date,
    "day": locale.format_day,
    "fill": fill,
    "host": host,
    "href": href,
    "isodate": _isodate,
    "join_names": join_names,
    "lower": locale.lower,
    "month": locale.format_month,
    "number": locale.format_number,
    "plural": locale.plural,
    "time": locale.format_time,
    "upper": locale.upper,
}

# --- the environment -----------------------------------------------------------------------------------------------


class _Undefined(StrictUndefined):
    """A missing name; its message tells what was looked for, in what, and what was probably meant."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        if self._undefined_hint:
            return self._undefined_hint
        name, owner = str(self._undefined_name), self._undefined_obj
        if type(owner).__name__ == "MissingType":  # jinja2's marker for a name that has no owner
            return f"there is no name “{name}” here"
        known = _known(owner)
        near = closest(name, known)
        return f"{_described(owner)} has no “{name}”" + (f"; did you mean “{near}”?" if near else "")


class _Environment(Environment):
    """Jinja without its open ends: only data can be reached, never a method, a private name or a global."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        super().__init__(
            loader=_Loader(sources),
            autoescape=True,
            undefined=_Undefined,
            finalize=_printable,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
        )
        self.globals = {"namespace": Namespace}
        self.filters = dict(_FILTERS)
        self.tests = {name: TESTS[name] for name in _BUILTIN_TESTS.split()}
        self.policies["json.dumps_kwargs"] = {"sort_keys": True, "ensure_ascii": False, "default": _json}

    def getattr(self, obj: Any, attribute: str) -> Any:
        kind = type(obj)
        if kind is FrozenMap or kind is dict:
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        if attribute[:1] == "_":
            return self.undefined(f"“{attribute}” is private")
        try:
            value = getattr(obj, attribute)
        except AttributeError:
            return self.undefined(obj=obj, name=attribute)
        if callable(value) and not (kind in _WITH_CALLABLES or (isinstance(obj, str) and attribute in _STR_METHODS)):
            return self.undefined(f"“{attribute}” is a method of {_described(obj)}; templates use filters instead")
        return value

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(argument, str):
            return self.getattr(obj, str(argument))
        try:
            return obj[argument]
        except (LookupError, TypeError):
            return self.undefined(f"{_described(obj)} has no item {argument!r}")


_WITH_CALLABLES = (LoopContext, TemplateModule, TemplateReference, BlockReference, Macro, Namespace)
_PRINTED = frozenset({str, Markup, int, float})


def _printable(value: object) -> object:
    """What `{{ … }}` may print. None, dates and whole objects are mistakes that would otherwise reach readers."""
    if type(value) in _PRINTED:
        return value
    if isinstance(value, StrictUndefined):
        return str(value)  # raises, naming what is missing
    raise TemplateRuntimeError(f"{_described(value)} can't be printed; only text and numbers can")


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
        return self._sources[template], f"{_FOLDER}/{template}", lambda: True


def _described(value: object) -> str:
    if value is None:
        return "nothing (None)"
    if isinstance(value, Mapping):
        return "this mapping"
    names = {"str": "a text", "tuple": "a list", "datetime": "a date", "date": "a date", "bool": "a yes or no"}
    return names.get(type(value).__name__, f"a {type(value).__name__}")


def _known(value: Any) -> tuple[str, ...]:
    if isinstance(value, Mapping):
        return tuple(str(key) for key in value)
    kind: Any = type(value)
    return _field_names(kind) if hasattr(kind, "__dataclass_fields__") else ()


def _json(value: object) -> object:
    """Frozen mappings for `tojson`; anything else that JSON does not know is a TypeError."""
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{_described(value)} has no form in JSON")


@lru_cache(maxsize=64)
def _field_names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind))


# --- the theme -----------------------------------------------------------------------------------------------------


class Theme:
    """Templates ready to render, made from their sources alone so that any process can rebuild it.

    `sources` maps names relative to the templates folder ("article.html", "partials/meta.html") to texts; files under
    locales/ and static/ are left alone. Raises ContentError with a finding for every template that can't be used.
    """

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = {name: text for name, text in sources.items() if not name.startswith(_NOT_TEMPLATES)}
        self._environment = _Environment(self._sources)
        self._references: dict[str, tuple[str | None, ...]] = {}
        self._templates: dict[str, Template] = {}
        findings = [finding for name in sorted(self._sources) for finding in self._load(name)]
        if findings:
            raise ContentError(findings)

    def render(self, name: str, context: object, extra: Mapping[str, object] = FrozenMap(), *, source: str = "") -> str:
        """A page's text. `extra` adds names to the context's fields or replaces them; `source` is named in errors."""
        names: dict[str, object] = {"jsonld": ""}
        for field in _field_names(context.__class__):
            names[field] = getattr(context, field)
        names.update(extra)
        try:
            return self._templates[name].render(names)
        except Exception as error:
            raise ContentError([self._failure(name, error, names, source)]) from error

    def closure(self, name: str) -> tuple[str, ...]:
        """All templates that a template's text depends on, itself included, sorted.

        A dynamic include depends on all templates. Names that don't exist (optional includes) are in it as well:
        adding such a file changes the page.
        """
        found, waiting = set[str](), [name]
        while waiting:
            current = waiting.pop()
            if current in found:
                continue
            found.add(current)
            for other in self._references.get(current, ()):
                waiting.extend(self._sources if other is None else [other])
        return tuple(sorted(found))

    def closure_digest(self, name: str) -> bytes:
        """What of the templates a page's key depends on: the closure's names and texts."""
        texts = ((part, self._sources.get(part)) for part in self.closure(name))
        return fingerprint(tuple((part, None if text is None else digest(text.encode())) for part, text in texts))

    def _load(self, name: str) -> Iterator[Diagnostic]:
        try:
            tree = self._environment.parse(self._sources[name], name, f"{_FOLDER}/{name}")
            self._references[name] = tuple(_references(tree))
            broken = list(self._broken_rules(name, tree))
            yield from broken
            if not broken:
                self._templates[name] = self._environment.get_template(name)
        except TemplateSyntaxError as error:
            yield self._finding(error.name or name, error.lineno, error.message or "this can't be read")

    def _broken_rules(self, name: str, tree: nodes.Template) -> Iterator[Diagnostic]:
        """What Jinja would allow, or notice only once a page is rendered."""
        kinds = (nodes.Filter, nodes.Test, nodes.EvalContextModifier, nodes.Include, nodes.Extends, nodes.Import)
        node: Any  # each of these has attributes of its own
        for node in tree.find_all((*kinds, nodes.FromImport)):
            if isinstance(node, nodes.EvalContextModifier):
                yield self._finding(name, node.lineno, "escaping can't be changed: it is always on")
            elif isinstance(node, (nodes.Filter, nodes.Test)):
                kind = type(node).__name__.lower()
                known = self._environment.filters if kind == "filter" else self._environment.tests
                if node.name not in known:
                    hint = _did_you_mean(node.name, known) or f"docs/templates.md lists the {kind}s"
                    yield self._finding(name, node.lineno, f"there is no {kind} “{node.name}”", hint)
            elif isinstance(node.template, nodes.Const) and not getattr(node, "ignore_missing", False):
                missing = [one for one in _constants(node.template) if one not in self._sources]
                if missing:
                    hint = _did_you_mean(missing[0], self._sources)
                    yield self._finding(name, node.lineno, f"there is no template “{missing[0]}”", hint)

    def _failure(self, name: str, error: Exception, names: Mapping[str, object], source: str) -> Diagnostic:
        """The finding for a page that could not be rendered, at the innermost template line of the traceback."""
        where, line, trace = name, 0, error.__traceback__
        while trace is not None:
            filename = trace.tb_frame.f_code.co_filename
            if filename.startswith(f"{_FOLDER}/") and filename[len(_FOLDER) + 1 :] in self._sources:
                where, line = filename[len(_FOLDER) + 1 :], trace.tb_lineno
            trace = trace.tb_next
        if isinstance(error, TemplateNotFound):
            message = f"there is no template “{error.name}”"
        elif isinstance(error, KeyError) and name not in self._templates:
            message, where = f"there is no template “{name}”", name
        else:
            message = str(error) or type(error).__name__
        unknown = re.match(r"there is no name “(\w+)” here", message)
        hint = _did_you_mean(unknown[1], names) if unknown else ""
        rendering = f"; while rendering {source}" if source else ""
        return self._finding(where, line, message + rendering, hint)

    def _finding(self, name: str, line: int, message: str, hint: str = "") -> Diagnostic:
        lines = self._sources.get(name, "").splitlines()
        excerpt = lines[line - 1] if 0 < line <= len(lines) else ""
        column = len(excerpt) - len(excerpt.lstrip()) + 1 if excerpt else 0
        return Diagnostic(f"{_FOLDER}/{name}", line, column, message, "template", hint, excerpt)


@lru_cache(maxsize=4)
def theme(sources: FrozenMap[str, str]) -> Theme:
    """The theme for some sources; a worker process compiles each set once."""
    return Theme(sources)


def theme_folder() -> str:
    """The folder of the theme that comes with Broadsheet: in an installed package, or in a checkout."""
    package = os.path.dirname(os.path.abspath(__file__))
    installed = os.path.join(package, "theme")
    return installed if os.path.isdir(installed) else os.path.join(os.path.dirname(package), "templates")


def _references(tree: nodes.Template) -> Iterator[str | None]:
    """The names of templates that a template refers to; None for a name that is only known when rendering."""
    node: Any  # what the four have in common, `template`, is not in their base class's type
    for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
        yield from _constants(node.template) or [None]


def _constants(target: nodes.Expr) -> tuple[str, ...]:
    """The names in an include's target where all of them are written out, else none."""
    items = target.items if isinstance(target, (nodes.List, nodes.Tuple)) else [target]
    values = [item.value for item in items if isinstance(item, nodes.Const) and isinstance(item.value, str)]
    return tuple(values) if len(values) == len(items) else ()


def _did_you_mean(word: str, choices: Mapping[str, object]) -> str:
    near = closest(word, choices)
    return f"did you mean “{near}”?" if near else ""
