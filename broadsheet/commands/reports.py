"""What commands tell: bars while they work, then findings and a summary, for people or for machines."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from broadsheet.dryrun import BuildPlan
    from broadsheet.errors import Diagnostic
    from broadsheet.request import Summary
    from broadsheet.timeline import Change
    from broadsheet.verification import Difference, Verification

LONG = 1.0  # seconds of work, of which more is told
VERIFIED_OTHERWISE = 3  # the exit code where a clean build differs


def report(options: argparse.Namespace) -> Text | Json:
    """Who tells what comes of a command, as `--format`, `-q` and `-v` ask."""
    if options.format == "json":
        return Json()
    return Text(getattr(options, "quiet", False), getattr(options, "verbose", False))


class Bars:
    """A bar on a terminal for each stage once the work takes over a second; nothing elsewhere. Leaving clears the last
    one."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._shown = not getattr(options, "quiet", False) and options.format == "text" and sys.stderr.isatty()
        self._close: Callable[[], object] = lambda: None
        self._began = time.monotonic()

    def __enter__(self) -> Bars:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def __call__(self, stage: str, total: int) -> Callable[[int], object]:
        if not self._shown:
            return lambda _steps: None
        from tqdm import tqdm

        self._close()
        delay = max(LONG - (time.monotonic() - self._began), LONG / 10)  # or short stages would flicker by
        bar = tqdm(desc=stage, total=total or None, delay=delay, leave=False, ascii=bool(os.environ.get("NO_COLOR")))
        self._close = bar.close
        return bar.update


class Text:
    """For people: findings on standard error, the summary on standard output."""

    def __init__(self, quiet: bool, verbose: bool) -> None:
        self._quiet = quiet
        self._verbose = verbose

    def findings(self, diagnostics: Sequence[Diagnostic], _exit_code: int) -> None:
        errors = [finding for finding in diagnostics if finding.severity == "error"]
        self._list(diagnostics if not self._quiet else errors, sys.stderr)
        print(f"\n{count(len(errors), 'error')}: nothing was published, the site is as it was", file=sys.stderr)

    def failure(self, message: str, _exit_code: int, diagnostics: Sequence[Diagnostic] = ()) -> None:
        self._list(diagnostics, sys.stderr)
        print(message, file=sys.stderr)

    def summary(self, summary: Summary, *, profile: bool = False, verified: Verification | None = None) -> None:
        if verified:
            self._verified(verified)
        if profile:
            from broadsheet.commands import planned

            planned.print_profile(summary.seconds, summary.templates)
        if self._quiet:
            return
        shown = summary.warnings if self._verbose else first_of_each(summary.warnings)
        self._list(shown, sys.stderr)
        if len(shown) < len(summary.warnings):
            print(f"({count(len(summary.warnings) - len(shown), 'similar warning')}: -v shows all)", file=sys.stderr)
        total = sum(summary.seconds.values())
        print(
            f"{count(summary.stories, 'story', 'stories')}, {count(summary.pages, 'page')}, "
            f"{count(len(summary.warnings), 'warning')} in {total:.1f} s: "
            f"{summary.written} files written, {summary.unchanged} unchanged, {summary.deleted} deleted "
            f"in {os.path.relpath(summary.output)}"
        )
        if (self._verbose or total >= LONG) and not profile:
            least = 0 if self._verbose else LONG / 20
            stages = (f"{stage} {seconds:.2f} s" for stage, seconds in summary.seconds.items() if seconds >= least)
            print("  " + ", ".join(stages))

    def _verified(self, verified: Verification) -> None:
        for found in verified.differences:
            what = f"byte {found.offset}: published {found.published!r}, clean {found.clean!r}"
            if found.offset < 0:
                what = "it is not published" if found.published is None else "a clean build doesn't make it"
            print(f"{found.path}: {what}", file=sys.stderr)
        if not self._quiet:
            for path in verified.foreign:
                print(f"{path}: Broadsheet didn't make it, and leaves it as it is", file=sys.stderr)
            differ = count(len(verified.differences), "file differs", "files differ")
            print(f"{count(verified.checked, 'file')} compared with a clean build: {differ}")

    def plan(self, plan: BuildPlan) -> None:
        from broadsheet.commands import planned

        if not self._quiet:
            self._list(plan.warnings if self._verbose else first_of_each(plan.warnings), sys.stderr)
        planned.print_plan(plan, verbose=self._verbose)

    def schedule(self, coming: Sequence[Change], _exit_code: int) -> None:
        """The next instant alone, for cron; what happens then, for people."""
        if not coming:
            print("nothing will change by itself")
        for change in coming:
            if change.at == coming[0].at:
                print(f"{change.at.isoformat()}  {change.path} {change.what}")

    def _list(self, diagnostics: Sequence[Diagnostic], stream: TextIO) -> None:
        for finding in diagnostics:
            print(finding.format(), file=stream)


class Json:
    """For machines: one object on standard output."""

    def findings(self, diagnostics: Sequence[Diagnostic], exit_code: int) -> None:
        self._print({"ok": False, "exit_code": exit_code, "diagnostics": [plain(d) for d in diagnostics]})

    def failure(self, message: str, exit_code: int, diagnostics: Sequence[Diagnostic] = ()) -> None:
        found = [plain(finding) for finding in diagnostics]
        self._print({"ok": False, "exit_code": exit_code, "error": message, "diagnostics": found})

    def summary(self, summary: Summary, *, profile: bool = False, verified: Verification | None = None) -> None:
        found: dict[str, object] = {}
        if verified:
            differences = [_plain(difference) for difference in verified.differences]
            found["verified"] = {
                "checked": verified.checked,
                "differences": differences,
                "foreign": list(verified.foreign),
            }
        code = VERIFIED_OTHERWISE if verified and verified.differences else 0
        if profile:
            from broadsheet.commands import planned

            found["templates"] = planned.profile_as_json(summary.templates)
        self._print(
            {
                "ok": not code,
                "exit_code": code,
                "stories": summary.stories,
                "pages": summary.pages,
                "rendered": summary.rendered,
                "files": {"written": summary.written, "unchanged": summary.unchanged, "deleted": summary.deleted},
                "output": summary.output,
                "stages": {stage: round(seconds, 4) for stage, seconds in summary.seconds.items()},
                **found,
                "diagnostics": [plain(d) for d in summary.warnings],
            }
        )

    def plan(self, plan: BuildPlan) -> None:
        from broadsheet.commands import planned

        self._print(planned.plan_as_json(plan))

    def value(self, value: object) -> None:
        """What a verb has made of its own."""
        self._print(value)

    def schedule(self, coming: Sequence[Change], exit_code: int) -> None:
        changes = [{"at": c.at.isoformat(), "path": c.path, "what": c.what} for c in coming]
        coming_next = changes[0]["at"] if changes else None
        self._print({"ok": not exit_code, "exit_code": exit_code, "next": coming_next, "changes": changes})

    def _print(self, value: object) -> None:
        import json

        print(json.dumps(value, ensure_ascii=False))


def _plain(difference: Difference) -> dict[str, object]:
    """For machines: `offset` is null where the file is on one side only, and what the other one has. Bytes that are no
    UTF-8 are told as \\xNN."""
    told = {"published": difference.published, "clean": difference.clean}
    return {
        "path": difference.path,
        "offset": difference.offset if difference.offset >= 0 else None,
        **{side: None if data is None else data.decode("utf-8", "backslashreplace") for side, data in told.items()},
    }


def plain(finding: Diagnostic) -> dict[str, object]:
    return {
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "severity": finding.severity,
        "code": finding.code,
        "message": finding.message,
        "hint": finding.hint,
    }


def first_of_each(warnings: Sequence[Diagnostic], most: int = 3) -> list[Diagnostic]:
    """The first few warnings of each code: an imported archive may have thousands of one kind."""
    seen: dict[str, int] = {}
    shown = []
    for finding in warnings:
        seen[finding.code] = seen.get(finding.code, 0) + 1
        if seen[finding.code] <= most:
            shown.append(finding)
    return shown


def count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
