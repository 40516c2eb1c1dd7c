"""What a target is: the small protocol that a deploy talks, and the files that it hands over."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Protocol, TypeAlias

from broadsheet.deploy.records import Claim, Deployed
from broadsheet.frozen import record

Reader: TypeAlias = Callable[[str], bytes]


@record
class Upload:
    """A file to put: `digest` is its content's (hex), `place` where it lies here (absolute), `headers` what a store
    keeps with it. `fresh`: nothing of ours is at its path, so what is there is somebody else's."""

    path: str
    digest: str
    place: str
    size: int
    headers: Mapping[str, str]
    fresh: bool


class Target(Protocol):
    """Somewhere that a site stands. A deploy calls, in this order: `manifest` and `claim` (and, if there is one,
    `probe`), `begin`, `put` for each phase, `commit`, `delete`, `end`; where the whole site `switches` at once,
    `delete` comes before `commit`. `close` always.

    Everything may raise DeployError, with no secret in its message; BusyError where another deploy is under way.
    """

    where: str  # for messages, without user names and secrets
    switches: bool  # whether readers see nothing of a deploy before `commit`
    keeps_headers: bool  # whether it stores Content-Type and Cache-Control with each file

    def manifest(self) -> Deployed | None:
        """What the last deploy left; None where there was none."""
        ...

    def remains(self, base_url: str) -> Deployed | None:
        """What the files themselves tell of earlier deploys where their manifest was lost; None where they can't be
        looked at so closely, or nothing there is ours."""
        ...

    def claim(self) -> Claim | None:
        """A deploy that began and has not ended."""
        ...

    def probe(self, paths: Sequence[str]) -> Mapping[str, str]:
        """The digest of each file that is in the place where it would be put; "" where there is none of ours."""
        ...

    def altered(self, sizes: Mapping[str, int]) -> Collection[str]:
        """Those of the files that the last deploy left there, with their sizes in bytes, that are not there any more or
        are others: as far as one quick look tells."""
        ...

    def strangers(self, paths: Collection[str]) -> Sequence[str]:
        """Those of the paths, where nothing of ours is, at which something lies all the same."""
        ...

    def begin(self, claim: Claim, after: Deployed, replacing: Claim | None) -> None:
        """Keep others out from here on. `replacing` is the claim that this one goes on from."""
        ...

    def put(self, uploads: Iterable[Upload], read: Callable[[Upload], bytes], done: Callable[[Upload], object]) -> None:
        """Put files; on return all of them can be fetched, or will be when `commit` switches. `read` gives the bytes
        of one, `done` is called for each."""
        ...

    def delete(self, paths: Sequence[str]) -> None: ...

    def commit(self, deployed: Deployed) -> None:
        """Make this the manifest, unless somebody else has committed since `manifest` was read: then DeployError."""
        ...

    def end(self) -> None:
        """Let others in."""
        ...

    def close(self) -> None: ...


class Releases(Target, Protocol):
    """A target that remembers earlier deploys and can put their files back."""

    def releases(self) -> Sequence[str]:
        """The ids of the deploys that it remembers, newest first."""
        ...

    def manifest_of(self, release: str) -> Deployed: ...

    def mentions(self, release: str, names: Sequence[str]) -> Collection[str]:
        """The paths of the release's files in which one of the names stands."""
        ...

    def restore(self, release: str, paths: Sequence[str]) -> None:
        """Take files of an earlier release into the new one (between `begin` and `commit`)."""
        ...
