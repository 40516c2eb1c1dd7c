"""`deploy.targets` of config.yaml: each type of target with the keys that it takes."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from broadsheet import settings as types
from broadsheet.config.values import base_url
from broadsheet.frozen import FrozenMap
from broadsheet.patterns import pattern
from broadsheet.yamlnodes import Findings, Node
from broadsheet.yamlnodes import Mapping as Block
from broadsheet.yamlnodes.findings import shown
from broadsheet.yamlnodes.values import boolean, choice, integer, items, section, word

Reader: TypeAlias = Callable[[Findings, Any, str], Any]

_SECRET = pattern(r".*(?:secret|token|passw|access_key|account_key|api_?key|credential|private).*", re.IGNORECASE)
_BUCKETS = {"s3": "s3", "gcs": "gs", "azure": "az"}
_PASSWORD = pattern(r"[a-z+]+://[^/@]*:[^/@]*@", re.IGNORECASE)


def deploy(findings: Findings, node: Node, what: str) -> tuple[types.DeployTarget, ...]:
    """The targets in the order of the file."""
    return tuple(section(findings, node, {"targets": _targets}, what + ".").get("targets", ()))


def _targets(findings: Findings, node: Node, what: str) -> tuple[types.DeployTarget, ...]:
    names = [key.text for key, _ in node.entries] if isinstance(node, Block) else []
    for name in names:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
            findings.refuse(node, f"“{shown(name)}” can't be the name of a target", "Use letters, digits and hyphens.")
            return ()
    found = section(findings, node, dict.fromkeys(names, _target), what + ".")
    return tuple(types.DeployTarget(name=name, type=kind, options=options) for name, (kind, options) in found.items())


def _target(findings: Findings, node: Node, what: str) -> tuple[str, FrozenMap[str, object]] | None:
    if not isinstance(node, Block):
        findings.refuse(node, f"`{what}` must hold keys", "Write type: and below it what the type needs.")
        return None
    kinds = [value for key, value in node.entries if key.text == "type"]
    if not kinds:
        findings.refuse(node, f"`{what}` has no type", f"Write type: and one of {', '.join(TYPES)}.")
        return None
    kind = choice(*TYPES)(findings, kinds[0], f"{what}.type")
    if kind is None:
        return None
    for key, value in node.entries:
        if _SECRET.fullmatch(key.text):
            hint = "Remove the line: credentials come from the environment or the platform (docs/deploy.md)."
            findings.refuse(value, f"`{what}.{shown(key.text)}`: secrets don't belong in config.yaml", hint)
            return None
    values = section(findings, node, {"type": choice(*TYPES), **COMMON, **TYPES[kind]}, what + ".")
    values.pop("type", None)
    absent = [name for name in REQUIRED.get(kind, ()) if name not in values and not findings.told_of(f"{what}.{name}")]
    if absent:
        findings.refuse(node, f"`{what}` has no {absent[0]}", f"Add {absent[0]}: {_EXAMPLES[kind]}")
        return None
    if kind in _BUCKETS and "url" in values and not _bucket(values["url"], _BUCKETS[kind]):
        message = f"`{what}.url` must name a bucket, not “{shown(values['url'])}”"
        findings.refuse(node, message, f"For example {_EXAMPLES[kind]}")
        return None
    return kind, FrozenMap(values)


def _bucket(address: str, scheme: str) -> bool:
    return bool(
        re.fullmatch(rf"{scheme}://[A-Za-z0-9._-]+(?:/[A-Za-z0-9._~/-]*)?", address) and "//" not in address[5:]
    )


def url(findings: Findings, node: Node, what: str) -> str | None:
    """An address without a password in it."""
    written: str | None = word(findings, node, what)
    if written is not None and (_PASSWORD.match(written) or written.startswith("-") or not written.isprintable()):
        hint = "Credentials come from the environment or the platform (docs/deploy.md)."
        findings.refuse(node, f"`{what}` must be an address without a password", hint)
        return None
    return written


def command(findings: Findings, node: Node, what: str) -> str | None:
    """A command line: a program and its words, as a shell would take them apart."""
    written: str | None = word(findings, node, what)
    try:
        if written is None or shlex.split(written):
            return written
    except ValueError:
        pass
    findings.refuse(node, f"`{what}` must be a command", "For example ./purge.sh LIST")
    return None


COMMON: Mapping[str, Reader] = {
    "base_url": base_url,
    "max_deletes": integer(0, 10_000_000),
    "grace_hours": integer(0, 24 * 366),
    "compress": items(choice("br", "gz")),
    "purge": command,
}
_RELEASES: Mapping[str, Reader] = {"keep": integer(1, 1000)}
_BUCKET: Mapping[str, Reader] = {
    "url": url,
    "endpoint": url,
    "parallel": integer(1, 256),
    "timeout": integer(1, 3600),
    "retry_seconds": integer(0, 3600),
}
TYPES: Mapping[str, Mapping[str, Reader]] = {
    "folder": {"path": word, **_RELEASES},
    "git": {"url": url, "branch": word, "squash": boolean},
    "s3": {**_BUCKET, "region": word},
    "gcs": _BUCKET,
    "azure": {**_BUCKET, "account": word},
    "rsync": {"url": url, "ssh_config": word, **_RELEASES},
    "netlify": {"path": word},
    "cloudflare": {"path": word, "max_files": integer(1, 10_000_000)},
    "gitlab": {"path": word, "max_files": integer(1, 10_000_000)},
}
REQUIRED = {"folder": ("path",), "s3": ("url",), "gcs": ("url",), "azure": ("url",), "rsync": ("url",)}
_EXAMPLES = {
    "folder": "/srv/news",
    "s3": "s3://bucket/prefix",
    "gcs": "gs://bucket/prefix",
    "azure": "az://container/prefix",
    "rsync": "user@host:/srv/news",
}
