"""`clean`: remove what is kept between builds. The output stays, and so does what deploys remember of their targets: no
build could make it again."""

from __future__ import annotations

import argparse
import os

from broadsheet.commands.reports import count
from broadsheet.commands.terminal import console

_WAIT = 2  # seconds for a build to end


def add(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    clean = verbs.add_parser("clean", help="remove what is kept between builds; never the output")
    clean.add_argument("-s", "--source", metavar="DIR", default=".", help="the site folder (default: here)")
    clean.set_defaults(run=run, format="text")


def run(options: argparse.Namespace) -> int:
    from broadsheet.deploy.records import REMEMBERED
    from broadsheet.errors import UsageError
    from broadsheet.files import Files
    from broadsheet.manifestfiles import ManifestFiles
    from broadsheet.sitefolder import CONFIG
    from broadsheet.state import FOLDER

    files = Files(options.source)
    folder = os.path.join(files.root, FOLDER)
    if not files.is_file(CONFIG):
        raise UsageError(f"{files.root}: there is no {CONFIG}, so this is no site folder: nothing was removed")
    if any(
        ManifestFiles(files, files.root).stamps()
    ):  # a site that is built into its own folder keeps its manifest there
        raise UsageError(f"{folder} belongs to an output folder: nothing was removed")
    if not files.stamp(folder):
        console().done("nothing to remove:", f"there is no {FOLDER}/")
        return 0
    targets = [] if files.leads_to(folder) else files.folders(os.path.join(folder, "deploy"))
    places = (os.path.join(folder, "deploy", target, name) for target in targets for name in REMEMBERED)
    keep = frozenset(place for place in places if files.stamp(place))
    with files.lock(os.path.join(folder, "lock"), wait=_WAIT):
        number, size = files.remove_tree_but(folder, keep)
    what = f"{FOLDER}/ is removed, but for what deploys remember:" if keep else f"{FOLDER}/ is removed:"
    console().done(what, f"{count(number, 'file')}, {size / 1_000_000:,.1f} MB")
    return 0
