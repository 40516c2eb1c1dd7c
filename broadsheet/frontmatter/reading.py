"""Reading one block of front matter: its findings, the site's zone, and which unknown keys were meant to hide it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo
from difflib import SequenceMatcher

from broadsheet.patterns import pattern
from broadsheet.yamlnodes import Findings, Node, Scalar
from broadsheet.yamlnodes.findings import shown

HIDING = ("draft", "embargo", "expires", "unlisted", "noindex", "status")
_WITHIN = {  # as in `is_draft`, `embargo_until`
    "draft": "draft",
    "embargo": "embargo",
    "expir": "expires",
    "unlisted": "unlisted",
    "noindex": "noindex",
}
_ELSEWHERE = {  # keys that hide a story in other programs
    "hidden": "unlisted: true",
    "private": "draft: true",
    "visibility": "draft: true",
    "password": "draft: true",
    "unpublished": "draft: true",
    "unpublish": "expires: 2025-04-30",
    "unpublishdate": "expires: 2025-04-30",
    "withdrawn": "status: withdrawn",
    "retracted": "status: withdrawn",
    "headless": "unlisted: true",
    "hold": "embargo: 2025-04-30 09:00",
    "onhold": "embargo: 2025-04-30 09:00",
    "holduntil": "embargo: 2025-04-30 09:00",
    "holdfor": "embargo: 2025-04-30 09:00",
}
_SHOWING = {  # keys that hide a story where they say no
    "publish": "draft: true",
    "published": "draft: true",
    "ispublished": "draft: true",
    "public": "draft: true",
    "ispublic": "draft: true",
    "visible": "draft: true",
    "listed": "unlisted: true",
    "index": "noindex: true",
}
_NO = ("false", "no", "off", "0")
# A time to come hides a story, so a slip for `date` or one of its other names does too: `Date`, `publish_date`.
_WHEN = pattern(r"date|(?:date)?pub(?:lish(?:ed|ing)?|lication)?(?:date|datetime|time|at|on|from|after|day)")
_WHEN_TOO = frozenset(
    ["datepublished", "publishing", "releasedate", "golive", "golivedate", "availablefrom", "schedule", "scheduled"]
)
_WHEN_NAMES = ("date", "published", "pubdate", "publishdate")
_OTHERWISE = frozenset(["update", "updates", "data", "publisher", "publishers"])  # like a date's name, yet another word


class Reading(Findings):
    """The findings about one block of front matter; `hidden` turns true when something that hides it is unreadable."""

    __slots__ = ("hidden", "zone")

    def __init__(self, path: str, text: str, first_line: int, zone: tzinfo) -> None:
        super().__init__(path, text, first_line)
        self.zone = zone
        self.hidden = False

    def refuse_key(self, key: Scalar, value: Node, where: str, choices: Iterable[str]) -> None:
        """An unknown key; one that was meant to hide the story must never be passed over."""
        meant = "" if where else _hiding_key(key.text, value)
        if meant == "date" and (meant not in choices or (isinstance(value, Scalar) and value.empty)):
            meant = ""  # no kind of file but stories and pages comes out by its date
        off = isinstance(value, Scalar) and (value.empty or value.text == "false")
        if not meant or (off and key.text.lower() in _ELSEWHERE):
            super().refuse_key(key, value, where, choices)
            return
        self.hidden = True
        message = f"unknown key `{shown(key.text)}`, which seems meant to hide the story"
        known = meant in choices or ":" in meant
        hint = f"Did you mean `{meant}`?" if known else f"`{meant}` isn't a key of this kind of file; remove it."
        self.add(key, message, "hidden-key", hint)


def _hiding_key(written: str, value: Node) -> str:
    """The key that hides a story and that `written` was probably meant to be, or ""."""
    plain = "".join(c for c in written.casefold() if c.isalnum())
    if plain in _SHOWING and isinstance(value, Scalar):
        if value.text.strip().casefold() in _NO:
            return _SHOWING[plain]
        if plain not in _WHEN_NAMES and not value.text[:1].isdecimal():
            return ""
        if plain.startswith("publish"):
            return "date"
    if plain in _ELSEWHERE:
        return _ELSEWHERE[plain]
    for part, key in _WITHIN.items():
        if part in plain:
            return key
    best = max(HIDING, key=lambda key: _likeness(plain, key))
    if _likeness(plain, best) >= 0.75:
        return best
    if _WHEN.fullmatch(plain) or plain in _WHEN_TOO:
        return "date"
    near = plain not in _OTHERWISE and max(_likeness(plain, name) for name in _WHEN_NAMES) >= 0.85
    return "date" if near else ""


def _likeness(left: str, right: str) -> float:
    return SequenceMatcher(None, left, right).ratio() if abs(len(left) - len(right)) <= 3 else 0.0
