"""Readers for single values of config.yaml: addresses, folders, time zones, permalinks, widths."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from broadsheet.errors import closest
from broadsheet.patterns import pattern
from broadsheet.policy import DIRECTIVES
from broadsheet.yamlnodes import Findings, Node, Sequence
from broadsheet.yamlnodes.findings import shown
from broadsheet.yamlnodes.values import choice, integer, is_http_url, items, word

FOLDERS: Mapping[str, str] = {
    "content_dir": "content",
    "templates_dir": "templates",
    "static_dir": "static",
    "output_dir": "output",
}
WIDTHS = (16, 8192)  # pixels
_PLACEHOLDERS = ("region", "yyyy", "mm", "dd", "slug")
_HOST = pattern(r"(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*\.?|\[[0-9a-f:.]+\]")
_CSP_SOURCE = pattern(
    r"(?:(?:https?|wss?)://)?(?:\*\.)?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::(?:[0-9]{1,5}|\*))?"
    r"(?:/[A-Za-z0-9._~!$&()*+=:@%/-]*)?"
)
# What may follow a directive besides a host: the site itself, or one inlined script or stylesheet by its hash.
_CSP_OTHER = pattern(r"'self'|'sha(?:256-[A-Za-z0-9+/]{43}=|384-[A-Za-z0-9+/]{64}|512-[A-Za-z0-9+/]{86}==)'")


def _word_that(findings: Findings, node: Node, what: str, *, fits: Callable[[str], bool], must: str, hint: str) -> Any:
    """Text that `fits`; else the finding that it `must` be something."""
    written = word(findings, node, what)
    if written is None or fits(written):
        return written
    findings.refuse(node, f"`{what}` must be {must}, not “{shown(written)}”", hint)
    return None


address = partial(
    _word_that,
    fits=lambda written: (
        bool(re.fullmatch(r"/(?!/)[^\s\\\"<>]*|mailto:[^\s<>\"]+@[^\s<>\"]+", written)) or is_http_url(written)
    ),
    must="an address",
    hint="Write a path from the site's root, such as /about/, or a whole https:// address.",
)
_extension = partial(
    _word_that,
    fits=lambda written: all(part.isidentifier() for part in written.split(".")),
    must="the dotted name of a Python module",
    hint="For example my_site.podcast",
)


def extensions(findings: Findings, node: Node, what: str) -> Any:
    """A list that must be empty for now: a module that is named and silently not loaded would be missed too late."""
    found = items(_extension)(findings, node, what)
    if found:
        findings.refuse(node, f"`{what}` can't be loaded yet", "Write extensions: [] or remove the line.")
    return found


def csp_source(findings: Findings, node: Node, what: str) -> str | None:
    """One entry of `csp.allow`: a source, or a directive and a source with one space between them."""
    written = word(findings, node, what)
    if written is None:
        return None
    directive, _, source = written.rpartition(" ")
    if (_CSP_SOURCE.fullmatch(source) and source not in DIRECTIVES) or (directive and _CSP_OTHER.fullmatch(source)):
        if not directive or directive in DIRECTIVES:
            return written
        near = closest(directive, DIRECTIVES)
        hint = f"Did you mean {near}?" if near else f"The directives are {', '.join(DIRECTIVES)}."
        findings.refuse(node, f"“{shown(directive)}” is no directive that `{what}` can add to", hint)
        return None
    hint = "Write a host, such as https://stats.example.com, or a directive and a source: font-src https://host"
    findings.refuse(node, f"`{what}` must be what pages may load from, not “{shown(written)}”", hint)
    return None


def base_url(findings: Findings, node: Node, what: str) -> str | None:
    written = word(findings, node, what)
    if written is None or not written:
        return written
    normal, problem = normal_base_url(written)
    if problem:
        findings.refuse(node, f"`{what}` {problem}: “{shown(written)}”", "For example https://www.example.com/")
        return None
    return normal


def normal_base_url(written: str) -> tuple[str, str]:
    """The normal form and what is wrong with it; one of the two is empty."""
    try:
        parts = urlsplit(written)
        port = parts.port
    except ValueError:
        return "", "is no address that can be read"
    host = parts.hostname or ""
    segments = parts.path.strip("/").split("/")
    if parts.scheme not in ("http", "https") or not host:
        return "", "must begin with https:// and a host"
    if "?" in written or "#" in written or parts.username is not None:
        return "", "can't hold ?, # or a user name"
    if not host.isascii():
        return "", "must have its host in ASCII (the xn-- form)"
    if ":" in host:
        host = f"[{host}]"
    if not _HOST.fullmatch(host):
        return "", "has a host that can't exist"
    if parts.path.strip("/") and not all(re.fullmatch(r"(?!\.\.?$)[A-Za-z0-9._~-]+", part) for part in segments):
        return "", "has a path that isn't plain letters, digits and hyphens between single slashes"
    prefix = "/".join(["", *segments, ""]) if segments != [""] else "/"
    return f"{parts.scheme}://{host}{'' if port is None else f':{port}'}{prefix}", ""


def time_zone(findings: Findings, node: Node, what: str) -> str | None:
    from zoneinfo import available_timezones

    written = word(findings, node, what)
    if written is None or _is_zone(written):
        return written
    meant = closest(written, available_timezones())
    hint = f"Did you mean {meant}?" if meant else "Write an IANA name, such as Europe/Istanbul."
    findings.refuse(node, f"`{what}` must be a time zone, not “{shown(written)}”", hint)
    return None


def _is_zone(written: str) -> bool:
    """Whether this names an IANA zone; names that mean another zone on each machine, or leap seconds, don't."""
    from zoneinfo import ZoneInfo

    if written in ("", "localtime", "posixrules", "Factory") or written.startswith(("posix/", "right/")):
        return False
    try:
        ZoneInfo(written)
    except (KeyError, ValueError, OSError):  # unknown, not a name at all, or a folder of zones
        return False
    return True


def permalink(findings: Findings, node: Node, what: str) -> str | None:
    written = word(findings, node, what)
    if written is None:
        return None
    named = re.findall(r"\{([^{}]*)\}", written)
    unknown = next((name for name in named if name not in _PLACEHOLDERS), None)
    rest = re.sub(r"\{[^{}]*\}", "x", written)
    if unknown is not None:
        meant = closest(unknown, _PLACEHOLDERS)
        hint = f"Did you mean {{{meant}}}?" if meant else f"There are {', '.join(f'{{{p}}}' for p in _PLACEHOLDERS)}."
        findings.refuse(node, f"`{what}` holds the unknown placeholder {{{shown(unknown)}}}", hint)
    elif "slug" not in named:
        findings.refuse(node, f"`{what}` must hold {{slug}}", "For example /{region}/{yyyy}/{mm}/{slug}/")
    elif not re.fullmatch(r"/(?:[A-Za-z0-9_~-][A-Za-z0-9._~-]*/)+", rest):
        hint = "Begin and end with /; between slashes stand placeholders, letters, digits and hyphens."
        findings.refuse(node, f"`{what}` can't be the path of a page: “{shown(written)}”", hint)
    else:
        return written
    return None


def folder(findings: Findings, node: Node, what: str) -> str | None:
    """A folder inside the site folder, as a relative POSIX path without . and .."""
    written = word(findings, node, what)
    if written is None:
        return None
    parts = [part for part in written.split("/") if part not in ("", ".")]
    hidden = any(part.startswith(".") for part in parts)
    if written.startswith(("/", "~")) or "\\" in written or not parts or hidden or not written.isprintable():
        hint = (
            f"Write its path from the site folder, such as {FOLDERS.get(what, 'folder')}; no .. and no hidden folder."
        )
        findings.refuse(node, f"`{what}` must be a folder inside the site's, not “{shown(written)}”", hint)
        return None
    return unicodedata.normalize("NFC", "/".join(parts))


def check_folders(findings: Findings, values: Mapping[str, Any]) -> None:
    """No folder may hold another: a build would publish sources as they are, or delete them."""
    names = list(FOLDERS)
    for index, name in enumerate(names):
        for other in names[:index]:
            one, two = values.get(name, FOLDERS[name]), values.get(other, FOLDERS[other])
            if _overlap(one, two):
                line, column = findings.marks.get(name) or findings.marks.get(other) or (1, 1)
                message = f"`{name}` ({one}) and `{other}` ({two}) must not be the same folder or inside each other"
                findings.add_at(line, column, message, "config", "Give each a folder of its own beside the others.")


def check_leads(findings: Findings, values: Mapping[str, Any], real: Callable[[str], str | None]) -> None:
    """No source folder may lead out of the site folder, into a hidden folder or into another one, by links. `real`
    says where a path leads (None: out of the site folder)."""
    found: dict[str, str] = {}
    for name in ("content_dir", "templates_dir", "static_dir"):
        place = values.get(name, FOLDERS[name])
        leads = real(place)
        other = next((known for known, at in found.items() if leads and _overlap(at, leads)), "")
        hidden = leads is not None and any(part.startswith(".") for part in leads.split("/"))
        if leads and not other and not hidden:
            found[name] = leads
            continue
        message = f"`{name}` ({place}) leads out of the site folder, of which nothing else is read"
        hint = "Move the folder itself here, or a copy of it."
        if hidden:
            message = f"`{name}` ({place}) leads into a hidden folder, of which nothing may be published"
        elif other:
            message = f"`{name}` ({place}) leads to the same place as `{other}`, or into it"
            hint = "Give each a folder of its own beside the others."
            if leads == place and found[other] == values.get(other, FOLDERS[other]):
                continue  # their names say so, of which `check_folders` tells
        line, column = findings.marks.get(name, (0, 0))
        findings.add_at(line, column, message, "config", hint)


def _overlap(one: str, two: str) -> bool:
    """Whether two folders are the same or one lies in the other, also where letters of both cases are one."""
    first, second = f"{one}/".casefold(), f"{two}/".casefold()
    return first.startswith(second) or second.startswith(first)


def check_present(findings: Findings, values: Mapping[str, Any], folders: Callable[[str], Collection[str]]) -> None:
    """The folder of stories must be there, and every other source folder that has been given a name of its own: where
    one is misspelt, a build would take the whole site away. `folders` gives the names of the folders in a folder."""
    for name in ("content_dir", "templates_dir", "static_dir"):
        place = values.get(name, FOLDERS[name])
        parent, _, last = place.rpartition("/")
        names = folders(parent)
        if last in names or (name != "content_dir" and place == FOLDERS[name]):
            continue
        near = FOLDERS[name] if FOLDERS[name] in folders("") else closest(last, names)
        meant = near if not parent or near == FOLDERS[name] else f"{parent}/{near}"
        line, column = findings.marks.get(name, (0, 0))
        hint = (
            f"Did you mean {meant}?"
            if near
            else f"Make the folder, or write the path of the one that is meant: {name}: {FOLDERS[name]}"
        )
        findings.add_at(line, column, f"there is no folder {shown(place)} for `{name}`", "config", hint)


def widths(findings: Findings, node: Node, what: str) -> tuple[int, ...] | None:
    widths: tuple[int, ...] | None = items(integer(*WIDTHS))(findings, node, what)
    return tuple(sorted(widths)) if _filled(findings, node, what, widths) and widths else None


def some(*options: str) -> Callable[[Findings, Node, str], Any]:
    """A list of at least one of some words."""
    return partial(read_some, options=options)


def read_some(findings: Findings, node: Node, what: str, *, options: tuple[str, ...]) -> Any:
    found = items(choice(*options))(findings, node, what)
    return found if _filled(findings, node, what, found) else None


def _filled(findings: Findings, node: Node, what: str, found: tuple[object, ...] | None) -> bool:
    if found == () and isinstance(node, Sequence) and not node.items:
        findings.refuse(node, f"`{what}` must not be empty", "Remove the line to have the default.")
    return bool(found)
