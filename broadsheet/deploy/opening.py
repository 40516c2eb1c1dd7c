"""From a target in config.yaml to the target itself."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

from broadsheet import apart
from broadsheet.deploy import objects, rsync
from broadsheet.deploy.folder import WRITTEN, FolderTarget
from broadsheet.deploy.git import GitTarget
from broadsheet.deploy.limits import LIMITS
from broadsheet.deploy.prepared import PreparedTarget
from broadsheet.deploy.records import FOLDER
from broadsheet.deploy.targets import Target
from broadsheet.errors import UsageError
from broadsheet.files import Files
from broadsheet.settings import DeployTarget, Settings

KEEP = 5  # releases
BRANCH = "pages"
GRACE = 24 * 7  # hours: a page that a reader or a cache has kept still finds its pictures
PARALLEL = 16  # requests


def chosen(settings: Settings, name: str) -> DeployTarget:
    """The target of a name; without one, the only one there is, or `production`. UsageError where there is none."""
    targets = {target.name: target for target in settings.deploy}
    if not targets:
        raise UsageError("there is nowhere to deploy to: add deploy: targets: to config.yaml (docs/deploy.md)")
    wanted = name or ("production" if "production" in targets or len(targets) > 1 else next(iter(targets)))
    if wanted not in targets:
        names = ", ".join(targets)
        raise UsageError(f"there is no target {wanted}: config.yaml has {names}" if name else f"say which: {names}")
    return targets[wanted]


def folder_of(files: Files, name: str) -> str:
    """Where this machine keeps what it knows of a target."""
    return os.path.join(files.root, ".broadsheet", "deploy", name)


def grace(target: DeployTarget) -> timedelta:
    return timedelta(hours=_number(target, "grace_hours", GRACE))


def check_place(target: DeployTarget, files: Files, settings: Settings, output: str) -> None:
    """Refuse a target on this machine where a deploy would write among the sources, the output, or what is kept between
    builds."""
    if target.type != "folder" and target.type not in LIMITS:
        return
    path = _path(target, files)
    places = [os.path.join(path, name) for name in WRITTEN] if target.type == "folder" else [path]
    names = (settings.content_dir, settings.templates_dir, settings.static_dir)
    sources = [os.path.join(files.root, name) for name in names]
    outputs = [output, os.path.join(files.root, settings.output_dir)]
    own = os.path.join(folder_of(files, target.name), "site")
    for place in places:
        mistake = apart.mistaken(place, site=files.root, sources=sources)
        made = next((folder for folder in outputs if apart.overlap(place, folder)), "")
        if not mistake and made:
            mistake = f"it overlaps with the output folder {made}: choose a folder of its own"
        if not mistake and place != own and apart.overlap(place, os.path.join(files.root, FOLDER)):
            mistake = "what builds remember lies there: choose a folder of its own"
        if mistake:
            raise UsageError(f"the target {target.name} would be written to {place}: {mistake}")


def _path(target: DeployTarget, files: Files) -> str:
    """Where a target on this machine lies."""
    default = "public" if target.type == "gitlab" else os.path.join(folder_of(files, target.name), "site")
    return os.path.normpath(os.path.join(files.root, os.path.expanduser(str(target.options.get("path", default)))))


def opened(target: DeployTarget, files: Files, base_url: str) -> Target:
    """The target, ready to be asked. Paths are relative to the site folder. Nothing is sent yet."""
    folder = folder_of(files, target.name)
    options: Any = target.options
    if target.type == "folder":
        return FolderTarget(files, _path(target, files), _number(target, "keep", KEEP))
    if target.type == "git":
        url, branch = options.get("url", "origin"), options.get("branch", BRANCH)
        return GitTarget(files, folder, url, branch, squash=bool(options.get("squash")), base_url=base_url)
    if target.type == "rsync":
        config = options.get("ssh_config", "")
        place = os.path.join(files.root, os.path.expanduser(config)) if config else ""
        address = rsync.address(options["url"])
        return rsync.RsyncTarget(files, folder, address, keep=_number(target, "keep", KEEP), config=place)
    if target.type in LIMITS:
        return PreparedTarget(files, _path(target, files), folder)
    bucket, _, prefix = str(options["url"]).partition("://")[2].partition("/")
    store = objects.open_store(target.type, bucket, options)
    return objects.ObjectsTarget(
        store,
        prefix.strip("/") + "/" if prefix.strip("/") else "",
        str(options["url"]),
        parallel=_number(target, "parallel", PARALLEL),
        patience=_number(target, "retry_seconds", objects.PATIENCE),
        identifiers=target.type == "azure",
    )


def _number(target: DeployTarget, name: str, default: int) -> int:
    found = target.options.get(name, default)
    return found if isinstance(found, int) else default
