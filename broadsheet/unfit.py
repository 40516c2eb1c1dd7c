"""Sources with errors of their own: no page is made of them, and yet what they name is looked for along with the rest,
so that one run tells all that is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from broadsheet.catalog import Catalog
from broadsheet.links import Links
from broadsheet.sources import Unfit


def shown(catalog: Catalog) -> list[Unfit]:
    """Those that would be on the site, had they no errors."""

    def over(moment: datetime | None) -> bool:
        return moment is not None and moment.timestamp() <= catalog.clock.now.timestamp()

    return [
        source
        for source in catalog.sources.unfit
        if not (source.draft and not catalog.clock.drafts)
        and all(map(catalog.reached, source.moments))
        and not over(source.expires)
    ]


def check(sources: Iterable[Unfit], links: Links) -> None:
    """Look for what they name: the findings gather in `links`."""
    for source in sources:
        links.body(source.path, f"/{source.path}/", b"", source.links, source.pictures)
        for target, mark in source.picks:
            links.pick(source.path, target, mark)
