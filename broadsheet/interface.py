"""The theme's interface strings: every word that pages say by themselves, in files named after their languages.

A site's own file may hold a few strings only. What is wrong with one is told all at once, by `findings`; `strings` goes
by what can be used of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from broadsheet import locale, yamlnodes
from broadsheet.errors import Diagnostic, closest
from broadsheet.frozen import FrozenMap
from broadsheet.yamlnodes import Findings, Node, Scalar
from broadsheet.yamlnodes.findings import Placed

_FALLBACK = "en"
_PLURALS = frozenset({"zero", "one", "two", "few", "many", "other"})
_EVERYWHERE = frozenset({"one", "other"})  # forms that are harmless where a language doesn't tell them apart
_OF_THE_FILE = frozenset({"language", "locale"})  # they follow from its name
_MADE = "borrowed"
_LARGEST = 256 * 1024
_NOTHING = yamlnodes.Mapping((), 1, 1)


class _Fault(NamedTuple):
    at: Placed
    message: str
    hint: str
    code: str = "template"


def strings(lang: str, sources: Mapping[str, str]) -> FrozenMap[str, object]:
    """The interface strings of a language, from files named "locales/<tag>.yaml" among `sources` (name → text).

    A string that a language lacks, or leaves empty, comes from the file of the same name in "locales/packaged/", then
    from its base language, then from English. Values are texts, or frozen maps: plural forms, and groups such as the
    labels. Three are not written in any file, or need not be: `language`, the tag of the nearest file; `locale`, its
    name where pages are shared; `borrowed`, the texts that are English for want of others, with their language.
    """
    english, usual = _english(sources), _usual(sources)
    own: dict[str, object] = {}
    language, shared = _FALLBACK, _shared(_FALLBACK, sources)
    for tag in reversed(list(locale.chain(lang))):
        names = _files_of(tag, sources) if tag != _FALLBACK else ()
        for name in names:
            own = _merge(own, _usable(name, sources[name], usual))
        if names:
            language, shared = tag, _shared(tag, sources)
    merged = _merge(english, own)
    foreign = _texts(merged) - _texts(own) if language.partition("-")[0] != _FALLBACK else set[str]()
    merged |= {"language": language, "locale": shared, _MADE: dict.fromkeys(sorted(foreign), _FALLBACK)}
    return FrozenMap({key: FrozenMap(v) if isinstance(v, dict) else v for key, v in merged.items()})


def findings(own: Iterable[str], sources: Mapping[str, str], folder: str) -> Iterator[Diagnostic]:
    """What is wrong with a site's files of interface strings: those among its `own` files, which lie below `folder`.
    `sources`: all of the theme."""
    ours, usual = _packaged(sources), _usual(sources)
    templates = [text for name, text in sources.items() if not name.startswith("locales/")]
    for name in own:
        tag = name.removeprefix("locales/").removesuffix(".yaml")
        if "/" in tag or not name.startswith("locales/"):
            continue
        root, found = _read(name, sources[name])
        told = Findings(f"{folder}/{name}", sources[name].removeprefix("\ufeff"))
        told.found += [Diagnostic(told.path, *_rest(finding)) for finding in found]
        for key, node in root.entries:
            if key.text in _OF_THE_FILE:
                faults: Iterable[_Fault] = _of_the_file(key, node, tag)
            else:
                like = usual.get(key.text)
                faults = [*_faults(key, node, like), *_odd_forms(key, node, like, tag)]
                faults += _unknown(key, ours, templates) if key.text not in ours else ()
            for fault in faults:
                told.add(fault.at, fault.message, fault.code, fault.hint)
        yield from told.found


def _rest(finding: Diagnostic) -> tuple[int, int, str, str, str, str]:
    return finding.line, finding.column, finding.message, finding.code, finding.hint, finding.excerpt


# --- what is taken from where --------------------------------------------------------------------------------------


def _files_of(tag: str, sources: Mapping[str, str]) -> tuple[str, ...]:
    """The files of a language: the theme's, then the site's own."""
    return tuple(name for name in (f"locales/packaged/{tag}.yaml", f"locales/{tag}.yaml") if name in sources)


def _packaged(sources: Mapping[str, str]) -> dict[str, object]:
    """The strings of the theme's own English file: all that there are, and of which kind each is."""
    name = next(iter(_files_of(_FALLBACK, sources)), "")
    return _usable(name, sources[name], {}) if name else {}


def _usual(sources: Mapping[str, str]) -> dict[str, object]:
    """What each string of other files has to be like: the theme's, and those that a site's English file adds."""
    return {**_english(sources), **_packaged(sources)}


def _english(sources: Mapping[str, str]) -> dict[str, object]:
    """All strings in English."""
    found = _packaged(sources)
    for name in _files_of(_FALLBACK, sources)[1:]:
        found = _merge(found, _usable(name, sources[name], found))
    return found


def _shared(tag: str, sources: Mapping[str, str]) -> str:
    """What pages that are shared call a language: what a file says of itself, else what its name says."""
    for name in reversed(_files_of(tag, sources)):
        for key, node in _read(name, sources[name])[0].entries:
            if key.text == "locale" and not [*_of_the_file(key, node, tag)] and (written := _value(node)):
                return str(written)
    return locale.with_territory(tag)


def _usable(name: str, text: str, usual: Mapping[str, object]) -> dict[str, object]:
    """What a file says, as far as it can be used in place of the `usual` strings."""
    return {
        key.text: value
        for key, node in _read(name, text)[0].entries
        if key.text not in _OF_THE_FILE and (value := _value(node)) and not [*_faults(key, node, usual.get(key.text))]
    }


def _merge(under: Mapping[str, object], over: Mapping[str, object]) -> dict[str, object]:
    merged = dict(under)
    for key, value in over.items():
        old = merged.get(key)
        if isinstance(value, dict) and isinstance(old, dict) and not _is_plural(value):
            merged[key] = {**old, **{name: text for name, text in value.items() if text}}
        else:
            merged[key] = value
    return merged


def _texts(all_strings: Mapping[str, object]) -> set[str]:
    """The single words and texts among strings, those in groups too; forms of a plural stand for none."""
    found = set[str]()
    for value in all_strings.values():
        if isinstance(value, dict):
            found.update(() if _is_plural(value) else value.values())
        else:
            found.add(str(value))
    return found


def _is_plural(group: Mapping[str, object]) -> bool:
    return _PLURALS.issuperset(group)


@lru_cache(maxsize=256)
def _read(name: str, text: str) -> tuple[yamlnodes.Mapping, tuple[Diagnostic, ...]]:
    """A file's keys, and what is wrong with it as YAML."""
    told = Findings(name, text.removeprefix("\ufeff"))
    root = yamlnodes.parse(told, _LARGEST)
    if isinstance(root, yamlnodes.Mapping):
        return root, told.diagnostics()
    if root is not None and not (isinstance(root, Scalar) and root.empty):
        told.add(root, "here must stand keys with their texts", "template", "write one “key: text” a line")
    return _NOTHING, told.diagnostics()


def _value(node: Node) -> object:
    """A text, or the texts of a group; "" for what is left empty, None for a list."""
    if isinstance(node, Scalar):
        return "" if node.empty else node.text
    if isinstance(node, yamlnodes.Mapping):
        return {key.text: str(_value(inner)) for key, inner in node.entries if isinstance(inner, Scalar)}
    return None


# --- what is wrong -------------------------------------------------------------------------------------------------


def _of_the_file(key: Scalar, node: Node, tag: str) -> Iterator[_Fault]:
    """A language that a file claims for itself, and has not by its name."""
    written = _value(node)
    own = written == tag if key.text == "language" else re.split("[-_]", str(written))[0] == tag.partition("-")[0]
    if written != "" and not own:
        usual = tag if key.text == "language" else locale.with_territory(tag)
        hint = f"leave this line out, or write “{key.text}: {usual}”"
        yield _Fault(key, f"by its name this file is in “{tag}”, which “{key.text}” has to agree with", hint)


def _faults(key: Scalar, node: Node, usual: object) -> Iterator[_Fault]:
    """Why a string can't be used where templates look for one like the `usual` (None: an own one, of any kind)."""
    value = _value(node)
    if value == "":
        return  # left empty
    if value is None or (usual is not None and isinstance(value, dict) != isinstance(usual, dict)):
        yield _of_another_kind(key, usual)
        return
    if not isinstance(value, dict) or not isinstance(node, yamlnodes.Mapping):
        if usual is not None:
            yield from _of_other_places(key, key.text, _places(value), _places(usual))
        return
    for inner, text in node.entries:
        if not isinstance(text, Scalar):
            yield _Fault(inner, f"“{key.text}.{inner.text}” must be a text", "write it on the line of its key")
    likes = usual if isinstance(usual, dict) else value
    if not _is_plural(likes):
        for inner, text in node.entries:
            if (written := _value(text)) and inner.text in likes:
                yield from _of_other_places(
                    inner, f"{key.text}.{inner.text}", _places(written), _places(likes[inner.text])
                )
        return
    if "other" not in value:
        hint = "add it: it is for every number that has no form of its own"
        yield _Fault(key, f"“{key.text}” is a plural and needs the form “other”", hint)
    known = {place for form in likes.values() for place in _places(form)}
    for inner, text in node.entries:
        if not _places(_value(text)) <= known:  # a form may go without ("a story")
            yield from _of_other_places(inner, key.text, _places(_value(text)), known)


def _places(text: object) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", str(text)))


def _of_other_places(at: Scalar, what: str, own: set[str], usual: set[str]) -> Iterator[_Fault]:
    """Where a text has other {places} than its like, what belongs there would be lost, or braces be shown."""
    if own == usual:
        return
    listed = " and ".join(f"{{{place}}}" for place in sorted(usual)) or "no {place}"
    odd = ", ".join(f"{{{place}}}" for place in sorted(own - usual))
    hint = "what stands in braces is filled in" if usual else "nothing is filled in here: leave the braces out"
    yield _Fault(at, f"“{what}” must hold {listed}" + (f", not {odd}" if odd else ""), hint)


def _of_another_kind(key: Scalar, usual: object) -> _Fault:
    """A string that is a text where templates look for forms or a group, or the other way round."""
    if isinstance(usual, dict):
        wanted = ", ".join(f"{form}: …" for form in usual)
        return _Fault(key, f"“{key.text}” must hold keys with their texts: {{{wanted}}}", "indent them below this key")
    return _Fault(key, f"“{key.text}” must hold a text", "write it on the line of its key")


def _unknown(key: Scalar, usual: Mapping[str, object], templates: Iterable[str]) -> Iterator[_Fault]:
    """A key that nothing reads, neither Broadsheet's theme nor a template of the site: those may have strings of their
    own."""
    named = re.compile(rf"\b{re.escape(key.text)}\b")
    if key.text == _MADE or not any(named.search(text) for text in templates):
        yield _not_known(key, key.text, usual)


def _odd_forms(key: Scalar, node: Node, usual: object, tag: str) -> Iterator[_Fault]:
    """Keys of a group that it doesn't have, and forms of a plural that the language doesn't have."""
    if not isinstance(usual, dict) or not isinstance(node, yamlnodes.Mapping):
        return
    plural = _is_plural(usual)
    for inner, _ in node.entries:
        if inner.text not in (_PLURALS if plural else usual):
            yield _not_known(inner, f"{key.text}.{inner.text}", _PLURALS if plural else usual)
        elif plural and inner.text not in _EVERYWHERE:
            forms = locale.plural_forms(tag)
            if forms and inner.text not in forms:
                message = f"“{key.text}” has the form “{inner.text}”, which no number has in {locale.english_name(tag)}"
                yield _Fault(inner, message, f"its forms are {', '.join(forms)}", "unknown-key")


def _not_known(at: Scalar, what: str, choices: Iterable[str]) -> _Fault:
    meant = closest(at.text, choices)
    hint = f"did you mean “{meant}”?" if meant else "no template reads it: leave it out"
    return _Fault(at, f"unknown key “{what}”", hint, "unknown-key")
