"""`check`: everything that is wrong with the site, and what an editor would say of it. Writes nothing."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from broadsheet import __version__
from broadsheet.commands import arguments
from broadsheet.commands.reports import Bars, count, plain
from broadsheet.commands.terminal import Console, console, isolated

if TYPE_CHECKING:
    from broadsheet.asking import Manners
    from broadsheet.errors import Diagnostic
    from broadsheet.inspection import Inspection

_WAITING = "not-public"  # a story that waits for its hour: told, and nothing wrong


def add(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    check = verbs.add_parser("check", help="tell everything that is wrong, and write nothing")
    arguments.common(check, ("text", "json", "sarif"))
    arguments.json_too(check)
    arguments.reading(check)
    check.add_argument("-D", "--drafts", action="store_true", help="look at drafts too, as if they were published")
    check.add_argument("-F", "--future", action="store_true", help="look at scheduled and embargoed stories too")
    check.add_argument("--strict", action="store_true", help="warnings are errors: exit with 1")
    check.add_argument("--external", action="store_true", help="ask other hosts whether what is linked is still there")
    check.add_argument("--private-hosts", action="store_true", help="with --external: ask hosts of this network too")
    check.add_argument("-q", "--quiet", action="store_true", help="only what is wrong enough to fail")
    check.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from broadsheet.errors import ConfigError
    from broadsheet.inspection import Inspection, inspect

    request = arguments.request(options)
    try:
        with Bars(options) as bars:
            seen = inspect(request, bars, _manners(options))
        exit_code = 1 if _counted(seen.findings, options.strict) else 0
    except ConfigError as error:
        seen = Inspection(findings=error.diagnostics, stories=0, waiting=0, pages=0, pictures=0, links=0)
        exit_code = error.exit_code
    if options.format == "json":
        print(json.dumps(_plain(seen, exit_code), ensure_ascii=False))
    elif options.format == "sarif":
        from broadsheet.commands.sarif import sarif

        print(sarif(seen.findings, exit_code))
    elif options.quiet:
        for finding in _counted(seen.findings, options.strict):
            print(finding.format(), file=sys.stderr)
    else:
        _tell(seen, exit_code, console())
    return exit_code


def _manners(options: argparse.Namespace) -> Manners | None:
    if not options.external:
        return None
    from broadsheet.asking import Manners

    return Manners(agent=f"Broadsheet/{__version__} (checks links)", private=options.private_hosts)


def _counted(findings: Sequence[Diagnostic], strict: bool) -> list[Diagnostic]:
    """What makes the check fail."""
    return [f for f in findings if f.severity == "error" or (strict and f.code != _WAITING)]


def _plain(seen: Inspection, exit_code: int) -> dict[str, object]:
    return {
        "ok": exit_code == 0,
        "exit_code": exit_code,
        "stories": seen.stories,
        "pages": seen.pages,
        "pictures": seen.pictures,
        "links": seen.links,
        **({"outside": dict(seen.outside)} if seen.outside else {}),
        "diagnostics": [plain(finding) for finding in seen.findings],
    }


# --- for people ----------------------------------------------------------------------------------------------------


def _tell(seen: Inspection, exit_code: int, out: Console) -> None:
    for finding in seen.findings:
        print(_shown(finding, out))
        if out.colour:
            print()
    if seen.findings and not out.colour:
        print()
    _summary(seen, exit_code, out)


def _shown(finding: Diagnostic, out: Console) -> str:
    """A finding as everywhere, with colours where there are any."""
    if not out.colour:
        return finding.format()
    colour = "red" if finding.severity == "error" else "yellow"
    first, *rest = finding.format().split("\n")
    where, _, words = first.removeprefix(finding.where()).partition(": ")
    words = words.removeprefix("warning: ").removesuffix(f" [{finding.code}]")
    head = f"{out.style(finding.where() + where, 'bold')}  {out.style(finding.code, colour)}\n  {words}"
    lines = [head]
    for line in rest:
        if line.lstrip().startswith("hint: "):
            lines.append(f"  {out.style('→' if out.shapes else 'hint:', 'green')} {line.lstrip()[6:]}")
        elif line.endswith("^"):
            lines.append(out.style(line[:-1], "dim") + out.style("^", colour))
        else:
            number, bar, text = line.partition(" | ")
            lines.append(out.style(number + bar, "dim") + isolated(text))
    return "\n".join(lines)


def _summary(seen: Inspection, exit_code: int, out: Console) -> None:
    errors = sum(finding.severity == "error" for finding in seen.findings)
    warnings = sum(finding.severity == "warn" and finding.code != _WAITING for finding in seen.findings)
    looked = ", ".join(
        [
            count(seen.stories, "story", "stories"),
            count(seen.pages, "page"),
            count(seen.pictures, "picture"),
            count(seen.links, "link"),
        ]
    )
    parts = [out.style(count(errors, "error"), "bold", "red")] if errors else []
    parts += [out.style(count(warnings, "warning"), "bold", "yellow")] if warnings else []
    verdict = " and ".join(parts) or out.style("nothing is wrong", "bold", "green")
    print(f"{verdict} in {looked}")
    codes = Counter(finding.code for finding in seen.findings if finding.code != _WAITING)
    if len(codes) > 1:
        print("  " + ", ".join(f"{code} {number}" for code, number in codes.most_common()))
    if seen.waiting:
        print(f"  {count(seen.waiting, 'story waits', 'stories wait')} for the hour: see `list scheduled`")
    if seen.outside:
        kinds = {"gone": "gone", "moved": "moved", "unclear": "would not say", "unasked": "not asked: out of time"}
        told = [f"{seen.outside[kind]} {words}" for kind, words in kinds.items() if kind in seen.outside]
        total = sum(seen.outside.values())
        print(f"  {count(total, 'address', 'addresses')} on other hosts: " + (", ".join(told) or "all are there"))
    if exit_code and not errors:
        print("  with --strict, warnings are errors", file=sys.stderr)
