"""The reference part of docs/templates.md, made from the types that templates get.

`PYTHONPATH=. python tests/template_reference.py` writes it anew; a test fails while the file says anything else.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

from broadsheet import contexts
from broadsheet.templates.filters import FILTERS, TESTS

DOCS = Path(__file__).parent.parent / "docs" / "templates.md"
BEGIN, END = "<!-- reference: begin -->\n", "<!-- reference: end -->\n"


def reference() -> str:
    """The tables of all names, in the order of contexts/."""
    source = _source()
    classes = [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]
    pages = [c for c in classes if _bases(c) == ["BasePage"] or c.name in ("BasePage", "ExploreFragment")]
    lines = ["## Names by template", ""]
    for page in pages:
        lines += _section(page, source)
    lines += ["## What is in them", ""]
    for part in classes:
        if part not in pages:
            lines += _section(part, source)
    lines += ["## Filters", "", ", ".join(f"`{name}`" for name in sorted(FILTERS)), ""]
    lines += ["## Tests", "", ", ".join(f"`{name}`" for name in sorted(TESTS)), ""]
    return "\n".join(lines)


def page_types() -> dict[str, str]:
    """Template name -> the name of its context's type, from the first words of each type's docstring."""
    tree = ast.parse(_source())
    found = {}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            template = re.match(r"[\w-]+\.html", ast.get_docstring(node) or "")
            if template:
                found[template[0]] = node.name
    return found


def _source() -> str:
    """The text of all modules of contexts/, small parts first."""
    folder = Path(contexts.__file__).parent
    return "\n".join((folder / name).read_text() for name in ("parts.py", "pages.py"))


def _section(node: ast.ClassDef, source: str) -> list[str]:
    about = " ".join((ast.get_docstring(node) or "").split())
    title = re.match(r"([\w-]+\.html)[:;]?\s*", about)
    about = about[title.end() :] if title else about
    name = "Every page" if node.name == "BasePage" else title[1] if title else node.name
    lines = [f"### {name}", ""]
    if about:
        lines += [about[0].upper() + about[1:] + ("" if about.endswith(".") else "."), ""]
    fields = [item for item in node.body if isinstance(item, ast.AnnAssign)]
    if fields:
        lines += ["| name | type | |", "|---|---|---|"]
        lines += [_row(field, source) for field in fields] + [""]
    return lines


def _row(field: ast.AnnAssign, source: str) -> str:
    line = source.splitlines()[field.lineno - 1]
    comment = line.split("  # ", 1)[1] if "  # " in line else ""
    kind = ast.unparse(field.annotation).replace("|", "\\|").replace("'", '"')
    return f"| `{ast.unparse(field.target)}` | `{kind}` | {comment.replace('|', chr(92) + '|')} |"


def _bases(node: ast.ClassDef) -> list[str]:
    return [base.id for base in node.bases if isinstance(base, ast.Name)]


def main() -> None:
    text = DOCS.read_text()
    before, rest = text.split(BEGIN)
    DOCS.write_text(before + BEGIN + "\n" + reference() + "\n" + END + rest.split(END)[1])


if __name__ == "__main__":
    sys.exit(main())
