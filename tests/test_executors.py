"""Workers elsewhere: a real scheduler and workers in processes of their own make the same bytes, however they end."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import trustme
from newsroom import STATE, Site

from broadsheet import work
from broadsheet.errors import UsageError
from broadsheet.executors import crew

ROOT = Path(__file__).resolve().parent.parent
STORIES = 2 * work.INLINE_BELOW
PATIENCE = 60
AT = "2026-01-15T12:00:00+00:00"


@dataclass
class Cluster:
    """A Dask scheduler and two workers, each a process of its own on this machine."""

    folder: Path
    scheme: str = "tcp"
    environment: Mapping[str, str] = field(default_factory=dict)
    threads: int = 1
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __enter__(self) -> Cluster:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.address = f"{self.scheme}://127.0.0.1:{probe.getsockname()[1]}"
        port = self.address.rpartition(":")[2]
        where = ["--host", self.address.rpartition(":")[0]] if self.scheme == "tls" else ["--host", "127.0.0.1"]
        self._start("dask_scheduler", *where, "--port", port, "--no-dashboard")
        for name in ("one", "two"):
            self.worker(name)
        return self

    def worker(self, name: str, **environment: str) -> None:
        options = [
            "--nthreads",
            str(self.threads),
            "--no-nanny",
            "--no-dashboard",
            "--name",
            name,
            "--local-directory",
            ".",
        ]
        self._start("dask_worker", self.address, *options, **environment)

    def _start(self, program: str, *options: str, **environment: str) -> None:
        with (self.folder / "dask.log").open("ab") as log:
            self.processes.append(
                subprocess.Popen(
                    [sys.executable, "-m", f"distributed.cli.{program}", *options],
                    cwd=self.folder,
                    env={**os.environ, "PYTHONPATH": str(ROOT), **self.environment, **environment},
                    stdout=log,
                    stderr=log,
                )
            )

    def __exit__(self, *_: object) -> None:
        for process in self.processes:
            process.kill()
            process.wait()

    def build(self, site: Site, *options: str) -> subprocess.Popen[str]:
        """A build that uses these workers."""
        program = "import sys; sys.path.insert(0, sys.argv.pop(1)); from broadsheet.cli import main; sys.exit(main())"
        return subprocess.Popen(
            [sys.executable, "-c", program, str(ROOT), "--at", AT, *options, "--executor", f"dask:{self.address}"],
            cwd=site.folder,
            env={**os.environ, **self.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def built(self, site: Site, *options: str) -> str:
        """Build, once both workers are there. What is told."""
        until = time.monotonic() + PATIENCE
        while True:
            done = self.build(site, *options)
            stdout, stderr = done.communicate(timeout=PATIENCE)
            if time.monotonic() > until or not ("no workers yet" in stderr or "Timed out" in stderr):
                return stdout + stderr if done.returncode else stdout


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = Site(tmp_path_factory.mktemp("archive") / "site")
    for n in range(STORIES):
        site.story(f"eu/s{n}.md", f"Words on the {n}th tea.\n\n## More\n\nAnd **more**.", topics=["Tea", f"T{n % 7}"])
    site.good()
    return site


@pytest.fixture
def copy(archive: Site, tmp_path: Path) -> Site:
    """The same site, of which nothing is built yet."""
    site = Site.__new__(Site)
    site.folder = tmp_path / "site"
    shutil.copytree(archive.folder, site.folder, ignore=shutil.ignore_patterns(STATE, "output"))
    return site


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with Cluster(tmp_path_factory.mktemp("cluster")) as found:
        yield found


def test_workers_of_a_scheduler_make_the_same_bytes(archive: Site, copy: Site, cluster: Cluster) -> None:
    told = cluster.built(copy)
    assert "stories" in told
    assert copy.tree() == archive.tree()


@pytest.mark.slow
def test_a_worker_that_dies_in_the_middle_changes_no_byte(archive: Site, copy: Site, tmp_path: Path) -> None:
    with Cluster(tmp_path) as cluster:
        cluster.built(copy, "--plan")  # both are there
        build = cluster.build(copy)
        wait_for(lambda: any((copy.output / STATE / "stage").glob("*")), build)
        cluster.processes[1].kill()
        assert build.poll() is None
        _, stderr = build.communicate(timeout=PATIENCE)
    assert build.returncode == 0, stderr
    assert copy.tree() == archive.tree()


@pytest.mark.slow
def test_a_build_whose_scheduler_is_gone_ends_and_says_so(copy: Site, tmp_path: Path) -> None:
    with Cluster(tmp_path) as cluster:
        cluster.built(copy, "--plan")
        build = cluster.build(copy)
        wait_for(lambda: any((copy.output / STATE / "stage").glob("*")), build)
        for process in cluster.processes:
            process.kill()
        _, stderr = build.communicate(timeout=PATIENCE)
    assert build.returncode == 1
    assert "nothing was published" in stderr
    assert "Traceback" not in stderr
    assert copy.tree() == {}


@pytest.mark.slow
def test_what_the_threads_of_dask_meet_is_not_told_beside_what_is_ours_to_tell(cluster: Cluster, copy: Site) -> None:
    cluster.built(copy, "--plan")
    talk = (
        "import logging, sys\n"
        "from broadsheet.clusters import crew\n"
        "with crew(sys.argv[1], 2):\n"
        "    for name in [*logging.root.manager.loggerDict]:\n"
        "        if name.startswith(('distributed', 'tornado', 'asyncio')):\n"
        "            print(name)\n"
        "            logging.getLogger(name).error('met by a thread')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", talk, f"dask:{cluster.address}"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert {"distributed.client", "distributed.utils", "asyncio"} <= set(done.stdout.split())
    assert done.stderr == ""


@pytest.mark.slow
def test_a_build_with_workers_elsewhere_can_be_interrupted(copy: Site, cluster: Cluster) -> None:
    cluster.built(copy, "--plan")
    build = cluster.build(copy)
    wait_for(lambda: any((copy.output / STATE / "stage").glob("*")), build)
    build.send_signal(signal.SIGTERM)
    _, stderr = build.communicate(timeout=PATIENCE)
    assert (build.returncode, copy.tree()) == (130, {})
    assert stderr.splitlines()[-1] == "interrupted: the site is as it was"
    assert "Traceback" not in stderr


@pytest.mark.slow
def test_both_ends_prove_who_they_are(archive: Site, copy: Site, tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(tmp_path / "end.pem")
    tls = "DASK_DISTRIBUTED__COMM__TLS"
    ends = {f"{tls}__{end}__{what}": str(tmp_path / "end.pem") for end in ENDS for what in ("CERT", "KEY")}
    with Cluster(tmp_path, "tls", {f"{tls}__CA_FILE": str(tmp_path / "ca.pem"), **ends}) as cluster:
        assert "stories" in cluster.built(copy)
        assert copy.tree() == archive.tree()
        # A stranger: whoever it takes for the scheduler, the scheduler doesn't take it for one of ours.
        trustme.CA().issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(tmp_path / "other.pem")
        other = {f"{tls}__CLIENT__{what}": str(tmp_path / "other.pem") for what in ("CERT", "KEY")}
        cluster.environment = {f"{tls}__CA_FILE": str(tmp_path / "ca.pem"), **other}
        stranger = cluster.build(copy, "--full")
        stdout, stderr = stranger.communicate(timeout=PATIENCE)
        assert (stranger.returncode, stdout) == (2, "")
        assert "Traceback" not in stderr
        assert not any(words in stderr for words in ("no workers yet", "distributed.comm.tls"))
        cluster.environment = {}
        assert "set distributed.comm.tls.ca-file" in cluster.built(copy, "--full")


ENDS = ("SCHEDULER", "WORKER", "CLIENT")


def test_workers_that_would_make_other_bytes_are_refused(copy: Site, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "broadsheet", tmp_path / "other" / "broadsheet")
    with (tmp_path / "other/broadsheet/render.py").open("a") as source:
        source.write("# another version\n")
    with Cluster(tmp_path, environment={"PYTHONPATH": str(tmp_path / "other")}) as cluster:
        assert "has another version of Broadsheet" in cluster.built(copy)
    assert copy.tree() == {}


def test_workers_with_threads_are_refused(copy: Site, tmp_path: Path) -> None:
    with Cluster(tmp_path, threads=2) as cluster:
        assert "has 2 threads: start it with --nthreads 1" in cluster.built(copy)


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ("dask:tcp://192.0.2.1:8786", "without TLS anybody on the network"),
        ("dask:tcp://example.org:8786", "without TLS anybody on the network"),
        ("dask:ucx://127.0.0.1:8786", "expected dask:tcp://127.0.0.1:PORT"),
        ("dask:127.0.0.1", "expected dask:tcp://127.0.0.1:PORT"),
        ("dask:tls://127.0.0.1:1", "set distributed.comm.tls.ca-file"),
        ("no.such.module:pool", "package.module:function is expected"),
        ("os:getcwd", "it returns str, no concurrent.futures.Executor"),
        ("concurrent.futures", "package.module:function is expected"),
    ],
)
def test_what_is_no_executor_is_refused(spec: str, told: str) -> None:
    with pytest.raises(UsageError, match=told), crew(spec, 2):
        pytest.fail("there is a crew")


def pool() -> Executor:
    return ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn"))


def test_an_executor_of_ones_own_makes_the_same_bytes(archive: Site, copy: Site) -> None:
    copy.good(executor="test_executors:pool", jobs=2)
    assert copy.tree() == archive.tree()


def wait_for(condition: Callable[[], bool], build: subprocess.Popen[str]) -> None:
    while not condition():
        assert build.poll() is None, build.communicate()
        time.sleep(0.001)
