"""How editors save a file, step by step.

Vim and Emacs are replayed from what was recorded of the real editors (tests/record_saves.py). VS Code and JetBrains
follow their documentation: files are written in place; "safe
write" writes beside the file, then renames twice. Pauses are longer than real ones, so that a watcher sees what lies
between two steps.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

Save = Callable[[Path, bytes], None]
RECORDED = Path(__file__).parent / "saves_recorded"
_PAUSE = 0.06  # seconds
_NAMES = {"rename": ("name", "to")}  # of a step; "to" is a share of the text where it is a write


def replay(steps: list[dict[str, Any]], place: Path, data: bytes) -> None:
    """Do to a file and beside it what an editor was seen to do, with another text."""
    old = place.read_bytes()
    opened: dict[str, int] = {}
    for step in steps:
        named = {key: place.with_name(step[key].format(name=place.name)) for key in _NAMES.get(step["do"], ("name",))}
        _do(step, named, {"old": old, "new": data, "other": b""}, opened)
        if step["name"] == "{name}" or step["do"] == "rename":
            time.sleep(_PAUSE)


def _do(step: Mapping[str, Any], named: Mapping[str, Path], texts: Mapping[str, bytes], opened: dict[str, int]) -> None:
    what, name, target = step["do"], step["name"], named["name"]
    if what == "open":
        if "O_EXCL" in step["flags"]:
            target.unlink(missing_ok=True)
        flags = (getattr(os, flag) for flag in step["flags"])
        opened[name] = os.open(target, os.O_RDWR | sum(flags), 0o644)
    elif what == "write":
        text = texts[step["of"]]
        start, stop = (round(step.get(end, 0.0) * len(text)) for end in ("from", "to"))
        os.write(opened[name], text[start:stop] or b"b0VIM")
    elif what == "truncate":
        os.ftruncate(opened[name], 0)
    elif what == "close":
        os.close(opened.pop(name))
    elif what == "rename":
        os.rename(target, named["to"])
    elif what == "unlink":
        target.unlink()
    elif what == "symlink":
        os.symlink("ada@desk.4711", target)
    elif what == "chmod":
        target.chmod(0o644)
    else:
        raise AssertionError(step)


def _recorded() -> dict[str, Save]:
    return {
        path.stem: partial(replay, json.loads(path.read_text())["steps"]) for path in sorted(RECORDED.glob("*.json"))
    }


def vs_code(place: Path, data: bytes) -> None:
    """In place: truncated, then written."""
    with open(place, "wb", buffering=0) as file:
        time.sleep(_PAUSE)
        file.write(data)


def jetbrains(place: Path, data: bytes) -> None:
    """Safe write."""
    fresh, old = place.with_name(place.name + "___jb_tmp___"), place.with_name(place.name + "___jb_old___")
    fresh.write_bytes(data)
    time.sleep(_PAUSE)
    os.rename(place, old)
    time.sleep(_PAUSE)
    os.rename(fresh, place)
    old.unlink()


def slowly(place: Path, data: bytes) -> None:
    """Over a slow network: the file grows bit by bit."""
    with open(place, "wb", buffering=0) as file:
        for start in range(0, len(data), 40):
            file.write(data[start : start + 40])
            time.sleep(_PAUSE)


def with_old_times(place: Path, data: bytes) -> None:
    """cp -p, rsync, tar: another text of the same length with the times of the former one."""
    times = os.stat(place)
    fresh = place.with_name("fresh.tmp")
    fresh.write_bytes(data)
    os.utime(fresh, ns=(times.st_atime_ns, times.st_mtime_ns))
    os.rename(fresh, place)


SAVES: Mapping[str, Save] = {
    **_recorded(),
    **{save.__name__: save for save in (vs_code, jetbrains, slowly, with_old_times)},
}
