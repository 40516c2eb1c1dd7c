"""What the keys of one story say against each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from broadsheet.errors import Diagnostic
from broadsheet.model import Mark, StoryMatter
from broadsheet.stands import resolved

_START: Mark = (1, 1)


def of_story(path: str, matter: StoryMatter, content_dir: str) -> Iterator[Diagnostic]:
    """A finding for each thing that is left out, or can't be so, because another key of the story says otherwise."""

    def told(key: str, message: str, hint: str) -> Diagnostic:
        line, column = matter.marks.get(key, _START)
        return Diagnostic(path, line, column, message, "contradiction", hint)

    if matter.date and matter.updated and matter.updated.timestamp() < matter.date.timestamp():
        message = f"`updated` ({matter.updated:%Y-%m-%d %H:%M}) is before `date`: it is not shown"
        yield told("updated", message, "Correct one of the two, or remove `updated`.")
    for n, note in enumerate(matter.corrections):
        if matter.date and note.date.date() < matter.date.date():
            message = f"this correction ({note.date:%Y-%m-%d}) is older than the story ({matter.date:%Y-%m-%d})"
            yield told(f"corrections.{n}.date", message, "Correct one of the two dates.")
    if matter.corrections and matter.status == "withdrawn":
        message = "corrections of a withdrawn story are not shown: of such a story nothing is"
        yield told(
            "corrections",
            message,
            "Its page says that it was withdrawn. Remove them, or tell readers more in another story.",
        )
    yield from _of_picks(path, matter, content_dir, told)


def _of_picks(
    path: str, matter: StoryMatter, content_dir: str, told: Callable[[str, str, str], Diagnostic]
) -> Iterator[Diagnostic]:
    excluded = {resolved(content_dir, path, target) for target in matter.related_exclude}
    seen: set[str] = set()
    for n, target in enumerate(matter.related):
        story = resolved(content_dir, path, target)
        if story == path:
            yield told(f"related.{n}", f"“{target}” is this story itself: it is left out", "Remove it.")
        elif story in excluded:
            message = f"“{target}” stands under `related` and under `related_exclude`: it is not recommended"
            yield told(f"related.{n}", message, "Remove one of the two.")
        elif story in seen:
            yield told(f"related.{n}", f"“{target}” is named a second time: it is shown once", "Remove one of the two.")
        seen.add(story)
