"""The build that has nothing to do, told without planning: no source, template, setting or output file has changed
since the last build, and no hour has come at which the site changes by itself.

It imports next to nothing: at ten thousand stories, loading the libraries would take longer than looking at all files.
"""

from __future__ import annotations

import marshal
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeAlias

from broadsheet import looking, walking
from broadsheet.digest import SIZE, digest
from broadsheet.errors import Diagnostic
from broadsheet.files import TICK, Files, Stamp
from broadsheet.frozen import FrozenMap, record
from broadsheet.looking import STATE, Look, Published
from broadsheet.request import Request, Summary
from broadsheet.toolchain import toolchain
from broadsheet.walking import MANY, Walk, in_turn, packed

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# What stands for the stamps of published files, and where it is not what it should be, these.
Stamps: TypeAlias = tuple[bytes, list[Stamp]]

_VERSION = 2  # of what is kept: it is looked at before it is known whether another version of the program kept it
_SIZE = 8  # bytes that say how many follow
_BUSY = 8  # folders: a region's month each, where a newsroom writes
_TOLD_ONCE = ("vanished-page", "foreign-file")  # codes of findings about what the last build left, not of this site
_FINDING = ("path", "line", "column", "message", "code", "hint", "excerpt", "severity")


@record
class Seen:
    """What a build saw of its inputs before it read any: `folders` are absolute, `digest` that of every file's path and
    stamp in them; `busy` are those in which something changed last, and the mark of each."""

    folders: Sequence[str]
    digest: bytes
    busy: Mapping[str, bytes]


@record
class Glance:
    """What can be told at once: what a build would say that finds nothing to do (`summary`), or else the `look` at its
    inputs, as far as one had to look."""

    summary: Summary | None = None
    look: Look | None = None


def see(walk: Walk) -> Seen | None:
    """What lies in some folders; None where a file is so fresh that another change may not show in its stamp."""
    changed = walk.changed()
    if max(changed.values(), default=0) >= walk.since - TICK:
        return None
    marks = walk.listed()
    busy = sorted(changed, key=lambda place: (changed[place], place))[-_BUSY:]
    return Seen(folders=walk.folders, digest=_told(walk), busy={place: marks[place] for place in busy})


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
    `told_of` says of theirs. The files are kept as one text apart: most builds hand it on to another process,
    unread."""
    lasting = [finding for finding in summary.warnings if finding.code not in _TOLD_ONCE]
    findings = [tuple([getattr(finding, name) for name in _FINDING]) for finding in lasting]
    report = (summary.stories, summary.pages, summary.unchanged + summary.written, summary.output, findings)
    paths = "\0".join(output).encode("utf-8", "surrogateescape")
    asked = (dict(watched), files.leads(path for path, stamp in watched.items() if stamp))
    told = (tools, list(seen.folders), seen.digest, dict(seen.busy), asked, since, until, len(output), stamps)
    head = marshal.dumps((*told, report), 2)
    place = _place(files, request)
    fresh = f"{place}.{os.getpid()}.new"
    try:
        files.write(fresh, b"".join((digest(head, paths), len(head).to_bytes(_SIZE, "big"), head, paths)))
        files.rename(fresh, place)
    except OSError:  # a full disk: the next build looks closer
        with suppress(OSError):
            files.remove(fresh)


def unchanged(request: Request, files: Files) -> Summary | None:
    """What a build would say that finds nothing to do; None where there may be something."""
    with glance(request, files) as seen:
        return seen.summary


@contextmanager
def glance(request: Request, files: Files, otherwise: Callable[[], object] = lambda: None) -> Iterator[Glance]:
    """Whether there is anything to do. `otherwise` is called as soon as it is known that there is: others may go on
    looking meanwhile, and until this ends."""
    start, state = time.perf_counter(), files.stamp(STATE)
    data = files.read_or_none(_place(files, request))
    kept = _kept(data) if data is not None and not request.full else None
    if kept is None:
        yield Glance()
        return
    (tools, folders, inputs, busy, watched, since, until, number, stamps, report), paths = kept
    stories, pages, count, output, findings = report
    if request.now.tzinfo is None or not since <= (request.now - _EPOCH).total_seconds() * 1e6 < until:
        yield Glance()
        return
    if not _as_asked(files, *watched):
        yield Glance()
        return
    many = number >= MANY
    hurry = many and any(walking.mark(files.right_in(place)) != mark for place, mark in busy.items())
    act, walk_of = looking.elsewhere(files, folders)
    published, taken = _published(files, output, paths, stamps)
    with in_turn(*([act] if hurry else []), published, worth=many) as asked:
        told = cache(lambda: taken(asked[-1]()))
        same = tools == toolchain()  # which is found out while others look
        if same and hurry:
            walk = cache(lambda: walk_of(asked[0]()))
            otherwise()
            yield Glance(look=Look(folders=tuple(folders), walk=walk, published=told, kept=state))
            return
        look = replace(looking.done(files.walk(folders)), published=told, kept=state) if same else None
        if look and (_told(look.walk()) != inputs or told()[0] != stamps):
            otherwise()
            yield Glance(look=look)
            return
    if look is None:
        yield Glance()
        return
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
    yield Glance(summary=summary, look=look)


def _as_asked(files: Files, watched: Mapping[str, Stamp], leads: Sequence[str]) -> bool:
    """Whether files that no walk tells of are as they were, and where."""
    same = all(files.stamp(path) == stamp for path, stamp in watched.items())
    return same and files.leads(path for path, stamp in watched.items() if stamp) == leads


def _kept(data: bytes) -> tuple[tuple[Any, ...], memoryview] | None:
    """What `keep` kept, and the text of the files; None where it makes no sense."""
    view = memoryview(data)
    begin = SIZE + _SIZE
    end = begin + int.from_bytes(view[SIZE:begin], "big")
    if digest(view[begin:]) != data[:SIZE]:
        return None
    try:
        values: tuple[Any, ...] = marshal.loads(view[begin:end])  # noqa: S302  # our own bytes: the digest was right
        _, _, _, _, _, _, _, _, _, (_, _, _, _, _) = values
    except (ValueError, EOFError, TypeError):
        return None
    return values, view[end:]


def _published(
    files: Files, output: str, paths: memoryview, stamps: bytes
) -> tuple[Callable[[], Stamps], Callable[[Stamps], Published]]:
    """A look at published files for another process, which should have these `stamps` (`told_of`): what it does, and
    what is made of what it says. `paths` are as they are kept."""
    real = os.path.realpath(output)  # once: what it names may be another folder in a moment

    def places() -> list[str]:
        return [f"{real}/{path}" for path in str(paths, "utf-8", "surrogateescape").split("\0")]

    def act() -> Stamps:
        found = files.stamps(places(), alone=True)
        told = told_of(found)
        return told, [] if told == stamps else found

    def taken(plain: Stamps) -> Published:
        told, others = plain
        return told, dict(zip(places(), others, strict=True)) if others else {}

    return act, taken


def told_of(stamps: Sequence[Stamp]) -> bytes:
    """Equal for equal stamps of published files."""
    return digest(packed(stamps))


def _place(files: Files, request: Request) -> str:
    """Where a request's last build is remembered: one file for each way of asking. A copy of the folder is another
    site, which knows nothing of this one's files, whatever state was copied with it."""
    output = os.path.abspath(request.output) if request.output else ""
    asked = (_VERSION, files.root, output, request.base_url, request.drafts, request.future)
    name = digest(repr(asked).encode("utf-8", "surrogateescape")).hex()
    return os.path.join(files.root, ".broadsheet", f"unchanged-{name}")
