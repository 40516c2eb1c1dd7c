"""What a publication is about to do, written down before it begins: whoever finds it does it again, to the same end.

It holds what changes and nothing else, so that one story costs as little in a large archive as in a small one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from broadsheet.digest import digest
from broadsheet.frozen import FrozenMap, record
from broadsheet.manifests import inside

_VERSION = 2
_FORMER = 1  # a version that held the whole manifest


@record
class Journal:
    """The steps of a publication: old files that must go before new ones can come (`first`), the new files (path, name
    in the stage), all files that go. Then how the manifest changes: the digests (hex) of `files` are put in, or are all
    that it lists (`whole`). `note` is the build's."""

    first: tuple[str, ...]
    renames: tuple[tuple[str, str], ...]
    delete: tuple[str, ...]
    files: Mapping[str, str]
    whole: bool
    note: Mapping[str, object] | None


def dumps(journal: Journal) -> bytes:
    plain = {
        "first": list(journal.first),
        "renames": [list(pair) for pair in journal.renames],
        "delete": list(journal.delete),
        "files": dict(journal.files),
        "whole": journal.whole,
        "note": journal.note and dict(journal.note),
    }
    return _written({"version": _VERSION, "digest": _seal(plain), "journal": plain})


def loads(data: bytes) -> Journal | None:
    """A journal, of this version or the former one; None where it is torn, was changed by others, or would touch a file
    outside of the output folder."""
    try:
        value = json.loads(data)
    except ValueError:
        return None  # torn before it was synced: never valid
    if not isinstance(value, dict):
        return None
    if value.get("version") == _FORMER:
        return _journal({**value, "whole": True})
    plain = value.get("journal")
    if value.get("version") != _VERSION or not isinstance(plain, dict) or value.get("digest") != _seal(plain):
        return None
    return _journal(plain)


def _journal(plain: Mapping[str, object]) -> Journal | None:
    files, note = plain.get("files"), plain.get("note")
    if not isinstance(files, dict):
        return None
    found = Journal(
        first=_texts(plain.get("first")),
        renames=_pairs(plain.get("renames")),
        delete=_texts(plain.get("delete")),
        files=FrozenMap({str(path): str(made) for path, made in files.items()}),
        whole=plain.get("whole") is True,
        note=note if isinstance(note, dict) else None,
    )
    paths = (*found.files, *found.first, *found.delete, *(path for path, _ in found.renames))
    return found if all(map(inside, paths)) and all(_is_staged(name) for _, name in found.renames) else None


def _is_staged(name: str) -> bool:
    """Whether it is a name that the stage gives: of a number, or of a number in a folder that has one."""
    return all(part.isdecimal() for part in name.split("/", 1))


def _seal(plain: object) -> str:
    return digest(_written(plain)).hex()


def _written(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()  # names that are not UTF-8 too: all is ASCII


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def _pairs(value: object) -> tuple[tuple[str, str], ...]:
    pairs = value if isinstance(value, list) else []
    return tuple((str(pair[0]), str(pair[1])) for pair in pairs if isinstance(pair, list) and len(pair) == 2)


def blocking(gone: Iterable[str], coming: Iterable[str]) -> tuple[str, ...]:
    """Old files that must go before new ones can come: "a" before "a/index.html", "a/index.html" before "a"."""
    new = set(coming)
    folders = folders_of(new)
    return tuple(
        path for path in gone if path in folders or any(path[:i] in new for i in range(len(path)) if path[i] == "/")
    )


def folders_of(paths: Iterable[str]) -> set[str]:
    """Every folder on the way to some files."""
    found: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found
