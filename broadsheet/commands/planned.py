"""What `build --plan` and `build --profile` tell, for people and for machines."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from broadsheet.commands.reports import count, plain

if TYPE_CHECKING:
    from broadsheet.dryrun import BuildPlan, PlannedFile
    from broadsheet.reasons import Reason
    from broadsheet.request import Spent

_SIGNS = {"write": "+", "same": "=", "delete": "-"}
_KINDS = {
    "start": "nothing is remembered of an earlier build",
    "full": "--full: everything is made anew",
    "toolchain": "another version of Broadsheet, Python or a library",
    "setting": "the setting {name}",
    "strings": "the interface strings in {name}",
    "language": "the language of the region {name}",
    "site": "what every page shows of the site: {name}",
    "template": "the template {name}",
    "story": "{name}: {detail}",
    "source": "{name}: {detail}",
    "list": "{name}: {detail}",
    "recommended": "what is recommended: {detail}",
    "picture": "the picture {name}: {detail}",
    "file": "the file {name}: {detail}",
    "time": "the hour: {name}: {detail}",
    "new": "it is new: {name}",
    "gone": "{name}: {detail}",
    "output": "{detail}",
    "many": "{name} stories and other sources had changed, too many to tell which of them it shows",
    "damaged": "what is remembered of the last build is damaged, and does not tell why",
}


def words(reason: Reason) -> str:
    """A reason in words."""
    if reason.kind == "gone" and not reason.name:
        return "nothing makes it any more"
    return _KINDS[reason.kind].format(name=reason.name, detail=reason.detail or "something about it has changed")


def told(reasons: Iterable[Reason]) -> list[str]:
    """Reasons in words, each once, with the places where the page shows it."""
    places: dict[str, list[str]] = {}
    for reason in reasons:
        found = places.setdefault(words(reason), [])
        if reason.place not in ("", "story", "stories"):
            found.append(reason.place)
    return [f"{text} (in {', '.join(found)})" if found else text for text, found in places.items()]


def print_plan(plan: BuildPlan, *, verbose: bool) -> None:
    """A line for each file to write or delete, then the sums. Files that would be made and are there already stand in
    it with `verbose` only."""
    shown = plan.files if verbose else [file for file in plan.files if file.action != "same"]
    for file in shown:
        print(f"{_SIGNS[file.action]} {file.path}  {file.size:,} bytes: {'; '.join(told(file.reasons))}")
    if plan.finished:
        print(f"an interrupted publication of {count(len(plan.finished), 'file')} would be completed first")
    written, deleted, same = plan.of("write"), plan.of("delete"), plan.of("same")
    print(
        f"{count(len(written) + len(same), 'file')} to make: {len(written):,} to write "
        f"({sum(file.size for file in written):,} bytes), {len(same):,} the same as before; "
        f"{len(deleted):,} to delete; {plan.unchanged:,} unchanged in {os.path.relpath(plan.output)}"
    )


def plan_as_json(plan: BuildPlan) -> dict[str, object]:
    written = plan.of("write")
    return {
        "ok": True,
        "exit_code": 0,
        "rendered": len(plan.of("write", "same")),
        "files": {"written": len(written), "unchanged": plan.unchanged, "deleted": len(plan.of("delete"))},
        "bytes": sum(file.size for file in written),
        "finished": list(plan.finished),
        "output": plan.output,
        "plan": [_file(file) for file in plan.files],
        "diagnostics": [plain(finding) for finding in plan.warnings],
    }


def _file(file: PlannedFile) -> dict[str, object]:
    return {
        "path": file.path,
        "action": file.action,
        "bytes": file.size,
        "template": file.template,
        "source": file.source,
        "reasons": [reason_as_json(reason) for reason in file.reasons],
    }


def reason_as_json(reason: Reason) -> dict[str, str]:
    """What is known of a reason; "text" says it in words."""
    found = {"kind": reason.kind, "name": reason.name, "detail": reason.detail, "place": reason.place}
    return {key: value for key, value in found.items() if value} | {"text": words(reason)}


def print_profile(stages: Mapping[str, float], templates: Mapping[str, Spent]) -> None:
    """Seconds by stage, then by template."""
    rows: list[Sequence[str]] = [("stage", "seconds")]
    rows += [(stage, f"{seconds:.3f}") for stage, seconds in stages.items()]
    _print_table(rows)
    if templates:
        rows = [("template", "pages", "contexts", "rendering", "ms each")]
        for name, spent in templates.items():
            mean = f"{1000 * (spent.contexts + spent.rendering) / spent.pages:.2f}"
            rows.append((name, f"{spent.pages:,}", f"{spent.contexts:.3f}", f"{spent.rendering:.3f}", mean))
        print()
        _print_table(rows)


def profile_as_json(templates: Mapping[str, Spent]) -> dict[str, object]:
    return {
        name: {
            "pages": spent.pages,
            "contexts": round(spent.contexts, 6),
            "rendering": round(spent.rendering, 6),
            "mean": round((spent.contexts + spent.rendering) / spent.pages, 6),
        }
        for name, spent in templates.items()
    }


def _print_table(rows: Sequence[Sequence[str]]) -> None:
    """Columns side by side, the first to the left, numbers to the right."""
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    for row in rows:
        print(
            "  ".join([row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True))])
        )
