"""`deploy`: the output folder to where readers are."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from broadsheet.commands import arguments
from broadsheet.commands.reports import Bars, count

if TYPE_CHECKING:
    from datetime import datetime

    from broadsheet.deploy.deploying import Done, Prepared
    from broadsheet.deploy.live import Finding
    from broadsheet.deploy.planning import Plan, Step
    from broadsheet.deploy.session import Asked


def add(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    deploy = verbs.add_parser("deploy", help="put the output folder where readers are")
    deploy.add_argument(
        "target", metavar="TARGET", nargs="?", default="", help="which of deploy.targets in config.yaml"
    )
    deploy.add_argument("-n", "--dry-run", action="store_true", help="say what would be done, and do nothing")
    deploy.add_argument("--max-deletes", metavar="N", type=_number, help="how many files may be taken away")
    deploy.add_argument("--take-over", action="store_true", help="replace a deploy that was made elsewhere, or is dead")
    deploy.add_argument("--adopt", action="store_true", help="let the site replace files that others put there")
    deploy.add_argument("--yes", action="store_true", help="don't ask on a terminal")
    deploy.add_argument("--rollback", metavar="ID", help="go back to an earlier deploy (ID “list” lists them)")
    deploy.add_argument("--check", metavar="URL", help="only compare what is live with the output folder")
    arguments.common(deploy)
    deploy.add_argument("-o", "--output", metavar="DIR", default="", help="the output folder (default: the settings')")
    deploy.add_argument("-q", "--quiet", action="store_true", help="only errors")
    deploy.set_defaults(base_url="", drafts=False, future=False, adopt=False, full=False, run=run)


def _number(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError("must be a number of files")
    return int(text)


def run(options: argparse.Namespace) -> int:
    from broadsheet.deploy import session
    from broadsheet.deploy.records import DeployError

    request = arguments.request(options)
    asked = session.Asked(
        site=request.site,
        now=request.now,
        target=options.target,
        output=request.output,
        wait=request.wait,
        dry=options.dry_run,
        max_deletes=options.max_deletes,
        take_over=options.take_over,
        adopt=options.adopt,
    )
    say = _Said(options)
    try:  # what is told is not in here: a reader who has gone is no failure of the deploy
        with Bars(options) as bars:
            tell = _done(options, asked, bars, say)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        raise DeployError(f"{place}{error.strerror or error}") from error
    return tell()


def _done(options: argparse.Namespace, asked: Asked, bars: Bars, say: _Said) -> Callable[[], int]:
    """Do what was asked; gives what then tells it, and has the exit code."""
    from broadsheet.deploy import session

    if options.check:
        return partial(say.checked, session.check(asked, options.check, bars))
    if options.rollback == "list":
        return partial(say.releases, session.releases(asked))
    if options.rollback:
        done = session.roll_back(asked, options.rollback, bars, say.agreed)
    else:
        done = session.deploy(asked, bars, say.agreed)
    if done is None:
        return say.planned
    options.done = "the site is deployed"
    return partial(say.done, done)


class _Said:
    """What the command tells, as `--format`, `-q` and the terminal ask."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._text = options.format == "text"
        self._would: tuple[Plan, str] | None = None

    def agreed(self, prepared: Prepared, where: str) -> bool:
        """Whether what would be done shall be; where only that was asked for, `planned` tells it."""
        options, plan = self._options, prepared.plan
        if options.dry_run:
            self._would = plan, where
            return False
        if plan.idle or options.yes or not self._text or not (sys.stdin.isatty() and sys.stdout.isatty()):
            return True
        print(f"{where}: {_counted(plan)}")
        return input("Deploy? [y/N] ").strip().lower() in ("y", "yes")

    def planned(self) -> int:
        if self._would:
            self._plan(*self._would)
        return 0

    def _plan(self, plan: Plan, where: str) -> None:
        if not self._text:
            self._json(
                {
                    "target": where,
                    "dry_run": True,
                    "put": [_plain(step) for step in plan.puts],
                    "delete": [_plain(step) for step in plan.deletes],
                    "waiting": [_plain(step) for step in plan.parting],
                    "unchanged": plan.unchanged,
                    "bytes": plan.bytes,
                }
            )
            return
        if not self._options.quiet:
            for step in plan.puts:
                print(f"put     {step.path}  {_bytes(step.size)}  {step.reason}")
            for step in plan.deletes:
                print(f"delete  {step.path}  {step.reason}")
            for step in plan.parting:
                print(f"later   {step.path}  {step.reason}")
        print(f"{where}: {_counted(plan)}; nothing was done")

    def done(self, done: Done) -> int:
        from broadsheet.deploy.kinds import WORDS

        if not self._text:
            self._json(
                {
                    "id": done.id,
                    "put": done.files,
                    "bytes": done.bytes,
                    "unchanged": done.unchanged,
                    "deleted": done.deleted,
                    "waiting": done.parting,
                    "seconds": round(done.seconds, 3),
                    "resumed": done.resumed,
                    "kinds": {kind: {"files": files, "bytes": size} for kind, (files, size) in done.kinds.items()},
                }
            )
            return 0
        if self._options.quiet:
            return 0
        for kind, (files, size) in done.kinds.items():
            plural = {"story or page": "stories and pages", "feed or sitemap": "feeds and sitemaps"}
            print(f"  {count(files, WORDS[kind], plural.get(WORDS[kind], ''))}, {_bytes(size)}")
        print(
            f"Deployed {done.id}{' (going on where the last one stopped)' if done.resumed else ''}: "
            f"{count(done.files, 'file')} put, {_bytes(done.bytes)}, {done.unchanged:,} unchanged, "
            f"{done.deleted:,} deleted in {done.seconds:.1f} s"
            + (f"; {count(done.parting, 'asset')} wait out the grace time" if done.parting else "")
        )
        return 0

    def releases(self, found: Sequence[tuple[str, datetime, int, bool]]) -> int:
        if not self._text:
            names = ("id", "at", "files", "live")
            known = [(name, at.isoformat(), files, live) for name, at, files, live in found]
            self._json({"releases": [dict(zip(names, facts, strict=True)) for facts in known]})
        else:
            for name, at, files, live in found:
                now = "  live now" if live else ""
                print(f"{name}  {at:%Y-%m-%d %H:%M} ({at.tzinfo})  {count(files, 'file')}{now}")
        return 0

    def checked(self, result: tuple[int, Sequence[Finding]]) -> int:
        looked, findings = result
        if not self._text:
            plain = [{"url": found.url, "message": found.message} for found in findings]
            self._json({"looked_at": looked, "findings": plain})
        else:
            for found in findings:
                print(f"{found.url}: {found.message}", file=sys.stderr)
            if not self._options.quiet:
                print(f"{count(looked, 'address', 'addresses')} looked at: {count(len(findings), 'difference')}")
        return 3 if findings else 0

    def _json(self, value: dict[str, object]) -> None:
        import json

        print(json.dumps({"ok": not value.get("findings"), "exit_code": 3 if value.get("findings") else 0, **value}))


def _plain(step: Step) -> dict[str, object]:
    return {"path": step.path, "reason": step.reason, "bytes": step.size}


def _counted(plan: Plan) -> str:
    return (
        f"{count(len(plan.puts), 'file')} to put ({_bytes(plan.bytes)}), {len(plan.deletes):,} to delete, "
        f"{len(plan.parting):,} to wait out the grace time, {plan.unchanged:,} unchanged"
    )


def _bytes(size: int) -> str:
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("KB", 1e3)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{size} bytes"
