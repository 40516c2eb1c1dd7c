"""What `broadsheet deploy` can be asked: a deploy, what one would do, a rollback, a check of the live site."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TypeAlias, cast
from zoneinfo import ZoneInfo

from broadsheet import output, sitefolder
from broadsheet.deploy import deploying, git, limits, live, local, opening, refusals, rollback
from broadsheet.deploy.deploying import Done, Memory, Prepared, Rules
from broadsheet.deploy.kinds import Pages
from broadsheet.deploy.local import Local, Store
from broadsheet.deploy.purging import Purge
from broadsheet.deploy.records import BusyError, Deployed, DeployError
from broadsheet.deploy.targets import Releases, Target
from broadsheet.errors import UsageError
from broadsheet.files import Files, LockedError
from broadsheet.frozen import FrozenMap, record
from broadsheet.request import Progress
from broadsheet.settings import DeployTarget, Settings

Agreed: TypeAlias = Callable[[Prepared, str], bool]
_NOWHERE = DeployTarget(name="nowhere", type="", options=FrozenMap())


@record
class Asked:
    """What a deploy is asked; `output` replaces the settings' folder when given; `wait`: seconds for a build that
    writes there to end."""

    site: str
    now: datetime
    target: str = ""
    output: str = ""
    wait: float = 30
    dry: bool = False
    max_deletes: int | None = None
    take_over: bool = False
    adopt: bool = False


class _Session:
    """What all of them need."""

    def __init__(self, asked: Asked, settings: Settings, target: DeployTarget, files: Files) -> None:
        self.files = files
        self.settings = settings
        self.chosen = target
        self.zone = ZoneInfo(settings.site.timezone)
        self.now = (asked.now if asked.now.tzinfo else asked.now.replace(tzinfo=self.zone)).astimezone(UTC)
        self.folder = opening.folder_of(files, target.name)
        place = os.path.abspath(asked.output) if asked.output else os.path.join(files.root, settings.output_dir)
        self.output = place
        base_url = str(target.options.get("base_url", "")) or settings.site.base_url
        cap = target.options.get("max_deletes")
        self.rules = Rules(
            base_url=base_url,
            grace=opening.grace(target),
            max_deletes=asked.max_deletes if asked.max_deletes is not None else cast("int | None", cap),
            take_over=asked.take_over,
            adopt=asked.adopt,
            secrets=refusals.secrets_of(os.environ),
        )

    def memory(self) -> Memory:
        return Memory(self.files, self.folder, git.commit_of(self.files.root))

    def local(self) -> Local:
        return local.read(self.files, self.output, cast("Sequence[str]", self.chosen.options.get("compress", ())))

    def store(self, found: Local, *, keep: bool) -> Store:
        return Store(self.files, found, os.path.join(self.files.root, ".broadsheet", "deploy", "compressed"), keep=keep)

    def purge(self) -> Purge:
        words = shlex.split(str(self.chosen.options.get("purge", "")))
        return Purge(self.files, self.folder, words, self.rules.base_url)


def deploy(asked: Asked, progress: Progress, agreed: Agreed) -> Done | None:
    """Deploy, unless `agreed` says no to what would be done; then None. Raises DeployError, BusyError, UsageError and
    what reading config.yaml raises."""
    with _session(asked) as session, _target(session) as target:
        found = session.local()
        store, memory = session.store(found, keep=not asked.dry), session.memory()
        _check_limits(session, found, store)
        ancestor = git.is_ancestor(session.files.root)
        ready = deploying.prepare(target, found, store, memory, session.rules, session.now, ancestor)
        if not agreed(ready, target.where) or asked.dry:
            return None
        purge = session.purge()
        purge.note(ready)
        done = deploying.carry_out(target, ready, store, memory, progress)
        purge.send()
        return done


def releases(asked: Asked) -> list[tuple[str, datetime, int, bool]]:
    """The deploys that a target remembers: id, when (in the site's zone), files, and whether it is the present one. Of
    those whose manifest can't be read nothing is known: there is no way back to them."""
    with _session(asked) as session, _target(session) as target:
        kept = _with_releases(target)
        present = _legible(target.manifest)
        found = [known for name in kept.releases() if (known := _legible(partial(kept.manifest_of, name)))]
        return [
            (
                known.id,
                datetime.fromisoformat(known.at).astimezone(session.zone),
                len(known.files),
                present is not None and known.id == present.id,
            )
            for known in found
        ]


def _legible(manifest: Callable[[], Deployed | None]) -> Deployed | None:
    with suppress(DeployError):
        return manifest()
    return None


def roll_back(asked: Asked, release: str, progress: Progress, agreed: Agreed) -> Done | None:
    """Put an earlier deploy back, but for what has been taken back since."""
    with _session(asked) as session, _target(session) as target:
        kept = _with_releases(target)
        ready, restored = rollback.prepare(kept, release, session.now)
        if not agreed(ready, target.where) or asked.dry:
            return None
        nothing = Local(folder=session.output, files={}, siblings=frozenset(), note=rollback.NO_NOTE, pages=Pages())
        store = session.store(nothing, keep=False)
        purge = session.purge()
        purge.note(ready)
        done = deploying.carry_out(
            target, ready, store, session.memory(), progress, lambda: kept.restore(release, restored)
        )
        purge.send()
        return done


def check(asked: Asked, url: str, progress: Progress) -> tuple[int, list[live.Finding]]:
    """Compare a sample of the live site at `url` with the output folder: how many addresses, and what differs. It may
    have got there without a target of config.yaml."""
    with _session(asked, otherwise=_NOWHERE) as session:
        found = local.read(session.files, session.output, ())
        return live.check(session.files, found, url, kind=session.chosen.type, progress=progress)


@contextmanager
def _session(asked: Asked, otherwise: DeployTarget | None = None) -> Iterator[_Session]:
    """A look at config.yaml, with the output folder held still while it is read, unless nothing is to be written.
    `otherwise` is the target where there is none, and none was named."""
    files = Files(asked.site)
    settings = sitefolder.load_settings(files, base_url="")
    chosen = otherwise if otherwise and not (settings.deploy or asked.target) else None
    session = _Session(asked, settings, chosen or opening.chosen(settings, asked.target), files)
    with ExitStack() as stack:
        if not asked.dry and os.path.isdir(session.output):
            try:
                stack.enter_context(files.lock(output.lock(session.output), asked.wait))
            except LockedError as error:
                raise BusyError(str(error)) from None
        yield session


@contextmanager
def _target(session: _Session) -> Iterator[Target]:
    opening.check_place(session.chosen, session.files, session.settings, session.output)
    target = opening.opened(session.chosen, session.files, session.rules.base_url)
    try:
        yield target
    finally:
        target.close()


def _with_releases(target: Target) -> Releases:
    if not hasattr(target, "restore"):
        raise UsageError(
            f"{target.where}: this target keeps no earlier deploys: check out the earlier sources, build, and deploy"
        )
    return cast("Releases", target)


def _check_limits(session: _Session, found: Local, store: Store) -> None:
    known = limits.LIMITS.get(session.chosen.type)
    if known:
        most = cast("int | None", session.chosen.options.get("max_files"))
        sizes = {path: store.size(path) for path in found.files}
        limits.check(
            replace(known, files=most) if most else known,
            sizes,
            lambda path: session.files.read(os.path.join(found.folder, path)),
        )
