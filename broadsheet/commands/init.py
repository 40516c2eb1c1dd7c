"""`init`: a new site from the starter, ready to be looked at, edited and put online."""

from __future__ import annotations

import argparse
import shlex


def add(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    init = verbs.add_parser("init", help="begin a site in a new folder, or beside what is in one")
    init.add_argument("folder", metavar="DIR", help="where; files that are there stay as they are, a site is refused")
    init.add_argument("--title", metavar="TEXT", default="The Section", help="the site's name (default: The Section)")
    init.add_argument("-b", "--base-url", metavar="URL", default="https://example.org/", help="where it will live")
    init.add_argument("--language", metavar="TAG", default="en", help="of its interface and stories (default: en)")
    init.add_argument("--timezone", metavar="ZONE", default="UTC", help="such as Europe/Istanbul (default: UTC)")
    init.add_argument("--ci", metavar="KIND", default="", help="workflow files, too: github, gitlab, forgejo, netlify…")
    init.set_defaults(run=run, format="text")


def run(options: argparse.Namespace) -> int:
    from broadsheet import newsite
    from broadsheet.commands.reports import count
    from broadsheet.commands.terminal import console
    from broadsheet.config import parse
    from broadsheet.deploy.ci import ci_files, target
    from broadsheet.errors import UsageError
    from broadsheet.files import Files

    values = {"title": options.title, "base_url": options.base_url, "language": options.language}
    made = dict(newsite.starter(**values, timezone=options.timezone))
    if options.ci:
        made |= {path: text.encode() for path, text in ci_files(options.ci).items()}
        made["config.yaml"] += target(options.ci).encode()
    _, problems = parse(made["config.yaml"].decode(), "config.yaml")
    if problems:
        raise UsageError("\n".join(f"{problem.message}: {problem.hint}" for problem in problems))
    stayed = newsite.write(Files(options.folder), made)
    out = console()
    out.done(options.folder, count(len(made) - len(stayed), "file"))
    for path in stayed:
        print(f"{path} was there already, and stays as it is")
    if ".gitignore" in stayed:
        print(f"(it should name {' and '.join(made['.gitignore'].decode().split())}, too)")
    print("Look at it, and edit content/town/first-edition/index.md:")
    print(f"  cd {shlex.quote(options.folder)}")
    print("  broadsheet serve -O")
    return 0
