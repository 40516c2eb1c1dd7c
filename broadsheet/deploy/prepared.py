"""Hosts that have a program of their own for uploading, by digest as well: here the site is laid out in a folder as
they want it, and their limits are checked before it gets to them (docs/deploy.md has their configuration)."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from broadsheet.deploy.records import Claim, Deployed, DeployError, dump_claim, dumps, load_claim, loads
from broadsheet.deploy.targets import Upload
from broadsheet.digest import digest
from broadsheet.files import Files
from broadsheet.frozen import FrozenMap, record


@record
class Limits:
    """What a host takes: files in all and bytes of one; rules in `_headers` and `_redirects`, and characters of a line.
    0: as many as you like. `command` is its own program's, with FOLDER for the folder."""

    host: str
    command: str
    files: int = 0
    file_bytes: int = 0
    header_rules: int = 0
    header_line: int = 0
    redirect_rules: int = 0
    redirect_line: int = 0


LIMITS: Mapping[str, Limits] = FrozenMap(
    {
        "cloudflare": Limits(
            host="Cloudflare Pages",
            command="npx wrangler pages deploy FOLDER --branch main",
            files=20_000,
            file_bytes=25 * 1024 * 1024,
            header_rules=100,
            header_line=2_000,
            redirect_rules=2_100,
            redirect_line=1_000,
        ),
        "netlify": Limits(
            host="Netlify",
            command="npx netlify deploy --prod --no-build --dir FOLDER",
            files=54_000,
        ),
        "gitlab": Limits(host="GitLab Pages", command="", redirect_rules=1_000, redirect_line=1_024),
    }
)


class PreparedTarget:
    """The site in the folder `path` (absolute), for the program of a host. What others put there stays."""

    switches = False
    keeps_headers = False

    def __init__(self, files: Files, path: str, folder: str) -> None:
        """`folder` is one of our own, where the manifest lies: the host gets everything in `path`."""
        self._files = files
        self._path = path
        self._manifest = os.path.join(folder, "deployed.json.gz")
        self._claim = os.path.join(folder, "deploying.json")
        self.where = path

    def manifest(self) -> Deployed | None:
        data = self._files.read_or_none(self._manifest)
        return loads(data, self._manifest) if data and os.path.isdir(self._path) else None

    def claim(self) -> Claim | None:
        data = self._files.read_or_none(self._claim)
        return load_claim(data, self._claim) if data else None

    def probe(self, paths: Sequence[str]) -> Mapping[str, str]:
        found = ((path, self._files.read_or_none(os.path.join(self._path, path))) for path in paths)
        return {path: "" if data is None else digest(data).hex() for path, data in found}

    def strangers(self, paths: Collection[str]) -> Sequence[str]:
        return [path for path in paths if os.path.lexists(os.path.join(self._path, path))]

    def begin(self, claim: Claim, after: Deployed, replacing: Claim | None) -> None:
        self._files.write(self._claim + ".new", dump_claim(claim))
        self._files.rename(self._claim + ".new", self._claim)

    def put(self, uploads: Iterable[Upload], read: Callable[[Upload], bytes], done: Callable[[Upload], object]) -> None:
        for upload in uploads:
            target = os.path.join(self._path, upload.path)
            self._files.write(target + ".new", read(upload))
            self._files.rename(target + ".new", target)
            done(upload)

    def delete(self, paths: Sequence[str]) -> None:
        for path in paths:
            target = os.path.join(self._path, path)
            self._files.remove(target)
            self._files.remove_empty_folders(os.path.dirname(target), self._path)

    def commit(self, deployed: Deployed) -> None:
        self._files.write(self._manifest + ".new", dumps(deployed))
        self._files.rename(self._manifest + ".new", self._manifest)

    def end(self) -> None:
        self._files.remove(self._claim)

    def close(self) -> None:
        pass


def check(limits: Limits, sizes: Mapping[str, int], read: Callable[[str], bytes]) -> None:
    """DeployError where a site is more than a host takes. `sizes` has every file's path and bytes, `read` gives the
    bytes of one of them."""
    if limits.files and len(sizes) > limits.files:
        raise DeployError(f"{limits.host} takes {limits.files:,} files, and the site has {len(sizes):,}")
    for path, size in sizes.items():
        if limits.file_bytes and size > limits.file_bytes:
            raise DeployError(f"{path}: {size:,} bytes, and {limits.host} takes files of {limits.file_bytes:,}")
    lines = read("_headers").decode("utf-8", "replace").splitlines() if "_headers" in sizes else []
    _check_rules(limits, "_headers", [line for line in lines if line.startswith("/")], limits.header_rules)
    _check_lines(limits, "_headers", lines, limits.header_line)
    lines = read("_redirects").decode("utf-8", "replace").splitlines() if "_redirects" in sizes else []
    rules = [line for line in lines if line.strip() and not line.startswith("#")]
    _check_rules(limits, "_redirects", rules, limits.redirect_rules)
    _check_lines(limits, "_redirects", rules, limits.redirect_line)


def _check_rules(limits: Limits, name: str, rules: Sequence[str], most: int) -> None:
    if most and len(rules) > most:
        raise DeployError(f"{name}: {len(rules):,} rules, and {limits.host} takes {most:,}")


def _check_lines(limits: Limits, name: str, lines: Sequence[str], most: int) -> None:
    for number, line in enumerate(lines, 1):
        if most and len(line) > most:
            raise DeployError(f"{name}:{number}: {len(line):,} characters, and {limits.host} takes {most:,} in a line")
