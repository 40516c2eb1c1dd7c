"""`list`: stories by what they are: drafts, scheduled, expired, or all."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from broadsheet.commands import arguments
from broadsheet.commands.reports import Bars, count
from broadsheet.commands.terminal import Console, columns, console, fitted, isolated, widest

if TYPE_CHECKING:
    from broadsheet.groundwork import Groundwork
    from broadsheet.holdings import Entry

_COLOURS = {
    "public": ("green",),
    "unlisted": ("blue",),
    "withdrawn": ("red",),
    "draft": ("yellow",),
    "scheduled": ("cyan",),
    "embargoed": ("cyan", "bold"),
    "never": ("red",),
    "expired": ("dim",),
}
_NONE = {
    "drafts": "there are no drafts",
    "scheduled": "nothing is scheduled",
    "expired": "nothing has expired",
    "all": "there are no stories",
}
_WORTH_SHOWING = 16  # columns of a title: fewer tell nothing


def add(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    listing = verbs.add_parser("list", help="stories: drafts, scheduled, expired, or all")
    listing.add_argument("which", nargs="?", choices=tuple(_NONE), default="all", help="which ones (default: all)")
    arguments.common(listing)
    arguments.json_too(listing)
    arguments.reading(listing)
    listing.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from broadsheet.engine import decided
    from broadsheet.holdings import entries

    def asked(job: Groundwork) -> tuple[list[Entry], datetime, list[str]]:
        catalog = job.catalog
        return entries(catalog, options.which), catalog.clock.now, sorted(catalog.sources.unread)

    with Bars(options) as bars:
        found, now, unread = decided(arguments.request(options), bars, asked)
    if options.format == "json":
        stories = [_plain(entry) for entry in found]
        told = {"ok": True, "exit_code": 0, "at": now.isoformat(), "stories": stories, "unread": unread}
        print(json.dumps(told, ensure_ascii=False))
        return 0
    _tell(found, console())
    if not found:
        print(_NONE[options.which], file=sys.stderr)
    if unread:
        what = count(len(unread), "file with errors is", "files with errors are")
        print(f"{what} left out: `check` tells what is wrong", file=sys.stderr)
    return 0


def _plain(entry: Entry) -> dict[str, str]:
    return {
        "status": entry.status,
        "at": entry.at.isoformat(),
        "path": entry.path,
        "url": entry.url,
        "region": entry.region,
        "title": entry.title,
    }


def _tell(found: Sequence[Entry], out: Console) -> None:
    """A line a story. On a terminal a title gets what room is left; elsewhere nothing is cut."""
    path_width = widest([entry.path for entry in found], 1000)
    kind_width = widest([entry.status for entry in found], 20)
    terminal = sys.stdout.isatty()
    room = out.width - len("2026-01-01 00:00") - kind_width - path_width - 6
    for entry in found:
        kind = out.style(entry.status.ljust(kind_width), *_COLOURS[entry.status])
        title = isolated(entry.title)
        if terminal and columns(title) > room:
            title = fitted(title, room) if room >= _WORTH_SHOWING else ""
        when = out.style(f"{entry.at:%Y-%m-%d %H:%M}", "dim")
        print(f"{when}  {kind}  {fitted(entry.path, path_width)}  {title}".rstrip())
    if terminal and len(found) > 1:
        kinds = Counter(entry.status for entry in found)
        told = ", ".join(f"{number:,} {kind}" for kind, number in kinds.most_common())
        print(f"\n{out.style(count(len(found), 'story', 'stories'), 'bold')}: {told}")
