"""What hosts take, checked before anything is handed to them: a host that is given more drops rules without a word, or
fails after the upload. The figures are those of the hosts' documentation (docs/deploy.md tells them)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from broadsheet.deploy.records import DeployError
from broadsheet.frozen import FrozenMap, record

_SHOWN = 5  # breaches in one message
_PATTERN = re.compile(r"[*]|:[A-Za-z]\w*")  # what makes a redirect one of many
_RULES = ("_headers", "_redirects")


@record
class Limits:
    """What a host takes; 0 is as much as you like.

    Files: how many in all (`rules_count`: `_headers` and `_redirects` among them; `folders_count`: folders, too), how
    many in one folder, bytes of one. Rules and characters of a line in `_headers`. In `_redirects`: rules, those with a
    pattern or behind one (`patterns`) and those before, characters of a line, steps of a path, bytes.
    """

    host: str
    files: int = 0
    rules_count: bool = True
    folders_count: bool = False
    files_in_folder: int = 0
    file_bytes: int = 0
    header_rules: int = 0
    header_line: int = 0
    redirect_rules: int = 0
    redirects: int = 0
    patterns: int = 0
    redirect_line: int = 0
    redirect_steps: int = 0
    redirect_bytes: int = 0


LIMITS: Mapping[str, Limits] = FrozenMap(
    {
        "cloudflare": Limits(
            host="Cloudflare Pages",
            files=20_000,
            rules_count=False,
            file_bytes=25 * 1024 * 1024,
            header_rules=100,
            header_line=2_000,
            redirects=2_000,
            patterns=100,
            redirect_line=1_000,
        ),
        "netlify": Limits(
            host="Netlify",
            files_in_folder=54_000,
        ),
        "gitlab": Limits(
            host="GitLab Pages",
            files=200_000,
            folders_count=True,
            redirect_rules=1_000,
            redirect_steps=25,
            redirect_bytes=64 * 1024,
        ),
    }
)


def check(limits: Limits, sizes: Mapping[str, int], read: Callable[[str], bytes]) -> None:
    """DeployError where a site is more than a host takes. `sizes` has every file's path and bytes, `read` gives the
    bytes of one of them."""
    found = list(_of_files(limits, sizes))
    for name, of_rules in zip(_RULES, (_of_headers, _of_redirects), strict=True):
        if name in sizes:
            found += of_rules(limits, read(name))
    if found:
        rest = f"\n… and {len(found) - _SHOWN:,} more" if len(found) > _SHOWN else ""
        raise DeployError("\n".join(found[:_SHOWN]) + rest)


def _of_files(limits: Limits, sizes: Mapping[str, int]) -> Iterator[str]:
    count = len(sizes) - (0 if limits.rules_count else len(sizes.keys() & set(_RULES)))
    within = Counter(path.rpartition("/")[0] for path in sizes)
    folders = {folder[:end] for folder in within if folder for end in _ends(folder)}
    count += len(folders) if limits.folders_count else 0
    if limits.files and count > limits.files:
        what = "files and folders" if limits.folders_count else "files"
        yield (
            f"the site has {count:,} {what}, and {limits.host} takes {limits.files:,}: put closed years on a site of "
            f"their own, or choose another host; if your plan takes more, say so (max_files: in config.yaml)"
        )
    for folder, number in within.items():
        if limits.files_in_folder and number > limits.files_in_folder:
            yield f"{folder or '.'}/: {number:,} files, and {limits.host} takes {limits.files_in_folder:,} in a folder"
    for path, size in sizes.items():
        if limits.file_bytes and size > limits.file_bytes:
            yield f"{path}: {size:,} bytes, and {limits.host} takes files of {limits.file_bytes:,}"


def _ends(folder: str) -> list[int]:
    """Where the names of a folder and of those around it end."""
    return [at for at, letter in enumerate(folder) if letter == "/"] + [len(folder)]


def _of_headers(limits: Limits, data: bytes) -> Iterator[str]:
    lines = _lines(data)
    rules = [number for number, line in lines if line.startswith("/") or re.match(r"\S+://", line)]
    yield from _too_many("_headers", rules, limits.header_rules, "rules", limits.host)
    yield from _too_long("_headers", lines, limits.header_line, limits.host)


def _of_redirects(limits: Limits, data: bytes) -> Iterator[str]:
    lines = _lines(data)
    numbers = [number for number, _ in lines]
    first = next((at for at, (_, line) in enumerate(lines) if _PATTERN.search(line.split()[0])), len(lines))
    yield from _too_many("_redirects", numbers, limits.redirect_rules, "rules", limits.host)
    yield from _too_many("_redirects", numbers[:first], limits.redirects, "rules without a pattern", limits.host)
    yield from _too_many(
        "_redirects", numbers[first:], limits.patterns, "rules from the first with a pattern on", limits.host
    )
    yield from _too_long("_redirects", lines, limits.redirect_line, limits.host)
    if limits.redirect_bytes and len(data) > limits.redirect_bytes:
        yield f"_redirects: {len(data):,} bytes, and {limits.host} reads {limits.redirect_bytes:,}"
    for number, line in lines:
        steps = max(word.count("/") for word in line.split()[:2])
        if limits.redirect_steps and steps > limits.redirect_steps:
            yield f"_redirects:{number}: {steps} steps in a path, and {limits.host} takes {limits.redirect_steps}"


def _lines(data: bytes) -> list[tuple[int, str]]:
    """The lines that say something, with their numbers."""
    stripped = ((number, line.strip()) for number, line in enumerate(data.decode("utf-8", "replace").split("\n"), 1))
    return [(number, line) for number, line in stripped if line and not line.startswith("#")]


def _too_many(name: str, numbers: Sequence[int], most: int, what: str, host: str) -> Iterator[str]:
    if most and len(numbers) > most:
        yield f"{name}:{numbers[most]}: {len(numbers):,} {what}, and {host} takes {most:,}: it would drop the rest"


def _too_long(name: str, lines: Sequence[tuple[int, str]], most: int, host: str) -> Iterator[str]:
    for number, line in lines:
        if most and len(line) > most:
            yield f"{name}:{number}: {len(line):,} characters, and {host} takes {most:,} in a line"
