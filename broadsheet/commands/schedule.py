"""`schedule`: the next instant at which the site changes by itself, for cron and CI."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import UTC, datetime, timedelta

from broadsheet.commands import arguments
from broadsheet.commands.reports import Bars, report

TOO_FAR = 3  # the exit code where the instant is further off than one would sleep, or there is none


def add(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    schedule = verbs.add_parser("schedule", help="when the site changes by itself, for cron and CI")
    arguments.common(schedule)
    arguments.reading(schedule)
    schedule.add_argument(
        "--sleep",
        metavar="SECONDS",
        type=arguments.seconds,
        default=0,
        help="until that instant, if it is no further off (else exit code 3 at once)",
    )
    schedule.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from broadsheet.engine import schedule

    request, began = arguments.request(options), datetime.now(UTC)
    with Bars(options) as bars:
        coming = schedule(request, bars)
    left = None
    if coming:
        now = request.now if request.now.tzinfo else request.now.replace(tzinfo=coming[0].at.tzinfo)
        left = coming[0].at.astimezone(UTC) - now.astimezone(UTC)  # by wall clocks it would be wrong where they change
    too_far = left is None or left > timedelta(seconds=options.sleep)
    code = TOO_FAR if options.sleep and too_far else 0
    report(options).schedule(coming, code)
    if options.sleep and left is not None and not too_far:
        sys.stdout.flush()
        _sleep_until(began + left)
    return code


def _sleep_until(instant: datetime) -> None:
    """In short naps: the clock may be set meanwhile, or the machine sleep too."""
    while (left := (instant - datetime.now(UTC)).total_seconds()) > 0:
        time.sleep(min(left, 10))
