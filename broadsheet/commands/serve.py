"""`serve`: the site as it is written, in a browser beside the editor."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from typing import TYPE_CHECKING

from broadsheet.commands import arguments
from broadsheet.commands.reports import count, first_of_each

if TYPE_CHECKING:
    from collections.abc import Callable

    from broadsheet.errors import Diagnostic
    from broadsheet.files import Files
    from broadsheet.request import Request
    from broadsheet.walking import Walk

_PORT = 8000
_GARBAGE = 100_000  # new objects until the young ones are looked through


def add(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    serve = verbs.add_parser("serve", help="preview the site, with drafts and scheduled stories, as it is written")
    arguments.common(serve, formats=(), locks=False)
    serve.add_argument(
        "-p", "--port", metavar="N", type=_port, help=f"the port (default: {_PORT}, or the next free one)"
    )
    serve.add_argument("-O", "--open", action="store_true", help="open the preview in a browser")
    serve.add_argument("-N", "--navigate", action="store_true", help="lead the browser to the page of what was saved")
    serve.add_argument("--public", action="store_true", help="without drafts and scheduled stories: what readers see")
    serve.add_argument("--host", metavar="ADDRESS", default="127.0.0.1", help="where to listen (needs --allow-host)")
    serve.add_argument(
        "--allow-host", metavar="NAME", action="append", default=[], help="a name that other machines call this one by"
    )
    serve.add_argument(
        "--editor",
        metavar="NAME",
        default=os.environ.get("BROADSHEET_EDITOR", "none"),
        help="what links to sources open: vscode, idea, emacs… or a link with {path}, {line} and {column} "
        "(default: $BROADSHEET_EDITOR)",
    )
    serve.set_defaults(run=run)


def _port(text: str) -> int:
    number = int(text) if text.isdecimal() and len(text) <= 5 else -1
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError("must be from 0 to 65535")
    return number


def run(options: argparse.Namespace) -> int:
    from broadsheet.files import Files
    from broadsheet.preview import firstlook

    request = _requests(options, "")
    files = Files(request().site)
    with firstlook.begun(files) as look:
        return _serve(options, files, look)


def _serve(options: argparse.Namespace, files: Files, look: Callable[[], Walk]) -> int:
    from broadsheet import markdown, work
    from broadsheet.preview import editors, listening, reading

    _check(options)
    editors.pattern(options.editor)
    port_asked = _PORT if options.port is None else options.port
    socket = listening.listen(options.host, port_asked, exactly=bool(options.port))
    port = socket.getsockname()[1]
    origin = f"http://{listening.address(listening.called(options.host, options.allow_host), port)}"
    _say_where(options, origin, port)
    sys.setswitchinterval(0.001)  # seconds: a request waits no longer than this for the back office
    with work.crew(options.jobs or arguments.cores()) as crew:
        crew.ready(markdown.load if reading.remembered(files) else None)  # else few stories are parsed at first
        begun = reading.begun(files, origin + "/", crew, look)
        from broadsheet.preview.serving import Preview  # a tenth of a second, in which the stories are being read

        preview = Preview(
            files,
            _requests(options, origin + "/"),
            crew,
            hosts=listening.hosts(options.host, port, options.allow_host),
            hour=lambda: arguments.instant(options.at).timestamp(),
            editor=editors.pattern(options.editor),
            navigate=options.navigate,
            say=lambda text: print(text, file=sys.stderr, flush=True),
            report=Terminal().findings,
            planned=_collect,
            look=look,
            reading=begun,
        )
        try:
            if options.open:
                _open(origin)
            preview.run(socket)
        except KeyboardInterrupt:
            pass
        finally:
            preview.close()
            crew.stop()
    return 0


def _collect() -> None:
    """Look for garbage, now that there is a plan: what it holds is none, and much to look through."""
    gc.set_threshold(_GARBAGE, 50, 1000)
    gc.enable()


def _check(options: argparse.Namespace) -> None:
    from broadsheet.errors import UsageError
    from broadsheet.preview import listening

    if not listening.loopback(options.host) and not options.allow_host:
        raise UsageError(
            f"--host {options.host} shows drafts to other machines: say by which name they may ask for them, "
            "with --allow-host NAME"
        )


def _requests(options: argparse.Namespace, base_url: str) -> Callable[[], Request]:
    """What makes the request of the moment: the clock is read whenever the site is planned."""
    vars(options).update(output="", base_url=base_url, adopt=False, full=False)
    vars(options).update(drafts=not options.public, future=not options.public)
    return lambda: arguments.request(options)


def _say_where(options: argparse.Namespace, origin: str, port: int) -> None:
    from broadsheet.preview import listening

    wanted = _PORT if options.port is None else options.port
    taken = f" (port {wanted} is taken)" if wanted not in (0, port) else ""
    print(f"preview: {origin}/{taken}   Ctrl-C ends it", flush=True)
    if not listening.loopback(options.host):
        print(
            f"warning: drafts are shown to whoever can reach {options.host}:{port} from the network and knows the name",
            file=sys.stderr,
        )


def _open(origin: str) -> None:
    import threading
    import webbrowser

    threading.Thread(target=webbrowser.open, args=(origin + "/",), daemon=True).start()


class Terminal:
    """Tells each finding once: when it comes, and that it is mended."""

    def __init__(self) -> None:
        self._errors: frozenset[Diagnostic] = frozenset()
        self._warnings: frozenset[Diagnostic] = frozenset()

    def findings(self, found: tuple[Diagnostic, ...]) -> None:
        errors = [finding for finding in found if finding.severity == "error"]
        warnings = [finding for finding in found if finding.severity == "warn" and finding not in self._warnings]
        fresh = [finding for finding in errors if finding not in self._errors]
        lines = [finding.format() for finding in (*first_of_each(warnings), *fresh)]
        if fresh:
            lines.append(f"{count(len(errors), 'error')}: the last good pages are shown")
        elif self._errors and not errors:
            lines.append("mended: everything is shown as it is written")
        self._errors = frozenset(errors)
        self._warnings = frozenset(finding for finding in found if finding.severity == "warn")
        if lines:
            print("\n".join(lines), file=sys.stderr, flush=True)
