"""A new site: the starter that comes with Broadsheet, with what editors need, and workflow files on demand."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator, Mapping
from importlib.resources import files as package_files
from importlib.resources.abc import Traversable

from broadsheet.errors import UsageError
from broadsheet.files import Files
from broadsheet.newstory import scalar
from broadsheet.schemas import documents

_EDITOR = ".vscode"  # also read by editors that are made from VS Code
_OF_A_SITE = ("config.yaml", "content", "templates")  # where one of these is, there is a site, or something like one
_FILLED = ("config.yaml", "README.md", "content/_index.md")  # texts with a {blank} for each of the site's values


def starter(*, title: str, base_url: str, language: str, timezone: str) -> Mapping[str, bytes]:
    """The files of a new site by their paths in its folder."""
    found = dict(_below(package_files("broadsheet") / "starter"))
    found[".gitignore"] = found.pop("gitignore")  # under its own name it would hide files from Broadsheet's own tools
    values = {"title": scalar(title), "base_url": base_url, "language": language, "timezone": timezone}
    for path in _FILLED:
        given = values if path != "README.md" else {**values, "title": title}
        found[path] = found[path].decode().format(**given).encode()
    schemas = documents()
    found |= {f"{_EDITOR}/broadsheet/{name}": text.encode() for name, text in schemas.items() if name.endswith(".json")}
    found[f"{_EDITOR}/broadsheet.code-snippets"] = schemas["broadsheet.code-snippets"].encode()
    settings = {"yaml.schemas": {f"./{_EDITOR}/broadsheet/config.json": "config.yaml"}}
    found[f"{_EDITOR}/settings.json"] = (json.dumps(settings, indent=2) + "\n").encode()
    return found


def write(files: Files, made: Mapping[str, bytes]) -> list[str]:
    """Write the files of a new site into its folder. Those that are there stay as they are, and are returned. Raises
    UsageError, and writes nothing, where a site is there."""
    there = [path for path in _OF_A_SITE if files.stamp(path) or files.is_folder(path)]
    if there:
        raise UsageError(f"{files.root}: {there[0]} is there already, as in a folder of a site; nothing was written")
    stayed = []
    for path, data in made.items():
        try:
            files.create(posixpath.join(files.root, path), data)
        except FileExistsError:
            stayed.append(path)
    return stayed


def _below(folder: Traversable, path: str = "") -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        name = posixpath.join(path, entry.name)
        if entry.is_dir():
            yield from _below(entry, name)
        else:
            yield name, entry.read_bytes()
