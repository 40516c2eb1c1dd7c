"""`stats`: what the site holds, in numbers and with a small chart."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from broadsheet.commands import arguments
from broadsheet.commands.reports import Bars, count
from broadsheet.commands.terminal import Console, console, fitted, isolated, widest

if TYPE_CHECKING:
    from broadsheet.groundwork import Groundwork
    from broadsheet.holdings import Holdings, Share

_KINDS = {"never": "never to come out"}  # where the word alone doesn't tell
_ROWS = 5  # of the chart
_MOST = 8  # lines of a list
_LEVELS = " ▁▂▃▄▅▆▇█"


def add(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    stats = verbs.add_parser("stats", help="what the site holds, in numbers")
    arguments.common(stats)
    arguments.json_too(stats)
    arguments.reading(stats)
    stats.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from broadsheet.engine import decided
    from broadsheet.holdings import holdings

    def asked(job: Groundwork) -> tuple[Holdings, int]:
        return holdings(job.catalog, len(job.pictures.paths())), len(job.catalog.sources.unread)

    with Bars(options) as bars:
        found, unread = decided(arguments.request(options), bars, asked)
    if options.format == "json":
        print(json.dumps({"ok": True, "exit_code": 0, **_plain(found), "unread": unread}, ensure_ascii=False))
    else:
        _tell(found, unread, console())
    return 0


def _plain(found: Holdings) -> dict[str, object]:
    def shares(of: Sequence[Share]) -> list[dict[str, object]]:
        return [{"name": s.name, "stories": s.stories, "latest": s.latest.isoformat()} for s in of]

    return {
        "title": found.title,
        "stories": dict(found.statuses),
        "words": found.words,
        "minutes": found.minutes,
        "pictures": found.pictures,
        "months": {f"{month:%Y-%m}": number for month, number in found.months.items()},
        "regions": shares(found.regions),
        "topics": shares(found.topics),
        "authors": shares(found.authors),
    }


# --- for people ----------------------------------------------------------------------------------------------------


def _tell(found: Holdings, unread: int, out: Console) -> None:
    print(out.style(isolated(found.title), "bold"))
    print(_sums(found, unread))
    if found.months:
        print("\n" + out.style("Stories a month", "bold"))
        print("\n".join(_chart(found.months, out)))
    for name, shares in (("Regions", found.regions), ("Topics", found.topics), ("Authors", found.authors)):
        if shares:
            print("\n" + _headed(name, shares, out))
            print("\n".join(_bars(shares[:_MOST], out)))


def _sums(found: Holdings, unread: int) -> str:
    public = found.statuses.get("public", 0)
    if not found.statuses:
        return "no stories yet: `new REGION` begins one"
    text = f"{count(public, 'story', 'stories')}, {count(found.words, 'word')}, {_time(found.minutes)} of reading"
    lines = [f"{text}, {count(found.pictures, 'picture')}"]
    statuses = sorted(found.statuses.items())
    others = [f"{number:,} {_KINDS.get(kind, kind)}" for kind, number in statuses if kind != "public"]
    if others:
        lines.append("besides: " + ", ".join(others))
    if unread:
        lines.append(f"{count(unread, 'file with errors is', 'files with errors are')} left out: `check` tells why")
    return "\n".join(lines)


def _time(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours:,} h {rest} min" if hours else f"{rest} min"


def _headed(name: str, shares: Sequence[Share], out: Console) -> str:
    more = f", the first {_MOST} of {len(shares):,}" if len(shares) > _MOST else ""
    return out.style(name, "bold") + out.style(more, "dim")


def _bars(shares: Sequence[Share], out: Console) -> list[str]:
    """A line each: name, bar, number, day of the newest."""
    names = [isolated(share.name) for share in shares]
    name_width, number_width = widest(names, 24), len(f"{shares[0].stories:,}")
    length = min(out.width - name_width - number_width - 16, 36)
    most = shares[0].stories
    lines = []
    for name, share in zip(names, shares, strict=True):
        bar = out.style(out.bar(share.stories / most, length), "blue")
        number = f"{share.stories:,}".rjust(number_width)
        lines.append(f"  {fitted(name, name_width)}  {bar} {number}  {out.style(f'{share.latest:%Y-%m-%d}', 'dim')}")
    return lines


def _chart(months: Mapping[date, int], out: Console) -> list[str]:
    """Columns for the newest months, as many as fit, over a line with the years."""
    axis = len(f"{max(months.values()):,}")
    wide = 2  # columns a month
    shown = list(months.items())[-min((out.width - axis - 5) // wide, 36) :]
    most = max(1, *(number for _, number in shown))
    lines = []
    for row in range(_ROWS, 0, -1):
        label = f"{most:,}" if row == _ROWS else ""
        cells = "".join(_cell(number / most * _ROWS - (row - 1), out) + " " for _, number in shown)
        edge = out.style(("┤" if label else "│") if out.shapes else "|", "dim")
        lines.append(f"  {label.rjust(axis)} {edge}{out.style(cells.rstrip(), 'blue')}")
    rule = ("└" + "─" * (wide * len(shown))) if out.shapes else "+" + "-" * (wide * len(shown))
    lines.append(f"  {'0'.rjust(axis)} {out.style(rule, 'dim')}")
    lines.append(f"  {' ' * axis}  {out.style(_years(list(dict(shown)), wide), 'dim')}")
    return lines


def _cell(height: float, out: Console) -> str:
    """One character of a column: empty, full, or its top."""
    if not out.shapes:
        return "#" if height >= 0.5 else " "
    return _LEVELS[max(0, min(8, round(height * 8)))]


def _years(months: Sequence[date], wide: int) -> str:
    """Each year under its first month, where there is room for it."""
    line = ""
    for n, month in enumerate(months):
        if (month.month == 1 or n == 0) and len(line) <= n * wide:
            if n == 0 and month.month > 1 and 13 - month.month < 3:
                continue  # the next year would stand in its way
            line = line.ljust(n * wide) + f"{month:%Y}"
    return line
