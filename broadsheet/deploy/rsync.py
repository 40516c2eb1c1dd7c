"""A server reached by SSH, with rsync on both sides: the same releases as in a folder, made there.

Unchanged files are hard-linked on the server (`rsync --link-dest`), changed ones sent into a coming release, and the
link `current` is switched at once. What is interrupted lies in the coming release, and the next deploy goes on from it.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from broadsheet.deploy import commands
from broadsheet.deploy.records import (
    CLAIM,
    FOLDER,
    BusyError,
    Claim,
    Deployed,
    DeployError,
    dump_claim,
    dumps,
    load_claim,
    loads,
)
from broadsheet.deploy.targets import Upload
from broadsheet.files import Files
from broadsheet.frozen import record

_LOGIN = r"(?:(?P<user>[^@:/\s]+)@)?(?P<host>[^@:/\s]+|\[[0-9a-f:.]+\])"
_ADDRESSES = (
    re.compile(rf"ssh://{_LOGIN}(?::(?P<port>\d+))?(?P<path>/.*)"),
    re.compile(rf"{_LOGIN}(?P<port>):(?P<path>/.*)"),
)
_RESUMED = 5_000  # files; above that it is cheaper to begin anew than to compare
_COMING = "releases/.coming"


@record
class Address:
    user: str
    host: str
    port: int  # 0: the usual one
    path: str

    @property
    def login(self) -> str:
        return f"{self.user}@{self.host}" if self.user else self.host


def address(written: str) -> Address:
    """An address such as me@host:/srv/news or ssh://me@host:2222/srv/news. DeployError for anything else: nothing in it
    can be taken for an option."""
    found = next((found for pattern in _ADDRESSES if (found := pattern.fullmatch(written))), None)
    if found is None or not written.isprintable():
        raise DeployError(f"{written}: write the server's address as user@host:/folder or ssh://user@host:port/folder")
    user, host, path = found["user"] or "", found["host"], found["path"].rstrip("/")
    if user.startswith("-") or host.startswith("-") or not path or "/../" in path + "/":
        raise DeployError(f"{written}: a user or host can't begin with a hyphen, and the folder is not the root")
    return Address(user=user, host=host, port=int(found["port"] or 0), path=path)


class RsyncTarget:
    """Releases below the folder of `place`, of which `keep` stay. `config` is a file for `ssh -F` ("": none)."""

    switches = True
    keeps_headers = False

    def __init__(self, files: Files, folder: str, place: Address, *, keep: int, config: str = "") -> None:
        """`folder` is one of our own, for what has to lie here under another name."""
        self._files = files
        self._folder = folder
        self._place = place
        self._keep = keep
        self._ssh = ["ssh", "-o", "BatchMode=yes"]
        self._ssh += ["-F", config] if config else []
        self._ssh += ["-p", str(place.port)] if place.port else []
        self._before = ""
        self.where = f"{place.host}:{place.path}"

    # --- looking -----------------------------------------------------------------------------------------------

    def manifest(self) -> Deployed | None:
        name = self._run("readlink current", fine=(0, 1)).decode().strip().removeprefix("releases/")
        data = self._run(f"cat manifests/{shlex.quote(name)}.json.gz 2>/dev/null", fine=(0, 1)) if name else b""
        return loads(data, self._manifest_place(name)) if data else None

    def remains(self, base_url: str) -> Deployed | None:
        return None

    def claim(self) -> Claim | None:
        data = self._run(f"cat {CLAIM}", fine=(0, 1))
        return load_claim(data, f"{self.where}/{CLAIM}") if data else None

    def probe(self, paths: Sequence[str]) -> Mapping[str, str]:
        if len(paths) > _RESUMED:
            return {}
        names = "\0".join(paths).encode()
        # The coming release isn't there where the deploy was cut off before it was filled, or while it was switched to.
        look = f"[ -d {_COMING} ] || exit 0; cd {_COMING} && xargs -0 -r sha256sum -z -- 2>/dev/null"
        said = self._run(look, data=names, fine=(0, 1, 123))
        lines = [line.decode().partition("  ") for line in said.split(b"\0") if line]
        return {path: found[:32] for found, _, path in lines}

    def altered(self, sizes: Mapping[str, int]) -> Collection[str]:
        said = self._run(r"cd current 2>/dev/null || exit 0; find . -type f -printf '%s %P\0'")
        lines = [line.decode("utf-8", "surrogateescape").partition(" ") for line in said.split(b"\0")]
        there = {path: size for size, _, path in lines}
        return [path for path, size in sizes.items() if there.get(path) != str(size)]

    def strangers(self, paths: Collection[str]) -> Sequence[str]:
        if self._run("[ -e current ] && [ ! -L current ] && echo current", fine=(0, 1)):
            return ["current"]
        each = 'for path; do if [ -e "$path" ] || [ -L "$path" ]; then printf "%s\\0" "$path"; fi; done'
        look = f"cd current 2>/dev/null || exit 0; xargs -0 -r sh -c {shlex.quote(each)} sh"
        said = self._run(look, data=b"".join(path.encode() + b"\0" for path in paths))
        return [path.decode() for path in said.split(b"\0") if path]

    # --- changing ----------------------------------------------------------------------------------------------

    def begin(self, claim: Claim, after: Deployed, replacing: Claim | None) -> None:
        self._claim = claim.id
        root = shlex.quote(self._place.path)
        self._shell(f"mkdir -p {root}/releases {root}/manifests {root}/{FOLDER}")
        take = "ln" if replacing is None else f"grep -qF {shlex.quote(replacing.id)} {CLAIM} && mv"
        fresh = f"{CLAIM}.{claim.id}"
        script = f"cat >{fresh} && {take} {fresh} {CLAIM}; n=$?; rm -f {fresh}; [ $n = 0 ] || echo taken"
        if self._run(script, data=dump_claim(claim)):
            raise BusyError(f"{self.where}: another deploy began at the same moment: wait for it to end")
        self._before = self._run("readlink current", fine=(0, 1)).decode().strip()
        self._fill(claim.paths)

    def _fill(self, put: Sequence[str]) -> None:
        """Fill the coming release with what is current. What an interrupted deploy left there stays where it is among
        those that are to be put or deleted."""
        many = len(put) > _RESUMED
        if many and self._before:
            self._run(f"rm -rf {_COMING}")
        if not self._before:
            self._run(f"mkdir -p {_COMING}")
            return
        kept = b"".join(b"/" + re.sub(rb"([\\*?\[])", rb"\\\1", path.encode()) + b"\0" for path in put if not many)
        old = shlex.quote(self._before)
        # The second pass links what is put or deleted too, where an interrupted deploy left nothing.
        fill = f"rsync -a --link-dest=../../{old}/ {old}/ {_COMING}/"
        self._run(
            f"mkdir -p {_COMING} && {{ [ -d {old} ] || exit 0; }} && "  # what others removed is put again
            f"{fill} --delete --from0 --exclude-from=- && {fill} --ignore-existing",
            data=kept,
        )

    def put(self, uploads: Iterable[Upload], read: Callable[[Upload], bytes], done: Callable[[Upload], object]) -> None:
        by_folder: dict[str, list[Upload]] = {}
        for upload in uploads:
            read(upload)  # for its checks
            base = upload.place.removesuffix(upload.path)
            if base == upload.place:  # a sibling, which lies in the cache under its digest
                base = os.path.join(self._folder, "siblings") + os.sep
                self._files.link(upload.place, base + upload.path)
            by_folder.setdefault(base, []).append(upload)
        for base, group in by_folder.items():
            target = f"{self._place.login}:{self._place.path}/{_COMING}/"
            options = ["--checksum", "--links", "--perms", "--chmod=D755,F644", "--from0", "--files-from=-", "-s"]
            command = ["rsync", "-e", shlex.join(self._ssh), *options, "--", base, target]
            commands.run(command, data=b"".join(upload.path.encode() + b"\0" for upload in group))
            for upload in group:
                done(upload)
        self._files.remove_tree(os.path.join(self._folder, "siblings"))

    def delete(self, paths: Sequence[str]) -> None:
        if paths:
            names = b"".join(f"./{path}\0".encode() for path in paths)
            self._run(f"cd {_COMING} && xargs -0 rm -f -- && find . -type d -empty -delete", data=names)

    def commit(self, deployed: Deployed) -> None:
        name, held = shlex.quote(deployed.id), shlex.quote(self._claim)
        self._run(
            f"cat >manifests/{name}.new && mv manifests/{name}.new manifests/{name}.json.gz", data=dumps(deployed)
        )
        held = f'grep -qF {held} {CLAIM} && [ "$(readlink current)" = {shlex.quote(self._before)} ]'
        move = f"mv {_COMING} releases/{name} && ln -sfn releases/{name} current.new && mv -T current.new current"
        move = f"chmod 755 releases {_COMING} 2>/dev/null; {move}"  # those of former deploys may be closed to others
        script = f"{{ {held}; }} || {{ echo moved; exit 0; }}; sync -f releases 2>/dev/null || sync; {move}"
        if self._run(script):
            self._run(f"rm -f manifests/{name}.json.gz")
            raise DeployError(f"{self.where}: another deploy was made meanwhile: run this one again")

    def end(self) -> None:
        for release in self.releases()[self._keep :]:
            name = shlex.quote(release)
            self._run(f'[ "$(readlink current)" = releases/{name} ] || rm -rf releases/{name} manifests/{name}.json.gz')
        self._run(f"rm -f {CLAIM}")

    def close(self) -> None:
        pass

    # --- earlier releases --------------------------------------------------------------------------------------

    def releases(self) -> Sequence[str]:
        there = set(self._run("ls -1 releases").decode().split())
        names = (name.removesuffix(".json.gz") for name in self._run("ls -1 manifests").decode().split())
        return sorted((name for name in names if name in there), reverse=True)

    def manifest_of(self, release: str) -> Deployed:
        return loads(self._run(f"cat manifests/{shlex.quote(release)}.json.gz"), self._manifest_place(release))

    def _manifest_place(self, release: str) -> str:
        return f"{self.where}/manifests/{release}.json.gz"

    def mentions(self, release: str, names: Sequence[str]) -> Collection[str]:
        script = f"cd releases/{shlex.quote(release)} && grep -rlZF -f - ."
        said = self._run(script, data="\n".join(names).encode() + b"\n", fine=(0, 1))
        return [path.decode().removeprefix("./") for path in said.split(b"\0") if path]

    def restore(self, release: str, paths: Sequence[str]) -> None:
        old = f"releases/{shlex.quote(release)}/"
        script = f"rsync -a --checksum --from0 --files-from=- --link-dest=../../{old} {old} {_COMING}/"
        self._run(script, data=b"".join(path.encode() + b"\0" for path in paths))

    # --- the server --------------------------------------------------------------------------------------------

    def _run(self, script: str, *, data: bytes = b"", fine: Iterable[int] = (0,)) -> bytes:
        """What a script prints that runs in the target's folder; nothing where that isn't there yet."""
        return self._shell(f"cd {shlex.quote(self._place.path)} 2>/dev/null || exit 0; {script}", data=data, fine=fine)

    def _shell(self, script: str, *, data: bytes = b"", fine: Iterable[int] = (0,)) -> bytes:
        # Whatever the login's umask is: the web server, which is another user, reads the folders made here.
        there = f"umask 022; LC_ALL=C exec sh -c {shlex.quote(script)}"
        command = [*self._ssh, "--", self._place.login, there]
        return commands.run(command, data=data, fine=fine)[1]
