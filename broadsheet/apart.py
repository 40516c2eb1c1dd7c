"""Whether a folder may be written to, or whether a mistake would cost the user's own files."""

from __future__ import annotations

import os
from collections.abc import Iterable


def mistaken(folder: str, *, site: str, sources: Iterable[str]) -> str:
    """Why nothing may be written into a folder; "" where that is fine. All paths are absolute."""
    real = os.path.realpath(folder)
    if real in ("/", os.path.realpath(os.path.expanduser("~"))):
        return "it belongs to more than a site: choose an empty folder of its own"
    if os.path.realpath(site) == real or os.path.realpath(site).startswith(real + os.sep):
        return "the site folder is inside it: choose a folder of its own"
    for source in sources:
        if overlap(real, source):
            return f"it overlaps with the sources in {source}: choose a folder of its own"
    return ""


def overlap(one: str, other: str) -> bool:
    """Whether two folders are the same or one lies in the other, however they are written."""
    real, across = (os.path.join(os.path.realpath(folder), "") for folder in (one, other))
    return real.startswith(across) or across.startswith(real)
