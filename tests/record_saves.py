"""Records how real editors save a file: `python tests/record_saves.py` writes tests/saves_recorded/*.json.

Needs strace, vim and emacs (Debian: strace vim emacs-nox); the tests replay what is committed, and need none of them.
A recording is the list of what the editor did to files in the story's folder between two of its own marks: what is kept
of a write is which share of the new or the old text it was, so that any text can be saved in the same steps.
"""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent / "saves_recorded"
NAME = "story.md"
OLD = "".join(f"Line {n} of the story as it was.\n" for n in range(900))
NEW = OLD.replace("as it was", "as it is now")
_SUBSTITUTE = "%s/as it was/as it is now/"
_LISP = '(progn (goto-char 1) (while (search-forward "as it was" nil t) (replace-match "as it is now")) (save-buffer)'

VIM = ("vim", "-u", "NONE", "-N", "-i", "NONE")
EMACS = ("emacs", "-nw", "-Q")
SAVES = {
    "vim": (*VIM, "-c", _SUBSTITUTE, "-c", "wq", NAME),
    "vim_with_backup": (*VIM, "--cmd", "set backup", "-c", _SUBSTITUTE, "-c", "wq", NAME),
    "vim_backupcopy_yes": (*VIM, "--cmd", "set backupcopy=yes", "-c", _SUBSTITUTE, "-c", "wq", NAME),
    "vim_without_writebackup": (*VIM, "--cmd", "set nowritebackup", "-c", _SUBSTITUTE, "-c", "wq", NAME),
    "emacs": (*EMACS, NAME, "--eval", f"{_LISP} (kill-emacs))"),
    "emacs_without_backup": (
        *EMACS,
        "--eval",
        "(setq make-backup-files nil)",
        NAME,
        "--eval",
        f"{_LISP} (kill-emacs))",
    ),
    "emacs_backup_by_copying": (
        *(*EMACS, "--eval", "(setq backup-by-copying t)", NAME, "--eval", f"{_LISP} (kill-emacs))"),
    ),
    "emacs_precious": (*EMACS, "--eval", "(setq file-precious-flag t)", NAME, "--eval", f"{_LISP} (kill-emacs))"),
}
CALLS = (
    "open,openat,creat,close,write,pwrite64,rename,renameat,renameat2,unlink,unlinkat,symlink,symlinkat,link,linkat,"
    "ftruncate,truncate,chmod,fchmod,fchmodat,copy_file_range"
)
_LINE = re.compile(r"(?:\d+\s+)?(\w+)\((.*)\)\s+= (-?\d+)")
_PATH = re.compile(r'"((?:[^"\\]|\\.)*)"')


def main() -> None:
    HERE.mkdir(exist_ok=True)
    for name, command in SAVES.items():
        steps = recorded(command)
        lines = ",\n  ".join(json.dumps(step) for step in steps)
        head = json.dumps({"editor": version(command[0]), "command": list(command)})[:-1]
        (HERE / f"{name}.json").write_text(f'{head},\n "steps": [\n  {lines}\n]}}\n')


def version(editor: str) -> str:
    return subprocess.run([editor, "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]


def recorded(command: tuple[str, ...]) -> list[dict[str, object]]:
    """Run the editor on a terminal over a file, and give what it did beside it."""
    folder = Path(tempfile.mkdtemp(dir=Path.home()))  # both editors make no backups in /tmp
    log = folder.with_suffix(".strace")
    try:
        (folder / NAME).write_text(OLD)
        trace = ("strace", "-f", "-y", "-s", "200000", "-e", f"trace={CALLS}", "-o", str(log))
        _on_a_terminal((*trace, *command), folder)
        assert (folder / NAME).read_text() == NEW, (folder / NAME).read_text()[:200]
        steps = list(_steps(log.read_text(errors="replace"), str(folder)))
        return [step for n, step in enumerate(steps) if n == 0 or step != steps[n - 1] or step.get("of") != "other"]
    finally:
        shutil.rmtree(folder)
        log.unlink()


def _on_a_terminal(command: tuple[str, ...], folder: Path) -> None:
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(folder)
        os.environ["TERM"] = "xterm"
        os.execvp(command[0], command)  # noqa: S606
    try:
        while os.read(terminal, 65536):
            pass
    except OSError:
        pass
    os.waitpid(process, 0)


def _steps(log: str, folder: str):  # type: ignore[no-untyped-def]
    """What was done to files right in the folder, in order; names are relative, the story's is "{name}"."""
    opened: dict[str, str] = {}
    at: dict[str, int] = {}
    for line in log.splitlines():
        found = _LINE.match(line)
        if not found or int(found[3]) < 0:
            continue
        call, arguments, result = found[1], found[2], found[3]
        names = [_named(path, folder) for path in _PATH.findall(arguments)]
        if call in ("open", "openat", "creat"):
            writes = call == "creat" or any(flag in arguments for flag in ("O_WRONLY", "O_RDWR"))
            if writes and names and names[0]:
                opened[result], at[result] = names[0], 0
                flags = [flag for flag in ("O_CREAT", "O_TRUNC", "O_EXCL") if flag in arguments or call == "creat"]
                yield {"do": "open", "name": names[0], "flags": flags}
            continue
        number = arguments.partition("<")[0].strip()
        if call == "close" and opened.pop(number, ""):
            yield {"do": "close", "name": _shown(arguments, folder)}
        elif call in ("write", "pwrite64") and number in opened:
            yield {"do": "write", "name": opened[number], **_share(arguments, at[number], int(result))}
            at[number] += int(result)
        elif call == "ftruncate" and number in opened:
            yield {"do": "truncate", "name": opened[number]}
        elif call.startswith(("rename", "link")) and len(names) == 2 and all(names):
            yield {"do": call[:6].rstrip("a"), "name": names[0], "to": names[1]}
        elif call.startswith("unlink") and names and names[0]:
            yield {"do": "unlink", "name": names[0]}
        elif call.startswith("symlink") and len(names) == 2 and names[1]:
            yield {"do": "symlink", "name": names[1]}
        elif call in ("chmod", "fchmodat") and names and names[0]:
            yield {"do": "chmod", "name": names[0]}


def _share(arguments: str, start: int, length: int) -> dict[str, object]:
    """Which share of which text a write was."""
    text = arguments.partition('"')[2]
    for which, whole in (("new", NEW), ("old", OLD)):
        if text.startswith(whole[start : start + 60].replace("\n", "\\n")[:60]) and len(whole) >= start + length:
            return {"of": which, "from": start / len(whole), "to": (start + length) / len(whole)}
    return {"of": "other"}


def _shown(arguments: str, folder: str) -> str:
    return _named(arguments.partition("<")[2].partition(">")[0], folder)


def _named(path: str, folder: str) -> str:
    """A name in the folder with the story's as "{name}"; nothing for a path elsewhere."""
    name = path.removeprefix(folder + "/") if path.startswith(folder + "/") else path
    return "" if "/" in name or not name else name.replace(NAME, "{name}")


if __name__ == "__main__":
    sys.exit(main())
