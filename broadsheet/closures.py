"""What the pages of a template depend on besides what they show."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from broadsheet import plan, templates
from broadsheet.frozen import FrozenMap


class Closures:
    """The files of the theme that a template reaches, by name and as a digest that stands for them, each found once.
    `mark` is that of the whole theme, `recipe` that of how pictures are encoded; `known` are digests of this theme that
    were found before."""

    def __init__(self, theme: FrozenMap[str, str], mark: bytes, recipe: bytes, known: Mapping[str, bytes]) -> None:
        self._theme = theme
        self._mark = mark
        self._recipe = recipe
        self._known = dict(known)

    def of(self, template: str) -> bytes:
        """What stands for all that a page of this kind depends on."""
        closure = self._known.get(template)
        if closure is None:
            closure = self._known[template] = self._digest(template)
        return closure

    def of_theme(self) -> Mapping[str, bytes]:
        """Those found so far that the theme alone has a part in."""
        return {name: closure for name, closure in self._known.items() if name != plan.PICTURE}

    def files(self, template: str) -> Collection[str]:
        """The files of the theme that a page of this kind depends on."""
        if template in self._theme:
            return templates.unchecked(self._theme).closure(template)
        return self._theme.keys() if template == "headers" else ()

    def _digest(self, template: str) -> bytes:
        """What of the theme or of the pictures' recipe a page of this kind depends on."""
        if template == plan.PICTURE:
            return self._recipe
        if template == "headers":
            return self._mark
        return templates.unchecked(self._theme).closure_digest(template) if template in self._theme else b""
