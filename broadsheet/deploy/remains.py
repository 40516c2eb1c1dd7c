"""What the files in a folder tell of the deploys that put them there, where their manifest was lost."""

from __future__ import annotations

from broadsheet import adoption
from broadsheet.deploy import kinds
from broadsheet.deploy.records import Deployed
from broadsheet.files import Files


def told(files: Files, folder: str, base_url: str) -> Deployed | None:
    """A manifest of those files that bear Broadsheet's marks, as in an output folder that is adopted, and of their
    compressed siblings; None where there are none. All else may be anybody's."""
    there = list(adoption.below(folder))
    ours = adoption.marked(files, folder, there, (), frozenset(there))
    beside = {
        path: ours[stem] for path in filter(kinds.compressed, there) if (stem := kinds.uncompressed(path)) in ours
    }
    if not ours:
        return None
    epoch = "1970-01-01T00:00:00+00:00"
    return Deployed(id="", number=0, at=epoch, base_url=base_url, commit="", files={**ours, **beside})
