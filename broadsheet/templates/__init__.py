"""The theme's templates as a closed world: a page's text is a function of the template sources and one context.

A template sees its context's fields as top-level names and the filters and tests of filters.py. There is no clock, no
configuration, no file, no randomness and no way to turn escaping off, so equal inputs print equal bytes everywhere.
"""

from __future__ import annotations

import marshal
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from typing import Any

from jinja2 import Template, TemplateNotFound, TemplateSyntaxError, nodes

from broadsheet.digest import digest, fingerprint
from broadsheet.errors import ContentError, Diagnostic, closest
from broadsheet.frozen import FrozenMap
from broadsheet.templates.called import in_words
from broadsheet.templates.environment import (
    FOLDER,
    UNUSABLE,
    ClosedEnvironment,
    Compiled,
    Missing,
    constant_text,
    field_names,
)
from broadsheet.templates.rules import PAGES, Fault, exported, faults, references
from broadsheet.templates.styles import printed_alike, style_elements

_NOT_TEMPLATES = ("locales/", "static/")  # folders of the theme that hold other files


class Theme:
    """Templates ready to render, made from their sources alone so that any process can rebuild it.

    `sources` maps names relative to the templates folder ("article.html", "partials/meta.html") to texts; files under
    locales/ and static/ are left alone. Raises ContentError with a finding for every template that can't be used; with
    `checked` (they are known to be right) each is compiled when it is first needed.
    """

    def __init__(self, sources: Mapping[str, str], *, checked: bool = False) -> None:
        self._sources = {name: text for name, text in sources.items() if not name.startswith(_NOT_TEMPLATES)}
        self._environment = ClosedEnvironment(self._sources)
        self._references: dict[str, tuple[str | None, ...]] = {}
        self._styles: dict[str, tuple[str, ...]] = {}
        self._templates: dict[str, Template] = {}
        self._exported: dict[str, frozenset[str]] = {}
        self._findings: list[Diagnostic] | None = None
        self._encoded_sheets: list[tuple[bytes, bytes]] = []
        if not checked:
            self.check()

    def check(self) -> None:
        """Compile all. Raises ContentError with a finding for every template that can't be used."""
        if self._findings is None:
            self._findings = [finding for name in sorted(self._sources) for finding in self._load(name)]
        if self._findings:
            raise ContentError(self._findings)

    def prepare(self, name: str) -> None:
        """Have a template, and all that it names, ready to render. What is wrong with one is told by `render`."""
        for part in self.closure(name):
            with suppress(TemplateNotFound, *UNUSABLE):
                self._environment.get_template(part)

    def compiled(self) -> bytes:
        """What `restore` needs to do without compiling again; checked themes only."""
        return marshal.dumps((self._compiled.code, self._environment.sheets, self._styles))

    def restore(self, data: bytes) -> None:
        """Take what `compiled` gave, in a process of the same toolchain, for the very same sources."""
        if not self._templates:
            code, sheets, styles = marshal.loads(data)  # noqa: S302  # our own bytes: the state checked their digest
            self._compiled.code.update(code)
            self._styles.update(styles)
            self._environment.sheets.update(sheets)

    @property
    def _compiled(self) -> Compiled:
        found = self._environment.bytecode_cache
        assert isinstance(found, Compiled)  # noqa: S101  # for the type checker
        return found

    @property
    def sheets(self) -> tuple[tuple[str, str], ...]:
        """What stands for each stylesheet in `unstyled` texts, and the sheet, of the templates compiled so far."""
        return tuple(self._environment.sheets.items())

    def render(self, name: str, context: object, extra: Mapping[str, object] = FrozenMap(), *, source: str = "") -> str:
        """A page's text. `extra` adds names to the context's fields or replaces them; `source` is named in errors."""
        text = self.unstyled(name, context, extra, source=source)
        for mark, sheet in self.sheets:
            text = text.replace(mark, sheet)
        return text

    def styled(self, text: str) -> bytes:
        """A page of `unstyled` with its stylesheets, as the bytes of a file."""
        data = text.encode()
        if len(self._encoded_sheets) != len(self._environment.sheets):
            self._encoded_sheets = [(mark.encode(), sheet.encode()) for mark, sheet in self.sheets]
        for mark, sheet in self._encoded_sheets:
            before, found, after = data.partition(mark)
            if found:  # once, as a rule: a second one is looked for by the letter that only marks have
                data = b"".join((before, sheet, after.replace(mark, sheet) if b"\0" in after else after))
        return data

    def unstyled(
        self, name: str, context: object, extra: Mapping[str, object] = FrozenMap(), *, source: str = ""
    ) -> str:
        """`render`, but for the stylesheets: a mark of `sheets` stands for each. They are half of most pages."""
        names: dict[str, object] = {"jsonld": "", "csp": ""}
        kind: Any = type(context)
        for field in field_names(kind):
            names[field] = getattr(context, field)
        names.update(extra)
        try:
            template = self._templates.get(name)
            if template is None:
                template = self._templates[name] = self._environment.get_template(name)
            return template.render(names)
        except Exception as error:
            raise ContentError([self._failure(name, error, names, source)]) from error

    def style_elements(self) -> tuple[str, ...]:
        """What stands in the style elements of all templates, where that is the same on every page."""
        return tuple(dict.fromkeys(text for name in sorted(self._sources) for text in self._styles_of(name)))

    def _styles_of(self, name: str, tree: nodes.Template | None = None) -> tuple[str, ...]:
        found = self._styles.get(name)
        if found is None:
            found = ()
            if "<style" in self._sources[name].lower():
                with suppress(*UNUSABLE):  # no page is made with it
                    tree = tree or self._environment.parse(self._sources[name], name)
                    found = tuple(style_elements(tree, self._printed_alike))
            self._styles[name] = found
        return found

    def _printed_alike(self, name: str, within: tuple[str, ...] = ()) -> str | None:
        """What an included template prints on every page, where it is text and included files of text; nothing where
        there is no such template, which only optional ones may lack."""
        text = self._environment.constant(name) if name in self._sources else ""
        if text is None and name not in within:
            tree = self._environment.parse(self._sources[name], name)
            text = printed_alike(tree, lambda other: self._printed_alike(other, (*within, name)))
        return text

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
            for other in self._referred(current):
                waiting.extend(self._sources if other is None else [other])
        return tuple(sorted(found))

    def closure_digest(self, name: str) -> bytes:
        """What of the templates a page's key depends on: the closure's names and texts."""
        texts = ((part, self._sources.get(part)) for part in self.closure(name))
        return fingerprint(tuple((part, None if text is None else digest(text.encode())) for part, text in texts))

    def _referred(self, name: str) -> tuple[str | None, ...]:
        """The templates that a template names (None: one that is chosen when a page is made)."""
        found = self._references.get(name)
        if found is None:
            try:
                found = tuple(references(self._environment.tree(name))) if name in self._sources else ()
            except UNUSABLE:  # `compiled` tells: a page that is made with it is none
                found = ()
            self._references[name] = found
        return found

    def _exports(self, name: str) -> frozenset[str] | None:
        """The names that a template can be asked for by `import`; None for one that can't be read."""
        if name not in self._exported:
            try:
                self._exported[name] = exported(self._environment.parse(self._sources[name], name))
            except UNUSABLE:
                return None
        return self._exported[name]

    def _load(self, name: str) -> Iterator[Diagnostic]:
        """Compiles a template; gives what is wrong with it."""
        try:
            tree = self._environment.tree(name)
            self._references[name] = tuple(references(tree))
            self._styles_of(name, tree)
            wrong = [
                *_prints_nothing(name, tree),
                *faults(tree, self._sources, self._exports),
            ]
            yield from (self._finding(name, fault.line, fault.message, fault.hint) for fault in wrong)
            if not wrong:
                self._templates[name] = self._environment.get_template(name)
        except TemplateSyntaxError as error:
            at = (error.name or name).removeprefix(f"{FOLDER}/")  # Jinja's lexer names the file, not the template
            yield self._finding(at, error.lineno, error.message or "this can't be read")
        except (SyntaxError, RecursionError, MemoryError) as error:
            told = "this is nested too deeply, or one expression has too many parts"
            yield self._finding(name, _line(error), told, "take it apart, with {% set … %} or an included template")
        except (ValueError, OverflowError) as error:
            yield self._finding(name, _line(error), f"this can't be compiled: {_CURE.sub('', str(error))}")

    def _failure(self, name: str, error: Exception, names: Mapping[str, object], source: str) -> Diagnostic:
        """The finding for a page that could not be rendered, at the innermost template line of the traceback."""
        places = [*self._places(error)] or [(name, 0)]
        where, line = places[-1]
        lacking = _LACKING.match(str(error))
        if isinstance(error, RecursionError):
            where, line = self._circle(places)
            message = "this leads to itself again, without end"
        elif lacking and len(places) > 1:
            message = f"this macro has to be given “{lacking[1]}”, which {FOLDER}/{where}:{line} needs"
            where, line = places[-2]
        elif isinstance(error, AttributeError) and error.name:
            message = Missing(obj=error.obj, name=error.name)._undefined_message
        elif isinstance(error, TemplateNotFound):
            message = f"there is no template “{error.name}”"
        elif name not in self._templates:
            message = f"there is no template “{name}”"
        else:
            message = in_words(str(error)) or type(error).__name__
        unknown = re.match(r"there is no name “(\w+)” here", message)
        near = closest(unknown[1], names) if unknown else None
        rendering = f"{_RENDERING}{source}" if source else ""
        return self._finding(where, line, message + rendering, f"did you mean “{near}”?" if near else "")

    def _places(self, error: Exception) -> Iterator[tuple[str, int]]:
        """The templates and lines that led to an error, the outermost first."""
        trace = error.__traceback__
        while trace is not None:
            filename = trace.tb_frame.f_code.co_filename
            if filename.startswith(f"{FOLDER}/") and filename[len(FOLDER) + 1 :] in self._sources:
                yield filename[len(FOLDER) + 1 :], trace.tb_lineno
            trace = trace.tb_next

    def _circle(self, places: Sequence[tuple[str, int]]) -> tuple[str, int]:
        """The line that closes a circle of templates or macros: an `include`, if there is one in it."""
        again = [place for place, times in Counter(places).items() if times > 1] or [places[-1]]
        texts = ((place, self._sources[place[0]].splitlines()[place[1] - 1 : place[1]]) for place in again)
        return next((place for place, text in texts if text and "include" in text[0]), again[0])

    def _finding(self, name: str, line: int, message: str, hint: str = "") -> Diagnostic:
        lines = self._sources.get(name, "").splitlines()
        excerpt = lines[line - 1] if 0 < line <= len(lines) else ""
        column = len(excerpt) - len(excerpt.lstrip()) + 1 if excerpt else 0
        return Diagnostic(f"{FOLDER}/{name}", line, column, message, "template", hint, excerpt)


_RENDERING = "; while rendering "
_CURE = re.compile("; use sys.*", re.DOTALL)  # what Python advises programmers


def _line(error: Exception) -> int:
    """The line of a template that was being looked at when it proved too much; 0 where nobody was in any."""
    line, trace = 0, error.__traceback__
    while trace is not None:
        known = trace.tb_frame.f_locals  # of Jinja's parser, of its nodes, of what goes through these
        for told in (known.get("lineno"), *(getattr(known.get(name), "lineno", None) for name in ("self", "node"))):
            line = told if isinstance(told, int) and told else line
        trace = trace.tb_next
    return line


def mistake(finding: Diagnostic) -> Diagnostic:
    """A finding without the page on which it showed: a mistake in a template shows on each that is made with it."""
    if finding.code != "template":
        return finding
    return replace(finding, message=finding.message.partition(_RENDERING)[0])


def _prints_nothing(name: str, tree: nodes.Template) -> Iterator[Fault]:
    """An emptied file of the theme that whole pages are made with: each of them would be published without a byte."""
    text = constant_text(tree)
    if name in PAGES and text is not None and not text.strip():
        hint = f"write the page into it, or delete the file: then the theme's own {name} is used"
        yield Fault(0, "this page template is empty", hint)


_LACKING = re.compile(r"parameter '(\w+)' was not provided$")


@lru_cache(maxsize=4)
def unchecked(sources: FrozenMap[str, str]) -> Theme:
    """The theme for some sources, which were checked before; a process compiles each set once."""
    return Theme(sources, checked=True)


def theme(sources: FrozenMap[str, str]) -> Theme:
    """The theme for some sources. Raises ContentError with a finding for every template that can't be used."""
    found = unchecked(sources)
    found.check()
    return found
