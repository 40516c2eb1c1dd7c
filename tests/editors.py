"""What editors do to the stories of a site, as rules of a state machine; test_incremental.py adds all else."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from choices import BODIES, DATES, FIELDS, HOURS, INCLUDES, MATTER, NAMES, THEME, TITLES
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize
from hypothesis.stateful import rule as any_rule
from newsroom import memory, png, source
from twins import CONFIG, Twins

COUNTS: Counter[str] = Counter()  # of builds in which something happened, over all examples


def rule(**given: Any) -> Callable[[Callable[..., None]], Any]:
    """A rule whose steps are counted."""

    def counted(step: Callable[..., None]) -> Any:
        @wraps(step)
        def stepped(self: Editors, **drawn: Any) -> None:
            COUNTS[f"step: {step.__name__}"] += 1
            step(self, **drawn)

        return any_rule(**given)(stepped)

    return counted


class Editors(RuleBasedStateMachine):
    """They write, change, move and delete stories."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="broadsheet-", dir=memory()))
        self.twins = Twins(self.folder)
        self.site = self.twins.site
        self.stories: dict[str, tuple[dict[str, Any], str]] = {}  # path below content/ -> front matter, body
        self.config: dict[str, Any] = {key: dict(value) for key, value in CONFIG.items()}
        self.config["rails"] = {key: dict(value) for key, value in self.config["rails"].items()}
        self.of_site: dict[str, str] = {}
        self.now = HOURS[1]
        self.base_url = ""
        self.version = 0
        self.full = False

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @initialize(bodies=st.lists(BODIES, min_size=6, max_size=6), line=st.sampled_from(INCLUDES))
    def begin(self, bodies: list[str], line: str | None) -> None:
        for n, body in enumerate(bodies):
            name = f"{('europe', 'asia')[n == 2]}/{NAMES[n]}.md"
            matter = {"title": TITLES[n % len(TITLES)], "date": DATES[n + 3], "topics": ["Energy"], "authors": ["ada"]}
            self._write(name, matter, body)
        self.site.write("content/europe/notes.txt", "notes")
        self.site.write("content/europe/photo.png", png(40, 30)).write("static/shared.png", png(50, 30, "gold"))
        self.site.write("content/authors/ada.md", source("She wrote.", name="Ada Lovelace"))
        self._include(line)

    # --- stories -----------------------------------------------------------------------------------------------

    @rule(
        region=st.sampled_from(["europe", "asia", "world"]),
        name=st.sampled_from(NAMES),
        form=st.sampled_from(["{}.md", "{}/index.md", "2026-01-09-{}.md"]),
        fields=st.lists(FIELDS, max_size=4),
        date=st.sampled_from(DATES),
        body=BODIES,
    )
    def write(self, region: str, name: str, form: str, fields: list[tuple[str, Any]], date: str, body: str) -> None:
        path = f"{region}/{form.format(name)}"
        given = {"title": f"New {name}", "date": None if form.startswith("2026") else date, **dict(fields)}
        self._write(path, given, body)

    @rule(which=st.integers(0, 99), field=FIELDS)
    def change_a_field(self, which: int, field: tuple[str, Any]) -> None:
        self._change(which, *field)

    @rule(which=st.integers(0, 99), date=st.sampled_from(DATES))
    def re_date(self, which: int, date: str) -> None:
        self._change(which, "date", date)

    @rule(which=st.integers(0, 99), title=st.sampled_from(TITLES))
    def retitle(self, which: int, title: str) -> None:
        self._change(which, "title", title)

    @rule(which=st.integers(0, 99), topics=st.sampled_from(dict(MATTER)["topics"]))
    def change_the_topics(self, which: int, topics: list[str] | None) -> None:
        self._change(which, "topics", topics)

    @rule(which=st.integers(0, 99), pin=st.sampled_from(dict(MATTER)["pin"]))
    def pin_or_unpin(self, which: int, pin: Any) -> None:
        self._change(which, "pin", pin)

    @rule(which=st.integers(0, 99), corrections=st.sampled_from(dict(MATTER)["corrections"]))
    def correct(self, which: int, corrections: Any) -> None:
        self._change(which, "corrections", corrections)

    @rule(which=st.integers(0, 99), fields=st.lists(FIELDS, min_size=2, max_size=5))
    def change_much(self, which: int, fields: list[tuple[str, Any]]) -> None:
        path = self._pick(which)
        matter, body = self.stories[path]
        self._write(path, {**matter, **dict(fields)}, body)

    @rule(which=st.integers(0, 99), body=BODIES)
    def edit_the_body(self, which: int, body: str) -> None:
        self._rewrite(which, body)

    @rule(which=st.integers(0, 99), back=st.booleans(), anew=st.booleans())
    def edit_without_a_trace(self, which: int, back: bool, anew: bool) -> None:
        """As many letters as before, and the time of the last change set back; in place, or in a file of its own."""
        path = self._pick(which)
        matter, body = self.stories[path]
        place = self.site.folder / "content" / path
        before = place.stat()
        if anew:
            place.rename(self.site.folder / "former")  # so that the new one can't get its inode
        turned = body.translate(str.maketrans("aeo", "eoa")) if "(" not in body else body.replace("See", "Aha")
        self._write(path, matter, turned)
        assert place.stat().st_size == before.st_size
        if back:
            os.utime(place, ns=(before.st_atime_ns, before.st_mtime_ns))
        (self.site.folder / "former").unlink(missing_ok=True)

    @rule()
    def look_again(self) -> None:
        """Nothing happens."""

    @rule(which=st.integers(0, 99))
    def touch(self, which: int) -> None:
        os.utime(self.site.folder / "content" / self._pick(which))

    @rule(which=st.integers(0, 99), region=st.sampled_from(["europe", "asia"]), name=st.sampled_from(NAMES))
    def move(self, which: int, region: str, name: str) -> None:
        old, new = self._pick(which), f"{region}/{name}.md"
        if new not in self.stories:
            self.site.move(f"content/{old}", f"content/{new}")
            self.stories[new] = self.stories.pop(old)

    @rule(one=st.integers(0, 99), other=st.integers(0, 99))
    def swap_two_files(self, one: int, other: int) -> None:
        a, b = self._pick(one), self._pick(other)
        if a != b:
            content = self.site.folder / "content"
            (content / a).rename(content / "between")
            (content / b).rename(content / a)
            (content / "between").rename(content / b)
            self.stories[a], self.stories[b] = self.stories[b], self.stories[a]

    @rule()
    def swap_two_folders(self) -> None:
        """The files keep every stamp but their places."""
        content = self.site.folder / "content"
        one, other, between = (content / name for name in ("europe", "asia", "between"))
        one.rename(between)
        other.rename(one)
        between.rename(other)
        turned = {"europe": "asia", "asia": "europe"}
        for path in list(self.stories):
            region, _, name = path.partition("/")
            self.stories[f"{turned.get(region, region)}/{name}*"] = self.stories.pop(path)
        self.stories = {path.removesuffix("*"): story for path, story in self.stories.items()}

    @rule(which=st.integers(0, 99), alias=st.sampled_from(["/old/", "/older/place/", "/gone.html", None]))
    def give_an_old_address(self, which: int, alias: str | None) -> None:
        path = self._pick(which)
        matter, body = self.stories[path]
        self._write(path, {**matter, "aliases": alias and [alias]}, body)

    @rule(which=st.integers(0, 99))
    def delete(self, which: int) -> None:
        path = self._pick(which)
        if len(self.stories) > 1:
            self.site.remove(f"content/{path}")
            del self.stories[path]

    # --- helpers -----------------------------------------------------------------------------------------------

    def _write(self, path: str, matter: dict[str, Any], body: str) -> None:
        self.stories[path] = (matter, body)
        self.site.write(f"content/{path}", source(body, **matter))

    def _include(self, line: str | None) -> None:
        """Have the template of stories include more."""
        if line is None:
            (self.site.folder / "templates/article.html").unlink(missing_ok=True)
        else:
            text = (THEME / "article.html").read_text(encoding="utf-8")
            where = '{% include "partials/after_article.html" %}'
            assert where in text
            self.site.write("templates/article.html", text.replace(where, where + line))

    def _change(self, which: int, key: str, value: Any) -> None:
        path = self._pick(which)
        matter, body = self.stories[path]
        if matter.get(key) != value:
            COUNTS[f"changed: {key}"] += 1
        self._write(path, {**matter, key: value}, body)

    def _rewrite(self, which: int, body: str) -> None:
        path = self._pick(which)
        self._write(path, self.stories[path][0], body)

    def _pick(self, which: int) -> str:
        paths = sorted(self.stories)
        return paths[which % len(paths)]
