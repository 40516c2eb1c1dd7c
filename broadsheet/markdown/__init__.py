"""Markdown bodies to finished HTML with markers, and everything the site must know about them.

CommonMark with tables, strikethrough, footnotes, heading ids, figures and Broadsheet's typed blocks (docs/markdown.md).
"""

from __future__ import annotations

from broadsheet.markdown.options import Labels, Options
from broadsheet.model import Rendered

__all__ = ["Labels", "Options", "load", "render"]


def load() -> None:
    """Load what `render` takes, before it is called."""
    from broadsheet.markdown import document  # noqa: F401


def render(
    source: str, *, path: str, first_line: int = 1, lang: str = "en", options: Options | None = None
) -> Rendered:
    """The body `source` as HTML with markers (model.py), its links, pictures, headings, words and findings.

    `path` and `first_line` (the source's first line in its file, from 1) place the findings. `lang` is the story's
    BCP 47 tag. Never raises for what a writer typed: bad input gives diagnostics.
    """
    from broadsheet.markdown.document import render_document  # the parser takes 50 ms to import

    return render_document(source, path=path, first_line=first_line, lang=lang, options=options or Options())
