"""The socket of the preview, and by which names it may be called."""

from __future__ import annotations

import socket
from collections.abc import Collection, Sequence

from broadsheet.errors import UsageError

_PORTS = 100  # how many are tried after the first one that is taken


def listen(host: str, port: int, *, exactly: bool) -> socket.socket:
    """A socket at the port, or, unless it has to be `exactly` that one, at the next that is free. UsageError where
    there is none."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for number in range(port, port + (1 if exactly or not port else _PORTS)):
        found = socket.socket(family, socket.SOCK_STREAM)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind((host, number))
            found.listen(128)
        except OSError as error:
            found.close()
            reason = error.strerror or str(error)
        except OverflowError:
            found.close()
            break
        else:
            return found
        if exactly:
            raise UsageError(f"port {number} of {host}: {reason}: choose another one with -p")
    raise UsageError(f"no port from {port} on is free: {reason}")


def address(host: str, port: int) -> str:
    return f"{_written(host)}:{port}"


def _written(host: str) -> str:
    """A host as it stands in addresses."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def called(host: str, names: Sequence[str]) -> str:
    """The host that browsers ask for: where only this machine hears them, that is the one at which it listens, whatever
    `names` were allowed."""
    if loopback(host):
        return "127.0.0.1" if host == "localhost" else host
    return names[0]


def hosts(host: str, port: int, names: Collection[str]) -> frozenset[str]:
    """What a request may call this server by: the names of this machine to itself, and those that were allowed."""
    own = ("127.0.0.1", "localhost", *(("::1", host) if loopback(host) else ()))
    known = {_written(name.lower()) for name in (*own, *names)}
    return frozenset(f"{name}:{port}" for name in known) | (frozenset(known) if port == 80 else frozenset())


def loopback(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")
