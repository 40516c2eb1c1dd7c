"""What the pages of each template take: measured only where somebody asks."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable

from broadsheet.frozen import FrozenMap
from broadsheet.model import Page, Planned
from broadsheet.request import Spent


class Times:
    """The seconds of one build by template."""

    def __init__(self) -> None:
        self._pages: Counter[str] = Counter()
        self._contexts: Counter[str] = Counter()  # microseconds, as are these
        self._rendering: Counter[str] = Counter()

    def making(self, planned: Planned) -> Page:
        """The page, with the time that its context took."""
        start = time.perf_counter()
        page = planned.make()
        self._contexts[planned.template] += _since(start)
        return page

    def rendered(self, spent: Iterable[tuple[str, float]]) -> None:
        """Note pages that some process rendered: the template and the seconds of each."""
        for template, seconds in spent:
            self._pages[template] += 1
            self._rendering[template] += round(seconds * 1e6)

    def add(self, others: Times) -> None:
        """Note what was measured in another process."""
        self._pages += others._pages
        self._contexts += others._contexts
        self._rendering += others._rendering

    def told(self) -> FrozenMap[str, Spent]:
        """What each template took, the longest first."""
        slowest = sorted(self._pages, key=lambda name: (-self._rendering[name] - self._contexts[name], name))
        return FrozenMap(
            {
                name: Spent(
                    pages=self._pages[name],
                    contexts=self._contexts[name] / 1e6,
                    rendering=self._rendering[name] / 1e6,
                )
                for name in slowest
            }
        )


def _since(start: float) -> int:
    return round((time.perf_counter() - start) * 1e6)
