"""What a template may not say, found before any page is rendered: Jinja would allow it, or notice it too late."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from typing import Any, NamedTuple

from jinja2 import nodes

from broadsheet.errors import closest
from broadsheet.templates.filters import FILTERS, TESTS

_TEXT_METHODS = frozenset({"startswith", "endswith", "split", "strip"})
_CALLED_BY_JINJA = frozenset({"caller", "super", "namespace", "loop"})
_CALLED_ON = frozenset({"loop", "self"})


# What whole pages are made with; `explore-fragment.html` makes a part of one, which may be empty.
_LISTS = ("archive.html", "author.html", "corrections.html", "home.html", "region.html", "topic.html")
PAGES = frozenset({"base.html", "article.html", "page.html", "withdrawn.html", "redirect.html", "404.html", *_LISTS})


class Fault(NamedTuple):
    line: int
    message: str
    hint: str = ""


def faults(
    tree: nodes.Template, templates: Mapping[str, str], exports: Callable[[str], frozenset[str] | None]
) -> Iterator[Fault]:
    """The faults of one template; `templates` are all that exist, `exports` gives the names that one can be asked
    for by `import`, None where it can't be read."""
    missing = list(_imports(tree, templates, exports))
    yield from (fault for fault, _ in missing)
    yield from _calls(tree, {meant for _, meant in missing})
    node: Any  # each kind of node has attributes of its own
    for node in tree.find_all((nodes.Filter, nodes.Test, nodes.Getattr, nodes.EvalContextModifier)):
        if isinstance(node, nodes.EvalContextModifier):
            yield Fault(node.lineno, "escaping can't be changed: it is always on")
        elif isinstance(node, nodes.Getattr):
            if node.attr.startswith("_"):
                yield Fault(node.lineno, f"“{node.attr}” is private")
        elif isinstance(node, nodes.Filter) and node.name not in FILTERS:
            yield Fault(node.lineno, f"there is no filter “{node.name}”", _meant(node.name, FILTERS))
        elif isinstance(node, nodes.Test) and node.name not in TESTS:
            yield Fault(node.lineno, f"there is no test “{node.name}”", _meant(node.name, TESTS))
    for node in tree.find_all((nodes.Const, nodes.TemplateData)):
        text = node.value if isinstance(node, nodes.Const) else node.data
        if isinstance(text, str) and (half := next((c for c in text if "\ud800" <= c <= "\udfff"), "")):
            hint = "write the whole character"
            yield Fault(node.lineno, f"U+{ord(half):04X} is half of a character, which no page can hold", hint)
    for node in tree.find_all((nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport)):
        if isinstance(node.template, nodes.Const) and not getattr(node, "ignore_missing", False):
            name = node.template.value
            if name not in templates:
                yield Fault(node.lineno, f"there is no template “{name}”", _meant(str(name), templates))


def references(tree: nodes.Template) -> Iterator[str | None]:
    """The names of templates that a template refers to; None for a name that is only known when rendering."""
    node: Any  # what the four have in common, `template`, is not in their base class's type
    for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
        target = node.template
        items = target.items if isinstance(target, (nodes.List, nodes.Tuple)) else [target]
        for item in items:
            yield item.value if isinstance(item, nodes.Const) and isinstance(item.value, str) else None


def exported(tree: nodes.Template) -> frozenset[str]:
    """The names that a template can be asked for by `import`: its macros, and what it sets or imports."""
    found = {macro.name for macro in tree.find_all(nodes.Macro)}
    found |= {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"}
    found |= {module.target for module in tree.find_all(nodes.Import)}
    found |= {_called(name) for imported in tree.find_all(nodes.FromImport) for name in imported.names}
    return frozenset(name for name in found if not name.startswith("_"))


def _called(name: str | tuple[str, str]) -> str:
    """What an imported name is called in the template that imports it."""
    return name if isinstance(name, str) else name[1]


def _imports(
    tree: nodes.Template, templates: Mapping[str, str], exports: Callable[[str], frozenset[str] | None]
) -> Iterator[tuple[Fault, str]]:
    """Names that are imported from a template that doesn't have them, each with the one that was probably meant."""
    for imported in tree.find_all(nodes.FromImport):
        source = imported.template.value if isinstance(imported.template, nodes.Const) else None
        known = exports(source) if isinstance(source, str) and source in templates else None
        for name in imported.names:
            wanted = name if isinstance(name, str) else name[0]
            if known is not None and wanted not in known:
                near = closest(wanted, known) or ""
                hint = f"did you mean “{near}”?" if near else f"it has {', '.join(sorted(known)) or 'none'}"
                yield Fault(imported.lineno, f"“{source}” has no macro “{wanted}”", hint), near


def _calls(tree: nodes.Template, told: Set[str]) -> Iterator[Fault]:
    """Only macros can be called, and a few methods of texts: a date's `now()` would read the clock. Of names in `told`
    the import is to blame."""
    macros, modules = _macros(tree)
    for call in tree.find_all(nodes.Call):
        target = call.node
        if isinstance(target, nodes.Name) and target.name in macros | _CALLED_BY_JINJA | told:
            continue
        if isinstance(target, nodes.Getattr):
            owner = target.node.name if isinstance(target.node, nodes.Name) else ""
            if target.attr in _TEXT_METHODS or owner in modules | _CALLED_ON:
                continue
        name = getattr(target, "name", "") or getattr(target, "attr", "") or "this"
        yield Fault(call.lineno, f"“{name}” can't be called; templates call macros, and filters do the rest")


def _macros(tree: nodes.Template) -> tuple[frozenset[str], frozenset[str]]:
    """The names that stand for macros, and those that stand for imported templates; not if also set to a value."""
    macros = {macro.name for macro in tree.find_all(nodes.Macro)}
    for imported in tree.find_all(nodes.FromImport):
        macros |= {_called(name) for name in imported.names}
    modules = {imported.target for imported in tree.find_all(nodes.Import)}
    bound = {name.name for name in tree.find_all(nodes.Name) if name.ctx in ("store", "param")}
    return frozenset(macros - bound), frozenset(modules - bound)


def _meant(word: str, choices: Mapping[str, object]) -> str:
    near = closest(word, choices)
    return f"did you mean “{near}”?" if near else "docs/templates.md lists what there is"
