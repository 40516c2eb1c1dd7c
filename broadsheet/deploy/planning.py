"""What a deploy does, told from two manifests: pure, so that a dry run says exactly what then happens."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from broadsheet.deploy import kinds
from broadsheet.deploy.kinds import Pages
from broadsheet.deploy.records import Deployed
from broadsheet.frozen import FrozenMap, record

_STALE = "it is not what the file beside it holds"


@record
class Wanted:
    """The site that is to stand at the target: its `files` by path with their digests, and what the manifest tells of
    them; `rules` are what they are served with, by kind and ending, where the target keeps headers."""

    id: str
    now: datetime
    base_url: str
    commit: str
    files: Mapping[str, str]
    withdrawn: tuple[str, ...]
    pages: Pages
    rules: Mapping[str, str] = FrozenMap()


@record
class Step:
    """One file that is put or deleted, and why; `size` in bytes. `fresh`: nothing of ours is there yet."""

    path: str
    reason: str
    size: int = 0
    fresh: bool = False


@record
class Plan:
    """`puts` in the order of the deploy, then `deletes`; `parting` are assets that begin to wait out the grace time;
    `after` is the manifest that stands at the target in the end."""

    puts: tuple[Step, ...]
    deletes: tuple[Step, ...]
    parting: tuple[Step, ...]
    unchanged: int
    before: Deployed | None
    after: Deployed

    @property
    def bytes(self) -> int:
        return sum(step.size for step in self.puts)

    @property
    def gone(self) -> tuple[str, ...]:
        """The files that were on the site and no longer are, at once or after the grace time."""
        old = self.before.files if self.before else {}
        return tuple(path for path in old if path not in self.after.files and kinds.original(path, old) == path)

    def siblings(self) -> set[str]:
        """The paths at which nothing but compressed siblings of other files is known to be, before and after."""
        leaving = {path: found for path, (found, _) in self.before.leaving.items()} if self.before else {}
        before = {**leaving, **(self.before.files if self.before else {})}
        found, others = set[str](), set[str]()
        for files in (before, self.after.files):
            for path in filter(kinds.compressed, files):
                (others if kinds.original(path, files) == path else found).add(path)
        return found - others

    @property
    def idle(self) -> bool:
        """Whether nothing has to be done, not even noting something."""
        before = self.before
        return not (self.puts or self.deletes) and before is not None and before.id != "" and _same(before, self.after)

    def phases(self) -> list[list[Step]]:
        """The puts, each group only begun when the one before it has ended."""
        pages = self.after.pages
        return [[step for step in self.puts if kinds.kind(step.path, pages) in phase] for phase in kinds.PHASES]

    def touched(self) -> tuple[str, ...]:
        """Every path that may differ from the manifest while the deploy is under way."""
        return tuple(step.path for step in (*self.puts, *self.deletes))


def as_found(deployed: Deployed | None, probed: Mapping[str, str]) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """The files of ours that are at the target, and those leaving: what the manifest says, put right by what an
    interrupted deploy was found to have left (`probed`: path -> digest, "" where nothing is)."""
    files = dict(deployed.files) if deployed else {}
    leaving = dict(deployed.leaving) if deployed else {}
    for path, found in probed.items():
        if path in leaving and found == leaving[path][0]:
            continue
        leaving.pop(path, None)
        if found:
            files[path] = found
        else:
            files.pop(path, None)
    return files, leaving


def plan(
    wanted: Wanted,
    deployed: Deployed | None,
    probed: Mapping[str, str],
    altered: Collection[str] = (),
    *,
    grace: timedelta,
    size: Callable[[str], int],
) -> Plan:
    """The steps from what is at the target to what is wanted there. `altered` are files that others removed or
    changed there since they were put."""
    files, leaving = as_found(deployed, probed)
    known = {**{path: found for path, (found, _) in leaving.items()}, **files}
    served = _changed_rules(deployed, wanted)
    puts = []
    for path, digest in wanted.files.items():
        anew = not served.isdisjoint(kinds.ruled_by(path, wanted.pages, wanted.files)) if served else False
        reason = _why_put(path, digest, known, probed, anew)
        if not reason and path in altered:
            reason = "not there as it was put"
        if reason:
            puts.append(Step(path=path, reason=reason, size=size(path), fresh=path not in known))
    order = {kind: place for place, phase in enumerate(kinds.PHASES) for kind in phase}
    puts.sort(key=lambda step: (order[kinds.kind(step.path, wanted.pages)], step.path))
    staying, parting, deletes = _departures(wanted, files, leaving, grace, deployed)
    return Plan(
        puts=tuple(puts),
        deletes=tuple(deletes),
        parting=tuple(parting),
        unchanged=len(wanted.files) - len(puts),
        before=deployed,
        after=Deployed(
            id=wanted.id,
            number=deployed.number + 1 if deployed else 1,
            at=wanted.now.isoformat(),
            base_url=wanted.base_url,
            commit=wanted.commit,
            files=dict(wanted.files),
            leaving=staying,
            withdrawn=wanted.withdrawn,
            pages=wanted.pages,
            rules=dict(wanted.rules),
        ),
    )


def _why_put(path: str, digest: str, known: Mapping[str, str], probed: Mapping[str, str], served_anew: bool) -> str:
    """Why a file is put; "" where it is in its place. `served_anew`: it is to have other headers."""
    if path not in known:
        return "new"
    if known[path] != digest:
        return "changed"
    if served_anew and path not in probed:
        return "headers changed"
    return ""


def _departures(
    wanted: Wanted,
    files: Mapping[str, str],
    leaving: Mapping[str, tuple[str, str]],
    grace: timedelta,
    deployed: Deployed | None,
) -> tuple[dict[str, tuple[str, str]], list[Step], list[Step]]:
    """What leaves: assets that wait, those among them that begin to, and what is deleted now."""
    staying: dict[str, tuple[str, str]] = {}
    parting, deletes, assets = [], [], []
    for path, (digest, since) in leaving.items():
        if path in wanted.files:
            continue
        if _is_stale(path, digest, wanted):
            deletes.append(Step(path=path, reason=_STALE))
        elif datetime.fromisoformat(since) + grace <= wanted.now:
            assets.append(Step(path=path, reason=f"unreferenced since {since[:16]}"))
        else:
            staying[path] = (digest, since)
    for path, digest in files.items():
        if path in wanted.files:
            continue
        known = deployed.pages if deployed and path in deployed.files else wanted.pages
        if _is_stale(path, digest, wanted):
            deletes.append(Step(path=path, reason=_STALE))
        elif not kinds.waits(path, known):
            deletes.append(Step(path=path, reason="no longer on the site"))
        elif grace:
            staying[path] = (digest, wanted.now.isoformat())
            parting.append(Step(path=path, reason="no page needs it: it is deleted after the grace time"))
        else:
            assets.append(Step(path=path, reason="no longer on the site"))
    parting, deletes, assets = (sorted(some, key=lambda step: step.path) for some in (parting, deletes, assets))
    return staying, parting, [*deletes, *assets]  # pages first: they may name the assets


def _is_stale(path: str, digest: str, wanted: Wanted) -> bool:
    """Whether a compressed file would stand beside a file of other bytes: servers give it in that one's place."""
    stem = kinds.uncompressed(path)
    if stem == path or stem not in wanted.files:
        return False
    return digest != kinds.sibling(wanted.files[stem], path.rpartition(".")[2])


def _changed_rules(deployed: Deployed | None, wanted: Wanted) -> set[str]:
    """The kinds and endings of files that are to be served with other headers than they were."""
    before = deployed.rules if deployed else {}
    return {kind for kind, rule in wanted.rules.items() if before.get(kind) != rule}


def _same(before: Deployed, after: Deployed) -> bool:
    names = ("base_url", "files", "leaving", "withdrawn", "pages", "rules")
    return all(getattr(before, name) == getattr(after, name) for name in names)


def adopting(plan: Plan, strangers: Collection[str]) -> Plan:
    """The plan that overwrites what others put at these paths."""
    puts = tuple(replace(step, fresh=False) if step.path in strangers else step for step in plan.puts)
    return replace(plan, puts=puts)
