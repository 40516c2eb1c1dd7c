"""Running one command and saying what it took: wall and CPU time, or the memory of all its processes together.

Time and memory are taken in runs of their own, for asking the kernel for a large process's memory holds that process
up: one sample of a 1 GiB process takes 20 ms.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

SAMPLE_SECONDS = 0.02  # from the end of one sample to the start of the next, at least
SAMPLE_REST = 9  # and this many times what the sample took: a tenth of the time, at most, goes into looking


class CommandError(Exception):
    """A measured command failed; the message holds the end of what it wrote."""


@dataclass(frozen=True, slots=True)
class Run:
    wall: float  # seconds, from starting the process to its end
    cpu: float  # seconds, user and system, of the process and every process it waited for
    elsewhere: float  # processors kept busy by others meanwhile: much above 0.1, and the wall time tells little
    stdout: str


def timed(command: Sequence[str], folder: str, environment: Mapping[str, str], log: str) -> Run:
    """Runs the command in that folder. What it prints goes to `log`.out and `log`.err."""
    with open(log + ".out", "wb") as out, open(log + ".err", "wb") as err:
        busy, start = busy_seconds(), time.monotonic()
        process = _start(command, folder, environment, out.fileno(), err.fileno())
        _, status, usage = os.wait4(process.pid, 0)
        wall, busy = time.monotonic() - start, busy_seconds() - busy
    process.returncode = os.waitstatus_to_exitcode(status)
    cpu = usage.ru_utime + usage.ru_stime
    return Run(wall, cpu, max(0.0, busy - cpu) / wall, _printed(process, command, log))


def peak_memory(command: Sequence[str], folder: str, environment: Mapping[str, str], log: str) -> int:
    """Bytes: the most that the process and all below it held at once, as the sum of their proportional set sizes.

    Proportional: a page shared by several processes counts once in all, not once for each.
    """
    with open(log + ".out", "wb") as out, open(log + ".err", "wb") as err:
        process = _start(command, folder, environment, out.fileno(), err.fileno())
        with peak_of(process.pid) as peaks:
            process.wait()
    _printed(process, command, log)
    return peaks[0]


def tree_memory(pid: int) -> int:
    """Bytes that the process and all below it hold now; 0 once they have ended."""
    return sum(_proportional_set(member) for member in _tree(pid))


@contextlib.contextmanager
def peak_of(pid: int) -> Iterator[list[int]]:
    """Look again and again, meanwhile, at what the process and all below it hold; gives a list of one number, the most
    so far in bytes. It holds the process up: nothing is to be timed beside it."""
    done, peaks = threading.Event(), [0]
    sampler = threading.Thread(target=_sample, args=(pid, peaks, done))
    sampler.start()
    try:
        yield peaks
    finally:
        done.set()
        sampler.join()


def tree_cpu(pid: int) -> float:
    """Seconds that the process, all below it and those that they waited for have worked, hundredths apart."""
    return sum(_worked(member) for member in _tree(pid))


def _start(
    command: Sequence[str], folder: str, environment: Mapping[str, str], out: int, err: int
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command, cwd=folder, env=dict(environment), stdin=subprocess.DEVNULL, stdout=out, stderr=err
    )


def _printed(process: subprocess.Popen[bytes], command: Sequence[str], log: str) -> str:
    with open(log + ".out", encoding="utf-8", errors="replace") as file:
        printed = file.read()
    if process.returncode:
        with open(log + ".err", encoding="utf-8", errors="replace") as file:
            tail = (printed + file.read())[-2000:]
        raise CommandError(f"exit {process.returncode}: {' '.join(command)}\n{tail}")
    return printed


def busy_seconds() -> float:
    """CPU time used by the whole machine since it started, hundredths of a second apart."""
    with open("/proc/stat", encoding="ascii") as file:
        user, nice, system, _idle, _waiting, interrupts, soft, stolen, *_ = map(int, file.readline().split()[1:])
    return (user + nice + system + interrupts + soft + stolen) / os.sysconf("SC_CLK_TCK")


def _sample(pid: int, peaks: list[int], done: threading.Event) -> None:
    rest = SAMPLE_SECONDS
    while not done.wait(rest):
        start = time.monotonic()
        peaks[0] = max(peaks[0], tree_memory(pid))
        rest = max(SAMPLE_SECONDS, SAMPLE_REST * (time.monotonic() - start))


def _tree(pid: int) -> list[int]:
    found, waiting = [], [pid]
    while waiting:
        parent = waiting.pop()
        found.append(parent)
        with contextlib.suppress(OSError):  # a process or thread may end while it is being looked at
            for thread in os.listdir(f"/proc/{parent}/task"):
                with open(f"/proc/{parent}/task/{thread}/children", encoding="ascii") as file:
                    waiting.extend(map(int, file.read().split()))
    return found


def _worked(pid: int) -> float:
    with contextlib.suppress(OSError), open(f"/proc/{pid}/stat", encoding="ascii") as file:
        times = file.read().rpartition(")")[2].split()[11:15]  # user, system, and those of children
        return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _proportional_set(pid: int) -> int:
    with contextlib.suppress(OSError), open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        for line in file:
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
