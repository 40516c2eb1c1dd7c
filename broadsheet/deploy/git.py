"""A branch of a git repository, as GitHub, GitLab and Codeberg Pages serve it.

Each deploy is one commit, made in a repository of our own below `.broadsheet/`: the user's index, branches and work
tree are never touched. Its tree is the site, with every file of others that the branch holds; its last parent is a
commit that holds the manifest, and so is never served. One push moves the branch, or nothing does. What others have
committed since the last deploy is theirs.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from broadsheet.deploy import commands, refusals
from broadsheet.deploy.records import Claim, Deployed, DeployError, dumps, loads
from broadsheet.deploy.targets import Upload
from broadsheet.files import Files

_MANIFEST = "deployed.json.gz"
_PASSED_ON = re.compile(r"(?:http|credential|url)\..*|core\.sshcommand|remote\..*\.(?:push)?url", re.IGNORECASE)
_NAME, _MAIL = "Broadsheet", "broadsheet@localhost"


class GitTarget:
    """A `branch` at `url` (an address, a path, or the name of a remote of the repository around the site)."""

    switches = True
    keeps_headers = False

    def __init__(self, files: Files, folder: str, url: str, branch: str, *, squash: bool, base_url: str) -> None:
        """`folder` is where our own repository lies; `squash`: the branch holds the last deploy only."""
        self._files = files
        self._git_dir = os.path.join(folder, "git")
        self._branch = branch
        self._squash = squash
        self._base_url = base_url
        self._environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C", **_passed_on(files.root)}
        for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
            self._environment.pop(name, None)
        self._url = self._resolved(url)
        self.where = f"{commands.without_secrets(self._url)} ({branch})"
        self._tip = ""  # the branch's commit
        self._deployed = ""  # the last deploy's, on which others may have committed
        self._fetched = False
        self._import: commands.Fed | None = None

    # --- looking -----------------------------------------------------------------------------------------------

    def manifest(self) -> Deployed | None:
        self._fetch()
        if not self._tip:
            return None
        found = self._manifest_at(self._tip)
        self._deployed = self._tip
        if found is None:  # others have committed since the last deploy, or there was none
            for commit in self._history().values():
                if found := self._manifest_at(commit):
                    self._deployed = commit
                    break
        return found

    def remains(self, base_url: str) -> Deployed | None:
        return None

    def claim(self) -> Claim | None:
        return None  # a push is done or not done

    def probe(self, paths: Sequence[str]) -> Mapping[str, str]:
        return {}

    def altered(self, sizes: Mapping[str, int]) -> Collection[str]:
        return sizes.keys() & self._by_others()

    def _by_others(self) -> set[str]:
        """What others have committed since the last deploy, removed files included."""
        if self._deployed == self._tip:
            return set()
        said = self._git("diff-tree", "-r", "-z", "--no-renames", "--name-only", self._deployed, self._tip)
        return {path.decode("utf-8", "surrogateescape") for path in said.split(b"\0")}

    def strangers(self, paths: Collection[str]) -> Sequence[str]:
        there = self._tree(self._tip) if self._tip else {}
        return [path for path in paths if path in there]

    # --- changing ----------------------------------------------------------------------------------------------

    def begin(self, claim: Claim, after: Deployed, replacing: Claim | None) -> None:
        there = self._tree(self._tip) if self._tip else {}
        if "CNAME" in there:
            refusals.check_host(self._git("cat-file", "blob", f"{self._tip}:CNAME").decode().strip(), self._base_url)
        self._after = after
        ident = self._identity()
        seconds = int(_seconds(after.at))
        message = f"Deploy {after.id}\n\nBroadsheet-Deploy: {after.id}\n"
        stream = [
            *(b"feature done\n", b"commit refs/deploy/manifest\n", b"mark :1\n"),
            f"committer {ident} {seconds} +0000\n".encode(),
            _data(f"Manifest of {after.id}\n".encode()),
            *(b"deleteall\n", f"M 100644 inline {_MANIFEST}\n".encode(), _data(dumps(after))),
            *(b"commit refs/deploy/coming\n", f"committer {ident} {seconds} +0000\n".encode(), _data(message.encode())),
        ]
        if self._tip and not self._squash:
            stream += [f"from {self._tip}\n".encode(), b"merge :1\n"]
        else:
            stream += [b"from :1\n", b"deleteall\n"]
            if self._tip:
                root = self._git("rev-parse", f"{self._tip}^{{tree}}").decode().strip()
                stream.append(f'M 040000 {root} ""\n'.encode())
        if ".nojekyll" not in there:
            stream += [b"M 100644 inline .nojekyll\n", _data(b"")]
        for ref in ("refs/deploy/manifest", "refs/deploy/coming"):
            self._git("update-ref", "-d", ref)
        importing = self._command("fast-import", "--quiet", "--force", "--date-format=raw-permissive")
        self._import = commands.Fed(importing, self._environment)
        self._tell(*stream)

    def put(self, uploads: Iterable[Upload], read: Callable[[Upload], bytes], done: Callable[[Upload], object]) -> None:
        for upload in uploads:
            self._tell(b"M 100644 inline " + _quoted(upload.path) + b"\n", _data(read(upload)))
            done(upload)

    def delete(self, paths: Sequence[str]) -> None:
        self._tell(*(b"D " + _quoted(path) + b"\n" for path in paths))

    def restore(self, release: str, paths: Sequence[str]) -> None:
        self._take(self._commit_of(release), paths)
        # What stays as it was deployed last is the last deploy's, not what others have made of it.
        self._take(self._deployed, sorted(self._by_others() & self._after.files.keys() - {*paths}))

    def _take(self, commit: str, paths: Sequence[str]) -> None:
        blobs = self._tree(commit) if paths else {}
        self._tell(*(f"M 100644 {blobs[path]} ".encode() + _quoted(path) + b"\n" for path in paths))

    def commit(self, deployed: Deployed) -> None:
        self._tell(b"done\n")  # without it nothing of this is kept
        if self._import:
            self._import.end()
        new = self._git("rev-parse", "refs/deploy/coming").decode().strip()
        ref = f"refs/heads/{self._branch}"
        lease = f"--force-with-lease={ref}:{self._tip}"
        command = self._command("push", "--quiet", "--porcelain", lease, self._url, f"{new}:{ref}")
        code, said = commands.run(command, environment=self._environment, fine=(0, 1), together=True)
        if code:
            raise DeployError(f"{self.where}: {_refusal(said)}")
        self._tip = new
        self._git("update-ref", "refs/deploy/last", new)

    def end(self) -> None:
        pass

    def close(self) -> None:
        if self._import:
            self._import.stop()

    def _tell(self, *pieces: bytes) -> None:
        if self._import:
            self._import.tell(b"".join(pieces))

    # --- earlier releases --------------------------------------------------------------------------------------

    def releases(self) -> Sequence[str]:
        return list(self._history())

    def manifest_of(self, release: str) -> Deployed:
        found = self._manifest_at(self._commit_of(release))
        if found is None:
            raise DeployError(f"{self.where}: {release} has no manifest")
        return found

    def mentions(self, release: str, names: Sequence[str]) -> Collection[str]:
        commit = self._commit_of(release)
        command = self._command("grep", "-l", "-z", "-F", "-f", "-", commit)  # there may be too many for a command line
        patterns = "\n".join(names).encode() + b"\n"
        _, said = commands.run(command, data=patterns, environment=self._environment, fine=(0, 1))
        return [path.partition(b":")[2].decode() for path in said.split(b"\0") if path]

    def _history(self) -> Mapping[str, str]:
        """Every deploy that the branch holds, newest first: id -> commit. Somebody may have merged it into theirs."""
        self._fetch(whole=True)
        if not self._tip:
            return {}
        said = self._git("log", "--date-order", "--format=%H %(trailers:key=Broadsheet-Deploy,valueonly)", self._tip)
        words = [line.split() for line in said.decode().splitlines() if line.strip()]
        return {found[1]: found[0] for found in words if len(found) == 2}

    def _commit_of(self, release: str) -> str:
        found = self._history().get(release)
        if found is None:
            raise DeployError(f"{self.where}: there is no deploy {release}")
        return found

    # --- the repository ----------------------------------------------------------------------------------------

    def _fetch(self, *, whole: bool = False) -> None:
        if self._fetched and not whole:
            return
        if not self._files.stamp(os.path.join(self._git_dir, "HEAD")):
            self._files.write(os.path.join(self._git_dir, "description"), b"deploys\n")
            commands.run(["git", "init", "--quiet", "--bare", self._git_dir], environment=self._environment)
        ref = f"refs/heads/{self._branch}"
        listed = self._git("ls-remote", "--", self._url, ref).decode().splitlines()
        tip = next((line.split("\t")[0] for line in listed if line.endswith("\t" + ref)), "")
        shallow = bool(self._files.stamp(os.path.join(self._git_dir, "shallow")))
        depth = (["--unshallow"] if shallow else []) if whole else ["--depth=2"]
        if tip and (tip != self._last() or whole):
            options = ["--quiet", "--no-tags", "--no-write-fetch-head", *depth]
            self._git("fetch", *options, "--", self._url, f"+{ref}:refs/deploy/last")
        self._tip, self._fetched = tip, True

    def _last(self) -> str:
        code, said = commands.run(
            self._command("rev-parse", "--quiet", "--verify", "refs/deploy/last"),
            environment=self._environment,
            fine=(0, 1),
        )
        return said.decode().strip() if code == 0 else ""

    def _manifest_at(self, commit: str) -> Deployed | None:
        """The manifest that belongs to a commit of the branch: in its last parent."""
        parents = self._git("rev-list", "--parents", "-n", "1", commit).decode().split()[1:]
        if not parents:
            return None
        listed = self._git("ls-tree", "--name-only", parents[-1]).decode().split()
        if listed != [_MANIFEST]:
            return None
        where = f"{self.where}, commit {parents[-1][:10]}: {_MANIFEST}"
        return loads(self._git("cat-file", "blob", f"{parents[-1]}:{_MANIFEST}"), where)

    def _tree(self, commit: str) -> dict[str, str]:
        """The files of a commit: path -> blob."""
        found = {}
        for line in self._git("ls-tree", "-r", "-z", commit).split(b"\0"):
            if line:
                facts, _, path = line.partition(b"\t")
                found[path.decode("utf-8", "surrogateescape")] = facts.split()[2].decode()
        return found

    def _identity(self) -> str:
        said = {}
        for key, default in (("user.name", _NAME), ("user.email", _MAIL)):
            command = ["git", "-C", self._files.root, "config", "--get", key]
            code, found = commands.run(command, environment=self._environment, fine=(0, 1))
            said[key] = re.sub(r"[<>\n\0]", "", found.decode().strip()) if code == 0 else default
        return f"{said['user.name']} <{said['user.email']}>"

    def _resolved(self, url: str) -> str:
        """An address that git takes as one: the name of a remote is looked up, a path made absolute."""
        if url.startswith("-") or "::" in url.partition("/")[0]:
            raise DeployError(f"{url}: this can't be a repository's address")
        if re.fullmatch(r"[\w.-]+", url):
            command = ["git", "-C", self._files.root, "remote", "get-url", "--push", "--", url]
            code, said = commands.run(command, environment=self._environment, fine=(0, 2, 128))
            if code == 0:
                return said.decode().strip()
        return url if ":" in url else os.path.join(self._files.root, url)

    def _git(self, *arguments: str) -> bytes:
        return commands.run(self._command(*arguments), environment=self._environment)[1]

    def _command(self, *arguments: str) -> list[str]:
        return ["git", f"--git-dir={self._git_dir}", "-c", "gc.auto=0", *arguments]


def _passed_on(site: str) -> dict[str, str]:
    """What the repository around the site says of how to reach others (CI keeps its credentials there), as environment
    variables: nothing of it is written anywhere."""
    command = ["git", "-C", site, "config", "--includes", "--list", "-z"]
    code, said = commands.run(command, fine=(0, 1, 128))
    pairs = (
        [entry.partition("\n") for entry in said.decode("utf-8", "replace").split("\0") if entry] if code == 0 else []
    )
    kept = [(key, value) for key, _, value in pairs if _PASSED_ON.fullmatch(key)]
    found = {"GIT_CONFIG_COUNT": str(len(kept))}
    for number, (key, value) in enumerate(kept):
        found |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return found


def _refusal(said: bytes) -> str:
    """Why a push came to nothing. Where git itself held it back the branch has moved since we looked; all else is the
    host's own word, which it says in its first lines: advice follows."""
    if b"[rejected]" in said:
        return "somebody else deployed meanwhile: nothing of this deploy is live"
    reason = re.search(rb"\[remote rejected\] \((.*)\)", said)
    lines = [line.removeprefix(b"remote:").strip() for line in said.splitlines() if line.startswith(b"remote:")]
    told = commands.complaint(b"\n".join([line for line in lines if line][:4]) or said)
    why = f" ({reason[1].decode('utf-8', 'replace')})" if reason else ""
    return f"the push failed{why}: {told}"


def is_ancestor(site: str) -> Callable[[str, str], bool]:
    """Tells whether one commit of the sources came before another, as far as the clone around `site` knows."""

    def tell(one: str, other: str) -> bool:
        if not (re.fullmatch(r"[0-9a-f]{40,64}", one) and re.fullmatch(r"[0-9a-f]{40,64}", other)):
            return False
        command = ["git", "-C", site, "merge-base", "--is-ancestor", one, other]
        return commands.run(command, fine=(0, 1, 128))[0] == 0

    return tell


def commit_of(site: str) -> str:
    """The commit that the sources of a site stand at; "" where they are in no repository, or git isn't here."""
    try:
        code, said = commands.run(["git", "-C", site, "rev-parse", "--quiet", "--verify", "HEAD"], fine=(0, 1, 128))
    except DeployError:
        return ""
    return said.decode().strip() if code == 0 else ""


def _data(data: bytes) -> bytes:
    return b"data %d\n%b\n" % (len(data), data)


def _quoted(path: str) -> bytes:
    """A path as fast-import reads it."""
    return b'"' + path.encode().replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n") + b'"'


def _seconds(at: str) -> float:
    from datetime import datetime

    return datetime.fromisoformat(at).timestamp()
