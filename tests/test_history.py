"""What is kept of the last builds and of edits: bounded, read as it was kept, and nothing where it makes no sense."""

from __future__ import annotations

import marshal

import pytest

from broadsheet import history
from broadsheet.history import Event

NONSENSE = [b"", b"no", b"[\0\0\0\0", b"N", marshal.dumps([[1, 0, 0, 0, 0, 0, 0, 0, 0, 0, True]]), marshal.dumps([1])]


@pytest.mark.parametrize("data", NONSENSE)
def test_what_makes_no_sense_is_no_history(data: bytes) -> None:
    assert history.loads(data) == []
    assert history.edits_since(data, b"one", b"other") is None


def test_of_many_builds_the_names_of_all_are_counted() -> None:
    data: bytes | None = None
    for n in range(4):
        event = Event(at=n, files=tuple(f"{n}-{m}" for m in range(900)))
        data = history.appended(history.loads(data), event)
    assert [event.at for event in history.loads(data)] == [3, 2]


@pytest.mark.parametrize(
    ("edits", "wanted"),
    [
        (["title", "text, title"], "title, text"),
        (["title", ""], ""),
        (["nothing that shows", "title", "nothing that shows"], "title"),
        (["it is new", "title"], "it is new"),
        (["it is new", "it was removed, or renamed"], "it was removed, or renamed"),
        (["it was removed, or renamed", "it is new"], ""),
    ],
)
def test_edits_of_one_source_are_told_together(edits: list[str], wanted: str) -> None:
    data = None
    for n, detail in enumerate(edits):
        data = history.edits_noted(data, b"%d" % n, {"a.md": detail})
    assert history.edits_since(data, b"0", b"9") == {"a.md": wanted}
    assert history.edits_since(data, b"9", b"9") == {}
    assert history.edits_since(data, b"8", b"9") is None
    assert history.edits_since(history.edits_noted(data, b"5", None), b"0", b"9") is None


def test_edits_of_long_ago_are_forgotten() -> None:
    data = None
    for n in range(70):
        data = history.edits_noted(data, b"%d" % n, {"a.md": "text"})
    assert history.edits_since(data, b"2", b"now") is None
    assert history.edits_since(data, b"69", b"now") == {"a.md": "text"}
    data = history.edits_noted(data, b"70", {f"{n}.md": "text" for n in range(1_999)})
    assert history.edits_since(data, b"68", b"now") is None
    assert history.edits_since(data, b"70", b"now")


def test_events_are_read_as_they_were_kept() -> None:
    changes = {"a": ("story", "text", "o")}
    event = Event(at=5, theme=("a",), changes=changes, choices={"a": (("b",), ())}, files=("x",))
    [kept] = history.loads(history.appended([], event))
    assert [getattr(kept, name) for name in ("at", "theme", "files", "complete")] == [5, ("a",), ("x",), True]
    assert (dict(kept.changes), dict(kept.choices)) == (changes, {"a": (("b",), ())})
