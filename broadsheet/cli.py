"""The command line: arguments in, words and exit codes out. Exit codes: 0 fine, 1 content errors, 2 usage or
configuration, 3 a verification that found a difference, 4 locked."""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
import threading
import zoneinfo
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TextIO

from broadsheet import __version__

if TYPE_CHECKING:
    from broadsheet.errors import Diagnostic
    from broadsheet.request import Request, Summary
    from broadsheet.timeline import Change


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
        return _schedule(options) if options.verb == "schedule" else _build(options)
    except KeyboardInterrupt:
        print("interrupted: the site is as it was", file=sys.stderr)
        return 130


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
    build = verbs.add_parser("build", help="build the site (what happens when no verb is given)")
    _common(build)
    build.add_argument("-o", "--output", metavar="DIR", default="", help="the output folder (default: the settings')")
    build.add_argument("-b", "--base-url", metavar="URL", default="", help="where the site will live")
    build.add_argument(
        "--verify", metavar="N%", nargs="?", type=_share, const=1.0, help="compare all, or some, with a clean build"
    )
    build.add_argument("-D", "--drafts", action="store_true", help="show drafts (needs -o)")
    build.add_argument("-F", "--future", action="store_true", help="show scheduled and embargoed stories (needs -o)")
    build.add_argument("--full", action="store_true", help="make everything anew, whatever earlier builds left")
    build.add_argument("--adopt", action="store_true", help="let the site replace pages that others made in the output")
    volume = build.add_mutually_exclusive_group()
    volume.add_argument("-q", "--quiet", action="store_true", help="only errors")
    volume.add_argument("-v", "--verbose", action="store_true", help="every warning, and seconds by stage")
    schedule = verbs.add_parser("schedule", help="when the site changes by itself, for cron and CI")
    _common(schedule)
    schedule.set_defaults(output="", base_url="", drafts=False, future=False, adopt=False, full=False, quiet=True)
    return parser


def _common(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("-s", "--source", metavar="DIR", default=".", help="the site folder (default: here)")
    verb.add_argument("--at", metavar="TIME", default="", help="the site of another hour, e.g. 2026-05-01T06:00")
    verb.add_argument("-j", "--jobs", metavar="N", type=_jobs, default=0, help="worker processes (default: one a core)")
    verb.add_argument("--format", choices=("text", "json"), default="text", help="how to report")


def _share(text: str) -> float:
    number = text.removesuffix("%")
    if not number.isdecimal() or not 1 <= int(number) <= 100:
        raise argparse.ArgumentTypeError("must be a share such as 10%%")
    return int(number) / 100


def _jobs(text: str) -> int:
    number = int(text) if text.isdecimal() and len(text) <= 3 else 0
    if not 1 <= number <= 256:
        raise argparse.ArgumentTypeError("must be from 1 to 256")
    return number


# --- build ---------------------------------------------------------------------------------------------------------


def _build(options: argparse.Namespace) -> int:
    from broadsheet import quick
    from broadsheet.errors import BroadsheetError, ContentError
    from broadsheet.files import Files

    report = _Json() if options.format == "json" else _Text(options.quiet, options.verbose)
    try:
        request = _request(options)
        summary = quick.unchanged(request, Files(request.site))
        if summary is None:
            from broadsheet.engine import build

            with _Bars(options) as bars:
                summary = build(request, bars)
        differs = 0
        if options.verify:
            with _Bars(options) as bars:
                differs = _verified(request, options, bars)
    except ContentError as error:
        report.findings(error.diagnostics, error.exit_code)
        return error.exit_code
    except BroadsheetError as error:
        report.failure(str(error), error.exit_code)
        return error.exit_code
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        report.failure(f"{place}{error.strerror or error}: nothing was published", 1)
        return 1
    report.summary(summary)
    return differs


def _verified(request: Request, options: argparse.Namespace, bars: _Bars) -> int:
    """Compare what was just built with a clean build."""
    from broadsheet.engine import verify

    result = verify(request, options.verify, bars)
    for found in result.differences:
        if found.offset < 0:
            print(f"{found.path}: it is on one side only", file=sys.stderr)
        else:
            print(
                f"{found.path}: byte {found.offset}: published {found.published!r}, clean {found.clean!r}",
                file=sys.stderr,
            )
    if not options.quiet and options.format == "text":
        differ = _count(len(result.differences), "file differs", "files differ")
        print(f"{_count(result.checked, 'file')} compared with a clean build: {differ}")
    return 3 if result.differences else 0


def _schedule(options: argparse.Namespace) -> int:
    from broadsheet.engine import schedule
    from broadsheet.errors import BroadsheetError, ContentError

    report = _Json() if options.format == "json" else _Text(quiet=False, verbose=False)
    try:
        with _Bars(options) as bars:
            coming = schedule(_request(options), bars)
    except ContentError as error:
        report.findings(error.diagnostics, error.exit_code)
        return error.exit_code
    except BroadsheetError as error:
        report.failure(str(error), error.exit_code)
        return error.exit_code
    report.schedule(coming)
    return 0


def _request(options: argparse.Namespace) -> Request:
    from broadsheet.errors import UsageError
    from broadsheet.request import Request

    if sys.getfilesystemencoding() != "utf-8":
        raise UsageError("file names are not read as UTF-8 in this locale: set PYTHONUTF8=1 in the environment")
    if not os.path.isdir(options.source):
        raise UsageError(f"{options.source}: there is no such folder")
    return Request(
        site=options.source,
        now=_instant(options.at),
        output=options.output,
        base_url=options.base_url,
        drafts=options.drafts,
        future=options.future,
        adopt=options.adopt,
        full=options.full,
        jobs=options.jobs or _cores(),
    )


def _instant(at: str) -> datetime:
    """The instant to build for: `--at` (naive: in the site's zone), SOURCE_DATE_EPOCH, else now."""
    from broadsheet.errors import UsageError

    if at:
        try:
            return _with_room(datetime.fromisoformat(at))
        except ValueError:
            raise UsageError(f"--at {at}: write a time such as 2026-05-01T06:00 or 2026-05-01") from None
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch:
        try:
            return _with_room(datetime.fromtimestamp(int(epoch), UTC))
        except (ValueError, OverflowError, OSError):
            raise UsageError(f"SOURCE_DATE_EPOCH={epoch}: it must be a number of seconds") from None
    return datetime.now(UTC)


def _with_room(instant: datetime) -> datetime:
    """The instant, where every time zone can tell it: the first and last days of the calendar have no other zone."""
    if not 1 < instant.year < 9999:
        raise ValueError(instant)
    return instant


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


# --- reporting -----------------------------------------------------------------------------------------------------


class _Bars:
    """A bar on a terminal for each stage that takes over a second; nothing elsewhere. Leaving clears the last one."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._shown = not options.quiet and options.format == "text" and sys.stderr.isatty()
        self._close: Callable[[], object] = lambda: None

    def __enter__(self) -> _Bars:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def __call__(self, stage: str, total: int) -> Callable[[int], object]:
        if not self._shown:
            return lambda _steps: None
        from tqdm import tqdm

        self._close()
        bar = tqdm(desc=stage, total=total or None, delay=1.0, leave=False, ascii=bool(os.environ.get("NO_COLOR")))
        self._close = bar.close
        return bar.update


class _Text:
    """For people: findings on standard error, the summary on standard output."""

    def __init__(self, quiet: bool, verbose: bool) -> None:
        self._quiet = quiet
        self._verbose = verbose

    def findings(self, diagnostics: Sequence[Diagnostic], _exit_code: int) -> None:
        errors = [finding for finding in diagnostics if finding.severity == "error"]
        self._list(diagnostics if not self._quiet else errors, sys.stderr)
        print(f"\n{_count(len(errors), 'error')}: nothing was published, the site is as it was", file=sys.stderr)

    def failure(self, message: str, _exit_code: int) -> None:
        print(message, file=sys.stderr)

    def summary(self, summary: Summary) -> None:
        if self._quiet:
            return
        shown = summary.warnings if self._verbose else _first_of_each(summary.warnings)
        self._list(shown, sys.stderr)
        if len(shown) < len(summary.warnings):
            print(f"({_count(len(summary.warnings) - len(shown), 'similar warning')}: -v shows all)", file=sys.stderr)
        total = sum(summary.seconds.values())
        print(
            f"{_count(summary.stories, 'story', 'stories')}, {_count(summary.pages, 'page')}, "
            f"{_count(len(summary.warnings), 'warning')} in {total:.1f} s: "
            f"{summary.written} files written, {summary.unchanged} unchanged, {summary.deleted} deleted "
            f"in {os.path.relpath(summary.output)}"
        )
        if self._verbose:
            print("  " + ", ".join(f"{stage} {seconds:.2f} s" for stage, seconds in summary.seconds.items()))

    def schedule(self, coming: Sequence[Change]) -> None:
        """The next instant alone, for cron; what happens then, for people."""
        if not coming:
            print("nothing will change by itself")
        for change in coming:
            if change.at == coming[0].at:
                print(f"{change.at.isoformat()}  {change.path} {change.what}")

    def _list(self, diagnostics: Sequence[Diagnostic], stream: TextIO) -> None:
        for finding in diagnostics:
            print(finding.format(), file=stream)


class _Json:
    """For machines: one object on standard output."""

    def findings(self, diagnostics: Sequence[Diagnostic], exit_code: int) -> None:
        self._print({"ok": False, "exit_code": exit_code, "diagnostics": [_plain(d) for d in diagnostics]})

    def failure(self, message: str, exit_code: int) -> None:
        self._print({"ok": False, "exit_code": exit_code, "error": message, "diagnostics": []})

    def summary(self, summary: Summary) -> None:
        self._print(
            {
                "ok": True,
                "exit_code": 0,
                "stories": summary.stories,
                "pages": summary.pages,
                "rendered": summary.rendered,
                "files": {"written": summary.written, "unchanged": summary.unchanged, "deleted": summary.deleted},
                "output": summary.output,
                "stages": {stage: round(seconds, 4) for stage, seconds in summary.seconds.items()},
                "diagnostics": [_plain(d) for d in summary.warnings],
            }
        )

    def schedule(self, coming: Sequence[Change]) -> None:
        changes = [{"at": c.at.isoformat(), "path": c.path, "what": c.what} for c in coming]
        self._print({"ok": True, "exit_code": 0, "next": changes[0]["at"] if changes else None, "changes": changes})

    def _print(self, value: object) -> None:
        import json

        print(json.dumps(value, ensure_ascii=False))


def _plain(finding: Diagnostic) -> dict[str, object]:
    return {
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "severity": finding.severity,
        "code": finding.code,
        "message": finding.message,
        "hint": finding.hint,
    }


def _first_of_each(warnings: Sequence[Diagnostic], most: int = 3) -> list[Diagnostic]:
    """The first few warnings of each code: an imported archive may have thousands of one kind."""
    seen: dict[str, int] = {}
    shown = []
    for finding in warnings:
        seen[finding.code] = seen.get(finding.code, 0) + 1
        if seen[finding.code] <= most:
            shown.append(finding)
    return shown


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
