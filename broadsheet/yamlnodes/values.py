"""Nodes to values: each reader takes (findings, node, name of the key) and gives a value, or None after a finding.

Readers that depend on something are partials, so that schemas.py can tell editors what they take.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from collections.abc import Mapping as Table
from functools import partial
from typing import Any, TypeAlias, TypeVar
from urllib.parse import unquote, urlsplit

from broadsheet.errors import closest
from broadsheet.frozen import FrozenMap
from broadsheet.patterns import pattern
from broadsheet.yamlnodes.findings import Findings, shown
from broadsheet.yamlnodes.text import clean
from broadsheet.yamlnodes.tree import Mapping, Node, Scalar, Sequence

T = TypeVar("T")
F = TypeVar("F", bound=Findings)
Reader: TypeAlias = Callable[[F, Node, str], T | None]

_INTEGER = pattern(r"[+-]?(?:0|[1-9][0-9]{0,17})")
_NO_ALIASES: Table[str, str] = {}
LANGUAGE = pattern(
    r"[a-z]{2,3}(?:-[a-z]{3}){0,3}"  # language: none of four to eight letters was ever registered
    r"(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"  # script, region
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"  # variants
    r"(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?",  # extensions, private use
    re.IGNORECASE,
)


def section(
    findings: F,
    node: Node,
    readers: Table[str, Reader[F, Any]],
    where: str = "",
    aliases: Table[str, str] = _NO_ALIASES,
) -> dict[str, Any]:
    """The values of a block of keys, by canonical key; keys without a value, or with an unfit one, are left out.

    `where` is the block's name with a dot ("image."), empty at the top.
    """
    if not isinstance(node, Mapping):
        if not (isinstance(node, Scalar) and node.empty):
            findings.refuse(node, f"`{where[:-1]}` must hold keys, not {kind(node)}", _keys_hint(where, readers))
        return {}
    values: dict[str, Any] = {}
    seen: dict[str, Scalar] = {}
    for key, value in node.entries:
        name = aliases.get(key.text, key.text)
        reader = readers.get(name)
        if reader is None:
            findings.refuse_key(key, value, where, readers)
            continue
        if name in seen:
            _refuse_second(findings, key, seen[name], name)
            continue
        seen[name] = key
        what = where + name
        findings.marks[what] = (key.line, key.column)
        if isinstance(value, Scalar) and value.plain and value.empty:
            continue
        result = reader(findings, value, what)
        if result is not None:
            values[name] = result
    return values


def _keys_hint(where: str, readers: Table[str, object]) -> str:
    name, example = where[:-1].rpartition(".")[2], next(iter(readers), "name")
    if name.isdecimal():  # an item of a list
        return f"Write keys such as {example}: …"
    return f"Write {name}: and below it, indented, keys such as {example}: …"


def _refuse_second(findings: Findings, key: Scalar, first: Scalar, name: str) -> None:
    also = f" (both mean `{name}`)" if key.text != first.text else ""
    message = f"`{key.text}` repeats `{first.text}` of line {first.line}{also}"
    findings.add(key, message, "duplicate-key", "Keep one of the two.")


def _last(what: str) -> str:
    return what.rpartition(".")[2]


def kind(node: Node) -> str:
    """What a node is, in words."""
    if isinstance(node, Scalar):
        return "nothing" if node.empty else f"the text “{shown(node.text, 40)}”"
    return "a list" if isinstance(node, Sequence) else "a block of keys"


# --- text ----------------------------------------------------------------------------------------------------------


def word(findings: Findings, node: Node, what: str) -> str | None:
    """Text as written, trimmed: for names of files and things that machines read."""
    if isinstance(node, Scalar):
        if not node.empty:
            return node.text.strip()
        findings.refuse(node, f"`{what}` is empty", "Write a value, or remove the line.")
        return None
    hint = 'Write it as text; quote text that begins with [ or {: "…".'
    findings.refuse(node, f"`{what}` must be text, not {kind(node)}", hint)
    return None


def text(findings: Findings, node: Node, what: str) -> str | None:
    """Text for readers, in one line (see text.clean)."""
    raw = word(findings, node, what)
    return None if raw is None else clean(findings, node, raw, what)


def title(findings: Findings, node: Node, what: str) -> str | None:
    """Text for readers that was written in one line."""
    raw = word(findings, node, what)
    if raw is None:
        return None
    if "\n" in raw:
        findings.refuse(node, f"`{what}` must be one line", "Join the lines.")
    return clean(findings, node, raw, what)


# --- plain types ---------------------------------------------------------------------------------------------------


def boolean(findings: Findings, node: Node, what: str) -> bool | None:
    """`true` or `false` and nothing else."""
    written = node.text if isinstance(node, Scalar) else ""
    if written == "true":
        return True
    if written == "false":
        return False
    meant = {"yes": "true", "on": "true", "y": "true", "1": "true", "no": "false", "off": "false", "n": "false"}
    meant |= {"true": "true", "false": "false", "0": "false"}
    hint = f"Write {_last(what)}: {meant[written.lower()]}" if written.lower() in meant else "Write true or false."
    findings.refuse(node, f"`{what}` must be true or false, not {kind(node)}", hint)
    return None


def integer(low: int, high: int) -> Reader[Findings, int]:
    """A whole number from `low` to `high`."""
    return partial(read_integer, low=low, high=high)


def read_integer(findings: Findings, node: Node, what: str, *, low: int, high: int) -> int | None:
    number = int(node.text) if isinstance(node, Scalar) and _INTEGER.fullmatch(node.text) else None
    if number is not None and low <= number <= high:
        return number
    message = f"`{what}` must be a whole number from {low} to {high}, not {kind(node)}"
    findings.refuse(node, message, f"For example {_last(what)}: {max(low, min(high, 4))}")
    return None


def choice(*options: str, hint: str = "") -> Reader[Findings, str]:
    """One of some words."""
    return partial(read_choice, options=options, otherwise=hint)


def read_choice(findings: Findings, node: Node, what: str, *, options: tuple[str, ...], otherwise: str) -> str | None:
    written = node.text if isinstance(node, Scalar) else ""
    if written in options:
        return written
    listed = " or ".join(o for o in (", ".join(options[:-1]), options[-1]) if o)
    meant = closest(written, options) if written else None
    advice = f"Did you mean `{meant}`?" if meant else otherwise or f"Write one of: {', '.join(options)}."
    findings.refuse(node, f"`{what}` must be {listed}, not {kind(node)}", advice)
    return None


def items(reader: Reader[Any, T], *, commas: bool = True) -> Reader[Any, tuple[T, ...]]:
    """A list of values, or one value alone; an item that comes twice is kept once, with a warning.

    `commas`: whether a value alone may hold commas (a name) or was surely meant as several (topics).
    """
    return partial(read_items, reader=reader, commas=commas)


MAX_ITEMS = 200  # of a list: each topic and each author has pages, and feeds with the story's whole text


def read_items(findings: Any, node: Node, what: str, *, reader: Reader[Any, T], commas: bool) -> tuple[T, ...] | None:
    if isinstance(node, Mapping):
        findings.refuse(node, f"`{what}` must be a list, not {kind(node)}", _list_hint(what, "…"))
        return None
    if isinstance(node, Scalar) and not commas and "," in node.text:
        message = f"`{what}` holds commas: a list has each item on its own line"
        findings.refuse(node, message, _list_hint(what, node.text.split(",")[0].strip()))
        return None
    if isinstance(node, Sequence) and len(node.items) > MAX_ITEMS:
        findings.refuse(
            node, f"`{what}` holds {len(node.items)} items; {MAX_ITEMS} are the most", "Keep those that matter."
        )
        return None
    found: list[T] = []
    for item in node.items if isinstance(node, Sequence) else (node,):
        place = f"{what}.{len(found)}"
        value = reader(findings, item, what)
        if value is None or value == "":  # as good as absent
            continue
        if value in found:
            message = f"`{what}` names “{shown(str(value))}” twice; it is kept once"
            findings.add(item, message, "duplicate-item", "Remove one of the two.")
            continue
        findings.marks[place] = (item.line, item.column)
        found.append(value)
    return tuple(found)


def _list_hint(what: str, example: str) -> str:
    return f"Write {what}: and below it one line for each, such as `  - {example}`."


def core(findings: Findings, node: Node, what: str) -> object:
    """A value in YAML 1.2 core types: text, true, false, null, numbers, lists (tuples) and keys (FrozenMap)."""
    if isinstance(node, Mapping):
        return FrozenMap({key.text: core(findings, value, f"{what}.{key.text}") for key, value in node.entries})
    if isinstance(node, Sequence):
        return tuple(core(findings, item, what) for item in node.items)
    if not node.plain:
        return unicodedata.normalize("NFC", node.text)
    return _core_scalar(findings, node, what)


_CORE_WORDS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_CORE_INT = pattern(r"[+-]?[0-9]{1,18}|0o[0-7]{1,20}|0x[0-9a-fA-F]{1,15}")
_CORE_FLOAT = pattern(r"[+-]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][+-]?[0-9]{1,4})?")


def _core_scalar(findings: Findings, node: Scalar, what: str) -> object:
    written = node.text
    if node.empty:
        return None
    if written in _CORE_WORDS:
        return _CORE_WORDS[written]
    if _CORE_INT.fullmatch(written):
        return int(written, 0 if written[:2] in ("0o", "0x") else 10)
    if _CORE_FLOAT.fullmatch(written):
        number = float(written)
        exact = "." in written or "e" in written.lower()
        if exact and abs(number) != float("inf"):
            return number
        findings.refuse(node, f"the number in `{what}` is too large", "Put it in quotes to keep it as text.")
        return None
    if written.lstrip("+-").lower() in (".inf", ".nan"):
        findings.refuse(node, f"`{what}` must be a finite number", "Put it in quotes to keep it as text.")
        return None
    return unicodedata.normalize("NFC", written)


def core_map(findings: Findings, node: Node, what: str) -> FrozenMap[str, object] | None:
    """A block of free keys in core types."""
    value = core(findings, node, what)
    if isinstance(value, FrozenMap):
        return value
    findings.refuse(node, f"`{what}` must hold keys, not {kind(node)}", f"Write {what}: and below it key: value lines.")
    return None


# --- addresses and languages ---------------------------------------------------------------------------------------


def language(findings: Findings, node: Node, what: str) -> str | None:
    """A well-formed BCP 47 tag in its usual case ("pt-BR", "zh-Hant")."""
    written = word(findings, node, what)
    if written is None or not written:
        return written
    if not LANGUAGE.fullmatch(written):
        meant = written.replace("_", "-")
        meant = meant if LANGUAGE.fullmatch(meant) else _tag_of(written)
        hint = f"Write {meant}" if meant else ""
        message = f"`{what}` must be a language tag, not “{shown(written)}”"
        findings.refuse(node, message, hint or "For example en, tr, ar or pt-BR.")
        return None
    first, *rest = written.split("-")
    if "x" in (part.lower() for part in rest) or any(len(part) == 1 for part in rest):
        return written  # extensions have rules of their own
    return "-".join([first.lower(), *(_usual_case(part) for part in rest)])


def _tag_of(name: str) -> str:
    """The tag of a language by its name in English; "" where there is none."""
    from babel import Locale

    wanted = name.casefold()
    for tag, english in Locale("en").languages.items():
        if english.casefold() == wanted:
            return str(tag).replace("_", "-")
    return ""


def _usual_case(part: str) -> str:
    if len(part) == 2:
        return part.upper()
    return part.capitalize() if len(part) == 4 and part.isalpha() else part.lower()


def http_url(findings: Findings, node: Node, what: str) -> str | None:
    """An absolute http or https address."""
    written = word(findings, node, what)
    if written is None or not written or is_http_url(written):
        return written
    hint = "Write the whole address, beginning with https://"
    findings.refuse(node, f"`{what}` must be a web address, not “{shown(written)}”", hint)
    return None


def is_http_url(written: str) -> bool:
    """Whether this is an http or https address with a host and no character that an address can't hold."""
    if not written.isprintable() or re.search(r'[\s"<>\\^`{|}]', written):
        return False
    try:
        parts = urlsplit(written)
        _ = parts.port  # raises where the port is no number
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username


def site_path(findings: Findings, node: Node, what: str) -> str | None:
    """A path from the site's root ("/europe/old-name/"), percent-decoded and in NFC."""
    written = word(findings, node, what)
    if written is None or not written:
        return written
    problem = _path_problem(written)
    if problem:
        hint = "Write a path from the site's root, such as /europe/2025/story/"
        findings.refuse(node, f"`{what}` {problem}: “{shown(written)}”", hint)
        return None
    return unicodedata.normalize("NFC", unquote(written, errors="strict"))


def _path_problem(written: str) -> str:
    if not written.startswith("/") or written.startswith("//"):
        return "must begin with one / and name no host"
    if "?" in written or "#" in written:
        return "can't hold ? or #"
    try:
        decoded = unquote(written, errors="strict")
    except UnicodeDecodeError:
        return "holds a percent sign that is no UTF-8 character"
    if "\\" in decoded or not decoded.isprintable():
        return "holds a backslash or an invisible character"
    if "//" in decoded:
        return "must not hold two slashes side by side"
    if any(part in (".", "..") for part in decoded.split("/")):
        return "must not hold . or .. between slashes"
    return ""
