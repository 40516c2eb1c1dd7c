"""The style elements that templates print the same on every page: known before any page is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from jinja2 import nodes

from broadsheet.patterns import pattern

_OTHER = "\0"  # stands for what differs from page to page
_SILENT = (nodes.Assign, nodes.AssignBlock, nodes.Macro, nodes.Import, nodes.FromImport)
_ELEMENT = pattern(r"<style(?:\s[^>\0]*)?>([^\0]*?)</style")


def style_elements(tree: nodes.Node, text_of: Callable[[str], str | None]) -> Iterator[str]:
    """What stands in each style element of a template that has no expression in it. `text_of` tells what a template
    prints on every page (None: nothing, or not the same)."""
    for _, children in tree.iter_fields():
        if isinstance(children, list):
            printed = "".join(_printed(child, text_of) for child in children if isinstance(child, nodes.Node))
            yield from _ELEMENT.findall(printed)
    for node in tree.iter_child_nodes():
        yield from style_elements(node, text_of)


def printed_alike(tree: nodes.Template, text_of: Callable[[str], str | None]) -> str | None:
    """What a template prints on every page; None where that differs."""
    text = "".join([_printed(node, text_of) for node in tree.body])
    return None if _OTHER in text else text


def _printed(node: nodes.Node, text_of: Callable[[str], str | None]) -> str:
    if isinstance(node, nodes.Output):
        return "".join(_printed(piece, text_of) for piece in node.nodes)
    if isinstance(node, nodes.TemplateData):
        return node.data
    if isinstance(node, nodes.Include) and isinstance(node.template, nodes.Const):
        text = text_of(node.template.value)
        return _OTHER if text is None else text
    return "" if isinstance(node, _SILENT) else _OTHER
