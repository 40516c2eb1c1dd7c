"""Workers on other machines, or wherever somebody's own executor has them: `--executor`.

Nothing but batches reaches them, and each of these carries all that is needed: they share no disk with the build.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from typing import Any

from broadsheet import work
from broadsheet.errors import UsageError
from broadsheet.toolchain import toolchain

_DASK = "dask:"
_TLS = ("ca-file", "client.cert", "client.key")  # of Dask's own configuration, below distributed.comm.tls
_TALKERS = ("distributed", "tornado", "asyncio")  # the loggers of Dask, and of what it runs on
_PATIENCE = 10  # seconds for a scheduler to answer


@contextmanager
def crew(spec: str, jobs: int) -> Iterator[work.Crew]:
    """The workers of one build: those of a Dask scheduler ("dask:tcp://127.0.0.1:8786", "dask:tls://host:8786") or of
    what a function returns ("package.module:function").

    Raises UsageError where they can't be had, or would not make the same bytes as this process.
    """
    executor, count = _dask(spec.removeprefix(_DASK)) if spec.startswith(_DASK) else (_made_by(spec), jobs)
    with work.running(work.Crew(max(count, 2), lambda: executor)) as workers:
        try:
            _check(executor)
            yield workers
        finally:
            executor.shutdown()


def _check(executor: Executor) -> None:
    try:
        same = executor.submit(toolchain).result() == toolchain()
    except Exception as error:  # somebody else's code: it may raise anything
        raise UsageError(f"--executor: a worker can't run Broadsheet: {error!r}") from error
    if not same:
        raise UsageError(_OTHER.format(place="a worker"))


_OTHER = (
    "--executor: {place} has another version of Broadsheet, Python or a library: pages would differ by who made them"
)


# --- a function of somebody's own ----------------------------------------------------------------------------------


def _made_by(spec: str) -> Executor:
    module, _, name = spec.partition(":")
    try:
        made = getattr(importlib.import_module(module), name)()
    except Exception as error:  # somebody else's code: it may raise anything
        raise UsageError(
            f"--executor {spec}: {error!r}; dask:ADDRESS or package.module:function is expected"
        ) from error
    if not isinstance(made, Executor):
        raise UsageError(f"--executor {spec}: it returns {type(made).__name__}, no concurrent.futures.Executor")
    return made


# --- Dask ----------------------------------------------------------------------------------------------------------


class _Cluster(Executor):
    """The workers of a Dask scheduler. A worker that dies is replaced by another one; where none is left, or the
    scheduler has gone, the executor is broken as any other can be."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._executor = client.get_executor(pure=False)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        found: Future[Any] = Future()
        self._executor.submit(fn, *args, **kwargs).add_done_callback(lambda done: _pass_on(done, found))
        return found

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._executor.shutdown(wait=wait and not cancel_futures)
        self._client.close()


def _pass_on(done: Future[Any], to: Future[Any]) -> None:
    if done.cancelled():
        to.set_exception(BrokenExecutor("the scheduler has gone"))
        return
    error = done.exception()
    if error is None:
        to.set_result(done.result())
    elif type(error).__module__.startswith("distributed"):
        to.set_exception(BrokenExecutor(str(error)))
    else:
        to.set_exception(error)


def _dask(address: str) -> tuple[Executor, int]:
    """A scheduler's workers, and how many there are. What goes to and fro is code to be run: only on this machine, or
    where both ends prove by certificate who they are."""
    _check_address(address)
    try:
        dask: Any = importlib.import_module("dask")
        distributed: Any = importlib.import_module("distributed")  # without types
    except ImportError:
        raise UsageError("--executor dask: needs the package distributed: pip install 'broadsheet[cluster]'") from None
    _hush()
    dask.config.set({"distributed.comm.timeouts.connect": _PATIENCE})
    security = distributed.Security()
    if address.startswith("tls:"):
        given = security.get_connection_args("client")
        if given.get("ssl_context") is None:
            names = ", ".join(f"distributed.comm.tls.{name}" for name in _TLS)
            raise UsageError(f"--executor {_DASK}{address}: set {names} in Dask's configuration")
    try:
        client = distributed.Client(address, security=security, timeout=_PATIENCE, set_as_default=False)
        threads = client.nthreads()
        tools = client.run(toolchain)
    except Exception as error:  # of the network, of Dask, of a worker's Python
        raise UsageError(f"--executor {_DASK}{address}: {error}") from error
    problem = _unfit(threads, tools)
    if problem:
        client.close()
        raise UsageError(problem)
    return _Cluster(client), len(threads)


def _hush() -> None:
    """What is wrong is told once, and by us: a scheduler that goes also ends what Dask's threads were about, and each
    would tell that with a traceback. Importing Dask has set levels for several loggers, one below the other."""
    import logging

    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in _TALKERS:
            logging.getLogger(name).setLevel(logging.CRITICAL)


def _check_address(address: str) -> None:
    from urllib.parse import urlsplit

    parts = urlsplit(address)
    if parts.scheme not in ("tcp", "tls") or not parts.hostname:
        raise UsageError(f"--executor {_DASK}{address}: expected dask:tcp://127.0.0.1:PORT or dask:tls://HOST:PORT")
    if parts.scheme == "tcp" and not _is_loopback(parts.hostname):
        raise UsageError(
            f"--executor {_DASK}{address}: without TLS anybody on the network could have the workers run anything: "
            "use tls:// with a certificate at both ends (docs/scale.md)"
        )


def _is_loopback(host: str) -> bool:
    import ipaddress

    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _unfit(threads: dict[str, int], tools: dict[str, bytes]) -> str:
    """Why these workers can't be used, in words."""
    if not threads:
        return "--executor: the scheduler has no workers yet"
    for place, count in sorted(threads.items()):
        if count != 1:
            return f"--executor: the worker {place} has {count} threads: start it with --nthreads 1"
        if tools[place] != toolchain():
            return _OTHER.format(place=f"the worker {place}")
    return ""
