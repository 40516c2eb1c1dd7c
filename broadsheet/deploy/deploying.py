"""A deploy from the first look to the last deletion: what `broadsheet deploy` does, in order."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from broadsheet.deploy import kinds, planning, refusals
from broadsheet.deploy.local import Local, Store
from broadsheet.deploy.planning import Plan, Wanted
from broadsheet.deploy.records import BusyError, Claim, Deployed
from broadsheet.deploy.targets import Target
from broadsheet.digest import digest
from broadsheet.files import Files
from broadsheet.frozen import FrozenMap, record
from broadsheet.request import Progress

_STALE_CLAIM = 3600  # seconds after which a deploy that hasn't ended is taken to be dead


@record
class Rules:
    """How a deploy is to go. `max_deletes`: None for the usual cap; `take_over`: whatever stands there was meant to be
    replaced; `adopt`: files that others put may be overwritten; `secrets`: values that must get nowhere."""

    base_url: str
    grace: timedelta
    max_deletes: int | None = None
    take_over: bool = False
    adopt: bool = False
    secrets: tuple[str, ...] = ()


@record
class Prepared:
    """What a deploy would do: exactly what `carry_out` then does."""

    plan: Plan
    replacing: Claim | None


@record
class Done:
    """What a deploy did: files and bytes by kind, seconds."""

    id: str
    files: int
    bytes: int
    unchanged: int
    deleted: int
    parting: int
    kinds: FrozenMap[str, tuple[int, int]]
    seconds: float
    resumed: bool


class Memory:
    """What this machine remembers of a target, below the site's .broadsheet/: the last deploy `known` to stand
    there, and the ids of those that it began since, whose claim or manifest may have reached the target."""

    def __init__(self, files: Files, folder: str, commit: str) -> None:
        self._files = files
        self._place = os.path.join(folder, "last.json")
        data = files.read_or_none(self._place)
        try:
            value = json.loads(data) if data else {}
            self.known = str(value.get("known", ""))
            self.claimed = tuple(str(name) for name in value.get("claimed", ()))
        except (ValueError, AttributeError, TypeError):
            self.known, self.claimed = "", ()
        self.commit = commit

    def begun(self, name: str) -> None:
        """A deploy is about to begin."""
        self.claimed = (*self.claimed, name)
        self._write()

    def ended(self, name: str) -> None:
        """A deploy stands at the target."""
        self.known, self.claimed = name, ()
        self._write()

    def _write(self) -> None:
        value = json.dumps({"known": self.known, "claimed": self.claimed})
        self._files.write(self._place + ".new", value.encode())
        self._files.rename(self._place + ".new", self._place)


def identity(now: datetime, local: Local, commit: str) -> str:
    """A name for a deploy: when, and of what."""
    mark = digest(repr((os.getpid(), commit, local.note.base_url, time.monotonic_ns())).encode()).hex()[:6]
    return f"{now:%Y%m%d-%H%M%S}-{mark}"


def prepare(
    target: Target,
    local: Local,
    store: Store,
    memory: Memory,
    rules: Rules,
    now: datetime,
    is_ancestor: Callable[[str, str], bool],
) -> Prepared:
    """Look at both sides, refuse what has to be, and say what is to be done. Nothing is written."""
    refusals.check_build(local.folder, local.files, local.note, rules.base_url, now)
    refusals.check_names(local.files)
    deployed = target.manifest()
    if deployed is None and rules.adopt:
        deployed = target.remains(local.note.base_url)
    if not rules.take_over:
        clone = refusals.Clone(known=(memory.known, *memory.claimed), commit=memory.commit)
        refusals.check_moved(deployed, clone, is_ancestor, target.where)
    claim = target.claim()
    if claim is not None and not rules.take_over:
        _check_claim(claim, memory.claimed, now, target.where)
    wanted = Wanted(
        id=identity(now, local, memory.commit),
        now=now,
        base_url=local.note.base_url,
        commit=memory.commit,
        files=local.files,
        withdrawn=local.note.withdrawn,
        pages=local.pages,
        rules=FrozenMap(dict(kinds.RULES)) if target.keeps_headers else FrozenMap(),
    )
    probed = target.probe(claim.paths) if claim else {}
    altered = _altered(target, deployed, probed, local, store)
    plan = planning.plan(wanted, deployed, probed, altered, grace=rules.grace, size=store.size)
    refusals.check_deletions(plan, rules.max_deletes)
    store.check([step.path for step in plan.puts], rules.secrets)
    fresh = [step.path for step in plan.puts if step.fresh]
    strangers = frozenset(target.strangers(fresh) if fresh else ())
    if not rules.adopt:
        refusals.check_strangers(strangers, target.where)
    plan = planning.adopting(plan, strangers)
    return Prepared(plan=plan, replacing=claim)


def _altered(
    target: Target, deployed: Deployed | None, probed: Collection[str], local: Local, store: Store
) -> Collection[str]:
    """The files that the last deploy put as they are here, and that are not there so any more."""
    leaving = {path: digest for path, (digest, _) in deployed.leaving.items()} if deployed else {}
    old = {**leaving, **(deployed.files if deployed else {})}
    same = [path for path, found in local.files.items() if old.get(path) == found and path not in probed]
    return target.altered(store.sizes(same))


def _check_claim(claim: Claim, own: Collection[str], now: datetime, where: str) -> None:
    if claim.id not in own and claim.age(now) < _STALE_CLAIM:
        raise BusyError(
            f"{where}: another deploy is under way since {claim.at[:16]}: wait for it to end; if it is dead, say "
            f"--take-over, or wait until it is an hour old"
        )


def carry_out(
    target: Target,
    prepared: Prepared,
    store: Store,
    memory: Memory,
    progress: Progress,
    restore: Callable[[], None] | None = None,
) -> Done:
    """Do what was prepared: nothing live ever names what isn't there yet, whenever this is interrupted.
    `restore` stands in for uploading, where the files are at the target already."""
    plan, start = prepared.plan, time.perf_counter()
    if not plan.idle or prepared.replacing:
        left = prepared.replacing.paths if prepared.replacing else ()
        paths = tuple(dict.fromkeys((*left, *plan.touched())))
        memory.begun(plan.after.id)
        target.begin(Claim(id=plan.after.id, at=plan.after.at, paths=paths), plan.after, prepared.replacing)
        if restore:
            restore()
        else:
            _put_all(target, plan, store, progress)
        gone = [step.path for step in plan.deletes]
        if target.switches:
            target.delete(gone)
            target.commit(plan.after)
        else:
            target.commit(plan.after)
            target.delete(gone)
        target.end()
        memory.ended(plan.after.id)
    elif plan.before:
        memory.ended(plan.before.id)
    return _done(plan, time.perf_counter() - start, prepared.replacing is not None)


def _put_all(target: Target, plan: Plan, store: Store, progress: Progress) -> None:
    step = progress("Uploading", len(plan.puts))
    for phase in plan.phases():
        if phase:
            uploads = [store.upload(put.path, fresh=put.fresh, headers=target.keeps_headers) for put in phase]
            target.put(uploads, store.read, lambda _: step(1))


def _done(plan: Plan, seconds: float, resumed: bool) -> Done:
    of: dict[str, tuple[int, int]] = {}
    for step in plan.puts:
        kind = kinds.kind(step.path, plan.after.pages)
        files, size = of.get(kind, (0, 0))
        of[kind] = (files + 1, size + step.size)
    after: Deployed = plan.before if plan.idle and plan.before else plan.after
    return Done(
        id=after.id,
        files=len(plan.puts),
        bytes=plan.bytes,
        unchanged=plan.unchanged,
        deleted=len(plan.deletes),
        parting=len(plan.parting),
        kinds=FrozenMap(of),
        seconds=seconds,
        resumed=resumed,
    )
