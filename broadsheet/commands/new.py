"""`new`: a story with its front matter filled in. On a terminal it asks for what isn't given."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from broadsheet.commands import arguments
from broadsheet.commands.terminal import Console, console, isolated

if TYPE_CHECKING:
    from broadsheet.newstory import Draft, Photo
    from broadsheet.settings import Settings

_CARD = 1200  # pixels that news cards want


def add(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    new = verbs.add_parser("new", help='begin a story: `new europe --title "Night ferries return"`')
    new.add_argument("where", metavar="REGION[/SLUG]", help="where it goes; the slug is made from the title")
    new.add_argument("-s", "--source", metavar="DIR", default=".", help="the site folder (default: here)")
    new.add_argument("--title", metavar="TEXT", default="", help="the headline (else it is asked for)")
    new.add_argument("--description", "--standfirst", metavar="TEXT", default="", help="the standfirst")
    new.add_argument("--author", metavar="NAME", action="append", default=[], help="a name or id; may be repeated")
    new.add_argument("--topic", metavar="TOPIC", action="append", default=[], help="may be repeated")
    new.add_argument("--series", metavar="NAME", default="", help="the series it is an instalment of")
    new.add_argument("--kind", metavar="KIND", default="", help="article (the default) or live")
    new.add_argument("--label", metavar="LABEL", default="", help="opinion, analysis, explainer, review, feature…")
    new.add_argument("--lang", metavar="TAG", default="", help="where it isn't the region's")
    new.add_argument("--picture", metavar="FILE", default="", help="copied beside the story; what it says fills in:")
    new.add_argument("--alt", metavar="TEXT", default="", help="what the picture shows")
    new.add_argument("--caption", metavar="TEXT", default="", help="the sentence under the picture")
    new.add_argument("--credit", metavar="NAME", default="", help="who made the picture")
    new.add_argument("--folder", action="store_true", help="give it a folder for pictures to come")
    new.add_argument("--publish", action="store_true", help="no draft: it is published with the next build")
    new.add_argument("--at", metavar="TIME", default="", help="its date (default: now)")
    new.add_argument("--format", choices=("text", "json"), default="text", help="how to report")
    arguments.json_too(new)
    new.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from broadsheet import newstory
    from broadsheet.files import Files
    from broadsheet.sitefolder import load_settings

    files = Files(options.source)
    settings = load_settings(files, base_url="https://example.org/")  # an address isn't needed to write
    region, slug, day = newstory.region_and_slug(options.where, settings.content_dir)
    known = newstory.check_region(files, settings, region)
    lang = options.lang or newstory.language(files, settings, region)
    if not options.title:
        _ask(options)
    story = newstory.Draft(
        region=region,
        slug=_slug(slug, options.title, lang),
        title=options.title,
        date=_date(options.at, day, settings),
        dated=not day,
        description=options.description,
        authors=tuple(options.author),
        topics=tuple(options.topic),
        series=options.series,
        label=options.label,
        kind=options.kind,
        lang=options.lang,
        draft=not options.publish,
        folder=options.folder,
        photo=_photo(options, lang),
    )
    path = newstory.write(files, settings, story)
    if options.format == "json":
        print(json.dumps({"ok": True, "exit_code": 0, "path": path, "draft": story.draft}, ensure_ascii=False))
    else:
        _tell(path, story, settings.site.timezone, console())
        if not known:
            print(f"{region} is a new region: {settings.content_dir}/{region}/_index.md may give it a title")
    return 0


def _slug(given: str, title: str, lang: str) -> str:
    from broadsheet import newstory, urls
    from broadsheet.errors import UsageError

    slug = given or newstory.slug_of(title, lang)
    if not slug:
        raise UsageError("no slug can be made from this title: write one behind the region, such as europe/talks")
    if reason := urls.unsafe_name(slug):
        raise UsageError(f"“{slug}” can't be a slug: {reason}")
    return slug


def _date(at: str, day: str, settings: Settings) -> datetime:
    """The date that the name says, else `--at`, else now; in the site's zone, to the minute."""
    zone = ZoneInfo(settings.site.timezone)
    given = arguments.instant(day or at)
    return (given if given.tzinfo else given.replace(tzinfo=zone)).astimezone(zone).replace(second=0, microsecond=0)


def _photo(options: argparse.Namespace, lang: str) -> Photo | None:
    from dataclasses import replace

    from broadsheet import newstory
    from broadsheet.errors import UsageError
    from broadsheet.files import Files

    if not options.picture:
        return None
    try:
        data = Files(".").read(options.picture)
    except OSError as error:
        raise UsageError(f"{options.picture}: {error.strerror}") from None
    found = newstory.photo(data, options.picture, lang)
    given = {key: getattr(options, key) for key in ("alt", "caption", "credit") if getattr(options, key)}
    return replace(found, notes=replace(found.notes, **given))


# --- asking and telling --------------------------------------------------------------------------------------------


def _ask(options: argparse.Namespace) -> None:
    """Ask for what makes a story. Raises UsageError where nobody is there to answer."""
    from broadsheet.errors import UsageError

    if not (sys.stdin.isatty() and sys.stdout.isatty()) or options.format != "text":
        raise UsageError('a story needs a headline: --title "Night ferries return"')
    out = console()
    try:
        while not options.title:
            options.title = _answer(out, "Headline", "")
        options.description = options.description or _answer(out, "Standfirst", "one sentence; Enter leaves it out")
        options.author = options.author or _several(_answer(out, "Author", "several: with commas"))
        options.topic = options.topic or _several(_answer(out, "Topics", "several: with commas"))
        options.picture = options.picture or _answer(out, "Picture", "a file; Enter for none").strip("'\"")
    except EOFError:
        raise UsageError("nothing was written") from None


def _answer(out: Console, question: str, hint: str) -> str:
    told = out.style(question, "bold") + (" " + out.style(f"({hint})", "dim") if hint else "")
    return input(f"{told}: ").strip()


def _several(answer: str) -> list[str]:
    return [part.strip() for part in answer.split(",") if part.strip()]


def _tell(path: str, story: Draft, zone: str, out: Console) -> None:
    out.done(path)
    rows = [("headline", story.title), ("date", f"{story.date:%Y-%m-%d %H:%M} ({zone})")]
    if story.photo:
        notes = story.photo.notes
        small = f": news cards want {_CARD:,}" if story.photo.width < _CARD else ""
        rows.append(("picture", f"{story.photo.name}, {story.photo.width:,} × {story.photo.height:,} pixels{small}"))
        rows += [(key, text) for key in ("caption", "credit", "alt") if (text := getattr(notes, key))]
    for key, text in rows:
        shown = isolated(text)
        room = max(out.width - 12, 30)
        print(f"  {out.style(key.ljust(8), 'dim')}  {shown if len(shown) <= room else shown[: room - 1] + '…'}")
    if story.photo and not story.photo.notes.alt:
        print(out.style("Say what the picture shows in `alt:`, for readers who can't see it.", "yellow"))
    if story.draft:
        print("It is a draft: take `draft: true` away to publish it.")
