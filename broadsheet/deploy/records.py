"""What a target remembers of deploys: the manifest of the last one, and the claim of the one that is under way."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime

from broadsheet.deploy.kinds import Pages
from broadsheet.errors import BroadsheetError
from broadsheet.frozen import FrozenMap, record

FOLDER = ".broadsheet"  # at the target: nobody's page
MANIFEST = f"{FOLDER}/deployed.json.gz"
CLAIM = f"{FOLDER}/deploying.json"
# What this machine keeps of a target: its last deploy here, the manifest and claim of one that is laid out, and the
# addresses that caches are still to be told of.
REMEMBERED = ("last.json", "deployed.json.gz", "deploying.json", "changed.txt")
_VERSION = 1


class DeployError(BroadsheetError):
    """A deploy that can't be begun or finished; exit code 1."""


class BusyError(DeployError):
    """Another deploy of the target is under way; exit code 4."""

    exit_code = 4


@record
class Deployed:
    """The manifest at a target. `id` is "" where it was lost and is told from the files that are there. `files` are
    those of the site by path, with their digests (hex); `leaving` are assets that no page needs any more, with digest
    and since when (ISO 8601); `withdrawn` the paths of notices that stand in for stories; `pages` tells which files are
    pages, None where an older Broadsheet did not; `rules` what the files are served with, by kind and ending; `commit`
    the commit of the sources where it is known."""

    id: str
    number: int
    at: str
    base_url: str
    commit: str
    files: Mapping[str, str]
    leaving: Mapping[str, tuple[str, str]] = FrozenMap()
    withdrawn: tuple[str, ...] = ()
    pages: Pages | None = None
    rules: Mapping[str, str] = FrozenMap()


@record
class Claim:
    """A deploy that has begun: `paths` are those that may differ from what the manifest says until it has ended."""

    id: str
    at: str
    paths: tuple[str, ...]

    def age(self, now: datetime) -> float:
        """Seconds since it began."""
        return (now - datetime.fromisoformat(self.at)).total_seconds()


def dumps(deployed: Deployed) -> bytes:
    """The manifest as bytes: equal manifests give equal bytes."""
    value = {
        "version": _VERSION,
        "id": deployed.id,
        "number": deployed.number,
        "at": deployed.at,
        "base_url": deployed.base_url,
        "commit": deployed.commit,
        "files": dict(deployed.files),
        "leaving": {path: list(found) for path, found in deployed.leaving.items()},
        "withdrawn": list(deployed.withdrawn),
        "pages": deployed.pages
        and {"lists": sorted(deployed.pages.lists), "disguised": sorted(deployed.pages.disguised)},
        "rules": dict(deployed.rules),
    }
    return gzip.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), 1, mtime=0)


def loads(data: bytes, where: str) -> Deployed:
    """The manifest that `dumps` wrote. `where` names its file, which has to be removed where it isn't a manifest:
    DeployError says so, since what is there can't be known then."""
    try:
        value = json.loads(gzip.decompress(data))
        if value["version"] != _VERSION:
            raise DeployError(f"{where}: the last deploy was made by a newer Broadsheet: update this one")
        files = _texts(value["files"])
        leaving = {str(path): (str(found[0]), str(found[1])) for path, found in value["leaving"].items()}
        if not all(_inside(path) for path in (*files, *leaving)):
            raise ValueError
        return Deployed(
            id=str(value["id"]),
            number=int(value["number"]),
            at=datetime.fromisoformat(value["at"]).isoformat(),
            base_url=str(value["base_url"]),
            commit=str(value["commit"]),
            files=files,
            leaving=leaving,
            withdrawn=tuple(str(path) for path in value["withdrawn"]),
            pages=_pages(value["pages"]) if value.get("pages") else None,
            rules=_texts(value["rules"]),
        )
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, OSError, EOFError, zlib.error):
        raise DeployError(
            f"{where}: this manifest of a deploy can't be read: remove the file, and begin anew with --adopt"
        ) from None


def dump_claim(claim: Claim) -> bytes:
    value = {"version": _VERSION, "id": claim.id, "at": claim.at, "paths": list(claim.paths)}
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def load_claim(data: bytes, where: str) -> Claim:
    """The claim that `dump_claim` wrote. DeployError where it isn't one; `where` names its file."""
    try:
        value = json.loads(data)
        at = datetime.fromisoformat(value["at"])
        paths = tuple(str(path) for path in value["paths"])
        if at.tzinfo is None or not all(_inside(path) for path in paths):
            raise ValueError
        return Claim(id=str(value["id"]), at=at.isoformat(), paths=paths)
    except (ValueError, KeyError, TypeError):
        raise DeployError(
            f"{where}: this note of a deploy can't be read: remove the file, if none is under way"
        ) from None


def _inside(path: str) -> bool:
    """Whether a path names a file of the site, wherever the manifest came from."""
    steps = path.split("/")
    return "\0" not in path and "\n" not in path and steps[0] != FOLDER and not {"", ".", ".."} & set(steps)


def _pages(value: Mapping[str, Iterable[object]]) -> Pages:
    return Pages(lists=frozenset(map(str, value["lists"])), disguised=frozenset(map(str, value["disguised"])))


def _texts(value: Mapping[str, object]) -> dict[str, str]:
    return {str(key): str(found) for key, found in value.items()}
