"""Small sites for tests: real folders built by the real engine, and catalogs made from values alone.

On disk: `Site` (the fixture `site` gives an empty one) writes sources, builds, and reads what came out:

    def test_a_story_gets_a_page(site):
        site.story("europe/talks.md", title="Talks", date="2025-04-09")
        built = site.build()
        assert built.ok and "Talks" in site.page("/europe/2025/04/talks/")

In memory: `article`, `catalog_of`, `views_of` and `planned` make the same values without a file, for properties over
thousands of random catalogs.
"""

from __future__ import annotations

import io
import json
import marshal
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from broadsheet import engine, interface, pictured, plan, rails, ranking, ranks, settled, statics, themeplace, urls
from broadsheet.catalog import Catalog, Clock
from broadsheet.errors import ContentError, Diagnostic
from broadsheet.files import Files
from broadsheet.frozen import FrozenMap
from broadsheet.looking import Look
from broadsheet.marks import Marks
from broadsheet.model import Article, Page, StoryMatter
from broadsheet.pictured import Pictured
from broadsheet.request import Request
from broadsheet.settings import ExploreSettings, Rails, RecommendedSettings, Settings, SiteSettings
from broadsheet.sources import Sources
from broadsheet.statics import Statics
from broadsheet.views import Facts, Views

NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)  # when every build takes place, unless it says otherwise
PAST, FUTURE = NOW - timedelta(days=1), NOW + timedelta(days=1)
BASE_URL = "https://example.org/"
STATE = ".broadsheet"


def memory() -> str | None:
    """A folder whose files never reach a disk, where there is one with room: most tests wait for the disk, and none is
    about it. None: where temporary files usually go."""
    try:
        status = os.statvfs("/dev/shm")
    except OSError:
        return None
    roomy = status.f_bavail * status.f_frsize > 4 << 30
    return "/dev/shm" if roomy and os.access("/dev/shm", os.W_OK) else None


# --- on disk -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Built:
    """What a build came to: `summary` is None when content errors stopped it."""

    summary: engine.Summary | None
    findings: tuple[Diagnostic, ...]

    @property
    def ok(self) -> bool:
        return self.summary is not None

    @property
    def errors(self) -> list[Diagnostic]:
        return [finding for finding in self.findings if finding.severity == "error"]

    @property
    def warnings(self) -> list[Diagnostic]:
        return [finding for finding in self.findings if finding.severity == "warn"]

    def codes(self) -> list[str]:
        """The codes of all findings, in order of path, line and column."""
        return [finding.code for finding in self.findings]

    def of(self, code: str) -> list[Diagnostic]:
        return [finding for finding in self.findings if finding.code == code]

    def one(self, code: str) -> Diagnostic:
        """The only finding of this code; fails when there are none or several."""
        found = self.of(code)
        assert len(found) == 1, f"{len(found)} findings of {code}: {self.told()}"
        return found[0]

    def told(self) -> str:
        """All findings as the command line prints them, for messages of failed assertions."""
        return "\n".join(finding.format() for finding in self.findings) or "(no findings)"


class NoWait(Files):
    """Files that don't wait for the disk, which takes most of a small build's time: no test pulls the plug."""

    def sync(self, path: str) -> None:
        os.stat(path)  # what is to be synced must exist

    def sync_all(self, paths: Sequence[str], folder: str) -> None:
        for path in [*paths, folder]:
            self.sync(path)


class Site:
    """A site folder. Paths of sources are relative to it; `story` takes paths relative to content/."""

    def __init__(self, folder: Path, config: str = "") -> None:
        """`config` is YAML added below `site:` (see `configure`)."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.configure(config)

    def configure(self, more: str = "", **of_site: str) -> Site:
        """Write config.yaml anew: title and base URL, other keys of `site:`, then `more` as further YAML."""
        values = {"title": "The Section", "base_url": BASE_URL, **of_site}
        lines = "".join(f"  {key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())
        return self.write("config.yaml", f"site:\n{lines}{more}")

    # sources

    def write(self, path: str, content: str | bytes) -> Site:
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode())
        return self

    def story(self, path: str, body: str = "A few words of the story.", **matter: object) -> Site:
        """A story at content/`path`. Its title is the file's name and its date 2025-04-09 unless `matter` says
        otherwise; None leaves a key out. Values may be texts, numbers, booleans, datetimes, lists and dicts."""
        given = {"title": Path(path).stem, "date": "2025-04-09", **matter}
        return self.write(f"content/{path}", source(body, **given))

    def edit(self, path: str, old: str, new: str) -> Site:
        """Replace the one occurrence of `old` in a source."""
        text = (self.folder / path).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
        return self.write(path, text.replace(old, new))

    def remove(self, path: str) -> Site:
        (self.folder / path).unlink()
        return self

    def move(self, path: str, to: str) -> Site:
        target = self.folder / to
        target.parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).rename(target)
        return self

    # building

    def build(
        self,
        at: datetime | str = NOW,
        door: Callable[[str], Files] = NoWait,
        look: Look | None = None,
        **options: Any,
    ) -> Built:
        """Run the engine in this process. `options` are fields of engine.Request (output, base_url, drafts, future,
        adopt, jobs). Errors of content and config.yaml are in the result; any other is raised. `door` makes the
        `Files`; `look` is the look at the sources that somebody had already."""
        now = datetime.fromisoformat(at) if isinstance(at, str) else at
        try:
            summary = engine.build(engine.Request(site=str(self.folder), now=now, **options), unwatched, door, look)
        except ContentError as error:
            return Built(None, error.diagnostics)
        return Built(summary, summary.warnings)

    def good(self, at: datetime | str = NOW, vanished: bool = False, **options: Any) -> engine.Summary:
        """Build, and fail on any error or warning but, where it is expected, that of a page that is gone."""
        built = self.build(at, **options)
        assert built.summary is not None, built.told()
        assert not [found for found in built.findings if not (vanished and found.code == "vanished-page")], built.told()
        return built.summary

    # what came out

    @property
    def output(self) -> Path:
        return self.folder / "output"

    def page(self, url: str) -> str:
        """The text of the file that answers a path from the root ("/europe/" or "/feed.xml")."""
        return (self.output / urls.output_path(url)).read_text(encoding="utf-8")

    def has(self, url: str) -> bool:
        return (self.output / urls.output_path(url)).is_file()

    def tree(self, folder: Path | None = None) -> dict[str, bytes]:
        """Every published file: path in the output folder -> bytes. Broadsheet's own state is left out."""
        return tree(folder or self.output)


def tree(folder: Path) -> dict[str, bytes]:
    """The files below a folder by path, without what lies in its .broadsheet/."""
    found = {}
    top = os.fspath(folder)
    for current, folders, names in os.walk(top):
        if current == top:
            folders[:] = [name for name in folders if name != STATE]
        for name in names:
            place = os.path.join(current, name)
            with open(place, "rb") as file:
                found[os.path.relpath(place, top)] = file.read()
    return found


def asked(site: Site, at: datetime = NOW) -> Request:
    """A build of a site, as somebody asks for it."""
    return Request(site=str(site.folder), now=at)


def source(body: str = "A few words of the story.", **matter: object) -> str:
    """The text of a Markdown source with front matter."""
    lines = "".join(f"{key}: {_value(value)}\n" for key, value in matter.items() if value is not None)
    return f"---\n{lines}---\n{body}\n"


def _value(value: object) -> str:
    """A value as YAML on one line (JSON is a part of YAML)."""
    return json.dumps(value, ensure_ascii=False, default=lambda other: other.isoformat())


def png(width: int = 40, height: int = 30, colour: str = "teal") -> bytes:
    """A picture, as the bytes of a PNG file; another colour gives other bytes."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "PNG")
    return out.getvalue()


def unwatched(_stage: str, _total: int) -> Callable[[int], None]:
    return lambda _steps: None


# --- in memory -----------------------------------------------------------------------------------------------------


def settings_of(
    *,
    mode: str = "inline",
    refresh: str = "script",
    limit: int = 15,
    language: str = "en",
    recommended: RecommendedSettings = RecommendedSettings(),  # noqa: B008  # frozen
    **other: Any,
) -> Settings:
    """Settings with defaults; the Explore rail's by name, any other field of `Settings` as it is."""
    explore = ExploreSettings(mode=mode, refresh=refresh, limit=limit)  # type: ignore[arg-type]  # texts for brevity
    return Settings(
        site=SiteSettings(title="The Section", base_url=BASE_URL, language=language),
        rails=Rails(explore=explore, recommended=recommended),
        **other,
    )


def article(path: str = "europe/talks.md", date: datetime = NOW, **matter: Any) -> Article:
    """An article as parsing gives it. `path` is relative to content/; `matter` are fields of StoryMatter, but for
    `terms`, which is the article's own."""
    region, stem = path.partition("/")[0], Path(path).stem
    terms = FrozenMap(matter.pop("terms", {}))
    own = StoryMatter(**{"title": stem, "date": date, **matter})
    slug = own.slug or stem
    return Article(
        path=f"content/{path}",
        matter=own,
        region=own.region or region,
        slug=slug,
        url=own.url or f"/{own.region or region}/{date:%Y/%m}/{slug}/",
        date=date,
        published=max(date, own.embargo or date),
        lang=own.lang or "en",
        dir="ltr",
        body=b"",
        terms=terms,
    )


def catalog_of(
    articles: Iterable[Article], settings: Settings | None = None, now: datetime = NOW, **sources_and_switches: Any
) -> Catalog:
    """A catalog of these articles at an instant. `drafts` and `future` go to the clock, the rest to `Sources`."""
    switches = {key: sources_and_switches.pop(key, False) for key in ("drafts", "future")}
    sources = Sources(articles=tuple(articles), **sources_and_switches)
    return Catalog(sources, settings or settings_of(), Clock(now=now, **switches))


def views_of(catalog: Catalog, base_url: str = BASE_URL) -> Views:
    """Views of a catalog whose pictures and files are none."""
    languages = {catalog.settings.site.language} | {article.lang for article in catalog.sources.articles}
    languages |= {region.language for region in catalog.regions.values()}
    strings = FrozenMap({lang: _strings(lang) for lang in sorted(languages)})
    return Views(catalog, urls.base(base_url), Facts(pictures=no_pictures(), files=frozenset(), strings=strings))


def no_pictures() -> Pictured:
    return Pictured(pictured.NONE, pictured.NO_FOLDERS, urls.base(BASE_URL), marshal.loads)


def planned(views: Views, theme: Mapping[str, str] = FrozenMap()) -> dict[str, Page]:
    """The whole plan by path in the output folder; `theme`: its files to copy. Fails where two pages have one path."""
    pages: dict[str, Page] = {}
    recommended = ranked(views)
    files = Files("/nowhere")
    static = Statics(files, "static", files.walk([]), statics.NONE, [])
    copied = plan.Files(pictures=no_pictures(), static=static, theme=theme, content=str.encode)
    for found in plan.site(Marks(views), copied, recommended):
        page = found.make()
        assert (page.path, page.template, page.source) == (found.path, found.template, found.source)
        assert page.path not in pages, f"{page.path}: planned twice"
        pages[page.path] = page
    return pages


def ranked(views: Views) -> list[tuple[int, ...]]:
    """What each public story recommends, ranked in one batch."""
    stories = views.catalog.stories
    asked = settled.Ranking(
        rails.standings(views.catalog),
        rails.questions(views),
        lambda i: stories[i].terms,
        views.settings.rails.recommended,
    )
    nothing = ranks.Memory(settled=ranks.UNTOLD, month=lambda _: {}, totals=dict)
    return list(asked.run(rank_here, 1, nothing).recommended)


def rank_here(batches: list[ranking.RankBatch], _: int) -> Iterator[ranking.Ranked]:
    """Rank in this process."""
    for batch in batches:
        yield from ranking.rank_batch(batch)


def context_at(pages: Mapping[str, Page], url: str) -> Any:
    """The context of the page at a path from the root."""
    return pages[urls.output_path(url)].context


def changed(story: Article, **matter: Any) -> Article:
    """The article with other front matter, nothing else of it recomputed."""
    return replace(story, matter=replace(story.matter, **matter))


@cache
def _strings(lang: str) -> FrozenMap[str, object]:
    return interface.strings(lang, locales())


@cache
def locales() -> FrozenMap[str, str]:
    """The theme's files of interface strings, by name."""
    folder = Path(themeplace.theme_folder()) / "locales"
    return FrozenMap({f"locales/{file.name}": file.read_text(encoding="utf-8") for file in folder.glob("*.yaml")})
