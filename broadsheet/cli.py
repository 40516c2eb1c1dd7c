"""The command line: arguments in, words and exit codes out. Exit codes: 0 fine, 1 content errors, 2 usage or
configuration, 3 a verification that found a difference, 4 locked."""

from __future__ import annotations

import argparse
import gc
import signal
import sys
import threading
import zoneinfo
from collections.abc import Sequence

from broadsheet import __version__
from broadsheet.commands import build, deploy, schedule
from broadsheet.commands.reports import report


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code."""
    gc.disable()  # a build makes next to no reference cycles, and its process ends with it
    zoneinfo.reset_tzpath(())  # time zones come from the pinned tzdata package: the same on every machine
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or (given[0].startswith("-") and given[0] not in ("-h", "--help", "--version")):
        given.insert(0, "build")  # the verb that needs no saying
    parser = _parser()
    options = parser.parse_args(given)
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _stop)
    try:
        return _run(options)
    except KeyboardInterrupt:
        print("interrupted: the site is as it was", file=sys.stderr)
        return 130


def _run(options: argparse.Namespace) -> int:
    from broadsheet.errors import BroadsheetError, ContentError

    try:
        code: int = options.run(options)
    except ContentError as error:
        report(options).findings(error.diagnostics, error.exit_code)
        return error.exit_code
    except BroadsheetError as error:
        report(options).failure(str(error), error.exit_code)
        return error.exit_code
    return code


def _stop(*_: object) -> None:
    """Whoever ends the process (a CI job that is cancelled) is answered like Ctrl-C: children end, the site stays."""
    raise KeyboardInterrupt


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="broadsheet",
        description="Markdown stories to a news section that any static host serves.",
        epilog="Without a verb, the site is built; `build --help` lists what that takes.",
    )
    parser.add_argument("--version", action="version", version=f"Broadsheet {__version__}")
    verbs = parser.add_subparsers(dest="verb", metavar="verb", required=True)
    for verb in (build, schedule, deploy):
        verb.add(verbs)
    return parser
