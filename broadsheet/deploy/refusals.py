"""What must not go out, and what must not be overwritten: DeployError tells the reason and a way on."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from broadsheet.buildnotes import Note
from broadsheet.deploy.planning import Plan
from broadsheet.deploy.records import Deployed, DeployError
from broadsheet.frozen import record

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST_DELETIONS = 250  # files; so many may go in one deploy without being asked for
MOST_SHARE = 0.1  # of the site; below FEW files any share may go
FEW = 20

_SECRET_NAMES = re.compile(
    r"id_(?:rsa|dsa|ecdsa|ed25519)|.*\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ovpn|ppk)|credentials(?:\.\w+)?|"
    r"secrets?\.\w+|service[-_]account.*\.json|.*\.(?:tfstate|tfvars|sqlite3?)|wp-config\.php|.*\.env",
    re.IGNORECASE,
)
# What only ever is a secret. A story may tell of keys, so pages are searched for our own credentials only.
_SECRET_BYTES = re.compile(
    rb"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bAIza[\w-]{35}\b|"
    rb'"private_key"\s*:'
)
_SECRET_VARIABLE = re.compile(
    r".*(?:SECRET|TOKEN|PASSWORD|PASSWD|ACCESS_KEY|ACCOUNT_KEY|STORAGE_KEY|PRIVATE_KEY|SAS_KEY|API_KEY|CREDENTIAL).*"
)
_SHORTEST = 12  # characters; shorter values stand in texts by chance


def secrets_of(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The values in an environment that nobody else may see; but not where a file of them lies."""
    return tuple(
        value
        for name, value in environment.items()
        if _SECRET_VARIABLE.fullmatch(name.upper())
        and len(value) >= _SHORTEST
        and not (value.startswith("/") and os.path.exists(value))  # a key may begin with a "/", too
    )


def check_build(folder: str, files: Collection[str], note: Note, base_url: str, now: datetime) -> None:
    """Refuse what was built with drafts, for another hour or address, and what is no site."""
    if note.drafts or note.future:
        raise DeployError(f"{folder}: it was built with drafts or scheduled stories (-D, -F): these stay here")
    instant = int((now.astimezone(UTC) - _EPOCH) / timedelta(microseconds=1))
    if instant < note.since:
        raise DeployError(f"{folder}: it was built for an hour that has not come (--at): build it for now")
    if instant >= note.until:
        raise DeployError(f"{folder}: an hour has come at which the site changes: build it again first")
    if note.base_url != base_url:
        raise DeployError(
            f"{folder}: it was built for {note.base_url or 'no address'}, and this target is {base_url}: "
            f"build it with -b {base_url}"
        )
    if "index.html" not in files or not any(path.endswith("/index.html") for path in files):
        raise DeployError(f"{folder}: there is no site in it, or an empty one: nothing was deployed")


def check_names(paths: Iterable[str]) -> None:
    """Refuse hidden files (but .well-known) and names that secrets have."""
    for path in paths:
        steps = path.split("/")
        if any(step.startswith(".") and step != ".well-known" for step in steps):
            raise DeployError(f"{path}: a hidden file is not deployed: remove it from the sources")
        if _SECRET_NAMES.fullmatch(steps[-1]):
            raise DeployError(f"{path}: files of this name hold secrets: remove it from the sources, or rename it")


def check_bytes(path: str, data: bytes, secrets: Iterable[bytes]) -> None:
    """Refuse a file that holds one of our own credentials, or, where it is no page, any private key."""
    held = any(secret in data for secret in secrets)
    if held or (not path.endswith((".html", ".xml", ".atom", "feed.json")) and _SECRET_BYTES.search(data)):
        raise DeployError(f"{path}: it holds a secret (a key or token): remove it, and replace the secret by a new one")


def check_deletions(plan: Plan, most: int | None) -> None:
    """Refuse to take away much of a site, which is more often a mistake than meant."""
    gone, old = plan.gone, len(plan.before.files) if plan.before else 0
    share = len(gone) > max(FEW, old * MOST_SHARE)
    if len(gone) <= most if most is not None else not (share or len(gone) > MOST_DELETIONS):
        return
    listed = "".join(f"\n  {path}" for path in sorted(gone)[:5])
    raise DeployError(
        f"{len(gone):,} of the {old:,} files of the site would be taken away: if that is meant, say "
        f"--max-deletes {len(gone)}{listed}{'' if len(gone) <= 5 else chr(10) + '  …'}"
    )


@record
class Clone:
    """What this machine knows: the last deploy of the target that it made or agreed to, and its sources' commit."""

    known: tuple[str, ...]
    commit: str


def check_moved(deployed: Deployed | None, clone: Clone, is_ancestor: Callable[[str, str], bool], where: str) -> None:
    """Refuse to overwrite a deploy that this machine's sources know nothing of. `is_ancestor` tells whether the first
    commit is the second or came before it, as far as this clone can know."""
    if deployed is None or not deployed.id or deployed.id in clone.known:
        return
    theirs, ours = deployed.commit, clone.commit
    if theirs and ours and (theirs == ours or is_ancestor(theirs, ours)):
        return
    what = f"{where}: it was deployed to elsewhere ({deployed.id}, at {deployed.at[:16]}"
    what += f", from commit {theirs[:10]})" if theirs else ")"
    if theirs and ours and is_ancestor(ours, theirs):
        raise DeployError(f"{what}, from newer sources than these: pull, build, and deploy again")
    since = "since this machine last did" if any(clone.known) else "and this machine remembers no deploy of its own"
    raise DeployError(
        f"{what} {since}: fetch what others changed and build, or say --take-over "
        "if these sources are the ones to stand"
    )


def check_strangers(strangers: Collection[str], where: str) -> None:
    """Refuse to overwrite what others put there."""
    if strangers:
        raise DeployError(
            f"{where}: it holds files of these names that no deploy is known to have put ({min(strangers)}"
            f"{f' and {len(strangers) - 1:,} more' if len(strangers) > 1 else ''}): choose another place, or say "
            "--adopt to let this site replace them"
        )


def check_host(name: str, base_url: str) -> None:
    """Refuse a custom domain at the target (the CNAME file of a branch) that is another than the site's."""
    host = urlsplit(base_url).hostname or ""
    if name and name.lower() != host.lower():
        raise DeployError(f"the target's CNAME is {name}, and the site was built for {base_url}: one of them is wrong")
