"""Whatever happens to a site between builds, its output is byte for byte what a build from nothing makes."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any
from unittest.mock import patch

from faults import FAULTS, STOPPED, Crash, Faulty
from hypothesis import event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant
from hypothesis.stateful import rule as any_rule
from newsroom import memory, png, source
from twins import CONFIG, Later, Twins, toolchain

from broadsheet import state

EXAMPLES = int(os.environ.get("BROADSHEET_EXAMPLES", "3"))
STEPS = 10

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

COUNTS: Counter[str] = Counter()  # of builds in which something happened, over all examples


def rule(**given: Any) -> Callable[[Callable[..., None]], Any]:
    """A rule whose steps are counted."""

    def counted(step: Callable[..., None]) -> Any:
        @wraps(step)
        def stepped(self: Newsroom, **drawn: Any) -> None:
            COUNTS[f"step: {step.__name__}"] += 1
            step(self, **drawn)

        return any_rule(**given)(stepped)

    return counted


class Newsroom(RuleBasedStateMachine):
    """What editors, readers' hosts and machines do to a site; after each step it is built and compared."""

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

    @rule(which=st.integers(0, 99))
    def break_and_mend(self, which: int) -> None:
        path = self._pick(which)
        self.site.write(f"content/{path}", "---\ntitel: [\n---\n")
        self.compare()
        self._write(path, *self.stories[path])

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


def test_lists_that_overflow_into_year_archives_stay_exact(tmp_path: Path) -> None:
    """More than 30 stories of one region, author, topic and series, over three years, each with a correction."""
    twins = Twins(tmp_path)
    site = twins.site

    def story(n: int, **matter: Any) -> None:
        given = {"title": f"Story {n}", "date": f"{2023 + n % 3}-{n % 12 + 1:02}-{n % 28 + 1:02}", **matter}
        site.story(
            f"europe/s{n}.md",
            f"Of the dam, as in {n}.",
            authors=["Ada"],
            topics=["Energy"],
            series="Dams",
            corrections=[{"date": f"{2024 + n % 2}-12-{n % 28 + 1:02}", "kind": "note", "text": f"Note {n}"}],
            **given,
        )

    with toolchain(0):
        for n in range(30):
            story(n)
        full = twins.changes()
        assert not [path for path in full.changed if path.startswith("topics/energy/20")]
        for n in (30, 31):
            story(n)
            twins.check()
        assert {"topics/energy/2024/index.html", "corrections/2024/index.html", "authors/ada/2023/index.html"} <= set(
            site.tree()
        )
        story(4, title="Retitled")
        twins.check()
        story(4, date="2020-02-02")
        twins.check()
        site.edit("content/europe/s5.md", "Note 5", "Another note")
        twins.check()
        site.edit("content/europe/s7.md", "Energy", "energy")
        twins.check()
        for n in (4, 30, 31):
            site.remove(f"content/europe/s{n}.md")
        twins.check()
        assert not [path for path in site.tree() if path.startswith("topics/energy/20")]


def test_a_warning_whose_hint_has_changed_is_told_once(tmp_path: Path) -> None:
    """The page is made again for another reason than its story, which is as it was."""
    twins = Twins(tmp_path)
    twins.site.story("asia/c.md", "See [this](/asia/e.md).", date="2025-12-10").story("europe/e.md")
    twins.site.story("asia/b.md", date="2025-12-09", title="Before")
    with toolchain(0):
        first = [finding for finding in twins.check().warnings if finding.code == "broken-link"]
        assert [finding.hint for finding in first] == ["did you mean /europe/e.md?"]
        twins.site.remove("content/europe/e.md").edit("content/asia/b.md", "Before", "Formerly")
        second = [finding for finding in twins.check().warnings if finding.code == "broken-link"]
        assert len(second) == 1
        assert "/europe/e.md" not in second[0].hint
