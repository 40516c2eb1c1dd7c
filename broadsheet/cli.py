"""The command line: arguments in, words and exit codes out. Exit codes: 0 fine, 1 content errors, 2 usage or
configuration, 3 a verification that found a difference or a `schedule --sleep` that would sleep too long, 4 locked."""

from __future__ import annotations

import argparse
import gc
import importlib
import io
import os
import signal
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, NoReturn

import tzdata

from broadsheet import __version__
from broadsheet.commands.reports import report

# Each verb, and its module in `commands`. It is imported when the verb is said, or when all are listed: a build that
# has nothing to do would spend a tenth of its time on the others.
_VERBS = {
    "init": "init",
    "build": "build",
    "serve": "serve",
    "new": "new",
    "check": "check",
    "list": "listing",
    "stats": "stats",
    "explain": "explain",
    "schedule": "schedule",
    "deploy": "deploy",
    "schema": "schema",
    "clean": "clean",
}


def program() -> NoReturn:
    """A process of its own for one command. After a build it ends without taking apart what that held, which at a
    hundred thousand stories would take a fifth of a second."""
    held: list[object] = []
    code = main(held=held)
    if held and not sys.gettrace() and not sys.getprofile():  # who measures this process wants to see its end
        with suppress(OSError):
            sys.stderr.flush()
        os._exit(code)  # what was written is flushed, workers have ended: nothing waits for the interpreter's end
    sys.exit(code)


def main(arguments: Sequence[str] | None = None, held: list[object] | None = None) -> int:
    """Run a command; returns its exit code. `held` gets what a build was made with."""
    gc.disable()  # a build makes next to no reference cycles, and its process ends with it
    _stand_in()
    _pin_time_zones()
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or (given[0].startswith("-") and given[0] not in ("-h", "--help", "--version")):
        given.insert(0, "build")  # the verb that needs no saying
    # `done`: what stands by now, whatever comes of the report
    options = argparse.Namespace(held=[] if held is None else held, done="")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a headline may hold what a terminal can't show
    with suppress(ValueError):  # signals are for the main thread alone
        signal.signal(signal.SIGTERM, _stop)
    try:
        _parse(given, options)
        code = _run(options)
        sys.stdout.flush()
    except BrokenPipeError:  # who reads has had enough: `list | head`
        _close()
        return 128 + signal.SIGPIPE
    except KeyboardInterrupt:
        return _failed("interrupted: the site is as it was", 130)
    except OSError as error:
        what = error.filename
        if not what:  # a full disk under standard output
            what = f"{options.done}, but the report can't be written" if options.done else "the report can't be written"
            _close()
        return _failed(f"{what}: {error.strerror or error}", 1)
    return code


def _stand_in() -> None:
    """/dev/null stands in for standard streams that are closed (`>&-`). It takes their numbers, or the next files would
    have them."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115  # as long as the process


def _close() -> None:
    """Standard output is not tried again when Python ends."""
    with suppress(OSError):
        sys.stdout.close()


def _parse(given: Sequence[str], options: argparse.Namespace) -> None:
    try:
        _parser([given[0]] if given[0] in _VERBS else _VERBS).parse_args(given, options)
    except SystemExit:  # after --help, --version, or a mistake
        sys.stdout.flush()
        raise


def _failed(message: str, code: int) -> int:
    with suppress(OSError):  # then nobody can be told
        print(message, file=sys.stderr)
    return code


def _run(options: argparse.Namespace) -> int:
    from broadsheet.errors import BroadsheetError, ContentError, DamagedError, UnfinishedError

    try:
        code: int = options.run(options)
    except ContentError as error:
        report(options).findings(error.diagnostics, error.exit_code)
        return error.exit_code
    except BroadsheetError as error:
        findings = error.diagnostics if isinstance(error, UnfinishedError) else ()
        report(options).failure(str(error), error.exit_code, findings)
        return error.exit_code
    except DamagedError as error:  # what was begun anew can't be kept either, not even while this runs
        report(options).failure(f"what is kept of the sources can't be written: {error}", 1)
        return 1
    return code


def _stop(*_: object) -> None:
    """Whoever ends the process (a CI job that is cancelled) is answered like Ctrl-C: children end, the site stays."""
    raise KeyboardInterrupt


def _pin_time_zones() -> None:
    """Time zones come from the pinned tzdata package: the same on every machine. They are read as plain files there,
    and `zoneinfo` is not loaded before one is needed."""
    zones = os.path.join(os.path.dirname(tzdata.__file__), "zoneinfo")
    os.environ["PYTHONTZPATH"] = zones
    if "zoneinfo" in sys.modules:
        sys.modules["zoneinfo"].reset_tzpath((zones,))


class _Help(argparse.HelpFormatter):
    """As wide as the terminal, which argparse asks for at each argument, with a library of all kinds of compression."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_width() - 2)


def _width() -> int:
    asked = os.environ.get("COLUMNS", "")
    if asked.isdecimal() and int(asked):
        return int(asked)
    try:
        return os.get_terminal_size(1).columns or 80
    except OSError:  # no terminal
        return 80


class _Parser(argparse.ArgumentParser):
    def __init__(self, **given: Any) -> None:
        super().__init__(formatter_class=_Help, **given)


def _parser(said: Iterable[str]) -> argparse.ArgumentParser:
    """What reads these verbs."""
    parser = _Parser(
        prog="broadsheet",
        description="Markdown stories to a news section that any static host serves.",
        epilog="Without a verb, the site is built; `build --help` lists what that takes.",
    )
    parser.add_argument("--version", action="version", version=f"Broadsheet {__version__}")
    verbs = parser.add_subparsers(dest="verb", metavar="verb", required=True)
    for verb in said:
        importlib.import_module(f"broadsheet.commands.{_VERBS[verb]}").add(verbs)
    return parser
