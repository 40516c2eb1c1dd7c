"""The first look at the files of a site. It begins before all else: another process looks at them while this one loads
what a preview is made of."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from broadsheet import looking, themeplace
from broadsheet.files import Files
from broadsheet.walking import Walk

CONFIG = "config.yaml"
NAMES = ("content", "templates", "static")  # of the folders, where no settings say otherwise


def folders(root: str) -> list[str]:
    """What a site in this folder is made from, as far as can be told without its settings."""
    return [os.path.join(root, CONFIG), *(os.path.join(root, name) for name in NAMES), themeplace.theme_folder()]


@contextmanager
def begun(files: Files) -> Iterator[Callable[[], Walk]]:
    """Begin to look; gives what waits for what there is."""
    with looking.begun(files, folders(files.root)) as walk:
        yield walk
