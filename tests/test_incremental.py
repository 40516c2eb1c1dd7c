"""Whatever happens to a site between builds, its output is byte for byte what a build from nothing makes."""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any
from unittest.mock import patch

from choices import BODIES, COLOURS, HOURS, INCLUDES, PICTURES, PIECES, SETTINGS, STORIES, THEME
from editors import COUNTS, Editors, rule
from faults import FAULTS, STOPPED, Crash, Faulty
from hypothesis import event, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant
from newsroom import png, source
from twins import Later, toolchain

from broadsheet import state

EXAMPLES = int(os.environ.get("BROADSHEET_EXAMPLES", "2"))
STEPS = 10


class Newsroom(Editors):
    """What editors, readers' hosts and machines do to a site; after each step it is built and compared."""

    # --- other sources -----------------------------------------------------------------------------------------

    @rule(name=st.sampled_from(["photo.png", "other.png"]), region=st.sampled_from(["europe", "asia"]), colour=COLOURS)
    def put_a_picture(self, name: str, region: str, colour: str) -> None:
        self.site.write(f"content/{region}/{name}", png(40, 30, colour))

    @rule(name=st.sampled_from(["photo.png", "other.png", "notes.txt"]))
    def lose_a_file(self, name: str) -> None:
        (self.site.folder / "content/europe" / name).unlink(missing_ok=True)

    @rule(text=st.sampled_from(["notes", "other notes"]), region=st.sampled_from(["europe", "asia"]))
    def put_a_file_beside(self, text: str, region: str) -> None:
        self.site.write(f"content/{region}/notes.txt", text)

    @rule(
        key=st.sampled_from(["ada", "bob"]),
        name=st.sampled_from(["Ada Lovelace", "Bob", "Ada King", None]),
        body=st.sampled_from(["", "She wrote.", *PIECES[4:6], *PIECES[-2:]]),
        image=st.sampled_from([None, *PICTURES[:2]]),
        role=st.sampled_from([None, "Reporter"]),
    )
    def describe_an_author(self, key: str, name: str | None, body: str, image: str | None, role: str | None) -> None:
        place = f"content/authors/{key}.md"
        if name is None:
            (self.site.folder / place).unlink(missing_ok=True)
        else:
            picture = image and {"src": f"../europe/{image}", "alt": "Her"}
            self.site.write(place, source(body, name=name, role=role, image=picture))

    @rule(
        region=st.sampled_from(["europe", "asia"]),
        title=st.sampled_from([None, "Europa", "The East"]),
        language=st.sampled_from([None, None, "tr"]),
        pins=st.lists(st.sampled_from(STORIES), max_size=2, unique=True),
        body=st.sampled_from(["", *PIECES[:6]]),
        order=st.sampled_from([None, 1, 2]),
    )
    def describe_a_region(self, region: str, body: str, pins: list[str], **matter: Any) -> None:
        self.site.write(f"content/{region}/_index.md", source(body, pins=pins or None, **matter))

    @rule(
        lead=st.lists(st.sampled_from(STORIES), max_size=2, unique=True),
        title=st.sampled_from([None, "Home"]),
        body=st.sampled_from(["", *PIECES[:6]]),
    )
    def lead_the_home_page(self, lead: list[str], title: str | None, body: str) -> None:
        self.site.write("content/_index.md", source(body, lead=lead or None, title=title))

    @rule(
        title=st.sampled_from(["About", "About us"]),
        date=st.sampled_from([None, "2026-01-10", "2026-01-17"]),
        draft=st.sampled_from([None, True]),
        aliases=st.sampled_from([None, ["/who/"]]),
        body=BODIES,
    )
    def write_a_page(self, body: str, **matter: Any) -> None:
        self.site.write("content/pages/about.md", source(body, **matter))

    @rule(name=st.sampled_from(["a.txt", "robots.txt", "deep/b.txt"]), text=st.sampled_from(["one", "two", None]))
    def put_a_static_file(self, name: str, text: str | None) -> None:
        if text is None:
            (self.site.folder / "static" / name).unlink(missing_ok=True)
        else:
            self.site.write(f"static/{name}", text)

    # --- theme, settings, time ---------------------------------------------------------------------------------

    @rule(
        name=st.sampled_from(["head.html", "after_article.html", "footer.html", "card.html"]),
        more=st.sampled_from(["<!-- one -->", "<!-- two -->", None]),
    )
    def change_a_partial(self, name: str, more: str | None) -> None:
        own = self.site.folder / "templates/partials" / name
        if more is None:
            own.unlink(missing_ok=True)
        else:
            text = (THEME / "partials" / name).read_text(encoding="utf-8")
            self.site.write(f"templates/partials/{name}", text + more + "\n")

    @rule(line=st.sampled_from(INCLUDES))
    def change_the_article_template(self, line: str | None) -> None:
        self._include(line)

    @rule(text=st.sampled_from(["<p>One</p>", "<p>Two</p>", None]))
    def add_or_take_away_an_optional_partial(self, text: str | None) -> None:
        if text is None:
            (self.site.folder / "templates/partials/optional.html").unlink(missing_ok=True)
        else:
            self.site.write("templates/partials/optional.html", text)

    @rule(
        lang=st.sampled_from(["en", "tr"]),
        text=st.sampled_from(["explore: More news\n", "published: Out\nby: From\n", None]),
    )
    def change_the_strings(self, lang: str, text: str | None) -> None:
        own = self.site.folder / f"templates/locales/{lang}.yaml"
        if text is None:
            own.unlink(missing_ok=True)
        else:
            self.site.write(f"templates/locales/{lang}.yaml", text)

    @rule(change=st.sampled_from(SETTINGS))
    def change_a_setting(self, change: Callable[[dict[str, Any]], object]) -> None:
        change(self.config)
        self.twins.configure(self.config, **self.of_site)

    @rule(site=st.sampled_from([{}, {"title": "The Paper"}, {"language": "tr"}, {"timezone": "Asia/Tokyo"}]))
    def change_the_site(self, site: dict[str, str]) -> None:
        self.of_site = site
        self.twins.configure(self.config, **self.of_site)

    @rule(now=st.sampled_from(HOURS))
    def move_the_clock(self, now: datetime) -> None:
        self.now = now

    @rule(base_url=st.sampled_from(["", "https://example.org/news/", "https://elsewhere.example/"]))
    def build_for_another_address(self, base_url: str) -> None:
        self.base_url = base_url

    @rule(version=st.integers(0, 3))
    def upgrade(self, version: int) -> None:
        self.version = version

    # --- mishaps -----------------------------------------------------------------------------------------------

    @rule(which=st.integers(0, 99))
    def break_and_mend(self, which: int) -> None:
        path = self._pick(which)
        self.site.write(f"content/{path}", "---\ntitel: [\n---\n")
        self.compare()
        self._write(path, *self.stories[path])

    @rule(which=st.integers(0, 999), how=st.sampled_from(["longer", "same size", "same size and time", "lost"]))
    def tamper_with_the_output(self, which: int, how: str) -> None:
        files = sorted(path for path in self.site.tree()) if self.site.output.is_dir() else []
        if files:
            place = self.site.output / files[which % len(files)]
            before, data = place.stat(), place.read_bytes()
            if how == "lost":
                place.unlink()
            else:
                place.write_bytes(data + b"!" if how == "longer" else data[:-1] + b"!")
            if how == "same size and time":
                os.utime(place, ns=(before.st_atime_ns, before.st_mtime_ns))

    @rule()
    def lose_the_state(self) -> None:
        shutil.rmtree(self.site.folder / ".broadsheet", ignore_errors=True)

    @rule(what=st.sampled_from([".broadsheet", "output"]), back=st.booleans())
    def put_back_a_backup(self, what: str, back: bool) -> None:
        """Of the state or of the output, with the times of its files, while the other one went on."""
        place, backup = self.site.folder / what, self.folder / f"backup-{what.strip('.')}"
        if not back or not backup.is_dir():
            shutil.rmtree(backup, ignore_errors=True)
            if place.is_dir():
                shutil.copytree(place, backup)
        else:
            shutil.rmtree(place, ignore_errors=True)
            shutil.copytree(backup, place)

    @rule(which=st.integers(0, 99), at=st.integers(0, 10_000), cut=st.booleans())
    def damage_what_is_remembered(self, which: int, at: int, cut: bool) -> None:
        """A byte of the state, or of what tells that nothing is to be done, is another one; or the rest is lost."""
        folder = self.site.folder / ".broadsheet"
        files = sorted(place for place in folder.glob("*") if place.is_file() and place.stat().st_size)
        if files:
            place = files[which % len(files)]
            data = bytearray(place.read_bytes())
            at = at * len(data) // 10_001
            data[at] ^= 0xFF
            place.write_bytes(data[:at] if cut else data)

    @rule()
    def use_nothing_that_was_left(self) -> None:
        """The next build is told to use nothing that earlier ones left."""
        self.full = True

    @rule(
        steps=st.lists(st.integers(1, 60), min_size=1, max_size=2),
        kind=st.sampled_from(["dies", "dies in the middle of a write", "fails once", "fails for good"]),
        which=st.integers(0, 99),
        body=BODIES,
    )
    def crash_in_a_build(self, steps: list[int], kind: str, which: int, body: str) -> None:
        """The process dies, or the disk fails it, at some step of the build that publishes an edit and a new story;
        and perhaps again in the next one."""
        self._rewrite(which, body)
        self._write("europe/late.md", {"title": "Late", "date": "2026-01-15T10:00"}, body)
        for step in steps:
            begun = self._journal()

            def door(root: str, step: int = step) -> Faulty:
                return FAULTS[kind](root, step)

            try:
                self._build(door)
                self._count("crash: the build was over")
            except STOPPED:
                then = "completed" if begun else "published" if self._journal() else "staged"
                self._count(f"crash: while it {then}")

    @rule(late=st.booleans(), which=st.integers(0, 99), body=BODIES)
    def crash_while_the_state_is_saved(self, late: bool, which: int, body: str) -> None:
        self._rewrite(which, body)
        real = state.State.save

        def dying(kept: state.State, *args: Any, **named: Any) -> None:
            if late:
                real(kept, *args, **named)
            raise Crash

        with patch.object(state.State, "save", dying):
            try:
                self._build(Later)
            except Crash:
                self._count("crash: while the state is saved")

    @rule(drafts=st.booleans(), future=st.booleans())
    def build_a_preview(self, drafts: bool, future: bool) -> None:
        """Another profile, which shares what was parsed."""
        other = str(self.folder / f"preview-{drafts:d}{future:d}")
        with toolchain(self.version):
            self.twins.check(self.now, output=other, drafts=drafts, future=future, base_url="http://127.0.0.1:8000/")

    @invariant()
    def compare(self) -> None:
        with toolchain(self.version):
            before = self.twins.glances
            built = self.twins.check(self.now, base_url=self.base_url, full=self.full, told=True)
            if self.twins.glances > before:
                self._count("build: nothing to do, as a glance tells")
        self.full = False
        self._count("build: published" if built.ok else f"build: stopped by {built.errors[0].code}")
        if built.summary and built.summary.rendered:
            self._count_overflows()

    # --- helpers -----------------------------------------------------------------------------------------------

    def _build(self, door: Callable[[str], Any]) -> None:
        with toolchain(self.version):
            self.site.build(self.now, door, base_url=self.base_url)

    def _journal(self) -> bool:
        return (self.site.output / ".broadsheet/journal.json").exists()

    def _count(self, what: str) -> None:
        COUNTS[what] += 1
        event(what)

    def _count_overflows(self) -> None:
        """How often the lists of these small sites are full, and there is more that could stand in them."""
        pages = {
            path: self.site.page(f"/{path}")
            for path in self.site.tree()
            if re.fullmatch(r"\w+/(\d{4}/\d{2}/)?[\w-]+/index\.html", path)
        }
        stories = {path: text for path, text in pages.items() if 'property="og:type" content="article"' in text}
        rails = self.config["rails"]
        regions = Counter(path.partition("/")[0] for path in stories)
        over = {
            "Explore": max(regions.values(), default=0) > rails["explore"]["limit"] + 1,
            "the site's feed": len(stories) > self.config["feeds"]["limit"],
            "Recommended": len(stories) > rails["recommended"]["limit"] + 1
            and any(text.count('<article class="card ') == rails["recommended"]["limit"] for text in stories.values()),
        }
        for name, more in over.items():
            if more:
                self._count(f"overflow: {name}")


class TestNewsroom(Newsroom.TestCase):
    settings = settings(
        parent=settings.get_profile("broadsheet"), max_examples=EXAMPLES, stateful_step_count=STEPS, print_blob=True
    )

    def runTest(self) -> None:  # noqa: N802  # unittest's name
        COUNTS.clear()
        try:
            super().runTest()
        finally:
            told = sorted(f"{what}: {times:,}" for what, times in COUNTS.items())
            print(f"{EXAMPLES} examples:", *told, sep="\n  ")  # noqa: T201  # -rP shows it
        assert COUNTS["build: published"] > EXAMPLES
        for name in ("Explore", "Recommended", "the site's feed"):
            assert COUNTS[f"overflow: {name}"] > EXAMPLES
