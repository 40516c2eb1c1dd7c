"""`build`, which is also what happens when no verb is given."""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import TYPE_CHECKING

from broadsheet.commands import arguments
from broadsheet.commands.reports import VERIFIED_OTHERWISE, Bars, report

if TYPE_CHECKING:
    from broadsheet.request import Request
    from broadsheet.verification import Verification


def add(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    build = verbs.add_parser("build", help="build the site (what happens when no verb is given)")
    arguments.common(build)
    build.add_argument("-o", "--output", metavar="DIR", default="", help="the output folder (default: the settings')")
    build.add_argument("-b", "--base-url", metavar="URL", default="", help="where the site will live")
    build.add_argument(
        "--verify", metavar="N%", nargs="?", type=_share, const=1.0, help="compare all, or some, with a clean build"
    )
    build.add_argument("--plan", action="store_true", help="tell what a build would do, file by file, and do nothing")
    build.add_argument("--profile", action="store_true", help="tell the seconds by stage and by template")
    build.add_argument("-D", "--drafts", action="store_true", help="show drafts (needs -o)")
    build.add_argument("-F", "--future", action="store_true", help="show scheduled and embargoed stories (needs -o)")
    build.add_argument("--full", action="store_true", help="make everything anew, whatever earlier builds left")
    build.add_argument(
        "--adopt", action="store_true", help="publish among files of others, and replace those in the way"
    )
    volume = build.add_mutually_exclusive_group()
    volume.add_argument("-q", "--quiet", action="store_true", help="only errors")
    volume.add_argument("-v", "--verbose", action="store_true", help="every warning, and seconds by stage")
    build.set_defaults(run=run)


def _share(text: str) -> float:
    number = text.removesuffix("%")
    if not number.isdecimal() or not 1 <= int(number) <= 100:
        raise argparse.ArgumentTypeError("must be a share such as 10%")
    return int(number) / 100


def run(options: argparse.Namespace) -> int:
    from broadsheet import quick
    from broadsheet.errors import BroadsheetError, UnfinishedError
    from broadsheet.files import Files

    request = arguments.request(options)
    if options.plan:
        return _planned(request, options)
    summary = verified = None
    try:
        with quick.glance(request, Files(request.site), _load) as seen:
            options.held.append(seen)
            summary = seen.summary
            if summary is None:
                from broadsheet.engine import build

                with Bars(options) as bars:
                    summary = build(request, bars, look=seen.look, held=options.held)
        options.done = "the site is published"
        verified = _verified(request, options) if options.verify else None
        report(options).summary(summary, profile=options.profile, verified=verified)
    except OSError as error:
        if summary:
            raise  # the report could not be written
        raise BroadsheetError(f"{_said(error)}: nothing was published") from error
    except KeyboardInterrupt:
        if not summary:
            raise
        raise UnfinishedError("interrupted: the site is published", 130) from None
    return VERIFIED_OTHERWISE if verified and verified.differences else 0


def _verified(request: Request, options: argparse.Namespace) -> Verification:
    """Compare what is published now with a clean build. What ends that early takes nothing back: a story that was
    broken meanwhile, a disk that is full, a worker that was killed, somebody who has seen enough."""
    from broadsheet.errors import BroadsheetError, ContentError, Diagnostic, UnfinishedError, WorkerError

    findings: tuple[Diagnostic, ...] = ()
    try:
        from broadsheet.verification import verify

        with Bars(options) as bars:
            return verify(request, options.verify, bars)
    except KeyboardInterrupt:
        reason, code = "interrupted", 130
    except WorkerError:
        reason, code = "a worker process was killed (by hand, or for want of memory; -j 1 does without)", 1
    except ContentError as error:
        reason, code, findings = "there are errors now", error.exit_code, error.diagnostics
    except BroadsheetError as error:
        reason, code = str(error), error.exit_code
    except OSError as error:
        reason, code = _said(error), 1
    raise UnfinishedError(f"{reason}: the site is published, but not compared with a clean build", code, findings)


def _said(error: OSError) -> str:
    place = f"{error.filename}: " if error.filename else ""
    return f"{place}{error.strerror or error}"


def _load() -> None:
    """Load what a build is made of."""
    import_module("broadsheet.engine")


def _planned(request: Request, options: argparse.Namespace) -> int:
    """Tell what a build would do."""
    from broadsheet.dryrun import nothing, plan
    from broadsheet.errors import UsageError

    if options.verify or options.profile:
        raise UsageError("--plan only tells: it goes with neither --verify nor --profile")
    with Bars(options) as bars:
        found = nothing(request) or plan(request, bars)
    report(options).plan(found)
    return 0
