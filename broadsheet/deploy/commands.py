"""Other programs, run without a shell, whose words never carry a secret on."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from tempfile import TemporaryFile
from typing import IO, cast

from broadsheet.deploy.records import DeployError

_USER = re.compile(r"(?<=://)[^/@\s]+@")
_TOKEN = re.compile(r"\bbearer\s+\S+|\beyJ[\w-]{8,}\.[\w.-]+|\bya29\.[\w.-]+", re.IGNORECASE)
_QUERY = re.compile(r"\?[^\s'\")>]+")


def run(
    command: Sequence[str],
    *,
    data: bytes = b"",
    environment: Mapping[str, str] | None = None,
    fine: Iterable[int] = (0,),
    together: bool = False,
) -> tuple[int, bytes]:
    """The exit code and what a program printed; `together`: with what it complained of. DeployError with the end of its
    complaint where the code isn't fine."""
    complaints = subprocess.STDOUT if together else subprocess.PIPE
    try:
        done = subprocess.run(
            command, input=data, stdout=subprocess.PIPE, stderr=complaints, env=environment, check=False
        )
    except FileNotFoundError:
        raise DeployError(f"{command[0]} is not installed: this target needs it") from None
    if done.returncode not in fine:
        raise DeployError(f"{command[0]} failed: {complaint(done.stdout if together else done.stderr)}")
    return done.returncode, done.stdout


class Fed:
    """A program that is told piece by piece, so that what it is told is never in memory as a whole."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._name = command[0]
        self._said = TemporaryFile()  # noqa: SIM115  # closed by stop
        self._process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=self._said
        )

    def tell(self, data: bytes) -> None:
        """DeployError with the end of its complaint where it no longer listens."""
        try:
            cast("IO[bytes]", self._process.stdin).write(data)
        except OSError:
            self.end()

    def end(self) -> None:
        """There is no more to tell. DeployError with the end of its complaint where it failed."""
        with suppress(OSError):
            cast("IO[bytes]", self._process.stdin).close()
        if self._process.wait():
            self._said.seek(0)
            raise DeployError(f"{self._name} failed: {complaint(self._said.read())}")

    def stop(self) -> None:
        """Whatever it is doing."""
        if self._process.poll() is None:
            self._process.kill()
        with suppress(OSError):
            cast("IO[bytes]", self._process.stdin).close()
        self._process.wait()
        self._said.close()


def complaint(said: bytes) -> str:
    """The end of what a program complained of, without credentials."""
    lines = [line.strip() for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    return without_secrets("; ".join(lines[-4:])) or "it said nothing"


def without_secrets(text: str) -> str:
    """The text without the user names, passwords and signatures that addresses may hold, and without tokens."""
    return _TOKEN.sub("…", _QUERY.sub("", _USER.sub("", text)))
