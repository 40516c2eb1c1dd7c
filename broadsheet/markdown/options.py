"""What a caller may choose about rendering."""

from __future__ import annotations

from typing import Literal, TypeAlias

from broadsheet.frozen import record

RawHtml: TypeAlias = Literal["escape", "sanitize", "trusted"]


@record
class Labels:
    """Words for assistive technology, in the story's language; `{n}` stands for a number."""

    table: str = "Table {n}"
    footnotes: str = "Footnotes"
    back: str = "Back to reference {n}"


@record
class Options:
    """`after_paragraph` places the Recommended card; 0 leaves it out unless the writer placed it.

    `commonmark` turns every extension, scheme limit and marker off: plain CommonMark, for conformance.
    """

    raw_html: RawHtml = "escape"
    smart_quotes: bool = True
    after_paragraph: int = 3
    labels: Labels = Labels()
    commonmark: bool = False
