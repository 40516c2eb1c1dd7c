"""A small site to deploy, and deploys of it in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from newsroom import NOW, Site, png

from broadsheet.deploy import session
from broadsheet.deploy.deploying import Done, Prepared
from broadsheet.deploy.live import Finding
from broadsheet.deploy.planning import Plan

LATER = NOW + timedelta(hours=1)


def newspaper(site: Site, targets: str, **of_site: str) -> Site:
    """A built site of three stories with a picture; `targets` are lines of YAML below `targets:`, without indent."""
    lines = "".join(f"    {line}\n" for line in targets.strip().splitlines())
    rails = "rails:\n  explore: {mode: shared}\nimages:\n  widths: [40]\n"
    site.configure(f"{rails}deploy:\n  targets:\n{lines}", **of_site)
    site.write("content/eu/ferry/deck.png", png(60, 40))
    site.story("eu/ferry/index.md", "![The deck](deck.png)\n\nBoats.", title="Ferries", topics=["Boats"])
    site.story("eu/talks.md", "They talk.", title="Talks", date="2025-05-01")
    site.story("asia/rain.md", "It rains.", title="Rain", date="2025-05-02")
    site.good()
    return site


def deploy(site: Site, at: datetime = LATER, **asked: Any) -> Done:
    """Deploy, and fail where nothing came of it."""
    done = session.deploy(session.Asked(site=str(site.folder), now=at, **asked), _unwatched, lambda *_: True)
    assert done is not None
    return done


def planned(site: Site, at: datetime = LATER, **asked: Any) -> Plan:
    """What a dry run says."""
    seen: list[Plan] = []

    def look(prepared: Prepared, _: str) -> bool:
        seen.append(prepared.plan)
        return False

    assert session.deploy(session.Asked(site=str(site.folder), now=at, dry=True, **asked), _unwatched, look) is None
    return seen[0]


def roll_back(site: Site, release: str, at: datetime = LATER) -> Done:
    asked = session.Asked(site=str(site.folder), now=at)
    done = session.roll_back(asked, release, _unwatched, lambda *_: True)
    assert done is not None
    return done


def checked(site: Site, url: str, at: datetime = LATER, target: str = "") -> tuple[int, list[Finding]]:
    """What a look at the live site finds."""
    return session.check(session.Asked(site=str(site.folder), now=at, target=target), url, _unwatched)


def files_below(folder: Path, *, hidden: bool = False) -> dict[str, bytes]:
    paths: Iterable[Path] = (path for path in folder.rglob("*") if path.is_file())
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    return {path: data for path, data in found.items() if hidden or not path.startswith(".broadsheet/")}


def _unwatched(_stage: str, _total: int) -> Callable[[int], None]:
    return lambda _: None
