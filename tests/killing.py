"""Programs that die at a given step: stand-ins on the path that do what the real one does, and then kill who called."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from newsroom import Site

ROOT = Path(__file__).parent.parent

_SCRIPT = """\
#!/bin/sh
n=$(($({cat} '{folder}/count') + 1))
echo "$n" >'{folder}/count'
if [ "$n" = "$({cat} '{folder}/at')" ]; then
  echo "{name} $*" >>'{folder}/died'
  if [ -e '{folder}/half' ]; then {head} -z -n 2 | '{real}' "$@"; else '{real}' "$@"; fi
  kill -9 "$PPID"
  exit 1
fi
exec '{real}' "$@"
"""


class Programs:
    """Stand-ins for some programs in `folder`/bin, which count how often they are called, all together."""

    def __init__(self, folder: Path, *names: str) -> None:
        (folder / "bin").mkdir(parents=True)
        self._folder = folder
        for name in names:
            blanks = {"folder": folder, "real": shutil.which(name), "name": name}
            tools = {tool: shutil.which(tool) for tool in ("cat", "head")}
            (folder / "bin" / name).write_text(_SCRIPT.format(**blanks, **tools))
            (folder / "bin" / name).chmod(0o755)
        self.path = f"{folder}/bin:{os.environ['PATH']}"
        self.let_live()

    def let_live(self) -> None:
        self._begin(0)

    def die_at(self, number: int, *, half: bool = False) -> None:
        """Whoever makes the call of this number (from 1) is killed once it is done; `half`: once the program was given
        the first two of what it is told by NUL-ended lines."""
        self._begin(number)
        if half:
            (self._folder / "half").touch()

    def _begin(self, at: int) -> None:
        (self._folder / "count").write_text("0")
        (self._folder / "at").write_text(str(at))
        (self._folder / "half").unlink(missing_ok=True)
        (self._folder / "died").write_text("")

    @property
    def calls(self) -> int:
        return int((self._folder / "count").read_text())

    @property
    def died(self) -> str:
        """The call that was the last one; "" where none was."""
        return (self._folder / "died").read_text().strip()


def deployed(site: Site, at: datetime, programs: Programs, **more: str) -> int:
    """The exit code of a deploy as a process of its own; negative where it was killed."""
    environment = {**os.environ, "PATH": programs.path, **more}
    words = ["deploy", "--yes", "-q", "-s", str(site.folder), "--at", at.isoformat()]
    done = subprocess.run(
        [sys.executable, str(ROOT / "build.py"), *words],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode


class Kept:
    """Folders as they are now, to be brought back."""

    def __init__(self, place: Path, *folders: Path) -> None:
        self._copies = {folder: place / str(number) for number, folder in enumerate(folders)}
        for folder, copy in self._copies.items():
            _copy(folder, copy)

    def bring_back(self) -> None:
        for folder, copy in self._copies.items():
            shutil.rmtree(folder)
            _copy(copy, folder)


def _copy(source: Path, target: Path) -> None:
    """With links, and with what is the same file in two places staying one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)
