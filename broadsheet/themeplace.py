"""Where the theme lies that comes with Broadsheet."""

from __future__ import annotations

import os


def theme_folder() -> str:
    """The folder of the theme: in an installed package, or in a checkout."""
    package = os.path.dirname(os.path.abspath(__file__))
    installed = os.path.join(package, "theme")
    return installed if os.path.isdir(installed) else os.path.join(os.path.dirname(package), "templates")
