"""Which pages of stories, and which lists, a change can reach: all others show what they showed, and keep their keys.

A story's page shows the story, its neighbours in the region, those in its rail, and those that it recommends. All of
these are told by their marks, and only by them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence

from broadsheet import ranks
from broadsheet.groups import in_groups
from broadsheet.marks import CARD, GROUPS, HEADLINE, OWN, PUBLISHED, REGION, Marks, Told
from broadsheet.pages import Stories
from broadsheet.settings import ExploreSettings
from broadsheet.table import Table


def numbers(stories: Stories, marks: Marks, settled: Table, again: Collection[str]) -> set[int]:
    """The numbers of the pages that may show something else than in the last build. `settled` is what each story
    recommends, `again` the paths of those that were ranked again."""
    found: set[int] = set()
    own, cards, regions = set(again), set(), set()
    explore = marks.views.settings.rails.explore
    for path, (then, now) in marks.changes.items():
        if then is None or now is None or then[OWN] != now[OWN]:
            own.add(path)
        if then and now and then[CARD] != now[CARD]:  # who recommends one that came or went was ranked again
            cards.add(path)
        for region, published in _turned(then, now):
            regions.add(region)
            found.update(_around(stories, explore, region, (published, path)))
    own.update(settled.holding(ranks.CHOSEN, cards))
    index, unlisted = marks.views.catalog.index, marks.views.catalog.unlisted.stands
    found.update(stories.number(index[path]) for path in own if path in index)
    # An unlisted story has the rail of its region, too.
    apart = zip(stories.unlisted, unlisted.path, unlisted.region, strict=True)
    found.update(number for number, path, region in apart if region in regions or path in own)
    return found


def lists(marks: Marks) -> set[str]:
    """The groups of stories of which one has changed, has come, or has gone: lists of others show what they showed."""
    told = [values[GROUPS] for change in marks.changes.values() for values in change if values]
    return {group for groups in told for group in in_groups(groups)}


def _turned(then: Told | None, now: Told | None) -> Iterator[tuple[str, int]]:
    """Where a story stood, or stands, among those of a region (its id, and when it was published), where that is not as
    it was."""
    told = [(marks[REGION], marks[PUBLISHED], marks[HEADLINE]) if marks else None for marks in (then, now)]
    for place in set(told) if told[0] != told[1] else ():
        if place and place[0]:
            yield place[0], place[1]


def _around(stories: Stories, explore: ExploreSettings, region: str, at: tuple[int, str]) -> Sequence[int]:
    """The pages that show beside their own a story that stands in a region at `at` (when it was published, its path),
    or showed it, when it was there."""
    first, members = stories.span(region)
    stands, limit = stories.stands, explore.limit
    place = bisect_left(members, at, key=lambda i: (stands.published[i], stands.path[i]))
    if explore.mode == "shared":
        # Those that follow it; and the first ones of a region, which all have each other.
        start, end = (0 if place <= limit + 1 else place - 1), place + limit + 2
    elif place >= len(members) - limit - 2:
        start, end = 0, len(members)  # the latest stand in every rail
    else:
        start, end = place - 1, place + 2
    return range(first + max(0, start), first + min(end, len(members)))
