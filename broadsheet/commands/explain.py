"""`explain`: why a page is made again, why it recommends what it does, who shows it, and why a story is not there."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from broadsheet.commands import arguments, planned
from broadsheet.commands.reports import Bars, Json, count, plain

if TYPE_CHECKING:
    from datetime import datetime

    from broadsheet.explain import Choice, Explanation, Place

_MOST = 5  # files named of each kind of place, but with -v
_STATUS = {
    "public": "on the site since {moment}",
    "unlisted": "on the site at its address since {moment}, and in no list (`unlisted`)",
    "withdrawn": "withdrawn: a notice stands at its address",
    "draft": "not on the site: it is a draft (`draft`)",
    "embargoed": "not on the site before {moment} (`embargo`)",
    "scheduled": "not on the site before {moment} (`date`)",
    "never": "it will never be on the site: it expires on {moment}, before it comes out (`expires`)",
    "expired": "no longer on the site since {moment} (`expires`)",
    "error": "not on the site: it has errors",
    "gone": "no longer part of the site: the next build deletes it",
}
_ACTIONS = {
    "make": "the next build makes it again, because since the last build these are other ones:",
    "keep": "nothing that it shows has changed since the last build: the next one leaves it alone",
    "delete": "the next build deletes it:",
    "": "since the last build:",
}


def add(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    explain = verbs.add_parser("explain", help="why a page is as it is, or a story isn't on the site")
    explain.add_argument("target", metavar="URL", help="an address, a file of the output folder, or a source")
    arguments.common(explain)
    explain.add_argument("-o", "--output", metavar="DIR", default="", help="of the build into this output folder")
    explain.add_argument("-b", "--base-url", metavar="URL", default="", help="of the build for this address")
    explain.add_argument("-D", "--drafts", action="store_true", help="of the build that shows drafts")
    explain.add_argument("-F", "--future", action="store_true", help="of the build that shows scheduled stories")
    explain.add_argument("-v", "--verbose", action="store_true", help="name every file")
    explain.set_defaults(adopt=False, full=False, run=run)


def run(options: argparse.Namespace) -> int:
    from broadsheet.explain import explain

    with Bars(options) as bars:
        found = explain(arguments.request(options), options.target, bars)
    if options.format == "json":
        Json().value(as_json(found))
    else:
        for line in lines(found, every=options.verbose):
            print(line)
    return 0


def lines(found: Explanation, *, every: bool) -> Iterator[str]:
    """An explanation for people."""
    yield f"{found.url}  ({found.path})" if found.path else found.source
    if found.template:
        more = len(found.templates) - 1
        using = f" and {count(more, 'other file')} of the theme" if more > 0 else ""
        yield f"  made from {found.source} with {found.template}{using}"
    if found.status:
        yield f"  {_status(found)}"
    yield from (f"    {finding.format()}" for finding in found.findings)
    if found.made:
        yield f"  made last by the build of {_moment(found.made)}, because:"
        yield from (f"    {line}" for line in planned.told(found.because))
    if found.stopped:
        yield f"  {count(found.stopped, 'error')} on the site: until they are cured, the next build publishes nothing"
    if found.reasons or found.action == "keep":
        yield f"  {_ACTIONS[found.action]}"
    yield from (f"    {line}" for line in planned.told(found.reasons))
    if found.recommended:
        yield "  it recommends"
        yield from (f"    {n + 1}. {choice.path}: {_why(choice)}" for n, choice in enumerate(found.recommended))
    if found.places:
        files = len({place.path for place in found.places})
        yield f"  it is shown in {count(files, 'other file')}"
        for name, places in groupby(sorted(found.places, key=_order), key=lambda place: place.place):
            paths = [place.path for place in places]
            shown = paths if every else paths[:_MOST]
            rest = f" and {len(paths) - len(shown)} more" if len(paths) > len(shown) else ""
            yield f"    {name}: {', '.join(shown)}{rest}"


def _status(found: Explanation) -> str:
    if found.status == "public" and not found.moment:
        return "on the site"
    return _STATUS[found.status].format(moment=_moment(found.moment) if found.moment else "")


def _moment(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M} ({when.tzinfo})"


def _why(choice: Choice) -> str:
    if choice.how != "score":
        return {"pick": "an editor's pick (`related`)", "next instalment": "the next part of the series"}[choice.how]
    terms = [f"{points} {term}" for term, points in choice.terms]
    return f"{count(choice.points, 'point')} = " + " + ".join([*terms, f"{choice.nearness} near in time"])


def _order(place: Place) -> str:
    return place.place


def as_json(found: Explanation) -> dict[str, object]:
    """An explanation for machines."""
    return {
        "ok": True,
        "exit_code": 0,
        "source": found.source,
        "path": found.path,
        "url": found.url,
        "template": found.template,
        "templates": list(found.templates),
        "status": found.status,
        "moment": found.moment.isoformat() if found.moment else None,
        "action": found.action,
        "made": found.made.isoformat() if found.made else None,
        "because": [planned.reason_as_json(reason) for reason in found.because],
        "reasons": [planned.reason_as_json(reason) for reason in found.reasons],
        "recommended": [_choice(choice) for choice in found.recommended],
        "places": [{"path": place.path, "place": place.place} for place in found.places],
        "errors": found.stopped,
        "diagnostics": [plain(finding) for finding in found.findings],
    }


def _choice(choice: Choice) -> dict[str, object]:
    value: dict[str, object] = {"path": choice.path, "title": choice.title, "how": choice.how}
    if choice.how == "score":
        value |= {"points": choice.points, "terms": dict(choice.terms), "nearness": choice.nearness}
    return value
