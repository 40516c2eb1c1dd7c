"""What makes the bytes besides the site's own files: our source and the libraries. A part of every key."""

from __future__ import annotations

import os
import sys
from functools import cache

from broadsheet.digest import digest
from broadsheet.files import Files

_LIBRARIES = ("babel", "jinja2", "linkify", "markdown_it", "markupsafe", "mdit_py", "nh3", "pillow", "pyyaml", "tzdata")


@cache
def toolchain() -> bytes:
    """The digest of Broadsheet's own source, the versions of Python and of the libraries that make bytes: of those that
    this process runs, whatever is installed in their place meanwhile."""
    package = os.path.dirname(os.path.abspath(__file__))
    files = Files(package)
    texts_of = (".py", ".txt", ".json")
    sources = [path for path in files.below(package) if path.endswith(texts_of) and "/." not in f"/{path}"]
    read = [(path, files.read_or_none(path)) for path in sorted(sources)]
    texts = [(path, digest(data)) for path, data in read if data is not None]  # some editors leave links to nowhere
    return digest(repr((texts, sys.version_info[:3], sorted(_installed()))).encode())


def _installed() -> set[str]:
    """Names and versions of the libraries, read from the names of their metadata's folders: asking importlib for one
    version takes longer than a build without changes."""
    found = set()
    for folder in sys.path:
        for name in Files(folder).folders() if folder else ():
            if name.endswith(".dist-info") and name.lower().replace("-", "_").startswith(_LIBRARIES):
                found.add(name)
    return found
