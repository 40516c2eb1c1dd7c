"""The build that has nothing to do, told without planning: no source, template, setting or output file has changed
since the last build, and no hour has come at which the site changes by itself.

It imports next to nothing: at ten thousand stories, loading the libraries would take longer than looking at all files.
"""

from __future__ import annotations

import marshal
import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from broadsheet.digest import SIZE, digest
from broadsheet.errors import Diagnostic
from broadsheet.files import TICK, Files, Stamp
from broadsheet.frozen import FrozenMap, record
from broadsheet.request import Request, Summary
from broadsheet.toolchain import toolchain
from broadsheet.walking import MANY, Walk, beside, packed

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FINDING = ("path", "line", "column", "message", "code", "hint", "excerpt", "severity")


@record
class Seen:
    """What a build saw of its inputs before it read any: `folders` are absolute, `digest` that of every file's path and
    stamp in them, and of the `watched` files' (absolute)."""

    folders: Sequence[str]
    digest: bytes


@record
class Glance:
    """What can be told at once: what a build would say that finds nothing to do (`summary`), or else what was seen of
    its inputs (`walk`), as far as one had to look."""

    summary: Summary | None = None
    walk: Walk | None = None


def see(walk: Walk) -> Seen | None:
    """What lies in some folders; None where a file is so fresh that another change may not show in its stamp."""
    fresh = walk.newest() >= walk.since - TICK
    return None if fresh else Seen(folders=walk.folders, digest=_told(walk))


def _told(walk: Walk) -> bytes:
    """Equal where nothing has changed."""
    return digest(walk.plain())


def keep(
    files: Files,
    request: Request,
    seen: Seen,
    *,
    watched: Mapping[str, Stamp],
    since: int,
    until: int,
    output: Sequence[str],
    stamps: bytes,
    summary: Summary,
    tools: bytes,
) -> None:
    """Remember what a build saw and made. `since` and `until` are microseconds since 1970: the span in which the clock
    changes nothing. `output` are the published files (relative), the manifest among them, and `stamps` is what
    `told_of` says of theirs."""
    lasting = [finding for finding in summary.warnings if finding.code != "vanished-page"]  # which is told once
    findings = [tuple([getattr(finding, name) for name in _FINDING]) for finding in lasting]
    report = (summary.stories, summary.pages, summary.unchanged + summary.written, summary.output, findings)
    values = (
        *(tools, list(seen.folders), seen.digest, dict(watched), since, until),
        *(list(output), stamps, report),
    )
    data = marshal.dumps(values, 2)
    place = _place(files, request)
    fresh = f"{place}.{os.getpid()}.new"
    try:
        files.write(fresh, digest(data) + data)
        files.rename(fresh, place)
    except OSError:  # a full disk: the next build looks closer
        with suppress(OSError):
            files.remove(fresh)


def unchanged(request: Request, files: Files) -> Summary | None:
    """What a build would say that finds nothing to do; None where there may be something."""
    return glance(request, files).summary


def glance(request: Request, files: Files, otherwise: Callable[[], object] = lambda: None) -> Glance:
    """Whether there is anything to do. `otherwise` is called as soon as it is known that there is, which may be before
    everything was looked at."""
    start = time.perf_counter()
    data = files.read_or_none(_place(files, request))
    if request.full or data is None or digest(data[SIZE:]) != data[:SIZE]:
        return Glance()
    try:
        values = marshal.loads(data[SIZE:])  # noqa: S302  # our own bytes: the digest was right
        tools, folders, inputs, watched, since, until, paths, stamps, report = values
        stories, pages, count, output, findings = report
    except (ValueError, EOFError, TypeError):
        return Glance()
    if request.now.tzinfo is None or not since <= (request.now - _EPOCH).total_seconds() * 1e6 < until:
        return Glance()
    if any(files.stamp(path) != stamp for path, stamp in watched.items()) or tools != toolchain():
        return Glance()
    walk, same = _look(files, folders, inputs, output, paths, stamps, otherwise)
    if not same:
        return Glance(walk=walk)
    summary = Summary(
        stories=stories,
        pages=pages,
        rendered=0,
        written=0,
        unchanged=count,
        deleted=0,
        warnings=tuple(Diagnostic(**dict(zip(_FINDING, values, strict=True))) for values in findings),
        seconds=FrozenMap({"look": time.perf_counter() - start}),
        output=output,
    )
    return Glance(summary=summary, walk=walk)


def _look(
    files: Files,
    folders: Sequence[str],
    inputs: bytes,
    output: str,
    paths: Sequence[str],
    stamps: bytes,
    otherwise: Callable[[], object],
) -> tuple[Walk, bool]:
    """What lies in the folders, and whether it is what the last build saw, and every published file as it was put."""
    real = os.path.realpath(output)
    places = [f"{real}/{path}" for path in paths]

    def looked() -> tuple[bytes, list[Stamp]]:
        found = files.stamps(places, alone=True)
        told = told_of(found)
        return told, [] if told == stamps else found

    with beside(looked, worth=len(places) >= MANY) as asked:
        walk = files.walk(folders)
        walk = replace(walk, marks=walk.listed())
        told_inputs = _told(walk)
        if told_inputs != inputs:
            otherwise()
        told, others = asked()
        walk = replace(walk, put=told, made=dict(zip(places, others, strict=True)) if others else {})
        return walk, told_inputs == inputs and told == stamps


def told_of(stamps: Sequence[Stamp]) -> bytes:
    """Equal for equal stamps of published files."""
    return digest(packed(stamps))


def _place(files: Files, request: Request) -> str:
    """Where a request's last build is remembered: one file for each way of asking."""
    output = os.path.abspath(request.output) if request.output else ""
    asked = (output, request.base_url, request.drafts, request.future)
    name = digest(repr(asked).encode("utf-8", "surrogateescape")).hex()
    return os.path.join(files.root, ".broadsheet", f"unchanged-{name}")
