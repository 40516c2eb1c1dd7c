"""What a page shows, taken apart: the marks in `Planned.shown`, and what differs between two contexts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass

from broadsheet.digest import SIZE

# What the values of `Planned.shown` are, by template.
_SHOWN: Mapping[str, tuple[str, ...]] = {
    "article.html": ("story", "Explore", "Recommended", "previous story", "next story", "refresh of Explore"),
    "archive.html": ("address", "title", "links to its neighbours", "language", "section", "month", "stories"),
    "region.html": (
        *("name", "title", "description", "language", "address", "introduction", "stories"),
        "counts of its months",
    ),
    "topic.html": ("taxonomy", "name", "address", "stories", "counts of its years"),
    "author.html": ("person", "address", "description", "biography", "stories", "counts of its years"),
    "home.html": ("front matter", "introduction", "stories"),
    "corrections.html": ("year", "counts of its years"),
    "explore-fragment.html": ("name", "language", "stories"),
    "redirect.html": ("address", "story", "title"),
    **dict.fromkeys(("rss", "atom", "json-feed"), ("title", "address", "language", "description", "stories")),
    "sitemap": ("archives", "stories"),
}


def place_names(template: str) -> tuple[str, ...]:
    """What the values of `Planned.shown` are, in words, for a template that has more than one."""
    return _SHOWN.get(template, ())


def holds(value: object, mark: bytes) -> bool:
    """Whether something that a page shows holds a story's mark."""
    if isinstance(value, bytes):
        at = value.find(mark)
        while at % SIZE and at >= 0:
            at = value.find(mark, at + 1)
        return at >= 0
    return isinstance(value, tuple) and any(holds(item, mark) for item in value)


def chunks(value: object) -> Iterator[bytes]:
    """The marks in a value that a page shows."""
    if isinstance(value, bytes):
        if len(value) % SIZE == 0:
            yield from (value[n : n + SIZE] for n in range(0, len(value), SIZE))
    elif isinstance(value, tuple):
        for item in value:
            yield from chunks(item)


def texts(value: object) -> Iterator[str]:
    """Every text in a context."""
    if isinstance(value, str):
        yield value
    else:
        for _, inner in _inside(value):
            yield from texts(inner)


def different(one: object, other: object, name: str = "", depth: int = 2) -> Iterator[str]:
    """The names of the fields in which two contexts differ, two levels deep."""
    if one == other:
        return
    if depth and is_dataclass(one) and type(one) is type(other):
        for field in fields(one):
            inner = f"{name}.{field.name}" if name else field.name
            yield from different(getattr(one, field.name), getattr(other, field.name), inner, depth - 1)
    else:
        yield name or "contents"


def _inside(value: object) -> Iterable[tuple[str, object]]:
    if is_dataclass(value):
        return [(field.name, getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, Mapping):
        return [(str(key), inner) for key, inner in value.items()]
    return [("", item) for item in value] if isinstance(value, tuple) else ()
