"""What a cache in front of the target has to forget: a list that is always left here, and told where that is set up."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from broadsheet.deploy import commands
from broadsheet.deploy.deploying import Prepared
from broadsheet.deploy.records import DeployError
from broadsheet.files import Files


class Purge:
    """The list of a target, in the `folder` of what this machine knows of it: changed.txt holds an address a line.
    `command` is given it ([]: none), and once that went well it is told.txt: till then nothing leaves the list."""

    def __init__(self, files: Files, folder: str, command: Sequence[str], base_url: str) -> None:
        self._files = files
        self._place = os.path.join(folder, "changed.txt")
        self._told = os.path.join(folder, "told.txt")
        self._command = command
        self._base_url = base_url

    def note(self, prepared: Prepared) -> None:
        """Write down what a deploy is about to change, before it does: it may be killed."""
        left = prepared.replacing.paths if prepared.replacing else ()  # what one that was killed may have changed
        if prepared.plan.idle and not left:
            return
        steps = (*prepared.plan.puts, *prepared.plan.deletes)
        changed = {*left, *(step.path for step in steps if not step.fresh)}
        siblings = prepared.plan.siblings()  # which nobody asks for
        waiting = self._waiting() if self._command else []
        lines = dict.fromkeys((*waiting, *sorted(self._addresses(changed - siblings))))
        self._files.write(self._place + ".new", "".join(f"{line}\n" for line in lines).encode())
        self._files.rename(self._place + ".new", self._place)

    def send(self) -> None:
        """Give the list to the command. DeployError where that fails: the next deploy tries again."""
        waiting = self._waiting() if self._command else []
        if not waiting:
            return
        words = [self._place if word == "LIST" else word for word in self._command]
        try:
            commands.run(words, data="".join(f"{line}\n" for line in waiting).encode())
        except DeployError as error:
            raise DeployError(
                f"the site is deployed, but its caches were not told: {error}; the same command tries again"
            ) from None
        self._files.rename(self._place, self._told)

    def _waiting(self) -> list[str]:
        return (self._files.read_or_none(self._place) or b"").decode("utf-8", "replace").splitlines()

    def _addresses(self, paths: Iterable[str]) -> list[str]:
        base = self._base_url.rstrip("/") + "/"
        return [base + quote(path.removesuffix("index.html")) for path in paths]
