"""Going back to an earlier deploy, but for what has been taken back since: what an editor withdrew stays withdrawn."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from html import escape
from urllib.parse import unquote

from broadsheet import urls
from broadsheet.buildnotes import Note
from broadsheet.deploy import kinds
from broadsheet.deploy.deploying import Prepared
from broadsheet.deploy.kinds import Pages
from broadsheet.deploy.planning import Plan, Step
from broadsheet.deploy.records import Deployed, DeployError
from broadsheet.deploy.targets import Releases

NO_NOTE = Note(base_url="", drafts=False, future=False, since=0, until=0, withdrawn=(), lists=(), disguised=())

_ENDS = "\"'<&#?\\"  # what may follow an address that a source wrote without its last slash


def prepare(target: Releases, release: str, now: datetime) -> tuple[Prepared, list[str]]:
    """What going back does, and which files come from the earlier release. Nothing is written.

    A page of the earlier release that is no longer on the site, or has a notice in its place, stays away; so does every
    file in which its address stands (teasers, feeds, links): the present one stays, if there is one. Where there is
    none, what names that file stays away, too. What is new since goes, unless something that stays leads there.
    """
    current = target.manifest()
    known = target.releases()
    if current is None or release not in known or release == current.id:
        listed = ", ".join(name for name in known if current is None or name != current.id)
        raise DeployError(
            f"{target.where}: there is no earlier deploy {release}" + (f": there are {listed}" if listed else "")
        )
    old = target.manifest_of(release)
    held = _held(target, old, current)
    held |= _pictures_of(target, old, current, held)
    held |= _new(target, old, current, held)
    return _plan(old, current, held, now)


def _held(target: Releases, old: Deployed, current: Deployed) -> set[str]:
    """The files of which nothing of the earlier release comes back, but for pictures: what has been taken back, and
    whatever would lead there."""
    held: set[str] = set()
    away = taken_back(old, current)
    while away:
        held.update(away)
        names = [name for path in away for name in _names(path, old.base_url)]
        naming = {kinds.original(path, old.files) for path in target.mentions(old.id, names)} - held
        held |= naming
        away = sorted(path for path in naming if path not in current.files)
    return held


def _new(target: Releases, old: Deployed, current: Deployed, held: Collection[str]) -> set[str]:
    """What is new since the earlier deploy, where a file that stays as it is now leads to any of it."""
    new = [path for path in current.files if path not in old.files and not kinds.waits(path, current.pages)]
    staying = [path for path in held if path in current.files]
    if not (new and staying):
        return set()
    names = [name for path in new for name in _names(path, current.base_url)]
    leading = {kinds.original(path, current.files) for path in target.mentions(current.id, names)}
    return {kinds.original(path, current.files) for path in new} if leading.intersection(staying) else set()


def _pictures_of(target: Releases, old: Deployed, current: Deployed, held: Collection[str]) -> set[str]:
    """The assets that the site no longer has, where only what stays away showed them."""
    lost = [path for path in old.files if kinds.waits(path, old.pages) and path not in current.files]
    if not lost:
        return set()
    showing = set(target.mentions(old.id, [path.rpartition("/")[2] for path in lost]))
    return set() if showing - set(held) else set(lost)


def taken_back(old: Deployed, current: Deployed) -> list[str]:
    """The pages of an earlier deploy that the site no longer has, or has something else for: a notice, a redirect, a
    list. Lists that have gone are none of them, unless nobody told which pages are lists."""
    kept = current.files.keys() - set(current.withdrawn) - (current.pages.lists if current.pages else set())

    def away(path: str) -> bool:
        kind = kinds.kind(path, old.pages)
        if kind == "list":
            return old.pages is None and path not in current.files
        return kind == "story" and path not in kept

    return sorted(path for path in old.files if kinds.original(path, old.files) == path and away(path))


def _pages(old: Deployed, current: Deployed, restored: Collection[str]) -> Pages | None:
    """What is told of the pages of the site that comes out of both, of which some files are restored."""
    if old.pages is None or current.pages is None:
        return None
    then, now = old.pages, current.pages
    return Pages(
        lists=then.lists.intersection(restored) | now.lists.difference(restored),
        disguised=then.disguised.intersection(restored) | now.disguised.difference(restored),
    )


def _names(path: str, base_url: str) -> Collection[str]:
    """How other files name a file: by its path from the root, as pages, lists of rules and scripts write it."""
    address = urls.base(base_url).href(path.removesuffix("index.html"))
    forms = list(dict.fromkeys((address, escape(address), unquote(address))))
    bare = [form[:-1] + end for form in forms for end in _ENDS] if path.endswith("/index.html") else []
    return [*forms, *bare]


def _plan(old: Deployed, current: Deployed, held: Collection[str], now: datetime) -> tuple[Prepared, list[str]]:
    files = dict(current.files)
    restored = {
        path: digest
        for path, digest in old.files.items()
        if kinds.original(path, old.files) not in held and current.files.get(path) != digest
    }
    gone = [
        path
        for path in current.files
        if path not in old.files
        and kinds.original(path, current.files) not in held
        and not kinds.waits(path, current.pages)
    ]
    for path in gone:
        del files[path]
    files.update(restored)
    alone = [path for path in files if _alone(path, old.files if path in restored else current.files, files)]
    for path in alone:
        del files[path]  # a compressed sibling of other bytes
    gone += [path for path in alone if path in current.files]
    leaving = {path: found for path, found in current.leaving.items() if path not in files}
    after = Deployed(
        id=f"{now:%Y%m%d-%H%M%S}-back",
        number=current.number + 1,
        at=now.isoformat(),
        base_url=old.base_url,
        commit=current.commit,  # what stands there is still meant to be overwritten by who knows this commit only
        files=files,
        leaving=leaving,
        withdrawn=current.withdrawn,
        pages=_pages(old, current, restored),
        rules=current.rules,
    )
    puts = tuple(Step(path=path, reason=f"as in {old.id}") for path in sorted(restored) if path in files)
    deletes = tuple(Step(path=path, reason=f"not in {old.id}") for path in sorted(gone))
    plan = Plan(
        puts=puts,
        deletes=deletes,
        parting=(),
        unchanged=len(files) - len(puts),
        before=current,
        after=after,
    )
    return Prepared(plan=plan, replacing=None), [step.path for step in puts]


def _alone(path: str, before: Mapping[str, str], files: Mapping[str, str]) -> bool:
    """Whether a compressed sibling, as which it came, stands beside other bytes now, or none."""
    return kinds.original(path, before) != path and kinds.original(path, files) == path
