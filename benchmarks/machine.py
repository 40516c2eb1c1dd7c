"""What a measurement was made on: processors, memory, file system, and the versions of everything that ran."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
from dataclasses import dataclass

LIBRARIES = ("markdown-it-py", "mdit-py-plugins", "jinja2", "pyyaml", "babel", "nh3")
ASK_PYTHON = """
import importlib.metadata, json, platform, sys
versions = {}
for name in sys.argv[1:]:
    try:
        versions[name] = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        pass
print(json.dumps({platform.python_implementation(): platform.python_version()} | versions))
"""


@dataclass(frozen=True, slots=True)
class Machine:
    processors: int  # that the measured processes may use
    model: str
    memory: int  # bytes
    kernel: str
    file_system: str  # of the work folder
    load: float  # average number of busy processors in the minute before
    versions: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        tools = ", ".join(f"{name} {version}" for name, version in self.versions)
        return (
            f"{self.processors} processors ({self.model}), {self.memory / 2**30:.0f} GiB, Linux {self.kernel}, "
            f"{self.file_system}, load before {self.load:.2f}. {tools}."
        )


def describe(work: str, python: str, hugo: str) -> Machine:
    """`work` is the folder built in, `python` the interpreter that builds, `hugo` the binary, empty for none."""
    return Machine(
        processors=len(os.sched_getaffinity(0)),
        model=_processor(),
        memory=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        kernel=platform.release(),
        file_system=_file_system(work),
        load=os.getloadavg()[0],
        versions=_python_versions(python) + _hugo_version(hugo),
    )


def _processor() -> str:
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = re.findall(r"^model name\s*: (.*)$", file.read(), re.MULTILINE)
    return names[0] if names else platform.machine()


def _file_system(folder: str) -> str:
    """The type of the deepest mount that holds the folder."""
    folder = os.path.realpath(folder)
    best, kind = "", "unknown"
    with open("/proc/mounts", encoding="utf-8") as file:
        for line in file:
            _, point, name, *_ = line.split()
            if len(point) >= len(best) and os.path.commonpath((point, folder)) == point:
                best, kind = point, name
    return kind


def _python_versions(python: str) -> tuple[tuple[str, str], ...]:
    command = [python, "-c", ASK_PYTHON, *LIBRARIES]
    answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return tuple(json.loads(answer).items())


def _hugo_version(hugo: str) -> tuple[tuple[str, str], ...]:
    if not hugo:
        return ()
    answer = subprocess.run([hugo, "version"], capture_output=True, text=True, check=True).stdout
    version = re.match(r"hugo v([\d.]+)\S*?(\+extended)?", answer)
    if version is None:
        return (("Hugo", answer.strip()),)
    return (("Hugo", version[1] + (" extended" if "+extended" in answer else "")),)
