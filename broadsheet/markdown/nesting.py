"""Cleaned HTML whose elements stand where HTML allows them to: old archives hold items without a list, and worse."""

from __future__ import annotations

from typing import NamedTuple

from broadsheet.patterns import pattern

_TOKEN = pattern(r'<(/?)([a-z][a-z0-9]*)((?:\s+[a-z][\w:-]*="[^"]*")*)\s*/?>')
_LISTS = ("ul", "ol")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = frozenset(
    ("blockquote", "details", "div", "dl", "figure", "hr", "ol", "p", "pre", "section", "table", "ul", *_HEADINGS)
)
_SHOWN = pattern(r'id="|<img|(?:^|>)[^<]*[^<\s]')  # an id may be that of a picture's place
_VOID = ("br", "hr", "img", "wbr", "col")


class _Open(NamedTuple):
    """An element that is open: its name ("" for one whose tags are dropped), what closes it, the name of the innermost
    element at this place whose tags are kept, whether it is ours, and where its opening tag stands in what is written.
    """

    name: str
    closing: str
    within: str
    ours: bool = False
    place: int = 0


def repaired(html: str) -> str:
    """Balanced HTML with its text unchanged and its lists whole.

    Items without a list get one; what stands between items becomes an item; a block within a heading ends the heading;
    a `<span>` that says nothing and a link with nothing to click on lose their tags.
    """
    writer = _Writer()
    at = 0
    for token in _TOKEN.finditer(html):
        writer.text(html[at : token.start()])
        at = token.end()
        if token[1]:
            writer.close()
        else:
            writer.open(token[2], token[3], token[0])
    writer.text(html[at:])
    return writer.finished()


class _Writer:
    def __init__(self) -> None:
        self._out: list[str] = []
        self._stack: list[_Open] = []
        self._heading = -1  # where in the stack the one heading stands that may be open

    def text(self, text: str) -> None:
        if not text or text.isspace():
            self._out.append(text)
            return
        self._end_ours()
        self._out.append(f"<li>{text}</li>" if self._parent() in _LISTS else text)

    def open(self, name: str, attributes: str, tag: str) -> None:
        if name != "li":
            self._end_ours()
        if name in _BLOCKS or (name == "li" and self._parent() not in _LISTS):
            self._end_heading()
        parent = self._parent()
        if name == "span" and not attributes:
            self._stack.append(_Open("", "", parent))
        elif name == "li" and parent not in _LISTS:
            self._out.append("<ul>")
            self._stack += [_Open("ul", "</ul>", "ul", ours=True), _Open("li", "</li>", "li")]
            self._out.append(tag)
        else:
            wrapped = parent in _LISTS and name != "li"
            end = "</li>" if wrapped else ""
            self._out.append(("<li>" if wrapped else "") + tag)
            if name in _VOID:
                self._out.append(end)
            else:
                if name in _HEADINGS:
                    self._heading = len(self._stack)
                self._stack.append(_Open(name, f"</{name}>{end}", name, place=len(self._out) - 1))

    def close(self) -> None:
        self._end_ours()
        if self._stack:
            self._out.append(self._closing(self._stack.pop()))
            if self._heading >= len(self._stack):
                self._heading = -1

    def _closing(self, item: _Open) -> str:
        """What closes an element; a link around nothing goes."""
        if item.name != "a" or _SHOWN.search("".join(self._out[item.place + 1 :])):
            return item.closing
        self._out[item.place] = "<li>" if self._out[item.place].startswith("<li>") else ""
        return item.closing.removeprefix("</a>")

    def finished(self) -> str:
        while self._stack:
            self.close()
        return "".join(self._out)

    def _parent(self) -> str:
        return self._stack[-1].within if self._stack else ""

    def _end_heading(self) -> None:
        """Close the heading that is open, if any, and all in it; what closes them later closes nothing."""
        if self._heading < 0:
            return
        within = self._stack[self._heading - 1].within if self._heading else ""
        for inner in reversed(self._stack[self._heading :]):
            self._out.append(self._closing(inner))
        self._stack[self._heading :] = [_Open("", "", within)] * (len(self._stack) - self._heading)
        self._heading = -1

    def _end_ours(self) -> None:
        while self._stack and self._stack[-1].ours:
            self._out.append(self._stack.pop().closing)
