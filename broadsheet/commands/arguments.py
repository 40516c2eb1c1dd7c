"""What several commands take on the command line, and the request that it comes to."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from broadsheet.request import Request


def common(verb: argparse.ArgumentParser, formats: tuple[str, ...] = ("text", "json"), *, locks: bool = True) -> None:
    """`formats`: how it can report, where there is a choice. `locks`: the command waits for others that work on the
    site, and may work elsewhere."""
    verb.add_argument("-s", "--source", metavar="DIR", default=".", help="the site folder (default: here)")
    verb.add_argument("--at", metavar="TIME", default="", help="the site of another hour, e.g. 2026-05-01T06:00")
    verb.add_argument("-j", "--jobs", metavar="N", type=_jobs, default=0, help="worker processes (default: one a core)")
    verb.set_defaults(wait=0, executor="", format="text")
    if locks:
        verb.add_argument(
            "--wait", metavar="SECONDS", type=seconds, default=30, help="for another build to end (default: 30)"
        )
        verb.add_argument(
            "--executor", metavar="WHICH", default="", help="other workers: dask:ADDRESS or package.module:function"
        )
    if formats:
        verb.add_argument("--format", choices=formats, help="how to report")


def reading(verb: argparse.ArgumentParser) -> None:
    """What `request` needs of a command that builds nothing."""
    verb.set_defaults(output="", base_url="", drafts=False, future=False, adopt=False, full=False)


def json_too(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--json", dest="format", action="store_const", const="json", help="the same as --format json")


def _jobs(text: str) -> int:
    number = int(text) if text.isdecimal() and len(text) <= 3 else 0
    if not 1 <= number <= 256:
        raise argparse.ArgumentTypeError("must be from 1 to 256")
    return number


def seconds(text: str) -> int:
    """A number of seconds, as argparse reads it."""
    if not text.isdecimal() or len(text) > 5:
        raise argparse.ArgumentTypeError("must be a number of seconds")
    return int(text)


def request(options: argparse.Namespace) -> Request:
    from broadsheet.errors import UsageError
    from broadsheet.request import Request

    if sys.getfilesystemencoding() != "utf-8":
        raise UsageError("file names are not read as UTF-8 in this locale: set PYTHONUTF8=1 in the environment")
    if not os.path.isdir(options.source):
        raise UsageError(f"{options.source}: there is no such folder")
    return Request(
        site=options.source,
        now=instant(options.at),
        output=options.output,
        base_url=options.base_url,
        drafts=options.drafts,
        future=options.future,
        adopt=options.adopt,
        full=options.full,
        jobs=options.jobs or cores(),
        wait=options.wait,
        executor=options.executor,
        profile=getattr(options, "profile", False),
    )


def instant(at: str) -> datetime:
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


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
