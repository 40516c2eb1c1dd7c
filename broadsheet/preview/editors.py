"""Links that open a source in an editor at a line."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from urllib.parse import quote

from broadsheet.errors import UsageError
from broadsheet.frozen import FrozenMap

EDITORS: Mapping[str, str] = FrozenMap(
    {
        "none": "",
        "vscode": "vscode://file{path}:{line}:{column}",
        "vscodium": "vscodium://file{path}:{line}:{column}",
        "idea": "idea://open?file={path}&line={line}&column={column}",
        "pycharm": "pycharm://open?file={path}&line={line}&column={column}",
        "sublime": "subl://open?url=file://{path}&line={line}&column={column}",
        "textmate": "txmt://open?url=file://{path}&line={line}&column={column}",
        "emacs": "emacs://open?url=file://{path}&line={line}&column={column}",
        "vim": "mvim://open?url=file://{path}&line={line}&column={column}",
        "zed": "zed://file{path}:{line}:{column}",
    }
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_RUNS = ("javascript:", "data:", "vbscript:", "blob:")


def pattern(editor: str) -> str:
    """The link pattern of an editor by name, or one that is given itself. UsageError where it is neither."""
    found = EDITORS.get(editor, editor)
    if not found:
        return ""
    scheme = _SCHEME.match(found)
    if not scheme or "{path}" not in found or scheme[0].lower() in _RUNS:
        known = ", ".join(EDITORS)
        raise UsageError(f"--editor {editor}: write one of {known}, or a link such as {EDITORS['vscode']}")
    return found


def link(pattern: str, root: str, path: str, line: int, column: int) -> str:
    """The link to a place in a source; `path` is relative to the site folder. Empty without an editor."""
    if not pattern:
        return ""
    place = quote(os.path.join(root, path))
    filled = pattern.replace("{path}", place)
    return filled.replace("{line}", str(max(line, 1))).replace("{column}", str(max(column, 1)))
