"""What the state machine of test_incremental.py chooses from: hours, front matter, texts and settings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

NAMES = ("a", "b", "c", "d", "e", "f", "g", "h")
HOURS = tuple(
    datetime(*when, tzinfo=UTC)
    for when in (
        *((2025, 12, 28, 9), (2026, 1, 15, 12), (2026, 1, 15, 13), (2026, 1, 16, 12), (2026, 1, 18, 9)),
        *((2026, 1, 25, 0), (2026, 3, 1, 12), (2027, 6, 1, 0)),
    )
)
DATES = (
    *("2025-11-03", "2025-11-20T08:00", "2025-12-01", "2025-12-20", "2025-12-31T23:30", "2026-01-01", "2026-01-10"),
    *("2026-01-14T13:00", "2026-01-15T11:00", "2026-01-15T12:00", "2026-01-15T12:30", "2026-01-20"),
)
TITLES = ("Grain deal", "Ferry strike", "Dam talks at the river", "“Tea” & <salt>", "Deal on the dam", "Isparta")
PICTURES = ("photo.png", "other.png", "lost.png", "/shared.png")
STORIES = tuple(f"/{region}/{name}.md" for region in ("europe", "asia") for name in NAMES[:5])

# What the front matter of a story may say. None takes a key out.
MATTER: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("title", TITLES),
    ("date", DATES),
    ("description", (None, "What happened in brief.", "What happened, & why.")),
    ("updated", (None, "2026-01-12", "2026-01-15T12:15", "2026-01-20")),
    ("embargo", (None, "2026-01-15T12:45", "2026-01-10", "2026-01-17")),
    ("expires", (None, "2026-01-15T12:30", "2026-01-17", "2026-02-01")),
    ("draft", (None, True)),
    ("unlisted", (None, True)),
    ("noindex", (None, True)),
    ("status", (None, "withdrawn")),
    ("topics", (None, ["Energy"], ["energy", "Water"], ["Water", "Grain"])),
    ("authors", (None, ["ada"], ["Ada Lovelace"], ["Bob"], ["ada", "Bob"])),
    ("series", (None, "The dam", "the DAM")),
    ("kicker", (None, "Water")),
    ("label", (None, "opinion", "sponsored", "feature")),
    ("region", (None, "world", "asia")),
    ("pin", (None, True, {"position": 2, "until": "2026-01-17"}, {"position": 1, "until": "2026-02-01"})),
    ("related", (None, *([path] for path in STORIES), [STORIES[0], STORIES[6]])),
    ("related_exclude", (None, *([path] for path in STORIES))),
    ("corrections", (None, *([_note] for _note in (
        {"date": "2026-01-13", "kind": "correction", "text": "It was the other dam."},
        {"date": "2026-01-17", "kind": "update", "text": "It will have been said."},
    )))),
    ("lang", (None, "tr", "ar")),
    ("translation_key", (None, "dam", "tea")),
    ("kind", (None, "live")),
    ("image", (None, *({"src": name, "alt": "A dam", "credit": "Ada"} for name in PICTURES))),
    ("params", (None, {"map": "yes"})),
)  # fmt: skip
FIELDS = st.sampled_from([(key, value) for key, values in MATTER for value in values])
# What a text may be made of; each piece begins with as many letters as another one.
PIECES = (
    "The dam on the river is full of water and tea.",
    "The tea on the river is full of grain and dam.",
    "## Ferry strike\n\nThe ferry stands still.",
    "## Grain {#grain}\n\nGrain was sold to the mills.",
    *(f"See [this]({path})." for path in STORIES),
    *(f"See [that]({path}#grain)." for path in STORIES),
    "Read [the notes](notes.txt) and [the page](/pages/about.md#grain).",
    "Who is [she](/authors/ada.md), and where is [it](/europe/_index.md)?",
    "Go [there](/europe/) or [here](/europe/2026/01/) or [nowhere](/nowhere/).",
    *(f"![A dam]({name})" for name in PICTURES),
)
BODIES = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("\n\n".join)
# What the template of a story includes besides, by its name or by a name that is made up; None: nothing.
INCLUDES = (
    '{% include "partials/optional.html" ignore missing %}',
    '{% include "partials/" ~ (story.label or "no") ~ "al.html" ignore missing %}',
    '{% include "partials/option" ~ "al.html" ignore missing %}',
    None,
)
COLOURS = st.sampled_from(["teal", "navy", "gold"])
THEME = Path(__file__).resolve().parent.parent / "templates"
SETTINGS: tuple[Callable[[dict[str, Any]], object], ...] = (
    lambda c: c["rails"]["explore"].update(mode="inline"),
    lambda c: c["rails"]["explore"].update(mode="shared"),
    lambda c: c["rails"]["explore"].update(refresh="ssi"),
    lambda c: c["rails"]["explore"].update(refresh="none"),
    lambda c: c["rails"]["explore"].update(limit=2),
    lambda c: c["rails"]["recommended"].update(limit=1),
    lambda c: c["rails"]["recommended"].update(window_days=400, max_per_author=1),
    lambda c: c.update(taxonomies=["topics"]),
    lambda c: c.update(taxonomies=["topics", "authors", "series"]),
    lambda c: c.update(feeds={"limit": 2, "content": "standfirst", "formats": ["rss", "json"]}),
    lambda c: c.update(feeds={"limit": 3, "formats": ["atom"]}),
    lambda c: c.update(sitemap={"news": False}),
    lambda c: c.update(regions={"europe": {"title": "Avrupa", "order": 2, "language": "tr"}}),
    lambda c: c.update(images={"widths": [16, 24], "formats": ["jpeg"]}),
    lambda c: c.update(footer=[{"title": "About", "url": "/about/"}], nav=[{"title": "World", "url": "/world/"}]),
    lambda c: c.update(params={"colour": "blue"}),
    lambda c: c.update(schema={"required": ["title", "date", "description"]}),
    lambda c: c.update(schema={"required": ["title", "date"]}),
    lambda c: c.update(permalinks={"article": "/{region}/{slug}/"}),
    lambda c: c.update(permalinks={"article": "/{region}/{yyyy}/{mm}/{slug}/"}),
    lambda c: c.update(csp={"allow": ["https://stats.example"]}),
    lambda c: c.update(markdown={"smart_quotes": False}),
)
