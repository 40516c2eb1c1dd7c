"""The command line: arguments in, words and exit codes out. Exit codes: 0 fine, 1 content errors, 2 usage or
configuration, 3 a verification that found a difference, 4 locked."""

from __future__ import annotations

import argparse
import gc
import io
import signal
import sys
import threading
import zoneinfo
from collections.abc import Sequence
from contextlib import suppress

from broadsheet import __version__
from broadsheet.commands import (
    build,
    check,
    clean,
    deploy,
    explain,
    init,
    listing,
    new,
    schedule,
    schema,
    serve,
    stats,
)
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
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a headline may hold what a terminal can't show
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _stop)
    try:
        code = _run(options)
        sys.stdout.flush()
    except BrokenPipeError:  # who reads has had enough: `list | head`
        with suppress(OSError):
            sys.stdout.close()  # or Python tries again at the end
        return 128 + signal.SIGPIPE
    except KeyboardInterrupt:
        return _failed("interrupted: the site is as it was", 130)
    except OSError as error:
        what = error.filename
        if not what:  # a full disk, or a reader that has gone
            what = "the report can't be written"
            with suppress(OSError):
                sys.stdout.close()  # or Python tries again at the end
        return _failed(f"{what}: {error.strerror or error}", 1)
    return code


def _failed(message: str, code: int) -> int:
    with suppress(OSError):  # then nobody can be told
        print(message, file=sys.stderr)
    return code


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
    for verb in (init, build, serve, new, check, listing, stats, explain, schedule, deploy, schema, clean):
        verb.add(verbs)
    return parser
