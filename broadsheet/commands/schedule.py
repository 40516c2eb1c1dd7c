"""`schedule`: the next instant at which the site changes by itself, for cron and CI."""

from __future__ import annotations

import argparse

from broadsheet.commands import arguments
from broadsheet.commands.reports import Bars, report


def add(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    schedule = verbs.add_parser("schedule", help="when the site changes by itself, for cron and CI")
    arguments.common(schedule)
    arguments.reading(schedule)
    schedule.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from broadsheet.engine import schedule

    with Bars(options) as bars:
        coming = schedule(arguments.request(options), bars)
    report(options).schedule(coming)
    return 0
