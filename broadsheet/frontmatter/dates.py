"""Dates and times as writers type them, in the site's time zone.

ISO 8601: a date, or a date and a time with or without seconds and zone. Without a zone the site's is meant; a date
alone means the beginning of its day.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from broadsheet.frontmatter.reading import Reading
from broadsheet.patterns import pattern
from broadsheet.yamlnodes import Node, Scalar
from broadsheet.yamlnodes.findings import Placed, shown
from broadsheet.yamlnodes.values import word

EARLIEST, LATEST = 1000, 9998  # years: outside, converting between zones could leave what datetime can hold

MOMENT = pattern(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:(?:[Tt]|[ ]+)([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?"
    r"(?:[ ]*([Zz]|[+-][0-9]{2}(?::?[0-9]{2})?))?)?"
)
_LOOSE = pattern(
    r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})"
    r"(?:(?:[Tt]|,?[ ]+)([0-9]{1,2})[:.]([0-9]{2})(?::([0-9]{2}))?(?:[ ]*([AaPp])\.?[Mm]\.?)?)?"
)
_MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905  # twelve lines as a tuple
_FORMS = "Write 2025-04-09, 2025-04-09 16:30 or 2025-04-09T16:30:00+03:00."


def moment(reading: Reading, node: Node, what: str) -> datetime | None:
    """A point in time, aware and in the site's zone."""
    if isinstance(node, Scalar):
        written = MOMENT.fullmatch(node.text.strip())
        if written is not None:
            return _assembled(reading, node, what, written)
        if node.text.strip() in ("", "true", "false"):
            hint = f"{_FORMS} To hide a story write draft: true."
            reading.add(node, f"`{what}` must be a date, not “{shown(node.text)}”", "date", hint)
            return None
    raw = word(reading, node, what)
    if raw is not None:
        meant = _meant(raw.strip())
        hint = f"Write {meant}." if meant else _FORMS
        reading.add(node, f"`{what}` must be a date, not “{shown(raw)}”", "date", hint)
    return None


def _meant(raw: str) -> str:
    """A date that is written loosely as it should be, with the hour that it names; "" where that isn't sure."""
    loose = _LOOSE.fullmatch(raw)
    if loose is None:
        return ""
    hour, half = int(loose[4] or 0), (loose[7] or "").lower()
    if half and not 1 <= hour <= 12:
        return ""
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        minute, second = int(loose[5] or 0), int(loose[6] or 0)
        when = datetime(int(loose[1]), int(loose[2]), int(loose[3]), hour, minute, second, tzinfo=UTC)
    except ValueError:
        return ""
    clock = "" if loose[4] is None else " %H:%M:%S" if loose[6] else " %H:%M"
    return f"{loose[1]}-{when:%m-%d{clock}}"


def day_of_name(path: str, zone: tzinfo) -> tuple[datetime | None, str]:
    """The date that a source's file name (or its bundle's folder) begins with, and what is wrong with it, if anything.

    "content/europe/2025-04-09-talks.md" and "content/europe/2025-04-09-talks/index.md" say 9 April 2025.
    """
    *folders, name = path.split("/")
    if name in ("index.md", "index.markdown") and folders:
        name = folders[-1]
    found = re.match(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9])", name)
    if found is None:
        return None, ""
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    problem = _no_such_day(year, month, day)
    if problem:
        return None, problem
    return settled(datetime(year, month, day, tzinfo=zone), zone)[0], ""


def settled(local: datetime, zone: tzinfo) -> tuple[datetime, str]:
    """A wall-clock time in `zone` as a time that exists there, and the code of what had to be settled ("" if nothing).

    A time that clocks skip moves forward by the gap ("dst-gap"); of a time that they show twice the first is meant
    ("dst-overlap").
    """
    first, second = local.replace(fold=0), local.replace(fold=1)
    if first.utcoffset() == second.utcoffset():
        return local, ""
    through = first.astimezone(UTC).astimezone(zone)
    if through.replace(tzinfo=None, fold=0) == local.replace(tzinfo=None, fold=0):
        return first, "dst-overlap"
    return through, "dst-gap"


def _assembled(reading: Reading, node: Scalar, what: str, written: re.Match[str]) -> datetime | None:
    year, month, day, hour, minute, second = (int(part or 0) for part in written.groups()[:6])
    fraction, offset = written[7], written[8]
    problem = _no_such_day(year, month, day) or _no_such_time(hour, minute, second)
    shift = _offset(offset)
    if not problem and offset and shift is None:
        problem = f"no time zone is {offset} from UTC"
    if problem:
        reading.add(node, f"`{what}`: {problem}", "date", _FORMS)
        return None
    micro = int((fraction or "")[:6].ljust(6, "0"))
    if shift is not None:
        return datetime(year, month, day, hour, minute, second, micro, tzinfo=timezone(shift)).astimezone(reading.zone)
    local = datetime(year, month, day, hour, minute, second, micro, tzinfo=reading.zone)
    result, code = settled(local, reading.zone)
    if code and written[4] is not None:  # a date alone means whenever its day begins, which no clock change confuses
        _tell_clock_change(reading, node, what, local, result, code)
    return result


def _tell_clock_change(reading: Reading, at: Placed, what: str, local: datetime, result: datetime, code: str) -> None:
    clock = f"{local:%Y-%m-%d %H:%M}"
    if code == "dst-gap":
        read = f"{result:%H:%M}" if result.date() == local.date() else f"{result:%Y-%m-%d %H:%M}"
        message = f"`{what}`: clocks in {reading.zone} skip {clock}; it is read as {read}"
    else:
        message = f"`{what}`: clocks in {reading.zone} show {clock} twice; the first is meant"
    reading.add(at, message, code, f"Say which by its zone, for example {result.isoformat(timespec='minutes')}")


def _no_such_day(year: int, month: int, day: int) -> str:
    if not EARLIEST <= year <= LATEST:
        return f"the year {year:04} is out of range"
    if not 1 <= month <= 12:
        return f"there is no month {month}"
    if not 1 <= day <= monthrange(year, month)[1]:
        return f"{day} {_MONTHS[month - 1]} {year} does not exist"
    return ""


def _no_such_time(hour: int, minute: int, second: int) -> str:
    if hour > 23 or minute > 59 or second > 59:
        return f"the time {hour:02}:{minute:02}:{second:02} does not exist"
    return ""


def _offset(written: str | None) -> timedelta | None:
    """The distance from UTC, or None where none is written or none is so far."""
    if not written:
        return None
    if written in "Zz":
        return timedelta(0)
    hours, minutes = int(written[1:3]), int(written[3:].lstrip(":") or 0)
    if hours > 15 or minutes > 59:
        return None
    shift = timedelta(hours=hours, minutes=minutes)
    return -shift if written[0] == "-" else shift
