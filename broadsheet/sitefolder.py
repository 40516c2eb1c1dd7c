"""What a site folder holds besides stories: settings, theme, files to copy. And the excerpts that findings show."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from broadsheet import config, interface, themeplace
from broadsheet.errors import ConfigError, Diagnostic, UsageError, closest, judge
from broadsheet.files import Files
from broadsheet.frozen import FrozenMap
from broadsheet.scanning import Entry, scan
from broadsheet.settings import Settings
from broadsheet.yamlnodes import Findings, Scalar
from broadsheet.yamlnodes.values import language

CONFIG = "config.yaml"
_LINE_END = re.compile("\r\n|\r|\n")
_THEME_FILES = (".html", ".css", ".js", ".yaml", ".svg", ".txt", ".xml")
_LIKE_TEMPLATES = (".html", ".htm", ".css", ".js", ".svg", ".xml", ".yaml", ".yml")


def load_settings(files: Files, *, base_url: str = "") -> Settings:
    """The settings of the site folder, for a production build. `base_url` replaces the configured one.

    Raises UsageError without a config.yaml, ConfigError with every finding about it.
    """
    data = files.read_or_none(CONFIG)
    if data is None:
        raise UsageError(
            f"{files.root}: there is no {CONFIG}: run this in the site folder, name it with -s, or start a site with "
            "`site: {title: My paper, base_url: https://example.org/}`"
        )
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        finding = Diagnostic(CONFIG, line, column, "the file is not UTF-8", "config", "save it as UTF-8")
        raise ConfigError(with_excerpts(files, [finding])) from None
    settings, problems = config.parse(text, CONFIG, files.folders, files.real)
    if settings and base_url:
        settings = _with_base_url(settings, base_url)
    problems += config.require_base_url(settings, CONFIG, text) if settings else ()
    errors = [finding for finding in judge(problems, {}) if finding.severity == "error"]
    if settings is None or errors:
        raise ConfigError(with_excerpts(files, errors))
    return settings


def _with_base_url(settings: Settings, base_url: str) -> Settings:
    """The settings with another base URL, which config.yaml's own rules judge."""
    normal, problem = config.normal_base_url(base_url)
    if problem:
        raise UsageError(f"--base-url {base_url}: {problem}")
    return replace(settings, site=replace(settings.site, base_url=normal))


def read_theme(files: Files, settings: Settings, problems: list[Diagnostic]) -> FrozenMap[str, str]:
    """Every file of the theme by its name: the site's own over the packaged ones, file by file. A packaged file of
    interface strings that the site has too is kept below locales/packaged/: the site's may hold a few strings only.

    A file that is not UTF-8 is a finding, and read as far as it can be, so that the others are judged too. So is a file
    of the site's that nothing reads, and what is wrong with its interface strings.
    """
    theme, folder = Files(themeplace.theme_folder()), settings.templates_dir
    ours = own = found = _theme_below(theme, "", scan(theme, "", []), problems)
    if os.path.realpath(os.path.join(files.root, folder)) != theme.root:
        entries = scan(files, folder, [])
        own = {k: v for k, v in _theme_below(files, folder, entries, problems).items() if not _misnamed(k)}
        under = {_packaged(name): ours[name] for name in own if name in ours and name.startswith("locales/")}
        found = {**ours, **under, **own}
    sources = FrozenMap(dict(sorted(found.items())))
    if found is not ours:
        problems += _unread_of_theme([entry.path for entry in entries], settings, ours, sources)
    problems += interface.findings(own, sources, folder)
    return sources


def _unread_of_theme(
    paths: Iterable[str], settings: Settings, ours: Mapping[str, str], sources: FrozenMap[str, str]
) -> Iterator[Diagnostic]:
    """A finding for each file in the site's templates that nothing reads. `ours` are the files of the packaged theme,
    `sources` all of the theme."""
    doubtful: dict[str, str] = {}
    for path in paths:
        name = posixpath.relpath(path, settings.templates_dir)
        if name.startswith("static/"):
            hint = f"files to publish lie in {settings.static_dir}/"
            yield Diagnostic(path, 0, 0, "not read: templates have no static files", "unread-file", hint)
        elif name.startswith("locales/"):
            if _misnamed(name):
                tag = _tag(name)
                hint = f"rename it to {tag}.yaml" if tag else "for example tr.yaml or pt-BR.yaml"
                message = "not read: files of interface strings are named after their language"
                yield Diagnostic(path, 0, 0, message, "unread-file", hint)
        elif name.endswith(_LIKE_TEMPLATES) and name not in ours and not _quoted(name, sources):
            doubtful[name] = path
    read = _named(ours, sources) if doubtful else ()
    for name, path in doubtful.items():
        if name not in read:
            meant = next((known for known in ours if posixpath.basename(known) == name), None) or closest(name, ours)
            hint = f"did you mean {meant}?" if meant else "include it where it belongs, or take it away"
            message = "not read: no page is made with it, and no template includes it"
            yield Diagnostic(path, 0, 0, message, "unread-file", hint)


def _quoted(name: str, sources: Mapping[str, str]) -> bool:
    """Whether some template has a name in quotes, as it stands where one includes another."""
    return any(f'"{name}"' in text or f"'{name}'" in text for text in sources.values())


def _misnamed(name: str) -> bool:
    """Whether a file was probably meant to hold interface strings, and is named after no language as pages have it."""
    like = name.startswith("locales/") and name.lower().endswith((".yaml", ".yml"))
    return like and name != f"locales/{_tag(name)}.yaml"


def _tag(name: str) -> str:
    """The language that a file of interface strings was probably named after; "" where there is none."""
    stem = posixpath.splitext(name.removeprefix("locales/"))[0]
    return language(Findings("", ""), Scalar(stem.replace("_", "-"), 1, 1, True), "") or ""


def _named(ours: Iterable[str], sources: FrozenMap[str, str]) -> set[str]:
    """The templates that pages can be made with: all, where the name of one is put together when a page is made."""
    from broadsheet import templates  # Jinja, which few commands need

    theme = templates.unchecked(sources)
    return {name for page in ours if page.endswith(".html") and "/" not in page for name in theme.closure(page)}


def _packaged(name: str) -> str:
    return name.replace("locales/", "locales/packaged/", 1)


def _theme_below(files: Files, folder: str, entries: Iterable[Entry], problems: list[Diagnostic]) -> dict[str, str]:
    found = {}
    for entry in entries:
        if entry.path.endswith(_THEME_FILES):
            path = entry.path.removeprefix("/")
            data = files.read(path)
            try:
                text = data.decode()
            except UnicodeDecodeError as error:
                text = data.decode(errors="replace")
                problems.append(_not_utf8(path, data[: error.start]))
            found[posixpath.relpath(path, folder) if folder else path] = text
    return found


def _not_utf8(path: str, before: bytes) -> Diagnostic:
    """The finding about a template's first byte that is not UTF-8; `before` is what stands before it."""
    line = before.count(b"\n") + 1
    column = len(before.rpartition(b"\n")[2].decode()) + 1
    return Diagnostic(path, line, column, "the file is not UTF-8", "template", "save it again with the encoding UTF-8")


def files_of_theme(settings: Settings) -> Mapping[str, str]:
    """The theme's files to publish as they are: place on the site -> absolute path."""
    theme = Files(os.path.join(themeplace.theme_folder(), "static"))
    found = {name: os.path.join(theme.root, name) for name in ("favicon.svg", "share.png")}
    if settings.rails.explore.mode == "shared" and settings.rails.explore.refresh == "script":
        found["explore.js"] = os.path.join(theme.root, "explore.js")
    return found


def unread(others: Iterable[str]) -> Iterator[Diagnostic]:
    """A finding for each file in content/ that was probably meant as a story: its name has another ending."""
    for path in others:
        if path.lower().endswith((".md", ".markdown", ".mdown", ".mdx", ".md.txt")):
            hint = f"rename it to {posixpath.basename(path).split('.')[0]}.md"
            yield Diagnostic(path, 0, 0, "not read: sources end in .md", "unread-file", hint)


def with_excerpts(files: Files, diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings, each with the source line that it is about where that is known."""
    lines: dict[str, list[str]] = {}
    return tuple(_with_excerpt(files, diagnostic, lines) for diagnostic in diagnostics)


def _with_excerpt(files: Files, diagnostic: Diagnostic, lines: dict[str, list[str]]) -> Diagnostic:
    if diagnostic.excerpt or not diagnostic.line:
        return diagnostic
    path = diagnostic.path
    if path not in lines:
        data = files.read_or_none(path) if files.is_file(path) else None
        lines[path] = _LINE_END.split(data.decode(errors="replace")) if data else []
    if diagnostic.line > len(lines[path]):
        return diagnostic
    return diagnostic.with_excerpt(lines[path][diagnostic.line - 1])
