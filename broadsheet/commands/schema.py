"""`schema`: JSON Schema for front matter and config.yaml, for completion and red lines in editors."""

from __future__ import annotations

import argparse
import os

KINDS = ("story", "page", "author", "region", "home", "config")


def add(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    schema = verbs.add_parser("schema", help="JSON Schema of front matter and config.yaml, for editors")
    schema.add_argument("kind", nargs="?", choices=KINDS, help="print this one")
    schema.add_argument(
        "-o", "--output", metavar="DIR", default="", help="write all of them, and snippets, to a folder"
    )
    schema.set_defaults(run=run, format="text")


def run(options: argparse.Namespace) -> int:
    from broadsheet.commands.terminal import console
    from broadsheet.errors import UsageError
    from broadsheet.files import Files
    from broadsheet.schemas import documents

    if bool(options.kind) == bool(options.output):
        raise UsageError(f"say which schema to print ({', '.join(KINDS)}), or name a folder for all with -o")
    if options.kind:
        print(documents()[f"{options.kind}.json"], end="")
        return 0
    files = Files(".")
    for name, text in documents().items():
        files.write(os.path.join(options.output, name), text.encode())
    console().done(f"{len(documents())} files", f"in {options.output}")
    return 0
