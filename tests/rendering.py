"""A story's Markdown rendered, its HTML alone, and the codes of what was found in it."""

from __future__ import annotations

from broadsheet.markdown import Options, render
from broadsheet.model import Rendered


def rendered(source: str, lang: str = "en", **options: object) -> Rendered:
    return render(source, path="a.md", first_line=10, lang=lang, options=Options(**{"after_paragraph": 0, **options}))  # type: ignore[arg-type]


def html(source: str, lang: str = "en", **options: object) -> str:
    return rendered(source, lang, **options).body.html


def codes(result: Rendered) -> list[str]:
    return [d.code for d in result.diagnostics]
